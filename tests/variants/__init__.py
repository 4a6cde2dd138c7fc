"""A corpus of right functions, each written in another way than the reference.

Loops, einsum, np.matrix, NumPy scalars and 0-d arrays, float32 data, examples in rows, biases
folded in, helpers, decorators, partials, prints and warnings: whatever a student may hand in that
is right. Each file beside this one defines the functions of a notebook several times over. They are
read as text, and made with the other functions of their notebook at hand, as students' functions
are. What stands in front of a definition, such as an import or a helper, belongs to it.
"""

import ast
import contextlib
import functools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.exercises.reference import made
from saelab.check.exercises import FUNCTIONS

FOLDER = Path(__file__).parent
NAMES = frozenset(FUNCTIONS)


@dataclass(frozen=True)
class Variant:
    """One right version of a function: the function's name, which one it is, and its text."""

    function: str
    number: int
    text: str

    def make(self) -> Callable[..., Any]:
        """The function itself, under the name that its cell gives it."""
        function = made(self.text, self.function)
        with contextlib.suppress(AttributeError):
            function.__name__ = self.function
        return function


def variants(function: str | None = None) -> tuple[Variant, ...]:
    """All variants, or those of one function, in the order in which they are written."""
    return tuple(v for v in _read() if function in (None, v.function))


@functools.cache
def _read() -> tuple[Variant, ...]:
    found, counts = [], Counter[str]()
    for path in sorted(FOLDER.glob("[a-z]*.py")):
        source = path.read_text(encoding="utf-8")
        lines = source.splitlines()
        first: int | None = None
        for node in ast.parse(source).body[1:]:
            start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
            first = begin = start if first is None else first
            for name in _bound(node) & NAMES:
                counts[name] += 1
                text = "\n".join(lines[begin - 1 : node.end_lineno])
                found.append(Variant(name, counts[name], text))
                first = None
    return tuple(found)


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement gives to something."""
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    return set()
