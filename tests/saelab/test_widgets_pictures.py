"""The explorers of patches, whitening and filters, with the reference's functions and others."""

import io

import numpy as np
import pytest
from PIL import Image

from autograder.exercises.reference import reference
from saelab.quality import describe_filters, fit_gabor
from saelab.widgets import filter_explorer, patch_explorer, whitening_explorer
from saelab.widgets.whitening import Rings, neighbours


def stub(*arguments):
    raise NotImplementedError


@pytest.fixture(scope="module")
def ours():
    """The reference's functions of notebook 01."""
    return reference("01_patch_sampling")


@pytest.fixture(scope="module")
def images():
    """Three pictures of 96 by 128: waves, an even grey with an edge, and noise."""
    rng = np.random.default_rng(0)
    row, column = np.mgrid[:96, :128]
    waves = 0.5 + 0.2 * np.sin(row / 5) + 0.2 * np.sin(column / 11)
    edge = np.where(column < 64, 0.2, 0.8) + 0.001 * rng.normal(size=(96, 128))
    return np.array([waves, edge, rng.uniform(size=(96, 128))])


def pixels(explorer):
    return np.asarray(Image.open(io.BytesIO(explorer.picture.png)).convert("RGB"), dtype=int)


def click(explorer, x, y):
    """Point at a place of the picture, fractions from its left and top, as the page tells it."""
    count = len(explorer.picture.pointed) and explorer.picture.pointed[2]
    explorer.picture.set_state({"pointed": [x, y, count + 1]})


def press(explorer, dx, dy):
    """Press arrow keys."""
    x, y = explorer.picture.stepped
    explorer.picture.set_state({"stepped": [x + dx, y + dy]})


def looks_fine(explorer, words=8):
    """There is a picture with a sentence, and the controls are named."""
    assert not explorer.reading.failed, explorer.reading.value
    assert len(explorer.reading.value.split()) > words and pixels(explorer).std() > 10
    assert all(control.description for control in explorer.controls.values())


# --- patches -----------------------------------------------------------------------


@pytest.fixture
def patches(images, ours):
    return patch_explorer(images, ours.whiten, ours.sample_patches, ours.normalize_patches)


def test_a_patch_is_shown_with_its_numbers(patches):
    looks_fine(patches)
    assert patches.values == {"photograph": 0, "row": 44, "column": 60}
    assert "The patch at row 44, column 60 of images[0]" in patches.reading.value


def test_the_numbers_are_those_of_the_reader_s_own_functions(patches, images, ours):
    patches.set(photograph=1, row=20, column=60)
    bright = images[1][20:28, 60:68]
    white = ours.whiten(images[1], 0.4)[20:28, 60:68]
    said = patches.reading.value
    assert f"mean of {bright.mean():.2f} in the photograph" in said
    assert f"{white.mean():+.3f} whitened" in said
    assert "values from 0.10 to 0.90" in said and " 0 of 64" not in said
    patches.set(column=4)  # even grey
    assert "0 of 64 were cut off" in patches.reading.value and "0.500 normalised" in said


def test_where_nothing_is_cut_no_value_is_called_so(images, ours):
    def faint(images, patch_size, n_patches, rng):
        return rng.normal(0, 1e-6, size=(patch_size**2, n_patches))

    # The smallest and the largest of all values lie in the patch that is shown.
    shown = patch_explorer(images, ours.whiten, faint, lambda patches: patches)
    assert "0 of 64 were cut off" in shown.reading.value


def test_pointing_and_keys_move_the_patch(patches):
    left, top = 0.02, 0.5
    click(patches, left, top)
    assert patches.values["column"] < 10 and 30 < patches.values["row"] < 60
    click(patches, 0.45, top)
    assert patches.values["column"] > 110
    number = patches.picture.number
    click(patches, 0.9, 0.3)  # a picture of the patch: nothing is chosen there
    assert patches.picture.number == number
    patches.set(row=5, column=7)
    press(patches, 1, 0)
    press(patches, 0, -10)
    assert patches.values["column"] == 8 and patches.values["row"] == 0
    before = pixels(patches)
    press(patches, 40, 40)
    assert (pixels(patches) != before).any()


def test_the_patch_lies_under_the_pointer(patches):
    """The picture's own frame is drawn where it was pointed at."""
    orange = np.array([0xD5, 0x5E, 0x00])
    for x, y in ((0.1, 0.4), (0.3, 0.6), (0.4, 0.5)):
        click(patches, x, y)
        drawn = np.abs(pixels(patches) - orange).sum(axis=2) < 60
        height, width = drawn.shape
        rows, columns = np.nonzero(drawn[:, : width // 2])
        assert columns.mean() / width == pytest.approx(x, abs=0.01)
        assert rows.mean() / height == pytest.approx(y, abs=0.02)


@pytest.mark.parametrize("missing", ["whiten", "sample_patches", "normalize_patches"])
def test_a_missing_function_of_the_chain_is_told(images, ours, missing):
    chain = {name: getattr(ours, name) for name in ("whiten", "sample_patches")}
    chain |= {"normalize_patches": ours.normalize_patches, missing: stub}
    shown = patch_explorer(images, **chain)
    assert shown.reading.failed and "stub is not written yet" in shown.reading.value


def test_a_function_that_returns_another_shape_is_told(images, ours):
    shown = patch_explorer(
        images, ours.whiten, lambda *given: ours.sample_patches(*given).T, ours.normalize_patches
    )
    assert "shape (2000, 64); (64, 2000) was expected" in shown.reading.value


@pytest.mark.parametrize(
    "images, place, told",
    [
        (np.zeros((64, 64)), None, r"shape \(n, height, width\), not \(64, 64\)"),
        (np.zeros((1, 4, 64)), None, r"pictures of \(4, 64\) are smaller than 8 pixels"),
        (np.zeros((1, 64, 64)), (0, 57, 0), r"to \(0, 56, 56\), not \(0, 57, 0\)"),
    ],
)
def test_what_no_patch_can_be_cut_from_is_refused(images, place, told):
    with pytest.raises(ValueError, match=told):
        patch_explorer(images, stub, stub, stub, place=place)


# --- whitening ---------------------------------------------------------------------


def test_whitening_is_shown_with_its_numbers(images, ours):
    shown = whitening_explorer(images, ours.whiten, photograph=1)
    looks_fine(shown)
    assert "With f0 = 0.40 the power of images[1] falls" in shown.reading.value
    correlation = np.corrcoef(images[1][:, :-1].ravel(), images[1][:, 1:].ravel())[0, 1]
    assert f"before by {correlation:.2f}" in shown.reading.value


def test_moving_f0_changes_the_picture(images, ours):
    shown = whitening_explorer(images, ours.whiten)
    before = pixels(shown)
    shown.controls["f0"].value = 0.1
    assert (pixels(shown) != before).mean() > 0.05
    assert "With f0 = 0.10" in shown.reading.value


def test_a_missing_or_wrong_whiten_is_told(images, ours):
    assert "stub is not written yet" in whitening_explorer(images, stub).reading.value
    wrong = whitening_explorer(images, lambda image, f0: ours.whiten(image, f0)[1:])
    assert "shape (95, 128); (96, 128) was expected" in wrong.reading.value
    assert whitening_explorer(images, lambda image, f0: 0 * image).reading.value  # nothing is left


@pytest.mark.parametrize(
    "settings, told",
    [({"f0": 2}, "f0 must lie from 0.05 to 0.8"), ({"photograph": 3}, "from 0 to 2, not 3")],
)
def test_settings_of_whitening_are_checked(images, settings, told):
    with pytest.raises(ValueError, match=told):
        whitening_explorer(images, stub, **settings)


def test_the_power_of_a_wave_lies_in_its_ring():
    column = np.arange(128)
    rings = Rings((96, 128))
    for cycles in (8, 16, 32):
        power = rings.power(np.tile(np.sin(2 * np.pi * cycles / 128 * column), (96, 1)))
        found = rings.frequency[power.argmax()]
        assert found == pytest.approx(cycles / 128, rel=0.1)
    flat = rings.power(np.random.default_rng(0).normal(size=(96, 128)))
    assert 0.5 < rings.fall(flat) < 2


def test_neighbours_of_an_even_picture_have_nothing_to_say():
    assert neighbours(np.full((9, 9), 0.3)) == 0


# --- filters -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def network():
    """W1 of seven units with 6 by 6 inputs, the last dead; 300 patches, and activations."""
    rng = np.random.default_rng(1)
    W1 = rng.normal(size=(7, 36))
    row, column = np.mgrid[:6, :6]
    W1[2] = (np.exp(-((column - 3) ** 2 + (row - 3) ** 2) / 4) * np.sin(column - 3)).ravel()
    W1[6] = 0
    data = rng.uniform(0.1, 0.9, size=(36, 300))
    return W1, data, reference("02_cost").sigmoid(W1 @ data - 2)


def explored(network, *more):
    """The explorer of a network's filters; after the network comes what else it is given."""
    given = *network, *more
    return filter_explorer(*given)


@pytest.fixture
def filters(network):
    return explored(network, reference("06_visualization").maximal_inputs)


def test_a_unit_is_shown_with_its_numbers(filters, network):
    looks_fine(filters)
    filters.controls["unit"].value = 2
    said, activations = filters.reading.value, network[2][2]
    assert "Unit 2 looks for an edge" in said and "at 90 degrees" in said
    assert f"{activations.mean():.3f} on average and {activations.max():.2f} at most" in said


def test_a_dead_unit_is_called_so(filters):
    filters.set(unit=6)
    looks_fine(filters)
    assert "Unit 6 has no weights that differ" in filters.reading.value


def test_a_click_and_keys_choose_a_unit(filters):
    # Seven units, three in a row: the second row begins with unit 3.
    click(filters, 0.12, 0.5)
    assert filters.values == {"unit": 3}
    click(filters, 0.4, 0.2)
    assert filters.values == {"unit": 2}
    press(filters, 0, 1)
    assert filters.values == {"unit": 5}
    press(filters, -2, 0)
    assert filters.values == {"unit": 3}
    press(filters, 0, 10)
    assert filters.values == {"unit": 6}
    number = filters.picture.number
    click(filters, 0.8, 0.8)
    assert filters.picture.number == number


def test_each_unit_has_another_picture(filters):
    pictures = set()
    for unit in range(7):
        filters.set(unit=unit)
        pictures.add(filters.picture.png)
    assert len(pictures) == 7


def test_a_fit_is_made_once_or_taken_from_elsewhere(network, monkeypatch):
    from saelab.widgets import filters

    fitted: list[int] = []

    def counted(*given):
        fitted.append(1)
        return fit_gabor(*given)

    monkeypatch.setattr(filters, "fit_gabor", counted)
    best = reference("06_visualization").maximal_inputs
    shown = explored(network, best)
    for unit in (1, 2, 1, 2):
        shown.set(unit=unit)
    assert len(fitted) == 3
    known = explored(network, best, describe_filters(network[0]).fits)
    known.set(unit=2)
    assert len(fitted) == 3
    shown.set(unit=2)
    assert known.reading.value == shown.reading.value


def test_a_missing_or_wrong_maximal_inputs_is_told(network):
    assert "stub is not written yet" in explored(network, stub).reading.value
    wrong = explored(network, lambda W1: W1 / np.linalg.norm(W1, axis=1, keepdims=True))
    assert "36 values that are not finite" in wrong.reading.value  # of the dead unit


@pytest.mark.parametrize(
    "change, told",
    [
        ({"W1": np.zeros((7, 35))}, r"\(hidden_size, p \* p\), not \(7, 35\)"),
        ({"patches": np.zeros((300, 36))}, r"columns of 36 values.*shape \(300, 36\)"),
        ({"a2": np.zeros((300, 7))}, r"\(7, 300\), not \(300, 7\); feed_forward"),
        ({"fits": [1, 2]}, "each of 7 units, not 2"),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(network, change, told):
    given = dict(zip(("W1", "patches", "a2"), network)) | {"maximal_inputs": stub} | change
    with pytest.raises(ValueError, match=told):
        filter_explorer(**given)
