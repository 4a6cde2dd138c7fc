"""The feedback pages for students, written in parallel: the same as nbgrader's, byte for byte.

The pages of a submission are one folder, feedback/STUDENT/ASSIGNMENT/, which is made next to its
final place and then moved there as a whole. A digest of what the pages are made from is kept with
the records:

    verdicts/ASSIGNMENT/STUDENT.feedback

File times would not be enough: a score that a person enters in formgrader changes only the
gradebook, and in a copied course old pages have new times.
"""

import contextlib
import faulthandler
import functools
import glob
import hashlib
import importlib.metadata
import os
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.orm import Query
from traitlets import Unicode

from autograder.classrun.assignment import of_folder
from autograder.classrun.lock import locked
from autograder.classrun.steps import Task, messages
from autograder.classrun.workers import Pool, WorkerLost, cores, results
from autograder.course.files import sweep, write_whole
from autograder.course.folders import (
    Course,
    configuration,
    did_you_mean,
    folder_of,
    folders,
    no_assignment,
    open_course,
    open_gradebook,
)
from autograder.results import feedback
from autograder.results.grades import read_grades
from autograder.results.records import FOLDER, path_of
from autograder.submission.contents import files_in
from saelab import progress
from saelab.files import PART, put

PATIENCE = 300  # seconds that the pages of one submission may take
# An assignment, a student, and why there are no pages.
Failure = tuple[str, str, str]


def write(
    course: str | Path | Course,
    assignments: Collection[str],
    students: Collection[str] = (),
    force: bool = False,
    jobs: int | None = None,
    db_url: str | None = None,
) -> tuple[int, list[Failure]]:
    """Write the feedback of graded submissions where it is missing or out of date.

    Args:
        course: the course, or its folder.
        assignments: the names of the assignments.
        students: the ids of the students; empty for all.
        force: whether to write also what is up to date.
        jobs: how many submissions to work on at once; None for as many as there are processors.
        db_url: the URL of the gradebook, if it is not the configured one.

    Returns:
        The number of submissions whose pages were written, and a list of (assignment, student, why)
        for those whose pages could not be written.

    Raises:
        ValueError: if an assignment or a student does not exist.
        Stopped: if the course is being graded.
    """
    here = open_course(course, db_url)
    with locked(here.folder):
        unread: list[Failure] = []
        failed: list[Failure] = []
        prints = _wanted(here, list(dict.fromkeys(assignments)), students, force, unread)
        tasks = {Task(str(here.folder), here.db_url, *key): text for key, text in prints.items()}
        if tasks:
            _sweep(here, assignments)
            _warm(next(iter(tasks)))
            _run(here, tasks, jobs, failed)
    return len(tasks) - len(failed), unread + failed


def waiting(
    course: str | Path | Course,
    assignments: Collection[str],
    students: Collection[str] = (),
    db_url: str | None = None,
) -> int:
    """How many submissions that have feedback wait for a person, as their pages say.

    Args:
        course: the course, or its folder.
        assignments: the names of the assignments.
        students: the ids of the students; empty for all.
        db_url: the URL of the gradebook, if it is not the configured one.
    """
    here = open_course(course, db_url)
    with open_gradebook(here) as gradebook:
        return sum(
            bool(submission.waiting)
            and (not students or submission.student in students)
            and folder_of(here.coursedir, "feedback", assignment.name, submission.student).is_dir()
            for assignment in read_grades(gradebook)[1]
            if assignment.name in assignments
            for submission in assignment.submissions.values()
        )


def _run(here: Course, tasks: dict[Task, str], jobs: int | None, failed: list[Failure]) -> None:
    place = _above(here.coursedir)
    place.mkdir(parents=True, exist_ok=True)
    try:
        with (
            Pool(jobs or cores(), sandboxed=False) as workers,
            progress.bar(len(tasks), "writing feedback", unit="submission") as bar,
        ):
            for task, why in results(workers, make, list(tasks)):
                if isinstance(why, WorkerLost):
                    why = "its pages took too long, or ended the process that wrote them"
                elif isinstance(why, Exception):
                    why = f"{type(why).__name__}: {why}"
                if why:
                    failed.append((task.assignment, task.student, why))
                else:
                    mark = _mark(here, task.assignment, task.student)
                    mark.parent.mkdir(parents=True, exist_ok=True)
                    write_whole(mark, f"{tasks[task]}\n")
                bar.update()
    finally:
        _sweep(here, {task.assignment for task in tasks})


def _wanted(
    here: Course,
    assignments: Iterable[str],
    students: Collection[str],
    force: bool,
    failed: list[Failure],
) -> dict[tuple[str, str], str]:
    """The pages to write: from (assignment, student) to a digest of what they are made from.

    Submissions of which this cannot be told are added to `failed`.
    """
    coursedir = here.coursedir
    left_out = set(coursedir.student_id_exclude.split(","))
    wanted: dict[tuple[str, str], str] = {}
    graded: set[str] = set()
    settings = _settings(here)
    with open_gradebook(here) as gradebook:
        for assignment in assignments:
            try:
                entry = gradebook.find_assignment(assignment)
            except MissingEntry:
                names = [known.name for known in gradebook.assignments]
                raise ValueError(no_assignment(assignment, names)) from None
            entered = _entered(gradebook, entry)
            for (_, student), folder in folders(coursedir, "autograded", assignment).items():
                try:
                    found = files_in(folder)
                    names = sorted(Path(name).stem for name in found.notebooks)
                    if not names:
                        continue
                    graded.add(student)
                    if student in left_out or (students and student not in students):
                        continue
                    digest = hashlib.sha256(settings)
                    digest.update(repr(sorted(entered[student])).encode())
                    digest.update(found.digest())
                    for name in names:
                        digest.update((folder / f"{name}.ipynb").read_bytes())
                    text = digest.hexdigest()
                    target = folder_of(coursedir, "feedback", assignment, student)
                    there = all((target / f"{name}.html").is_file() for name in names)
                    if force or not there or _kept(_mark(here, assignment, student)) != text:
                        wanted[assignment, student] = text
                except Exception as error:
                    failed.append((assignment, student, f"{type(error).__name__}: {error}"))
    for student in students:
        if student not in graded:
            raise ValueError(
                f"there is no graded submission of student {student!r}."
                f"{did_you_mean(student, graded)} {_some(sorted(graded))}"
            )
    return wanted


def _settings(here: Course) -> bytes:
    """A digest of what the pages depend on besides submissions: configuration and code."""
    versions = [importlib.metadata.version(name) for name in ("nbgrader", "nbconvert")]
    digest = hashlib.sha256(repr(versions).encode())
    digest.update(configuration(here.folder))
    code = Path(feedback.__file__).parent
    return digest.digest() + of_folder(code, "*.py") + of_folder(code / "templates")


def _entered(gradebook: Gradebook, entry: Assignment) -> defaultdict[str, list[str]]:
    """What the gradebook says of an assignment's submissions: a list of texts for each student."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    query = gradebook.db.query
    where = SubmittedAssignment.student_id, Notebook.name
    scores = query(
        *where, BaseCell.name, Grade.auto_score, Grade.manual_score, Grade.extra_credit,
        Grade.needs_manual_grade,
    )  # fmt: skip
    comments = query(*where, BaseCell.name, Comment.auto_comment, Comment.manual_comment)
    penalties = query(*where, SubmittedNotebook.late_submission_penalty)
    for what, rows in (
        ("score", _cells(scores, Grade)),
        ("comment", _cells(comments, Comment)),
        ("penalty", penalties.select_from(SubmittedNotebook)),
    ):
        rows = rows.join(
            SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id
        ).join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        for student, *values in rows.filter(SubmittedAssignment.assignment_id == entry.id):
            found[student].append(repr((what, *values)))
    points = [
        repr(("points", notebook.name, cell.name, cell.max_score))
        for notebook in entry.notebooks
        for cell in (*notebook.grade_cells, *notebook.task_cells)
    ]
    return defaultdict(
        lambda: points, {student: values + points for student, values in found.items()}
    )


def _cells(rows: Query[Any], kind: type[Grade] | type[Comment]) -> Query[Any]:
    rows = rows.select_from(kind).join(BaseCell, kind.cell_id == BaseCell.id)
    return rows.join(SubmittedNotebook, kind.notebook_id == SubmittedNotebook.id)


# --- places ----------------------------------------------------------------------------------


def _above(coursedir: CourseDirectory) -> Path:
    """The folder that contains the pages of all students and assignments."""
    path = folder_of(coursedir, "feedback", "\0", "\0")
    return next(above for above in path.parents if "\0" not in str(above))


def _mark(here: Course, assignment: str, student: str) -> Path:
    return path_of(here.folder, assignment, student, ".feedback")


def _kept(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None


def _sweep(here: Course, assignments: Iterable[str]) -> None:
    """Remove half-written files and folders that a killed run has left."""
    sweep(_above(here.coursedir))
    for assignment in assignments:
        sweep(here.folder / FOLDER / assignment)


def _some(names: Sequence[str]) -> str:
    return f"By now there are {', '.join(names[:20])}" if names else "By now there is none"


# --- in a worker -----------------------------------------------------------------------------


def make(task: Task) -> str | None:
    """Write the pages of one submission.

    Returns:
        Why it could not be done, or None.
    """
    faulthandler.dump_traceback_later(PATIENCE, exit=True)
    try:
        with messages():
            return _converter(task.folder, task.db_url).make(task.assignment, task.student)
    finally:
        faulthandler.cancel_dump_traceback_later()


@functools.lru_cache(maxsize=1)
def _converter(folder: str, db_url: str | None) -> "Pages":
    here = open_course(folder, db_url)
    return Pages(coursedir=here.coursedir, config=here.config)


def _warm(task: Task) -> None:
    """Do once, before workers are forked from here, what would take seconds in each of them."""
    _converter.cache_clear()
    with contextlib.suppress(Exception), messages():
        converter = _converter(task.folder, task.db_url)
        exporter = converter.exporter_class(parent=converter, config=converter.config)
        cells = [new_markdown_cell("# *Words*, `code` and $x$"), new_code_cell("x = 1")]
        exporter.from_notebook_node(new_notebook(cells=cells), {"nbgrader": defaultdict(int)})


class Pages(GenerateFeedback):
    """nbgrader's converter for one submission at a time, which puts pages in place as a whole."""

    coursedir: CourseDirectory
    part = Unicode(help="The folder in which pages are made; empty once they are in place.")

    def make(self, assignment: str, student: str) -> str | None:
        """Write the pages of a submission.

        Args:
            assignment: the assignment's name.
            student: the student's id.

        Returns:
            Why it could not be done, or None.
        """
        self.error: str | None = None
        self.coursedir.assignment_id, self.coursedir.student_id = assignment, student
        folder = self._format_source(assignment, student)
        if glob.escape(folder) != folder:
            return f"nbgrader takes {folder} for a pattern: it must have none of [ ] * ? in it"
        place = _above(self.coursedir)
        with tempfile.TemporaryDirectory(prefix=PART, dir=place) as self.part:
            try:
                self.start()
            except NbGraderException as error:
                return self.error or str(error)
        return None

    @property
    def _output_directory(self) -> str:
        return self.part or self.coursedir.feedback_directory

    def convert_single_notebook(self, notebook_filename: str) -> None:
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            # What nbgrader raises of it says only that it has been logged.
            name = os.path.basename(notebook_filename)
            self.error = f"{name}: {type(error).__name__}: {error}"[:500]
            raise

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        super().set_permissions(assignment_id, student_id)
        made = Path(self._format_dest(assignment_id, student_id))
        aside, self.part = Path(self.part, "old"), ""
        target = Path(self._format_dest(assignment_id, student_id))
        target.parent.mkdir(parents=True, exist_ok=True)
        put(made, target, aside)
        super().set_permissions(assignment_id, student_id)
