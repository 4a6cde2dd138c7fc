"""Find out why an outcome is wrong: under which condition, and by which known mistakes.

A mistake is named only if it explains everything: on every problem, the results must be those of a
function with that mistake, in all parts that the mistake makes wrong.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from saelab.check.exercise import BLOCKS, Exercise
from saelab.check.outcome import Outcome, agree
from saelab.check.terms import FORM, Explanation, Item, Table

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
        """Find the pairs of mistakes that may explain a signature.

        Args:
            signature: (problems, parts, 3), of a function that is wrong.

        Returns:
            The two mistakes of each pair, as in `of`, and the pairs' signatures.
        """
        return self.of, self.pairs


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
    parts_by_sentence: dict[str, list[str]] = {}
    for part in outcome.wrong():
        sentence = _condition(exercise, outcome, part)
        if sentence:
            parts_by_sentence.setdefault(sentence, []).append(part)
    return [
        f"{_in_words(exercise, parts, outcome)} {says}" for says, parts in parts_by_sentence.items()
    ]


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
    if len(outcome.wrong()) > len(parts) or parts[0] != "result":
        names = [exercise.called(part) for part in parts]
        return f"{', '.join(names)} {'is' if len(parts) == 1 else 'are'}"
    return "the result is"


# --- by terms -------------------------------------------------------------------------


@dataclass(frozen=True)
class Ledger:
    """The terms of a function's results, and what the known mistakes do to them.

    Attributes:
        table: the terms on the function's probes, in all their forms.
        made_of: from the sentence of each known mistake to its departures from what is right.
        versions: for each form of the table, which version of the function it comes from.
    """

    table: Table
    made_of: Mapping[str, frozenset[Item]]
    versions: tuple[int, ...]

    def sentence(self, rows: Mapping[str, str], vague: Collection[str]) -> list[str]:
        """What is said of a form that explains some parts, by the rows that it takes there.

        Other forms may do the same to these parts, and more to parts of which nothing is known. Then
        no known mistake is named.

        Args:
            rows: from each part that it explains to its rows.
            vague: the names of the parts that nothing explains.

        Returns:
            A sentence, or none.
        """
        table = self.table
        known = {table.parts.index(part) for part in (*rows, *vague)}
        alike = dict.fromkeys(
            table.says[form]
            for form in range(1, len(table.use))
            if table.touched(form) <= known
            and all(table.rows_in(part, form) == taken for part, taken in rows.items())
        )
        if len(alike) > 1:
            return [says for says in alike if says not in self.made_of][:1]
        return list(alike)


@dataclass(frozen=True)
class Told:
    """What a student is told about the cause of a wrong outcome.

    Attributes:
        sentences: one for each mistake.
        parts: what they explain, in words; "" if it is all that is wrong.
    """

    sentences: tuple[str, ...] = ()
    parts: str = ""

    def lines(self) -> list[str]:
        """The sentences, after a line that introduces them."""
        return with_lead(self.sentences, self.parts)


def told_by_terms(exercise: Exercise, ledger: Ledger, explanation: Explanation) -> Told:
    """Put an explanation into words.

    Known mistakes have their own sentences. What they do not explain is told term by term.

    Args:
        exercise: the exercise that the function was written for.
        ledger: the terms by which it was explained.
        explanation: the explanation.
    """
    table, vague = ledger.table, set(explanation.vague)
    every = explanation.items(table)
    left, sentences = set(every), list[str]()

    def uncertain(items: frozenset[Item]) -> bool:
        """Whether a known mistake that does more than this one may be the true one."""
        return any(
            items < more and more - every and {part for part, _, _ in more - every} <= vague
            for more in ledger.made_of.values()
        )

    for says, items in sorted(ledger.made_of.items(), key=lambda entry: -len(entry[1])):
        if items <= left and not uncertain(items):
            sentences.append(says)
            left -= items
    laws: dict[tuple[str, str], list[str]] = {}
    for part, kind, how in sorted(left, key=lambda item: (table.parts.index(item[0]), item)):
        if kind != FORM:
            laws.setdefault((kind, how), []).append(part)
    for form in sorted({form for r in explanation.readings.values() for form in r.forms}):
        rows = {part: table.rows_in(part, form)
                for part, reading in explanation.readings.items() if form in reading.forms}  # fmt: skip
        if any((part, FORM, taken) in left for part, taken in rows.items()):
            sentences += ledger.sentence(rows, vague)
    sentences += [law_in_words(exercise, *law, parts) for law, parts in laws.items()]
    told = [part for part in table.parts if part in explanation.readings]
    return Told(tuple(sentences), parts_in_words(exercise, told) if explanation.vague else "")


def parts_in_words(exercise: Exercise, parts: Sequence[str]) -> str:
    """Parts as what came out: "this cost", "these gradients of W1 and b1"."""
    blocks = [part for part in parts if exercise.returns_cost and part in BLOCKS]
    words = [f"this {part}" for part in parts if part not in blocks]
    if blocks:
        one = len(blocks) == 1
        words.append(f"{'this gradient' if one else 'these gradients'} of {_and(blocks)}")
    return _and(words)


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


CONSTANTS = {
    "0": "is missing",
    "-1": "has the wrong sign",
    "2": "is twice as large as it should be",
    "0.5": "is half as large as it should be",
    "-2": "has the wrong sign and is twice as large as it should be",
    "-0.5": "has the wrong sign and is half as large as it should be",
}
SYMBOLS = {
    "m": "m is the number of examples",
    "v": "v the number of inputs",
    "h": "h the number of hidden units",
}


def law_in_words(exercise: Exercise, term: str, law: str, parts: Sequence[str]) -> str:
    """Say by which factor a term is wrong in some parts.

    Args:
        exercise: the exercise.
        term: the name of the term.
        law: the name of the law, as in Explanation.items().
        parts: the parts.
    """
    blocks = [part for part in parts if exercise.returns_cost and part in BLOCKS]
    where = [f"the {part}" for part in parts if part not in blocks]
    if blocks:
        where.append(f"the gradient{'s' * (len(blocks) > 1)} of {_and(blocks)}")
    subject = f"In {_and(where)} the {term} term"
    weight = exercise.weights.get(term, (0, ""))[1]
    if law.endswith(" alone"):
        by = law.removesuffix(" alone")
        says = f"does not depend on {weight}: it is weighted by {by}"
        return f"{subject} {says}. Look at what stands in front of it."
    if law in CONSTANTS:
        look = {"0": "whether it is added there", "-1": "the signs there"}.get(
            law, "the constants in front of it"
        )
        return f"{subject} {CONSTANTS[law]}. Look at {look}."
    number, _, symbol = law.partition("*")
    if symbol == "m" and 0 < float(number) < 0.5 and abs(round(1 / float(number)) - 1 / float(number)) < 1e-4:
        fixed = round(1 / float(number))
        return f"{subject} is divided by {fixed}, whatever m is. Look at where m comes from."
    used = [words for s, words in SYMBOLS.items() if s in re.findall(r"[a-z]+", law)]
    where_ = f", where {_and(used)}" if used else ""
    look = "where the examples are averaged" if "m" in law else "what it is multiplied with"
    return f"{subject} is {law} times as large as it should be{where_}. Look at {look}."


LEAD = "You would get exactly"


def with_lead(sentences: Sequence[str], parts: str = "") -> list[str]:
    """The sentences of mistakes, after a line that introduces them.

    Args:
        sentences: the sentences.
        parts: what they explain, in words; "" if it is all that is wrong.
    """
    if not sentences:
        return []
    mistakes = "this mistake" if len(sentences) == 1 else f"these {len(sentences)} mistakes together"
    return [f"{LEAD} {parts or 'this'} if you made {mistakes}:", *sentences]
