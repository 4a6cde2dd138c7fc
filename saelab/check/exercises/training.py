"""Notebook 05: minimising the cost by L-BFGS."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saelab.check.compare import CallFailed, Fault, call, difference
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
TRAINING = ("result", "minimum", "maxiter", "callback")


def training_faults(
    train: Function, cost: Cost, theta0: Array, minimum: Array, near: float
) -> Faults:
    """Find what is wrong with a minimiser, using a smooth cost with one minimum.

    Args:
        train: the student's function.
        cost: called as cost(theta); returns (cost, grad).
        theta0: (n,), where to start.
        minimum: (n,), where the cost is least.
        near: how far from there it may end.

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
    if difference(result["fun"], end):
        faults["result"] = fault_of_value("result.fun is not the cost at result.x", "another fun")
    if not np.allclose(result["x"], minimum, rtol=0, atol=near):
        way = "up" if end > start else "down" if end < start else "nowhere"
        faults["minimum"] = fault_of_value(
            f"after up to 200 iterations the cost went from {start:.4g} to {end:.4g}, but its "
            f"minimum is {cost(minimum)[0]:.4g}",
            f"went {way} in {_count(result['nit'])}",
        )
    elif fault := _method_fault(calls, theta0):
        faults["minimum"] = fault
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


def _method_fault(calls: list[NDArray[Any]], theta0: Array) -> Fault | None:
    """Find out from the places at which it asked for the cost whether it is L-BFGS.

    The first step of scipy's L-BFGS-B without bounds has length 1, whatever the cost.

    Args:
        calls: the places, in their order.
        theta0: (n,), where it was to start.

    Returns:
        The Fault, or None if all is well.
    """
    if not calls or not np.array_equal(calls[0], theta0):
        return fault_of_value(
            "the first theta at which it asks for the cost is not theta0: are there bounds, or is "
            "something kept from an earlier call?",
            "another start",
        )
    steps = [float(np.linalg.norm(theta - theta0)) for theta in calls]
    first = next((step for step in steps if step), 1.0)
    if first < 1e-3:
        return fault_of_value(
            f"it asks for the cost {len(calls)} times, at places a tiny step apart: the gradient "
            "that comes with the cost is not used",
            "gradient not used",
        )
    if abs(first - 1) > 1e-6:
        return fault_of_value(
            f"its first step has length {first:.3g}, and that of L-BFGS without bounds has length "
            "1: is it another method?",
            "first step of BFGS or CG" if abs(first - 1.01) < 1e-6 else "another first step",
        )
    return None


def _count(number: float) -> str:
    """A number of iterations or calls, as a word that is the same for every problem."""
    return str(int(number)) if number <= 20 else "many"


def valley(theta: Array) -> tuple[float, Array]:
    """Rosenbrock's function, a long, narrow, curved valley that is least at (1, 1)."""
    # Here, since the other checks, and so most notebooks, can do without it.
    from scipy.optimize import rosen, rosen_der

    return rosen(theta), rosen_der(theta)


EXERCISES = (
    Exercise(
        "train",
        # It ends a hundred times as near with L-BFGS.
        probes=(
            Probe("a long valley that curves", (valley, np.array([-1.2, 1.0]), np.ones(2), 1e-4)),
        ),
        properties=Properties(TRAINING, training_faults),
        called_again=False,
    ),
)
