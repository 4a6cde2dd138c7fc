"""Whatever a student's function returns or raises, check and hidden test come to an end.

The check passes, or it raises CheckFailed or NotWritten; the hidden test gives points.
"""

import contextlib
import io
from typing import Any

import numpy as np
import pytest

from autograder.exercises.reference import made, points, solution_text
from saelab.check import check
from saelab.check.message import CheckFailed, NotWritten

SEEDS = {
    "autoencoder_cost": range(40),
    "sparse_autoencoder_cost": range(3, 40, 9),
    "feed_forward": range(40),
    "kl_divergence": range(40),
    "unpack_parameters": range(40),
    "block_errors": range(1, 40, 5),
}
SLOW = ("autoencoder_cost", "block_errors")  # their hidden tests run at each third of these


class Odd:
    """Nothing that a comparison expects."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array")

    def __float__(self):
        raise TypeError("no number")

    def __len__(self):
        raise TypeError("no length")

    def __repr__(self):
        raise ValueError("no text")


def ragged(array):
    return [[1.0, 2.0], [3.0]]


def objects(array):
    return np.array([None, *np.ravel(array)[1:]], object).reshape(np.shape(array))


VALUES: tuple[Any, ...] = (
    lambda a: None,
    lambda a: "0.5",
    lambda a: b"\x00",
    lambda a: [],
    lambda a: (),
    lambda a: {},
    lambda a: {"W1": a},
    ragged,
    objects,
    lambda a: Odd(),
    lambda a: np.zeros(0),
    lambda a: np.zeros((0, 3)),
    lambda a: np.float64(np.nan),
    lambda a: np.full(np.shape(a), np.nan),
    lambda a: np.where(np.arange(np.size(a)).reshape(np.shape(a)) % 2, np.inf, a),
    lambda a: np.full(np.shape(a), -np.inf),
    lambda a: np.asarray(a) * 1e300,
    lambda a: np.asarray(a) * 1e300 * 1e300,
    lambda a: np.asarray(a) * 1e-300,
    lambda a: np.full(np.shape(a), 1e300),
    lambda a: np.asarray(a).astype(int),
    lambda a: 10**400,
    lambda a: np.asarray(a) > 0.1,
    lambda a: np.asarray(a).tolist(),
    lambda a: np.asarray(a) + 1j,
    lambda a: np.asarray(a).astype(np.float16),
    lambda a: np.asarray(a).astype("U8"),
    lambda a: np.array(7, "datetime64[s]"),
    lambda a: np.matrix(np.atleast_1d(a)),
    lambda a: np.ravel(a)[:-1],
    lambda a: np.concatenate([np.ravel(a), [1.0]]),
    lambda a: np.ravel(a)[:, None],
    lambda a: np.broadcast_to(a, (2, 3, *np.shape(a))),
    lambda a: np.ma.masked_array(a, np.ones(np.shape(a), bool)),
    lambda a: np.zeros(np.shape(a), [("x", float)]),
    lambda a: np.random.default_rng(0).normal(size=np.shape(a)),
    lambda a: (i for i in range(3)),
    lambda a: np.asarray(a) * 2,
)  # fmt: skip
ERRORS = (
    ValueError("no"), KeyError(), ZeroDivisionError(""), RecursionError("deep"), SystemExit(3),
    MemoryError(), UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), AssertionError(),
    NotImplementedError("todo"), StopIteration(), Exception(Odd()),
)  # fmt: skip


def bent(name, seed):
    """The reference with something odd in its result, on some calls or on all."""
    chance = np.random.default_rng([seed, len(name)])
    right = made(solution_text(name), name)
    value, other = (VALUES[chance.integers(len(VALUES))] for _ in range(2))
    value = VALUES[seed % len(VALUES)] if seed < len(VALUES) else value
    error = ERRORS[chance.integers(len(ERRORS))]
    which, often, fails = chance.integers(4), chance.integers(3), chance.integers(4) == 0

    def odd(*args):
        result = right(*args)
        size = sum(np.size(argument) for argument in args)
        if often and size % (often + 1) == 0:
            return result
        if fails and size % 3 == 0:
            raise error
        if which == 0:
            several = [*result.values()] if isinstance(result, dict) else result
            return value(np.concatenate([np.ravel(one) for one in several])
                         if isinstance(several, (tuple, list)) else several)  # fmt: skip
        if isinstance(result, dict):
            return {key: value(r) if i == which else r for i, (key, r) in enumerate(result.items())}
        if isinstance(result, tuple):
            changed = [other(r) if which == 3 else r for r in result]
            changed[which % len(result)] = value(result[which % len(result)])
            return tuple(changed)
        return value(result)

    odd.__name__ = name
    return odd


@pytest.mark.parametrize("name, seed", [(name, seed) for name in SEEDS for seed in SEEDS[name]])
def test_nothing_that_comes_out_breaks_the_check_or_the_hidden_test(name, seed):
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        with contextlib.suppress(CheckFailed, NotWritten):
            check(bent(name, seed))
        if name in SLOW and seed % 3:
            return
        try:
            earned, most = points(bent(name, seed), name)
        except NotImplementedError:
            return  # it says that it is not written, and nbgrader shows that
    assert 0 <= earned <= most
    assert f"{earned:g} of {most:g} points" in printed.getvalue()
