"""The command `autograder`, which works only in a clone of the course.

The package that students install has no grader in it; there the command says so.
"""

import importlib
import sys


def main() -> int:
    """Run the grader's command line, and return its exit status."""
    try:
        cli = importlib.import_module("autograder.cli")
    except ModuleNotFoundError:
        print("The grader is not part of this package: it needs a clone of the course.",
              file=sys.stderr)  # fmt: skip
        return 1
    status: int = cli.main()
    return status
