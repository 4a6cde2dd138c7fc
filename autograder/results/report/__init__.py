"""The report on a class: a page and a table for each assignment, and for the course.

    from autograder.results.report import write_reports
    write_reports("path/of/the/course")

reads the gradebook, the graded notebooks and the grader's records, executes nothing, and writes
report/ASSIGNMENT.html, report/ASSIGNMENT.csv, report/course.html and report/course.csv.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from autograder.course.folders import Course
    from autograder.results.report.page import Page, Value

__all__ = ["write_reports"]

FOLDER, COURSE = "report", "course"


def write_reports(
    course: str | Path | Course,
    assignments: Collection[str] | None = None,
    db_url: str | None = None,
) -> list[Path]:
    """Write the reports of a course into its folder report/.

    Args:
        course: the course, or its folder.
        assignments: the names of the assignments that get a page. Without it, all get one. The
            course's own page is about all of them in any case.
        db_url: the URL of the gradebook, if it is not the one that the course's
            nbgrader_config.py names.

    Returns:
        The paths of the files that were written.

    Raises:
        ValueError: if an assignment is unknown, or if there is no gradebook.
        OSError: if the folder cannot be written to.
    """
    # Imported here, since the exports use parts of this package and need no page.
    from autograder.course.files import write_whole
    from autograder.course.folders import no_assignment, open_course
    from autograder.results.csv_tables import table_text
    from autograder.results.report.assignment_page import sheet_page, sheet_rows
    from autograder.results.report.collect import collect
    from autograder.results.report.course_page import course_page, course_rows
    from autograder.results.report.page import render

    course = open_course(course, db_url)
    sheets, students = collect(course)
    names = [sheet.name for sheet in sheets]
    unknown = sorted(set(assignments or ()) - set(names))
    if unknown:
        raise ValueError(no_assignment(unknown[0], names))
    folder = course.folder / FOLDER
    folder.mkdir(exist_ok=True)
    title = course.coursedir.course_id or course.folder.name
    written = []

    def write(stem: str, page: Page, rows: Iterable[Iterable[Value]]) -> None:
        # The mark at the start lets spreadsheets know that it is UTF-8.
        written.append(write_whole(folder / f"{stem}.html", render(page)))
        written.append(write_whole(folder / f"{stem}.csv", "\ufeff" + table_text(rows)))

    chosen = [sheet for sheet in sheets if not assignments or sheet.name in assignments]
    pages = {sheet.name for sheet in chosen}
    pages |= {name for name in names if (folder / f"{_stem(name)}.html").is_file()}
    links = [(name, _link(_stem(name))) for name in names if name in pages]
    for sheet in chosen:
        others = [("Course", _link(COURSE)), *(link for link in links if link[0] != sheet.name)]
        write(_stem(sheet.name), sheet_page(sheet, others), sheet_rows(sheet))
    write(COURSE, course_page(sheets, students, title, links), course_rows(sheets, students))
    return written


def _stem(name: str) -> str:
    """The name of an assignment's files, which for one called "course" must not be the course's."""
    return f"{name}_" if name.rstrip("_") == COURSE else name


def _link(stem: str) -> str:
    return f"{quote(stem)}.html"
