"""The magics in a cell's text: those that execute code, those that do nothing, and others."""

import ast
import re
from collections.abc import Iterator

from saelab.code import parse, parsed

# They execute the code that follows them.
EXECUTE = ("time", "timeit", "capture")
# In a test cell they do nothing: they decide on how things are shown or loaded, and on no test.
HARMLESS = ("autoreload", "config", "load_ext", "matplotlib", "pdb", "pprint", "precision",
            "reload_ext", "unload_ext", "xmode")  # fmt: skip
OPTION = re.compile(r"\s*(--?[a-z-]+)\s*(\d*)(?:\s+|$)")


def expanded(text: str) -> tuple[ast.Module, list[str]]:
    """The code of a cell, with that in magics.

    Args:
        text: the text of the cell.

    Returns:
        Its syntax tree, in which the code stands in the place of each magic that executes code;
        and the magics and commands that neither execute code nor are harmless, as they are written.

    Raises:
        SyntaxError: if the text is not Python.
    """
    expanding = _Expanding()
    tree = expanding.visit(parse(text))
    return ast.fix_missing_locations(tree), expanding.others


class _Expanding(ast.NodeTransformer):
    """Puts the code of magics in their places. `others` are those that have none."""

    def __init__(self) -> None:
        self.others: list[str] = []

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        called = shell_call(node.value)
        if called is None:
            return self.generic_visit(node)
        # Its value is not the cell's.
        nothing = ast.copy_location(ast.Expr(ast.Constant(None)), node)
        return [*self._statements(*called), nothing]

    def visit_Call(self, node: ast.Call) -> ast.AST:
        called = shell_call(node)
        if called is None:
            return self.generic_visit(node)
        code = list(self._statements(*called))
        one = code[0] if len(code) == 1 else None
        return (
            one.value if isinstance(one, ast.Expr) else ast.copy_location(ast.Constant(None), node)
        )

    def _statements(self, kind: str, words: list[str]) -> Iterator[ast.stmt]:
        name = words[0].strip() if kind.startswith("run") else ""
        if name in EXECUTE:
            for number, text in enumerate(words[1:]):
                yield from self._body(name, text, number, len(words) - 1)
        elif name not in HARMLESS:
            mark = {"run_line_magic": "%", "run_cell_magic": "%%"}.get(kind, "!")
            self.others.append(mark + words[0].split("\n")[0].strip())

    def _body(self, name: str, text: str, number: int, parts: int) -> Iterator[ast.stmt]:
        """The code in one part of a magic: its line, or what stands below it."""
        if number == 0:
            text = split_options(text)[1]
        if name == "capture" and number == 0:
            text = f"{text} = get_ipython()" if text.isidentifier() else ""
        tree = parsed(text)
        if tree is not None:
            visited = self.visit(tree)
            yield from visited.body


def split_options(line: str) -> tuple[dict[str, str], str]:
    """The options at the beginning of a magic's line, with their numbers, and the rest of it."""
    options = {}
    while match := OPTION.match(line):
        options[match[1]] = match[2]
        line = line[match.end() :]
    return options, line.strip()


def shell_call(node: ast.expr) -> tuple[str, list[str]] | None:
    """What IPython makes of a magic or a command.

    Args:
        node: an expression.

    Returns:
        The name of a method of get_ipython(), and the texts that it is called with; None if the
        expression is something else.
    """
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return None
    shell = node.func.value
    if not (isinstance(shell, ast.Call) and isinstance(shell.func, ast.Name)):
        return None
    kinds = ("run_line_magic", "run_cell_magic", "system", "getoutput")
    words = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
    if shell.func.id != "get_ipython" or node.func.attr not in kinds or not words:
        return None
    return node.func.attr, [str(word) for word in words]
