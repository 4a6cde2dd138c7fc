"""What a function does on a list of problems: what is wrong with each part, and its signature.

A signature is a few numbers for each problem and part. It allows two outcomes to be compared
without the results themselves. The numbers are the kind of fault, and two weighted sums of the
numbers that came out; each sum gives each entry its own weight. A signature is the same on every
processor, within a tolerance.
"""

import itertools
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from saelab.check.batches import Batches, Reading
from saelab.check.compare import (
    KINDS,
    CallFailed,
    Fault,
    as_numbers,
    attempt,
    cost_differences,
    fault_of_error,
    measured,
    result_differences,
    unpacked,
)
from saelab.check.exercise import ARGUMENTS, MEMORY, Exercise, Faults, Probe, fault_of_value
from saelab.typed import Array, Function

Pair = tuple[NDArray[Any] | None, NDArray[Any]]  # what came out, if numbers, and what should
Numbers = dict[str, Pair]  # of each part
Tried = tuple[Faults, Numbers, dict[str, NDArray[Any]] | None]  # what came of one call

NO_NUMBERS = ("error", "none", "type")
UNLIKE_NUMBERS = (*NO_NUMBERS, "shape", "dtype", "finite")
NOTHING = ": look whether anything is computed there"
NOT_FINITE = ": look for a division by zero, a logarithm of what is not positive, or an overflow"
VALUE = KINDS.index("value")
NOT_JUDGED = "nothing that it returns is right, so what it needs for that says nothing"
WHOLE = 2.0**52  # from here on all floats are whole numbers
AGREE = 1e-6  # float32 keeps 6e-8 of a number, and what is right is right to 1e-7


@dataclass
class Outcome:
    """What a function did on some problems; the last problem may be the first one again.

    Attributes:
        parts: the names of the parts.
        problems: the probes.
        faults: for each problem, a dictionary from each part that is wrong to its Fault.
        signature: (problems, parts, 3) float32, zero where a part is right.
        numbers: for each problem, from part to the numbers that came out; None where none did.
        empty: from each part whose numbers say nothing of how they were made, such as zeros, to
            what they are.
    """

    parts: tuple[str, ...]
    problems: list[Probe]
    faults: list[Faults]
    signature: NDArray[np.float32]
    numbers: list[dict[str, NDArray[Any]] | None] = field(default_factory=list)
    empty: dict[str, str] = field(default_factory=dict)

    def wrong(self) -> list[str]:
        """The names of the parts that are wrong on any problem, in their order."""
        return [part for part in self.parts if any(part in faults for faults in self.faults)]

    def unlike(self) -> list[str]:
        """The parts that are wrong by more than lost digits."""
        digits = ("digits", "dtype")
        return [
            part
            for part in self.wrong()
            if any(part in found and found[part].kind not in digits for found in self.faults)
        ]

    def on(self, places: Sequence[int]) -> "Outcome":
        """The same on some of the problems alone.

        Args:
            places: the numbers of the problems.
        """

        def chosen(of: list[Any]) -> list[Any]:
            return [of[k] for k in places] if of else []

        return Outcome(
            self.parts,
            chosen(self.problems),
            chosen(self.faults),
            self.signature[places],
            chosen(self.numbers),
            self.empty,
        )

    def first(self, part: str) -> tuple[Fault, Probe]:
        """The fault of a part that has to be fixed first, as (fault, problem)."""
        found = [(f[part], p) for f, p in zip(self.faults, self.problems) if part in f]

        def order(pair: tuple[Fault, Probe]) -> int:
            """A wrong number on an ordinary problem comes before an overflow on a demanding one."""
            fault, _ = pair
            return VALUE if fault.kind == "finite" else fault.rank

        return min(found, key=order)


@np.errstate(all="ignore")  # what a notebook asks of its own calculations is not asked of these
def examine(
    exercise: Exercise,
    function: Function,
    problems: Iterable[Probe],
    wanted: Iterable[Sequence[NDArray[Any]]],
) -> Outcome:
    """Try a function on problems.

    Args:
        exercise: the exercise that the function was written for.
        function: the function.
        problems: the probes.
        wanted: for each problem, the list of arrays that the reference solution returns. It is not
            used for functions with many right answers.

    Returns:
        The Outcome.

    Raises:
        NotImplementedError: if the function is not written yet: it raises this on each problem.
    """
    problems, wanted = list(problems), list(wanted)
    parts = exercise.parts(problems)
    if exercise.properties:
        watched = _Watched(function)
        faults = [exercise.properties.faults(watched, *p.args) for p in problems]
        marks = np.array([[_mark(f.get(part)) for part in parts] for f in faults], np.float32)
        outcome = Outcome(parts, problems, faults, marks)
        says = _empty(watched.numbers, [np.zeros(1)]) if outcome.wrong() else None
        outcome.empty |= dict.fromkeys(parts, says) if says else {}
        return outcome
    if exercise.called_again:
        says = f"once more: {problems[0].says}"
        first = problems[0]
        problems.append(replace(first, says=says))
        wanted.append(wanted[0])
    tried = _tried_on_all(exercise, function, problems, wanted)
    faults = [faults for faults, _, _ in tried]
    numbers = [numbers for _, numbers, _ in tried]
    signature = np.zeros((len(problems), len(parts), 3))
    for row, found, numbers_of in zip(signature, faults, numbers):
        for place, part in enumerate(parts):
            if part in found:
                row[place] = _mark(found[part], numbers_of.get(part))
    _find_what_is_kept(exercise.called_again, faults, numbers, wanted, signature)
    came_out = [numbers for _, _, numbers in tried]
    outcome = Outcome(parts, problems, faults, signature.astype(np.float32), came_out)
    for part in outcome.wrong():
        if any(part in found and found[part].kind in NO_NUMBERS for found in faults):
            continue  # what few numbers came out stand for nothing
        pairs = [found[part] for found in numbers if part in found]
        got = [array for array, _ in pairs if array is not None]
        if len(got) < len(pairs):
            continue  # some are no real numbers
        says = _empty(got, [want for _, want in pairs])
        if says:
            outcome.empty[part] = says
    return outcome


def _empty(got: Sequence[NDArray[Any]], wanted: Sequence[NDArray[Any]]) -> str | None:
    """What numbers are that say nothing of how they were made; None if they may say something.

    Args:
        got: what came out, for each problem.
        wanted: what should.
    """
    if not got or any(not array.size for array in got):
        return None
    flat = [array.ravel() for array in got]
    right = np.concatenate([np.ravel(array) for array in wanted])
    if all(array.dtype.kind == "b" for array in flat):
        return "True or False, and no number: look for a comparison that is returned"
    if not any(np.isfinite(array).any() for array in flat):
        names = dict.fromkeys(str(float(value)) for array in flat for value in array)
        return f"{' or '.join(names)} everywhere{NOT_FINITE}"
    if all((array == array[0]).all() for array in flat):
        values = {float(array[0]) for array in flat}
        if len(values) == 1:
            value = values.pop() + 0.0  # which is no -0
            if len(flat) > 1 and all(array.size == 1 for array in flat) and value not in (0, 1):
                return f"{value:g} whatever the arguments are: look whether they are used"
            return f"{value:g} everywhere{NOTHING}"
        if max(array.size for array in flat) > 1:
            return f"the same number in all entries{NOTHING}"
    whole = all(((array == np.round(array)) & (abs(array) < WHOLE)).all() for array in flat)
    kept_whole = all(array.dtype.kind in "iu" for array in flat)
    fractions = bool((right != np.round(right)).any())
    # Where right results are whole numbers, such as those of units, others may well be.
    if whole and (fractions or (kept_whole and right.size == 1)):
        return (
            "whole numbers only: look for a step that rounds, counts or compares, or for an array "
            "of integers"
        )
    return None


class _Watched:
    """A function whose results are kept, as far as they are numbers."""

    def __init__(self, function: Function) -> None:
        self.function, self.numbers = function, list[NDArray[Any]]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.function, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = self.function(*args, **kwargs)
        for value in result.values() if isinstance(result, dict) else [result]:
            array = as_numbers(value)
            if array is not None:
                self.numbers.append(array)
        return result


def _tried_on_all(
    exercise: Exercise,
    function: Function,
    problems: Sequence[Probe],
    wanted: Sequence[Sequence[NDArray[Any]]],
) -> list[Tried]:
    """What came of each call. If some calls alone say that something is not written, they failed.

    Raises:
        NotImplementedError: if all do.
    """
    tried, unwritten = list[Tried](), list[NotImplementedError]()
    for problem, right in zip(problems, wanted):
        try:
            tried.append(_try(exercise, function, problem, right))
        except NotImplementedError as error:
            unwritten.append(error)
            tried.append(_stopped(exercise, problem, fault_of_error(function, error)))
    if len(unwritten) == len(problems):
        raise unwritten[0]
    return tried


def _stopped(exercise: Exercise, problem: Probe, fault: Fault) -> Tried:
    """What came of a call that failed: of the arguments nothing can be said.

    A call that is measured is slow and large, and is about the memory alone.
    """
    parts = exercise.parts([problem])[:-1] if problem.most is None else (MEMORY,)
    return dict.fromkeys(parts, fault), {}, None


def _try(
    exercise: Exercise, function: Function, problem: Probe, wanted: Sequence[NDArray[Any]]
) -> Tried:
    """The faults of one call, the pairs of numbers, and what came out, each from part."""
    rtol = exercise.rtol * problem.slack
    tried: Any = function if problem.most is None else measured(function)
    streams = {i: Reading(a) for i, a in enumerate(problem.args) if isinstance(a, Batches)}
    args = [streams[i].function() if i in streams else a for i, a in enumerate(problem.args)]
    try:
        got, changed = attempt(tried, *args, **problem.kwargs)
    except CallFailed as failure:
        return _stopped(exercise, problem, failure.fault)
    for place, stream in streams.items():
        # A function that runs elsewhere reports what it changed.
        stream.spoiled |= place in getattr(tried, "changed", {})
        changed = changed or stream.fault()
    if exercise.returns_cost:
        blocks = exercise.blocks_of(*problem.args[1:3])
        faults = cost_differences(got, float(wanted[0]), wanted[1], blocks, rtol)
        wanted = [wanted[0], *(wanted[1][where] for where in blocks.values())]
    else:
        faults = result_differences(got, wanted, exercise.results or None, exercise.by_name, rtol)
        if not exercise.results:
            faults = {problem.part: faults["result"]} if faults else {}
    found = _in_parts(exercise, got, problem)
    numbers = {part: (array, want) for (part, array), want in zip(found.items(), wanted)}
    for stream in streams.values():
        first = next(iter(faults), None)
        if first:
            faults[first] = stream.explained(faults[first])
        if problem.most is not None:
            too_much = stream.too_much(tried.held, problem.most)
            # A function that does nothing needs no memory.
            if not too_much and set(faults) >= set(exercise.returned([problem])):
                too_much = fault_of_value(NOT_JUDGED, "value")
            if too_much:
                faults[MEMORY] = too_much
    if changed:
        faults[ARGUMENTS] = changed
    return faults, numbers, numbers_of(exercise, got, problem)


def _in_parts(exercise: Exercise, got: Any, probe: Probe) -> dict[str, NDArray[Any] | None]:
    """A result part by part, each as numbers if it is some; {} if it does not have these parts.

    A gradient of another size is the whole of it in each block.
    """
    if not exercise.returns_cost:
        names, several = exercise.returned([probe]), _several(got, exercise.results or None)
        return dict(itertools.zip_longest(names, map(as_numbers, several)))
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        return {}
    cost, grad = map(as_numbers, got)
    if cost is not None and grad is not None and cost.size == len(probe.args[0]) > grad.size:
        cost, grad = grad, cost  # in the other order, they are what they are
    found = {"cost": cost}
    for part, where in exercise.blocks_of(*probe.args[1:3]).items():
        fits = grad is not None and grad.size == np.size(probe.args[0])
        found[part] = grad.ravel()[where] if grad is not None and fits else grad
    return found


def _several(got: Any, names: Sequence[str] | None) -> list[Any]:
    if names is None:
        return [got]
    if isinstance(got, dict):
        return [got.get(name) for name in names]
    return unpacked(got, len(names)) or []


def numbers_of(exercise: Exercise, got: Any, probe: Probe) -> dict[str, NDArray[Any]] | None:
    """The numbers of each part of a result.

    Args:
        exercise: the exercise that the function was written for.
        got: what the function returned.
        probe: the call.

    Returns:
        From part to array; None if the result does not have these parts.
    """
    found = _in_parts(exercise, got, probe)
    numbers = {part: array for part, array in found.items() if array is not None}
    if not numbers or len(numbers) < len(found):
        return None
    blocks = exercise.blocks_of(*probe.args[1:3]) if exercise.returns_cost else {}
    if any(numbers[part].size != where.stop - where.start for part, where in blocks.items()):
        return None
    return numbers


def _mark(fault: Fault | None, numbers: Pair | None = None) -> tuple[float, float, float]:
    """The three numbers of one part: the kind of fault, and two sums of what came out."""
    if fault is None:
        return 0.0, 0.0, 0.0
    code, (got, want) = fault.code, numbers or (None, None)
    if got is None or want is None or fault.kind in ("error", "none", "changed", "kept"):
        return _number(code), 0.0, 0.0
    if fault.code in FEW_DIGITS:  # what is left of them is not the same everywhere
        return _number(code), 0.0, 0.0
    if fault.kind == "digits":
        got = (got.ravel() - np.ravel(want)) / np.abs(want).max()
    one, other = sums(got)
    return _number(code), one, other


def _number(code: str) -> float:
    """A text as a number that float32 can hold and that is never 0."""
    return float(zlib.crc32(code.encode()) % (2**24 - 1) + 1)


def sums(numbers: ArrayLike) -> Array:
    """Two weighted sums of an array's entries; each sum gives each entry its own weight."""
    most = 1e37  # which float32 holds
    flat = np.nan_to_num(np.ravel(numbers).astype(float), nan=0.0, posinf=1.0, neginf=-1.0)
    place = np.arange(1.0, flat.size + 1) ** 2
    found = np.array([np.cos(0.7 * place) @ flat, np.cos(1.3 * place + 0.5) @ flat])
    found = np.nan_to_num(found, nan=most)  # of numbers near 1e308
    kept: Array = np.sign(found) * np.minimum(np.abs(found), most)
    return kept


FEW_DIGITS = ("float32", "float16")
NUMBERS = ("value", "digits", "finite", *FEW_DIGITS)  # codes of faults that only numbers show


def structure(signature: NDArray[Any]) -> NDArray[Any]:
    """The faults of a signature that are no matter of numbers: errors, types, shapes and so on.

    Args:
        signature: (..., 3).

    Returns:
        (...), the number of each such fault, and 0 elsewhere.
    """
    codes = signature[..., 0]
    return np.where(np.isin(codes, [np.float32(_number(code)) for code in NUMBERS]), 0, codes)


def agree(one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.bool]:
    """Find where two signatures agree.

    Args:
        one: a signature, (..., 3).
        other: another signature, (..., 3).

    Returns:
        A boolean array (...).
    """
    size = np.maximum(np.abs(one[..., 1:]).sum(-1), np.abs(other[..., 1:]).sum(-1))
    # Of what is right but for some digits, only the rough size of the rest can be compared.
    rough = one[..., 0] == np.float32(_number("digits"))
    allowed = np.where(rough, 1e-2, AGREE) * size + np.where(rough, 0, 1e-9)
    near = (np.abs(one[..., 1:] - other[..., 1:]) <= allowed[..., None]).all(-1)
    same: NDArray[np.bool] = (one[..., 0] == other[..., 0]) & near
    return same


def _find_what_is_kept(
    called_again: bool,
    faults: list[Faults],
    numbers: list[Numbers],
    wanted: Iterable[Sequence[NDArray[Any]]],
    signature: Array,
) -> None:
    """Report if a function keeps something from one call to the next.

    What such a function returns depends on all earlier calls, in this check or outside it. So its
    signature records only that this happens.
    """
    if any(fault.kind in UNLIKE_NUMBERS for found in faults for fault in found.values()):
        return
    whole = [_whole(got for got, _ in found.values()) for found in numbers]
    should = [_whole(map(np.ravel, want)) for want in wanted]
    parts = list(numbers[0])
    if called_again and not _alike([whole[0], whole[-1]]):
        again = [part for part in parts if not _same_again(numbers[0][part], numbers[-1][part])]
        fault = Fault(
            "a second call with the same arguments gives another result: is something kept from "
            "one call to the next?",
            "kept",
            "kept again",
        )
        faults[-1].update(dict.fromkeys(again, fault))
        signature[:, [parts.index(part) for part in again]] = _mark(fault)
    elif len(whole) > 2 and _alike(whole) and not _alike(should):
        fault = Fault(
            "it gives the same result for different arguments: is the result of an earlier call "
            "kept, or are the arguments not used?",
            "kept",
            "kept always",
        )
        for found in faults:
            found.update(dict.fromkeys(found, fault))
        signature[:, : len(parts)] = _mark(fault)


def _same_again(first: Pair, last: Pair) -> bool:
    return _alike([_whole(first[:1]), _whole(last[:1])])


def _whole(arrays: Iterable[Any]) -> Array:
    """Weighted sums of all numbers that a call gave, after the count of these numbers."""
    flat = np.concatenate([np.ravel(array).astype(float) for array in arrays])
    return np.array([flat.size, *sums(flat)])


def _alike(rows: list[Array]) -> bool:
    size = np.abs(rows).max()
    return all(np.allclose(row, rows[0], rtol=0, atol=AGREE * size) for row in rows)
