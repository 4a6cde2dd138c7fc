"""Notebook 07: the cost of examples that come in batches, of which none is kept."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from saelab.check.batches import Batches
from saelab.check.exercise import (
    ONE_EXAMPLE,
    WITHOUT_DECAY,
    WITHOUT_PENALTY,
    Condition,
    Exercise,
    Probe,
    cost_probe,
    cost_symbols,
)

NOTEBOOK = "07_out_of_memory"

NUMBER = 8  # bytes


def stream_probe(
    says: str, v: int, h: int, sizes: Sequence[int], *weights: float, **how: Any
) -> Probe:
    """A problem of cost_probe() whose examples come in batches.

    Args:
        says: a few words that say what is tried.
        v: the number of inputs.
        h: the number of hidden units.
        sizes: the number of examples in each batch.
        *weights: the arguments between the sizes and the batches, for a cost.
        **how: what else cost_probe() takes.

    Returns:
        The Probe.
    """
    return in_batches(cost_probe(says, v, h, sum(sizes), *weights, **how), sizes)


def in_batches(probe: Probe, sizes: Sequence[int]) -> Probe:
    """The same call with batches in the place of the data, which is its last argument.

    Args:
        probe: a call of a cost function, or one with theta, the two sizes and the data.
        sizes: the number of examples in each batch.
    """
    *args, data = probe.args
    return replace(probe, args=(*args, Batches(data, sizes, passes=2 if len(args) > 3 else 1)))


def enough(v: int, h: int, most: int, batches: int) -> int:
    """The bytes that a function may hold that keeps no batch, however it is written.

    For each example of one batch: 12 arrays of each layer's activations, some of them named and
    some in the middle of a calculation or on their way from the grader (or a quarter as many lists,
    in which a number takes four times as much); and three matrices of its own share of a gradient.
    For each batch its share of the sums, of theta's size, and twice the same, such as a matrix of
    them all and its product with weights, and a kilobyte for the objects that hold it. Besides,
    eight arrays like theta, and what Python needs.

    Args:
        v: the number of inputs.
        h: the number of hidden units.
        most: the examples in the largest batch.
        batches: the number of batches.
    """
    theta = NUMBER * (2 * v * h + h + v)
    example = NUMBER * (12 * (v + h) + 3 * v * h)
    return most * example + batches * (3 * theta + 1000) + 8 * theta + 2**15


def long_stream(*weights: float) -> Probe:
    """A stream of which a function holds a small part that keeps no batch.

    With one hidden unit a batch is large beside what is made of it. The examples are few: who takes
    them one by one asks the grader for the sigmoid of each.
    """
    v, h, m, n = 256, 1, 80, 30
    says = f"{n} batches of {m} examples, of which none may be kept"
    return replace(stream_probe(says, v, h, (m,) * n, *weights, start=7), most=enough(v, h, m, n))


def stream_symbols(args: tuple[Any, ...]) -> dict[str, float]:
    """The sizes and weights of a call of a function of a stream, by their names."""
    _, v, h, *weights, batches = args
    own = {"n": len(batches.sizes), "last": batches.sizes[-1]}
    if weights:
        return cost_symbols(args) | own
    m = batches.shape[1]
    return {"m": m, "v": v, "h": h, "m-1": m - 1} | own


def _sizes(args: tuple[Any, ...]) -> tuple[int, ...]:
    found: tuple[int, ...] = args[-1].sizes
    return found


CONDITIONS = (
    ONE_EXAMPLE,
    Condition("there is one batch only", "where there are more", lambda a: len(_sizes(a)) == 1),
    Condition("all batches have the same size", "where they have not",
              lambda a: len(set(_sizes(a))) == 1),
    Condition("a batch is empty", "where none is", lambda a: 0 in _sizes(a)),
    Condition("the last batch is empty", "where it is not", lambda a: _sizes(a)[-1] == 0),
    Condition("the first batch is empty", "where it is not", lambda a: _sizes(a)[0] == 0),
)  # fmt: skip

EXERCISES = (
    Exercise(
        "streaming_average_activation",
        probes=(
            stream_probe("batches of 3, 1 and 4 examples", 5, 4, (3, 1, 4)),
            stream_probe("batches of 2, 5, 1 and 3 examples", 5, 4, (2, 5, 1, 3),
                         start=2, height=1.5),
            stream_probe("one batch only, of 7 examples", 4, 6, (7,), height=1.5),
            stream_probe("batches of one example", 7, 5, (1, 1, 1)),
            stream_probe("an empty batch between others", 4, 7, (5, 0, 3, 2), height=1.5),
            stream_probe("the first batch and the last are empty", 6, 3, (0, 4, 2, 5, 0)),
            stream_probe("three batches of 4 examples", 4, 3, (4, 4, 4), height=1.5),
            stream_probe(
                "units that are hardly ever on, or nearly always", 6, 5, (3, 2, 6), b1=9.0
            ),
            long_stream(),
        ),
        conditions=CONDITIONS,
        symbols=stream_symbols,
    ),
    Exercise(
        "streaming_cost",
        probes=(
            stream_probe(
                "lambda = 0, beta = 0: the error alone", 5, 4, (3, 1, 4), 0.0, 0.05, 0.0
            ),
            # Other numbers each time: what is kept from one call to the next shows.
            stream_probe("beta = 0", 5, 4, (2, 5, 1, 3), 0.01, 0.05, 0.0, start=2),
            # With large parameters the batches' own averages lie far apart.
            stream_probe("lambda = 0, beta = 0.7", 5, 4, (4, 2, 3), 0.0, 0.05, 0.7,
                         start=3, height=1.5),
            stream_probe("batches of 4, 1, 2 and 6 examples", 5, 4, (4, 1, 2, 6), 0.01, 0.05, 0.7,
                         start=4, height=1.5),
            stream_probe("one batch only, of 7 examples", 4, 6, (7,), 0.13, 0.2, 2.0),
            stream_probe("batches of one example", 7, 5, (1, 1, 1), 0.07, 0.15, 1.3),
            stream_probe("an empty batch between others", 4, 7, (5, 0, 3, 2), 0.3, 0.08, 3.0,
                         height=1.5),
            stream_probe("the first batch and the last are empty", 6, 3, (0, 4, 2, 5, 0),
                         0.2, 0.1, 1.6, height=1.5),
            stream_probe("three batches of 4 examples", 4, 4, (4, 4, 4), 0.11, 0.3, 0.6),
            # No random problem goes as far: a limit on rho_hat or on the cost shows here.
            stream_probe("units that are hardly ever on, or nearly always", 6, 5, (3, 2, 6),
                         0.02, 0.1, 0.4, b1=9.0),
            # Some entries of the gradient are as small as 1e-9.
            stream_probe("large parameters, lambda = 0, beta = 0", 12, 3, (2, 3), 0.0, 0.1, 0.0,
                         height=8.0),
            stream_probe("large parameters, lambda = 3, beta = 6", 12, 3, (2, 3), 3.0, 0.1, 6.0,
                         height=8.0),
            long_stream(0.02, 0.1, 0.9),
        ),
        returns_cost=True,
        rest="error",
        weights={"decay": (3, "lambda"), "sparsity": (5, "beta")},
        symbols=stream_symbols,
        conditions=(
            WITHOUT_DECAY,
            WITHOUT_PENALTY,
            *CONDITIONS,
            Condition("beta is 0, or there is one batch only", "where neither is so",
                      lambda a: a[5] == 0 or np.count_nonzero(_sizes(a)) == 1),
        ),
    ),
)  # fmt: skip
