"""What a class did in one assignment, and in the course, as numbers and short tables."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, median, quantiles
from typing import Literal, TypedDict

from autograder.results.grades import Cell, Submission
from autograder.results.report.collect import FAILED, GRADED, MISSING, WAITING, Sheet, StudentResult
from autograder.results.report.figures import Five
from autograder.results.report.named_mistakes import UNWRITTEN, function_of, says_of

BINS = 10  # of a histogram


@dataclass(frozen=True)
class Function:
    """How a class did in one tested function, in numbers of students.

    Attributes:
        name: the name of the function.
        notebook: the name of the notebook.
        points: the points that its test can give.
        full: the students with full points.
        part: the students with part of the points.
        none: the students without points who did write the function.
        unwritten: the students who left the function as it was released.
        mean: the mean of the points.
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
    """An answer that people grade.

    Attributes:
        name: the name of its cell.
        notebook: the name of the notebook.
        points: the points that it can give.
        graded: the number of students whose answer has a grade.
        waiting: the number of students whose answer has no grade yet.
        mean: the mean of the points of graded answers.
    """

    name: str
    notebook: str
    points: float
    graded: int
    waiting: int
    mean: float


@dataclass(frozen=True)
class Named:
    """A known mistake, and the number of students whose work showed it.

    Attributes:
        function: the function in which it was made.
        name: its name in the catalogue.
        says: the sentence that students read about it.
        count: the number of students.
    """

    function: str
    name: str
    says: str
    count: int


class Counts(TypedDict):
    """The numbers of one Sheet; they are numbers of students if nothing else is said.

    Attributes:
        students: all students of the course.
        graded: those with a score.
        failed: those whose grading failed.
        waiting: those whose work is not graded yet.
        missing: those who have not handed in.
        late: those who handed in late.
        flagged: those with flags that are not mild.
        repaired: those with notes by the grader.
        by_hand: those with answers that wait for a person's grades.
        mean: the mean of the per cents, or None.
        median: the median of the per cents, or None.
        tests_only: whether mean and median are of the points by tests alone.
        timed: the number of gradings whose time is known.
        seconds: the time of all of these together.
        median_seconds: the median of their times, or None.
        most_seconds: the longest of their times, or None.
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
    """The results of a Sheet that have a score, each with its submission."""
    return [(result, own) for result in sheet.results if (own := result.graded)]


def with_status(sheet: Sheet, status: str) -> list[StudentResult]:
    return [result for result in sheet.results if result.status == status]


def waits(sheet: Sheet) -> bool:
    """Whether answers of the graded submissions still wait for a person."""
    return any(submission.waiting for _, submission in graded(sheet))


def percents(sheet: Sheet) -> tuple[list[float], bool]:
    """The per cent of the points that each graded submission has.

    If answers still wait for a person, these are the points by tests alone, since half of a score
    says little.

    Args:
        sheet: the sheet.

    Returns:
        (values, tests): the per cents, an empty list if no points can be had; and whether they
        are of the points by tests alone.
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


def binned(values: Iterable[float]) -> list[int]:
    """How many of some per cents lie in each of equal bins; those beyond are in the outer ones."""
    counts = [0] * BINS
    for value in values:
        counts[min(max(int(value * BINS // 100), 0), BINS - 1)] += 1
    return counts


def five(values: Sequence[float]) -> Five | None:
    """Least, lower quartile, median, upper quartile, most; None if there are no values."""
    if not values:
        return None
    if len(values) == 1:
        return (values[0],) * 5
    lower, middle, upper = quantiles(values, n=4, method="inclusive")
    return min(values), lower, middle, upper, max(values)


def functions(sheet: Sheet) -> list[Function]:
    """The tested functions of a Sheet, in the notebook's order.

    Tests without points count only if there are no others.
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
            counts["unwritten" if error in UNWRITTEN else "none"] += 1
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
    """The known mistakes of a class in some Sheets, the most common first.

    Each student counts once for each mistake.
    """
    students = {(r.student.id, *pair) for s in sheets for r in s.results for pair in r.mistakes}
    counts = Counter((function, name) for _, function, name in students)
    found = [Named(f, name, says_of(f, name), count) for (f, name), count in counts.items()]
    return sorted(found, key=lambda named: (-named.count, named.function, named.name))


def unnamed(sheet: Sheet) -> list[tuple[str, int]]:
    """How many students lost points in each tested function without a known mistake.

    Args:
        sheet: the sheet.

    Returns:
        A list of (function, number of students), the largest number first.
    """
    found = []
    for cell in sheet.assignment.cells:
        if cell.kind != "code" or not cell.points:
            continue
        function = function_of(cell.name)
        count = sum(
            submission.scores.get(cell.key, cell.points) < cell.points
            and result.errors.get(cell.key) not in UNWRITTEN
            and not any(f == function for f, _ in result.mistakes)
            for result, submission in graded(sheet)
        )
        if count:
            found.append((function, count))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def counts(sheet: Sheet) -> Counts:
    """The numbers of a Sheet by name, for its head and for the course's table."""
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
    """A student's points after late penalties; None if there is no score."""
    return result.graded.after_penalty if result.graded else None


def totals(sheets: Iterable[Sheet]) -> tuple[dict[str, float], float]:
    """The points of each student in all Sheets together.

    Args:
        sheets: the sheets.

    Returns:
        (points, most): from the id of each student to the points after late penalties, and the
        points that could be had.
    """
    most = sum(sheet.assignment.max_score for sheet in sheets)
    found: dict[str, float] = {}
    for sheet in sheets:
        for result in sheet.results:
            own = score_of(result) or 0.0
            found[result.student.id] = found.get(result.student.id, 0.0) + own
    return found, most
