"""The history of scores: each change, with its time, who made it, the old and new score, and why.

The database writes a line when a score changes (own_tables.py). Who grades adds the reason, in the
same transaction.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbformat import NotebookNode
from sqlalchemy import Engine, bindparam, func, inspect, select, update
from sqlalchemy.orm import Session, scoped_session

from autograder.results.own_tables import GRADING, HISTORY, LONGEST_REASON

AUTOGRADER, NBGRADER = "autograder grade", "nbgrader autograde"
# From (notebook, cell) to why its score is what it is now.
Reasons = dict[tuple[str, str], str]
Database = Session | scoped_session[Session]


@dataclass(frozen=True)
class Line:
    """One change of a score.

    Attributes:
        time: when it was, in UTC.
        student: the student's id.
        assignment: the assignment's name.
        notebook: the notebook's name.
        cell: the name of the cell.
        cause: who made it: AUTOGRADER, NBGRADER, or as in own_tables.py.
        old_score: the score before; None if there was none.
        new_score: the score since; None if there is none.
        waits: whether a person has to look at it since.
        reason: why, in one line; "" if that is not known.
    """

    time: datetime
    student: str
    assignment: str
    notebook: str
    cell: str
    cause: str
    old_score: float | None
    new_score: float | None
    waits: bool
    reason: str


@contextlib.contextmanager
def explained(db: Database, cause: str, student: str, assignment: str) -> Iterator[Reasons]:
    """Add reasons to the changes that a with block makes, which has to commit afterwards.

    Args:
        db: the gradebook's session.
        cause: who makes the changes.
        student: the id of the student whose scores change.
        assignment: the name of the assignment.

    Yields:
        A dictionary for the reasons.
    """
    last = db.scalar(select(func.max(HISTORY.c.id))) or 0
    reasons: Reasons = {}
    yield reasons
    db.flush()
    new = select(HISTORY.c.id, HISTORY.c.notebook, HISTORY.c.cell).where(
        HISTORY.c.id > last, HISTORY.c.student == student, HISTORY.c.assignment == assignment,
        HISTORY.c.cause == GRADING,
    )  # fmt: skip
    told = [
        {"line": id_, "cause": cause, "reason": one_line(reasons.get((notebook, cell), ""))}
        for id_, notebook, cell in db.execute(new)
    ]
    if told:
        statement = update(HISTORY).where(HISTORY.c.id == bindparam("line"))
        db.connection().execute(statement, told)


def read(engine: Engine, student: str | None = None, assignment: str | None = None) -> list[Line]:
    """Read the history of a gradebook, the oldest first.

    Args:
        engine: the gradebook's.
        student: only this student's; None for all.
        assignment: only of this assignment; None for all.
    """
    if not inspect(engine).has_table(HISTORY.name):
        return []
    wanted: dict[str, Any] = {"student": student, "assignment": assignment}
    statement = select(*(HISTORY.c[name] for name in Line.__annotations__)).order_by(HISTORY.c.id)
    for name, value in wanted.items():
        if value is not None:
            statement = statement.where(HISTORY.c[name] == value)
    with engine.connect() as connection:
        return [Line(**row._mapping) for row in connection.execute(statement)]


def one_line(text: str) -> str:
    """A text in one line of bounded length, which a terminal and a database can take."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text[:5000]).split())
    return text if len(text) <= LONGEST_REASON else f"{text[: LONGEST_REASON - 1]}…"


def message_of(cell: NotebookNode) -> str:
    """What a graded cell says of a failure: the type and message of its error, or ""."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            return f"{output.ename}: {output.evalue}"
    return ""


def points(score: float | None) -> str:
    return "none" if score is None else f"{score:.4g}"


def arrow(old: float | None, new: float | None) -> str:
    """An old and a new score, for a line of text."""
    return points(old) if old == new else f"{points(old)} -> {points(new)}"
