"""The file timestamp.txt of a submission, which nbgrader reads for lateness.

nbgrader's own commands write it; where submissions come by other ways, a student may. Over one
that it cannot read nbgrader ends the whole run.
"""

import itertools
import os
from pathlib import Path

from nbgrader import utils
from nbgrader.coursedir import CourseDirectory

from autograder.course import submissions

NAME, ASIDE = "timestamp.txt", "timestamp.txt.unreadable"
MOST_BYTES = 200


def set_aside(coursedir: CourseDirectory) -> list[Path]:
    """Rename the timestamps that nbgrader could not read; returns their new paths.

    The submission then counts as one without a timestamp, and what was in the file is kept.
    """
    moved: list[Path] = []
    for folder in submissions(coursedir):
        path = Path(folder, NAME)
        if os.path.lexists(path) and not is_readable(path):
            names = (path.with_name(f"{ASIDE}{n or ''}") for n in itertools.count())
            moved.append(next(name for name in names if not os.path.lexists(name)))
            os.rename(path, moved[-1])
    return moved


def is_readable(path: Path) -> bool:
    """Whether nbgrader will get a time out of a file, or finds it empty."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
        return False
    try:
        # As nbgrader opens it: in the encoding of the system.
        text = path.read_text().strip()
        return not text or utils.parse_utc(text) is not None
    except Exception:  # of dateutil: ParserError, OverflowError, TypeError
        return False
