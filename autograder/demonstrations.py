"""The cells of a notebook that show something, and that no score depends on.

A lesson draws and prints more than it grades. While a class is graded nobody looks at that; so
cells of the instructor's that are as they were released, and that make nothing which a test or a
student's own cell uses, need not be executed.
"""

import ast
import functools
from dataclasses import dataclass

from nbgrader import utils

from autograder.parsing import parsed
from autograder.testcell import bound, free_names


@dataclass(frozen=True)
class Names:
    """What a cell has to do with names at the top of the notebook.

    used: that it takes from there. objects: those of them that it does more with than to call
    them. made: functions, classes and modules that it defines or imports. stored: other names
    that it binds.
    """

    used: frozenset
    objects: frozenset
    made: frozenset
    stored: frozenset


def demonstrations(cells, source):
    """The positions of those code cells that need not be executed for grading.

    cells: of a submitted notebook, after it was brought back to its source. source: the
    instructor's notebook, or None; then there are none.
    """
    own = {c.source for c in source.cells if _is_ordinary(c)} if source else set()
    open_ones = {}
    needed, fixed = set(), set()
    for position, cell in enumerate(cells):
        if cell.cell_type != "code":
            continue
        names = names_of(cell.source)
        if _is_ordinary(cell) and cell.source in own:
            open_ones[position] = names
        else:
            needed |= names.used
            fixed |= names.stored
        fixed |= names.made
    while True:
        found = {
            position
            for position, names in open_ones.items()
            # Using an object may change it; but not a function, nor what a student's cell makes.
            if needed & (names.made | names.stored | (names.objects - fixed))
        }
        if not found:
            return set(open_ones)
        for position in found:
            needed |= open_ones.pop(position).used


@functools.lru_cache(maxsize=500)
def names_of(text):
    """The Names of a cell; none where it is no Python."""
    tree = parsed(text)
    if tree is None:
        return Names(*[frozenset()] * 4)
    used, made = free_names(tree), set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            made |= set(bound(node))
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    callees = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    objects = {node.id for node in names if id(node) not in callees}
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return Names(*map(frozenset, (used, objects & used, made, stored - made)))


def _is_ordinary(cell):
    return cell.cell_type == "code" and not utils.is_grade(cell) and not utils.is_solution(cell)
