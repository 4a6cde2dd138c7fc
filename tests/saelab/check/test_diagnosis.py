"""Known mistakes are told where they explain all that came out, and never else."""

import numpy as np
import pytest

from autograder.exercises.mistakes import catalogue, mistaken
from autograder.exercises.reference import made
from saelab.check import check
from saelab.check.compare import Fault
from saelab.check.diagnosis import Known, conditions, explained
from saelab.check.exercise import Exercise, Probe
from saelab.check.exercises import exercise
from saelab.check.message import CheckFailed
from saelab.check.outcome import Outcome, agree, examine, sums

PARTS = 3
ABC = ["A", "B", "C", "D"]


def signature(*parts, problems=2):
    """A signature: for each part 0 where it is right, else a number that stands for a result."""
    rows = [[(7.0, value * (i + 1), -value) if value else (0, 0, 0) for value in parts]
            for i in range(problems)]  # fmt: skip
    return np.array(rows, np.float32)


KNOWN = Known(
    ABC,
    np.array([signature(1, 0, 0), signature(0, 2, 0), signature(1, 3, 0), signature(0, 0, 5)]),
    np.array([(0, 2), (1, 2)]),
    np.array([signature(8, 3, 0), signature(8, 9, 0)]),
)


@pytest.mark.parametrize(
    "came_out, told",
    [
        (signature(1, 0, 0), ["A"]),
        (signature(1, 3, 0), ["C"]),
        (signature(1, 2, 0), ["A", "B"]),  # each explains a part
        (signature(8, 3, 0), ["A", "C"]),  # what both together do
        (signature(8, 3, 5), ["A", "C", "D"]),
        (signature(1, 2, 5), ["A", "B", "D"]),
    ],
)
def test_as_few_mistakes_as_explain_it_are_told(came_out, told):
    assert explained(came_out, KNOWN) == told


@pytest.mark.parametrize(
    "came_out",
    [
        signature(1.00001, 0, 0),  # nearly A's
        signature(1, 4, 0),  # A explains one part, nothing the other
        signature(1, 0, 1),
        signature(0, 3, 0),  # C would make the first part wrong too
    ],
)
def test_what_they_do_not_explain_wholly_is_blamed_on_none(came_out):
    assert explained(came_out, KNOWN) == []


def test_every_problem_has_to_agree():
    came_out = signature(1, 0, 0)
    came_out[1] = 0
    assert explained(came_out, KNOWN) == []
    came_out = signature(1, 0, 0)
    came_out[1, 0, 0] = 8  # another kind of fault
    assert explained(came_out, KNOWN) == []


def test_where_several_explanations_fit_only_what_they_share_is_told():
    twins = Known(["A", "B"], np.array([signature(1, 0, 0), signature(1, 0, 0)]))
    assert explained(signature(1, 0, 0), twins) == []
    pairs = Known(ABC, KNOWN.singles, np.array([(0, 1), (0, 2)]),
                  np.array([signature(8, 8, 0), signature(8, 8, 0)]))  # fmt: skip
    assert explained(signature(8, 8, 0), pairs) == ["A"]


def test_a_function_without_known_mistakes_has_none_told():
    assert explained(signature(1, 0, 0), Known([], np.zeros((0,)))) == []


# --- signatures -----------------------------------------------------------------------


@pytest.mark.parametrize("noise, same", [(1e-12, True), (1e-4, False)])
def test_signatures_agree_within_what_processors_differ_in(noise, same):
    values = np.sin(np.arange(50.0))
    one, other = (np.r_[3.0, sums(v)] for v in (values, values * (1 + noise)))
    assert agree(one, other) == same


def test_the_order_of_numbers_counts():
    values = np.arange(6.0).reshape(2, 3)
    assert not np.allclose(sums(values), sums(values.T))
    assert not np.allclose(sums(values), sums(values[::-1]))


def test_numbers_too_large_for_float32_stay_finite():
    assert np.isfinite(np.float32(sums([1e300, np.inf, -np.inf, np.nan]))).all()


def outcome_of(function, *inputs):
    problems = [Probe(f"x = {x}", (np.array([x, 2.0]),)) for x in inputs]
    return examine(Exercise("square"), function, problems, [[p.args[0] ** 2] for p in problems])


def test_a_right_function_has_an_empty_signature():
    outcome = outcome_of(lambda x: x * x, 1.0, 3.0)
    assert outcome.wrong() == [] and not outcome.signature.any()


def test_a_changed_argument_is_a_part_of_its_own():
    def double(x):
        y = x * x
        x += 1
        return y

    outcome = outcome_of(double, 1.0, 3.0)
    assert outcome.wrong() == ["the arguments"]


def test_state_is_told_by_the_fact_and_not_by_the_numbers():
    def counting(start):
        kept = [start]

        def square(x):
            kept[0] += 1
            return x * x * kept[0]

        return square

    one, other = (outcome_of(counting(start), 1.0, 3.0) for start in (0, 5))
    assert np.array_equal(one.signature, other.signature)
    assert one.faults[-1]["result"].kind == "kept"


def test_an_error_is_known_by_its_kind_its_words_and_the_sizes_in_them():
    def stop(text):
        def square(x):
            raise ValueError(text)

        return square

    texts = ("sizes 3 and 4 differ", "sizes 3, and 4, differ!", "sizes 4 and 4 differ", "3 and 4")
    one, same, *others = (outcome_of(stop(text), 1.0).signature for text in texts)
    assert np.array_equal(one, same)
    assert not any(np.array_equal(one, other) for other in others)


# --- conditions -----------------------------------------------------------------------


def outcome_at(lambdas, wrong, parts=("cost", "W1")):
    data = np.ones((2, 3))
    problems = [Probe("", (np.zeros(9), 2, 1, lambda_, data)) for lambda_ in lambdas]
    fault = Fault("it is off", "value")
    faults = [dict.fromkeys(parts, fault) if bad else {} for bad in wrong]
    return Outcome(("cost", "W1"), problems, faults, np.zeros((len(problems), 2, 3), np.float32))


def test_the_condition_that_makes_it_wrong_is_told():
    told = conditions(exercise("autoencoder_cost"), outcome_at([0, 0.1, 0.2], [False, True, True]))
    assert told == [
        "The cost and the gradient of W1 are right where lambda is 0, and wrong where it is not."
    ]
    told = conditions(exercise("autoencoder_cost"), outcome_at([0, 0.1], [True, False], ["cost"]))
    assert told == ["The cost is wrong where lambda is 0, and right where it is not."]


@pytest.mark.parametrize("wrong", [[True, True, True], [False, False, True], [True, False, True]])
def test_a_condition_that_does_not_tell_right_from_wrong_is_not_told(wrong):
    assert conditions(exercise("autoencoder_cost"), outcome_at([0, 0.1, 0.2], wrong)) == []


# --- mistakes that stop some of the calls ------------------------------------------------


@pytest.mark.parametrize(
    "name, together",
    [
        ("autoencoder_cost", ("sizes swapped", "1/m missing for W1")),
        ("autoencoder_cost", ("transpose forgotten", "lambda / m in the cost")),
        ("autoencoder_cost", ("first activations kept", "1/m twice")),
        ("sparse_autoencoder_cost", ("gradient before cost", "decay of norms")),
    ],
)
def test_where_calls_stop_the_numbers_of_the_others_tell_what_else_is_wrong(name, together):
    own = {mistake.name: mistake for mistake in catalogue(name)}
    with pytest.raises(CheckFailed) as failed:
        check(mistaken(name, *(own[each] for each in together)))
    assert own[together[0]].says in " ".join(str(failed.value).split())


def test_a_known_mistake_that_the_numbers_speak_against_is_not_named():
    text = (
        "def unpack_parameters(theta, v, h):\n    n = v * h\n"
        "    W1, W2 = theta[:n].reshape(v, h), theta[n : 2 * n].reshape(h, v)\n"
        "    return W1, W2, theta[2 * n : 2 * n + h], theta[2 * n + h :]"
    )
    with pytest.raises(CheckFailed) as failed:
        check(made(text, "unpack_parameters"))
    assert "wrong order" not in str(failed.value)
