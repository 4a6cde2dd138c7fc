"""Why an outcome is wrong: under which condition, and by which known mistakes.

A mistake is told only where it explains everything: on every problem, what came out is what comes
out of a function with that mistake, in all parts that the mistake makes wrong.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from saelab.check.outcome import ARGUMENTS, COSTS, Outcome, agree

# Parts, how many mistakes explain them, and which.
Piece = tuple[frozenset[int], int, tuple[int, ...]]

MOST = 3  # mistakes that are told at once


class Known:
    """The known mistakes of one function, by what they do on one list of problems.

    sentences: one for each mistake. singles: (mistakes, problems, parts, 3) signatures.
    of: (pairs, 2), which two mistakes each pair is of. pairs: their signatures.
    """

    def __init__(
        self,
        sentences: Sequence[str],
        singles: NDArray[Any],
        of: ArrayLike = (),
        pairs: ArrayLike = (),
    ) -> None:
        self.sentences, self.singles = sentences, singles
        self.of, self.pairs = np.asarray(of), np.asarray(pairs)

    def pairs_like(self, signature: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """The pairs that may explain a signature: their `of`, and their signatures."""
        return self.of, self.pairs


def explained(signature: NDArray[Any], known: Known) -> list[str]:
    """The sentences of the mistakes that explain a signature; none where nothing does.

    As few mistakes as will do are told, one rather than two. Each may explain some parts only,
    if together they explain all that is wrong. Where several explanations need equally few,
    only what they have in common is told.
    """
    wrong = wrong_parts(signature)
    pieces = _pieces(signature, known.singles, np.arange(len(known.singles))[:, None])
    found = _cover(wrong, pieces, 1)
    if not found:
        of, pairs = known.pairs_like(signature)
        pieces += _pieces(signature, pairs, of)
    for most in range(2, MOST + 1):
        found = found or _cover(wrong, pieces, most)
    common: Iterable[int] = set.intersection(*map(set, found)) if found else ()
    return [known.sentences[i] for i in sorted(common)]


def wrong_parts(signature: NDArray[Any]) -> NDArray[np.bool]:
    """Which parts are wrong on any problem: (..., problems, parts, 3) to boolean (..., parts)."""
    wrong: NDArray[np.bool] = (signature[..., 0] != 0).any(axis=-2)
    return wrong


def fitting(signature: NDArray[Any], candidates: NDArray[Any]) -> NDArray[np.intp]:
    """Candidates that agree with a signature in all parts that they make wrong: their numbers."""
    if not len(candidates):
        return np.array([], dtype=np.intp)
    wrong = wrong_parts(candidates)
    same = agree(candidates, signature).all(axis=1)
    return np.flatnonzero(wrong.any(axis=-1) & (same | ~wrong).all(axis=-1))


def _pieces(
    signature: NDArray[Any], candidates: NDArray[Any], members: NDArray[Any]
) -> list[Piece]:
    """Triples (frozenset of parts, number of mistakes, tuple of mistakes) of those that fit."""
    pieces: list[Piece] = []
    for i in fitting(signature, candidates):
        parts = np.flatnonzero(wrong_parts(candidates[i])).tolist()
        pieces.append((frozenset(parts), len(members[i]), tuple(int(j) for j in members[i])))
    return pieces


def _cover(wrong: NDArray[np.bool], pieces: list[Piece], most: int) -> list[tuple[int, ...]]:
    """The ways to explain all wrong parts, each once, by exactly `most` mistakes."""

    def ways(parts: frozenset[int], most: int) -> list[tuple[int, ...]]:
        if not parts:
            return [()] if most == 0 else []
        found = []
        for covered, number, members in by_part[min(parts)]:
            if number <= most and covered <= parts:
                found += [members + rest for rest in ways(parts - covered, most - number)]
        return found

    parts = frozenset(np.flatnonzero(wrong).tolist())
    by_part = {part: [piece for piece in pieces if min(piece[0]) == part] for part in parts}
    return ways(parts, most)


# --- conditions ----------------------------------------------------------------------

# Of the arguments of a function: where it holds, in words; where it does not; and whether it holds.
Condition = tuple[str, str, Callable[[tuple[Any, ...]], Any]]
ONE_EXAMPLE: Condition = (
    "there is one example only", "where there are more", lambda a: np.shape(a[-1])[1] == 1
)  # fmt: skip
CONDITIONS: dict[str, tuple[Condition, ...]] = {
    "autoencoder_cost": (
        ("lambda is 0", "where it is not", lambda a: a[3] == 0),
        ONE_EXAMPLE,
    ),
    "sparse_autoencoder_cost": (
        ("lambda is 0", "where it is not", lambda a: a[3] == 0),
        ("beta is 0", "where it is not", lambda a: a[5] == 0),
        ONE_EXAMPLE,
    ),
    "feed_forward": (ONE_EXAMPLE,),
    "average_activation": (ONE_EXAMPLE,),
    "sigmoid": (("z is a single number", "where it is an array", lambda a: np.ndim(a[0]) == 0),),
    "unpack_parameters": (
        ("there are as many hidden units as inputs", "where there are not",
         lambda a: a[1] == a[2]),
    ),
    "numerical_gradient": (
        ("J returns a number", "where it returns a pair",
         lambda a: not isinstance(a[0](a[1]), tuple)),
        ("epsilon is 1e-4", "where it is not", lambda a: len(a) < 3 or a[2] == 1e-4),
    ),
    "relative_error": (
        ("a and b are both zero", "where they are not", lambda a: not (a[0].any() or a[1].any())),
    ),
    "maximal_inputs": (
        ("a unit's weights are all zero", "where none are",
         lambda a: not a[0].any(axis=1).all()),
    ),
    "tile_filters": (
        ("a filter is all zero", "where none is", lambda a: not a[0].any(axis=1).all()),
        ("every row of the picture is full", "where a place stays empty",
         lambda a: len(a[0]) % a[1] == 0),
    ),
}  # fmt: skip


def conditions(name: str, outcome: Outcome) -> list[str]:
    """Sentences on what tells the problems that go right from those that go wrong.

    Parts that hang on the same condition are told together.
    """
    told: dict[str, list[str]] = {}
    for part in outcome.wrong():
        sentence = _condition(name, outcome, part)
        if sentence:
            told.setdefault(sentence, []).append(part)
    return [f"{_in_words(name, parts, outcome)} {says}" for says, parts in told.items()]


def _condition(name: str, outcome: Outcome, part: str) -> str | None:
    faults = [found.get(part) for found in outcome.faults]
    wrong = [fault is not None for fault in faults]
    if all(wrong) or any(fault and fault.kind in ("kept", "changed") for fault in faults):
        return None
    for where, where_not, holds in CONDITIONS.get(name, ()):
        held = [bool(holds(problem.args)) for problem in outcome.problems]
        if wrong == held:
            return f"wrong where {where}, and right {where_not}"
        if wrong == [not it for it in held]:
            return f"right where {where}, and wrong {where_not}"
    return None


def _in_words(name: str, parts: list[str], outcome: Outcome) -> str:
    """The parts as the subject of a sentence, with its verb."""
    if len(outcome.wrong()) > len(parts) or parts[0] != "result":
        names = [called(name, part) for part in parts]
        return f"{', '.join(names)} {'is' if len(parts) == 1 else 'are'}"
    return "the result is"


def called(name: str, part: str) -> str:
    """What a part of a function's result is called in a sentence."""
    if part == "cost":
        return "the cost"
    if part == "result":
        return "the result"
    if name in COSTS and part != ARGUMENTS:
        return f"the gradient of {part}"
    return part
