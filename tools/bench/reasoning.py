"""How far the checks reason: what they say of a mistake that they cannot look up.

- **without look-up**: each known mistake, where the table of signatures is empty. It is *named* if
  its terms, or the fault itself (nothing returned, another shape, an argument changed, and so on),
  say what is wrong.
- **left out**: each known mistake, where the catalogue does not hold it: neither its signature nor
  its sentence nor the forms that come from it alone. It is *named* if terms and laws explain
  something of it, and *wrong* if one of the parts that they explain comes out in another way on
  problems that they have not seen, or if a known mistake is named that gives other numbers there.
- **degenerate**: results that say nothing of how they were made: zeros, ones, a constant, True and
  False, whole numbers, an array that nothing was filled in. None may be *named*.
"""

import functools
import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np

from autograder.exercises.marks import problems
from autograder.exercises.mistakes import catalogue, mistaken, signature_of
from autograder.exercises.reference import made, results_of, solution_text
from autograder.exercises.terms import forms, made_of, table, verified
from autograder.exercises.versions import versions
from saelab import progress
from saelab.check import stored
from saelab.check.diagnosis import Known, explained, fitting
from saelab.check.exercises import exercise
from saelab.check.outcome import examine
from saelab.check.terms import Explainer
from saelab.check.words import LEAD, Ledger, told_by_terms
from tools.bench.trials import by_check

# Faults that say themselves what is wrong.
IN_WORDS = {"error", "none", "type", "shape", "dtype", "finite", "changed", "kept", "stream"}
FIGURES = (
    "named_without_lookup", "left_out", "left_out_named", "left_out_wrong", "degenerate",
    "degenerate_named",
)  # fmt: skip
Figures = tuple[Counter[str], list[str]]  # and what went wrong, one line for each


def reasoning(function: str) -> Figures:
    """The figures of one function, and a line for each failure."""
    found, lines = Counter[str](), list[str]()
    for part in (without_lookup, left_out, degenerate):
        figures, failed = part(function)
        found += figures
        lines += [f"{function}: {line}" for line in failed]
    return found, lines


def without_lookup(function: str) -> Figures:
    """Each known mistake, where no signature is known."""
    asked, found, lines = exercise(function), Counter[str](), []
    ledger = stored.ledger(function)
    wanted = stored.wanted(function)
    for mistake in catalogue(function):
        outcome = examine(asked, _wrong(function, mistake), asked.probes, wanted)
        worded = {
            part
            for faults in outcome.faults
            for part, fault in faults.items()
            if asked.properties or fault.kind in IN_WORDS or part in outcome.empty
        }
        rest = [part for part in outcome.wrong() if part not in worded]
        if rest and ledger:
            explanation = Explainer(ledger.table, asked.blocks).explain(outcome.numbers, rest)
            rest = explanation.vague
        found["named_without_lookup"] += not rest
        if rest:
            lines.append(f"not named without look-up: {mistake.name} ({', '.join(rest)})")
    return found, lines


def left_out(function: str) -> Figures:
    """Each known mistake, where the catalogue does not hold it."""
    asked, found, lines = exercise(function), Counter[str](), []
    known, wanted = stored.known(function), stored.wanted(function)
    probes = problems(function, 7).probes
    right = results_of(asked, made(solution_text(function), function), probes)
    ledger = None if asked.properties else _ledger(function)
    for number, mistake in enumerate(catalogue(function)):
        found["left_out"] += 1
        outcome = examine(asked, _wrong(function, mistake), asked.probes, wanted)
        sentences = explained(outcome.signature, _without(known, number))
        if sentences:
            # Another mistake that does the same is no wrong name.
            fresh = signature_of(function, (mistake,), probes, right)
            others = [
                signature_of(function, (m,), probes, right)
                for m in catalogue(function)
                if m.says in sentences
            ]
            wrong = fresh is None or not all(
                other is not None and len(fitting(fresh, other[None])) for other in others
            )
            found["left_out_named"] += not wrong
        elif ledger is None:
            continue
        else:
            told, explanation, own = ledger(mistake, outcome)
            rest = verified(
                function, explanation, own, probes,
                examine(asked, _wrong(function, mistake), probes, right),
            )  # fmt: skip
            wrong = bool(told) and set(rest.readings) != set(explanation.readings)
            found["left_out_named"] += bool(told) and not wrong
            sentences = list(told)
        found["left_out_wrong"] += wrong
        if wrong:
            lines.append(f"left out, told wrongly: {mistake.name}: {' '.join(sentences)}")
        elif not sentences:
            lines.append(f"left out, nothing told: {mistake.name}")
    return found, lines


def _ledger(function: str) -> Callable[..., Any]:
    """Explains an outcome by all forms but those that come from one mistake alone."""
    asked = exercise(function)
    with np.errstate(all="ignore"):
        whole, origin = table(function, asked.probes, forms(function, asked.probes))
        items = made_of(function, asked.probes, stored.wanted(function), whole)
    every = tuple(versions(function))

    def explain(mistake: Any, outcome: Any) -> Any:
        left = [
            [v for v in of if every[v].mistake is None or every[v].says != mistake.says]
            for of in origin
        ]
        banned = {form for form, of in enumerate(left) if form and not of}
        says = ["", *(every[of[0]].says if of else "" for of in left[1:])]
        own = Ledger(
            type(whole)(**{**vars(whole), "says": says}),
            {says: frozenset(of) for says, of in items if says != mistake.says},
            tuple(of[0] if of else -1 for of in left),
        )
        explanation = Explainer(own.table, asked.blocks, banned).explain(
            outcome.numbers, outcome.unlike()
        )
        return told_by_terms(asked, own, explanation).sentences, explanation, own

    return explain


def _without(known: Known, number: int) -> Known:
    kept = np.arange(len(known.sentences)) != number
    pairs = ~(known.of == number).any(axis=1) if len(known.of) else np.zeros(0, bool)
    singles = np.where(kept[:, None, None, None], known.singles, 0)
    return Known(known.sentences, singles, known.of[pairs], known.pairs[pairs], known.apart)


def _wrong(function: str, mistake: Any) -> Any:
    np.random.seed(0)
    return mistaken(function, mistake)


def _like(value: Any, bend: Callable[[np.ndarray], Any]) -> Any:
    if isinstance(value, dict):
        return type(value)({key: _like(item, bend) for key, item in value.items()})
    if isinstance(value, tuple):
        return tuple(_like(item, bend) for item in value)
    array = np.asarray(value)
    if array.dtype.kind not in "fiu":
        return value
    array = array.astype(float)
    return bend(array) if array.ndim else bend(array)[()]


def _given(version: Any) -> Any:
    return version


EMPTY: dict[str, Callable[[np.ndarray], Any]] = {
    "zeros": np.zeros_like,
    "ones": np.ones_like,
    "a constant": lambda a: np.full_like(a, 0.37),
    "another constant": lambda a: np.full_like(a, -2.0),
    "True or False": lambda a: a > 0.4,
    "True": lambda a: np.ones(a.shape, bool),
    "whole numbers": lambda a: np.round(a).astype(int),
    "nothing filled in": lambda a: np.full_like(a, np.nan),
}


def degenerate(function: str) -> Figures:
    """Results that say nothing of how they were made."""
    found, lines = Counter[str](), []
    sentences = {"".join(m.says.split()) for m in catalogue()}
    for label, bend in EMPTY.items():
        right = made(solution_text(function), function)

        @functools.wraps(right)
        def version(*args: Any, bend: Any = bend, right: Any = right, **kwargs: Any) -> Any:
            return _like(right(*args, **kwargs), bend)

        verdict = by_check(functools.partial(_given, version))
        packed = "".join(verdict.text.split())
        named = "".join(LEAD.split()) in packed or any(says in packed for says in sentences)
        found["degenerate"] += 1
        found["degenerate_named"] += named
        if named or not verdict.noticed:
            lines.append(f"degenerate, {'named' if named else 'not noticed'}: {label}")
    return found, lines


def figures(
    names: Sequence[str], workers: int | None = None
) -> tuple[dict[str, Counter[str]], list[str]]:
    """The figures of some functions, and a line for each failure.

    Args:
        names: the functions' names.
        workers: how many processes to use; None for one for each core.
    """
    found, lines = {}, list[str]()
    with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
        done = progress.bar(list(pool.map(reasoning, names)), "reasoning", unit="function")
        for name, (own, failed) in zip(names, done):
            found[name] = own
            lines += failed
    return found, lines
