"""Each submission has random problems of its own, and a regrade has the same again."""

import json

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.exercises import exercises
from autograder.exercises.marks import problems
from autograder.exercises.reference import current, functions, grading
from autograder.submission.released import Released
from autograder.verdict.course_policy import CoursePolicy, seed_of
from saelab.check.batches import Batches

INFO = {"student": "ada", "assignment": "02_cost", "notebook": "02_cost", "db_url": "sqlite://"}
GRADING = {"grade": False, "locked": False, "schema_version": 3, "solution": True, "task": False}


def submission(answer="return 1", prose="Hello"):
    cell = new_code_cell(answer)
    cell.metadata["nbgrader"] = {**GRADING, "grade_id": "sigmoid"}
    return new_notebook(cells=[new_markdown_cell(prose), cell])


# --- the seed of a submission --------------------------------------------------------


def test_the_same_submission_has_the_same_seed():
    assert seed_of("", submission(), INFO) == seed_of("", submission(), INFO)
    assert seed_of("", submission(prose="Bye"), INFO) == seed_of("", submission(), INFO)


@pytest.mark.parametrize("what", ["student", "assignment", "notebook"])
def test_another_student_or_notebook_has_another(what):
    assert seed_of("", submission(), INFO | {what: "x"}) != seed_of("", submission(), INFO)


def test_another_try_and_another_key_have_another():
    first = seed_of("", submission(), INFO)
    assert seed_of("", submission("return 2"), INFO) != first
    assert seed_of("secret", submission(), INFO) != first


def test_parts_that_are_joined_in_another_way_are_told_apart():
    one = INFO | {"student": "ab", "assignment": "c"}
    other = INFO | {"student": "a", "assignment": "bc"}
    assert seed_of("", submission(), one) != seed_of("", submission(), other)


def test_where_nobody_sets_a_seed_it_is_0():
    assert problems("sigmoid").seed == 0
    with grading(seed=17):
        assert problems("sigmoid").seed == 17
    assert problems("sigmoid").seed == 0


# --- while a notebook is graded -------------------------------------------------------


def planned(**traits):
    """The seed while a notebook is graded, and what is kept of it in the graded notebook."""
    # Which cells only show something, the gradebook would have to say.
    policy = CoursePolicy(demonstrations=True, **traits)
    with grading(seed=5):
        with policy.plan(submission(), INFO, Released((), {}, None)) as plan:
            seen = current().seed
        assert current().seed == 5
    return seen, plan.note()


def test_the_seed_is_set_for_one_notebook_and_recorded_in_it():
    seen, note = planned()
    assert seen == note["autograder"]["seed"] != 5
    json.dumps(note)


def test_an_instructor_s_key_changes_it():
    assert planned(seed_key="secret")[0] != planned()[0]


# --- the problems ---------------------------------------------------------------------


def numbers(value):
    """All numbers in a problem's arguments; functions are called at their arguments."""
    flat = []
    for argument in value:
        if isinstance(argument, Batches):
            flat += numbers([*argument()])
        elif isinstance(argument, tuple):
            flat += numbers(argument)
        elif callable(argument):
            at = next(a for a in value if isinstance(a, np.ndarray))
            flat += numbers([np.hstack([np.ravel(part) for part in _tuple(argument(at))])])
        else:
            flat += np.ravel(argument).tolist()
    return flat


def sizes(value):
    """The shapes of a problem's arguments."""
    return [sizes(x) if isinstance(x, tuple) else np.shape(x) for x in value]


def _tuple(value):
    return value if isinstance(value, tuple) else (value,)


def test_there_are_problems_for_every_function():
    assert sorted(exercises()) == sorted(functions())


@pytest.mark.parametrize("name", exercises())
def test_a_seed_gives_the_same_problems_and_another_others_of_the_same_sizes(name):
    one, two, other = problems(name, 3), problems(name, 3), problems(name, 4)
    for a, b, c in zip(one.probes, two.probes, other.probes, strict=True):
        assert a.says == b.says == c.says
        assert numbers(a.args) == numbers(b.args)
        assert sizes(a.args) == sizes(c.args)
    assert [numbers(p.args) for p in one.probes] != [numbers(p.args) for p in other.probes]


def test_functions_of_the_same_kind_get_different_numbers():
    plain, sparse = problems("autoencoder_cost", 3), problems("sparse_autoencoder_cost", 3)
    assert not np.array_equal(plain.probes[-1].args[0], sparse.probes[-1].args[0])
