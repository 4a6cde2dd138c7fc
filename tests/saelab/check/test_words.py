"""What a student reads about the cause: the grammar of one part and of several, factors, orders."""

from dataclasses import replace

import numpy as np
import pytest

from saelab.check.exercises import exercise
from saelab.check.laws import RIGHT, Law
from saelab.check.terms import Explanation, Reading
from saelab.check.words import (
    ANOTHER_ORDER,
    CONSTANTS,
    LEAD,
    Ledger,
    Told,
    law_in_words,
    parts_in_words,
    told_by_terms,
)
from tests.saelab.check.test_terms import ABSOLUTE, BOTH_BLOCKS, SQUARED, TABLE

COST = exercise("sparse_autoencoder_cost")


@pytest.mark.parametrize(
    "name, parts, words",
    [
        ("autoencoder_cost", ["cost"], "the cost"),
        ("autoencoder_cost", ["W1"], "the gradient of W1"),
        ("autoencoder_cost", ["W1", "b1"], "the gradients of W1 and b1"),
        ("autoencoder_cost", ["cost", "W1"], "the cost and the gradient of W1"),
        ("autoencoder_cost", ["cost", "W1", "W2", "b2"],
         "the cost and the gradients of W1, W2 and b2"),
        ("feed_forward", ["a2", "a3"], "a2 and a3"),
        ("unpack_parameters", ["W1", "W2", "b1"], "W1, W2 and b1"),
        ("sigmoid", ["result"], "the result"),
    ],
)  # fmt: skip
def test_parts_are_named_in_a_sentence(name, parts, words):
    assert parts_in_words(exercise(name), parts) == words


def test_these_parts_are_named_in_the_lead():
    assert (
        parts_in_words(COST, ["cost", "W1", "b1"], True)
        == "this cost and these gradients of W1 and b1"
    )
    assert parts_in_words(COST, ["W1"], True) == "this gradient of W1"


@pytest.mark.parametrize(
    "told, lead",
    [
        (Told(("A.",)), f"{LEAD} exactly this if you made this mistake:"),
        (Told(("A.", "B.")), f"{LEAD} exactly this if you made these 2 mistakes together:"),
        (Told(("A.",), "this cost"), f"{LEAD} exactly this cost if you made this mistake:"),
        (Told(("A.",), whole=False), f"{LEAD} some of this if you made this mistake:"),
    ],
)
def test_the_lead_says_how_much_is_explained(told, lead):
    assert told and told.lines() == [lead, *told.sentences]
    assert not Told() and Told().lines() == []


@pytest.mark.parametrize("law, says", CONSTANTS.items())
def test_constants_have_words(law, says):
    assert f"In the cost the decay term {says}. Look at" in law_in_words(
        COST, "decay", law, ["cost"]
    )


@pytest.mark.parametrize(
    "law, says",
    [
        ("m", "is m times as large as it should be, where m is the number of examples. Look at "
              "where the examples are averaged."),
        ("v/m", "is v/m times as large as it should be, where m is the number of examples and v "
                "is the number of inputs. Look at where the examples are averaged."),
        ("2*lambda", "is 2*lambda times as large as it should be. Look at what it is multiplied "
                     "with."),
        ("0.01*m", "is divided by 100, whatever m is. Look at where m comes from."),
        ("0.0001*m", "is divided by 10000, whatever m is. Look at where m comes from."),
        ("0.3*m", "is 0.3*m times as large"),
        ("lambda alone", "does not depend on beta: it is weighted by lambda. Look at what stands "
                         "in front of it."),
        ("1 alone", "does not depend on beta: it is weighted by 1. Look at what stands in front "
                    "of it."),
    ],
)  # fmt: skip
def test_laws_have_words(law, says):
    told = law_in_words(COST, "sparsity", law, ["W1", "b1"])
    assert told.startswith("In the gradients of W1 and b1 the sparsity term ") and says in told


# --- explanations ----------------------------------------------------------------------


def reading(*forms, error=RIGHT, decay=RIGHT):
    return Reading(1.0, frozenset(forms), (error, decay))


def ledger(**mistakes):
    says = {says.rstrip(".") + ".": items for says, items in mistakes.items()}
    return Ledger(TABLE, {k: frozenset(v) for k, v in says.items()}, (-1, 4, 9, 12))


AVERAGED = Law(1.0, (("m", 1),), 1.0)
PLAIN = exercise("autoencoder_cost")


def told(own, **readings):
    vague = readings.pop("vague", [])
    return told_by_terms(PLAIN, own, Explanation(readings, vague))


def test_a_known_mistake_has_its_own_sentence():
    own = ledger(Known=[("W1", "error", "m"), ("W2", "error", "m")])
    both = {part: reading(error=AVERAGED) for part in ("W1", "W2")}
    assert told(own, **both).sentences == ("Known.",)
    (says,) = told(own, W1=both["W1"]).sentences
    assert says.startswith("In the gradient of W1 the error term is m times")


def test_a_known_mistake_that_says_less_than_there_is_gives_way_to_the_factor():
    own = ledger(Known=[("W1", "error", "m")])
    both = {part: reading(error=AVERAGED) for part in ("W1", "W2")}
    (says,) = told(own, **both).sentences
    assert says.startswith("In the gradients of W1 and W2 the error term is m times")


def test_where_a_part_is_vague_no_mistake_is_named_that_another_one_contains():
    own = ledger(Less=[("W1", "error", "m")], More=[("W1", "error", "m"), ("W2", "error", "m")])
    assert told(own, W1=reading(error=AVERAGED)).sentences == ("Less.",)
    found = told(own, W1=reading(error=AVERAGED), vague=["W2"])
    assert "Less." not in found.sentences and found.parts == "this gradient of W1"


def test_a_form_has_its_sentence_and_a_factor_beside_it_another():
    found = told(ledger(), W1=reading(ABSOLUTE, decay=Law(2.0, (), 1.0)))
    assert found.sentences[0] == "Absolute." and "twice as large" in found.sentences[1]
    assert found.lines()[0] == f"{LEAD} exactly this if you made these 2 mistakes together:"


def test_a_form_of_several_parts_is_told_once():
    both = {part: reading(BOTH_BLOCKS) for part in ("W1", "W2")}
    assert told(ledger(), **both).sentences == ("Both blocks.",)
    each = {"W1": reading(ABSOLUTE), "W2": reading(SQUARED)}
    assert told(ledger(), **each).sentences == ("Absolute.", "Squared.")


def test_blocks_in_another_order_are_told_first():
    moved = Explanation({"W1": reading(), "W2": reading(ABSOLUTE)}, order=("W2", "W1"))
    assert told_by_terms(PLAIN, ledger(), moved).sentences[0] == ANOTHER_ORDER


def test_a_weight_that_is_another_one_is_told():
    swapped = Reading(2.0, frozenset(), (RIGHT, RIGHT), frozenset([1]))
    (decay,) = PLAIN.weights
    own = Ledger(replace(TABLE, terms=("error", decay)), {}, (-1, 1, 2, 3))
    (says,) = told_by_terms(PLAIN, own, Explanation({"W1": swapped})).sentences
    assert says.startswith(f"In the gradient of W1 the {decay} term does not depend on lambda: it")


def test_nothing_is_told_of_nothing():
    assert not told(ledger()) and not told(ledger(), vague=["W1"])
    assert np.array_equal(TABLE.weight("error"), np.ones(4))
