"""A grading run tries itself out first, and grades nobody where that goes wrong."""

import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course.files import write_notebook
from autograder.exercises.sample import Student, hand_in

pytestmark = pytest.mark.slow
NAME = "03_kl_delta"
ADA = Student("ada", "everything right")


@pytest.fixture
def course(tmp_path, entered_course):
    path = shutil.copytree(entered_course, tmp_path / "course")
    hand_in(path, [ADA], [NAME])
    return path


def scores(course):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return [submission.score for submission in gradebook.assignment_submissions(NAME)]


def change_source(course, edit):
    path = course / "solutions" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    edit({cell.id: cell for cell in notebook.cells}, notebook)
    write_notebook(notebook, path)


def test_the_two_are_graded_before_anybody_else(course, nbgrader):
    said = nbgrader(course, "autograde", NAME)
    trials = [said.index(f"with the {what} submission") for what in ("reference", "untouched")]
    assert trials == sorted(trials) and trials[-1] < said.index("Autograding")
    assert scores(course) == [14]
    # Of the trials nothing is left.
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]
    assert {path.name for path in (course / "autograded").iterdir()} == {"ada"}


def test_a_reference_without_all_points_stops_the_run(course, nbgrader):
    def spoil(cells, notebook):
        cells["sparsity_delta"].source = "def sparsity_delta(rho, rho_hat, beta):\n    return 0"

    change_source(course, spoil)
    said = nbgrader(course, "autograde", NAME, status=1)
    assert "Nothing was graded: the reference submission of 03_kl_delta gets" in said
    assert "of 14 points, but should get 14" in said and "test-sparsity_delta" in said
    assert "Traceback" not in said
    assert scores(course) == [] and not (course / "autograded").exists()


def test_points_for_an_untouched_notebook_stop_the_run(course, nbgrader):
    def give_away(cells, notebook):
        cell = cells["average_activation"]
        cell.source = cell.source.replace(
            "    ### BEGIN", "    return a2.mean(axis=1)\n    ### BEGIN"
        )

    change_source(course, give_away)
    said = nbgrader(course, "autograde", NAME, status=1)
    assert "the untouched submission of 03_kl_delta gets 1 of 14 points, but should get 0" in said
    assert scores(course) == []
    # An instructor who means it says so.
    nbgrader(course, "autograde", NAME, "--GradingExporter.untouched_points=1")
    assert scores(course) == [14]


def test_without_a_source_nothing_can_be_tried_out(course, nbgrader):
    (course / "solutions" / NAME / f"{NAME}.ipynb").unlink()
    said = nbgrader(course, "autograde", NAME, status=1)
    assert "there is no" in said and "c.GradingExporter.canary = False" in said
    assert scores(course) == []
