"""Whoever a command started, and whoever those started, as long as one of them lives.

On Linux alone: what loses its parent is given to the nearest ancestor that asked for it, so that
no descendant gets away by a second fork or a session of its own.
"""

import contextlib
import ctypes
import time
from collections.abc import Iterable

import psutil

SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def adopt() -> None:
    """From now on, descendants of this process that lose their parent become its children."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER) failed")


def descendants(pid: int | None = None) -> list[psutil.Process]:
    """The processes below one, or below this process."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []


def words(process: psutil.Process) -> str:
    """A process's command line; empty for one that has ended."""
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def workers(pid: int) -> list[psutil.Process]:
    """The processes that grade: children of the class run that hold no sandbox and no books."""
    others = ("bwrap", "sandbox/parent.py", "resource_tracker", "forkserver")
    children = psutil.Process(pid).children()
    found = [
        child
        for child in children
        if (said := words(child)) and not any(word in said for word in others)
    ]
    if not found:
        raise RuntimeError(f"no worker is there to be killed: {children}")
    return found


def orphans(seconds: float) -> list[str]:
    """The descendants that are still there after that many seconds: their pids and command lines.

    An empty list ends the waiting. Takes leave of dead children: not while a Popen is waited for.
    """
    end = time.monotonic() + seconds
    while (left := descendants()) and time.monotonic() < end:
        psutil.wait_procs(left, timeout=0.1)
    return [f"{process.pid} {words(process)[:100]}" for process in left]


def kill_all(processes: Iterable[psutil.Process]) -> None:
    """Kill -9 each of them, as far as they live."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
