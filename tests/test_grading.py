"""The course is graded by nbgrader's own commands, and every mark is where it belongs.

Two classes hand in: one every third notebook, solved and untouched; the other notebooks 02 and
03 with a mistake, a trick or an oddity in each. All notebooks are graded in
tests/autograder/test_demo.py, by the class run.
"""

import csv
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import CLONE
from autograder.course.files import write_notebook
from autograder.exercises.sample import Student, submission
from autograder.verdict.course_policy import demonstrations

NAMES = sorted(path.stem for path in CLONE.glob("solutions/*/*.py"))

GRADED = NAMES[2::3]

every_notebook = pytest.mark.parametrize("name", NAMES)
every_graded = pytest.mark.parametrize("name", GRADED)
# One course is graded so in tests/test_formgrader.py, which takes less time.
pytestmark = pytest.mark.long


class Course:
    """A course in a folder of its own, whose release nbgrader's command has made."""

    def __init__(self, path, nbgrader):
        self.path, self.nbgrader = path, nbgrader

    def read(self, step, name, student=""):
        return nbformat.read(self.path / step / student / name / f"{name}.ipynb", as_version=4)

    def hand_in(self, student, name, notebook):
        path = self.path / "submitted" / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        write_notebook(notebook, path)
        return path

    def gradebook(self):
        return Gradebook(f"sqlite:///{self.path}/gradebook.db")

    def points(self, student, name):
        """The points by tests, out of how many, and whether a person has to look at the rest."""
        with self.gradebook() as gradebook:
            graded = gradebook.find_submission_notebook(name, name, student)
            return graded.code_score, graded.max_code_score, graded.needs_manual_grade

    def points_of(self, student, name, function):
        with self.gradebook() as gradebook:
            return gradebook.find_grade(f"test-{function}", name, name, student).auto_score

    def feedback(self, student, name):
        path = self.path / "feedback" / student / name / f"{name}.html"
        return path.read_text(encoding="utf-8")


def cell_of(notebook, grade_id):
    return next(cell for cell in notebook.cells if cell.id == grade_id)


def answered(released, solved, **changes):
    """A released notebook in which somebody has written the solutions.

    changes: from a function's name to another text for its cell.
    """
    assert set(changes) <= {cell.id for cell in solved.cells}
    return submission(Student("somebody", "answers", versions=changes), solved, released)


# --- everybody hands in every third notebook ----------------------------------------


@pytest.fixture(scope="class")
def whole(tmp_path_factory, entered_course, nbgrader):
    """Every third notebook, solved and untouched, graded; with feedback and a table."""
    path = tmp_path_factory.mktemp("whole") / "course"
    course = Course(shutil.copytree(entered_course, path), nbgrader)
    for name in GRADED:
        course.hand_in("solved", name, course.read("solutions", name))
        course.hand_in("untouched", name, course.read("notebooks", name))
    # The two submissions are what would be tried out.
    for name in GRADED:
        nbgrader(path, "autograde", name, "--GradingExporter.canary=False")
        nbgrader(path, "generate_feedback", name)
    nbgrader(path, "export", "--to", "scores.csv")
    return course


class TestEverybodyHandsIn:
    @every_notebook
    def test_nbgrader_s_command_releases_what_the_build_releases(self, whole, fresh_course, name):
        path = Path("notebooks", name, f"{name}.ipynb")
        assert (whole.path / path).read_bytes() == (fresh_course / path).read_bytes()
        assert [file.name for file in (whole.path / path.parent).iterdir()] == [path.name]

    @every_graded
    def test_solved_sources_earn_all_points_by_tests(self, whole, name):
        earned, most, by_hand = whole.points("solved", name)
        assert earned == most > 0
        assert by_hand

    @every_graded
    def test_the_untouched_release_earns_nothing(self, whole, name):
        earned, _, by_hand = whole.points("untouched", name)
        assert earned == 0
        assert not by_hand

    @every_graded
    def test_untouched_cells_raise_nothing_but_not_implemented_error(self, whole, name):
        for cell in whole.read("autograded", name, "untouched").cells:
            grading = cell.metadata.get("nbgrader", {})
            if grading.get("grade") and cell.cell_type == "code":
                # A visible check gives no points, and is not executed.
                raised = ["NotImplementedError"] if grading.points else []
                assert [output.get("ename") for output in cell.outputs] == raised

    @every_graded
    def test_everybody_gets_feedback(self, whole, name):
        for student in ("solved", "untouched"):
            earned = whole.points(student, name)[0]
            assert f"(Score: {earned:g} / " in whole.feedback(student, name)

    def test_the_table_has_every_score(self, whole):
        with open(whole.path / "scores.csv", encoding="utf-8") as file:
            rows = {(row["student_id"], row["assignment"]): row for row in csv.DictReader(file)}
        assert set(rows) == {(s, name) for s in ("solved", "untouched") for name in NAMES}
        for (student, name), row in rows.items():
            if name not in GRADED:
                assert float(row["score"]) == 0
                continue
            earned, by_tests, _ = whole.points(student, name)
            assert float(row["score"]) == earned
            assert float(row["max_score"]) > by_tests

    def test_an_answer_in_words_waits_for_a_person(self, whole):
        with whole.gradebook() as gradebook:
            for student, waits in (("solved", True), ("untouched", False)):
                grade = gradebook.find_grade("all-zeros", "02_cost", "02_cost", student)
                assert grade.needs_manual_grade is waits
                assert grade.auto_score == (None if waits else 0)
                assert grade.score == 0

    @every_graded
    def test_what_takes_long_or_only_shows_something_is_passed_over(self, whole, name):
        source = whole.read("solutions", name)
        cells = whole.read("autograded", name, "solved").cells
        long = {cell.id for cell in source.cells if "long" in cell.metadata.get("tags", [])}
        shown = {cells[position].id for position in demonstrations(cells, source)}
        assert shown
        for cell in cells:
            # Test cells run in the grader, which counts nothing.
            if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade"):
                assert (cell.execution_count is None) == (cell.id in long | shown)


# --- mistakes, tricks and oddities -------------------------------------------------

WRONG_START = """
def initialize_parameters(visible_size, hidden_size, rng):
    return np.ones(3)
"""
PLAIN_SIGMOID = """
def sigmoid(z):
    print("here with", np.shape(z))
    return 1 / (1 + np.exp(-z))
"""
RAISING_SIGMOID = """
def sigmoid(z):
    raise ValueError("I do not know how")
"""
SHADOW = """
from pathlib import Path
Path("{marker}").touch()
raise ImportError("not the real one")
"""


@pytest.fixture(scope="class")
def odd(tmp_path_factory, entered_course, nbgrader):
    """Submissions of notebooks 02 and 03 with something odd in each, graded, with feedback."""
    path = tmp_path_factory.mktemp("odd") / "course"
    course = Course(shutil.copytree(entered_course, path), nbgrader)
    released, solved = course.read("notebooks", "02_cost"), course.read("solutions", "02_cost")

    right = cell_of(answered(released, solved), "autoencoder_cost").source
    assert right.count(" + lambda_ * W1") == 1
    wrong = right.replace(" + lambda_ * W1", "")
    course.hand_in("wrong-gradient", "02_cost", answered(released, solved, autoencoder_cost=wrong))

    deleted = answered(released, solved, initialize_parameters=WRONG_START)
    for test in ("test-sigmoid", "test-initialize_parameters"):
        deleted.cells.remove(cell_of(deleted, test))
    course.hand_in("deleted-tests", "02_cost", deleted)

    edited = answered(released, solved, initialize_parameters=WRONG_START)
    cell_of(edited, "test-initialize_parameters").source = "3"
    cell_of(edited, "test-sigmoid").metadata.nbgrader.points = 100
    course.hand_in("edited-tests", "02_cost", edited)

    for tag in ("long", "skip-execution"):
        tagged = answered(released, solved, initialize_parameters=WRONG_START)
        for cell in ("test-initialize_parameters", "sigmoid"):
            cell_of(tagged, cell).metadata.tags = [tag]
        course.hand_in(f"tagged-{tag}", "02_cost", tagged)

    for student, sigmoid in (("chatty", PLAIN_SIGMOID), ("raising", RAISING_SIGMOID)):
        course.hand_in(student, "02_cost", answered(released, solved, sigmoid=sigmoid))

    beside = course.hand_in("with-files", "02_cost", answered(released, solved))
    for file in ("numpy.py", "autograder.py"):
        beside.with_name(file).write_text(SHADOW.format(marker=path / "was-executed"))

    third = [course.read(step, "03_kl_delta") for step in ("notebooks", "solutions")]
    third = answered(*third)
    course.hand_in("blank-02", "02_cost", released)
    course.hand_in("blank-02", "03_kl_delta", third)
    course.hand_in("without-02", "03_kl_delta", third)

    for name in ("02_cost", "03_kl_delta"):
        nbgrader(path, "autograde", name, "--GradingExporter.canary=False")
    nbgrader(path, "generate_feedback", "02_cost", "--student=wrong-gradient")
    return course


class TestOddSubmissions:
    def test_a_wrong_gradient_keeps_the_points_of_the_cost(self, odd):
        assert odd.points("wrong-gradient", "02_cost")[:2] == (15, 17)
        assert odd.points_of("wrong-gradient", "02_cost", "autoencoder_cost") == 5

    def test_the_feedback_names_the_part_that_is_wrong(self, odd):
        told = odd.feedback("wrong-gradient", "02_cost")
        assert "5 of 7 points" in told
        assert "the gradient with respect to W1 is wrong" in told
        assert "the gradient with respect to W2" not in told

    @pytest.mark.parametrize(
        "student", ["deleted-tests", "edited-tests", "tagged-long", "tagged-skip-execution"]
    )
    def test_tests_that_were_tampered_with_count_as_they_were_released(self, odd, student):
        """The start is wrong (3 points) and all else right, the sigmoid (2 points) too."""
        assert odd.points_of(student, "02_cost", "initialize_parameters") == 0
        assert odd.points_of(student, "02_cost", "sigmoid") == 2
        assert odd.points(student, "02_cost")[:2] == (14, 17)

    def test_prints_and_warnings_cost_nothing(self, odd):
        assert odd.points("chatty", "02_cost")[:2] == (17, 17)

    def test_a_function_that_raises_loses_its_own_points_only(self, odd):
        """Though feed_forward and autoencoder_cost call it."""
        assert odd.points_of("raising", "02_cost", "sigmoid") == 0
        assert odd.points("raising", "02_cost")[:2] == (15, 17)

    def test_python_files_handed_in_beside_a_notebook_replace_none_of_the_grader_s(self, odd):
        assert odd.points("with-files", "02_cost")[:2] == (17, 17)
        assert not (odd.path / "was-executed").exists()
        graded = odd.path / "autograded" / "with-files" / "02_cost"
        names = {"02_cost.ipynb", "autograder.py", "numpy.py"}
        assert {path.name for path in graded.iterdir()} == names

    @pytest.mark.parametrize("student", ["blank-02", "without-02"])
    def test_what_is_missing_in_an_earlier_notebook_is_not_punished_twice(self, odd, student):
        assert odd.points(student, "03_kl_delta")[:2] == (14, 14)
        with odd.gradebook() as gradebook:
            earlier = {s.student.id: s.score for s in gradebook.assignment_submissions("02_cost")}
        assert earlier.get(student, 0) == 0

    def test_validate_says_whether_the_visible_checks_pass(self, odd):
        """What the Validate button of JupyterLab does, before and after the work."""
        path = odd.path / "notebooks" / "02_cost" / "02_cost.ipynb"
        assert "VALIDATION FAILED ON 6 CELL(S)" in odd.nbgrader(odd.path, "validate", path)
        released, solved = odd.read("notebooks", "02_cost"), odd.read("solutions", "02_cost")
        done = odd.path / "done" / "02_cost.ipynb"
        write_notebook(answered(released, solved), done)
        assert "Success! Your notebook passes" in odd.nbgrader(odd.path, "validate", done)
