"""Reads a submitted file. One that is not a notebook gets a verdict too, and the batch goes on."""

import json
import os
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from traitlets import Integer

from autograder.submission import links, timestamps
from autograder.submission.structure import sound_notebook

MOST_BYTES = 50_000_000  # of a file that is read as a notebook


class Unreadable(ValueError):
    """A file is not a notebook; the message says why, in words for the student."""


class SubmissionExporter(NotebookExporter):
    """A NotebookExporter of nbconvert for `c.Autograde.exporter_class`, which reads any file.

    A file that cannot be read as a notebook is replaced by a notebook with one cell that says so.
    Sanitizing then adds the tests, and they find nothing to test. The file that was handed in is
    not changed.
    """

    most_bytes = Integer(
        MOST_BYTES, help="Files that are larger than this are not read as notebooks."
    ).tag(config=True)
    most_cells = Integer(
        2_000, help="Files with more cells than this are not read as notebooks."
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]  # nbconvert's is not typed
        coursedir = getattr(self.parent, "coursedir", None)
        if coursedir is not None:
            links.leave_out(coursedir)
            for path in timestamps.set_aside(coursedir):
                self.log.warning("nbgrader cannot read this timestamp, so it was renamed: %s", path)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Convert a submitted file, or one that sanitizing wrote.

        It does not fail for a submitted file, whatever is in it.

        Args:
            filename: the path of the file.
            resources: nbconvert's resources, which get the file's name and folder. None means new
                ones.
            **kwargs: are passed on to nbconvert.

        Returns:
            What nbconvert's from_notebook_node returns: the output and the resources.
        """
        path, name = os.path.split(filename)
        resources = ResourcesDict() if resources is None else resources
        resources["metadata"] = ResourcesDict(name=os.path.splitext(name)[0], path=path)
        made: tuple[Any, dict[str, Any]] = self.from_notebook_node(  # type: ignore[no-untyped-call]
            self.read_any(filename), resources=resources, **kwargs
        )
        return made

    def read_any(self, path: str | Path) -> NotebookNode:
        """The notebook in a file; if the file is not a notebook, a notebook that says so."""
        try:
            return self.read(path)
        except Unreadable as reason:
            self.log.warning("%s is not read as a notebook: %s", path, reason)
            return stand_in(reason)

    def read(self, path: str | Path) -> NotebookNode:
        """The notebook in a file, with a valid structure.

        Args:
            path: the file.

        Returns:
            The notebook.

        Raises:
            Unreadable: if the file is not a notebook, or is too large; the message says why.
        """
        data = parse(content_of(path, self.most_bytes))
        if len(data["cells"]) > self.most_cells:
            raise Unreadable(
                f"it has {len(data['cells'])} cells, and at most {self.most_cells} are read"
            )
        return sound_notebook(data)


def content_of(path: str | Path, most_bytes: int = MOST_BYTES) -> bytes:
    """The bytes of a file that was handed in.

    Args:
        path: the file.
        most_bytes: the size of the largest file that is read.

    Returns:
        The bytes.

    Raises:
        Unreadable: if the file is not read; the message says why.
    """
    # A pipe would be waited for, and /dev/zero read for ever.
    if not os.path.isfile(path):
        raise Unreadable("it is not a file")
    size = os.path.getsize(path)
    if size > most_bytes:
        raise Unreadable(
            f"it has {size / 1e6:.0f} MB, and at most {most_bytes / 1e6:.0f} are read. "
            "Clear the outputs (Edit > Clear Outputs of All Cells), and save it again"
        )
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Unreadable(f"it could not be opened ({error.strerror})") from None


def parse(content: bytes) -> dict[str, Any]:
    """The JSON of a notebook of format 4, or of an older one converted to it.

    Args:
        content: the bytes of a file.

    Returns:
        The notebook as a dictionary, whose "cells" is a list.

    Raises:
        Unreadable: if the bytes are not a notebook; the message says why.
    """
    if not content.strip():
        raise Unreadable("it is empty")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("it is not text (UTF-8), but something else") from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"it is not JSON, or only a part of it arrived (line {error.lineno}, "
            f"column {error.colno})"
        ) from None
    except (RecursionError, MemoryError):
        raise Unreadable("it is nested too deeply") from None
    except ValueError:  # numbers with more than 4300 digits
        raise Unreadable("it holds numbers that are too long") from None
    if not isinstance(data, dict):
        raise Unreadable("it is JSON, but not a notebook")
    version = data.get("nbformat")
    if isinstance(version, int) and 2 <= version <= 3:
        try:
            data = dict(nbformat.convert(nbformat.from_dict(data), 4))
        except Exception:  # whatever a converter does with a file that only says its version
            raise Unreadable(f"it says notebook format {version}, and has another") from None
    elif version != 4:
        raise Unreadable("it is not in version 4 of the notebook format, which Jupyter writes")
    if not isinstance(data.get("cells"), list):
        raise Unreadable("it has no list of cells")
    return data


def stand_in(reason: object) -> NotebookNode:
    """A notebook with one cell that says why the file itself could not be read.

    Args:
        reason: why, as the middle of a sentence.

    Returns:
        The notebook.
    """
    text = (
        "**The file that was handed in cannot be read as a notebook:** "
        f"{reason}.\n\nSo nothing in it could be graded. The file was kept as it arrived. Open it "
        "in JupyterLab; if that works, save it and hand it in again; if not, ask your instructor."
    )
    cell = new_markdown_cell(text)
    cell.id = "unreadable-file"
    notebook: NotebookNode = new_notebook(cells=[cell])
    return notebook
