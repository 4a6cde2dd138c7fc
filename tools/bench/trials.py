"""One version of a function, tried by the visible check and by the hidden test.

Each trial runs in its own process, which is forked for it: a version that loops forever is ended,
one that ends the process or uses up memory does no harm, and one that keeps state between calls
starts anew. (Because of the forks, the benchmark needs Linux or macOS.)
"""

import contextlib
import io
import json
import os
import resource
import selectors
import signal
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from autograder.exercises.reference import grading, points
from saelab.check import check
from saelab.check.message import CheckFailed

# Many times what the slowest right version takes.
SECONDS = 40
# Of address space, of which Python with NumPy and SciPy takes about one.
BYTES = 4 * 2**30


@dataclass(frozen=True)
class Verdict:
    """What the check or the hidden test said of a version.

    Attributes:
        noticed: whether it noticed anything.
        text: its words.
    """

    noticed: bool
    text: str


def by_check(make: Callable[[], Any]) -> Verdict:
    """The verdict of the visible check on the function that make() returns."""

    def trial() -> tuple[bool, str]:
        try:
            check(make())
        except (CheckFailed, NotImplementedError) as failure:
            return True, str(failure)
        return False, ""

    return _verdict(trial)


def by_hidden_test(make: Callable[[], Any], function: str, seed: int = 0) -> Verdict:
    """The verdict of the hidden test on the function that make() returns.

    Args:
        make: makes the version to try.
        function: the name of the function whose hidden test is run.
        seed: the seed of the hidden test's problems.
    """

    def trial() -> tuple[bool, str]:
        printed = io.StringIO()
        with grading(seed=seed), contextlib.redirect_stdout(printed):
            earned, most = points(make(), function)
        return earned < most, printed.getvalue()

    return _verdict(trial)


def _verdict(trial: Callable[[], tuple[bool, str]]) -> Verdict:
    answer = isolated(trial, SECONDS)
    if isinstance(answer, str):
        return Verdict(True, answer)
    return Verdict(*answer)


def isolated(trial: Callable[[], Any], seconds: float) -> Any:
    """Run trial() in a fork.

    Args:
        trial: the function to run. It returns something that JSON can represent.
        seconds: the time after which it is ended.

    Returns:
        What trial() returned, or a string that says how it failed.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _run(trial, writing)
    os.close(writing)
    try:
        written = _read(reading, seconds)
        if written is None:
            os.kill(child, signal.SIGKILL)
            return f"does not come to an end within {seconds:g} s"
    finally:
        os.close(reading)
        _, status = os.waitpid(child, 0)
    return json.loads(written) if written else f"ends the process (status {status})"


def _run(trial: Callable[[], Any], writing: int) -> NoReturn:
    """Do all that the child process does: it never returns."""
    try:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        with open(os.devnull, "w") as nowhere, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
                try:
                    answer = trial()
                except BaseException as error:
                    answer = f"{type(error).__name__}: {error}"
        with os.fdopen(writing, "w") as file:
            json.dump(answer, file)
    finally:
        os._exit(0)


def _read(reading: int, seconds: float) -> bytes | None:
    """All that the child process writes; None if it takes too long."""
    chunks: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        while selector.select(timeout=seconds):
            chunk = os.read(reading, 65536)
            if not chunk:
                return b"".join(chunks)
            chunks.append(chunk)
    return None
