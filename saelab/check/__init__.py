"""Visible checks: what a student runs after writing a function, and what it says.

    check(sigmoid)

says that the visible checks passed, or stops with a message that names what is wrong.
"""

from saelab.check import properties, stored
from saelab.check.diagnosis import explained
from saelab.check.message import CheckFailed, Message, failed, in_notebook, show
from saelab.check.outcome import Probe, examine
from saelab.check.probes import PROBES, notebook_of
from saelab.typed import Function

HIDDEN = "Hidden tests will try other sizes and random numbers when it is graded."
HINTS = {
    "sample_patches": lambda f: properties.sampling_hint(f, (3, 12, 15), 4, 1500, seed=0),
}


def check(function: Function) -> None:
    """Try a function of the course on fixed inputs, by its name.

    Says that the visible checks pass, where they do.
    Errors: CheckFailed, an AssertionError, says what to mend first. NotImplementedError passes
    through where the function is not written yet. ValueError where no check has that name.
    """
    name = getattr(function, "__name__", repr(function))
    outcome = examine(name, function, _probes(name), stored.wanted(name))
    if outcome.wrong():
        message = failed(name, outcome, explained(outcome.signature, stored.known(name)))
        error = CheckFailed(str(message))
        # Elsewhere the error itself is what a reader sees.
        error.shown = in_notebook() and show(message)
        raise error
    hint = HINTS[name](function) if name in HINTS else None
    told = (f"A hint, not a fault: {hint}",) if hint else ()
    show(Message(True, f"{name}: visible checks passed. {HIDDEN}", told))


def _probes(name: str) -> list[Probe]:
    try:
        return PROBES[notebook_of(name)][name]
    except KeyError:
        known = sorted(f for probes in PROBES.values() for f in probes)
        raise ValueError(
            f"there is no check for {name!r}; there are checks for {', '.join(known)}"
        ) from None
