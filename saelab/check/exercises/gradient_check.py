"""Notebook 04: a gradient by differences, and how far apart two gradients are."""

import numpy as np

from saelab.check.exercise import BLOCKS, Condition, Exercise, Probe, wave
from saelab.typed import Array

NOTEBOOK = "04_gradient_check"


def polynomial(x: Array) -> float:
    """x1^2 + 3 x1 x2 without its gradient: the lecture's check function at (4, 10)."""
    value: float = x[0] ** 2 + 3 * x[0] * x[1]
    return value


def cubic(x: Array) -> float:
    """A cost of third powers, for which a one-sided difference is visibly off."""
    return float((x**3).sum() + x[0] * x[-1])


def cubic_with_gradient(x: Array) -> tuple[float, Array]:
    """The same cost as a pair (cost, gradient); the gradient is a trap, not to be used."""
    return cubic(x), np.full_like(x, 7.0)


def bent_cost(theta: Array) -> tuple[float, Array]:
    """A cost whose gradient is wrong in W1 and b2 only; for 2 inputs, 3 hidden units."""
    value, grad = float(np.sin(theta).sum()), np.cos(theta)
    grad[:6] *= 1.37
    grad[15:] += 0.25
    return value, grad


def other_bent_cost(theta: Array) -> tuple[float, Array]:
    """A cost whose gradient is wrong in W2 and b1 only; for 4 inputs, 2 hidden units."""
    value, grad = float(np.sin(theta).sum()), np.cos(theta)
    grad[8:16] *= -2
    grad[16:18] += 0.1
    return value, grad


EXERCISES = (
    Exercise(
        "numerical_gradient",
        probes=(
            Probe("x1^2 + 3 x1 x2 at (4, 10)", (polynomial, np.array([4.0, 10.0]))),
            Probe("the same at (0.000001, 1)", (polynomial, np.array([1e-6, 1.0]))),
            Probe("third powers", (cubic, wave(5))),
            Probe("third powers, epsilon = 0.1", (cubic, wave(4), 0.1)),
            Probe("third powers elsewhere, epsilon = 0.1", (cubic, wave(4, start=3), 0.1)),
            Probe("a cost function that returns (cost, grad)", (cubic_with_gradient, wave(3))),
            Probe("the same, epsilon = 0.05", (cubic_with_gradient, wave(3), 0.05)),
        ),
        conditions=(
            Condition(
                "J returns a number",
                "where it returns a pair",
                lambda a: not isinstance(a[0](a[1]), tuple),
            ),
            Condition("epsilon is 1e-4", "where it is not", lambda a: len(a) < 3 or a[2] == 1e-4),
        ),
        # Two costs that are nearly equal are taken from each other, which costs four digits or so.
        rtol=1e-10,
    ),
    Exercise(
        "relative_error",
        probes=(
            Probe("two vectors", (np.array([3.0, 0.0]), np.array([0.0, 4.0]))),
            Probe("a long and a short vector", (wave(5, height=4.0), wave(5, start=3))),
            Probe("vectors that hardly differ", (wave(6), wave(6) + wave(6, height=1e-4, start=4))),
            Probe("vectors that differ even less", (wave(6), wave(6) + wave(6, height=1e-8))),
            Probe("short vectors", (wave(5, height=1e-7), wave(5, height=1e-7, start=3))),
            Probe("equal vectors", (wave(5), wave(5))),
            Probe("opposite vectors", (wave(5), -wave(5))),
            Probe("a vector and zeros", (wave(4), np.zeros(4))),
            Probe("zeros and a vector", (np.zeros(4), wave(4))),
            Probe("two vectors of zeros", (np.zeros(3), np.zeros(3))),
        ),
        conditions=(
            Condition(
                "a and b are both zero",
                "where they are not",
                lambda a: not (a[0].any() or a[1].any()),
            ),
        ),
    ),
    Exercise(
        "block_errors",
        probes=(
            Probe("a cost with W1 and b2 wrong", (bent_cost, wave(17, start=2), 2, 3)),
            Probe("a cost with W2 and b1 wrong", (other_bent_cost, wave(22, start=4), 4, 2)),
        ),
        results=BLOCKS,
        by_name=True,
        # As above, and a relative error of nearly nothing has no digits that are its own: with
        # another small epsilon it is another one.
        rtol=1e-8,
    ),
)
