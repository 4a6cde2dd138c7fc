"""data/audio.npz is what data/audio.py makes of the notebook's own cells."""

import runpy
from types import SimpleNamespace

import numpy as np
import pytest

from autograder import CLONE
from autograder.exercises.reference import reference
from saelab.data import load_stored

FILE = CLONE / "data" / "audio.npz"
NAMES = ("tones", "speech", "light", "noise", "start")


@pytest.fixture(scope="module")
def script():
    """The names of data/audio.py, which is a script."""
    return SimpleNamespace(**runpy.run_path(str(CLONE / "data" / "audio.py")))


def test_shapes():
    stored = load_stored("audio")
    assert {*stored} == {*NAMES, "r2"} and stored["r2"].shape == (5, 64)
    for values in stored.values():
        assert values.dtype == np.float32 and np.isfinite(values).all()
    assert all(stored[name].shape == (2 * 64 * 64 + 2 * 64,) for name in NAMES)
    assert FILE.stat().st_size < 200_000


def test_the_start_is_that_of_the_notebook():
    """One iteration from there, and from its own start, come to the same."""
    own = reference("11_audio")
    data = np.random.default_rng(0).uniform(0.1, 0.9, (64, 10))
    seen: list[np.ndarray] = []
    own.learned(data, 3e-5, lambda theta: seen.append(theta.copy()), iterations=1)
    again = reference("05_training").train(
        load_stored("audio")["start"].astype(float),
        lambda theta: reference("03_kl_delta").sparse_autoencoder_cost(
            theta, 64, 64, 3e-5, 0.01, 3.0, data
        ),
        1,
    )
    np.testing.assert_allclose(again.x, seen[0], atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_the_fits_are_made_again(name, script):
    stored, row = load_stored("audio"), NAMES.index(name)
    W1 = stored[name][: 64 * 64].reshape(64, 64).astype(float)
    for unit in (3, 40):
        assert script.explained(W1[unit]) == pytest.approx(stored["r2"][row][unit], abs=1e-3)


@pytest.mark.long
@pytest.mark.parametrize("name", ["tones", "speech", "noise"])
def test_as_many_fit_as_is_told(name, script):
    stored = load_stored("audio")
    W1 = stored[name][: 64 * 64].reshape(64, 64).astype(float)
    again = [script.explained(w) for w in W1]
    np.testing.assert_allclose(again, stored["r2"][NAMES.index(name)], atol=2e-3)


def test_a_gabor_function_is_explained_and_noise_is_not(script):
    even, odd = script.gabor(20.0, 6.0, 0.1).T
    assert script.explained(2 * even - odd) > 0.999
    assert script.explained(np.random.default_rng(0).normal(size=64)) < 0.6


@pytest.mark.parametrize("name", ["tones", "speech"])
def test_what_is_stored_has_learned_that_sound(name, script):
    """The cost has fallen, on the script's own examples, and hardly falls further."""
    cost = reference("03_kl_delta").sparse_autoencoder_cost
    data, stored = reference("11_audio").examples(script.sounds()[name]), load_stored("audio")
    problem = 64, 64, script.TRAININGS[name][1], 0.01, 3.0
    before, after = (cost(stored[theta].astype(float), *problem, data) for theta in ("start", name))
    assert after[0] < before[0] / 100
    assert np.linalg.norm(after[1]) < np.linalg.norm(before[1]) / 100
