"""The hidden side of an exercise: what a function is graded on, and what is known of it.

Each notebook has a file of them here, beside its visible side in saelab/check/exercises/.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from saelab.check.exercise import Probe

Edit = tuple[str, str]  # a text, and the one in its place
UNTOUCHED = None  # a student of the sample class has not written it


@dataclass(frozen=True)
class Mistake:
    """A known wrong version of a function that students write.

    function: its name, which its exercise fills in. name: a few words for the instructor.
    says: what a student reads: what is seen, and which term to look at, but not the right code.
    edits: pairs (old, new) of text; each old text stands exactly once in the solution cell.
    """

    function: str
    name: str
    says: str
    edits: tuple[Edit, ...]

    def __str__(self) -> str:
        return f"{self.function}: {self.name}"


def mistake(name: str, says: str, *edits: Edit) -> Mistake:
    """A Mistake of the exercise in which it stands. edits: pairs (old, new)."""
    return Mistake("", name, says, edits)


@dataclass(frozen=True)
class Exercise:
    """What one function is graded on, and what its students get wrong.

    name: of the function. problems: from a random generator, makes the calls that it is graded
    on; their sizes do not depend on the numbers drawn. mistakes: the known ones. not_together:
    names of two mistakes that cancel, or that are a third one together, where their texts do not
    show it. libraries: from a full name of what does the exercise's work to what it does; None
    where any may be used. mild_libraries: the same, where the instructor is to say. sample: what
    students of the sample class hand in instead of the reference: edits of it, another text, or
    UNTOUCHED.
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
