"""Formgrader from its first page to the feedback: generate, autograde, grade by hand, feedback.

Grading goes by our trusted path: see also tests/test_formgrader.py, which asks without a browser.
"""

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course.files import write_notebook
from autograder.exercises.sample import Student, submission
from tests.browser.server import TOKEN
from tests.support.waiting import patient
from tests.test_formgrader import ATTACK

NAME, WRITTEN = "02_cost", "all-zeros"
POINTS, COMMENT = 2, "What happens to the gradient of W1?"
LISTENS = """() => window.formgrader?.grades?.loaded && formgrader.comments?.loaded"""

pytestmark = pytest.mark.bubblewrap


class Formgrader:
    """The pages, in the browser."""

    def __init__(self, page, url, screenshot):
        self.page, self.url, self.screenshot = page, f"{url}formgrader", screenshot

    def visit(self, place=""):
        self.page.goto(f"{self.url}{place}?token={TOKEN}")
        self.page.wait_for_load_state("networkidle")

    def row(self, words):
        return self.page.locator("tr", has=self.page.get_by_text(words, exact=True))

    def click(self, row, column):
        """Click on the icon of a row, wait for the answer, and return what it says."""
        self.row(row).locator(f"td.{column} a").click()
        answer = self.page.locator(".modal.in")
        answer.wait_for(timeout=1000 * patient(180))
        said = answer.inner_text()
        answer.get_by_role("button", name="OK").click()
        answer.wait_for(state="hidden")
        return said


@pytest.fixture
def formgrader(page, server, screenshot):
    return Formgrader(page, server.url, screenshot)


@pytest.fixture(scope="module")
def handed_in(course):
    """The work of an honest student and of one who attacks what tests him."""
    solved = nbformat.read(course / "solutions" / NAME / f"{NAME}.ipynb", as_version=4)
    released = nbformat.read(course / "notebooks" / NAME / f"{NAME}.ipynb", as_version=4)
    for name, versions in (("attack", {"sigmoid": ATTACK}), ("honest", {})):
        notebook = submission(Student(name, "", versions=versions), solved, released)
        write_notebook(notebook, course / "submitted" / name / NAME / f"{NAME}.ipynb")
    return course


def in_gradebook(course, student):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        notebook = gradebook.find_submission_notebook(NAME, NAME, student)
        return notebook.code_score, notebook.written_score, notebook.max_score


class TestOneAssignment:
    """In this order, as an instructor does it."""

    def test_generate(self, formgrader, handed_in):
        released = handed_in / "notebooks" / NAME / f"{NAME}.ipynb"
        built = released.read_bytes()
        released.unlink()
        formgrader.visit()
        said = formgrader.click(NAME, "assign")
        formgrader.screenshot(formgrader.page, "formgrader-assignments")
        assert f"Successfully created the student version of '{NAME}'" in said
        assert released.read_bytes() == built

    @pytest.mark.parametrize(("student", "points"), [("attack", 15), ("honest", 17)])
    def test_autograde(self, formgrader, handed_in, student, points):
        formgrader.visit(f"/manage_submissions/{NAME}")
        said = formgrader.click(student, "autograde")
        formgrader.screenshot(formgrader.page, "formgrader-submissions")
        assert f"Successfully autograded '{NAME}' for student '{student}'" in said
        for trial in ("reference", "untouched"):
            assert f"Trying out grading with the {trial} submission of {NAME}" in said
        assert "needs manual grading" in formgrader.row(student).inner_text()
        assert in_gradebook(handed_in, student) == (points, 0, 20)

    def test_grade_by_hand(self, formgrader, handed_in):
        page = formgrader.page
        formgrader.visit(f"/gradebook/{NAME}/{NAME}")
        page.locator("tbody tr a").first.click()
        page.wait_for_function(LISTENS)  # before that, what is filled in is sent to nobody
        box = page.locator(f'input.score[id="{WRITTEN}"]')
        box.fill(str(POINTS))
        comment = page.locator(f'[id="{WRITTEN}-comment"]')
        with page.expect_response(lambda r: "/api/grade/" in r.url and r.request.method == "PUT"):
            comment.click()
        comment.fill(COMMENT)
        with page.expect_response(lambda r: "/api/comment/" in r.url and r.request.method == "PUT"):
            box.click()
        formgrader.screenshot(page, "formgrader-by-hand")
        graded = {student: in_gradebook(handed_in, student) for student in ("attack", "honest")}
        assert sorted(graded.values()) in (
            [(15, POINTS, 20), (17, 0, 20)], [(15, 0, 20), (17, POINTS, 20)]
        )  # fmt: skip

    def test_feedback(self, formgrader, handed_in, browser, screenshot):
        (student,) = (s for s in ("attack", "honest") if in_gradebook(handed_in, s)[1] == POINTS)
        formgrader.visit(f"/manage_submissions/{NAME}")
        said = formgrader.click(student, "generate-feedback")
        assert f"Successfully generated feedback for '{NAME}' for student '{student}'" in said
        page = browser.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        file = handed_in / "feedback" / student / NAME / f"{NAME}.html"
        page.goto(file.as_uri())
        words = page.inner_text("body")
        screenshot(page, "feedback")
        page.close()
        assert COMMENT in words
        assert "hidden_test" not in words and "Marks(" not in words
        assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
