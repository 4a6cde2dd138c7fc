"""Each suspect of notebook 04 has the fingerprint that the notebook tells."""

import traceback

import numpy as np
import pytest

from autograder.exercises.networks import cost_problems
from autograder.exercises.reference import reference
from saelab.hunt import suspects

BLOCKS = {"W1", "W2", "b1", "b2"}
WRONG = {"A": {"W1", "b1"}, "B": {"W1", "W2"}, "C": {"b2"}, "D": set(), "E": BLOCKS, "F": {"W1"}}

block_errors = reference("04_gradient_check").block_errors
sparse_cost = reference("03_kl_delta").sparse_autoencoder_cost


def notebook_problem():
    rng = np.random.default_rng(4)
    v, h, m = 8, 5, 12
    theta = rng.normal(scale=0.5, size=2 * v * h + h + v)
    return theta, v, h, 0.1, 0.05, 3.0, rng.uniform(0.1, 0.9, size=(v, m))


PROBLEMS = [notebook_problem(), *(problem.sparse for problem in cost_problems(seed=44)[:2])]


def test_there_are_six():
    assert "".join(suspects(sparse_cost, *notebook_problem()[1:])) == "ABCDEF"


@pytest.mark.parametrize("letter", WRONG)
@pytest.mark.parametrize("theta, v, h, lambda_, rho, beta, data", PROBLEMS)
def test_the_blocks_that_are_wrong(letter, theta, v, h, lambda_, rho, beta, data):
    suspect = suspects(sparse_cost, v, h, lambda_, rho, beta, data)[letter]
    errors = block_errors(suspect, theta, v, h)
    assert {block for block in errors if errors[block] > 1e-8} == WRONG[letter]
    # Nobody has to look twice.
    assert all(errors[block] > 1e-3 for block in WRONG[letter])


def test_only_one_has_a_wrong_cost():
    theta, *problem = notebook_problem()
    right, _ = sparse_cost(theta, *problem)
    costs = {letter: f(theta)[0] for letter, f in suspects(sparse_cost, *problem).items()}
    assert [letter for letter in costs if abs(costs[letter] - right) > 1e-12] == ["D"]
    assert abs(costs["D"] - right) > 1e-3


def test_all_blocks_without_1_over_m_are_off_by_about_the_same():
    theta, v, h, *rest = notebook_problem()
    errors = block_errors(suspects(sparse_cost, v, h, *rest)["E"], theta, v, h)
    assert max(errors.values()) < 1.3 * min(errors.values())


def test_without_weight_decay_the_gradient_without_1_over_m_is_m_times_as_long():
    theta, v, h, _, rho, beta, data = notebook_problem()
    _, right = sparse_cost(theta, v, h, 0.0, rho, beta, data)
    _, wrong = suspects(sparse_cost, v, h, 0.0, rho, beta, data)["E"](theta)
    assert np.allclose(wrong, data.shape[1] * right, rtol=1e-12)


def test_the_reader_s_own_function_and_its_arguments_stay_as_they_were():
    theta, *problem = notebook_problem()
    kept = sparse_cost(theta, *problem)
    answers = []

    def own_cost(*args):
        answers.append(kept[1].copy())
        return kept[0], answers[-1]

    before = theta.copy()
    for suspect in suspects(own_cost, *problem).values():
        suspect(theta)
    assert np.array_equal(theta, before)
    assert all(np.array_equal(answer, kept[1]) for answer in answers)


def test_a_cost_function_may_return_lists():
    theta, *problem = notebook_problem()
    right = {k: f(theta) for k, f in suspects(sparse_cost, *problem).items()}
    lists = suspects(lambda *a: [sparse_cost(*a)[0], sparse_cost(*a)[1].tolist()], *problem)
    for letter, suspect in lists.items():
        assert np.array_equal(suspect(theta)[1], right[letter][1])


def test_a_suspect_does_not_tell_what_it_did():
    problem = notebook_problem()[1:]
    versions = suspects(sparse_cost, *problem).values()
    told = {(v.__name__, v.__qualname__, v.__doc__, repr(v).split(" at ")[0]) for v in versions}
    assert told == {("suspect", "suspect", None, "<function suspect")}


@pytest.mark.parametrize("fails_at", [1, 2])
def test_the_traceback_of_a_failing_cost_is_the_same_for_all(fails_at):
    theta, *problem = notebook_problem()

    def trace(letter):
        calls = []

        def failing(*arguments):
            calls.append(arguments)
            if len(calls) == fails_at:
                raise ValueError("no cost today")
            return sparse_cost(*arguments)

        suspect = suspects(failing, *problem)[letter]
        with pytest.raises(ValueError, match="no cost today") as caught:
            _ = suspect(theta), suspect(theta)
        frames = traceback.extract_tb(caught.tb)
        return [(f.name, f.line) for f in frames if f.filename.endswith("saelab/hunt.py")]

    traces = [trace(letter) for letter in "ABCDEF"]
    first = "suspect", "value, grad = own(theta, lambda_, beta)"
    second = "suspect", "other = grad if weights == (lambda_, beta) else own(theta, *weights)[1]"
    assert all(found[0] in (first, second)[:fails_at] for found in traces)
    assert {tuple(found[1:]) for found in traces} == {tuple(traces[0][1:])}


def test_a_gradient_of_another_size_is_told_before_anything_is_changed():
    theta, *problem = notebook_problem()
    for suspect in suspects(lambda *a: (1.0, np.zeros(3)), *problem).values():
        with pytest.raises(ValueError, match="cannot reshape array of size 3"):
            suspect(theta)
