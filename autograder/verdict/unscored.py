"""The cells of a notebook that only show something, and that no score depends on.

A lesson draws and prints more than it grades. While a class is graded nobody looks at that. So an
instructor's cell need not be executed if it is as it was released, and if it makes nothing that a
test or a student's own cell uses.
"""

import ast
import functools
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader import utils

from autograder.course.code import bound, free_names, parsed

# What uses or makes names that the text does not show; a magic is a call of get_ipython.
HIDING = {"eval", "exec", "get_ipython", "globals", "vars"}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class UsedNames:
    """How a cell uses and makes names at the top level of the notebook.

    Attributes:
        used: the names that it takes from there.
        objects: those of them that it uses for more than a call.
        made: the functions, classes and modules that it defines or imports.
        stored: the other names that it binds.
        changed: the names whose attributes or items it sets.
        hidden: whether it may use or make other names, which its text does not show.
    """

    used: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    stored: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    hidden: bool = False


def demonstrations(cells: Sequence[NotebookNode], source: NotebookNode | None) -> set[int]:
    """The positions of those code cells that need not be executed for grading.

    Args:
        cells: the cells of a submitted notebook, after it was brought back to its source.
        source: the instructor's notebook. None means that all cells must be executed.

    Returns:
        The positions.
    """
    own = {c.source for c in source.cells if _is_ordinary(c)} if source else set()
    open_ones: dict[int, UsedNames] = {}
    needed: set[str] = set()
    fixed: set[str] = set()
    for position, cell in enumerate(cells):
        if cell.cell_type != "code":
            continue
        names = names_of(cell.source)
        fixed |= names.made
        given = _is_ordinary(cell) and cell.source in own
        if given and not names.hidden:
            open_ones[position] = names
            continue
        if names.hidden and not given and not utils.is_grade(cell):
            return set()  # such as `if "data" in globals()`
        needed |= names.used
        fixed |= names.stored
    while True:
        found = {
            position
            for position, names in open_ones.items()
            # Using an object may change it; but not a function, nor what a student's cell makes.
            if needed & (names.made | names.stored | names.changed | (names.objects - fixed))
        }
        if not found:
            return set(open_ones)
        for position in found:
            needed |= open_ones.pop(position).used


@functools.lru_cache(maxsize=500)
def names_of(text: str) -> UsedNames:
    """The UsedNames of a cell; empty if its text is not Python."""
    tree = parsed(text)
    if tree is None:
        return UsedNames()
    used, nodes = free_names(tree), list(ast.walk(tree))
    made = {name for node in nodes if isinstance(node, DEFINITIONS) for name in bound(node)}
    names = [node for node in nodes if isinstance(node, ast.Name)]
    callees = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    objects = {node.id for node in names if id(node) not in callees}
    stored = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    given = [node for node in nodes if not isinstance(getattr(node, "ctx", None), ast.Load)]
    changed = {base for base in map(_base, given) if base is not None}
    return UsedNames(
        frozenset(used),
        frozenset(objects & used),
        frozenset(made),
        frozenset(stored - made),
        frozenset(changed),
        hidden="*" in made or bool(used & HIDING),
    )


def _base(node: ast.AST) -> str | None:
    """The name that `name.a[b].c` begins with; None if the expression has another form."""
    if not isinstance(node, (ast.Attribute, ast.Subscript)):
        return None
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _is_ordinary(cell: NotebookNode) -> bool:
    graded = utils.is_grade(cell) or utils.is_solution(cell)
    return cell.cell_type == "code" and not graded
