"""Which answer was graded, so that a regrade knows whether it is the same.

What a person has graded stays as it is while the answer is. It is asked for again when the answer
has changed; and it is finished again when an answer comes back that was.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Grade
from sqlalchemy import delete, insert, inspect, select

from autograder.results.history import Database
from autograder.results.own_tables import ANSWERS
from autograder.submission.structure import NOTE_ID

NOT_HANDED_IN = "-"


def digests(notebook: NotebookNode) -> dict[str, str]:
    """Digests of what the student wrote, by the name of the cell whose score depends on it.

    For an answer in words that is the cell. For all else it is the whole notebook but for locked
    cells: tests and tasks have no text of the student's, and what code does depends on the rest.

    Args:
        notebook: a notebook that was brought back to its source.
    """
    graded = [cell for cell in notebook.cells if utils.is_grade(cell) or utils.is_task(cell)]
    whole = _digest(
        cell for cell in notebook.cells if not utils.is_locked(cell) and cell.get("id") != NOTE_ID
    )
    return {
        cell.metadata.nbgrader.grade_id: _digest([cell])
        if cell.cell_type == "markdown" and utils.is_solution(cell)
        else whole
        for cell in graded
    }


def _digest(cells: Iterable[NotebookNode]) -> str:
    texts = [[c.cell_type, c.source, c.get("attachments") or {}] for c in cells]
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


class Answers:
    """The answers of some cells of one submission, as the gradebook remembers them.

    Args:
        db: the gradebook's session.
        grades: the cells' entries, before anything of them is changed.
        earlier: digests of the answers that were graded last, by the entries' ids, for those of
            which the gradebook does not know it.
    """

    def __init__(
        self, db: Database, grades: Iterable[Grade], earlier: Mapping[str, str] | None = None
    ) -> None:
        grades = list(grades)
        self.graded = dict(earlier or {})
        self.finished: dict[str, str] = {}
        rows = select(ANSWERS).where(ANSWERS.c.grade.in_([grade.id for grade in grades]))
        # There are none in a gradebook of a former version, to which nothing is to be written.
        there = inspect(db.connection()).has_table(ANSWERS.name)
        for id_, graded, finished in db.execute(rows) if there else ():
            if graded:
                self.graded[id_] = graded
            if finished:
                self.finished[id_] = finished
        for grade in grades:
            # A person has finished with it since it was graded last.
            done = grade.manual_score is not None and not grade.needs_manual_grade
            if done and grade.id in self.graded:
                self.finished[grade.id] = _judged(self.graded[grade.id], grade.auto_score)

    def enter(self, grade: Grade, score: float | None, digest: str) -> bool | None:
        """Enter a new score of the grader's, and whether a person has to look at it.

        Args:
            grade: the entry.
            score: the score; None if the grader gives none.
            digest: of the answer.

        Returns:
            Whether the answer is the one that was graded last; None if that is not known.
        """
        before = self.graded.get(grade.id)
        self.graded[grade.id] = digest
        grade.auto_score = score
        # A person who gave another score than the grader's did so knowing the grader's.
        grade.needs_manual_grade = (
            score is None
            if grade.manual_score is None
            else self.finished.get(grade.id) != _judged(digest, score)
        )
        return None if before is None else before == digest

    def save(self, db: Database) -> None:
        """Write them, for the transaction in which the scores change."""
        ids = self.graded.keys() | self.finished.keys()
        rows = [
            {"grade": i, "graded": self.graded.get(i), "finished": self.finished.get(i)}
            for i in sorted(ids)
        ]
        if rows:
            db.execute(delete(ANSWERS).where(ANSWERS.c.grade.in_(ids)))
            db.execute(insert(ANSWERS), rows)


def _judged(digest: str, score: float | None) -> str:
    return f"{digest} {score}"
