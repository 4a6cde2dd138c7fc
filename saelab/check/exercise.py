"""An exercise: one function that students write, and how it is tried and spoken of.

Each notebook has a file of them in saelab/check/exercises/. Nothing here holds an answer.
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
    """One call of a student's function: a few words that say what is tried, and arguments.

    part: where the points of a result are another part's than the result's own name, its name.
    """

    says: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    part: str = "result"


class Condition(NamedTuple):
    """Something that holds for the arguments of some probes and not of others.

    where, elsewhere: in words, where it holds and where it does not.
    """

    where: str
    elsewhere: str
    holds: Callable[[tuple[Any, ...]], Any]


class Properties(NamedTuple):
    """What must hold of every right answer, of a function that has many.

    parts: what is looked at. faults: called as faults(function, *arguments of a probe).
    """

    parts: tuple[str, ...]
    faults: Callable[..., Faults]


@dataclass(frozen=True)
class Exercise:
    """One function that students write.

    name: of the function. probes: what the visible check tries. results: the names of what it
    returns, where it returns several things. returns_cost: it returns (cost, grad), and is called
    with theta and the two sizes first. properties: where there are many right answers.
    conditions: by which a check tells the calls that go wrong from those that go right.
    hint: a remark on a right function, or None. called_again: the first probe is tried twice, to
    see whether something is kept from call to call; not so where a call takes long.
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
        """The parts of what the function returns, or does; its arguments are the last one."""
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
