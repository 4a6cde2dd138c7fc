"""Notebook 12: rectifiers with an L1 penalty, the k largest of them, and features found again."""

from typing import Any

import numpy as np

from saelab.check.exercise import ONE_EXAMPLE, Condition, Exercise, Probe, cost_probe, wave
from saelab.typed import Array

NOTEBOOK = "12_sparse_autoencoders_today"


def l1_symbols(args: tuple[Any, ...]) -> dict[str, float]:
    """The sizes and the weight of a call of relu_l1_cost, by their names."""
    _, v, h, l1, data = args
    m = np.shape(data)[1]
    return {"m": m, "v": v, "h": h, "l1": l1, "m-1": m - 1}


def beside(features: Array, cosines: Array, start: int = 1) -> Array:
    """Columns that have given cosines with those of another matrix, and length 1.

    Args:
        features: (d, n).
        cosines: (n,).
        start: where the wave begins that says in which directions they lie beside.
    """
    along = features / np.linalg.norm(features, axis=0)
    # A quadratic wave: one of another frequency than that of the features.
    other = np.sin(np.arange(start, start + features.size) ** 2.0).reshape(features.shape)
    other -= along * np.sum(along * other, axis=0)
    other /= np.linalg.norm(other, axis=0)
    beside: Array = along * cosines + other * np.sqrt(1 - cosines**2)
    return beside


def directions(d: int, n: int, start: int = 1) -> Array:
    """Features, (d, n), of different lengths, none of which is close to another one."""
    waves = np.cos(np.arange(start, start + d * n) ** 2.0).reshape(d, n)
    scaled: Array = waves * wave(n, middle=1.5, start=start)
    return scaled


def _features(says: str, d: int, n: int, cosines: Array, scale: Array, start: int = 1) -> Probe:
    """True features, and learned ones beside the first of them, or beside all and once more."""
    true = directions(d, n, start)
    chosen = np.arange(len(cosines)) % n
    learned = beside(true[:, chosen], cosines, start) * scale
    return Probe(says, (true, learned))


def _shifted() -> Probe:
    """Some of the learned features are true ones to which the same number is added everywhere."""
    true = directions(8, 4, start=7)
    learned = np.column_stack([true[:, :2] + 3.0, true[:, 2:] * 2.0, true[:, 3:] - 5.0])
    return Probe("learned features whose numbers are all shifted", (true, learned))


def _few_positive(args: tuple[Any, ...]) -> bool:
    z, k = args
    return bool((np.sum(z > 0, axis=0) < k).any())


EXERCISES = (
    Exercise(
        "relu_l1_cost",
        probes=(
            cost_probe("l1 = 0: the error alone", 5, 4, 6, 0.0, height=1.0),
            # Other numbers each time: what is kept from one call to the next shows.
            cost_probe("l1 = 0.3", 5, 4, 6, 0.3, height=1.0, start=2),
            cost_probe("one example only", 4, 6, 1, 0.7, height=1.0, start=5),
            cost_probe("7 inputs, 5 hidden units, 3 examples", 7, 5, 3, 1.3, height=1.0),
            cost_probe("4 inputs, 7 hidden units, 10 examples", 4, 7, 10, 0.2, height=1.0),
            cost_probe("4 inputs, 4 hidden units, 7 examples", 4, 4, 7, 0.9, height=1.0),
            cost_probe("3 inputs, 3 hidden units, 3 examples", 3, 3, 3, 0.5, height=1.0, start=3),
            cost_probe("units that are always silent, or never", 6, 5, 8, 0.4, b1=9.0),
            cost_probe("large parameters, l1 = 0", 12, 3, 5, 0.0, height=8.0),
            cost_probe("large parameters, l1 = 60", 12, 3, 5, 60.0, height=8.0),
        ),
        returns_cost=True,
        rest="error",
        weights={"sparsity": (3, "l1")},
        symbols=l1_symbols,
        conditions=(
            Condition("l1 is 0", "where it is not", lambda a: a[3] == 0),
            ONE_EXAMPLE,
        ),
    ),
    Exercise(
        "top_k",
        probes=(
            Probe("7 units, 5 examples, k = 2", (wave(7, 5, middle=0.2), 2)),
            Probe("other numbers, k = 2", (wave(7, 5, middle=0.2, start=3), 2)),
            Probe("4 units, 9 examples, k = 3: fewer of some columns are positive",
                  (wave(4, 9, height=2.0), 3)),
            Probe("6 units, 4 examples, k = 1", (wave(6, 4, middle=0.2, start=2), 1)),
            Probe("one example only, k = 4", (wave(9, 1, middle=0.3), 4)),
            Probe("5 units, 3 examples, k = 5: all units", (wave(5, 3), 5)),
            Probe("all numbers are negative, k = 2", (wave(6, 3, middle=-2.0), 2)),
            Probe("all numbers are positive, k = 3", (wave(8, 6, middle=2.0), 3)),
            Probe("columns of very different size, k = 3",
                  (wave(9, 5, middle=0.2) * [1e-4, 1, 30, 0.01, 1000], 3)),
        ),
        conditions=(
            Condition("there is one example only", "where there are more",
                      lambda a: np.shape(a[0])[1] == 1),
            Condition("k is 1", "where it is more", lambda a: a[1] == 1),
            Condition("k is the number of units", "where it is less",
                      lambda a: a[1] == len(a[0])),
            Condition("all numbers are negative", "where some are not", lambda a: np.max(a[0]) < 0),
            Condition("all numbers are positive", "where some are not", lambda a: np.min(a[0]) > 0),
            Condition("fewer than k numbers of a column are positive", "where k are",
                      _few_positive),
        ),
    ),
    Exercise(
        "match_features",
        probes=(
            _features("5 true features, 4 learned ones of length 1", 9, 5,
                      np.array([0.99, 0.5, 0.95, 0.97]), np.ones(4)),
            _features("6 true features, 8 learned ones: some are found twice", 10, 6,
                      np.array([0.99, 0.3, 0.93, 0.6, 0.85, 0.96, 0.98, 0.2]), np.ones(8), start=2),
            _features("learned features of other lengths", 8, 4,
                      np.array([0.99, 0.915, 0.7, 0.98, 0.94, 0.4]),
                      np.array([0.01, 4.0, 30.0, 0.5, 2.0, 9.0]), start=3),
            _features("learned features of the other sign", 7, 5,
                      np.array([0.98, 0.93, 0.6, 0.97]), np.array([-1.0, -2.0, -0.3, 1.0])),
            _features("a learned feature that is all zero", 9, 3,
                      np.array([0.98, 0.3, 0.95, 0.99, 0.4]),
                      np.array([1.0, 2.0, 0.5, 0.0, 3.0]), start=4),
            _features("5 true features, 5 learned ones", 8, 5,
                      np.array([0.95, 0.99, 0.92, 0.4, 0.3]), np.array([1.0, 3.0, -2.0, 0.4, 1.0]),
                      start=5),
            _shifted(),
            _features("nothing is found", 7, 4, np.array([0.88, 0.7, 0.6]), np.ones(3), start=8),
        ),
        results=("recall", "precision"),
        conditions=(
            Condition("a learned feature is all zero", "where none is",
                      lambda a: not a[1].any(axis=0).all()),
            Condition("there are as many learned features as true ones", "where there are not",
                      lambda a: a[0].shape == a[1].shape),
        ),
    ),
)  # fmt: skip
