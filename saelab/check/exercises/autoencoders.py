"""Notebook 00: how much is explained, principal components, and angles between spaces."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from saelab.check.compare import (
    CallFailed,
    Fault,
    as_numbers,
    call,
    result_differences,
    unpacked,
)
from saelab.check.exercise import (
    Condition,
    Exercise,
    Faults,
    Probe,
    Properties,
    fault_of_value,
    wave,
)
from saelab.check.outcome import UNLIKE_NUMBERS
from saelab.typed import Array, Function

NOTEBOOK = "00_autoencoders"

BOTTLENECK = ("mean", "U", "share")
# How far from right each number may be, by the size of its like; what is right is a thousandth off.
NEAR = 1e-9
# What passed through single precision is this far off, or less.
SINGLE = 1e-4


class Cloud(NamedTuple):
    """Data of which all is known that a bottleneck should find, since they were made of it.

    Attributes:
        data: (v, m), one example in each column.
        mean: (v,), the mean of the examples.
        directions: (v, r), the directions in which they vary, each of length 1, as columns.
        variances: (r,), the variances along these, the largest first.
        shares: (r,), the shares of the variance that lie in the first one, two ... of them.
    """

    data: Array
    mean: Array
    directions: Array
    variances: Array
    shares: Sequence[float]


def cloud(
    numbers: Callable[..., Array], v: int, m: int, shares: Sequence[float], variance: float
) -> Cloud:
    """Make examples that vary in known directions.

    Args:
        numbers: called with a shape, gives numbers that hang together in no way.
        v: how many numbers an example has.
        m: how many examples there are.
        shares: the shares of the variance that the first one, two ... directions have together; as
            many as there are directions, at most v and m - 1. No two directions have nearly the
            same variance, so that no other directions are as right as these.
        variance: the sum of the variances.

    Returns:
        The Cloud.
    """
    r = len(shares)
    directions, _ = np.linalg.qr(numbers(v, r))
    # What is at right angles to ones has the mean 0.
    apart, _ = np.linalg.qr(np.column_stack([np.ones(m), numbers(m, r)]))
    variances = variance * np.diff(shares, prepend=0.0)
    mean = 1.5 + numbers(v)
    spread = directions * np.sqrt(variances * m)
    return Cloud(mean[:, None] + spread @ apart[:, 1:].T, mean, directions, variances, shares)


def bottleneck_faults(pca_bottleneck: Function, given: Cloud, k: int, slack: float = 1.0) -> Faults:
    """Find what is wrong with a function that finds the directions of the largest variance.

    Args:
        pca_bottleneck: the student's function.
        given: the data, and what is known of them.
        k: how many directions to ask for.
        slack: how many times NEAR its results may be off.

    Returns:
        The faults of the parts "mean", "U", "share"; parts that are right are left out.
    """
    near = NEAR * slack
    try:
        got = call(pca_bottleneck, given.data, k)
    except CallFailed as failure:
        return dict.fromkeys(BOTTLENECK, failure.fault)
    whole = unpacked(got, len(BOTTLENECK)) is not None
    directions = given.directions[:, :k]
    U = as_numbers(got[1]) if whole else None
    if U is not None and U.shape == directions.shape:
        directions = directions * np.where(np.sum(U * directions, axis=0) < 0, -1, 1)
    wanted = given.mean, directions, given.shares[k - 1]
    faults = result_differences(got, wanted, BOTTLENECK, rtol=near)
    if whole:
        if "U" not in faults or faults["U"].kind not in UNLIKE_NUMBERS:
            faults.pop("U", None)
            fault = _directions_fault(np.asarray(got[1], dtype=float), given, near)
            if fault:
                faults["U"] = fault
        found = dict(zip(BOTTLENECK, got))
        faults = {part: _with_numbers(faults[part], found[part], given) for part in faults}
    return faults


def _directions_fault(U: Array, given: Cloud, near: float) -> Fault | None:
    """The first thing that is wrong with an array of k directions, (v, k)."""
    k = U.shape[1]
    lengths = np.linalg.norm(U, axis=0)
    off = np.abs(lengths - 1)
    j = int(off.argmax())
    if off[j] > SINGLE:
        return fault_of_value(
            f"column {j} of U (counted from 0) has length {lengths[j]:.4g}, and should have 1", "U"
        )
    products = np.abs(U.T @ U - np.diag(lengths**2))
    if products.max() > SINGLE:
        i, j = sorted(map(int, np.unravel_index(products.argmax(), products.shape)))
        return fault_of_value(
            f"columns {i} and {j} of U (counted from 0) are not at right angles: the cosine is "
            f"{(U[:, i] @ U[:, j]):.3g}",
            "U",
        )
    # The covariance, as it was made.
    turned = given.directions @ (given.variances[:, None] * (given.directions.T @ U))
    along, best = np.sum(U * turned, axis=0), given.variances[:k]
    own = np.abs(turned - U * along).max() < SINGLE * given.variances[0]  # each a principal one
    size = given.variances[0]
    if np.abs(along - best).max() <= SINGLE * size and own:
        worst = max(off.max(), products.max(), np.abs(turned - U * along).max() / size)
        if worst <= near:
            return None
        return Fault("U is right to a few digits only: is something rounded, or computed in "
                     "float32?", "digits", "digits")  # fmt: skip
    listed = ", ".join(f"{value:.3g}" for value in along)
    should = ", ".join(f"{value:.3g}" for value in best)
    if own and np.allclose(np.sort(along)[::-1], best, rtol=0, atol=SINGLE * size):
        return fault_of_value(
            f"the columns of U are right, but come in another order: along them the data have the "
            f"variances {listed}, and the largest should come first",
            "U",
        )
    if abs(along.sum() - best.sum()) <= SINGLE * size:
        return fault_of_value(
            "the columns of U span the right space, but they are not its principal directions: "
            f"along them the data have the variances {listed}, and should have {should}",
            "U",
        )
    return fault_of_value(
        f"along the columns of U the data have the variances {listed}; along the right ones they "
        f"have {should}",
        "U",
    )


def _with_numbers(fault: Fault, got: Any, given: Cloud) -> Fault:
    """The same fault, with a code that holds what came out, apart from the signs of directions."""
    numbers = as_numbers(got)
    if numbers is None or fault.kind == "digits" or not np.isfinite(numbers).all():
        return fault
    told = np.abs(numbers.astype(float))
    v = len(given.mean)
    if told.ndim == 2 and v in told.shape:
        # A direction in which nothing varies may be any.
        columns = numbers if len(numbers) == v else numbers.T
        told = np.abs(given.directions.T @ columns)
    return Fault(fault, fault.kind, f"{fault.code} {_digits(told)}")


def _digits(numbers: NDArray[Any]) -> str:
    """The first digits of some numbers, which are the same on every machine."""
    size = float(np.abs(numbers).max(initial=0.0)) or 1.0
    whole = np.round(1e4 * numbers / size).astype(int)
    return f"{size:.4g} {whole.ravel().tolist()}"


def _uneven(*shape: int, start: int = 1) -> Array:
    """Numbers without a pattern, so that no column follows from others."""
    return wave(*shape, start=start, wiggle=lambda k: np.sin(1.3 * k * k))


def _around(start: int) -> Callable[..., Array]:
    return lambda *shape: _uneven(*shape, start=start)


def _in_groups(*shape: int) -> Array:
    """Numbers of which every other one is 0: a column says nothing of half of the numbers."""
    every_other: Array = _uneven(*shape, start=3) * (np.indices(shape).sum(axis=0) % 2 == 0)
    return every_other


def _of_a_kind(v: int, m: int, start: int = 1) -> Array:
    """Data whose numbers have different means, (v, m)."""
    return _uneven(v, m, start=start) + 2 * _uneven(v, 1, start=start)


def _sharing(n: int, p: int, q: int, common: int, start: int = 1) -> tuple[Array, Array]:
    """Columns that span two spaces with some directions in common, which no column shows."""
    A = _uneven(n, p, start=start)
    B = np.hstack(
        [A @ _uneven(p, common, start=start + 3), _uneven(n, q - common, start=start + 5)]
    )
    return A, B @ (np.eye(q) + 0.4 * _uneven(q, q, start=start + 7))


def _rank(*arrays: Array) -> int:
    return int(np.linalg.matrix_rank(np.hstack(arrays)))


EXERCISES = (
    Exercise(
        "share_explained",
        probes=(
            Probe("5 numbers, 7 examples",
                  (_of_a_kind(5, 7), 0.8 * _of_a_kind(5, 7) + 0.3 * _uneven(5, 7, start=6))),
            Probe(
                "4 numbers, 9 examples, nearly right",
                (_of_a_kind(4, 9, 3), _of_a_kind(4, 9, 3) + 0.1 * _uneven(4, 9, start=5)),
            ),
            Probe("6 numbers, 3 examples, far worse than the mean",
                  (_of_a_kind(6, 3, 2), 9 * _uneven(6, 3, start=9))),
            Probe("3 numbers, 8 examples, all too large",
                  (_of_a_kind(3, 8, 4), _of_a_kind(3, 8, 4) + 0.2 + 0.1 * _uneven(3, 8, start=2))),
            Probe("nothing lost", (_of_a_kind(7, 4), _of_a_kind(7, 4))),
            Probe("small numbers", (1e-3 * _of_a_kind(2, 6, 5), 1e-3 * _of_a_kind(2, 6, 6))),
        ),
        conditions=(
            Condition("nothing is lost", "where something is", lambda a: np.array_equal(*a)),
        ),
    ),
    Exercise(
        "pca_bottleneck",
        probes=(
            Probe("5 numbers, 9 examples, k = 2",
                  (cloud(_around(1), 5, 9, (0.47193, 0.73621, 0.88417, 0.95862, 1.0), 3.7), 2)),
            Probe("4 numbers, 11 examples, k = 1",
                  (cloud(_around(2), 4, 11, (0.41279, 0.70854, 0.89931, 1.0), 0.6), 1)),
            Probe("6 numbers in two groups, 8 examples, k = 4",
                  (cloud(_in_groups, 6, 8, (0.305, 0.5492, 0.7437, 0.8927, 0.9675, 1.0), 14), 4)),
            Probe("7 numbers, 5 examples, k = 3",
                  (cloud(_around(4), 7, 5, (0.45317, 0.74682, 0.92546, 1.0), 2.2), 3)),
            Probe("12 numbers, 4 examples, k = 2",
                  (cloud(_around(6), 12, 4, (0.51842, 0.80615, 1.0), 2.1), 2)),
            Probe("3 numbers, 10 examples, k = 3: all there is",
                  (cloud(_around(5), 3, 10, (0.60472, 0.89613, 1.0), 1.9), 3)),
        ),
        properties=Properties(BOTTLENECK, bottleneck_faults, apart=True),
        conditions=(
            Condition("k is 1", "where it is more", lambda a: a[1] == 1),
            Condition("there are fewer examples than numbers in each", "where there are more",
                      lambda a: a[0].data.shape[0] > a[0].data.shape[1]),
            Condition("k is the number of all directions", "where it is less",
                      lambda a: a[1] == len(a[0].shares)),
        ),
        called_again=False,
    ),
    Exercise(
        "principal_angles",
        probes=(
            Probe("two planes in 5 dimensions", (_uneven(5, 2), _uneven(5, 2, start=4))),
            Probe("a plane and a space of 3, in 6 dimensions",
                  (_uneven(6, 2, start=2), _uneven(6, 3, start=5))),
            Probe("a space of 4 and a plane, in 7 dimensions",
                  (_uneven(7, 4, start=3), _uneven(7, 2, start=8))),
            Probe("two lines in 3 dimensions", (_uneven(3, 1), _uneven(3, 1, start=5))),
            Probe("columns of very different lengths",
                  (_uneven(8, 3) * [0.02, 1, 30], _uneven(8, 3, start=6) * [7, 0.05, 3])),
            Probe("planes at right angles", (np.eye(4)[:, :2] * [2, -3], np.eye(4)[:, 2:])),
            Probe("spaces that share a plane", _sharing(9, 4, 3, 2)),
            # Of so many cosines that should be 1 some come out as more, however they are computed.
            Probe("spaces that share 7 dimensions", _sharing(16, 9, 8, 7, start=2)),
            Probe("spaces that share 12 dimensions", _sharing(25, 14, 13, 12, start=3)),
        ),
        conditions=(
            Condition("both share a direction", "where they do not",
                      lambda a: _rank(*a) < a[0].shape[1] + a[1].shape[1]),
            Condition("both have as many columns", "where they have not",
                      lambda a: a[0].shape[1] == a[1].shape[1]),
        ),
        # Of an angle that is nearly 0 the cosine keeps half of the digits.
        rtol=1e-6,
    ),
)  # fmt: skip
