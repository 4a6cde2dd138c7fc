"""Faults of a source notebook that nbgrader does not report, or reports when it is too late."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator

from autograder.authoring.delimiters import STANDARD, Region, region_faults

GRADING_KEYS = {"grade", "grade_id", "locked", "schema_version", "solution", "task"}
# What nbgrader itself requires; courses from before it had tasks have no such key.
LEAST_KEYS = GRADING_KEYS - {"task"}
_ID = re.compile(r"[a-zA-Z0-9_-]+", re.ASCII)


class Fault(NamedTuple):
    """A fault of one cell.

    Attributes:
        position: the position of the cell in the notebook.
        rule: the rule that the cell breaks.
        sentence: what is wrong.
    """

    position: int
    rule: str
    sentence: str


def source_faults(notebook: NotebookNode) -> list[str]:
    """Find what is wrong with a source of this course.

    The build calls this before it makes a notebook from a source.

    Args:
        notebook: the source.

    Returns:
        The faults, as sentences that name the cell; an empty list if there are none.
    """
    return [
        f"cell {fault.position} ({_name(notebook.cells[fault.position])}): {fault.sentence}"
        for fault in faults(notebook)
    ]


def faults(
    notebook: NotebookNode, regions: Sequence[Region] = STANDARD, strict: bool = True
) -> Iterator[Fault]:
    """Find the faults of a notebook's delimiters and of its nbgrader metadata.

    Args:
        notebook: the notebook.
        regions: the regions whose delimiters are looked for.
        strict: apply this course's own rules, and not nbgrader's alone (see region_faults).

    Yields:
        The faults, cell by cell.
    """
    first: dict[str, int] = {}
    old = [] if strict else _old_cells(notebook)
    for position, cell in enumerate(notebook.cells):
        grading = cell.metadata.get("nbgrader", {})
        for sentence in region_faults(cell, grading, regions, strict):
            yield Fault(position, "delimiter", sentence)
        if position in old[:1]:
            sentence = f"its nbgrader metadata are of an older version, as those of {len(old) - 1} "
            yield Fault(position, "metadata", sentence + "other cells: run `nbgrader update .`")
        if not grading or position in old:
            continue
        found = list(_metadata_faults(grading, strict)) or list(_validator_faults(cell))
        for rule, sentence in found:
            yield Fault(position, rule, sentence)
        grade_id = grading.get("grade_id")
        if grade_id and first.setdefault(grade_id, position) != position:
            sentence = f"cell {first[grade_id]} has the same grade_id"
            yield Fault(position, "duplicate-id", sentence)


def _old_cells(notebook: NotebookNode) -> list[int]:
    """The positions of cells whose metadata nbgrader wants to have updated."""
    versions = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    versions = [grading.get("schema_version", 0) if grading else None for grading in versions]
    return [i for i, version in enumerate(versions) if isinstance(version, int) and version < 3]


def _metadata_faults(grading: Mapping[str, Any], strict: bool) -> Iterator[tuple[str, str]]:
    keys = set(GRADING_KEYS if strict else LEAST_KEYS)
    if grading.get("grade") or grading.get("task"):
        keys.add("points")
    if not any(grading.get(key) for key in ("grade", "solution", "locked", "task")):
        keys.discard("grade_id")
    missing = sorted(keys - set(grading))
    if missing:
        yield "metadata", f"its nbgrader metadata lack {', '.join(missing)}"
    grade_id = grading.get("grade_id")
    if "grade_id" in grading and not (isinstance(grade_id, str) and _ID.fullmatch(grade_id)):
        yield "grade-id", f"the grade_id {grade_id!r} is not of letters, digits, - and _ alone"
    points = grading.get("points", 0)
    if isinstance(points, bool) or not isinstance(points, (int, float)) or points < 0:
        yield "points", f"{points!r} are no points: write a number from 0 up"


def _validator_faults(cell: NotebookNode) -> Iterator[tuple[str, str]]:
    """What nbgrader's own validator says against the cell, beyond _metadata_faults."""
    try:
        MetadataValidator().validate_cell(cell)
    except Exception as error:  # it looks up keys that need not be there
        text = str(error).strip().splitlines() or [type(error).__name__]
        yield "metadata", f"nbgrader refuses the cell: {text[0][:200]}"


def _name(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id") or "not graded"
