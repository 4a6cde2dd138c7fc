"""Faults to seed in a sound course, each of which the doctor has to find at its place.

A fault is an edit of a course folder. `SMALL` are for the course of small_course.py, an nbgrader
course of notebooks; `BUILT` for the same course as this project builds it, from a script.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.api import Gradebook

from tests.autograder.small_course import NAME, SECRET, place

SOURCE = f"source/{NAME}/{NAME}.ipynb"
RELEASE = f"release/{NAME}/{NAME}.ipynb"
SCRIPT = "solutions/01_small/01_small.py"
# What follows from a changed source: the release and the gradebook are those of the old one.
FOLLOWS = {"stale", "gradebook"}


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


def seeded(name, rule, cell="", says="", path=SOURCE, also=(), severity="error"):
    """A decorator for an edit of the small course: it is one of the faults."""

    def register(edit):
        SMALL.append(
            Fault(name, edit, rule, path, cell, says, frozenset({*FOLLOWS, *also}), severity)
        )
        return edit

    return register


SMALL, BUILT = [], []


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


# --- delimiters --------------------------------------------------------------------

BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
for wrong in (
    "### BEGIN HIDDEN TEST",
    "### BEGIN HIDEN TESTS",
    "# begin hidden tests",
    "### HIDDEN TESTS",
    "### BEGIN_HIDDEN_TESTS",
    "### START HIDDEN TESTS",
):
    seed(
        f"misspelt {wrong}",
        "delimiter",
        replaced("test-double", BEGIN, wrong),
        "test-double",
        f"'{wrong}' should be '{BEGIN}'",
        also={"leak"},
    )
seed(
    "misspelt solution",
    "delimiter",
    replaced("double", "### BEGIN SOLUTION", "#### Begin soluton"),
    "double",
    "should be '### BEGIN SOLUTION'",
    also={"whole-cell", "leak"},
)
seed(
    "no end",
    "delimiter",
    replaced("double", "    ### END SOLUTION", ""),
    "double",
    "'BEGIN SOLUTION' has no END",
)
seed(
    "no begin",
    "delimiter",
    replaced("test-double", BEGIN, ""),
    "test-double",
    "'END HIDDEN TESTS' has no BEGIN",
)
seed(
    "nested",
    "delimiter",
    replaced("test-double", SECRET, f"{BEGIN}\n{SECRET}"),
    "test-double",
    "stands inside of HIDDEN TESTS",
)
seed(
    "hidden tests in an answer",
    "delimiter",
    replaced("double", "    ### END SOLUTION", f"    ### END SOLUTION\n{BEGIN}\nx = 1\n{END}"),
    "double",
    "do not allow 'BEGIN HIDDEN TESTS'",
)


@seeded("solution in a plain cell", "delimiter", "cell 0", "do not allow")
def _(course):
    with Notebook(course / SOURCE) as notebook:
        notebook.notebook.cells[0].source = "### BEGIN SOLUTION\nYes.\n### END SOLUTION"


# --- metadata ----------------------------------------------------------------------

seed("no locked", "metadata", settings("double", locked=None), "double", "lack locked")
seed("no points", "metadata", settings("test-double", points=None), "test-double", "lack points")
seed("old schema", "metadata", settings("double", schema_version=1), "double", "Outdated schema")
seed(
    "answer in words without grade",
    "metadata",
    settings("why", grade=False),
    "why",
    "Markdown solution cell",
)
seed(
    "grade_id",
    "grade-id",
    settings("test-double", grade_id="test double!"),
    "test double!",
    "'test double!' is not of letters",
)
seed("empty grade_id", "grade-id", settings("start", grade_id=""), "cell 1", "'' is not of letters")
seed(
    "duplicate",
    "duplicate-id",
    settings("test-triple", grade_id="test-double"),
    "test-double",
    "cell 4 has the same grade_id",
)
seed("negative", "points", settings("test-double", points=-2), "test-double", "-2 are no points")
seed(
    "points in words",
    "points",
    settings("test-double", points="two"),
    "test-double",
    "'two' are no points",
)
seed(
    "zero points",
    "zero-points",
    settings("test-double", points=0),
    "test-double",
    "gives 0 points",
    also={"untested"},
    severity="warning",
)
seed(
    "too many points",
    "points",
    replaced("test-triple", "3.0", "5.0"),
    "test-triple",
    "gives 5.0 points, of 4",
)


@seeded(
    "no points at all",
    "no-points",
    says="no cell of this assignment has points",
    path=f"source/{NAME}",
    also={"zero-points", "untested"},
    severity="warning",
)
def _(course):
    with Notebook(course / SOURCE) as notebook:
        for cell in notebook.notebook.cells:
            if "points" in cell.metadata.get("nbgrader", {}):
                cell.metadata.nbgrader.points = 0


# --- tests -------------------------------------------------------------------------

seed(
    "a test that tests nothing",
    "empty-test",
    replaced("test-double", SECRET, "# to do"),
    "test-double",
    "everybody gets its 2 points",
    also={"untested"},
)
seed(
    "another function is tested",
    "untested",
    replaced("test-double", "double", "abs"),
    "double",
    "no test with points calls double",
    severity="warning",
)
seed(
    "a broken test",
    "syntax",
    replaced("test-double", SECRET, "assert double(1) = 2"),
    "test-double",
    "it is no Python (line 3",
)
seed(
    "a module that nobody imports",
    "imports",
    replaced("test-double", SECRET, "assert math.isclose(double(1), 2)"),
    "test-double",
    "math is used here, and no cell imports",
)


@seeded(
    "a module that the solution imports",
    "imports",
    "test-double",
    "math is imported in a solution alone",
)
def _(course):
    with Notebook(course / SOURCE) as notebook:
        notebook.replace("double", "    ### END", "import math\n    ### END")
        notebook.replace("test-double", SECRET, "assert math.isclose(double(1), 2)")


@seeded(
    "a helper of the solution's",
    "imports",
    "test-double",
    "twice is made in a solution alone",
    severity="warning",
)
def _(course):
    with Notebook(course / SOURCE) as notebook:
        notebook.replace("double", "    ### END", "twice = double\n    ### END")
        notebook.replace("test-double", SECRET, "assert twice(1) == double(1)")


@seeded("a test above its function", "imports", "test-double", "made only in a cell below")
def _(course):
    with Notebook(course / SOURCE) as notebook:
        cells = notebook.notebook.cells
        cells.insert(2, cells.pop(place(notebook.notebook, "test-double")))


@seeded(
    "a test that is gone",
    "untested",
    "triple",
    "no test with points calls triple",
    severity="warning",
)
def _(course):
    with Notebook(course / SOURCE) as notebook:
        del notebook.notebook.cells[place(notebook.notebook, "test-triple")]


# --- stubs -------------------------------------------------------------------------

seed(
    "another signature",
    "stub",
    replaced("double", "    return 2 * x", "    return 2 * x\ndef double(x, by=2):\n    pass"),
    "double",
    "students get double(x), the solution has double(x, by=2)",
)
seed(
    "a stub that is no Python",
    "stub",
    replaced("double", "(x):\n    ### BEGIN", "(x):\n### BEGIN"),
    "double",
    "what students get of it is no Python",
)


@seeded(
    "an answer without a region",
    "whole-cell",
    "double",
    "removes the whole cell",
    also={"leak"},
    severity="warning",
)
def _(course):
    with Notebook(course / SOURCE) as notebook:
        notebook["double"].source = "def double(x):\n    return 2 * x"


# --- the release -------------------------------------------------------------------

seed(
    "a leak",
    "leak",
    replaced("check-double", "assert", f"{SECRET}\nassert", RELEASE),
    "check-double",
    "of hidden numbers",
    path=RELEASE,
)
seed(
    "a delimiter in the release",
    "leak",
    replaced("check-double", "assert", f"{END}\nassert", RELEASE),
    "check-double",
    "END HIDDEN TESTS",
    path=RELEASE,
)
seed(
    "a changed check",
    "checksum",
    replaced("check-double", "2", "3", RELEASE),
    "check-double",
    "changed since",
    path=RELEASE,
)
seed(
    "an old release",
    "stale",
    replaced("cell-00", "Numbers", "Integers"),
    "cell 0",
    "would release another text",
    path=RELEASE,
)


@seeded("a release with another cell", "stale", says="it has 13 cells", path=RELEASE)
def _(course):
    with Notebook(course / RELEASE) as notebook:
        notebook.notebook.cells.append(new_markdown_cell("More."))


@seeded("outputs in the release", "outputs", "start", "it has outputs", path=RELEASE)
def _(course):
    with Notebook(course / RELEASE) as notebook:
        notebook["start"].outputs = [new_output("stream", text="2")]


@seeded(
    "a renamed release",
    "names",
    says="there is no source other.ipynb",
    path=f"release/{NAME}/other.ipynb",
    also={"names"},
)
def _(course):
    (course / RELEASE).rename(course / "release" / NAME / "other.ipynb")


@seeded(
    "a source that is not released",
    "names",
    says="has no second.ipynb",
    path=f"source/{NAME}/second.ipynb",
)
def _(course):
    shutil.copy(course / SOURCE, course / "source" / NAME / "second.ipynb")


@seeded(
    "the answers as a second notebook",
    "leak",
    "cell 0",
    "return 2 * x",
    path=f"release/{NAME}/draft.ipynb",
    also={"ungraded"},
)
def _(course):
    code = "def double(x):\n    return 2 * x"
    for folder in ("source", "release"):
        path = course / folder / NAME / "draft.ipynb"
        shutil.copy(course / SOURCE, path)
        with Notebook(path) as notebook:
            notebook.notebook.cells = [new_code_cell(code)]


@seeded(
    "a notebook without graded cells",
    "ungraded",
    says="none of its cells is nbgrader's",
    path=f"source/{NAME}/notes.ipynb",
    also={"names"},
    severity="warning",
)
def _(course):
    path = course / "source" / NAME / "notes.ipynb"
    shutil.copy(course / SOURCE, path)
    with Notebook(path) as notebook:
        notebook.notebook.cells = [new_markdown_cell("Notes.")]


# --- files -------------------------------------------------------------------------

seed(
    "a helper with a hidden test",
    "file-leak",
    written(f"source/{NAME}/helper.py", f"def test():\n    {SECRET}\n"),
    says="its line 2",
    path=f"source/{NAME}/helper.py",
)
seed(
    "a leak in a folder below",
    "file-leak",
    written(f"source/{NAME}/more/notes.txt", "### BEGIN SOLUTION\n"),
    says="its line 1",
    path=f"source/{NAME}/more/notes.txt",
)
seed(
    "a leak beside the release",
    "file-leak",
    written(f"release/{NAME}/notes.txt", SECRET),
    says="lies in the release",
    path=f"release/{NAME}/notes.txt",
)
seed(
    "a telling name",
    "file-name",
    written(f"source/{NAME}/Solutions.csv", "1,2\n"),
    says="has 'solution' in it",
    path=f"source/{NAME}/Solutions.csv",
    severity="warning",
)
seed(
    "an editor's backup",
    "file-name",
    written(f"source/{NAME}/data.csv~", "1,2\n"),
    says="what an editor",
    path=f"source/{NAME}/data.csv~",
    severity="warning",
)


@seeded(
    "a large file",
    "file-size",
    says="it has 12 kB",
    path=f"source/{NAME}/data.csv",
    severity="warning",
)
def _(course):
    written(f"source/{NAME}/data.csv", "1,2,3\n" * 2000)(course)
    config = "c = get_config()\nc.CourseDirectory.max_file_size = 10\n"
    written("nbgrader_config.py", config)(course)


# --- runs --------------------------------------------------------------------------


@seeded("noise on stderr", "stderr", "start", "it writes to stderr ('overflow", severity="warning")
def _(course):
    with Notebook(course / SOURCE) as notebook:
        output = new_output("stream", name="stderr", text="overflow encountered in exp\n")
        notebook["start"].outputs = [output]


@seeded("a solution that fails", "fails", "test-double", "the solution itself fails here (KeyErr")
def _(course):
    with Notebook(course / SOURCE) as notebook:
        output = new_output("error", ename="KeyError", evalue="'x'", traceback=[])
        notebook["test-double"].outputs = [output]


@seeded("no kernel", "kernel", says="it names no kernel")
def _(course):
    with Notebook(course / SOURCE) as notebook:
        del notebook.notebook.metadata["kernelspec"]


@seeded("an unknown kernel", "kernel", says="no kernel 'python2'", severity="warning")
def _(course):
    with Notebook(course / SOURCE) as notebook:
        notebook.notebook.metadata.kernelspec.name = "python2"


# --- the gradebook -----------------------------------------------------------------


def in_gradebook(edit):
    def change(course):
        with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
            edit(gradebook)

    return change


seed(
    "other points in the gradebook",
    "gradebook",
    in_gradebook(
        lambda book: book.update_or_create_grade_cell(
            "test-double", NAME, NAME, max_score=1, cell_type="code"
        )
    ),
    "test-double",
    "gives it 1 points, and the source 2",
)
seed(
    "another test in the gradebook",
    "gradebook",
    in_gradebook(
        lambda book: book.update_or_create_source_cell(
            "test-double", NAME, NAME, source="assert True"
        )
    ),
    "test-double",
    "another text of this test",
)
seed(
    "a cell that the gradebook does not know",
    "gradebook",
    settings("test-double", grade_id="test-new"),
    "test-new",
    "does not know",
)
seed(
    "a cell that is the gradebook's alone",
    "gradebook",
    settings("test-double", grade_id="test-new"),
    "",
    "has a cell 'test-double', and this notebook has none",
)
seed(
    "a gradebook that is none",
    "gradebook",
    written("gradebook.db", "no database " * 99),
    says="the gradebook cannot be read",
    path="gradebook.db",
)


# --- files that cannot be read, and a course that is none --------------------------

seed(
    "half a notebook",
    "unreadable",
    written(SOURCE, '{"cells": ['),
    says="only a part of it arrived",
)
seed("an empty release", "unreadable", written(RELEASE, ""), says="it is empty", path=RELEASE)
seed(
    "a broken configuration",
    "config",
    written("nbgrader_config.py", "c = get_confg()"),
    says="NameError",
    path="nbgrader_config.py",
)
seed(
    "a wrong value in the configuration",
    "config",
    written("nbgrader_config.py", "c = get_config()\nc.CourseDirectory.ignore = 5"),
    says="TraitError",
    path="nbgrader_config.py",
)
seed(
    "no stub for the language",
    "refused",
    written("nbgrader_config.py", 'c = get_config()\nc.ClearSolutions.code_stub = {"R": ""}'),
    says="language 'python' has not been specified",
    path=f"source/{NAME}",
)
seed(
    "an empty assignment",
    "empty",
    lambda course: (course / "source" / "ps2").mkdir(),
    says="it holds no notebook",
    path="source/ps2",
    severity="warning",
)
seed(
    "a name that nbgrader refuses",
    "name",
    lambda course: shutil.copytree(course / "source" / NAME, course / "source" / "a+b"),
    says="'a+b'",
    path="source/a+b",
)
seed(
    "no assignments",
    "no-assignments",
    lambda course: shutil.rmtree(course / "source"),
    says="there are no assignments",
    path="source",
)


# --- a course that is built from a script ------------------------------------------


def built(name, rule, old, new, cell="", says="", path=SCRIPT, also=()):
    def edit(course):
        text = (course / SCRIPT).read_text(encoding="utf-8")
        assert old in text
        (course / SCRIPT).write_text(text.replace(old, new, 1), encoding="utf-8")

    BUILT.append(Fault(name, edit, rule, path, cell, says, frozenset({*FOLLOWS, *also})))


built(
    "an old build",
    "stale",
    "# # Numbers",
    "# # Integers",
    "cell 0",
    "01_small.py says something else",
    "solutions/01_small/01_small.ipynb",
)
built(
    "an old build by a cell",
    "stale",
    "# ## More",
    "# ## More\n\n# %%\n1",
    "",
    "it has 12 cells, and 01_small.py has 13",
    "solutions/01_small/01_small.ipynb",
)
built(
    "no hidden tests",
    "delimiter",
    f"{BEGIN}\n{SECRET}\n{END}",
    SECRET,
    "test-double",
    "there is no '### BEGIN HIDDEN TESTS'",
    also={"leak"},
)
built("another style", "delimiter", BEGIN, BEGIN[1:], "test-double", "should be")
built(
    "the grader's package",
    "delimiter",
    "FACTOR = 2",
    "import autograder",
    "start",
    "students have no autograder",
)
BUILT += [
    Fault(
        "no build",
        lambda c: (c / SCRIPT).with_suffix(".ipynb").unlink(),
        "stale",
        SCRIPT,
        says="has not been built",
    ),
    Fault(
        "no release",
        lambda c: shutil.rmtree(c / "notebooks"),
        "stale",
        "solutions/01_small",
        says="there is no release of it",
    ),
    Fault(
        "the source is released",
        written(
            "nbgrader_config.py",
            'c = get_config()\nc.CourseDirectory.source_directory = "solutions"\n'
            'c.CourseDirectory.release_directory = "notebooks"\n',
        ),
        "file-leak",
        SCRIPT,
        says="it is the source itself",
    ),
    Fault(
        "a script that jupytext refuses",
        lambda c: (c / SCRIPT).write_bytes((c / SCRIPT).read_bytes() + b"\xff"),
        "unreadable",
        SCRIPT,
    ),
]
