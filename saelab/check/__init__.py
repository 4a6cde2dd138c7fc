"""Visible checks, which students run after writing a function.

    check(sigmoid)

This says that the visible checks passed, or stops with a message that names what is wrong.
"""

from saelab.check import stored
from saelab.check.diagnosis import Told, explained, told_by_terms
from saelab.check.exercise import Exercise
from saelab.check.exercises import NOTEBOOKS, exercise
from saelab.check.message import CheckFailed, Message, failed, in_notebook, show
from saelab.check.outcome import Outcome, examine
from saelab.check.terms import Explainer
from saelab.typed import Function

HIDDEN = "Hidden tests will try other sizes and random numbers when it is graded."


def check(function: Function) -> None:
    """Run the visible checks of a function that you wrote.

    The checks are found by the function's name, and try it on fixed inputs. If they pass, a message
    says so.

    Args:
        function: your function.

    Raises:
        CheckFailed: if something is wrong; the message says what to fix first. It is an
            AssertionError.
        NotImplementedError: if the function is not written yet.
        ValueError: if there is no check for a function of that name.
    """
    name = getattr(function, "__name__", repr(function))
    asked = _exercise(name)
    outcome = examine(asked, function, asked.probes, stored.wanted(name))
    if outcome.wrong():
        message = failed(asked, outcome, _told(asked, outcome))
        error = CheckFailed(str(message))
        # Elsewhere the error itself is what a reader sees.
        error.shown = in_notebook() and show(message)
        raise error
    hint = asked.hint(function) if asked.hint else None
    hints = (f"A hint, not a fault: {hint}",) if hint else ()
    show(Message(True, f"{name}: visible checks passed. {HIDDEN}", hints))


def _told(asked: Exercise, outcome: Outcome) -> Told:
    """What explains a wrong outcome: known mistakes as they are, or else its terms."""
    sentences = explained(outcome.signature, stored.known(asked.name))
    ledger = None if sentences else stored.ledger(asked.name)
    if ledger is None:
        return Told(tuple(sentences))
    explanation = Explainer(ledger.table).explain(outcome.numbers, outcome.wrong())
    return told_by_terms(asked, ledger, explanation)


def _exercise(function: str) -> Exercise:
    try:
        return exercise(function)
    except KeyError:
        known = sorted(name for exercises in NOTEBOOKS.values() for name in exercises)
        raise ValueError(
            f"there is no check for {function!r}; there are checks for {', '.join(known)}"
        ) from None
