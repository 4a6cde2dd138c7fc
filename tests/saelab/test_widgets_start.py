"""The explorer of the starting weights."""

import re

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.widgets.start import COPIES, start_explorer
from tests.support.explorers import (
    assert_each_control_is_seen,
    assert_it_is_told_in_words,
    figure,
    set_values,
    unwritten,
    words,
)

pytestmark = pytest.mark.versions

course = reference("02_cost")
DATA = np.random.default_rng(0).uniform(0.1, 0.9, size=(64, 200))


def make(**changed):
    functions = {name: getattr(course, name) for name in ("initialize_parameters", "feed_forward")}
    return start_explorer(**{**functions, "slope": course.slope, "data": DATA, **changed})


def numbers(explorer):
    """Lowest and highest activation, mean slope, and how far units are apart, as it tells them."""
    told = re.search(r"between ([\d.]+) and ([\d.]+)\. .* is ([\d.]+) on .* by ([\d.]+) ",
                     words(explorer))  # fmt: skip
    assert told
    return [float(number) for number in told.groups()]


def test_each_control_is_seen_and_told_in_words():
    explorer = make()
    assert_each_control_is_seen(explorer)
    assert_it_is_told_in_words(explorer)


def test_large_weights_saturate_the_units_and_small_ones_make_them_alike():
    explorer = make()
    set_values(explorer, factor=100.0)
    low, high, steepness, apart = numbers(explorer)
    assert low < 0.01 and high > 0.99 and steepness < 0.02 and apart > 0.4
    set_values(explorer, factor=0.01)
    low, high, steepness, apart = numbers(explorer)
    assert 0.49 < low <= high < 0.51 and steepness == 0.25 and apart < 0.01


@pytest.mark.parametrize("factor", [0.01, 1.0, 100.0])
def test_copies_do_the_same_at_any_size(factor):
    explorer = make()
    set_values(explorer, factor=factor)
    assert numbers(explorer)[-1] > 0
    set_values(explorer, units=COPIES)
    assert numbers(explorer)[-1] == 0


def test_the_reader_s_functions_give_the_numbers():
    def feed_forward(theta, visible_size, hidden_size, data):
        value = 0.5 + 0.1 * (np.abs(theta).max() > 1)
        return np.full((hidden_size, data.shape[1]), value), data

    explorer = make(feed_forward=feed_forward, slope=lambda a: 3 * a)
    assert numbers(explorer) == [0.5, 0.5, 1.5, 0]
    set_values(explorer, factor=10.0)
    assert numbers(explorer) == [0.6, 0.6, 1.8, 0]


def test_the_point_lies_on_the_curve():
    drawn = figure(make(), factor=10**0.5)
    curve, apart, _, point, square = drawn.axes[2].lines
    for line, mark in ((curve, point), (apart, square)):
        (x,), (y,) = mark.get_data()
        assert np.interp(np.log(x), np.log(line.get_xdata()), line.get_ydata()) == pytest.approx(y)


@pytest.mark.parametrize("name", ["feed_forward", "initialize_parameters"])
def test_a_function_that_is_not_written_yet_is_told(name):
    explorer = make(**{name: unwritten(name)})
    assert f"{name} is not written yet" in words(explorer)
    assert not explorer.picture.png


@pytest.mark.parametrize(
    "wrong, told",
    [
        (
            lambda theta, v, h, data: data[:h],
            "it returns ndarray, where several results were expected",
        ),
        (
            lambda theta, v, h, data: (data, data),
            "feed_forward returned an array of shape (64, 200",
        ),
        (lambda theta, v, h, data: (np.full((h, 200), np.nan), data), "not finite"),
        (lambda theta, v, h, data: None, "feed_forward raised TypeError: it returns NoneType"),
    ],
    ids=["one layer", "wrong layer", "nan", "none"],
)
def test_what_cannot_be_drawn_is_told(wrong, told):
    wrong.__name__ = "feed_forward"
    assert told in words(make(feed_forward=wrong))


def test_what_is_no_function_is_refused():
    with pytest.raises(ValueError, match=r"slope must be a function, not 0\.25"):
        make(slope=0.25)


def test_the_examples_are_those_that_are_given():
    explorer = make(data=np.full((9, 4), 0.5))
    assert numbers(explorer) != numbers(make())
    asked = []

    def feed_forward(theta, visible_size, hidden_size, data):
        asked.append((visible_size, data.shape))
        return course.feed_forward(theta, visible_size, hidden_size, data)

    make(feed_forward=feed_forward, data=np.full((9, 4), 0.5))
    assert set(asked) == {(9, (9, 4))}


@pytest.mark.parametrize(
    "data, told",
    [
        (np.zeros(64), r"\(visible_size, m\), not \(64,\)"),
        (np.zeros((64, 0)), r"not \(64, 0\)"),
        ([[0.5, np.nan]], "there is a nan or inf"),
    ],
)
def test_what_are_no_examples_is_refused(data, told):
    with pytest.raises(ValueError, match=told):
        make(data=data)
