"""The instructor's side of the course: building the notebooks, and grading them."""

import os
import sys
from pathlib import Path

# nbgrader runs alembic by its name, and so needs it on the PATH even where nobody activated the
# environment that it lives in.
_BIN = str(Path(sys.executable).parent)
if _BIN not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([_BIN, os.environ.get("PATH", "")])

# The folder of the clone, which holds this package and the course.
CLONE = Path(__file__).resolve().parents[1]

# What of saelab/ answers a notebook. A clone has it, and a student has not: the wheel leaves it out
# (pyproject.toml), the kit refuses it (authoring/kit/scan.py), the sandbox does not show it
# (verdict/course_policy.py), and nothing else in saelab/ imports it.
REVEALING = ("saelab/engine",)
