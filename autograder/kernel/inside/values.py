"""The values of other classes that cross, beyond those that codec.py knows.

Each class has one entry in a table, which says what its values are taken apart into, and how they
are put together again. An object of a class that is derived from one of these crosses as the plain
value. Packages that only some courses need are imported when such a value arrives, not before.
"""

import array
import collections
import datetime
import decimal
import fractions
import functools
import pathlib
import random
import uuid
from typing import Any

import numpy as np

from autograder.kernel.inside import arrays, expressions, frames, hints, seeds, sparse
from autograder.kernel.inside.kinds import (
    MAX_ITEMS,
    MAX_TEXT,
    Afar,
    Kind,
    Parts,
    check,
    check_items,
    package,
    with_room,
)

MAX_FIELDS = 100  # of a named tuple
MAX_ELEMENTS = 100_000  # of an array of objects
BIT_GENERATORS = ("PCG64", "PCG64DXSM", "SFC64", "MT19937", "Philox")
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


def _random(state: Any) -> random.Random:
    check((state, tuple))
    made = random.Random()
    made.setstate(state)
    return made


def _seed_sequence_apart(value: Any) -> Parts | None:
    told = seeds.seeds_of(value)
    return None if told is None else (told,)


def _bits(name: str) -> Any:
    """What makes a bit generator of the generator that draws from it."""

    def together(generator: Any) -> Any:
        check((generator, np.random.Generator))
        if type(generator.bit_generator).__name__ != name:
            raise ValueError(f"it is no {name}")
        return generator.bit_generator

    return together


def _put_back_bits(bits: Any, other: Any) -> None:
    _go_on(np.random.Generator(bits), np.random.Generator(other))


def _put_back_random(generator: Any, other: Any) -> None:
    generator.setstate(other.getstate())


def _deque(items: Any, most: Any) -> collections.deque[Any]:
    check((items, list), (most, (int, type(None))))
    return collections.deque(items, most)


def _refill(holder: Any, other: Any) -> None:
    holder.clear()
    add = getattr(holder, "update", None) or holder.extend
    add(other)


def _defaultdict(factory: Any, items: Any) -> collections.defaultdict[Any, Any]:
    check((items, dict))
    return collections.defaultdict(factory, items)


def _counter(items: Any) -> collections.Counter[Any]:
    check((items, dict))
    return collections.Counter(items)


def _ordered(items: Any) -> collections.OrderedDict[Any, Any]:
    check((items, dict))
    return collections.OrderedDict(items)


def _optimized(items: Any) -> Any:
    check((items, dict))
    check_items([*items], list, str)
    return package("scipy.optimize").OptimizeResult(items)


def _named(name: Any, fields: Any, items: Any) -> Any:
    check((name, str), (items, tuple))
    check_items(fields, tuple, str)
    if not 0 < len(fields) == len(items) <= MAX_FIELDS or len(name) > MAX_FIELDS:
        raise ValueError(f"it has {len(fields)} names for {len(items)} items")
    return named_tuple(name, fields)._make(items)


@functools.lru_cache(maxsize=100)
def named_tuple(name: str, fields: tuple[str, ...]) -> Any:
    """A class of named tuples: the same one for the same names."""
    return collections.namedtuple(name, fields)


def _numbers_apart(value: Any) -> Parts:
    return value.typecode, value.tobytes()


def _numbers(code: Any, data: Any) -> Any:
    check((code, str), (data, bytes))
    made = array.array(code)
    made.frombytes(data)
    return made


def _put_back_numbers(numbers: Any, other: Any) -> None:
    if numbers.typecode == other.typecode:
        numbers[:] = other


def _path(text: Any) -> pathlib.Path:
    check((text, str))
    return pathlib.Path(text)


def _chained(maps: Any) -> Any:
    check_items(maps, list, dict)
    return collections.ChainMap(*maps)


def _put_back_chain(chain: Any, other: Any) -> None:
    put_back(chain.maps, other.maps)


def _uuid(number: Any) -> uuid.UUID:
    check((number, int))
    return uuid.UUID(int=number)


def _memory_apart(value: Any) -> Parts | None:
    plain = value.format == "B" and value.ndim == 1
    made = bytes if value.readonly else bytearray
    return (made(value),) if plain else None


def _memory(data: Any) -> memoryview:
    check((data, (bytes, bytearray)))
    return memoryview(data)


# Classes that cross, whose values are no kind of their own.
CLASSES = (
    "numpy.matrix", "numpy.random.Generator", "numpy.random.RandomState", "pathlib.Path",
    "types.NoneType", "types.EllipsisType", "types.NotImplementedType", "types.FunctionType",
    "types.GeneratorType", "types.SimpleNamespace",
)  # fmt: skip
# All classes of these do: they say what others can do, and make nothing.
ABSTRACT = ("collections.abc", "numbers")


def _class_apart(value: Any) -> Parts | None:
    # Not by the attributes of a class, which may be a stand-in.
    name, module = (type.__dict__[f"__{which}__"].__get__(value) for which in ("name", "module"))
    known = KINDS.get(name)
    path = _listed().get(value)
    if known is not None and known.is_class(value):
        path = known.path
    elif module in ABSTRACT:
        path = f"{module}.{name}"
    elif issubclass(value, np.generic):
        path = f"numpy.{name}"
    return (path,) if path is not None and _class(path) is value else None


@functools.cache
def _listed() -> dict[type, str]:
    return {_class(path): path for path in CLASSES}


def _class(path: Any) -> type:
    check((path, str))
    module, _, name = path.rpartition(".")
    known = KINDS.get(name)
    listed = path in CLASSES or module in ABSTRACT or (known is not None and known.path == path)
    if not listed and module != "numpy":
        raise ValueError(f"{path[:80]} is none that crosses")
    found: Any = package(path.partition(".")[0])
    for part in path.split(".")[1:]:
        found = getattr(found, part, None)
    if not isinstance(found, type) or not (listed or issubclass(found, np.generic)):
        raise ValueError(f"{path[:80]} is none that crosses")
    return found


# Of the classes that collections.namedtuple makes.
NAMED = Kind(
    "collections.namedtuple",
    lambda v: (type(v).__name__, type(v)._fields, tuple(v)),
    _named,
    holds=True,
)
PLAIN = [
    Kind("collections.deque", lambda v: (list(v), v.maxlen), _deque, put_back=_refill, holds=True),
    Kind(
        "collections.defaultdict",
        lambda v: (v.default_factory, dict(v)),
        _defaultdict,
        put_back=_refill,
        holds=True,
    ),
    Kind("collections.Counter", lambda v: (dict(v),), _counter, put_back=_refill, holds=True),
    Kind("collections.OrderedDict", lambda v: (dict(v),), _ordered, put_back=_refill, holds=True),
    Kind("scipy.optimize.OptimizeResult", lambda v: (dict(v),), _optimized, holds=True),
    NAMED,
    Kind("builtins.type", _class_apart, _class),
    Kind("uuid.UUID", lambda v: (v.int,), _uuid),
    Kind("builtins.memoryview", _memory_apart, _memory),
    Kind(
        "collections.ChainMap",
        lambda v: (v.maps,),
        _chained,
        put_back=_put_back_chain,
        holds=True,
        exact=True,
    ),
    Kind("array.array", _numbers_apart, _numbers, put_back=_put_back_numbers),
    Kind("pathlib.PosixPath", lambda v: (str(v),), _path),
    Kind(
        "random.Random",
        lambda v: (v.getstate(),),
        _random,
        put_back=_put_back_random,
        exact=True,
    ),
    Kind(
        "numpy.random.SeedSequence",
        _seed_sequence_apart,
        seeds.seed_sequence,
        put_back=seeds.go_on,
        exact=True,
    ),
    *(
        Kind(
            f"numpy.random.{name}",
            lambda v: (np.random.Generator(v),),
            _bits(name),
            put_back=_put_back_bits,
            exact=True,
        )
        for name in BIT_GENERATORS
    ),
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
ALL = [*PLAIN, *arrays.KINDS, *sparse.KINDS, *hints.KINDS, *frames.KINDS, *expressions.KINDS]
KINDS = {kind.name: kind for kind in ALL}


def is_kind(kind: type) -> bool:
    """Whether all values of a class cross as one of these kinds."""
    known = KINDS.get(kind.__name__)
    return known is not None and known.is_class(kind) and not known.exact


def kind_of(value: object) -> Kind | None:
    """The kind of a value, or None if it has none here."""
    if issubclass(type(value), Afar):
        return None
    if isinstance(value, tuple):
        return NAMED if hasattr(type(value), "_fields") else None
    if hints.is_hint(value):
        return KINDS["hint"]
    for base in type(value).__mro__:
        kind = KINDS.get(base.__name__)
        if kind and kind.is_class(base):
            if kind.exact and base is not type(value):
                return None
            plain = base is np.ndarray
            return KINDS[arrays.kind_name(value)] if plain else kind  # type: ignore[arg-type]
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
    """Whether a value is of a class whose values can be changed in place."""
    if type(value) in (*REFILLED, *RANDOM) or issubclass(type(value), np.ndarray):
        return True
    kind = kind_of(value)
    return kind is not None and kind.put_back is not None


def put_back(value: Any, changed: Any) -> bool:
    """Change a value in place into another one of its class.

    What is in it is changed in place too, where both have as many items.

    Args:
        value: any value.
        changed: what it is to be; it may be any value.

    Returns:
        Whether it is that now: an array of another shape cannot be.
    """
    return bool(with_room(_put_back, value, changed))


def _put_back(value: Any, changed: Any) -> bool:
    if issubclass(type(value), Afar):
        return False
    if value is changed:
        return changeable(value)
    if isinstance(value, np.ndarray):
        return arrays.put_back_array(value, changed)
    if type(value) in RANDOM:
        return type(value) is type(changed) and _go_on(value, changed)
    kind = kind_of(value)
    if kind is not None and kind.put_back is not None and kind_of(changed) is kind:
        kind.put_back(value, changed)
        return True
    if type(value) is not type(changed) or type(value) not in REFILLED:
        return False
    if isinstance(value, list) and len(value) == len(changed):
        value[:] = map(_renewed, value, changed)
    elif isinstance(value, (list, bytearray)):
        value[:] = changed
    elif isinstance(value, dict):
        _refill(value, {k: _renewed(value.get(k), new) for k, new in changed.items()})
    else:
        _refill(value, changed)
    return True


def _go_on(generator: Any, other: Any) -> bool:
    """Let a random generator go on where another one is."""
    if isinstance(generator, np.random.Generator):
        if type(generator.bit_generator) is not type(other.bit_generator):
            return False
        generator.bit_generator.state = other.bit_generator.state
        seeds.go_on(generator.bit_generator.seed_seq, other.bit_generator.seed_seq)
    else:
        generator.set_state(other.get_state())
    return True


def _renewed(old: Any, new: Any) -> Any:
    return old if changeable(old) and _put_back(old, new) else new


RANDOM = (np.random.Generator, np.random.RandomState)
# All that random numbers, or others that give some, are drawn from.
DRAWN_FROM = (*RANDOM, random.Random, np.random.SeedSequence, np.random.BitGenerator)
REFILLED = (list, dict, set, bytearray)
