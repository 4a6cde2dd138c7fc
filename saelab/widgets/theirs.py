"""Call the student's own functions for the explorers, and say in words what fails."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from saelab.previous import Unfinished
from saelab.typed import Array, Function


class TheirsFailed(Exception):
    """A student's function is missing, fails, or returns something that cannot be drawn."""


def call(function: Function, *arguments: Any, shape: Sequence[int] | None = None) -> Array:
    """Call a student's function, and check that it returns finite numbers.

    Args:
        function: the student's function.
        *arguments: its arguments. Arrays are copied, in case the function changes them.
        shape: the shape that the result must have; None means any shape.

    Returns:
        The result as an array of float64.

    Raises:
        TheirsFailed: if it fails, or returns something else; the sentence says which function, what
            is wrong, and what to do.
    """
    name, more = name_of(function), _more(function)
    with np.errstate(all="ignore"):
        returned = attempt(function, *arguments)
        values = _numbers(returned)
    if values is None:
        raise TheirsFailed(f"{name} returned {_kind(returned)}, where numbers were expected.{more}")
    if shape is not None and values.shape != tuple(shape):
        raise TheirsFailed(
            f"{name} returned an array of shape {values.shape}; {tuple(shape)} was expected.{more}"
        )
    bad = np.count_nonzero(~np.isfinite(values))
    if bad:
        number = "a value that is" if bad == 1 else f"{bad} values that are"
        raise TheirsFailed(f"{name} returned {number} not finite (nan or inf).{more}")
    return values


def attempt(function: Function, *arguments: Any) -> Any:
    """Call a student's function.

    Args:
        function: the student's function.
        *arguments: its arguments. Arrays are copied, in case the function changes them.

    Returns:
        What the function returns.

    Raises:
        TheirsFailed: if it raises an error, or is not a function.
    """
    if not callable(function):
        raise TheirsFailed(f"a function was expected here, not {function!r}: give it by its name.")
    name = name_of(function)
    copies = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
    try:
        return function(*copies)
    except Unfinished as error:
        raise TheirsFailed(str(error)) from None
    except NotImplementedError:
        raise TheirsFailed(
            f"{name} is not written yet. Write it above, run its cell, and then this one again."
        ) from None
    except Exception as error:
        said = f"{type(error).__name__}: {error}".strip(": ")
        raise TheirsFailed(f"{name} raised {said}.{_more(function)}") from None


def name_of(function: Function) -> str:
    """What a sentence calls a function."""
    name = getattr(function, "__name__", "")
    return name if name.isidentifier() else "the function"


def _more(function: Function) -> str:
    """A sentence that names the check that says more, if the function has a name."""
    name = name_of(function)
    return f" Run check({name}): it says more." if name.isidentifier() else ""


def _numbers(returned: Any) -> Array | None:
    """The result as float64, or None if it is not an array of real numbers."""
    try:
        values = np.asarray(returned)
    except (TypeError, ValueError):  # lists of different lengths
        return None
    return values.astype(float) if values.dtype.kind in "fiub" else None


def _kind(returned: Any) -> str:
    """What was returned, as a noun."""
    if returned is None:
        return "nothing (None)"
    if isinstance(returned, np.ndarray):
        return f"an array of {returned.dtype}"
    return f"a {type(returned).__name__}"
