"""Notebook 10: the features of a trained autoencoder, and a classifier that takes them."""

from typing import Any

import numpy as np

from saelab.check.compare import consecutive
from saelab.check.exercise import (
    ONE_EXAMPLE,
    WITHOUT_DECAY,
    Condition,
    Exercise,
    Probe,
    examples,
    theta,
    wave,
)
from saelab.typed import Array

NOTEBOOK = "10_recognition"


def classifier_probe(
    says: str,
    c: int,
    d: int,
    labels: list[int],
    lambda_: float,
    height: float = 0.6,
    start: int = 1,
    size: float = 1.0,
) -> Probe:
    """Make a probe that calls the cost of a classifier.

    Args:
        says: a few words that say what is tried.
        c: the number of classes.
        d: the number of features.
        labels: the class of each example.
        lambda_: the weight decay.
        height: how large the parameters are.
        start: where parameters and features begin; others begin elsewhere.
        size: how large the features are.

    Returns:
        The Probe.
    """
    parameters = wave(c * d + c, height=height, start=start)
    features = wave(d, len(labels), middle=0.2, height=size, start=start, wiggle=np.cos)
    return Probe(says, (parameters, c, d, lambda_, features, np.array(labels)))


def classifier_symbols(args: tuple[Any, ...]) -> dict[str, float]:
    """The sizes and the weight of a call of a classifier's cost, by their names."""
    _, c, d, lambda_, features, _ = args
    m = np.shape(features)[1]
    return {"m": m, "c": c, "d": d, "lambda": lambda_, "m-1": m - 1}


def largest_score(args: tuple[Any, ...]) -> float:
    """The largest score of any class, with either sign."""
    parameters, c, d, _, features, _ = args
    weights = np.reshape(parameters[: c * d], (c, d))
    scores: Array = weights @ features + parameters[c * d :, None]
    return float(np.abs(scores).max())


EXERCISES = (
    Exercise(
        "encode",
        probes=(
            Probe("4 inputs, 3 hidden units, 5 examples", (theta(4, 3), 4, 3, examples(4, 5))),
            Probe("the same with other parameters", (theta(4, 3, start=2), 4, 3, examples(4, 5))),
            Probe("one example only", (theta(2, 3), 2, 3, examples(2, 1))),
            Probe("3 inputs, 5 hidden units, 4 examples", (theta(3, 5), 3, 5, examples(3, 4))),
            Probe("4 inputs, 4 hidden units, 4 examples", (theta(4, 4), 4, 4, examples(4, 4))),
            Probe("large parameters", (theta(3, 2, height=12.0), 3, 2, examples(3, 6))),
        ),
        conditions=(
            ONE_EXAMPLE,
            Condition("there are as many hidden units as inputs", "where there are not",
                      lambda a: a[1] == a[2]),
        ),
    ),
    Exercise(
        "softmax_cost",
        probes=(
            classifier_probe("lambda = 0", 3, 4, [2, 0, 1, 2, 2], 0.0),
            # Other numbers each time: what is kept from one call to the next shows.
            classifier_probe("other numbers, lambda = 0.01", 3, 4, [1, 1, 0, 2, 0], 0.01, start=2),
            classifier_probe("one example only, lambda = 0.5", 4, 3, [3], 0.5),
            classifier_probe("2 classes, 5 features, 3 examples", 2, 5, [0, 1, 1], 0.07),
            classifier_probe(
                "5 classes, 2 features, 7 examples, the last class never", 5, 2,
                [1, 0, 3, 3, 2, 1, 3], 0.3,
            ),
            classifier_probe("4 classes, 4 features, 4 examples", 4, 4, [3, 1, 0, 1], 0.2),
            classifier_probe("6 classes, 3 features, 10 examples", 6, 3,
                             [5, 0, 4, 4, 1, 3, 2, 5, 5, 0], 1.1, start=3),
            # No random problem has such scores: exp overflows, or all probabilities but one are 0.
            classifier_probe("scores of a thousand, lambda = 0", 3, 4, [0, 2, 1, 1, 0], 0.0,
                             height=40.0, size=30.0),
            classifier_probe("scores of a thousand, lambda = 0.02", 3, 2, [2, 1, 2, 0], 0.02,
                             height=40.0, size=30.0, start=4),
        ),
        returns_cost=True,
        blocks_of=lambda c, d: consecutive(W=c * d, b=c),
        rest="error",
        weights={"decay": (3, "lambda")},
        symbols=classifier_symbols,
        conditions=(
            WITHOUT_DECAY,
            Condition("there is one example only", "where there are more",
                      lambda a: np.shape(a[4])[1] == 1),
            Condition("scores are large", "where they are not", lambda a: largest_score(a) > 100),
            Condition("a class has no example", "where each has one",
                      lambda a: len(set(np.asarray(a[5]).tolist())) < a[1]),
            Condition("there are as many features as classes", "where there are not",
                      lambda a: a[1] == a[2]),
        ),
    ),
)  # fmt: skip
