"""What notebook 05 says of its training is so."""

import functools
import inspect

import numpy as np
import pytest
from scipy.optimize import _lbfgsb_py, minimize

from autograder.exercises.reference import reference
from saelab.data import load_stored
from saelab.quality import describe_filters
from saelab.quality.verdict import ALIVE_NORM
from tests.support.claims import patches, prose, stated, theta0

NAME = "05_training"


def cost(theta, data, lambda_=1e-4, beta=3.0):
    return reference("03_kl_delta").sparse_autoencoder_cost(
        theta, 64, 25, lambda_, 0.01, beta, data
    )


def parts(theta, data):
    """Error, weight decay, sparsity penalty."""
    error = cost(theta, data, 0, 0)[0]
    return error, cost(theta, data, beta=0)[0] - error, cost(theta, data, lambda_=0)[0] - error


@functools.cache
def watched():
    """theta after each of the first 100 iterations of the training that the monitor shows."""
    seen = [theta0()]
    reference(NAME).train(
        theta0(), lambda theta: cost(theta, patches()[:, :5000]), 100,
        lambda theta: seen.append(theta.copy()),
    )  # fmt: skip
    return seen


def filters(theta):
    return reference("02_cost").unpack_parameters(theta, 64, 25)[0]


def contrast(W1):
    """The length of each filter without its mean."""
    return np.linalg.norm(W1 - W1.mean(axis=1, keepdims=True), axis=1)


def share_explained(theta):
    _, a3 = reference("02_cost").feed_forward(theta, 64, 25, patches())
    return 1 - np.sum((a3 - patches()) ** 2) / np.sum((patches() - 0.5) ** 2)


def test_the_valley():
    stretch, start = np.array([1.0, 25.0]), np.array([4.0, 0.9])
    left, whole = stated(NAME, r"still has a tenth of the way to go, ([\d.]+) of (\d)")
    at = start
    for _ in range(30):
        at = at - 0.075 * stretch * at
    assert np.linalg.norm(at) == pytest.approx(left, abs=0.005) and whole == start[0]
    assert 0.09 < np.linalg.norm(at) / np.linalg.norm(start) < 0.11
    found = minimize(
        lambda x: (0.5 * stretch @ x**2, stretch * x), start, jac=True, method="L-BFGS-B"
    )
    assert found.nit == 9


def test_what_l_bfgs_remembers_and_what_newton_would_have_to():
    assert theta0().size == stated(NAME, r"for (\d+) parameters the matrix")
    assert theta0().size ** 2 == pytest.approx(10e6, rel=0.1)
    memory = inspect.signature(_lbfgsb_py._minimize_lbfgsb).parameters["maxcor"].default
    assert memory == 10


def test_how_far_down_it_goes():
    start = stated(NAME, r"before training the network costs about (\d+)\.")
    assert cost(theta0(), patches())[0] == pytest.approx(start, rel=0.05)
    end, grey = stated(NAME, r"Down to ([\d.]+)\. An answer of even grey.*?would cost ([\d.]+),")
    assert cost(load_stored("parameters")["sparse"], patches())[0] == pytest.approx(end, abs=0.005)
    assert np.sum((patches() - 0.5) ** 2) / 20_000 == pytest.approx(grey, abs=0.005)


def test_the_penalty_goes_first_and_decay_rises():
    before, ten, after = (
        parts(theta, patches())
        for theta in (theta0(), watched()[10], load_stored("parameters")["sparse"])
    )
    assert before[2] > 0.98 * sum(before) and ten[2] < 0.001
    assert ten[0] == pytest.approx(np.sum((patches() - 0.5) ** 2) / 20_000, abs=0.005)
    assert after[0] < ten[0] and after[1] > 10 * ten[1]


@pytest.mark.long
def test_weights_fade_and_then_edges_are_born():
    length = {i: contrast(filters(watched()[i])).mean() for i in (0, 10, 30)}
    assert length[10] == pytest.approx(length[0], rel=0.05)
    assert length[30] == pytest.approx(length[0] / 2, rel=0.1)
    said = stated(
        NAME,
        r"(\d+) of the 25 units are edges after 51 iterations, (\d+) after 68, and (\d+) after 100",
    )
    for iteration, number in zip((51, 68, 100), said):
        W1 = filters(watched()[iteration])
        fits = describe_filters(W1).fits
        found = sum(fit.is_good and norm > ALIVE_NORM for fit, norm in zip(fits, contrast(W1)))
        assert found == pytest.approx(number, abs=3)  # rounding errors grow, elsewhere differently


def test_shares_and_activations():
    before = stated(NAME, r"the share is negative, (−[\d.]+)\.")
    after = stated(NAME, r"After training it is a quarter, ([\d.]+)\.")
    assert share_explained(theta0()) == pytest.approx(before, abs=0.005)
    assert share_explained(load_stored("parameters")["sparse"]) == pytest.approx(after, abs=0.005)
    low, high = stated(NAME, r"its own level, somewhere between ([\d.]+) and ([\d.]+);")
    a2, _ = reference("02_cost").feed_forward(theta0(), 64, 25, patches())
    assert a2.mean(axis=1).min() == pytest.approx(low, abs=0.02)
    assert a2.mean(axis=1).max() == pytest.approx(high, abs=0.02)
    a2, _ = reference("02_cost").feed_forward(
        load_stored("parameters")["sparse"], 64, 25, patches()
    )
    assert np.abs(a2.mean(axis=1) - 0.01).max() < 0.002


def test_the_two_controls():
    few, trained = patches()[:, :5000], load_stored("parameters")
    low = stated(NAME, r"The one without sparsity: ([\d.]+), and its error is a quarter")
    assert cost(trained["dense"], few, beta=0)[0] == pytest.approx(low, abs=0.005)
    usual = 0.399  # of the network with all terms after 200 iterations, as the table shows
    assert cost(trained["dense"], few, 0, 0)[0] / usual == pytest.approx(0.25, abs=0.05)
    a2, a3 = reference("02_cost").feed_forward(trained["decayed"], 64, 25, few)
    assert np.abs(a2.mean(axis=1) - 0.01).max() < 1e-4
    assert np.abs(filters(trained["decayed"])).max() < 0.05
    assert a3.std(axis=1).max() < 0.01  # the same for every patch


def test_other_starts_give_other_units_and_the_same_cost():
    """As the stored trainings of notebook 09 do, which differ in patches, too."""
    stored = load_stored("hundred_units")
    costs = stored["photographs/cost"]
    assert np.ptp(costs) < 0.015 * costs.mean() and "nearly the same cost" in prose(NAME)
    one, other = (filters(theta) for theta in stored["photographs/theta"][:2].astype(float))
    alike = np.abs(np.corrcoef(one, other)[:25, 25:])
    assert np.median(alike.diagonal()) < 0.5  # of units of the same number
