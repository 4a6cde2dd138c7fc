"""Without bubblewrap the course shows itself and tests itself, and grades no submission."""

import shutil

import pytest
from nbgrader.api import Gradebook

from autograder import demo
from autograder.exercises.sample import CLASS, hand_in
from autograder.kernel.sandbox import why_unavailable

NAME = "04_gradient_check"
ADA = CLASS[0]

pytestmark = pytest.mark.slow


@pytest.fixture
def course(tmp_path, entered_course):
    """A course in which one submission waits to be graded."""
    course = shutil.copytree(entered_course, tmp_path / "course")
    hand_in(course, [ADA], [NAME])
    return course


@pytest.fixture
def nothing(tmp_path):
    """A PATH on which there is nothing."""
    folder = tmp_path / "nothing"
    folder.mkdir()
    return folder


def points(course):
    """The points that test cells were given, of all submissions there are."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        submitted = gradebook.assignment_submissions(NAME)
        grades = [g for s in submitted for notebook in s.notebooks for g in notebook.grades]
        return [g.auto_score for g in grades if g.auto_score is not None]


@pytest.mark.parametrize("canary", [True, False], ids=["canary", "no-canary"])
def test_submissions_are_refused_and_get_no_zero(course, nbgrader, nothing, canary):
    words = () if canary else ("--GradingExporter.canary=False",)
    said = nbgrader(course, "autograde", NAME, *words, status=1, path=nothing)
    if canary:
        assert "Nothing was graded: The sandbox needs bubblewrap" in said.splitlines()[-1]
    assert "The sandbox needs bubblewrap, which is not installed: apt install bubblewrap" in said
    assert list(course.glob("autograded/**/*.ipynb")) == []
    assert points(course) == []


def test_the_demo_does_without_for_its_own_class_and_says_so(course, nothing, monkeypatch, capfd):
    monkeypatch.setenv("PATH", str(nothing))
    why_unavailable.cache_clear()
    try:
        demo.grade(course, [NAME])
    finally:
        why_unavailable.cache_clear()
    assert demo.read_scores(course)[ADA.name, NAME] == (9, 9)
    told = " ".join(capfd.readouterr().out.split())
    assert told.count("Without a sandbox, as an exception for this sample class") == 1
    assert "the submissions of students are not graded without one" in told
    assert "apt install bubblewrap" in told and "runs in a sandbox" not in told
    assert (course / "feedback" / ADA.name / NAME / f"{NAME}.html").exists()
