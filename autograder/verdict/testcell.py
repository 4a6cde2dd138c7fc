"""Test cells run in the grader's own interpreter, with stand-ins for what the student defined.

The rules for writing such a cell are in docs/test-cells.md.
"""

import ast
import builtins
import contextlib
import math
import numbers
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any
from unittest import mock

import numpy as np
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.course.code import run_cell
from autograder.kernel.blocks import running
from autograder.kernel.inside.settings import Settings
from autograder.kernel.lending import Output
from autograder.kernel.limits import bounded
from autograder.kernel.outputs import clean, error_output
from autograder.kernel.stand_ins import Operation, is_remote, is_subclass, super_of
from autograder.kernel.student_kernel import Beside
from autograder.verdict.figures import Figures
from autograder.verdict.files import WorkingFolder
from autograder.verdict.given import Given
from autograder.verdict.guard import RULE, Guard, Refused
from autograder.verdict.names import FILE, Main, Names, Student
from autograder.verdict.reach import mentions
from autograder.verdict.replaced import replacing
from autograder.verdict.shell import Shell, display
from saelab.code import free_names

# In a test that is about warnings, and about what NumPy makes of an overflow.
WARNS = re.compile("warn|FloatingPointError", re.I)
MOST_MEMORY = 4 * 2**30  # bytes that a test cell may take in the grader
MOST_SECONDS = 60  # that a test cell may take in the grader
MOST_TEXT = 10_000_000  # characters of what a test cell shows


class NothingAsked(Exception):
    """A test passed without an answer of the student's code: no point rests on nothing."""


class TestCells(Beside):
    """The test cells of one notebook, which share their names as cells of a notebook do.

    Args:
        given: what the instructor's notebook gives to them, and asks students for.
        work: the folder in which they work.
        student: the student's notebook.
        hides: is called with a cell's text; says for each of its lines whether students must not
            see it.
    """

    __test__ = False  # it is no test of pytest's

    def __init__(
        self,
        given: Given,
        work: WorkingFolder,
        student: Student,
        hides: Callable[[str], Sequence[bool]],
    ) -> None:
        self.work, self.student, self.hides = work, student, hides
        own = {"__name__": "__main__", "__builtins__": builtins, "display": display,
               "issubclass": is_subclass, "super": super_of}  # fmt: skip
        self.names = Names(own, given, student)
        shell = Shell(self.names, self.execute)
        self.names["get_ipython"] = lambda: shell
        self.main = Main(self.names)
        self.figures, self.guard = Figures(student.do), Guard(self.names, work, given.constants)
        self.names.came = self.guard.came

    def run(self, text: str, max_points: float, name: str) -> list[NotebookNode]:
        """Run a test cell.

        Args:
            text: the text of the cell.
            max_points: the most points that it can give.
            name: the name of the cell.

        Returns:
            The outputs, in which nbgrader finds the points.
        """
        printed = Printed()
        outputs: list[NotebookNode] = []
        seen = self.seen(text)
        asked, answered = self.student.asked, self.student.answered
        try:
            with (
                contextlib.redirect_stdout(printed),
                contextlib.redirect_stderr(printed),
                self.work.at_work(),
                as_main(self.main),
                tracebacks_of(seen),
                self.guard.watching(),
                bounded(MOST_MEMORY, MOST_SECONDS, self.student.away),
            ):
                tree = ast.parse(TransformerManager().transform_cell(text))
                self.guard.own.add(tree)
                self.names.begin(free_names(tree), name)
                self.work.begin(tree)
                self.warns = WARNS.search(text) is not None
                self.settings = Settings.changed_by(mentions(tree))
                self.student.beside = self
                if self.work.wanted:
                    self.work.receives(self.student.do("files", self.work.wanted))
                    self.guard.bytes_came |= self.work.arrived
                with (
                    self.settings.put_back(),
                    self.figures.at_work(text),
                    replacing(tree, self.names) as self.replaced,
                    running(FILE, tree),
                ):
                    value = run_cell(tree, self.names, FILE)
                outputs += result(value, max_points)
                gives = max_points if points(value) is None else points(value)
                told = self.names.told or self.work.arrived or self.student.answered > answered
                if gives and not told:
                    raise nothing_asked(self.student.asked - asked, self.names.missing)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # pytest's are no Exception
            outputs = [error_output(error, where(error, seen))]
        finally:
            self.student.beside = Beside()
            self.figures.close()
        if printed.getvalue():
            outputs.insert(0, new_output("stream", name="stdout", text=printed.getvalue()))
        return clean(outputs, MOST_TEXT)  # an error's text is the student's, and may be no UTF-8

    def moved(self, values: list[Any]) -> None:
        self.names.moved(values)

    def sends(self, arguments: Collection[object]) -> dict[str, Any]:
        files = self.work.sends(arguments)
        going = {
            "replaced": [list(part) for part in self.replaced()],
            "variables": self.replaced.variables(),
            "files": files,
            "wanted": self.work.wanted,
            "place": self.work.place_of_both() if files or self.work.wanted else {},
            "settings": self.settings.changes(),
            "warns": self.warns,
            "fresh": not self.warns,
        }
        return {name: value for name, value in going.items() if value}

    def hears(self, answer: Mapping[str, Any]) -> None:
        """Take notice of what a student's function has printed, written and drawn.

        What was printed is passed on to a test that catches prints alone: in the feedback it could
        show what the hidden tests pass to the function.
        """
        printed = answer.get("printed")
        if type(printed) is str and not isinstance(sys.stdout, Printed):
            sys.stdout.write(printed)
        if self.warns:
            warn(answer.get("warned"))
        self.guard.came([answer.get("changed"), answer.get("moved")])
        if type(answer.get("settings")) is dict:
            self.settings.take(answer["settings"], back=True)
        self.work.receives(answer.get("files"))
        self.guard.bytes_came |= self.work.arrived
        self.figures.see(answer.get("figures"))

    def says_something(self, target: object, args: tuple[Any, ...], answer: Any) -> bool:
        if isinstance(target, Operation) and is_remote(args[0]):
            name = args[0].remote_reference.get("name", "")
            if args[0].remote_description["kind"] == "function":
                name = name or "<function>"
            if self.names.released_says(name, target.name, args[1:], answer):
                return False
        self.guard.came(answer)
        if self.figures.is_own(target, args):
            return False
        return super().says_something(target, args, answer)

    def execute(self, text: str) -> Any:
        """Execute a part of a cell, which a magic was given.

        Args:
            text: the text.

        Returns:
            The value of its last expression.
        """
        if not self.guard.own.has(text.removeprefix("#\n")):
            raise Refused(
                f"this test would execute a text that is not its own, and does not {RULE}"
            )
        tree = ast.parse(TransformerManager().transform_cell(text))
        self.names.have(free_names(tree))
        with running(FILE, tree):
            return run_cell(tree, self.names, FILE)

    def seen(self, text: str) -> dict[int, str]:
        """The lines of a cell by their numbers; "" for one that students must not see."""
        lines = zip(text.split("\n"), self.hides(text))
        return {n: "" if hidden else line.strip() for n, (line, hidden) in enumerate(lines, 1)}


def where(error: BaseException, seen: Mapping[int, str]) -> str:
    """The line of a cell in which an error was raised.

    Args:
        error: the error.
        seen: the lines of the cell, as TestCells.seen has them.

    Returns:
        The line; "" if students must not see it, or one that led to it, or it is not known.
    """
    frames = traceback.walk_tb(error.__traceback__)
    numbers = [line for frame, line in frames if frame.f_code.co_filename == FILE]
    lines = [seen[number] for number in numbers if number in seen]
    return lines[-1] if all(lines) and lines else ""


@contextlib.contextmanager
def tracebacks_of(seen: Mapping[int, str]) -> Iterator[None]:
    """Let tracebacks that become a text, as in unittest and doctest, show a cell's lines alone.

    They do so for a with block, and warnings do. Other lines are the grader's and its libraries'.

    Args:
        seen: the lines of the cell, as TestCells.seen has them.
    """
    whole = traceback.StackSummary.format_frame_summary

    def of_cell(stack: traceback.StackSummary, frame: traceback.FrameSummary, **how: Any) -> Any:
        if frame.filename == FILE:
            line = seen.get(frame.lineno or 0)
            frame = traceback.FrameSummary(FILE, frame.lineno, frame.name, line=line)
        elif not frame.filename.startswith("<doctest "):
            return None
        return whole(stack, frame, **how) if frame.line else None

    def warning(message: Any, category: type, file: str, number: int, line: Any = None) -> str:
        if file == FILE:
            return told(message, category, file, number, seen.get(number, ""))
        return f"{category.__name__}: {message}\n"

    def in_thread(ended: threading.ExceptHookArgs) -> None:
        if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
            traceback.print_exception(ended.exc_value)

    told = warnings.formatwarning
    with (
        mock.patch.object(traceback.StackSummary, "format_frame_summary", of_cell),
        mock.patch.object(warnings, "formatwarning", warning),
        mock.patch.object(threading, "excepthook", in_thread),  # Python's own is not in Python
    ):
        yield


class Printed(Output):
    """What a test cell itself prints, for the feedback."""


def warn(warned: object) -> None:
    """Warn of what the student's code has warned of.

    Args:
        warned: of each warning, the names of its class and of those from which this is derived, and
            its text, as the student's kernel says; may be anything.
    """
    for one in warned if type(warned) is list else ():
        if type(one) is list and len(one) == 2 and type(one[0]) is list:
            kinds = (getattr(builtins, name, None) for name in one[0] if type(name) is str)
            known = (k for k in kinds if isinstance(k, type) and issubclass(k, Warning))
            warnings.warn(str(one[1]), next(known, UserWarning), stacklevel=2)


def nothing_asked(questions: int, missing: Collection[str]) -> NothingAsked:
    """The error of a test that passed without an answer.

    Args:
        questions: how many questions it asked, of which none was answered.
        missing: names that it looked for in vain.
    """
    if missing:
        name = min(missing)
        return NothingAsked(f"this test looked for {name}, which is not defined: no points")
    if questions:
        return NothingAsked(
            "your code answered nothing that this test asked, so it gives no points"
        )
    return NothingAsked(
        "this test asked your code nothing, so it gives no points: tell your instructor "
        "(rule 12 in docs/test-cells.md)"
    )


@contextlib.contextmanager
def as_main(module: ModuleType) -> Iterator[None]:
    """Let this module be __main__ for a with block, where unittest and doctest look for names."""
    before = sys.modules["__main__"]
    sys.modules["__main__"] = module
    try:
        yield
    finally:
        sys.modules["__main__"] = before


def points(value: object) -> float | None:
    """The points that the value of a cell's last expression stands for; None if it is no number."""
    if is_remote(value) or isinstance(value, (bool, np.bool_)):
        return None
    return float(value) if isinstance(value, numbers.Real) else None


def result(value: object, max_points: float) -> list[NotebookNode]:
    """The output for the value of a cell's last expression, as Jupyter would show it.

    Args:
        value: the value; a number is the points of the test.
        max_points: the most points that the test can give.

    Returns:
        A list of one output; empty for None.

    Raises:
        ValueError: if the points are negative, not a finite number, or more than the test can give.
    """
    if value is None:
        return []
    shown, given = repr(value), points(value)
    if given is None:
        with contextlib.suppress(ValueError):
            float(shown)
            shown = f"<{shown}>"  # nbgrader would take it for points
    else:
        # nbgrader gives full points for what is not at least 0, such as nan.
        if not (math.isfinite(given) and 0 <= given <= max_points):
            raise ValueError(f"the test gives {given} points, of {max_points:g} that there are")
        shown = repr(given)
    return [new_output("execute_result", {"text/plain": shown[:10_000]})]
