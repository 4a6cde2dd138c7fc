"""The reader's own functions, as explorers call them: what fails is said in words."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from saelab.previous import Unfinished
from saelab.typed import Array, Function


class TheirsFailed(Exception):
    """A function of the reader's is missing, fails, or returns what cannot be drawn."""


def call(function: Function, *arguments: Any, shape: Sequence[int] | None = None) -> Array:
    """What a function of the reader's returns, as an array of finite float64.

    arguments: arrays are copied, for a function that changes what it is given.
    shape: that the result should have; None where any will do.
    Errors: TheirsFailed, with a sentence that says which function, what, and what to do.
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
    """What a function of the reader's returns. Errors: TheirsFailed where it raises."""
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
    """Where more is said, of a function that has a name."""
    name = name_of(function)
    return f" Run check({name}): it says more." if name.isidentifier() else ""


def _numbers(returned: Any) -> Array | None:
    """As float64; None where it is no array of real numbers."""
    try:
        values = np.asarray(returned)
    except (TypeError, ValueError):  # lists of different lengths
        return None
    return values.astype(float) if values.dtype.kind in "fiub" else None


def _kind(returned: Any) -> str:
    """What came back, as a noun."""
    if returned is None:
        return "nothing (None)"
    if isinstance(returned, np.ndarray):
        return f"an array of {returned.dtype}"
    return f"a {type(returned).__name__}"
