"""data/tanh.npz is what data/tanh.py makes, and holds what a reader is to find in it."""

import runpy
from types import SimpleNamespace

import numpy as np
import pytest

from autograder import CLONE
from autograder.exercises.reference import reference
from saelab.data import load_stored
from saelab.quality import describe_filters

FILE = CLONE / "data" / "tanh.npz"
own = reference("08_tanh_units")


@pytest.fixture(scope="module")
def script():
    """The names of data/tanh.py, which is a script."""
    return SimpleNamespace(**runpy.run_path(str(CLONE / "data" / "tanh.py")))


def test_shapes_and_kinds(script):
    stored = load_stored("tanh")
    K, S, P, N = len(script.LAMBDAS), len(script.STARTS), len(script.PENALTIES), len(script.KEPT)
    expected = {"lambdas": (K,), "penalties": (P,), "weights": (P, 4), "kept": (N, 2)}
    for prefix, shape in (("lambda_", (K, S)), ("sigmoid_", (S,))):
        expected |= {prefix + name: shape for name in ("edges", "alive", "cost")}
        expected[f"{prefix}W1"] = *shape, 25, 64
    for prefix, shape in (("", (P, 4)), ("kept_", (N,))):
        expected |= {prefix + name: shape for name in ("edges", "alive", "explained")}
        expected |= {f"{prefix}W1": (*shape, 25, 64), f"{prefix}active": (*shape, 25)}
    assert {name: values.shape for name, values in stored.items()} == expected
    for name, values in stored.items():
        if name != "penalties":
            counts = name.endswith(("edges", "alive", "kept"))
            assert values.dtype.kind == ("i" if counts else "f") and np.isfinite(values).all()
    assert stored["penalties"].tolist() == list(script.PENALTIES)
    assert FILE.stat().st_size < 300_000


def test_starts_and_patches_have_other_seeds(script):
    assert script.SEED not in script.STARTS


def test_the_numbers_belong_together(script):
    stored = load_stored("tanh")
    for prefix in ("", "lambda_", "sigmoid_", "kept_"):
        assert (stored[f"{prefix}edges"] <= stored[f"{prefix}alive"]).all()
        W1 = stored[f"{prefix}W1"].astype(float)
        norms = np.linalg.norm(W1 - W1.mean(axis=-1, keepdims=True), axis=-1)
        near = np.abs(norms - 0.5) < 0.01  # float16
        alive = (norms > 0.5).sum(axis=-1)
        assert (np.abs(alive - stored[f"{prefix}alive"]) <= near.sum(axis=-1)).all()
    # One training stands at two places.
    np.testing.assert_array_equal(stored["W1"][0, 2], stored["sigmoid_W1"][0])


@pytest.mark.parametrize("penalty", ["KL", "squared", "L1", "log", "|a| of tanh"])
def test_each_cost_has_its_gradient(penalty, script):
    how = script.Training("sigmoid", penalty, 2.0, 1e-4, 1)
    theta = own.initialize_parameters(64, 25, np.random.default_rng(4))
    direction = np.sin(np.arange(theta.size))
    _, grad = script.cost(theta, how)
    ends = [script.cost(theta + step * direction, how)[0] for step in (1e-5, -1e-5)]
    assert (ends[0] - ends[1]) / 2e-5 == pytest.approx(grad @ direction, rel=1e-6)


@pytest.mark.long
@pytest.mark.parametrize("prefix", ["", "lambda_", "sigmoid_", "kept_"])
def test_the_edges_are_those_of_the_stored_weights(prefix):
    """Every third network. Half precision moves a filter or two across the limit."""
    stored = load_stored("tanh")
    W1 = stored[f"{prefix}W1"].astype(float).reshape(-1, 25, 64)
    for filters, told in zip(W1[::3], stored[f"{prefix}edges"].ravel()[::3], strict=True):
        # Of the others no fit is counted.
        alive = np.linalg.norm(filters - filters.mean(axis=1, keepdims=True), axis=1) > 0.5
        fits = describe_filters(filters[alive]).fits if alive.any() else ()
        assert sum(fit.is_good for fit in fits) == pytest.approx(told, abs=2)


@pytest.mark.long
def test_the_script_makes_a_network_with_another_penalty_again(script):
    """What it explains, and how active its units are."""
    stored, at = load_stored("tanh"), (1, 2)  # squared, 300
    found = script.examined(script.trainings()["grid"][at[0] * 4 + at[1]])
    assert found["explained"] == pytest.approx(stored["explained"][at], abs=0.02)
    assert found["active"].mean() == pytest.approx(stored["active"][at].mean(), rel=0.1)


@pytest.mark.long
@pytest.mark.parametrize("place", [(2, 0), (0, 0)])
def test_the_script_trains_them_again(place, script):
    """Elsewhere other units may learn other edges; how good a network is stays."""
    stored, (k, s) = load_stored("tanh"), place
    how = script.Training("tanh", "KL", 3, script.LAMBDAS[k], script.STARTS[s])
    found = script.examined(how)
    assert found["cost"] == pytest.approx(stored["lambda_cost"][place], rel=0.02)
    assert found["edges"] == pytest.approx(stored["lambda_edges"][place], abs=4)
