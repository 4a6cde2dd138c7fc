"""The explorer of what units listen to."""

import html
import re
from typing import Any

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.data import load_stored
from saelab.widgets.sound import MAP, REPEATED, SOUNDS, repeated, sound_explorer
from tests.support.explorers import (
    assert_each_control_is_seen,
    assert_it_is_told_in_words,
    figure,
    set_values,
    unwritten,
    words,
)


@pytest.fixture(scope="module")
def own():
    return reference("11_audio").centre_and_bandwidth


@pytest.fixture
def explorer(own):
    return sound_explorer(own)


def ordered(own, name):
    """The filters of a stored network in the order of their centres, and where they lie."""
    W1 = load_stored("audio")[name][: 64 * 64].reshape(64, 64).astype(float)
    found = np.array([own(w, 8000) for w in W1])
    order = np.argsort(found[:, 0], kind="stable")
    return W1[order], found[order]


def test_each_control_is_seen_and_told_in_words(explorer):
    assert_each_control_is_seen(explorer)
    assert_it_is_told_in_words(explorer)


@pytest.mark.parametrize("name", SOUNDS)
@pytest.mark.parametrize("unit", [1, 30, 64])
def test_the_sentence_has_the_numbers_of_the_unit(name, unit, explorer, own):
    set_values(explorer, sound=name, unit=unit)
    W1, found = ordered(own, name)
    centre, bandwidth = found[unit - 1]
    said = words(explorer)
    assert said.startswith(f"Trained on {name}, unit {unit} of 64 by its centre")
    assert f"around {centre:.0f} Hz, {bandwidth:.0f} Hz to either side" in said
    lasts = reference("11_audio").duration(W1[unit - 1], 8000)
    assert f"lasts {lasts:.2f} ms (a wave that fills the window: 2.31)" in said


def test_all_units_lie_in_the_map_and_one_is_marked(explorer, own):
    for name in SOUNDS:
        *_, ax = figure(explorer, sound=name, unit=10).axes
        for line, drawn in zip(ax.lines, SOUNDS):
            x, y = line.get_data()
            assert len(x) == 64 and line.get_label() == drawn
            assert ax.get_xlim()[0] < min(x) and max(x) < ax.get_xlim()[1]
            assert ax.get_ylim()[0] < min(y) and max(y) < ax.get_ylim()[1]
        assert np.ravel(ax.lines[-1].get_data()) == pytest.approx(ordered(own, name)[1][9])


def test_a_click_chooses_the_nearest_unit(explorer, own):
    ax = figure(explorer).axes[-1]
    _, found = ordered(own, "tones")
    left, bottom, width, height = MAP
    for unit in (5, 33, 64):
        x, y = ax.transAxes.inverted().transform(ax.transData.transform(found[unit - 1]))
        explorer.picture.pointed = [left + x * width, 1 - bottom - y * height, unit]
        assert explorer.values["unit"] == unit
    number = explorer.picture.number
    explorer.picture.pointed = [0.1, 0.1, 1]
    assert explorer.picture.number == number


def test_arrow_keys_change_unit_and_sound(explorer):
    assert explorer.values == {"sound": "tones", "unit": 52}
    for steps, sound, unit in (
        ((1, 0), "tones", 53), ((99, 1), "speech", 64), ((99, 2), "speech", 64),
        ((0, 2), "speech", 1), ((0, 1), "tones", 1),
    ):  # fmt: skip
        explorer.picture.stepped = list(steps)  # all that there were so far
        assert explorer.values == {"sound": sound, "unit": unit}


def test_the_button_plays_the_unit(explorer):
    button = explorer.children[-2]
    assert explorer.children[-1] is explorer.reading and "<audio controls" in button.value
    before = button.value
    set_values(explorer, unit=53)
    assert button.value != before
    assert "best input of this unit" in html.unescape(button.value)
    assert not re.search("https?:", button.value)


def test_a_wave_is_repeated_with_pauses():
    w = np.arange(1.0, 65)
    sound = repeated(w)
    assert len(sound) == REPEATED * 2000 and np.count_nonzero(sound) == REPEATED * 64
    np.testing.assert_array_equal(sound[2000:2064], w)


def test_a_function_that_is_not_written_is_told(explorer):
    waiting = sound_explorer(unwritten("centre_and_bandwidth"))
    assert "centre_and_bandwidth is not written yet" in words(waiting)
    assert "<strong>" in waiting._repr_mimebundle_()["text/html"]
    number: Any = 3
    with pytest.raises(ValueError, match="centre_and_bandwidth must be a function, not 3"):
        sound_explorer(number)
