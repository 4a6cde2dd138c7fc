"""Makes the structure of a submitted notebook valid, whatever was in the file.

Nothing here knows about grading. It removes what nobody types: outputs, widget states, metadata.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from saelab.notebook import text_of

# The ids of cells that grading adds: its note for the student, and what stands for no notebook.
NOTE_ID, UNREADABLE_ID = "grader-note", "unreadable-file"
KINDS = ("code", "markdown", "raw")
PICTURES = ("image/png", "image/jpeg", "image/gif")
# Longer than any name that the course has; a longer one is dropped.
LONGEST_NAME = 128
_TAG = re.compile(rf"[^,]{{1,{LONGEST_NAME}}}")
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)


def sound_notebook(data: Any) -> NotebookNode:
    """Make a valid notebook of the cells in `data`.

    A cell keeps its type, text, id, tags and pasted pictures, and its nbgrader metadata as far as
    they are plain values. Ids that are invalid or not unique are replaced. It never raises.

    Args:
        data: anything that JSON can hold.

    Returns:
        The notebook.
    """
    data = data if isinstance(data, dict) else {}
    cells = data.get("cells")
    cells = [sound_cell(cell) for cell in cells] if isinstance(cells, list) else []
    notebook: NotebookNode = new_notebook()
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.cells = [cell for cell in cells if cell is not None]
    make_ids_unique(notebook.cells)
    return notebook


def sound_cell(data: Any) -> NotebookNode | None:
    """A valid cell without outputs; None if there is nothing in the data that could be a cell."""
    if isinstance(data, str):
        data = {"cell_type": "raw", "source": data}
    if not isinstance(data, dict):
        return None
    kind = data.get("cell_type")
    kind = kind if isinstance(kind, str) and kind in KINDS else "raw"
    identity = data.get("id")
    identity = identity if isinstance(identity, str) else ""
    cell = new_cell(kind, text_of(data.get("source")), identity)
    cell.metadata = _sound_metadata(data.get("metadata"))
    pictures = _sound_attachments(data.get("attachments"))
    if pictures and kind != "code":
        cell.attachments = pictures
    return cell


def new_cell(kind: str, source: str, identity: str) -> NotebookNode:
    """Make a cell without outputs.

    nbformat's own functions for this validate the cell, which takes a millisecond.

    Args:
        kind: "code", "markdown" or "raw".
        source: its text.
        identity: its id.

    Returns:
        The cell.
    """
    cell = NotebookNode(id=identity, cell_type=kind, metadata=NotebookNode(), source=source)
    if kind == "code":
        cell.execution_count, cell.outputs = None, []
    return cell


def make_ids_unique(cells: Sequence[NotebookNode]) -> None:
    """Give a new id to each cell whose id is invalid, or is the id of an earlier cell."""
    taken = Counter(cell.get("id") for cell in cells)
    seen = set()
    for position, cell in enumerate(cells):
        identity = cell.get("id")
        if not isinstance(identity, str) or not _ID.fullmatch(identity) or identity in seen:
            number = position
            while f"cell-{number:02d}" in seen or taken[f"cell-{number:02d}"]:
                number += len(cells)
            identity = cell.id = f"cell-{number:02d}"
        seen.add(identity)


def _sound_metadata(data: Any) -> NotebookNode:
    """Tags and plain nbgrader values; everything else is dropped, however deep it is nested."""
    metadata = NotebookNode()
    if not isinstance(data, dict):
        return metadata
    tags = data.get("tags")
    tags = tags[:50] if isinstance(tags, list) else []
    tags = [text_of(tag) for tag in tags if isinstance(tag, str) and _TAG.fullmatch(tag)]
    if tags:
        metadata.tags = list(dict.fromkeys(tags))
    grading = data.get("nbgrader")
    if isinstance(grading, dict):
        metadata.nbgrader = NotebookNode(
            (text_of(key), text_of(value) if isinstance(value, str) else value)
            for key, value in list(grading.items())[:50]
            if isinstance(key, str) and len(key) <= LONGEST_NAME and _is_plain(value)
        )
    return metadata


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_NAME
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, (bool, int)) and abs(value) < 10**18


def _sound_attachments(data: Any) -> NotebookNode:
    """Pictures that a student pasted into a text cell."""
    if not isinstance(data, dict):
        return NotebookNode()
    kept = NotebookNode()
    for name, bundle in data.items():
        if isinstance(name, str) and isinstance(bundle, dict):
            pictures = {
                mime: text_of(bundle[mime])
                for mime in PICTURES
                if isinstance(bundle.get(mime), (str, list))
            }
            if pictures:
                kept[text_of(name)] = NotebookNode(pictures)
    return kept
