"""What a test does to modules of the student's process: their parts and figures."""

import contextlib
import importlib
import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

MOST_FIGURES = 20
MOST_WARNINGS = 100
MOST_TEXT = 1000  # characters of a warning


@contextlib.contextmanager
def replaced(parts: Sequence[Sequence[Any]], variables: Mapping[str, str | None]) -> Iterator[None]:
    """Replace parts of modules, and variables of the environment, for a with block.

    Args:
        parts: of each, the name of its module, its own name and the new value. What is not there
            is passed over.
        variables: from the name of each to its value; None if it is to be deleted.
    """
    with contextlib.ExitStack() as stack:
        for module, name, value in parts:
            with contextlib.suppress(Exception):
                found = importlib.import_module(module)
                stack.callback(setattr, found, name, getattr(found, name))
                setattr(found, name, value)
        for name, text in variables.items():
            stack.callback(_set_variable, name, os.environ.get(name))
            _set_variable(name, text)
        yield


def _set_variable(name: str, text: str | None) -> None:
    if text is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = text


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


def new_figure(args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, list[int]]:
    """What pyplot's `figure` gives, and the numbers of the figures that are open then."""
    made = importlib.import_module("matplotlib.pyplot").figure(*args, **kwargs)
    return made, open_figures()


def close_figure(number: int) -> None:
    if number in _figures():
        sys.modules["matplotlib.pyplot"].close(number)


def close_figures() -> None:
    """Close all figures of pyplot, as a notebook does at the end of each cell."""
    if _figures():
        sys.modules["matplotlib.pyplot"].close("all")
