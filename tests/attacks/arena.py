"""A machine to throw away: a course, and nbgrader grading it, in a sandbox.

A PID namespace of its own, no network, everything read-only but the course, a home and small
in-memory folders. So an attack that wins against the stock grader, which has no sandbox, hurts
nothing here. It takes bubblewrap and unshare, for ours as well as for the stock grader.
"""

import datetime
import json
import os
import shutil
import site
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

from autograder import CLONE
from autograder.authoring.build import build, copy_sources
from autograder.course.files import write_notebook
from autograder.exercises.sample import Student, submission
from tests.attacks import inside
from tests.attacks.tokens import new_secrets
from tests.attacks.work import COURSE, FIRST, LAST, MARK, Work

SITE = Path(next(p for p in site.getsitepackages() if (Path(p) / "nbgrader").exists()))
OUTSIDE = Path(COURSE).parent
MEGABYTE = 2**20
BESIDE = 3  # students that are graded at the same time

STOCK_CONFIG = f'''
c = get_config()
c.CourseDirectory.course_id = "sparse-autoencoder"
c.CourseDirectory.root = "{COURSE}"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
'''

# Known before: the sigmoid and its neighbours are right, the rest is wrong or missing.
HALF = Student(LAST, "half done", finished=(
    "sigmoid", "unpack_parameters", "feed_forward", "average_activation", "numerical_gradient",
    "maximal_inputs",
))  # fmt: skip


def missing():
    """What keeps this machine from holding an arena, in words; None where it can."""
    for program, package in (("bwrap", "bubblewrap"), ("unshare", "util-linux")):
        if not shutil.which(program):
            return f"{package} is not installed"
    probe = [
        *_sandbox(),
        "bwrap",
        "--unshare-all",
        "--ro-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "true",
    ]
    answer = subprocess.run(probe, check=False, capture_output=True, text=True)
    if answer.returncode:
        return f"bubblewrap does not work in bubblewrap here ({answer.stderr.strip()[-200:]})"
    return None


class Template:
    """A course with secrets planted in it, built once and copied for each run."""

    def __init__(self, folder):
        self.folder, self.secrets = Path(folder), new_secrets()
        self.course = copy_sources(CLONE, self.folder / "course")
        for path in self.course.glob("solutions/*/*.py"):
            path.write_text(self._planted(path.read_text(encoding="utf-8")), encoding="utf-8")
        self.names = build(self.course, execute=False)
        # In a process of its own: nbgrader's commands change the working directory.
        subprocess.run(
            [sys.executable, "-m", "nbgrader", "generate_assignment", "*", "--force"],
            cwd=self.course, check=True, capture_output=True, env=_environment(self.folder),
        )  # fmt: skip
        with Gradebook(f"sqlite:///{self.course}/gradebook.db") as gradebook:
            for student in (FIRST, LAST):
                gradebook.add_student(student, last_name=self.secrets["gradebook"])

    def _planted(self, source):
        """A source with a secret in each answer and in each hidden test."""
        lines = []
        for line in source.splitlines(keepends=True):
            lines.append(line)
            words, space = line.strip(), line[: len(line) - len(line.lstrip())]
            if words == "### BEGIN SOLUTION":
                lines.append(f'{space}secret = "{self.secrets["solution"]}"\n')
            if words == "### BEGIN HIDDEN TESTS":
                lines.append(f'{space}secret = "{self.secrets["hidden"]}"\n')
        return "".join(lines)

    def released(self, assignment):
        path = self.course / "notebooks" / assignment / f"{assignment}.ipynb"
        return nbformat.read(path, as_version=4)

    def neighbours(self, assignment):
        """What the two honest students hand in."""
        solved = CLONE / "solutions" / assignment / f"{assignment}.ipynb"
        solved = nbformat.read(solved, as_version=4)
        for student in (Student(FIRST, "everything right"), HALF):
            notebook = submission(student, solved, self.released(assignment))
            note = nbformat.v4.new_code_cell(f"# my own idea: {self.secrets['neighbour']}")
            note.id = "note"
            notebook.cells.insert(1, note)
            yield student.name, notebook


class Run:
    """A few students graded in an arena: one after the other, by `nbgrader autograde`.

    ours: whether our grader grades, or nbgrader as it comes. others: (student, notebook) pairs of
    further honest students. settings: lines for the end of our nbgrader_config.py. together:
    whether they are graded beside each other, by `autograder grade`.
    """

    def __init__(
        self,
        template,
        folder,
        ours,
        assignment,
        attacks=(),
        others=(),
        seconds=300,
        settings="",
        together=False,
    ):
        self.template, self.ours, self.assignment = template, ours, assignment
        self.together = together
        self.folder = Path(folder)
        self.course = shutil.copytree(template.course, self.folder / "course", symlinks=True)
        if ours:
            with (self.course / "nbgrader_config.py").open("a") as file:
                file.write(f"\n{settings}\n")
        else:
            (self.course / "nbgrader_config.py").write_text(STOCK_CONFIG)
            # An ordinary course has no sources beside its notebooks, which nbgrader would hand on.
            for path in self.course.glob("solutions/*/*.py"):
                path.unlink()
        submitted = self.course / "submitted"
        for student, notebook in [*template.neighbours(assignment), *others]:
            write_notebook(notebook, submitted / student / assignment / f"{assignment}.ipynb")
        for attack in attacks:
            work = Work(attack.student, assignment, template.released(assignment), str(SITE))
            if attack.exchange:
                # As `nbgrader submit` does.
                work.file("submission_secret.txt", f"word of {attack.student}")
                work.file("timestamp.txt", "2026-01-01 00:00:00 UTC")
                # What was handed in before counts where the attack is not taken.
                work.write(submitted, self._inbound(attack, seconds=30))
            attack.module.submit(work)
            work.write(submitted, self._inbound(attack) if attack.exchange else None)
        if any(attack.exchange for attack in attacks):
            self._use_exchange(submitted)
        self.attacks, self.seconds = attacks, seconds
        self.before = self._untouchable()
        self.result, self.people = {}, {}

    def _inbound(self, attack, seconds=0):
        """A new folder's path in the exchange, as `nbgrader submit` names it."""
        time = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=seconds)
        name = f"{attack.student}+{self.assignment}+{time:%Y-%m-%d %H:%M:%S.%f UTC}+{seconds}"
        return self.folder / "exchange" / "sparse-autoencoder" / "inbound" / name

    def _use_exchange(self, submitted):
        # There is one user in an arena, so the owner of a folder tells nothing.
        lines = f'c.Exchange.root = "{OUTSIDE}/exchange"\nc.ExchangeCollect.check_owner = False\n'
        with (self.course / "nbgrader_config.py").open("a") as file:
            file.write(f"\n{lines}")
        for student in (FIRST, LAST):
            folder = submitted / student / self.assignment
            (folder / "timestamp.txt").write_text("2026-01-01 00:00:00 UTC")
            (folder / "submission_secret.txt").write_text(f"word of {student}")

    def published(self):
        """The files that the exchange has for students."""
        return [*self.folder.glob("exchange/*/feedback/*")]

    def start(self):
        """Grade, write feedback, and look at what is left; returns self."""
        for name in ("home", "site"):
            (self.folder / name).mkdir()
        grading = "grade" if self.together else "autograde"
        names = [grading, "generate_feedback"]
        if any(attack.exchange for attack in self.attacks):
            names = ["collect", *names, "release_feedback"]
        plan = {
            "commands": [
                [name, self.assignment, *(["--jobs", str(BESIDE)] if name == "grade" else [])]
                for name in names
            ],
            "graded": names.index(grading),
            "seconds": self.seconds,
            "log": f"{OUTSIDE}/nbgrader.log",
            "mark": MARK,
            "clone": [str(CLONE), sys.prefix, sys.base_prefix],
            "watched": ["/tmp", "/var/tmp", "/dev/shm", f"{OUTSIDE}/home", COURSE],
            "shared": ["/tmp", "/dev/shm", "/var/tmp"],
            "clean": ["/tmp", "/dev/shm", "/var/tmp"] if self.ours else [],
        }
        (self.folder / "plan.json").write_text(json.dumps(plan))
        environment = _environment(OUTSIDE / "home") | {
            "TOP_SECRET": self.template.secrets["environment"]
        }
        if not self.ours:
            environment |= {
                "SAELAB_PREVIOUS": f"{COURSE}/solutions",
                "AUTOGRADER_SOLUTIONS": f"{COURSE}/solutions",
            }
        command = [
            *_sandbox(self.folder, environment),
            *("prlimit", f"--as={8192 * MEGABYTE}", f"--fsize={256 * MEGABYTE}", "--core=0", "--"),
            sys.executable, "-P", inside.__file__, f"{OUTSIDE}/plan.json", f"{OUTSIDE}/result.json",
        ]  # fmt: skip
        with (self.folder / "arena.log").open("wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
            try:
                process.wait(self.seconds + 120)
            except subprocess.TimeoutExpired:
                pass
            finally:
                # Each dies with its parent, and the whole PID namespace with its first process.
                process.kill()
                process.wait()
        try:
            self.result = json.loads((self.folder / "result.json").read_text())
        except (OSError, ValueError):
            said = (self.folder / "arena.log").read_text(errors="replace")[-300:]
            self.result = {"stopped": f"the arena fell ({said.strip()})"}
        known = {path.name for path in SITE.iterdir()}
        new = [path.name for path in (self.folder / "site").iterdir() if path.name not in known]
        self.result.setdefault("left", []).extend(f"site-packages/{name}" for name in new)
        return self

    def log(self):
        path = self.folder / "nbgrader.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def changed(self):
        """What must stay as it was and did not: solutions, release, neighbours' submissions."""
        after = self._untouchable()
        names = sorted(set(after) | set(self.before))
        return [name for name in names if after.get(name) != self.before.get(name)]

    def _untouchable(self):
        files = [*self.course.glob("solutions/**/*"), *self.course.glob("notebooks/**/*")]
        for student in (FIRST, LAST):
            files += self.course.glob(f"submitted/{student}/**/*")
        files.append(self.course / "nbgrader_config.py")
        kept = [path for path in files if path.is_file() and "__pycache__" not in path.parts]
        return {str(path.relative_to(self.course)): path.read_bytes() for path in kept}

    def grades(self):
        """From a student to cells to points by tests; None where the gradebook is ruined."""
        query = """
            select s.student_id, c.name, g.auto_score, g.manual_score, g.extra_credit, k.max_score
            from submitted_assignment s
            join assignment a on s.assignment_id = a.id
            join submitted_notebook n on n.assignment_id = s.id
            join grade g on g.notebook_id = n.id
            join base_cell c on g.cell_id = c.id
            join grade_cells k on k.id = c.id
            where a.name = ? and k.cell_type = 'code'
        """
        try:
            with sqlite3.connect(f"file:{self.course}/gradebook.db?mode=ro", uri=True) as base:
                table: dict[str, dict[str, tuple[Any, ...]]] = {}
                for student, cell, *numbers in base.execute(query, (self.assignment,)):
                    table.setdefault(student, {})[cell] = tuple(numbers)
                people = base.execute("select id, first_name, last_name from student").fetchall()
                self.people = {row[0]: row[1:] for row in people if "mallory" not in row[0]}
                return table
        except sqlite3.Error:
            return None

    def autograded(self, student):
        path = self.course / "autograded" / student / self.assignment / f"{self.assignment}.ipynb"
        try:
            return nbformat.read(path, as_version=4)
        except Exception:
            return None

    def feedback(self, student):
        path = self.course / "feedback" / student / self.assignment / f"{self.assignment}.html"
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None

    def remove(self):
        # Python's own way would go into folders as deep as it can bear, and no deeper.
        subprocess.run(["rm", "-rf", self.folder], check=False)


def _environment(home):
    """The environment of somebody who has activated the venv, with a home of its own."""
    own = str(Path(sys.executable).parent)
    kept = {name: os.environ[name] for name in ("LANG", "CI") if name in os.environ}
    return {
        **kept,
        "PATH": f"{own}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _sandbox(folder=None, environment=None):
    """The command that puts another one into an arena; without a folder, only to try whether."""
    command = [
        "bwrap", "--unshare-net", "--unshare-ipc", "--die-with-parent", "--ro-bind", "/", "/",
        "--dev", "/dev",
        "--size", str(512 * MEGABYTE), "--tmpfs", "/tmp",
        "--size", str(256 * MEGABYTE), "--tmpfs", "/dev/shm",
        "--size", str(16 * MEGABYTE), "--tmpfs", "/var/tmp",
        "--cap-add", "ALL",
    ]  # fmt: skip
    for place in dict.fromkeys([str(CLONE), sys.prefix, sys.base_prefix]):
        # A clone may lie in one of the folders that are empty in here.
        if place.startswith(("/tmp/", "/dev/shm/", "/var/tmp/")):
            command += ["--ro-bind", place, place]
    if os.geteuid() != 0:
        command += ["--unshare-user", "--uid", "0", "--gid", "0"]
    # bwrap's own --proc hides parts of /proc, and then no bwrap inside could mount another.
    inner = ["unshare", "--pid", "--fork", "--mount", "--mount-proc", "--kill-child"]
    if folder is None:
        return [*command, "--", *inner]
    command += ["--bind", str(folder), str(OUTSIDE)]
    # New files may be put into site-packages here; what is there already is read-only.
    command += ["--bind", str(folder / "site"), str(SITE)]
    for path in sorted(SITE.iterdir()):
        command += ["--ro-bind", str(path), str(path)]
    command += ["--chdir", COURSE, "--clearenv"]
    for name, value in environment.items():
        command += ["--setenv", name, value]
    return [*command, "--", *inner]
