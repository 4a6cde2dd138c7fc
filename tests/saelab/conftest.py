"""Versions of the functions that students write, made from the reference's own text."""

import functools
import json
from types import SimpleNamespace

import pytest

from autograder.reference import SOLUTIONS, reference


@pytest.fixture(scope="session")
def course():
    """What is known of the course's functions, and how to make other versions of them."""
    return SimpleNamespace(
        names=sorted(_cells("solution")), text=_text, made=_made, edited=_edited, points=_points
    )


@functools.cache
def _cells(kind):
    """Solution cells, or hidden tests: from a function to (notebook, text, points)."""
    found = {}
    for path in sorted(SOLUTIONS.glob("*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            grading = cell["metadata"].get("nbgrader", {})
            grade_id, text = grading.get("grade_id", ""), "".join(cell["source"])
            is_test = grade_id.startswith("test-")
            wanted = is_test if kind == "test" else grading.get("solution")
            if cell["cell_type"] == "code" and wanted:
                found[grade_id.removeprefix("test-")] = path.stem, text, grading.get("points")
    return found


def _text(name):
    """The reference's text of a function, and whatever else stands in its cell."""
    return _cells("solution")[name][1]


def _made(text, name):
    """The function `name` that a text defines, with the other functions of its notebook at hand."""
    namespace = dict(vars(reference(_cells("solution")[name][0])))
    del namespace[name]
    exec(text, namespace)
    return namespace[name]


def _edited(name, *edits):
    """The reference's function with its text edited: old, new, old, new, ..."""
    text = _text(name)
    for old, new in zip(edits[::2], edits[1::2], strict=True):
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        text = text.replace(old, new)
    return _made(text, name)


def _points(function, name):
    """The points of a function by its hidden test, and the most that there are."""
    notebook, test, most = _cells("test")[name]
    namespace = {**vars(reference(notebook)), name: function}
    exec(test, namespace)
    return namespace["hidden_test"](), most
