"""All processes that a command started, directly or indirectly, as long as one of them lives.

This works on Linux only: a process that loses its parent is given to the nearest ancestor that
asked for it, so that no descendant escapes by a second fork or a session of its own.
"""

import contextlib
import ctypes
import time
from collections.abc import Iterable

import psutil

SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def adopt() -> None:
    """From now on, make descendants of this process that lose their parent its children.

    Raises:
        OSError: if the system refuses.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER) failed")


def descendants(pid: int | None = None) -> list[psutil.Process]:
    """The processes below the one with this pid, or below this process if pid is None."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []


def words(process: psutil.Process) -> str:
    """A process's command line; empty if the process has ended."""
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def workers(pid: int) -> list[psutil.Process]:
    """The processes that grade: children of the class run, without sandboxes and helper processes.

    Args:
        pid: the process of the class run.

    Raises:
        RuntimeError: if there is no such child.
    """
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
    """The descendants of this process that are still there after some seconds.

    It stops waiting as soon as none is left. It reaps dead children, so do not call it while
    something waits for a Popen.

    Args:
        seconds: how long to wait.

    Returns:
        The pid and the command line of each of them.
    """
    end = time.monotonic() + seconds
    while (left := descendants()) and time.monotonic() < end:
        psutil.wait_procs(left, timeout=0.1)
    return [f"{process.pid} {words(process)[:100]}" for process in left]


def kill_all(processes: Iterable[psutil.Process]) -> None:
    """Send SIGKILL to each of these processes that is still alive."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
