"""What the gradebook and the source say about one notebook since its release.

The steps of grading read it there for each notebook. A class run reads it once for a whole class,
and passes it to the steps.
"""

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, Notebook
from traitlets.config import Configurable

from autograder.course import coursedir_of, folder_of
from autograder.course.regions import Region, hidden_regions
from autograder.submission.wanted import Wanted, wanted_cells


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
