"""The file timestamp.txt of a submission, from which nbgrader sees whether it is late.

nbgrader's own commands write it. If submissions come in other ways, a student may write it. If
nbgrader cannot read it, it ends the whole run.
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
    """Rename the timestamps that nbgrader could not read.

    Such a submission then counts as one without a timestamp. The content of the file is kept.

    Args:
        coursedir: nbgrader's CourseDirectory.

    Returns:
        The new paths of the renamed files.
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
    """Whether nbgrader will get a time from a file, or finds it empty."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
        return False
    try:
        # As nbgrader opens it: in the encoding of the system.
        text = path.read_text().strip()
        return not text or utils.parse_utc(text) is not None
    except Exception:  # of dateutil: ParserError, OverflowError, TypeError
        return False
