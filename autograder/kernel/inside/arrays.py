"""How the arrays of NumPy cross that are more than numbers: records, masked arrays, polynomials.

Records cross as bytes, and as a description of their fields which is checked: nothing in it may
point to an object, or outside the bytes.
"""

import math
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograder.kernel.inside.kinds import Kind, Parts, check, check_items, package

MAX_ITEM = 2**20  # bytes of one record
MAX_FIELDS = 1000
SERIES = ("Polynomial", "Chebyshev", "Legendre", "Laguerre", "Hermite", "HermiteE")
PLAIN_DTYPE = re.compile(r"[<>|][biufcSUVMmO][0-9]{0,7}(\[[0-9]{0,9}[A-Za-z]{1,7}\])?")


def is_masked(value: object) -> bool:
    """Whether a value is a masked array; NumPy imports these only when something asks for them."""
    masked = sys.modules.get("numpy.ma")
    return masked is not None and isinstance(value, masked.MaskedArray)


def kind_name(array: np.ndarray) -> str:
    """The name of the kind of an array that is no array of numbers."""
    if array.dtype.kind in "Mm":
        return "datetime64"
    return "void" if array.dtype.kind == "V" else "ndarray"


def _dtype_apart(dtype: Any) -> Parts | None:
    if not 0 < dtype.itemsize <= MAX_ITEM:
        return ("plain", dtype.str) if dtype.kind in "SU" and not dtype.itemsize else None
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return None if base.hasobject else ("several", base, shape)
    if dtype.names is None:
        return ("plain", dtype.str) if PLAIN_DTYPE.fullmatch(dtype.str) else None
    fields = [dtype.fields[name] for name in dtype.names]
    if dtype.hasobject or len(fields) > MAX_FIELDS or any(len(field) > 2 for field in fields):
        return None
    kinds, offsets = [field[0] for field in fields], [field[1] for field in fields]
    record = dtype.type is np.record
    return ("fields", dtype.names, kinds, offsets, dtype.itemsize, dtype.isalignedstruct, record)


def _dtype(form: Any, *parts: Any) -> np.dtype[Any]:
    made: np.dtype[Any]
    if form == "plain":
        (text,) = parts
        check((text, str))
        if not PLAIN_DTYPE.fullmatch(text):
            raise ValueError(f"there is no dtype {text[:40]}")
        made = np.dtype(text)
    elif form == "several":
        base, shape = parts
        check((base, np.dtype))
        check_items(shape, tuple, int)
        if min(shape, default=0) < 0 or math.prod(shape) * base.itemsize > MAX_ITEM:
            raise ValueError("a field of it is too large")
        made = np.dtype((base, shape))
    elif form == "fields":
        made = _fields(*parts)
    else:
        raise ValueError("it is no dtype")
    if made.itemsize > MAX_ITEM or (made.hasobject and form != "plain"):
        raise ValueError("its records are too large, or hold objects")
    return made


def _fields(
    names: Any, kinds: Any, offsets: Any, size: Any, aligned: Any, record: Any
) -> np.dtype[Any]:
    check_items(names, tuple, str)
    check_items(kinds, list, np.dtype)
    check_items(offsets, list, int)
    check((size, int), (aligned, bool), (record, bool))
    if not len(names) == len(kinds) == len(offsets) <= MAX_FIELDS or not 0 < size <= MAX_ITEM:
        raise ValueError(f"it has {len(names)} names for {len(kinds)} fields")
    for kind, offset in zip(kinds, offsets):
        if kind.hasobject or not 0 <= offset <= size - kind.itemsize:
            raise ValueError("a field of it is not in its record")
    if sum(kind.itemsize for kind in kinds) > size:
        raise ValueError("its fields overlap")
    told: Any = {"names": names, "formats": kinds, "offsets": offsets, "itemsize": size}
    made: np.dtype[Any] = np.dtype(told, align=aligned)
    return np.dtype((np.record, made)) if record else made


def _records_apart(value: Any) -> Parts | None:
    dtype, shape = value.dtype, value.shape
    if dtype.hasobject or not 0 < dtype.itemsize <= MAX_ITEM:
        return None
    plain = np.zeros(shape, dtype)
    plain[...] = value
    form = "record" if isinstance(value, np.generic) else "array"
    form = "recarray" if isinstance(value, np.recarray) else form
    return (dtype, shape, plain.reshape(-1).view(np.uint8), form)


def _records(dtype: Any, shape: Any, data: Any, form: Any) -> Any:
    check((dtype, np.dtype), (data, np.ndarray))
    check_items(shape, tuple, int)
    if dtype.hasobject or dtype.kind != "V" or dtype.subdtype is not None:
        raise ValueError("it is no array of records")
    size = math.prod(shape) * dtype.itemsize
    if data.dtype != np.uint8 or data.shape != (size,) or min(shape, default=0) < 0:
        raise ValueError(f"{str(shape)[:80]} records do not fit its {data.nbytes} bytes")
    array = data.view(dtype).reshape(shape) if size else np.zeros(shape, dtype)
    if form == "recarray":
        return array.view(np.recarray)
    if form not in ("array", "record") or (form == "record" and shape):
        raise ValueError(f"a record has the shape {str(shape)[:80]}")
    return array[()] if form == "record" else array


def _put_back_record(record: Any, changed: Any) -> None:
    if record.dtype == changed.dtype:
        for name in record.dtype.names or ():
            record[name] = changed[name]


def _masked_apart(value: Any) -> Parts:
    mask = None if value.mask is np.ma.nomask else np.array(value.mask, subok=False)
    fill = value._fill_value  # the attribute without the underscore would set it
    scalar = isinstance(value, np.ma.core.mvoid)
    data = np.array(value, subok=False)
    return (data, mask, None if fill is None else np.array(fill), value.hardmask, scalar)


def _masked(data: Any, mask: Any, fill: Any, hard: Any, scalar: Any) -> Any:
    optional = (np.ndarray, type(None))
    check((data, np.ndarray), (mask, optional), (fill, optional), (hard, bool), (scalar, bool))
    if is_masked(data) or (fill is not None and fill.shape) or (scalar and data.shape):
        raise ValueError("a part of it has the wrong shape")
    if mask is not None:
        wanted = np.ma.make_mask_descr(data.dtype)
        if is_masked(mask) or mask.shape != data.shape or mask.dtype != wanted:
            raise ValueError(f"its mask has the shape {mask.shape}")
    array: Any = np.ma.array(data, mask=np.ma.nomask if mask is None else mask, hard_mask=hard)
    if fill is not None:
        array.fill_value = fill[()]
    return array[()] if scalar else array


def put_back_array(array: Any, changed: Any) -> bool:
    """Change an array in place into another one.

    Args:
        array: any array.
        changed: what it is to be; it may be any value.

    Returns:
        Whether it is that now: an array of another shape or dtype cannot be.
    """
    fits = isinstance(changed, np.ndarray) and array.dtype == changed.dtype
    if not fits or array.shape != changed.shape or is_masked(array) is not is_masked(changed):
        return False
    if not array.flags.writeable or (is_masked(array) and array is np.ma.masked):
        return False
    if is_masked(array):
        array.soften_mask()
    array[...] = changed
    if is_masked(array):
        array.mask = changed.mask
        if changed.hardmask:
            array.harden_mask()
        if changed._fill_value is not None:
            array.fill_value = changed._fill_value[()]
    return True


# An array that is a part of another one: what is changed in one of them is changed in both.


def where_in(array: object, part: object) -> tuple[int, list[int]] | None:
    """Where a view of an array lies in it: the bytes before it, and its strides."""
    if type(array) is not np.ndarray or type(part) is not np.ndarray:
        return None
    if not np.may_share_memory(array, part) or not part.size:
        return None
    return part.ctypes.data - array.ctypes.data, list(part.strides)


def view_of(given: Sequence[Any], value: Any, where: object) -> Any:
    """The part of an array here that is the same as a value.

    Args:
        given: arrays, among other things.
        value: the value.
        where: the position of the array, the bytes before the part, and the part's strides, as the
            other end says; may be anything.

    Returns:
        The part, a view; None if there is none.
    """
    if type(where) is not list or len(where) != 3 or type(value) is not np.ndarray:
        return None
    position, offset, strides = where
    if type(position) is not int or not 0 <= position < len(given):
        return None
    array = given[position]
    if type(array) is not np.ndarray or array.dtype != value.dtype or array.dtype.hasobject:
        return None
    try:
        part: Any = np.ndarray(value.shape, value.dtype, array, offset, strides)
    except (TypeError, ValueError):  # it does not lie in it
        return None
    return part if part.tobytes() == value.tobytes() else None


def views_in(value: Any, given: Sequence[Any]) -> list[list[Any]]:
    """The parts of a result, or of the tuple or list that it is, that lie in arguments.

    Args:
        value: the result.
        given: the arguments.

    Returns:
        Of each its position in the result, or -1 for the result itself; and where it lies, as
        `view_of` is told.
    """
    whole = type(value) is np.ndarray
    several = type(value) in (tuple, list)
    parts = [(-1, value)] if whole else [*enumerate(value)] if several else []
    found = [(i, n, where_in(a, part)) for i, part in parts for n, a in enumerate(given)]
    return [[i, [n, *where]] for i, n, where in found if where]


def with_views(value: Any, views: Iterable[Any], given: Sequence[Any]) -> Any:
    """A result whose parts lie in arguments where they did at the other end.

    Args:
        value: the result.
        views: what `views_in` gives there.
        given: the arguments here.
    """
    for place, where in views:
        part = view_of(given, value if place < 0 else value[place], where)
        if part is not None and place < 0:
            value = part
        elif part is not None:
            value = type(value)([*value[:place], part, *value[place + 1 :]])
    return value


def _series(name: str) -> Any:
    """What makes a polynomial of its coefficients."""

    def together(numbers: Any, domain: Any, window: Any, symbol: Any) -> Any:
        check((symbol, str))
        _check_numbers(numbers, domain, window)
        return getattr(np.polynomial, name)(numbers, domain, window, symbol)

    return together


def _check_numbers(*arrays: Any) -> None:
    for array in arrays:
        check((array, np.ndarray))
        if array.ndim != 1 or array.dtype.kind not in "biufc":
            raise ValueError(f"its numbers are an array of shape {array.shape}, {array.dtype}")


def _poly1d(numbers: Any, symbol: Any) -> Any:
    check((symbol, str))
    _check_numbers(numbers)
    return np.poly1d(numbers, variable=symbol)


def put_back_state(value: Any, changed: Any) -> None:
    """Give an object all attributes of another one of its class."""
    vars(value).clear()
    vars(value).update(vars(changed))


def _of_series(value: Any) -> Parts:
    return (value.coef, value.domain, value.window, value.symbol)


KINDS = [
    Kind("numpy.dtype", _dtype_apart, _dtype),
    Kind("numpy.void", _records_apart, _records, put_back=_put_back_record),
    Kind("numpy.ma.MaskedArray", _masked_apart, _masked),
    Kind("numpy.ma.core.MaskedConstant", lambda v: (), lambda: package("numpy.ma").masked),
    Kind("numpy.poly1d", lambda v: (v.coeffs, v.variable), _poly1d, put_back=put_back_state),
    *(
        Kind(f"numpy.polynomial.{name}", _of_series, _series(name), put_back=put_back_state)
        for name in SERIES
    ),
]
