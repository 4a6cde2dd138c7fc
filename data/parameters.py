"""Make data/parameters.npz: what notebook 05 trains and saves for notebook 06.

    python data/parameters.py

Nobody needs to run this to take the course, because the file is already here. Notebook 06 reads it
where a reader has not run notebook 05 yet, and says so. Each array is theta, 1-D (3289,) float64,
of a network with 64 inputs and 25 hidden units, trained by the reference solution as notebook 05
does it, from one random start:

    sparse     400 iterations on 10 000 patches: lambda 1e-4, rho 0.01, beta 3
    dense      200 iterations on the first 5000: the same with beta 0, so without sparsity
    decayed    200 iterations on the first 5000: the same as `sparse` with lambda 3e-4

The whole run takes less than a minute. The same machine with the same libraries gives the same
numbers. Elsewhere, other units may learn other edges, since a rounding error becomes large within
400 iterations.
"""

from pathlib import Path
from typing import Any

import numpy as np

from autograder import demo
from autograder.exercises.reference import reference
from saelab.data import write_stored
from saelab.typed import Array

VISIBLE, HIDDEN, SEED = 64, 25, 0
# iterations, patches, lambda, beta
TRAININGS = {
    "sparse": (400, 10_000, 1e-4, 3.0),
    "dense": (200, 5000, 1e-4, 0.0),
    "decayed": (200, 5000, 3e-4, 3.0),
}
RHO = 0.01
TARGET = Path(__file__).resolve().with_name("parameters.npz")


def train_one(name: str) -> Array:
    """Train one of the networks.

    Args:
        name: which of TRAININGS.

    Returns:
        theta after the training, (3289,).
    """
    iterations, n_patches, lambda_, beta = TRAININGS[name]
    rng = np.random.default_rng(SEED)
    patches = demo.sample_data(demo.white_images(), rng)[:, :n_patches]
    theta0 = reference("02_cost").initialize_parameters(VISIBLE, HIDDEN, rng)
    sparse_cost = reference("03_kl_delta").sparse_autoencoder_cost

    def cost(theta: Array) -> tuple[float, Array]:
        return sparse_cost(theta, VISIBLE, HIDDEN, lambda_, RHO, beta, patches)

    return np.array(reference("05_training").train(theta0, cost, iterations).x)


def main() -> None:
    arrays: dict[str, Any] = {name: train_one(name) for name in TRAININGS}
    write_stored(TARGET, arrays)


if __name__ == "__main__":
    main()
