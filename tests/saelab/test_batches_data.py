"""data/batches.npz is what data/batches.py makes, and holds what a reader is to find in it."""

import runpy
from types import SimpleNamespace

import numpy as np
import pytest

from autograder import CLONE
from saelab.data import load_stored
from tests.support.claims import patches, theta0

FILE = CLONE / "data" / "batches.npz"


@pytest.fixture(scope="module")
def script():
    """The names of data/batches.py, which is a script."""
    return SimpleNamespace(**runpy.run_path(str(CLONE / "data" / "batches.py")))


def test_shapes(script):
    stored, T, S = load_stored("batches"), len(script.ITERATIONS), len(script.SIZES)
    assert stored["sizes"].tolist() == list(script.SIZES)
    assert stored["iterations"].tolist() == list(script.ITERATIONS)
    assert not [size for size in script.SIZES if script.PATCHES % size]
    assert stored["cost"].shape == (T,)
    for name in ("batch_cost", "error", "length", "angle"):
        assert stored[name].shape == (T, S) and np.isfinite(stored[name]).all()
    assert FILE.stat().st_size < 10_000


@pytest.mark.parametrize("size", [100, 1000, 5000])
@pytest.mark.parametrize("iteration", [0, 400])
def test_the_script_measures_them_again(iteration, size, script):
    """Where the parameters are the same on every machine."""
    theta = load_stored("parameters")["sparse"] if iteration else theta0()
    found, stored = script.compared(theta, patches(), size), load_stored("batches")
    at = script.ITERATIONS.index(iteration), script.SIZES.index(size)
    for name, value in found.items():
        assert value == pytest.approx(stored[name][at], rel=1e-3), name
    cost, _ = script.cost_and_gradient(theta, patches())
    assert cost == pytest.approx(stored["cost"][at[0]])


def test_the_numbers_belong_together():
    """The law of cosines; a batch of all is right; and Jensen's inequality."""
    stored = load_stored("batches")
    length, cosine = stored["length"], np.cos(np.radians(stored["angle"]))
    np.testing.assert_allclose(
        stored["error"] ** 2, 1 + length**2 - 2 * length * cosine, rtol=1e-6, atol=1e-12
    )
    assert (stored["error"][:, -1] == 0).all()
    np.testing.assert_array_equal(stored["batch_cost"][:, -1], stored["cost"])
    assert (np.diff(stored["batch_cost"], axis=1) < 0).all()  # larger batches, smaller costs
