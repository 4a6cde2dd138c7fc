"""Test cells run in the grader's own interpreter, with stand-ins for what the student defined.

The rules for writing such a cell are in docs/test-cells.md.
"""

import ast
import builtins
import contextlib
import io
import math
import numbers
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils

from autograder.course.code import bound, run_cell
from autograder.kernel.limits import TooMuch, bounded
from autograder.kernel.outputs import error_output
from saelab.code import free_names, parsed

MOST_MEMORY = 4 * 2**30  # bytes that a test cell may take in the grader
MOST_SECONDS = 60  # of processor time that a test cell may take in the grader


class TestCells:
    """The test cells of one notebook, which share their names as cells of a notebook do.

    Args:
        source: the instructor's notebook; None if there is none.
        folder: where it lies; test cells run there, and import what lies there. None if it is not
            known.
        look: is called with names; gives those that the student's notebook has, with their values.
        hides: is called with a cell's text; says for each of its lines whether students must not
            see it.
    """

    __test__ = False  # it is no test of pytest's

    def __init__(
        self,
        source: NotebookNode | None,
        folder: Path | None,
        look: Callable[[list[str]], dict[str, Any]],
        hides: Callable[[str], Sequence[bool]],
    ) -> None:
        self.folder, self.look, self.hides = folder, look, hides
        self.names: dict[str, Any] = {
            "__name__": "grader",
            "__builtins__": builtins,
            "get_ipython": NoShell,
        }
        self.given, self.asked_for = given_names(source) if source else ({}, set())
        self.borrowed: dict[str, Any] = {}

    def run(self, text: str, max_points: float) -> list[NotebookNode]:
        """Run a test cell.

        Args:
            text: the text of the cell.
            max_points: the most points that it can give.

        Returns:
            The outputs, in which nbgrader finds the points.
        """
        printed = Printed()
        outputs: list[NotebookNode] = []
        try:
            with (
                contextlib.redirect_stdout(printed),
                contextlib.redirect_stderr(printed),
                at_home(self.folder),
                bounded(MOST_MEMORY, MOST_SECONDS),
            ):
                value = self.execute(text)
                outputs += result(value, max_points)
        except (Exception, SystemExit, TooMuch) as error:
            outputs = [error_output(error, self.where(error, text))]
        if printed.getvalue():
            outputs.insert(0, new_output("stream", name="stdout", text=printed.getvalue()))
        return outputs

    def print(self, text: object) -> None:
        """Pass on what a student's function printed, but only to a test that catches prints.

        In the feedback it could show what the hidden tests pass to the function.

        Args:
            text: what the student's kernel says was printed; may be anything.
        """
        if isinstance(text, str) and not isinstance(sys.stdout, Printed):
            sys.stdout.write(text)

    def execute(self, text: str) -> Any:
        """Execute a cell.

        Args:
            text: the text of the cell.

        Returns:
            The value of its last expression.
        """
        tree = ast.parse(TransformerManager().transform_cell(text))
        self.find(free_names(tree))
        return run_cell(tree, self.names, FILE)

    def find(self, names: Iterable[str]) -> None:
        """Give the names that a cell uses their values, or stand-ins for them.

        What the source asks students for comes from the student. Other names are looked for among
        what earlier test cells have made, then among what the instructor's own cells import and
        define, then among builtins. A name that is in none of these comes from the student too.

        Args:
            names: the names that the cell uses.
        """
        for name, value in self.borrowed.items():
            if self.names.get(name) is value:
                del self.names[name]
        wanted: list[str] = []
        nodes: list[ast.stmt] = []
        open_names, seen = sorted(names), set()
        while open_names:
            name = open_names.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.asked_for:
                wanted.append(name)
            elif name in self.given and name not in self.names:
                nodes.append(self.given[name])
                open_names += free_names(ast.Module([self.given[name]], []))
            elif name not in self.names and not hasattr(builtins, name):
                wanted.append(name)
        self.borrowed = self.look(sorted(wanted)) if wanted else {}
        self.names.update(self.borrowed)
        for node in sorted(set(nodes), key=list(self.given.values()).index):
            exec(compile(ast.Module([node], []), FILE, "exec"), self.names)

    def where(self, error: BaseException, text: str) -> str:
        """The line of a cell in which an error was raised.

        Args:
            error: the error.
            text: the text of the cell.

        Returns:
            The line; "" if students must not see it, or it is not known.
        """
        numbers, trace = [], error.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename == FILE:
                numbers.append(trace.tb_lineno)
            trace = trace.tb_next
        lines, hidden = text.split("\n"), self.hides(text)
        seen = [n for n in numbers if n <= len(lines)]
        if not seen or any(hidden[n - 1] for n in seen):
            return ""
        return lines[seen[-1] - 1].strip()


FILE = "<test cell>"


class Printed(io.StringIO):
    """What a test cell itself prints, for the feedback."""


class NoShell:
    """Stands for IPython in test cells: magics do nothing in the grader."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args, **kwargs: None


def given_names(source: NotebookNode) -> tuple[dict[str, ast.stmt], set[str]]:
    """What the instructor's notebook gives, and what it asks students for.

    Args:
        source: the instructor's notebook.

    Returns:
        A dictionary from each name that its cells import, or that its read-only cells define, to
        the statement that does so; and the set of names that its solution cells define.
    """
    given: dict[str, ast.stmt] = {}
    asked_for: set[str] = set()
    for cell in source.cells:
        if cell.cell_type != "code" or (utils.is_grade(cell) and not utils.is_solution(cell)):
            continue
        tree = parsed(cell.source)
        for node in tree.body if tree else ():
            # An import in a solution cell is not what the exercise asks for.
            if isinstance(node, (ast.Import, ast.ImportFrom)) or (
                utils.is_locked(cell) and is_definition(node)
            ):
                given |= dict.fromkeys(bound(node), node)
            elif utils.is_solution(cell):
                asked_for |= set(bound(node))
    return given, asked_for - set(given)


def is_definition(node: ast.stmt) -> bool:
    """Whether a statement can be executed without the student's work.

    Args:
        node: the statement.

    Returns:
        True for a function, a class, or an assignment of constants to names.
    """
    if isinstance(node, ast.Assign):
        return not any(isinstance(n, (ast.Call, ast.Name)) for n in ast.walk(node.value))
    return isinstance(node, (ast.FunctionDef, ast.ClassDef))


def result(value: object, max_points: float) -> list[NotebookNode]:
    """The output for the value of a cell's last expression, as Jupyter would show it.

    Args:
        value: the value; a number is the points of the test.
        max_points: the most points that the test can give.

    Returns:
        A list of one output; empty for None.

    Raises:
        ValueError: if the points are negative, not a finite number, or more than the test can give.
    """
    if value is None:
        return []
    shown = repr(value)
    if isinstance(value, (numbers.Real, np.bool_)) and not isinstance(value, (bool, np.bool_)):
        # nbgrader gives full points for what is not at least 0, such as nan.
        points = float(value)
        if not (math.isfinite(points) and 0 <= points <= max_points):
            raise ValueError(f"the test gives {points} points, of {max_points:g} that there are")
        shown = repr(points)
    return [new_output("execute_result", {"text/plain": shown[:10_000]})]


@contextlib.contextmanager
def at_home(folder: Path | None) -> Iterator[None]:
    """Work in the folder of the instructor's notebook for a with block, and import from there.

    Args:
        folder: the folder. If it is None or does not exist, nothing changes.
    """
    if folder is None or not folder.is_dir():
        yield
        return
    home = str(folder.resolve())
    before = set(sys.modules)
    sys.path.insert(0, home)
    try:
        with contextlib.chdir(home):
            yield
    finally:
        sys.path.remove(home)
        # Another assignment may have a file of the same name.
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if file.startswith(home + os.sep):
                del sys.modules[name]
