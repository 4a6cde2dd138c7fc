"""Visible checks, which students run after writing a function.

    check(sigmoid)

This says that the visible checks passed, or stops with a message that names what is wrong.
"""

import ast
import contextlib
import itertools
import linecache
import sys
from collections.abc import Iterator, Sequence
from types import FrameType

from saelab.check import stored
from saelab.check.compare import renamed
from saelab.check.diagnosis import by_terms, named
from saelab.check.exercise import Exercise
from saelab.check.exercises import NOTEBOOKS, exercise
from saelab.check.message import (
    CheckFailed,
    Message,
    NotWritten,
    failed,
    in_notebook,
    not_written,
    show,
    unwritten,
)
from saelab.check.outcome import Outcome, examine
from saelab.check.words import Told
from saelab.code import does_nothing
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
        ValueError: if there is no check of that name.
    """
    name = _name(function, sys._getframe(1))
    asked = exercise(name)
    if does_nothing(function):
        raise NotWritten(unwritten(name))
    try:
        outcome = examine(asked, renamed(function, name), asked.probes, stored.wanted(name))
    except NotImplementedError as error:
        raise NotWritten(not_written(name, function, error)) from None
    if outcome.wrong():
        message = failed(asked, outcome, _told(asked, outcome))
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
        ValueError: if there is no check of that name.
    """
    names = [*_names_in_call(caller)]
    spaces = caller.f_locals, caller.f_globals
    # A text that is not known leaves its names, if not their order.
    names += [n for n in caller.f_code.co_names if any(s.get(n) is function for s in spaces)]
    for space in spaces:
        names += [name for name, value in space.items() if value is function]
    own = getattr(function, "__name__", None)
    names += [own] if own else []
    known = [name for exercises in NOTEBOOKS.values() for name in exercises]
    for name in names:
        if name in known:
            return name
    asked = names[0] if names else type(function).__name__
    raise ValueError(
        f"there is no check for {asked!r}; there are checks for {', '.join(sorted(known))}"
    )


def _names_in_call(caller: FrameType) -> Iterator[str]:
    """The names that stand in the expression that is being executed, if its text is known."""
    at = next(itertools.islice(caller.f_code.co_positions(), caller.f_lasti // 2, None), None)
    lines = linecache.getlines(caller.f_code.co_filename, caller.f_globals)
    if at is None or None in at or not lines:
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
                yield from (argument.id for argument in node.args if isinstance(argument, ast.Name))


def _told(asked: Exercise, outcome: Outcome) -> Told:
    """What explains a wrong outcome."""

    def explain(wrong: Sequence[str]) -> Told:
        return by_terms(asked, stored.ledger(asked.name), outcome, wrong)

    return named(asked, outcome, stored.known(asked.name), explain)
