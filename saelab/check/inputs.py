"""Fixed inputs on which the visible checks try a student's function.

They are made without random numbers, so that every version of NumPy gives the same ones; the
outputs of the reference solution for them lie, as numbers alone, in saelab/answers/*.npz.
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
    """An array of that shape with entries middle + height * sin(start), sin(start + 1), ..."""
    count = int(np.prod(shape))
    return (middle + height * wiggle(np.arange(start, start + count))).reshape(shape)


def theta(visible_size: int, hidden_size: int, height: float = 0.3, start: int = 1) -> Array:
    """Parameters with no zero among them, biases included: a zero hides mistakes."""
    return wave(2 * visible_size * hidden_size + hidden_size + visible_size, height=height,
                start=start)  # fmt: skip


def examples(visible_size: int, m: int) -> Array:
    """(visible_size, m) inputs in [0.1, 0.9]."""
    return wave(visible_size, m, middle=0.5, height=0.4, wiggle=np.cos)


def cost_probe(says: str, v: int, h: int, m: int, *weights: float) -> Probe:
    """A call of a cost function with v inputs, h hidden units and m examples.

    weights: what stands between the sizes and the data.
    """
    return Probe(says, (theta(v, h), v, h, *weights, examples(v, m)))


ONE_EXAMPLE = Condition(
    "there is one example only", "where there are more", lambda a: np.shape(a[-1])[1] == 1
)
WITHOUT_DECAY = Condition("lambda is 0", "where it is not", lambda a: a[3] == 0)
