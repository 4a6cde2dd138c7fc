"""Fixed inputs on which the visible checks try a student's function.

They are made without random numbers, so that every version of NumPy gives the same ones; the
outputs of the reference solution for them lie, as numbers alone, in saelab/answers/*.npz.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saelab.check.outcome import Probe
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


def notebook_of(function_name: str) -> str:
    """The notebook that asks for a function, such as "02_cost" for "sigmoid"."""
    for notebook, probes in PROBES.items():
        if function_name in probes:
            return notebook
    raise KeyError(function_name)


def _patches() -> Array:
    return wave(16, 30, middle=0.4, height=0.2) + wave(30, height=0.2, start=5) ** 3


def _outlier_patches() -> Array:
    values = wave(9, 40, height=0.01)
    values[4, 3], values[2, 7] = 2.0, -1.5
    return values


def _picture(height: int, width: int) -> Array:
    y, x = np.mgrid[:height, :width]
    gray: Array = 0.5 + 0.2 * np.sin(0.31 * x + 0.02 * x * y / height) + 0.2 * np.cos(0.17 * y)
    return gray


def polynomial(x: Array) -> float:
    """x1^2 + 3 x1 x2 with its gradient left out: the lecture's check function at (4, 10)."""
    value: float = x[0] ** 2 + 3 * x[0] * x[1]
    return value


def cubic(x: Array) -> float:
    """Third powers: a one-sided difference is visibly off here."""
    return float((x**3).sum() + x[0] * x[-1])


def cubic_with_gradient(x: Array) -> tuple[float, Array]:
    """The same cost as a pair (cost, gradient); the second is a trap, and not to be used."""
    return cubic(x), np.full_like(x, 7.0)


def bent_cost(theta: Array) -> tuple[float, Array]:
    """A cost with its gradient, right but for W1's and b2's part; 2 inputs, 3 hidden units."""
    value, grad = float(np.sin(theta).sum()), np.cos(theta)
    grad[:6] *= 1.5
    grad[15:] += 0.25
    return value, grad


def other_bent_cost(theta: Array) -> tuple[float, Array]:
    """As before, but W2's and b1's part is wrong; 4 inputs, 2 hidden units."""
    value, grad = float(np.sin(theta).sum()), np.cos(theta)
    grad[8:16] *= -2
    grad[16:18] += 0.1
    return value, grad


def valley(theta: Array) -> tuple[float, Array]:
    """A long narrow valley that curves: Rosenbrock's function, least at (1, 1)."""
    # Here, since the other checks, and so most notebooks, can do without it.
    from scipy.optimize import rosen, rosen_der

    return rosen(theta), rosen_der(theta)


def _cost(says: str, v: int, h: int, m: int, *weights: float) -> Probe:
    return Probe(says, (theta(v, h), v, h, *weights, examples(v, m)))


PROBES: dict[str, dict[str, list[Probe]]] = {
    "01_patch_sampling": {
        "normalize_patches": [
            Probe("30 patches of 4x4", (_patches(),)),
            Probe("patches with two far outliers", (_outlier_patches(),)),
        ],
        "sample_patches": [
            Probe("1500 patches of 4x4 from 3 pictures of 12x15", ((3, 12, 15), 4, 1500, 0)),
            Probe("1000 patches of 3x3 from 5 pictures of 9x9", ((5, 9, 9), 3, 1000, 3)),
        ],
        "whiten": [
            Probe("a 48x64 picture, f0 = 0.4", (_picture(48, 64), 0.4)),
            Probe("a 65x50 picture, f0 = 0.25", (_picture(65, 50), 0.25)),
        ],
    },
    "02_cost": {
        "sigmoid": [
            Probe("a single number", (0.5,)),
            Probe("a 3x4 array", (wave(3, 4, height=4.0),)),
            Probe("very large and very small numbers", (np.array([-1000.0, -30, 0, 30, 1000]),)),
        ],
        # The bound of the weights for 64 inputs and 25 hidden units is worked out by hand there.
        "initialize_parameters": [
            Probe("64 inputs and 25 hidden units", (64, 25, 0.25819889, 0)),
        ],
        "unpack_parameters": [
            Probe("3 inputs and 2 hidden units", (np.arange(17.0), 3, 2)),
            Probe("2 inputs and 4 hidden units", (np.arange(22.0), 2, 4)),
            Probe("3 inputs and 3 hidden units", (np.arange(24.0), 3, 3)),
        ],
        "feed_forward": [
            Probe("4 inputs, 3 hidden units, 5 examples", (theta(4, 3), 4, 3, examples(4, 5))),
            Probe("one example only", (theta(2, 3), 2, 3, examples(2, 1))),
            Probe("4 inputs, 4 hidden units, 4 examples", (theta(4, 4), 4, 4, examples(4, 4))),
        ],
        "autoencoder_cost": [
            _cost("4 inputs, 3 hidden units, 5 examples, lambda = 0", 4, 3, 5, 0.0),
            _cost("the same with lambda = 0.01", 4, 3, 5, 0.01),
            _cost("one example only, lambda = 0.5", 3, 5, 1, 0.5),
            _cost("4 inputs, 4 hidden units, 6 examples, lambda = 0.2", 4, 4, 6, 0.2),
            _cost("3 inputs, 3 hidden units, 3 examples, lambda = 0.3", 3, 3, 3, 0.3),
        ],
    },
    "03_kl_delta": {
        "average_activation": [
            Probe("3 hidden units, 5 examples", (wave(3, 5, middle=0.5, height=0.4),)),
            Probe("one example only", (wave(4, 1, middle=0.5, height=0.4),)),
        ],
        "kl_divergence": [
            Probe("rho = 0.2", (0.2, np.array([0.05, 0.2, 0.5, 0.9]))),
            Probe("rho = 0.01", (0.01, wave(6, middle=0.5, height=0.45))),
        ],
        "sparsity_delta": [
            Probe("rho = 0.2, beta = 1", (0.2, np.array([0.05, 0.2, 0.5, 0.9]), 1.0)),
            Probe("rho = 0.01, beta = 3", (0.01, wave(6, middle=0.5, height=0.45), 3.0)),
        ],
        "sparse_autoencoder_cost": [
            _cost("beta = 0: the cost of notebook 02", 4, 3, 5, 0.01, 0.05, 0.0),
            _cost("lambda = 0, beta = 0.7", 4, 3, 5, 0.0, 0.05, 0.7),
            _cost("lambda = 0.01, rho = 0.05, beta = 0.7", 4, 3, 5, 0.01, 0.05, 0.7),
            _cost("one example only", 3, 5, 1, 0.1, 0.2, 2.0),
            _cost("4 inputs, 4 hidden units, 6 examples", 4, 4, 6, 0.2, 0.1, 1.5),
            _cost("3 inputs, 3 hidden units, 3 examples", 3, 3, 3, 0.3, 0.3, 0.5),
        ],
    },
    "04_gradient_check": {
        "numerical_gradient": [
            Probe("x1^2 + 3 x1 x2 at (4, 10)", (polynomial, np.array([4.0, 10.0]))),
            Probe("third powers, epsilon = 0.1", (cubic, wave(4), 0.1)),
            Probe("a cost function that returns (cost, grad)", (cubic_with_gradient, wave(3))),
        ],
        "relative_error": [
            Probe("two vectors", (np.array([3.0, 0.0]), np.array([0.0, 4.0]))),
            Probe("a long and a short vector", (wave(5, height=4.0), wave(5, start=3))),
            Probe("equal vectors", (wave(5), wave(5))),
            Probe("opposite vectors", (wave(5), -wave(5))),
            Probe("two vectors of zeros", (np.zeros(3), np.zeros(3))),
        ],
        "block_errors": [
            Probe("a cost with W1 and b2 wrong", (bent_cost, wave(17, start=2), 2, 3)),
            Probe("a cost with W2 and b1 wrong", (other_bent_cost, wave(22, start=4), 4, 2)),
        ],
    },
    "05_training": {
        "train": [
            Probe("a long valley that curves", (valley, np.array([-1.2, 1.0]), np.ones(2))),
        ],
    },
    "06_visualization": {
        "maximal_inputs": [
            Probe("3 units, 4 inputs", (wave(3, 4, height=2.0),)),
            Probe("one unit whose weights are all zero", (wave(3, 4) * [[1], [0], [1]],)),
        ],
        "tile_filters": [
            Probe("6 filters of 3x3 in 3 columns", (wave(6, 9), 3)),
            Probe("5 filters in 3 columns: one place stays empty", (wave(5, 4), 3)),
            Probe("a filter of zeros", (wave(3, 4) * [[1], [0], [1]], 3)),
            Probe("gap = 2", (wave(4, 4, height=3.0), 2), {"gap": 2}),
            Probe('scale = "common"', (wave(4, 9) * [[1], [2], [3], [4]], 2),
                  {"scale": "common"}),
        ],
    },
}  # fmt: skip
