"""What an attack has in its hands: the released notebook, and the places an attacker may know."""

import copy
import importlib.util
import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType

import nbformat

from autograder import CLONE
from autograder.course.files import write_notebook
from autograder.exercises.sample import without_delimiters

HERE = Path(__file__).parent
GROUPS = ("gain", "read", "deny", "deface")

# Whatever an attack leaves somewhere holds this word, so that the judge finds it.
MARK = "mallory-was-here"
# Where the course lies while it is attacked. An attacker may have seen it in a traceback.
COURSE = "/srv/course"
FIRST, LAST = "ada", "zoe"


@dataclass(frozen=True)
class Attack:
    """One file of this folder.

    group: gain, read, deny or deface. limit: the points that its code honestly deserves; None
    where it may keep what it gets, because a person is told of it. deserves: the points that it
    must get all the same, since it kills or hangs one function only; None without a promise.
    slow: it takes a minute or more.
    """

    name: str
    group: str
    says: str
    module: ModuleType = field(repr=False, compare=False)

    @property
    def assignment(self):
        return getattr(self.module, "ASSIGNMENT", "02_cost")

    @property
    def deserves(self):
        return getattr(self.module, "DESERVES", None)

    @property
    def limit(self):
        return getattr(self.module, "LIMIT", self.deserves or 0)

    @property
    def slow(self):
        return getattr(self.module, "SLOW", False)

    @property
    def exchange(self):
        """Whether it is handed in by nbgrader's exchange, and collected from there."""
        return getattr(self.module, "EXCHANGE", False)

    @property
    def student(self):
        return f"mallory-{self.name}"


@cache
def attacks():
    """Every attack of this folder, by group and name."""
    found = []
    for group in GROUPS:
        for path in sorted((HERE / group).glob("*.py")):
            spec = importlib.util.spec_from_file_location(f"attack_{group}_{path.stem}", path)
            assert spec and spec.loader
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            says = " ".join((module.__doc__ or "").split())
            found.append(Attack(path.stem, group, says, module))
    names = [attack.name for attack in found]
    assert len(set(names)) == len(names), "two attacks have the same name"
    return tuple(found)


class Work:
    """A submission in the making; an attack's `submit(work)` changes it.

    notebook: the released notebook (an nbformat node). student, assignment, course: names and
    the folder that an attacker may know. neighbour: a student who is graded later, earlier: one
    who is graded before. mark: put it into whatever is left behind or shown.
    """

    course, earlier, neighbour, mark = COURSE, FIRST, LAST, MARK

    def __init__(self, student, assignment, released, venv=None):
        self.student, self.assignment = student, assignment
        self.notebook = copy.deepcopy(nbformat.from_dict(released))
        self.files, self.links, self.text = {}, {}, None
        self.making = []
        self.site_packages = venv or os.path.dirname(os.path.dirname(nbformat.__file__))

    def cell(self, grade_id):
        """The cell with this grade_id: "sigmoid", "check-sigmoid", "test-sigmoid", ..."""
        return next(
            cell
            for cell in self.notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
        )

    def answer(self, function, code):
        """Write `code` into the solution cell of a function."""
        self.cell(function).source = code.strip("\n")

    def answer_all(self, code):
        """Write `code` into every solution cell, with the function's name for NAME."""
        for name in self.functions():
            self.answer(name, code.replace("NAME", name))

    def solve(self, *functions):
        """Write the right answers of these functions; of all of them where none is named."""
        for name in functions or self.functions():
            self.answer(name, right_answer(self.assignment, name))

    def functions(self):
        """The functions that the notebook asks for."""
        return [
            cell.metadata.nbgrader.grade_id
            for cell in self.notebook.cells
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
        ]

    def insert(self, code, before="start", kind="code"):
        """Put in a new cell: at the "start", at the "end", or before the cell of a grade_id."""
        cells = self.notebook.cells
        make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        cell = make(code.strip("\n"))
        cell.id = f"extra-{len(cells)}"
        place = {"start": 0, "end": len(cells)}.get(before)
        cells.insert(cells.index(self.cell(before)) if place is None else place, cell)
        return cell

    def file(self, name, text):
        """Hand in a file beside the notebook; text or bytes."""
        self.files[name] = text

    def link(self, name, target):
        """Hand in a symbolic link; under the notebook's own name it takes the notebook's place."""
        self.links[name] = target

    def make(self, what):
        """Call `what` with the folder that is handed in, to make what is neither file nor link."""
        self.making.append(what)

    def raw(self, text):
        """Hand in this text or these bytes as the notebook."""
        self.text = text

    def write(self, submitted, folder=None):
        """Write the submission to a new folder; None stands for submitted/STUDENT/ASSIGNMENT/."""
        folder = folder or Path(submitted) / self.student / self.assignment
        folder.mkdir(parents=True)
        name = f"{self.assignment}.ipynb"
        if self.text is not None:
            self.files[name] = self.text
        elif name not in self.links:
            write_notebook(self.notebook, folder / name)
        for file, text in self.files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
            (folder / file).write_bytes(data)
        for link, target in self.links.items():
            (folder / link).symlink_to(target)
        for what in self.making:
            what(folder)


def right_answer(assignment, function):
    """The reference's text of a function, without the delimiters."""
    return without_delimiters(_solved(assignment)[function])


@cache
def _solved(assignment):
    path = CLONE / "solutions" / assignment / f"{assignment}.ipynb"
    return {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
