"""Directions of the largest variance: any right ones pass, and what is wrong of others is said."""

import numpy as np
import pytest

from autograder.exercises import exercises
from autograder.exercises.exercise import SLACK
from saelab.check.exercises import exercise
from saelab.check.exercises.autoencoders import bottleneck_faults

SHOWN = [probe.args for probe in exercise("pca_bottleneck").probes]


def by_svd(data, k):
    """The signs are those of the machine; some are turned."""
    mean = data.mean(axis=1)
    U, s, _ = np.linalg.svd(data - mean[:, None], full_matrices=False)
    return mean, U[:, :k] * (-1) ** np.arange(k), (s[:k] ** 2).sum() / (s**2).sum()


def changed(change):
    """by_svd with another (mean, U, share)."""
    return lambda data, k: change(*by_svd(data, k))


def hidden(seed):
    problems = exercises()["pca_bottleneck"].problems(np.random.default_rng(seed))
    return [probe.args for probe in problems]


@pytest.mark.parametrize("args", SHOWN, ids=lambda args: f"{args[0].data.shape} {args[1]}")
def test_the_data_vary_as_they_say(args):
    given, k = args
    np.testing.assert_allclose(given.data.mean(axis=1), given.mean, atol=1e-14)
    covariance = np.cov(given.data, bias=True)
    r = len(given.variances)
    np.testing.assert_allclose(
        covariance @ given.directions, given.directions * given.variances, atol=1e-13
    )
    np.testing.assert_allclose(np.trace(covariance), given.variances.sum())
    np.testing.assert_allclose(
        np.cumsum(given.variances) / given.variances.sum(), given.shares, atol=1e-12
    )
    assert (np.diff(given.variances) < -0.02 * given.variances[0]).all() and 1 <= k <= r


def test_sizes_differ():
    sizes = [(*given.data.shape, k, len(given.shares)) for given, k in SHOWN]
    assert len({(v, m, k) for v, m, k, _ in sizes}) == len(sizes)
    assert any(m < v for v, m, _, _ in sizes) and any(k == r for _, _, k, r in sizes)
    assert all(len({v, m, k}) == 3 or (k == v != m) for v, m, k, _ in sizes)


def test_right_directions_never_fail():
    for args in SHOWN:
        assert bottleneck_faults(by_svd, *args) == {}
    for seed in range(100):
        for args in hidden(seed):
            assert args[-1] == SLACK
            assert bottleneck_faults(by_svd, *args) == {}


def mixed(U):
    turn = np.linalg.qr(np.cos(np.arange(U.shape[1] ** 2.0) ** 2).reshape(U.shape[1], -1))[0]
    return U @ turn


@pytest.mark.parametrize(
    "change, part, words",
    [
        (lambda m, U, s: (m, 2 * U, s), "U", "column 0 of U (counted from 0) has length 2"),
        (lambda m, U, s: (m, U * 0, s), "U", "has length 0, and should have 1"),
        (lambda m, U, s: (m, U[:, [0] * U.shape[1]], s), "U", "are not at right angles: the cos"),
        (lambda m, U, s: (m, U[:, ::-1], s), "U", "the columns of U are right, but come in anot"),
        (lambda m, U, s: (m, mixed(U), s), "U", "span the right space, but they are not its pri"),
        (lambda m, U, s: (m, np.eye(*U.shape), s), "U", "along the columns of U the data have"),
        (lambda m, U, s: (m, np.float32(U), s), "U", "has dtype float32"),
        (lambda m, U, s: (m, U.round(6), s), "U", "right to a few digits only"),
        (lambda m, U, s: (m, U.T, s), "U", "is it transposed?"),
        (lambda m, U, s: (m, U * np.nan, s), "U", "U is nan"),
        (lambda m, U, s: (m, None, s), "U", "U is None"),
        (lambda m, U, s: (m[:, None], U, s), "mean", "mean has shape (5, 1), but should have"),
        (lambda m, U, s: (m + 1, U, s), "mean", "larger than it should be by 1"),
        (lambda m, U, s: (m, U, 1 - s), "share", "share is 0.264, but should be 0.736"),
        (lambda m, U, s: (m, U, [s]), "share", "share is a list"),
    ],
)
def test_one_part_alone_is_wrong(change, part, words):
    faults = bottleneck_faults(changed(change), *SHOWN[0])
    assert faults.keys() == {part} and words in faults[part]


@pytest.mark.parametrize(
    "function, words",
    [
        (changed(lambda m, U, s: (m, U)), "it should return 3 things (mean, U, share)"),
        (changed(lambda m, U, s: None), "it should return 3 things (mean, U, share)"),
        (lambda data, k: 1 / 0, "ZeroDivisionError"),
        (lambda data, k: by_svd(np.subtract(data, 1, out=data) + 1, k), "changes its argument"),
    ],
)
def test_all_parts_are_wrong(function, words):
    faults = bottleneck_faults(function, *SHOWN[0])
    assert faults.keys() == {"mean", "U", "share"}
    assert all(words in fault for fault in faults.values())


def test_the_code_of_a_fault_does_not_depend_on_signs():
    def wrong(sign):
        return changed(lambda m, U, s: (m, (U[:, ::-1]) * sign, s))

    one, other = (bottleneck_faults(wrong(sign), *SHOWN[0])["U"].code for sign in (1, [1, -1]))
    assert one == other
    other = bottleneck_faults(changed(lambda m, U, s: (m, 2 * U, s)), *SHOWN[0])["U"].code
    assert one != other
