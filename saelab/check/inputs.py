"""Fixed inputs on which the visible checks try a student's function.

They are made without random numbers, so that every version of NumPy gives the same ones. The
outputs of the reference solution for them are stored, as numbers only, in saelab/answers/*.npz.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saelab.check.exercise import Condition, Probe
from saelab.typed import Array


def wave(
    *shape: int,
    middle: float = 0.0,
    height: float = 1.0,
    start: int = 1,
    wiggle: Callable[[NDArray[Any]], Array] = np.sin,
) -> Array:
    """Make an array with the entries middle + height * sin(k) for k = start, start + 1, ...

    Args:
        *shape: the shape of the array.
        middle: the number that the entries lie around.
        height: how far from it they may lie.
        start: the first k.
        wiggle: the function to use in place of the sine.

    Returns:
        The array.
    """
    count = int(np.prod(shape))
    return (middle + height * wiggle(np.arange(start, start + count))).reshape(shape)


def theta(visible_size: int, hidden_size: int, height: float = 0.3, start: int = 1) -> Array:
    """Parameters without a zero, even among the biases, because a zero hides mistakes."""
    return wave(2 * visible_size * hidden_size + hidden_size + visible_size, height=height,
                start=start)  # fmt: skip


def examples(visible_size: int, m: int) -> Array:
    """Inputs in [0.1, 0.9], (visible_size, m)."""
    return wave(visible_size, m, middle=0.5, height=0.4, wiggle=np.cos)


def cost_probe(says: str, v: int, h: int, m: int, *weights: float) -> Probe:
    """Make a probe that calls a cost function.

    Args:
        says: a few words that say what is tried.
        v: the number of inputs.
        h: the number of hidden units.
        m: the number of examples.
        *weights: the arguments between the sizes and the data.

    Returns:
        The Probe.
    """
    return Probe(says, (theta(v, h), v, h, *weights, examples(v, m)))


ONE_EXAMPLE = Condition(
    "there is one example only", "where there are more", lambda a: np.shape(a[-1])[1] == 1
)
WITHOUT_DECAY = Condition("lambda is 0", "where it is not", lambda a: a[3] == 0)
