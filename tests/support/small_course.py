"""A small course of one notebook, made by nbgrader itself, for tests of what grades it."""

import json
import random

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

import autograder  # noqa: F401  puts on the PATH what nbgrader runs by its name

NAME = "ps1"
SECRET = "assert double(21) == 42, 'of hidden numbers'"
SECOND_SECRET = "assert triple(14) == 42, 'of more hidden numbers'"


def marked(cell, grade_id, **flags):
    """A cell of a source with nbgrader's metadata."""
    cell.id = grade_id
    cell.metadata.nbgrader = NotebookNode(
        {
            "grade": False, "grade_id": grade_id, "locked": False, "schema_version": 3,
            "solution": False, "task": False, **flags,
        }
    )  # fmt: skip
    return cell


def source():
    """The source: a locked start, two functions with tests, two answers in words, a task."""
    test = {"grade": True, "locked": True}
    answer = {"grade": True, "solution": True, "points": 3}
    hidden = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
    solution = "def {0}(x):\n    ### BEGIN SOLUTION\n    return {1} * x\n    ### END SOLUTION"
    cells = [
        new_markdown_cell("# Numbers"),
        marked(new_code_cell("FACTOR = 2"), "start", locked=True),
        marked(new_code_cell(solution.format("double", 2)), "double", solution=True),
        marked(new_code_cell("assert double(1) == 2"), "check-double", points=0, **test),
        marked(
            new_code_cell(f"# 2 points\n{hidden.format(SECRET)}"), "test-double", points=2, **test
        ),
        new_markdown_cell("## More"),
        marked(new_markdown_cell("YOUR ANSWER HERE"), "why", **answer),
        marked(new_code_cell(solution.format("triple", 3)), "triple", solution=True),
        marked(
            new_code_cell(f"# 4 points\n{hidden.format(SECOND_SECRET)}\n3.0"),
            "test-triple", points=4, **test,
        ),
        marked(new_markdown_cell("Read this."), "read-only", locked=True),
        marked(new_markdown_cell("YOUR ANSWER HERE"), "how", **answer),
        marked(new_markdown_cell("Do a thing."), "task", task=True, points=5, locked=True),
    ]  # fmt: skip
    for position, cell in enumerate(cells):
        if "nbgrader" not in cell.metadata:
            cell.id = f"cell-{position:02d}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    notebook.nbformat_minor = 5
    return notebook


def make(folder):
    """Make the course in a folder, with its release and its gradebook; returns the folder."""
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.assignment_id = NAME
    path = folder / "source" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(source(), path)
    GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    return folder


def released(course):
    return nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)


def answered(course):
    """The released notebook with right answers."""
    notebook = released(course)
    put(notebook, "double", "def double(x):\n    return x + x")
    put(notebook, "triple", "def triple(x):\n    return 3 * x")
    put(notebook, "why", "Because it is twice.")
    put(notebook, "how", "By adding.")
    return notebook


def place(notebook, grade_id):
    return next(i for i, cell in enumerate(notebook.cells) if cell.id == grade_id)


def put(notebook, grade_id, text):
    notebook.cells[place(notebook, grade_id)].source = text


def graded_names(notebook):
    return [
        cell.metadata.nbgrader.grade_id
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]


def lines_of(cells):
    return {line.strip() for cell in cells for line in cell.source.splitlines() if line.strip()}


def damage(notebook, random: random.Random):
    """Do something to a notebook that a student, or another program, might do to it."""
    cells = notebook.cells
    if not cells:
        return
    i, j = random.randrange(len(cells)), random.randrange(len(cells))
    cell, typed = cells[i], f"# typed {random.random()}"
    grading = cell.metadata.get("nbgrader")
    what = random.randrange(16)
    if what == 0 and not typed_in(cell):
        del cells[i]
    elif what == 1:
        cells.insert(j, json_copy(cell))
    elif what == 2:
        cells.insert(j, cells.pop(i))
    elif what == 3:
        cells.insert(j, new_code_cell(typed))
    elif what == 4:
        cell.source += f"\n{typed}"
    elif what == 5:
        half = json_copy(cell)
        lines = cell.source.split("\n")
        cut = random.randrange(len(lines) + 1)
        cell.source, half.source = "\n".join(lines[:cut]), "\n".join(lines[cut:])
        cells.insert(i + 1, half)
    elif what == 6:
        cell.cell_type = random.choice(["code", "markdown", "raw", "heading", None, 7])
    elif what == 7 and isinstance(grading, dict):
        grading["grade_id"] = random.choice(["other", "", None, 5, "a b", "x" * 500, "double"])
    elif what == 8 and isinstance(grading, dict):
        for key in random.sample(["grade", "solution", "locked", "task"], 2):
            grading[key] = random.choice([True, False, None, "yes", []])
    elif what == 9 and isinstance(grading, dict):
        grading["schema_version"] = random.choice([99, 0, "3", [3], None, 3.5, True])
        grading["points"] = random.choice([100, -1, "many", None, float("nan")])
    elif what == 10:
        cell.metadata["nbgrader"] = random.choice([None, [], "x", 5, {}, {"grade": True}])
    elif what == 11:
        cell.metadata = random.choice([{}, {"tags": "x"}, {"tags": [["skip"], "skip-execution"]}])
    elif what == 12:
        cell.id = random.choice(["", "double", "a b", 5, None, "x" * 70, "grader-note"])
    elif what == 13:
        cell.outputs = random.choice([None, "x", [1], [{"output_type": "x"}], {}])
        cell.attachments = random.choice([None, [], {"a": 1}, {"a": {"text/html": "<b>"}}])
    elif what == 14:
        notebook.metadata = random.choice([{}, {"title": "<b>", "kernelspec": {"name": "bash"}}])
    else:
        cell.source = [line + "\n" for line in cell.source.split("\n")]
        cell.source = cell.source if random.random() < 0.5 else "".join(cell.source)


def typed_in(cell):
    return "# typed" in str(cell.source) or "return" in str(cell.source)


def json_copy(cell):
    return nbformat.from_dict(json.loads(json.dumps(cell)))
