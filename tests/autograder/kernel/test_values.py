"""Values of other classes cross as what they are, and what nobody took apart makes no value."""

import builtins
import collections
import copy
import datetime
import functools
import itertools
import json
import numbers
import pathlib
import random
import subprocess
import sys
import types
import typing
import uuid
import zoneinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.kernel.inside.codec import CodecError, UnreadableValue, pack, unpack
from autograder.kernel.inside.shared import snapshot
from autograder.kernel.inside.values import put_back

pytestmark = pytest.mark.versions

UTC = datetime.UTC
SUMMER = datetime.timezone(datetime.timedelta(hours=2), "CEST")


def refuse(value):
    raise AssertionError(f"{value!r} crossed as a reference")


def round_trip(value):
    return unpack(pack({"value": value}, refuse), refuse)["value"]


def crosses_as_reference(value):
    """Whether a value crosses as one reference, to all of it."""
    seen = []

    def refer(part):
        seen.append(part)
        return {"number": 1}

    pack({"value": value}, refer)
    return len(seen) == 1 and seen[0] is value


def frame(node, *blobs):
    text = json.dumps([{"value": node}, [len(blob) for blob in blobs]]).encode()
    return len(text).to_bytes(4, "big") + text + b"".join(blobs)


def taken_apart(value):
    """The JSON and the arrays of a frame."""
    packed = pack({"value": value}, refuse)
    length = int.from_bytes(packed[:4], "big")
    tree, sizes = json.loads(packed[4 : 4 + length])
    ends = [4 + length, *(4 + length + end for end in itertools.accumulate(sizes))]
    return tree["value"], [packed[start:end] for start, end in itertools.pairwise(ends)]


def same(got, value):
    """Whether two values are the same for everybody who looks at them."""
    if isinstance(value, np.ndarray):
        assert got.dtype == value.dtype and got.shape == value.shape
        assert repr(got.tolist()) == repr(value.tolist())
    elif str(type(value).__module__).startswith("pandas"):
        same_in_pandas(got, value)
    else:
        assert got == value and str(got) == str(value)
        assert type(got).__name__ == type(value).__name__


def same_in_pandas(got, value):
    pd = pytest.importorskip("pandas")
    if isinstance(value, pd.DataFrame):
        pd.testing.assert_frame_equal(got, value, check_freq=True)
        same_in_pandas(got.columns, value.columns)
    elif isinstance(value, pd.Series):
        pd.testing.assert_series_equal(got, value, check_freq=True)
    elif isinstance(value, pd.Index):
        pd.testing.assert_index_equal(got, value, exact=True)
        assert got.names == value.names and type(got) is type(value)
        assert getattr(got, "freq", None) == getattr(value, "freq", None)
    elif isinstance(value, pd.api.extensions.ExtensionArray):
        pd.testing.assert_extension_array_equal(got, value)
    else:
        assert type(got) is type(value) and (got is value or got == value)


ZONES = st.sampled_from([None, UTC, SUMMER, zoneinfo.ZoneInfo("UTC")])


@given(
    value=st.fractions()
    | st.decimals()
    | st.dates()
    | st.timedeltas()
    | st.times(timezones=ZONES)
    | st.datetimes(timezones=ZONES, allow_imaginary=False)
    | ZONES
    | st.builds(range, st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(1, 9))
    | st.builds(slice, st.none() | st.integers(), st.none() | st.fractions())
)
@example(value=Decimal("1e4000"))
@example(value=Decimal("1.50"))
@example(value=datetime.datetime(2024, 10, 27, 2, fold=1))
def test_exact_numbers_and_times(value):
    got = round_trip([value])[0]
    assert type(got) is type(value) and repr(got) == repr(value)


ARRAYS = [
    np.array(["2020-01-01", "NaT"], "M8[D]"),
    np.array([[1, 2], [3, 4]], "m8[25s]"),
    np.array(["2020"], ">M8[ns]").astype("M8[ns]"),
    np.array(5, "M8[Y]"),
    np.zeros(0, "m8[ns]"),
    np.array("NaT", "m8"),
    np.array([1, "a", None, 2.5, (1, [2])], object),
    np.array([[Fraction(1, 2), Decimal("1.5")]], object),
    np.empty((0, 3), object),
]


@pytest.mark.parametrize("value", ARRAYS, ids=repr)
def test_arrays_of_times_and_objects(value):
    same(round_trip(value), value)


@pytest.mark.parametrize("value", [np.datetime64("2020-01-01T12"), np.timedelta64(5, "ms")])
def test_scalars_of_times(value):
    got = round_trip(value)
    assert got == value and got.dtype == value.dtype


def test_what_is_derived_crosses_as_the_plain_value():
    class Always(Fraction):
        def __eq__(self, other):
            return True

        __hash__ = Fraction.__hash__

    class Day(datetime.date):
        pass

    assert type(round_trip(Always(1, 3))) is Fraction and round_trip(Always(1, 3)) == Fraction(1, 3)
    assert type(round_trip(Day(2020, 1, 2))) is datetime.date


def test_a_class_that_only_has_the_name_is_none_of_these():
    fraction = type("Fraction", (), {"__module__": "fractions", "numerator": 1, "denominator": 1})
    assert crosses_as_reference(fraction())


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1" * 6000),
        range(10**8),
        slice(print),
        datetime.datetime(2020, 1, 1, tzinfo=type("Own", (datetime.tzinfo,), {})()),
    ],
    ids=lambda value: str(type(value)),
)
def test_what_is_too_large_or_holds_no_value_crosses_whole_as_a_reference(value):
    assert crosses_as_reference(value)


def test_a_fraction_may_be_of_long_integers():
    assert round_trip(Fraction(2**20_000, 3)) == Fraction(2**20_000, 3)


def test_values_are_made_of_no_references():
    """The kernel could put stand-ins there, which no comparison is to meet."""
    node = {"value": ["slice", [{"reference": {"number": 1}}, None, None]]}
    with pytest.raises(CodecError):
        unpack(frame(node), lambda reference: reference)


def masked(data, mask, **more):
    return np.ma.array(data, mask=mask, **more)


RECORDS = np.array([(1, 2.5, "ab"), (3, 4, "c")], [("x", "i4"), ("y", ">f8"), ("n", "U3")])
RICH: list[Any] = [
    RECORDS, RECORDS[1], RECORDS.view(np.recarray), RECORDS.view(np.recarray)[0],
    np.array(RECORDS[0]), RECORDS[["x", "n"]], RECORDS[:0], np.zeros((2, 0), RECORDS.dtype),
    np.zeros(2, [("v", "f8", (3,)), ("s", [("day", "M8[D]"), ("b", "?")])]), np.zeros(2, "V5"),
    np.zeros(2, np.dtype([("a", "i1"), ("b", "f8")], align=True)),
    masked([1, 2, 3], [0, 1, 0]), np.ma.array([1.5, 2]), np.ma.masked,
    masked([1, 2], [1, 0], fill_value=7, hard_mask=True), masked(ARRAYS[0], [1, 0]),
    masked(RECORDS, [(1, 0, 0), (0, 0, 1)]), masked(RECORDS, [(1, 0, 0), (0, 0, 1)])[0],
    masked(ARRAYS[6], [0, 1, 0, 0, 0]),
    np.dtype("f4"), np.dtype(">M8[25s]"), np.dtype(object), np.dtype(str), RECORDS.dtype,
    np.dtype((float, (2, 3))), RECORDS.view(np.recarray).dtype, np.dtype([("p", "f8")], align=True),
    np.poly1d([1, 2, 3], variable="z"), np.polynomial.Polynomial([1, 2, 3]),
    np.polynomial.Chebyshev([1, 2.5], domain=[0, 1]), uuid.UUID(int=2**127),
    collections.ChainMap({1: [2]}, {3: 4}), ..., NotImplemented,
]  # fmt: skip


@pytest.mark.parametrize("value", RICH, ids=lambda value: repr(value)[:60])
def test_arrays_that_are_more_than_numbers_and_what_is_made_of_them(value):
    got = round_trip(value)
    assert type(got) is type(value) and repr(got) == repr(value)
    if isinstance(value, (np.ndarray, np.generic)):
        assert got.dtype == value.dtype and got.shape == value.shape
        assert not isinstance(value, np.ma.MaskedArray) or got.hardmask == value.hardmask


def test_what_numpy_can_do_with_arrays_that_crossed():
    records, holes = round_trip(RECORDS), round_trip(np.ma.masked_equal([1.0, -1, 3], -1))
    assert np.sort(records, order="n")["x"].tolist() == [1, 3] and records.dtype == RECORDS.dtype
    records["x"] = 5
    assert records[0]["x"] == 5 and RECORDS[0]["x"] == 1
    assert holes.mean() == 2 and holes.filled(0).tolist() == [1, 0, 3]
    assert holes[1] is np.ma.masked and round_trip(np.ma.masked) is np.ma.masked


def test_records_that_hold_objects_are_no_values():
    with_objects = np.zeros(2, [("a", object), ("b", "f8")])
    assert crosses_as_reference(with_objects[0]) and crosses_as_reference(with_objects.dtype)


def changed(value, change):
    """A value that is changed at the other end, and here as it was there."""
    value, other = copy.deepcopy(value), round_trip(value)
    before = snapshot(value)
    change(other)
    assert before == snapshot(value) != snapshot(other)
    assert put_back(value, round_trip(other)) and before != snapshot(value)
    return value


def change(statement):
    return lambda x: exec(statement, {"x": x, "np": np})


@pytest.mark.parametrize(
    "value, statement, says",
    [
        (RECORDS, "x['x'] += 1", "x['x'].tolist() == [2, 4]"),
        (RECORDS[0], "x['n'] = 'z'", "x['n'] == 'z'"),
        (masked([1.5, 2, 3], [0, 1, 0]), "x[0] = np.ma.masked", "x.count() == 1"),
        (masked([1.5, 2, 3], [0, 1, 0]), "x.mask[1] = False; x[:] = 4", "x.sum() == 12"),
        (masked([1, 2], [0, 1], hard_mask=True), "x[:] = 4", "x.tolist() == [4, None]"),
        (np.ma.array([1, 2]), "x.fill_value = 9", "x.fill_value == 9"),
        (masked(RECORDS, [(1, 0, 0), (0, 0, 1)]), "x['y'] = 8", "x['y'].tolist() == [8, 8]"),
        (np.poly1d([1, 2]), "x[0] = 7", "x(0) == 7"),
        (np.polynomial.Polynomial([1, 2]), "x.coef[0] = 7", "x(0) == 7"),
        (collections.ChainMap({1: 2}), "x[3] = 4", "x.maps == [{1: 2, 3: 4}]"),
    ],
    ids=lambda part: str(part)[:40],
)
def test_what_is_changed_in_place_is_changed_at_the_other_end(value, statement, says):
    assert eval(says, {"x": changed(value, change(statement))})


def test_what_cannot_be_changed_in_place_stays_as_it_is():
    fixed = np.arange(3)
    fixed.flags.writeable = False
    assert not put_back(fixed, np.zeros(3, int)) and fixed.tolist() == [0, 1, 2]
    assert not put_back(np.ma.masked, np.ma.array(5.0)) and np.ma.masked.mask
    assert not put_back(np.ma.array([1.5]), np.array([2.5]))
    assert not put_back(np.array([1.5]), np.ma.array([2.5]))
    one = RECORDS[0].copy()
    put_back(one, np.array([(1,)], [("x", "i1")])[0])
    assert one == RECORDS[0]


SPARSE = [f"{form}_{what}" for form in ("bsr", "coo", "csc", "csr", "dia", "dok", "lil")
          for what in ("matrix", "array")]  # fmt: skip
GRIDS = [
    np.array([[1, 0, 2.5], [0, 0, 3], [0, 4, 0], [5, 0, 0]]), np.eye(4, dtype=bool), np.eye(2) * 1j,
    np.zeros((0, 3)), np.zeros((2, 3), "i2"), np.array([[0, 7]], "u1"),
]  # fmt: skip


@pytest.mark.parametrize("name", SPARSE)
@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: f"{grid.shape}, {grid.dtype}")
def test_sparse_matrices(name, grid):
    sparse = pytest.importorskip("scipy.sparse")
    value = getattr(sparse, name)(grid)
    got = round_trip(value)
    assert type(got) is type(value) and got.dtype == grid.dtype and got.nnz == value.nnz
    np.testing.assert_array_equal(got.toarray(), grid)


@pytest.mark.parametrize("name", SPARSE)
def test_sparse_matrices_are_changed_in_place(name):
    sparse = pytest.importorskip("scipy.sparse")
    writes = "x[0, 1] = 9" if name[:3] in ("csr", "csc", "lil", "dok") else "x.data[:] = 9"
    got = changed(getattr(sparse, name)(GRIDS[0]), change(writes))
    assert got.toarray().max() == 9 and type(got).__name__ == name


def test_sparse_arrays_of_one_axis_cross_and_of_too_many_do_not():
    sparse = pytest.importorskip("scipy.sparse")
    for kind in (sparse.coo_array, sparse.csr_array, sparse.dok_array):
        np.testing.assert_array_equal(round_trip(kind([1, 0, 2])).toarray(), [1, 0, 2])
    assert crosses_as_reference(sparse.coo_array(np.ones((2, 2, 2))))
    assert crosses_as_reference(sparse.coo_array((10**9, 10**9)))


HINTS = """
list[int]; Optional[int]; int | None; dict[str, list[int | None]] | None; Union[int, str, None]
Callable[[int], str]; Callable[..., int]; abc.Callable[[int, str], bool]; abc.Callable[..., int]
Any; List; Dict[str, Any]; Literal["a", 1, None]; Tuple[()]; tuple[()]; tuple[int, ...]
abc.Iterable[int]; Iterable[int]; list["Node"]; Optional["Node"]; ClassVar[int]; Type[int]
type[int]; NoReturn; np.ndarray[Any, np.dtype[np.float64]]; Optional[np.ndarray]; Union
Sequence["a.b"]; collections.deque[int]; Union[list[int], "Node", None]; List[int] | None; Iterator
""".replace("\n", ";").split(";")
KNOWN = vars(typing) | {"abc": collections.abc, "collections": collections, "np": np}


def of_builtins(reference):
    return getattr(builtins, reference["builtin"])


@pytest.mark.parametrize("text", [text.strip() for text in HINTS if text.strip()])
def test_annotations(text):
    hint = eval(text, {**KNOWN})
    packed = pack({"value": hint}, lambda value: {"builtin": value.__name__})
    got = unpack(packed, of_builtins)["value"]
    assert got == hint and hash(got) == hash(hint) and type(got) is type(hint)
    assert str(got) == str(hint)


@pytest.mark.parametrize("text", ["list[AnyStr.__class__('T')]", "Annotated[int, print]"])
def test_annotations_of_anything_else_cross_as_references(text):
    assert crosses_as_reference(eval(text, {**KNOWN}))


@pytest.mark.parametrize(
    "kind",
    [
        *(np.float64, np.int8, np.bool_, np.generic, np.ndarray, np.matrix, np.dtype, np.void),
        *(np.random.Generator, np.random.RandomState, np.ma.MaskedArray, np.poly1d),
        *(type(None), type(...), type(NotImplemented), types.FunctionType, pathlib.Path),
        *(collections.abc.Iterable, numbers.Number, Fraction, datetime.date, collections.Counter),
    ],
)
def test_classes_of_values(kind):
    assert round_trip([kind]) == [kind]


def test_other_classes_cross_as_references():
    own = type("float64", (np.float64,), {})
    for kind in (own, subprocess.Popen, types.CodeType, pathlib.PurePath, np.memmap):
        assert crosses_as_reference(kind)


COLUMNS = {
    "integers": [1, 2, 3],
    "small": np.array([1, 2, 3], "u1"),
    "floats": [1.5, np.nan, np.inf],
    "texts": ["x", None, "y"],
    "mixed": [1, "a", None],
    "objects": [Fraction(1, 2), Decimal("1.5"), datetime.date(2020, 1, 1)],
    "containers": [[1], {2: 3}, (4,)],
    "truths": [True, False, True],
    "complex": [1j, 2, 3],
}
# What makes columns, indices and frames of pandas.
MADE_IN_PANDAS = {
    "dates": lambda pd: pd.date_range("2020", periods=3),
    "dates in Berlin": lambda pd: pd.date_range("2020", periods=3, tz="Europe/Berlin"),
    "seconds": lambda pd: pd.Series(pd.to_datetime(["2020", None, "2021"])).astype("M8[s]"),
    "durations": lambda pd: pd.to_timedelta([1, None, 3], unit="s"),
    "categories": lambda pd: pd.Categorical(["u", None, "v"], ["w", "v", "u"], ordered=True),
    "Int64": lambda pd: pd.array([1, None, 3], dtype="Int64"),
    "Float32": lambda pd: pd.array([1.5, None, 3], dtype="Float32"),
    "boolean": lambda pd: pd.array([True, None, False], dtype="boolean"),
    "string": lambda pd: pd.array(["p", None, "q"], dtype="string"),
    "periods": lambda pd: pd.period_range("2020", periods=3, freq="M"),
    "intervals": lambda pd: pd.interval_range(0, 3, closed="left"),
    "missing": lambda pd: pd.Series([pd.NA, pd.NaT, None], dtype=object),
    "moments": lambda pd: pd.Series([pd.Timestamp("2020"), pd.Timedelta("1h"), 1], dtype=object),
    "texts as objects": lambda pd: pd.Series(["a", "b", "c"], dtype=object),
}


def sales(pd):
    columns = {"k": list("abab"), "g": list("xxyy"), "v": [1, 2, 3, 4.5]}
    return pd.DataFrame(columns)


FRAMES = {
    "all columns": lambda pd: pd.DataFrame(
        COLUMNS | {name: make(pd) for name, make in MADE_IN_PANDAS.items()}
    ),
    "sums": lambda pd: sales(pd).groupby("k").sum(),
    "several keys": lambda pd: sales(pd).groupby(["k", "g"]).agg({"v": ["mean", "max"]}),
    "one column": lambda pd: sales(pd).groupby(["k", "g"]).v.sum(),
    "counts": lambda pd: sales(pd).k.value_counts(),
    "pivot": lambda pd: sales(pd).pivot_table(index="k", columns="g", values="v"),
    "description": lambda pd: sales(pd).describe(),
    "bins": lambda pd: sales(pd).groupby(pd.cut(sales(pd).v, [0, 2, 5]), observed=False).v.sum(),
    "days": lambda pd: pd.DataFrame({"x": range(4)}, pd.date_range("2020", periods=4)),
    "empty": lambda pd: pd.DataFrame(),
    "no columns": lambda pd: pd.DataFrame(index=[1, 2]),
    "no rows": lambda pd: pd.DataFrame(columns=["b", "a"]),
    "twice the same": lambda pd: pd.concat([sales(pd), sales(pd)])[["v", "k", "v"]],
    "named axes": lambda pd: sales(pd).rename_axis("rows").rename_axis("columns", axis=1),
    "transposed": lambda pd: sales(pd).T,
    "tuple as a name": lambda pd: pd.Series([1, 2], [("a", 1), 2.5], name=("a", 1)),
    "empty series": lambda pd: pd.Series(dtype=float),
    "range": lambda pd: pd.RangeIndex(0, 10, 3, name="x"),
    "month ends": lambda pd: pd.date_range("2020", periods=4, freq="ME"),
    "hours": lambda pd: pd.date_range("2020", periods=4, freq="h", tz="UTC"),
    "holes": lambda pd: pd.MultiIndex.from_tuples([(1, None), (None, "b")], names=["p", None]),
    "objects": lambda pd: pd.Index(["a", "b"], dtype=object),
    "tuples": lambda pd: pd.Index([("a", 1), ("b", 2)], tupleize_cols=False),
    "timestamp": lambda pd: pd.Timestamp("2020-01-01 12:00", tz="Europe/Berlin"),
    "timedelta": lambda pd: pd.Timedelta("1h"),
    "NaT": lambda pd: pd.NaT,
    "NA": lambda pd: pd.NA,
    "period": lambda pd: pd.Period("2020-01"),
    "interval": lambda pd: pd.Interval(0, 1),
    "dtypes": lambda pd: pd.DataFrame({"i": [1], "s": ["a"], "f": [2.5]}).dtypes,
    "dtype of texts": lambda pd: pd.StringDtype("python"),
    "dtype of categories": lambda pd: pd.CategoricalDtype(["b", "a"], ordered=True),
    "dtype of moments": lambda pd: pd.DatetimeTZDtype("ns", "UTC"),
    "dtype of numbers": lambda pd: pd.UInt8Dtype(),
}


@pytest.mark.parametrize("name", MADE_IN_PANDAS | FRAMES)
def test_values_of_pandas(name):
    pd = pytest.importorskip("pandas")
    value = (MADE_IN_PANDAS | FRAMES)[name](pd)
    same(round_trip(value), value)
    if isinstance(value, pd.DataFrame):
        for place in range(value.shape[1]):
            same(round_trip(value.iloc[:, place]), value.iloc[:, place])


def test_a_frame_can_be_changed_when_it_has_crossed():
    pd = pytest.importorskip("pandas")
    got = round_trip(sales(pd))
    got["new"] = got.v * 2
    got.loc[0, "v"] = 9
    assert got.new.tolist() == [2, 4, 6, 9] and got.v[0] == 9


def test_a_frame_with_a_function_crosses_whole_as_a_reference():
    pd = pytest.importorskip("pandas")
    assert crosses_as_reference(pd.DataFrame({"a": [1.5, 2], "f": [print, len]}))
    assert crosses_as_reference(sales(pd).groupby("k"))
    assert len(pack({"value": pd.DataFrame({"a": [1.5] * 99, "f": print})}, lambda value: {})) < 200


def test_many_keys_of_an_index_are_refused():
    """They can be chosen so that all have one hash."""
    pd = pytest.importorskip("pandas")
    colliding = pd.Index([i * (2**61 - 1) for i in range(6000)], dtype=object)
    assert len(round_trip(colliding)) == 6000
    with pytest.raises(CodecError, match="more than 10000 keys"):
        round_trip([colliding, colliding])
    many = pd.Index([f"row {i}" for i in range(20_000)], dtype=object)
    assert len(round_trip(many)) == 20_000


EXPRESSIONS = """
x; k; Dummy("d"); Integer(3); Rational(1, 3); Float("1.25", 40); Float(0); Float(-0.5)
x + 2*y - 3; x**2/(y + 1); sin(x)*exp(-x**2); sqrt(2) + pi + E + I; oo; -oo; zoo; nan
(x + y)**20; expand((x + y)**9); Derivative(f(x), x, 2); diff(f(x)*g(y), x); f(x, y)
Integral(sin(x), (x, 0, 1)); Integral(x, x); Sum(1/k**2, (k, 1, oo)); Product(k, (k, 1, n))
Eq(x, 2); x > 3; Ne(x, y); And(x > 1, x < 3); Or(x > 1, y < 3); Not(Symbol("p")); true; false
FiniteSet(1, 2, x); Interval(0, 1); Interval.open(-oo, pi); S.Reals; EmptySet
Union(Interval(0, 1), Interval(2, 3)); Complement(S.Reals, FiniteSet(0)); Range(1, 10, 2)
solveset(sin(x), x); solveset(x**2 - 3, x); solveset(cos(x) - x, x, S.Reals)
solve(x**3 + x + 1, x); solve([x + y - 1, x - y], [x, y]); dsolve(f(x).diff(x) - f(x), f(x))
Piecewise((x, x > 0), (0, True)); Abs(x); Max(x, y); Min(x, 3, y); factorial(n); gamma(x)
series(sin(x), x, 0, 6); Limit(sin(x)/x, x, 0); Lambda(x, x**2); Tuple(x, y); log(10**6)
Matrix([[1, x], [y, 2]]); ImmutableMatrix([[1, 2]]); eye(3); zeros(0, 3); A.T*A; A[0, 1]
SparseMatrix(2, 2, {(0, 0): x}); Matrix([[1, 2], [3, 4]]).eigenvects(); Mod(x, 10**9 + 7)
Subs(f(x), x, 0); Heaviside(x); integrate(exp(-x**2), x); IndexedBase("q")[n]; binomial(n, k)
Add(1, 2, evaluate=False); Symbol("x", commutative=False)*Symbol("y", commutative=False)
""".replace("\n", ";").split(";")


@pytest.mark.parametrize("text", [text.strip() for text in EXPRESSIONS if text.strip()])
def test_expressions_of_sympy(text):
    sympy = pytest.importorskip("sympy")
    names = {
        "x": sympy.Symbol("x"), "y": sympy.Symbol("y"), "n": sympy.Symbol("n"),
        "k": sympy.Symbol("k", integer=True, positive=True), "f": sympy.Function("f"),
        "g": sympy.Function("g", real=True), "A": sympy.MatrixSymbol("A", 3, 2),
    }  # fmt: skip
    value = eval(text, vars(sympy) | names)
    got = round_trip(value)
    same(got, value)
    for one, other in zip(*(made if isinstance(made, list) else [made] for made in (got, value))):
        if isinstance(other, sympy.Expr):
            assert one.is_commutative == other.is_commutative and hash(one) == hash(other)
            assert (
                sympy.Add(one, -other) == other - other and one.free_symbols == other.free_symbols
            )


def test_what_sympy_can_do_with_an_expression_that_crossed():
    sympy = pytest.importorskip("sympy")
    x = sympy.Symbol("x")
    got = round_trip(sympy.sin(x) ** 2 + sympy.cos(x) ** 2)
    assert sympy.simplify(got - 1) == 0 and got.subs(x, 0) == 1
    assert round_trip({x: sympy.Integer(2)})[x] == 2
    matrix = round_trip(sympy.Matrix([[1, 2], [3, 4]]))
    matrix[0, 0] = 5
    assert matrix.det() == 14


def test_expressions_of_other_classes_cross_as_references():
    sympy = pytest.importorskip("sympy")
    x = sympy.Symbol("x")

    Own = type("Own", (sympy.Function,), {})
    large = sympy.Add(*sympy.symbols("x:10001"))
    deep = x
    for _ in range(120):
        deep = sympy.sin(deep)
    for value in (Own(x), x + Own(x), sympy.Poly(x), sympy.Integer(2) ** 20_000, large, deep):
        assert crosses_as_reference(value)


def atom(number):
    return ["atom", "Integer", number, []]


def calls(module, name, *places):
    return ["class", f"sympy.{module}", name, list(places)]


POWER = "core.power", "Pow"
FACTORIAL = "functions.combinatorial.factorials", "factorial"
HOSTILE_TABLES = [
    5, [], [5], [[]], [["atom", []]], [["atom", "Integer", "3", []]], [["atom", "Wild", "w", []]],
    [["atom", "Integer", True, []]], [["atom", "Symbol", "x", {"real": 1}, []]],
    [["atom", "Symbol", "x" * 10_000, {}, []]], [["atom", "Symbol", "x", {5: True}, []]],
    [["atom", "Rational", 1, 0, []]], [["atom", "Float", 0, 3, 2**40, 53, []]],
    [["atom", "Float", 2, 3, 0, 53, []]], [["atom", "Float", 0, 3, 0, 10**9, []]],
    [["class", "os", "system", []]], [["class", "sympy.core.sympify", "sympify", []]],
    [["class", "sympy.core.sympify", "CantSympify", []]], [["class", "builtins", "eval", []]],
    [["class", "sympy.core.symbol", "Symbol", []]], [["class", "sympy.core.basic", "Basic", [0]]],
    [["class", "sympy.polys.rootoftools", "CRootOf", []]], [["class", "sympy.core", 5, []]],
    [atom(1), calls("core.add", "Add", -1)], [atom(1), calls("core.add", "Add", 1)],
    [atom(1), calls("core.add", "Add", 0)], [atom(1), calls("core.add", "Add", "0")],
    [atom(1), calls("core.mul", "Mul", 0.0)], [["matrix", "sympy.matrices.dense", "eye", 1, 0, []]],
    [["matrix", "sympy.matrices.dense", "MutableDenseMatrix", 10**9, 10**9, []]],
    [["matrix", "sympy.core.add", "Add", 1, 0, []]], [["function", "f" * 10_000, {}, []]],
    [["function", "f", {"nargs": 3}, []]], [["other", 1, []]],
    # These would take long to work out.
    [["atom", "Symbol", "x", {}, []], atom(10**9), calls(*POWER, 0, 1)],
    [atom(10), atom(10**9), calls(*POWER, 0, 1)], [atom(10**6), calls(*FACTORIAL, 0)],
    [atom(10), atom(9999), calls(*POWER, 0, 1), calls(*POWER, 2, 1), calls(*POWER, 3, 1)],
    [atom(10), calls(*POWER, 0, 0), calls(*POWER, 0, 1), calls(*POWER, 0, 2)],
    [atom(2), *(calls("functions.elementary.exponential", "exp", i) for i in range(6))],
    [atom(1), *(calls("core.add", "Add", i, i) for i in range(60))],
    [["class", "sympy.sets.fancysets", "Naturals", []], calls("core.function", "Lambda", 0, 0)],
]  # fmt: skip


@pytest.mark.parametrize("table", HOSTILE_TABLES, ids=lambda table: str(table)[:60])
def test_tables_that_no_expression_has_are_refused(table):
    pytest.importorskip("sympy")
    node, blobs = taken_apart([table])
    # To work one of them out would not end.
    for kind in ("Basic", "MatrixBase"):
        with pytest.raises(UnreadableValue):
            unpack(frame({"value": [kind, node["list"]]}, *blobs), refuse)


F8 = np.dtype("f8")


def fields(names, kinds, offsets, size):
    return "dtype", ["fields", names, kinds, offsets, size, False, False]


HOSTILE = [
    ("Fraction", [1, 0]), ("Fraction", ["1e999999999", 1]), ("Fraction", [True, 1]),
    ("Fraction", [1]), ("Decimal", ["x"]), ("Decimal", [5]), ("Decimal", ["1" * 6000]),
    ("range", [0, 10**9, 1]), ("range", [0, 2**80, 1]), ("range", [0, 1, 0]), ("range", [0, 1.5]),
    ("timedelta", [10**12, 0, 0]), ("timedelta", [0, 1.5, 0]), ("timezone", [5, None]),
    ("timezone", [datetime.timedelta(days=3), None]), ("ZoneInfo", ["../../etc/passwd"]),
    ("ZoneInfo", ["x" * 10_000]), ("ZoneInfo", [5]), ("date", [2020, 13, 1]), ("date", [2020]),
    ("datetime", [(2020, 1, 1, 25, 0, 0, 0), None, 0]), ("datetime", [(2020, 1, 1), UTC, 7]),
    ("datetime", [(2020, 1, 1), "UTC", 0]), ("time", [(1, 2, 3.5, 0), None, 0]), ("time", [1]),
    ("datetime64", ["M", "D", 1, np.zeros(2), False]), ("datetime64", ["M", "x", 1, 5, False]),
    ("datetime64", ["M", "D", 1, np.zeros(2, "i8"), True]), ("timedelta64", ["O", "D", 1, 5, True]),
    ("datetime64", ["M", "D", 0, np.zeros(2, "i8"), False]), ("ndarray", [(3,), [1, 2]]),
    ("ndarray", [(2**40, 1), []]), ("ndarray", [(-1,), [1]]), ("ndarray", [("3",), [1]]),
    ("ndarray", [3, [1]]), ("ndarray", [(2,), (1, 2)]), ("ndarray", [(100_001,), [1] * 100_001]),
    ("dtype", ["plain", "f8,f8"]), ("dtype", ["plain", "<f8" * 2]), ("dtype", ["plain", 5]),
    ("dtype", ["plain", "|S9999999"]), ("dtype", ["plain", "<f3"]), ("dtype", ["other", 1]),
    ("dtype", ["several", F8, (2**40,)]), ("dtype", ["several", F8, (-1,)]),
    ("dtype", ["several", np.dtype(object), (2,)]), ("dtype", ["several", "f8", (2,)]),
    fields(("a",), [np.dtype(object)], [0], 8), fields(("a",), [F8], [1], 8),
    fields(("a",), [F8], [-1], 8), fields(("a",), [F8], [2**62], 8), fields(("a",), [F8], [0], 0),
    fields(("a",), [F8], [0], 2**40), fields(("a",), ["f8"], [0], 8), fields((5,), [F8], [0], 8),
    fields(("a", "a"), [F8, F8], [0, 8], 16), fields(("a", "b"), [F8], [0], 8),
    ("void", [RECORDS.dtype, (2,), np.zeros(24, "u1"), "array"]),
    ("void", [RECORDS.dtype, (-1, -1), np.zeros(24, "u1"), "array"]),
    ("void", [RECORDS.dtype, (1,), np.zeros(3, "f8"), "array"]),
    ("void", [RECORDS.dtype, (1,), np.zeros(24, "u1"), "record"]),
    ("void", [RECORDS.dtype, (1,), np.zeros(24, "u1"), "matrix"]),
    ("void", [RECORDS.dtype, (0, 2**62, 2**62), np.zeros(0, "u1"), "array"]),
    ("void", [np.dtype(object), (1,), np.zeros(8, "u1"), "array"]),
    ("void", [F8, (1,), np.zeros(8, "u1"), "array"]), ("void", ["f8", (), np.zeros(8), "array"]),
    ("MaskedArray", [np.zeros(2), np.zeros(3, bool), None, False, False]),
    ("MaskedArray", [np.zeros(2), np.zeros(2), None, False, False]),
    ("MaskedArray", [np.zeros(2), None, np.zeros(2), False, False]),
    ("MaskedArray", [np.zeros(2), None, np.array("x"), False, False]),
    ("MaskedArray", [np.zeros(2), None, None, 1, False]),
    ("MaskedArray", [np.zeros(2), None, None, False, True]),
    ("MaskedArray", [np.ma.array([1]), None, None, False, False]), ("MaskedArray", [[1], [0]]),
    ("poly1d", [np.zeros((2, 2)), "x"]), ("poly1d", [[1, 2], "x"]), ("poly1d", [np.zeros(2), 5]),
    ("poly1d", [np.array(["a"]), "x"]), ("Polynomial", [np.zeros(0), np.ones(2), np.ones(2), "x"]),
    ("Polynomial", [np.ones(2), np.ones(3), np.ones(2), "x"]),
    ("Polynomial", [np.ones(2), np.ones(2), np.ones(2), "import os"]),
    ("Legendre", [np.ones((1, 1)), np.ones(2), np.ones(2), "x"]), ("UUID", [-1]),
    ("UUID", [2**128]), ("UUID", ["0" * 32]), ("memoryview", ["a"]),
    ("ChainMap", [[1]]), ("ChainMap", [5]),
    ("type", ["os.system"]), ("type", ["subprocess.Popen"]), ("type", ["numpy.memmap"]),
    ("type", ["numpy.save"]), ("type", ["numbers.abc.x"]), ("type", ["collections.namedtuple"]),
    ("type", ["types.CodeType"]), ("type", ["numpy.lib.format"]), ("type", [5]), ("type", [""]),
    ("hint", ["name", "get_type_hints", []]), ("hint", ["name", "sys", []]),
    ("hint", ["name", 5, []]),
    ("hint", ["name", "__dict__", []]), ("hint", ["typing", "NamedTuple", ["x"]]),
    ("hint", ["typing", "Optional", ["__import__('os')"]]),
    ("hint", ["alias", np.ndarray, ["f()"]]),
    ("hint", ["typing", "List", ["a" * 999]]), ("hint", ["alias", 5, []]),
    ("hint", ["alias", ..., []]),
    ("hint", ["union", None, []]), ("hint", ["union", None, [5, 6]]), ("hint", ["union", None, 5]),
    ("hint", ["typing", "Literal", [[1]]]), ("hint", ["typing", "Literal", [print]]),
    ("hint", ["callable", None, [5]]), ("hint", ["eval", "int", []]),
    ("hint", ["typing", "Union", ["a"] * 101]),
]  # fmt: skip


@pytest.mark.parametrize("name, parts", HOSTILE, ids=lambda part: str(part)[:40])
def test_parts_that_no_value_has_are_refused(name, parts):
    refused(name, parts)


def refused(name, parts):
    packed = pack({"value": parts}, lambda value: {"number": 1})
    length = int.from_bytes(packed[:4], "big")
    tree, sizes = json.loads(packed[4 : 4 + length])
    ends = [4 + length, *(4 + length + end for end in itertools.accumulate(sizes))]
    blobs = [packed[start:end] for start, end in itertools.pairwise(ends)]
    with pytest.raises(UnreadableValue, match=f"a {name} cannot be read"):
        unpack(frame({"value": [name, tree["value"]["list"]]}, *blobs), lambda reference: print)


I4 = np.array([0, 1], "i4")
PAIR = np.ones(2)
HOSTILE_SPARSE = [
    ("csr", [(2, 2), PAIR, I4, I4]), ("csr", [(2, 2), PAIR, I4 + 1, np.array([0, 1, 2])]),
    ("csr", [(2, 2), PAIR, -I4, np.array([0, 1, 2])]), ("csr", [(2, 2), PAIR, I4, I4 * 0.5]),
    ("csr", [(2, 2), PAIR, I4, np.array([0, 5, 2])]), ("csr", [(2, 2), PAIR, I4, np.arange(3) - 1]),
    ("csr", [(2, 2), PAIR, I4, np.array([0, 1, 2**40])]), ("csr", [(2.0, 2), PAIR, I4, I4]),
    ("csr", [(2, 2), np.array(["a", "b"]), I4, np.arange(3)]), ("csr", [(2, 2), PAIR]),
    ("csr", [(2, 2), np.array([None, 1]), I4, np.arange(3)]), ("csc", [(1, 2), PAIR, I4, I4]),
    ("csc", [(2, 1), PAIR, np.array([0, 7]), np.array([0, 2])]), ("csc", [5, PAIR, I4, I4]),
    ("bsr", [(2, 2), PAIR, I4, np.arange(3)]), ("bsr", [(2, 2), np.zeros((0, 0, 0)), I4[:0], I4]),
    ("bsr", [(3, 3), np.ones((2, 2, 2)), I4, I4]), ("bsr", [(2, 2), np.ones((1, 2, 2)), I4, I4]),
    ("bsr", [(2, 2), np.ones((1, 2, 2)), I4[1:], I4]), ("dia", [(2, 2), PAIR, I4]),
    ("dia", [(2, 2), np.ones((1, 2)), np.array([2**31 - 1], "i4")]),
    ("dia", [(2, 2), np.ones((1, 2)), np.array([-(2**31)], "i4")]),
    ("dia", [(2, 2), np.ones((1, 2)), np.array([-(2**63)])]),
    ("dia", [(2, 2), np.ones((2, 2)), I4 * 0]), ("dia", [(2, 2), np.ones((3, 2)), I4]),
    ("dia", [(2,), np.ones((1, 2)), I4[:1]]), ("coo", [(2, 2), PAIR, [I4, I4 + 1]]),
    ("coo", [(2, 2), PAIR, [I4, -I4]]), ("coo", [(2, 2), PAIR, [I4]]), ("coo", [(2, 2), PAIR, I4]),
    ("coo", [(2, 2), np.ones(3), [I4, I4]]), ("coo", [(2, 2), np.ones((2, 1)), [I4, I4]]),
    ("coo", [(10**9, 2), PAIR, [I4, I4]]), ("coo", [(10**7, 10**7), PAIR, [I4, I4]]),
    ("coo", [(2, 2), PAIR, [I4, I4 * 1.0]]), ("dok", [(2, 2), PAIR, [I4, I4 + 1]]),
    ("lil", [(2, 2), PAIR, [I4, I4 - 1]]), ("lil", [(10**6, 2), PAIR, [I4, I4]]),
    ("coo", [(), np.ones(1), []]), ("coo", [(2,) * 3, PAIR, [I4] * 3]),
]  # fmt: skip


@pytest.mark.parametrize("form, parts", HOSTILE_SPARSE, ids=lambda part: str(part)[:60])
@pytest.mark.parametrize("what", ["matrix", "array"])
def test_parts_that_no_sparse_matrix_has_are_refused(form, parts, what):
    pytest.importorskip("scipy.sparse")
    refused(f"{form}_{what}", parts)


def hostile_in_pandas(pd):
    rows, numbers = pd.RangeIndex(2), np.zeros(2)
    return [
        ("DataFrame", [rows, pd.Index(["a"]), [np.zeros(3)]]),
        ("DataFrame", [rows, pd.Index(["a", "b"]), [numbers]]),
        ("DataFrame", [rows, pd.Index(["a"]), [[1, 2]]]),
        ("DataFrame", [rows, pd.Index(["a"]), [np.zeros((2, 1))]]),
        ("DataFrame", [5, pd.Index(["a"]), [numbers]]),
        ("DataFrame", [rows, "a", [numbers]]),
        ("Series", [numbers, pd.RangeIndex(3), None]),
        ("Series", [numbers, rows, [1]]),
        ("Series", [np.array(1.0), rows, None]),
        ("Series", ["ab", rows, None]),
        ("Index", [np.zeros((2, 2)), None]),
        ("Index", [numbers, []]),
        ("Index", [{}, None]),
        ("RangeIndex", [0, 10**9, 1, None]),
        ("RangeIndex", [0, 5, 0, None]),
        ("RangeIndex", [0, 5.5, 1, None]),
        ("DatetimeIndex", [numbers.astype("M8[s]"), None, "B" * 10_000]),
        ("DatetimeIndex", [np.arange(2).astype("M8[s]"), None, "D"]),
        ("DatetimeIndex", [numbers.astype("M8[s]"), None, 5]),
        ("MultiIndex", [[rows], [np.array([0, 5])], [None]]),
        ("MultiIndex", [[rows], [np.array([0]), np.array([0])], [None]]),
        ("MultiIndex", [[rows], ["0"], [None]]),
        ("MultiIndex", [[], [], []]),
        ("Categorical", [np.array([0, 7]), rows, False]),
        ("Categorical", [numbers + 0.5, rows, False]),
        ("Categorical", [np.array([0]), pd.Index([1, 1]), False]),
        ("Categorical", [np.array([0]), rows, 1]),
        ("DatetimeArray", [numbers, None]),
        ("DatetimeArray", [numbers.astype("M8[s]"), "../../etc/passwd"]),
        ("TimedeltaArray", [numbers]),
        ("PeriodArray", [numbers, "M"]),
        ("PeriodArray", [np.arange(2), "no frequency"]),
        ("IntervalArray", [rows, pd.RangeIndex(3), "left"]),
        ("IntervalArray", [pd.Index([1]), pd.Index([0]), "left"]),
        ("IntervalArray", [rows, rows, "inside"]),
        ("IntegerArray", [numbers, np.zeros(2, bool)]),
        ("BooleanArray", [np.zeros(2, bool), np.zeros(3, bool)]),
        ("StringArray", [[1, 2], "python", True]),
        ("StringArray", [["a"], "paper", True]),
        ("Timestamp", [5, None]),
        ("Timestamp", [np.datetime64(2**62, "D"), None]),
        ("Timedelta", [np.timedelta64(2**62, "D")]),
        ("Period", [2**80, "M"]),
        ("Period", [0, "x"]),
        ("Interval", [1, 0, "left"]),
        ("Interval", ["a", "b", "left"]),
        ("NaTType", [1]),
        ("StringDtype", ["paper", True]),
        ("StringDtype", [5, True]),
        ("CategoricalDtype", [[1], True]),
        ("CategoricalDtype", [pd.Index([1, 1]), True]),
        ("CategoricalDtype", [None, 3]),
        ("DatetimeTZDtype", ["year", UTC]),
        ("DatetimeTZDtype", ["ns", "Europe/Berlin"]),
        ("Int8Dtype", [1]),
    ]


def test_parts_that_no_value_of_pandas_has_are_refused():
    pd = pytest.importorskip("pandas")
    for name, parts in hostile_in_pandas(pd):
        refused(name, parts)


@functools.cache
def everything():
    """A value of each kind that can be had here."""
    whole = [Fraction(1, 2), Decimal("1.5"), range(3), slice(1, 2), UTC, SUMMER, *ARRAYS]
    whole += [datetime.datetime(2020, 1, 1, tzinfo=SUMMER), datetime.time(1), *RICH[:-2]]
    whole += [eval(text, {**KNOWN}) for text in ("Optional[np.ndarray]", "Literal['a']")]
    if "scipy.sparse" in sys.modules:
        sparse = sys.modules["scipy.sparse"]
        whole += [getattr(sparse, name)(GRIDS[0]) for name in SPARSE] * 3
    if "pandas" in sys.modules:
        makers = MADE_IN_PANDAS | FRAMES
        whole += [make(sys.modules["pandas"]) for make in makers.values()]
    if "sympy" in sys.modules:
        sympy = sys.modules["sympy"]
        x, y = sympy.symbols("x y")
        whole += [sympy.Eq(sympy.sin(x) ** 2 / 3, sympy.Function("f")(y)), sympy.eye(2)]
        whole += [sympy.Integral(x, (x, 0, sympy.oo)), sympy.Interval(0, 1), sympy.Float(0.5)]
    return whole


BAD: list[object] = [None, True, -1, 0, 2**62, 10**3000, 0.5, 1e300, "", "x", "a" * 9000, {}, [],
       {"list": []}, {"tuple": []}, {"dict": []}, {"array": 0}, {"array": 1}, {"scalar": 0},
       {"reference": {"number": 1}}, {"value": ["Fraction", [1, 2]]}, {"value": ["Basic", []]},
       {"value": ["NaTType", []]}, {"value": ["RangeIndex", [0, 10**7, 1, None]]}]  # fmt: skip


def places(node):
    """Everything in a tree of JSON, by what holds it and where."""
    inside = node.items() if isinstance(node, dict) else enumerate(node)
    for key, below in inside:
        yield node, key
        if isinstance(below, (dict, list)):
            yield from places(below)


@pytest.mark.parametrize("package", ["numpy", "pandas", "scipy.sparse", "sympy"])
@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_any_part_in_the_place_of_another_is_refused_or_makes_a_value(package, seed):
    pytest.importorskip(package)
    rng = random.Random(seed)
    tree, blobs = taken_apart(rng.choice(everything()))
    if not isinstance(tree, dict):
        return
    holder = [copy.deepcopy(tree)]
    for _ in range(rng.randint(1, 2)):
        inside, key = rng.choice(list(places(holder)))
        bad = rng.choice([rng.choice(BAD), *(node[at] for node, at in places([tree]))])
        inside[key] = copy.deepcopy(bad)
    try:
        got = unpack(frame(holder[0], *blobs), lambda reference: None)["value"]
    except CodecError:
        pass
    else:
        pack({"value": got}, lambda value: {"number": 1})  # it is whole enough to go back


def test_a_package_that_is_missing_is_told(monkeypatch):
    pd = pytest.importorskip("pandas")
    packed = pack({"kind": "return", "token": "t", "value": [pd.Series([1.5]), 2]}, refuse)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(
        UnreadableValue, match="RangeIndex cannot be read: pandas is not insta"
    ) as got:
        unpack(packed, refuse)
    assert got.value.message == {"kind": "return", "token": "t", "value": [None, 2]}


def test_no_package_is_imported_before_its_values_come():
    """A kernel whose student does not use pandas does not wait for it."""
    code = """
import sys
from autograder.kernel.inside.codec import pack, unpack
unpack(pack({"value": [sys, slice(1)]}, lambda value: {}), lambda reference: None)
sys.exit(bool({"pandas", "sympy", "scipy", "scipy.sparse", "numpy.ma"} & {*sys.modules}))
"""
    subprocess.run([sys.executable, "-c", code], check=True)
