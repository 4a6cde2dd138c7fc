"""Marks of one hidden test: points for each part, and what is wrong with each part.

A hidden-test cell ends with a number, from `hidden_test(...)` or `marks.total()`: nbgrader takes
the number that the cell shows as the points.
"""

import contextlib
import functools
import warnings
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

from autograder.exercises import exercises
from autograder.exercises.mistakes import LiveKnown
from autograder.exercises.reference import current, notebook_of, reference, results_of
from autograder.exercises.terms import verified
from autograder.kernel.inside.agent import with_functions
from autograder.kernel.stand_ins import RemoteFunction
from saelab.check.compare import listed
from saelab.check.diagnosis import by_terms, conditions, emptiness, named
from saelab.check.exercise import ARGUMENTS, Exercise, Probe
from saelab.check.exercises import exercise
from saelab.check.outcome import Outcome, examine
from saelab.check.stored import ledger
from saelab.check.terms import Explanation
from saelab.check.words import Told
from saelab.code import names_in

Function = Callable[..., Any]  # a student's or the reference's


def hidden_test(function: Function, **points: float) -> float:
    """Grade a student's function on hidden problems, and print what is wrong.

    It is the last expression of a hidden-test cell: hidden_test(sigmoid, values=2).

    Args:
        function: the student's function.
        **points: the points of each part of the function; or, under any name, those of all its
            parts together.

    Returns:
        The points that the function gets.

    Raises:
        ValueError: if there is no exercise of this name, or if it has no such part.
    """
    # Which function it is, is not for the student's code to say. A stand-in has the name by which
    # the cell calls it; what is no function has none, and the cell's own name says it.
    stands_in = isinstance(function, RemoteFunction)
    name = (None if stands_in else current().function) or getattr(function, "__name__", "?")
    if name not in exercises():
        raise ValueError(
            f"hidden_test: there is no exercise {name!r} in autograder/exercises/; there are "
            f"{', '.join(exercises())}"
        )
    given = problems(name)
    parts = [part for part in exercise(name).parts(given.probes) if part != ARGUMENTS]
    unknown = [part for part in points if part not in parts]
    if unknown and len(points) > 1:
        raise ValueError(
            f"hidden_test: {name} has no part {unknown[0]!r}; its parts are {', '.join(parts)}"
        )
    marks = Marks(**points)
    marks.grade(function, given)
    return marks.total()


@dataclass(frozen=True)
class Problems:
    """What one function is graded on.

    Attributes:
        name: the function's name.
        seed: the seed from which the probes are made.
        probes: the calls that are tried.
    """

    name: str
    seed: int
    probes: tuple[Probe, ...]


def problems(name: str, seed: int | None = None) -> Problems:
    """The random problems of a function that students write.

    Each submission has its own seed, so that grading it again tries the same numbers, and another
    submission gets others. Sizes do not depend on the seed.

    Args:
        name: the function's name.
        seed: a seed to use instead of the one of the submission that is being graded; None for the
            latter.
    """
    seed = current().seed if seed is None else seed
    # Each function has numbers of its own.
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    return Problems(name, seed, exercises()[name].tried(rng))


class Marks:
    """Points for the parts of one function.

    Marks(cost=2, W1=1, W2=1, b1=1, b2=1) gives 6 points in all. A part keeps its points as long as
    no comparison finds a fault in it. Only the first fault of a part is shown. A fault in something
    that has no points of its own counts against every part.

    Each function is graded by itself: if it goes wrong, or calls a function that is not written, it
    is tried once more with the reference's versions of the functions that the reference calls.

    Args:
        **points: the points of each part.
    """

    def __init__(self, **points: float) -> None:
        self.points = points
        self.faults: dict[str, str] = {}
        self.remarks: list[str] = []
        self.told: list[Told] = []

    def grade(self, function: Function, given: Problems) -> None:
        """Try a function on the problems that it is graded on.

        Faults are found and described as in the visible checks.

        Args:
            function: the student's function.
            given: the problems that problems() makes for the function's name.
        """
        name = given.name
        asked, wanted = exercise(name), getattr(reference(notebook_of(name)), name)
        outcome = self._try(asked, function, wanted, given.probes)
        if not outcome.wrong():
            return

        self.remarks += [*emptiness(asked, outcome), *conditions(asked, outcome)]
        try:
            self.told.append(_explained(asked, outcome, wanted, given))
        except Exception as error:
            # What explains a fault is an extra: points are not lost for want of it.
            warnings.warn(f"explaining {name} failed: {error!r}", stacklevel=2)

    def compare(self, function: Function, wanted: Function, *args: Any, **kwargs: Any) -> None:
        """Compare function(*args) with wanted(*args), where the result is one number or array."""
        name = getattr(wanted, "__name__", "function")
        try:
            asked = exercise(name)
        except KeyError:
            asked = Exercise(name)
        self._try(asked, function, wanted, [Probe("a call", args, kwargs)])

    def blame(self, faults: Mapping[str, str]) -> None:
        """Take away the points of these parts.

        Args:
            faults: from a part to the sentence that says what is wrong with it.
        """
        for part, sentence in faults.items():
            for blamed in [part] if part in self.points else self.points:
                self.faults.setdefault(blamed, sentence)

    def total(self) -> float:
        """Print which parts are wrong, and how.

        Returns:
            The points that are left.
        """
        earned = {part: n for part, n in self.points.items() if part not in self.faults}
        print(f"{sum(earned.values()):g} of {sum(self.points.values()):g} points.")
        for sentence in dict.fromkeys(self.faults.values()):
            parts = [part for part in self.faults if self.faults[part] == sentence]
            print(listed(_ended(f"{', '.join(parts)}: {sentence}")))
        for remark in dict.fromkeys(self.remarks):
            print(listed(remark))
        for told in self.told:
            for line in told.lines():
                print(listed(line))
        return sum(earned.values())

    def _try(
        self, asked: Exercise, function: Function, wanted: Function, probes: Sequence[Probe]
    ) -> Outcome:
        """Try a function, perhaps with the reference's helpers, and blame the parts that are wrong.

        Returns:
            What came of it.
        """
        results = results_of(asked, wanted, probes)
        outcome: Outcome | None = None
        with contextlib.suppress(NotImplementedError):
            outcome = examine(asked, function, probes, results)
        if outcome is None or outcome.wrong():
            try:
                second = examine(asked, alone(function, wanted), probes, results)
            except NotImplementedError:
                if outcome is None:
                    raise  # it is not written
            else:
                # Its own mistakes alone count, and are known best where no other disturbs them.
                if outcome is None or len(second.wrong()) <= len(outcome.wrong()):
                    outcome = second
        for part in outcome.wrong():
            self.blame({part: outcome.first(part)[0]})
        return outcome


def _explained(asked: Exercise, outcome: Outcome, wanted: Function, given: Problems) -> Told:
    """What explains a wrong outcome, in words."""
    # The visible check's calls come first, and the last call repeats the first.
    count = len(asked.probes)
    seen = outcome.on([*range(count), *range(len(given.probes), len(outcome.problems))])
    known = _known(asked.name, given.seed, wanted).beside(outcome.signature, seen.signature)

    def explain(wrong: Sequence[str]) -> Told:
        """By what the probes show, as far as it holds on the problems of the test."""
        terms = ledger(asked.name)
        if terms is None:
            return Told()

        def verify(explanation: Explanation) -> Explanation:
            return verified(asked.name, explanation, terms, given.probes, outcome)

        return by_terms(asked, terms, seen, wrong, verify)

    return named(asked, outcome, known, explain)


def _ended(sentence: str) -> str:
    return sentence if sentence[-1:] in ".?!" else f"{sentence}."


@functools.lru_cache(maxsize=8)
def _known(name: str, seed: int, wanted: Function) -> LiveKnown:
    """The known mistakes of a function on the problems of a seed; `wanted` is its reference."""
    probes = problems(name, seed).probes
    return LiveKnown(name, probes, results_of(exercise(name), wanted, probes))


def alone(function: Function, wanted: Function) -> Function:
    """A student's function with the reference's versions of the functions that it calls.

    Only the functions of its notebook that the reference itself calls are replaced. If more were, a
    function could be obtained from one that is built on it, such as the sigmoid from the
    activations of a network.

    Args:
        function: the student's function.
        wanted: the reference's version of it.
    """
    others = called_by(wanted)
    if isinstance(function, RemoteFunction):
        return function.with_functions(others)
    return with_functions(function, others)


def called_by(function: Function) -> dict[str, FunctionType]:
    """The functions of its module that a function calls, directly or indirectly, by their names."""
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
