"""What one notebook saves, a later one reads; without it there are the course's own parameters."""

import runpy

import numpy as np
import pytest

from autograder import CLONE
from autograder.exercises.reference import reference
from saelab import parameters
from saelab.data import load_stored

NAMES = ("sparse", "dense", "decayed")
THETA = np.linspace(-1, 1, 3289)


@pytest.fixture(params=["folders", "one folder"])
def notebooks(request, tmp_path, monkeypatch):
    """enter(NAME) goes to where a notebook of that name runs."""
    monkeypatch.delenv("SAELAB_SAVED", raising=False)

    def enter(name):
        folder = tmp_path / name if request.param == "folders" else tmp_path
        folder.mkdir(exist_ok=True)
        monkeypatch.chdir(folder)
        return folder

    return enter


def test_what_is_saved_is_read(notebooks, capsys):
    folder = notebooks("05_training")
    parameters.save("05_training", sparse=THETA, dense=2 * THETA)
    assert capsys.readouterr().out == "saved sparse, dense in 05_training.npz\n"
    assert [path.name for path in folder.iterdir()] == ["05_training.npz"]
    notebooks("06_visualization")
    dense, sparse = parameters.load("05_training", "dense", "sparse")
    np.testing.assert_array_equal(sparse, THETA)
    np.testing.assert_array_equal(dense, 2 * THETA)
    np.testing.assert_array_equal(parameters.load("05_training", "sparse"), THETA)
    assert capsys.readouterr().out == ""


def test_without_it_the_course_s_own_are_read_and_that_is_said(notebooks, capsys):
    notebooks("06_visualization")
    np.testing.assert_array_equal(
        parameters.load("05_training", "sparse"), load_stored("parameters")["sparse"]
    )
    assert capsys.readouterr().out == (
        "These are the course's own parameters. Run 05_training to its end, and this cell again, "
        "to see yours.\n"
    )


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:200]), "05_training.npz is damaged"),
        (lambda path: path.write_bytes(b""), "05_training.npz is damaged"),
        (lambda path: path.write_text("hello"), "05_training.npz is damaged"),
        (lambda path: np.savez(path, sparse=THETA), "lacks dense. These are"),
        (
            lambda path: np.savez(path, sparse=THETA, dense=THETA[:10]),
            "dense in 05_training.npz has",
        ),
        (
            lambda path: np.savez(path, sparse=THETA[:, None], dense=THETA),
            "the shape (3289, 1), wh",
        ),
        (lambda path: np.savez(path, sparse=THETA * np.nan, dense=THETA), "other than finite"),
    ],
    ids=["cut short", "empty", "text", "lacks one", "short", "a column", "nan"],
)
def test_what_cannot_be_used_is_told(spoil, told, notebooks, capsys):
    folder = notebooks("05_training")
    parameters.save("05_training", sparse=THETA, dense=THETA)
    spoil(folder / "05_training.npz")
    notebooks("06_visualization")
    sparse, _ = parameters.load("05_training", "sparse", "dense")
    assert told in capsys.readouterr().out and sparse.shape == (3289,)


@pytest.mark.parametrize("bad", [None, "x", [np.inf], [1j]], ids=repr)
def test_what_is_not_finite_is_not_saved_and_what_was_there_stays(bad, notebooks):
    folder = notebooks("05_training")
    parameters.save("05_training", sparse=THETA)
    with pytest.raises(ValueError, match="dense holds something other than finite numbers"):
        parameters.save("05_training", sparse=2 * THETA, dense=bad)
    assert [path.name for path in folder.iterdir()] == ["05_training.npz"]
    np.testing.assert_array_equal(parameters.load("05_training", "sparse"), THETA)


def test_a_name_has_to_be_given_and_known(notebooks):
    notebooks("05_training")
    for call in (parameters.save, parameters.load):
        with pytest.raises(ValueError, match="name at least one array"):
            call("05_training")
    with pytest.raises(ValueError, match="saves no sharp; there are decayed, dense, sparse"):
        parameters.load("05_training", "sharp")


def test_a_build_saves_elsewhere(notebooks, tmp_path, monkeypatch):
    (tmp_path / "saved").mkdir()
    folder = notebooks("05_training")
    monkeypatch.setenv("SAELAB_SAVED", str(tmp_path / "saved"))
    parameters.save("05_training", sparse=THETA)
    assert (tmp_path / "saved" / "05_training.npz").exists()
    assert not (folder / "05_training.npz").exists()
    np.testing.assert_array_equal(parameters.load("05_training", "sparse"), THETA)


def test_the_script_makes_the_same_again():
    """On another machine, too, where rounding errors change which unit learns which edge."""
    script = runpy.run_path(str(CLONE / "data" / "parameters.py"))
    assert tuple(script["TRAININGS"]) == tuple(load_stored("parameters")) == NAMES
    stored, again = load_stored("parameters")["decayed"], script["train_one"]("decayed")
    unpack = reference("02_cost").unpack_parameters
    for theta in (stored, again):
        W1, W2, b1, _ = unpack(theta, 64, 25)
        assert max(np.abs(W1).max(), np.abs(W2).max()) < 0.1  # they have collapsed
        assert np.abs(1 / (1 + np.exp(-b1)) - 0.01).max() < 0.002
