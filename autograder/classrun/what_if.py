"""What a run would change in the gradebook, found out without writing anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import nbformat
from nbgrader.api import BaseCell, Gradebook, MissingEntry
from nbgrader.preprocessors import SaveAutoGrades

from autograder.classrun.steps import GradingTask, Steps, WorkerResult
from autograder.classrun.writer import Entering, Entries, answers_of
from autograder.results.answers import Answers
from autograder.results.history import arrow, points

NAMES = ("id", "name", "auto_score", "manual_score", "extra_credit", "needs_manual_grade")


@dataclass(frozen=True)
class Change:
    """What would change for one student.

    Attributes:
        assignment: the assignment's name.
        student: the student's id.
        why: why it would be graded.
        old_score: the points of the submission now; None if there are none.
        new_score: the points that it would have; None if there would be none.
        cells: what would change, a sentence for each cell.
    """

    assignment: str
    student: str
    why: str
    old_score: float | None
    new_score: float | None
    cells: list[str]


class WhatIf:
    """Takes the writer's place, and says what the writer would change.

    Args:
        steps: the steps of the course.
    """

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.gradebook = Gradebook(steps.coursedir.db_url, steps.coursedir.course_id)
        self.saving = next(step for step in steps.saving if isinstance(step, SaveAutoGrades))

    def close(self) -> None:
        self.gradebook.close()

    def change(self, task: GradingTask, result: WorkerResult, why: str) -> Change:
        """What would change for one student.

        Args:
            task: the submission.
            result: what a worker made of it.
            why: why it would be graded.
        """
        released = self.gradebook.find_assignment(task.assignment).notebooks
        try:
            submission = self.gradebook.find_submission(task.assignment, task.student)
        except (MissingEntry, UnicodeError):
            answers = Answers(self.gradebook.db, [])
            entries = {
                notebook.name: [_new(cell) for cell in notebook.grade_cells + notebook.task_cells]
                for notebook in released
            }
        else:
            answers = answers_of(self.steps, self.gradebook.db, task, submission)
            entries = {
                notebook.name: [_copy(grade) for grade in notebook.grades]
                for notebook in submission.notebooks
            }
        before = {name: [_copy(grade) for grade in grades] for name, grades in entries.items()}
        old, entering = _total(entries), Entering(task, answers)
        about = task.assignment, task.student, why, old
        if result.failure or not result.notebooks:
            failure = result.failure or "no notebook of the assignment was handed in"
            kept = "" if old is None else f"; {points(old)} of before would stay, as not final"
            return Change(*about, None, [f"{failure}{kept}"])
        folder = self.steps.path("submitted", task.assignment, task.student)
        for notebook in released:
            name = notebook.name
            if name not in result.notebooks:
                entering.not_handed_in(name, entries[name])
                continue
            comments = [_new(cell) for cell in notebook.solution_cells + notebook.task_cells]
            entering.enter(
                self.saving,
                nbformat.reads(result.notebooks[name], as_version=4),
                self.steps.resources(task.assignment, task.student, name, folder),
                Entries(entries[name], comments),
            )
        cells = [
            sentence
            for name in sorted(entries)
            for sentence in _changes(name, before[name], entries[name], entering)
        ]
        return Change(*about, _total(entries), cells)


def _changes(
    notebook: str, before: list[Any], after: list[Any], entering: Entering
) -> Iterator[str]:
    for old, new in zip(before, after, strict=True):
        key = notebook, new.name
        if (_score(old), old.needs_manual_grade) != (_score(new), new.needs_manual_grade):
            reason = entering.reasons.get(key, "")
            change = f"{notebook}/{new.name}  {arrow(_score(old), _score(new))}"
            yield f"{change}  ({reason})" if reason else change
        elif key in entering.asked_again:
            yield f"{notebook}/{new.name}  ({entering.asked_again[key]})"


def _copy(grade: Any) -> Any:
    """What stands for an entry, and can be changed without any trace in the gradebook."""
    return SimpleNamespace(**{name: getattr(grade, name) for name in NAMES})


def _new(cell: BaseCell) -> Any:
    """What stands for the entry that a first submission would get."""
    none = dict.fromkeys(NAMES)
    return SimpleNamespace(**none | {"id": cell.id, "name": cell.name, "needs_manual_grade": True})


def _score(grade: Any) -> float | None:
    given = grade.auto_score if grade.manual_score is None else grade.manual_score
    return None if given is None else given + (grade.extra_credit or 0.0)


def _total(entries: dict[str, list[Any]]) -> float | None:
    scores = [_score(grade) for grades in entries.values() for grade in grades]
    given = [score for score in scores if score is not None]
    return sum(given) if given else None
