"""The text of a cell: its syntax tree, whatever its author wrote, its names, and its regions."""

import ast
import symtable
from collections.abc import Iterator, Sequence
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

# Of memory, in characters: in Python 3.12 each token holds a copy of the line that it stands in.
MOST_COPIED = 10**8


def parse(text: str) -> ast.Module:
    """The syntax tree of a cell, which may contain magics.

    Args:
        text: the text of the cell.

    Returns:
        The tree.

    Raises:
        SyntaxError: if the text is not Python; the message says why.
    """
    try:
        try:
            return ast.parse(text)
        except SyntaxError:
            pass  # there may be magics in it
        if sum(len(line) ** 2 for line in text.splitlines()) > MOST_COPIED:
            raise SyntaxError("it is no plain Python, and its lines are too long to look further")
        return ast.parse(TransformerManager().transform_cell(text))
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error) or type(error).__name__) from None


def parsed(text: str) -> ast.Module | None:
    """The same as parse(), but None if the text is not Python."""
    try:
        return parse(text)
    except SyntaxError:
        return None


def run_cell(tree: ast.Module, names: dict[str, Any], file: str = "<cell>") -> Any:
    """Execute the code of a cell.

    Args:
        tree: the syntax tree of the cell.
        names: the namespace in which it is executed, and which it changes.
        file: the file name that error messages show.

    Returns:
        The value of its last expression; None if the last statement is not an expression.
    """
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, file, "exec"), names)
        return None
    exec(compile(ast.Module(tree.body[:-1], []), file, "exec"), names)
    return eval(compile(ast.Expression(last.value), file, "eval"), names)


# --- names ---------------------------------------------------------------------------------


def free_names(tree: ast.Module) -> set[str]:
    """The names that a piece of code uses and takes from outside."""
    # To the table of symbols, `x += 1` does not use x.
    changed = {
        node.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    }
    found = set()

    def visit(table: symtable.SymbolTable, top: bool) -> None:
        for symbol in table.get_symbols():
            used = symbol.is_referenced() or symbol.get_name() in changed
            if used and (symbol.is_global() or top) and not symbol.is_imported():
                found.add(symbol.get_name())
        for child in table.get_children():
            visit(child, False)

    visit(_table(tree), True)
    return found


def made_names(tree: ast.Module) -> tuple[set[str], set[str]]:
    """The names that a piece of code binds at its top level.

    Args:
        tree: the syntax tree of the code.

    Returns:
        All these names, and those of them that the code imports.
    """
    symbols = _table(tree).get_symbols()
    imported = {symbol.get_name() for symbol in symbols if symbol.is_imported()}
    assigned = {symbol.get_name() for symbol in symbols if symbol.is_assigned()}
    declared = (node.names for node in ast.walk(tree) if isinstance(node, ast.Global))
    return imported.union(assigned, *declared), imported


def bound(node: ast.AST) -> list[str]:
    """The names that one statement binds where it stands; "*" if it imports all of a module."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.split(".")[0] for alias in node.names]
    names = (part for part in ast.walk(node) if isinstance(part, ast.Name))
    return [name.id for name in names if isinstance(name.ctx, ast.Store)]


def _table(tree: ast.Module) -> symtable.SymbolTable:
    return symtable.symtable(ast.unparse(tree), "<cell>", "exec")


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
