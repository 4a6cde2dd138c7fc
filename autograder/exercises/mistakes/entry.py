"""One known mistake: an edit of the reference's text, and the sentence that a student reads."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.exercises.reference import made, solution_text

Edit = tuple[str, str]  # a text, and the one in its place
Entry = tuple[str, str, tuple[Edit, ...]]  # name, says and edits of a Mistake


class MistakeError(ValueError):
    """An edit that cannot be made: the text it changes is not, or not once, in the reference."""


@dataclass(frozen=True)
class Mistake:
    """A known wrong version of a function that students write.

    function: its name. name: a few words for the instructor.
    says: what a student reads: what is seen, and which term to look at, but not the right code.
    edits: pairs (old, new) of text; each old text stands exactly once in the solution cell.
    """

    function: str
    name: str
    says: str
    edits: tuple[Edit, ...]

    def __str__(self) -> str:
        return f"{self.function}: {self.name}"


def mistake(name: str, says: str, *edits: Edit) -> Entry:
    """An entry of the catalogue: known() tells whose mistake it is. edits: pairs (old, new)."""
    return name, says, edits


def known(functions: str | tuple[str, ...], *entries: Entry) -> tuple[Mistake, ...]:
    """Mistakes of a function, or of each of several that share the text that is edited.

    functions: a name, or a tuple of names. entries: what mistake() makes.
    """
    names = (functions,) if isinstance(functions, str) else functions
    return tuple(Mistake(name, *entry) for name in names for entry in entries)


def edited(function: str, mistakes: Sequence[Mistake]) -> str:
    """The reference's text of a function with all the edits of these mistakes.

    All are found in the reference's own text, so their order does not matter.
    Errors: MistakeError where an old text does not stand exactly once in the solution cell, or
    where two edits overlap.
    """
    text = solution_text(function)
    places = sorted(_place(text, mistake, *edit) for mistake in mistakes for edit in mistake.edits)
    for (_, end, old, _), (start, _, other, _) in itertools.pairwise(places):
        if start < end:
            raise MistakeError(f"two edits of {function} overlap: {old!r} and {other!r}")
    for start, end, _, new in reversed(places):
        text = text[:start] + new + text[end:]
    return text


def overlap(text: str, one: Mistake, other: Mistake) -> bool:
    """Whether an edit of one mistake touches what the other edits too in a function's text."""
    return any(
        start < other_end and other_start < end
        for start, end, *_ in (_place(text, one, *edit) for edit in one.edits)
        for other_start, other_end, *_ in (_place(text, other, *edit) for edit in other.edits)
    )


def wrong(text: str, function: str) -> Callable[..., Any]:
    """The function that an edited text defines, new at each call, so that it keeps no state."""
    return made(compile(text, f"<{function}, edited>", "exec"), function)


def _place(text: str, mistake: Mistake, old: str, new: str) -> tuple[int, int, str, str]:
    if text.count(old) != 1:
        raise MistakeError(
            f"{mistake}: {old!r} should stand once in the solution, but stands {text.count(old)} "
            "times; edit the catalogue's entry so that it fits the solution"
        )
    start = text.index(old)
    return start, start + len(old), old, new
