"""Find results that stand in the code as numbers, although they should be computed."""

import ast
import re
from collections.abc import Iterator

import numpy as np

from autograder.exercises.expected import EXPECTED
from autograder.results.flags.notebooks import Flag, Notebook

LONG_TABLE = 20  # numbers in one list
PRECISE = 6  # digits of a number that nobody writes by chance
MANY_PRECISE = 6  # such numbers in one function
LONG_TEXT = 500  # characters of a text without words, which may hold numbers


def tables(notebook: Notebook, answers: set[str]) -> Iterator[Flag]:
    """Flags for numbers in the code.

    Args:
        notebook: the notebook.
        answers: the numbers that its visible checks compare with (see answers_of).
    """
    for piece in notebook.pieces:
        nodes = list(ast.walk(piece.node))
        inner = {id(part) for node in nodes if is_list(node)
                 for part in ast.walk(node) if part is not node and is_list(part)}  # fmt: skip
        for node in nodes:
            if is_list(node) and id(node) not in inner:
                count = sum(number_of(part) is not None for part in ast.walk(node))
                if count >= LONG_TABLE:
                    what = f"has a table of {count} numbers in the code"
                    yield notebook.flag(piece, node, what)
            elif is_packed(node):
                yield notebook.flag(piece, node, "has a long text that may hold numbers")
        numbers = [(node, value) for node in nodes if (value := number_of(node)) is not None]
        precise = [(node, value) for node, value in numbers if digits(value) >= PRECISE]
        known = [(node, value) for node, value in precise if rounded(value) in answers]
        if known:
            listed = ", ".join(f"{value:.7g}" for _, value in known[:3])
            what = f"has numbers in the code that a check compares with: {listed}"
            yield notebook.flag(piece, known[0][0], what)
        elif len(precise) >= MANY_PRECISE:
            what = f"has {len(precise)} numbers of {PRECISE} and more digits in the code"
            yield notebook.flag(piece, precise[0][0], what)


def answers_of(name: str) -> set[str]:
    """The numbers that the visible checks of a notebook compare with, to 6 digits."""
    path = EXPECTED / f"{name}.npz"
    if not path.exists():
        return set()
    with np.load(path) as file:
        # FUNCTION.PROBE.RESULT; whatever else is stored is compared with nothing.
        keys = [key for key in file.files if re.fullmatch(r"\w+\.\d+\.\d+", key)]
        values = np.concatenate([file[key].ravel() for key in keys] or [np.array([])])
    # A number with few digits, such as 0.5, stands in much correct code.
    precise = [v for v in values[np.isfinite(values)].tolist() if digits(v) >= PRECISE]
    return {text for v in precise if (text := rounded(v))}


def rounded(value: float) -> str | None:
    try:
        return f"{abs(value):.{PRECISE - 1}e}"
    except OverflowError:
        return None


def digits(value: float) -> int:
    """How many digits a number is written with, without zeros at its ends."""
    try:
        number = abs(float(value))
    except OverflowError:  # a whole number of more than 308 digits
        return PRECISE
    return len(re.sub(r"e.*|\.", "", repr(number)).removesuffix("0").strip("0"))


def number_of(node: ast.AST) -> float | None:
    """The number that a node is, or None."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def is_list(node: ast.AST) -> bool:
    return isinstance(node, (ast.List, ast.Tuple, ast.Dict, ast.Set))


def is_packed(node: ast.AST) -> bool:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, (str, bytes)):
        return False
    text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    # A docstring has words and blanks.
    words = re.findall(r"\b[a-z]{3,12}\b", text)
    return len(text) >= LONG_TEXT and 20 * len(words) < len(text)
