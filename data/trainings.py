"""Make data/trainings.npz: what the exercise's network learns with other parameters.

    python data/trainings.py

Nobody needs to run this to take the course, because the file is already here; the playground of
notebook 05 shows it. Each point of the grid RHO x BETA x LAMBDA x HIDDEN is one training with the
reference solution's own functions on 5000 patches of the photographs. All trainings with the same
number of hidden units start from the same parameters. The same machine with the same libraries
gives the same numbers. Elsewhere, other units may learn other edges, since a rounding error becomes
large within 400 iterations.

What the file holds already is kept, so a longer axis costs only the trainings that are new. Remove
the file first where the solution, the photographs or the numbers below have changed: then all 240
are trained, which takes two processors a quarter of an hour.

The file holds numbers and no pickled object. For the grid, in the order of its axes:

    rho, beta, lambda_, hidden      (5,) (4,) (5,) (3,): the values on each axis
    cost, error, decay, sparsity    (5, 4, 5, 3): the cost after the training, and its three parts
    explained                       share of the patches' variance that the network explains
    iterations                      of L-BFGS
    edges                           hidden units whose weights are alive and fit a Gabor function
    are_edges                       1 where saelab.quality calls them edge detectors, else 0

and for each number of hidden units, such as 25:

    W1_25                           (5, 4, 5, 25, 64) float16
    active_25                       (5, 4, 5, 25) float32, mean activations
"""

import functools
import itertools
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.exercises.reference import reference
from saelab import progress
from saelab.data import load_images, load_stored, write_stored
from saelab.quality import describe_filters
from saelab.quality.verdict import ALIVE_NORM
from saelab.typed import Array

Place = tuple[int | slice, int, int, int]  # on the axes rho, beta, lambda, hidden
Parameters = tuple[int, float, float, float]  # hidden, rho, beta, lambda
Trained = tuple[NDArray[Any], NDArray[Any], dict[str, float]]  # W1, mean activations, NUMBERS

RHO = (0.005, 0.01, 0.03, 0.05, 0.1)
BETA = (0.0, 1.0, 3.0, 10.0)
LAMBDA = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3)
HIDDEN = (25, 49, 100)
PATCHES, PATCH_SIZE, ITERATIONS, SEED = 5000, 8, 400, 0
PROCESSES = 2
VISIBLE = PATCH_SIZE**2
NUMBERS = ("cost", "error", "decay", "sparsity", "explained", "iterations", "edges", "are_edges")
TARGET = Path(__file__).resolve().with_name("trainings.npz")


def sample_data() -> tuple[Array, dict[int, Array]]:
    """Sample the patches, and draw the parameters from which the trainings start.

    Returns:
        The patches (64, 5000), and a dictionary from the number of hidden units to the theta to
        start from.
    """
    first, second = reference("01_patch_sampling"), reference("02_cost")
    images = np.array([first.whiten(image, f0=0.4) for image in load_images()])
    starts = {}
    for hidden in HIDDEN:
        # As notebook 05 begins: with 25 units, its training on few patches is one of these.
        rng = np.random.default_rng(SEED)
        patches = first.normalize_patches(first.sample_patches(images, PATCH_SIZE, 10_000, rng))
        starts[hidden] = second.initialize_parameters(VISIBLE, hidden, rng)
    return patches[:, :PATCHES], starts


def train_one(
    patches: Array, theta0: Array, hidden: int, rho: float, beta: float, lambda_: float
) -> Trained:
    """Train one network.

    Args:
        patches: (64, m), one patch in each column.
        theta0: the parameters to start from.
        hidden: the number of hidden units.
        rho: the target activation.
        beta: the weight of the sparsity penalty.
        lambda_: the weight decay.

    Returns:
        W1, the mean activations, and a dictionary from each name in NUMBERS to its number.
    """
    sparse_cost = reference("03_kl_delta").sparse_autoencoder_cost

    def cost_of(theta: Array, lambda_: float, beta: float) -> tuple[float, Array]:
        return sparse_cost(theta, VISIBLE, hidden, lambda_, rho, beta, patches)

    train = reference("05_training").train
    result = train(theta0, lambda theta: cost_of(theta, lambda_, beta), ITERATIONS)
    error = cost_of(result.x, 0.0, 0.0)[0]
    W1, active, numbers = examined(patches, result.x, hidden)
    numbers |= {
        "cost": result.fun,
        "error": error,
        "decay": cost_of(result.x, lambda_, 0.0)[0] - error,
        "sparsity": cost_of(result.x, 0.0, beta)[0] - error,
        "iterations": result.nit,
    }
    return W1, active, numbers


def examined(patches: Array, theta: Array, hidden: int) -> Trained:
    """Measure what a trained network has learned.

    Args:
        patches: (64, m), one patch in each column.
        theta: its parameters.
        hidden: the number of hidden units.

    Returns:
        W1, the mean activations, and {"explained", "edges", "are_edges": the number of each}.
    """
    network = reference("02_cost")
    W1, *_ = network.unpack_parameters(theta, VISIBLE, hidden)
    a2, a3 = network.feed_forward(theta, VISIBLE, hidden, patches)
    quality = describe_filters(W1)
    # A dead unit's crumbs can fit a Gabor function, too.
    alive = np.linalg.norm(W1 - W1.mean(axis=1, keepdims=True), axis=1) > ALIVE_NORM
    numbers = {
        "explained": 1 - np.sum((a3 - patches) ** 2) / np.sum((patches - 0.5) ** 2),
        "edges": sum(fit.is_good for fit, lives in zip(quality.fits, alive) if lives),
        "are_edges": quality.are_edge_detectors,
    }
    return W1, reference("03_kl_delta").average_activation(a2), numbers


def places() -> Iterator[tuple[Parameters, Place]]:
    """List the trainings that are needed.

    Without a sparsity penalty rho has no effect, so those points of the grid share one training.

    Yields:
        The parameters (hidden, rho, beta, lambda_) of a training, and the indices of the points of
        the grid that it is for.
    """
    for (b, beta), (k, lambda_), (h, hidden) in itertools.product(
        enumerate(BETA), enumerate(LAMBDA), enumerate(HIDDEN)
    ):
        if beta == 0:
            yield (hidden, RHO[0], beta, lambda_), (slice(None), b, k, h)
            continue
        for r, rho in enumerate(RHO):
            yield (hidden, rho, beta, lambda_), (r, b, k, h)


def train_from_the_start(parameters: Parameters) -> Trained:
    """Train one network with these parameters, in whatever process."""
    patches, starts = _sampled()
    return train_one(patches, starts[parameters[0]], *parameters)


_sampled = functools.cache(sample_data)  # once in each process


def kept() -> dict[Parameters, Trained]:
    """Read the trainings that the file holds; none if there is no file."""
    if not TARGET.exists():
        return {}
    there, found = load_stored("trainings"), {}
    axes = [there[name].tolist() for name in ("rho", "beta", "lambda_", "hidden")]
    for parameters, _ in places():
        hidden, *others = parameters
        values = (*others, hidden)
        if all(value in axis for value, axis in zip(values, axes)):
            at = tuple(axis.index(value) for value, axis in zip(values, axes))
            numbers = {name: float(there[name][at]) for name in NUMBERS}
            W1, active = (there[f"{name}_{hidden}"][at[:3]] for name in ("W1", "active"))
            found[parameters] = W1, active, numbers
    return found


def train_all() -> dict[str, NDArray[Any]]:
    """Run the trainings that the file lacks, and return all that it is to hold as {name: array}."""
    shape = len(RHO), len(BETA), len(LAMBDA)
    axes = {"rho": RHO, "beta": BETA, "lambda_": LAMBDA, "hidden": HIDDEN}
    arrays: dict[str, NDArray[Any]] = {
        name: np.array(values, dtype=float) for name, values in axes.items()
    }
    for name in NUMBERS:
        arrays[name] = np.zeros((*shape, len(HIDDEN)), dtype=np.float32)
    for hidden in HIDDEN:
        arrays[f"W1_{hidden}"] = np.zeros((*shape, hidden, VISIBLE), dtype=np.float16)
        arrays[f"active_{hidden}"] = np.zeros((*shape, hidden), dtype=np.float32)
    done = kept()
    todo = [parameters for parameters, _ in places() if parameters not in done]
    with ProcessPoolExecutor(PROCESSES) as pool:
        trained = pool.map(train_from_the_start, todo)
        with progress.bar(len(todo), "training", unit="training") as bar:
            for parameters, results in zip(todo, trained, strict=True):
                done[parameters] = results
                bar.update()
    for parameters, place in places():
        W1, active, numbers = done[parameters]
        arrays[f"W1_{parameters[0]}"][place[:3]] = W1
        arrays[f"active_{parameters[0]}"][place[:3]] = active
        for name, number in numbers.items():
            arrays[name][place] = number
    return arrays


def main() -> None:
    arrays: dict[str, Any] = train_all()
    write_stored(TARGET, arrays)


if __name__ == "__main__":
    main()
