"""What notebook 01 says of photographs, of whitening and of patches, computed again."""

import functools
import math

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from autograder.exercises.reference import reference
from saelab.data import load_images
from tests.support.claims import patches, stated, white_images

NOTEBOOK = "01_patch_sampling"
course = reference(NOTEBOOK)
images = functools.cache(load_images)


def correlation(pictures, distance):
    """Of pixels that lie so many columns apart."""
    left, right = pictures[..., :-distance], pictures[..., distance:]
    return np.corrcoef(left.ravel(), right.ravel())[0, 1]


@functools.cache
def spectrum(white):
    """(frequency, power) of each photograph, (10, 2, n)."""
    pictures = white_images() if white else images()
    return np.array([course.radial_power(picture) for picture in pictures])


def fall(spectrum, first, last):
    """How many times as much power there is at the first frequency as at the last."""
    frequency, power = spectrum
    at = np.interp(np.log([first, last]), np.log(frequency), np.log(power))
    return np.exp(at[0] - at[1])


def share_of_means(pictures):
    """How much of the variance of 8 by 8 patches their means make up."""
    return pictures.reshape(10, 64, 8, 64, 8).mean(axis=(2, 4)).var() / pictures.var()


# --- photographs -------------------------------------------------------------------------


def test_how_alike_neighbours_are():
    near, far, least, most = stated(
        NOTEBOOK,
        r"Neighbours correlate by ([\d.]+), and .* 7 columns apart, still by ([\d.]+) "
        r"\(in single photographs by ([\d.]+) to ([\d.]+)\)",
    )
    single = [correlation(image, 7) for image in images()]
    found = correlation(images(), 1), correlation(images(), 7), min(single), max(single)
    assert (near, far, least, most) == pytest.approx(found, abs=0.005)


def test_what_the_mean_brightness_makes_up():
    share = stated(NOTEBOOK, r"mean brightness alone makes up (\d+) % of the variance of 8×8")
    assert share == pytest.approx(100 * share_of_means(images()), abs=0.5)
    before, after = stated(
        NOTEBOOK, r"means hold (\d+) % of the variance before whitening, (\d+) % after it"
    )
    assert before == share
    assert after == pytest.approx(100 * share_of_means(white_images()), abs=0.5)


def test_how_power_falls():
    slow, fast, mean = stated(
        NOTEBOOK,
        r"Ours fall like \$f\^\{-([\d.]+)\}\$ to nearly \$f\^\{-([\d.]+)\}\$, and their mean like "
        r"\$f\^\{-([\d.]+)\}\$: most of what varies",
    )
    both = spectrum(False)

    def exponent(frequency, power):
        return -np.polyfit(np.log(frequency), np.log(power), 1)[0]

    single = [exponent(*one) for one in both]
    assert min(single) == pytest.approx(slow, abs=0.15) and fast - 0.3 < max(single) < fast
    assert exponent(*both.mean(axis=0)) == pytest.approx(mean, abs=0.05)
    centred = images() - images().mean(axis=(1, 2), keepdims=True)
    power = np.abs(np.fft.fft2(centred)) ** 2
    long = course.frequency_grid(512, 512) < 1 / 32
    assert power[:, long].sum() > 0.7 * power.sum()


def test_which_frequencies_are_on_the_grid():
    along, across = stated(NOTEBOOK, r"two pixels: ([\d.]+) cycles .* diagonal it is ([\d.]+)\. F")
    grid = course.frequency_grid(64, 64)
    assert (along, across) == pytest.approx((grid[0].max(), grid.max()), abs=0.005)


# --- whitening ---------------------------------------------------------------------------


def test_where_the_gain_is_highest():
    top, low, high = stated(
        NOTEBOOK,
        r"f_0 / \\sqrt 2 = ([\d.]+)\$\..* e\^\{-1/16\} = ([\d.]+)\$.* e\^\{-1\} = ([\d.]+)\$",
    )
    f = np.linspace(0, 0.7, 70_001)
    gain = f * np.exp(-((f / 0.4) ** 4))
    found = f[gain.argmax()], np.interp(0.2, f, gain), np.interp(0.4, f, gain)
    assert (top, low, high) == pytest.approx(found, abs=0.0005)


def test_what_whitening_does_to_the_spectrum():
    first, last, before, after = stated(
        NOTEBOOK,
        r"From ([\d.]+) to ([\d.]+) cycles per pixel power used to fall by a factor of (\d+); "
        r"now it falls by (\d+)\.",
    )
    assert before == pytest.approx(fall(spectrum(False).mean(axis=0), first, last), rel=0.1)
    assert after == pytest.approx(fall(spectrum(True).mean(axis=0), first, last), abs=0.5)


def test_why_neighbours_still_correlate():
    photographs, noise = stated(
        NOTEBOOK, r"neighbours still correlate by ([\d.]+): white noise that .* has ([\d.]+)\."
    )
    assert photographs == pytest.approx(correlation(white_images(), 1), abs=0.005)
    power = np.exp(-2 * (course.frequency_grid(512, 512) / 0.4) ** 4)
    around = np.fft.ifft2(power).real
    assert noise == pytest.approx(around[0, 1] / around[0, 0], abs=0.005)


def test_what_other_filters_leave():
    narrow, wide = stated(
        NOTEBOOK,
        r"its neighbours correlate by ([\d.]+), nearly .* neighbours correlate by ([\d.]+)\.",
    )
    found = [correlation(course.whiten(images()[4], f0), 1) for f0 in (0.1, 0.8)]
    assert (narrow, wide) == pytest.approx(found, abs=0.005)


# --- patches -----------------------------------------------------------------------------


def test_how_many_values_are_cut():
    share, bell = stated(
        NOTEBOOK, r"middle panel ([\d.]+) % of the values .* it would be ([\d.]+) %"
    )
    drawn = course.sample_patches(white_images(), 8, 10_000, np.random.default_rng(0))
    centred = drawn - drawn.mean(axis=0)
    beyond = np.abs(centred) > 3 * centred.std()
    assert share == pytest.approx(100 * beyond.mean(), abs=0.005)
    assert bell == pytest.approx(100 * math.erfc(3 / math.sqrt(2)), abs=0.005)
    assert patches().min() == pytest.approx(0.1) and patches().max() == pytest.approx(0.9)


def test_where_values_are_cut():
    """At the ridge and among the rocks, seldom on the meadow, not in the open sky."""
    drawn = course.sample_patches(white_images(), 8, 2000, np.random.default_rng(0))
    limit = 3 * (drawn - drawn.mean(axis=0)).std()
    windows = sliding_window_view(white_images()[4], (8, 8))[::3, ::3]
    centred = windows - windows.mean(axis=(2, 3), keepdims=True)
    cut = (np.abs(centred) > limit).mean(axis=(2, 3))
    sky, ridge, rocks, meadow = cut[:25, 70:], cut[60:125, 90:], cut[30:100, :70], cut[140:]
    assert sky.max() == 0
    assert ridge.max(axis=0).min() > 0.1  # wherever rock meets sky
    assert rocks.mean() > cut.mean() > 5 * meadow.mean() > 0
    seen = course.normalize_patches(drawn)
    grey = 0.5 + 0.4 * centred[:25, 70:] / limit
    assert np.abs(grey - 0.5).mean() < seen.std() / 3


def test_the_example_by_hand():
    values = stated(NOTEBOOK, r"4\.743 = ([\d.]+)\$, and 1 becomes ([\d.]+)\.")
    done = course.normalize_patches(np.array([[4.0, 1.0], [0.0, 3.0]]))
    assert values == pytest.approx((done[0, 0], done[1, 1]), abs=0.0005)
