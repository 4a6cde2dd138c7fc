"""The values of other classes that cross, beyond those that codec.py knows.

Each class has one entry in a table, which says what its values are taken apart into, and how they
are put together again. An object of a class that is derived from one of these crosses as the plain
value. Packages that only some courses need are imported when such a value arrives, not before.
"""

import collections
import datetime
import decimal
import fractions
import pathlib
import random
from typing import Any

import numpy as np

from autograder.kernel.inside import expressions, frames
from autograder.kernel.inside.kinds import (
    MAX_ITEMS,
    MAX_TEXT,
    Kind,
    Parts,
    check,
    check_items,
    package,
)

MAX_ELEMENTS = 100_000  # of an array of objects
UNITS = ("generic", "Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as")


def _fraction(numerator: Any, denominator: Any) -> fractions.Fraction:
    check((numerator, int), (denominator, int))
    return fractions.Fraction(numerator, denominator)


def _decimal_apart(value: Any) -> Parts | None:
    text = decimal.Decimal.__str__(value)
    return (text,) if len(text) <= MAX_TEXT and not _is_long(value) else None


def _is_long(value: decimal.Decimal) -> bool:
    """Whether a number has so many digits that to write them all would take long."""
    return value.is_finite() and abs(value.adjusted()) > MAX_TEXT


def _decimal(text: Any) -> decimal.Decimal:
    check((text, str))
    made = decimal.Decimal(text)
    if _is_long(made):
        raise ValueError("it has too many digits")
    return made


def _range_apart(value: Any) -> Parts | None:
    # The length of a longer one may be too much for `len`.
    return (value.start, value.stop, value.step) if not value[MAX_ITEMS:] else None


def _range(*numbers: Any) -> range:
    check_items(numbers, tuple, int)
    start, stop, step = numbers
    made = range(start, stop, step)
    if made[MAX_ITEMS:]:
        raise ValueError(f"it has more than {MAX_ITEMS} numbers")
    return made


def _timedelta(days: Any, seconds: Any, microseconds: Any) -> datetime.timedelta:
    check((days, int), (seconds, int), (microseconds, int))
    return datetime.timedelta(days, seconds, microseconds)


def _timezone_apart(value: Any) -> Parts:
    offset, name = value.utcoffset(None), value.tzname(None)
    return (offset, None if name == datetime.timezone(offset).tzname(None) else name)


def _timezone(offset: Any, name: Any) -> datetime.timezone:
    check((offset, datetime.timedelta), (name, (str, type(None))))
    return datetime.timezone(offset) if name is None else datetime.timezone(offset, name)


def _zone(key: Any) -> Any:
    check((key, str))
    return package("zoneinfo").ZoneInfo(key)


def _objects_apart(value: Any) -> Parts | None:
    return (value.shape, list(value.flat)) if value.size <= MAX_ELEMENTS else None


def _objects(shape: Any, items: Any) -> np.ndarray:
    check_items(shape, tuple, int)
    check((items, list))
    if len(items) > MAX_ELEMENTS:
        raise ValueError(f"it has {len(items)} elements")
    array = np.empty(len(items), object)
    for place, item in enumerate(items):
        array[place] = item
    if min(shape, default=0) < 0:
        raise ValueError(f"it has the shape {str(shape)[:80]}")
    return array.reshape(shape)


def _moments_apart(value: Any) -> Parts:
    unit, step = np.datetime_data(value.dtype)
    plain = np.array(value, value.dtype.newbyteorder("="), subok=False)
    return (plain.dtype.kind, unit, step, plain.view(np.int64), isinstance(value, np.generic))


def _moments(letter: Any, unit: Any, step: Any, numbers: Any, scalar: Any) -> Any:
    check((step, int), (numbers, np.ndarray), (scalar, bool))
    known = letter in ("M", "m") and unit in UNITS and 0 < step < 2**31
    if not known or numbers.dtype != np.int64:
        raise ValueError("it is no array of times")
    array = numbers.view(f"{letter}8" if unit == "generic" else f"{letter}8[{step}{unit}]")
    if scalar and array.ndim:
        raise ValueError(f"a scalar has the shape {array.shape}")
    return array[()] if scalar else array


def _zoned(kind: type) -> Any:
    """What makes a time, or a date with a time, of its numbers, its time zone and its fold."""

    def together(numbers: Any, zone: Any, fold: Any) -> Any:
        check_items(numbers, tuple, int)
        check((fold, int))
        return kind(*numbers, tzinfo=zone, fold=fold)

    return together


def _date(*numbers: Any) -> datetime.date:
    check_items(numbers, tuple, int)
    return datetime.date(*numbers)


def _random_apart(value: Any) -> Parts | None:
    return (value.getstate(),) if type(value) is random.Random else None


def _random(state: Any) -> random.Random:
    check((state, tuple))
    made = random.Random()
    made.setstate(state)
    return made


def _deque(items: Any, most: Any) -> collections.deque[Any]:
    check((items, list), (most, (int, type(None))))
    return collections.deque(items, most)


def _path(text: Any) -> pathlib.Path:
    check((text, str))
    return pathlib.Path(text)


PLAIN = [
    Kind("collections.deque", lambda v: (list(v), v.maxlen), _deque),
    Kind("pathlib.PosixPath", lambda v: (str(v),), _path),
    Kind("random.Random", _random_apart, _random),
    Kind("fractions.Fraction", lambda v: (v.numerator, v.denominator), _fraction),
    Kind("decimal.Decimal", _decimal_apart, _decimal),
    Kind("builtins.range", _range_apart, _range),
    Kind("builtins.slice", lambda v: (v.start, v.stop, v.step), slice),
    Kind("datetime.timedelta", lambda v: (v.days, v.seconds, v.microseconds), _timedelta),
    Kind("datetime.timezone", _timezone_apart, _timezone),
    Kind("zoneinfo.ZoneInfo", lambda v: (v.key,), _zone),
    Kind("datetime.date", lambda v: (v.year, v.month, v.day), _date),
    Kind(
        "datetime.time",
        lambda v: ((v.hour, v.minute, v.second, v.microsecond), v.tzinfo, v.fold),
        _zoned(datetime.time),
    ),
    Kind(
        "datetime.datetime",
        lambda v: ((*v.timetuple()[:6], v.microsecond), v.tzinfo, v.fold),
        _zoned(datetime.datetime),
    ),
    Kind("numpy.datetime64", _moments_apart, _moments),
    Kind("numpy.timedelta64", _moments_apart, _moments),
    Kind("numpy.ndarray", _objects_apart, _objects),
]
KINDS = {kind.name: kind for kind in [*PLAIN, *frames.KINDS, *expressions.KINDS]}


def kind_of(value: object) -> Kind | None:
    """The kind of a value, or None if it has none here."""
    for base in type(value).__mro__:
        kind = KINDS.get(base.__name__)
        if kind and kind.is_class(base):
            times = isinstance(value, np.ndarray) and value.dtype.kind in "Mm"
            return KINDS["datetime64"] if times else kind
    return None


def parts(value: object) -> tuple[str, Parts] | None:
    """Take a value apart.

    Args:
        value: any object.

    Returns:
        The name of its kind, and its parts, which must cross for it to cross; None if it does not.
    """
    kind = kind_of(value)
    if kind is None:
        return None
    found = kind.apart(value)
    return None if found is None else (kind.name, found)


def changeable(value: object) -> bool:
    """Whether a value is of a kind here that can be changed in place."""
    kind = kind_of(value)
    return kind is not None and kind.put_back is not None


def put_back(argument: object, changed: object) -> None:
    """Change a value in place into another one, if both are of one kind that can be changed."""
    kind = kind_of(argument)
    if kind and kind.put_back and kind_of(changed) is kind:
        kind.put_back(argument, changed)
