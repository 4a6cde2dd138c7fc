"""Find the first thing that is wrong with a result, and say it in words.

Visible checks and hidden tests use the same comparison, so that a student reads the same sentence
on a laptop and in the feedback. Faults are looked for in the order in which a student has to fix
them: nothing returned, wrong type, wrong shape, wrong dtype, not finite, wrong value.
"""

import contextlib
import io
import re
import textwrap
import traceback
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from saelab.memory import Meter
from saelab.previous import Unfinished
from saelab.typed import Array, Function

# Two correct programs that add in another order differ by about 1e-15 of the sum, and what is
# stored of a right result has twelve digits; float32 or a round() to ten digits leaves more.
RTOL = 1e-11
# The absolute part of a tolerance, as a share of the relative one.
ABSOLUTE = 0.1
# Of what passed through float32 seven digits are left, or a few less.
FLOAT32_RTOL = 1e-4
# What a student's function may return. Other objects may look like arrays; the next cell, and the
# grader, are not to guess what they are.
NUMBERS = (np.ndarray, np.generic, int, float, complex, list, tuple)
LONGEST = 300  # characters of an error's text
# Digits of a number in a message. They show what is wrong, and are never enough to be right.
TOLD = 3

# What can be wrong, in the order in which it has to be mended.
KINDS = ("error", "none", "type", "shape", "dtype", "finite", "changed", "kept", "value", "digits",
         "stream")  # fmt: skip


class Fault(str):
    """A sentence that says what is wrong.

    Attributes:
        kind: what kind of fault it is, one of KINDS.
        code: a text that is the same for the same mistake. It stands for what the sentence says in
            numbers, or in words that may differ from one version of a library to the next.
    """

    kind: str
    code: str

    def __new__(cls, sentence: str, kind: str, code: str | None = None) -> Self:
        fault = super().__new__(cls, sentence)
        fault.kind, fault.code = kind, code or kind
        return fault

    @property
    def rank(self) -> int:
        """The position in the order in which faults have to be fixed; 0 comes first."""
        return KINDS.index(self.kind)


class CallFailed(Exception):
    """A function under test raised an error, or changed its arguments.

    Attributes:
        fault: the Fault that says what happened.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def call(function: Function, *args: Any, **kwargs: Any) -> Any:
    """Call a function without its prints and warnings, and return its result (see `attempt`).

    Args:
        function: the function under test.
        *args: its arguments.
        **kwargs: its keyword arguments.

    Returns:
        The function's result.

    Raises:
        NotImplementedError: if the function is not written yet.
        CallFailed: if the function raised another error, or changed one of its arguments.
    """
    result, changed = attempt(function, *args, **kwargs)
    if changed:
        raise CallFailed(changed)
    return result


def attempt(function: Function, *args: Any, **kwargs: Any) -> tuple[Any, Fault | None]:
    """Call a function, and look whether it changes its arguments.

    A correct sigmoid may warn when exp overflows, and students print while they search for a
    mistake. Neither is a fault, so prints and warnings are hidden. The function gets copies of the
    arrays, so that an array that it changes is intact at the next try.

    Args:
        function: the function under test.
        *args: its arguments.
        **kwargs: its keyword arguments.

    Returns:
        The function's result, and the Fault that it changed an argument, or None.

    Raises:
        NotImplementedError: if the function is not written yet, or one that it calls.
        CallFailed: if the function raised another error.
    """
    given = [a.copy(order="K") if isinstance(a, np.ndarray) else a for a in args]
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(Nowhere()),
        contextlib.redirect_stderr(Nowhere()),
    ):
        warnings.simplefilter("ignore")
        try:
            # What the notebook asked NumPy to do with an overflow is for its own calculations.
            with np.errstate(all="ignore"):
                result = function(*given, **kwargs)
        except (Exception, SystemExit) as error:
            if isinstance(error, NotImplementedError) and _is_own(error):
                raise
            raise CallFailed(fault_of_error(function, error)) from error
    # A function that runs elsewhere, on copies, reports what it changed.
    changes = getattr(function, "changed", {})
    for position, (before, after) in enumerate(zip(args, given)):
        if isinstance(before, np.ndarray) and not _unchanged(before, changes.get(position, after)):
            return result, Fault(
                f"{_name(function)} changes its argument number {position + 1} in place; the "
                "caller still needs the old values, so work on a copy",
                "changed",
                f"changed {position}",
            )
    return result, None


def fault_of_error(function: Function, error: BaseException) -> Fault:
    """Say that a call stopped with an error.

    Args:
        function: the function that was called.
        error: what it raised.
    """
    text = _text(error)
    said = f": {text[:LONGEST]}{' ...' if len(text) > LONGEST else ''}" if text else ""
    # Errors of one type have many causes: the words and the sizes tell them apart.
    words = "_".join(re.findall(r"[A-Za-z]+", text))
    return Fault(
        f"{_name(function)} stopped with {type(error).__name__}{said}{_line(function, error)}",
        "error",
        " ".join(["error", type(error).__name__, words, *re.findall(r"\d+", text)]),
    )


def difference(
    got: Any, want: ArrayLike, name: str = "the result", rtol: float = RTOL
) -> Fault | None:
    """Find the first thing that is wrong with a result.

    An entry is right if |got - want| <= rtol * (max |want| + 0.1). The scale is that of the whole
    array, because small entries of a gradient are differences of large numbers. Lists are not
    taken for arrays: the next cell calculates with what comes back.

    Args:
        got: anything that a student's function may return.
        want: the right number or array, of any shape.
        name: what the sentence calls the result.
        rtol: the allowed difference, relative to the largest entry of `want`.

    Returns:
        The Fault, or None if `got` equals `want`.
    """
    want = np.asarray(want, dtype=float)
    fault = _not_numbers(got, name, np.ndim(want)) or _in_a_list(got, want, name)
    if fault:
        return fault
    got = _as_array(got, want.shape)
    if got.shape != want.shape:
        # A cost that is a (1,) or (1, 1) array is a number in all but name; but a number has no
        # length and no entries, as an array of one has.
        if not (want.size == got.size == 1 and (got.ndim or not want.ndim)):
            turned = got.ndim == 2 and got.shape == want.shape[::-1]
            return Fault(
                f"{name} has shape {got.shape}, but should have shape {want.shape}"
                + (": is it transposed?" if turned else ""),
                "shape",
                f"shape {got.shape}",
            )
        got = got.reshape(want.shape)
    fault = _not_finite(got, name)
    if fault:
        return fault
    with np.errstate(all="ignore"):  # numbers near 1e308 are wrong, but no reason for a warning
        return _single_precision(got, want, name, rtol) or _wrong_values(
            got.astype(float), want, name, rtol
        )


def cost_differences(
    got: Any,
    cost: float,
    grad: Array,
    blocks: Mapping[str, slice],
    rtol: float = RTOL,
) -> dict[str, Fault]:
    """Say what is wrong with a pair (cost, grad), part by part.

    Args:
        got: what a cost function returned.
        cost: the right cost, a number.
        grad: the right gradient, (n_parameters,).
        blocks: where the blocks of the gradient lie, by their names (see consecutive).
        rtol: the allowed relative difference, as in `difference`.

    Returns:
        A dictionary from "cost" and the names of the blocks to a sentence. Parts that are right are
        left out.
    """
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        several = _not_several(
            got,
            "the function should return two things, the cost and the gradient (return cost, grad), "
            "but it returned",
        )
        return dict.fromkeys(("cost", *blocks), several)
    faults: dict[str, Fault] = {}
    fault = difference(got[0], cost, "the cost", rtol)
    if fault:
        faults["cost"] = fault
    fault = difference(got[1], grad, "the gradient", rtol)
    if fault is None:
        return faults
    no_array = _not_numbers(got[1], "") or _in_a_list(got[1], grad, "")
    got_grad = None if no_array else _as_array(got[1], np.shape(grad))
    if got_grad is None or got_grad.shape != np.shape(grad):
        return faults | dict.fromkeys(blocks, fault)
    for block, where in blocks.items():
        fault = difference(
            got_grad[where], grad[where], f"the gradient with respect to {block}", rtol
        )
        if fault:
            faults[block] = fault
    return faults


def result_differences(
    got: Any,
    wanted: Iterable[ArrayLike],
    names: Sequence[str] | None = None,
    by_name: bool = False,
    rtol: float = RTOL,
) -> dict[str, Fault]:
    """Say what is wrong with a result of one or several arrays, part by part.

    Args:
        got: what a function returned.
        wanted: the right arrays.
        names: what each array is called. None means that there is only one; its part is then called
            "result".
        by_name: whether several arrays come in a dictionary, by their names.
        rtol: the allowed relative difference, as in `difference`.

    Returns:
        A dictionary from part to sentence. Parts that are right are left out.
    """
    if names is None:
        got, names = (got,), ("result",)
    faults: dict[str, Fault | None] = {}
    if by_name and not isinstance(got, dict):
        says = f"it should return a dictionary with the names {', '.join(names)}, not"
        return dict.fromkeys(names, _not_several(got, says))
    if by_name:
        missing = [name for name in names if name not in got]
        says = f"the dictionary it returns has no {', '.join(missing)}"
        faults = dict.fromkeys(missing, Fault(says, "type", says))
    else:
        several = unpacked(got, len(names))
        if several is None:
            things = f"{len(names)} things ({', '.join(names)})"
            return dict.fromkeys(names, _not_several(got, f"it should return {things}, not"))
        got = dict(zip(names, several))
    for name, want in zip(names, wanted):
        if name not in faults:
            called = "the result" if name == "result" else name
            faults[name] = difference(got[name], want, called, rtol)
    return {name: fault for name, fault in faults.items() if fault}


def unpacked(got: Any, n: int) -> list[Any] | None:
    """The n things that a function returned, or None if it did not.

    A 1-D array of n numbers is as good as a tuple of them: `centre, bandwidth = f(w)` takes both.
    """
    row = isinstance(got, np.ndarray) and got.ndim == 1
    return list(got) if (row or isinstance(got, (tuple, list))) and len(got) == n else None


def as_arrays(result: Any) -> list[Array]:
    """A result as a list of arrays: a tuple's or dictionary's entries, or the one value."""
    if isinstance(result, dict):
        result = tuple(result.values())
    parts = result if isinstance(result, tuple) else (result,)
    return [np.asarray(part, dtype=float) for part in parts]


def as_numbers(got: Any) -> NDArray[Any] | None:
    """A part of a result as an array of real numbers, or None if it is not one."""
    return None if _not_numbers(got, "it") else np.asarray(got)


def listed(sentence: str) -> str:
    """A sentence as an item of a list, wrapped to the width of a notebook's output."""
    return textwrap.fill(
        sentence,
        width=88,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def consecutive(**sizes: int) -> dict[str, slice]:
    """Where blocks of these sizes lie one after the other, as a dictionary from name to slice."""
    blocks, start = {}, 0
    for name, size in sizes.items():
        blocks[name] = slice(start, start + size)
        start += size
    return blocks


def _as_array(got: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    array = np.asarray(got)
    # A np.matrix cannot have one dimension, so its only row or column is a vector.
    if isinstance(got, np.matrix) and len(shape) == 1 and 1 in array.shape:
        return array.ravel()
    return array


def _unchanged(before: NDArray[Any], after: Any) -> bool:
    # theta[i] += epsilon; theta[i] -= epsilon leaves a rounding error, which is no fault.
    alike = (
        isinstance(after, np.ndarray)
        and before.shape == after.shape
        and before.dtype == after.dtype
    )
    return alike and np.allclose(before, after, rtol=1e-12, atol=1e-12, equal_nan=True)


def _not_numbers(got: Any, name: str, dimensions: int = 1) -> Fault | None:
    if got is None:
        return Fault(f"{name} is None: is the return statement missing?", "none")
    if not isinstance(got, NUMBERS):
        # A pandas Series, or what else NumPy would take for an array, holds numbers.
        array_like = hasattr(type(got), "__array__")
        should = ("an array" if dimensions else "a number") if array_like else "numbers"
        says = f"{name} is {_kind(got)}, but should be {should}"
        return Fault(says, "type", f"type {_kind(got)}")
    try:
        array = np.asarray(got)
    except ValueError:
        return Fault(
            f"{name} is {_kind(got)} whose rows have different lengths, not an array",
            "type",
            "ragged",
        )
    except Exception:  # what stands in the way of an array is the object's own
        array = np.array(None)
    if array.dtype.kind == "c":
        return Fault(
            f"{name} has complex numbers (dtype {array.dtype}): look where they "
            "come from, or take the real part if they are real but for rounding",
            "dtype",
            "complex",
        )
    if array.dtype.kind not in "fiu":
        return Fault(
            f"{name} is {_kind(got)} (dtype {array.dtype}), but should be numbers",
            "type",
            f"type {_kind(got)}",
        )
    return None


def _in_a_list(got: Any, want: Array, name: str) -> Fault | None:
    if not isinstance(got, (list, tuple)):
        return None
    should = "an array" if np.ndim(want) else "a number"
    return Fault(f"{name} is {_kind(got)}, but should be {should}", "type", f"type {_kind(got)}")


def _not_finite(got: NDArray[Any], name: str) -> Fault | None:
    bad = ~np.isfinite(got)
    if not bad.any():
        return None
    where = "" if got.ndim == 0 else f" in {bad.sum()} of {got.size} entries"
    return Fault(
        f"{name} is {got[bad].flat[0]}{where}: look for a division by zero, an overflow, or the "
        "logarithm, root or arc cosine of what has none",
        "finite",
    )


def _single_precision(got: NDArray[Any], want: Array, name: str, rtol: float) -> Fault | None:
    """The fault that float32 or float16 lost digits; a result stored so is no fault."""
    if got.dtype.kind != "f" or got.dtype.itemsize >= 8:
        return None
    off, info = np.abs(got.astype(float) - want), np.finfo(got.dtype)
    most = max(FLOAT32_RTOL, 10 * float(info.eps))
    if (off <= _allowed(want, rtol)).all() or (off > _allowed(want, most)).any():
        return None
    return Fault(
        f"{name} has dtype {got.dtype}, which keeps about {info.precision + 1} digits: look for "
        "what turns numbers into it",
        "dtype",
        str(got.dtype),
    )


def _allowed(want: Array, rtol: float) -> float:
    """How far an entry may be off."""
    return rtol * float(np.abs(want).max(initial=0.0) + ABSOLUTE)


def _wrong_values(got: Array, want: Array, name: str, rtol: float) -> Fault | None:
    scale = np.abs(want).max(initial=0.0)
    wrong = np.abs(got - want) > _allowed(want, rtol)
    if not wrong.any():
        return None
    if scale and (np.abs(got - want) <= FLOAT32_RTOL * scale).all():
        return Fault(
            f"{name} is right to {_digits(got, want, scale)} digits only: is something computed "
            "in float32, rounded, or approximated?",
            "digits",
        )
    pattern = _pattern(got, want, rtol)
    if pattern:
        return Fault(f"{name} {pattern}", "value")
    if want.ndim == 0:
        given, should = in_words(float(got), float(want))
        return Fault(f"{name} is {given}, but should be {should}", "value")
    worst = np.unravel_index(np.abs(got - want).argmax(), want.shape)
    index = ", ".join(str(int(i)) for i in worst)
    given, should = in_words(float(got[worst]), float(want[worst]))
    return Fault(
        f"{name} is wrong in {wrong.sum()} of {want.size} entries; the largest difference is at "
        f"[{index}]: {given}, but should be {should}",
        "value",
    )


def in_words(got: float, want: float) -> tuple[str, str]:
    """What came out, and what should have: a number, or how far off it is where both look alike."""
    given, should = (f"{number:.{TOLD}g}" for number in (got, want))
    if given == should:
        should = f"{'larger' if want > got else 'smaller'} by about {abs(want - got):.1g}"
    return given, should


def _pattern(got: Array, want: Array, rtol: float) -> str | None:
    """A simple relation that explains the whole difference, or None."""
    scale = np.abs(want).max(initial=0.0)

    def equal(a: Array) -> bool:
        return bool((np.abs(a - want) <= _allowed(want, 10 * rtol)).all())

    if scale <= _allowed(want, 10 * rtol):  # then all that is near zero is equal to it
        return None
    if equal(-got):
        return "has the wrong sign everywhere" if want.ndim else "has the wrong sign"
    if want.ndim == 2 and want.shape[0] == want.shape[1] and equal(got.T):
        return "is transposed"
    if not np.abs(got).max(initial=0.0):
        return "is zero" + (" everywhere" if want.ndim else "")
    # A single number is always a multiple of another: that explains nothing.
    if want.size >= 4:
        factor = float(np.vdot(got, want) / np.vdot(want, want))
        if factor and equal(got / factor):
            return f"is {factor:.{TOLD}g} times what it should be, in every entry"
        shift = float((got - want).mean())
        if equal(got - shift):
            word = "larger" if shift > 0 else "smaller"
            return f"is {word} than it should be by {abs(shift):.{TOLD}g} in every entry"
    return None


def _digits(got: Array, want: Array, scale: float) -> int:
    return int(-np.log10(np.abs(got - want).max() / scale))


def _not_several(got: Any, sentence: str) -> Fault:
    """The fault that a function did not return several things, as it should."""
    if got is None:
        return Fault(f"{sentence} None: is the return statement missing?", "none")
    if isinstance(got, (tuple, list)):
        returned = f"{len(got)} thing{'' if len(got) == 1 else 's'}"
        returned = f"a list of {returned}" if isinstance(got, list) else returned
    else:
        returned = _kind(got)
    return Fault(f"{sentence} {returned}", "type", f"returned {returned}")


def _kind(value: Any) -> str:
    name = type(value).__name__
    if isinstance(value, np.ndarray):
        name = "array"
    elif name == "array":  # of another module
        name = f"{type(value).__module__}.array"
    return f"{'an' if name[0].lower() in 'aeio' else 'a'} {name}"


class Nowhere(io.TextIOBase):
    """Keeps nothing of what is printed: the memory that a call holds is its own."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


class _Named:
    """A function under another name than its own."""

    def __init__(self, function: Function, name: str) -> None:
        self.function, self.__name__ = function, name
        self.__code__ = getattr(function, "__code__", None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)


def renamed(function: Function, name: str) -> Function:
    """The function itself, or one that says that it has this name."""
    return function if getattr(function, "__name__", None) == name else _Named(function, name)


class _Measured(_Named):
    """A function of which it is measured how much memory a call holds.

    Attributes:
        held: the most bytes that the last call held at once.
    """

    held = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with Meter() as meter:
            result = super().__call__(*args, **kwargs)
        self.held = meter.held
        return result


def measured(function: Function) -> Any:
    """The same function, with how many bytes its last call held at once in its attribute held.

    A function that runs elsewhere is measured there.
    """
    measuring = getattr(function, "measuring", None)
    return measuring() if measuring else _Measured(function, _name(function))


def _name(function: Function) -> str:
    return getattr(function, "__name__", "the function")


def _is_own(error: NotImplementedError) -> bool:
    """Whether the student's code raised an error itself, and no library that it called.

    Args:
        error: what came of the call.
    """
    if hasattr(error, "line"):  # of a function that runs elsewhere, where this is known
        return True
    file = traceback.extract_tb(error.__traceback__)[-1].filename
    return isinstance(error, Unfinished) or not re.search(r"[\\/](site|dist)-packages[\\/]", file)


def _text(error: BaseException) -> str:
    """The text of an error, which may fail to give one."""
    try:
        return str(error)
    except Exception:
        return "(an error without a text)"


def _line(function: Function, error: BaseException) -> str:
    """The line of the function's own cell where it stopped; empty if its source is unknown."""
    if hasattr(error, "line"):  # of a function that runs elsewhere
        return f" (in the line: {error.line})" if error.line else ""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.line for frame in frames if frame.filename == file and frame.line]
    return f" (in the line: {lines[-1]})" if lines else ""
