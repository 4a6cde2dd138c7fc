"""What a class did in one assignment, and in the course, as numbers and short tables."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, median, quantiles
from typing import Literal, TypedDict

from autograder.results.grades import Cell, Submission
from autograder.results.report.collect import FAILED, GRADED, MISSING, WAITING, Sheet, StudentResult
from autograder.results.report.figures import Five
from autograder.results.report.named import UNWRITTEN, function_of, says_of


@dataclass(frozen=True)
class Function:
    """How a class did in one tested function: in numbers of students.

    points: of the cell. mean: of the points. unwritten: those that were left as released.
    """

    name: str
    notebook: str
    points: float
    full: int
    part: int
    none: int
    unwritten: int
    mean: float

    @property
    def graded(self) -> int:
        return self.full + self.part + self.none + self.unwritten

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return self.full, self.part, self.none, self.unwritten


@dataclass(frozen=True)
class Answer:
    """A cell that people grade. waiting: students whose answer has no grade yet."""

    name: str
    notebook: str
    points: float
    graded: int
    waiting: int
    mean: float


@dataclass(frozen=True)
class Named:
    """A known mistake, and the number of students whose work showed it."""

    function: str
    name: str
    says: str
    count: int


class Counts(TypedDict):
    """Numbers of one Sheet: of students, where nothing else is said.

    mean, median: of per cents; by tests alone where tests_only says so. timed: gradings whose
    time is known. seconds: of all of them.
    """

    students: int
    graded: int
    failed: int
    waiting: int
    missing: int
    late: int
    flagged: int
    repaired: int
    by_hand: int
    mean: float | None
    median: float | None
    tests_only: bool
    timed: int
    seconds: float
    median_seconds: float | None
    most_seconds: float | None


# Those that can be added up.
Counted = Literal["graded", "missing", "failed", "waiting", "by_hand", "late", "flagged", "timed",
                  "seconds"]  # fmt: skip


def graded(sheet: Sheet) -> list[tuple[StudentResult, Submission]]:
    """The results of a Sheet that have a score, each with what has it."""
    return [(result, own) for result in sheet.results if (own := result.graded)]


def with_status(sheet: Sheet, status: str) -> list[StudentResult]:
    return [result for result in sheet.results if result.status == status]


def waits(sheet: Sheet) -> bool:
    """Whether answers of the graded submissions still wait for a person."""
    return any(submission.waiting for _, submission in graded(sheet))


def percents(sheet: Sheet) -> tuple[list[float], bool]:
    """Per cent of the points, for each graded submission, and what they are per cent of.

    Where answers still wait for a person these are the points by tests alone, since half of a
    score says little. An empty list where there are no points to have.
    """
    tests = waits(sheet)
    cells = [c for c in sheet.assignment.cells if c.kind == "code" or not tests]
    most, keys = sum(cell.points for cell in cells), {cell.key for cell in cells}
    if not most:
        return [], tests
    found = []
    for _, submission in graded(sheet):
        scores = submission.scores
        found.append(100 * sum(s for key, s in scores.items() if key in keys) / most)
    return found, tests


def binned(values: Iterable[float], bins: int = 10) -> list[int]:
    """How many of some per cents lie in each of equal bins; those beyond are in the outer ones."""
    counts = [0] * bins
    for value in values:
        counts[min(max(int(value * bins // 100), 0), bins - 1)] += 1
    return counts


def five(values: Sequence[float]) -> Five | None:
    """Least, lower quartile, median, upper quartile, most; None for no values."""
    if not values:
        return None
    if len(values) == 1:
        return (values[0],) * 5
    lower, middle, upper = quantiles(values, n=4, method="inclusive")
    return min(values), lower, middle, upper, max(values)


def functions(sheet: Sheet) -> list[Function]:
    """The tested functions of a Sheet, in the notebook's order.

    Tests without points count where there are no others.
    """
    tests = [cell for cell in sheet.assignment.cells if cell.kind == "code"]
    tests = [cell for cell in tests if cell.points] or tests
    return [_function(sheet, cell) for cell in tests]


def _function(sheet: Sheet, cell: Cell) -> Function:
    counts: Counter[str] = Counter()
    points = []
    for result, submission in graded(sheet):
        score = submission.scores.get(cell.key)
        if score is None:
            continue
        error = result.errors.get(cell.key, "")
        points.append(score)
        if score >= cell.points and (cell.points or not error):
            counts["full"] += 1
        elif score > 0:
            counts["part"] += 1
        else:
            counts["unwritten" if error == UNWRITTEN else "none"] += 1
    return Function(
        function_of(cell.name), cell.notebook, cell.points,
        counts["full"], counts["part"], counts["none"], counts["unwritten"],
        mean(points) if points else 0.0,
    )  # fmt: skip


def answers(sheet: Sheet) -> list[Answer]:
    """The cells of a Sheet that people grade."""
    found = []
    for cell in sheet.assignment.cells:
        if cell.kind == "code":
            continue
        marks = [s for _, s in graded(sheet) if cell.key in s.scores]
        done = [s.scores[cell.key] for s in marks if cell.key not in s.waiting]
        found.append(
            Answer(
                cell.name, cell.notebook, cell.points, len(done), len(marks) - len(done),
                mean(done) if done else 0.0,
            )
        )  # fmt: skip
    return found


def mistakes(sheets: Iterable[Sheet]) -> list[Named]:
    """The known mistakes of a class in some Sheets, the most common first; each student once."""
    students = {(r.student.id, *pair) for s in sheets for r in s.results for pair in r.mistakes}
    counts = Counter((function, name) for _, function, name in students)
    found = [Named(f, name, says_of(f, name), count) for (f, name), count in counts.items()]
    return sorted(found, key=lambda named: (-named.count, named.function, named.name))


def unnamed(sheet: Sheet) -> list[tuple[str, int]]:
    """Students that lost points in a tested function to no known mistake: (function, number)."""
    found = []
    for cell in sheet.assignment.cells:
        if cell.kind != "code" or not cell.points:
            continue
        function = function_of(cell.name)
        count = sum(
            submission.scores.get(cell.key, cell.points) < cell.points
            and result.errors.get(cell.key) != UNWRITTEN
            and not any(f == function for f, _ in result.mistakes)
            for result, submission in graded(sheet)
        )
        if count:
            found.append((function, count))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def counts(sheet: Sheet) -> Counts:
    """Numbers of a Sheet by name, for its head and for the course's table."""
    values, tests = percents(sheet)
    times = [r.seconds for r in sheet.results if r.seconds is not None]
    return {
        "students": len(sheet.results),
        "graded": len(with_status(sheet, GRADED)),
        "failed": len(with_status(sheet, FAILED)),
        "waiting": len(with_status(sheet, WAITING)),
        "missing": len(with_status(sheet, MISSING)),
        "late": sum(bool(r.submission and r.submission.late) for r in sheet.results),
        "flagged": sum(any(not flag.mild for flag in r.flags) for r in sheet.results),
        "repaired": sum(bool(r.notes) for r in sheet.results),
        "by_hand": sum(bool(submission.waiting) for _, submission in graded(sheet)),
        "mean": mean(values) if values else None,
        "median": median(values) if values else None,
        "tests_only": tests,
        "timed": len(times),
        "seconds": sum(times),
        "median_seconds": median(times) if times else None,
        "most_seconds": max(times, default=None),
    }


def score_of(result: StudentResult) -> float | None:
    """A student's points, with late penalties off; None where there is no score."""
    return result.graded.after_penalty if result.graded else None


def totals(sheets: Iterable[Sheet]) -> tuple[dict[str, float], float]:
    """Per student id: points in all Sheets (late penalties off), and points there are."""
    most = sum(sheet.assignment.max_score for sheet in sheets)
    found: dict[str, float] = {}
    for sheet in sheets:
        for result in sheet.results:
            own = score_of(result) or 0.0
            found[result.student.id] = found.get(result.student.id, 0.0) + own
    return found, most
