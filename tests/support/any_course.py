"""A notebook of any course, graded as it stands, without a gradebook."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_notebook
from nbgrader import utils
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, Configurable

from autograder.course.files import write_notebook
from autograder.kernel.sandbox import why_unavailable
from autograder.submission.released import from_source, untouched
from autograder.verdict.trusted import TrustedExecute

KINDS = {
    "solution": {"solution": True},
    "test": {"grade": True, "locked": True},
    "locked": {"locked": True},
}


def cell(kind, text, name, points=1):
    """A code cell: a "solution", a "test", one that is "locked", or an "open" one."""
    made = new_code_cell(text)
    made.id = name
    if kind != "open":
        flags = dict.fromkeys(("grade", "locked", "solution", "task"), False) | KINDS[kind]
        made.metadata.nbgrader = {**flags, "grade_id": name, "schema_version": 3}
        if kind == "test":
            made.metadata.nbgrader["points"] = points
    return made


def notebook(*cells):
    """A source notebook of (kind, text) pairs; cells are named by their kind and position."""
    made = [cell(kind, text, f"{kind}{i}") for i, (kind, text) in enumerate(cells)]
    return new_notebook(cells=made)


def solution(text, stub="", indent=""):
    """The text of a solution cell, in which `text` is what students are to write."""
    lines = ["### BEGIN SOLUTION", *text.split("\n"), "### END SOLUTION"]
    return "\n".join([*([stub] if stub else []), *(indent + line for line in lines)])


@dataclass
class Course:
    """Grades notebooks in a folder, which has the source and its other files.

    Attributes:
        folder: the course's folder.
        traits: of TrustedExecute.
    """

    folder: Path
    traits: dict[str, Any]

    def grade(self, source, *answers, handed_in=None):
        """The points of the tests, in their order, and what each printed or raised.

        The arguments are those of `graded`.
        """
        return told(self.graded(source, *answers, handed_in=handed_in))

    def graded(self, source, *answers, handed_in=None):
        """The executed notebook.

        Args:
            source: the source notebook.
            *answers: the texts of the solution cells in their order; none: the released ones; "="
                for the source's own.
            handed_in: the whole notebook instead.
        """
        home = self.folder / "source" / "ps"
        home.mkdir(parents=True, exist_ok=True)
        write_notebook(source, home / "ps.ipynb")
        submitted = handed_in or filled(source, answers)
        where = self.folder / "submitted" / "ada" / "ps"
        where.mkdir(parents=True, exist_ok=True)
        config = Config()
        config.CourseDirectory.root = str(self.folder)
        config.CourseDirectory.assignment_id = "ps"
        parent = Autograde(coursedir=CourseDirectory(config=config), config=config)
        execute = TrustedExecute(parent=parent, sandboxed=why_unavailable() is None, **self.traits)
        execute.find_released = lambda about: from_source(execute, source)
        about = {"notebook": "ps", "assignment": "ps", "student": "ada", "db_url": ""}
        resources = {"nbgrader": about, "metadata": {"path": str(where)}}
        graded, _ = execute.preprocess(submitted, resources)
        return graded


def told(graded):
    """The points of the tests of an executed notebook, and what each printed or raised."""
    tests = [c for c in graded.cells if utils.is_grade(c)]
    said = ["\n".join(map(words_of, c.outputs)) for c in tests]
    return [utils.determine_grade(c)[0] or 0 for c in tests], said


def words_of(output):
    traceback = "\n".join(output.get("traceback", []))
    return output.get("text", "") + re.sub(r"\x1b\[[\d;]*m", "", traceback)


def filled(source, answers):
    """The untouched submission, with these answers in its solution cells."""
    made = untouched(source, Configurable())
    places = [i for i, c in enumerate(made.cells) if utils.is_solution(c)]
    for place, answer in zip(places, answers):
        made.cells[place].source = source.cells[place].source if answer == "=" else answer
    return made
