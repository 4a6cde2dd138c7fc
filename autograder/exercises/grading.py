"""What is being graded right now: with which course's solutions, and with which seed.

The reference and the hidden problems are requested deep inside test cells, which know neither of
the two.
"""

import contextlib
import dataclasses
import os
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import CLONE

SOLUTIONS = CLONE / "solutions"


def _solutions() -> Path:
    # A kernel in which a build executes a notebook finds them by this variable.
    return Path(os.environ.get("AUTOGRADER_SOLUTIONS") or SOLUTIONS)


@dataclass(frozen=True)
class Grading:
    """What is being graded.

    Attributes:
        solutions: the folder of the solved notebooks.
        seed: the submission's seed.
        function: the name of the function that a test cell is about; None outside of the grader,
            where functions are known by their own names.
    """

    solutions: Path = field(default_factory=_solutions)
    seed: int = 0
    function: str | None = None


_CURRENT: ContextVar[Grading] = ContextVar("what is being graded")


def current() -> Grading:
    """What is being graded right now."""
    return _CURRENT.get(None) or Grading()


@contextlib.contextmanager
def grading(**changes: Any) -> Iterator[None]:
    """Grade with other solutions, another seed or another function within a with block."""
    token = _CURRENT.set(dataclasses.replace(current(), **changes))
    try:
        yield
    finally:
        _CURRENT.reset(token)
