"""What notebook 04 says in numbers is so."""

import functools
import math

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.hunt import suspects
from tests.support.claims import prose, stated

NOTEBOOK = "04_gradient_check"
STEPS = np.logspace(-12, 0, 49)

own, costs = reference(NOTEBOOK), reference("03_kl_delta")


def power(pattern):
    """A power of ten of which the prose says the exponent."""
    return 10.0 ** stated(NOTEBOOK, pattern)


@functools.cache
def sweep(way, single=False):
    """The relative error for each of STEPS."""
    x = np.linspace(-1, 1, 5)
    right = np.cos(x) + np.exp(x / 2) / 2

    def J(x):
        return own.wavy(x.astype(np.float32) if single else x)

    ways = {"centred": own.numerical_gradient, "one-sided": own.one_sided}
    return np.array([own.relative_error(ways[way](J, x, step), right) for step in STEPS])


def slope(errors, where):
    return np.polyfit(np.log(STEPS[where]), np.log(errors[where]), 1)[0]


def place():
    """The notebook's theta and data, at which nothing is zero."""
    rng = np.random.default_rng(4)
    v, h, m = 8, 5, 12
    theta = rng.normal(scale=0.5, size=2 * v * h + h + v)
    return theta, rng.uniform(0.1, 0.9, size=(v, m))


def test_the_lecture_s_example():
    x = np.array([4.0, 10.0])
    found = own.numerical_gradient(own.lecture_example, x)
    off = power(r"the computer is off by some \$10\^\{(-\d+)\}\$")
    assert off / 3 < np.abs(found - [38, 12]).max() < 3 * off
    digit, exponent = stated(NOTEBOOK, r"About \$(\d) \\cdot 10\^\{(-\d+)\}\$, which the lecture")
    error = own.relative_error(found, np.array([38.0, 12.0]))
    assert error == pytest.approx(digit * 10**exponent, rel=0.25)


def test_the_v():
    centred, sided = sweep("centred"), sweep("one-sided")
    said = stated(NOTEBOOK, r"Hence the slopes (\d) and (\d) there")
    right = slope(centred, STEPS > 5e-4), slope(sided, STEPS > 1e-6)
    assert said == pytest.approx(right, abs=0.05)
    assert slope(centred, STEPS < 1e-7) == pytest.approx(-1, abs=0.1)
    assert "the smallest step here has ten million times the error of the best" in prose(NOTEBOOK)
    assert 5e6 < centred[0] / centred.min() < 2e7
    at = np.searchsorted(STEPS, 0.99e-4)
    assert math.log10(sided[at] / centred[at]) == pytest.approx(4, abs=0.5)  # four digits
    assert STEPS[centred.argmin()] == pytest.approx(1e-5, rel=0.8)
    assert 0.5e-11 < centred.min() < 2e-11
    assert 1e-8 < STEPS[sided.argmin()] < 1e-7 and 1e-9 < sided.min() < 9e-9


def test_the_bottom_by_the_formula():
    x = np.linspace(-1, 1, 5)
    J, third = stated(NOTEBOOK, r"\$J = ([\d.]+)\$ and \$J''' \\approx ([\d.]+)\$ give")
    assert own.wavy(x) == pytest.approx(J, abs=0.05)
    assert np.sqrt(np.mean((np.exp(x / 2) / 8 - np.cos(x)) ** 2)) == pytest.approx(third, abs=0.05)
    digits = stated(NOTEBOOK, r"\\epsilon\^3 = ([\d.]+) \\cdot 10\^\{-15\}")
    assert digits == pytest.approx(3 * 1e-16 * J / third / 1e-15, abs=0.05)
    bottom = stated(NOTEBOOK, r"so \$\\epsilon = ([\d.]+) \\cdot 10\^\{-5\}\$")
    assert bottom == pytest.approx((digits * 1e-15) ** (1 / 3) * 1e5, abs=0.05)
    assert STEPS[sweep("centred").argmin()] == pytest.approx(bottom * 1e-5, rel=0.8)


def test_float32_moves_the_v():
    single = sweep("centred", single=True)
    more = stated(NOTEBOOK, r"is \$(\d) \\cdot 10\^8\$ times as large, its cube root")
    times = stated(NOTEBOOK, r"its cube root (\d+) times")
    ratio = np.finfo(np.float32).eps / np.finfo(np.float64).eps
    assert more == pytest.approx(ratio / 1e8, abs=0.5)
    assert times == pytest.approx(ratio ** (1 / 3), abs=50)
    before, after = stated(NOTEBOOK, r"moves from \$10\^\{(-\d)\}\$ to \$10\^\{(-\d)\}\$")
    found = [math.log10(STEPS[e.argmin()]) for e in (sweep("centred"), single)]
    assert found == pytest.approx([before, after], abs=0.6)
    lowest = power(r"no better than a few \$10\^\{(-\d)\}\$")
    assert lowest < single.min() < 10 * lowest
    at = np.searchsorted(STEPS, 0.99e-4)
    assert single[at] == pytest.approx(power(r"the error is near \$10\^\{(-\d)\}\$"), rel=0.6)
    assert (single[power(r"Below \$10\^\{(-\d)\}\$ the step") * 0.9 > STEPS] == 1).all()


def test_a_small_decay_and_a_large_block_hide_mistakes():
    theta, data = place()

    def gradient(decay):
        return costs.sparse_autoencoder_cost(theta, 8, 5, decay, 0.05, 3.0, data)[1]

    seen = [own.relative_error(gradient(0.0), gradient(decay)) for decay in (0.1, 1e-4)]
    assert "the mistake is a thousand times smaller" in prose(NOTEBOOK)
    assert seen[0] / seen[1] == pytest.approx(1000, rel=0.1)
    wrong = gradient(0.1)
    wrong[-8:] *= 1.001
    block = own.relative_error(wrong[-8:], gradient(0.1)[-8:])
    assert block == pytest.approx(0.001 / 2, rel=0.01)
    whole = own.relative_error(wrong, gradient(0.1))
    assert "fifty times less for the whole" in prose(NOTEBOOK)
    assert block / whole == pytest.approx(50, rel=0.05)


def test_your_own_cost_is_fine_to_eight_digits_at_many_points():
    theta, data = place()
    rng = np.random.default_rng(6)

    def cost(theta):
        return costs.sparse_autoencoder_cost(theta, 8, 5, 0.1, 0.05, 3.0, data)

    for point in (theta, *rng.normal(scale=0.5, size=(3, theta.size))):
        assert max(own.block_errors(cost, point, 8, 5).values()) < 1e-8


def test_the_example_of_blocks_by_hand():
    said = stated(NOTEBOOK, r"\\sqrt\{30\} \+ \\sqrt\{39\}\) = ([\d.]+)\$")
    a, b = np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 3, 5])
    assert own.relative_error(a, b) == pytest.approx(said, abs=5e-4)
    assert own.relative_error(a[3:], b[3:]) == pytest.approx(1 / 9)


def test_one_suspect_has_a_wrong_cost():
    theta, data = 0.3 * np.sin(np.arange(1, 32)), 0.5 + 0.4 * np.cos(np.arange(1, 21))
    known = stated(NOTEBOOK, r"cost is known to be ([\d.]+)\.(?: |$)")
    versions = suspects(
        costs.sparse_autoencoder_cost, 4, 3, 0.01, 0.05, 0.7, data.reshape(4, 5)
    ).values()
    right = [abs(version(theta)[0] - known) < 5e-7 for version in versions]
    assert "Only one has a wrong cost" in prose(NOTEBOOK)
    assert right.count(False) == 1


def test_a_false_alarm_of_a_kink():
    at, quotient = stated(NOTEBOOK, r"for \|x\| at x = ([\d.e-]+) the quotient is ([\d.]+),")
    found = own.numerical_gradient(lambda x: np.abs(x).sum(), np.array([at]))
    assert found[0] == pytest.approx(quotient)
