"""How the values of pandas cross: frames by their columns, columns by arrays of plain values."""

import datetime
import math
from typing import Any

import numpy as np

from autograder.kernel.inside.kinds import (
    MAX_ITEMS,
    MAX_KEYS,
    Kind,
    Parts,
    check,
    check_items,
    package,
)

DTYPES = (
    *(f"{sign}Int{bits}Dtype" for sign in ("", "U") for bits in (8, 16, 32, 64)),
    "Float32Dtype", "Float64Dtype", "BooleanDtype",
)  # fmt: skip
MASKED = ("IntegerArray", "FloatingArray", "BooleanArray")


def _plain(array: Any) -> Any:
    """An array of NumPy's for one that pandas has only wrapped."""
    wrapped = type(array) is package("pandas").arrays.NumpyExtensionArray
    return array.to_numpy() if wrapped else array


def _check_array(array: Any, length: int | None = None) -> None:
    check((array, (np.ndarray, package("pandas").api.extensions.ExtensionArray)))
    if array.ndim != 1 or length not in (None, len(array)):
        raise ValueError(f"an array of it has the shape {array.shape}")


def _frame_apart(value: Any) -> Parts:
    columns = [_plain(value.iloc[:, place].array) for place in range(value.shape[1])]
    return (value.index, value.columns, columns)


def _frame(index: Any, columns: Any, arrays: Any) -> Any:
    pd = package("pandas")
    check((index, pd.Index), (columns, pd.Index), (arrays, list))
    made = {place: _series(array, index, None) for place, array in enumerate(arrays)}
    frame = pd.DataFrame(made, index=index)
    frame.columns = columns
    return frame


def _put_back(frame: Any, changed: Any) -> None:
    frame.__setstate__(changed.__getstate__())


def _series(array: Any, index: Any, name: Any) -> Any:
    pd = package("pandas")
    _check_array(array, len(index))
    check((index, pd.Index))
    return pd.Series(array, index=index, name=name, dtype=array.dtype)


def _index(array: Any, name: Any) -> Any:
    _check_array(array)
    return package("pandas").Index(array, dtype=array.dtype, name=name)


def _index_keys(parts: Parts) -> int:
    # Texts are safe: their hashes cannot be chosen.
    array = parts[0]
    if not isinstance(array, np.ndarray) or array.dtype != object:
        return 0
    return sum(type(item) is not str for item in array.flat)


def _dated_apart(value: Any) -> Parts:
    pd = package("pandas")
    # Its text does not say everything of a frequency with holidays.
    told = value.freq is not None and pd.tseries.frequencies.to_offset(value.freqstr) == value.freq
    return (value.array, value.name, value.freqstr if told else None)


def _dated(array: Any, name: Any, frequency: Any) -> Any:
    check((frequency, (str, type(None))))
    made = _index(array, name)
    made.freq = frequency
    return made


def _range_index(start: Any, stop: Any, step: Any, name: Any) -> Any:
    check((start, int), (stop, int), (step, int))
    return package("pandas").RangeIndex(start, stop, step, name=name)


def _range_keys(parts: Parts) -> int:
    # All its numbers are made when somebody looks for one of them.
    return len(range(*parts[:3])) // (MAX_ITEMS // MAX_KEYS)


def _multi_index(levels: Any, codes: Any, names: Any) -> Any:
    pd = package("pandas")
    check_items(levels, list, pd.Index)
    check_items(codes, list, np.ndarray)
    check((names, list))
    return pd.MultiIndex(levels, codes, names=names)


def _categorical(codes: Any, categories: Any, ordered: Any) -> Any:
    pd = package("pandas")
    check((codes, np.ndarray), (categories, pd.Index), (ordered, bool))
    return pd.Categorical.from_codes(codes, categories, ordered)


def _dates_apart(value: Any) -> Parts:
    zone = value.tz
    return (np.asarray(value.tz_convert(None) if zone else value), zone)


def _dates(moments: Any, zone: Any) -> Any:
    check((moments, np.ndarray))
    if moments.dtype.kind != "M":
        raise ValueError("its times are none")
    dates = package("pandas").DatetimeIndex(moments)
    return (dates if zone is None else dates.tz_localize("UTC").tz_convert(zone)).array


def _durations(moments: Any) -> Any:
    check((moments, np.ndarray))
    if moments.dtype.kind != "m":
        raise ValueError("its times are none")
    return package("pandas").TimedeltaIndex(moments).array


def _periods(numbers: Any, frequency: Any) -> Any:
    check((numbers, np.ndarray), (frequency, str))
    if numbers.dtype != np.int64:
        raise ValueError("its times are none")
    return package("pandas").PeriodIndex.from_ordinals(numbers, freq=frequency).array


def _intervals(left: Any, right: Any, closed: Any) -> Any:
    pd = package("pandas")
    check((left, pd.Index), (right, pd.Index), (closed, str))
    return pd.arrays.IntervalArray.from_arrays(left, right, closed)


def _masked_apart(value: Any) -> Parts:
    dtype = value.dtype.numpy_dtype
    return (value.to_numpy(dtype=dtype, na_value=dtype.type(0)), np.asarray(value.isna()))


def _masked(name: str) -> Any:
    def together(numbers: Any, missing: Any) -> Any:
        check((numbers, np.ndarray), (missing, np.ndarray))
        return getattr(package("pandas").arrays, name)(numbers, missing)

    return together


def _texts_apart(value: Any) -> Parts:
    texts = [text if isinstance(text, str) else None for text in value]
    missing = value.dtype.na_value is package("pandas").NA
    return (texts, value.dtype.storage, missing)


def _texts(texts: Any, storage: Any, missing: Any) -> Any:
    check_items(texts, list, str, type(None))
    return package("pandas").array(texts, dtype=_text_dtype(storage, missing))


def _timestamp_apart(value: Any) -> Parts:
    # In an index it has the usual object for its time zone.
    return (value.asm8, package("pandas").DatetimeIndex([value]).tz)


def _timestamp(moment: Any, zone: Any) -> Any:
    pd = package("pandas")
    check((moment, np.datetime64))
    return pd.Timestamp(moment) if zone is None else pd.Timestamp(moment, tz="UTC").tz_convert(zone)


def _duration(moment: Any) -> Any:
    check((moment, np.timedelta64))
    return package("pandas").Timedelta(moment)


def _period(number: Any, frequency: Any) -> Any:
    check((number, int), (frequency, str))
    return package("pandas").Period(ordinal=number, freq=frequency)


def _interval(left: Any, right: Any, closed: Any) -> Any:
    check((closed, str))
    return package("pandas").Interval(left, right, closed)


def _text_dtype(storage: Any, missing: Any) -> Any:
    pd = package("pandas")
    check((storage, str), (missing, bool))
    return pd.StringDtype(storage, na_value=pd.NA if missing else math.nan)


def _categories(categories: Any, ordered: Any) -> Any:
    pd = package("pandas")
    check((categories, (pd.Index, type(None))), (ordered, (bool, type(None))))
    return pd.CategoricalDtype(categories, ordered)


def _zoned_dtype(unit: Any, zone: Any) -> Any:
    check((unit, str), (zone, datetime.tzinfo))
    return package("pandas").DatetimeTZDtype(unit, zone)


def _pytz_apart(value: Any) -> Parts | None:
    # Not of a time that has been given one: its time zone is an object of its own.
    usual = value.zone and package("pytz").timezone(value.zone) is value
    return (value.zone,) if usual else None


def _pytz(name: Any) -> Any:
    check((name, str))
    return package("pytz").timezone(name)


KINDS = [
    Kind("pandas.DataFrame", _frame_apart, _frame, put_back=_put_back),
    Kind(
        "pandas.Series",
        lambda v: (_plain(v.array), v.index, v.name),
        _series,
        put_back=_put_back,
    ),
    Kind("pandas.Index", lambda v: (_plain(v.array), v.name), _index, _index_keys),
    Kind("pandas.DatetimeIndex", _dated_apart, _dated),
    Kind("pandas.TimedeltaIndex", _dated_apart, _dated),
    Kind(
        "pandas.RangeIndex", lambda v: (v.start, v.stop, v.step, v.name), _range_index, _range_keys
    ),
    Kind(
        "pandas.MultiIndex",
        lambda v: (list(v.levels), [np.asarray(codes) for codes in v.codes], list(v.names)),
        _multi_index,
    ),
    Kind("pandas.Categorical", lambda v: (v.codes, v.categories, v.ordered), _categorical),
    Kind("pandas.arrays.DatetimeArray", _dates_apart, _dates),
    Kind("pandas.arrays.TimedeltaArray", lambda v: (np.asarray(v),), _durations),
    Kind("pandas.arrays.PeriodArray", lambda v: (v.asi8, v.freqstr), _periods),
    Kind("pandas.arrays.IntervalArray", lambda v: (v.left, v.right, v.closed), _intervals),
    *(Kind(f"pandas.arrays.{name}", _masked_apart, _masked(name)) for name in MASKED),
    Kind("pandas.arrays.StringArray", _texts_apart, _texts),
    Kind("pandas.arrays.ArrowStringArray", _texts_apart, _texts),
    Kind("pandas.Timestamp", _timestamp_apart, _timestamp),
    Kind("pandas.Timedelta", lambda v: (v.asm8,), _duration),
    Kind("pandas.Period", lambda v: (v.ordinal, v.freqstr), _period),
    Kind("pandas.Interval", lambda v: (v.left, v.right, v.closed), _interval),
    Kind("pandas.api.typing.NaTType", lambda v: (), lambda: package("pandas").NaT),
    Kind("pandas.api.typing.NAType", lambda v: (), lambda: package("pandas").NA),
    *(
        Kind(f"pandas.{name}", lambda v: (), lambda name=name: getattr(package("pandas"), name)())
        for name in DTYPES
    ),
    Kind(
        "pandas.StringDtype",
        lambda v: (v.storage, v.na_value is package("pandas").NA),
        _text_dtype,
    ),
    Kind("pandas.CategoricalDtype", lambda v: (v.categories, v.ordered), _categories),
    Kind("pandas.DatetimeTZDtype", lambda v: (v.unit, v.tz), _zoned_dtype),
    Kind("pytz.tzinfo.BaseTzInfo", _pytz_apart, _pytz),
]
