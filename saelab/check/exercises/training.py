"""Notebook 05: minimising the cost by L-BFGS."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from saelab.check.compare import RTOL, CallFailed, Fault, as_numbers, call, difference, in_words
from saelab.check.exercise import (
    Exercise,
    Faults,
    Probe,
    Properties,
    counted,
    fault_of_value,
    not_numbers_of_shape,
)
from saelab.typed import Array, Function

NOTEBOOK = "05_training"

Cost = Callable[[Array], tuple[float, Array]]
# How far from the minimum it may end. With L-BFGS as scipy has it, it ends a hundredth as far.
NEAR = 1e-4
# Where the valley lies, and its floor: no round numbers, and one that is nearly zero.
SHIFT, FLOOR = np.array([0.8123456789012345, -1.4567890123456789, -0.9999876543210987]), 1.23456789
# What maxiter is set to, to see whether it is kept to.
LIMITS = (3, 6, 12)
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
    seen: list[tuple[Any, ...]] = []
    asked: list[Array] = []

    # What is raised in here would be told as the student's error.
    def callback(*args: Any, **kwargs: Any) -> None:
        given = (*args, *kwargs.values())
        seen.append(tuple(arg.copy() if isinstance(arg, np.ndarray) else arg for arg in given))

    def asked_for(theta: Array) -> tuple[float, Array]:
        asked.append(np.array(theta, dtype=float))
        return cost(theta)

    asked_for.__qualname__ = "cost"  # as an error calls it
    try:
        result = call(train, theta0, asked_for, 200, callback)
        calls, limited = list(asked), {}
        for limit in LIMITS:
            asked.clear()
            limited[limit] = call(train, theta0, asked_for, limit, None), len(asked)
    except CallFailed as failure:
        return dict.fromkeys(TRAINING, failure.fault)
    for got in (result, *(got for got, _ in limited.values())):
        fault = _not_a_result(got, cost, minimum, slack)
        if fault:
            return dict.fromkeys(TRAINING, fault)
    faults: Faults = {}
    x, fun, nit = _vector(result["x"]), float(np.sum(result["fun"])), int(np.sum(result["nit"]))
    end, least = cost(x)[0], cost(minimum)[0]
    if difference(fun, end, rtol=RTOL * slack):
        faults["result"] = fault_of_value(
            "result.fun is {}, but the cost at result.x is {}".format(*in_words(fun, end)),
            f"another fun{' below the minimum' if fun < least else ''}",
        )
    method = _method_fault(calls, theta0, cost)
    if not np.allclose(x, minimum, rtol=0, atol=NEAR * slack):
        faults["minimum"] = _minimum_fault(result, x, nit, theta0, cost, minimum, method)
    elif method:
        faults["minimum"] = method
    else:
        factor = _factor(limited[LIMITS[0]][0], cost)
        if abs(factor - 1) > 1e-3:
            faults["minimum"] = fault_of_value(
                f"result.jac is {factor:.3g} times the gradient at result.x: is the gradient "
                "changed on its way to the minimiser?",
                "another gradient",
            )
    made = {limit: (int(np.sum(got["nit"])), count) for limit, (got, count) in limited.items()}
    wrong = [limit for limit in LIMITS if not min(limit, nit) <= made[limit][0] <= limit]
    if wrong:
        faults["maxiter"] = fault_of_value(
            f"with maxiter = {wrong[0]} it made {counted(made[wrong[0]][0], 'iteration')}",
            f"limit {_limit(made, nit)}",
        )
    fault = _callback_fault(seen, [*calls, x], nit, theta0, cost)
    if fault:
        faults["callback"] = fault
    return faults


def _factor(result: dict[str, Any], cost: Cost) -> float:
    """By how much the gradient in a result is multiplied; 1 if it is right, or not to be had."""
    slope, own = cost(_vector(result["x"]))[1], as_numbers(result.get("jac"))
    if own is None or own.shape != slope.shape or not slope.any():
        return 1.0
    factor = float(own @ slope / (slope @ slope))
    return factor if np.allclose(own, factor * slope, rtol=1e-6) else 1.0


def _vector(numbers: Any) -> Array:
    return np.ravel(np.asarray(numbers, dtype=float))


def _not_a_result(got: Any, cost: Cost, minimum: Array, slack: float) -> Fault | None:
    """The fault that something is not scipy's OptimizeResult, or not filled as it is.

    Args:
        got: what came back.
        cost: called as cost(theta); returns (cost, grad).
        minimum: (n,), where the cost is least.
        slack: as in training_faults.

    Returns:
        The Fault, or None if all is well.
    """
    if got is None or not isinstance(got, dict):
        kind = "None" if got is None else f"something of the type {type(got).__name__}"
        says = f"train should return scipy's OptimizeResult, but it returned {kind}"
        theta, *rest = got if isinstance(got, tuple) and len(got) == 2 else (got,)
        code = f"returned {kind}"
        if not not_numbers_of_shape(theta, minimum.shape, "theta"):
            theta = _vector(theta)
            if not np.allclose(theta, minimum, rtol=0, atol=NEAR * slack):
                code = f"{code} with other numbers"
            elif rest and difference(rest[0], cost(theta)[0], rtol=RTOL * slack):
                code = f"{code} with theta"
            else:
                code = f"{code} with theta{' and cost' if rest else ' alone'}"
        return Fault(says, "none" if got is None else "type", code)
    missing = [key for key in ("x", "fun", "nit", "message") if key not in got]
    if missing:
        says = f"the result has no {', no '.join(missing)}, which that of L-BFGS has"
        return Fault(says, "type", says)
    for key, size in (("x", minimum.shape), ("fun", ()), ("nit", ())):
        fault = not_numbers_of_shape(got[key], size, f"result.{key}")
        if fault:
            return fault
    return None


def _minimum_fault(
    result: dict[str, Any],
    x: Array,
    nit: int,
    theta0: Array,
    cost: Cost,
    minimum: Array,
    method: Fault | None,
) -> Fault:
    """The fault that a training ends elsewhere than at the minimum.

    Args:
        result: what the student's function returned, when it was allowed 200 iterations.
        x: (n,), where it ended.
        nit: how many iterations it made.
        theta0: (n,), where it started.
        cost: called as cost(theta); returns (cost, grad).
        minimum: (n,), where the cost is least.
        method: what is wrong with the method, if anything is.
    """
    start, end, least = (cost(theta)[0] for theta in (theta0, x, minimum))
    way = "up" if end > start else "down" if end < start else "nowhere"
    moved = x != theta0
    part = "all" if moved.all() else "a part" if moved.any() else "none" if nit else "not begun:"
    far = end - least > 0.01 * (start - least)
    # scipy's status is 1 at a limit, and 0 where the cost hardly falls any more.
    status = as_numbers(result.get("status"))
    why = "converged" if status is not None and np.all(status == 0) else ""
    says, floor = in_words(end, least)
    went = f"has gone from {start:.4g} to {says}" if end != start else f"is still {says}"
    return fault_of_value(
        f"after {counted(nit, 'iteration')} (200 are allowed) the cost {went}, but its minimum is "
        f"{floor}",
        f"{part} went {way} {'far off' if far else 'near'} {why} {method.code if method else ''}",
    )


def _method_fault(calls: list[Array], theta0: Array, cost: Cost) -> Fault | None:
    """Find out from the places at which it asked for the cost whether it is L-BFGS.

    The first step of scipy's L-BFGS-B without bounds goes down the gradient and has length 1,
    whatever the cost.

    Args:
        calls: the places, in their order.
        theta0: (n,), where it was to start.
        cost: called as cost(theta); returns (cost, grad).

    Returns:
        The Fault, or None if all is well.
    """
    if not calls or not np.array_equal(calls[0], theta0):
        return fault_of_value(
            "the first theta at which it asks for the cost is not theta0: are there bounds, or is "
            "something kept from an earlier call?",
            "another start",
        )
    slope = cost(theta0)[1]
    down = -slope / np.linalg.norm(slope)
    steps = [theta - theta0 for theta in calls if (theta != theta0).any()]
    step = steps[0] if steps else down
    length = float(np.linalg.norm(step))
    axes = [np.flatnonzero(step) for step in steps[: theta0.size]]
    if length < 1e-3 and [axis.tolist() for axis in axes] == [[i] for i in range(theta0.size)]:
        return fault_of_value(
            f"it asks for the cost {len(calls)} times, at places a tiny step apart: the gradient "
            "that comes with the cost is not used",
            "gradient not used",
        )
    if np.allclose(step, down, atol=1e-6):
        return None
    if np.allclose(step, -down, atol=1e-6):
        return fault_of_value(
            "its first step goes up the gradient, and that of L-BFGS goes down", "first step up"
        )
    return fault_of_value(
        f"its first step has length {length:.3g}, and that of L-BFGS goes down the gradient and "
        "has length 1: is it another method, or are there bounds?",
        _first_step(calls, step, down, cost),
    )


def _first_step(calls: list[Array], step: Array, down: Array, cost: Cost) -> str:
    """What another first step than that of L-BFGS looks like, in a few words."""
    if np.allclose(step, 1.01 * down, atol=1e-6):
        return "BFGS or CG"
    places = [calls[0], *(new for old, new in itertools.pairwise(calls) if (new != old).any())]
    size = float(step @ down / (down @ cost(calls[0])[1]))  # the same in each plain step
    plain = [np.allclose(new - old, size * cost(old)[1]) for old, new in itertools.pairwise(places)]
    if len(plain) > 2 and all(plain):
        return "plain steps"
    along = step != 0
    part = down[along] / np.linalg.norm(down[along])
    return "part of a step" if np.allclose(step[along], part, atol=1e-6) else "another first step"


def _limit(made: dict[int, tuple[int, int]], free: int) -> str:
    """What limits the number of iterations, in a few words.

    Args:
        made: from maxiter to how many iterations were made, and how often it asked for the cost.
        free: how many iterations were made when 200 were allowed.
    """
    more = {nit - limit for limit, (nit, _) in made.items()}
    if {nit for nit, _ in made.values()} == {free}:
        return "none" if free > 20 else "always the same few"
    if len(more) == 1:
        return f"maxiter {more.pop():+d}"
    evaluations = all(nit < limit <= count <= limit + 3 for limit, (nit, count) in made.items())
    return "of evaluations" if evaluations else "another"


def _callback_fault(
    seen: list[tuple[Any, ...]], calls: list[Array], nit: int, theta0: Array, cost: Cost
) -> Fault | None:
    """Find out what is wrong with how the callback was called.

    Args:
        seen: the arguments of each of its calls.
        calls: the places at which the cost was asked for, and where the training ended.
        nit: how many iterations were made.
        theta0: (n,), where the training started.
        cost: called as cost(theta); returns (cost, grad).

    Returns:
        The Fault, or None if all is well.
    """
    given = [as_numbers(args[0]) if len(args) == 1 else None for args in seen]
    thetas = [theta for theta in given if theta is not None and theta.shape == theta0.shape]
    if len(thetas) < len(seen):
        costs = [cost(theta)[0] for theta in calls]
        numbers = [float(number) for number in given if number is not None and number.size == 1]
        paid = [np.isclose(number, costs, rtol=1e-9).any() for number in numbers]
        several = next((counted(len(args), "argument") for args in seen if len(args) != 1), "")
        return fault_of_value(
            "callback should be called with theta, as callback(theta)"
            f"{several and f', but it gets {several}'}",
            "a cost" if len(paid) == len(seen) and all(paid) else "another argument",
        )
    if thetas and np.array_equal(thetas[0], theta0):
        if all(np.array_equal(theta, theta0) for theta in thetas) and len(thetas) > 1:
            return fault_of_value(
                "callback is called with theta0 each time, not with the theta of the iteration",
                "theta0 always",
            )
        each = np.array_equal(thetas, calls[:-1])
        return fault_of_value(
            "callback is called with theta0 first; call it after each iteration",
            "at each evaluation" if each else "theta0 first",
        )
    if abs(len(seen) - nit) > 1:
        times = counted(len(seen), "time")
        return fault_of_value(
            f"callback was called {times}, and result.nit is {nit}; it should be called once after "
            "each iteration",
            f"called {len(seen) if len(seen) <= 20 else 'often'}",
        )
    if not all(np.isclose(theta, calls, rtol=1e-6).all(axis=1).any() for theta in thetas):
        return fault_of_value(
            "callback is called with numbers that are not the theta of an iteration",
            "other numbers",
        )
    return None


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
