"""One run: what has to be graded, who grades it, and where the results go."""

import contextlib
import errno
import functools
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from nbgrader.api import InvalidEntry

from autograder.classrun.assignment import FRESH, AssignmentToGrade
from autograder.classrun.lock import Stopped, locked
from autograder.classrun.steps import (
    GradingTask,
    Steps,
    Trial,
    WorkerResult,
    failed,
    grade_submission,
    steps_of,
    try_canary,
)
from autograder.classrun.what_if import Change, WhatIf
from autograder.classrun.workers import (
    Cluster,
    ClusterGone,
    Job,
    Outcome,
    Pool,
    WorkerLost,
    Workers,
    cores,
    results,
)
from autograder.classrun.writer import TROUBLES, Writer
from autograder.course.files import sweep_scratch
from autograder.course.folders import (
    Course,
    did_you_mean,
    folders,
    open_course,
    open_gradebook,
)
from autograder.kernel.sandbox import why_unavailable
from autograder.results import records
from autograder.results.records import GRADED, Record
from autograder.verdict.canary import nothing_graded
from saelab import progress


@dataclass
class Summary:
    """What a run did.

    Attributes:
        graded: the records of submissions that have a score.
        failed: the records of submissions without a score, from this run or an earlier one.
        unchanged: how many submissions were not graded again.
        planned: (assignment, student, why) for each submission that was, or would be, graded.
        seconds: how long the run took.
        untried: what is wrong with the trials of each assignment that was not graded for it, by
            the assignment's name.
        changes: what would change for each submission that would be graded, if that was asked.
    """

    graded: list[Record] = field(default_factory=list)
    failed: list[Record] = field(default_factory=list)
    unchanged: int = 0
    planned: list[tuple[str, str, str]] = field(default_factory=list)
    seconds: float = 0.0
    untried: dict[str, list[str]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)


def grade(
    course: str | Path | Course,
    assignments: Iterable[str],
    students: Collection[str] = (),
    force: bool = False,
    jobs: int | None = None,
    scheduler: str | None = None,
    db_url: str | None = None,
    dry_run: bool = False,
    what_if: bool = False,
) -> Summary:
    """Grade what was handed in, in parallel.

    Args:
        course: the course, or its folder.
        assignments: the names of the assignments.
        students: the ids of the students; empty for all.
        force: whether to grade also what is unchanged.
        jobs: how many submissions to grade at once. None for one more than there are processors,
            since a worker and its kernel wait for each other.
        scheduler: the address of a Dask scheduler, whose workers do the grading; None to grade on
            this machine.
        db_url: the URL of the gradebook, if it is not the configured one.
        dry_run: whether only to say what would be graded.
        what_if: whether to grade, but only to say what would change, and to write nothing.

    Returns:
        What the run did.

    Raises:
        ValueError: if an argument makes no sense, such as the name of an unknown assignment,
            or if there is no gradebook, or it cannot be read.
        Stopped: if the run cannot go on.
    """
    start, summary = time.monotonic(), Summary()
    steps = steps_of(open_course(course, db_url))
    sandboxed = steps.executing.sandboxed
    if sandboxed and why_unavailable():
        raise Stopped(why_unavailable())
    with open_gradebook(steps.course) as gradebook:
        chosen = [AssignmentToGrade(steps, name, gradebook) for name in dict.fromkeys(assignments)]
    found = {a.name: a.students(students) for a in chosen}
    missing = sorted(set(students) - {s for some in found.values() for s in some})
    if missing:
        raise ValueError(_nobody(missing[0], steps))
    writes = not (dry_run or what_if)
    with locked(steps.course.folder) if writes else contextlib.nullcontext():
        if writes:
            sweep_scratch()
        prints: dict[GradingTask, tuple[str, str]] = {}
        for assignment in chosen:
            if writes:
                assignment.tidy()
            for student in found[assignment.name]:
                printed = assignment.fingerprint(student)
                verdict = records.read(steps.course.folder, assignment.name, student)
                why = assignment.why(student, verdict, printed, force)
                if why == FRESH:
                    summary.unchanged += 1
                    # Somebody still has to look at it.
                    if verdict and verdict.status != GRADED and writes:
                        summary.failed.append(verdict)
                    continue
                summary.planned.append((assignment.name, student, why))
                task = GradingTask(
                    str(steps.course.folder),
                    steps.course.db_url,
                    assignment.name,
                    student,
                    assignment.content,
                    hooks=writes,
                )
                prints[task] = printed, why
        if not dry_run and prints:
            begun = {task.assignment for task in prints}
            trials = [t for a in chosen if a.name in begun for t in a.trials()]
            if not scheduler:
                steps.prepare(a.content for a in chosen if a.name in begun)
            workers: Cluster | Pool
            workers = Cluster(scheduler) if scheduler else Pool(jobs or cores() + 1, sandboxed)
            with workers:
                _run(workers, steps, trials, prints, summary, writes)
    summary.seconds = time.monotonic() - start
    return summary


def _run(
    workers: Workers,
    steps: Steps,
    trials: list[Trial],
    prints: dict[GradingTask, tuple[str, str]],
    summary: Summary,
    writes: bool,
) -> None:
    try:
        summary.untried = _try_out(workers, trials)
        tasks = [task for task in prints if task.assignment not in summary.untried]
        if not tasks:
            raise Stopped(nothing_graded(summary.untried))
        with (
            contextlib.closing(Writer(steps) if writes else WhatIf(steps)) as writer,
            progress.bar(len(tasks), "grading", unit="submission") as bar,
        ):
            again: list[GradingTask] = []
            for task, result in chain(
                done(workers, grade_submission, tasks),
                done(workers, grade_submission, again, alone=True),
            ):
                result, (printed, why) = as_result(result), prints[task]
                if result.disturbed and task not in again:
                    again.append(task)
                    continue
                if isinstance(writer, WhatIf):
                    summary.changes.append(writer.change(task, result, why))
                    bar.update()
                    continue
                verdict = writer.write(task, result, printed, why)
                (summary.graded if verdict.status == GRADED else summary.failed).append(verdict)
                bar.update()
    except ClusterGone as error:
        raise Stopped(f"{error}. {AGAIN}") from None
    except TROUBLES as error:
        raise Stopped(f"{_what(error)}. {AGAIN}") from error


def _try_out(workers: Workers, trials: list[Trial]) -> dict[str, list[str]]:
    """What is wrong with the trials, by assignment, in the order of the trials."""
    found: dict[Trial, str] = {}
    with progress.bar(len(trials), "trying out", unit="trial") as bar:
        for trial, wrong in done(workers, try_canary, trials):
            if wrong:
                found[trial] = str(wrong)
            bar.update()
    untried: dict[str, list[str]] = {}
    for trial in trials:
        if trial in found:
            untried.setdefault(trial.assignment, []).append(found[trial])
    return untried


def done(
    workers: Workers,
    function: Callable[..., Outcome],
    tasks: Iterable[Job],
    alone: bool = False,
) -> Iterator[tuple[Job, Outcome | Exception]]:
    """The results of tasks, as results() gives them.

    A task that may have ended its worker is done again carefully; and all are from the beginning,
    where one of them could not be told from others.

    Args:
        workers: who does them.
        function: called with a task, and with `careful=True` to have care taken.
        tasks: the tasks.
        alone: whether each is done while no other is.
    """
    careful = functools.partial(function, careful=True)
    return results(workers, careful if workers.certain else function, tasks, alone, careful)


AGAIN = "What was graded stays graded; give the same command again to go on"


def as_result(result: WorkerResult | Exception) -> WorkerResult:
    """What a worker returned, or how it failed, as a WorkerResult."""
    if isinstance(result, WorkerResult):
        return result
    if isinstance(result, WorkerLost):
        return WorkerResult(failure=f"grading failed: {result}")
    return WorkerResult(failure=failed("grading", result))


def _what(error: BaseException) -> str:
    # nbgrader's own error is made of the gradebook's.
    text = _text((isinstance(error, InvalidEntry) and error.__context__) or error)
    full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    if full or "disk is full" in text:
        return f"The disk is full: {text}. Make room"
    return f"What was graded could not be written: {text}"


def _text(error: BaseException) -> str:
    """The message of a gradebook's error, without the database statement that caused it."""
    return str(getattr(error, "orig", None) or error).strip()


def _nobody(student: str, steps: Steps) -> str:
    meant = did_you_mean(student, {known for _, known in folders(steps.coursedir, "submitted")})
    return f"student {student!r} has handed in none of these assignments.{meant}"
