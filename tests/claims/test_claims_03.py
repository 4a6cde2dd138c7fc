"""What notebook 03 says in numbers is so."""

import functools
import math

import numpy as np
import pytest
from scipy.optimize import minimize

from autograder.exercises.reference import reference
from tests.support.claims import prose, stated, white_images

NOTEBOOK = "03_kl_delta"
BETA, RHO = 3.0, 0.05

cut, network, own = (reference(name) for name in ("01_patch_sampling", "02_cost", NOTEBOOK))


@functools.cache
def patches():
    """The notebook's thousand patches, of which the first is at its place of choice."""
    white = white_images()
    mine = white[4, 214:222, 274:282].ravel()
    others = cut.sample_patches(white, 8, 999, np.random.default_rng(0))
    return cut.normalize_patches(np.column_stack([mine, others]))


def start():
    return network.initialize_parameters(64, 25, np.random.default_rng(1))


def activations():
    return network.feed_forward(start(), 64, 25, patches())[0]


def unit_0(shift):
    """(what W2 transposed brings, what sparsity adds, slopes) at the first 200 patches."""
    theta, data = start(), patches()[:, :200]
    theta[2 * 64 * 25] += shift
    a2, a3 = network.feed_forward(theta, 64, 25, data)
    W2 = network.unpack_parameters(theta, 64, 25)[1]
    back = (W2.T @ ((a3 - data) * a3 * (1 - a3)))[0]
    adds = own.sparsity_delta(RHO, own.average_activation(a2), BETA)[0]
    return back, adds, own.slope(a2[0])


def test_an_untrained_unit():
    a2 = activations()
    found = a2.mean(axis=1)
    said = stated(NOTEBOOK, r"a level of its own, between ([\d.]+) and ([\d.]+),")
    assert said == pytest.approx((found.min(), found.max()), abs=0.005)
    W1 = network.unpack_parameters(start(), 64, 25)[0]
    assert np.allclose(found, network.sigmoid(W1.sum(axis=1) / 2), atol=0.005)
    said = stated(NOTEBOOK, r"moves it by a mere ([\d.]+) to ([\d.]+) \(one")
    assert said == pytest.approx((a2.std(axis=1).min(), a2.std(axis=1).max()), abs=0.005)


def test_the_links_of_the_chain():
    a = np.array([[0.5, 0.4, 0.6]])
    step, slope, moved = stated(NOTEBOOK, r"\$([\d.]+)\\cdot([\d.]+)=([\d.]+)\$\. 2\.")
    assert slope == own.slope(0.5) and step * slope == pytest.approx(moved)
    on_average = stated(NOTEBOOK, r"grows by \$1/m\$ of that: \$([\d.]+)\$")
    assert on_average == pytest.approx(moved / 3, abs=5e-6)
    penalty = stated(NOTEBOOK, r"\$-0\.4\+1\.6=1\.2\$: by \$([\d.]+)\$")
    a_moved = a + np.array([[moved, 0, 0]])
    before, after = (own.kl_divergence(0.2, own.average_activation(x)) for x in (a, a_moved))
    assert penalty == pytest.approx((after - before)[0], abs=5e-5)
    assert own.sparsity_delta(0.2, np.array([0.5]), 1.0)[0] == pytest.approx(1.2)


def test_the_walls():
    terms = stated(NOTEBOOK, r"The term is \$(-\d+)\$ at 0\.001 and \$\+(\d+)\$ at 0\.999")
    at = np.array([0.001, 0.999])
    assert terms == pytest.approx(own.sparsity_delta(0.2, at, 1.0), abs=0.5)
    penalties = stated(NOTEBOOK, r"itself is a mere ([\d.]+) and ([\d.]+) there")
    assert penalties == pytest.approx(own.kl_divergence(0.2, at), abs=0.005)


def test_the_example_by_hand():
    ln3 = math.log(3)
    theta = np.array([ln3, 0, 1, -1, 0, -3 / 4, 3 / 4 - ln3])
    cost, grad = own.sparse_autoencoder_cost(theta, 2, 1, 0.1, 1 / 4, 1.0, np.array([[1.0], [0]]))
    parts = [
        stated(NOTEBOOK, rf"\| {name} \| [^|]* \| ([\d.]+) \|")
        for name in ("error", "decay", r"penalty, \$\\hat\\rho=\\tfrac34\$")
    ]
    assert parts == pytest.approx([5 / 32, 0.05 * (ln3**2 + 2), ln3 / 2], abs=5e-6)
    said = stated(NOTEBOOK, r"\| the sum \| ([\d.]+) \|")
    assert said == pytest.approx(cost, abs=5e-6) and sum(parts) == pytest.approx(said, abs=2e-5)
    said = stated(NOTEBOOK, r"\| the deltas \| ([\d.]+), \$\((-[\d.]+),([\d.]+)\)\$")
    assert said == pytest.approx(grad[4:], abs=5e-6)
    said = stated(NOTEBOOK, r"\+0\.1\\,W_1\$ \| \$\(([\d.]+),0\)\$")
    assert said == pytest.approx(grad[0], abs=5e-6) and grad[1] == 0
    said = stated(NOTEBOOK, r"\+0\.1\\,W_2\$ \| \$\(([\d.]+),(-[\d.]+)\)\$")
    assert said == pytest.approx(grad[2:4], abs=5e-6)
    back = grad[4] / (3 / 16) - 8 / 3
    assert back == pytest.approx(-11 / 64) and 8 / 3 * 3 / 16 == pytest.approx(3 / 4 - 1 / 4)


def test_the_problem_without_random_numbers():
    theta, data = 0.3 * np.sin(np.arange(1, 32)), 0.5 + 0.4 * np.cos(np.arange(1, 21))
    cost, grad = own.sparse_autoencoder_cost(theta, 4, 3, 0.01, 0.05, 0.7, data.reshape(4, 5))
    said = stated(NOTEBOOK, r"the cost is ([\d.]+), and the length of the gradient ([\d.]+)\.")
    assert said == pytest.approx((cost, np.linalg.norm(grad)), abs=1e-14)


def test_sparsity_drowns_the_reconstruction_at_first():
    adds, brings = stated(NOTEBOOK, r"it adds \$\+([\d.]+)\$ for unit 0, and .* than ([\d.]+), of")
    assert unit_0(0)[1] == pytest.approx(adds, abs=0.05)
    _, a3 = network.feed_forward(start(), 64, 25, patches()[:, :200])
    W2 = network.unpack_parameters(start(), 64, 25)[1]
    every = W2.T @ ((a3 - patches()[:, :200]) * a3 * (1 - a3))
    assert every.min() < 0 < every.max() and np.abs(every).max() < brings


def test_training_begins_by_silencing_units():
    def cost(theta):
        return own.sparse_autoencoder_cost(theta, 64, 25, 1e-4, 0.01, 3.0, patches())

    few = minimize(cost, start(), jac=True, method="L-BFGS-B", options={"maxiter": 5}).x
    errors, averages = [], []
    for theta in (start(), few):
        a2, a3 = network.feed_forward(theta, 64, 25, patches())
        errors.append(((a3 - patches()) ** 2).sum() / 2000)
        averages.append(a2.mean(axis=1))
    assert averages[0].min() > 0.3 and averages[1].max() < 0.03
    assert errors[1] > 0.5 * errors[0]


def test_what_is_left_for_a_silent_unit():
    lower = stated(NOTEBOOK, r"with a bias lower by ([\d.]+), can the reconstruction be heard")
    assert abs(unit_0(-lower)[1]) < 0.2 < min(abs(unit_0(-lower + d)[1]) for d in (-0.1, 0.1))
    shift, slope = stated(NOTEBOOK, r"Lower it by (\d): the slope is ([\d.]+), and next to")
    back, adds, slopes = unit_0(-shift)
    assert slopes[0] == pytest.approx(slope, abs=5e-5)
    assert np.abs(back * slopes).max() < 1e-3
    assert adds == pytest.approx(stated(NOTEBOOK, r"adds about \$(-\d+)\$"), rel=0.05)
    said = stated(NOTEBOOK, r"the average of \$\\delta\$ is \$(-[\d.]+)\$")
    assert ((back + adds) * slopes).mean() == pytest.approx(said, abs=5e-4)
    shift, said = stated(NOTEBOOK, r"With (\d) it was \$(-[\d.]+)\$")
    back, adds, slopes = unit_0(-shift)
    assert ((back + adds) * slopes).mean() == pytest.approx(said, abs=5e-4)


def test_wall_and_saturation_cancel():
    a = np.linspace(0.001, 0.999, 999)
    assert np.allclose(own.sparsity_delta(RHO, a, BETA) * own.slope(a), BETA * (a - RHO))
    left, right = stated(NOTEBOOK, r"from \$-\\beta\\rho=(-[\d.]+)\$ to \$.*?=([\d.]+)\$: a sat")
    assert (left, right) == pytest.approx((-BETA * RHO, BETA * (1 - RHO)))


def test_where_activations_differ_a_factor_is_left():
    for a in (activations(), np.random.default_rng(0).uniform(size=(3, 40))):
        average, share = a.mean(axis=1), own.slope(a).mean(axis=1)
        share = own.sparsity_delta(RHO, average, BETA) * share
        factor = 1 - a.var(axis=1) / (average * (1 - average))
        assert np.allclose(share, BETA * (average - RHO) * factor)
        assert len(a) == 3 or 0.99 < factor.min() < factor.max() < 1
    on_or_off = np.repeat([[1.0, 0.0]], 5, axis=1)
    assert own.slope(on_or_off).mean() == 0


def test_outside_of_the_bracket():
    theta, data = 0.3 * np.sin(np.arange(1, 32)), 0.5 + 0.4 * np.cos(np.arange(1, 21))
    data = data.reshape(4, 5)
    _, right = own.sparse_autoencoder_cost(theta, 4, 3, 0.01, 0.05, 0.7, data)
    _, wrong = own.sparse_autoencoder_cost(theta, 4, 3, 0.01, 0.05, 0.0, data)
    pull = own.sparsity_delta(0.05, network.feed_forward(theta, 4, 3, data)[0].mean(axis=1), 0.7)
    wrong[:12] += np.outer(pull, data.mean(axis=1)).ravel()
    wrong[24:27] += pull
    blocks = [network.unpack_parameters(grad, 4, 3) for grad in (right, wrong)]
    off = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in zip(*blocks)]
    assert "`W1` and `b1` are off by three times their own length" in prose(NOTEBOOK)
    assert off == pytest.approx([3, 0, 3, 0], abs=0.05)


def test_the_six_steps_of_the_derivation():
    """By differences of the penalty and of the cost, which know nothing of the derivation."""
    theta = np.array([np.log(3), 0, 1, -1, 0, -3 / 4, 3 / 4 - np.log(3)])
    pair = np.eye(2)

    def cost(theta, beta):
        return own.sparse_autoencoder_cost(theta, 2, 1, 0.0, 1 / 4, beta, pair)[0]

    def mean(theta):
        return own.average_activation(network.feed_forward(theta, 2, 1, pair)[0])[0]

    def rise(function, step=1e-5):
        moves = step * np.eye(7)[:2]  # of the two weights to the unit
        return [(function(theta + d) - function(theta - d)) / (2 * step) for d in moves]

    assert network.feed_forward(theta, 2, 1, pair)[0] == pytest.approx(np.array([[3 / 4, 1 / 2]]))
    assert mean(theta) == 5 / 8
    step = {
        n: stated(NOTEBOOK, pattern)
        for n, pattern in {
            1: r"j\)\$, here ([\d.]+)\.",
            3: r"\\tfrac3\{16\}=([\d.]+)\$ and \$.*?=([\d.]+)\$\. 4\.",
            4: r"Here ([\d.]+) and ([\d.]+)\. 5\.",
            5: r"Here \$(-[\d.]+)\$ and \$([\d.]+)\$\. 6\.",
            6: r"without decay ([\d.]+) and ([\d.]+) here",
        }.items()
    }
    assert cost(theta, 1.0) - cost(theta, 0.0) == pytest.approx(step[1], abs=5e-6)
    assert rise(mean) == pytest.approx(step[3], abs=5e-6)
    assert rise(lambda t: cost(t, 1.0) - cost(t, 0.0)) == pytest.approx(step[4], abs=5e-6)
    assert rise(lambda t: cost(t, 0.0)) == pytest.approx(step[5], abs=5e-6)
    assert rise(lambda t: cost(t, 1.0)) == pytest.approx(step[6], abs=5e-6)
    assert "$\\mathrm{KL}'=-0.4+2=1.6$" in prose(NOTEBOOK)
    assert own.sparsity_delta(1 / 4, np.array([5 / 8]), 1.0) == pytest.approx([1.6])
