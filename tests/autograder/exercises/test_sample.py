"""The sample class: its wrong versions are what they say, and apply to today's reference."""

import ast
import functools
import itertools

import numpy as np
import pytest

from autograder.authoring.build import notebook_names, solved_notebook
from autograder.exercises.networks import cost_problems
from autograder.exercises.reference import reference
from autograder.exercises.sample import CLASS, Student, submission, without_delimiters
from saelab import previous
from tests.support.built import solved

# Read when a test needs it: all of xdist's workers collect all tests.
solved_once = functools.cache(solved_notebook)
STUDENTS = {student.name: student for student in CLASS}


def functions_of(student, name):
    """The functions of a student's notebook, with the reference's earlier ones."""
    solved = solved_once(name)
    answers = [
        student.answer(cell) if cell.metadata.get("nbgrader", {}).get("solution") else cell.source
        for cell in solved.cells
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade")
    ]

    def earlier(notebook, *names, folder):
        chosen = [getattr(reference(notebook), n) for n in names]
        return chosen[0] if len(chosen) == 1 else chosen

    return previous.definitions(answers, earlier, name)


@pytest.mark.parametrize("name", notebook_names())
def test_every_answer_is_python_and_every_edit_applies(name, fresh_course):
    notebook = solved(name, fresh_course)
    cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("solution")]
    for student, cell in itertools.product(CLASS, cells):
        answer = student.answer(cell)
        if answer is not None and cell.cell_type == "code":
            ast.parse(answer)
            assert "### " not in answer


def test_the_names_of_edits_and_versions_are_names_of_functions(fresh_course):
    known = {
        cell.metadata.nbgrader.grade_id
        for name in notebook_names()
        for cell in solved(name, fresh_course).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    for student in CLASS:
        assert {*student.edits, *student.versions, *(student.finished or ())} <= known


def test_an_edit_that_no_longer_applies_is_an_error():
    student = Student("zoe", "out of date", {"sigmoid": [("no such text", "x")]})
    cell = next(c for c in solved_once("02_cost").cells if c.id == "sigmoid")
    with pytest.raises(ValueError, match="zoe's edit of sigmoid does not apply"):
        student.answer(cell)


def test_loops_give_the_reference_s_numbers():
    bo = functions_of(STUDENTS["bo"], "03_kl_delta")["sparse_autoencoder_cost"]
    for problem in cost_problems(seed=1):
        cost, grad = bo(*problem.sparse)
        right_cost, right_grad = reference("03_kl_delta").sparse_autoencoder_cost(*problem.sparse)
        assert cost == pytest.approx(right_cost, rel=1e-12)
        assert np.allclose(grad, right_grad, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(
    ("student", "wrong_blocks"),
    [("eve", {"W1", "b1"}), ("finn", {"W1", "W2"}), ("gita", {"cost", "b1", "b2"})],
)
def test_a_wrong_cost_is_wrong_in_its_own_parts_only(student, wrong_blocks):
    wrong = functions_of(STUDENTS[student], "03_kl_delta")["sparse_autoencoder_cost"]
    problem = cost_problems(seed=2)[0]
    cost, grad = wrong(*problem.sparse)
    right_cost, right_grad = reference("03_kl_delta").sparse_autoencoder_cost(*problem.sparse)
    split = reference("02_cost").unpack_parameters
    sizes = problem.visible_size, problem.hidden_size
    found = {
        name
        for name, a, b in zip(
            ("W1", "W2", "b1", "b2"), split(grad, *sizes), split(right_grad, *sizes)
        )
        if not np.allclose(a, b)
    } | ({"cost"} if not np.isclose(cost, right_cost) else set())
    assert found == wrong_blocks


def test_an_untouched_submission_is_the_released_notebook():
    solved = solved_once("02_cost")
    released = solved_notebook("02_cost")
    for cell in released.cells:
        cell.source = without_delimiters(cell.source) + "\n# as released"
    assert submission(STUDENTS["cleo"], solved, released) == released
