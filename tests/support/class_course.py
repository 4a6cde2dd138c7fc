"""A course whose class is graded in no time, and the command that grades it, for tests."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import inspect
from traitlets.config import Config

from tests.conftest import no_sandbox
from tests.support.small_course import marked, put

NAME, TWO = "ps1", "ps2"
CONFIG = """
from pathlib import Path

from autograder.configure import trusted_grading

c = get_config()
c.CourseDirectory.course_id = "small"
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
trusted_grading(c)
c.TrustedExecute.sandboxed = {sandboxed}
# Tests of the trials have them; the others are quicker without.
c.GradingExporter.canary = False
"""
# A step of grading that ends the process over one student, for nbgrader_config.py.
KILLS = """
import os

from nbgrader.preprocessors import CheckCellMetadata


class Kills(CheckCellMetadata):
    def preprocess(self, nb, resources):
        if resources["nbgrader"]["student"] == "s02":
            os.kill(os.getpid(), 9)
        return super().preprocess(nb, resources)


c.Autograde.sanitize_preprocessors = [*c.Autograde.sanitize_preprocessors, Kills]
"""
HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
SOLUTION = "def {0}(x):\n    ### BEGIN SOLUTION\n    return {1} * x\n    ### END SOLUTION"


def source(*functions):
    """A source notebook: for each function a cell to write it in, and a test; a written answer.

    functions: (name, factor, points). What is odd, but right at 21, gets half of the points.
    """
    cells = [marked(new_code_cell("FACTOR = 2"), "start", locked=True)]
    for name, factor, points in functions:
        test = HIDDEN.format(
            f"assert {name}(21) == {21 * factor}, 'wrong at 21'\n"
            f"{points}.0 if {name}(2) == {2 * factor} else {points / 2}"
        )
        cells += [
            marked(new_code_cell(SOLUTION.format(name, factor)), name, solution=True),
            marked(new_code_cell(f"# {points} points\n{test}"), f"test-{name}", points=points,
                   grade=True, locked=True),
        ]  # fmt: skip
    cells += [
        marked(new_markdown_cell("YOUR ANSWER HERE"), "why", grade=True, solution=True, points=3)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    notebook.nbformat_minor = 5
    return notebook


def make(folder):
    """Make the course: ps1 of one notebook and a file, ps2 of two notebooks; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nbgrader_config.py").write_text(CONFIG.format(sandboxed=not no_sandbox()))
    notebooks = {
        (NAME, NAME): source(("double", 2, 2), ("triple", 3, 4)),
        (TWO, "first"): source(("double", 2, 2)),
        (TWO, "second"): source(("triple", 3, 4)),
    }
    for (assignment, name), notebook in notebooks.items():
        path = folder / "source" / assignment / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
    (folder / "source" / NAME / "data.csv").write_text("1,2\n")
    for assignment in (NAME, TWO):
        release(folder, assignment)
    return folder


def release(course, assignment, db_url=None):
    """As `nbgrader generate_assignment --force` does."""
    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.course_id = "small"
    config.CourseDirectory.assignment_id = assignment
    if db_url:
        config.CourseDirectory.db_url = db_url
    made = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    made.force = True
    made.start()


def configure(course, text):
    """Add to the course's nbgrader_config.py."""
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(text)


def answered(course, assignment=NAME, name=NAME, **texts):
    """A released notebook with right answers; texts: other ones, by function or answer."""
    path = course / "release" / assignment / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    right = {"double": "def double(x):\n    return x + x", "why": "So.",
             "triple": "def triple(x):\n    return 3 * x"}  # fmt: skip
    there = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells}
    for cell, text in {**right, **texts}.items():
        if cell in there:
            put(notebook, cell, text)
    return notebook


def hand_in(course, student, notebook, assignment=NAME, name=NAME):
    """Write a submission; notebook: a notebook, or the bytes of the file. Returns its folder."""
    path = course / "submitted" / student / assignment / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode()
    path.write_bytes(content)
    return path.parent


def hand_in_class(course, count):
    """A class of so many students, each of whom hands in something else; returns their names."""
    names = [f"s{number:02d}" for number in range(count)]
    texts = ["return 2 * x", "return x", "return 42", "raise ValueError(x)"]
    for number, name in enumerate(names):
        text = f"def double(x):\n    {texts[number % len(texts)]}  # of {name}"
        hand_in(course, name, answered(course, double=text))
    return names


# --- what is there afterwards ----------------------------------------------------------


def rows(course, db_url=None):
    """What the gradebook says of submissions, in words that do not depend on its keys."""
    found: dict[Any, Any] = {}
    with book(course, db_url) as gradebook:
        found["students"] = sorted(student.id for student in gradebook.students)
        for assignment in gradebook.assignments:
            for submission in assignment.submissions:
                who = (assignment.name, submission.student.id)
                assert who not in found, f"two rows of {who}"
                found[who] = {"when": submission.timestamp, "extension": submission.extension}
                for notebook in submission.notebooks:
                    late = notebook.late_submission_penalty
                    found[who][notebook.name] = {
                        "penalty": late,
                        **{entry.name: values(entry) for entry in notebook.grades},
                        **{f"{entry.name} comment": values(entry) for entry in notebook.comments},
                    }
    return found


def values(entry):
    """The columns of a row, but for keys."""
    names = [column.key for column in inspect(type(entry)).column_attrs]
    return {name: getattr(entry, name) for name in names if not name.endswith("id")}


@contextlib.contextmanager
def book(course, db_url=None):
    with Gradebook(db_url or f"sqlite:///{course}/gradebook.db", "small") as gradebook:
        yield gradebook


def score(course, student, cell, assignment=NAME, name=NAME):
    with book(course) as gradebook:
        return gradebook.find_grade(cell, name, assignment, student).auto_score


def tree(folder):
    """From each path below a folder to the bytes, the permissions and the type."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else None
        found[str(path.relative_to(folder))] = (content, oct(status.st_mode))
    return found


def times(course):
    """When everything that grading writes was written, by its path."""
    wanted = [*(course / "autograded").rglob("*"), *(course / "verdicts").rglob("*.json")]
    return {str(path): path.lstat().st_mtime_ns for path in wanted}


def record_of(course, student, assignment=NAME):
    return json.loads((course / "verdicts" / assignment / f"{student}.json").read_text())


def is_whole(course, names, assignment=NAME):
    """Nothing is missing, twice or half-written after a run; says so by asserting."""
    for name in names:
        record = record_of(course, name, assignment)
        assert (record["student"], record["assignment"]) == (name, assignment)
        assert record["status"] in ("graded", "failed")
    there = [path.name for path in (course / "verdicts" / assignment).iterdir()]
    assert sorted(there) == sorted(f"{name}.json" for name in names)
    for folder in (course / "autograded").iterdir():
        assert [path.name for path in folder.iterdir()] == [assignment], folder
        for path in folder.rglob("*.ipynb"):
            nbformat.read(path, as_version=4)
    assert {who[1] for who in rows(course) if who[0] == assignment} >= set(names)


# --- the command -----------------------------------------------------------------------

SERVER = """
import contextlib, gc, json, os, sys
import autograder.cli, autograder.classrun.run
from autograder.kernel.sandbox.warm import WARM
if {share}:
    WARM.share()
# Once, what is made when it is first needed: SQLAlchemy's mappers, traitlets' classes.
with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):
    autograder.cli.main(["grade", "ps1", "--dry-run", "--course", {course!r}])
gc.freeze()
for line in sys.stdin:
    request = json.loads(line)
    if "wait" in request:
        status = os.waitpid(request["wait"], 0)[1]
        print(os.waitstatus_to_exitcode(status), flush=True)
        continue
    pid = os.fork()
    if pid:
        print(pid, flush=True)
        continue
    os.setpgid(0, 0)
    with open(request["output"], "wb") as file, open(os.devnull, "rb") as nothing:
        for number, stream in enumerate([nothing, file, file]):
            os.dup2(stream.fileno(), number)
    os.chdir("/")
    sys.argv = ["autograder", *request["words"]]
    exec(request["before"], {{}})
    status = autograder.cli.main(request["words"])
    sys.stdout.flush()
    # To take apart what was imported takes longer than many a command.
    os._exit(status)
"""


class Command:
    """`python -m autograder`, forked from a process that has imported it.

    It does what the command does, without the seconds that its imports take, nor those of the
    kernels' parent, which all of them share.
    """

    def __init__(self, course, folder):
        """course: one that the command may look at. folder: for what is printed."""
        self.folder, self.count = Path(folder), 0
        self.process = process = subprocess.Popen(
            [sys.executable, "-c", SERVER.format(share=not no_sandbox(), course=str(course))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        assert process.stdin and process.stdout
        self.asked, self.answers = process.stdin, process.stdout

    def start(self, *words, before=""):
        """Start the command; returns a Running. before: Python that it executes first."""
        self.count += 1
        output = self.folder / f"output{self.count}"
        request = {"words": list(map(str, words)), "output": str(output), "before": before}
        return Running(self, self._ask(request), output)

    def grade(self, course, *words, status=0, before=""):
        """Grade, and return what was printed. status: that it has to end with."""
        assignments = [] if words and not str(words[0]).startswith("-") else [NAME]
        running = self.start("grade", *assignments, *words, "--course", course, before=before)
        ended = running.wait()
        assert ended == status, (ended, running.printed())
        return running.printed()

    def _ask(self, request):
        self.asked.write(json.dumps(request) + "\n")
        self.asked.flush()
        return int(self.answers.readline())

    def end(self):
        self.asked.close()
        self.process.wait(60)


class Running:
    """A command that was started. pid: of its process. status: once it has ended, how."""

    def __init__(self, command, pid, output):
        self.command, self.pid, self.output, self.status = command, pid, output, None

    def kill(self):
        """kill -9, and wait until it is gone."""
        os.kill(self.pid, signal.SIGKILL)
        return self.wait()

    def wait(self):
        if self.status is None:
            self.status = self.command._ask({"wait": self.pid})
        return self.status

    def printed(self):
        return self.output.read_text(encoding="utf-8", errors="replace")


def waits(*forward):
    """A configuration in which grading waits in the workers until there is a file `go`.

    Who disturbs a run finds it at work, however slowly the test itself goes. forward: students who
    need not wait.
    """
    return f"""
import time

from nbgrader.preprocessors import CheckCellMetadata


class Waits(CheckCellMetadata):
    def preprocess(self, nb, resources):
        folder, student = Path(__file__).parent, resources["nbgrader"]["student"]
        (folder / "begun").mkdir(exist_ok=True)
        (folder / "begun" / student).touch()
        while student not in {forward!r} and not (folder / "go").exists():
            time.sleep(0.05)
        return super().preprocess(nb, resources)


c.Autograde.sanitize_preprocessors = [*c.Autograde.sanitize_preprocessors, Waits]
"""


def record_files(course):
    return sorted(course.glob("verdicts/*/*.json"))


# --- fixtures, which test modules import ------------------------------------------------


@pytest.fixture
def course(class_course, tmp_path):
    """A course of one's own, in which nobody has handed in."""
    return shutil.copytree(class_course, tmp_path / "course")


__all__ = [
    "KILLS",
    "NAME",
    "TWO",
    "answered",
    "book",
    "configure",
    "course",
    "hand_in",
    "hand_in_class",
    "is_whole",
    "record_files",
    "record_of",
    "release",
    "rows",
    "score",
    "source",
    "times",
    "tree",
]  # fmt: skip
