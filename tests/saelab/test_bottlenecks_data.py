"""data/bottlenecks.npz is what data/bottlenecks.py makes, and holds what a reader is to find."""

import runpy
from types import SimpleNamespace

import numpy as np
import pytest

from autograder import CLONE
from autograder.exercises.reference import reference
from saelab.data import load_stored
from saelab.widgets import bottleneck

FILE = CLONE / "data" / "bottlenecks.npz"


@pytest.fixture(scope="module")
def script():
    """The names of data/bottlenecks.py, which is a script."""
    return SimpleNamespace(**runpy.run_path(str(CLONE / "data" / "bottlenecks.py")))


def test_shapes(script):
    stored, K, T = load_stored("bottlenecks"), len(script.UNITS), len(script.LOOKS)
    assert stored["units"].tolist() == list(script.UNITS) and script.WIDE in script.UNITS
    assert stored["iterations"].tolist() == list(script.LOOKS)
    assert script.KINDS == bottleneck.KINDS and script.SHOWN >= bottleneck.SHOWN
    for kind in script.KINDS:
        assert stored[kind].shape == (64, 2000) and stored[kind].dtype == np.uint8
        assert stored[f"{kind}_share"].shape == (K,)
        assert stored[f"{kind}_rebuilt"].shape == (K, 64, script.SHOWN)
        assert stored[f"{kind}_W2"].shape == (64, 25)
    assert stored["rebuilt"].shape == stored["sparse"].shape == (64, 2000)
    assert stored["active"].shape == (2000,) and stored["active"].max() <= 25
    assert stored["linear_W2"].shape == (T, 64, 25) and stored["excess"].shape == (T,)
    assert FILE.stat().st_size < 800_000


def test_data_and_start_have_other_seeds(script):
    assert script.DATA_SEED != script.START_SEED


@pytest.mark.parametrize("kind", bottleneck.KINDS)
def test_the_script_makes_the_examples_again(kind, script):
    stored = load_stored("bottlenecks")[kind]
    assert (np.abs(script.examples(kind).astype(int) - stored) <= 1).all()


def test_the_script_trains_a_small_network_again(script):
    """One unit has a wide valley to end in, wherever a rounding error leads it."""
    stored = load_stored("bottlenecks")
    data = stored["chain"] / 255
    theta = script.trained(data, 1)
    a3 = reference("02_cost").feed_forward(theta, 64, 1, data)[1]
    share = reference("00_autoencoders").share_explained(data, a3)
    assert share == pytest.approx(stored["chain_share"][0], abs=1e-3)
    np.testing.assert_allclose(a3[:, : script.SHOWN], stored["chain_rebuilt"][0] / 255, atol=0.02)


def test_the_linear_network_comes_to_the_least_error(script):
    stored = load_stored("bottlenecks")
    _, excess = script.linear(stored["whitened"] / 255)
    assert (np.diff(stored["excess"]) < 0).all() and stored["excess"][-1] < 1e-12
    np.testing.assert_allclose(excess[:3], stored["excess"][:3], rtol=0.2)


def test_the_numbers_belong_together():
    """What was rebuilt has the share that is stored for it; and no network keeps more than PCA."""
    stored, own = load_stored("bottlenecks"), reference("00_autoencoders")
    place = stored["units"].tolist().index(25)
    whitened = stored["whitened"] / 255
    share = own.share_explained(whitened, stored["rebuilt"] / 255)
    assert share == pytest.approx(stored["whitened_share"][place], abs=1e-3)
    np.testing.assert_array_equal(
        stored["rebuilt"][:, :12], stored["whitened_rebuilt"][place][:, :12]
    )
    for kind in bottleneck.KINDS:
        data = stored[kind] / 255
        best = [own.pca_bottleneck(data, int(k))[2] for k in stored["units"]]
        assert (stored[f"{kind}_share"] < best).all()


def test_the_sparse_network_is_that_of_notebook_05():
    stored, network = load_stored("bottlenecks"), reference("02_cost")
    theta, whitened = load_stored("parameters")["sparse"], stored["whitened"] / 255
    a2, a3 = network.feed_forward(theta, 64, 25, whitened)
    np.testing.assert_allclose(stored["sparse"] / 255, a3, atol=0.6 / 255)
    assert (stored["active"] == (a2 > 0.1).sum(axis=0)).mean() > 0.999
