"""Make data/batches.npz: how wrong the gradient is if each batch takes its own rho_hat.

    python data/batches.py

Nobody needs to run this to take the course, because the file is already here; the explorer of
notebook 07 shows it. The network and the patches are those of notebook 05: 64 inputs, 25 hidden
units, 10 000 patches, lambda 1e-4, rho 0.01, beta 3. Up to iteration 100 it is trained here; after
400 it is `sparse` of data/parameters.npz, which began at the same start. Each time the patches are
cut, in their order, into batches of one size. The wrong gradient is the mean of the gradients
that the reference's sparse_autoencoder_cost returns for the batches; the right one is that of all
patches at once. The arrays, float64:

    sizes       (S,) the examples in a batch; each divides 10 000
    iterations  (T,) after how many it was measured; 0 is the random start
    cost        (T,) the right cost
    batch_cost  (T, S) the mean of the batches' costs
    error       (T, S) the length of the difference of the gradients, by that of the right one
    length      (T, S) the length of the wrong gradient, by that of the right one
    angle       (T, S) the angle between the two, in degrees

The whole run takes a minute. Elsewhere the numbers after 100 iterations differ a little, since
a rounding error becomes large on the way.
"""

from pathlib import Path
from typing import Any

import numpy as np

from autograder import demo
from autograder.exercises.reference import reference
from saelab.data import load_stored, write_stored
from saelab.typed import Array

VISIBLE, HIDDEN, PATCHES, SEED = 64, 25, 10_000, 0
LAMBDA, RHO, BETA = 1e-4, 0.01, 3.0
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
ITERATIONS = (0, 20, 50, 100, 400)  # the last are those of data/parameters.npz
TARGET = Path(__file__).resolve().with_name("batches.npz")


def cost_and_gradient(theta: Array, patches: Array) -> tuple[float, Array]:
    """The reference's cost of some patches, (64, m), and its gradient."""
    cost, gradient = reference("03_kl_delta").sparse_autoencoder_cost(
        theta, VISIBLE, HIDDEN, LAMBDA, RHO, BETA, patches
    )
    return float(cost), gradient


def trained(patches: Array, theta0: Array) -> dict[int, Array]:
    """What theta is after each of ITERATIONS, by their numbers."""
    *short, longest = ITERATIONS
    seen = [theta0]
    reference("05_training").train(
        theta0, lambda theta: cost_and_gradient(theta, patches), max(short),
        lambda theta: seen.append(theta.copy()),
    )  # fmt: skip
    return {i: seen[i] for i in short} | {longest: load_stored("parameters")["sparse"]}


def compared(theta: Array, patches: Array, size: int) -> dict[str, float]:
    """What the own rho_hat of batches of one size does to cost and gradient.

    Args:
        theta: (3289,).
        patches: (64, m).
        size: the examples in a batch; it divides m.

    Returns:
        batch_cost, error, length and angle, as the file has them.
    """
    _, right = cost_and_gradient(theta, patches)
    batches = np.split(patches, patches.shape[1] // size, axis=1)
    cost, wrong = 0.0, np.zeros_like(theta)
    for batch in batches:
        own_cost, own_gradient = cost_and_gradient(theta, batch)
        cost += own_cost / len(batches)
        wrong += own_gradient / len(batches)
    whole, part = np.linalg.norm(right), np.linalg.norm(wrong)
    # An angle near 0 is lost in the rounding of its cosine, not in that of half its chord.
    chord = np.linalg.norm(wrong / part - right / whole)
    return {
        "batch_cost": cost,
        "error": float(np.linalg.norm(wrong - right) / whole),
        "length": float(part / whole),
        "angle": float(np.degrees(2 * np.arcsin(chord / 2))),
    }


def main() -> None:
    rng = np.random.default_rng(SEED)
    patches = demo.sample_data(demo.white_images(), rng)
    theta0 = reference("02_cost").initialize_parameters(VISIBLE, HIDDEN, rng)
    thetas = trained(patches, theta0).values()
    rows = [[compared(theta, patches, size) for size in SIZES] for theta in thetas]
    arrays: dict[str, Any] = {
        name: [[found[name] for found in row] for row in rows] for name in rows[0][0]
    }
    arrays["cost"] = [cost_and_gradient(theta, patches)[0] for theta in thetas]
    write_stored(TARGET, arrays | {"sizes": SIZES, "iterations": ITERATIONS})


if __name__ == "__main__":
    main()
