"""What the gradebook says about a notebook: its cells that matter for grading, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.api import Notebook

from autograder.course.regions import Region, marked
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


def without_regions(text: str, regions: Sequence[Region]) -> str:
    """A text without its regions and their delimiters, as nbgrader releases it.

    Args:
        text: the text of a cell.
        regions: (begin, end) pairs of delimiters.

    Returns:
        The lines that remain.
    """
    return "\n".join(line for line, place in marked(text, regions) if place == "open")


def _names_in(notebook: NotebookNode | None) -> list[str]:
    """The grade_ids of a notebook, in their order."""
    cells = notebook.cells if notebook else []
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells]
    return [name for name in names if isinstance(name, str)]


def _plain(text: str) -> str:
    """A text without what an editor may change by itself, such as blanks at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
