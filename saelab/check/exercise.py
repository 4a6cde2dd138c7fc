"""An exercise: one function that students write, how it is tested, and what its parts are called.

Each notebook has a file of exercises in saelab/check/exercises/. Nothing here contains an answer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from saelab.check.compare import Fault
from saelab.typed import Function

Faults = dict[str, Fault]  # of the parts that are wrong

# A function's arguments are a part that it may spoil.
ARGUMENTS = "the arguments"
BLOCKS = ("W1", "W2", "b1", "b2")


@dataclass(frozen=True)
class Probe:
    """One call of a student's function, as the checks make it.

    Attributes:
        says: a few words that say what is tried.
        args: the arguments.
        kwargs: the keyword arguments.
        part: the name of the part of the exercise that this result counts for, if it counts for
            another part than "result".
    """

    says: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    part: str = "result"


class Condition(NamedTuple):
    """A condition that holds for the arguments of some probes and not of others.

    Attributes:
        where: words for the case where it holds.
        elsewhere: words for the case where it does not hold.
        holds: called with the tuple of a probe's arguments; says whether the condition holds.
    """

    where: str
    elsewhere: str
    holds: Callable[[tuple[Any, ...]], Any]


class Properties(NamedTuple):
    """What must hold of every right answer, for a function that has many right answers.

    Attributes:
        parts: the names of what is examined.
        faults: called as faults(function, *arguments of a probe).
    """

    parts: tuple[str, ...]
    faults: Callable[..., Faults]


@dataclass(frozen=True)
class Exercise:
    """One function that students write.

    Attributes:
        name: the name of the function.
        probes: what the visible check tries.
        results: the names of what the function returns, if it returns several things.
        returns_cost: whether it returns (cost, grad); it is then called with theta and the two
            sizes first.
        properties: how to test the function, if there are many right answers.
        conditions: conditions by which a check separates the calls that go wrong from those that go
            right.
        hint: makes a remark on a right function, or None.
        called_again: whether the first probe is tried twice, to see whether something is kept from
            one call to the next; False where a call takes long.
    """

    name: str
    probes: tuple[Probe, ...] = ()
    results: tuple[str, ...] = ()
    returns_cost: bool = False
    properties: Properties | None = None
    conditions: tuple[Condition, ...] = ()
    hint: Callable[[Function], str | None] | None = None
    called_again: bool = True

    def parts(self, probes: Iterable[Probe]) -> tuple[str, ...]:
        """The parts of what the function returns or does; the last one is its arguments.

        The parts of an exercise with properties are those of its properties.

        Args:
            probes: the calls whose parts are wanted.

        Returns:
            The names of the parts.
        """
        if self.properties:
            return self.properties.parts
        if self.returns_cost:
            return ("cost", *BLOCKS, ARGUMENTS)
        own = self.results or tuple(dict.fromkeys(probe.part for probe in probes))
        return (*own, ARGUMENTS)

    def called(self, part: str) -> str:
        """What a part is called in a sentence."""
        if part in ("cost", "result"):
            return f"the {part}"
        if self.returns_cost and part in BLOCKS:
            return f"the gradient of {part}"
        return part
