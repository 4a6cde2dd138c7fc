"""Collect what is known of a course's submissions; each file is read once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError

from autograder.course.folders import Course, folder_of, folders, open_gradebook
from autograder.results import records
from autograder.results.flags import Flag, Notebook, flags_of_class, unread
from autograder.results.flags.notebooks import cells_of, given_texts, read_source
from autograder.results.grades import Assignment, Key, Student, Submission, read_grades
from autograder.results.records import Record
from autograder.results.report.named_mistakes import Mistake, error_of, named_in, text_of
from autograder.submission.structure import NOTE_ID
from saelab import progress

GRADED, WAITING, FAILED, MISSING = "graded", "not graded yet", "grading failed", "not submitted"
# A line of the note that the grader leaves at the top of a notebook it had to put right.
ITEM = re.compile(r"^- (.+)$", re.MULTILINE)


@dataclass
class StudentResult:
    """What one student did in one assignment.

    Attributes:
        student: the student.
        status: GRADED, WAITING, FAILED or MISSING.
        submission: the submission in the gradebook, or None.
        failure: why grading failed.
        seconds: how long grading took, or None.
        submitted_at: when the work was handed in, as text.
        errors: from the key of a graded cell to the name of the error that it ended with.
        mistakes: the known mistakes, as (function, name) in the catalogue.
        notes: what the grader put right, in sentences.
        flags: the flags of the student's notebooks.
    """

    student: Student
    status: str = MISSING
    submission: Submission | None = None
    failure: str = ""
    seconds: float | None = None
    submitted_at: str = ""
    errors: dict[Key, str] = field(default_factory=dict)
    mistakes: set[Mistake] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    @property
    def graded(self) -> Submission | None:
        """The submission, if it has a score."""
        return self.submission if self.status == GRADED else None


@dataclass
class Sheet:
    """The results of one assignment.

    Attributes:
        assignment: the assignment, as the gradebook has it.
        results: a StudentResult for each student of the course.
    """

    assignment: Assignment
    results: list[StudentResult] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.assignment.name


def collect(course: Course) -> tuple[list[Sheet], list[Student]]:
    """Collect the Sheets of all assignments of a course, and its students.

    Args:
        course: the course.

    Returns:
        (sheets, students), each sorted by name; students that are not in the gradebook come last.

    Raises:
        ValueError: if there is no gradebook, or if it cannot be read.
    """
    coursedir = course.coursedir
    students, assignments = _grades(course)
    submitted, autograded = (
        {key: path for key, path in folders(coursedir, step).items() if path.is_dir()}
        for step in ("submitted", "autograded")
    )
    verdicts = records.read_all(course.folder)
    known = {student.id for student in students}
    names = {assignment.name for assignment in assignments}
    for found in (verdicts, submitted, autograded):
        extra = {student for name, student in found if name in names} - known
        students += [Student(id_) for id_ in sorted(extra)]
        known |= extra
    sheets = []
    notebooks = {key: path for key, path in (submitted | autograded).items() if key[0] in names}
    with progress.bar(
        len(notebooks), "reading notebooks", unit="folder", delay=progress.PATIENCE
    ) as bar:
        for assignment in assignments:
            sheet = Sheet(assignment)
            for student in students:
                key = assignment.name, student.id
                record, written = verdicts.get(key, (None, 0.0))
                # Who was graded by other means since then has an old record.
                if key in autograded and _changed(autograded[key]) > written:
                    record = None
                result = _result(student, assignment, key in notebooks, record)
                sheet.results.append(result)
            own = {key[1]: path for key, path in sorted(notebooks.items()) if key[0] == sheet.name}
            graded = {student for student in own if (sheet.name, student) in autograded}
            _read_notebooks(coursedir, sheet, own, graded, bar)
            sheets.append(sheet)
    return sheets, students


def _grades(course: Course) -> tuple[list[Student], list[Assignment]]:
    with open_gradebook(course) as gradebook:
        try:
            return read_grades(gradebook)
        except SQLAlchemyError as error:
            raise ValueError(f"the gradebook cannot be read: {error.args[0]}") from error


def _changed(folder: Path) -> float:
    """When something was last written in a folder."""
    try:
        return max(path.stat().st_mtime for path in (folder, *folder.glob("*.ipynb")))
    except OSError:
        return 0


def _result(
    student: Student, assignment: Assignment, handed_in: bool, record: Record | None
) -> StudentResult:
    submission = assignment.submissions.get(student.id)
    result = StudentResult(student, submission=submission)
    if submission and submission.timestamp:
        result.submitted_at = f"{submission.timestamp:%Y-%m-%d %H:%M}"
    elif record:
        result.submitted_at = (record.submitted_at or "")[:16].replace("T", " ")
    if record and record.status == records.FAILED:
        result.status = FAILED
        result.failure = record.failure or "no reason was recorded"
    elif submission and (submission.decided or not assignment.cells):
        result.status = GRADED
    elif submission or handed_in or record:
        result.status = WAITING
    notebooks = record.notebooks.values() if record else ()
    times = [notebook["seconds"] for notebook in notebooks if notebook["seconds"] is not None]
    result.seconds = float(sum(times)) if times else None
    return result


def _read_notebooks(
    coursedir: CourseDirectory,
    sheet: Sheet,
    folders: Mapping[str, Path],
    graded: set[str],
    bar: progress.Bar,
) -> None:
    """Add to the results of a Sheet what the notebooks show; each is read once.

    Args:
        coursedir: the folders of the course.
        sheet: the sheet.
        folders: from the id of each student to the folder with their notebooks.
        graded: the ids of the students whose notebooks in `folders` are the graded ones.
        bar: the progress bar, which counts the folders.
    """
    source_folder = folder_of(coursedir, "source", sheet.name)
    results = {result.student.id: result for result in sheet.results}
    points = {cell.key for cell in sheet.assignment.cells}
    classes: defaultdict[str, list[Notebook]] = defaultdict(list)
    given: dict[str, tuple[NotebookNode | None, set[str] | None]] = {}
    order: dict[Key, int] = {}
    for stem in sorted({cell.notebook for cell in sheet.assignment.cells}):
        source = read_source(source_folder / f"{stem}.ipynb")
        given[stem] = source, given_texts(source) if source else None
        order |= _positions(stem, source.cells if source else ())
    for student, folder in folders.items():
        bar.update()
        for stem, (source, texts) in given.items():
            cells = cells_of(folder / f"{stem}.ipynb")
            try:
                if student in graded:
                    _read_outputs(results[student], stem, cells, points)
                    order = order or _positions(stem, cells)
                classes[stem].append(Notebook.of(cells, student, stem, source, texts))
            except Exception as error:  # a notebook may be anything, and hides no other
                results[student].flags.append(unread(student, stem, error))
    for stem, class_ in classes.items():
        for flag in flags_of_class(class_, stem, given[stem][0]):
            results[flag.student].flags.append(flag)
    for result in sheet.results:
        result.flags.sort(key=lambda f: (f.mild, f.notebook, f.cell, f.line))
    last = len(order)
    sheet.assignment.cells.sort(key=lambda cell: (cell.notebook, order.get(cell.key, last)))


def _positions(stem: str, cells: Iterable[NotebookNode]) -> dict[Key, int]:
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells]
    return {(stem, name): at for at, name in enumerate(names) if name}


def _read_outputs(
    result: StudentResult, stem: str, cells: Iterable[NotebookNode], points: set[Key]
) -> None:
    for cell in cells:
        if cell.get("id") == NOTE_ID:
            note = ITEM.findall(cell.source) or [cell.source]
            result.notes += [" ".join(text.split()) for text in note]
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type != "code" or (stem, name) not in points:
            continue
        outputs = cell.get("outputs", [])
        result.errors[stem, name] = error_of(outputs)
        result.mistakes.update(named_in(text_of(outputs), name))
