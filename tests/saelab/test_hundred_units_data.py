"""data/hundred_units.npz is what data/hundred_units.py makes, and its numbers belong together."""

import functools
import runpy
from types import SimpleNamespace

import numpy as np
import pytest

from autograder import CLONE
from autograder.exercises.reference import reference
from saelab.data import load_stored

FILE = CLONE / "data" / "hundred_units.npz"
SCRIPT = SimpleNamespace(**runpy.run_path(str(CLONE / "data" / "hundred_units.py")))
TRAININGS = SCRIPT.TRAININGS

every_training = pytest.mark.parametrize("name", TRAININGS)


@functools.cache
def sampled(name, seed):
    """The patches of a training as they are before anything is done to them."""
    t = TRAININGS[name]
    same = next(other for other, o in TRAININGS.items() if _data(o) == _data(t))
    return SCRIPT.sampled(t, seed) if same == name else sampled(same, seed)


def _data(training):
    return training.side, training.f0, training.patches


def network(name, seed):
    """theta and the patches that it was trained on."""
    patches, _ = SCRIPT.controlled(sampled(name, seed), TRAININGS[name].control, seed)
    return load_stored("hundred_units")[f"{name}/theta"][seed].astype(float), patches


@every_training
def test_shapes(name):
    stored, t = load_stored("hundred_units"), TRAININGS[name]
    v, S = t.side**2, t.seeds
    shapes = {
        "theta": (S, 2 * v * t.hidden + t.hidden + v), "fits": (S, t.hidden, SCRIPT.FITTED),
        "cost": (S,), "share": (S,), "iterations": (S,),
    }  # fmt: skip
    if t.control == "one shuffle":
        shapes["permutation"] = (S, v)
    for part, shape in shapes.items():
        assert stored[f"{name}/{part}"].shape == shape
        assert part == "fits" or np.isfinite(stored[f"{name}/{part}"]).all()
    assert (stored[f"{name}/iterations"] <= t.iterations).all()


def test_there_is_nothing_else_and_it_is_small():
    assert {name.partition("/")[0] for name in load_stored("hundred_units")} == set(TRAININGS)
    assert FILE.stat().st_size < 600_000


@every_training
def test_cost_and_share_are_those_of_the_stored_network(name):
    """Half precision changes them in the fourth digit at most."""
    stored, hidden = load_stored("hundred_units"), TRAININGS[name].hidden
    theta, patches = network(name, 0)
    cost, _ = SCRIPT.cost_of(theta, hidden, patches)
    assert cost == pytest.approx(stored[f"{name}/cost"][0], abs=2e-4)
    share = SCRIPT.explained(theta, hidden, patches)
    assert share == pytest.approx(stored[f"{name}/share"][0], abs=2e-3)


def test_a_permutation_is_what_the_control_has_drawn():
    permutations = load_stored("hundred_units")["one shuffle/permutation"]
    for seed, permutation in enumerate(permutations):
        _, again = SCRIPT.controlled(np.eye(64), "one shuffle", seed)
        np.testing.assert_array_equal(permutation, again)


@pytest.mark.parametrize(
    "name, units",
    [("hundred", (3, 50)), ("one shuffle", (0, 7)), ("twin", (1, 4)), ("hundred twin", (5, 60))],
)
def test_some_filters_are_fitted_again(name, units):
    stored, t = load_stored("hundred_units"), TRAININGS[name]
    theta = stored[f"{name}/theta"][-1].astype(float)
    W1, *_ = reference("02_cost").unpack_parameters(theta, t.side**2, t.hidden)
    if t.control == "one shuffle":
        permutation = stored[f"{name}/permutation"][-1]
        W1 = reference("09_the_lecture_figure").unshuffle(W1, permutation)
    again = SCRIPT.fitted(
        np.concatenate([W1[list(units)].ravel(), np.zeros(3 * len(W1[0]) + 2)]), 2,
        np.arange(t.side**2),
    )  # fmt: skip
    np.testing.assert_allclose(again[:, 0], stored[f"{name}/fits"][-1][list(units), 0], atol=5e-3)


@pytest.mark.long
def test_the_script_trains_the_same_again():
    """The shortest of its trainings. Elsewhere rounding errors grow: the cost stays."""
    t = TRAININGS["own shuffle"]
    found, stored = SCRIPT.trained(t, 0), load_stored("hundred_units")
    assert found["cost"] == pytest.approx(stored["own shuffle/cost"][0], rel=1e-3)
    t = TRAININGS["photographs"]
    found = SCRIPT.trained(t, 0)
    assert found["cost"] == pytest.approx(stored["photographs/cost"][0], abs=3e-3)
    edges = [(fits[:, 0] >= 0.8).sum() for fits in (found["fits"], stored["photographs/fits"][0])]
    assert edges[0] == pytest.approx(edges[1], abs=4)


@pytest.mark.long
def test_three_quarters_of_the_hundred_are_edges():
    """A part of each seed's filters is fitted again; all of them are in the file."""
    from saelab.quality import describe_filters

    stored = load_stored("hundred_units")
    assert (stored["hundred/fits"][:, :, 0] >= 0.8).mean() >= 0.75
    found = []
    for seed, theta in enumerate(stored["hundred/theta"].astype(float)):
        W1 = theta[:10_000].reshape(100, 100)
        assert (np.linalg.norm(W1 - W1.mean(axis=1, keepdims=True), axis=1) > 0.5).all()
        quality = describe_filters(W1[seed::8])
        told = stored["hundred/fits"][seed, seed::8, 0]
        np.testing.assert_allclose([fit.r2 for fit in quality.fits], told, atol=0.01)
        found += [fit.is_good for fit in quality.fits]
    assert np.mean(found) >= 0.65  # of 39 filters
