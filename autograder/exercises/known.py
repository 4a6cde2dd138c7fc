"""Signatures of known mistakes: what each mistake does on a list of problems.

They are computed in advance, for the answers that visible checks use on a student's laptop (see
answers.py), or when they are needed (see LiveKnown).
"""

from collections.abc import Callable, Sequence

import numpy as np

from autograder.exercises.exercise import Mistake
from autograder.exercises.mistakes import catalogue, mistaken
from saelab.check.diagnosis import Known, explained, fitting, wrong_parts
from saelab.check.exercise import Probe
from saelab.check.exercises import exercise
from saelab.check.outcome import examine
from saelab.check.stored import known

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

    def beside(self, signature: np.ndarray, try_on_probes: Callable[[], np.ndarray]) -> Known:
        """The mistakes that are candidates for one function, as Known.

        There are many mistakes, and thousands of pairs. The visible probes, for which all
        signatures are stored, show which of them are candidates.

        Args:
            signature: the function's signature on these problems.
            try_on_probes: a function that gives its signature on the visible probes.
        """
        singles: Sequence[int]
        stored, pairs = known(self.name), []
        if stored.sentences != self.sentences:  # of another version of the course
            singles = range(len(self.sentences))
        else:
            seen = try_on_probes()
            # A mistake that no visible probe shows can be there all the same.
            unseen = np.flatnonzero(~wrong_parts(stored.singles).any(axis=-1))
            singles = sorted({*fitting(seen, stored.singles), *unseen})
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
        super().__init__(live.sentences, singles)
        self.live, self.possible = live, pairs

    def pairs_like(self, signature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = [self.live.signature(*pair) for pair in self.possible]
        return np.array(self.possible).reshape(-1, 2), np.array(found)
