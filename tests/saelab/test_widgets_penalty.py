"""The explorer of penalties, and of what they make units learn."""

import numpy as np
import pytest

from autograder.exercises.reference import reference
from saelab.data import load_stored
from saelab.widgets.penalty import LEFT, LIMITS, MIDDLE, STEPS, penalty_explorer
from tests.support.explorers import (
    assert_each_control_is_seen,
    figure,
    set_values,
    unwritten,
    words,
)

stored = load_stored("tanh")
NAMES = stored["penalties"].tolist()
own = reference("08_tanh_units")
PENALTIES = dict(zip(NAMES, (own.kl, own.squared, own.l1, own.log, own.zeros_of_tanh)))


def test_each_control_is_seen_and_told_in_words():
    explorer = penalty_explorer(PENALTIES)
    assert_each_control_is_seen(explorer)
    assert explorer.title.endswith("?") and explorer.picture.alt == words(explorer)
    assert all(len(control.description) > 3 for control in explorer.controls.values())
    *charts, filters = figure(explorer).axes
    assert all(ax.get_xlabel() and ax.get_ylabel() and ax.get_title() for ax in charts)
    assert filters.get_title() and words(explorer) in explorer._repr_mimebundle_()["text/plain"]


@pytest.mark.parametrize("penalty", NAMES)
@pytest.mark.parametrize("unit", ["sigmoid", "tanh"])
def test_the_sentence_has_the_functions_and_the_stored_numbers(unit, penalty):
    explorer = penalty_explorer(PENALTIES)
    for weight in ("lowest", "highest"):
        set_values(explorer, unit=unit, penalty=penalty, weight=weight, rho_hat=0.003)
        at = NAMES.index(penalty), STEPS.index(weight)
        times, rho_hat = float(stored["weights"][at]), explorer.values["rho_hat"]
        value, slope = PENALTIES[penalty](np.array([[rho_hat]]))
        slope = times * slope.item() / (2 if unit == "tanh" else 1)
        said = words(explorer)
        assert said.startswith(f"{penalty} times {times:g}, {unit} units: ")
        assert f"pays {times * value:.3g}, and {slope:+.3g} enters" in said
        assert f"gets {'less' if slope > 0 else 'more'} active" in said
        assert f"training: {stored['edges'][at]} of 25, alive: {stored['alive'][at]}." in said
        assert f"explains {stored['explained'][at]:.0%} of" in said


@pytest.fixture(scope="module")
def any_explorer():
    return penalty_explorer(PENALTIES)


@pytest.mark.parametrize("penalty", NAMES)
@pytest.mark.parametrize("rho_hat", [1e-4, 0.01, 0.9])
def test_the_point_is_in_the_picture_and_on_the_curve(rho_hat, penalty, any_explorer):
    for weight in STEPS:
        drawn = figure(any_explorer, penalty=penalty, weight=weight, rho_hat=rho_hat)
        for ax in drawn.axes[:2]:
            (x,), (y,) = ax.lines[-2].get_data()  # then comes the target
            assert x == rho_hat and ax.get_xlim()[0] < x < ax.get_xlim()[1]
            assert ax.get_ylim()[0] < y < ax.get_ylim()[1]
            curve = ax.lines[-3].get_data()
            assert np.interp(x, *curve) == pytest.approx(y)


def test_the_filters_of_tanh_units_are_half_as_strong(any_explorer):
    sigmoid, tanh = (
        figure(any_explorer, unit=unit).axes[2].images[0] for unit in ("sigmoid", "tanh")
    )
    np.testing.assert_allclose(2 * tanh.get_array(), sigmoid.get_array())


@pytest.mark.parametrize("box", [LEFT, MIDDLE])
def test_the_place_that_was_pointed_at(box):
    explorer = penalty_explorer(PENALTIES)
    left, bottom, width, height = box
    for pointed in (1e-4, 0.03, 0.9):
        x = left + (np.log10(pointed) - LIMITS[0]) / (LIMITS[1] - LIMITS[0]) * width
        explorer.picture.pointed = [x, 1 - bottom - height / 2, pointed]
        assert explorer.values["rho_hat"] == pytest.approx(pointed, rel=1e-3)
    number = explorer.picture.number
    explorer.picture.pointed = [0.85, 0.5, 1]  # the filters
    assert explorer.picture.number == number


def test_arrow_keys_move_rho_hat_and_the_weight():
    explorer = penalty_explorer(PENALTIES)
    assert (explorer.values["rho_hat"], explorer.values["weight"]) == (0.1, "high")
    explorer.picture.stepped = [-10, 0]
    assert explorer.values["rho_hat"] == pytest.approx(0.01)
    explorer.picture.stepped = [-10, -1]
    assert explorer.values["weight"] == "highest"
    explorer.picture.stepped = [-10, 99]
    assert explorer.values["weight"] == "lowest"
    explorer.picture.stepped = [-99, 99]
    assert explorer.values["rho_hat"] == pytest.approx(10.0 ** LIMITS[0])


def test_what_is_missing_is_named():
    with pytest.raises(ValueError, match="penalties has no KL, L1: it needs"):
        penalty_explorer({n: f for n, f in PENALTIES.items() if n not in ("KL", "L1")})
    with pytest.raises(ValueError, match="must be a function, not 3"):
        penalty_explorer(PENALTIES | {"log": 3})
    explorer = penalty_explorer({**PENALTIES, "KL": unwritten("kl")})
    assert "kl is not written yet" in words(explorer) and explorer.reading.failed


def test_no_dictionary_of_penalties_is_told():
    with pytest.raises(ValueError, match="from name to function, not a NoneType"):
        penalty_explorer(None)  # type: ignore[arg-type]


def test_a_penalty_that_asks_nothing_is_drawn():
    def nothing(p):
        return 0.0, np.zeros_like(p)

    explorer = penalty_explorer(PENALTIES | {"KL": nothing})
    set_values(explorer, penalty="KL")
    assert "the unit is left as it is" in words(explorer)
