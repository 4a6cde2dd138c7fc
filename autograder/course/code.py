"""The text of a cell: how it is run, what it binds, and its regions."""

import ast
import inspect
from collections.abc import Iterator, Sequence
from typing import Any

from nbclient.util import run_sync

from saelab.code import made_names


def run_cell(tree: ast.Module, names: dict[str, Any], file: str = "<cell>") -> Any:
    """Execute the code of a cell, which may await something, as in a notebook.

    Args:
        tree: the syntax tree of the cell.
        names: the namespace in which it is executed, and which it changes.
        file: the file name that error messages show.

    Returns:
        The value of its last expression; None if the last statement is not an expression.
    """
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        parts = [
            compile(ast.Module(tree.body[:-1], []), file, "exec", flags),
            compile(ast.Expression(last.value), file, "eval", flags),
        ]
    else:
        parts = [compile(tree, file, "exec", flags)]

    async def run() -> Any:
        value = None
        for part in parts:
            value = eval(part, names)
            if part.co_flags & inspect.CO_COROUTINE:
                value = await value
        return value

    if any(part.co_flags & inspect.CO_COROUTINE for part in parts):
        return run_sync(run)()
    return [eval(part, names) for part in parts][-1]


HIDING = (ast.comprehension, ast.Lambda)


def bound(node: ast.AST) -> list[str]:
    """The names that a statement or a part of one binds; "*" if it imports all of a module."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.split(".")[0] for alias in node.names]
    parts = list(ast.walk(node))
    # A table of symbols takes long: it is made where names may be hidden, or not be of this place.
    plain = isinstance(node, (ast.Assign, ast.Expr)) and not any(
        isinstance(part, HIDING) for part in parts
    )
    if plain or not isinstance(node, ast.stmt):
        stored = (p for p in parts if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store))
        return [name.id for name in stored]
    try:
        return sorted(made_names(ast.Module([node], []))[0])
    except SyntaxError:  # such as a return outside of a function
        return []


# --- regions between two delimiters, such as hidden tests -------------------------

Region = tuple[str, str]  # the delimiters that begin and end one


def marked(text: str, regions: Sequence[Region]) -> Iterator[tuple[str, str]]:
    """Go through the lines of a text, and say for each where it stands.

    Args:
        text: the text of a cell.
        regions: pairs of the delimiters that begin and end a region. A line with a delimiter may
            have other text too.

    Yields:
        Each line with its place: "open", "begin", "inside" or "end".
    """
    end: str | None = None
    for line in text.split("\n"):
        if end is None:
            end = next((last for first, last in regions if first in line), None)
            yield line, "open" if end is None else "begin"
        elif end in line:
            end = None
            yield line, "end"
        else:
            yield line, "inside"


def without_regions(text: str, regions: Sequence[Region]) -> str:
    """A text without its regions and their delimiters, as nbgrader releases it.

    Args:
        text: the text of a cell.
        regions: (begin, end) pairs of delimiters.

    Returns:
        The lines that remain.
    """
    return "\n".join(line for line, place in marked(text, regions) if place == "open")
