"""The explorer of units on three maps: what it says, where the dots are, and what chooses one."""

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.quality import describe_filters
from saelab.widgets.unit import MAPS, PER_ROW, limits_of, on_map, unit_explorer
from tests.support.explorers import assert_each_control_is_seen, figure, words


@pytest.fixture(scope="module")
def network():
    """W1, fits, patches and activations of 23 units with 6x6 inputs; the last is dead."""
    rng = np.random.default_rng(1)
    row, column = np.mgrid[:6, :6]
    W1 = rng.normal(size=(23, 36))
    for i in range(12):
        (x, y), angle = rng.uniform(1, 4, 2), i * np.pi / 12
        u = (column - x) * np.cos(angle) + (row - y) * np.sin(angle)
        bell = np.exp(-((column - x) ** 2 + (row - y) ** 2) / 4)
        W1[i] = (bell * np.sin(1.5 * u + i)).ravel()
    W1[22] = 0
    data = rng.uniform(0.1, 0.9, size=(36, 300))
    a2 = reference("02_cost").sigmoid(W1 @ data - 2)
    return W1, describe_filters(W1).fits, data, a2


@pytest.fixture
def explorer(network):
    return unit_explorer(*network)


def click(explorer, x, y):
    """Point at a place of the picture, fractions from its left and top."""
    count = len(explorer.picture.pointed) and explorer.picture.pointed[2]
    explorer.picture.pointed = [x, y, count + 1]


def press(explorer, dx, dy):
    x, y = explorer.picture.stepped
    explorer.picture.stepped = [x + dx, y + dy]


def test_each_control_is_seen_and_told_in_words(explorer):
    assert_each_control_is_seen(explorer)
    assert explorer.title.endswith("?") and explorer.picture.alt == words(explorer)
    _, *maps = figure(explorer).axes
    assert len(maps) == 3
    assert all(ax.get_title() and ax.get_xlabel() and ax.get_ylabel() for ax in maps)


def test_the_sentence_has_the_numbers_of_the_unit(explorer, network):
    _, fits, _, a2 = network
    good = sum(fit.is_good for fit in fits)
    assert 10 <= good < 22
    for unit in (0, 5, 20):
        explorer.set(unit=unit)
        fit, said = fits[unit], words(explorer)
        assert f"Unit {unit} looks for {'an edge' if fit.is_good else 'no clear edge'}" in said
        assert f"(R² = {fit.r2:.2f}) at {fit.orientation:.0f} degrees" in said
        assert f"row {fit.y:.1f}, column {fit.x:.1f}, with {fit.frequency:.2f} cycles" in said
        assert f"{a2[unit].mean():.3f} on average and {a2[unit].max():.2f} at most" in said
        assert f"Filled dots are edges: {good} of 23" in said


def test_a_dead_unit_has_no_dot_and_is_called_so(explorer):
    explorer.set(unit=22)
    assert "Unit 22 has no weights that differ" in words(explorer)
    for ax in figure(explorer, unit=22).axes[1:]:
        assert np.isnan(ax.lines[-1].get_data()).all()


@pytest.mark.parametrize("number", range(3))
def test_a_click_on_a_dot_chooses_its_unit(number, explorer, network):
    shown, fits, p = MAPS[number], network[1], 6
    (left, right), (bottom, top) = (limits_of(fits, p)[field] for field in (shown.x, shown.y))
    dots, (x0, y0, width, height) = on_map(shown, fits), shown.box
    for unit in (3, 8, 11):
        x, y = dots[unit]
        across, up = (x - left) / (right - left), (y - bottom) / (top - bottom)
        explorer.set(unit=0)
        click(explorer, x0 + across * width, 1 - (y0 + up * height))
        chosen = explorer.values["unit"]
        assert dots[chosen] == pytest.approx(dots[unit], abs=1e-6)


@pytest.mark.parametrize("number", range(3))
def test_each_dot_is_on_its_map(number, explorer, network):
    ax = figure(explorer).axes[1 + number]
    dots = on_map(MAPS[number], network[1])[:22]
    for values, limits in zip(dots.T, (ax.get_xlim(), ax.get_ylim())):
        assert min(limits) <= values.min() and values.max() <= max(limits)
    drawn = np.concatenate([np.transpose(line.get_data()) for line in ax.lines[:2]])
    drawn = drawn[~np.isnan(drawn).any(axis=1)]
    np.testing.assert_allclose(np.sort(drawn, axis=0), np.sort(dots, axis=0))


def test_a_click_beside_the_maps_chooses_nothing(explorer):
    number = explorer.picture.number
    click(explorer, 0.5, 0.2)
    assert explorer.picture.number == number


def test_arrow_keys_go_from_unit_to_unit(explorer):
    for dx, dy, unit in ((1, 0, 1), (0, 1, 1 + PER_ROW), (-3, 0, PER_ROW - 2), (0, 5, 22)):
        press(explorer, dx, dy)
        assert explorer.values == {"unit": unit}


def test_arrays_that_do_not_fit_together_are_refused(network):
    W1, fits, patches, a2 = network
    with pytest.raises(ValueError, match="each of 23 units, not 2"):
        unit_explorer(W1, fits[:2], patches, a2)
    with pytest.raises(ValueError, match=r"\(23, 300\), not \(300, 23\)"):
        unit_explorer(W1, fits, patches, a2.T)
