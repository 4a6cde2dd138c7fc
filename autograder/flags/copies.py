"""Students who handed in the same function, though there are many ways to write it."""

import ast
import copy
from collections import defaultdict

from autograder.flags.reading import Notebook, stored

ENOUGH = 60  # nodes of the syntax tree; what is shorter looks alike by itself


def copies(notebooks, source=None):
    """Flags for functions that several students share, and that are not the reference's.

    Names of variables and comments make no difference.
    """
    known = {shape(p.node) for p in Notebook.of(source.cells).pieces} if source else set()
    groups = defaultdict(dict)
    for notebook in notebooks:
        for piece in notebook.pieces:
            if isinstance(piece.node, ast.FunctionDef) and size(piece.node) >= ENOUGH:
                form = shape(piece.node)
                if form not in known:
                    groups[form].setdefault(notebook.student, (notebook, piece))
    for group in groups.values():
        for student, (notebook, piece) in group.items():
            others = sorted(set(group) - {student})
            if others:
                what = f"is the same as that of {', '.join(others)}, but for names and comments"
                yield notebook.flag(piece, piece.node, what)


def size(node):
    """How many parts a function has, without its docstring."""
    return sum(1 for _ in ast.walk(bare(node)))


def shape(node):
    """A function as text in which local names are numbered, so that others make no difference."""
    node = bare(node)
    if not isinstance(node, ast.FunctionDef):
        return ast.dump(node)
    local = set(stored(node))
    local |= {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
    local |= {n.name for n in ast.walk(node) if isinstance(n, ast.FunctionDef)}
    numbers = {}

    class Numbered(ast.NodeTransformer):
        def visit_Name(self, node):
            node.id = number(node.id)
            return node

        def visit_arg(self, node):
            node.arg, node.annotation = number(node.arg), None
            return node

        def visit_FunctionDef(self, node):
            node.name, node.returns = number(node.name), None
            return self.generic_visit(node)

    def number(name):
        return f"_{numbers.setdefault(name, len(numbers))}" if name in local else name

    return ast.dump(Numbered().visit(node))


def bare(node):
    """A copy without docstrings."""
    node = copy.deepcopy(node)
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef) and ast.get_docstring(part) is not None:
            part.body = part.body[1:] or [ast.Pass()]
    return node
