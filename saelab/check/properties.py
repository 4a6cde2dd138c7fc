"""What checks of functions with many right answers have in common.

Such a check returns a dictionary from the part that is wrong to a Fault; an empty one where all is
well. The code of a fault is the same for every size and seed, so that a known mistake is known by
the codes that it gives. Visible checks use fixed sizes, hidden tests random ones.
"""

from typing import Any

import numpy as np

from saelab.check.compare import CallFailed, Fault, difference
from saelab.check.exercise import Faults


def repeatable_faults(drawn: Any, again: Any, other: Any, what: str) -> Faults:
    """Whether `again`, from the same seed, is equal, and `other`, from another one, is not."""
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
    """The fault of a call that failed. The sizes in its message may hang on chance."""
    fault = failure.fault
    numbers = fault.code.split()[2:]
    code = [*fault.code.split()[:2], "nothing there" if "0" in numbers else ""]
    return Fault(fault, fault.kind, " ".join(code))


def not_numbers_of_shape(got: Any, shape: tuple[int, ...], name: str) -> Fault | None:
    """What keeps a result from being finite numbers of that shape, whatever their values."""
    fault = difference(got, np.zeros(shape), name, atol=np.inf)
    if fault and fault.kind == "shape":
        return Fault(fault, "shape", f"shape {name} {_sizes(np.shape(got), shape)}")
    return fault


def _sizes(got: tuple[int, ...], want: tuple[int, ...]) -> tuple[int, bool]:
    """How a shape differs from the right one, whatever the sizes."""
    if np.prod(got) != np.prod(want):
        return len(got), bool(np.prod(got) > np.prod(want))
    return len(got), got == want[::-1]
