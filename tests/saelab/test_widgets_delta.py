"""The explorer of delta."""

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.check.exercises import exercise
from saelab.widgets.delta import delta_explorer
from tests.support.explorers import (
    assert_each_control_is_seen,
    assert_it_is_told_in_words,
    figure,
    set_values,
    unwritten,
    words,
)

solved = reference("03_kl_delta")
NAMES = ("sparse_autoencoder_cost", "sparsity_delta", "average_activation", "feed_forward")
VISIBLE, HIDDEN, EXAMPLES = 16, 6, 40
B1 = exercise("autoencoder_cost").blocks_of(VISIBLE, HIDDEN)["b1"]


def problem():
    """Parameters, none of them zero, and data (VISIBLE, EXAMPLES)."""
    rng = np.random.default_rng(3)
    theta = rng.normal(scale=0.4, size=2 * VISIBLE * HIDDEN + HIDDEN + VISIBLE)
    return theta, rng.uniform(0.1, 0.9, size=(VISIBLE, EXAMPLES))


def make(**changed):
    functions = {name: getattr(solved, name) for name in NAMES}
    theta, data = problem()
    given = {**functions, "slope": solved.slope, "theta": theta, "data": data}
    return delta_explorer(**{**given, **changed})


def bars(explorer, **values):
    """Heights before the slope, and after it."""
    drawn = figure(explorer, **values)
    return [[bar.get_height() for bar in ax.patches] for ax in drawn.axes[:2]]


def test_each_control_is_seen_and_told_in_words():
    explorer = make()
    assert_each_control_is_seen(explorer)
    assert_it_is_told_in_words(explorer)


@pytest.mark.parametrize(
    "unit, example, beta, rho, shift",
    [(0, 0, 3, 0.05, 0), (4, 17, 0.5, 0.2, 2), (2, 39, 0, 0.01, -1), (5, 8, 6, 0.5, -6)],
)
def test_the_parts_are_those_of_the_formula(unit, example, beta, rho, shift):
    theta, data = problem()
    theta[B1][unit] += shift
    _W1, W2, _b1, _b2 = solved.unpack_parameters(theta, VISIBLE, HIDDEN)
    a2, a3 = solved.feed_forward(theta, VISIBLE, HIDDEN, data)
    back = (W2.T @ ((a3 - data) * a3 * (1 - a3)))[unit, example]
    adds = solved.sparsity_delta(rho, a2.mean(axis=1), beta)[unit]
    a = a2[unit, example]
    slope = a * (1 - a)
    found = bars(make(), unit=unit, example=example, beta=beta, rho=rho, shift=shift)
    assert np.allclose(found[0], [back, adds], rtol=1e-9)
    assert np.allclose(found[1], [back * slope, adds * slope, (back + adds) * slope], rtol=1e-9)


@pytest.mark.parametrize("shift, limit", [(-8, "-0.15"), (8, "+2.85")])
def test_the_wall_and_the_saturation_cancel(shift, limit):
    """For a unit that is nearly the same at all examples: its delta nears beta (a - rho)."""
    theta, data = problem()
    theta[: VISIBLE * HIDDEN] /= 100
    explorer = make(theta=theta, data=data)
    adds = bars(explorer, shift=shift, beta=3, rho=0.05)[0][1]
    _, share, _ = bars(explorer, shift=shift, beta=3, rho=0.05)[1]
    assert abs(adds) > 100 and abs(share - float(limit)) < 0.02


@pytest.mark.parametrize(
    "changed, says",
    [
        ({"theta": np.ones(10)}, r"theta of shape \(10,\) does not fit data with 16 inputs"),
        ({"theta": np.ones((2, 107))}, r"theta of shape \(2, 107\) does not fit"),
        ({"theta": np.ones(16)}, "does not fit"),
        ({"data": np.ones(16)}, r"data must be \(visible_size, m\), not an array of shape \(16,\)"),
        ({"data": np.ones((16, 0))}, "data must be"),
    ],
)
def test_parameters_that_do_not_fit_the_data_are_refused(changed, says):
    with pytest.raises(ValueError, match=says):
        make(**changed)


def test_the_mean_of_delta_is_the_gradient_of_the_reader_s_b1():
    explorer = make()
    for unit in (1, HIDDEN - 1):
        set_values(explorer, unit=unit, beta=unit)
        assert "your gradient of b1 says the same" in words(explorer)


@pytest.mark.parametrize(
    "old, new",
    [
        ("(W2.T @ delta3 + pull[:, None]) * a2 * (1 - a2)",
         "(W2.T @ delta3) * a2 * (1 - a2) + pull[:, None]"),
        ("sparsity_delta(rho, rho_hat, beta)", "sparsity_delta(rho, rho_hat, beta) / m"),
        ("(W2.T @ delta3 + pull[:, None])", "(W2.T @ delta3)"),
    ],
    ids=["outside of the bracket", "divided by m", "missing"],
)  # fmt: skip
def test_a_cost_without_the_trick_disagrees_with_the_mean_of_delta(course, old, new):
    wrong = course.edited("sparse_autoencoder_cost", old, new)
    explorer = make(sparse_autoencoder_cost=wrong)
    assert "run check(sparse_autoencoder_cost)" in words(explorer)
    set_values(explorer, beta=0.0)
    assert "says the same" in words(explorer)


@pytest.mark.parametrize("name", NAMES)
def test_a_function_that_is_not_written_yet_is_told(name):
    explorer = make(**{name: unwritten(name)})
    assert f"{name} is not written yet" in words(explorer)
    assert not explorer.picture.png


def test_a_cost_without_a_gradient_is_told():
    def cost(*arguments):
        return solved.sparse_autoencoder_cost(*arguments)[0]

    assert "cost raised" in words(make(sparse_autoencoder_cost=cost))


def test_a_slope_of_zero_is_told():
    assert "slope is 0 at this patch" in words(make(slope=lambda a: 0 * a))


def test_what_is_no_function_is_refused():
    with pytest.raises(ValueError, match="feed_forward must be a function, not None"):
        make(feed_forward=None)
