"""The museum shows the stored exhibits, and reads them in words."""

import html
import io
import re

import numpy as np
import pytest
from PIL import Image

from saelab.data import load_stored
from saelab.widgets import museum
from saelab.widgets.museum import Museum, checked, copies, ending, noticed, spelled

EXHIBITS = load_stored("mistakes")
NAMES = EXHIBITS["name"].tolist()
PARTS = {"right filters": (0, 3), "wrong filters": (3.2, 6.3), "curves": (6.4, 10)}  # in tenths


@pytest.fixture(scope="module")
def explorer():
    return museum()


@pytest.fixture(scope="module")
def walk(explorer):
    """{name: (words, picture)} of all mistakes, chosen one after the other."""
    return {name: (go(explorer, name), explorer.picture.png) for name in NAMES}


def go(explorer, name):
    """Choose a mistake, and return the words."""
    explorer.controls["mistake"].value = NAMES.index(name)
    return explorer.picture.alt


def pixels(explorer, part):
    """A part of the picture, below the titles: (height, width, 3)."""
    whole = np.array(Image.open(io.BytesIO(explorer.picture.png)).convert("RGB")).astype(int)
    height, width, _ = whole.shape
    left, right = (int(width * tenths / 10) for tenths in PARTS[part])
    return whole[height // 6 :, left:right]


def test_all_mistakes_can_be_chosen_by_name():
    explorer = museum()
    options = explorer.controls["mistake"].options
    assert options == tuple((name, i) for i, name in enumerate(NAMES))
    assert "lambda / m" in NAMES[explorer.values["mistake"]]
    assert explorer.picture.alt.startswith("Hardly any edges. The mistake: The weight decay enters")


@pytest.mark.parametrize(
    ("name", "looks"),
    [
        ("none: all is right", "Edges. Nothing is mistaken. "),
        ("pictures: not whitened", "Edges. The mistake: The pictures come back as they are"),
        ("start: all weights zero", "One filter, 25 times. "),
        ("normalising: from -1 to 1", "Collapse: 0 of 25 filters are alive. "),
        ("sparsity: none at all", "No edges. "),
        ("gradient: 1/m missing", "Nothing learned: the filters are the noise of the start. "),
        ("gradient: b2 summed, not averaged", "Hardly anything learned: the filters are mostly "),
    ],
)
def test_what_the_filters_look_like_is_told(name, looks, explorer):
    assert go(explorer, name).startswith(looks)


def test_the_words_tell_the_stored_numbers(walk):
    for i, name in enumerate(NAMES):
        told(i, walk[name][0])


def told(i, words):
    assert f" {EXHIBITS['edges'][i]} of 25 units are edges" in words
    assert f"check({EXHIBITS['function'][i]}) says" in words
    assert EXHIBITS["says"][i] in words
    true = EXHIBITS["true"][i][np.isfinite(EXHIBITS["true"][i])]
    assert f"The cost is {spelled(true[-1])}" in words if len(true) else "no cost" in words
    assert f"{EXHIBITS['iterations'][i]} iterations" in words or "It never began: Value" in words
    assert ("notices nothing" in words) == (EXHIBITS["gradient"][i] < 1e-8)
    assert 40 <= len(words.split()) <= 100
    assert not re.search(r"\bis nan(?! in)|[^.]\.\.[^.]|\s\s|None", words)


def test_each_mistake_gives_a_picture_of_its_own(walk):
    """But for one that does no harm, since scipy hands out copies of theta."""
    harmless = walk["memory: theta changed in place"], walk["none: all is right"]
    assert harmless[0][1] == harmless[1][1]
    assert len({png for _, png in walk.values()}) == len(NAMES) - 1


def test_the_right_network_stays_and_the_other_changes(explorer):
    go(explorer, "sparsity: none at all")
    before = {part: pixels(explorer, part) for part in PARTS}
    go(explorer, "start: all weights zero")
    assert (pixels(explorer, "right filters") == before["right filters"]).all()
    assert (pixels(explorer, "wrong filters") != before["wrong filters"]).mean() > 0.3
    assert (pixels(explorer, "curves") != before["curves"]).any()


def test_dead_filters_look_dead(explorer):
    go(explorer, "normalising: from -1 to 1")
    grey = pixels(explorer, "wrong filters")
    assert np.quantile(grey, 0.25) > 100  # nothing is dark but the gaps
    assert pixels(explorer, "right filters").min() < 50
    assert np.ptp(grey, axis=2).max() == 0
    assert np.ptp(pixels(explorer, "curves"), axis=2).max() > 100


def test_a_cost_below_zero_is_told_but_not_drawn(explorer):
    words = go(explorer, "sparsity: KL with the wrong sign")
    assert "The cost is 58.6 (0.449 without the mistake); its code says -57.2." in words


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("STOP: TOTAL NO. OF ITERATIONS REACHED LIMIT", "It ended after 7 iterations, as many as"),
        ("CONVERGENCE: NORM OF ...", 'It ended after 7 iterations with "convergence".'),
        ("ABNORMAL: ", "L-BFGS gave up after 7 iterations"),
        ("ValueError: matmul: Input operand", "It never began: ValueError."),
    ],
)
def test_how_a_training_ended_is_told(message, words):
    assert ending({"message": message, "iterations": 7}).startswith(words)


def test_of_what_a_check_says_the_first_fault_is_shown():
    verdict = (
        "sigmoid is not right yet:\n  Tried: a number (right\n    for: others)\n"
        "  the result is 3, but\n    should be 2; look again\n  Another fault."
    )
    shown = {"function": "sigmoid", "verdict": verdict}
    assert checked(shown) == 'check(sigmoid) says "the result is 3, but should be 2".'
    shown["verdict"] += "\n  You would get exactly this if you made this mistake:\n  Some mistake."
    assert checked(shown).endswith('should be 2" and names the mistake.')
    shown["verdict"] = "sigmoid: visible checks passed."
    assert checked(shown) == "check(sigmoid) says: visible checks passed."


def test_what_a_gradient_check_finds_is_told():
    assert noticed(np.nan) == "A gradient check stops with the same error."
    assert noticed(0.62) == "A gradient check notices (relative error 0.6)."
    assert noticed(5e-10) == "A gradient check notices nothing (relative error 5e-10)."


def test_copies_are_filters_of_one_direction():
    filters = np.array([[1.0, 2, 0], [2, 4, 0], [-1, -2, 0]])
    assert copies(filters) and not copies(filters + np.eye(3))


def test_the_still_picture_is_that_of_the_start():
    explorer = museum()
    page = explorer._repr_mimebundle_()["text/html"]
    assert f'alt="{html.escape(explorer.picture.alt)}"' in page and "data:image/svg+xml" in page


def test_without_the_mistake_of_the_start_the_first_is_shown():
    few = {name: values[:3] for name, values in EXHIBITS.items()}
    assert Museum(few).values["mistake"] == 0
