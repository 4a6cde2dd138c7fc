"""The text of a cell: its syntax tree, whatever its author wrote, and its names."""

import ast
import dis
import keyword
import re
import symtable
from types import CodeType

# Of memory, in characters: in Python 3.12 each token holds a copy of the line that it stands in.
MOST_COPIED = 10**8
# Of a statement that is not Python: how often it is tried together with the one below it.
MOST_JOINED = 100
UNCLOSED = ("was never closed", "unterminated triple-quoted")

NAME = r"[^\W\d]\w*"
TARGETS = rf"[(\s]*\*?{NAME}(?:[\s)]*,[\s(*]*{NAME})*[\s,)]*"
# What stands in a line before the value that it gives to names, and what it defines.
TARGETS_OF_LINE = (
    re.compile(rf"((?:{TARGETS}(?::[^=]*)?=(?!=))+)"),
    re.compile(rf"(?:async\s+)?for\s({TARGETS})\bin\b"),
    re.compile(r"(?:from\s+[\w.]+\s+)?import\s+(.*)"),
)
DEFINES = re.compile(rf"(?:async\s+)?(?:def|class)\s+({NAME})")
OPENS_BLOCK = re.compile(r"(?:async\s+)?(?:if|elif|else|for|while|try|except|finally|with|match)\b")


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


def names_in(code: CodeType) -> set[str]:
    """The names that a function looks up outside itself, including those in nested functions."""
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return set(code.co_names).union(*map(names_in, inner))


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


def called_names(tree: ast.Module) -> set[str]:
    """The names that the functions in a piece of code take from outside when they are called.

    What stands in annotations is not among them.
    """
    plain = ast.parse(ast.unparse(tree))
    for node in ast.walk(plain):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    found: set[str] = set()

    def visit(table: symtable.SymbolTable) -> None:
        if table.get_type() == "function":
            symbols = (each for each in table.get_symbols() if each.is_global())
            found.update(each.get_name() for each in symbols if each.is_referenced())
        for child in table.get_children():
            visit(child)

    visit(_table(plain))
    return found


def names_in_broken(text: str) -> set[str]:
    """The names that a cell which is not Python would bind at its top level.

    Its statements are looked at one by one. Of one that is not Python itself, what stands to the
    left of `=` and the like tells.

    Args:
        text: the text of the cell.

    Returns:
        The names; "*" for all those of a module.
    """
    parts = re.split(r"^(?=[^\s#])", text, flags=re.MULTILINE)
    found: set[str] = set()
    joined = 0
    while parts:
        statement, *rest = parts
        tree, unclosed = _read(statement)
        while unclosed and rest and joined < MOST_JOINED:
            joined += 1
            statement += rest.pop(0)
            tree, unclosed = _read(statement)
        if tree is None:  # what is below may still be Python
            statement, *rest = parts
        found |= _bound(tree) if tree else _names_in_lines(statement.splitlines())
        parts = rest
    return found


def _read(statement: str) -> tuple[ast.Module | None, bool]:
    """The tree of a statement, if it is Python, and whether it might be if it went on."""
    try:
        return parse(statement), False
    except SyntaxError as error:
        return None, any(words in str(error) for words in UNCLOSED)


def _bound(tree: ast.Module) -> set[str]:
    stars = any(isinstance(node, ast.alias) and node.name == "*" for node in ast.walk(tree))
    try:
        return made_names(tree)[0] | ({"*"} if stars else set())
    except (SyntaxError, RecursionError):
        return set()


def _names_in_lines(lines: list[str]) -> set[str]:
    """The names that a statement would bind which is not Python."""
    found: set[str] = set()
    inside = None  # a function: how far its first line is indented
    # Nothing but a block has further statements below its first line.
    for line in lines if OPENS_BLOCK.match(lines[0]) else lines[:1]:
        indent, text = len(line) - len(line.lstrip()), line.strip()
        if not text or (inside is not None and indent > inside):
            continue
        defines = DEFINES.match(text)
        inside = indent if defines else None
        if defines:
            found.add(defines[1])
            continue
        tree = _read(text)[0] or _read(f"{text} pass")[0]
        found |= _bound(tree) if tree else _names_to_the_left(text)
    return found


def _names_to_the_left(line: str) -> set[str]:
    for pattern in TARGETS_OF_LINE:
        match = pattern.match(line)
        if match:
            # Of `import a.b as c` it is c, and of `import a.b` it is a.
            told = re.sub(rf"[\w.]+\s+as\s+({NAME})", r"\1", match[1])
            words = re.findall(rf"(?<![\w.]){NAME}|\*$", re.sub(r":[^=]*=", "=", told))
            return set() if any(map(keyword.iskeyword, words)) else set(words)
    return set()


def _table(tree: ast.Module) -> symtable.SymbolTable:
    return symtable.symtable(ast.unparse(tree), "<cell>", "exec")
