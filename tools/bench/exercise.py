"""The exercise's own check, as the yardstick: what it catches of our catalogue of mistakes.

It is the check of CS294A, "Sparse autoencoder", step 3, which is also that of the UFLDL tutorial.
It compares the gradient by the student's own formula with a numerical one, at the starting
parameters, as |a - b| / |a + b| < 1e-9. Before that, it checks the numerical gradient by itself, on
x1^2 + 3 x1 x2 at (4, 10). It has no number to compare the cost with. Where the handout leaves a
choice (which examples, how many), the stronger one is used here.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises.reference import reference

# The exercise's own weights of the terms.
WEIGHTS = {"autoencoder_cost": (1e-4,), "sparse_autoencoder_cost": (1e-4, 0.01, 3.0)}
FUNCTIONS = (*WEIGHTS, "numerical_gradient")


def notices(name: str, function: Any) -> bool:
    """Whether the check notices something wrong with a function.

    A function that stops with an error is noticed.

    Args:
        name: the name that the function stands for, one of FUNCTIONS.
        function: the function to check.
    """
    try:
        if name == "numerical_gradient":
            return not (_right_on_a_polynomial(function) and _right_on_a_cost(function))
        theta, v, h, data = _problem()

        def cost(theta: np.ndarray) -> Any:
            return function(theta, v, h, *WEIGHTS[name], data)

        grad = cost(theta.copy())[1]
        numerical = reference("04_gradient_check").numerical_gradient(cost, theta)
        return not _difference(numerical, grad) < 1e-9
    except Exception:
        return True


def _problem() -> tuple[np.ndarray, int, int, np.ndarray]:
    """Ten patches of the exercise's size, five hidden units, starting parameters (zero biases)."""
    v, h = 64, 5
    rng = np.random.default_rng(0)
    theta = reference("02_cost").initialize_parameters(v, h, rng)
    patches = reference("01_patch_sampling").normalize_patches(rng.normal(size=(v, 10)))
    return theta, v, h, patches


def _right_on_a_polynomial(numerical_gradient: Callable) -> bool:
    """The exercise's check of the numerical gradient by itself, on a number and on a pair."""
    x, exact = np.array([4.0, 10.0]), np.array([38.0, 12.0])

    def value(x: np.ndarray) -> float:
        return x[0] ** 2 + 3 * x[0] * x[1]

    def pair(x: np.ndarray) -> tuple[float, np.ndarray]:
        return value(x), np.array([2 * x[0] + 3 * x[1], 3 * x[0]])

    return all(_difference(numerical_gradient(J, x.copy()), exact) < 1e-9 for J in (value, pair))


def _right_on_a_cost(numerical_gradient: Callable) -> bool:
    """Whether the numerical gradient is right on the cost, as the exercise uses it next.

    The cost here is a correct one: a wrong numerical gradient shows there too.
    """
    theta, v, h, data = _problem()

    def cost(theta: np.ndarray) -> tuple[float, np.ndarray]:
        return reference("02_cost").autoencoder_cost(
            theta, v, h, *WEIGHTS["autoencoder_cost"], data
        )

    return _difference(numerical_gradient(cost, theta.copy()), cost(theta)[1]) < 1e-9


def _difference(a: Any, b: Any) -> float:
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return float(np.linalg.norm(a - b) / np.linalg.norm(a + b))
