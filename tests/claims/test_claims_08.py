"""What notebook 08 says of tanh units, of the same network, and of other penalties is so."""

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.data import load_stored
from saelab.quality import describe_filters
from tests.support.claims import patches, prose, stated

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
        NAME, r"By hand: \$a = \(([\d.]+), (-[\d.]+), ([\d.]+)\)\$ gives \$p = \(([\d.]+), "
        r"([\d.]+), ([\d.]+)\)\$ and \$\\hat\\rho = ([\d.]+)\$",
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
    rises = [(f(1e-6) - f(-1e-6)) / 2e-6 for f in (lambda z: (1 + np.tanh(z)) / 2, own.sigmoid)]
    assert rises[0] == pytest.approx(2 * rises[1]) and "twice as steep" in prose(NAME)
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
    noise, some, edges, _ = stored["lambda_edges"]
    assert noise.max() <= 1 and stored["lambda_alive"][0].min() == 25  # "noise"
    assert (some.min(), some.max()) == stated(NAME, r"With twice that, (\d+) to (\d+) edges;")
    assert stored["lambda_alive"][3].max() <= 5  # "all but a few filters die"
    usual = stored["sigmoid_edges"]
    assert (edges.min(), edges.max(), usual.min(), usual.max()) == stated(
        NAME, r"foretold, (\d+) to (\d+), where sigmoid units have (\d+) to (\d+)\."
    )
    old = load_stored("trainings")
    at = [int(np.flatnonzero(np.isclose(old[name], value))[0]) for name, value in (
        ("rho", 0.01), ("beta", 3.0), ("lambda_", 3e-5), ("hidden", 25))]  # fmt: skip
    assert old["edges"][tuple(at)] == stated(NAME, r"has \$3 \\cdot 10\^\{-5\}\$: (\d+) edge\)")


@pytest.mark.long
def test_the_same_start_leads_to_the_same_edges():
    """Rounding errors grow on the way, elsewhere differently."""
    assert "Very nearly, unit by unit." in prose(NAME)
    start = own.initialize_parameters(64, 25, np.random.default_rng(1))

    def cost(theta):
        return own.tanh_autoencoder_cost(theta, 64, 25, 4e-4, 0.01, 3.0, few())

    theta = own.train(own.to_tanh(start, 64, 25), cost, 200).x
    W1, other = own.unpack_parameters(theta, 64, 25)[0], stored["sigmoid_W1"][0].astype(float)
    cosines = np.sum(W1 * other, axis=1)
    cosines /= np.linalg.norm(W1, axis=1) * np.linalg.norm(other, axis=1)
    assert np.median(cosines) > 0.85
    edges = sum(fit.is_good for fit in describe_filters(W1).fits)
    assert edges == pytest.approx(stored["sigmoid_edges"][0], abs=5)


def test_the_squared_penalty_by_hand():
    rho, first, second, beta, times, gap, value, slope, none = stated(
        NAME, r"By hand: \$\\rho = ([\d.]+)\$, \$\\hat\\rho = \(([\d.]+), ([\d.]+)\)\$, \$\\beta = "
        r"(\d+)\$: the value is \$(\d+) \\cdot ([\d.]+) = ([\d.]+)\$, the slope \$\((\d), (\d)\)\$",
    )  # fmt: skip
    found, slopes = own.squared_penalty(rho, np.array([first, second]), beta)
    assert (found, *slopes) == pytest.approx((value, slope, none))
    assert times == beta and (first - rho) ** 2 == pytest.approx(gap)


def test_with_kl_it_is_the_cost_of_notebook_03():
    some = few()[:, :500]
    J, grad = own.with_penalty(trained(), own.kl, 3.0, some)
    right, slope = own.sparse_autoencoder_cost(trained(), 64, 25, 1e-4, 0.01, 3.0, some)
    assert pytest.approx(right, rel=1e-14) == J
    np.testing.assert_allclose(grad, slope, atol=1e-14)


@pytest.mark.parametrize("name", ["kl", "squared", "l1", "log", "zeros_of_tanh"])
def test_each_penalty_has_its_slope(name):
    penalty = getattr(own, name)
    p = np.random.default_rng(0).uniform(0.1, 0.45, (3, 4))
    _, slope = penalty(p)
    slope = np.broadcast_to(slope, p.shape) / p.shape[1]
    for place in np.ndindex(p.shape):
        step = np.zeros_like(p)
        step[place] = 1e-6
        rise = (penalty(p + step)[0] - penalty(p - step)[0]) / 2e-6
        assert rise == pytest.approx(slope[place], rel=1e-7)


def of(name, *weights):
    """Where a penalty with some weights lies in the stored arrays."""
    row = stored["penalties"].tolist().index(name)
    columns = [np.flatnonzero(np.isclose(stored["weights"][row], w))[0] for w in weights]
    return row, columns or slice(None)


def test_what_the_penalties_give():
    low, high, first, last = stated(
        NAME, r"KL finds (\d+) to (\d+) edges with weights from (\d+) to (\d+), and"
    )
    edges = stored["edges"][of("KL", first, 3, last)]
    assert (edges.min(), edges.max()) == (low, high)
    low, high, first, last = stated(
        NAME, r"and the squared penalty (\d+) to (\d+) from (\d+) to (\d+): a wide"
    )
    edges = stored["edges"][of("squared", first, 300, last)]
    assert (edges.min(), edges.max()) == (low, high)
    low, high = stated(NAME, r"L1 and the logarithm find (\d+) to (\d+)\.")
    both = np.concatenate([stored["edges"][of(name)] for name in ("L1", "log")])
    assert (both.min(), both.max()) == (low, high)
    # "With small weights units die or are busy, with larger ones all die."
    for name, small, large in (("L1", 0.01, (0.03, 0.1, 0.3)), ("log", 0.001, (0.01, 0.03))):
        alive, active = stored["alive"][of(name, small)][0], stored["active"][of(name, small)][0]
        assert 0 < alive < 25 and active.max() > 0.3
        assert (stored["alive"][of(name, *large)] == 0).all()
    assert 0 < stored["alive"][of("log", 0.003)][0] < 25
    assert (stored["alive"][of("L1", 0.3)] == 0).all()  # "x 0.3 sends them all to sleep"
    assert (np.abs(stored["active"][of("|a| of tanh")] - 0.5) < 0.02).all()
    weight, percent = stated(
        NAME, r"With ([\d.]+) the network explains (\d+) % of the variance, and"
    )
    at = of("|a| of tanh", weight)
    assert 100 * stored["explained"][at][0] == pytest.approx(percent, abs=0.5)
    assert stored["edges"][at][0] == 0


def test_who_wakes_a_sleeping_unit():
    deep, light = np.full((1, 1), 1e-5), np.full((1, 1), 5e-3)

    def push(penalty, weight, p):
        return (weight * penalty(p)[1] * p * (1 - p)).item()

    assert push(own.kl, 3, deep) == pytest.approx(
        stated(NAME, r"is left: \$(-[\d.]+)\$ however deep the sleep"), abs=5e-5
    )
    assert push(own.kl, 3, light) == pytest.approx(3 * (5e-3 - 0.01))  # beta (p - rho)
    assert push(own.squared, 300, light) < -0.01 < push(own.squared, 300, deep) < 0
    assert all(push(own.l1, 0.3, p) > 0 for p in (deep, light))


def kept(name, weight):
    row, (column,) = of(name, weight)
    return int(np.flatnonzero((stored["kept"] == (row, column)).all(axis=1))[0])


def test_where_it_begins():
    weight, edges, before, asleep = stated(
        NAME, r"L1 × ([\d.]+) keeps (\d+) edges, where the random start left (\d+); the other "
        r"(\d+) units have fallen asleep",
    )  # fmt: skip
    k = kept("L1", weight)
    assert (stored["kept_edges"][k], 25 - stored["kept_alive"][k]) == (edges, asleep)
    assert stored["edges"][of("L1", weight)][0] == before
    asleep = np.sort(stored["kept_active"][k])[: int(asleep)]
    assert (asleep < 0.002).all()
    weight, mean, edges = stated(
        NAME, r"With ([\d.]+) all stay awake, but they get busier, \$\\hat\\rho\$ about ([\d.]+), "
        r"and (\d+) edges are left",
    )  # fmt: skip
    k = kept("L1", weight)
    assert (stored["kept_edges"][k], stored["kept_alive"][k]) == (edges, 25)
    assert stored["kept_active"][k].mean() == pytest.approx(mean, abs=0.005)
    for weight in (0.003, 0.01):  # "the logarithm does likewise"
        k = kept("log", weight)
        assert stored["kept_alive"][k] == 25 and stored["kept_active"][k].mean() > 0.05
        assert stored["kept_edges"][k] < 10
    found = [stored["kept_edges"][kept(*which)] for which in (("KL", 3), ("squared", 300))]
    assert tuple(found) == stated(NAME, r"squared penalty go on to (\d+) and (\d+)\.")


def test_the_model_answer():
    """The mean of |a| is smallest at 0, which is p = 1/2; and both costs have their gradients."""
    p = np.linspace(0.01, 0.99, 99)
    values = [own.zeros_of_tanh(np.array([[each]]))[0] for each in p]
    assert p[np.argmin(values)] == pytest.approx(0.5)
