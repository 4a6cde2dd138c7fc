"""A grading run tries itself out first, and grades nobody where that goes wrong."""

import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.course.files import write_notebook
from autograder.exercises.sample import Student, hand_in

pytestmark = pytest.mark.slow
NAME, OTHER = "03_kl_delta", "00_autoencoders"
ADA = Student("ada", "everything right")


@pytest.fixture
def course(tmp_path, entered_course):
    path = shutil.copytree(entered_course, tmp_path / "course")
    hand_in(path, [ADA], [NAME])
    return path


def scores(course, name=NAME):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return [submission.score for submission in gradebook.assignment_submissions(name)]


def change_source(course, edit, name=NAME):
    path = course / "solutions" / name / f"{name}.ipynb"
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
    told = "7 of 14 points, but should get 14 test-sparse_autoencoder_cost gives 0 of 7 (ValueErr"
    assert told in " ".join(said.split()) and "test-kl_divergence" not in said
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
    told = "the untouched submission of 03_kl_delta gets 1 of 14 points, but should get 0"
    test = " test-average_activation gives 1 of 1 (hidden_test(average_activation"
    assert told + test in " ".join(said.split())
    assert "test-kl_divergence" not in said.split(told)[1]
    assert scores(course) == []
    # An instructor who means it says so.
    nbgrader(course, "autograde", NAME, "--GradingExporter.untouched_points=1")
    assert scores(course) == [14]


@pytest.fixture(params=["autograde", "grade"])
def refused(request, course, nbgrader, capfd):
    """A function that says what the two ways to grade say of a course that they do not grade."""

    def said():
        if request.param == "autograde":
            told = nbgrader(course, "autograde", NAME, status=1)
        else:
            assert main(["grade", NAME, "--course", str(course), "--jobs", "1"]) == 1
            told = "".join(capfd.readouterr())
        assert scores(course) == []
        return " ".join(told.split())

    return said


def test_a_source_that_has_lost_its_tests_stops_the_run(course, refused):
    """Nothing of it can be tried out: both submissions would get 0 of 0 points, as they should."""

    def lose(cells, notebook):
        is_test = [cell.metadata.get("nbgrader", {}).get("grade") for cell in notebook.cells]
        notebook.cells = [cell for cell, lost in zip(notebook.cells, is_test) if not lost]

    change_source(course, lose)
    said = refused()
    told = "Nothing was graded: 03_kl_delta has lost tests that the gradebook has: test-average_"
    assert told in said and said.count("has lost tests") == 1


def test_a_source_that_has_lost_one_test_stops_the_run(course, refused):
    def lose(cells, notebook):
        notebook.cells.remove(cells["test-kl_divergence"])

    change_source(course, lose)
    told = "03_kl_delta has lost tests that the gradebook has: test-kl_divergence. Put them back"
    assert told in refused()


def test_without_a_source_nothing_can_be_tried_out(course, refused):
    path = course / "solutions" / NAME / f"{NAME}.ipynb"
    path.unlink()
    said = refused()
    assert f"there is no {path}" in said and "c.GradingExporter.canary = False" in said


def test_a_source_that_is_no_notebook_is_not_said_to_be_missing(course, nbgrader):
    path = course / "solutions" / NAME / f"{NAME}.ipynb"
    path.write_text("no notebook")
    said = " ".join(nbgrader(course, "autograde", NAME, status=1).split())
    assert f"Nothing was graded: {path} cannot be read" in said and scores(course) == []


def test_an_assignment_that_fails_its_trials_stops_only_itself(course, nbgrader):
    def give_away(cells, notebook):
        cells["average_activation"].source = "average_activation = lambda a2: a2.mean(axis=1)"
        cells["kl_divergence"].source = "### BEGIN SOLUTION\n### END SOLUTION"

    hand_in(course, [ADA], [OTHER])
    nbgrader(course, "autograde", "--assignment=*")
    change_source(course, give_away)
    graded = course / "autograded" / "ada"
    before = {path: path.stat().st_mtime_ns for path in graded.glob("*/*.ipynb")}
    said = nbgrader(course, "autograde", "--assignment=*", "--force", status=1)
    told = f"Nothing was graded of {NAME}: the reference submission of {NAME} gets"
    assert said.rindex(told) > said.rindex("Autograding") and "Traceback" not in said
    # The others are graded, and what was graded before stays.
    changed = {path.stem for path, time in before.items() if path.stat().st_mtime_ns > time}
    assert changed == {OTHER} and scores(course) == [14]


def test_all_trials_that_fail_are_told_at_once(course, nbgrader):
    def spoil(cells, notebook):
        for cell in cells.values():
            if cell.metadata.get("nbgrader", {}).get("grade"):
                cell.source = f"{cell.metadata.nbgrader.points}"

    hand_in(course, [ADA], [OTHER])
    for name in (NAME, OTHER):
        change_source(course, spoil, name)
        with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
            for cell in gradebook.find_notebook(name, name).source_cells:
                cell.source = "1.0" if cell.name.startswith("test") else cell.source
            gradebook.db.commit()
    said = nbgrader(course, "autograde", "--assignment=*", status=1)
    ending = said[said.rindex("Nothing was graded: ") :]
    assert ending.count("submission of") == 2
    assert "test-kl_divergence gives 0 of 3 (NothingAsked: " in ending
    assert "rule 2 of docs/test-cells.md" in ending
    assert scores(course) == scores(course, OTHER) == []
