"""Find out why an outcome is wrong: under which condition, and by which known mistakes.

A mistake is named only if it explains everything: on every problem, the results must be those of a
function with that mistake, in all parts that the mistake makes wrong.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from saelab.check.exercise import ARGUMENTS, MEMORY, Exercise
from saelab.check.outcome import Outcome, agree, structure
from saelab.check.terms import Explainer, Explanation
from saelab.check.words import Ledger, Told, parts_in_words, told_by_terms

# Parts, how many mistakes explain them, and which.
Piece = tuple[frozenset[int], int, tuple[int, ...]]

MOST = 3  # mistakes that are named at once


class Known:
    """The known mistakes of one function, described by what they do on one list of problems.

    Args:
        sentences: one sentence for each mistake.
        singles: the signatures of the mistakes, (mistakes, problems, parts, 3).
        of: (pairs, 2), the two mistakes that each pair consists of.
        pairs: the signatures of the pairs, (pairs, problems, parts, 3).
        apart: whether one mistake may explain some parts and another one the rest; if not, one
            has to explain all.
    """

    def __init__(
        self,
        sentences: Sequence[str],
        singles: NDArray[Any],
        of: ArrayLike = (),
        pairs: ArrayLike = (),
        apart: bool = True,
    ) -> None:
        self.sentences, self.singles, self.apart = sentences, singles, apart
        self.of, self.pairs = np.asarray(of), np.asarray(pairs)

    def pairs_like(self, signature: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Find the pairs of mistakes that may explain a signature.

        Args:
            signature: (problems, parts, 3), of a function that is wrong.

        Returns:
            The two mistakes of each pair, as in `of`, and the pairs' signatures.
        """
        return self.of, self.pairs


def named(
    exercise: Exercise,
    outcome: Outcome,
    known: Known,
    explain: Callable[[Sequence[str]], Told],
) -> Told:
    """Name what explains an outcome: known mistakes as they are, or else its terms.

    Nothing is named where the numbers say nothing of how they were made.

    Args:
        exercise: the exercise that the function was written for.
        outcome: what the function did.
        known: the known mistakes.
        explain: called with the parts that are to be explained; explains them by their terms.
    """
    if set(outcome.empty) >= set(outcome.parts) - {ARGUMENTS, MEMORY}:
        return Told()
    sentences = explained(outcome.signature, known)
    if sentences:
        return Told(tuple(sentences))
    # Of numbers that say nothing, no step can be told.
    told = explain([part for part in outcome.unlike() if part not in outcome.empty])
    first = of_structure(outcome, known, told.explained)
    if not first:
        # What is no matter of numbers is not explained then.
        return replace(told, whole=told.whole and not structure(outcome.signature).any())
    return replace(told, sentences=(*first, *told.sentences), whole=False)


def by_terms(
    exercise: Exercise,
    ledger: Ledger | None,
    outcome: Outcome,
    wrong: Iterable[str],
    verify: Callable[[Explanation], Explanation] | None = None,
) -> Told:
    """Explain an outcome by its terms, in words.

    Args:
        exercise: the exercise that the function was written for.
        ledger: the terms, on the problems of the outcome; None if there are none.
        outcome: what the function did.
        wrong: the parts to explain.
        verify: takes away from an explanation what does not hold elsewhere.
    """
    if ledger is None:
        return Told()
    table, wrong, numbers = ledger.table, list(wrong), outcome.numbers
    explanation = Explainer(table, exercise.blocks).explain(numbers, wrong)
    there = [k for k in range(table.problems) if numbers[k] is not None]
    if not explanation.readings and 1 < len(there) < table.problems:
        # Where it stopped, something else is the matter.
        ledger = replace(ledger, table=table.on(there))
        found = Explainer(ledger.table, exercise.blocks).explain([numbers[k] for k in there], wrong)
        explanation = replace(found, whole=False)
    return told_by_terms(exercise, ledger, verify(explanation) if verify else explanation)


def of_structure(outcome: Outcome, known: Known, explained: Collection[str] = ()) -> list[str]:
    """Name the known mistake that explains all faults that are no matter of numbers.

    Something else may be wrong besides, and shows in the numbers.

    Args:
        outcome: what a function did.
        known: the known mistakes.
        explained: the parts whose numbers something else explains, where there are some.

    Returns:
        Its sentence; none if there is no such mistake, or more than one.
    """
    seen = structure(outcome.signature)
    if not known.apart or not seen.any():
        return []
    same = np.flatnonzero((structure(known.singles) == seen).all(axis=(1, 2)))
    # Where no such fault is in the way, the numbers are those of one of them, or are not.
    plain = (seen == 0).all(axis=1)
    came, made = outcome.signature[plain], known.singles[same][:, plain]
    wrong, right = wrong_parts(made), ~wrong_parts(came)
    possible = ~(wrong & right).any(axis=1)
    same, made, wrong = same[possible], made[possible], wrong[possible]
    if len(same) > 1:
        alike, apart = agree(made, came).all(axis=1), wrong.any(axis=0) & ~wrong.all(axis=0)
        right |= np.array([part in explained for part in outcome.parts])
        without = ~wrong[:, apart].any(axis=1) & right[apart].all() & apart.any()
        same = same[(wrong & alike).any(axis=1) | without]
    return [known.sentences[same[0]]] if len(same) == 1 else []


def explained(signature: NDArray[Any], known: Known) -> list[str]:
    """Name the mistakes that explain a signature.

    It names as few mistakes as possible, one rather than two. Each may explain only some parts, if
    together they explain all that is wrong. If several explanations need equally few mistakes, it
    names only the mistakes that they have in common.

    Args:
        signature: (problems, parts, 3), of a function that is wrong.
        known: the known mistakes of that function.

    Returns:
        The sentences of the mistakes; none if nothing explains the signature.
    """
    wrong = wrong_parts(signature)
    pieces = _pieces(signature, known.singles, np.arange(len(known.singles))[:, None])
    found = _cover(wrong, pieces, 1)
    if not found:
        of, pairs = known.pairs_like(signature)
        pieces += _pieces(signature, pairs, of)
    if not known.apart:
        pieces = [piece for piece in pieces if piece[0] == set(np.flatnonzero(wrong).tolist())]
    for most in range(2, MOST + 1):
        found = found or _cover(wrong, pieces, most)
    common: Iterable[int] = set.intersection(*map(set, found)) if found else ()
    return [known.sentences[i] for i in sorted(common)]


def wrong_parts(signature: NDArray[Any]) -> NDArray[np.bool]:
    """Find the parts that are wrong on any problem.

    Args:
        signature: (..., problems, parts, 3).

    Returns:
        A boolean array (..., parts).
    """
    wrong: NDArray[np.bool] = (signature[..., 0] != 0).any(axis=-2)
    return wrong


def fitting(signature: NDArray[Any], candidates: NDArray[Any]) -> NDArray[np.intp]:
    """Find the candidates that agree with a signature in all parts that they make wrong.

    Args:
        signature: (problems, parts, 3), of a function that is wrong.
        candidates: (n, problems, parts, 3), signatures of mistakes or of pairs of them.

    Returns:
        The indices of these candidates.
    """
    if not len(candidates):
        return np.array([], dtype=np.intp)
    wrong = wrong_parts(candidates)
    same = agree(candidates, signature).all(axis=1)
    return np.flatnonzero(wrong.any(axis=-1) & (same | ~wrong).all(axis=-1))


def _pieces(
    signature: NDArray[Any], candidates: NDArray[Any], members: NDArray[Any]
) -> list[Piece]:
    """One (set of parts, number of mistakes, tuple of mistakes) for each candidate that fits."""
    pieces: list[Piece] = []
    for i in fitting(signature, candidates):
        parts = np.flatnonzero(wrong_parts(candidates[i])).tolist()
        pieces.append((frozenset(parts), len(members[i]), tuple(int(j) for j in members[i])))
    return pieces


def _cover(wrong: NDArray[np.bool], pieces: list[Piece], most: int) -> list[tuple[int, ...]]:
    """The ways to explain all wrong parts, each exactly once, by exactly `most` mistakes."""

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


def conditions(exercise: Exercise, outcome: Outcome) -> list[str]:
    """Say by which condition the problems that go right differ from those that go wrong.

    Args:
        exercise: the exercise that the function was written for.
        outcome: what the function did.

    Returns:
        A list of sentences. Parts that depend on the same condition share a sentence.
    """
    parts = [part for part in outcome.wrong() if part != MEMORY]  # which is measured once
    says = {part: _condition(exercise, outcome, part) for part in parts}
    return _sentences(exercise, outcome, {part: words for part, words in says.items() if words})


def emptiness(exercise: Exercise, outcome: Outcome) -> list[str]:
    """Say which parts hold numbers that say nothing of how they were made, such as zeros.

    Args:
        exercise: the exercise that the function was written for.
        outcome: what the function did.
    """
    return _sentences(exercise, outcome, outcome.empty)


def _sentences(exercise: Exercise, outcome: Outcome, says: Mapping[str, str]) -> list[str]:
    """What is said of each part, as sentences; parts of which the same is said share one."""
    parts_by_words: dict[str, list[str]] = {}
    for part, words in says.items():
        parts_by_words.setdefault(words, []).append(part)
    told = [
        f"{_in_words(exercise, parts, outcome)} {words}." for words, parts in parts_by_words.items()
    ]
    # What begins with the name of a result is written as that is.
    return [s if s.startswith(exercise.results or (" ",)) else s[0].upper() + s[1:] for s in told]


def _condition(exercise: Exercise, outcome: Outcome, part: str) -> str | None:
    faults = [found.get(part) for found in outcome.faults]
    wrong = [fault is not None for fault in faults]
    if all(wrong) or any(fault and fault.kind in ("kept", "changed") for fault in faults):
        return None
    for where, elsewhere, holds in exercise.conditions:
        held = [bool(holds(problem.args)) for problem in outcome.problems]
        if wrong == held:
            return f"wrong where {where}, and right {elsewhere}"
        if wrong == [not it for it in held]:
            return f"right where {where}, and wrong {elsewhere}"
    return None


def _in_words(exercise: Exercise, parts: list[str], outcome: Outcome) -> str:
    """The parts as the subject of a sentence, with its verb."""
    some = len(outcome.wrong()) > len(parts) or parts[0] != "result"
    if some and not exercise.properties:  # whose parts are no numbers
        several = len(parts) > 1
        return f"{parts_in_words(exercise, parts)} {'are' if several else 'is'}"
    return "the result is"
