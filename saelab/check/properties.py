"""What the checks of functions with many right answers have in common.

Such a check returns a dictionary from each part that is wrong to its Fault; it is empty if all is
well. The code of a fault is the same for every size and seed, so that a known mistake can be
recognised by the codes that it gives. Visible checks use fixed sizes, hidden tests random ones.
"""

from typing import Any

import numpy as np

from saelab.check.compare import CallFailed, Fault, difference
from saelab.check.exercise import Faults


def repeatable_faults(drawn: Any, again: Any, other: Any, what: str) -> Faults:
    """Check that equal seeds give equal results, and different seeds different ones.

    Args:
        drawn: the result from one seed.
        again: the result from the same seed.
        other: the result from another seed.
        what: what the sentence calls the results.

    Returns:
        The fault of the part "repeatable"; empty if all is well.
    """
    if not np.array_equal(drawn, again):
        sentence = (
            f"two generators with the same seed give different {what}: draw every random number "
            "from rng"
        )
    elif np.array_equal(drawn, other):
        sentence = f"another seed gives the same {what}: is rng used at all?"
    else:
        return {}
    return {"repeatable": fault_of_value(sentence, sentence.partition(what)[0])}


def fault_of_value(sentence: str, code: str) -> Fault:
    return Fault(sentence, "value", code)


def stopped(failure: CallFailed) -> Fault:
    """Make the fault of a call that failed.

    The sizes in the error's message may depend on chance, so they are left out of the fault's code.

    Args:
        failure: the error that stopped the call.

    Returns:
        The Fault.
    """
    fault = failure.fault
    numbers = fault.code.split()[2:]
    code = [*fault.code.split()[:2], "nothing there" if "0" in numbers else ""]
    return Fault(fault, fault.kind, " ".join(code))


def not_numbers_of_shape(got: Any, shape: tuple[int, ...], name: str) -> Fault | None:
    """Check that a result consists of finite numbers and has a shape, whatever the values.

    Args:
        got: the result.
        shape: the right shape.
        name: what the sentence calls the result.

    Returns:
        The Fault, or None if all is well.
    """
    fault = difference(got, np.zeros(shape), name, atol=np.inf)
    if fault and fault.kind == "shape":
        return Fault(fault, "shape", f"shape {name} {_sizes(np.shape(got), shape)}")
    return fault


def _sizes(got: tuple[int, ...], want: tuple[int, ...]) -> tuple[int, bool]:
    """How a shape differs from the right one, in a form that does not depend on the sizes."""
    if np.prod(got) != np.prod(want):
        return len(got), bool(np.prod(got) > np.prod(want))
    return len(got), got == want[::-1]
