"""The reference functions: the code of the solved notebooks, and no second copy of it.

They are read as readers' own functions are, by saelab.previous: only imports, definitions and
constants of solutions/NN_topic/NN_topic.ipynb are executed. (The notebook and not its .py source,
since to read that takes jupytext, and a second for its import in every kernel that is graded.)
"""

import functools
import os
from pathlib import Path
from types import SimpleNamespace

from saelab import previous

SOLUTIONS = Path(__file__).resolve().parents[1] / "solutions"


def reference(notebook):
    """The functions of a solved notebook: reference("02_cost").sigmoid, and so on.

    The solved notebooks are those of the folder that the environment variable
    AUTOGRADER_SOLUTIONS names (grading sets it to the graded course's), else this clone's.
    Errors: FileNotFoundError where the notebook has not been built.
    """
    return load(notebook, Path(os.environ.get("AUTOGRADER_SOLUTIONS") or SOLUTIONS))


def load(notebook, solutions):
    """The functions of a solved notebook in the folder `solutions`."""
    path = solutions / notebook / f"{notebook}.ipynb"
    if not path.exists():
        raise FileNotFoundError(f"there is no {path}; `make notebooks` builds it from its source")
    # Formgrader runs for days, and meanwhile the notebook may be built again.
    return _load(notebook, solutions, path, path.stat().st_mtime_ns)


@functools.cache
def _load(notebook, solutions, path, changed):
    def earlier(notebook, *names):
        chosen = [getattr(load(notebook, solutions), name) for name in names]
        return chosen[0] if len(chosen) == 1 else chosen

    cells = previous.read_code(path)
    return SimpleNamespace(**previous.definitions(cells, earlier, notebook))
