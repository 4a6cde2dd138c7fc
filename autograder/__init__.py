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
