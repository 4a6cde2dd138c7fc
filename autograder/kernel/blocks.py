"""What a test loses when a student's with block suppresses an error of its body.

A manager of the student's is told of an error in a test's block, and may suppress it or raise
another one instead. What would have come after the error is lost then, and if that looks at an
answer, a wrong one passes: in `with timer(): assert f(2)[0] == 4` an `f` that returns None raises
TypeError. Therefore what a manager does about an error counts only if the block has no more to say.
"""

import ast
import builtins
import contextlib
import linecache
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, ModuleType, TracebackType
from typing import Any

from autograder.kernel.lending import is_library

TREES: dict[str, list[ast.AST]] = {}  # the code that runs now, by the names of its files
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
WITH = (ast.With, ast.AsyncWith)
# What evaluates or does something only if something else says so, or keeps it for later.
DECIDING = (ast.IfExp, ast.BoolOp, ast.Lambda, ast.NamedExpr, ast.comprehension)
# What these libraries' functions and objects do is a check.
CHECKING = {"unittest", "pytest", "_pytest", "doctest"}


@contextlib.contextmanager
def running(file: str, tree: ast.AST) -> Iterator[None]:
    """Know, for a with block, the code that runs under the name of a file.

    Args:
        file: the name with which it was compiled.
        tree: its syntax tree.
    """
    TREES.setdefault(file, []).append(tree)
    try:
        yield
    finally:
        TREES[file].pop()


def has_no_more_to_say(trace: TracebackType | None, is_theirs: Callable[[object], bool]) -> bool:
    """Whether a with block loses nothing but the statement that has raised an error.

    This is the last one of the block, and either a `raise`, or one that decides nothing: it calls
    only the student's code, builtins and methods of values, or a library with constants.

    Args:
        trace: where the error was raised, as the block's manager is told.
        is_theirs: whether a value stands for something of the student's.

    Returns:
        Whether that is so; False, too, if the text of the block is not known.
    """
    if trace is None:
        return False
    frame, line = trace.tb_frame, trace.tb_lineno
    blocks = (one for one in _blocks(frame) if _begins_at(one, frame.f_lineno))
    block: ast.stmt | None = next(blocks, None)
    while isinstance(block, WITH):
        last = block.body[-1]
        if not last.lineno <= line <= (last.end_lineno or 0):
            return False
        block = last  # of a with block within it, which the error has left, the same is asked
    if block is None or isinstance(block, ast.Raise):
        return block is not None
    return _decides_nothing(block, frame, is_theirs)


def _blocks(frame: FrameType) -> Iterator[ast.With | ast.AsyncWith]:
    """The with statements in the code that runs in a frame."""
    code = frame.f_code
    trees = TREES.get(code.co_filename, [])
    if not trees:
        text = "".join(linecache.getlines(code.co_filename, frame.f_globals))
        with contextlib.suppress(SyntaxError, ValueError):
            trees = [ast.parse(text)]
    for tree in reversed(trees):
        for top in [tree] if code.co_name == "<module>" else _functions(tree, code):
            yield from (one for one in ast.walk(top) if isinstance(one, WITH))


def _functions(tree: ast.AST, code: CodeType) -> list[ast.AST]:
    """The definitions of which code was made."""
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS) and node.name == code.co_name:
            first = min(part.lineno for part in (node, *node.decorator_list))
            found += [node] if first == code.co_firstlineno else []
    return found


def _begins_at(block: ast.With | ast.AsyncWith, line: int) -> bool:
    return block.lineno <= line <= max(item.context_expr.end_lineno or 0 for item in block.items)


def _decides_nothing(
    statement: ast.stmt, frame: FrameType, is_theirs: Callable[[object], bool]
) -> bool:
    if isinstance(statement, ast.Assign):
        targets = statement.targets
        if not all(isinstance(one, ast.Name) and _value(one.id, frame) is None for one in targets):
            return False  # it has a value already, which stays
    elif not isinstance(statement, ast.Expr):
        return False
    parts = [*ast.walk(statement.value)]
    if any(isinstance(part, DECIDING) for part in parts):
        return False
    values = [_value(part.id, frame) for part in parts if isinstance(part, ast.Name)]
    found = {"value" if is_theirs(one[0]) else _kind(one[0]) for one in values if one}
    return not found & {"checking"} and not {"library", "value"} <= found


def _value(name: str, frame: FrameType) -> tuple[Any] | None:
    """The value of a name, alone in a tuple; None if it has none."""
    for names in (frame.f_locals, frame.f_globals, vars(builtins)):
        if name in names:
            return (names[name],)
    return None


def _kind(value: Any) -> str:
    """Whether it is a "value", a "builtin", of a "library", or may check something: "checking"."""
    named = isinstance(value, type) or callable(value)
    if isinstance(value, ModuleType):
        named, module = True, value.__name__
    else:
        module = str(getattr(value if named else type(value), "__module__", None))
    if module == "builtins":
        return "builtin" if named else "value"
    if module.split(".")[0] in CHECKING or not is_library(module):
        return "checking"
    return "library" if named else "value"
