"""The explorer of batches that take their own rho_hat."""

import numpy as np
import pytest

from saelab.data import load_stored
from saelab.widgets.batch import LEFT, LIMITS, batch_explorer
from tests.support.explorers import (
    assert_each_control_is_seen,
    assert_it_is_told_in_words,
    figure,
    set_values,
    words,
)

stored = load_stored("batches")
SIZES, ITERATIONS = stored["sizes"].tolist(), stored["iterations"].tolist()


def test_each_control_is_seen_and_told_in_words():
    explorer = batch_explorer()
    assert_each_control_is_seen(explorer)
    assert_it_is_told_in_words(explorer)


@pytest.mark.parametrize("size", [1, 100, 10_000])
@pytest.mark.parametrize("iteration", [0, 400])
def test_the_sentence_has_the_stored_numbers(size, iteration):
    explorer = batch_explorer()
    set_values(explorer, size=size, iteration=iteration)
    at = ITERATIONS.index(iteration), SIZES.index(size)
    error, angle, told = (stored[name][at] for name in ("error", "angle", "batch_cost"))
    said = words(explorer)
    assert f"off by {error:.2g} times its length" in said
    assert f"points {angle:.2g} degrees away" in said
    assert f"leads {'up' if angle > 90 else 'down'}hill" in said
    assert f"told as {told:.3f}, and is {stored['cost'][at[0]]:.3f}" in said
    assert ("random start" if iteration == 0 else "after 400 iterations") in said.lower()
    assert ("each example a batch of its own" if size == 1 else f"batches of {size},") in said


@pytest.fixture(scope="module")
def any_explorer():
    return batch_explorer()


@pytest.mark.parametrize("iteration", ITERATIONS)
@pytest.mark.parametrize("size", SIZES)
def test_point_and_arrows_are_in_the_picture(size, iteration, any_explorer):
    errors, steps = figure(any_explorer, size=size, iteration=iteration).axes
    (x,), (y,) = errors.lines[-1].get_data()
    assert x == size and errors.get_ylim()[0] < y < errors.get_ylim()[1]
    at = ITERATIONS.index(iteration), SIZES.index(size)
    if stored["error"][at]:
        assert y == stored["error"][at]
    tip = np.array(steps.lines[-2].get_data()).ravel()  # of the wrong step; then comes the ground
    assert np.linalg.norm(tip) == pytest.approx(stored["length"][at])
    assert np.hypot(tip[0], tip[1] + 1) == pytest.approx(stored["error"][at], abs=1e-5)
    for value, limits in zip(tip, (steps.get_xlim(), steps.get_ylim())):
        assert limits[0] < value < limits[1]


def test_an_angle_is_as_large_as_it_is():
    _, steps = figure(batch_explorer()).axes
    box = steps.get_window_extent()
    across, up = (np.ptp(limits) for limits in (steps.get_xlim(), steps.get_ylim()))
    assert box.width / across == pytest.approx(box.height / up, rel=0.02)


def test_the_nearest_size_is_taken_where_it_was_pointed_at():
    explorer = batch_explorer()
    left, bottom, width, height = LEFT
    low, high = np.log(LIMITS)
    for pointed, size in ((100, 100), (130, 100), (160, 200), (0.3, 1), (14_000, 10_000)):
        x = left + (np.log(pointed) - low) / (high - low) * width
        explorer.picture.pointed = [x, 1 - bottom - height / 2, pointed]
        assert explorer.values["size"] == size
    number = explorer.picture.number
    explorer.picture.pointed = [0.9, 0.5, 1]
    assert explorer.picture.number == number


def test_arrow_keys_move_size_and_iteration():
    explorer = batch_explorer()
    assert explorer.values == {"size": 100, "iteration": 400}
    for steps, size, iteration in (
        ((1, 0), 200, 400), ((-99, 0), 1, 400), ((-99, 1), 1, 100), ((-98, 99), 2, 0),
        ((-98, -99), 2, 400),
    ):  # fmt: skip
        explorer.picture.stepped = list(steps)  # all that there were so far
        assert explorer.values == {"size": size, "iteration": iteration}
