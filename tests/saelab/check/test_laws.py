"""A law gives all factors that are known, or it is none; the likelier one comes first."""

import numpy as np
import pytest

from saelab.check.exercise import Probe, cost_symbols
from saelab.check.laws import NOTHING, RIGHT, Law, Laws, symbols_of

M = np.array([5.0, 8.0, 11.0, 3.0])
SYMBOLS = {
    "m": M,
    "m-1": M - 1,
    "v": np.array([4.0, 6.0, 3.0, 7.0]),
    "lambda": np.array([0.1, 0.3, 0.02, 0.5]),
    "beta": np.array([3.0, 0.5, 2.0, 1.5]),
}
LAWS = Laws(SYMBOLS, 4)
ALL = np.ones(4, bool)


def names(factors, known=ALL, slack=0.0):
    return [law.name for law in LAWS.recognised(np.asarray(factors, float), known, slack)]


@pytest.mark.parametrize(
    "factors, name",
    [
        (np.ones(4), "1"),
        (np.zeros(4), "0"),
        (-np.ones(4), "-1"),
        (np.full(4, 2), "2"),
        (np.full(4, 0.37), "0.37"),
        (M, "m"),
        (1 / M, "1/m"),
        (M**2, "m*m"),
        (M / (M - 1), "m/(m-1)"),
        (M**2 / (M - 1), "m*m/(m-1)"),
        (2 * M, "2*m"),
        (M / 100, "0.01*m"),  # m is hard-coded there
        (SYMBOLS["lambda"] / SYMBOLS["beta"], "lambda/beta"),
        (-SYMBOLS["lambda"], "-1*lambda"),
        (SYMBOLS["v"] / M, "v/m"),
    ],
)
def test_a_factor_is_recognised(factors, name):
    assert names(factors)[0] == name
    many = LAWS.recognise(np.array([factors, np.sin(M)] * 20), np.ones((40, 4), bool))
    assert many[0][0].name == name and many[1] == []


@pytest.mark.parametrize("factors", [np.sin(M), M + 1, np.sqrt(M), [1, 1, 1, 1.001], [0, 0, 0, 1]])
def test_what_obeys_no_law_has_none(factors):
    assert names(factors) == []


def test_factors_that_are_not_known_do_not_count():
    known = np.array([True, True, True, False])
    assert names([*M[:3], np.nan], known)[0] == names([*M[:3], 99], known)[0] == "m"
    assert names([np.inf, *M[1:]])[0] == "m"
    assert LAWS.recognised(M, np.zeros(4, bool)) == [RIGHT]  # nothing is known against it


def test_what_a_factor_may_be_off_is_allowed_and_no_more():
    off = M * (1 + np.array([1, -1, 1, -1]) * 1e-5)
    assert names(off) == []
    assert names(off, slack=2e-4)[0] == "m"
    assert names(np.ones(4) + 1e-4, slack=2e-4) == ["1"]


def test_a_number_that_nobody_expects_needs_evidence():
    two = np.array([True, True, False, False])
    assert "0.37" not in names(np.full(4, 0.37), two)
    assert names(np.full(4, 2.0), two)[0] == "2"


def test_laws_that_say_the_same_there_are_one():
    alike = Laws({"m": np.full(4, 5.0)}, 4)
    assert [law.name for law in alike.recognised(np.full(4, 5.0), ALL)] == ["5"]


def test_a_law_costs_more_the_less_likely_it_is():
    costs = [LAWS.recognised(f, ALL)[0].cost for f in (np.ones(4), M, 2 * M, M**2)]
    assert costs == sorted(costs) and costs[0] == RIGHT.cost == 0 < NOTHING.cost


def test_a_law_gives_its_values_and_none_where_there_is_none():
    law = Law(2.0, (("m", 1), ("v", -1)), 0)
    assert law.name == "2*m/v"
    assert law.values(LAWS.symbols).tolist() == (2 * M / SYMBOLS["v"]).tolist()
    assert np.isinf(Law(1.0, (("m", -1),), 0).values({"m": np.zeros(1)})).all()


def test_a_symbol_is_one_that_all_problems_have():
    probes = [Probe("", (None, 4, 3, 0.1, *more, np.zeros((4, 5)))) for more in ((), (0.05, 3))]
    found = symbols_of(probes, cost_symbols)
    assert set(found) == {"m", "v", "h", "lambda", "m-1"} and found["m-1"].tolist() == [4, 4]
    assert symbols_of(probes, None) == symbols_of([], cost_symbols) == {}
