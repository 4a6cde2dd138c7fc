"""What the gradebook and the source say of one notebook since its release.

The steps of grading read it there, notebook by notebook; a class run reads it once for a whole
class, and hands it to them in `resources["released"]`.
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

from autograder.course.regions import Region
from autograder.submission.wanted import Wanted, wanted_cells


@dataclass(frozen=True)
class Released:
    """One notebook of an assignment, as it was released.

    wanted: its cells that matter, in their order. kernelspec: as the gradebook has it.
    source: the instructor's notebook, or None where there is none.
    """

    wanted: tuple[Wanted, ...]
    kernelspec: dict[str, Any]
    source: NotebookNode | None

    @property
    def tests(self) -> dict[str, str]:
        """The text of each test cell, by its grade_id."""
        return {cell.name: cell.source for cell in self.wanted if cell.grade and not cell.solution}


def released(
    resources: Mapping[str, Any], regions: Sequence[Region], path: Path | None
) -> Released:
    """The Released notebook that `resources` of nbgrader's are about.

    regions: (begin, end) pairs of delimiters, between which is what students do not get.
    path: the source notebook's file; None where that is not known.
    """
    read_before: Released | None = resources.get("released")
    if read_before is not None:
        return read_before
    about = resources["nbgrader"]
    with Gradebook(about["db_url"]) as gradebook:
        notebook = gradebook.find_notebook(about["notebook"], about["assignment"])
        return read(notebook, regions, path)


def read(notebook: Notebook, regions: Sequence[Region], path: Path | None) -> Released:
    """The Released of a notebook of the gradebook (nbgrader.api.Notebook)."""
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
