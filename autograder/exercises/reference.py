"""The reference functions, which are taken from the code of the solved notebooks.

There is no second copy of that code. It is read as saelab.previous reads a reader's own functions:
only imports, definitions and constants of solutions/NN_topic/NN_topic.ipynb are executed. (The
notebook is read, and not its .py source, because that would need jupytext, whose import takes a
second in every kernel that is graded.)

Which solved notebooks they are, and with which seed a submission is graded, is known here: they are
requested deep inside test cells, which know neither of the two.
"""

import ast
import contextlib
import dataclasses
import functools
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any

import numpy as np

from autograder import CLONE
from autograder.course.code import run_cell
from saelab import previous
from saelab.check.compare import as_arrays
from saelab.check.exercise import Exercise, Probe

Function = Callable[..., Any]
Cell = tuple[str, str, Any]  # a notebook, a cell's text, and its points where it has any

SOLUTIONS = CLONE / "solutions"


# --- what is being graded right now -------------------------------------------------


def _solutions() -> Path:
    # A kernel in which a build executes a notebook finds them by this variable.
    return Path(os.environ.get("AUTOGRADER_SOLUTIONS") or SOLUTIONS)


@dataclass(frozen=True)
class Grading:
    """What is being graded.

    Attributes:
        solutions: the folder of the solved notebooks.
        seed: the submission's seed.
        function: the name of the function that a test cell is about; None outside of the grader,
            where functions are known by their own names.
    """

    solutions: Path = field(default_factory=_solutions)
    seed: int = 0
    function: str | None = None


_CURRENT: ContextVar[Grading] = ContextVar("what is being graded")


def current() -> Grading:
    """What is being graded right now."""
    return _CURRENT.get(None) or Grading()


@contextlib.contextmanager
def grading(**changes: Any) -> Iterator[None]:
    """Grade with other solutions, another seed or another function within a with block."""
    token = _CURRENT.set(dataclasses.replace(current(), **changes))
    try:
        yield
    finally:
        _CURRENT.reset(token)


# --- the functions of the solved notebooks --------------------------------------------


def reference(notebook: str) -> SimpleNamespace:
    """The functions of a solved notebook: reference("02_cost").sigmoid, and so on.

    The solved notebooks are those of the course that is being graded (see grading()), or else
    those of this clone.

    Args:
        notebook: the notebook's name, such as "02_cost".

    Returns:
        A namespace with the notebook's functions as attributes.

    Raises:
        FileNotFoundError: if the notebook has not been built.
    """
    return load(notebook, current().solutions)


def load(notebook: str, solutions: Path) -> SimpleNamespace:
    """The functions of a solved notebook in the folder `solutions`."""
    path = _solved(notebook, solutions)
    # Formgrader runs for days, and meanwhile the notebook may be built again.
    return _load(notebook, solutions, path, path.stat().st_mtime_ns)


def functions() -> tuple[str, ...]:
    """The names of all graded functions, in the order of the course."""
    return tuple(cells("solution"))


def notebook_of(function: str) -> str:
    """The notebook that asks for a function: "02_cost" for "sigmoid"."""
    return _cell("solution", function)[0]


def solution_text(function: str) -> str:
    """The text of the reference's solution cell of a function."""
    return _cell("solution", function)[1]


def hidden_test_of(function: str) -> tuple[str, float]:
    """The text of a function's hidden-test cell, and the maximum number of points that it gives."""
    _, text, points = _cell("test", function)
    return text, points


def made(text: str | CodeType, function: str) -> Function:
    """Make a function from a text, together with the other reference functions of its notebook.

    Args:
        text: source text, or the code object that compile() made of it. It is executed at each
            call, so two calls give two functions that share no state.
        function: the name of the function that the text defines.

    Returns:
        The function of that name.
    """
    namespace = dict(vars(reference(notebook_of(function))))
    del namespace[function]
    exec(text, namespace)
    return namespace[function]


def results_of(
    asked: Exercise, function: Function, probes: Iterable[Probe]
) -> list[list[np.ndarray]]:
    """What the reference's function returns for each problem: a list of arrays.

    There are none for an exercise with properties.

    Raises:
        ValueError: if the function fails on a problem.
    """
    if asked.properties:
        return [[] for _ in probes]
    found = []
    for probe in probes:
        try:
            found.append(as_arrays(function(*probe.args, **probe.kwargs)))
        except Exception as error:
            raise ValueError(
                f"the solution of {asked.name} fails on a problem of its exercise ({probe.says}): "
                f"{type(error).__name__}: {error}"
            ) from error
    return found


def points(function: Function, name: str) -> tuple[float, float]:
    """Grade any function by the hidden test of `name`, which prints what is wrong.

    Args:
        function: the function to grade.
        name: the name of the function whose hidden test is run.

    Returns:
        The points that the function gets, and the maximum.
    """
    test, most = hidden_test_of(name)
    with grading(function=name):
        names = {**vars(reference(notebook_of(name))), name: function}
        return run_cell(ast.parse(test), names), most


def _solved(notebook: str, solutions: Path) -> Path:
    path = solutions / notebook / f"{notebook}.ipynb"
    if not path.exists():
        raise FileNotFoundError(f"there is no {path}; `make notebooks` builds it from its source")
    return path


def _cell(kind: str, function: str) -> Cell:
    """(notebook, text, points) of a function's solution cell, or of its hidden test's."""
    found = cells(kind)
    if function not in found:
        raise KeyError(f"no notebook asks for {function}, but for {', '.join(found)}")
    return found[function]


def cells(kind: str) -> dict[str, Cell]:
    """From each function to its solution cell, or to that of its hidden test.

    They are read once, and again when they have changed.

    Args:
        kind: "solution" or "test".

    Returns:
        From the name of each function to its notebook, the text of the cell, and its points.
    """
    paths = sorted(current().solutions.glob("*/*.ipynb"))
    return _read_cells(kind, tuple((path, path.stat().st_mtime_ns) for path in paths))


@functools.cache
def _read_cells(kind: str, paths: tuple[tuple[Path, int], ...]) -> dict[str, Cell]:
    found = {}
    for path, _ in paths:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            grading = cell["metadata"].get("nbgrader", {})
            grade_id, text = grading.get("grade_id", ""), "".join(cell["source"])
            is_test = grade_id.startswith("test-")
            wanted = is_test if kind == "test" else grading.get("solution")
            if cell["cell_type"] == "code" and wanted:
                found[grade_id.removeprefix("test-")] = path.stem, text, grading.get("points")
    return found


@functools.cache
def _load(notebook: str, solutions: Path, path: Path, changed: int) -> SimpleNamespace:
    def earlier(notebook: str, *names: str, folder: object = None) -> Any:
        chosen = [getattr(load(notebook, solutions), name) for name in names]
        return chosen[0] if len(chosen) == 1 else chosen

    cells = previous.read_code(path)
    return SimpleNamespace(**previous.definitions(cells, earlier, notebook))
