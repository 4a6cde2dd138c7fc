"""The terms of a function add up to it, and an explanation is told as far as it holds elsewhere."""

import numpy as np
import pytest

from autograder.exercises.marks import problems
from autograder.exercises.mistakes import catalogue, mistaken
from autograder.exercises.reference import functions, made, results_of, solution_text
from autograder.exercises.terms import built, forms, made_of, table, terms_of, verified
from saelab.check.exercises import exercise
from saelab.check.laws import RIGHT, Law
from saelab.check.outcome import examine, numbers_of
from saelab.check.stored import ledger, wanted
from saelab.check.terms import Explainer, Explanation, Reading, sketch

COST = "autoencoder_cost"
ASKED = exercise(COST)
GIVEN = problems(COST, 3).probes
SUMS = [name for name in functions() if not exercise(name).properties]


@pytest.mark.parametrize("name", SUMS)
def test_the_terms_of_the_reference_add_up_to_it(name):
    asked, function = exercise(name), built(name)
    found = terms_of(asked, function, asked.probes)
    assert found is not None
    for probe, of_parts in zip(asked.probes, found):
        whole = numbers_of(asked, function(*probe.args, **probe.kwargs), probe)
        assert whole is not None and set(whole) == set(of_parts)
        for part, terms in of_parts.items():
            assert set(terms) == {asked.rest, *asked.weights}
            weights = {term: probe.args[place] for term, (place, _) in asked.weights.items()}
            total = sum(numbers * weights.get(term, 1) for term, numbers in terms.items())
            assert np.allclose(total, sketch(whole[part]), rtol=1e-9, atol=1e-12), part


def cost(old, new):
    text = solution_text(COST)
    assert text.count(old) == 1
    return made(text.replace(old, new), COST)


@pytest.mark.parametrize(
    "old, new",
    [("lambda_ * W1", "lambda_**2 * W1"), ("lambda_ * W1", "np.sqrt(lambda_) * W1"),
     ("return cost,", "return 1 / 0 * cost,"), ("return cost,", "data *= 2; return cost,"),
     ("return cost,", "return None, cost,"), ("b1_grad, b2_grad]", "b1_grad]"),
     ("return cost,", "return cost * 1e300 * 1e300,"), ("m = data.shape[1]", "raise KeyError")],
)  # fmt: skip
def test_what_is_no_sum_of_terms_has_none(old, new):
    with np.errstate(all="ignore"):
        assert terms_of(ASKED, cost(old, new), ASKED.probes) is None


def test_a_table_keeps_forms_that_differ_and_leaves_laws_alone():
    """A term that is twice as large is a law; one from lengths, and not from squares, is a form."""
    known = catalogue(COST)
    found, origin = table(COST, ASKED.probes, forms(COST, ASKED.probes, range(len(known))))
    assert len(found.use) == len(found.says) == len(origin) > 5
    assert len({use.tobytes() for use in found.use}) == len(found.use)
    lawful = [known[version].says for version in origin[0]]
    assert any("twice as large" in says for says in lawful)
    assert found.says[0] == "" and not set(found.says) & set(lawful)


@pytest.mark.parametrize("name", ["kl_divergence", "sparsity_delta"])
def test_what_a_mistake_departs_in_is_stored_as_it_is_found(name):
    own = ledger(name)
    assert own is not None
    found = dict(made_of(name, exercise(name).probes, wanted(name), own.table))
    assert {says: frozenset(map(tuple, items)) for says, items in found.items()} == own.made_of
    assert len(found) > 0.3 * len(catalogue(name))


# --- on other problems ------------------------------------------------------------------

HALF = Law(0.5, (), 1.0)
MEAN = Law(1.0, (("m", -1),), 1.0)


def left_of(explanation, function):
    """The parts that are still explained, and those that nothing explains, on other problems."""
    right = results_of(ASKED, built(COST), GIVEN)
    outcome = examine(ASKED, function, GIVEN, right)
    known = ledger(COST)
    assert known is not None
    found = verified(COST, explanation, known, GIVEN, outcome)
    return set(found.readings), set(found.vague)


def reading(*, error=RIGHT, decay=RIGHT, forms=()):
    return Reading(1.0, frozenset(forms), (error, decay))


def test_what_holds_on_other_problems_is_kept():
    half = cost("lambda_ * W1", "lambda_ / 2 * W1")
    assert left_of(Explanation({"W1": reading(decay=HALF)}), half) == ({"W1"}, set())


@pytest.mark.parametrize("law", [RIGHT, MEAN, Law(0.5001, (), 1.0), Law(-0.5, (), 1.0)])
def test_what_does_not_hold_there_is_dropped(law):
    half = cost("lambda_ * W1", "lambda_ / 2 * W1")
    assert left_of(Explanation({"W1": reading(decay=law)}), half) == (set(), {"W1"})


def test_each_part_is_tried_by_itself_and_what_was_vague_stays_so():
    both = cost("lambda_ * W1", "lambda_ / 2 * W1")
    readings = {"W1": reading(decay=HALF), "W2": reading(decay=HALF)}
    assert left_of(Explanation(readings, ["cost"]), both) == ({"W1"}, {"W2", "cost"})


def test_a_form_is_tried_there_too():
    own = ledger(COST)
    assert own is not None
    absolute = cost("delta3 = error *", "delta3 = np.abs(error) *")
    outcome = examine(ASKED, absolute, ASKED.probes, wanted(COST))
    found = Explainer(own.table, ASKED.blocks).explain(outcome.numbers, outcome.wrong())
    parts = set(found.readings)
    assert parts == {"W1", "W2", "b1", "b2"}
    assert left_of(found, absolute) == (parts, set())
    assert left_of(found, built(COST)) == (set(), parts)


def test_a_function_that_fails_there_is_not_explained():
    def stops(*args):
        raise ValueError

    assert left_of(Explanation({"W1": reading(decay=HALF)}), stops) == (set(), {"W1"})


def test_blocks_in_another_order_are_put_right_first():
    mistake = next(m for m in catalogue(COST) if "order" in m.says and "block" in m.says)
    outcome = examine(ASKED, mistaken(COST, mistake), ASKED.probes, wanted(COST))
    own = ledger(COST)
    assert own is not None
    found = Explainer(own.table, ASKED.blocks).explain(outcome.numbers, outcome.wrong())
    assert found.order and not found.vague
    assert left_of(found, mistaken(COST, mistake)) == (set(found.readings), set())
