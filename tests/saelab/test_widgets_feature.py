"""The explorer of features shows words in their context, and tells their numbers."""

import html
import itertools

import numpy as np
import pytest

from saelab.widgets.explorer import DOTS_PER_INCH
from saelab.widgets.feature import (
    HIGH,
    LETTERS,
    LINES,
    MIDDLE,
    WIDE,
    WINDOW,
    feature_explorer,
    joined,
    plain,
    words_around,
)
from tests.support.explorers import (
    assert_each_control_is_seen,
    figure,
    set_values,
    words,
)

VOCABULARY = ["net", "##work", "the", "learns", ",", "of", "$a$", "photographs", "edge", "##s"]


def text(n=400):
    return np.array([VOCABULARY[k] for k in np.random.default_rng(1).integers(10, size=n)])


def explorer(**more):
    rng = np.random.default_rng(2)
    one, other = rng.normal(size=(5, 400)), rng.normal(size=(7, 400))
    one[3] = -1.0
    one[4] = np.where(text() == "edge", rng.uniform(1, 2, 400), 0)
    return feature_explorer(text(), {"trained feature": one, "neuron": other}, **more)


def test_each_control_is_seen_and_told_in_words():
    shown = explorer()
    assert_each_control_is_seen(shown)
    assert shown.title.endswith("?") and shown.picture.alt == words(shown)
    assert all(len(control.description) > 3 for control in shown.controls.values())
    page = shown._repr_mimebundle_()["text/html"]
    assert "<figure" in page and html.escape(words(shown), quote=True) in page


def test_the_sentence_counts():
    shown = explorer(names={("trained feature", 4): "borders", ("trained feature", 0): ""})
    assert "A blind reader found no name." in words(shown)
    set_values(shown, feature=4)
    active = np.count_nonzero(text() == "edge")
    assert f"number 4: active at {active} of 400 tokens" in words(shown)
    assert "Of its 20 strongest the most frequent are “edge” 20." in words(shown)
    assert words(shown).endswith("A blind reader called it “borders”.")
    set_values(shown, feature=3)
    assert "active at 0 of 400 tokens. Nothing can be read from it." in words(shown)
    set_values(shown, kind="neuron")
    assert "reader" not in words(shown)


def test_one_kind_needs_no_choice():
    rows = np.random.default_rng(0).normal(size=(3, 400))
    assert list(feature_explorer(text(), {"direction": rows}).controls) == ["feature", "spread"]


def test_a_kind_has_its_own_number_of_features():
    shown = explorer()
    set_values(shown, kind="neuron", feature=6)
    assert shown.values["feature"] == 6
    set_values(shown, kind="trained feature")
    assert shown.values["feature"] == 4 == shown.controls["feature"].max


@pytest.mark.parametrize("place", [0, 1, 63, 64, 65, 200, 399])
def test_words_are_laid_out(place):
    """In their order, apart from each other, within the line and the window."""
    found = words_around(text(), place)
    tokens = [word.token for word in found]
    assert place in tokens and tokens == list(range(tokens[0], tokens[-1] + 1))
    assert {token // WINDOW for token in tokens} == {place // WINDOW}
    assert found[0].start >= 0 and found[-1].end <= LETTERS
    assert found[tokens.index(place)].start == MIDDLE
    for before, after in itertools.pairwise(found):
        assert after.start - before.end == (0 if joined(text()[after.token]) else 1)
    assert all(word.end - word.start == len(plain(text()[word.token])) for word in found)


def test_lines_show_the_strongest_words_in_the_middle():
    shown = explorer()
    row = np.random.default_rng(2).normal(size=(5, 400))[0]
    for spread in (1, 10):
        (ax,) = figure(shown, spread=spread).axes
        places = np.argsort(-row)[: LINES * spread : spread]
        right = [part for part in ax.texts if part.get_ha() == "left"]
        starts = [plain(text()[place]) for place in places]
        assert len(right) == LINES == len(ax.texts) / 2
        assert all(part.get_text().startswith(start) for part, start in zip(right, starts))


def test_a_letter_is_as_wide_as_it_is_taken_to_be():
    """Otherwise colours would lie beside their words, and words over each other."""
    drawn = figure(explorer())
    drawn.set_dpi(DOTS_PER_INCH)
    drawn.canvas.draw()
    (ax,) = drawn.axes
    for part in ax.texts:
        wide = part.get_window_extent().width / drawn.bbox.width
        assert wide == pytest.approx(len(part.get_text()) * WIDE, abs=WIDE)


def test_a_click_on_a_word_goes_to_the_feature_that_is_strongest_there():
    shown = explorer()
    set_values(shown, feature=0, spread=1)
    rows = np.random.default_rng(2).normal(size=(5, 400))
    rows[3], rows[4] = -1.0, 0
    place = int(np.argmax(rows[0]))
    word = next(w for w in words_around(text(), place) if w.token == place)
    shown.picture.pointed = [(word.start + 1.5) * WIDE, HIGH, 1]
    strongest = [*rows[:4, place], 0]
    assert shown.values["feature"] == int(np.argmax(strongest))
    number = shown.picture.number
    shown.picture.pointed = [0.001, 0.5, 2]
    assert shown.picture.number == number


def test_arrow_keys_move_feature_and_spread():
    shown = explorer()
    assert shown.values == {"kind": "trained feature", "feature": 0, "spread": 3}
    for steps, feature, spread in (((1, 0), 1, 3), ((99, 0), 4, 3), ((99, -1), 4, 10),
                                   ((0, 9), 0, 1)):  # fmt: skip
        shown.picture.stepped = list(steps)  # all that there were so far
        assert (shown.values["feature"], shown.values["spread"]) == (feature, spread)


ROWS = np.ones((3, 400))


@pytest.mark.parametrize(
    "activations, says",
    [
        ({}, "this one is empty"),
        (ROWS, "this one is a ndarray"),
        ({"neuron": ROWS.T}, r"has the shape \(400, 3\), but the text has 400 tokens"),
        ({"neuron": ROWS[:, :9]}, r"has the shape \(3, 9\)"),
        ({"neuron": ROWS[0]}, r"has the shape \(400,\)"),
        ({"neuron": np.where(ROWS, np.nan, 0)}, "holds 1200 numbers that are not finite"),
    ],
)
def test_what_cannot_be_shown_is_told(activations, says):
    with pytest.raises(ValueError, match=says):
        feature_explorer(text(), activations)
