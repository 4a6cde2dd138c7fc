"""The text of a cell: its syntax tree, whatever its author wrote, and its names."""

import ast
import dis
import symtable

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
        # Its import takes longer than that of all else, where no notebook runs.
        from IPython.core.inputtransformer2 import TransformerManager

        return ast.parse(TransformerManager().transform_cell(text))
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error) or type(error).__name__) from None


def parsed(text: str) -> ast.Module | None:
    """The same as parse(), but None if the text is not Python."""
    try:
        return parse(text)
    except SyntaxError:
        return None


def does_nothing(function: object) -> bool:
    """Whether a function has a body that does nothing, and returns None."""
    code = getattr(function, "__code__", None)
    steps = list(dis.get_instructions(code)) if code else []
    steps = [step for step in steps if step.opname not in ("RESUME", "NOP")]
    returns = [step.opname for step in steps] in (["LOAD_CONST", "RETURN_VALUE"], ["RETURN_CONST"])
    return returns and steps[0].argval is None


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


def _table(tree: ast.Module) -> symtable.SymbolTable:
    return symtable.symtable(ast.unparse(tree), "<cell>", "exec")
