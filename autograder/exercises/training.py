"""Notebook 05: hidden problems and known mistakes of training with L-BFGS."""

from collections.abc import Callable, Iterator

import numpy as np

from autograder.exercises.exercise import UNTOUCHED, Exercise, mistake
from autograder.exercises.networks import draw
from saelab.check.exercise import Probe

CostAndGradient = Callable[[np.ndarray], tuple[float, np.ndarray]]


def bowl(seed: int, n: int) -> tuple[CostAndGradient, np.ndarray, np.ndarray]:
    """A quadratic cost of n variables, a place to start, and its minimum.

    Args:
        seed: the seed of the random numbers.
        n: how many variables there are.

    Returns:
        The tuple (cost, theta0, minimum). cost takes theta, (n,), and returns (J, grad); theta0 and
        minimum are (n,).
    """
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(n, n)))
    curvature = turn @ np.diag(np.geomspace(1.0, 300.0, n)) @ turn.T
    minimum = rng.normal(size=n)

    def cost(theta: np.ndarray) -> tuple[float, np.ndarray]:
        step = theta - minimum
        return 0.5 * float(step @ curvature @ step) + 1.5, curvature @ step

    return cost, minimum + rng.normal(size=n), minimum


def _train(rng: np.random.Generator) -> Iterator[Probe]:
    for n in (4, 9):
        yield Probe(f"{n} variables", (*bowl(draw(rng), n), 500.0))


NUMBER = "        lambda t: cost(t)[0],\n"
LIMIT = '{"maxiter": maxiter}'
COST = "        cost,\n"
UNTRAINED = "return (lambda r: r.update(x=theta0, fun=cost(theta0)[0]) or r)(minimize("

PLAIN_STEPS = """
    from scipy.optimize import OptimizeResult
    theta = np.array(theta0)
    for _ in range(maxiter):
        theta = theta - 1e-4 * cost(theta)[1]
        callback and callback(theta)
    return OptimizeResult(x=theta, fun=cost(theta)[0], nit=maxiter, message="")
    return minimize(
"""


TRAINING = (
    mistake(
        "maxiter forgotten",
        "It goes on after the allowed number of iterations. Look at where maxiter is handed on.",
        (LIMIT, "{}"),
    ),
    mistake(
        "a fixed maxiter",
        "It always stops after the same few iterations. Look at where maxiter is handed on.",
        (LIMIT, '{"maxiter": 10}'),
    ),
    mistake(
        "a limit too high by ten",
        "It makes more iterations than maxiter allows. Look at the number that is handed on.",
        (LIMIT, '{"maxiter": maxiter + 10}'),
    ),
    mistake(
        "stops too early",
        "It ends long before the cost stops falling. Look at the tolerances that are handed on.",
        (LIMIT, '{"maxiter": maxiter, "ftol": 1.0}'),
    ),
    mistake(
        "nobody called",
        "The callback is never called. Look at where it is handed on.",
        ("callback=callback,", ""),
    ),
    mistake(
        "called at each evaluation",
        "The callback is called whenever the cost is computed. Look at where it is handed on: an "
        "iteration may take several evaluations.",
        (COST, "        lambda t: (callback and callback(t), cost(t))[1],\n"),
        ("callback=callback,", ""),
    ),
    mistake(
        "called with the cost",
        "The callback is called with a cost. Look at the docstring for what it should be given.",
        ("callback=callback", "callback=callback and (lambda t: callback(cost(t)[0]))"),
    ),
    mistake(
        "theta alone",
        "Only the parameters come back. Look at what the docstring says is returned: all that "
        "scipy tells.",
        (f"options={LIMIT},\n    )", f"options={LIMIT},\n    ).x"),
    ),
    mistake(
        "parameters and cost",
        "A pair comes back, of parameters and cost. Look at what the docstring says is returned: "
        "all that scipy tells.",
        ("return minimize(", "return (lambda r: (r.x, r.fun))(minimize("),
        (f"options={LIMIT},\n    )", f"options={LIMIT},\n    ))"),
    ),
    mistake(
        "no gradient",
        "The minimiser takes the cost for a plain number and stumbles over a pair. Look at how it "
        "is told that the gradient comes with the cost.",
        ("jac=True,", ""),
    ),
    mistake(
        "gradient measured",
        "The gradient is measured by many calls of the cost, though it comes with each of them. "
        "Look at how the minimiser is told so.",
        (COST, NUMBER),
        ("jac=True,", ""),
    ),
    mistake(
        "another method",
        "Another minimiser than L-BFGS is at work. Look at how the method is chosen.",
        ('method="L-BFGS-B"', 'method="BFGS"'),
    ),
    mistake(
        "a limit on evaluations",
        "The limit holds for evaluations of the cost, of which an iteration may take several. Look "
        "at the name of the option that is set.",
        (LIMIT, '{"maxfun": maxiter}'),
    ),
    mistake(
        "gradient's sign",
        "The minimiser is led uphill: hardly anything improves. Look at the sign of the gradient "
        "that it is given.",
        (COST, "        lambda t: (cost(t)[0], -cost(t)[1]),\n"),
    ),
    mistake(
        "uphill",
        "The minimiser climbs, and takes the cost for lower than it can be. Look at the sign of "
        "what it is given: cost and gradient.",
        (COST, "        lambda t: (-cost(t)[0], -cost(t)[1]),\n"),
    ),
    mistake(
        "half of theta",
        "Only a part of theta is trained: the rest stays as it was. Look at which entries of the "
        "gradient the minimiser is given.",
        (COST, "        lambda t: (cost(t)[0], cost(t)[1] * (np.arange(t.size) < t.size // 2)),\n"),
    ),
    mistake(
        "plain steps",
        "It goes down the gradient in plain steps of one fixed size. Look at the method that the "
        "docstring asks for.",
        ("    return minimize(\n", PLAIN_STEPS),
    ),
    mistake(
        "not trained",
        "The start comes back as the result. Look at which parameters are returned.",
        ("return minimize(", UNTRAINED),
        (f"options={LIMIT},\n    )", f"options={LIMIT},\n    ))"),
    ),
    mistake(
        "start changed",
        "theta0 is not the same after the call. Look for a step that writes into it.",
        ("return minimize(", "theta0 += 0.1; return minimize("),
    ),
    mistake(
        "another cost returned",
        "The cost in the result is not that of the parameters beside it. Look at where each of the "
        "two comes from.",
        ("return minimize(", "return (lambda r: r.update(fun=2 * r.fun + 1) or r)(minimize("),
        (f"options={LIMIT},\n    )", f"options={LIMIT},\n    ))"),
    ),
    mistake(
        "no return",
        "The training runs, but nothing comes back. Look at the last lines of the function.",
        ("return minimize(", "minimize("),
    ),
)  # fmt: skip


EXERCISES = (
    # It is to use SciPy.
    Exercise("train", _train, mistakes=TRAINING, libraries=None, sample={"dan": UNTOUCHED}),
)
