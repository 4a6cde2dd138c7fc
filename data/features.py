"""Make data/features.npz: the dictionaries that notebook 12 shows, and the blind reading of them.

    python data/features.py
    python data/features.py --language  # after data/language.py --new: toy and patches are kept

Nobody needs to run this to take the course, because the file is already here. The networks are
trained by the functions of the solved notebook 12: `adam` on `relu_l1_cost`, or on the cost below
for the `top_k`; the columns of W2 have length 1. Data and starts have different seeds.

*Toy*, three seeds: 5000 examples of 64 features in 32 dimensions, 120 epochs.

    toy_name    (T,) what was tried
    toy         (T, 3, 4) for each seed: the share of the variance explained, the mean number of
                active units, recall and precision, to three digits

*Patches*: the 10 000 of notebook 05, less their mean, divided by their spread; 100 units, 40
epochs.

    patch_name  (P,) what was tried
    patch_W2    (P, 64, 100) float16, the columns of W2
    patch       (P, 3): explained, active units, and how many columns are edges (R^2 >= 0.8)

*Language*: what data/language.npz holds, divided by its spread; 512 units, of which 8 speak,
20 epochs at a rate of 0.001; two starts.

    W1, W2, b1, b2  float16, the network of the first start
    W2_again        (384, 512) float16, W2 of the second start
    longer          (2,) explained, and the share of the units that the other start has as well
                    (match_features), after 80 epochs at a rate of 0.003
    scrambled       (2,) explained, and the share of the units with a purity of a half or more,
                    where all weights of the transformer were shuffled before it read the text. It
                    needs the package of data/language.py; without it the number is kept.

*The blind reading*: `blind_items` says how 80 directions were drawn, 20 of each kind, and shuffled.
One reader saw for each the ten contexts that `saelab.widgets.feature` shows first, without their
colours and counts, and wrote a word or two for what they have in common, or nothing, and of what
sort that is. A name has to fit half of the contexts. The words are in data/names.csv, and were not
changed after the kinds had been looked up. The reader was a large language model. Besides these
lines it was told that there are four kinds of directions, and that some may mean nothing.

    blind_kind  (80,) 0: a unit of the network, 1: a neuron, 2: a principal component,
                3: a unit before training
    blind_row   (80,) which row of that kind
    blind_name  (80,) what the reader wrote; "" for none
    blind_sort  (80,) "meaning": a name over different words; "token": one word or mark; "none"
"""

import argparse
import csv
import runpy
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder import demo
from autograder.exercises.reference import reference
from saelab.data import load_stored, write_stored
from saelab.quality import describe_filters
from saelab.typed import Array

FOLDER = Path(__file__).resolve().parent
TARGET = FOLDER / "features.npz"
NOTEBOOK = "12_sparse_autoencoders_today"
STARTS, ORDERS = 100, 200  # seeds of starts and of the order of examples begin here; of data, at 0

TOY_SEEDS, TOY_EXAMPLES, TOY_EPOCHS = (0, 1, 2), 5000, 120
# What is tried: the kind of cost, its weight or k, and the number of units.
TOY: dict[str, tuple[str, float, int]] = {
    "no penalty, 64 units": ("l1", 0.0, 64),
    "KL, sigmoids, 64 units": ("kl", 0.05, 64),
    "L1, 64 units": ("l1", 0.2, 64),
    "top 3, 64 units": ("top", 3, 64),
    "L1, 128 units": ("l1", 0.2, 128),
    "top 3, 128 units": ("top", 3, 128),
}
KL_LAMBDA, KL_BETA, KL_ITERATIONS = 2e-3, 1.0, 200
PATCHES: dict[str, tuple[str, float]] = {
    "no penalty": ("l1", 0.0),
    "L1 0.5": ("l1", 0.5),
    "L1 1.5": ("l1", 1.5),
    "top 2": ("top", 2),
    "top 4": ("top", 4),
    "top 8": ("top", 8),
}
PATCH_UNITS, PATCH_EPOCHS = 100, 40
UNITS, SPEAK, EPOCHS, RATE = 512, 8, 20, 1e-3  # of the network for language
LONGER, LONGER_RATE = 80, 3e-3
EACH, LEAST, COMPONENTS, SEED = 20, 30, 100, 7  # of the blind reading


def trained(
    data: Array, kind: str, weight: float, units: int, epochs: int, seed: int, rate: float = 3e-3
) -> Array:
    """Train a network of rectifiers by the functions of notebook 12.

    Args:
        data: (visible_size, m).
        kind: "l1", or "top" for the k largest.
        weight: the weight of the penalty, or k.
        units: hidden_size.
        epochs: how often each example is seen.
        seed: of the start and of the order of the examples.
        rate: the size of a step.

    Returns:
        theta.
    """
    own, size = reference(NOTEBOOK), len(data)
    cost: Callable[..., tuple[float, Array]] = own.relu_l1_cost if kind == "l1" else top_k_cost
    weight = weight if kind == "l1" else int(weight)
    start = own.random_start(size, units, np.random.default_rng(STARTS + seed))
    theta: Array = own.adam(
        start, size, lambda theta, batch: cost(theta, size, units, weight, batch), data, epochs,
        np.random.default_rng(ORDERS + seed), rate,
    )  # fmt: skip
    return theta


def top_k_cost(theta: Array, v: int, h: int, k: int, data: Array) -> tuple[float, Array]:
    """Half the mean squared error if k units speak for an example, and its gradient."""
    W1, W2, b1, b2 = reference("02_cost").unpack_parameters(theta, v, h)
    m = data.shape[1]
    a2 = reference(NOTEBOOK).top_k(W1 @ data + b1[:, None], k)
    delta3 = W2 @ a2 + b2[:, None] - data
    delta2 = W2.T @ delta3 * (a2 > 0)
    blocks = delta2 @ data.T / m, delta3 @ a2.T / m, delta2.mean(axis=1), delta3.mean(axis=1)
    cost = float(np.sum(delta3**2)) / (2 * m)
    return cost, np.concatenate([np.ravel(block) for block in blocks])


def activate(kind: str, weight: float) -> Callable[[Array], Array]:
    """What the hidden units of `trained` do with their sums."""
    if kind == "l1":
        return lambda z: np.maximum(z, 0)
    return lambda z: reference(NOTEBOOK).top_k(z, int(weight))


# --- the toy -----------------------------------------------------------------------------


def kl_cost(theta: Array, v: int, h: int, rho: float, data: Array) -> tuple[float, Array]:
    """The cost of notebook 03, but for linear outputs: sigmoids with KL and decay."""
    W1, W2, b1, b2 = reference("02_cost").unpack_parameters(theta, v, h)
    m = data.shape[1]
    a2 = reference("02_cost").sigmoid(W1 @ data + b1[:, None])
    delta3 = W2 @ a2 + b2[:, None] - data
    rho_hat = a2.mean(axis=1)
    pull = reference("03_kl_delta").sparsity_delta(rho, rho_hat, KL_BETA)
    delta2 = (W2.T @ delta3 + pull[:, None]) * a2 * (1 - a2)
    cost = np.sum(delta3**2) / (2 * m) + KL_LAMBDA / 2 * (np.sum(W1**2) + np.sum(W2**2))
    cost += KL_BETA * np.sum(reference("03_kl_delta").kl_divergence(rho, rho_hat))
    blocks = (delta2 @ data.T / m + KL_LAMBDA * W1, delta3 @ a2.T / m + KL_LAMBDA * W2,
              delta2.mean(axis=1), delta3.mean(axis=1))  # fmt: skip
    return float(cost), np.concatenate([np.ravel(block) for block in blocks])


def toy_row(name: str, seed: int) -> tuple[float, float, float, float]:
    """Explained, active units, recall and precision of one training on the toy."""
    own = reference(NOTEBOOK)
    kind, weight, units = TOY[name]
    data, features = own.toy(TOY_EXAMPLES, np.random.default_rng(seed))
    if kind == "kl":
        start = reference("02_cost").initialize_parameters(
            len(data), units, np.random.default_rng(STARTS + seed)
        )
        theta = reference("05_training").train(
            start, lambda theta: kl_cost(theta, len(data), units, weight, data), KL_ITERATIONS
        ).x  # fmt: skip
        share, a2 = own.explained(theta, len(data), units, data, reference("02_cost").sigmoid)
        speaking = a2 > 0.5
    else:
        theta = trained(data, kind, weight, units, TOY_EPOCHS, seed)
        share, a2 = own.explained(theta, len(data), units, data, activate(kind, weight))
        speaking = a2 > 0
    W2 = reference("02_cost").unpack_parameters(theta, len(data), units)[1]
    active = speaking.sum(axis=0).mean()
    recall, precision = own.match_features(features, W2)
    return float(share), float(active), float(recall), float(precision)


# --- patches -----------------------------------------------------------------------------


def patches() -> Array:
    """The patches of notebook 05, (64, 10 000), without their mean, of spread 1."""
    data = demo.sample_data(demo.white_images(), np.random.default_rng(0))
    data = data - data.mean(axis=1, keepdims=True)
    scaled: Array = data / data.std()
    return scaled


def patch_row(data: Array, name: str) -> tuple[Array, tuple[float, float, int]]:
    """W2, (64, 100), of one training on patches; explained, active units and edges."""
    kind, weight = PATCHES[name]
    theta = trained(data, kind, weight, PATCH_UNITS, PATCH_EPOCHS, seed=0)
    share, a2 = reference(NOTEBOOK).explained(
        theta, len(data), PATCH_UNITS, data, activate(kind, weight)
    )
    W2 = reference("02_cost").unpack_parameters(theta, len(data), PATCH_UNITS)[1]
    edges = sum(fit.is_good for fit in describe_filters(W2.T).fits)
    return W2, (float(share), float((a2 > 0).sum(axis=0).mean()), edges)


# --- language ----------------------------------------------------------------------------


def language(stored: dict[str, NDArray[Any]]) -> Array:
    """The layer's output, (384, 8000), without its mean, of spread 1."""
    values = stored["codes"] * stored["step"][:, None].astype(float)
    scaled: Array = values / values.std()
    return scaled


def longer(data: Array) -> tuple[float, float]:
    """Explained by the first start, and the share of it in the second, after a longer training."""
    own = reference(NOTEBOOK)
    one, other = (trained(data, "top", SPEAK, UNITS, LONGER, seed, LONGER_RATE) for seed in (0, 1))
    share, _ = own.explained(one, len(data), UNITS, data, activate("top", SPEAK))
    W2 = [
        reference("02_cost").unpack_parameters(theta, len(data), UNITS)[1] for theta in (one, other)
    ]
    return float(share), float(own.match_features(*W2)[0])


def scrambled(text: NDArray[Any]) -> tuple[float, float]:
    """The same network on a transformer whose weights were all shuffled before it read the text.

    Raises:
        SystemExit: if the package of data/language.py is not there.
    """
    script, stored = runpy.run_path(str(FOLDER / "language.py")), load_stored("language")
    weights, tokenizer = script["model"]()
    rng = np.random.default_rng(SEED)
    for name in [name for name, weight in weights.items() if weight.ndim == 2]:
        weights[name] = rng.permutation(weights[name].ravel()).reshape(weights[name].shape)
    ids = stored["ids"].reshape(script["WINDOWS"], script["WINDOW"]).astype(int)
    first, last = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
    values = script["activations"](weights, ids, first, last)
    data = language(script["in_steps"](values))
    theta = trained(data, "top", SPEAK, UNITS, EPOCHS, seed=0, rate=RATE)
    share, a2 = reference(NOTEBOOK).explained(theta, len(data), UNITS, data, activate("top", SPEAK))
    return float(share), share_of_one_word(a2, text)


def share_of_one_word(activations: Array, text: NDArray[Any]) -> float:
    """Of the rows that are active often enough, the share whose strongest are half one word."""
    often = activations[(activations > 0).sum(axis=1) >= LEAST]
    return float((reference(NOTEBOOK).purity(often, text) >= 0.5).mean())


# --- the blind reading ---------------------------------------------------------------------


def both_signs(values: Array) -> Array:
    """Directions and their opposites, as rows of activations that are never negative."""
    return np.maximum(np.vstack([values, -values]), 0)


def activations(data: Array, theta: Array) -> list[Array]:
    """The activations of each kind of direction, as notebook 12 makes them.

    Args:
        data: (384, n).
        theta: the trained network.

    Returns:
        For each kind its activations, (directions, n).
    """
    own = reference(NOTEBOOK)
    start = own.random_start(len(data), UNITS, np.random.default_rng(STARTS))
    components = np.linalg.eigh(data @ data.T)[1].T[::-1][:COMPONENTS]
    W1, _, b1, _ = reference("02_cost").unpack_parameters(theta, len(data), UNITS)
    untrained = reference("02_cost").unpack_parameters(start, len(data), UNITS)[0]
    return [
        own.top_k(W1 @ data + b1[:, None], SPEAK),
        both_signs(data),
        both_signs(components @ data),
        own.top_k(untrained @ data, SPEAK),
    ]


def blind_items(rows: Iterable[Array]) -> list[tuple[int, int]]:
    """(kind, row) of EACH directions of each kind that are active LEAST times, shuffled."""
    rng = np.random.default_rng(SEED)
    items = [
        (kind, int(row))
        for kind, found in enumerate(rows)
        for row in rng.choice(np.flatnonzero((found > 0).sum(axis=1) >= LEAST), EACH, replace=False)
    ]
    return [items[i] for i in rng.permutation(len(items))]


def names() -> tuple[list[str], list[str]]:
    """What the reader wrote for each item, and of what sort it is."""
    with (FOLDER / "names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["name"] for row in rows], [row["sort"] for row in rows]


def of_toy_and_patches() -> dict[str, Any]:
    """The arrays that do not hang on language."""
    arrays: dict[str, Any] = {"toy_name": list(TOY), "patch_name": list(PATCHES)}
    arrays["toy"] = np.round([[toy_row(name, seed) for seed in TOY_SEEDS] for name in TOY], 3)
    data = patches()
    rows = [patch_row(data, name) for name in PATCHES]
    arrays["patch_W2"] = np.array([W2 for W2, _ in rows], dtype=np.float16)
    arrays["patch"] = [row for _, row in rows]
    return arrays


def of_language() -> dict[str, Any]:
    """The others, with the names that names.csv has by now."""
    stored = load_stored("language")
    data = language(stored)
    thetas = [
        trained(data, "top", SPEAK, UNITS, EPOCHS, seed, RATE).astype(np.float16) for seed in (0, 1)
    ]
    blocks = [reference("02_cost").unpack_parameters(theta, len(data), UNITS) for theta in thetas]
    arrays: dict[str, Any] = dict(zip(("W1", "W2", "b1", "b2"), blocks[0], strict=True))
    arrays["W2_again"] = blocks[1][1]
    arrays["longer"] = longer(data)
    try:
        arrays["scrambled"] = scrambled(stored["text"])
    except SystemExit as missing:
        print(missing)
        arrays["scrambled"] = load_stored("features")["scrambled"]
    items = blind_items(activations(data, thetas[0].astype(float)))
    arrays["blind_kind"], arrays["blind_row"] = np.array(items, dtype=np.int16).T
    arrays["blind_name"], arrays["blind_sort"] = names()
    return arrays


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--language", action="store_true", help="keep the toy and the patches")
    if parser.parse_args(arguments).language:
        stored = load_stored("features")
        kept = ("toy_name", "patch_name", "toy", "patch_W2", "patch")
        arrays: dict[str, Any] = {name: stored[name] for name in kept}
    else:
        arrays = of_toy_and_patches()
    write_stored(TARGET, arrays | of_language())


if __name__ == "__main__":
    main()
