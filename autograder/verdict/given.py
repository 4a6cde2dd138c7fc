"""What an instructor's notebook gives to its test cells, and what it asks students for."""

import ast
import builtins
import collections
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils

from autograder.course.code import bound
from autograder.verdict.magics import expanded
from saelab.code import called_names, free_names

IMPORTS = (ast.Import, ast.ImportFrom)
MAKING = (ast.Assign, ast.AnnAssign, ast.If, ast.Try)
CHANGEABLE = (ast.List, ast.Dict, ast.Set)
CHANCE = re.compile("random|input|seed", re.I)
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
        renewed: from the name of each test cell to the names that the notebook binds between the
            test cell above and it.
        answers: from each name that solutions bind, but for imports, to the statement that does so.
        asked_for: the names that students are asked for: those that solutions bind.
        imported: from each name that solutions import to the statement that does so.
        worked_on: the names that occur in solutions.
        used: the names that solutions take from outside.
        texts: the texts in solutions, such as names of files.
        classes: the names of the classes that solution cells define, or use of read-only cells.
        known: from each name that the released notebook binds to the last statement that does so.
        constants: the constants in all its code that are texts, docstrings among them.
        code: the statements of its cells, but for test cells.
    """

    def __init__(self, source: NotebookNode | None, released: NotebookNode | None) -> None:
        self.statements: dict[str, ast.stmt] = {}
        self.stars: list[ast.stmt] = []
        self.known: dict[str, ast.stmt] = {}
        self.answers: dict[str, ast.stmt] = {}
        self.worked_on: set[str] = set()
        self.imported: dict[str, ast.stmt] = {}
        self.used: set[str] = set()
        self.texts: set[str] = set()
        self.classes: set[str] = set()
        self.code: list[ast.stmt] = []
        self.constants: set[str] = set()
        self.renewed: dict[str, set[str]] = {}
        changed: set[str] = set()
        locked: list[ast.stmt] = []
        often: collections.Counter[str] = collections.Counter()
        since: set[str] = set()
        for cell, kept in _code(source, released):
            body = body_of(cell)
            self.constants |= texts_in(body)
            if is_test(cell):
                self.renewed[cell.metadata.nbgrader.get("grade_id", "")], since = since, set()
                continue
            self.code += body
            names = [name for node in body for name in bound(node)]
            often.update(names)
            since.update(names)
            locked += kept if utils.is_locked(cell) else []
            for node in kept:
                made = dict.fromkeys(bound(node), node)
                self.known |= made
                if isinstance(node, ast.ImportFrom) and [*made] == ["*"]:
                    self.stars.append(node)
                elif isinstance(node, IMPORTS) or (utils.is_locked(cell) and is_definition(node)):
                    self.statements |= made
            if utils.is_solution(cell):
                texts = {ast.unparse(node) for node in kept}
                self.classes |= {node.name for node in body if isinstance(node, ast.ClassDef)}
                removed = [node for node in body if ast.unparse(node) not in texts]
                self.texts |= texts_in(removed)
                self.used |= free_names(ast.Module(removed, []))
                for node in removed:
                    answers = self.imported if isinstance(node, IMPORTS) else self.answers
                    answers |= dict.fromkeys(bound(node), node)
                    self.worked_on |= names_in(node)
                    changed |= changed_in_place(node)
        # Of a class that solutions use, students' objects are of their own notebook's; so are those
        # of the classes that are derived from it.
        classes = {n: node for n, node in self.statements.items() if isinstance(node, ast.ClassDef)}
        shared = self.used & set(classes)
        while more := {n for n in set(classes) - shared if _bases(classes[n]) & shared}:
            shared |= more
        self.classes |= shared
        # A solution may import for itself what the notebook has imported for all.
        self.asked_for = {*self.answers, *shared, *(set(self.imported) - set(self.statements))}
        self.worked_on |= self.asked_for
        reached, todo = set[str](), [*self.used]
        while todo:
            name = todo.pop()
            used = self.statements.get(name)
            if name not in reached and isinstance(used, DEFINITIONS):
                todo += free_names(ast.Module([used], []))
                changed |= changed_in_place(used)
            reached.add(name)
        for name in changed & set(self.statements):
            if isinstance(getattr(self.statements[name], "value", None), CHANGEABLE):
                del self.statements[name]
        once = {name for name, times in often.items() if times == 1}
        self.statements |= self._values(locked, once - reached - self.worked_on)

    @cached_property
    def called(self) -> set[str]:
        """The names that functions of the notebook take from outside when they are called."""
        return called_names(ast.Module(self.code, []))

    def _values(self, locked: list[ast.stmt], mine: set[str]) -> dict[str, ast.stmt]:
        """What read-only cells make of what they import and define, by its name.

        What is drawn by chance is the student's.

        Args:
            locked: the statements of read-only cells.
            mine: the names that the notebook binds once, and solutions do not work on, nor do
                functions that they use.
        """
        found: dict[str, ast.stmt] = {}
        for node in locked:
            made = mine.issuperset(bound(node)) and isinstance(node, MAKING)
            if made and not CHANCE.search(ast.unparse(node)):
                needed = free_names(ast.Module([node], []))
                if all(self.gives(name) or name in found for name in needed):
                    found |= dict.fromkeys(bound(node), node)
        return found

    def gives(self, name: str) -> bool:
        """Whether a name is the instructor's or Python's, whatever the student makes of it.

        Of what star imports bring with them, nothing is known here.
        """
        given = name in self.statements or hasattr(builtins, name) or name.startswith("__")
        return given and name not in self.asked_for

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


def is_test(cell: NotebookNode) -> bool:
    """Whether a cell is one that nbgrader's users call an autograder test."""
    return bool(utils.is_grade(cell) and not utils.is_solution(cell))


def _bases(node: ast.ClassDef) -> set[str]:
    return set().union(*map(names_in, node.bases))


def names_in(tree: ast.AST) -> set[str]:
    """The names in a piece of code."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def changed_in_place(tree: ast.AST) -> set[str]:
    """The names of which a piece of code sets items, or calls methods."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            found |= names_in(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found |= names_in(node.func)
        elif isinstance(node, ast.AugAssign):
            found |= names_in(node.target)
    return found


def texts_in(nodes: Iterable[ast.AST]) -> set[str]:
    """The constants in pieces of code that are texts."""
    parts = (part for node in nodes for part in ast.walk(node) if isinstance(part, ast.Constant))
    return {part.value for part in parts if isinstance(part.value, str)}


def _code(
    source: NotebookNode | None, released: NotebookNode | None
) -> Iterator[tuple[NotebookNode, list[ast.stmt]]]:
    """Each code cell of the source, with the statements that students get."""
    if source is None or released is None:
        return
    for cell, given in zip(source.cells, released.cells):
        if cell.cell_type == "code":
            yield cell, body_of(given)


def body_of(cell: NotebookNode) -> list[ast.stmt]:
    """The statements of a cell; none if it is not Python."""
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
