"""Limits on what the grader's own work on a student's values may take."""

import contextlib
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path


class TooMuch(BaseException):
    """A test cell took too long.

    It is a BaseException, so that no `except Exception` in the cell can keep this from ending it.
    """


@contextlib.contextmanager
def bounded(memory: int, seconds: float) -> Iterator[None]:
    """Limit, for a with block, what the grader's own work on a student's values may take.

    Args:
        memory: bytes that the block may use on top of what the grader has already.
        seconds: of processor time. They are limited only if the grader runs in the main thread.

    Raises:
        MemoryError: if the block needs more memory.
        TooMuch: if the block needs more processor time.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + memory
        if soft == resource.RLIM_INFINITY or limit < soft:
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    timed = threading.current_thread() is threading.main_thread()
    if timed:

        def stop(*_: object) -> None:
            raise TooMuch(f"the test took more than {seconds} s of processor time in the grader")

        before = signal.signal(signal.SIGPROF, stop)
        outer = signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
            signal.setitimer(signal.ITIMER_PROF, *outer)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
