"""The explorer of learning curves."""

import numpy as np
import pytest

from saelab.data import load_stored
from saelab.widgets.learning import LEFT, RIGHT, TASKS, learning_explorer, limits
from tests.support.explorers import (
    assert_each_control_is_seen,
    assert_it_is_told_in_words,
    figure,
    set_values,
    words,
)

stored = load_stored("recognition")
DIGITS, TILES = TASKS
ARRAYS = {
    task: (stored[f"{one}_methods"].tolist(), stored[f"{one}_labels"].tolist(), stored[f"{one}s"])
    for task, one in TASKS.items()
}


def test_each_control_is_seen_and_told_in_words():
    explorer = learning_explorer()
    assert_each_control_is_seen(explorer)
    assert_it_is_told_in_words(explorer)


@pytest.fixture(scope="module")
def any_explorer():
    return learning_explorer()


@pytest.mark.parametrize(
    ("task", "place"), [(task, i) for task, (_, labels, _) in ARRAYS.items() for i in (0, 2, -1)]
)
def test_the_sentence_and_the_picture_have_the_stored_numbers(task, place, any_explorer):
    methods, counts, shares = ARRAYS[task]
    set_values(any_explorer, task=task, labels=counts[place])
    means = 100 * shares[:, place].astype(float).mean(axis=1)
    for row, method in enumerate(methods):
        any_explorer.set(method=method)
        said, runs = words(any_explorer), 100 * shares[row, place]
        assert f"With {counts[place]} labelled {TASKS[task]}s, a classifier that is given " in said
        assert f"{method} gets {means[row]:.1f} % of new {TASKS[task]}s right" in said
        assert f"({runs.min():.1f} to {runs.max():.1f} in 3 runs; guessing gets 10)" in said
        best = methods[means.argmax()]
        assert ("this does best" in said) == (method == best)
        assert ("It does best with" in said) == (method != best)
        if method != best:
            assert f"with {best}: {means.max():.1f} %." in said
        curves, bars = figure(any_explorer).axes
        (x,), (y,) = curves.lines[-1].get_data()
        assert x == counts[place] and y == pytest.approx(means[row])
        assert [bar.get_width() for bar in bars.patches] == pytest.approx(list(means))
        assert [label.get_text() for label in bars.get_yticklabels()] == methods


def test_the_other_task_keeps_what_it_can():
    explorer = learning_explorer()
    assert explorer.values == {"task": DIGITS, "method": "learned features", "labels": 250}
    number = explorer.picture.number
    set_values(explorer, task=TILES)
    assert explorer.picture.number == number + 1  # it is drawn once
    assert explorer.values == {"task": TILES, "method": "learned features", "labels": 200}
    set_values(explorer, method="energies of 63 components")
    set_values(explorer, task=DIGITS)
    assert explorer.values == {"task": DIGITS, "method": "pixels", "labels": 250}
    explorer.set(task=TILES, method="histogram of brightness", labels=320)
    assert "histogram of brightness" in words(explorer) and "With 320" in words(explorer)


def test_pointing_chooses_labels_on_the_left_and_a_method_on_the_right():
    explorer = learning_explorer()
    left, bottom, width, height = LEFT
    low, high = np.log(limits(ARRAYS[DIGITS][1]))
    for pointed, labels in ((50, 50), (180, 250), (150, 100), (3000, 2500)):
        x = left + (np.log(pointed) - low) / (high - low) * width
        explorer.picture.pointed = [x, 1 - bottom - height / 2, pointed]
        assert explorer.values["labels"] == labels
    left, bottom, width, height = RIGHT
    for row, method in enumerate(ARRAYS[DIGITS][0]):
        y = 1 - bottom - height + (row + 0.5) / 4 * height
        explorer.picture.pointed = [left + width / 2, y, row]
        assert explorer.values["method"] == method
    number = explorer.picture.number
    explorer.picture.pointed = [0.6, 0.5, 99]
    assert explorer.picture.number == number


def test_arrow_keys_move_labels_and_method():
    explorer = learning_explorer()
    for steps, labels, method in (
        ((1, 0), 500, "learned features"), ((1, -1), 500, "random features"),
        ((-99, -1), 50, "random features"), ((-99, -99), 50, "pixels"),
        ((-98, -99), 100, "pixels"), ((-98, 99), 100, "learned features"),
    ):  # fmt: skip
        explorer.picture.stepped = list(steps)  # all that there were so far
        assert explorer.values["labels"] == labels and explorer.values["method"] == method
