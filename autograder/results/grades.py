"""Read a whole gradebook in a few queries: students, assignments, and scores of submissions.

nbgrader's own properties query the database again for each score of each student.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from nbgrader import api
from sqlalchemy.orm import Session, scoped_session

from autograder.results.records import FAILED, Record

# The key of a cell: the name of its notebook, and its own name.
Key = tuple[str, str]


@dataclass(frozen=True)
class Student:
    """A student as the gradebook knows them; each text that it does not know is ""."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def sortable(self) -> str:
        """The name by which lists are sorted, "Lovelace, Ada", or the id if there is no name."""
        return ", ".join(name for name in (self.last_name, self.first_name) if name) or self.id


@dataclass(frozen=True)
class Cell:
    """A cell that gives points.

    Attributes:
        notebook: the name of its notebook.
        name: its own name.
        points: how many points it can give.
        kind: "code" for tests, otherwise "markdown" or "task".
    """

    notebook: str
    name: str
    points: float
    kind: str

    @property
    def key(self) -> Key:
        return self.notebook, self.name


@dataclass
class Submission:
    """What one student has for one assignment.

    The keys of cells are pairs: the name of the notebook, and the name of the cell.

    Attributes:
        student: the id of the student.
        timestamp: when the work was handed in, or None.
        late: seconds after the due date.
        penalty: points lost for being late.
        scores: from the key of a cell to its score.
        waiting: the keys of cells that a person still has to grade.
        decided: the keys of cells that have a score by now.
    """

    student: str
    timestamp: datetime | None = None
    late: float = 0.0
    penalty: float = 0.0
    scores: dict[Key, float] = field(default_factory=dict)
    waiting: set[Key] = field(default_factory=set)
    decided: set[Key] = field(default_factory=set)

    @property
    def score(self) -> float:
        return sum(self.scores.values())

    @property
    def after_penalty(self) -> float:
        return max(0.0, self.score - self.penalty)

    def not_final(self, record: Record | None) -> str:
        """Why the score may still change, in a sentence; "" if it is final.

        Args:
            record: the record of the last grading; None if there is none.
        """
        # A run that fails leaves all to a person; nbgrader's own may have graded it since.
        if record and record.status == FAILED and self.waiting >= self.scores.keys():
            older = "; the score is of an earlier grading" if self.decided else ""
            return f"could not be graded ({record.failure}){older}"
        names = ["/".join(key) for key in sorted(self.waiting)]
        return f"waits for a person: {', '.join(names)}" if names else ""


@dataclass
class Assignment:
    """An assignment of the gradebook.

    Attributes:
        name: the name of the assignment.
        duedate: when it is due, or None.
        cells: the cells that give points, sorted by the names of their notebook and their own.
        submissions: the submissions by student.
    """

    name: str
    duedate: datetime | None = None
    cells: list[Cell] = field(default_factory=list)
    submissions: dict[str, Submission] = field(default_factory=dict)

    @property
    def max_score(self) -> float:
        return sum(cell.points for cell in self.cells)


def read_grades(gradebook: api.Gradebook) -> tuple[list[Student], list[Assignment]]:
    """Read all of an nbgrader Gradebook.

    Args:
        gradebook: the gradebook.

    Returns:
        (students, assignments), both lists sorted by name.
    """
    students = sorted(
        (
            Student(row.id, *((text or "").strip() for text in row[1:]))
            for row in gradebook.db.query(
                api.Student.id,
                api.Student.first_name,
                api.Student.last_name,
                api.Student.email,
                api.Student.lms_user_id,
            )
        ),
        key=lambda student: (student.sortable.casefold(), student.id),
    )
    by_id = {}
    for id_, name, duedate in gradebook.db.query(
        api.Assignment.id, api.Assignment.name, api.Assignment.duedate
    ):
        by_id[id_] = Assignment(name, duedate)
    _add_cells(gradebook.db, by_id)
    _add_submissions(gradebook.db, by_id)
    return students, sorted(by_id.values(), key=lambda assignment: assignment.name)


def _add_cells(db: scoped_session[Session], assignments: dict[str, Assignment]) -> None:
    for kind in (api.GradeCell, api.TaskCell):
        rows = db.query(
            api.Notebook.assignment_id,
            api.Notebook.name,
            kind.name,
            kind.max_score,
            kind.cell_type,
        ).join(api.Notebook, kind.notebook_id == api.Notebook.id)
        for assignment, notebook, name, points, cell_type in rows:
            what = "task" if kind is api.TaskCell else cell_type
            assignments[assignment].cells.append(Cell(notebook, name, points or 0.0, what))
    for assignment in assignments.values():
        assignment.cells.sort(key=lambda cell: cell.key)


def _add_submissions(db: scoped_session[Session], assignments: dict[str, Assignment]) -> None:
    table, notebooks = api.SubmittedAssignment, api.SubmittedNotebook
    found = {}
    for id_, assignment, student, timestamp, extension in db.query(
        table.id, table.assignment_id, table.student_id, table.timestamp, table.extension
    ):
        due = assignments[assignment].duedate
        found[id_] = submission = Submission(student, timestamp)
        if due and timestamp:
            late = timestamp - due - extension if extension else timestamp - due
            submission.late = max(0.0, late.total_seconds())
        assignments[assignment].submissions[student] = submission
    penalties: defaultdict[str, float] = defaultdict(float)
    for id_, penalty in db.query(notebooks.assignment_id, notebooks.late_submission_penalty):
        penalties[id_] += penalty or 0.0
    for id_, penalty in penalties.items():
        found[id_].penalty = penalty
    rows = (
        db.query(
            notebooks.assignment_id,
            api.Notebook.name,
            api.BaseCell.name,
            api.Grade.score,
            api.Grade.auto_score,
            api.Grade.manual_score,
            api.Grade.needs_manual_grade,
        )
        .join(notebooks, api.Grade.notebook_id == notebooks.id)
        .join(api.Notebook, notebooks.notebook_id == api.Notebook.id)
        .join(api.BaseCell, api.Grade.cell_id == api.BaseCell.id)
    )
    for id_, notebook, cell, score, auto, manual, waits in rows:
        submission, key = found[id_], (notebook, cell)
        submission.scores[key] = float(score or 0.0)
        if waits:
            submission.waiting.add(key)
        if auto is not None or manual is not None:
            submission.decided.add(key)
