"""Each notebook is graded in a process of its own, a fork of the grader's.

What a test does to modules, to the memory and to whatever else a process has, ends with it. And the
grader can end one that hangs in a computation, which no error interrupts.

A fork takes time. Tests that leave nothing behind can do without, where somebody else would notice
that the process has ended, and call again.
"""

import contextlib
import ctypes
import gc
import importlib
import logging
import math
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import sysconfig
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import NamedTuple, TypeVar

from autograder.kernel.limits import Budget, Schedule, Times

LOOK = 1.0  # seconds between two looks at a process that says nothing
DIE_WITH_PARENT = 1  # linux/prctl.h

Value = TypeVar("Value")
Tell = Callable[[str], None]


class Limits(NamedTuple):
    """What one step of a notebook, such as a test, may take, in seconds.

    Attributes:
        processor: of processor time.
        clock: by the clock, but for what it waits for a processor.
    """

    processor: float
    clock: float


class Ended(Exception):
    """The process of a notebook ended before its verdict.

    Args:
        why: why it ended, as half a sentence.
        step: what it was doing.
        by_us: whether we have ended it.
    """

    def __init__(self, why: str, step: str, by_us: bool) -> None:
        super().__init__(why)
        self.step, self.by_us = step, by_us


def apart(function: Callable[[Tell], Value], limits: Limits, log: logging.Logger) -> Value:
    """Call a function in a fork of this process.

    What the function logs is logged here. Installed modules that it imports are imported here too
    when it is done, so that the next fork has them at once.

    Args:
        function: is called with a function that it calls with the name of each step that begins,
            and with "" when none does. Its value has to be one that can be pickled.
        limits: what each step may take.
        log: what the function logs to.

    Returns:
        What it returns.

    Raises:
        Ended: if the process ends too early, or a step takes too long.
        Exception: what the function raises; a RuntimeError with its name if that cannot be pickled.
    """
    hears, tells = multiprocessing.Pipe(duplex=False)
    with tells:
        child = _fork(function, tells, log)
    step, schedule, status = "", Schedule(child), None
    try:
        while True:
            before = schedule.times()
            budget = Budget(limits.clock, lambda: Times(schedule.times().waited))
            while not hears.poll(LOOK):
                if schedule.times().worked - before.worked > limits.processor:
                    raise Ended(f"it took more than {limits.processor:g} s", step, by_us=True)
                if not budget.left:
                    raise Ended(f"it took more than {limits.clock:g} s", step, by_us=True)
            try:
                kind, told = hears.recv()
            except (EOFError, OSError):  # perhaps in the middle of a message
                os.kill(child, signal.SIGKILL)  # it may have closed its end, and live
                _, status = os.waitpid(child, 0)
                raise Ended(_end(status), step, by_us=False) from None
            if kind == "step":
                step = told
            elif kind == "log":
                log.handle(told)
            elif kind == "raised":
                raise told
            else:
                value, modules = told
                _import(modules)
                return value  # type: ignore[no-any-return]
    finally:
        hears.close()
        if status is None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def here(function: Callable[[Tell], Value], limits: Limits, log: logging.Logger) -> Value:
    """Call a function in this process, which ends if a step takes too much processor time.

    It is called as apart() is, and returns and raises the same, but for Ended. `limits.clock` does
    not count, and what the function logs is not touched.
    """
    soft, hard = before = resource.getrlimit(resource.RLIMIT_CPU)

    def tell(step: str) -> None:
        most = math.ceil(time.process_time() + limits.processor)
        finite = [limit for limit in (most, soft) if limit != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_CPU, (min(finite), hard))

    try:
        return function(tell)
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, before)


def _fork(function: Callable[[Tell], Value], tells: Connection, log: logging.Logger) -> int:
    """Fork a process that calls the function, and return its number.

    multiprocessing would not let a daemonic process do so, as the workers of a Dask cluster are.
    """
    parent = os.getpid()
    _flush()
    # The fork's garbage collector is to pass over what is here: it would copy all of the memory.
    gc.freeze()
    try:
        child = os.fork()
    finally:
        gc.unfreeze()
    if child == 0:
        try:
            _run(function, tells, log, parent)
            _flush()
        finally:
            os._exit(0)
    return child


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def _run(
    function: Callable[[Tell], Value], tells: Connection, log: logging.Logger, parent: int
) -> None:
    """What the fork does."""
    gc.freeze()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        return
    log.handlers, log.propagate = [_Telling(tells)], False
    before = set(sys.modules)
    try:
        value = function(lambda step: tells.send(("step", step)))
    except BaseException as error:
        tells.send(("raised", _crossing(error)))
    else:
        tells.send(("done", (value, _installed(set(sys.modules) - before))))


class _Telling(logging.Handler):
    """Passes on what is logged."""

    def __init__(self, tells: Connection) -> None:
        super().__init__()
        self.tells = tells

    def emit(self, record: logging.LogRecord) -> None:
        record.msg, record.args, record.exc_info = self.format(record), None, None
        self.tells.send(("log", record))


def _crossing(error: BaseException) -> BaseException:
    """An error as it can be raised in another process, where its traceback is a note."""
    text = "".join(traceback.format_exception(error))
    try:
        error.__cause__ = error.__context__ = None
        error = pickle.loads(pickle.dumps(error.with_traceback(None)))
    except Exception:
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(text)
    return error


def _end(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return f"it was ended by signal {number} ({signal.strsignal(number)})"
    return f"it ended by itself, with exit status {os.waitstatus_to_exitcode(status)}"


def _installed(names: set[str]) -> list[str]:
    """Which of these modules are Python's own or were installed, in the order of their names."""
    places = tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "purelib", "platlib")})
    files = {name: getattr(sys.modules.get(name), "__file__", None) for name in names}
    return sorted(name for name, file in files.items() if file and file.startswith(places))


def _import(names: list[str]) -> None:
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
