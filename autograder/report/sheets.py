"""The page and the table of one assignment."""

import itertools

from autograder.report import figures, summary
from autograder.report.collect import FAILED, MISSING, WAITING
from autograder.report.page import Page, Part, Table, percent, seconds, shown

SERIES = (
    ("full points", "full"), ("part of the points", "part"), ("no points", "none"),
    ("not written", "unwritten"),
)  # fmt: skip
MOST_BARS = 12


def sheet_page(sheet, links):
    """The Page of a Sheet. links: (text, href) to the other pages."""
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


def head_figures(counts):
    """The numbers at the head of an assignment's page."""
    found = [
        (f"{counts['graded']} of {counts['students']}", "students graded", False),
        (percent_of(counts["median"]), "median" + " by tests" * counts["tests_only"], False),
        (percent_of(counts["mean"]), "mean" + " by tests" * counts["tests_only"], False),
    ]
    for key, text in (
        ("missing", "not submitted"), ("failed", "grading failed"), ("waiting", "not graded yet"),
        ("by_hand", "wait for a person's grades"), ("late", "late"), ("flagged", "with flags"),
    ):  # fmt: skip
        if counts[key]:
            found.append((counts[key], text, key in ("failed", "waiting", "flagged")))
    return found


def percent_of(value):
    return "–" if value is None else f"{value:.0f} %"


def distribution(sheet, title="Scores"):
    """How the scores of a Sheet are spread."""
    values, tests = summary.percents(sheet)
    return spread(values, tests, title, _no_scores(sheet))


def spread(values, tests, title, without):
    """A Part with a histogram of per cents. tests: of points by tests alone."""
    part = Part("scores", title)
    if not values:
        part.texts = [without]
        return part
    what = "points by tests" if tests else "points"
    if tests:
        part.texts = [
            "Answers still wait for a person's grades, so these are the points by tests alone."
        ]
    middle = summary.five(values)
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


def _no_scores(sheet):
    if not summary.graded(sheet):
        return "Nobody's work is graded yet."
    return "This assignment has no points to have."


def functions_part(sheets):
    """How a class did function by function, in all of some Sheets; None without tests."""
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
    several = len(sheets) > 1
    heads = ("function", "points", "graded", "full points", "part", "none", "not written",
             "passed", "mean points")  # fmt: skip
    table = [
        [f.name, f.points, f.graded, *f.counts, percent(f.full, f.graded), f.mean] for _, f in rows
    ]
    if several:
        heads = ("assignment", *heads)
        table = [[name, *row] for (name, _), row in zip(rows, table)]
    part.tables = [Table(heads, table)]
    return part


def mistakes_part(sheets):
    """The known mistakes that a class made, and how much has no name."""
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
        rows = [[m.name, m.function, m.count, m.says] for m in found]
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


def answers_part(sheets):
    """The answers that people grade; None where there are none."""
    rows = [
        [sheet.name, a.name, a.points, a.graded, a.waiting, a.mean if a.graded else None]
        for sheet in sheets
        for a in summary.answers(sheet)
        if a.graded or a.waiting
    ]
    if not rows:
        return None
    heads = ("assignment", "answer", "points", "graded", "still to grade", "mean points of graded")
    left = sum(row[4] for row in rows)
    says = f"{left} still to grade." if left else "All are graded."
    return Part("answers", "Answers that people grade", [says], tables=[Table(heads, rows)])


def time_part(rows):
    """How long grading took. rows: (name of the assignment, its counts)."""
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


def named_parts(sheet):
    """The parts of an assignment's page that name students; some may be empty."""
    results = sheet.results

    def rows(chosen, *columns):
        return [[r.student.id, name_of(r.student), *(c(r) for c in columns)] for r in chosen]

    failed = rows(summary.with_status(sheet, FAILED), lambda r: r.failure)
    yield _listed("failed", "Grading failed", ("why",), failed, wide=(2,))
    waiting = rows(summary.with_status(sheet, WAITING))
    yield _listed("waiting", "Handed in, and not graded yet", (), waiting)
    yield _listed("missing", "Not submitted", (), rows(summary.with_status(sheet, MISSING)))
    yield flags_part([sheet])
    late = rows(
        [r for r in results if r.submission and r.submission.late],
        lambda r: r.submitted_at,
        lambda r: how_late(r.submission.late),
        lambda r: r.submission.penalty,
    )
    yield _listed("late", "Late", ("handed in", "late by", "points off"), late)
    notes = [[r.student.id, name_of(r.student), note] for r in results for note in r.notes]
    part = _listed("repaired", "What the grader repaired or noted", ("what",), notes, wide=(2,))
    part.count = len({row[0] for row in notes})
    yield part
    by_hand = rows(
        [r for r in summary.graded(sheet) if r.submission.waiting],
        lambda r: ", ".join(name for _, name in sorted(r.submission.waiting)),
    )
    title = "Answers that wait for a person's grades"
    yield _listed("by-hand", title, ("answers",), by_hand, wide=(2,))
    heads = "status", f"score of {shown(sheet.assignment.max_score)}", "mistakes"
    everybody = rows(results, lambda r: r.status, score_of, mistakes_of)
    yield _listed("students", "All students", heads, everybody, wide=(4,))


def flags_part(sheets):
    """Who is flagged and why, in some Sheets."""
    found = [(s, r, flag) for s in sheets for r in s.results for flag in r.flags]
    found.sort(key=lambda row: (row[2].mild, row[1].student.sortable.casefold(), row[0].name))
    rows = [
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


def _listed(id_, title, heads, rows, wide=()):
    return Part(id_, title, tables=[Table(("student", "name", *heads), rows, wide=wide)],
                count=len(rows))  # fmt: skip


def name_of(student):
    return "" if student.sortable == student.id else student.sortable


def score_of(result):
    return result.submission.after_penalty if result.is_graded else None


def mistakes_of(result):
    return "; ".join(f"{function}: {name}" for function, name in sorted(result.mistakes))


def how_late(late):
    hours = late / 3600
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} hours"


def sheet_rows(sheet):
    """The CSV table of a Sheet: one row a student, after the heads."""
    cells = [cell for cell in sheet.assignment.cells if cell.points]
    twice = len({cell.notebook for cell in cells}) > 1
    yield ["student", "last_name", "first_name", "email", "status", "failure", "submitted_at",
           "late_hours", "late_penalty", "score", "max_score", "percent", "waiting_for_a_person",
           "grading_seconds", "mistakes", "flags", "mild_flags", "grader_notes",
           *(f"{c.notebook}: {c.name}" if twice else c.name for c in cells)]  # fmt: skip
    most = sheet.assignment.max_score
    for r in sheet.results:
        s = r.submission if r.is_graded else None
        score = s.after_penalty if s else None
        flags = [[f"{f.notebook} {f.where}: {f.what}" for f in r.flags if f.mild is mild]
                 for mild in (False, True)]  # fmt: skip
        yield [
            r.student.id, r.student.last_name, r.student.first_name, r.student.email, r.status,
            r.failure, r.submitted_at, rounded(r.submission and r.submission.late / 3600),
            rounded(s and s.penalty), rounded(score), rounded(most),
            rounded(100 * score / most if s and most else None), len(s.waiting) if s else "",
            rounded(r.seconds), mistakes_of(r), *("; ".join(texts) for texts in flags),
            " ".join(r.notes), *(rounded(s.scores.get(c.key) if s else None) for c in cells),
        ]  # fmt: skip


def rounded(value):
    """A number for a table, with six digits behind the point at most; "" for None."""
    return "" if value is None else round(float(value), 6)


def _if(part):
    return [part] if part else []
