"""Known mistakes: what students get wrong in this course, and the sentence that names each mistake.

Each mistake is an edit of the reference's own text, so that it keeps its meaning when the reference
changes. Most were found in published solutions of the exercise; the others are what its teachers
expect. They are in the files of the notebooks, with their exercises.
"""

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.exercises import exercises
from autograder.exercises.exercise import Mistake
from autograder.exercises.reference import made, solution_text
from saelab.check.diagnosis import Known, explained, fitting, wrong_parts
from saelab.check.exercise import Probe
from saelab.check.exercises import exercise
from saelab.check.outcome import examine, structure
from saelab.check.stored import known

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


# For each problem, what the reference returns: its arrays.
Wanted = Sequence[Sequence[np.ndarray]]


def signature_of(
    name: str, mistakes: Sequence[Mistake], problems: Sequence[Probe], wanted: Wanted
) -> np.ndarray | None:
    """The signature of the reference's function with these mistakes in it.

    Args:
        name: the function's name.
        mistakes: the mistakes, which are all made at once.
        problems: the problems that the function is tried on.
        wanted: for each problem, the arrays that the reference returns.

    Returns:
        The signature (see saelab.check.outcome), or None if the edits together do not give a valid
        program, so that nobody can have made these mistakes together.
    """
    try:
        function = mistaken(name, *mistakes)
    except SyntaxError:
        return None
    # Some draw from NumPy's own generator, and are to do the same each time.
    before = np.random.get_state()
    np.random.seed(0)
    try:
        return examine(exercise(name), function, problems, wanted).signature
    finally:
        np.random.set_state(before)


def distinct(
    singles: np.ndarray, of: Sequence[tuple[int, int]], signatures: Sequence[np.ndarray | None]
) -> tuple[np.ndarray, np.ndarray]:
    """The pairs that single mistakes do not explain already.

    Args:
        singles: the signatures of the single mistakes, (mistakes, problems, parts, 3).
        of: the numbers of the two mistakes in each pair.
        signatures: the signatures of the pairs; None for a pair that cannot be made.

    Returns:
        Two arrays for the pairs that are kept: their `of`, (pairs, 2), and their signatures,
        (pairs, problems, parts, 3).
    """
    alone = Known([str(i) for i in range(len(singles))], singles)
    kept = [
        i
        for i, (pair, signature) in enumerate(zip(of, signatures))
        if signature is not None
        and wrong_parts(signature).any()
        and set(explained(signature, alone)) != set(map(str, pair))
    ]
    return (
        np.array([of[i] for i in kept], np.int16).reshape(-1, 2),
        np.array([signatures[i] for i in kept], np.float32).reshape(-1, *singles.shape[1:]),
    )


class LiveKnown:
    """The known mistakes of a function on problems that nobody has seen before.

    What a mistake does on them is computed when the mistake becomes a candidate, and kept.
    """

    def __init__(self, name: str, problems: Sequence[Probe], wanted: Wanted) -> None:
        self.name, self.problems, self.wanted = name, problems, wanted
        self.mistakes = catalogue(name)
        self.sentences = [mistake.says for mistake in self.mistakes]
        self.signatures: dict[tuple[int, ...], np.ndarray | None] = {}

    def signature(self, *which: int) -> np.ndarray | None:
        """The signature of one mistake, or of several together, by their numbers."""
        if which not in self.signatures:
            made = [self.mistakes[i] for i in which]
            found = signature_of(self.name, made, self.problems, self.wanted)
            self.signatures[which] = found
        return self.signatures[which]

    def beside(self, signature: np.ndarray, seen: np.ndarray) -> Known:
        """The mistakes that are candidates for one function, as Known.

        There are many mistakes, and thousands of pairs. The visible probes, for which all
        signatures are stored, show which of them are candidates.

        Args:
            signature: the function's signature on these problems.
            seen: its signature on the visible probes.
        """
        singles: Sequence[int]
        stored, pairs = known(self.name), []
        if stored.sentences != self.sentences:  # of another version of the course
            singles = range(len(self.sentences))
        else:
            # A mistake that no visible probe shows can be there all the same.
            unseen = np.flatnonzero(~wrong_parts(stored.singles).any(axis=-1))
            faults = structure(seen)
            alike = (structure(stored.singles) == faults).all(axis=(1, 2)) & faults.any()
            singles = sorted({*fitting(seen, stored.singles), *unseen, *np.flatnonzero(alike)})
            pairs = [tuple(map(int, stored.of[i])) for i in fitting(seen, stored.pairs)]
        # Zeros are the signature of what is right, and explain nothing.
        table = np.zeros((len(self.sentences), *signature.shape), np.float32)
        for i in map(int, singles):
            table[i] = self.signature(i)
        return _Narrowed(self, table, pairs)


class _Narrowed(Known):
    def __init__(
        self, live: LiveKnown, singles: np.ndarray, pairs: Sequence[tuple[int, ...]]
    ) -> None:
        super().__init__(live.sentences, singles, apart=exercise(live.name).apart)
        self.live, self.possible = live, pairs

    def pairs_like(self, signature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = [self.live.signature(*pair) for pair in self.possible]
        return np.array(self.possible).reshape(-1, 2), np.array(found)
