"""The hidden side of an exercise: what a function is graded on, and its known mistakes.

Each notebook has a file of exercises here. The visible side of the same exercises is in
saelab/check/exercises/.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from saelab.check.exercise import Probe
from saelab.check.exercises import exercise

Edit = tuple[str, str]  # a text, and the one in its place
UNTOUCHED = None  # a student of the sample class has not written it
# How many times the visible check's tolerance a result may be off on a random problem, which may
# be so many times as sensitive as the check's.
SLACK = 100.0


@dataclass(frozen=True)
class Mistake:
    """A known wrong version of a function that students write.

    Attributes:
        function: the function's name, which its exercise fills in.
        name: a few words for the instructor.
        says: what a student reads: what is seen, and which term to look at, but not the right code.
        edits: pairs (old, new) of text. Each old text occurs exactly once in the solution cell.
    """

    function: str
    name: str
    says: str
    edits: tuple[Edit, ...]

    def __str__(self) -> str:
        return f"{self.function}: {self.name}"


def mistake(name: str, says: str, *edits: Edit) -> Mistake:
    """A Mistake of the exercise in which it is listed.

    Args:
        name: a few words for the instructor.
        says: what a student reads.
        *edits: pairs (old, new) of text.
    """
    return Mistake("", name, says, edits)


@dataclass(frozen=True)
class Exercise:
    """What one function is graded on, and what students get wrong in it.

    Attributes:
        name: the function's name.
        problems: takes a random generator, and makes the calls that the function is graded on.
            Their sizes do not depend on the numbers drawn.
        mistakes: the known mistakes.
        not_together: pairs of names of mistakes that cancel each other, or that together are a
            third mistake, where their texts do not show it.
        libraries: from the full name of something that does the exercise's work to a few words on
            what it does; None if any library may be used.
        mild_libraries: the same, for uses that are most likely all right, and that the instructor
            is to judge.
        sample: from a student of the sample class to what that student hands in instead of the
            reference: edits of it, another text, or UNTOUCHED.
    """

    name: str
    problems: Callable[[np.random.Generator], Iterable[Probe]]
    mistakes: tuple[Mistake, ...] = ()
    not_together: tuple[tuple[str, str], ...] = ()
    libraries: Mapping[str, str] | None = field(default_factory=dict)
    mild_libraries: Mapping[str, str] = field(default_factory=dict)
    sample: Mapping[str, tuple[Edit, ...] | str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        own = tuple(replace(mistake, function=self.name) for mistake in self.mistakes)
        object.__setattr__(self, "mistakes", own)

    def tried(self, rng: np.random.Generator) -> tuple[Probe, ...]:
        """The calls of a hidden test: those of the visible check, and then random ones.

        So whatever the check refuses, every hidden test refuses. And since the check's calls are
        the more demanding ones, and its tolerance is the smaller one, a hidden test passes whatever
        is right but for digits, if the check does.

        Args:
            rng: the random generator.

        Returns:
            The probes.
        """
        drawn = (replace(probe, slack=SLACK) for probe in self.problems(rng))
        return (*exercise(self.name).probes, *drawn)
