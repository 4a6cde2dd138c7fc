"""What a test cell puts in the place of parts of modules, such as `input`, for the student's code.

unittest.mock.patch and assignments change a module of the grader's. The student's code has its own
modules, in another process; so what a test has replaced is sent along with each question, and the
variables of the environment that it has changed. At the end of the cell all is put back here.
"""

import ast
import importlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy
from types import ModuleType
from typing import Any

from autograder.kernel.inside.codec import pack
from autograder.kernel.inside.shared import snapshot
from autograder.kernel.inside.values import put_back
from autograder.kernel.lending import is_lent, is_library, lent_whole, place_in_library
from autograder.kernel.stand_ins import is_remote
from autograder.verdict.names import is_made_here

PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
# Such as mock.patch, patch.object, monkeypatch.setattr and setattr.
REPLACES = re.compile("patch|setattr")
ENVIRONMENT = re.compile("environ|env$")
# The others, such as the path, are about the process itself.
OF_SYS = ("argv", "stdin")


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
        self.imports: dict[str, str] = {}  # from names of modules in the cell to those at home
        nodes = list(ast.walk(tree))
        words = [name for node in nodes for name in (_name(node),) if name]
        sets = any(
            isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load)
            for node in nodes
        )
        if sets or any(map(REPLACES.search, words)):
            for path in words:
                module, _, part = path.rpartition(".")
                self.modules |= {path, module}
                self.parts.add(part)
            for node in nodes:
                for one in node.names if isinstance(node, ast.Import) else ():
                    self.imports[one.asname or one.name] = one.name
        self.environment = dict(os.environ) if any(map(ENVIRONMENT.search, words)) else None
        for name in self.imports.values():
            if is_library(name):
                with suppress(Exception):
                    importlib.import_module(name)  # the cell is about to do it
        self.before = [
            (module, part, value, value if snapshot(value) is None else copy(value))
            for module, part, value in self._parts()
            if module is not sys or part in OF_SYS
        ]

    def __call__(self) -> list[tuple[str, str, Any]]:
        """What is replaced now: the name of the module, that of the part, and the new value."""
        changed = {(id(module), part) for module, part, *_ in self._changed()}
        return [
            (module.__name__, part, value)
            for module, part, value in self._parts()
            if is_made_here(value, self.names)
            or ((id(module), part) in changed and may_cross(value))
        ]

    def variables(self) -> dict[str, str | None]:
        """The variables of the environment that are changed now; None for one that is deleted."""
        if self.environment is None:
            return {}
        names = {*self.environment, *os.environ}
        now = {name: os.environ.get(name) for name in names}
        return {name: now[name] for name in names if now[name] != self.environment.get(name)}

    def put_back(self) -> None:
        """Give the parts and variables the values again that they had before the cell."""
        for module, part, value, was in [*self._changed()]:
            put_back(value, was)
            setattr(module, part, value)
        for name in self.variables():
            if self.environment and name in self.environment:
                os.environ[name] = self.environment[name]
            else:
                os.environ.pop(name, None)

    def _changed(self) -> Iterator[tuple[ModuleType, str, Any, Any]]:
        for module, part, value, was in self.before:
            now = vars(module).get(part, self)
            if now is not value or snapshot(now) != snapshot(was):
                yield module, part, value, was

    def _parts(self) -> Iterator[tuple[ModuleType, str, Any]]:
        for module in self._modules():
            for part in sorted(self.parts & set(vars(module))):
                yield module, part, vars(module)[part]

    def _modules(self) -> Iterator[ModuleType]:
        found = []
        for name in sorted(self.modules):
            known = dict.get(self.names, name)
            at_home = sys.modules.get(self.imports.get(name, name))
            found.append(at_home if known is None or is_remote(known) else known)
        for module in {id(one): one for one in found if isinstance(one, ModuleType)}.values():
            if module.__name__ != "__main__":
                yield module


@contextmanager
def replacing(tree: ast.Module, names: dict[str, Any]) -> Iterator[Replaced]:
    """What a test cell replaces, for a with block in which it is executed."""
    replaced = Replaced(tree, names)
    try:
        yield replaced
    finally:
        replaced.put_back()


def may_cross(value: Any) -> bool:
    """Whether a value crosses, or is lent."""

    def refer(one: Any) -> dict[str, Any]:
        if not (is_lent(one) or callable(one) or place_in_library(one)):
            raise TypeError
        return {}

    try:
        pack({"value": lent_whole(value)}, refer)
    except Exception:
        return False
    return True


def _name(node: ast.AST) -> str:
    """What a node names: a name, an attribute, or a text that looks like one of these."""
    if isinstance(node, ast.Constant):
        text = node.value
        return text if isinstance(text, str) and PATH.fullmatch(text) else ""
    return ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
