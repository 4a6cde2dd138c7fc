"""Versions of a function with one thing changed: what the terms of a wrong result may be made of.

Some come from the catalogue of known mistakes, of the function itself or of those that it calls;
the others are made by operators that know nothing of the exercise. A factor is left out, a sign
turned, a name put in the place of another, a sum taken along the other direction, and so on. Each
has the sentence that a student reads if the numbers are those of this version.
"""

import ast
import copy
import functools
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercises.exercise import Mistake
from autograder.exercises.mistakes import catalogue, edited
from autograder.exercises.reference import functions, notebook_of, reference, solution_text
from saelab.check.exercises import exercise

Function = Callable[..., Any]


@dataclass(frozen=True)
class Version:
    """A function with one thing changed in it, or in one of those that it calls.

    Attributes:
        says: what a student reads.
        changed: the name of the function whose text is changed.
        text: its text.
        mistake: the entry of the catalogue that it comes from, if it comes from one.
        place: what the changed statement computes, in words; "" for a known mistake.
    """

    says: str
    changed: str
    text: str
    mistake: Mistake | None = None
    place: str = ""

    def make(self, function: str) -> Function:
        """The function of this name, in this version, with the functions that it calls."""
        return built(function, {self.changed: self.text})


def built(function: str, changes: Mapping[str, str] | None = None) -> Function:
    """Build a reference function and all that it calls, with other texts for some of them.

    Args:
        function: the function's name.
        changes: from the name of a function to its text.
    """
    space = dict(vars(reference(notebook_of(function))))
    for name in (*helpers(function), function):
        exec(compile((changes or {}).get(name) or solution_text(name), f"<{name}>", "exec"), space)
    made: Function = space[function]
    return made


@functools.cache
def helpers(function: str) -> tuple[str, ...]:
    """The functions of the course that a function calls, directly or by others."""
    course, found, waiting = functions(), [], [function]
    while waiting:
        for node in ast.walk(ast.parse(solution_text(waiting.pop()))):
            name = node.id if isinstance(node, ast.Name) else ""
            if name in course and name != function and name not in found:
                found.append(name)
                waiting.append(name)
    return tuple(sorted(found, key=course.index))


def versions(function: str) -> Iterator[Version]:
    """All versions of a function: known mistakes of its own first, then of others, then the rest.

    Args:
        function: the function's name.
    """
    for name in (function, *helpers(function)):
        for mistake in catalogue(name):
            yield Version(mistake.says, name, edited(name, (mistake,)), mistake)
    for name in (function, *helpers(function)):
        for says, text, place in changes(name):
            yield Version(says, name, text, place=place)


# --- operators that know nothing of the exercise -----------------------------------------

# Each slip has its sentence, and many go by the shapes of arrays. What the doctor changes in the
# code of any course (authoring/doctor/mutants.py) has neither, and makes a twentieth of them.

HERE = "_changed_statement_"
Change = tuple[ast.AST, ast.AST]  # a part of a program, and what stands in its place
Shapes = Mapping[str, tuple[int, ...]]  # of a function's arguments and variables


def changes(function: str) -> Iterator[tuple[str, str, str]]:
    """All versions of a reference function's text with one slip in one statement.

    Where a slip can be made in several places of a statement, it is made in each of them, and in
    all at once.

    Args:
        function: the function's name.

    Yields:
        A sentence, a text, and what the changed statement computes, for each of them.
    """
    tree = ast.parse(solution_text(function))
    shapes, known = shapes_in(function), _notation(tree)
    seen = {ast.unparse(tree)}
    for statement in ast.walk(tree):
        if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.Return)):
            continue
        slips: dict[str, list[Change]] = {}
        places = _places_in(statement)
        place = _place(statement, function, known)
        for node in ast.walk(statement.value) if statement.value else ():
            if isinstance(node, ast.expr):
                for says, new in _slips(node, shapes, known):
                    where = ELSEWHERE if id(node) in places else says
                    slips.setdefault(where, []).append((node, new))
        # All but this statement is the same in each, so it is written once.
        around = ast.unparse(_changed(tree, [(statement, ast.Expr(ast.Name(HERE)))]))
        for says, made_there in slips.items():
            alone = [[one] for one in made_there]
            for made in [made_there, *alone] if len(made_there) > 1 else alone:
                text = around.replace(HERE, ast.unparse(_changed(statement, made)))
                if text not in seen:
                    seen.add(text)
                    yield says.format(place), text, place


def shapes_in(function: str) -> Shapes:
    """The shapes of the arrays and numbers that a reference function works with.

    They are those of the first probe of its exercise in which all sizes differ.
    """
    tree = ast.parse(solution_text(function))
    _return_locals(next(node for node in tree.body if isinstance(node, ast.FunctionDef)))
    space = dict(vars(reference(notebook_of(function))))
    exec(compile(ast.fix_missing_locations(tree), "<shapes>", "exec"), space)
    for probe in exercise(function).probes:
        try:
            found = space[function](*probe.args, **probe.kwargs)
        except Exception:
            continue
        if isinstance(found, dict):
            arrays = {k: v for k, v in found.items() if isinstance(v, (int, float, np.ndarray))}
            return {name: np.shape(value) for name, value in arrays.items()}
    return {}


def _return_locals(block: Any) -> None:
    """Make the statements of a function return its variables, but not those of inner functions."""
    for place, line in enumerate(block.body):
        if isinstance(line, ast.Return):
            block.body[place] = ast.parse("return locals()").body[0]
        elif hasattr(line, "body") and not isinstance(line, ast.FunctionDef):
            _return_locals(line)


def _changed(tree: ast.AST, made: Iterable[Change]) -> ast.AST:
    others = {id(old): new for old, new in made}

    class Replace(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return others.get(id(node)) or self.generic_visit(node)

    # The transformer writes into the nodes around the old ones, which the copy keeps as they are.
    memo: dict[int, Any] = {id(old): old for old, _ in made}
    return ast.fix_missing_locations(Replace().visit(copy.deepcopy(tree, memo)))


WORDS = {
    "error": "the error",
    "decay": "the weight decay of the cost",
    "penalty": "the penalty of the cost",
    "pull": "the sparsity term of delta2",
    "cost": "the cost",
    "limit": "the limit",
}


# Names that a student has, whatever the student's own variables are: those of the lecture.
NOTATION = {"W1", "W2", "b1", "b2", "a2", "a3", "delta2", "delta3", "rho_hat", "m"}
ELSEWHERE = "In {} the wrong entries are taken. Look at where they begin and where they end."


def _notation(tree: ast.Module) -> set[str]:
    """The names in a function's text that a student knows: the lecture's, and its arguments'."""
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    return NOTATION | {argument.arg for argument in function.args.args}


def _places_in(statement: ast.stmt) -> set[int]:
    """The parts of a statement that say which entries of something are taken."""
    found = (node.slice for node in ast.walk(statement) if isinstance(node, ast.Subscript))
    return {id(part) for where in found for part in ast.walk(where)}


def _called(name: str, known: Collection[str]) -> str:
    """A variable in words that a student knows."""
    return WORDS.get(name) or (name if name in known else "a quantity")


def _place(statement: ast.stmt, function: str, known: Collection[str]) -> str:
    """What a statement computes, in words."""
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        name = statement.targets[0].id
        block = name.removesuffix("_grad")
        if block != name:
            return f"the gradient of {block}"
        return _called(name, known) if name in known or name in WORDS else f"a step of {function}"
    return f"the result of {function}"


def _slips(
    node: ast.expr, shapes: Shapes, known: Collection[str]
) -> Iterator[tuple[str, ast.expr]]:
    """What may stand in the place of an expression.

    Args:
        node: the expression.
        shapes: of the names that may occur in it.
        known: the names that a student knows.

    Yields:
        A sentence, with {} for the place, and the other expression.
    """
    for new in _without_brackets(node):
        yield "In {} brackets are missing. Look at what each operation applies to.", new
    match node:
        case ast.BinOp(_, ast.Mult() | ast.MatMult(), _):
            yield from _factors(node)
        case ast.BinOp(left, ast.Div(), right):
            yield "In {} a division is missing. Look at what is divided there.", left
            yield (
                "In {} something is multiplied that should be divided. Look at the fraction.",
                ast.BinOp(left, ast.Mult(), right),
            )
            yield (
                "In {} a fraction stands upside down. Look at what is divided by what.",
                ast.BinOp(right, ast.Div(), left),
            )
        case ast.BinOp(left, (ast.Add() | ast.Sub()) as sign, right):
            missing = "In {} a part of a sum or difference is missing. Look at each of them there."
            yield missing, left
            yield missing, right
            turned = ast.Sub() if isinstance(sign, ast.Add) else ast.Add()
            yield (
                "In {} a term has the wrong sign. Look at the signs there.",
                ast.BinOp(left, turned, right),
            )
        case ast.BinOp(base, ast.Pow(), ast.Constant(int(power))):
            yield "In {} a power is missing. Look at what is raised to which power.", base
            yield (
                "In {} absolute values stand where a power belongs. Look at the formula.",
                _parsed("np.abs(A)", A=base),
            )
            yield (
                "In {} a power is too high. Look at what is raised to which power.",
                ast.BinOp(base, ast.Pow(), ast.Constant(power + 1)),
            )
        case ast.UnaryOp(ast.USub(), operand):
            yield "In {} a minus is missing. Look at the signs there.", operand
        case ast.Attribute(value, "T"):
            yield "In {} a matrix is not turned around. Look at the shapes.", value
        case ast.Call(ast.Attribute(value, "mean"), [], [ast.keyword("axis", axis)]):
            for says, text in MEANS:
                yield says, _parsed(text, A=value, B=axis, C=node)
        case ast.Call(ast.Attribute(ast.Name("np"), "sum"), [argument]):
            yield from _sums(argument)
        case ast.Call(ast.Attribute(ast.Name("np"), name), [argument]):
            yield f"In {{}} {name} is not applied. Look at each step there.", argument
            if name == "log":
                for other in ("log2", "log10"):
                    yield (
                        f"In {{}} the logarithm is {other}. Look at which one is asked for.",
                        _parsed(f"np.{other}(A)", A=argument),
                    )
        case ast.Call(ast.Name("sigmoid"), [argument]):
            yield "In {} the sigmoid is not applied. Look at each step there.", argument
            yield (
                "In {} the sigmoid is applied twice. Look at each step there.",
                _parsed("sigmoid(A)", A=node),
            )
            yield (
                "In {} the hyperbolic tangent is applied. Look at the activation function that "
                "this network has.",
                _parsed("np.tanh(A)", A=argument),
            )
        case ast.Call(ast.Attribute(_, "ravel") as method, [], []):
            yield (
                "In {} a matrix is flattened column by column. Look at the order in which theta "
                "holds its entries.",
                ast.Call(method, [ast.Constant("F")], []),
            )
        case ast.List(items) if len(items) > 2:
            for order in itertools.permutations(items):
                yield (
                    "In {} the blocks come in another order. Look at the order in theta.",
                    ast.List(list(order), ast.Load()),
                )
        case ast.Constant(int(number)) if not isinstance(number, bool):
            for near in (number - 1, number + 1):
                yield (
                    f"In {{}} a number is {near} that should be another one. Look at the "
                    "constants there.",
                    ast.Constant(near),
                )
    yield from _quantities(node, shapes, known)


def _without_brackets(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression means without the brackets around one of its operands."""
    match node:
        case ast.BinOp(ast.BinOp(a, (ast.Add() | ast.Sub()) as inner, b), outer, c) if isinstance(
            outer, (ast.Mult, ast.Div)
        ):
            yield ast.BinOp(a, inner, ast.BinOp(b, outer, c))
            yield ast.BinOp(ast.BinOp(a, outer, c), inner, b)
        case ast.BinOp(a, (ast.Mult() | ast.Div()) as outer, ast.BinOp(b, inner, c)) if isinstance(
            inner, (ast.Add, ast.Sub)
        ):
            yield ast.BinOp(ast.BinOp(a, outer, b), inner, c)
        case ast.BinOp(a, ast.Div(), ast.BinOp(b, (ast.Mult() | ast.Div()) as inner, c)):
            yield ast.BinOp(ast.BinOp(a, ast.Div(), b), inner, c)
        case ast.BinOp(ast.BinOp(a, (ast.Mult() | ast.Div()) as inner, b), ast.Pow(), c):
            yield ast.BinOp(a, inner, ast.BinOp(b, ast.Pow(), c))


def _factors(node: ast.BinOp) -> Iterator[tuple[str, ast.expr]]:
    """A product without some of its factors, or with some of them twice."""
    left, right = node.left, node.right
    missing = "In {} a factor is missing. Look at what is multiplied there."
    yield missing, left
    yield missing, right
    twice = "In {} a factor stands twice. Look at what is multiplied there."
    if isinstance(node.op, ast.Mult):
        yield twice, ast.BinOp(node, ast.Mult(), right)
        inner = left
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Mult):
            yield missing, inner.left
            both = ast.BinOp(inner.right, ast.Mult(), right)
            yield twice, ast.BinOp(node, ast.Mult(), both)
            yield twice, ast.BinOp(node, ast.Mult(), inner.right)


# What may stand in the place of a mean: C, which is A.mean(axis=B).
MEANS = (
    (
        "In {} the mean runs in the wrong direction. Look at what its axis runs over.",
        "A.mean(axis=1 - B)",
    ),
    (
        "In {} the mean runs over everything. Look at what it should run over.",
        "(A.mean() + 0 * C)",
    ),
    (
        "In {} a sum stands where a mean belongs. Look at which of the two is asked for.",
        "A.sum(axis=B)",
    ),
    (
        "In {} the median stands where a mean belongs. Look at the kind of average.",
        "np.median(A, axis=B)",
    ),
)


def _sums(argument: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    yield (
        "In {} a mean stands where a sum belongs. Look at which of the two is asked for.",
        _parsed("np.mean(A)", A=argument),
    )
    match argument:
        case ast.BinOp(base, ast.Pow(), power):
            yield (
                "In {} a sum is squared, not each of its entries. Look at the order of the steps.",
                _parsed("np.sum(A) ** B", A=base, B=power),
            )
            yield (
                "In {} a length stands where its square belongs. Look at what is still to be done "
                "with a norm.",
                _parsed("np.linalg.norm(A)", A=base),
            )
            for axis in "01":
                yield (
                    "In {} partial sums are squared, not each entry. Look at the order of the "
                    "steps.",
                    _parsed(f"np.sum(np.sum(A, axis={axis}) ** B)", A=base, B=power),
                )
                yield (
                    "In {} lengths are added up, not their squares. Look at what is still to be "
                    "done with a norm.",
                    _parsed(f"np.sum(np.linalg.norm(A, axis={axis}))", A=base),
                )


def _quantities(
    node: ast.expr, shapes: Shapes, known: Collection[str]
) -> Iterator[tuple[str, ast.expr]]:
    """Other quantities of the same shape, and the same one treated in another way."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        name, shape = node.id, shapes.get(node.id)
    elif isinstance(node, ast.Attribute) and node.attr == "T" and isinstance(node.value, ast.Name):
        name, shape = node.value.id, shapes.get(node.value.id, ())[::-1]
    else:
        return
    if shape is None:
        return
    for other, its in shapes.items():
        stranger = _called(other, known)
        stands = (
            f"In {{}} {stranger} stands where another one belongs. Look at what each quantity "
            "there is."
        )
        if other != name and its == shape:
            yield stands, ast.Name(other, ast.Load())
        elif other != name and len(shape) == 2 and its == shape[::-1]:
            yield stands, _parsed(f"{other}.T")
    if not shape or not isinstance(node, ast.Name):
        return
    name = _called(name, known)
    yield (
        f"In {{}} {name} is taken without its sign. Look at the formula.",
        _parsed("np.abs(A)", A=node),
    )
    yield (
        f"In {{}} {name} goes through the sigmoid once too often. Look at each step.",
        _parsed("(1 / (1 + np.exp(-A)))", A=node),
    )
    yield (
        f"In {{}} {name} is taken for something that it is a slope of. Look at what each quantity "
        "there is.",
        _parsed("(A * (1 - A))", A=node),
    )
    examples = [its[1:] for its in shapes.values() if len(its) == 2]
    if len(shape) == 1:
        yield (
            f"In {{}} {name} is one number, the same everywhere. Look at what differs from place "
            "to place.",
            _parsed("(A.mean() + 0 * A)", A=node),
        )
    if len(shape) == 2 and shape[1:] == max(examples, key=examples.count):
        yield (
            f"In {{}} {name} is averaged over its columns too early. Look at the order of the "
            "steps.",
            _parsed("(A.mean(axis=1, keepdims=True) + 0 * A)", A=node),
        )
        for which, cut in (("first", ":1"), ("last", "-1:")):
            says = f"In {{}} the {which} example alone counts. Look at what becomes of the others."
            yield says, _parsed(f"A[:, {cut}]", A=node)
            yield says, _parsed(f"(A[:, {cut}] + 0 * A)", A=node)


def _parsed(text: str, **inner: ast.expr) -> ast.expr:
    """The expression of a text, with expressions in the place of names."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return inner.get(node.id, node)

    found: ast.expr = Fill().visit(ast.parse(text, mode="eval").body)
    return found
