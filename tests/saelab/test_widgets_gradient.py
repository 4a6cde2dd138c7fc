"""The explorer of the gradient check."""

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.widgets.gradient import CENTRED, ONE_SIDED, STEPS, YOURS, gradient_explorer
from tests.support.explorers import (
    assert_each_control_is_seen,
    assert_it_is_told_in_words,
    figure,
    set_values,
    unwritten,
    words,
)

course, costs = reference("04_gradient_check"), reference("03_kl_delta")
BLOCKS = "W1, W2, b1, b2"
# What the hunt of the notebook is about.
WRONG = {YOURS: "none", "A": "W1, b1", "B": "W1, W2", "C": "b2", "D": "none", "E": BLOCKS,
         "F": "W1"}  # fmt: skip


def make(**changed):
    functions = {
        "numerical_gradient": course.numerical_gradient,
        "one_sided": course.one_sided,
        "relative_error": course.relative_error,
        "sparse_autoencoder_cost": costs.sparse_autoencoder_cost,
    }
    return gradient_explorer(**{**functions, **changed})


def curves(explorer, **values):
    """The errors over STEPS: centred, one-sided."""
    centred, sided, *_ = figure(explorer, **values).axes[0].lines
    return np.array(centred.get_ydata()), np.array(sided.get_ydata())


def test_each_control_is_seen_and_told_in_words():
    explorer = make()
    assert_each_control_is_seen(explorer)
    assert_it_is_told_in_words(explorer)


@pytest.mark.parametrize("version", WRONG)
def test_the_bars_betray_the_blocks_that_are_wrong(version):
    explorer = make()
    set_values(explorer, version=version)
    assert f"Above 1e-08: {WRONG[version]}." in words(explorer)
    bars = figure(explorer).axes[1].patches
    hatched = [block for block, bar in zip(BLOCKS.split(", "), bars) if bar.get_hatch()]
    assert (", ".join(hatched) or "none") == WRONG[version]
    # Nobody has to look twice.
    assert all(bar.get_height() > 1e-3 for bar in bars if bar.get_hatch())


@pytest.mark.parametrize("version", [YOURS, "D"])
def test_a_gradient_that_fits_its_cost_draws_a_v(version):
    centred, sided = curves(make(), version=version)
    assert 1e-6 <= STEPS[centred.argmin()] <= 1e-4 and centred.min() < 1e-9
    assert 1e-9 <= STEPS[sided.argmin()] <= 1e-6 and 1e-9 < sided.min() < 1e-6
    for errors in (centred, sided):
        assert errors[0] > 100 * errors.min() < errors[-1]


@pytest.mark.parametrize("version", ["A", "C", "E", "F"])
def test_no_step_mends_a_wrong_formula(version):
    for errors in curves(make(), version=version):
        assert errors.min() > 0.5 * errors.max() > 1e-3


@pytest.mark.parametrize("epsilon, way", [(1e-12, CENTRED), (1e-4, ONE_SIDED), (0.1, CENTRED)])
def test_a_bad_step_makes_the_right_function_look_guilty(epsilon, way):
    explorer = make()
    set_values(explorer, epsilon=epsilon, way=way)
    assert f"Above 1e-08: {BLOCKS}." in words(explorer)


def test_the_mark_lies_on_the_curve_of_the_chosen_way():
    explorer = make()
    for way, curve in zip((CENTRED, ONE_SIDED), curves(explorer)):
        drawn = figure(explorer, epsilon=1e-3, way=way)
        (mark,) = (line for line in drawn.axes[0].lines if line.get_marker() == "D")
        assert mark.get_ydata() == pytest.approx(curve[STEPS.tolist().index(1e-3)])


def test_the_reader_s_functions_give_the_numbers():
    asked = []

    def numerical_gradient(J, theta, epsilon):
        asked.append(epsilon)
        return course.numerical_gradient(J, theta, epsilon)

    explorer = make(numerical_gradient=numerical_gradient, relative_error=lambda a, b: 0.25)
    assert "W1 2e-01, W2 2e-01, b1 2e-01, b2 2e-01" in words(explorer)
    set_values(explorer, epsilon=1e-7)
    assert asked[-1] == pytest.approx(1e-7)


def test_a_numerical_gradient_that_changes_theta_spoils_nothing():
    def numerical_gradient(J, theta, epsilon):
        gradient = course.numerical_gradient(J, theta, epsilon)
        theta += 1
        return gradient

    explorer = make(numerical_gradient=numerical_gradient)
    assert "Above 1e-08: none" in words(explorer)


@pytest.mark.parametrize(
    "name", ["numerical_gradient", "relative_error", "sparse_autoencoder_cost"]
)
def test_a_function_that_is_not_written_yet_is_told(name):
    explorer = make(**{name: unwritten(name)})
    assert f"{name} is not written yet" in words(explorer)
    assert not explorer.picture.png


def test_what_is_no_function_is_refused():
    with pytest.raises(ValueError, match="relative_error must be a function, not 1e-08"):
        make(relative_error=1e-8)
