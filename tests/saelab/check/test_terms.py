"""Wrong numbers are explained as sums of terms: by factors, by forms, by blocks that have moved."""

import numpy as np
import pytest

from saelab.check.laws import RIGHT
from saelab.check.terms import FORM, ORDER, Explainer, Explanation, Table, sketch

M = np.array([5.0, 8.0, 11.0, 3.0])
LAMBDA = np.array([0.0, 0.3, 0.02, 0.5])
BETA = np.array([3.0, 0.5, 2.0, 1.5])
PARTS, TERMS = ("cost", "W1", "W2"), ("error", "decay")
SIZES = {"cost": 1, "W1": 6, "W2": 6}
RIGHT_FORM, ABSOLUTE, SQUARED, BOTH_BLOCKS = range(4)


def row(part, which):
    """Numbers of a term on all four problems, of which no two are alike."""
    size = 4 * SIZES[part]
    return np.sin(np.arange(1.0, size + 1) * (1.7 + which) + len(part) + ord(part[-1])) + 0.1


def made_table():
    """Rows 1 and 2 are the right terms; 3 and 4 are others of the first, 5 of the second."""
    rows = [np.array([np.zeros(4 * SIZES[p]), *(row(p, k) for k in range(5))]) for p in PARTS]
    right = [[1, 2]] * 3
    use = [
        right,
        [[1, 2], [3, 2], [1, 2]],  # in W1 alone
        [[1, 2], [1, 2], [1, 5]],  # in W2 alone
        [[1, 2], [4, 2], [4, 2]],
    ]
    cuts = [np.arange(5) * SIZES[p] for p in PARTS]
    says = ["", "Absolute.", "Squared.", "Both blocks."]
    symbols = {"m": M, "m-1": M - 1, "lambda": LAMBDA, "beta": BETA}
    return Table(PARTS, TERMS, symbols, {"decay": "lambda"}, cuts, rows, np.array(use), says)


TABLE = made_table()
ONE = np.ones(4)


def part_of(part, error=ONE, decay=LAMBDA, form=RIGHT_FORM):
    """The numbers of a part on each problem, with other factors in front of its terms."""
    place = PARTS.index(part)
    first, second = TABLE.rows[place][TABLE.use[form, place]].reshape(2, 4, -1)
    return [error[k] * first[k] + decay[k] * second[k] for k in range(4)]


def results(**wrong):
    parts = {part: part_of(part) for part in PARTS} | wrong
    return [{part: parts[part][k] for part in PARTS} for k in range(4)]


def explained(**wrong):
    found = Explainer(TABLE, ("W1", "W2")).explain(results(**wrong), list(wrong))
    return found, found.items(TABLE)


@pytest.mark.parametrize(
    "factors, items",
    [
        ({"error": M}, {("error", "m")}),
        ({"error": M / (M - 1)}, {("error", "m/(m-1)")}),
        ({"error": M / 100}, {("error", "0.01*m")}),
        ({"decay": LAMBDA / 2}, {("decay", "0.5")}),
        ({"decay": 0 * ONE}, {("decay", "0")}),
        ({"decay": -LAMBDA / M}, {("decay", "-1/m")}),
        ({"decay": BETA}, {("decay", "beta alone")}),
        ({"decay": ONE}, {("decay", "1 alone")}),
        ({"error": 2 * ONE, "decay": LAMBDA * M}, {("error", "2"), ("decay", "m")}),
    ],
)
def test_a_block_s_factors_are_found_one_or_two(factors, items):
    found, got = explained(W1=part_of("W1", **factors))
    assert got == {("W1", *item) for item in items} and not found.vague


@pytest.mark.parametrize(
    "factors, item",
    [
        ({"error": M}, ("error", "m")),
        ({"decay": 0.5 * LAMBDA}, ("decay", "0.5")),
        ({"error": 2 * ONE}, ("error", "2")),
    ],
)
def test_a_cost_s_factor_is_found_where_there_are_problems_enough(factors, item, monkeypatch):
    monkeypatch.setattr("saelab.check.terms.ENOUGH", 4)
    found, got = explained(cost=part_of("cost", **factors))
    assert got == {("cost", *item)} and not found.vague


def test_a_form_is_found_with_what_it_says():
    found, got = explained(W1=part_of("W1", form=ABSOLUTE))
    assert found.readings["W1"].forms == {ABSOLUTE} and not found.vague
    assert got == {("W1", FORM, TABLE.rows_in("W1", ABSOLUTE))}


def test_a_form_and_a_factor_are_two_departures():
    found, got = explained(W1=part_of("W1", decay=LAMBDA * 2, form=ABSOLUTE))
    assert got == {("W1", FORM, TABLE.rows_in("W1", ABSOLUTE)), ("W1", "decay", "2")}
    assert found.readings["W1"].cost > 1


def test_each_block_has_its_own_reading():
    found, _ = explained(W1=part_of("W1", form=ABSOLUTE), W2=part_of("W2", form=SQUARED))
    assert found.readings["W1"].forms == {ABSOLUTE} and found.readings["W2"].forms == {SQUARED}


def test_one_form_explains_several_blocks():
    wrong = {part: part_of(part, form=BOTH_BLOCKS) for part in ("W1", "W2")}
    found, _ = explained(**wrong)
    assert all(reading.forms == {BOTH_BLOCKS} for reading in found.readings.values())


def test_a_form_that_would_change_a_part_that_is_right_is_not_told():
    found, got = explained(W1=part_of("W1", form=BOTH_BLOCKS))
    assert got == set() and found.vague == ["W1"] and not found.readings


@pytest.mark.parametrize("where", ["nowhere", "on one problem"])
def test_what_nothing_explains_is_told_of_as_nothing(where):
    odd = [np.cos(np.arange(6.0) + k) for k in range(4)]
    wrong = odd if where == "nowhere" else [*part_of("W1", error=M)[:3], odd[3]]
    found, got = explained(W1=wrong)
    assert got == set() and found.vague == ["W1"]


def test_what_is_explained_stands_beside_what_is_not():
    odd = [np.cos(np.arange(6.0) + k) for k in range(4)]
    found, got = explained(W1=odd, W2=part_of("W2", error=M))
    assert got == {("W2", "error", "m")} and found.vague == ["W1"]


def test_blocks_in_another_order_are_found_and_what_else_is_wrong_with_them():
    right = {part: part_of(part) for part in PARTS}
    found, got = explained(W1=right["W2"], W2=right["W1"])
    assert got == {("gradient", ORDER, "W2 W1")} and not found.vague
    found, got = explained(W1=right["W2"], W2=part_of("W1", error=2 * ONE))
    assert got == {("gradient", ORDER, "W2 W1"), ("W1", "error", "2")}


def test_what_is_not_asked_for_is_not_explained_and_has_not_moved():
    nothing = [0 * numbers for numbers in part_of("W2")]
    came = results(W1=part_of("W1", error=M), W2=nothing)
    found = Explainer(TABLE, ("W1", "W2")).explain(came, ["W1"])
    assert found.items(TABLE) == {("W1", "error", "m")} and found.vague == ["W2"]
    assert not found.order


def test_a_problem_on_which_the_function_fails_explains_nothing():
    came = [*results(W1=part_of("W1", error=M))[:3], None]
    found = Explainer(TABLE, ("W1", "W2")).explain(came, ["W1"])
    assert not found.items(TABLE) and {"W1", "W2"} <= set(found.vague)
    assert Explainer(TABLE).explain([None] * 4, PARTS).vague == list(PARTS)


@pytest.mark.parametrize("odd", [np.nan, np.inf, 1e300])
def test_numbers_that_are_none_are_explained_by_nothing(odd):
    found, got = explained(W1=[np.full(6, odd)] * 4)
    assert got == set() and found.vague == ["W1"]


def test_forms_that_are_left_out_are_not_used():
    explainer = Explainer(TABLE, ("W1", "W2"), without=[ABSOLUTE])
    found = explainer.explain(results(W1=part_of("W1", form=ABSOLUTE)), ["W1"])
    assert found.vague == ["W1"]


def test_what_is_right_departs_in_nothing():
    assert Explanation().items(TABLE) == frozenset()
    found = Explainer(TABLE, ("W1", "W2")).explain(results(), [])
    assert not found.readings and not found.vague
    assert TABLE.touched(BOTH_BLOCKS) == {1, 2} and TABLE.touched(RIGHT_FORM) == frozenset()
    assert RIGHT.name == "1"


def test_a_sketch_of_a_sum_is_the_sum_of_the_sketches():
    one, other = np.sin(np.arange(40.0)).reshape(8, 5), np.cos(np.arange(40.0)).reshape(8, 5)
    assert sketch(one).size < 40
    assert np.allclose(sketch(2 * one + other), 2 * sketch(one) + sketch(other))
    assert not np.allclose(sketch(one), sketch(one.T))
    assert sketch(one[0]).tolist() == one[0].tolist()
