"""What a check says, as plain text and as HTML, and the error that carries it."""

import ast
import html
import inspect
import os
import sys
import textwrap
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field

from saelab.check.compare import listed
from saelab.check.diagnosis import conditions, emptiness
from saelab.check.exercise import Exercise
from saelab.check.outcome import NOT_JUDGED, Outcome
from saelab.check.words import Told
from saelab.previous import Unfinished, is_empty
from saelab.typed import Function

GOOD, BAD = "var(--jp-success-color1, #2e7d32)", "var(--jp-error-color1, #d32f2f)"
# The theme's own colour of text, dark or light, shows on the theme's own ground.
STYLE = (
    "border-left: 4px solid {colour}; padding: 0.2em 0.8em; "
    "color: var(--jp-content-font-color1, inherit); line-height: 1.45; max-width: 46em"
)


@dataclass(frozen=True)
class Message:
    """What a check says.

    Attributes:
        good: whether the checks passed.
        heading: the first line.
        sentences: the sentences below it.
        told: what explains the outcome.
    """

    good: bool
    heading: str
    sentences: tuple[str, ...] = ()
    told: Told = field(default_factory=Told)

    def __str__(self) -> str:
        lines = [self.heading, *map(listed, self.sentences)]
        return "\n".join(lines + [listed(line) for line in self.told.lines()])

    def html(self) -> str:
        """The same as a piece of HTML, without scripts and without anything from outside."""
        items = [f"<li>{html.escape(sentence)}</li>" for sentence in self.sentences]
        parts = [f"<strong>{html.escape(self.heading)}</strong>"]
        if items:
            parts.append(f'<ul style="margin: 0.3em 0">{"".join(items)}</ul>')
        if self.told.sentences:
            lead, *sentences = self.told.lines()
            rest = "".join(f"<br><b>{html.escape(sentence)}</b>" for sentence in sentences)
            parts.append(f"<div>{html.escape(lead)}{rest}</div>")
        style = STYLE.format(colour=GOOD if self.good else BAD)
        return f'<div style="{style}">{"".join(parts)}</div>'


class CheckFailed(AssertionError):
    """A visible check failed; the error's text is the whole message.

    If the message has been shown already, Jupyter shows one line for the error. Otherwise it shows
    the message alone, without a traceback.

    Attributes:
        shown: whether the message has been shown already.
    """

    shown = False

    def _render_traceback_(self) -> list[str]:
        heading = str(self).splitlines()[0].rstrip(":")
        return [f"{type(self).__name__}: {heading} (see above)." if self.shown else str(self)]


class NotWritten(NotImplementedError):
    """A function that a check should try is not written yet, or calls one that is not."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class NoCheck(ValueError):
    """What a check was given has no check; the message says what to write instead."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


def unwritten(name: str) -> str:
    """Say in one line that a function is not written yet."""
    return f"{name} is not written yet: write it in the cell above, and run that cell."


def not_written(name: str, function: Function, error: NotImplementedError) -> str:
    """Say in one line which function is not written yet.

    Args:
        name: the name of the function that a check tried.
        function: the function.
        error: what stopped it.
    """
    if isinstance(error, Unfinished):  # it says which function of which notebook, and why
        return f"{name} cannot be tried yet: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    where = frames[-1].name if frames else name
    own = getattr(getattr(function, "__code__", None), "co_name", name)
    names = (name, own, getattr(function, "__name__", name), "__call__")
    # A grader's stand-in for the function has frames of its own, and none of the function.
    called = any(frame.name == own for frame in frames[:-1])
    if where in names or not where.isidentifier() or not called:
        last = frames[-1] if frames else None
        if last and last.line and where == own and has_more_than_stub(function):
            return (
                f"{name} stops in line {last.lineno} of its cell, `{last.line}`: take that line "
                "out once the function is written."
            )
        return unwritten(name)
    return f"{name} calls {where}, which is not written yet: write {where} first."


def has_more_than_stub(function: Function) -> bool:
    """Whether the body of a function has more in it than what is released to be filled in."""
    try:
        made = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):  # its source is not known
        return False
    if not isinstance(made, ast.FunctionDef):
        return False
    return not all(is_empty(part) or isinstance(part, ast.Raise) for part in made.body)


def failed(
    exercise: Exercise, outcome: Outcome, told: Told, helpers: Sequence[str] = ()
) -> Message:
    """Make the message about an outcome in which something is wrong.

    Args:
        exercise: the exercise that the function was written for.
        outcome: what the function did.
        told: what explains it.
        helpers: the functions that it calls and that are not right themselves.

    Returns:
        The Message.
    """
    first = [
        (fault, probe)
        for part in outcome.wrong()
        for fault, probe in [outcome.first(part)]
        if (part not in outcome.empty or fault.kind == "shape") and fault != NOT_JUDGED
    ]
    start = min(first, key=lambda pair: pair[0].rank)[1] if first else None
    faults_by_probe: dict[str, dict[str, None]] = {}
    for fault, problem in sorted(first, key=lambda pair: (pair[1] is not start, pair[0].rank)):
        faults_by_probe.setdefault(problem.says, {})[str(fault)] = None
    again = len(outcome.problems) > len(exercise.probes) > 0 and outcome.problems[-1]
    right = [
        probe.says
        for probe, faults in zip(outcome.problems, outcome.faults)
        if not faults and probe is not again
    ]
    sentences: list[str] = []
    for says, faults in faults_by_probe.items():
        rest = f" (right for: {'; '.join(right)})" if right and not sentences else ""
        sentences += [f"Tried: {says}{rest}", *faults]
    sentences += [*emptiness(exercise, outcome), *conditions(exercise, outcome)]
    if helpers:
        several = "their own checks do" if len(helpers) > 1 else "its own check does"
        sentences.append(
            f"It calls {' and '.join(helpers)}, and {several} not pass: look there first."
        )
    return Message(False, f"{exercise.name} is not right yet:", tuple(sentences), told)


def show(message: Message) -> bool:
    """Show a message, as HTML in a notebook, and printed elsewhere.

    Args:
        message: the message to show.

    Returns:
        Whether it was shown as HTML.
    """
    if not in_notebook():
        print(message)
        sys.stdout.flush()
        return False
    from IPython.display import display

    display({"text/plain": str(message), "text/html": message.html()}, raw=True)
    return True


def in_notebook() -> bool:
    """Whether a person is looking at the output in Jupyter.

    It is False under nbgrader, which shows errors as text.
    """
    if os.environ.get("NBGRADER_EXECUTION") or os.environ.get("NBGRADER_VALIDATING"):
        return False
    if "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return getattr(shell, "kernel", None) is not None
