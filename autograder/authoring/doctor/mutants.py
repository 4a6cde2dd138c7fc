"""Mutants: copies of an instructor's notebook in which small mistakes were made in the solutions.

A mutant is a submission that is almost right. Both graders should give it the same points.
"""

import ast
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode
from nbgrader import utils

from autograder.course.code import Region, marked
from saelab.code import parsed

# Cosmic Ray, by which tools/bench/mutants.py changes this course's own functions, is installed for
# tests alone. It makes seven times as many changes, so that these would be a weaker measure there.

# In these nothing is changed: a loop could become endless, and what stands in an f-string has no
# place of its own.
LEFT_ALONE = (ast.While, ast.JoinedStr)
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
}  # fmt: skip
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
# What some expressions are there for; of others it makes no difference.
ROLES = {
    (ast.If, "test"): "condition",
    (ast.IfExp, "test"): "condition",
    (ast.Return, "value"): "result",
    (ast.Expr, "value"): "statement",
}


def mutants(
    source: NotebookNode, region: Region, most: int = 4
) -> Iterator[tuple[str, NotebookNode]]:
    """Make the mutants of a notebook, the same ones each time.

    Each solution cell that can be changed is changed in one mutant, in one place. The cells are
    dealt out to the mutants in turn.

    Args:
        source: the instructor's notebook.
        region: the delimiters of a solution. A cell without them is a solution as a whole.
        most: how many mutants there are at most.

    Yields:
        (what was changed, the notebook).
    """
    changed: list[tuple[int, str, str]] = []
    for position, cell in enumerate(source.cells):
        if cell.cell_type == "code" and utils.is_solution(cell):
            found = changes(cell.source, region)
            if found:
                # Not the same kind of mistake in all cells.
                changed.append((position, *found[len(changed) % len(found)]))
    for first in range(min(most, len(changed))):
        notebook = nbformat.from_dict(source)
        told = []
        for position, what, text in changed[first::most]:
            cell = notebook.cells[position]
            cell.source = text
            told.append(f"{cell.metadata.nbgrader.get('grade_id')}: {what}")
        yield "; ".join(told), notebook


def changes(text: str, region: Region) -> list[tuple[str, str]]:
    """The mistakes that can be made in a cell's solution, one of each kind.

    Args:
        text: the text of the cell.
        region: the delimiters of a solution.

    Returns:
        (what is changed, the text of the cell with that mistake) of each.
    """
    tree = parsed(text)
    if tree is None:
        return []
    places = [place for _, place in marked(text, [region])]
    answers = {n for n, place in enumerate(places, 1) if place == "inside"}
    if "begin" not in places:
        answers = set(range(1, len(places) + 1))
    found: dict[str, tuple[str, str]] = {}
    for node, role in _expressions(tree):
        old = ast.get_source_segment(text, node)
        inside = answers.issuperset(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        # Where there are magics, positions may be those of another text.
        if old and inside and _same(old, node):
            for kind, code in mistakes(node, role):
                what = f"`{_short(old)}` became `{_short(code)}`"
                found.setdefault(kind, (what, _replaced(text, node, code)))
    return list(found.values())


def mistakes(node: ast.expr, role: str) -> Iterator[tuple[str, str]]:
    """The mistakes that can be made in an expression.

    Args:
        node: the expression.
        role: what it is there for, one of ROLES, or "".

    Yields:
        (the kind of mistake, the expression with it).
    """
    match node:
        case ast.BinOp(left, op, right) if type(op) in OPERATORS:
            yield "operator", f"({ast.unparse(ast.BinOp(left, OPERATORS[type(op)](), right))})"
        case ast.Compare(left, [op, *ops], others) if type(op) in TURNED:
            turned = ast.Compare(left, [TURNED[type(op)](), *ops], others)
            yield "comparison", f"({ast.unparse(turned)})"
        case ast.Constant(bool() as value):
            yield "constant", repr(not value)
        case ast.Constant(value) if isinstance(value, int | float | complex):
            yield "constant", repr(value + 1)
        case ast.Constant(str() as value) if role != "statement":
            yield "constant", repr(value + "x")
    if role == "condition":
        yield "condition", f"not ({ast.unparse(node)})"
    if role == "result" and not isinstance(node, ast.Constant):
        yield "result", "None"


def _expressions(node: ast.AST, role: str = "") -> Iterator[tuple[ast.expr, str]]:
    """The expressions in a piece of code, and what each is there for."""
    if isinstance(node, LEFT_ALONE):
        return
    if isinstance(node, ast.expr):
        yield node, role
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _expressions(child, ROLES.get((type(node), name), ""))


def _same(code: str, node: ast.expr) -> bool:
    """Whether a text is the code of an expression."""
    tree = parsed(f"({code})")
    return tree is not None and ast.dump(tree) == ast.dump(ast.Module([ast.Expr(node)], []))


def _replaced(text: str, node: ast.expr, code: str) -> str:
    """A text with other code in the place of a node; ast counts columns in bytes."""
    lines = text.encode().splitlines(keepends=True)
    assert node.end_lineno is not None and node.end_col_offset is not None
    first, last = node.lineno - 1, node.end_lineno - 1
    before, after = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
    new = [*lines[:first], before + code.encode() + after, *lines[last + 1 :]]
    return b"".join(new).decode()


def _short(code: str) -> str:
    line = " ".join(code.split())
    return line if len(line) <= 40 else f"{line[:37]}..."
