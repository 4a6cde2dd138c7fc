"""Rules for the gradebook: it grades by what it holds, even if the source has changed since."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from autograder.authoring.doctor.cells import points_of
from autograder.authoring.doctor.course_files import AssignmentFiles, CourseFiles, Source
from autograder.authoring.doctor.finding import Finding

SQLITE = "sqlite:///"


def findings_in_gradebook(course: CourseFiles) -> Iterator[Finding]:
    """The findings about the course's gradebook, if there is one; it is not changed."""
    url = course.coursedir.db_url
    if not url.startswith(SQLITE):
        yield from _compared(course, url, url.split("@")[-1])
        return
    path = course.root / url.removeprefix(SQLITE)
    if not path.is_file():
        return
    # nbgrader adds missing tables to each database that it opens, so it gets a copy.
    with tempfile.TemporaryDirectory() as folder:
        try:
            for end in ("", "-wal", "-journal"):
                part = path.with_name(path.name + end)
                if not end or part.exists():
                    shutil.copy(part, folder)
        except OSError as error:
            sentence = f"the gradebook cannot be read: {error.strerror or error}"
            yield course.finding(path, "gradebook", sentence)
            return
        yield from _compared(course, f"{SQLITE}{folder}/{path.name}", path)


def _compared(course: CourseFiles, url: str, where: str | Path) -> Iterator[Finding]:
    try:
        with Gradebook(url) as gradebook:
            for assignment in course.assignments:
                for source in assignment.sources:
                    yield from _notebook(gradebook, assignment, source, course)
    except Exception as error:  # a database, or a file that is none, may raise anything
        line = (str(error).strip().splitlines() or [""])[0][:200]
        sentence = f"the gradebook cannot be read ({type(error).__name__}: {line})"
        yield course.finding(where, "gradebook", sentence)


def _notebook(
    gradebook: Gradebook, assignment: AssignmentFiles, source: Source, course: CourseFiles
) -> Iterator[Finding]:
    if source.notebook is None:
        return
    try:
        entry = gradebook.find_notebook(source.name, assignment.name)
    except MissingEntry:
        return  # not released yet
    again = f"run nbgrader generate_assignment {assignment.name} --force"
    points = {cell.name: cell.max_score for cell in [*entry.grade_cells, *entry.task_cells]}
    texts = {cell.name: cell.source for cell in entry.source_cells if cell.locked}
    for position, cell, grading in source.cells:
        name = grading.get("grade_id")
        if not (grading.get("grade") or grading.get("task")):
            continue
        sentence = None
        if name not in points:
            sentence = f"the gradebook does not know this cell: {again}"
        elif points[name] != points_of(grading):
            sentence = f"the gradebook gives it {points[name]:g} points, and the source "
            sentence += f"{points_of(grading):g}: {again}"
        elif (
            grading.get("grade")
            and "AUTOTEST" not in cell.source
            and texts.get(name, cell.source).strip() != cell.source.strip()
        ):
            sentence = f"the gradebook has another text of this test: {again}"
        points.pop(name, None)
        if sentence:
            yield course.finding(source.path, "gradebook", sentence, place=(position, cell))
    for name in sorted(points):
        sentence = f"the gradebook has a cell {name!r}, and this notebook has none: {again}"
        yield course.finding(source.path, "gradebook", sentence)
