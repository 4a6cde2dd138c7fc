"""What a seeded fault is, and the edits that many of them are."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tests.support.small_course import NAME, place

SOURCE = f"source/{NAME}/{NAME}.ipynb"
RELEASE = f"release/{NAME}/{NAME}.ipynb"
SCRIPT = "solutions/01_small/01_small.py"
# What follows from a changed source: the release and the gradebook are those of the old one.
FOLLOWS = {"stale", "gradebook"}
# A configuration with trusted grading.
TRUSTED = "from autograder.configure import trusted_grading\ntrusted_grading(get_config())\n"
BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


@dataclass(frozen=True)
class Fault:
    """What is done to a course, and the finding that has to come of it.

    says: a part of its sentence. also: rules of which there may be findings besides.
    """

    name: str
    edit: Callable
    rule: str
    path: str
    cell: str = ""
    says: str = ""
    also: frozenset = frozenset(FOLLOWS)
    severity: str = "error"


# The faults of both courses, as the modules of this folder register them.
SMALL: list[Fault] = []
BUILT: list[Fault] = []


def seeded(name, rule, cell="", says="", path=SOURCE, also=(), severity="error"):
    """A decorator for an edit of the small course: it is one of the faults."""

    def register(edit):
        SMALL.append(
            Fault(name, edit, rule, path, cell, says, frozenset({*FOLLOWS, *also}), severity)
        )
        return edit

    return register


class Notebook:
    """A notebook file that is written again when a block ends."""

    def __init__(self, path):
        self.path = Path(path)

    def __enter__(self):
        self.notebook = nbformat.read(self.path, as_version=4)
        return self

    def __exit__(self, *_):
        nbformat.write(self.notebook, self.path)

    def __getitem__(self, name):
        return self.notebook.cells[place(self.notebook, name)]

    def replace(self, name, old, new):
        assert old in self[name].source
        self[name].source = self[name].source.replace(old, new)


def replaced(name, old, new, path=SOURCE):
    """An edit that replaces a text in a cell."""

    def edit(course):
        with Notebook(course / path) as notebook:
            notebook.replace(name, old, new)

    return edit


def settings(cell, **changes):
    """An edit of a cell's nbgrader metadata; None takes a key away."""

    def edit(course):
        with Notebook(course / SOURCE) as notebook:
            grading = notebook[cell].metadata.nbgrader
            for key, value in changes.items():
                if value is None:
                    del grading[key]
                else:
                    grading[key] = value

    return edit


def written(path, text):
    """An edit that writes a file."""

    def edit(course):
        (course / path).parent.mkdir(parents=True, exist_ok=True)
        (course / path).write_text(text, encoding="utf-8")

    return edit


def seed(name, rule, edit, cell="", says="", **rest):
    """Register an edit of the small course as a fault."""
    seeded(name, rule, cell, says, **rest)(edit)
