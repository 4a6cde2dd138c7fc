"""The page and the table of one assignment."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

from autograder.results.grades import Student
from autograder.results.report import figures, summary
from autograder.results.report.collect import FAILED, MISSING, WAITING, Sheet, StudentResult
from autograder.results.report.page import Page, Part, Row, Table, Value, percent, seconds, shown
from autograder.results.report.summary import Counted, Counts, score_of

SERIES = (
    ("full points", "full"), ("part of the points", "part"), ("no points", "none"),
    ("not written", "unwritten"),
)  # fmt: skip
MOST_BARS = 12


def sheet_page(sheet: Sheet, links: list[tuple[str, str]]) -> Page:
    """The Page of a Sheet.

    Args:
        sheet: the sheet.
        links: (text, href) of each link to another page.
    """
    counts = summary.counts(sheet)
    due = sheet.assignment.duedate
    page = Page(
        sheet.name,
        f"{shown(sheet.assignment.max_score)} points"
        + (f", due {due:%Y-%m-%d %H:%M} UTC" if due else ""),
        links,
        head_figures(counts),
    )
    page.parts = [distribution(sheet), *_if(functions_part([sheet])), mistakes_part([sheet]),
                  *_if(answers_part([sheet])), time_part([(sheet.name, counts)])]  # fmt: skip
    page.named = [part for part in named_parts(sheet) if part.count]
    return page


def head_figures(counts: Counts) -> list[tuple[Value, str, bool]]:
    """The numbers at the head of an assignment's page."""
    found: list[tuple[Value, str, bool]] = [
        (f"{counts['graded']} of {counts['students']}", "students graded", False),
        (percent_of(counts["median"]), "median" + " by tests" * counts["tests_only"], False),
        (percent_of(counts["mean"]), "mean" + " by tests" * counts["tests_only"], False),
    ]
    rest: dict[Counted, str] = {
        "missing": "not submitted", "failed": "grading failed", "waiting": "not graded yet",
        "by_hand": "wait for a person's grades", "late": "late", "flagged": "with flags",
    }  # fmt: skip
    for key, text in rest.items():
        if counts[key]:
            found.append((counts[key], text, key in ("failed", "waiting", "flagged")))
    return found


def percent_of(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} %"


def distribution(sheet: Sheet) -> Part:
    """How the scores of a Sheet are distributed."""
    values, tests = summary.percents(sheet)
    return spread(values, tests, "Scores", _no_scores(sheet))


def spread(values: Sequence[float], tests: bool, title: str, without: str) -> Part:
    """A Part with a histogram of per cents.

    Args:
        values: the per cents.
        tests: whether they are per cents of the points by tests alone.
        title: the heading of the part.
        without: the text of the part if there are no values.
    """
    part, middle = Part("scores", title), summary.five(values)
    if middle is None:
        part.texts = [without]
        return part
    what = "points by tests" if tests else "points"
    if tests:
        part.texts = [
            "Answers still wait for a person's grades, so these are the points by tests alone."
        ]
    counts = summary.binned(values)
    borders = [f"{10 * n}" for n in range(11)]
    part.figure = figures.histogram(
        counts,
        borders,
        f"How many students have how much of the {what}",
        f"per cent of the {what}",
        "students",
        [(min(middle[2], 100) / 100, f"median {middle[2]:.0f} %")],
    )
    ranges = [f"{a}–{b}" for a, b in itertools.pairwise(borders)]
    part.tables = [
        Table(("per cent", *ranges), [["students", *counts]]),
        Table(
            ("least", "lower quartile", "median", "upper quartile", "most", "students"),
            [[*(percent_of(value) for value in middle), len(values)]],
        ),
    ]
    return part


def _no_scores(sheet: Sheet) -> str:
    if not summary.graded(sheet):
        return "Nobody's work is graded yet."
    return "This assignment has no points to have."


def functions_part(sheets: Sequence[Sheet]) -> Part | None:
    """How a class did in each function, in all the given Sheets; None if there are no tests."""
    rows = [(s.name, f) for s in sheets for f in summary.functions(s)]
    rows = [(name, function) for name, function in rows if function.graded]
    if not rows:
        return None
    part = Part("functions", "Function by function", series=SERIES)
    part.texts = ["Numbers of students. A test with several parts gives part of its points."]
    part.figure = figures.stacked(
        [(function.name, function.counts) for _, function in rows], SERIES,
        "How many students have full, part, or no points for each function",
    )  # fmt: skip
    # The column of assignments is needed only if there are several.
    first = 0 if len(sheets) > 1 else 1
    heads = ("assignment", "function", "points", "graded", "full points", "part", "none",
             "not written", "passed", "mean points")  # fmt: skip
    table: list[Row] = [
        [name, f.name, f.points, f.graded, *f.counts, percent(f.full, f.graded), f.mean]
        for name, f in rows
    ]
    part.tables = [Table(heads[first:], [row[first:] for row in table])]
    return part


def mistakes_part(sheets: Sequence[Sheet]) -> Part:
    """The known mistakes that a class made, and how many students lost points to unknown ones."""
    found = summary.mistakes(sheets)
    part = Part("mistakes", "Most common mistakes")
    if found:
        part.texts = [
            "Mistakes that the tests recognised by what comes out, as their catalogue names them; "
            "each student counts once for each."
        ]
        part.figure = figures.bars(
            [(f"{m.name} ({m.function})", m.count) for m in found[:MOST_BARS]],
            "Students to whom each known mistake was told",
        )
        rows: list[Row] = [[m.name, m.function, m.count, m.says] for m in found]
        part.tables = [
            Table(
                ("mistake", "function", "students", "what students read"),
                rows,
                wide=(3,),
                first=MOST_BARS,
            )
        ]
    else:
        part.texts = ["No mistake of the catalogue was recognised."]
    unnamed = [pair for sheet in sheets for pair in summary.unnamed(sheet)]
    unnamed.sort(key=lambda pair: (-pair[1], pair[0]))
    if unnamed:
        part.tables.append(
            Table(("function", "students"), [list(pair) for pair in unnamed],
                  "Points lost to what the catalogue has no name for")
        )  # fmt: skip
    return part


def answers_part(sheets: Sequence[Sheet]) -> Part | None:
    """The answers that people grade; None if there are none."""
    answers = [(sheet.name, a) for sheet in sheets for a in summary.answers(sheet)]
    answers = [(name, a) for name, a in answers if a.graded or a.waiting]
    if not answers:
        return None
    heads = ("assignment", "answer", "points", "graded", "still to grade", "mean points of graded")
    rows = [
        [name, a.name, a.points, a.graded, a.waiting, a.mean if a.graded else None]
        for name, a in answers
    ]
    left = sum(a.waiting for _, a in answers)
    says = f"{left} still to grade." if left else "All are graded."
    return Part("answers", "Answers that people grade", [says], tables=[Table(heads, rows)])


def time_part(rows: Iterable[tuple[str, Counts]]) -> Part:
    """How long grading took.

    Args:
        rows: (name of the assignment, its counts) for each assignment.
    """
    part = Part("time", "Grading time")
    timed = [(name, counts) for name, counts in rows if counts["timed"]]
    if not timed:
        part.texts = ["No times are recorded: they are where `autograder grade` did the grading."]
        return part
    part.tables = [
        Table(
            ("assignment", "submissions", "together", "median", "longest"),
            [
                [name, c["timed"], seconds(c["seconds"]), seconds(c["median_seconds"]),
                 seconds(c["most_seconds"])]
                for name, c in timed
            ],
        )
    ]  # fmt: skip
    return part


def named_parts(sheet: Sheet) -> Iterator[Part]:
    """The parts of an assignment's page that name students; some may be empty."""
    results = sheet.results

    def rows(
        chosen: Iterable[StudentResult], *columns: Callable[[StudentResult], Value]
    ) -> list[Row]:
        return [[r.student.id, name_of(r.student), *(c(r) for c in columns)] for r in chosen]

    failed = rows(summary.with_status(sheet, FAILED), lambda r: r.failure)
    yield _listed("failed", "Grading failed", ("why",), failed, wide=(2,))
    waiting = rows(summary.with_status(sheet, WAITING))
    yield _listed("waiting", "Handed in, and not graded yet", (), waiting)
    yield _listed("missing", "Not submitted", (), rows(summary.with_status(sheet, MISSING)))
    yield flags_part([sheet])
    late: list[Row] = [
        [r.student.id, name_of(r.student), r.submitted_at, how_late(s.late), s.penalty]
        for r in results
        if (s := r.submission) and s.late
    ]
    yield _listed("late", "Late", ("handed in", "late by", "points off"), late)
    notes = [[r.student.id, name_of(r.student), note] for r in results for note in r.notes]
    part = _listed("repaired", "What the grader repaired or noted", ("what",), notes, wide=(2,))
    part.count = len({row[0] for row in notes})
    yield part
    by_hand = [
        [r.student.id, name_of(r.student), ", ".join(name for _, name in sorted(s.waiting))]
        for r, s in summary.graded(sheet)
        if s.waiting
    ]
    title = "Answers that wait for a person's grades"
    yield _listed("by-hand", title, ("answers",), by_hand, wide=(2,))
    heads = "status", f"score of {shown(sheet.assignment.max_score)}", "mistakes"
    everybody = rows(results, lambda r: r.status, score_of, mistakes_of)
    yield _listed("students", "All students", heads, everybody, wide=(4,))


def flags_part(sheets: Iterable[Sheet]) -> Part:
    """Who is flagged and why, in some Sheets."""
    found = [(s, r, flag) for s in sheets for r in s.results for flag in r.flags]
    found.sort(key=lambda row: (row[2].mild, row[1].student.sortable.casefold(), row[0].name))
    rows: list[Row] = [
        [r.student.id, name_of(r.student), flag.notebook, flag.where, flag.line,
         ("(mild) " if flag.mild else "") + flag.what]
        for _, r, flag in found
    ]  # fmt: skip
    part = _listed("flags", "Flagged", ("notebook", "where", "line", "why"), rows, wide=(5,))
    part.count = len({row[0] for row in rows})
    part.texts = [
        "A flag is a reason to look, and no verdict: marks come from the tests alone. What is "
        "marked (mild) is most likely all right."
    ]
    return part


def _listed(
    id_: str,
    title: str,
    heads: tuple[str, ...],
    rows: Sequence[Row],
    wide: tuple[int, ...] = (),
) -> Part:
    return Part(id_, title, tables=[Table(("student", "name", *heads), rows, wide=wide)],
                count=len(rows))  # fmt: skip


def name_of(student: Student) -> str:
    return "" if student.sortable == student.id else student.sortable


def mistakes_of(result: StudentResult) -> str:
    return "; ".join(f"{function}: {name}" for function, name in sorted(result.mistakes))


def how_late(late: float) -> str:
    hours = late / 3600
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} hours"


def sheet_rows(sheet: Sheet) -> Iterator[list[Value]]:
    """The CSV table of a Sheet: the heads, and then one row for each student."""
    cells = [cell for cell in sheet.assignment.cells if cell.points]
    twice = len({cell.notebook for cell in cells}) > 1
    yield ["student", "last_name", "first_name", "email", "status", "failure", "submitted_at",
           "late_hours", "late_penalty", "score", "max_score", "percent", "waiting_for_a_person",
           "grading_seconds", "mistakes", "flags", "mild_flags", "grader_notes",
           *(f"{c.notebook}: {c.name}" if twice else c.name for c in cells)]  # fmt: skip
    most = sheet.assignment.max_score
    for r in sheet.results:
        s, score = r.graded, score_of(r)
        late = r.submission.late / 3600 if r.submission else None
        percents = 100 * score / most if score is not None and most else None
        flags = [[f"{f.notebook} {f.where}: {f.what}" for f in r.flags if f.mild is mild]
                 for mild in (False, True)]  # fmt: skip
        yield [
            r.student.id, r.student.last_name, r.student.first_name, r.student.email, r.status,
            r.failure, r.submitted_at, rounded(late),
            rounded(s.penalty if s else None), rounded(score), rounded(most), rounded(percents),
            len(s.waiting) if s else "", rounded(r.seconds), mistakes_of(r),
            *("; ".join(texts) for texts in flags), " ".join(r.notes),
            *(rounded(s.scores.get(c.key) if s else None) for c in cells),
        ]  # fmt: skip


def rounded(value: float | None) -> float | str:
    """A number for a table, with at most six digits after the point; "" for None."""
    return "" if value is None else round(float(value), 6)


def _if(part: Part | None) -> list[Part]:
    return [part] if part else []
