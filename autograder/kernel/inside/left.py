"""States of the whole process that cells leave, and that must not decide about a call of a test's.

A cell that turns warnings into errors is to help its author to find an overflow. It must not make
an error of an overflow that is right, when a test calls a function. So while a test asks, these
states are as in a fresh kernel. What else a cell may set, such as seeds, digits of decimals and how
numbers are printed, is a part of the answer, and stays.
"""

import sys
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class State(NamedTuple):
    """One state of the process.

    Attributes:
        get: gives it.
        put: sets it to what `get` gave.
        during_tests: gives, of the fresh one and of what cells left, the one that holds for a test.
    """

    get: Callable[[], Any]
    put: Callable[[Any], object]
    during_tests: Callable[[Any, Any], Any] = lambda fresh, left: fresh


def _filters() -> tuple[list[Any], Any]:
    return [*warnings.filters], warnings.showwarning


def _put_filters(state: tuple[list[Any], Any]) -> None:
    filters, warnings.showwarning = state
    if [*warnings.filters] != filters:
        warnings.resetwarnings()  # which also forgets what has been decided by the old ones
        warnings.filters[:] = filters  # type: ignore[index]


def _special() -> Any:
    """SciPy's module with error states of its own, if it is imported."""
    return sys.modules.get("scipy.special")


STATES = (
    State(_filters, _put_filters),
    State(np.geterr, lambda errors: np.seterr(**errors)),
    State(np.geterrcall, np.seterrcall),
    State(
        lambda: _special().geterr() if _special() else {},
        lambda errors: _special().seterr(**errors) if _special() else None,
        # It may have been imported since.
        lambda fresh, left: dict.fromkeys(left, "ignore") | fresh,
    ),
    # More room than in a fresh kernel may be what a function needs.
    State(sys.getrecursionlimit, sys.setrecursionlimit, max),
)


class Left:
    """What the cells of a notebook have left of these states, while tests ask.

    It is made before the first cell runs.
    """

    def __init__(self) -> None:
        self.fresh = [state.get() for state in STATES]
        self.by_cells: list[Any] | None = None  # while a test asks

    def put_aside(self) -> None:
        """Keep what the cells have left, and begin with states as in a fresh kernel."""
        if self.by_cells is None:
            self.by_cells = [state.get() for state in STATES]
            for state, fresh, left in zip(STATES, self.fresh, self.by_cells):
                state.put(state.during_tests(fresh, left))

    def put_back(self) -> None:
        """Set all as the cells have left it."""
        left, self.by_cells = self.by_cells, None
        for state, value in zip(STATES, left or ()):
            state.put(value)
