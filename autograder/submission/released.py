"""What the gradebook and the source say about one notebook since its release.

The steps of grading read it there for each notebook. A class run reads it once for a whole class,
and passes it to the steps.
"""

import contextlib
import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, Notebook
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config import Configurable

from autograder.course.code import Region, without_regions
from autograder.course.folders import coursedir_of, folder_of
from autograder.submission.structure import new_cell


@dataclass(frozen=True)
class Wanted:
    """One cell of the source, as nbgrader entered it in the gradebook.

    Attributes:
        name: its grade_id.
        cell_type: as in the notebook.
        source: its text with hidden tests.
        released: its text as students get it, without hidden tests.
        checksum: nbgrader's; None if there is none.
        locked: whether students cannot change it.
        grade: whether it gives points.
        solution: whether students write in it.
        task: whether it is a task.
        points: the most points that it can give; None if it has none.
    """

    name: str
    cell_type: str
    source: str
    released: str
    checksum: str | None
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float | None

    @property
    def must_be_there(self) -> bool:
        """Whether grading needs the cell; a student may delete a solution."""
        return self.locked or self.grade or self.task

    @property
    def is_answer_in_words(self) -> bool:
        """Whether a person grades its text."""
        return not self.locked and self.cell_type == "markdown"

    @property
    def kind(self) -> str:
        """What to call the cell in a sentence."""
        if self.task:
            return "task"
        if self.grade:
            return "test cell" if self.locked else "answer cell"
        return "read-only cell"

    def metadata(self) -> NotebookNode:
        """The metadata that the cell has in a notebook to be graded."""
        grading = NotebookNode(
            grade=self.grade,
            grade_id=self.name,
            locked=self.locked,
            schema_version=3,
            solution=self.solution,
            task=self.task,
            cell_type=self.cell_type,
        )
        if self.points is not None:
            grading.points = self.points
        if self.checksum:
            grading.checksum = self.checksum
        metadata = NotebookNode(nbgrader=grading)
        if self.must_be_there:
            metadata.deletable = False
        if self.locked:
            metadata.editable = False
        return metadata

    def cell(self) -> NotebookNode:
        """The cell as it is before anybody has worked in it."""
        cell = new_cell(self.cell_type, self.source, self.name)
        cell.metadata = self.metadata()
        return cell

    def is_untouched(self, text: str) -> bool:
        """Whether a text is the cell's own, as it was released or as it is graded."""
        return _plain(text) in (_plain(self.released), _plain(self.source))


def wanted_cells(
    notebook: Notebook, regions: Sequence[Region], source: NotebookNode | None = None
) -> list[Wanted]:
    """The cells of a notebook of the gradebook, in the source's order.

    The gradebook does not keep the order: a table has it only by chance, and loses it when cells
    change places in the source. The file has it.

    Args:
        notebook: an nbgrader.api.Notebook.
        regions: (begin, end) pairs of delimiters; students do not get what is between them.
        source: the source notebook, which gives the order; None if there is none.

    Returns:
        The cells. Without a source, they are in the order of the gradebook's table.
    """
    graded = {cell.name: cell for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name: cell for cell in notebook.task_cells}
    found = []
    for cell in notebook.source_cells:
        worth = graded.get(cell.name) or tasks.get(cell.name)
        found.append(
            Wanted(
                name=cell.name,
                cell_type=cell.cell_type,
                source=cell.source or "",
                released=without_regions(cell.source or "", regions),
                checksum=cell.checksum,
                locked=bool(cell.locked),
                grade=cell.name in graded,
                solution=cell.name in solutions,
                task=cell.name in tasks,
                points=None if worth is None else float(worth.max_score),
            )
        )
    place = {name: position for position, name in enumerate(_names_in(source))}
    return sorted(found, key=lambda cell: place.get(cell.name, len(place)))


def _names_in(notebook: NotebookNode | None) -> list[str]:
    """The grade_ids of a notebook, in their order."""
    cells = notebook.cells if notebook else []
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells]
    return [name for name in names if isinstance(name, str)]


def _plain(text: str) -> str:
    """A text without what an editor may change by itself, such as blanks at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@dataclass(frozen=True)
class Released:
    """One notebook of an assignment, as it was released.

    Attributes:
        wanted: its cells that matter for grading, in their order.
        kernelspec: as the gradebook has it.
        source: the instructor's notebook; None if there is none.
    """

    wanted: tuple[Wanted, ...]
    kernelspec: dict[str, Any]
    source: NotebookNode | None

    @property
    def tests(self) -> dict[str, str]:
        """The text of each test cell, by its grade_id."""
        return {cell.name: cell.source for cell in self.wanted if cell.grade and not cell.solution}


def source_folder(step: Configurable, about: Mapping[str, Any]) -> Path | None:
    """The folder of the instructor's notebook.

    Args:
        step: a preprocessor of nbgrader's.
        about: nbgrader's names of what the step works on; "assignment" is needed.

    Returns:
        The folder; None if it is not known.
    """
    course = coursedir_of(step.parent)
    return folder_of(course, "source", about["assignment"]) if course else None


def from_gradebook(step: Configurable, about: Mapping[str, Any]) -> Released:
    """Read the notebook that a step of grading works on, as it was released.

    Args:
        step: a preprocessor of nbgrader's.
        about: nbgrader's names of what the step works on; "assignment", "notebook" and "db_url" are
            needed.

    Returns:
        The notebook as it was released.
    """
    folder = source_folder(step, about)
    with Gradebook(about["db_url"]) as gradebook:
        notebook = gradebook.find_notebook(about["notebook"], about["assignment"])
        path = folder and folder / f"{about['notebook']}.ipynb"
        return read(notebook, hidden_regions(step), path)


def read(notebook: Notebook, regions: Sequence[Region], path: Path | None) -> Released:
    """Make a Released from a notebook of the gradebook.

    Args:
        notebook: an nbgrader.api.Notebook.
        regions: (begin, end) pairs of delimiters; students do not get what is between them.
        path: the file of the source notebook; None if it is not known.

    Returns:
        The notebook as it was released. Its source is None if the file is not there or cannot be
        read.
    """
    source = None
    if path is not None and path.exists():
        with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
            source = nbformat.read(path, as_version=4)
    kernelspec = json.loads(notebook.kernelspec or "{}")
    return Released(
        tuple(wanted_cells(notebook, regions, source)),
        kernelspec if isinstance(kernelspec, dict) else {},
        source,
    )


def untouched(source: NotebookNode, configurable: Configurable) -> NotebookNode:
    """A notebook without its solutions, as students get it.

    Args:
        source: the instructor's notebook, which stays as it is.
        configurable: its configuration says how solutions are removed.

    Returns:
        The notebook, with all of its cells and with hidden tests.
    """
    notebook: NotebookNode = nbformat.from_dict(source)
    notebook, _ = ClearSolutions(parent=configurable).preprocess(notebook, ResourcesDict())
    return notebook


def from_source(step: Configurable, source: NotebookNode) -> Released:
    """Make a Released from the instructor's notebook alone, without a gradebook.

    Args:
        step: a preprocessor of nbgrader's, whose configuration says what students do not get.
        source: the instructor's notebook.

    Returns:
        The notebook as nbgrader would release it and enter it in the gradebook.
    """
    regions, entered = hidden_regions(step), copy.deepcopy(source)
    entered, _ = LockCells(parent=step).preprocess(entered, ResourcesDict())
    entered = untouched(entered, step)
    entered, _ = ComputeChecksums(parent=step).preprocess(entered, ResourcesDict())
    wanted = [
        Wanted(
            name=cell.metadata.nbgrader.grade_id,
            cell_type=cell.cell_type,
            source=cell.source,
            released=without_regions(cell.source, regions),
            checksum=cell.metadata.nbgrader.get("checksum"),
            locked=utils.is_locked(cell),
            grade=utils.is_grade(cell),
            solution=utils.is_solution(cell),
            task=utils.is_task(cell),
            points=cell.metadata.nbgrader.get("points"),
        )
        for cell in entered.cells
        if any(is_it(cell) for is_it in KINDS)
    ]
    return Released(tuple(wanted), source.metadata.get("kernelspec", {}), source)


# What nbgrader enters in the gradebook.
KINDS = (utils.is_grade, utils.is_solution, utils.is_locked, utils.is_task)


def hidden_regions(configurable: Configurable) -> list[Region]:
    """The delimiters of what is in the gradebook but not in the release.

    Args:
        configurable: its configuration may name other delimiters than nbgrader's own.

    Returns:
        (begin, end) pairs: those of hidden tests first, then those of mark schemes.
    """
    tests, scheme = ClearHiddenTests(parent=configurable), ClearMarkScheme(parent=configurable)
    return [
        (tests.begin_test_delimeter, tests.end_test_delimeter),
        (scheme.begin_mark_scheme_delimeter, scheme.end_mark_scheme_delimeter),
    ]
