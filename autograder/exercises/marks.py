"""Marks of one hidden test: points per part, and what is wrong with each part.

A hidden-test cell ends with `marks.total()`: nbgrader takes the number it shows as the points.
"""

import contextlib
import functools
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from autograder.exercises.grading import current
from autograder.exercises.known import LiveKnown
from autograder.exercises.problems import Problems, problems
from autograder.exercises.reference import notebook_of, reference
from autograder.kernel.inside.agent import with_functions
from autograder.kernel.remote import RemoteFunction
from saelab.check.compare import as_arrays, listed
from saelab.check.diagnosis import conditions, explained
from saelab.check.exercise import Exercise, Probe
from saelab.check.exercises import exercise
from saelab.check.message import with_lead
from saelab.check.outcome import Outcome, examine

Function = Callable[..., Any]  # a student's or the reference's


def hidden_test(function: Function, **points: float) -> float:
    """The points of a student's function for its parts, on hidden problems; prints what is wrong.

    It is the last expression of a hidden-test cell: hidden_test(sigmoid, values=2).
    """
    marks = Marks(**points)
    marks.grade(function, problems(current().function or function.__name__))
    return marks.total()


class Marks:
    """Points for the parts of one function.

    Marks(cost=2, W1=1, W2=1, b1=1, b2=1) gives 6 points in all. A part keeps its points as long
    as no comparison finds a fault in it; the first fault of a part is the one that is shown. A
    fault in something that has no points of its own counts against every part.

    Each function stands on its own: where it goes wrong, or calls one that is not written, it is
    tried once more with the reference's versions of the functions that the reference calls.
    """

    def __init__(self, **points: float) -> None:
        self.points = points
        self.faults: dict[str, str] = {}
        self.remarks: list[str] = []
        self.mistakes: list[str] = []
        self.seed: int | None = None

    def grade(self, function: Function, given: Problems) -> None:
        """Try a function on the problems that it is graded on.

        given: what problems() made of the function's name. What is wrong is found and said as in
        the visible checks.
        """
        name, self.seed = given.name, given.seed
        asked, wanted = exercise(name), getattr(reference(notebook_of(name)), name)
        outcome, tried = self._try(asked, function, wanted, given.probes)
        if not outcome.wrong():
            return

        def try_on_probes() -> np.ndarray:
            results = results_of(asked, wanted, asked.probes)
            return examine(asked, tried, asked.probes, results).signature

        self.remarks += conditions(asked, outcome)
        known = _known(name, given.seed, wanted).beside(outcome.signature, try_on_probes)
        self.mistakes += explained(outcome.signature, known)

    def compare(self, function: Function, wanted: Function, *args: Any, **kwargs: Any) -> None:
        """Compare function(*args) with wanted(*args), for one result that is a number or array."""
        name = getattr(wanted, "__name__", "function")
        try:
            asked = exercise(name)
        except KeyError:
            asked = Exercise(name)
        self._try(asked, function, wanted, [Probe("a call", args, kwargs)])

    def blame(self, faults: Mapping[str, str]) -> None:
        """Take the points of these parts: a dictionary from part to sentence."""
        for part, sentence in faults.items():
            for blamed in [part] if part in self.points else self.points:
                self.faults.setdefault(blamed, sentence)

    def total(self) -> float:
        """The points that are left; prints which parts are wrong, and how."""
        earned = {part: n for part, n in self.points.items() if part not in self.faults}
        heading = f"{sum(earned.values()):g} of {sum(self.points.values()):g} points"
        print(f"{heading}." if self.seed is None else f"{heading} (problem set {self.seed}).")
        for sentence in dict.fromkeys(self.faults.values()):
            parts = [part for part in self.faults if self.faults[part] == sentence]
            print(listed(_ended(f"{', '.join(parts)}: {sentence}")))
        for remark in dict.fromkeys(self.remarks):
            print(listed(_ended(f"{remark[0].upper()}{remark[1:]}")))
        for sentence in with_lead(self.mistakes):
            print(listed(sentence))
        return sum(earned.values())

    def _try(
        self, asked: Exercise, function: Function, wanted: Function, probes: Sequence[Probe]
    ) -> tuple[Outcome, Function]:
        """The outcome of a function, or of the same with the reference's helpers, and its blame.

        Returns the outcome, and that of the two functions that it is of.
        """
        results, tried = results_of(asked, wanted, probes), function
        outcome: Outcome | None = None
        with contextlib.suppress(NotImplementedError):
            outcome = examine(asked, function, probes, results)
        if outcome is None or outcome.wrong():
            # NotImplementedError passes through here where it is the function's own.
            own = alone(function, wanted)
            second = examine(asked, own, probes, results)
            # Its own mistakes alone count, and are known best where no other disturbs them.
            if outcome is None or len(second.wrong()) <= len(outcome.wrong()):
                outcome, tried = second, own
        for part in outcome.wrong():
            self.blame({part: outcome.first(part)[0]})
        return outcome, tried


def _ended(sentence: str) -> str:
    return sentence if sentence[-1:] in ".?!" else f"{sentence}."


@functools.lru_cache(maxsize=8)
def _known(name: str, seed: int, wanted: Function) -> LiveKnown:
    """The known mistakes of a function on the problems of a seed; `wanted` is its reference."""
    probes = problems(name, seed).probes
    return LiveKnown(name, probes, results_of(exercise(name), wanted, probes))


def results_of(
    asked: Exercise, wanted: Function, probes: Sequence[Probe]
) -> list[list[np.ndarray]]:
    """What the reference returns for each problem: a list of arrays."""
    if asked.properties:
        return [[] for _ in probes]
    return [as_arrays(wanted(*probe.args, **probe.kwargs)) for probe in probes]


def alone(function: Function, wanted: Function) -> Function:
    """A student's function with the reference's versions of the functions that it calls.

    wanted: the reference's version of it. Put in place of the student's are only the functions of
    its notebook that the reference itself calls: with more, a function could be had from one that
    is made of it, as the sigmoid from the activations of a network.
    """
    others = called_by(wanted)
    if isinstance(function, RemoteFunction):
        return function.with_functions(others)
    return with_functions(function, others)


def called_by(function: Function) -> dict[str, FunctionType]:
    """The functions of its own module that a function calls, directly or not, by their names."""
    found: dict[str, FunctionType] = {}
    waiting = [function]
    while waiting:
        caller = waiting.pop()
        for name in names_in(caller.__code__):
            value = caller.__globals__.get(name)
            if (
                isinstance(value, FunctionType)
                and value.__module__ == function.__module__
                and value is not function
                and name not in found
            ):
                found[name] = value
                waiting.append(value)
    return found


def names_in(code: CodeType) -> set[str]:
    """The names that a function looks up outside, also in functions inside of it."""
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return set(code.co_names).union(*map(names_in, inner))
