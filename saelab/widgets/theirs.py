"""The reader's own functions, as explorers call them: what fails is told in words."""

import numpy as np

from saelab.previous import Unfinished


class TheirsFailed(Exception):
    """A function of the reader's is missing, fails, or returns what cannot be drawn."""


def call(function, *arguments, shape=None):
    """What a function of the reader's returns, as an array of finite float64.

    shape: that it should have; None where any will do.
    Errors: TheirsFailed, with a sentence that says which function, what, and what to do.
    """
    with np.errstate(all="ignore"):
        returned = attempt(function, *arguments)
        name = name_of(function)
        try:
            values = np.asarray(returned, dtype=float)
        except (TypeError, ValueError):
            raise TheirsFailed(
                f"{name} returned {type(returned).__name__}, where numbers were expected. "
                f"Run check({name}): it says more."
            ) from None
    if shape is not None and values.shape != tuple(shape):
        raise TheirsFailed(
            f"{name} returned an array of shape {values.shape}; {tuple(shape)} was expected. "
            f"Run check({name}): it says more."
        )
    if not np.isfinite(values).all():
        raise TheirsFailed(
            f"{name} returned {np.count_nonzero(~np.isfinite(values))} values that are not finite "
            f"(nan or inf). Run check({name}): it says more."
        )
    return values


def attempt(function, *arguments):
    """What a function of the reader's returns. Errors: TheirsFailed where it raises."""
    name = name_of(function)
    try:
        return function(*arguments)
    except Unfinished as error:
        raise TheirsFailed(str(error)) from None
    except NotImplementedError:
        raise TheirsFailed(
            f"{name} is not written yet. Write it above, run its cell, and then this one again."
        ) from None
    except Exception as error:
        raise TheirsFailed(
            f"{name} raised {type(error).__name__}: {error}. Run check({name}): it says more."
        ) from None


def name_of(function):
    return getattr(function, "__name__", None) or repr(function)
