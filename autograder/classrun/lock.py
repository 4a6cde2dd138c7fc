"""A lock, so that only one run grades a course at a time."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

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
    path = Path(folder, records.FOLDER, LOCK)
    path.parent.mkdir(exist_ok=True)
    with path.open("a+") as file:
        deadline = time.monotonic() + LOCK_PATIENCE
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    file.seek(0)
                    raise Stopped(
                        f"this course is being graded by another run, of process {file.read()}; "
                        "wait until it is done, or end it"
                    ) from None
                time.sleep(0.2)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
