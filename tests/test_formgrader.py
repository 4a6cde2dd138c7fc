"""Formgrader's Autograde button grades as `nbgrader autograde` does: trusted, in the sandbox.

A real Jupyter server with nbgrader's extensions runs on a course of its own; the requests are
those that the page makes.
"""

import http.cookiejar
import json
import shutil
import urllib.error
import urllib.request

import nbformat
import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder.course.files import write_notebook
from autograder.exercises.sample import Student, submission
from tests.support.servers import TOKEN, Jupyter

NAME = "02_cost"

pytestmark = [pytest.mark.slow, pytest.mark.bubblewrap]

# Wins points where tests run in the kernel: it shows a number before the test fails, makes all
# comparisons succeed, and looks for the answers in the frames that call it.
ATTACK = """
import sys
import numpy.testing

def nothing(*args, **kwargs):
    return True

for module in (np, numpy.testing):
    for name in ("allclose", "isclose", "array_equal", "assert_allclose", "assert_array_equal"):
        if hasattr(module, name):
            setattr(module, name, nothing)

SEEN = set()

def sigmoid(z):
    frame = sys._getframe()
    while frame:
        # An explorer has words of its own, such as HIDDEN, the size of a layer.
        if not frame.f_globals.get("__name__", "").startswith("saelab.widgets."):
            SEEN.update(frame.f_code.co_names, frame.f_locals, frame.f_globals)
        frame = frame.f_back
    sys.displayhook(2.0)
    return np.zeros(np.shape(z))
"""
LOOK = """
import os, sys
print("seen", sorted(SEEN))
for place in ("/", ".."):
    for folder, _, files in __import__("os").walk(place):
        # Stand-ins for earlier notebooks are there to be used.
        earlier = os.environ["SAELAB_PREVIOUS"]
        if folder.startswith(("/proc", "/sys", "/usr", earlier, sys.prefix)):
            continue
        for file in files:
            if file.endswith((".ipynb", ".db")):
                print("found", folder, file)
"""
BROKEN = """
def initialize_parameters(visible_size, hidden_size, rng):
    return np.ones(3)
"""
SECRETS = ("hidden_test", "Marks", "marks", "reference", "wanted", "HIDDEN")


class Server(Jupyter):
    """A Jupyter server in the folder of a course, and a browser's memory of cookies."""

    def __init__(self, course, home):
        super().__init__(course, home, "jupyter_server")
        self.cookies = http.cookiejar.CookieJar()
        self.browser = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )
        # A visit to the page gives the cookies.
        self.browser.open(f"{self.url}formgrader?token={TOKEN}", timeout=60).read()

    def autograde(self, student, **headers):
        """What the button asks for and gets."""
        if not headers:
            headers["X-CSRFToken"] = next(c.value for c in self.cookies if c.name == "_xsrf")
        url = f"{self.url}formgrader/api/submission/{NAME}/{student}/autograde"
        request = urllib.request.Request(url, data=b"", headers=headers, method="POST")
        with self.browser.open(request, timeout=300) as answer:
            return json.loads(answer.read())


def cell_of(notebook, grade_id):
    return next(cell for cell in notebook.cells if cell.id == grade_id)


def points(course, student):
    """The points by tests."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return gradebook.find_submission_notebook(NAME, NAME, student).code_score


@pytest.fixture(scope="module")
def course(tmp_path_factory, entered_course):
    """A course in which an attack and a wrong gradient wait to be graded."""
    course = shutil.copytree(entered_course, tmp_path_factory.mktemp("formgrader") / "course")
    solved, released = (
        nbformat.read(course / step / NAME / f"{NAME}.ipynb", as_version=4)
        for step in ("solutions", "notebooks")
    )
    right = cell_of(submission(Student("", ""), solved, released), "autoencoder_cost").source
    assert right.count(" + lambda_ * W1") == 1
    answers = {
        "attack": {"sigmoid": ATTACK},
        "wrong": {"autoencoder_cost": right.replace(" + lambda_ * W1", "")},
    }
    for student, versions in answers.items():
        notebook = submission(Student(student, "", versions=versions), solved, released)
        if student == "attack":
            notebook.cells.append(nbformat.v4.new_code_cell(LOOK, id="look"))
        path = course / "submitted" / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        write_notebook(notebook, path)
    return course


@pytest.fixture(scope="module")
def server(course, tmp_path_factory):
    server = Server(course, tmp_path_factory.mktemp("home"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def answers(course, server):
    """What the server said to the Autograde button of each student."""
    return {student: server.autograde(student) for student in ("attack", "wrong")}


class TestTheButton:
    def test_it_is_no_use_to_other_sites(self, server, course):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            server.autograde("wrong", **{"X-Nothing": "at all"})

    @pytest.mark.parametrize("student", ["attack", "wrong"])
    def test_it_grades_after_the_two_trials(self, answers, student):
        answer = answers[student]
        assert answer["success"], answer
        for trial in ("reference", "untouched"):
            line = f"Trying out grading with the {trial} submission of {NAME}"
            assert answer["log"].count(line) == 1
        assert f"/autograded/{student}/{NAME}/{NAME}.ipynb" in answer["log"]

    def test_a_wrong_gradient_keeps_the_points_of_the_cost(self, answers, course):
        assert points(course, "wrong") == 15

    def test_an_attack_gets_what_the_command_gives_it(self, answers, course, nbgrader, tmp_path):
        by_button = points(course, "attack")
        elsewhere = shutil.copytree(course, tmp_path / "course")
        nbgrader(
            elsewhere,
            "autograde",
            NAME,
            "--student=attack",
            "--force",
            "--GradingExporter.canary=False",
        )
        # All but the sigmoid is right, and stands on its own.
        assert by_button == points(elsewhere, "attack") == 15

    def test_the_attack_saw_nothing(self, answers, course):
        path = course / "autograded" / "attack" / NAME / f"{NAME}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        # On a busy machine what is printed comes in several parts.
        shown = "".join(output.text for output in cell_of(notebook, "look").outputs)
        assert shown.startswith("seen [") and "'SEEN'" in shown
        assert "found" not in shown
        for secret in SECRETS:
            assert secret not in shown

    def test_a_broken_course_grades_nobody_and_says_so(self, course, server, answers):
        """Last: it breaks the solved notebook of the course that the server serves."""
        path = course / "solutions" / NAME / f"{NAME}.ipynb"
        whole = path.read_text(encoding="utf-8")
        solved = nbformat.read(path, as_version=4)
        # Its test compares with no reference, which would be as wrong.
        cell_of(solved, "initialize_parameters").source = BROKEN
        write_notebook(solved, path)
        shutil.copytree(course / "submitted" / "wrong", course / "submitted" / "late")
        try:
            answer = server.autograde("late")
        finally:
            path.write_text(whole, encoding="utf-8")
        assert answer["success"] is False
        told = f"Nothing was graded: the reference submission of {NAME} gets "
        assert told in answer["log"]
        assert told in answer["error"]
        assert not (course / "autograded" / "late").exists()
        with pytest.raises(MissingEntry):
            points(course, "late")
        # And once it is repaired, it grades again.
        assert server.autograde("late")["success"]
        assert points(course, "late") == 15
