"""Windows of a sound: right functions never fail by bad luck, wrong ones lose what is wrong.

The sizes are those of the visible check and of the hidden tests in notebook 11.
"""

import numpy as np
import pytest

from saelab.check.exercises import audio

SIZES = [(40, 6, 3000), (25, 9, 2000), (45, 7, 500), (31, 12, 500), (25, 4, 500)]
every_size = pytest.mark.parametrize("length, size, n", SIZES)


def cutter(first=0, last=0, place=lambda starts: starts, cut=lambda columns: columns):
    """A fast function that leaves out the first and the last so many places."""

    def windows(sound, size, n, rng):
        starts = place(rng.integers(first, len(sound) - size + 1 - last, size=n))
        return cut(sound[starts + np.arange(size)[:, None]])

    return windows


@every_size
def test_a_right_function_never_fails(length, size, n):
    for seed in range(150):
        assert audio.cutting_faults(cutter(), length, size, n, seed) == {}


@every_size
@pytest.mark.parametrize("first, last, fault", [(1, 0, False), (0, 1, False), (1, 1, False),
                                                (2, 0, True), (0, 2, True)])  # fmt: skip
def test_what_is_missed_at_the_ends_gets_one_verdict_for_all_sizes(
    length, size, n, first, last, fault
):
    for seed in range(5):
        faults = audio.cutting_faults(cutter(first, last), length, size, n, seed)
        assert faults.keys() == ({"spread"} if fault else set())


def test_the_hint_comes_when_it_should():
    for seed in range(10):
        assert audio.cutting_hint(cutter(), 40, 6, 1500, seed) is None
        hint = audio.cutting_hint(cutter(last=1), 40, 6, 1500, seed)
        assert hint and hint.startswith("no window ever holds the last sample of a sound")
        assert "at length - size, included" in hint
        assert "the first or the last" in str(audio.cutting_hint(cutter(1, 1), 40, 6, 1500, seed))


@every_size
@pytest.mark.parametrize(
    "place, words",
    [
        (lambda starts: 0 * starts, "the same window"),
        (np.sort, "follow an order"),
        (lambda starts: starts[::-1] // 2, "start at samples 0 to"),
        (lambda starts: 2 * (starts // 2), "those between can start one too"),
        (lambda starts: np.where(starts % 3, starts, starts.max()), ""),
    ],
)
def test_places_that_are_not_even_lose_the_spread_alone(length, size, n, place, words):
    faults = audio.cutting_faults(cutter(place=place), length, size, n, 1)
    assert faults.keys() - {"repeatable"} == {"spread"} and words in faults["spread"]


@every_size
@pytest.mark.parametrize(
    "cut, code",
    [
        (lambda columns: columns[::-1], "backwards"),
        (lambda columns: columns - columns.mean(axis=0), "own mean off"),
        (lambda columns: columns + 1, "shifted"),
        (lambda columns: 3 * columns, "scaled by one"),
        (lambda columns: columns / columns.std(axis=0), "scaled by own"),
        (lambda columns: (columns - columns.mean(axis=0)) / columns.std(axis=0), "normalised"),
        (lambda columns: columns.T.reshape(columns.shape), "reshaped"),
        (np.abs, "no signs"),
        (np.rint, "whole numbers"),
        (lambda columns: columns * np.hamming(len(columns))[:, None], "faded"),
        (lambda columns: np.where(np.arange(columns.shape[1]) == 3, 0, columns), "empty"),
        (lambda columns: np.roll(columns, 1, axis=0), "all"),
    ],
)
def test_what_is_done_to_windows_is_told(length, size, n, cut, code):
    faults = audio.cutting_faults(cutter(cut=cut), length, size, n, 1)
    assert faults.keys() == {"windows", "spread"} and faults["windows"].code == code


def test_where_nothing_was_cut_neither_shape_nor_chance_counts():
    faults = audio.cutting_faults(cutter(cut=np.sin), 40, 6, 300, 0)
    assert faults.keys() == {"shape", "windows", "spread", "repeatable"}
    assert {fault.code for fault in faults.values()} == {"nothing cut"}


def test_another_shape_is_told_once():
    faults = audio.cutting_faults(cutter(cut=np.transpose), 40, 6, 300, 0)
    assert {*map(str, faults.values())} == {
        "the array of windows has shape (300, 6), but should have shape (6, 300): is it transposed?"
    }
