"""docs/instructor.md does what it says: every command of the page is read there, and run."""

import csv
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder import CLONE
from autograder.exercises.sample import CLASS, hand_in

GUIDE = (CLONE / "docs" / "instructor.md").read_text(encoding="utf-8")
TEN, AGAIN, MACHINES, DATABASE = (
    "Ten commands", "Again, and when something fails", "Several machines", "PostgreSQL"
)  # fmt: skip
NAME = "02_cost"
FOUR = CLASS[:4]  # right, right otherwise, untouched, half done
IDS = {student.name: str(4711 + n) for n, student in enumerate(FOUR)}


def code(section):
    """The lines of code in a section of the page."""
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", GUIDE, re.M | re.S)
    return [line.strip() for line in text.splitlines() if line.startswith("    ")]


def commands(section):
    return [line for line in code(section) if not line.startswith("c.")]


def settings(section):
    """The lines that the section would have in nbgrader_config.py."""
    return [line for line in code(section) if line.startswith("c.")]


class Clone:
    """A copy of the course with the environment that the tests run in, and a terminal there."""

    def __init__(self, folder, course):
        self.folder = shutil.copytree(course, folder)
        (folder / ".venv").symlink_to(sys.prefix)
        self.entered = []
        own = str(Path(sys.executable).parent)
        path = [part for part in os.environ["PATH"].split(os.pathsep) if part != own]
        self.environment = {**os.environ, "PATH": os.pathsep.join(path)}
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
            self.environment[name] = str(folder.with_name("home") / name)

    def run(self, command, status=0):
        """Run a command as it is typed, in bash; returns what it printed."""
        folder = self.folder
        if command == "make venv":
            # An environment knows its clone by its place: in the copy it would be made anew.
            folder = CLONE
            if Path(sys.prefix) != CLONE / ".venv":
                command = "make --dry-run venv"
        elif command.startswith("source "):
            self.entered.append(command)
        script = "\n".join(["set -e", *self.entered, command])
        ended = subprocess.run(
            ["bash", "-c", script], check=False, cwd=folder, env=self.environment, text=True,
            timeout=500, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert ended.returncode == status, f"{command}\n{ended.stdout}"
        return ended.stdout

    def start(self, command):
        """Start a command that goes on; returns its process, which leads a group."""
        script = "\n".join([*self.entered, f"exec {command}"])
        return subprocess.Popen(
            ["bash", "-c", script], cwd=self.folder, env=self.environment, start_new_session=True
        )

    def set(self, lines):
        with (self.folder / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write("\n".join(["", *lines, ""]))

    def has(self, pattern):
        """How many files of a pattern there are."""
        return len(list(self.folder.glob(pattern)))


@pytest.fixture
def clone(tmp_path, fresh_course):
    return Clone(tmp_path / "clone", fresh_course)


@pytest.fixture
def entered(tmp_path, entered_course):
    """The same in the environment, with a release, a gradebook, and what one has handed in."""
    clone = Clone(tmp_path / "clone", entered_course)
    clone.run("source .venv/bin/activate")
    hand_in(clone.folder, FOUR[:1], [NAME])
    return clone


def download(clone):
    """Put into downloaded/ what Canvas gives of four students; bo was late."""
    place = clone.folder.with_name("work")
    for part in ("solutions", "notebooks"):
        shutil.copytree(clone.folder / part, place / part)
    hand_in(place, FOUR, [NAME])
    archive = clone.folder / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "submissions.zip", "w") as zipped:
        for student, number in IDS.items():
            late = "LATE_" if student == "bo" else ""
            path = place / "submitted" / student / NAME / f"{NAME}.ipynb"
            zipped.write(path, f"{student}_{late}{number}_9{number}_{NAME}.ipynb")


def test_the_page_has_ten_commands_and_the_tests_run_all():
    assert len(commands(TEN)) == 10
    lines = [line.strip() for line in GUIDE.splitlines() if line.startswith("    ")]
    assert lines == [*code(TEN), *code(AGAIN), *code(MACHINES), *code(DATABASE)]


def test_the_page_names_what_there_is():
    for link in re.findall(r"\]\(([^)#]+)\)", GUIDE):
        assert (CLONE / "docs" / link).exists()
    assert len(GUIDE.splitlines()) <= 130  # two pages


def test_the_page_says_the_points_of_each_notebook():
    told = re.findall(r"(\d\d)\s(\d+)\s\+\s(\d+)[,.]", GUIDE)
    found = []
    for path in sorted(CLONE.glob("solutions/*/*.py")):
        points = {"code": 0, "markdown": 0}
        cells = r'^# %% (\[markdown\])? ?.*nbgrader=.*"points": (\d+)'
        for text, number in re.findall(cells, path.read_text(encoding="utf-8"), flags=re.M):
            points["markdown" if text else "code"] += int(number)
        found.append((path.stem[:2], *map(str, points.values())))
    assert told == found


def grade_by_hand(clone):
    with Gradebook(f"sqlite:///{clone.folder / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(NAME):
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    if grade.needs_manual_grade:
                        grade.manual_score, grade.needs_manual_grade = 1, False
        gradebook.db.commit()


@pytest.mark.long
@pytest.mark.bubblewrap
def test_from_the_clone_to_grades_and_again(clone):
    graded = f"autograded/*/{NAME}/{NAME}.ipynb"
    # From a command to what is there after it, and was not before.
    leaves = {
        "generate_assignment": ("gradebook.db", 1),
        "kit": ("build/kit/sparse-autoencoder.zip", 1),
        "zip_collect": (f"submitted/*/{NAME}/{NAME}.ipynb", 4),
        "grade": (graded, 4),
        "report": (f"report/{NAME}.html", 1),
        "feedback": (f"feedback/*/{NAME}/{NAME}.html", 4),
        "export": ("canvas.csv", 1),
    }
    for command in commands(TEN):
        if "zip_collect" in command:
            clone.set(settings(TEN))
            download(clone)
        words = command.split()
        if words[1] == "export":
            assert "waits for a person" in clone.run(command, status=1)
            grade_by_hand(clone)
        pattern, number = leaves.pop(words[1], (None, 0))
        assert not pattern or clone.has(pattern) == 0
        said = clone.run(command)
        assert not pattern or clone.has(pattern) == number
        if words[1] == "doctor":
            assert "error" not in said and "warning" not in said
    assert not leaves
    with zipfile.ZipFile(clone.folder / "build" / "kit" / "sparse-autoencoder.zip") as kit:
        assert f"sparse-autoencoder/notebooks/{NAME}/{NAME}.ipynb" in kit.namelist()
    with (clone.folder / "canvas.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["SIS Login ID"]: row for row in csv.DictReader(file)}
    points = {name: rows[number][NAME] for name, number in IDS.items()}
    assert float(points["ada"]) == float(points["bo"]) > float(points["dan"]) > 0
    assert float(points["cleo"]) == 0

    dry, what_if, again, forced, history, flags, due = commands(AGAIN)
    assert "0 to grade, 4 unchanged." in clone.run(dry)
    assert "0 graded, 0 without a score, 4 unchanged" in clone.run(again)
    assert "0 would change, 4 would be graded as before" in clone.run(what_if)
    assert "1 graded, 0 without a score, 0 unchanged" in clone.run(forced)
    assert "none -> 1  (by hand)" in clone.run(history)
    assert "in 4 notebooks" in clone.run(flags)
    clone.run(due)
    with Gradebook(f"sqlite:///{clone.folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_assignment(NAME).duedate.isoformat() == "2030-01-31T23:59:00"
        assert len(gradebook.students) == 4
    # What cannot be graded is told, and put right by handing it in again.
    notebook = clone.folder / "submitted" / "4711" / NAME / f"{NAME}.ipynb"
    notebook = notebook.rename(notebook.with_name("mine.ipynb"))
    assert "02_cost  4711: no notebook of 02_cost was handed in" in clone.run(again, status=1)
    notebook.rename(notebook.with_name(f"{NAME}.ipynb"))
    assert "1 graded, 0 without a score, 3 unchanged" in clone.run(again)


@pytest.mark.long
@pytest.mark.bubblewrap
def test_several_machines(entered):
    pytest.importorskip("distributed", reason="needs the extra saelab[cluster]")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    here = [line.replace("HOST", "127.0.0.1").replace("8786", port) for line in commands(MACHINES)]
    scheduler, worker, grade = here
    running = []
    try:
        running.append(entered.start(scheduler))
        running.append(entered.start(worker))
        assert "1 graded, 0 without a score" in entered.run(grade)
        assert [process.poll() for process in running] == [None, None]
    finally:
        for process in running:
            os.killpg(process.pid, signal.SIGTERM)
        for process in running:
            process.wait(60)


@pytest.mark.long
@pytest.mark.bubblewrap
def test_a_gradebook_on_a_server(entered, postgresql):
    (line,) = settings(DATABASE)
    entered.set([re.sub('"postgresql.*"', repr(postgresql), line)])
    (entered.folder / "gradebook.db").unlink()
    release, grade = commands(TEN)[3], commands(TEN)[6]
    assert "generate_assignment" in release and "grade" in grade
    entered.run(release)
    assert "1 graded, 0 without a score" in entered.run(grade)
    assert not (entered.folder / "gradebook.db").exists()
    with Gradebook(postgresql) as gradebook:
        assert gradebook.find_submission(NAME, "ada").score > 0
