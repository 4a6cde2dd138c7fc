"""What a test does to modules of the student's process: their parts, figures, random numbers."""

import contextlib
import random
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

MOST_FIGURES = 20
MOST_WARNINGS = 100
MOST_TEXT = 1000  # characters of a warning


@contextlib.contextmanager
def replaced(parts: Sequence[Sequence[Any]]) -> Iterator[None]:
    """Replace parts of modules for a with block.

    Args:
        parts: of each, the name of its module, its own name and the new value. What is not there
            is passed over.
    """
    with contextlib.ExitStack() as stack:
        for module, name, value in parts:
            found = sys.modules.get(module)
            if found is not None and hasattr(found, name):
                stack.callback(setattr, found, name, getattr(found, name))
                setattr(found, name, value)
        yield


@contextlib.contextmanager
def warned(listens: bool) -> Iterator[list[list[Any]]]:
    """Take down the warnings of a with block.

    Args:
        listens: whether a test listens to them; otherwise nothing is changed.

    Yields:
        A list, which gets the classes' names and the text of each warning.
    """
    told: list[list[Any]] = []
    if not listens:
        yield told
        return
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            yield told
        finally:
            for one in seen[:MOST_WARNINGS]:
                names = [kind.__name__ for kind in one.category.__mro__]
                told.append([names, str(one.message)[:MOST_TEXT]])


def _figures() -> Any:
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    return helpers.Gcf.figs if isinstance(helpers, ModuleType) else {}


def open_figures() -> list[int]:
    """The numbers of pyplot's open figures, the current one last."""
    return [number for number in _figures() if isinstance(number, int)][-MOST_FIGURES:]


def figure(number: int) -> Any:
    return _figures()[number].canvas.figure


def close_figure(number: int) -> None:
    if number in _figures():
        sys.modules["matplotlib.pyplot"].close(number)


def close_figures() -> None:
    """Close all figures of pyplot, as a notebook does at the end of each cell."""
    if _figures():
        sys.modules["matplotlib.pyplot"].close("all")


def set_random(states: Mapping[str, Any]) -> None:
    """Let the global random generators go on from these states, by the name of their module."""
    if "random" in states:
        random.setstate(states["random"])
    if "numpy.random" in states:
        np.random.set_state(states["numpy.random"])
