"""The page and the table of the whole course."""

from collections.abc import Iterator, Sequence

from autograder.results.grades import Student
from autograder.results.report import figures, summary
from autograder.results.report.assignment_page import (
    answers_part,
    flags_part,
    functions_part,
    mistakes_part,
    name_of,
    percent_of,
    rounded,
    spread,
    time_part,
)
from autograder.results.report.collect import FAILED, MISSING, WAITING, Sheet, StudentResult
from autograder.results.report.page import Page, Part, Row, Table, Value, seconds, shown
from autograder.results.report.summary import Counted, Counts, score_of

SHORT = {MISSING: "not submitted", FAILED: "failed", WAITING: "not graded"}


def course_page(
    sheets: Sequence[Sheet], students: Sequence[Student], title: str, links: list[tuple[str, str]]
) -> Page:
    """The Page of all Sheets together.

    Args:
        sheets: the sheets of all assignments.
        students: the students of the course.
        title: the title of the page.
        links: (text, href) of the links to the assignments' pages.
    """
    all_counts = [(sheet.name, summary.counts(sheet)) for sheet in sheets]

    def together(key: Counted) -> float:
        return sum(counts[key] for _, counts in all_counts)

    page = Page(title, f"{len(sheets)} assignments, {len(students)} students", links)
    flagged = {r.student.id for s in sheets for r in s.results if any(not f.mild for f in r.flags)}
    page.figures = [
        (len(students), "students", False),
        (together("graded"), "submissions graded", False),
        (together("missing"), "not submitted", False),
        (together("failed"), "gradings failed", together("failed") > 0),
        (together("waiting"), "not graded yet", together("waiting") > 0),
        (len(flagged), "students with flags", bool(flagged)),
    ]
    if together("timed"):
        page.figures.append((seconds(together("seconds")), "of grading", False))
    if not sheets:
        page.parts = [Part("empty", "Nothing yet", ["The gradebook has no assignments."])]
        return page
    page.parts = [overview(sheets, all_counts), total_part(sheets, all_counts)]
    parts = functions_part(sheets), mistakes_part(sheets), answers_part(sheets)
    page.parts += [*filter(None, parts), time_part(all_counts)]
    page.named = [part for part in named_parts(sheets, students) if part.count]
    return page


def overview(sheets: Sequence[Sheet], all_counts: Sequence[tuple[str, Counts]]) -> Part:
    """The assignments beside each other."""
    part = Part("assignments", "Assignments")
    rows: list[Row] = []
    for sheet, (name, c) in zip(sheets, all_counts):
        rows.append(
            [name, sheet.assignment.max_score, c["graded"], c["missing"], c["failed"],
             c["waiting"], c["late"], c["by_hand"], c["flagged"], percent_of(c["mean"]),
             percent_of(c["median"])]
        )  # fmt: skip
    heads = ("assignment", "points", "graded", "not submitted", "failed", "not graded yet", "late",
             "wait for a person", "with flags", "mean", "median")  # fmt: skip
    by_tests = any(c["tests_only"] for _, c in all_counts)
    part.figure = figures.boxes(
        [(s.name, summary.five(summary.percents(s)[0])) for s in sheets],
        "How scores are spread in each assignment",
        "per cent of the points" + " (by tests, where answers still wait for a person)" * by_tests,
    )
    part.texts = ["Boxes hold the middle half of the class; the thick line is the median."]
    part.tables = [Table(heads, rows)]
    return part


def total_part(sheets: Sequence[Sheet], all_counts: Sequence[tuple[str, Counts]]) -> Part:
    """How the sums over all assignments are distributed, for students with a graded one."""
    took_part = {r.student.id for sheet in sheets for r, _ in summary.graded(sheet)}
    tests = any(counts["tests_only"] for _, counts in all_counts)
    if tests:
        sums: dict[str, float] = {}
        most = 0.0
        for sheet in sheets:
            cells = {c.key: c.points for c in sheet.assignment.cells if c.kind == "code"}
            most += sum(cells.values())
            for r, submission in summary.graded(sheet):
                own = sum(s for key, s in submission.scores.items() if key in cells)
                sums[r.student.id] = sums.get(r.student.id, 0.0) + own
    else:
        sums, most = summary.totals(sheets)
    values = [100 * sums[id_] / most for id_ in sorted(took_part)] if most else []
    without = "There are no points to have." if took_part else "Nobody's work is graded yet."
    part = spread(values, tests, "All assignments together", without)
    part.id = "total"
    part.texts.append("What was not handed in counts 0; who never handed in is left out.")
    return part


def named_parts(sheets: Sequence[Sheet], students: Sequence[Student]) -> Iterator[Part]:
    """The parts of the course's page that name students; some may be empty."""
    by_student: dict[str, list[tuple[Sheet, StudentResult]]] = {
        student.id: [] for student in students
    }
    for sheet in sheets:
        for result in sheet.results:
            by_student[result.student.id].append((sheet, result))
    sums, most = summary.totals(sheets)

    def listing(id_: str, title: str, status: str) -> Part:
        rows: list[Row] = [
            [student.id, name_of(student), len(names), ", ".join(names)]
            for student in students
            if (names := [s.name for s, r in by_student[student.id] if r.status == status])
        ]
        table = Table(("student", "name", "how many", "assignments"), rows, wide=(3,))
        return Part(id_, title, tables=[table], count=len(rows))

    failures = [
        [r.student.id, name_of(r.student), sheet.name, r.failure]
        for sheet in sheets
        for r in summary.with_status(sheet, FAILED)
    ]
    yield Part(
        "failed", "Grading failed", count=len(failures),
        tables=[Table(("student", "name", "assignment", "why"), failures, wide=(3,))],
    )  # fmt: skip
    yield listing("waiting", "Handed in, and not graded yet", WAITING)
    yield listing("missing", "Not submitted", MISSING)
    yield flags_part(sheets)
    rows = []
    for student in students:
        own = by_student[student.id]
        scores = [score_of(r) if r.graded else SHORT[r.status] for _, r in own]
        total = sums[student.id]
        share = percent_of(100 * total / most if most else None)
        rows.append([student.id, name_of(student), *scores, total, share])
    heads = ("student", "name", *(s.name for s in sheets), f"all {shown(most)}", "per cent")
    yield Part("students", "All students", tables=[Table(heads, rows)], count=len(rows))


def course_rows(sheets: Sequence[Sheet], students: Sequence[Student]) -> Iterator[list[Value]]:
    """The CSV table of the course: the heads, and then one row for each student."""
    yield ["student", "last_name", "first_name", "email", *(s.name for s in sheets), "total",
           "max_total", "percent", "not_submitted", "failed", "not_graded", "flags",
           "mild_flags"]  # fmt: skip
    sums, most = summary.totals(sheets)
    results = {s.name: {r.student.id: r for r in s.results} for s in sheets}
    for student in students:
        own = [results[sheet.name][student.id] for sheet in sheets]
        status = [r.status for r in own]
        flags = [flag.mild for r in own for flag in r.flags]
        total = sums.get(student.id, 0.0)
        yield [
            student.id, student.last_name, student.first_name, student.email,
            *(rounded(score_of(r)) for r in own),
            rounded(total), rounded(most), rounded(100 * total / most if most else None),
            *(status.count(s) for s in (MISSING, FAILED, WAITING)), flags.count(False),
            flags.count(True),
        ]  # fmt: skip
