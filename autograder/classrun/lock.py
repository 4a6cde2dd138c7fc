"""A lock, so that only one run grades a course at a time."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from autograder.course.locks import Locked, lock
from autograder.results import records

LOCK = ".run.lock"
LOCK_PATIENCE = 10  # seconds; workers of a run that was killed end a little later


class Stopped(Exception):
    """The run cannot go on.

    The message says why, and what to do. What was graded stays graded.
    """


@contextlib.contextmanager
def locked(folder: str | Path) -> Iterator[None]:
    """Keep other runs from grading the same course within a with block.

    Args:
        folder: the course's folder.

    Raises:
        Stopped: if another run is still grading the course after LOCK_PATIENCE seconds.
    """
    try:
        with lock(Path(folder, records.FOLDER, LOCK), LOCK_PATIENCE):
            yield
    except Locked as process:
        raise Stopped(
            f"this course is being graded by another run, of process {process}; wait until it is "
            "done, or end it"
        ) from None
