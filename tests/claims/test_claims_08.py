"""What notebook 08 says of tanh units, of the same network, and of other penalties is so."""

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.data import load_stored
from tests.support.claims import patches, stated

NAME = "08_tanh_units"
own = reference(NAME)
stored = load_stored("tanh")
LN3 = np.log(3)
HAND = np.array([LN3 / 2, 0, 1 / 2, -1 / 2, 0, -1 / 4, 1 / 4 - LN3])
BEFORE = np.array([LN3, 0, 1, -1, 0, -3 / 4, 3 / 4 - LN3])  # in notebook 03
X = np.array([[1.0], [0.0]])


def few():
    return patches()[:, :5000]


def trained():
    return load_stored("parameters")["sparse"]


def test_shares_by_hand():
    *a, p, q, r, mean = stated(
        NAME, r"By hand: \$a = \(([\d.]+), (-[\d.]+), ([\d.]+)\)\$ gives \$p = \(([\d.]+), ([\d.]+), "
        r"([\d.]+)\)\$ and \$\\hat\\rho = ([\d.]+)\$",
    )  # fmt: skip
    found = (1 + np.array(a)) / 2
    assert found == pytest.approx([p, q, r]) and found.mean() == pytest.approx(mean)


def test_the_mean_of_a_is_no_share():
    """It can be negative, and then KL is no number."""
    with np.errstate(invalid="ignore"):
        assert np.isnan(own.kl_divergence(0.01, np.array([-0.2])))[0]


def test_the_curve_in_a_hurry():
    z = np.linspace(-4, 4, 101)
    np.testing.assert_allclose((1 + np.tanh(z)) / 2, own.sigmoid(2 * z), rtol=1e-13)
    np.testing.assert_allclose(np.tanh(z), 2 * own.sigmoid(2 * z) - 1, atol=1e-15)


def test_the_term_by_hand():
    first, second, whole, half = stated(
        NAME, r"in notebook 03 it was \$(-[\d.]+) \+ ([\d.]+) = ([\d.]+)\$; now it is ([\d.]+)\."
    )
    assert (-0.2 / 0.5, 0.8 / 0.5) == pytest.approx((first, second))
    at = 0.2, np.array([0.5]), 1.0
    assert own.sparsity_delta(*at)[0] == pytest.approx(whole)
    assert own.tanh_sparsity_delta(*at)[0] == pytest.approx(half)


def test_the_table():
    error, decay, penalty, cost, delta2, b1, *more = stated(
        NAME, r"\$ \| ([\d.]+) \| \| decay \|.*?\$ \| ([\d.]+) \| \| penalty.*?\$ \| ([\d.]+) \| "
        r"\| cost \| the sum \| ([\d.]+) \|.*?\\tfrac34\$ \| ([\d.]+) \|.*?the deltas \| ([\d.]+), "
        r"\$\((-[\d.]+),([\d.]+)\)\$.*?\$ \| \$\(([\d.]+),0\)\$.*?\$\(([\d.]+),(-[\d.]+)\)\$ \|",
    )  # fmt: skip

    def at(lambda_, beta):
        return own.tanh_autoencoder_cost(HAND, 2, 1, lambda_, 1 / 4, beta, X)

    plain, (J, grad) = at(0, 0)[0], at(0.4, 1)
    found = plain, at(0.4, 0)[0] - plain, at(0, 1)[0] - plain, J
    assert found == pytest.approx((error, decay, penalty, cost), abs=5e-6)
    b21, b22, w1, w21, w22 = more
    assert grad == pytest.approx([w1, 0, w21, w22, b1, b21, b22], abs=6e-6)
    assert delta2 == b1 == pytest.approx((-11 / 128 + 4 / 3) * 3 / 4, abs=5e-6)


def test_the_cost_is_that_of_notebook_03():
    """With four times the lambda."""
    now, _ = own.tanh_autoencoder_cost(HAND, 2, 1, 0.4, 1 / 4, 1.0, X)
    then, _ = own.sparse_autoencoder_cost(BEFORE, 2, 1, 0.1, 1 / 4, 1.0, X)
    assert now == pytest.approx(then, rel=1e-15)
    np.testing.assert_allclose(own.to_tanh(BEFORE, 2, 1), HAND, atol=1e-16)
    assert f"{stated('03_kl_delta', r'the sum . ([0-9.]+) '):.5f}" == f"{now:.5f}"


def test_a_third():
    rng = np.random.default_rng(0)
    small = rng.uniform(0.1, 0.9, (6, 20))
    theta = own.initialize_parameters(6, 4, rng)

    def cost(theta, beta=3.0):
        return own.tanh_autoencoder_cost(theta, 6, 4, 1e-4, 0.01, beta, small)

    right, plain = cost(theta)[1], cost(theta, 0.0)[1]
    measured = own.numerical_gradient(cost, theta)
    said = own.relative_error(measured, 2 * right - plain)
    assert said == pytest.approx(stated(NAME, r"who sees ([\d.]+) should look"), abs=0.005)
    assert own.relative_error(measured, right) < 1e-8
    # Sparsity is nearly all of the gradient.
    assert np.linalg.norm(plain) < 0.05 * np.linalg.norm(right)


def test_the_same_network():
    """To the last digit or the one before it, with four times the lambda and no other."""
    theta, rest = own.to_tanh(trained(), 64, 25), (0.01, 3.0, few())
    J, _ = own.sparse_autoencoder_cost(trained(), 64, 25, 1e-4, *rest)
    for times in (1, 2, 4):
        other, _ = own.tanh_autoencoder_cost(theta, 64, 25, times * 1e-4, *rest)
        assert (abs(other - J) < 3e-15) == (times == 4)
    _, output = own.feed_forward(trained(), 64, 25, few())
    W1, W2, b1, b2 = own.unpack_parameters(theta, 64, 25)
    a2 = np.tanh(W1 @ few() + b1[:, None])
    np.testing.assert_allclose(own.sigmoid(W2 @ a2 + b2[:, None]), output, atol=1e-13)


def test_which_lambda():
    assert stored["lambdas"] == pytest.approx([1e-4, 2e-4, 4e-4, 8e-4])
    noise, some, edges, gone = stored["lambda_edges"]
    assert noise.max() <= 1 and stored["lambda_alive"][0].min() == 25  # "noise"
    assert (some.min(), some.max()) == stated(NAME, r"With twice that, (\d+) to (\d+) edges;")
    assert stored["lambda_alive"][3].max() <= 5  # "all but a few filters die"
    assert abs(edges.mean() - stored["sigmoid_edges"].mean()) < 2  # "as many edges"
    old = load_stored("trainings")
    at = [int(np.flatnonzero(np.isclose(old[name], value))[0]) for name, value in (
        ("rho", 0.01), ("beta", 3.0), ("lambda_", 3e-5), ("hidden", 25))]  # fmt: skip
    assert old["edges"][tuple(at)] == stated(NAME, r"has \$3 \\cdot 10\^\{-5\}\$: (\d+) edge\)")
