"""Find students who handed in the solution itself."""

import ast
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode
from nbgrader import utils

from autograder.results.flags.copies import ENOUGH, shape, size
from autograder.results.flags.notebooks import Flag, Notebook, Piece

LEAST = 0.75  # of the syntax of the solution's functions


def solutions(notebooks: Iterable[Notebook], source: NotebookNode) -> Iterator[Flag]:
    """Flags for notebooks most of whose functions are the solution's.

    Names of variables, comments and layout make no difference. Short functions do not count: there
    are few ways to write them.

    Args:
        notebooks: the notebooks of a class.
        source: the instructor's notebook, with the solutions.
    """
    solved = [cell for cell in source.cells if utils.is_solution(cell)]
    sizes = {shape(piece.node): size(piece.node) for piece in _long(Notebook.of(solved))}
    for notebook in notebooks:
        same = {form: piece for piece in _long(notebook) if (form := shape(piece.node)) in sizes}
        if same and sum(map(sizes.__getitem__, same)) >= LEAST * sum(sizes.values()):
            names = ", ".join(piece.where for piece in same.values())
            first = next(iter(same.values()))
            what = f"is the solution's, but for names and comments: {names}"
            yield notebook.flag(first, first.node, what)


def _long(notebook: Notebook) -> Iterator[Piece]:
    for piece in notebook.pieces:
        if isinstance(piece.node, ast.FunctionDef) and size(piece.node) >= ENOUGH:
            yield piece
