"""An exercise: one function that students write, how it is tested, and what its parts are called.

Each notebook has a file of exercises in saelab/check/exercises/, and what those have in common is
here: fixed inputs, and tests of functions with many right answers. Nothing here contains an answer.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from saelab.check.compare import (
    RTOL,
    CallFailed,
    Fault,
    as_numbers,
    consecutive,
    difference,
)
from saelab.typed import Array, Function

Faults = dict[str, Fault]  # of the parts that are wrong

# A function's arguments are a part that it may spoil.
ARGUMENTS = "the arguments"
# Of some calls it is measured how much memory they take.
MEMORY = "memory"
BLOCKS = ("W1", "W2", "b1", "b2")


@dataclass(frozen=True)
class Probe:
    """One call of a student's function, as the checks make it.

    Attributes:
        says: a few words that say what is tried.
        args: the arguments.
        kwargs: the keyword arguments.
        part: the name of the part of the exercise that this result counts for, if it counts for
            another part than "result".
        slack: how many times the exercise's tolerance a result may be off. Random problems of a
            hidden test have more than the visible check's: what is close enough there is close
            enough on all of them.
        most: the bytes that the call may hold at once; None where that is not measured.
    """

    says: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    part: str = "result"
    slack: float = 1.0
    most: int | None = None


class Condition(NamedTuple):
    """A condition that holds for the arguments of some probes and not of others.

    Attributes:
        where: words for the case where it holds.
        elsewhere: words for the case where it does not hold.
        holds: called with the tuple of a probe's arguments; says whether the condition holds.
    """

    where: str
    elsewhere: str
    holds: Callable[[tuple[Any, ...]], Any]


class Properties(NamedTuple):
    """What must hold of every right answer, for a function that has many right answers.

    Attributes:
        parts: the names of what is examined.
        faults: called as faults(function, *arguments of a probe).
        apart: whether one mistake may explain some parts and another one the rest. Where the codes
            of faults hold no numbers, they are too coarse for that.
    """

    parts: tuple[str, ...]
    faults: Callable[..., Faults]
    apart: bool = False


@dataclass(frozen=True)
class Exercise:
    """One function that students write.

    Attributes:
        name: the name of the function.
        probes: what the visible check tries.
        results: the names of what the function returns, if it returns several things.
        by_name: whether it returns them in a dictionary.
        returns_cost: whether it returns (cost, grad); it is then called with theta and the two
            sizes first.
        blocks_of: called with these two sizes; says where the blocks of the gradient lie, by their
            names.
        properties: how to test the function, if there are many right answers.
        conditions: conditions by which a check separates the calls that go wrong from those that go
            right.
        hint: makes a remark on a right function, or None.
        called_again: whether the first probe is tried twice, to see whether something is kept from
            one call to the next; False where a call takes long.
        rtol: the allowed relative difference from the reference's results (see compare.difference).
        rest: what the term is called that no argument weighs, if the result is a sum of terms.
        weights: from each other term to the position of the argument that weighs it, and the name
            of that argument among the symbols.
        symbols: from the arguments of a probe to the sizes and weights that a factor may depend on,
            each by its name.
    """

    name: str
    probes: tuple[Probe, ...] = ()
    results: tuple[str, ...] = ()
    by_name: bool = False
    returns_cost: bool = False
    blocks_of: Callable[[int, int], dict[str, slice]] = lambda v, h: consecutive(
        W1=h * v, W2=v * h, b1=h, b2=v
    )
    properties: Properties | None = None
    conditions: tuple[Condition, ...] = ()
    hint: Callable[[Function], str | None] | None = None
    called_again: bool = True
    rtol: float = RTOL
    rest: str = "result"
    weights: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    symbols: Callable[[tuple[Any, ...]], dict[str, float]] | None = None

    @property
    def blocks(self) -> tuple[str, ...]:
        """The parts that are cut out of one array, in the order in which they lie there."""
        return tuple(self.blocks_of(1, 1)) if self.returns_cost else ()

    @property
    def apart(self) -> bool:
        """Whether one mistake may explain some parts of a result and another one the rest."""
        return self.properties is None or self.properties.apart

    @property
    def in_terms(self) -> tuple[Probe, ...]:
        """The probes on which the terms of every version are known: those before a measured one.

        What is measured is large, and versions are many.
        """
        return tuple(itertools.takewhile(lambda probe: probe.most is None, self.probes))

    def parts(self, probes: Iterable[Probe]) -> tuple[str, ...]:
        """The parts of what the function returns or does; the last one is its arguments.

        The parts of an exercise with properties are those of its properties. The memory is a part
        where it is measured.

        Args:
            probes: the calls whose parts are wanted.

        Returns:
            The names of the parts.
        """
        if self.properties:
            return self.properties.parts
        probes = list(probes)
        measured = any(probe.most is not None for probe in probes)
        return (*self.returned(probes), *([MEMORY] if measured else []), ARGUMENTS)

    def returned(self, probes: Iterable[Probe]) -> tuple[str, ...]:
        """The parts of what a function returns that has one right answer.

        Args:
            probes: the calls whose parts are wanted.

        Returns:
            The names of the parts.
        """
        if self.returns_cost:
            return ("cost", *self.blocks)
        return self.results or tuple(dict.fromkeys(probe.part for probe in probes))


# --- fixed inputs ----------------------------------------------------------------------
# They are made without random numbers, so that every version of NumPy gives the same ones. The
# outputs of the reference solution for them are stored, as numbers only, in saelab/expected/*.npz.


def wave(
    *shape: int,
    middle: float = 0.0,
    height: float = 1.0,
    start: int = 1,
    wiggle: Callable[[NDArray[Any]], Array] = np.sin,
) -> Array:
    """Make an array with the entries middle + height * sin(k) for k = start, start + 1, ...

    Args:
        *shape: the shape of the array.
        middle: the number that the entries lie around.
        height: how far from it they may lie.
        start: the first k.
        wiggle: the function to use in place of the sine.

    Returns:
        The array.
    """
    count = int(np.prod(shape))
    return (middle + height * wiggle(np.arange(start, start + count))).reshape(shape)


def theta(visible_size: int, hidden_size: int, height: float = 0.3, start: int = 1) -> Array:
    """Parameters without a zero, even among the biases, because a zero hides mistakes."""
    return wave(2 * visible_size * hidden_size + hidden_size + visible_size, height=height,
                start=start)  # fmt: skip


def large_and_small(n: int, start: int = 1) -> Array:
    """Numbers of many sizes, from 5 to 5e-6."""
    return wave(n, height=5.0, start=start) * 10.0 ** -(np.arange(n) % 7)


def examples(visible_size: int, m: int, start: int = 1) -> Array:
    """Inputs in [0.1, 0.9], (visible_size, m), which float32 holds without loss."""
    return single(wave(visible_size, m, middle=0.5, height=0.4, start=start, wiggle=np.cos))


def single(numbers: Array) -> Array:
    """The nearest numbers that float32 holds; data may be kept so, calculations may not."""
    return numbers.astype(np.float32).astype(float)


def cost_probe(
    says: str,
    v: int,
    h: int,
    m: int,
    *weights: float,
    height: float = 0.3,
    start: int = 1,
    b1: float = 0.0,
) -> Probe:
    """Make a probe that calls a cost function.

    Args:
        says: a few words that say what is tried.
        v: the number of inputs.
        h: the number of hidden units.
        m: the number of examples.
        *weights: the arguments between the sizes and the data.
        height: how large the parameters are.
        start: where the parameters and the examples begin; others begin elsewhere.
        b1: what is added to the first hidden unit's bias, and taken from the last one's; those
            between get what lies between.

    Returns:
        The Probe.
    """
    parameters = theta(v, h, height, start)
    parameters[2 * v * h : 2 * v * h + h] += np.linspace(b1, -b1, h)
    return Probe(says, (parameters, v, h, *weights, examples(v, m, start)))


def cost_symbols(args: tuple[Any, ...]) -> dict[str, float]:
    """The sizes and weights of a call of a cost function, by their names."""
    _, v, h, lambda_, *more, data = args
    m = np.shape(data)[1]
    found = {"m": m, "v": v, "h": h, "lambda": lambda_, "m-1": m - 1}
    if more:
        rho, beta = more
        found |= {"rho": rho, "beta": beta, "1-rho": 1 - rho}
    return found


ONE_EXAMPLE = Condition(
    "there is one example only", "where there are more", lambda a: np.shape(a[-1])[1] == 1
)
WITHOUT_DECAY = Condition("lambda is 0", "where it is not", lambda a: a[3] == 0)
WITHOUT_PENALTY = Condition("beta is 0", "where it is not", lambda a: a[5] == 0)


# --- functions with many right answers -----------------------------------------------------
# The test of such a function returns a dictionary from each part that is wrong to its Fault; it is
# empty if all is well. A known mistake is recognised by the codes that it gives on all problems.
# The code of a fault is the same for every seed, and holds all that a mistake's sentence says: that
# is then so for every function with that code.


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
    first, same, third = map(_flat, (drawn, again, other))
    if not np.array_equal(first, same):
        sentence = (
            f"two generators with the same seed give different {what}: draw every random number "
            "from rng"
        )
    elif np.array_equal(first, third):
        sentence = f"another seed gives the same {what}: is rng used at all?"
    else:
        return {}
    return {"repeatable": fault_of_value(sentence, sentence.partition(what)[0])}


def _flat(got: Any) -> NDArray[Any]:
    """All numbers of a result; none if it is something else."""
    numbers = as_numbers(got)
    return np.empty(0) if numbers is None else numbers.ravel()


# Right functions draw in many orders, and none may fail by bad luck. What is told lies so many
# standard errors off, which chance does once in a thousand million times at most.
SURE = 6.5


def in_order(drawn: Any) -> bool:
    """Whether random numbers grow or fall as they come, or hang together with the one before.

    Args:
        drawn: (n,), the numbers in the order in which they were drawn.
    """
    places = np.arange(len(drawn))
    return hang_together(drawn, places) or hang_together(drawn[1:], drawn[:-1])


def hang_together(one: Any, other: Any) -> bool:
    """Whether the numbers of two lists are correlated, by more than chance allows."""
    if not (np.ptp(one) and np.ptp(other)):
        return False
    return bool(abs(np.corrcoef(one, other)[0, 1]) > SURE / np.sqrt(len(one)))


def fault_of_value(sentence: str, code: str) -> Fault:
    return Fault(sentence, "value", code)


def stopped(failure: CallFailed, others: Sequence[CallFailed | None]) -> Fault:
    """Make the fault of a call that failed, and that chance may have had a part in.

    Sizes in the error's message may depend on chance. Those that most failures have in common are a
    part of the fault's code, and so is whether most calls fail.

    Args:
        failure: the error that stopped the call.
        others: what stopped similar calls with other random numbers; None where nothing did.

    Returns:
        The Fault.
    """
    fault = failure.fault
    if fault.kind != "error":
        return fault
    _, error, words, *_ = fault.code.split(" ")
    codes = [other.fault.code.split(" ") for other in others if other]
    numbers = [code[3:] for code in codes if code[1:3] == [error, words]]
    common = [Counter(column).most_common(1)[0] for column in zip(*numbers)]
    sizes = [size if count > 0.75 * len(numbers) else "varies" for size, count in common]
    code = [
        fault.kind,
        error,
        words,
        "mostly" if len(codes) > 0.9 * len(others) else "at times",
        *sizes,
    ]
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
    fault = difference(got, np.zeros(shape), name, rtol=np.inf)
    if fault and isinstance(got, (tuple, list)):
        return Fault(fault, fault.kind, f"{fault.code} of {len(got)}")
    if fault and fault.kind == "shape":
        return Fault(fault, "shape", f"shape {name} {np.shape(got)}")
    return fault


def counted(number: float, noun: str) -> str:
    """A number and a noun, which has an s unless the number is 1."""
    return f"{number:g} {noun}{'' if number == 1 else 's'}"
