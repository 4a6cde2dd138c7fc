"""Locks that a process holds by an open file, and lets go of however it ends. Not on Windows."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path


class Locked(Exception):
    """Another process holds a lock. The message is the number of that process."""


@contextlib.contextmanager
def lock(path: Path, patience: float = 0) -> Iterator[None]:
    """Hold a lock file, so that no other process does, within a with block.

    Args:
        path: the file, in which this process's number is written.
        patience: how long to wait for another process, in seconds.

    Raises:
        Locked: if another process still holds it then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    file.seek(0)
                    raise Locked(file.read()) from None
                time.sleep(0.2)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
