"""Faults in the cells of a source: delimiters, metadata, tests, stubs."""

from nbformat.v4 import new_code_cell

from tests.autograder.authoring.doctor_faults.seeding import (
    BEGIN,
    END,
    SOURCE,
    TRUSTED,
    Notebook,
    replaced,
    seed,
    seeded,
    settings,
)
from tests.support.small_course import NAME, SECRET, place

# --- delimiters --------------------------------------------------------------------

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
seed(
    "old schema",
    "metadata",
    settings("double", schema_version=1),
    "double",
    "older version, as those of 0 other cells: run `nbgrader update .`",
)
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
    also={"asks-nothing"},
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
    severity="warning",
)
def _(course):
    with Notebook(course / SOURCE) as notebook:
        notebook.replace("double", "    ### END", "import math\n    ### END")
        notebook.replace("test-double", SECRET, "assert math.isclose(double(1), 2)")


@seeded(
    "a module that an answer without a region imports",
    "imports",
    "test-double",
    "math is imported in a solution alone",
    also={"leak"},
    severity="warning",
)
def _(course):
    with Notebook(course / SOURCE) as notebook:
        notebook["double"].source = "import math\ndef double(x):\n    return 2 * x"
        notebook.replace("test-double", SECRET, "assert math.isclose(double(1), 2)")


@seeded(
    "a check with hidden tests",
    "zero-points",
    "check-double",
    "gives 0 points",
    severity="warning",
)
def _(course):
    with Notebook(course / SOURCE) as notebook:
        notebook["check-double"].source += f"\n{BEGIN}\nassert double(3) == 6\n{END}"


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


@seeded("tests that are all gone", "no-tests", says="has no test", also={"untested"})
def _(course):
    with Notebook(course / SOURCE) as notebook:
        gone = {"check-double", "test-double", "test-triple", "task"}
        cells = [cell for cell in notebook.notebook.cells if cell.id not in gone]
        notebook.notebook.cells = cells


def bash_above(course):
    with Notebook(course / SOURCE) as notebook:
        cell = new_code_cell("%%bash --out listed\nls")
        notebook.notebook.cells.insert(1, cell)
        notebook.replace("test-double", SECRET, "assert listed and double(math.pi)")


seed(
    "a module that nobody imports, below a cell for bash",
    "imports",
    bash_above,
    "test-double",
    "math is used here, and no cell imports",
)


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
    "triple",
    "students do not see how triple is called",
    also={"leak", "imports"},
    severity="warning",
)
def _(course):
    with Notebook(course / SOURCE) as notebook:
        notebook["triple"].source = "def triple(x):\n    return 3 * x"


# --- what a test asks of the student, and how --------------------------------------

# What the test has instead, and what the finding says.
ASKING = {
    "magic": ("!ls\nassert double(1) == 2", "!ls is not executed"),
    "shell": ("assert double(1) == Out[2]", "Out is IPython's"),
    "argument": ("async def p():\n    pass\nassert double(p())", "p() does not cross"),
    "surroundings": ("import os\nos.putenv('A', '1')\nassert double(1)", "os.putenv of the"),
    "module": ("import written\nassert written.f(2) == double(1)", "written.py is not the"),
    "last-line": ("double(2)", "what double returns"),
}
seed(
    "a test that asks nothing of the student",
    "asks-nothing",
    replaced("test-double", SECRET, "double = abs\nassert double(21) == 21"),
    "test-double",
    "uses nothing that the student makes",
    severity="warning",
)


def test_of(text):
    """An edit: the course has trusted grading, and a test has this text."""

    def edit(course):
        (course / "nbgrader_config.py").write_text(TRUSTED)
        with Notebook(course / SOURCE) as notebook:
            notebook.replace("test-double", SECRET, text)
            more = "class Shape:\n    pass\nopen('written.py', 'w').close()\n    ### END"
            notebook.replace("triple", "    ### END", more)

    return edit


for rule, (text, says) in ASKING.items():
    seed(
        f"a test that breaks the rule of {rule}",
        rule,
        test_of(text),
        "test-double",
        says,
        also={"stub", "imports", "untested"},
        severity="warning",
    )
