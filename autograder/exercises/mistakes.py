"""Known mistakes: what students get wrong in this course, and the sentence that names each mistake.

Each mistake is an edit of the reference's own text, so that it keeps its meaning when the reference
changes. Most were found in published solutions of the exercise; the others are what its teachers
expect. They are in the files of the notebooks, with their exercises.
"""

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any

from autograder.exercises import exercises
from autograder.exercises.exercise import Mistake
from autograder.exercises.reference import made, solution_text

Pair = tuple[Mistake, Mistake]


class MistakeError(ValueError):
    """An edit that cannot be made.

    Its old text does not occur exactly once in the reference, or it overlaps another edit.
    """


def functions() -> tuple[str, ...]:
    """The names of the functions that have known mistakes, in the order of the course."""
    return tuple(name for name, exercise in exercises().items() if exercise.mistakes)


def catalogue(function: str | None = None) -> tuple[Mistake, ...]:
    """All known mistakes, or those of one function."""
    chosen = exercises().values() if function is None else [exercises()[function]]
    return tuple(mistake for exercise in chosen for mistake in exercise.mistakes)


def mistaken(function_name: str, *mistakes: Mistake) -> Callable[..., Any]:
    """Make the reference's function with all these mistakes in it.

    The other functions of its notebook are the reference's.

    Args:
        function_name: the function's name.
        *mistakes: the mistakes to make.

    Returns:
        The wrong function, a new one at each call.

    Raises:
        MistakeError: if an edit does not fit the reference's text.
    """
    return wrong(edited(function_name, mistakes), function_name)


def pairs(function_name: str) -> tuple[Pair, ...]:
    """All pairs of a function's mistakes that can be made at once.

    Pairs are left out if they edit the same place, if they cancel each other, or if together they
    are a third mistake.
    """
    exercise = exercises()[function_name]
    cancelling = frozenset(map(frozenset, exercise.not_together))
    return _pairs(exercise.mistakes, cancelling, solution_text(function_name))


@functools.cache
def _pairs(
    mistakes: tuple[Mistake, ...], cancelling: frozenset[frozenset[str]], text: str
) -> tuple[Pair, ...]:
    whole = {frozenset(mistake.edits) for mistake in mistakes}
    found = []
    for one, other in itertools.combinations(mistakes, 2):
        cancel = frozenset((one.name, other.name)) in cancelling
        third = frozenset(one.edits + other.edits) in whole
        if not (cancel or third or overlap(text, one, other)):
            found.append((one, other))
    return tuple(found)


def edited(function: str, mistakes: Sequence[Mistake]) -> str:
    """The reference's text of a function with all the edits of these mistakes.

    All old texts are looked up in the reference's own text, so the order of the edits does not
    matter.

    Args:
        function: the function's name.
        mistakes: the mistakes to make.

    Raises:
        MistakeError: if an old text does not occur exactly once in the solution cell, or if two
            edits overlap.
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
    """Whether an edit of one mistake overlaps an edit of the other in a function's text."""
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
