"""Make data/tanh.npz: what tanh units learn, and units with other penalties than KL.

    python data/tanh.py

Nobody needs to run this to take the course, because the file is already here; notebook 08 shows it.
Each network has 64 inputs and 25 hidden units, and is trained on the first 5000 patches of notebook
05 by the reference's own functions, 300 iterations from a random start, whose seed is not that of
the patches. The penalties are those of notebook 08, as functions of p, with rho 0.01. The file
holds, of float32 if nothing else is said:

    lambdas         (4,) the weight decay of tanh units with KL and beta 3
    lambda_W1       (4, 3, 25, 64) float16, from three random starts, the same for each lambda
    lambda_edges    (4, 3) int64, the filters that are alive and fit a Gabor function
    lambda_alive    (4, 3) int64, the filters that are alive
    lambda_cost     (4, 3) the cost
    sigmoid_W1, sigmoid_edges, sigmoid_alive, sigmoid_cost
                    the same of sigmoid units with lambda 1e-4, without the first axis

    penalties       (5,) names of penalties
    weights         (5, 4) what each of them was multiplied with
    W1              (5, 4, 25, 64) float16, of sigmoid units, from the first of the random starts
    edges, alive    (5, 4) int64
    explained       (5, 4) the share of the patches' variance that the network explains
    active          (5, 4, 25) the mean of p of each unit

    kept            (6, 2) int64, a penalty and a weight, by their places in the arrays above
    kept_W1, kept_edges, kept_alive, kept_explained, kept_active
                    what these make in 200 iterations more of the network that KL with weight 3
                    has trained

The whole run takes two quiet processors some five minutes. Elsewhere, other units may learn other
edges, since a rounding error becomes large within 300 iterations.
"""

import functools
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograder import demo
from autograder.exercises.reference import reference
from saelab import progress
from saelab.data import write_stored
from saelab.quality import describe_filters
from saelab.quality.verdict import ALIVE_NORM
from saelab.typed import Array

VISIBLE, HIDDEN, PATCHES, SEED = 64, 25, 5000, 0
RHO, ITERATIONS, MORE = 0.01, 300, 200
STARTS = (1, 2, 3)
SIGMOID_LAMBDA = 1e-4
LAMBDAS = (1e-4, 2e-4, 4e-4, 8e-4)
# The name of each penalty, and of its function in notebook 08, and its weights.
PENALTIES = {
    "KL": ("kl", (0.3, 1, 3, 10)),
    "squared": ("squared", (3, 30, 300, 3000)),
    "L1": ("l1", (0.01, 0.03, 0.1, 0.3)),
    "log": ("log", (0.001, 0.003, 0.01, 0.03)),
    "|a| of tanh": ("zeros_of_tanh", (0.01, 0.03, 0.1, 0.3)),
}
# By their places: KL 3, squared 300, L1 0.1 and 0.3, log 0.003 and 0.01.
KEPT = ((0, 2), (1, 2), (2, 2), (2, 3), (3, 1), (3, 2))
TARGET = Path(__file__).resolve().with_name("tanh.npz")

Found = dict[str, Any]  # what is stored of one network


class Training(NamedTuple):
    """One training: of which units, with which penalty and decay, and from where."""

    unit: str
    penalty: str
    weight: float
    lambda_: float
    start: int
    goes_on: bool = False  # from the network that KL has trained


@functools.cache
def patches() -> Array:
    """The patches, (64, 5000)."""
    return demo.sample_data(demo.white_images(), np.random.default_rng(SEED))[:, :PATCHES]


def trainings() -> dict[str, list[Training]]:
    """All of them, by the arrays that they go into, in the order of these."""
    grid = [
        Training("sigmoid", penalty, weight, SIGMOID_LAMBDA, STARTS[0])
        for penalty, (_, weights) in PENALTIES.items()
        for weight in weights
    ]
    columns = len(grid) // len(PENALTIES)
    return {
        "lambda": [Training("tanh", "KL", 3, k, s) for k in LAMBDAS for s in STARTS],
        "sigmoid": [Training("sigmoid", "KL", 3, SIGMOID_LAMBDA, s) for s in STARTS],
        "grid": grid,
        "kept": [grid[row * columns + column]._replace(goes_on=True) for row, column in KEPT],
    }


def cost(theta: Array, how: Training) -> tuple[float, Array]:
    """The cost of a network with its penalty, and its gradient.

    Args:
        theta: (3289,).
        how: its units, penalty and decay.
    """
    own = reference("08_tanh_units")
    if how.penalty == "KL":
        whole = own.tanh_autoencoder_cost if how.unit == "tanh" else own.sparse_autoencoder_cost
        return whole(theta, VISIBLE, HIDDEN, how.lambda_, RHO, how.weight, patches())
    penalty = getattr(own, PENALTIES[how.penalty][0])
    return own.with_penalty(theta, penalty, how.weight, patches())


@functools.cache
def trained(how: Training) -> Array:
    """What theta is after a training, (3289,)."""
    own, iterations = reference("08_tanh_units"), ITERATIONS
    theta = own.initialize_parameters(VISIBLE, HIDDEN, np.random.default_rng(how.start))
    if how.goes_on:
        theta = trained(how._replace(penalty="KL", weight=3, goes_on=False))
        iterations = MORE
    return np.array(own.train(theta, lambda theta: cost(theta, how), iterations).x)


def examined(how: Training) -> Found:
    """Train a network, and measure what is stored of it."""
    own, data = reference("08_tanh_units"), patches()
    theta = trained(how)
    W1, W2, b1, b2 = own.unpack_parameters(theta, VISIBLE, HIDDEN)
    a2 = (np.tanh if how.unit == "tanh" else own.sigmoid)(W1 @ data + b1[:, None])
    output = own.sigmoid(W2 @ a2 + b2[:, None])
    alive = np.linalg.norm(W1 - W1.mean(axis=1, keepdims=True), axis=1) > ALIVE_NORM
    return {
        "W1": W1,
        "edges": sum(fit.is_good and a for fit, a in zip(describe_filters(W1).fits, alive)),
        "alive": alive.sum(),
        "cost": cost(theta, how)[0],
        "explained": reference("00_autoencoders").share_explained(data, output),
        "active": (a2 if how.unit == "sigmoid" else (1 + a2) / 2).mean(axis=1),
    }


def arrays(found: Mapping[Training, Found]) -> dict[str, Any]:
    """All that the file is to hold, from what was found of each training."""
    of_starts = ("W1", "edges", "alive", "cost")
    of_penalties = ("W1", "edges", "alive", "explained", "active")
    places = {
        "lambda": ("lambda_", (len(LAMBDAS), len(STARTS)), of_starts),
        "sigmoid": ("sigmoid_", (len(STARTS),), of_starts),
        "grid": ("", (len(PENALTIES), -1), of_penalties),
        "kept": ("kept_", (len(KEPT),), of_penalties),
    }
    stored: dict[str, NDArray[Any]] = {
        "lambdas": np.array(LAMBDAS, np.float32),
        "penalties": np.array(list(PENALTIES)),
        "weights": np.array([weights for _, weights in PENALTIES.values()], np.float32),
        "kept": np.array(KEPT),
    }
    for group, (prefix, shape, names) in places.items():
        for name in names:
            values = np.array([found[how][name] for how in trainings()[group]])
            kind = np.int64 if values.dtype.kind == "i" else np.float32
            values = values.astype(np.float16 if name == "W1" else kind)
            stored[prefix + name] = values.reshape(*shape, *values.shape[1:])
    return stored


def main() -> None:
    every = list(dict.fromkeys(how for group in trainings().values() for how in group))
    with (
        ProcessPoolExecutor(2) as pool,
        progress.bar(len(every), "training", unit="training") as bar,
    ):
        found = {}
        for how, result in zip(every, pool.map(examined, every), strict=True):
            found[how] = result
            bar.update()
    write_stored(TARGET, arrays(found))


if __name__ == "__main__":
    main()
