"""data/mistakes.npz is what data/mistakes.py makes, and holds what a reader is to find in it."""

import runpy
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from autograder import CLONE
from autograder.exercises.mistakes import catalogue
from saelab.data import load_stored

FILE = CLONE / "data" / "mistakes.npz"
CURVES = ("at", "told", "true")


@pytest.fixture(scope="module")
def script():
    """The names of data/mistakes.py, which is a script."""
    return SimpleNamespace(**runpy.run_path(str(CLONE / "data" / "mistakes.py")))


@pytest.fixture(scope="module")
def exhibits():
    return load_stored("mistakes")


def stored(exhibits, name):
    """All that is stored of the exhibit of this name."""
    (i,) = np.flatnonzero(exhibits["name"] == name)
    return SimpleNamespace(**{key: values[i] for key, values in exhibits.items()})


def end(curve):
    return curve[np.isfinite(curve)][-1]


def test_the_exhibits_are_those_of_the_script(script, exhibits):
    for name in ("name", "function", "says"):
        assert exhibits[name].tolist() == [getattr(each, name) for each in script.EXHIBITS]
    assert len(set(exhibits["name"])) == len(exhibits["name"]) >= 20
    assert len(set(exhibits["function"])) >= 6


def test_most_mistakes_are_those_of_the_catalogue(script):
    own = [each.known for each in script.EXHIBITS if isinstance(each.mistake, script.Mistake)]
    assert len(own) <= 3 and not set(own) & set(catalogue())
    for each in script.EXHIBITS[1:]:
        assert each.known.says.startswith(each.says) and each.says.endswith(".")
        assert "Look " not in each.says and "Compare " not in each.says


def test_shapes_and_kinds(script, exhibits):
    n = len(script.EXHIBITS)
    expected: dict[str, tuple[int, ...]] = dict.fromkeys(script.Shown._fields, (n,))
    expected |= dict.fromkeys(CURVES, (n, script.POINTS))
    expected |= {"W1": (n, 25, 64), "active": (n, 25)}
    assert {name: values.shape for name, values in exhibits.items()} == expected
    assert exhibits["W1"].dtype == np.float16
    assert all(values.dtype.kind in "Ufib" for values in exhibits.values())
    for name in ("W1", "active", "explained", "like_start"):
        assert np.isfinite(exhibits[name]).all()
    assert FILE.stat().st_size < 500e3


def test_a_curve_goes_from_the_start_to_the_last_iteration(exhibits):
    for i, name in enumerate(exhibits["name"]):
        at, told, true = (exhibits[curve][i] for curve in CURVES)
        points = np.isfinite(at).sum()
        assert at[0] == 0 and at[points - 1] == exhibits["iterations"][i] <= 400, name
        assert (np.diff(at[:points]) > 0).all() and np.isnan(at[points:]).all(), name
        for curve in (told, true):
            assert np.isfinite(curve[:points]).all() or name == "error: W2 not transposed"
            assert np.isnan(curve[points:]).all()


def test_the_one_without_a_mistake_is_that_of_the_playground(exhibits):
    trainings = load_stored("trainings")
    wanted = (("rho", 0.01), ("beta", 3), ("lambda_", 1e-4), ("hidden", 25))
    place = tuple(int(np.flatnonzero(trainings[name] == value)[0]) for name, value in wanted)
    np.testing.assert_array_equal(exhibits["W1"][0], trainings["W1_25"][place[:3]])
    assert end(exhibits["told"][0]) == end(exhibits["true"][0])
    assert end(exhibits["true"][0]) == pytest.approx(trainings["cost"][place], rel=1e-6)
    assert exhibits["edges"][0] == trainings["edges"][place] and exhibits["are_edges"][0]


def test_what_the_checks_say_is_stored(script, exhibits):
    """All of it, as it is today; so is what a gradient check finds."""
    warnings.simplefilter("ignore")
    for each in script.EXHIBITS:
        there = stored(exhibits, each.name)
        assert script.verdict(each) == there.verdict, each.name
        assert ("visible checks passed" in there.verdict) == (each.mistake is None)
        error = script.gradient_error(each.changes)
        # The error of a right gradient is rounding alone.
        assert error == pytest.approx(there.gradient, rel=0.01, abs=2e-9, nan_ok=True), each.name


def test_a_reader_finds_what_surprises(exhibits):
    def at(name):
        return stored(exhibits, name)

    right = at("none: all is right")
    # Edges all the same, though the gradient check is alarmed: and none, though it is not.
    for name in ("error: sent back through W1", "gradient: biases never learn"):
        assert at(name).gradient > 1e-3 and at(name).edges >= 13 and at(name).are_edges
    silent = ("decay: lambda / m everywhere", "decay: the 1/2 forgotten everywhere",
              "sparsity: none at all", "sparsity: one mean for all units")  # fmt: skip
    for name in silent:
        assert at(name).gradient < 1e-8 and at(name).edges <= 3
    # Data and start that are wrong, and that a gradient check cannot see at all.
    assert at("pictures: not whitened").edges >= 13
    zeros = at("start: all weights zero")
    assert zeros.edges == 25 and not zeros.are_edges and zeros.explained < 0.1
    assert "CONVERGENCE" in zeros.message
    # A better drawing, a lower cost as told, and no edge.
    assert at("sparsity: none at all").explained > 3 * right.explained
    assert end(at("decay: lambda / m everywhere").told) < end(right.true) / 2
    # What gives the same network, and what never begins.
    assert at("memory: theta changed in place").edges == right.edges
    assert at("error: W2 not transposed").iterations == 0
    assert np.isnan(at("error: W2 not transposed").told).all()
    assert end(at("sparsity: KL with the wrong sign").told) < 0


@pytest.mark.long
@pytest.mark.parametrize("name", ["normalising: from -1 to 1"])
def test_the_script_makes_an_exhibit_again(name, script, exhibits):
    """On another machine, too: rounding changes the way, but not where this one leads."""
    (exhibit,) = (each for each in script.EXHIBITS if each.name == name)
    made, there = script.make(exhibit), stored(exhibits, name)
    assert end(made.told) == pytest.approx(end(there.told), rel=0.01)
    assert end(made.true) == pytest.approx(end(there.true), rel=0.05)
    np.testing.assert_allclose((made.told[0], made.true[0]), (there.told[0], there.true[0]))
    assert made.edges == there.edges == 0 and np.abs(made.W1).max() < 0.2
    assert np.abs(made.active - there.active).max() < 0.003
