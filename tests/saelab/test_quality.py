"""Gabors are found again, and filters that only look like a success are rejected."""

import numpy as np
import pytest

from saelab.quality import describe_filters, fit_gabor
from saelab.quality.verdict import WIDTH

P = 8


def gabor(orientation=30.0, frequency=0.2, phase=0.5, x=3.6, y=3.2, across=1.6, along=2.4, p=P):
    """A Gabor as a flat filter without its mean; names and units as in GaborFit."""
    rows, columns = np.mgrid[:p, :p].astype(float)
    # The edge rises to the right, rows count downwards.
    angle = np.radians(orientation)
    along_edge = (columns - x) * np.cos(angle) - (rows - y) * np.sin(angle)
    from_edge = (columns - x) * np.sin(angle) + (rows - y) * np.cos(angle)
    bell = np.exp(-((from_edge / across) ** 2 + (along_edge / along) ** 2) / 2)
    picture = bell * np.cos(2 * np.pi * frequency * from_edge + phase)
    return (picture - picture.mean()).ravel()


def gabors(rng, n=16):
    """Filters like those of a trained network: edges everywhere, in all directions."""
    return 5 * np.array([unit(gabor(
        orientation=180 * (i + 0.5) / n, frequency=rng.uniform(0.12, 0.2),
        phase=rng.uniform(-np.pi, np.pi), x=rng.uniform(2, 5), y=rng.uniform(2, 5),
    )) for i in range(n)])  # fmt: skip


def unit(filter_):
    return filter_ / np.linalg.norm(filter_)


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def names_of_failed(quality):
    return {criterion.name for criterion in quality.failed}


# --- one filter --------------------------------------------------------------------


@pytest.mark.parametrize("orientation", [0, 20, 45, 90, 135, 170])
@pytest.mark.parametrize("phase", [0, np.pi / 2, -2])
def test_a_gabor_is_found_again(orientation, phase):
    fit = fit_gabor(gabor(orientation, phase=phase), P)
    off = (fit.orientation - orientation + 90) % 180 - 90
    assert abs(off) < 5
    assert fit.frequency == pytest.approx(0.2, abs=0.02)
    assert fit.r2 > 0.97 and fit.is_good
    assert (fit.x, fit.y) == pytest.approx((3.6, 3.2), abs=0.3)


def test_an_edge_that_rises_to_the_right_has_45_degrees():
    rows, columns = np.mgrid[:P, :P]
    rising = np.where(rows + columns < P - 1, 1.0, -1.0)
    assert fit_gabor(rising, P).orientation == pytest.approx(45, abs=3)
    assert fit_gabor(rising[:, ::-1], P).orientation == pytest.approx(135, abs=3)


def test_a_bright_bar_has_phase_0_and_a_dark_one_phase_pi():
    bar = gabor(phase=0)
    assert abs(fit_gabor(bar, P).phase) < 0.1
    assert abs(fit_gabor(-bar, P).phase) == pytest.approx(np.pi, abs=0.1)


@pytest.mark.parametrize("orientation", [0, 10, 60, 89, 91, 150, 179])
def test_the_drawn_fit_explains_what_r2_says(orientation):
    filter_ = 7 * gabor(orientation)
    fit = fit_gabor(filter_, P)
    left = filter_ - fit.render().ravel()
    assert fit.render().shape == (P, P)
    assert 1 - left @ left / (filter_ @ filter_) == pytest.approx(fit.r2, abs=1e-9)


def test_the_fit_forgets_mean_and_scale():
    fit = fit_gabor(gabor(), P)
    raised, tiny = fit_gabor(3 + gabor(), P), fit_gabor(1e-200 * gabor(), P)
    assert raised.r2 == pytest.approx(fit.r2, abs=1e-6)
    assert tiny.r2 == pytest.approx(fit.r2, abs=1e-6)
    assert tiny.amplitude == pytest.approx(1e-200 * fit.amplitude)


@pytest.mark.parametrize("constant", [0.0, 0.1])
def test_a_filter_without_variation_fits_nothing(constant):
    fit = fit_gabor(np.full(P * P, constant), P)
    assert fit.r2 == 0 and not fit.is_good
    assert np.isnan(fit.orientation)
    assert np.array_equal(fit.render(), np.zeros((P, P)))


def test_noise_is_no_gabor(rng):
    assert fit_gabor(rng.normal(size=P * P), P).r2 < 0.6


# --- a network ---------------------------------------------------------------------


def said(quality):
    """The verdict in one line."""
    lines = quality.verdict().splitlines()
    assert len(lines) > 1 and max(map(len, lines)) <= WIDTH
    return " ".join(lines)


def test_edges_in_all_directions_are_edge_detectors(rng):
    quality = describe_filters(gabors(rng))
    assert quality.are_edge_detectors and not quality.failed
    assert quality.fraction == 1 and quality.median_r2 > 0.9
    assert quality.orientation_histogram.tolist() == [2] * 8
    assert quality.orientation_spread == pytest.approx(1)
    assert quality.norm_median == pytest.approx(5) and quality.alive == 1
    assert said(quality).startswith("These filters are edge detectors. 16 of 16 ")


def test_other_patch_sizes_work_too(rng):
    quality = describe_filters(np.array([gabor(o, p=11, x=5, y=5) for o in (10, 100)]))
    assert quality.fits[0].patch_size == 11 and quality.fraction == 1


def test_noise_is_rejected(rng):
    quality = describe_filters(rng.normal(size=(10, P * P)))
    assert quality.fraction == 0 and "Gabor fit" in names_of_failed(quality)
    assert said(quality).startswith(
        "These filters are not edge detectors. 0 of 10 filters fit a Gabor function"
    )


def test_collapsed_edges_are_rejected_although_each_fits(rng):
    quality = describe_filters(gabors(rng) / 100)
    assert names_of_failed(quality) == {"weights"}
    assert "0 of 16 filters have a norm above 0.5 (median 0.05)" in said(quality)
    assert "collapsed" in said(quality)
    assert "16 of 16 filters fit a Gabor" in said(quality)


def test_edges_in_one_direction_are_rejected(rng):
    W1 = [5 * unit(gabor(40, phase=phase)) for phase in np.linspace(-3, 3, 8)]
    quality = describe_filters(np.array(W1))
    assert names_of_failed(quality) == {"directions"}
    assert str(quality.orientation_spread) == "0.0"
    assert "too few directions" in said(quality)


def test_waves_all_over_the_patch_are_rejected(rng):
    W1 = [5 * unit(gabor(o, phase=rng.uniform(-3, 3), across=1e3, along=1e3))
          for o in np.arange(0, 180, 15)]  # fmt: skip
    quality = describe_filters(np.array(W1))
    assert names_of_failed(quality) == {"place"}
    assert "waves all over the patch" in said(quality)


def test_round_spots_are_rejected(rng):
    places = rng.uniform(2, 5, size=(8, 2))
    W1 = [unit(gabor(0, 0, 0, x, y, across=1.2, along=1.2)) for x, y in places]
    quality = describe_filters(np.array(W1))
    assert "selectivity" in names_of_failed(quality)
    assert not quality.are_edge_detectors


def test_principal_components_of_smooth_pictures_are_rejected():
    # Products of cosines: what principal components of small natural patches look like.
    steps = np.arange(P) + 0.5
    waves = [np.cos(np.pi * steps * k / P) for k in range(4)]
    W1 = [5 * unit(np.outer(a, b).ravel()) for a in waves for b in waves][1:]
    assert "Gabor fit" in names_of_failed(describe_filters(np.array(W1)))


def test_a_network_of_zeros_is_rejected_without_a_warning():
    quality = describe_filters(np.zeros((4, P * P)))
    assert quality.fraction == quality.alive == quality.orientation_spread == 0
    assert len(quality.failed) == 5
    assert "0 of 4 filters have a norm above 0.5" in said(quality)


def test_one_dead_filter_among_edges_does_no_harm(rng):
    W1 = gabors(rng)
    W1[3] = 0
    quality = describe_filters(W1)
    assert quality.fits[3].r2 == 0 and quality.fraction == 15 / 16
    assert quality.are_edge_detectors


def test_the_verdict_never_rounds_a_failure_up_to_the_threshold(rng):
    quality = describe_filters(gabors(rng))
    short = type(quality)(**{**vars(quality), "orientation_spread": 0.5999})
    assert "is 0.59 (" in said(short) and "less than the 0.6" in said(short)


def test_a_progress_bar_sees_every_filter(rng):
    seen = []

    def bar(rows):
        for row in rows:
            seen.append(row)
            yield row

    W1 = gabors(rng, 3)
    describe_filters(W1, progress=bar)
    assert np.array_equal(seen, W1)


def test_the_weights_are_left_as_they_were(rng):
    W1 = gabors(rng, 3)
    before = W1.copy()
    describe_filters(W1)
    assert np.array_equal(W1, before)


# --- what cannot be measured -------------------------------------------------------


@pytest.mark.parametrize(
    ("W1", "patch_size", "message"),
    [
        (np.zeros((5, 60)), None, r"shape \(5, 60\) and 60 is not 7\*7"),
        (np.zeros((64, 25)), 8, r"patch size of 8, .* \(64, 25\) .* is it transposed"),
        (np.zeros(64), None, r"\(hidden_size, visible_size\), not \(64,\)"),
        (np.zeros((0, 64)), None, r"not \(0, 64\)"),
        (np.zeros((3, 16)), None, "4x4 pixels are too small"),
        (np.zeros((3, 64), dtype=complex), None, "real numbers, not complex128"),
        (np.array([["a"] * 64]), None, "real numbers, not <U1"),
        ([[1.0] * 64, [np.nan] * 64], None, "1 of 2 filters .* in row 1: did"),
    ],
)  # fmt: skip
def test_what_are_no_filters_is_told(W1, patch_size, message):
    with pytest.raises(ValueError, match=message):
        describe_filters(W1, patch_size)


def test_a_filter_of_the_wrong_size_is_told():
    with pytest.raises(ValueError, match=r"patch size of 8, .* 63 is not 8\*8"):
        fit_gabor(np.ones(63), 8)
