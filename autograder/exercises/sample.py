"""A sample class: ten students whose submissions are made from the reference solution.

Each wrong submission is an edit of the reference, so that it keeps its meaning when the reference
changes; an edit that no longer applies is an error. The edits are in the files of the exercises.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course.files import write_notebook
from autograder.exercises import exercises
from autograder.exercises.exercise import UNTOUCHED


@dataclass(frozen=True)
class Student:
    """A student of the sample class.

    Attributes:
        name: the student id.
        says: what is special about the submissions.
        edits: from a function's name to (old, new) pairs of text, which are applied to the
            function's cell in the reference.
        versions: from a function's name to a text that replaces its whole cell.
        finished: the names of the functions that the student has written; None for all of them.
            Answers to written questions are handed in only if all functions were written.
    """

    name: str
    says: str
    edits: Mapping[str, Iterable[tuple[str, str]]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    finished: tuple[str, ...] | None = None

    def answer(self, cell: NotebookNode) -> str | None:
        """What this student writes into a solution cell.

        Args:
            cell: the solution cell of the solved notebook.

        Returns:
            The cell's text, or None to leave the cell as it was released.

        Raises:
            ValueError: if the old text of an edit does not occur exactly once in the reference.
        """
        name = cell.metadata.nbgrader.grade_id
        if self.finished is not None and name not in self.finished:
            return None
        if name in self.versions:
            return self.versions[name]
        text = without_delimiters(cell.source)
        for old, new in self.edits.get(name, ()):
            if text.count(old) != 1:
                raise ValueError(
                    f"{self.name}'s edit of {name} does not apply: {old!r} occurs "
                    f"{text.count(old)} times in the reference"
                )
            text = text.replace(old, new)
        return text


def submission(student: Student, solved: NotebookNode, released: NotebookNode) -> NotebookNode:
    """The notebook that a student hands in: the released one with answers filled in."""
    notebook = nbformat.from_dict(released)
    answers = {
        cell.metadata.nbgrader.grade_id: student.answer(cell)
        for cell in solved.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    for cell in notebook.cells:
        answer = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if answer is not None:
            cell.source = answer
    return notebook


def hand_in(course: str | Path, students: Iterable[Student], notebooks: Iterable[str]) -> None:
    """Write the submissions of a class to submitted/ in the folder `course`."""
    course = Path(course)
    for name in notebooks:
        solved = nbformat.read(course / "solutions" / name / f"{name}.ipynb", as_version=4)
        released = nbformat.read(course / "notebooks" / name / f"{name}.ipynb", as_version=4)
        for student in students:
            path = course / "submitted" / student.name / name / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_notebook(submission(student, solved, released), path)


def without_delimiters(source: str) -> str:
    """A solution cell's text without the lines that mark the solution."""
    lines = source.splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith("### "))


# What each of them writes instead of the reference, the exercises say.
NAMES = {
    "ada": "everything right",
    "bo": "loops instead of matrix products",
    "cleo": "handed in untouched",
    "dan": "half done",
    "eve": "sparsity term missing in delta",
    "finn": "lambda missing in the gradient",
    "gita": "biases decayed",
    "hugo": "raises an error: adds a bias as a row",
    "ines": "right, but prints and warns of overflow",
    "juri": "one-sided differences, patches read by columns, global scale of filters",
}
NOTHING = ("cleo",)  # who has written nothing


def _student(name: str) -> Student:
    own = {function: e.sample[name] for function, e in exercises().items() if name in e.sample}
    written = tuple(f for f in exercises() if f not in own or own[f] is not UNTOUCHED)
    return Student(
        name,
        NAMES[name],
        edits={f: edits for f, edits in own.items() if isinstance(edits, tuple)},
        versions={f: text for f, text in own.items() if isinstance(text, str)},
        finished=() if name in NOTHING else None if len(written) == len(exercises()) else written,
    )


CLASS = tuple(_student(name) for name in NAMES)
