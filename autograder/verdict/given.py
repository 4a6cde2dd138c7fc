"""What an instructor's notebook gives to its test cells, and what it asks students for."""

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils

from autograder.course.code import bound
from autograder.verdict.magics import expanded
from saelab.code import free_names

IMPORTS = (ast.Import, ast.ImportFrom)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Given:
    """The names of an instructor's notebook: which are the instructor's, which the student's.

    Args:
        source: the instructor's notebook; None if there is none, and all names are the student's.
        released: the same notebook as students get it, without solutions.

    Attributes:
        statements: from each name that the instructor's cells import, or that read-only cells
            define, to the statement that does so.
        stars: the statements that import all names of a module.
        asked_for: the names that students are asked for: those that solutions bind.
        imported: from each name that solutions import to the statement that does so.
        worked_on: the names that occur in solutions.
        used: the names that solutions take from outside.
        texts: the texts in solutions, such as names of files.
        classes: the names of the classes that solution cells define, or use of read-only cells.
        known: from each name that the released notebook binds to the last statement that does so.
    """

    def __init__(self, source: NotebookNode | None, released: NotebookNode | None) -> None:
        self.statements: dict[str, ast.stmt] = {}
        self.stars: list[ast.stmt] = []
        self.known: dict[str, ast.stmt] = {}
        self.asked_for: set[str] = set()
        self.worked_on: set[str] = set()
        self.imported: dict[str, ast.stmt] = {}
        self.used: set[str] = set()
        self.texts: set[str] = set()
        self.classes: set[str] = set()
        for cell, kept in _code(source, released):
            for node in kept:
                self.known |= dict.fromkeys(bound(node), node)
                if isinstance(node, ast.ImportFrom) and bound(node) == ["*"]:
                    self.stars.append(node)
                elif isinstance(node, IMPORTS) or (utils.is_locked(cell) and is_definition(node)):
                    self.statements |= dict.fromkeys(bound(node), node)
            if utils.is_solution(cell):
                texts = {ast.unparse(node) for node in kept}
                self.classes |= {n.name for n in _body(cell) if isinstance(n, ast.ClassDef)}
                removed = [node for node in _body(cell) if ast.unparse(node) not in texts]
                self.texts |= texts_in(removed)
                self.used |= free_names(ast.Module(removed, []))
                for node in removed:
                    if isinstance(node, IMPORTS):
                        self.imported |= dict.fromkeys(bound(node), node)
                    else:
                        self.asked_for.update(bound(node))
                    names = (part for part in ast.walk(node) if isinstance(part, ast.Name))
                    self.worked_on.update(name.id for name in names)
        # Of a class that solutions use, students' objects are of their own notebook's.
        shared = {n for n in self.used if isinstance(self.statements.get(n), ast.ClassDef)}
        self.asked_for |= shared
        self.classes |= shared
        # A solution may import for itself what the notebook has imported for all.
        self.asked_for |= set(self.imported) - set(self.statements)
        self.worked_on |= self.asked_for

    def says_as_much(self, name: str, value: object) -> bool:
        """Whether the released notebook says the same of a name, so that nothing was answered.

        Args:
            name: a name of the student's notebook.
            value: its value; a stand-in, which is no plain value, says no more than that the name
                is there.
        """
        node = self.known.get(name)
        if node is None:
            return False
        if name not in self.worked_on or not isinstance(node, (ast.Assign, ast.AnnAssign)):
            return True
        try:
            return node.value is not None and repr(ast.literal_eval(node.value)) == repr(value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return False

    def doc(self, name: str) -> str | None:
        """The docstring of a function or class of this name, as it was released."""
        node = self.known.get(name)
        return ast.get_docstring(node) if isinstance(node, DEFINITIONS) else None


def texts_in(nodes: Iterable[ast.AST]) -> set[str]:
    """The constants in pieces of code that are texts."""
    parts = (part for node in nodes for part in ast.walk(node) if isinstance(part, ast.Constant))
    return {part.value for part in parts if isinstance(part.value, str)}


def _code(
    source: NotebookNode | None, released: NotebookNode | None
) -> Iterator[tuple[NotebookNode, list[ast.stmt]]]:
    """Each code cell of the source that is no test, with the statements that students get."""
    if source is None or released is None:
        return
    for cell, given in zip(source.cells, released.cells):
        if cell.cell_type == "code" and not (utils.is_grade(cell) and not utils.is_solution(cell)):
            yield cell, _body(given)


def _body(cell: NotebookNode) -> list[ast.stmt]:
    try:
        return expanded(cell.source)[0].body
    except SyntaxError:
        return []


def is_definition(node: ast.stmt) -> bool:
    """Whether a statement can be executed without the student's work.

    Args:
        node: the statement.

    Returns:
        True for a function, a class, or an assignment of constants to names.
    """
    if isinstance(node, ast.Assign):
        return not any(isinstance(n, (ast.Call, ast.Name)) for n in ast.walk(node.value))
    return isinstance(node, DEFINITIONS)


def define(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, names: Any) -> Any:
    """What a definition of the instructor's notebook makes, which gets no name among `names`."""
    made: dict[str, Any] = {}
    exec(compile(ast.Module([node], []), "<released cell>", "exec"), names, made)
    return made[node.name]


def execute(node: ast.stmt, names: dict[str, Any], file: str) -> None:
    """Execute a statement of the instructor's notebook among the names of test cells."""
    exec(compile(ast.Module([node], []), file, "exec"), names)
