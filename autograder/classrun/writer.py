"""The only writer: it puts results into the gradebook, into autograded/ and into the records.

It may be killed at any moment. It writes the record last, so that a submission without a record is
graded again. Everything that was written before is then written again, in the same places.
"""

import contextlib
import json
import logging
import os
import shutil
import traceback
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
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
from autograder.results.answers import NOT_HANDED_IN, Answers, digests
from autograder.results.history import AUTOGRADER, Database, Reasons, explained
from autograder.results.own_tables import prepare
from autograder.results.records import FAILED, GRADED, CellScore, Record
from autograder.results.saving import AGAIN, SaveScores
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
        prepare(self.gradebook.engine)
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

    def write(self, task: GradingTask, result: WorkerResult, fingerprint: str, why: str) -> Record:
        """Write the result of one submission.

        Args:
            task: the submission.
            result: what a worker made of it.
            fingerprint: the fingerprint of the state that was graded.
            why: why it was graded, for the history.

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
                        self._save(submission, task, result, verdict, why)
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
                    self._fail(task, f"{why}; {failure}")
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

    def _fail(self, task: GradingTask, why: str) -> None:
        """Mark a submission that can have no score, because somebody has to look at it."""
        # What cannot even be entered cannot be found either.
        with contextlib.suppress(MissingEntry, UnicodeError):
            submission = self.gradebook.find_submission(task.assignment, task.student)
            db = self.gradebook.db
            # With the same answer, what a person has finished will be finished again.
            answers_of(self.steps, db, task, submission).save(db)
            with explained(db, AUTOGRADER, task.student, task.assignment) as reasons:
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        grade.needs_manual_grade = True
                        reasons[notebook.name, grade.name] = why
            db.commit()
        # Another grader may have copied folders in folders without end.
        with contextlib.suppress(RecursionError):
            shutil.rmtree(self.steps.path("autograded", task.assignment, task.student), True)

    def _save(
        self,
        submission: SubmittedAssignment,
        task: GradingTask,
        result: WorkerResult,
        verdict: Record,
        why: str,
    ) -> None:
        target = self.steps.path("autograded", task.assignment, task.student)
        db = self.gradebook.db
        entering = Entering(task, answers_of(self.steps, db, task, submission))
        with whole(target) as part:
            part.mkdir(parents=True)
            self.steps.lay_out(task.assignment, task.student, part)
            with explained(db, AUTOGRADER, task.student, task.assignment) as reasons:
                for entry in submission.notebooks:
                    text = result.notebooks.get(entry.name)
                    if text is not None:
                        text = self._save_notebook(entry, submission, entering, text)
                        (part / f"{entry.name}.ipynb").write_text(text, encoding="utf-8")
                    else:
                        entering.not_handed_in(entry.name, entry.grades)
                    verdict.notebooks[entry.name] = {
                        "seconds": result.seconds.get(entry.name),
                        "cells": {grade.name: scores(grade) for grade in entry.grades},
                    }
                entering.answers.save(db)
                for cell, reason in entering.reasons.items():
                    reasons[cell] = f"{why}; {reason}" if reason else why
            db.commit()
        verdict.asked_again = {
            f"{notebook}/{cell}": said for (notebook, cell), said in entering.asked_again.items()
        }
        self.converter.set_permissions(task.assignment, task.student)
        cells = [c for notebook in verdict.notebooks.values() for c in notebook["cells"].values()]
        verdict.score = sum(cell["score"] for cell in cells)
        verdict.max_score = sum(cell["max_score"] for cell in cells)

    def _save_notebook(
        self,
        entry: SubmittedNotebook,
        submission: SubmittedAssignment,
        entering: "Entering",
        text: str,
    ) -> str:
        """Do the last steps of grading, from saving the scores on.

        Returns:
            The notebook's text.
        """
        task, notebook = entering.task, nbformat.from_dict(json.loads(text))
        folder = self.steps.path("submitted", task.assignment, task.student)
        resources = self.steps.resources(task.assignment, task.student, entry.name, folder)
        for step in self.steps.saving:
            if isinstance(step, SaveAutoGrades):
                entries = Entries(entry.grades, entry.comments)
                notebook = entering.enter(step, notebook, resources, entries)
            elif isinstance(step, AssignLatePenalties):
                entry.late_submission_penalty = None
                if submission.total_seconds_late > 0:
                    entering.answers.save(self.gradebook.db)
                    self.gradebook.db.commit()  # it opens the gradebook by itself
                    notebook, _ = step(notebook, resources)
                    self.gradebook.db.refresh(entry)
            else:
                notebook, _ = step(notebook, resources)
        return nbformat.writes(notebook) + "\n"


@dataclass
class Entering:
    """Enters the scores of one submission, in the gradebook or in what stands for its entries.

    Attributes:
        task: the submission.
        answers: its answers, as the gradebook remembers them.
        reasons: why scores are what they are, for the history.
        asked_again: why a person has to look again at what was graded by hand.
    """

    task: GradingTask
    answers: Answers
    reasons: Reasons = field(default_factory=dict)
    asked_again: Reasons = field(default_factory=dict)

    def enter(
        self,
        step: SaveAutoGrades,
        notebook: NotebookNode,
        resources: ResourcesDict,
        entries: "Entries",
    ) -> NotebookNode:
        """Enter the scores of a notebook.

        Args:
            step: the step that does it.
            notebook: the graded notebook.
            resources: the notebook's.
            entries: where the scores go.

        Returns:
            The notebook after the step.
        """
        name = resources["nbgrader"]["notebook"]
        step.notebook_id, step.assignment_id = name, self.task.assignment
        step.student_id, step.gradebook = self.task.student, entries
        if isinstance(step, SaveScores):
            step.look_at(notebook, self.answers)
        notebook, _ = NbGraderPreprocessor.preprocess(step, notebook, resources)
        if isinstance(step, SaveScores):
            for cell, reason in step.reasons.items():
                self.reasons[name, cell] = reason
            for cell, said in step.asked_again.items():
                self.asked_again[name, cell] = said
        return notebook

    def not_handed_in(self, name: str, grades: Iterable[Grade]) -> None:
        """Give no points to a notebook that was not handed in, as nbgrader does.

        Args:
            name: the name of the notebook.
            grades: its entries. What a person has graded waits for a person again.
        """
        for grade in grades:
            same = self.answers.enter(grade, 0.0, NOT_HANDED_IN)
            self.reasons[name, grade.name] = "the notebook was not handed in"
            if grade.needs_manual_grade and not same:
                self.asked_again[name, grade.name] = AGAIN[False]


def answers_of(
    steps: Steps, db: Database, task: GradingTask, submission: SubmittedAssignment
) -> Answers:
    """The answers of a submission that were graded last.

    A gradebook of a former version does not know them; the graded notebooks do.

    Args:
        steps: the steps of the course.
        db: the gradebook's session.
        task: the submission.
        submission: its entry.
    """
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    answers = Answers(db, grades)
    if all(grade.id in answers.graded or grade.manual_score is None for grade in grades):
        return answers
    earlier: dict[str, str] = {}
    folder = steps.path("autograded", task.assignment, task.student)
    for notebook in submission.notebooks:
        with contextlib.suppress(OSError, ValueError):
            text = (folder / f"{notebook.name}.ipynb").read_text(encoding="utf-8")
            found = digests(nbformat.reads(text, as_version=4))
            earlier.update({g.id: found[g.name] for g in notebook.grades if g.name in found})
    return Answers(db, grades, earlier)


class Entries:
    """Stands in for the gradebook while the scores of one notebook are saved.

    nbgrader looks up each cell in five tables, and commits after each cell. Here all entries are
    already loaded, and the writer commits once.
    """

    def __init__(self, grades: Iterable[Grade], comments: Iterable[Comment]) -> None:
        self.grades = {grade.name: grade for grade in grades}
        self.comments = {comment.name: comment for comment in comments}
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
