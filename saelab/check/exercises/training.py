"""Notebook 05: minimising the cost by L-BFGS."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saelab.check.compare import RTOL, CallFailed, Fault, call, difference
from saelab.check.exercise import (
    Exercise,
    Faults,
    Probe,
    Properties,
    fault_of_value,
    not_numbers_of_shape,
    stopped,
)
from saelab.typed import Array, Function

NOTEBOOK = "05_training"

Cost = Callable[[Array], tuple[float, Array]]
# How far from the minimum it may end. With L-BFGS as scipy has it, it ends a hundredth as far.
NEAR = 1e-4
# Where the valley lies, and its floor: no round numbers, and one that is nearly zero.
SHIFT, FLOOR = np.array([0.8123456789012345, -1.4567890123456789, -0.9999876543210987]), 1.23456789
TRAINING = ("result", "minimum", "maxiter", "callback")


def training_faults(
    train: Function, cost: Cost, theta0: Array, minimum: Array, slack: float = 1.0
) -> Faults:
    """Find what is wrong with a minimiser, using a smooth cost with one minimum.

    Args:
        train: the student's function.
        cost: called as cost(theta); returns (cost, grad).
        theta0: (n,), where to start.
        minimum: (n,), where the cost is least.
        slack: how many times NEAR it may end from there, and the usual tolerance result.fun may be
            off.

    Returns:
        The faults of the parts "result", "minimum", "maxiter", "callback"; parts that are right are
        left out.
    """
    seen: list[NDArray[Any]] = []
    asked: list[NDArray[Any]] = []

    def asked_for(theta: Array) -> tuple[float, Array]:
        asked.append(np.array(theta, dtype=float))
        return cost(theta)

    try:
        result = call(train, theta0, asked_for, 200, lambda theta: seen.append(np.array(theta)))
        calls = list(asked)
        short = call(train, theta0, cost, 3, None)
    except CallFailed as failure:
        return dict.fromkeys(TRAINING, stopped(failure))
    for got in (result, short):
        if not isinstance(got, dict) or not {"x", "fun", "nit", "message"} <= set(got):
            kind = "None" if got is None else type(got).__name__
            says = f"train should return scipy's OptimizeResult, but it returned {kind}"
            other = Fault(says, "none" if got is None else "type", f"returned {kind}")
            return dict.fromkeys(TRAINING, other)
        for key, size in (("x", minimum.shape), ("fun", ()), ("nit", ())):
            fault = not_numbers_of_shape(got[key], size, f"result.{key}")
            if fault:
                return dict.fromkeys(TRAINING, fault)
    faults = {}
    start, end = cost(theta0)[0], cost(result["x"])[0]
    if difference(result["fun"], end, rtol=RTOL * slack):
        faults["result"] = fault_of_value("result.fun is not the cost at result.x", "another fun")
    method = _method_fault(calls, theta0, cost(theta0)[1])
    if not np.allclose(result["x"], minimum, rtol=0, atol=NEAR * slack):
        way = "up" if end > start else "down" if end < start else "nowhere"
        part = "all" if (np.ravel(result["x"]) != theta0).all() else "a part"
        faults["minimum"] = fault_of_value(
            f"after up to 200 iterations the cost went from {start:.4g} to {end:.4g}, but its "
            f"minimum is {cost(minimum)[0]:.4g}",
            f"{part} went {way} {'to maxiter' if result['nit'] >= 200 else ''}"
            f"{method.code if method else ''}",
        )
    elif method:
        faults["minimum"] = method
    if short["nit"] != min(3, result["nit"]):
        faults["maxiter"] = fault_of_value(
            f"with maxiter = 3 it made {short['nit']} iterations",
            f"iterations {_count(short['nit'])}",
        )
    if any(theta.shape != minimum.shape for theta in seen):
        faults["callback"] = fault_of_value(
            "callback should be called with theta, as callback(theta)", "another argument"
        )
    elif seen and np.array_equal(seen[0], theta0):
        faults["callback"] = fault_of_value(
            "callback is called with theta0 first; call it after each iteration", "theta0 first"
        )
    elif abs(len(seen) - result["nit"]) > 1:
        faults["callback"] = fault_of_value(
            f"callback was called {len(seen)} times in {result['nit']} iterations; it should be "
            "called once after each",
            f"called {_count(len(seen))}",
        )
    return faults


def _method_fault(calls: list[NDArray[Any]], theta0: Array, slope: Array) -> Fault | None:
    """Find out from the places at which it asked for the cost whether it is L-BFGS.

    The first step of scipy's L-BFGS-B without bounds goes down the gradient and has length 1,
    whatever the cost.

    Args:
        calls: the places, in their order.
        theta0: (n,), where it was to start.
        slope: (n,), the gradient there.

    Returns:
        The Fault, or None if all is well.
    """
    if not calls or not np.array_equal(calls[0], theta0):
        return fault_of_value(
            "the first theta at which it asks for the cost is not theta0: are there bounds, or is "
            "something kept from an earlier call?",
            "another start",
        )
    down = -slope / np.linalg.norm(slope)
    step = next((theta - theta0 for theta in calls if (theta != theta0).any()), down)
    length = float(np.linalg.norm(step))
    if length < 1e-3:
        return fault_of_value(
            f"it asks for the cost {len(calls)} times, at places a tiny step apart: the gradient "
            "that comes with the cost is not used",
            "gradient not used",
        )
    if np.allclose(step, down, atol=1e-6):
        return None
    return fault_of_value(
        f"its first step has length {length:.3g}, and that of L-BFGS goes down the gradient and "
        "has length 1: is it another method, or are there bounds?",
        "BFGS or CG" if np.allclose(step, 1.01 * down, atol=1e-6) else "another first step",
    )


def _count(number: float) -> str:
    """A number of iterations or calls, as a word that is the same for every problem."""
    return str(int(number)) if number <= 20 else "many"


def valley(theta: Array) -> tuple[float, Array]:
    """Rosenbrock's function, a long, narrow, curved valley that is least at SHIFT + 1."""
    # Here, since the other checks, and so most notebooks, can do without it.
    from scipy.optimize import rosen, rosen_der

    return FLOOR + rosen(theta - SHIFT), rosen_der(theta - SHIFT)


EXERCISES = (
    Exercise(
        "train",
        probes=(Probe("a long valley that curves", (valley, SHIFT - [1.2, -1, -1.1], SHIFT + 1)),),
        properties=Properties(TRAINING, training_faults),
        called_again=False,
    ),
)
