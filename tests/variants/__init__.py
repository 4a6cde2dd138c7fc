"""A corpus of right functions, each written in another way than the reference.

Loops, einsum, np.matrix, lists and tuples, NumPy scalars and 0-d arrays, float32 data, examples in
rows, biases folded in, prints and warnings: whatever a student may hand in that is right. Each
file beside this one defines the functions of a notebook several times over. They are read as
text, and made with the other functions of their notebook at hand, as students' functions are.
"""

import ast
import functools
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Variant:
    """One right version of a function: the function's name, which one it is, and its text."""

    function: str
    number: int
    text: str


def variants(function: str | None = None) -> tuple[Variant, ...]:
    """All variants, or those of one function, in the order in which they are written."""
    return tuple(v for v in _read() if function in (None, v.function))


@functools.cache
def _read() -> tuple[Variant, ...]:
    found, counts = [], Counter[str]()
    for path in sorted(FOLDER.glob("[a-z]*.py")):
        source = path.read_text(encoding="utf-8")
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                counts[node.name] += 1
                text = ast.get_source_segment(source, node)
                found.append(Variant(node.name, counts[node.name], str(text)))
    return tuple(found)
