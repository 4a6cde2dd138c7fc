"""Make data/hundred_units.npz: the networks of notebook 09, and what became of its controls.

    python data/hundred_units.py [name of a training] ...

Nobody needs to run this to take the course, because the file is already here; notebook 09 and its
explorer show it. Every training is that of the exercise (lambda 1e-4, rho 0.01, beta 3, L-BFGS) by
the reference's own functions, on normalised patches of the whitened photographs, and comes with
several seeds: seed s draws the patches, seed 10 + s the start, and seed 20 + s what a control
draws. What the trainings are called, and what differs between them, TRAININGS says; the controls
change the patches before the training:

    own shuffle   the pixels of each patch are shuffled, each patch in an order of its own
    one shuffle   the pixels of all patches are shuffled in one order, which is kept
    twin          Gaussian noise with the mean and the covariance of the patches (gaussian_twin)

For the training NAME with S seeds, p x p pixels and H hidden units the file holds

    NAME/theta        (S, 2 p^2 H + H + p^2) float16: the parameters after the training
    NAME/fits         (S, H, 9) float32: the Gabor function that fits each row of W1 best, as the
                      first nine fields of saelab.quality.GaborFit: r2, x, y, sigma_across,
                      sigma_along (pixels), orientation (degrees), frequency (cycles/pixel),
                      phase (radians), amplitude; of `one shuffle`, once each weight is put
                      back to its pixel
    NAME/cost         (S,) the cost
    NAME/share        (S,) the share of the patches' variance, about the mean of each pixel, that
                      the network explains
    NAME/iterations   (S,) of L-BFGS
    NAME/permutation  (S, p^2) of `one shuffle` alone: row i of its data was pixel permutation[i]

What the file holds already is kept, unless its training is named. All of them take ten minutes.
The same machine with the same libraries gives the same numbers. Elsewhere, other units may learn
other edges, since a rounding error becomes large within so many iterations.
"""

import argparse
import dataclasses
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograder.exercises.reference import reference
from saelab import progress
from saelab.data import load_images, load_stored, write_stored
from saelab.quality import describe_filters
from saelab.typed import Array

LAMBDA, RHO, BETA = 1e-4, 0.01, 3.0
START, CONTROL = 10, 20  # what is added to a seed to draw the start, and for a control
TARGET = Path(__file__).resolve().with_name("hundred_units.npz")
FITTED = 9  # fields of a GaborFit: all but the size of the patch, which is the same for all


class Training(NamedTuple):
    """One network, trained from several seeds.

    Attributes:
        side: pixels along a side of a patch.
        f0: where whitening begins to cut off, in cycles/pixel.
        hidden: the number of hidden units.
        patches: how many there are.
        iterations: of L-BFGS, at most.
        seeds: how many.
        control: what is done to the patches before the training; empty for nothing.
    """

    side: int
    f0: float
    hidden: int
    patches: int
    iterations: int
    seeds: int
    control: str = ""


TRAININGS = {
    "hundred": Training(10, 0.3, 100, 10_000, 800, 3),
    "hundred twin": Training(10, 0.3, 100, 10_000, 800, 1, "twin"),
    "100 for 64": Training(8, 0.4, 100, 10_000, 400, 1),
    "196 for 64": Training(8, 0.4, 196, 10_000, 400, 1),
    "photographs": Training(8, 0.4, 25, 5000, 400, 3),
    "own shuffle": Training(8, 0.4, 25, 5000, 400, 1, "own shuffle"),
    "one shuffle": Training(8, 0.4, 25, 5000, 400, 3, "one shuffle"),
    "twin": Training(8, 0.4, 25, 5000, 400, 3, "twin"),
}


def sampled(training: Training, seed: int) -> Array:
    """The patches of a training before anything is done to them: (side^2, patches)."""
    first = reference("01_patch_sampling")
    images = np.array([first.whiten(image, f0=training.f0) for image in load_images()])
    rng = np.random.default_rng(seed)
    drawn = first.sample_patches(images, training.side, training.patches, rng)
    return np.array(first.normalize_patches(drawn))


def controlled(patches: Array, control: str, seed: int) -> tuple[Array, NDArray[np.intp]]:
    """Do to patches what a control does.

    Args:
        patches: (v, m).
        control: one of the names above; empty for nothing.
        seed: the training's.

    Returns:
        The patches that the network sees, and the permutation of their pixels that all have in
        common.
    """
    rng = np.random.default_rng(CONTROL + seed)
    same = np.arange(len(patches))
    if control == "own shuffle":
        return rng.permuted(patches, axis=0), same
    if control == "one shuffle":
        permutation = rng.permutation(len(patches))
        return patches[permutation], permutation
    if control == "twin":
        return reference("09_the_lecture_figure").gaussian_twin(patches, rng), same
    return patches, same


def cost_of(theta: Array, hidden: int, patches: Array) -> tuple[float, Array]:
    """The cost that is minimised, and its gradient."""
    cost, gradient = reference("03_kl_delta").sparse_autoencoder_cost(
        theta, len(patches), hidden, LAMBDA, RHO, BETA, patches
    )
    return float(cost), gradient


def explained(theta: Array, hidden: int, patches: Array) -> float:
    """The share of the variance, about the mean of each pixel, that a network explains."""
    _, a3 = reference("02_cost").feed_forward(theta, len(patches), hidden, patches)
    return float(reference("00_autoencoders").share_explained(patches, a3))


def fitted(theta: Array, hidden: int, permutation: NDArray[np.intp]) -> Array:
    """The Gabor functions of the filters, each weight at its pixel: (hidden, FITTED)."""
    W1, *_ = reference("02_cost").unpack_parameters(theta, len(permutation), hidden)
    fits = describe_filters(reference("09_the_lecture_figure").unshuffle(W1, permutation)).fits
    return np.array([dataclasses.astuple(fit)[:FITTED] for fit in fits])


def trained(training: Training, seed: int) -> dict[str, Any]:
    """Train one network from one seed.

    Args:
        training: which network.
        seed: the seed.

    Returns:
        What the file holds of it, by the second parts of the names.
    """
    patches, permutation = controlled(sampled(training, seed), training.control, seed)
    hidden, rng = training.hidden, np.random.default_rng(START + seed)
    theta0 = reference("02_cost").initialize_parameters(len(patches), hidden, rng)
    result = reference("05_training").train(
        theta0, lambda theta: cost_of(theta, hidden, patches), training.iterations
    )
    found = {
        "theta": result.x.astype(np.float16),
        "fits": fitted(result.x, hidden, permutation).astype(np.float32),
        "cost": result.fun,
        "share": explained(result.x, hidden, patches),
        "iterations": result.nit,
    }
    return found | ({"permutation": permutation} if training.control == "one shuffle" else {})


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"what to train again: {', '.join(TRAININGS)}"
    )
    asked = parser.parse_args().names
    unknown = [name for name in asked if name not in TRAININGS]
    if unknown:
        parser.error(f"there is no training {', '.join(unknown)}; there are {', '.join(TRAININGS)}")
    there = load_stored("hundred_units") if TARGET.exists() else {}
    arrays: dict[str, Any] = {}
    for name, training in TRAININGS.items():
        kept = {part: array for part, array in there.items() if part.partition("/")[0] == name}
        if kept and name not in asked:
            arrays |= kept
            continue
        runs = [trained(training, s) for s in progress.bar(training.seeds, name, unit="training")]
        arrays |= {f"{name}/{part}": np.array([run[part] for run in runs]) for part in runs[0]}
    write_stored(TARGET, arrays)


if __name__ == "__main__":
    main()
