"""Visible checks, which students run after writing a function.

    check(sigmoid)

This says that the visible checks passed, or stops with a message that names what is wrong.
"""

import ast
import contextlib
import difflib
import itertools
import linecache
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FrameType

from saelab.check import stored
from saelab.check.compare import renamed
from saelab.check.diagnosis import by_terms, named
from saelab.check.exercise import Exercise
from saelab.check.exercises import FUNCTIONS, NOTEBOOKS, exercise
from saelab.check.message import (
    CheckFailed,
    Message,
    NoCheck,
    NotWritten,
    failed,
    in_notebook,
    not_written,
    show,
    unwritten,
)
from saelab.check.outcome import Outcome, examine
from saelab.check.words import Told
from saelab.code import does_nothing, names_in
from saelab.typed import Function


def check(function: Function) -> None:
    """Run the visible checks of a function that you wrote.

    The checks are found by the name that you give, as in check(sigmoid), and try the function on
    fixed inputs. If they pass, a message says so.

    Args:
        function: your function, or anything else that can be called.

    Raises:
        CheckFailed: if something is wrong; the message says what to fix first. It is an
            AssertionError.
        NotWritten: if the function is not written yet. It is a NotImplementedError.
        NoCheck: if there is no check of that name. It is a ValueError.
    """
    name = _name(function, sys._getframe(1))
    asked = exercise(name)
    if does_nothing(function):
        raise NotWritten(unwritten(name))
    try:
        outcome = _tried(function, name)
    except NotImplementedError as error:
        raise NotWritten(not_written(name, function, error)) from None
    if outcome.wrong():
        wrong = _wrong_helpers(function, name)
        message = failed(asked, outcome, Told() if wrong else _told(asked, outcome), wrong)
        failure = CheckFailed(str(message))
        # Elsewhere the error itself is what a reader sees.
        failure.shown = in_notebook() and show(message)
        raise failure
    hint = asked.hint(function) if asked.hint else None
    hints = (f"A hint, not a fault: {hint}",) if hint else ()
    show(Message(True, f"{name}: visible checks passed.", hints))


def _name(function: Function, caller: FrameType) -> str:
    """The name of the exercise that a function is checked for.

    It is the name that stands in the call; or else one by which the caller knows the function, or
    its own.

    Raises:
        NoCheck: if there is no check of that name, or if nothing is given that can be called.
    """
    names = [*_names_in_call(caller, called=not callable(function))]
    spaces = caller.f_locals, caller.f_globals
    if not callable(function):
        # Whoever gives the name alone has done what is asked for.
        if names and names[0] in FUNCTIONS and any(s.get(names[0]) is function for s in spaces):
            return names[0]
        given = next((name for name in names if name in FUNCTIONS), "sigmoid")
        raise NoCheck(
            f"check takes the function itself, not a value of type {type(function).__name__}: "
            f"write check({given}), with the function's name and without brackets after it."
        )
    # A text that is not known leaves its names, if not their order.
    names += [n for n in caller.f_code.co_names if any(s.get(n) is function for s in spaces)]
    for space in spaces:
        names += [name for name, value in space.items() if value is function]
    own = getattr(function, "__name__", None)
    names += [own] if own else []
    for name in names:
        if name in FUNCTIONS:
            return name
    asked = next(filter(str.isidentifier, names), "this function")
    near = [n for name in names for n in difflib.get_close_matches(name, FUNCTIONS, 1, 0.75)]
    if near:
        raise NoCheck(f"there is no check for {asked}: did you mean {near[0]}?")
    here = Path(os.environ.get("JPY_SESSION_NAME", "")).stem, Path.cwd().name
    notebook = next((name for name in here if name in NOTEBOOKS), None)
    listed = ", ".join(NOTEBOOKS[notebook] if notebook else sorted(FUNCTIONS))
    where = f" in {notebook}" if notebook else ""
    raise NoCheck(
        f"there is no check for {asked}. Give your function the name that the exercise{where} "
        f"asks for, one of: {listed}."
    )


def _names_in_call(caller: FrameType, called: bool) -> Iterator[str]:
    """The names that stand in the expression that is being executed, if its text is known.

    Args:
        caller: the frame that executes it.
        called: whether the names of functions count whose results are given.
    """
    at = next(itertools.islice(caller.f_code.co_positions(), caller.f_lasti // 2, None), None)
    lines = linecache.getlines(caller.f_code.co_filename, caller.f_globals)
    if at is None or None in at or not lines or _is_stale(caller.f_code, lines):
        return
    first, last, start, end = (number or 0 for number in at)
    text = [line.encode() for line in lines[first - 1 : last]]
    if not text:
        return
    text[-1] = text[-1][:end]
    text[0] = text[0][start:]
    with contextlib.suppress(SyntaxError, UnicodeDecodeError):
        tree = ast.parse(b"".join(text).decode().strip())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                named = (word.value for word in node.keywords if word.arg)
                for given in (*node.args, *named):
                    if called and isinstance(given, ast.Call):
                        given = given.func
                    yield from _last_name(given)


def _last_name(node: ast.expr) -> Iterator[str]:
    """The name f of the expressions f, module.f, table["f"] and "f"."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Subscript):
        yield from _last_name(node.slice) if isinstance(node.slice, ast.Constant) else ()
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _is_stale(code: CodeType, lines: Sequence[str]) -> bool:
    """Whether a file holds another text by now than the one that this code was made of."""
    kept = linecache.cache.get(code.co_filename, ())
    if len(kept) < 2 or kept[1] is None:  # the text of a cell, which no file holds
        return False
    with contextlib.suppress(SyntaxError, ValueError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        waiting = [compile("".join(lines), code.co_filename, "exec", dont_inherit=True)]
        for each in waiting:
            if each == code:
                return False
            waiting += [inner for inner in each.co_consts if isinstance(inner, CodeType)]
    return True


def _tried(function: Function, name: str) -> Outcome:
    """What a function does on the probes of the exercise of this name."""
    asked = exercise(name)
    return examine(asked, renamed(function, name), asked.probes, stored.wanted(name))


def _wrong_helpers(function: Function, name: str) -> list[str]:
    """The functions with a check of their own that a function calls, and that do not pass it."""
    space, code = getattr(function, "__globals__", {}), getattr(function, "__code__", None)
    found = []
    for helper in sorted(names_in(code).intersection(FUNCTIONS) - {name}) if code else []:
        if callable(space.get(helper)):
            with contextlib.suppress(NotImplementedError):
                if _tried(space[helper], helper).wrong():
                    found.append(helper)
    return found


def _told(asked: Exercise, outcome: Outcome) -> Told:
    """What explains a wrong outcome."""

    def explain(wrong: Sequence[str]) -> Told:
        return by_terms(asked, stored.ledger(asked.name), outcome, wrong)

    return named(asked, outcome, stored.known(asked.name), explain)
