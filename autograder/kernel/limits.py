"""Limits in time, and limits on the grader's own work on a student's values.

What a kernel may use of the machine is limited by its sandbox (sandbox/bubblewrap.py).
"""

import contextlib
import itertools
import logging
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

LONG = 30  # times as long by the clock as a budget has seconds
AGAIN = 0.1  # seconds after which TooMuch comes again
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class TimeLimits:
    """How long one notebook may take, in seconds as a Budget counts them.

    Attributes:
        call: seconds of one call of a function.
        function: seconds of all calls of one function.
        cell: seconds of one ordinary cell.
        cells: seconds of all ordinary cells.
        notebook: seconds of everything.
        restarts: how often its kernel is started again.
    """

    call: float = 10
    function: float = 30
    cell: float = 30
    cells: float = 90
    notebook: float = 300
    restarts: int = 20


class Times(NamedTuple):
    """What something has had of the processors, in seconds counted from any time on.

    Attributes:
        waited: seconds in which it could have run, but for want of a processor.
        worked: seconds of processor time, of all that belongs to it.
    """

    waited: float = 0.0
    worked: float = 0.0


class Schedule:
    """What the main thread of a process has had of the processors.

    Args:
        pid: the number of the process, or "self".
    """

    def __init__(self, pid: int | str | None) -> None:
        self.file: int | None = None
        with contextlib.suppress(OSError):  # the system does not tell, or the process has ended
            self.file = os.open(f"/proc/{pid}/schedstat", os.O_RDONLY | os.O_CLOEXEC)

    def __del__(self) -> None:
        # A file object would warn that it was not closed, in the middle of a student's test.
        if self.file is not None:
            os.close(self.file)

    def times(self) -> Times:
        """What it has had so far; nothing where the system does not tell."""
        try:
            if self.file is not None:
                worked, waited, _ = os.pread(self.file, 100, 0).split()
                return Times(int(waited) / 1e9, int(worked) / 1e9)
        except (OSError, ValueError):
            pass
        return Times()


class Budget:
    """Seconds that something may take: by the clock, but for those that it waited for a processor.

    What else runs on the machine is not its fault: but where it waits for what it has started
    itself, it works. If it gets so little processor that it takes LONG times as many seconds by the
    clock, these are used up too.

    Args:
        seconds: how many there are.
        times: gives what it has had of the processors.
    """

    def __init__(self, seconds: float, times: Callable[[], Times] = Times) -> None:
        self.seconds, self.times = seconds, times
        self.start, self.before, self.most = time.monotonic(), times(), 0.0

    @property
    def clock(self) -> float:
        """The seconds since it began, by the clock."""
        return time.monotonic() - self.start

    @property
    def used(self) -> float:
        """The seconds of the budget that are used, which never become less."""
        clock, now = self.clock, self.times()
        waited, worked = now.waited - self.before.waited, now.worked - self.before.worked
        self.most = max(self.most, clock - max(waited, 0), min(worked, clock))
        return self.most

    @property
    def starved(self) -> bool:
        """Whether it is used up for want of a processor alone."""
        return self.clock >= LONG * self.seconds and self.used < self.seconds

    @property
    def left(self) -> float:
        """The seconds for which it may go on; 0 if there are none."""
        return max(min(self.seconds - self.used, LONG * self.seconds - self.clock), 0)


class Deadlines:
    """Calls functions when their time has come, unless they were cancelled before.

    One thread waits for all of them. A threading.Timer is a thread of its own: a submission takes
    hundreds of calls, and to start and stop a thread for each of them would take longer than most
    of the calls.
    """

    def __init__(self) -> None:
        self.due: dict[int, tuple[float, Callable[[], object]]] = {}
        self.numbers = itertools.count()
        self.changed = threading.Condition()
        self.owner: int | None = None
        self.wakes = 0.0

    def add(self, seconds: float, function: Callable[[], object]) -> int:
        """Have a function called after some time.

        Args:
            seconds: how long to wait before the call.
            function: is called without arguments, in the thread that waits.

        Returns:
            A number, with which cancel() cancels the call.
        """
        if self.owner != os.getpid():  # a fork has no thread of its parent's
            self.due, self.changed, self.owner = {}, threading.Condition(), os.getpid()
            self.wakes = float("inf")
            threading.Thread(target=self._wait, name="deadlines", daemon=True).start()
        when, number = time.monotonic() + seconds, next(self.numbers)
        with self.changed:
            self.due[number] = when, function
            if when < self.wakes:
                self.changed.notify()
        return number

    def cancel(self, number: int) -> None:
        with self.changed:
            self.due.pop(number, None)

    def _wait(self) -> None:
        while True:
            with self.changed:
                now = time.monotonic()
                late = [number for number, (when, _) in self.due.items() if when <= now]
                functions = [self.due.pop(number)[1] for number in late]
                if not functions:
                    # For cancelled calls, it wakes up in vain once at most.
                    self.wakes = min((when for when, _ in self.due.values()), default=float("inf"))
                    self.changed.wait(None if self.wakes == float("inf") else self.wakes - now)
            for function in functions:
                try:
                    function()
                except Exception:  # the thread goes on: others wait for it
                    LOG.exception("what was to be done when something took too long has failed")


DEADLINES = Deadlines()


class TooMuch(BaseException):
    """A test cell took too long.

    It is a BaseException, so that no `except Exception` in the cell can keep this from ending it.
    """


def raise_in(frame: FrameType | None, last: FrameType, message: str) -> None:
    """Raise TooMuch in the next line that a test executes, which may be that of its `except`.

    A loop around a bare `except` would catch for ever what comes at any other time.

    Args:
        frame: where the test is, or what it has called.
        last: a frame outside of it.
        message: the message of the error.
    """

    def trace(_: FrameType, event: str, __: object) -> Any:
        if event == "call":
            return None
        if event == "line":
            raise TooMuch(message)
        return trace

    sys.settrace(trace)
    while frame is not None and frame is not last:
        if not str(dict.get(frame.f_globals, "__name__")).startswith("autograder."):
            frame.f_trace = trace
        frame = frame.f_back


def _too_late(number: int, frame: FrameType | None) -> None:
    """Do nothing: what took too long has just ended."""


@contextlib.contextmanager
def bounded(memory: int, seconds: float, away: Callable[[], float] = lambda: 0.0) -> Iterator[None]:
    """Limit, for a with block, what the grader's own work on a student's values may take.

    Args:
        memory: bytes that the block may use on top of what the grader has already.
        seconds: of processor time, and seconds as a Budget counts them, for a block that waits.
            They are limited only if the grader runs in the main thread.
        away: gives the seconds for which the grader has listened to a kernel, counted from any time
            on; they do not count.

    Raises:
        MemoryError: if the block needs more memory.
        TooMuch: if the block needs more time. Whoever catches it gets it again after a moment, and
            so does who is left in the end.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + memory
        if soft == resource.RLIM_INFINITY or limit < soft:
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    timed = threading.current_thread() is threading.main_thread()
    message = f"the test took more than {seconds} s in the grader"
    traced, outside = sys.gettrace(), sys._getframe(2)  # before this one, contextlib's
    late: list[TooMuch] = []
    over: list[bool] = []
    came = [-AGAIN]  # when it came last, since two clocks send it
    if timed:

        def stop(_: int, frame: FrameType | None) -> None:
            if over or time.monotonic() - came[0] < AGAIN:
                return
            came[0] = time.monotonic()
            late.append(TooMuch(message))
            if len(late) > 1:  # it was caught
                raise_in(frame, outside, message)
            raise late[-1]

        here = Schedule("self")
        budget = Budget(seconds, lambda: Times(here.times().waited + away()))

        def look() -> None:
            if over:
                return
            if not budget.left:
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGPROF)
            deadlines[:] = [DEADLINES.add(max(budget.left, AGAIN), look)]

        before = signal.signal(signal.SIGPROF, stop)
        outer = signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
        deadlines = [DEADLINES.add(seconds, look)]
    try:
        yield
        if late:
            raise late[0]
    finally:
        over.append(True)  # from now on nothing comes in between
        if len(late) > 1:
            sys.settrace(traced)
        if timed:
            DEADLINES.cancel(*deadlines)
            signal.setitimer(signal.ITIMER_PROF, 0)
            # A signal that is under way would end the process, if nothing caught it.
            signal.signal(signal.SIGPROF, before if callable(before) else _too_late)
            signal.setitimer(signal.ITIMER_PROF, *outer)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
