"""The run: what there is to grade, who grades it, and what becomes of it."""

import contextlib
import errno
import glob
import hashlib
import pickle
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry, SubmittedAssignment
from sqlalchemy.exc import SQLAlchemyError

from autograder.canary import WHATS
from autograder.classrun import record, station
from autograder.classrun.crew import Cluster, ClusterGone, Crew, Pool, WorkerLost, cores, results
from autograder.classrun.digest import configuration, of_folder
from autograder.classrun.record import GRADED, Record
from autograder.classrun.station import Result, Station, Task, Trial
from autograder.classrun.writer import TROUBLES, Writer
from autograder.course import did_you_mean, folders, no_assignment
from autograder.files import sweep
from autograder.locks import Locked, lock
from autograder.reconcile import timestamps
from autograder.reconcile.released import read as read_released
from autograder.regions import hidden_regions
from autograder.sandbox import fault
from saelab import progress

LOCK = ".run.lock"
LOCK_PATIENCE = 10  # seconds; workers of a run that was killed end a little later
NEW, CHANGED, FORCED, FAILED, GONE, FRESH = (
    "new", "changed since", "by --force", "failed before", "not in the gradebook", "unchanged"
)  # fmt: skip


class Stopped(Exception):
    """The run cannot go on; says why, and what to do. What was graded stays graded."""


@dataclass
class Summary:
    """What a run did.

    graded: records of submissions that have a score. failed: of those that have none, from this
    run or still. unchanged: how many were not graded again. planned: (assignment, student, why)
    of what was, or would be, graded. seconds: that the run took.
    """

    graded: list[Record] = field(default_factory=list)
    failed: list[Record] = field(default_factory=list)
    unchanged: int = 0
    planned: list[tuple[str, str, str]] = field(default_factory=list)
    seconds: float = 0.0


def grade(
    course: str | Path,
    assignments: Iterable[str],
    students: Collection[str] = (),
    force: bool = False,
    jobs: int | None = None,
    scheduler: str | None = None,
    db_url: str | None = None,
    dry_run: bool = False,
) -> Summary:
    """Grade what was handed in, in parallel; returns a Summary.

    course: the course's folder. assignments: names. students: ids; all of them without.
    force: also what is unchanged. jobs: how many at once; without, twice as many as there are
    processors, since a worker waits for its kernel half of the time.
    scheduler: the address of a Dask scheduler, whose workers do it. db_url: of the gradebook,
    where it is not the configured one. dry_run: only say what would be graded.
    Errors: ValueError for what cannot be meant; Stopped.
    """
    start, summary = time.monotonic(), Summary()
    here = station.station_of(str(Path(course).resolve()), db_url)
    sandboxed = here.executing.sandboxed
    if sandboxed and fault():
        raise Stopped(fault())
    try:
        with Gradebook(here.coursedir.db_url, here.coursedir.course_id) as gradebook:
            chosen = [Assignment(here, name, gradebook) for name in dict.fromkeys(assignments)]
    except (SQLAlchemyError, ImportError) as error:  # the server is down, or its driver missing
        raise Stopped(f"The gradebook cannot be opened: {_text(error)}") from None
    found = {a.name: a.students(students) for a in chosen}
    missing = sorted(set(students) - {s for some in found.values() for s in some})
    if missing:
        raise ValueError(_nobody(missing[0], here))
    with locked(here.course.folder) if not dry_run else contextlib.nullcontext():
        if not dry_run:
            station.sweep()
        prints: dict[Task, str] = {}
        for assignment in chosen:
            if not dry_run:
                assignment.tidy()
            for student in found[assignment.name]:
                printed = assignment.fingerprint(student)
                verdict = record.read(here.course.folder, assignment.name, student)
                why = assignment.why(student, verdict, printed, force)
                if why == FRESH:
                    summary.unchanged += 1
                    # Somebody still has to look at it.
                    if verdict and verdict.status != GRADED and not dry_run:
                        summary.failed.append(verdict)
                    continue
                summary.planned.append((assignment.name, student, why))
                task = Task(str(here.course.folder), db_url, assignment.name, student,
                            assignment.content)  # fmt: skip
                prints[task] = printed
        if not dry_run and prints:
            begun = {task.assignment for task in prints}
            trials = [t for a in chosen if a.name in begun for t in a.trials(db_url)]
            if not scheduler:
                here.executing.prepare()  # once, for all processes that are forked
            crew: Cluster | Pool
            crew = Cluster(scheduler) if scheduler else Pool(jobs or 2 * cores(), sandboxed)
            with crew:
                _run(crew, here, trials, prints, summary)
    summary.seconds = time.monotonic() - start
    return summary


def _run(
    crew: Crew, here: Station, trials: list[Trial], prints: dict[Task, str], summary: Summary
) -> None:
    try:
        with progress.bar(len(trials), "trying out", unit="trial") as bar:
            for _trial, wrong in results(crew, station.try_out, trials):
                if wrong:
                    raise Stopped(f"Nothing was graded: {wrong}")
                bar.update()
        with (
            contextlib.closing(Writer(here)) as writer,
            progress.bar(len(prints), "grading", unit="submission") as bar,
        ):
            for task, result in results(crew, station.grade, list(prints)):
                verdict = writer.write(task, told(result), prints[task])
                (summary.graded if verdict.status == GRADED else summary.failed).append(verdict)
                bar.update()
    except ClusterGone as error:
        raise Stopped(f"{error}. {AGAIN}") from None
    except TROUBLES as error:
        raise Stopped(f"{_what(error)}. {AGAIN}") from error


AGAIN = "What was graded stays graded; give the same command again to go on"


def told(result: Result | Exception) -> Result:
    """What a worker returned, or how it failed, as a Result."""
    if isinstance(result, Result):
        return result
    if isinstance(result, WorkerLost):
        return Result(failure=f"grading failed: {result}")
    return Result(failure=station.failed("grading", result))


def _what(error: BaseException) -> str:
    # nbgrader's own error is made of the gradebook's.
    text = _text((isinstance(error, InvalidEntry) and error.__context__) or error)
    full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    if full or "disk is full" in text:
        return f"The disk is full: {text}. Make room"
    return f"What was graded could not be written: {text}"


def _text(error: BaseException) -> str:
    """What a gradebook's error says, without the statement that it came of."""
    return str(getattr(error, "orig", None) or error).strip()


class Assignment:
    """One assignment of a run: what the gradebook has of it, and what was handed in.

    Errors: ValueError where there is none.
    """

    def __init__(self, here: Station, name: str, gradebook: Gradebook) -> None:
        self.here, self.name = here, name
        try:
            entry = gradebook.find_assignment(name)
        except MissingEntry:
            names = [assignment.name for assignment in gradebook.assignments]
            raise ValueError(no_assignment(name, names)) from None
        source = here.path("source", name)
        self.released = {
            notebook.name: read_released(
                notebook, hidden_regions(here.converter), source / f"{notebook.name}.ipynb"
            )
            for notebook in entry.notebooks
        }
        # From it comes a penalty for who is late.
        self.due = entry.duedate
        self.entered = {
            student
            for (student,) in gradebook.db.query(SubmittedAssignment.student_id).filter(
                SubmittedAssignment.assignment_id == entry.id
            )
        }
        self.content = pickle.dumps(self.released)
        self.digest = self._digest(source)

    def _digest(self, source: Path) -> bytes:
        """Of whatever decides on scores, but for the submission itself."""
        digest = hashlib.sha256(repr(self.due).encode())
        for name, notebook in self.released.items():
            digest.update(repr((name, notebook.wanted, notebook.kernelspec)).encode())
            digest.update(nbformat.writes(notebook.source).encode() if notebook.source else b"-")
        for folder in sorted({source, *self.here.executing.read_folders()}):
            digest.update(of_folder(folder, "*.ipynb" if folder != source else "*"))
        digest.update(configuration(self.here.course.folder))
        return digest.digest()

    def students(self, wanted: Collection[str]) -> list[str]:
        """Who has handed in something, of those that are wanted or of all.

        Left out is, as by nbgrader, who is in c.CourseDirectory.student_id_exclude.
        """
        coursedir = self.here.coursedir
        excluded = coursedir.student_id_exclude.split(",")
        found = [student for _, student in folders(coursedir, "submitted", self.name)]
        return [s for s in found if s not in excluded and (not wanted or s in wanted)]

    def tidy(self) -> None:
        """Clear away what would be in the way: half-written files, unreadable timestamps."""
        sweep(self.here.course.folder / record.FOLDER / self.name)
        above = str(self.here.path("autograded", self.name, "\0").parent)
        for folder in glob.glob(glob.escape(above).replace("\0", "*")):
            sweep(folder)
        coursedir = self.here.coursedir
        coursedir.assignment_id, coursedir.student_id = self.name, "*"
        for path in timestamps.set_aside(coursedir):
            print(f"nbgrader cannot read this timestamp, so it was renamed: {path}")

    def fingerprint(self, student: str) -> str:
        """A digest of all that decides on a submission's scores."""
        folder = self.here.path("submitted", self.name, student)
        return hashlib.sha256(self.digest + of_folder(folder)).hexdigest()

    def why(self, student: str, verdict: Record | None, fingerprint: str, force: bool) -> str:
        """Why a submission, of which there is this record, has to be graded; FRESH if not."""
        if verdict is None:
            return NEW
        if verdict.fingerprint != fingerprint:
            return CHANGED
        if verdict.status != GRADED:
            return FORCED if force else FRESH if verdict.final else FAILED
        graded = self.here.path("autograded", self.name, student)
        wanted = [name for name, said in verdict.notebooks.items() if said["seconds"] is not None]
        there = all((graded / f"{name}.ipynb").is_file() for name in wanted)
        if student not in self.entered or not there:
            return GONE
        return FORCED if force else FRESH

    def trials(self, db_url: str | None) -> list[Trial]:
        if not self.here.exporter.canary:
            return []
        folder = str(self.here.course.folder)
        return [
            Trial(folder, db_url, self.name, name, what, self.content)
            for name in self.released
            for what in WHATS
        ]


@contextlib.contextmanager
def locked(folder: str | Path) -> Iterator[None]:
    """Keep other runs from grading the same course meanwhile. Errors: Stopped, if one does."""
    try:
        with lock(Path(folder, record.FOLDER, LOCK), LOCK_PATIENCE):
            yield
    except Locked as process:
        raise Stopped(
            f"this course is being graded by another run, of process {process}; wait until it is "
            "done, or end it"
        ) from None


def _nobody(student: str, here: Station) -> str:
    meant = did_you_mean(student, {known for _, known in folders(here.coursedir, "submitted")})
    return f"student {student!r} has handed in none of these assignments.{meant}"
