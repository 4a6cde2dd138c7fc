"""What notebook 06 says of the filters is so."""

import functools

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.data import load_stored
from saelab.quality import describe_filters
from tests.support.claims import patches, prose, stated

NAME = "06_visualization"


def parameters(name):
    return reference("02_cost").unpack_parameters(load_stored("parameters")[name], 64, 25)


@functools.cache
def measured(name):
    return describe_filters(parameters(name)[0])


def good(quality):
    return [fit for fit in quality.fits if fit.is_good]


def test_the_picture_of_length_one():
    w = np.array([3.0, 4.0])
    assert "length 5, so $x^\\ast = (0.6, 0.8)$" in prose(NAME)
    np.testing.assert_allclose(reference(NAME).maximal_inputs(w[None])[0], [0.6, 0.8])
    assert w @ [0.6, 0.8] == pytest.approx(5) and w @ [0.8, 0.6] == pytest.approx(4.8)


def test_the_size_of_a_tiled_picture():
    rows, columns = stated(NAME, r"= (\d+)\$ rows and .*? = (\d+)\$ columns, and the last place")
    assert reference(NAME).tile_filters(np.ones((5, 4)), columns=3).shape == (rows, columns)


def test_the_third_network_has_a_hundredth_of_the_weights():
    assert "about a hundredth of the size" in prose(NAME)
    largest = {name: np.abs(parameters(name)[0]).max() for name in ("sparse", "decayed")}
    assert 0.005 < largest["decayed"] / largest["sparse"] < 0.02


def test_most_units_are_silent_and_one_is_never_loud():
    W1, _, b1, _ = parameters("sparse")
    a2 = 1 / (1 + np.exp(-(W1 @ patches() + b1[:, None])))
    loudest = a2.max(axis=1)
    assert (loudest > 0.7).sum() >= 22 and loudest.min() < 0.5
    assert (np.median(a2, axis=1) < 0.01).all()  # silent for most patches
    quiet = a2[loudest.argmin()]
    assert np.median(quiet) > np.median(a2)  # and a little active for all of them


def test_a_hundred_units():
    stored = load_stored("trainings")
    at = tuple(
        int(np.flatnonzero(np.isclose(stored[axis], value))[0])
        for axis, value in (("rho", 0.01), ("beta", 3), ("lambda_", 1e-4), ("hidden", 100))
    )
    assert stored["edges"][at] == 60 and "Sixty by the yardstick" in prose(NAME)
    faint = stated(NAME, r"(\d+) others are hardly there: their filters have less than an eighth")
    W1 = stored["W1_100"][at[:3]].astype(float)
    length = np.linalg.norm(W1 - W1.mean(axis=1, keepdims=True), axis=1)
    usual = np.median(np.sort(length)[int(faint) :])
    assert (length < usual / 8).sum() == pytest.approx(faint, abs=1)
    strong, weak = stated(NAME, r"yardstick, (\d+) strong ones and (\d+) faint")
    assert strong + weak == 60 and faint + 60 < 100
    assert (np.abs(W1).max(axis=1) < 0.5 * np.linalg.norm(W1, axis=1)).all()  # of no one pixel
    assert stored["explained"][at] == pytest.approx(1 / 3, abs=0.02)
    few = (*at[:3], int(np.flatnonzero(stored["hidden"] == 25)[0]))
    assert stored["explained"][few] == pytest.approx(1 / 4, abs=0.02)


def test_the_museum():
    shown = load_stored("mistakes")
    wrong = range(1, len(shown["name"]))
    assert len(wrong) == stated(NAME, r"Here are (\d+) mistakes that people make")
    assert shown["are_edges"][1:].sum() == 10 and "Ten of them learn edges all the" in prose(NAME)
    names = [name.partition(":")[0] for name in shown["name"]]
    passed = [i for i in wrong if shown["gradient"][i] < 1e-8 and names[i] in ("decay", "sparsity")]
    assert len(passed) == 5 and "Five wrong costs pass the gradient check" in prose(NAME)
    common = exhibit("decay: lambda / m in the gradient")
    assert shown["edges"][common] == stated(NAME, r"in the gradient (\d+) of 25 units are edges")
    assert "CONVERGENCE" in shown["message"][common]
    zeros = exhibit("start: all weights zero")
    assert shown["edges"][zeros] == 25 and "all 25 units count as edges" in prose(NAME)
    for name in ("sparsity: KL with the wrong sign", "sparsity: missing in delta"):
        assert shown["like_start"][exhibit(name)] > 0.99


def exhibit(name):
    return load_stored("mistakes")["name"].tolist().index(name)


def test_decay_of_the_biases_makes_little_difference():
    edges = load_stored("mistakes")["edges"]
    assert edges[exhibit("decay: of the biases, too")] >= edges[exhibit("none: all is right")] - 2


def test_values_outside_of_the_sigmoids_range_teach_nothing():
    assert load_stored("mistakes")["edges"][exhibit("normalising: from -1 to 1")] == 0


@pytest.mark.long
class TestMeasured:
    def test_half_of_the_edges_lie_level(self):
        level = stated(NAME, r"half of the edges lie within ([\d.]+) degrees of level")
        tilt = np.array([fit.orientation for fit in good(measured("sparse"))])
        share = np.mean(np.minimum(tilt, 180 - tilt) < level)
        assert 0.35 < share < 0.65
        assert (np.histogram(tilt, bins=np.arange(0, 181, 22.5))[0] > 0).all()

    def test_hardly_one_sits_at_the_left_or_right_border(self):
        across = [fit.x for fit in good(measured("sparse"))]
        assert sum(x < 1 or x > 6 for x in across) <= 1

    def test_the_dead_network_fits_nearly_as_well_as_the_living_one(self):
        dead, living = len(good(measured("decayed"))), len(good(measured("sparse")))
        assert dead >= 0.8 * living and living >= 18
        assert measured("decayed").failed[0].name == "weights"
        assert measured("sparse").are_edge_detectors

    def test_noise_fits_in_no_case(self):
        assert len(good(measured("dense"))) == 0
        rng = np.random.default_rng(0)
        reference("01_patch_sampling").sample_patches(np.zeros((10, 512, 512)), 8, 10_000, rng)
        theta0 = reference("02_cost").initialize_parameters(64, 25, rng)
        W1, *_ = reference("02_cost").unpack_parameters(theta0, 64, 25)
        assert len(good(describe_filters(W1))) == 0

    def test_a_few_principal_components_pass_for_edges(self):
        components = np.linalg.eigh(np.cov(patches()))[1].T[::-1][:25]
        quality = describe_filters(components)
        assert 3 <= len(good(quality)) <= 9 and not quality.are_edge_detectors
