"""Notebook 02: the network forward and backward, and its cost with weight decay."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from saelab.check.compare import CallFailed, Fault, call
from saelab.check.exercise import (
    ONE_EXAMPLE,
    SURE,
    WITHOUT_DECAY,
    Condition,
    Exercise,
    Faults,
    Probe,
    Properties,
    cost_probe,
    cost_symbols,
    examples,
    fault_of_value,
    in_order,
    large_and_small,
    not_numbers_of_shape,
    repeatable_faults,
    theta,
    wave,
)
from saelab.typed import Array, Function

NOTEBOOK = "02_cost"

INITIAL = ("shape", "weights", "biases", "repeatable")


def initial_faults(
    initialize_parameters: Function,
    visible_size: int,
    hidden_size: int,
    bound: float,
    seed: int,
    beyond: float = 1e-7,
) -> Faults:
    """Find what is wrong with starting parameters.

    Args:
        initialize_parameters: the student's function.
        visible_size: the number of inputs.
        hidden_size: the number of hidden units.
        bound: the weights must lie in [-bound, bound].
        seed: for the random generator that the function gets.
        beyond: how far a weight may lie outside of the bounds, as a share of them.

    Returns:
        The faults of the parts "shape", "weights", "biases", "repeatable"; parts that are right are
        left out.
    """
    v, h = visible_size, hidden_size

    def draw(seed: int) -> Any:
        return call(initialize_parameters, v, h, np.random.default_rng(seed))

    try:
        theta, again, other = draw(seed), draw(seed), draw(seed + 1)
    except CallFailed as failure:
        return dict.fromkeys(INITIAL, failure.fault)
    fault = not_numbers_of_shape(theta, (2 * v * h + h + v,), "theta")
    if fault:
        if fault.kind == "shape":
            zeros = np.flatnonzero(np.ravel(np.asarray(theta)) == 0)
            at_end = np.array_equal(zeros, np.arange(np.size(theta))[2 * v * h :])
            fault = Fault(fault, "shape", f"{fault.code} {'zeros at the end' * at_end}")
        return dict.fromkeys(INITIAL, fault)
    theta, faults = np.asarray(theta, dtype=float).ravel(), {}
    W1, W2, biases = theta[: v * h], theta[v * h : 2 * v * h], theta[2 * v * h :]
    if biases.any():
        faults["biases"] = _bias_fault(theta, biases, bound)
    says = _uniform_fault(W1, bound, "W1", beyond) or _uniform_fault(W2, bound, "W2", beyond)
    if says:
        units = {"r": bound, "r * r": bound**2, "half of r * r": bound * np.sqrt(0.5), "1": 1.0,
                 "a quarter": 0.25, "one unit less": bound * np.sqrt(1 + 1 / (v + h))}  # fmt: skip
        forms = [_form(weights, units) for weights in (W1, W2, np.append(W1, W2))]
        faults["weights"] = fault_of_value(says, f"weights {', '.join(forms)}")
    elif np.isin(np.abs(W2), np.abs(W1)).mean() > 0.1:
        same, turned = np.allclose(W1, W2), np.allclose(W1.reshape(h, v), W2.reshape(v, h).T)
        faults["weights"] = fault_of_value(
            "W2 holds the same numbers as W1: draw it by itself",
            f"W2 is W1 {'' if same else 'turned' if turned else 'in another order or sign'}",
        )
    return faults | repeatable_faults(theta, again, other, "parameters")


def _uniform_fault(weights: Array, bound: float, name: str, beyond: float) -> str | None:
    n, interval = weights.size, f"[-{bound:.4g}, {bound:.4g}]"
    largest, different = np.abs(weights).max(), len(np.unique(weights))
    if different < 0.9 * n:
        few = f"hold {different} different numbers only" if different > 1 else "are all the same"
        return (
            f"the {n} weights of {name} {few}: each should be a number of its own, drawn from all "
            f"of {interval}"
        )
    if largest > bound * (1 + beyond):
        return f"a weight of size {largest:.4g} in {name} lies outside of {interval}"
    # For the largest weight, a chance of exp(-20).
    if abs(weights.mean()) > SURE * bound / np.sqrt(3 * n):
        return f"the mean of {name} is {weights.mean():.3g}: weights should lie evenly around zero"
    spread = weights.std() / (bound / np.sqrt(3))
    if abs(spread - 1) > SURE * np.sqrt(0.2 / n) + 1 / n:
        return f"{name} spreads {spread:.2f} times as wide as uniform weights in {interval}"
    if largest < bound * (1 - 20 / n):
        return f"the largest weight of {name} is {largest:.4g}, but {interval} reaches further"
    if not _evenly(weights, -bound, bound):
        return f"the weights of {name} are not spread evenly over {interval}"
    if in_order(weights):
        return f"the weights of {name} follow an order, from one to the next: draw each by itself"
    return None


def _evenly(weights: Array, low: float, high: float) -> bool:
    """Whether weights may be uniform in an interval.

    By the distance of Kolmogorov and Smirnov, with the bound of Dvoretzky, Kiefer and Wolfowitz.
    """
    n = weights.size
    below = (np.sort(weights) - low) / (high - low) - (np.arange(n) + 0.5) / n
    return bool(np.abs(below).max() <= SURE / (2 * np.sqrt(n)) + 1 / n)


def _form(weights: Array, units: Mapping[str, float]) -> str:
    """What wrong weights look like, in a few words that hold of all weights of this form.

    Args:
        weights: the weights.
        units: lengths that the ends of their interval may have, each by its name.
    """
    n, values = weights.size, np.unique(weights)
    if len(values) == 1:
        return "one number" if values[0] else "zeros"
    if len(values) <= 3:
        return f"multiples {np.round(values / units['r'], 6)}"
    low, high = float(values[0]), float(values[-1])
    if len(values) < 0.9 * n:
        return "few"
    near = (high - low) * 10 / n  # an interval's end lies farther off with a chance of exp(-10)
    if abs(low + high) <= near:  # both ends are known best by the largest weight
        high = max(-low, high)
        low = -high
    ends = [_end(end, near, units) for end in (low, high)]
    if all(ends) and _evenly(weights, low, high) and not in_order(weights):
        return f"evenly from {ends[0]} to {ends[1]}"
    z = (weights - weights.mean()) / weights.std()
    # The fourth moment of a bell curve is 3; that of uniform numbers is 1.8.
    return "bell" if abs((z**4).mean() - 3) < 0.5 and np.abs(z).max() > 3 else "other"


def _end(end: float, near: float, units: Mapping[str, float]) -> str:
    """An end of an interval in words, by the largest of some random numbers; empty if unknown."""
    if abs(end) <= near:
        return "0"
    found = [(size, name) for name, size in units.items() if -1e-6 <= size - abs(end) <= near]
    return f"{'-' if end < 0 else ''}{min(found)[1]}" if found else ""


def _bias_fault(theta: Array, biases: Array, bound: float) -> Fault:
    zeros, n = np.flatnonzero(theta == 0), len(biases)
    if len(zeros) >= n:
        front = np.array_equal(zeros, np.arange(n))
        return fault_of_value(
            f"theta should end with the biases, {n} zeros, but its zeros lie elsewhere: look at "
            "the order of its blocks",
            f"zeros {'in front' if front else 'elsewhere'}",
        )
    random = len(np.unique(biases)) == n and np.abs(biases).max() <= bound and not zeros.size
    code = "random" if random else "one" if (biases == 1).all() else "other"
    return fault_of_value(
        f"the last {n} entries of theta are the biases and should be zero, but one of them is "
        f"{biases[np.abs(biases).argmax()]:.3g}",
        f"biases {code}",
    )


EXERCISES = (
    Exercise(
        "sigmoid",
        probes=(
            Probe("a single number", (0.5,)),
            Probe("a single negative number", (-1.5,)),
            Probe("a 3x4 array", (wave(3, 4, height=4.0),)),
            Probe("another 3x4 array", (wave(3, 4, height=4.0, start=5),)),
            Probe("very large and very small numbers", (np.array([-1000.0, -30, 0, 30, 1000]),)),
            Probe("whole numbers, as integers", (np.arange(-3, 4),)),
        ),
        conditions=(
            Condition("z is a single number", "where it is an array", lambda a: np.ndim(a[0]) == 0),
        ),
    ),
    Exercise(
        "initialize_parameters",
        # The bound of the weights for 64 inputs and 25 hidden units is worked out by hand there.
        # What is not quite uniform shows among many weights, more than hidden tests ask for.
        probes=(
            Probe("64 inputs and 25 hidden units", (64, 25, 0.25819889, 0)),
            Probe("144 inputs and 100 hidden units", (144, 100, 0.15649216, 1)),
        ),
        properties=Properties(INITIAL, initial_faults),
        called_again=False,
    ),
    Exercise(
        "unpack_parameters",
        probes=(
            Probe("3 inputs and 2 hidden units", (large_and_small(17), 3, 2)),
            Probe("the same with other numbers", (large_and_small(17, start=5), 3, 2)),
            Probe("2 inputs and 4 hidden units", (large_and_small(22), 2, 4)),
            Probe("3 inputs and 3 hidden units", (large_and_small(24), 3, 3)),
        ),
        results=("W1", "W2", "b1", "b2"),
        conditions=(
            Condition(
                "there are as many hidden units as inputs",
                "where there are not",
                lambda a: a[1] == a[2],
            ),
        ),
    ),
    Exercise(
        "feed_forward",
        probes=(
            Probe("4 inputs, 3 hidden units, 5 examples", (theta(4, 3), 4, 3, examples(4, 5))),
            Probe("the same with other parameters", (theta(4, 3, start=2), 4, 3, examples(4, 5))),
            Probe("one example only", (theta(2, 3), 2, 3, examples(2, 1))),
            Probe("4 inputs, 4 hidden units, 4 examples", (theta(4, 4), 4, 4, examples(4, 4))),
            Probe("large parameters", (theta(3, 2, height=12.0), 3, 2, examples(3, 6))),
        ),
        results=("a2", "a3"),
        conditions=(ONE_EXAMPLE,),
    ),
    Exercise(
        "autoencoder_cost",
        probes=(
            cost_probe("5 inputs, 4 hidden units, 6 examples, lambda = 0", 5, 4, 6, 0.0),
            # Other numbers each time: what is kept from one call to the next shows.
            cost_probe("other numbers, lambda = 0.01", 5, 4, 6, 0.01, start=2),
            cost_probe("one example only, lambda = 0.5", 4, 6, 1, 0.5),
            cost_probe("7 inputs, 5 hidden units, 3 examples, lambda = 0.07", 7, 5, 3, 0.07),
            cost_probe("4 inputs, 7 hidden units, 10 examples, lambda = 0.3", 4, 7, 10, 0.3),
            cost_probe("4 inputs, 4 hidden units, 7 examples, lambda = 0.2", 4, 4, 7, 0.2),
            cost_probe("3 inputs, 3 hidden units, 3 examples, lambda = 0.11", 3, 3, 3, 0.11),
            # No random problem has such a cost: a limit that is put on it shows here.
            cost_probe("large parameters, lambda = 0", 12, 3, 5, 0.0, height=8.0),
            cost_probe("large parameters, lambda = 3", 12, 3, 5, 3.0, height=8.0),
        ),
        returns_cost=True,
        rest="error",
        weights={"decay": (3, "lambda")},
        symbols=cost_symbols,
        conditions=(WITHOUT_DECAY, ONE_EXAMPLE),
    ),
)
