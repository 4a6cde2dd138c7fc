"""The terms of a function's results, in their right form and in that of each version of it.

A cost is linear in lambda and beta. So each of its terms is found without a formula: the function
is called with all weights 0, and with one of them 1 (see saelab.check.exercise.Exercise.weights).
"""

import contextlib
import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.exercises.mistakes import catalogue, mistaken
from autograder.exercises.versions import Version, built, versions
from saelab.check.compare import CallFailed, attempt
from saelab.check.exercise import Exercise, Probe
from saelab.check.exercises import exercise
from saelab.check.laws import Laws, symbols_of
from saelab.check.outcome import Outcome, examine, numbers_of
from saelab.check.terms import Explainer, Explanation, Item, Table, gives, sketch, unmoved
from saelab.check.words import Ledger

# Rows that are closer than this are one: they are stored in single precision.
ALIKE = 3e-6

LARGEST = 1e30
# Of a form that several slips have, each with another sentence.
SOMEWHERE = (
    "In {} something is missing, or is not the right one. Look at each quantity, sign and power."
)

Function = Callable[..., Any]
Terms = dict[str, dict[str, np.ndarray]]  # from part to term to numbers
Numbers = list[Terms]  # for each problem


@dataclass(frozen=True)
class Form:
    """A version of a function, and the numbers of its terms on a list of problems."""

    version: int
    says: str
    numbers: Numbers
    place: str = ""


def terms_of(asked: Exercise, function: Function, probes: Iterable[Probe]) -> Numbers | None:
    """The terms of a function's results.

    Args:
        asked: the function's exercise.
        function: the function, or a wrong version of it.
        probes: the problems.

    Returns:
        For each problem, from part to term to the term's numbers, without its weight; None if the
        function fails on one of them, or if its results are no such sums.
    """
    found: Numbers = []
    for probe in probes:
        terms = _terms_on(asked, function, probe)
        if terms is None:
            return None
        found.append(terms)
    return found


def _terms_on(asked: Exercise, function: Function, probe: Probe) -> Terms | None:
    own = {term: float(probe.args[position]) for term, (position, _) in asked.weights.items()}
    base = _numbers_at(asked, function, probe, {})
    whole = _numbers_at(asked, function, probe, own)
    if base is None or whole is None:
        return None
    found = {part: {asked.rest: numbers} for part, numbers in base.items()}
    for term in asked.weights:
        alone = _numbers_at(asked, function, probe, {term: 1.0})
        if alone is None:
            return None
        for part, terms in found.items():
            terms[term] = alone[part] - base[part]
    for part, terms in found.items():
        parts = [numbers * own.get(term, 1.0) for term, numbers in terms.items()]
        size = max(np.abs(numbers).max(initial=0) for numbers in parts)
        if not np.abs(sum(parts) - whole[part]).max(initial=0) <= 1e-9 * size + 1e-13:
            return None
    return found


def _numbers_at(
    asked: Exercise, function: Function, probe: Probe, weights: dict[str, float]
) -> dict[str, np.ndarray] | None:
    """The numbers of each part under other weights; None if one is not to be had."""
    args = list(probe.args)
    for term, (position, _) in asked.weights.items():
        args[position] = weights.get(term, 0.0)
    try:
        got, changed = attempt(function, *args, **probe.kwargs)
    except (CallFailed, NotImplementedError):
        return None
    numbers = numbers_of(asked, got, probe)
    if changed or numbers is None:
        return None
    if not all((np.abs(array) < LARGEST).all() for array in numbers.values()):
        return None
    return {part: sketch(array) for part, array in numbers.items()}


@functools.cache
def _versions(name: str) -> tuple[Version, ...]:
    return tuple(versions(name))


def _right(name: str, probes: Iterable[Probe]) -> Numbers:
    """The terms of the reference."""
    found = terms_of(exercise(name), built(name), probes)
    if found is None:
        terms = ", ".join((exercise(name).rest, *exercise(name).weights))
        raise ValueError(
            f"the results of {name} are no sum of its terms ({terms}): look at `weights` of its "
            "exercise in saelab/check/exercises/; a result is linear in each of these arguments, "
            f"also where they are 0 or 1, and its numbers are below {LARGEST:g}"
        )
    return found


def forms(
    name: str,
    probes: Sequence[Probe],
    which: Iterable[int] | None = None,
    limit: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext,
) -> list[Form]:
    """Versions of a function with the numbers of their terms.

    Args:
        name: the function's name.
        probes: the problems.
        which: the versions' numbers, in the order of versions(); None for all of them.
        limit: makes what each version is tried in; a TimeoutError from it leaves the version out.

    Returns:
        Those that work on each problem, and whose results are as many numbers as the right ones.
    """
    asked, found = exercise(name), []
    right = _lengths(_right(name, probes))
    known = _versions(name)
    for number in range(len(known)) if which is None else which:
        with contextlib.suppress(TimeoutError), limit():
            try:
                function = known[number].make(name)
            except Exception:
                continue  # no program, or one that stops while it is defined
            numbers = terms_of(asked, function, probes)
            if numbers is not None and _lengths(numbers) == right:
                found.append(Form(number, known[number].says, numbers, known[number].place))
    return found


def _lengths(numbers: Numbers) -> list[dict[str, int]]:
    return [{part: len(next(iter(terms.values()))) for part, terms in one.items()}
            for one in numbers]  # fmt: skip


def table(
    name: str, probes: Sequence[Probe], candidates: Iterable[Form]
) -> tuple[Table, list[list[int]]]:
    """The table of a function's terms.

    Of forms that are alike the first is kept; if others say something else of the same
    place, no more is said than where it is. In a part where each term is the right one times a
    factor that obeys a law, a form is no form: laws tell it without being asked.

    Args:
        name: the function's name.
        probes: the problems.
        candidates: the forms, best first.

    Returns:
        The table, and for each of its forms the numbers of the versions that have it.
    """
    asked = exercise(name)
    right = _right(name, probes)
    parts = asked.returned(probes)
    terms = (asked.rest, *asked.weights)
    symbols = symbols_of(probes, asked.symbols)
    made = _Rows(parts, terms, right, Laws(symbols, len(probes)))
    use, says, origin, places = [made.right], [""], [list[int]()], [""]
    place = {made.right.tobytes(): 0}
    for form in candidates:
        rows = made.of(form.numbers)
        at = place.setdefault(rows.tobytes(), len(use))
        if at == len(use):
            use.append(rows)
            says.append(form.says)
            origin.append([])
            places.append(form.place)
        elif says[at] != form.says and form.place and form.place == places[at]:
            says[at] = SOMEWHERE.format(form.place)
        origin[at].append(form.version)
    weights = {term: symbol for term, (_, symbol) in asked.weights.items()}
    rows_of = [np.array(rows) for rows in made.rows]
    found = Table(parts, terms, symbols, weights, made.cuts, rows_of, np.array(use), says)
    return found, origin


class _Rows:
    """Rows of numbers, each kept once, and which of them the terms of each part take."""

    def __init__(
        self, parts: Sequence[str], terms: Sequence[str], right: Numbers, laws: Laws
    ) -> None:
        self.parts, self.terms, self.laws = parts, terms, laws
        lengths = [
            [len(one[part][terms[0]]) if part in one else 0 for one in right] for part in parts
        ]
        self.cuts = [np.cumsum([0, *own]) for own in lengths]
        self.rows: list[list[np.ndarray]] = [[np.zeros(cut[-1])] for cut in self.cuts]
        self.right = np.array([self._numbers(p, self._joined(p, right)) for p in range(len(parts))])

    def of(self, numbers: Numbers) -> np.ndarray:
        """The rows that the terms take, (parts, terms)."""
        found = self.right.copy()
        for p in range(len(self.parts)):
            joined = self._joined(p, numbers)
            right = [self.rows[p][row] for row in self.right[p]]
            if not all(self._lawful(p, *pair) for pair in zip(joined, right)):
                found[p] = self._numbers(p, joined)
        return found

    def _joined(self, p: int, numbers: Numbers) -> list[np.ndarray]:
        """Each term of a part on all problems; zero where only rounding is left."""
        found = [
            np.concatenate([one[self.parts[p]][term] for one in numbers if self.parts[p] in one])
            for term in self.terms
        ]
        size = max(np.abs(row).max(initial=0) for row in found)
        return [np.where(np.abs(row) < 1e-12 * size, 0, row) for row in found]

    def _numbers(self, p: int, joined: Iterable[np.ndarray]) -> list[int]:
        found = []
        for row in joined:
            apart = np.abs(np.array(self.rows[p]) - row).max(axis=1, initial=0)
            same = np.flatnonzero(apart <= ALIKE * np.abs(row).max(initial=0))
            if not len(same):
                self.rows[p].append(row)
            found.append(int(same[0]) if len(same) else len(self.rows[p]) - 1)
        return found

    def _lawful(self, p: int, row: np.ndarray, right: np.ndarray) -> bool:
        """Whether a row is the right one, but for a factor that obeys a law over the problems."""
        pieces = [slice(*cut) for cut in zip(self.cuts[p], self.cuts[p][1:])]
        factors, known = np.zeros(len(pieces)), np.zeros(len(pieces), bool)
        for k, piece in enumerate(pieces):
            y, r = row[piece], right[piece]
            if r @ r < 1e-26:
                if np.abs(y).max(initial=0) > 1e-13:
                    return False
                continue
            factors[k], known[k] = (y @ r) / (r @ r), True
            if np.abs(y - factors[k] * r).max() > ALIKE * np.abs(y).max(initial=0) + 1e-15:
                return False
        return not known.any() or bool(self.laws.recognised(factors, known))


def made_of(
    name: str, probes: Sequence[Probe], wanted: Sequence[Sequence[np.ndarray]], known: Table
) -> list[tuple[str, list[Item]]]:
    """What each known mistake of a function departs in, by its sentence.

    Args:
        name: the function's name.
        probes: the problems.
        wanted: for each problem, the arrays that the reference returns.
        known: the table of the function's terms on them.

    Returns:
        For each mistake that terms explain in all parts, its sentence and its departures.
    """
    asked, explainer, found = exercise(name), Explainer(known, exercise(name).blocks), []
    for mistake in catalogue(name):
        outcome = examine(asked, mistaken(name, mistake), probes, wanted)
        explanation = explainer.explain(outcome.numbers, outcome.wrong())
        items = explanation.items(known)
        if items and not explanation.vague:
            found.append((mistake.says, sorted(items)))
    return found


def verified(
    name: str,
    explanation: Explanation,
    ledger: Ledger,
    probes: Sequence[Probe],
    outcome: Outcome,
) -> Explanation:
    """What is left of an explanation on problems that it was not made from.

    Args:
        name: the function's name.
        explanation: the explanation, found on the visible probes.
        ledger: the terms by which it was found.
        probes: other problems.
        outcome: what the function did on them.

    Returns:
        The Explanation without the parts in which something else comes out than it says.
    """
    asked, known = exercise(name), ledger.table
    places = [k for k in range(len(probes)) if explanation.whole or outcome.numbers[k] is not None]
    probes, results = [probes[k] for k in places], [outcome.numbers[k] for k in places]
    used = {form for reading in explanation.readings.values() for form in reading.forms}
    right = _right(name, probes)
    wanted = sorted(ledger.versions[form] for form in used)
    own = {form.version: form.numbers for form in forms(name, probes, wanted)}
    symbols = {"": np.ones(len(probes)), **symbols_of(probes, asked.symbols)}
    kept, vague = {}, list(explanation.vague)
    came_out = unmoved(results, explanation.order or asked.blocks)
    for part, reading in explanation.readings.items():
        place = known.parts.index(part)
        numbers: list[Numbers | None] = [right] * len(known.terms)
        for form in reading.forms:
            for t in np.flatnonzero(known.use[form, place] != known.use[0, place]):
                numbers[t] = own.get(ledger.versions[form])
        factors = [
            law.values(symbols)
            * symbols[known.weights.get(term, "") if t not in reading.swapped else ""]
            for t, (term, law) in enumerate(zip(known.terms, reading.laws))
        ]
        if _come_out(part, known.terms, numbers, factors, came_out):
            kept[part] = reading
        else:
            vague.append(part)
    return replace(explanation, readings=kept, vague=vague)


def _come_out(
    part: str,
    terms: Sequence[str],
    numbers: Sequence[Numbers | None],
    factors: Sequence[np.ndarray],
    results: Sequence[dict[str, np.ndarray] | None],
) -> bool:
    """Whether these terms with these factors are a part's results, on each problem that has it."""
    whole = [one for one in numbers if one is not None]
    if len(whole) < len(numbers):
        return False  # a form cannot be had here
    for k, came in enumerate(results[: len(whole[0])]):
        if part not in whole[0][k]:
            continue
        rows = np.array([one[k][part][term] for one, term in zip(whole, terms)])
        y = None if came is None or part not in came else sketch(came[part])
        if not gives(rows, [factor[k] for factor in factors], y, 1e-6, np.abs(rows).max(initial=0)):
            return False
    return True
