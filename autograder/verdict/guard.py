"""What a student's code has sent is not executed in the grader.

A test may hand a text of the student's to something that executes it: to `eval`, or to SymPy, whose
`sympify` evaluates texts; or it may load a pickle that the student's code has written. Python tells
its audit hooks of each text before it is compiled, and of each class that a pickle asks for.
"""

import ast
import contextlib
import sys
from collections.abc import Iterator
from typing import Any

from autograder.kernel.stand_ins import is_remote

MOST_TEXTS = 1000
MOST_ITEMS = 10_000
# Calls of these make values alone.
PLAIN = {"int", "float", "complex", "bool", "str", "list", "tuple", "set", "frozenset", "dict",
         "range", "Fraction", "Decimal", "array"}  # fmt: skip
HARMLESS = (
    ast.Expression, ast.Module, ast.Expr, ast.Constant, ast.Name, ast.expr_context, ast.BinOp,
    ast.UnaryOp, ast.BoolOp, ast.Compare, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
    ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Subscript, ast.Slice, ast.keyword, ast.Starred,
    ast.Call,
)  # fmt: skip
# What pickles of plain values, arrays and tables ask for.
PICKLED = {
    "builtins": PLAIN | {"bytes", "bytearray", "slice", "object"},
    "collections": {"OrderedDict", "defaultdict", "Counter", "deque"},
    "copyreg": {"_reconstructor"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
    "_codecs": {"encode"},
    "numpy": {"ndarray", "dtype"},
    "numpy.core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.numeric": {"_frombuffer"},
}


class Refused(RuntimeError):
    """A test would have executed what the student's code has sent."""


class Guard:
    """Refuses to execute what a student's code has sent, while a test cell runs.

    Args:
        names: the names of the test cells.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names
        self.texts: set[str] = set()
        self.bytes_came = False

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Refuse it in a with block."""
        _install()
        WATCHING.append(self)
        try:
            yield
        finally:
            WATCHING.remove(self)

    def came(self, value: object) -> None:
        """Take notice of a value of the student's, and of the texts in it."""
        todo, left = [value], MOST_ITEMS
        while todo and left:
            left -= 1
            one = todo.pop()
            if isinstance(one, str):
                if "(" in one and len(self.texts) < MOST_TEXTS:
                    self.texts.add(one.strip())
            elif isinstance(one, (bytes, bytearray)):
                self.bytes_came = True
            elif isinstance(one, dict):
                todo += [*one.keys(), *one.values()]
            elif isinstance(one, (list, tuple, set, frozenset)):
                todo += one

    def refuses(self, source: str, file: str) -> bool:
        """Whether a text must not be compiled.

        Args:
            source: the text.
            file: where it comes from, as the caller of compile() says.
        """
        if not self.texts or file == "<unknown>" or file.startswith("<function "):
            return False  # ast.parse executes nothing, nor does stand_ins.code
        # SymPy changes a text before it evaluates it.
        caller = sys._getframe(2)
        module = str(caller.f_globals.get("__name__"))
        of_sympy = module.startswith("sympy.") and caller.f_code.co_name == "eval_expr"
        text = source.strip()
        theirs = any(text in one or (file[:1] == "<" and one in text) for one in self.texts)
        return (theirs or of_sympy) and not self.is_harmless(text, of_sympy)

    def is_harmless(self, text: str, of_sympy: bool) -> bool:
        """Whether a text is an expression that calls nothing but what makes a value."""
        try:
            nodes = list(ast.walk(ast.parse(text)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        return all(isinstance(node, HARMLESS) for node in nodes) and all(
            self.makes_a_value(node.func, of_sympy) for node in nodes if isinstance(node, ast.Call)
        )

    def makes_a_value(self, function: ast.expr, of_sympy: bool) -> bool:
        name = function.id if isinstance(function, ast.Name) else ""
        if of_sympy:
            known = getattr(sys.modules.get("sympy"), name, None)
            return isinstance(known, type) or name in PLAIN
        return name in PLAIN or is_remote(dict.get(self.names, name))


WATCHING: list[Guard] = []
INSTALLED: list[bool] = []


def _install() -> None:
    if not INSTALLED:
        sys.addaudithook(_hook)
        INSTALLED.append(True)


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if not WATCHING:
        return
    guard = WATCHING[-1]
    if event == "compile":
        source, file = args[0], str(args[1])
        if isinstance(source, bytes):
            source = source.decode(errors="replace")
        if isinstance(source, str) and guard.refuses(source, file):
            raise Refused(
                "this test would execute a text of the student's, and does not (rule 10 in "
                "docs/test-cells.md)"
            )
    elif event == "pickle.find_class" and guard.bytes_came:
        module, name = str(args[0]), str(args[1])
        if name not in PICKLED.get(module, ()):
            raise Refused(
                f"this test would load {module}.{name} from a pickle of the student's, and does "
                "not (rule 10 in docs/test-cells.md)"
            )
