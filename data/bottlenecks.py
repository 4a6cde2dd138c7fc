"""Make data/bottlenecks.npz: autoencoders with few hidden units, and the data they were trained on.

    python data/bottlenecks.py

Nobody needs to run this to take the course, because the file is already here; notebook 00 and its
explorer show it. Of each of four kinds there are 2000 examples of 64 numbers, which can be seen as
pictures of 8x8 pixels:

    noise        independent normal numbers
    chain        normal numbers of which neighbours in the row of 64 are correlated by 0.9
    photographs  patches of the photographs, normalised as in notebook 01
    whitened     the same of the whitened photographs

Normal numbers lie around 0.5 and are cut off at three standard deviations, where 0.1 and 0.9 are.
All are stored in steps of 1/255, and used so. A network has 64 inputs, k hidden units and sigmoids,
neither weight decay nor sparsity, and was trained by 400 iterations of L-BFGS. The arrays:

    units         (K,) the numbers k of hidden units, uint8
    KIND          (64, 2000) the examples, uint8: divide by 255
    KIND_share    (K,) the share of the variance that each network explains, float64
    KIND_rebuilt  (K, 64, 12) what each network makes of the first examples, uint8 in steps of 1/255
    KIND_W2       (64, 25) the second matrix of the network with 25 units, float32
    rebuilt       (64, 2000) what that network makes of the whitened patches, uint8
    sparse        (64, 2000) what `sparse` of data/parameters.npz makes of them, uint8
    active        (2000,) how many of its 25 units are more active than 0.1, uint8

A linear network without biases, 64-25-64, was trained on the covariance of the whitened patches:

    iterations  (T,) after how many iterations of L-BFGS it was looked at, int16
    linear_W2   (T, 64, 25) its second matrix then, float32
    excess      (T,) by how much the mean squared error was above the least, as a share of the
                variance, float64

Data and starts are drawn from different seeds. The whole run takes two minutes.
"""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from autograder import demo
from autograder.exercises.reference import reference
from saelab.data import load_images, load_stored, write_stored
from saelab.typed import Array

VISIBLE, EXAMPLES, UNITS = 64, 2000, (1, 2, 4, 8, 16, 25, 36, 49, 64)
KINDS = ("noise", "chain", "photographs", "whitened")
ITERATIONS, NEIGHBOURS = 400, 0.9
SHOWN, WIDE, ACTIVE = 12, 25, 0.1
LOOKS = (10, 20, 50, 100, 200, 400, 600)
DATA_SEED, START_SEED = 100, 0
TARGET = Path(__file__).resolve().with_name("bottlenecks.npz")


def examples(kind: str) -> NDArray[np.uint8]:
    """The examples of one of KINDS, (64, 2000), in steps of 1/255."""
    rng = np.random.default_rng([DATA_SEED, KINDS.index(kind)])
    if kind in ("noise", "chain"):
        numbers = rng.normal(size=(VISIBLE, EXAMPLES))
        if kind == "chain":
            for before, now in itertools.pairwise(numbers):
                now[:] = NEIGHBOURS * before + np.sqrt(1 - NEIGHBOURS**2) * now
        data = 0.5 + 0.4 * np.clip(numbers / 3, -1, 1)
    else:
        first = reference("01_patch_sampling")
        images = load_images() if kind == "photographs" else demo.white_images()
        data = first.normalize_patches(first.sample_patches(images, 8, EXAMPLES, rng))
    return in_steps(data)


def trained(data: Array, hidden: int) -> Array:
    """Train one network, without decay and without sparsity.

    Args:
        data: (64, m), the examples.
        hidden: the number of hidden units.

    Returns:
        theta after the training.
    """
    network, rng = reference("02_cost"), np.random.default_rng([START_SEED, hidden])
    theta0 = network.initialize_parameters(VISIBLE, hidden, rng)

    def cost(theta: Array) -> tuple[float, Array]:
        found: tuple[float, Array] = network.autoencoder_cost(theta, VISIBLE, hidden, 0.0, data)
        return found

    return np.array(reference("05_training").train(theta0, cost, ITERATIONS).x)


def linear(data: Array) -> tuple[Array, Array]:
    """Train a linear network on the covariance of some data.

    The mean of |W2 W1 x - x|^2 over all deviations x from the mean is known from their covariance,
    which is divided by its mean variance here.

    Args:
        data: (64, m), the examples.

    Returns:
        W2 after each of LOOKS, (T, 64, 25), and the error above the least, (T,), as a share of the
        variance.
    """
    covariance = np.cov(data)
    covariance /= np.trace(covariance) / VISIBLE
    size = WIDE * VISIBLE

    def cost(theta: Array) -> tuple[float, Array]:
        W1, W2 = theta[:size].reshape(WIDE, VISIBLE), theta[size:].reshape(VISIBLE, WIDE)
        off = W2 @ W1 - np.eye(VISIBLE)
        rest = off @ covariance
        gradient = np.concatenate([(W2.T @ rest).ravel(), (rest @ W1.T).ravel()])
        return 0.5 * float(np.sum(rest * off)), gradient

    seen = [0.1 * np.random.default_rng(START_SEED).normal(size=2 * size)]
    # The reference's train stops earlier: its tolerances are those of SciPy.
    minimize(
        cost,
        seen[0],
        jac=True,
        method="L-BFGS-B",
        callback=lambda theta: seen.append(theta.copy()),
        options={"maxiter": max(LOOKS), "maxfun": 10**6, "ftol": 0, "gtol": 1e-12},
    )
    looked = [seen[min(look, len(seen) - 1)] for look in LOOKS]
    least = np.linalg.eigvalsh(covariance)[: VISIBLE - WIDE].sum()
    excess = [(2 * cost(theta)[0] - least) / VISIBLE for theta in looked]
    return np.array([theta[size:].reshape(VISIBLE, WIDE) for theta in looked]), np.array(excess)


def in_steps(numbers: Array) -> NDArray[np.uint8]:
    """Numbers from 0 to 1 in steps of 1/255."""
    return np.round(255 * numbers).astype(np.uint8)


def shown(kind: str, data: Array) -> dict[str, Any]:
    """Train the networks of one kind of data, and keep what the file has of them.

    Args:
        kind: one of KINDS.
        data: (64, m), its examples.

    Returns:
        The arrays, by their names in the file.
    """
    network, own = reference("02_cost"), reference("00_autoencoders")
    shares, rebuilt, kept = [], [], {}
    for hidden in UNITS:
        theta = trained(data, hidden)
        a3 = network.feed_forward(theta, VISIBLE, hidden, data)[1]
        shares.append(own.share_explained(data, a3))
        rebuilt.append(in_steps(a3[:, :SHOWN]))
        if hidden == WIDE:
            W2 = network.unpack_parameters(theta, VISIBLE, hidden)[1]
            kept[f"{kind}_W2"] = W2.astype(np.float32)
            kept |= {"rebuilt": in_steps(a3)} if kind == "whitened" else {}
    return kept | {f"{kind}_share": np.array(shares), f"{kind}_rebuilt": np.array(rebuilt)}


def main() -> None:
    arrays: dict[str, Any] = {"units": np.array(UNITS, np.uint8)}
    for kind in KINDS:
        arrays[kind] = examples(kind)
        arrays |= shown(kind, arrays[kind] / 255)
    whitened, theta = arrays["whitened"] / 255, load_stored("parameters")["sparse"]
    a2, a3 = reference("02_cost").feed_forward(theta, VISIBLE, WIDE, whitened)
    arrays |= {"sparse": in_steps(a3), "active": (a2 > ACTIVE).sum(axis=0).astype(np.uint8)}
    W2, excess = linear(whitened)
    arrays |= {"iterations": np.array(LOOKS, np.int16), "linear_W2": W2.astype(np.float32)}
    write_stored(TARGET, arrays | {"excess": excess})


if __name__ == "__main__":
    main()
