"""What notebook 09 says of a hundred units, of shuffled pixels and of noise is so."""

import functools

import numpy as np
import pytest

from autograder import demo
from autograder.exercises.reference import reference
from saelab.data import load_images, load_stored
from saelab.quality.gabor import MIN_FREQUENCY
from saelab.quality.measures import orientation_histogram, selectivity
from saelab.quality.verdict import MIN_FRACTION, MIN_SELECTIVITY
from tests.support.claims import prose, stated

NAME = "09_the_lecture_figure"
STORED = load_stored("hundred_units")
R2, X, Y, _, _, DIRECTION, FREQUENCY = range(7)  # columns of the fits
CONTROLS = ("photographs", "one shuffle", "twin", "own shuffle")


def edges(name):
    """How many filters are edges, for each seed."""
    return (STORED[f"{name}/fits"][:, :, R2] >= 0.8).sum(axis=1).tolist()


def network(name, seed=0):
    """theta, and what it is in blocks."""
    theta = STORED[f"{name}/theta"][seed].astype(float)
    hidden = STORED[f"{name}/fits"].shape[1]
    v = 100 if "hundred" in name else 64
    return theta, reference("02_cost").unpack_parameters(theta, v, hidden)


def lengths(W1):
    return np.linalg.norm(W1 - W1.mean(axis=1, keepdims=True), axis=1)


@functools.cache
def patches(side, f0, m):
    """As the notebook samples them."""
    first = reference("01_patch_sampling")
    images = demo.white_images() if f0 == 0.4 else [first.whiten(i, f0) for i in load_images()]
    drawn = first.sample_patches(np.array(images), side, m, np.random.default_rng(0))
    return first.normalize_patches(drawn)


def tens():
    return patches(10, 0.3, 10_000)


@functools.cache
def twin():
    few = patches(8, 0.4, 5000)
    return reference(NAME).gaussian_twin(few, np.random.default_rng(20))


def active(name, data, seed=0):
    theta, (W1, *_) = network(name, seed)
    a2, _ = reference("02_cost").feed_forward(theta, len(data), len(W1), data)
    return a2


# --- the hundred -------------------------------------------------------------------


def test_the_figure():
    first, second, third, mean = stated(
        NAME, r"from other photographs: (\d+) edges here, (\d+) and (\d+) with other seeds, "
        r"([\d.]+) on average",
    )  # fmt: skip
    assert edges("hundred") == [first, second, third]
    assert np.mean(edges("hundred")) == pytest.approx(mean, abs=0.05) and mean >= 75
    shortest = stated(NAME, r"the shortest filter has (\d+) % of the usual length")
    _, (W1, *_) = network("hundred")
    length = lengths(W1)
    assert 100 * length.min() / np.median(length) == pytest.approx(shortest, abs=0.5)
    assert "no unit passes on a single pixel" in prose(NAME)
    assert (np.abs(W1).max(axis=1) < 0.5 * np.linalg.norm(W1, axis=1)).all()
    for seed in range(3):
        assert (lengths(network("hundred", seed)[1][0]) > 0.5).all()


def test_a_dead_unit_has_the_right_mean():
    own = reference(NAME)
    a2 = np.array([[0.01] * 4, [0, 0, 0.04, 0]])
    assert a2.mean(axis=1) == pytest.approx(0.01) and "Both have mean 0.01" in prose(NAME)
    assert own.dead_units(a2, 0.02).tolist() == [0]
    # No weights, and the bias that the penalty asks for.
    sparse = reference("03_kl_delta")
    assert sparse.sparsity_delta(0.01, np.array([0.01]), 3.0) == pytest.approx(0)


def test_networks_with_many_units():
    first, of_hundred, second, of_many, mean = stated(
        NAME, r"half as many iterations\) (\d+) of (\d+) are dead, and (\d+) of (\d+); their "
        r"means, ([\d.]+),",
    )  # fmt: skip
    good, one, other = stated(
        NAME, r"no edge more, (\d+) both times, .*? and only (\d+) and (\d+) do\."
    )
    assert (of_hundred - first, of_many - second) == (one, other)
    small, own = patches(8, 0.4, 10_000), reference(NAME)
    for name, count in (("100 for 64", first), ("196 for 64", second)):
        a2, r2 = active(name, small), STORED[f"{name}/fits"][0, :, R2]
        dead = own.dead_units(a2, 0.1)
        assert len(dead) == count
        assert a2.mean(axis=1)[dead] == pytest.approx(mean, abs=3e-4)
        assert (np.delete(r2, dead) >= 0.8).sum() == good > (len(r2) - count) / 2
        assert edges(name)[0] > good  # crumbs fit, too
        _, (W1, *_) = network(name)
        alive = np.delete(W1, dead, axis=0)
        assert (np.abs(alive).max(axis=1) < 0.8 * np.linalg.norm(alive, axis=1)).all()  # no copies
    shares = [STORED[f"{name}/share"][0] for name in ("100 for 64", "196 for 64")]
    assert shares[1] < shares[0] + 0.005  # "explain no more"
    assert own.dead_units(active("hundred", tens()), 0.1).size == 0


# --- the maps ----------------------------------------------------------------------


def test_what_the_maps_show():
    low, high, count, inside, of, bottom, top, steps, floor, finest = stated(
        NAME, r"from (\d+) to (\d+) of the (\d+) edges in each eighth of the half circle, the "
        r"17 near level\. Frequencies crowd\. (\d+) of the (\d+) lie between ([\d.]+) and "
        r"([\d.]+) cycles/pixel, a single octave; (\d+) are steps .*? knows, ([\d.]+); none is "
        r"finer than ([\d.]+)\.",
    )  # fmt: skip
    fits = STORED["hundred/fits"][0]
    good = fits[fits[:, R2] >= 0.8]
    assert len(good) == count == of and top == 2 * bottom
    bins = orientation_histogram(good[:, DIRECTION])
    assert (bins.min(), bins.max()) == (low, high) and bins.argmax() == 0
    frequency = good[:, FREQUENCY]
    assert ((frequency >= bottom) & (frequency <= top)).sum() == inside
    assert (frequency < 1.2 * floor).sum() == steps and MIN_FREQUENCY == floor
    assert frequency.max() < finest
    for place in (good[:, X], good[:, Y]):
        assert place.min() < 0.5 and place.max() > 8.5  # up to the border


# --- shuffled pixels ---------------------------------------------------------------


def test_a_shuffled_network_has_the_same_cost():
    pi = np.random.default_rng(1).permutation(100)
    theta, (W1, W2, b1, b2) = network("hundred")
    moved = np.concatenate([W1[:, pi].ravel(), W2[pi].ravel(), b1, b2[pi]])
    few = tens()[:, :500]
    sparse_cost = reference("03_kl_delta").sparse_autoencoder_cost
    costs = [
        sparse_cost(t, 100, 100, 1e-4, 0.01, 3.0, x)[0] for t, x in ((theta, few), (moved, few[pi]))
    ]
    assert costs[0] == pytest.approx(costs[1], rel=1e-13)


def test_put_back_by_hand():
    assert "$(6, 7, 5)$" in prose(NAME)
    back = reference(NAME).unshuffle(np.array([[5, 6, 7]]), np.array([2, 0, 1]))
    assert back.tolist() == [[6, 7, 5]]


def test_what_was_learned_from_shuffled_pixels():
    told = stated(
        NAME, r"with three seeds ([\d.]+), ([\d.]+) and ([\d.]+) instead of ([\d.]+), ([\d.]+), "
        r"([\d.]+)\.",
    )  # fmt: skip
    costs = [*STORED["one shuffle/cost"], *STORED["photographs/cost"]]
    assert costs == pytest.approx(told, abs=6e-4)
    assert min(edges("one shuffle")) >= 18  # "Edges."


# --- noise -------------------------------------------------------------------------


def test_the_noise_by_hand():
    C = np.array([[5.0, 4], [4, 5]])
    variances = np.linalg.eigvalsh(C)
    assert variances == pytest.approx([1, 9])
    first, second = stated(NAME, r"1 \\, \(1, -1\) / \\sqrt 2 = \(([\d.]+), ([\d.]+)\)\$, around")
    y = 3 * np.array([1, 1]) / np.sqrt(2) + np.array([1, -1]) / np.sqrt(2)
    assert y == pytest.approx([first, second], abs=0.005)


def test_nothing_is_found_in_what_is_shuffled_by_itself():
    after = stated(NAME, r"after (\d+) iterations all weights are gone")
    assert STORED["own shuffle/iterations"][0] == after
    assert (lengths(network("own shuffle")[1][0]) < 0.5).all()
    assert abs(STORED["own shuffle/share"][0]) < 0.005


def test_good_fits_from_noise():
    *found, of_noise, of_photographs, most = stated(
        NAME, r"yardstick so far, (\d+) of 25; with two other seeds (\d+) and (\d+), where "
        r"photographs give (\d+), (\d+) and (\d+)\..*? is ([\d.]+) here, "
        r"and ([\d.]+) for photographs\..*? were enough for up to (\d+)\.",
    )  # fmt: skip
    assert [*edges("twin"), *edges("photographs")] == found and max(edges("twin")) == most
    for name, said in (("twin", of_noise), ("photographs", of_photographs)):
        prefers = [selectivity(row, 8) for row in network(name)[1][0]]
        assert np.median(prefers) == pytest.approx(said, abs=0.006)
    # "noise gave hardly a clear bar"
    for name, side, small in (("twin", 8, True), ("hundred twin", 10, True),
                              ("photographs", 8, False), ("hundred", 10, False)):  # fmt: skip
        for seed, count in enumerate(edges(name)):
            W1 = network(name, seed)[1][0]
            prefers = np.median([selectivity(row, side) for row in W1])
            assert (prefers < MIN_SELECTIVITY) == small == (count < MIN_FRACTION * len(W1))
    assert edges("hundred twin") == [5] and "Five, where photographs gave 75." in prose(NAME)


def test_cost_and_share_tell_them_apart():
    low, high, of_twin, most, least = stated(
        NAME, r"explains (\d+) to (\d+) % of their variance, and of the twin (\d+) %; the "
        r"costs are ([\d.]+) at most, and ([\d.]+) at least\.",
    )  # fmt: skip
    share, cost = (
        {name: STORED[f"{name}/{part}"] for name in CONTROLS} for part in ("share", "cost")
    )
    assert 100 * share["photographs"].min() == pytest.approx(low, abs=0.5)
    assert 100 * share["photographs"].max() == pytest.approx(high, abs=0.5)
    assert 100 * share["twin"] == pytest.approx(of_twin, abs=0.5)
    assert cost["photographs"].max() == pytest.approx(most, abs=6e-4)
    assert cost["twin"].min() == pytest.approx(least, abs=6e-4)
    assert cost["one shuffle"].max() < cost["twin"].min()
    low, high, of_noise = stated(NAME, r"The hundred explain (\d+) to (\d+) %, and (\d+) %\.")
    hundred = 100 * STORED["hundred/share"]
    assert (hundred.min(), hundred.max()) == pytest.approx((low, high), abs=0.5)
    assert 100 * STORED["hundred twin/share"][0] == pytest.approx(of_noise, abs=0.5)


def test_how_units_speak():
    """Of the stored networks, of which the notebook's own twin is the first."""
    own, few = reference(NAME), patches(8, 0.4, 5000)
    photo, noise = active("photographs", few), active("twin", twin())
    assert own.dead_units(photo, 0.5).size == 0 and own.dead_units(noise, 0.5).size == 25
    mean = stated(NAME, r"The same mean, ([\d.]+), can be had")
    assert [photo.mean(), noise.mean()] == pytest.approx([mean, mean], abs=5e-4)
    tail = stated(NAME, r"To photographs edges do: ([\d.]+)\.")
    for name, data, kurtosis in (("photographs", few, tail), ("twin", twin(), 3)):
        z = network(name)[1][0] @ data
        z = (z - z.mean(axis=1, keepdims=True)) / z.std(axis=1, keepdims=True)
        assert np.median((z**4).mean(axis=1)) == pytest.approx(kurtosis, abs=0.1)
