"""Find students who handed in the same function, though there are many ways to write it."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode

from autograder.course.code import bound
from autograder.results.flags.notebooks import Flag, Notebook, Piece

ENOUGH = 60  # nodes of the syntax tree; what is shorter looks alike by itself


def copies(notebooks: Iterable[Notebook], source: NotebookNode | None = None) -> Iterator[Flag]:
    """Flags for functions that several students share, and that are not the reference's.

    Names of variables and comments make no difference.
    """
    known = {shape(p.node) for p in Notebook.of(source.cells).pieces} if source else set()
    groups: defaultdict[str, dict[str, tuple[Notebook, Piece]]] = defaultdict(dict)
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


def size(node: ast.AST) -> int:
    """How many nodes a function has in the syntax tree, without its docstrings."""
    parts = list(ast.walk(node))
    return len(parts) - 2 * sum(isinstance(p, ast.FunctionDef) and has_docstring(p) for p in parts)


def shape(node: ast.AST) -> str:
    """A function as text, with local names as numbers, so that renaming makes no difference."""
    local = local_names(node)
    numbers: dict[str, int] = {}

    def word(part: object) -> str:
        if isinstance(part, LocalName):
            name = str(part)
            return f"_{numbers.setdefault(name, len(numbers))}" if name in local else name
        if isinstance(part, ast.AST):
            return type(part).__name__
        return repr(part) if not isinstance(part, int) else hex(part)

    return " ".join(map(word, bare(node)))


class LocalName(str):
    """A name in a piece of code that may be a local one."""


class Length(int):
    """How many items follow in one list of a tree."""


def local_names(node: ast.AST) -> set[str]:
    """The names that a function makes itself; none if the node is not a function."""
    if not isinstance(node, ast.FunctionDef):
        return set()
    made = (part for part in ast.walk(node) if isinstance(part, ast.FunctionDef | ast.Name))
    given = {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
    return given.union(*map(bound, made))


def bare(node: ast.AST) -> Iterator[object]:
    """All parts of a syntax tree but docstrings and annotations, from top to bottom.

    This is no recursion, so that one student's deeply nested code does not keep the others' from
    being looked at.

    Args:
        node: the top of the tree.

    Yields:
        Nodes, the lengths of lists, and what stands in the fields of nodes.
    """
    waiting: list[object] = [node]
    while waiting:
        part = waiting.pop()
        yield part
        if not isinstance(part, ast.AST):
            continue
        below: list[object] = []
        for field, value in ast.iter_fields(part):
            if field in UNSEEN.get(type(part), ()):
                continue
            if field == "body" and isinstance(part, ast.FunctionDef) and has_docstring(part):
                value = value[1:]
            if isinstance(value, list):
                below += [Length(len(value)), *value]
            elif field in NAMES.get(type(part), ()):
                below.append(LocalName(value))
            else:
                below.append(value)
        waiting += reversed(below)


UNSEEN: dict[type[ast.AST], tuple[str, ...]] = {
    ast.FunctionDef: ("returns", "type_comment"), ast.arg: ("annotation", "type_comment"),
    ast.Name: ("ctx",),
}  # fmt: skip
NAMES: dict[type[ast.AST], tuple[str, ...]] = {
    ast.FunctionDef: ("name",),
    ast.arg: ("arg",),
    ast.Name: ("id",),
}


def has_docstring(function: ast.FunctionDef) -> bool:
    first = function.body[0] if function.body else None
    return (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
