"""The explorer of the sparsity penalty."""

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.widgets.kl import LEFT, NEAREST, RIGHT, kl_explorer
from tests.support.explorers import (
    assert_each_control_is_seen,
    assert_it_is_told_in_words,
    figure,
    set_values,
    unwritten,
    words,
)

course = reference("03_kl_delta")


def make(kl_divergence=course.kl_divergence, sparsity_delta=course.sparsity_delta):
    return kl_explorer(kl_divergence, sparsity_delta)


def test_each_control_is_seen_and_told_in_words():
    explorer = make()
    set_values(explorer, rho_hat=0.4)
    assert_each_control_is_seen(explorer)
    assert_it_is_told_in_words(explorer)


@pytest.mark.parametrize(
    "rho_hat, beta, told",
    [
        (0.5, 1, ["pays 0.193 nats", "slope there is +1.20", "+1.20 enters", "less active"]),
        (0.1, 1, ["pays 0.044 nats", "slope there is -1.11", "-1.11 enters", "more active"]),
        (0.2, 1, ["pays 0.000 nats", "left as it is"]),
        (0.5, 5, ["slope there is +1.20", "beta = 5, +6.00 enters"]),
        (NEAREST, 1, ["slope there is -199.20", "more active"]),
        (1 - NEAREST, 1, ["slope there is +799.80", "less active"]),
    ],
)
def test_the_numbers_of_the_notebook(rho_hat, beta, told):
    explorer = make()
    set_values(explorer, rho=0.2, rho_hat=rho_hat, beta=beta)
    assert all(part in words(explorer) for part in told), words(explorer)


@pytest.mark.parametrize("rho_hat", [NEAREST, 0.03, 0.5, 0.97, 1 - NEAREST])
def test_the_point_is_always_in_the_picture(rho_hat):
    penalty, term = figure(make(), rho_hat=rho_hat, beta=10).axes
    for ax in (penalty, term):
        (point,) = (line for line in ax.lines if line.get_marker() == "o")
        (x,), (y,) = point.get_data()
        assert x == rho_hat
        assert ax.get_xlim()[0] <= x <= ax.get_xlim()[1]
        assert ax.get_ylim()[0] < y < ax.get_ylim()[1]


def test_the_reader_s_functions_give_the_numbers():
    explorer = make(
        lambda rho, rho_hat: 2 * rho_hat, lambda rho, rho_hat, beta: -3 * beta + 0 * rho_hat
    )
    set_values(explorer, rho_hat=0.4, beta=2)
    assert "pays 0.800 nats, and the slope there is -3.00" in words(explorer)
    told = "-6.00 enters the bracket of delta: downhill the unit gets more active"
    assert told in words(explorer)
    curve = figure(explorer).axes[0].lines[0]
    assert np.allclose(curve.get_ydata(), 2 * curve.get_xdata())


@pytest.mark.parametrize("left, _, width, __", [LEFT, RIGHT], ids=["left", "right"])
def test_rho_hat_is_where_it_was_pointed_at(left, _, width, __):
    explorer = make()
    for fraction, rho_hat in ((0.3, 0.3), (0.75, 0.75), (1.05, 1 - NEAREST), (-0.05, NEAREST)):
        explorer.picture.pointed = [left + fraction * width, 0.5, 1]
        assert explorer.values["rho_hat"] == pytest.approx(rho_hat)
        assert f"rho_hat = {rho_hat:.3f}" in words(explorer)


def test_arrow_keys_move_rho_hat():
    explorer = make()
    for steps, rho_hat in ((1, 0.51), (-9, 0.41), (-109, NEAREST), (-9, 1 - NEAREST)):
        explorer.picture.stepped = [steps, 0]  # all that there were so far
        assert explorer.values["rho_hat"] == pytest.approx(rho_hat)
    explorer.picture.stepped = [-9, -5]
    assert explorer.values["rho_hat"] == pytest.approx(1 - NEAREST)


@pytest.mark.parametrize("name", ["kl_divergence", "sparsity_delta"])
def test_a_function_that_is_not_written_yet_is_told(name):
    explorer = make(**{name: unwritten(name)})
    assert f"{name} is not written yet" in words(explorer)
    assert not explorer.picture.png


def summed(rho, rho_hat):
    return np.sum(course.kl_divergence(rho, rho_hat))


def test_a_sum_in_place_of_one_number_a_unit_is_told():
    assert "summed returned an array of shape ()" in words(make(kl_divergence=summed))


def test_a_function_that_fails_at_some_place_is_told_there_alone():
    def half(rho, rho_hat):
        if rho < 0.1:
            raise ValueError("too sparse")
        return course.kl_divergence(rho, rho_hat)

    explorer = make(kl_divergence=half)
    assert "nats" in words(explorer)
    set_values(explorer, rho=0.05)
    assert "half raised ValueError: too sparse" in words(explorer)
    set_values(explorer, rho=0.2)
    assert "nats" in words(explorer)


def test_what_is_no_function_is_refused():
    with pytest.raises(ValueError, match=r"kl_divergence must be a function, not 0\.2"):
        make(kl_divergence=0.2)
