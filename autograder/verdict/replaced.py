"""What a test cell puts in the place of parts of modules, such as `input`, for the student's code.

unittest.mock.patch and assignments change a module of the grader's. The student's code has its own
modules, in another process; so what a test has replaced is sent along with each question.
"""

import ast
import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from autograder.verdict.names import is_made_here

PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
# Such as mock.patch, patch.object, monkeypatch.setattr and setattr.
REPLACES = re.compile("patch|setattr")


class Replaced:
    """The parts of modules that a test cell may replace, as its text names them.

    Args:
        tree: the syntax tree of the cell.
        names: the names of the test cells.
    """

    def __init__(self, tree: ast.Module, names: dict[str, Any]) -> None:
        self.names = names
        self.modules: set[str] = set()
        self.parts: set[str] = set()
        nodes = list(ast.walk(tree))
        words = [name for node in nodes for name in (_name(node),) if name]
        sets = any(
            isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) for node in nodes
        )
        if sets or any(map(REPLACES.search, words)):
            for path in words:
                module, _, part = path.rpartition(".")
                self.modules |= {path, module}
                self.parts.add(part)

    def __call__(self) -> list[tuple[str, str, Any]]:
        """What is replaced now: the name of the module, that of the part, and the new value."""
        return [
            (module.__name__, part, vars(module)[part])
            for module in self._modules()
            for part in sorted(self.parts & set(vars(module)))
            if is_made_here(vars(module)[part], self.names)
        ]

    def _modules(self) -> Iterator[ModuleType]:
        found = (dict.get(self.names, name, sys.modules.get(name)) for name in sorted(self.modules))
        for module in {id(one): one for one in found if isinstance(one, ModuleType)}.values():
            if module.__name__ != "__main__":
                yield module


def _name(node: ast.AST) -> str:
    """What a node names: a name, an attribute, or a text that looks like one of these."""
    if isinstance(node, ast.Constant):
        text = node.value
        return text if isinstance(text, str) and PATH.fullmatch(text) else ""
    return ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
