"""The only writer: it puts results into the gradebook, into autograded/ and into the records.

It may be killed at any moment. It writes the record last, so that a submission without a record is
graded again. Everything that was written before is then written again, in the same places.
"""

import contextlib
import logging
import os
import shutil
import traceback
import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import nbformat
from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    InvalidEntry,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, SaveAutoGrades
from sqlalchemy.exc import DataError, SAWarning, SQLAlchemyError

from autograder.classrun.steps import GradingTask, Steps, WorkerResult, failed
from autograder.results import records
from autograder.results.records import FAILED, GRADED, CellScore, Record
from autograder.submission.contents import some
from saelab.files import whole

Entry = TypeVar("Entry")
# Of the disk, or the gradebook: the next submission would not fare better.
TROUBLES = (OSError, SQLAlchemyError, InvalidEntry)


class Writer:
    """Writes the results of one course's submissions.

    Args:
        steps: the steps of the course.
    """

    def __init__(self, steps: Steps) -> None:
        self.steps, self.converter = steps, steps.converter
        self.coursedir, self.folder = steps.coursedir, steps.course.folder
        self.gradebook = Gradebook(self.coursedir.db_url, self.coursedir.course_id)
        # What does not change in a run is read once: the assignments and their cells.
        self.gradebook.db.remove()
        self.gradebook.db.configure(expire_on_commit=False)
        self.kept = [
            (
                assignment,
                notebook,
                notebook.source_cells + notebook.grade_cells + notebook.task_cells,
            )
            for assignment in self.gradebook.assignments
            for notebook in assignment.notebooks
        ]

    def close(self) -> None:
        self.gradebook.close()

    def write(self, task: GradingTask, result: WorkerResult, fingerprint: str) -> Record:
        """Write the result of one submission.

        Args:
            task: the submission.
            result: what a worker made of it.
            fingerprint: the fingerprint of the state that was graded.

        Returns:
            The submission's record.
        """
        found = self.steps.path("submitted", task.assignment, task.student)
        failure = result.failure
        try:
            timestamp = self.coursedir.get_existing_timestamp(str(found))
        except Exception as error:
            # It counts neither as in time nor as late.
            timestamp, failure = None, failure or failed("reading timestamp.txt", error)
        nothing = not result.notebooks and not failure
        if nothing:
            failure = no_notebook(found, task.assignment, self._names(task.assignment))
        verdict = Record(
            student=task.student,
            assignment=task.assignment,
            status=GRADED,
            fingerprint=fingerprint,
            graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
            submitted_at=timestamp.isoformat() if timestamp else None,
            log=result.log,
        )
        with quiet():
            try:
                try:
                    submission = self._submission(task, timestamp)
                    if not failure:
                        self._save(submission, task, result, verdict)
                except Exception as error:
                    refused = _refused(error)
                    if isinstance(error, TROUBLES) and not refused:
                        raise
                    self.gradebook.db.rollback()
                    failure = failure or refused or f"{type(error).__name__}: {error}"[:2000]
                    verdict.log += f"\n{traceback.format_exc()}"
                if failure:
                    verdict.status, verdict.failure, verdict.notebooks = FAILED, failure, {}
                    verdict.final = nothing
                    self._fail(task)
                else:
                    said = self.steps.call_hook("post", task)
                    verdict.log = f"{verdict.log}\n{said}".strip()
            except BaseException:
                self.gradebook.db.rollback()
                raise
        records.write(self.folder, verdict)
        return verdict

    def _names(self, assignment: str) -> list[str]:
        return [notebook.name for notebook in self.gradebook.find_assignment(assignment).notebooks]

    def _submission(self, task: GradingTask, timestamp: datetime | None) -> SubmittedAssignment:
        """The gradebook's entry of a submission, which is made if there is none."""
        if self.converter.create_student:
            self.gradebook.update_or_create_student(task.student)
        else:
            try:
                self.gradebook.find_student(task.student)
            except MissingEntry:
                raise MissingEntry(
                    f"the gradebook has no student {task.student!r}: add one by `nbgrader db "
                    "student add`, or set c.Autograde.create_student = True"
                ) from None
        changes = {"timestamp": timestamp} if timestamp else {}
        return self.gradebook.update_or_create_submission(task.assignment, task.student, **changes)

    def _fail(self, task: GradingTask) -> None:
        """Mark a submission that can have no score, because somebody has to look at it."""
        # What cannot even be entered cannot be found either.
        with contextlib.suppress(MissingEntry, UnicodeError):
            submission = self.gradebook.find_submission(task.assignment, task.student)
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.needs_manual_grade = True
            self.gradebook.db.commit()
        # Another grader may have copied folders in folders without end.
        with contextlib.suppress(RecursionError):
            shutil.rmtree(self.steps.path("autograded", task.assignment, task.student), True)

    def _save(
        self,
        submission: SubmittedAssignment,
        task: GradingTask,
        result: WorkerResult,
        verdict: Record,
    ) -> None:
        target = self.steps.path("autograded", task.assignment, task.student)
        with whole(target) as part:
            part.mkdir(parents=True)
            self.steps.lay_out(task.assignment, task.student, part)
            for entry in submission.notebooks:
                text = result.notebooks.get(entry.name)
                if text is not None:
                    text = self._save_notebook(entry, submission, task, text)
                    (part / f"{entry.name}.ipynb").write_text(text, encoding="utf-8")
                else:
                    not_handed_in(entry)
                verdict.notebooks[entry.name] = {
                    "seconds": result.seconds.get(entry.name),
                    "cells": {grade.name: scores(grade) for grade in entry.grades},
                }
            self.gradebook.db.commit()
        self.converter.set_permissions(task.assignment, task.student)
        cells = [c for notebook in verdict.notebooks.values() for c in notebook["cells"].values()]
        verdict.score = sum(cell["score"] for cell in cells)
        verdict.max_score = sum(cell["max_score"] for cell in cells)

    def _save_notebook(
        self,
        entry: SubmittedNotebook,
        submission: SubmittedAssignment,
        task: GradingTask,
        text: str,
    ) -> str:
        """Do the last steps of grading, from saving the scores on.

        Returns:
            The notebook's text.
        """
        notebook = nbformat.reads(text, as_version=4)
        folder = self.steps.path("submitted", task.assignment, task.student)
        resources = self.steps.resources(task.assignment, task.student, entry.name, folder)
        for step in self.steps.saving:
            if isinstance(step, SaveAutoGrades):
                step.notebook_id, step.assignment_id = entry.name, task.assignment
                step.student_id, step.gradebook = task.student, Entries(entry)
                notebook, _ = NbGraderPreprocessor.preprocess(step, notebook, resources)
            elif isinstance(step, AssignLatePenalties):
                entry.late_submission_penalty = None
                if submission.total_seconds_late > 0:
                    self.gradebook.db.commit()  # it opens the gradebook by itself
                    notebook, _ = step(notebook, resources)
                    self.gradebook.db.refresh(entry)
            else:
                notebook, _ = step(notebook, resources)
        return nbformat.writes(notebook) + "\n"


class Entries:
    """Stands in for the gradebook while the scores of one notebook are saved.

    nbgrader looks up each cell in five tables, and commits after each cell. Here all entries are
    already loaded, and the writer commits once.
    """

    def __init__(self, entry: SubmittedNotebook) -> None:
        self.grades = {grade.name: grade for grade in entry.grades}
        self.comments = {comment.name: comment for comment in entry.comments}
        self.db = self

    def find_grade(self, name: str, *_: str) -> Grade:
        return self._found(self.grades, name)

    def find_comment(self, name: str, *_: str) -> Comment:
        return self._found(self.comments, name)

    def commit(self) -> None:
        pass

    def _found(self, entries: Mapping[str, Entry], name: str) -> Entry:
        if name not in entries:
            raise MissingEntry(
                f"the gradebook has no entry of this submission for the cell {name!r}: "
                "`nbgrader generate_assignment NAME --force` renews the gradebook"
            )
        return entries[name]


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Hide what nbgrader's gradebook prints, since it raises errors as well."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own queries
        logger = logging.getLogger("tornado.application")
        before, logger.disabled = logger.disabled, True
        try:
            yield
        finally:
            logger.disabled = before


def _refused(error: Exception) -> str | None:
    """A sentence if the gradebook cannot hold what a submission would enter, else None."""
    # nbgrader's own error is made of the gradebook's.
    cause = error.__context__ if isinstance(error, InvalidEntry) else error
    if isinstance(cause, DataError):
        return f"the gradebook does not take it: {cause.orig}".strip()
    return None


def not_handed_in(entry: SubmittedNotebook) -> None:
    """Give no points to a notebook that was not handed in, as nbgrader does."""
    for grade in entry.grades:
        grade.auto_score, grade.needs_manual_grade = 0, False


def scores(grade: Grade) -> CellScore:
    """The score of a submission's cell, as the gradebook counts it, and the maximum."""
    given = grade.auto_score if grade.manual_score is None else grade.manual_score
    score = (given or 0.0) + (grade.extra_credit or 0.0) * (given is not None)
    return {"score": score, "max_score": float(grade.cell.max_score)}


def no_notebook(folder: Path, assignment: str, names: list[str]) -> str:
    """A sentence that says why there is nothing to grade in a submission."""
    with contextlib.suppress(OSError):
        there = sorted(os.listdir(folder))
        if there:
            return (
                f"no notebook of {assignment} was handed in: wanted is {', '.join(names)}.ipynb, "
                f"and there is {some(there)}"
            )
    return f"nothing was handed in: {folder} is empty"
