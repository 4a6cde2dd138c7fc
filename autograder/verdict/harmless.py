"""Which texts a test cell may have executed: the instructor's own, and those that make values."""

import ast
import builtins
import cmath
import math
import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np

from autograder.kernel.lending import is_own
from autograder.kernel.stand_ins import is_remote
from autograder.verdict.given import texts_in

MOST_BYTES = 1_000_000  # of a file in which a text is looked for
# Calls of these make values alone.
PLAIN = {"int", "float", "complex", "bool", "str", "list", "tuple", "set", "frozenset", "dict",
         "range", "Fraction", "Decimal", "array"}  # fmt: skip
# What else of Python's own does nothing but give a value.
QUIET = PLAIN | {
    "abs", "all", "any", "bin", "bytes", "callable", "chr", "divmod", "enumerate", "hash", "hex",
    "isinstance", "len", "max", "min", "oct", "ord", "pow", "repr", "reversed",
    "round", "slice", "sorted", "sum", "zip",
}  # fmt: skip
HARMLESS = (
    ast.Expression, ast.Module, ast.Interactive, ast.Expr, ast.Constant, ast.Name,
    ast.expr_context, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.operator, ast.unaryop,
    ast.boolop, ast.cmpop, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Subscript, ast.Slice,
    ast.keyword, ast.Starred, ast.Call, ast.IfExp, ast.JoinedStr, ast.FormattedValue, ast.Assert,
    ast.Assign, ast.Attribute, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
    ast.comprehension, ast.Pass,
)  # fmt: skip
MATHEMATICS = (math, cmath, np)
# Of sympy what makes an expression; other functions of it read texts and files.
OF_SYMPY = ("sympy.functions.", "sympy.core.", "sympy.concrete.", "sympy.integrals.",
            "sympy.matrices.", "sympy.sets.", "sympy.logic.")  # fmt: skip
READS_TEXTS = {"sympify", "S", "_sympify"}
# What sympy's lambdify writes.
WRITTEN = (*HARMLESS, ast.FunctionDef, ast.Return, ast.arguments, ast.arg, ast.Lambda)
LIBRARIES = {"numpy", "math", "cmath", "mpmath", "scipy", "sympy", "special", "builtins"}
# pandas' names of variables, and of columns whose names are no names of Python's.
OF_TABLES = re.compile(r"@(?=[^\W\d])|`[^`]*`")


def squeezed(text: str) -> str:
    """A text without white space, as that differs between a text and a part of it."""
    return "".join(text.split())


def parse(text: str) -> ast.AST | None:
    """The syntax tree of a text; None if it has none."""
    try:
        return ast.parse(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class Own:
    """The texts of the instructor's: constants of notebooks and modules, and other files.

    Args:
        texts: the constants in the notebook.
        files: gives the instructor's files.
    """

    def __init__(self, texts: Iterable[str], files: Callable[[], Iterable[Path]]) -> None:
        self.texts = {squeezed(text): text for text in texts}
        self.files = files
        self.whole: list[str] | None = None

    def add(self, tree: ast.AST) -> None:
        self.texts |= {squeezed(text): text for text in texts_in([tree])}

    def has(self, source: str | ast.AST) -> bool:
        """Whether a text, or a syntax tree, stands in one of them."""
        if isinstance(source, ast.AST):
            wanted = ast.dump(source)
            return any(
                wanted in (ast.dump(tree), ast.dump(ast.Expression(_value(tree))))
                for tree in map(parse, self.texts.values())
                if isinstance(tree, ast.Module)
            )
        text = squeezed(source)
        return any(text in one for one in self.texts) or any(text in one for one in self.read())

    def is_constant(self, text: str) -> bool:
        return self.texts.get(squeezed(text)) == text

    def read(self) -> list[str]:
        if self.whole is None:
            self.whole = []
            for path in self.files():
                if path.is_file() and path.stat().st_size <= MOST_BYTES:
                    text = path.read_bytes().decode(errors="replace")
                    self.whole.append(squeezed(text))
                    tree = parse(text) if path.suffix == ".py" else None
                    self.whole += map(squeezed, texts_in([tree] if tree else []))
        return self.whole


def _value(tree: ast.Module) -> ast.expr:
    first = tree.body[0] if len(tree.body) == 1 else None
    return first.value if isinstance(first, ast.Expr) else ast.Constant(None)


def is_harmless(
    source: str | ast.AST,
    names: Sequence[Mapping[str, Any]],
    asked: Collection[str] = (),
    made: set[str] | None = None,
) -> bool:
    """Whether code does nothing but make values and ask the student's code.

    It may call what makes values, stand-ins, and functions of the test's own, with such values.

    Args:
        source: the code.
        names: where its names are looked up, first those that go before others.
        asked: names of the instructor's functions, and of what students are asked for.
        made: names that such code has bound before, and may bind again. It binds no other names
            that are there already.
    """

    def may_bind(name: str) -> bool:
        known = hasattr(builtins, name) or name in asked or value_of(name) is not UNKNOWN
        return not known or (made is not None and name in made)

    def value_of(name: str) -> Any:
        for one in names:
            if dict.__contains__(one, name) if isinstance(one, dict) else name in one:
                return dict.__getitem__(one, name) if isinstance(one, dict) else one[name]
        return getattr(builtins, name) if name in QUIET and hasattr(builtins, name) else UNKNOWN

    def may_stand(name: str) -> bool:
        if name.startswith("__"):
            return False
        value = value_of(name)
        if value is UNKNOWN:
            return (
                name in asked
                or not hasattr(builtins, name)
                or isinstance(getattr(builtins, name), CONSTANT)
            )
        return is_remote(value) or not callable(value) or may_be_called(value)

    def may_call(function: ast.expr) -> bool:
        if isinstance(function, ast.Attribute):
            return may_take(function)
        name = function.id if isinstance(function, ast.Name) else ""
        value = value_of(name)
        if value is UNKNOWN:
            return name in asked or name in PLAIN or (name.isidentifier() and hasattr(math, name))
        return is_remote(value) or may_be_called(value)

    def may_take(attribute: ast.Attribute) -> bool:
        parts: ast.expr = attribute
        while isinstance(parts, ast.Attribute):
            if parts.attr.startswith("_"):
                return False
            parts = parts.value
        root = value_of(parts.id) if isinstance(parts, ast.Name) else UNKNOWN
        if is_remote(root):
            return parts is attribute.value  # what comes after it may be anything
        one = isinstance(attribute.value, ast.Name) and any(root is m for m in MATHEMATICS)
        value = getattr(root, attribute.attr, UNKNOWN) if one else UNKNOWN
        return value is not UNKNOWN and (not callable(value) or may_be_called(value))

    tree = parse(source) if isinstance(source, str) else source
    if tree is None or not _all(tree, HARMLESS, may_stand, may_call, may_take):
        return False
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.id for node in nodes if isinstance(node.ctx, ast.Store)}
    if not all(map(may_bind, bound)):
        return False
    if made is not None:
        made |= bound
    return True


UNKNOWN = object()
CONSTANT = (type(NotImplemented), type(...))


def may_be_called(value: Any) -> bool:
    """Whether harmless code may call something: what makes values, or is the test's own."""
    if isinstance(value, type):
        return value.__name__ in PLAIN or issubclass(value, np.generic) or is_own(value)
    if isinstance(value, FunctionType):
        return value.__globals__.get("__name__") == "__main__"
    if isinstance(value, BuiltinFunctionType):
        of_python = value.__module__ == "builtins" and value.__name__ in QUIET
        return of_python or value.__module__ in ("math", "cmath") or value is np.array
    return isinstance(value, np.ufunc)


def is_expression_of_sympy(source: str | ast.AST) -> bool:
    """Whether a text that sympy evaluates, after it has changed it, makes an expression alone."""
    sympy = sys.modules.get("sympy")

    def may_stand(name: str) -> bool:
        known = getattr(sympy, name, None)
        return known is not None or name in PLAIN or not hasattr(builtins, name)

    def may_call(function: ast.expr) -> bool:
        name = function.id if isinstance(function, ast.Name) else ""
        known = getattr(sympy, name, None)
        module = str(getattr(known, "__module__", ""))
        makes = callable(known) and name not in READS_TEXTS and module.startswith(OF_SYMPY)
        return isinstance(known, type) or makes or name in PLAIN

    return _all(source, HARMLESS, may_stand, may_call, lambda attribute: False)


def is_written_by_lambdify(source: str) -> bool:
    """Whether a text that sympy has made of an expression computes, and does nothing else."""

    def may_stand(name: str) -> bool:
        return name in QUIET or not hasattr(builtins, name)

    def may_take(attribute: ast.Attribute) -> bool:
        chain: ast.expr = attribute
        while isinstance(chain, ast.Attribute):
            chain = chain.value
        if not isinstance(chain, ast.Name) or chain.id not in LIBRARIES:
            return False
        found: Any = sys.modules.get("scipy.special" if chain.id == "special" else chain.id)
        for part in ast.unparse(attribute).split(".")[1:]:
            found = None if part.startswith("_") else getattr(found, part, None)
        if chain.id == "builtins":
            return attribute.attr in QUIET and attribute.value is chain
        return isinstance(found, (np.ufunc, float, FunctionType, BuiltinFunctionType)) or (
            getattr(found, "__name__", "") == "scipy.special"
        )

    def may_call(function: ast.expr) -> bool:
        return isinstance(function, (ast.Name, ast.Attribute, ast.Lambda))

    return _all(source, WRITTEN, may_stand, may_call, may_take)


def is_query(source: str) -> bool:
    """Whether what pandas looks up in a table calls nothing but mathematical functions."""
    return is_harmless(OF_TABLES.sub(lambda found: "x" if found[0][0] == "`" else "", source), [])


def _all(
    source: str | ast.AST,
    kinds: tuple[type, ...],
    may_stand: Callable[[str], bool],
    may_call: Callable[[ast.expr], bool],
    may_take: Callable[[ast.Attribute], bool],
) -> bool:
    tree = parse(source) if isinstance(source, str) else source
    if tree is None:
        return False
    try:
        nodes = list(ast.walk(tree))
    except RecursionError:
        return False
    for node in nodes:
        if not isinstance(node, kinds):
            return False
        if isinstance(node, ast.Call) and not may_call(node.func):
            return False
        if isinstance(node, ast.Attribute) and not (
            isinstance(node.ctx, ast.Load) and may_take(node)
        ):
            return False
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and (
            not may_stand(node.id)
        ):  # fmt: skip
            return False
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            return False
        stored = isinstance(getattr(node, "ctx", None), ast.Store)
        if stored and not isinstance(node, (ast.Name, ast.Tuple, ast.List, ast.Starred)):
            return False
    return True
