"""One batch of submissions, each odd in its way, through nbgrader's commands: all are graded."""

import json
import os
import subprocess
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook

from tests.conftest import no_sandbox
from tests.support import small_course as small

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="links and pipes are made"),
]

CONFIG = """
from autograder.configure import trusted_grading

c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.ignore.extend(["*.py"])
trusted_grading(c)
c.TrustedExecute.sandboxed = {sandboxed}
c.GradingExporter.canary = False
"""
# double 2 points, triple 3 of 4, as its test says.
ALL_POINTS = 5


def _cell(notebook, name):
    return notebook.cells[small.place(notebook, name)]


def deleted_tests(n):
    n.cells = [c for c in n.cells if not c.id.startswith(("test", "check"))]


def deleted_everything(n):
    n.cells = []


def duplicated_tests(n):
    n.cells += [small.json_copy(c) for c in n.cells]


def renamed(n):
    for number, cell in enumerate(n.cells):
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade_id = f"x{number}"


def without_metadata(n):
    for cell in n.cells:
        cell.metadata = {}


def too_new(n):
    for cell in n.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 99


def odd_versions(n):
    odd: list[Any] = ["3", [3], None, 0, 1, 2, True, {}]
    for cell, version in zip(n.cells[1:], odd):
        cell.metadata.setdefault("nbgrader", {})["schema_version"] = version


def more_points(n):
    for cell in n.cells:
        cell.metadata.setdefault("nbgrader", {}).update(points=100, grade=True)


def flipped(n):
    _cell(n, "test-double").metadata.nbgrader.update(grade=False, solution=True, locked=False)
    small.put(n, "double", "def double(x):\n    return x")


def edited_tests(n):
    small.put(n, "test-triple", "4")
    small.put(n, "test-double", "2")


def retyped(n):
    for cell in n.cells:
        cell.cell_type = "raw"


def graded_first(n):
    n.cells.sort(key=lambda cell: not cell.id.startswith(("test", "check")))


def tagged(n):
    for cell in n.cells:
        cell.metadata.tags = ["skip-execution", "a,b", 5]


def gift(n):
    n.cells.append(small.marked(new_code_cell("100"), "gift", grade=True, points=100, locked=True))


def other_kernel(n):
    n.metadata = {"kernelspec": {"name": "bash", "display_name": "x"}, "title": 5, "language": 5}


def nbgrader_is_null(n):
    for cell in n.cells[::2]:
        cell.metadata["nbgrader"] = None


def odd_cells(n):
    n.cells += ["text", 5, None, {}, {"cell_type": "heading", "source": "x", "level": 1}]
    for cell in n.cells[:3]:
        cell["id"] = "same"


def hostile(n):
    small.put(n, "how", "<script>alert(1)</script>")
    n.cells.insert(1, new_markdown_cell("<style>.total{display:none}</style><img src=x onerror=a>"))
    n.cells.insert(2, new_code_cell(
        "from IPython.display import HTML, Javascript, display\n"
        "display(HTML('<script>alert(1)</script>'), Javascript('alert(1)'))"
    ))  # fmt: skip


def split_answer(n):
    at = small.place(n, "why")
    part = small.json_copy(n.cells[at])
    part.source = "A second part."
    n.cells.insert(at + 1, part)


# From what is done to a right solution to the points that tests give for it.
NOTEBOOKS = {
    deleted_tests: 5, deleted_everything: 0, duplicated_tests: 5, renamed: 5, without_metadata: 5,
    too_new: 5, odd_versions: 5, more_points: 5, flipped: 3, edited_tests: 5, retyped: 5,
    graded_first: 5, tagged: 5, gift: 5, other_kernel: 5, nbgrader_is_null: 5, odd_cells: 5,
    hostile: 5, split_answer: 5,
}  # fmt: skip
FILES = {
    "empty": b"", "words": b"my homework", "list": b"[]", "binary": bytes(range(256)),
    "format_99": b'{"nbformat": 99, "nbformat_minor": 0, "metadata": {}, "cells": []}',
    "deep": b"[" * 100_000,
}  # fmt: skip
LINKS = ["link", "dangling", "linked_folder"]
NAMES = [do.__name__ for do in NOTEBOOKS]


@pytest.fixture(scope="module")
def batch(tmp_path_factory, nbgrader):
    course = small.make(tmp_path_factory.mktemp("batch") / "course")
    (course / "nbgrader_config.py").write_text(
        CONFIG.format(root=str(course), sandboxed=not no_sandbox())
    )
    for do in NOTEBOOKS:
        notebook = small.answered(course)
        do(notebook)
        hand_in(course, do.__name__, json.dumps(notebook).encode())
    for name, content in FILES.items():
        hand_in(course, name, content)
    hand_in(course, "ada", nbformat.writes(small.answered(course)).encode())
    victim = course / "submitted" / "ada" / small.NAME / f"{small.NAME}.ipynb"
    for name, target in (("link", victim), ("dangling", course / "nowhere")):
        path = course / "submitted" / name / small.NAME / f"{small.NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.symlink_to(target)
    (course / "submitted" / "linked_folder").mkdir()
    (course / "submitted" / "linked_folder" / small.NAME).symlink_to(victim.parent)
    with_files = course / "submitted" / "gift" / small.NAME
    (with_files / "own.csv").write_text("1,2")
    (with_files / "db.csv").symlink_to(course / "gradebook.db")
    (with_files / "nothing.csv").symlink_to(course / "nowhere")
    os.mkfifo(with_files / "pipe")
    (with_files / os.fsdecode(b"r\xe9sum\xe9.csv")).write_text("1,2")
    with (with_files / "sparse.bin").open("wb") as file:
        file.truncate(3_000_000_000)
    hand_in(course, "crowd", nbformat.writes(small.answered(course)).encode())
    crowd = course / "submitted" / "crowd" / small.NAME
    for number in range(3000):
        (crowd / f"{number:04d}.txt").touch()
    deep = os.open(crowd, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=deep)
        above, deep = deep, os.open("d", os.O_RDONLY, dir_fd=deep)
        os.close(above)
    os.close(deep)
    log = nbgrader(course, "autograde", small.NAME) + nbgrader(
        course, "generate_feedback", small.NAME
    )
    yield course, log
    # Python's own way would go into folders as deep as it can bear, and no deeper.
    subprocess.run(["rm", "-rf", course / "submitted"], check=True)


def hand_in(course, student, content):
    path = course / "submitted" / student / small.NAME / f"{small.NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)


def points(course, student):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        graded = gradebook.find_submission_notebook(small.NAME, small.NAME, student)
        return graded.code_score, graded.needs_manual_grade


def feedback(course, student):
    path = course / "feedback" / student / small.NAME / f"{small.NAME}.html"
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@pytest.mark.long
class TestOddBatch:
    @pytest.mark.parametrize("do", NOTEBOOKS, ids=lambda do: do.__name__)
    def test_every_odd_notebook_gets_what_its_work_is_worth(self, batch, do):
        assert points(batch[0], do.__name__)[0] == NOTEBOOKS[do]

    @pytest.mark.parametrize("name", [*FILES, *LINKS])
    def test_what_is_no_notebook_gets_nothing_and_waits_for_nobody(self, batch, name):
        """Of a task nbgrader knows no answer: a person has to look at it in any case."""
        assert points(batch[0], name)[0] == 0
        with Gradebook(f"sqlite:///{batch[0]}/gradebook.db") as gradebook:
            for answer in ("why", "how"):
                assert not gradebook.find_grade(
                    answer, small.NAME, small.NAME, name
                ).needs_manual_grade

    @pytest.mark.parametrize("name", [*NAMES, *FILES, *LINKS, "ada"])
    def test_everybody_gets_feedback_without_hidden_tests_and_scripts(self, batch, name):
        page = feedback(batch[0], name)
        # What a failed test says is meant to be read; how it asks is not.
        assert "double(21)" not in page.text and "triple(14)" not in page.text
        assert "Hidden tests were here." in page.text
        assert page.find(class_="total")
        assert not page.find_all(["script", "iframe", "link"])
        assert len(page.find_all("style")) == 1

    @pytest.mark.parametrize("name", [*FILES, *LINKS])
    def test_the_reason_is_told(self, batch, name):
        wanted = "is a link to another file" if name in LINKS else "cannot be read as a notebook"
        assert wanted in feedback(batch[0], name).find(class_="note").text

    def test_an_answer_in_two_parts_is_one(self, batch):
        assert points(batch[0], "split_answer")[1]
        (answer,) = feedback(batch[0], "split_answer").find_all(id="part-why")
        assert "Because it is twice." in answer.text and "A second part." in answer.text

    def test_a_neighbour_s_work_is_not_in_a_link_s_feedback(self, batch):
        assert "x + x" in feedback(batch[0], "ada").text
        for name in LINKS:
            assert "x + x" not in feedback(batch[0], name).text

    def test_nothing_that_a_link_leads_to_lies_beside_a_graded_notebook(self, batch):
        graded = batch[0] / "autograded" / "gift" / small.NAME
        assert {path.name for path in graded.iterdir()} == {f"{small.NAME}.ipynb", "own.csv"}
        for name in LINKS:
            graded = batch[0] / "autograded" / name / small.NAME
            assert {path.name for path in graded.iterdir()} == {f"{small.NAME}.ipynb"}

    def test_what_is_too_much_is_not_used_and_the_student_is_told(self, batch):
        note = feedback(batch[0], "gift").find(class_="note").text
        assert "sparse.bin: it has 3000 MB" in note
        assert r"r\xe9sum\xe9.csv: its name is no text in UTF-8" in note
        assert "db.csv, nothing.csv: it is a link" in note
        assert points(batch[0], "crowd")[0] == ALL_POINTS
        note = feedback(batch[0], "crowd").find(class_="note").text
        assert "and 1997 more: at most 1000 files and folders are used" in note
        graded = batch[0] / "autograded" / "crowd" / small.NAME
        assert len(os.listdir(graded)) < 1001
        (aside,) = (batch[0] / "submitted" / "crowd").glob(f".{small.NAME}.*")
        assert str(aside) in batch[1]

    def test_the_log_names_students_cells_and_targets(self, batch):
        assert "deleted_tests/ps1/ps1: cell test-double: The test cell" in batch[1]
        assert "link/ps1/ps1: cell -: the notebook is a link to" in batch[1]
        assert "'db.csv' is a link to" in batch[1]

    def test_what_was_handed_in_is_as_it_was(self, batch):
        folder = batch[0] / "submitted"
        assert (folder / "binary" / small.NAME / f"{small.NAME}.ipynb").read_bytes() == bytes(
            range(256)
        )
        assert (folder / "gift" / small.NAME / "db.csv").is_symlink()

    def test_an_honest_student_gets_no_note(self, batch):
        assert points(batch[0], "ada")[0] == ALL_POINTS
        assert not feedback(batch[0], "ada").find(class_="note")
