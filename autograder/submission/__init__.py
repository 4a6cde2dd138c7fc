"""The first step of grading: a submitted notebook is brought back to the source."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors.base import NbGraderPreprocessor

from autograder.course import coursedir_of, folder_of
from autograder.submission.reading import linked_target, remove_copies
from autograder.submission.released import Released, from_gradebook
from autograder.submission.repair import Change, Repair
from autograder.submission.structure import NOTE_ID, UNREADABLE_ID, make_ids_unique, sound_notebook


class Reconcile(NbGraderPreprocessor):
    """A sanitize preprocessor that restores what is graded, and keeps what the student typed.

    It replaces nbgrader's ClearOutput, DeduplicateIds, OverwriteKernelspec and OverwriteCells.
    Nothing that can be done to a notebook makes it fail. It logs what it changes. What a student
    should know is written in a cell at the top, with the id "grader-note".

    Attributes:
        find_released: is called with nbgrader's names of what is graded, and gives the notebook as
            it was released. None means that the gradebook is asked.
        working_folder: the folder to which the submission has been copied. None means the folder of
            nbgrader's autograde.
    """

    find_released: Callable[[dict[str, Any]], Released] | None = None
    working_folder: Path | None = None

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        about = resources["nbgrader"]
        notebook = (self.find_released or self._from_gradebook)(about)
        wanted, kernelspec = notebook.wanted, notebook.kernelspec
        target = self._clear_of_links(about)
        nb = sound_notebook(nb)
        if target is not None:
            self._log(about, "-", f"the notebook is a link to {target}, and is not graded")
            note = (
                "**The file that was handed in is a link to another file, not a notebook.** "
                "So nothing in it could be graded. Hand in the notebook itself."
            )
            nb.cells = [cell.cell() for cell in wanted]
        elif [cell.id for cell in nb.cells] == [UNREADABLE_ID]:
            note = nb.cells[0].source
            nb.cells = [cell.cell() for cell in wanted]
        else:
            repair = Repair(wanted)
            nb.cells = repair.apply(nb.cells)
            for change in repair.changes:
                self._log(about, change.name, change.sentence)
            note = note_of(repair.changes)
        if note:
            cell = new_markdown_cell(note)
            cell.id = NOTE_ID
            nb.cells.insert(0, cell)
        make_ids_unique(nb.cells)
        nb.metadata = course_metadata(kernelspec)
        return nb, resources

    def _from_gradebook(self, about: dict[str, Any]) -> Released:
        return from_gradebook(self, about)

    def _clear_of_links(self, about: dict[str, Any]) -> Path | None:
        """Remove what links brought; returns where the notebook really lies if it is a link."""
        course = coursedir_of(self.parent)
        if course is None:
            return None
        assignment, student = about["assignment"], about["student"]
        submitted = folder_of(course, "submitted", assignment, student)
        try:
            removed = remove_copies(
                submitted,
                self.working_folder or folder_of(course, "autograded", assignment, student),
                folder_of(course, "source", assignment),
            )
        except OSError as error:
            self._log(about, "-", f"copies of links could not be removed: {error}")
            removed = []
        for name, target in removed:
            self._log(about, "-", f"{name!r} is a link to {target!r}, and is left out")
        root = Path(course.root, course.submitted_directory)
        return linked_target(submitted / f"{about['notebook']}.ipynb", root)

    def _log(self, about: dict[str, Any], name: str, sentence: str) -> None:
        self.log.warning(
            "%s/%s/%s: cell %s: %s",
            about["student"], about["assignment"], about["notebook"], name, sentence,
        )  # fmt: skip


def note_of(changes: Sequence[Change]) -> str:
    """The text of the note for the student about what was repaired.

    Args:
        changes: what was repaired; only what the student should know goes into the note.

    Returns:
        Markdown; "" if there is nothing to say.
    """
    sentences = list(dict.fromkeys(change.sentence for change in changes if change.material))
    if not sentences:
        return ""
    lines = [f"- {sentence}" for sentence in sentences]
    return "\n".join(["**Before grading, this notebook was put right:**", "", *lines])


def course_metadata(kernelspec: dict[str, Any]) -> NotebookNode:
    """A notebook's metadata with the course's kernel, and nothing else.

    Args:
        kernelspec: as the gradebook has it; may be empty.

    Returns:
        The metadata.
    """
    metadata = NotebookNode(language_info=NotebookNode(name=kernelspec.get("language", "python")))
    if kernelspec:
        metadata.kernelspec = NotebookNode(kernelspec)
    return metadata
