"""What crosses between grader and kernel comes out as it went in, and nothing else crosses."""

import inspect
import json
import math
import sys
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import OptimizeResult

from autograder.kernel.inside import codec
from autograder.kernel.inside.codec import CodecError, pack, unpack
from autograder.kernel.inside.objects import kept
from autograder.kernel.inside.seeds import seeds_of
from autograder.kernel.inside.shared import snapshot
from autograder.kernel.inside.values import put_back

pytestmark = pytest.mark.versions


def refuse(value):
    raise AssertionError(f"{value!r} crossed as a reference")


def round_trip(value):
    return unpack(pack({"value": value}, refuse), refuse)["value"]


def frame(tree, *blobs, sizes=None):
    text = json.dumps([tree, [len(b) for b in blobs] if sizes is None else sizes]).encode()
    return len(text).to_bytes(4, "big") + text + b"".join(blobs)


def npy(header, data=b""):
    text = header.encode()
    text += b" " * (-(10 + len(text) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data


@pytest.mark.parametrize("bits", [9_998, 9_999, 10_000, 10_001, 20_007, 200_000])
def test_a_long_integer_crosses(bits):
    for number in (2**bits - 1, 2**bits, -(2**bits), -(2**bits) - 1, -(2**bits) + 1):
        assert round_trip([number]) == [number]


def test_an_integer_with_which_one_step_takes_long_is_told():
    """The grader could not be interrupted in it."""
    assert round_trip(2**codec.MAX_BITS - 1).bit_length() == codec.MAX_BITS
    with pytest.raises(CodecError, match="an integer of 1048577 bits, and none of more than 10485"):
        pack({"value": 2**codec.MAX_BITS}, refuse)
    size = codec.MAX_BITS // 8 + 2
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({size},)}}"
    with pytest.raises(CodecError, match="an integer has 1048591 bits"):
        unpack(frame({"value": {"int": 0}}, npy(header, b"\x7f" * size)), refuse)


def test_long_texts_and_bytes_cross_beside_the_json():
    text = "ä\udc80x" * 2**21
    assert round_trip({text: text}) == {text: text}
    raw, own = b"\x00\xff" * 2**22, bytearray(b"ab") * 2**16
    back, first, again = round_trip([raw, own, own])
    assert back == raw and first == own and type(first) is bytearray and first is again


@pytest.mark.parametrize("kind", ["int", "text", "bytes", "bytearray"])
@pytest.mark.parametrize("place", [1, -2, None, [], {}, 0.5, "?"])
def test_a_long_value_that_is_not_there_is_refused(kind, place):
    blob = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}", b"ab")
    with pytest.raises(CodecError):
        unpack(frame({"value": {kind: place}}, blob), refuse)


PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters(exclude_categories=()))
    | st.binary()
)
KEYS = PLAIN | st.tuples(PLAIN)
VALUES = st.recursive(
    PLAIN | st.binary().map(bytearray) | st.sets(PLAIN) | st.frozensets(PLAIN),
    lambda below: st.lists(below) | st.lists(below).map(tuple) | st.dictionaries(KEYS, below),
    max_leaves=10,
)


@given(value=VALUES)
@example(value=2**100)
@example(value="x" * 10_000)
@example(value="\ud800")
@example(value=[-0.0, 5e-324, math.inf])
@example(value={1, 2.5, "b", (1, 2)})
def test_plain_values_come_out_as_they_went_in(value):
    got = round_trip(value)
    assert got == value and type(got) is type(value)


@given(value=st.lists(PLAIN))
def test_signs_and_types_come_out_as_they_went_in(value):
    assert repr(round_trip(value)) == repr(value)


def test_nan_stays_nan():
    assert math.isnan(round_trip(math.nan))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["f8", ">f8", "f4", "i8", "u1", "?", "c16", "U3", "S2"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (0, 4), (2, 1, 3)])
def test_arrays_come_out_as_they_went_in(shape, dtype, order):
    numbers = np.arange(math.prod(shape)).reshape(shape)
    array = np.array(numbers.astype(dtype), order=order)
    got = round_trip(array)
    assert type(got) is np.ndarray and got.dtype == array.dtype and got.shape == array.shape
    np.testing.assert_array_equal(got, array)
    assert got.flags.writeable and got.flags.c_contiguous == array.flags.c_contiguous


def test_views_masked_arrays_and_matrices():
    array = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(round_trip(array[::2, ::-1]), array[::2, ::-1])
    masked = round_trip(np.ma.masked_less(array, 3))
    assert type(masked) is np.ma.MaskedArray and masked.count() == 9 and masked.data[0, 0] == 0
    assert isinstance(round_trip(np.asmatrix(array)), np.matrix)


@pytest.mark.parametrize("value", [np.float64(0.1), np.float32(2), np.int8(3), np.bool_(True)])
def test_numpy_scalars(value):
    got = round_trip(value)
    assert got == value and type(got) is type(value)


def test_subclasses_cross_as_what_they_are_worth():
    class Everything(float):
        def __eq__(self, other):
            return True

        __hash__ = float.__hash__

    class Names(str):
        pass

    assert type(round_trip(Everything(3))) is float
    assert type(round_trip(Names("a"))) is str
    assert round_trip(Point(1, 2)) == (1, 2)


Point = namedtuple("Point", "x y")
HOLDERS = [Counter("aab"), OrderedDict(b=1, a=[2]), defaultdict(None, {1: [2]}), deque([1], 3),
           Point(1, [2]), OptimizeResult(x=2.0, success=True)]  # fmt: skip


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
def test_values_that_hold_others_keep_their_class(holder):
    made = round_trip(holder)
    assert made == holder and repr(made) == repr(holder)


def test_where_they_are_not_wanted_named_tuples_are_tuples():
    made = unpack(pack({"value": Point(1, 2)}, refuse, named=False), refuse)["value"]
    assert type(made) is tuple and made == (1, 2)


@pytest.mark.parametrize("kind", codec.GENERATORS)
def test_random_generators_go_on_where_they_were(kind):
    rng = np.random.Generator(getattr(np.random, kind)(5))
    rng.integers(10, size=3, dtype=np.int32)
    twin = round_trip(rng)
    np.testing.assert_array_equal(twin.random(5), rng.random(5))


@pytest.mark.parametrize(
    "seed",
    [5, [3, 2**70], None, np.int64(5), np.arange(300), range(3), []],
    ids=str,
)
@pytest.mark.parametrize("kind", codec.GENERATORS)
def test_random_generators_spawn_what_they_would_have(kind, seed):
    rng = np.random.Generator(getattr(np.random, kind)(seed))
    _, child = rng.spawn(2)
    one, other = (generator.spawn(1)[0].random(3) for generator in round_trip([child, rng]))
    np.testing.assert_array_equal(one, child.spawn(1)[0].random(3))
    np.testing.assert_array_equal(other, rng.spawn(1)[0].random(3))


@pytest.mark.parametrize(
    "change",
    [
        {"entropy": -1},
        {"entropy": [1] * 20_000},
        {"entropy": "5"},
        {"entropy": [[1]]},
        {"spawn_key": 7},
        {"pool_size": 1},
        {"other": 1},
        {"spawn_key": [2**32]},
        {"n_children_spawned": "1"},
        {"pool_size": 2**40},
    ],
)
def test_seeds_that_no_generator_has_are_refused(change):
    state = np.random.PCG64(5).state
    seeds = seeds_of(np.random.SeedSequence(5)) | change
    node = codec._Packing(refuse, True).tree(state | {"seeds": seeds}, 0)
    with pytest.raises(CodecError):
        unpack(frame({"value": {"generator": node}}), refuse)


def test_seeds_cross_with_all_that_they_are_made_of():
    seeds = np.random.SeedSequence([5, 6], pool_size=8).spawn(3)[2]
    seeds.spawn(2)
    twin = round_trip(seeds)
    assert repr(twin) == repr(seeds) and twin.n_children_spawned == 2
    assert list(twin.spawn(1)[0].generate_state(3)) == list(seeds.spawn(1)[0].generate_state(3))
    rng = round_trip(np.random.Generator(np.random.PCG64(seeds)))
    assert repr(rng.bit_generator.seed_seq) == repr(seeds)


@pytest.mark.parametrize("kind", codec.GENERATORS)
def test_bit_generators_cross(kind):
    bits = getattr(np.random, kind)(5)
    twin = round_trip(bits)
    assert type(twin) is type(bits) and list(twin.random_raw(3)) == list(bits.random_raw(3))


@pytest.mark.parametrize("position", [-1, 700, 2**30, 1.5, None])
@pytest.mark.parametrize("kind", [np.random.MT19937, np.random.Philox])
def test_a_generator_that_would_read_elsewhere_is_refused(kind, position):
    """NumPy believes where a state says that it stands, and reads there."""
    state = kind(0).state
    if "buffer_pos" in state:
        state["buffer_pos"] = position
    else:
        state["state"]["pos"] = position
    tree = codec._Packing(refuse, True)
    node = tree.tree(state, 0)
    with pytest.raises(CodecError, match="stands at"):
        unpack(frame({"value": {"generator": node}}, *tree.blobs), refuse)


def test_objects_in_arrays_stay_behind():
    got = round_trip(np.array([print, None, "x"], dtype=object))
    assert got.dtype == object and got.tolist() == [None, None, None]


def test_what_is_no_value_crosses_as_a_reference():
    seen = []

    def refer(value):
        seen.append(value)
        return {"number": len(seen)}

    packed = pack({"f": [print, object]}, refer)
    got = unpack(packed, lambda reference: ("stands for", reference))
    assert got["f"] == [("stands for", {"number": 1}), ("stands for", {"number": 2})]
    assert seen == [print, object]


def test_what_is_too_deep_or_too_large_is_told():
    own: list[object] = []
    own.append(own)
    deep: object = 1
    for _ in range(250):
        deep = [deep]
    for value in (own, deep):
        with pytest.raises(CodecError, match="nested more than 200 deep, or holds itself"):
            pack({"value": value}, refuse)
    with pytest.raises(CodecError, match="arrays and long texts take more than 60 MB"):
        pack({"value": np.zeros(10**7)}, refuse)
    with pytest.raises(CodecError, match="more than 4 MB"):
        pack({"value": ["x" * 1000] * 5000}, refuse)
    with pytest.raises(CodecError, match="arrays and long texts take more than 60 MB"):
        pack({"value": "x" * (61 * 2**20)}, refuse)


def nested(depth):
    value: Any = 1
    for level in range(depth):
        value = ([value], (value,), {"a": value}, deque([value]))[level % 4]
    return value


def below(calls, function):
    """Call a function that many calls deep."""
    return below(calls - 1, function) if calls else function()


def test_however_deep_the_stack_is_a_nested_value_crosses():
    """The caller may be a function that calls itself, and near to what Python bears."""
    value, limit = nested(150), sys.getrecursionlimit()
    deepest = limit - len(inspect.stack()) - 150
    assert below(deepest, lambda: round_trip(value)) == value
    assert below(deepest, lambda: snapshot(value)) == snapshot(value)
    one: Any = [1]
    other: Any = [2]
    for _ in range(190):
        one, other = [one], [other]
    assert below(deepest, lambda: put_back(one, other)) and one == other
    assert sys.getrecursionlimit() == limit


def test_what_is_in_itself_several_times_is_refused_at_once():
    own: list[object] = []
    own += [own, own]
    for _ in range(2):
        with pytest.raises(CodecError, match="holds itself"):
            kept({"value": own})
        with pytest.raises(CodecError, match="holds itself"):
            pack({"value": own}, refuse)
    assert snapshot(own) is None


DEEP = ("[", '{"list":[', '["\\"", ', '"\\""[', '{"value":["deque",[')


@pytest.mark.parametrize("level", DEEP)
@pytest.mark.parametrize("limit", [1000, 10**6])
def test_what_is_nested_without_end_is_refused_whatever_python_bears(level, limit, monkeypatch):
    """A test may raise the limit of Python's calls; the stack is no larger for that."""
    text = level.encode() * 100_000
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        with pytest.raises(CodecError):
            unpack(len(text).to_bytes(4, "big") + text, refuse)
        with pytest.raises(CodecError, match="nested"):
            unpack(frame({"value": json.loads('{"list":[' * 250 + "]}" * 250)}), refuse)
    finally:
        sys.setrecursionlimit(before)


@given(text=st.text(st.sampled_from('[]{}",\\a1:'), max_size=60), level=st.integers(0, 30))
def test_levels_are_never_counted_too_low(text, level):
    """Of what is JSON: the reader goes no deeper than was counted."""
    for one in (text, "[" * level + json.dumps(text) + "]" * level):
        try:
            value = json.loads(one)
        except ValueError:
            continue
        depth = 0
        while isinstance(value, list) and value:
            value, depth = value[-1], depth + 1
        assert codec.levels(one.encode()) >= depth


@pytest.mark.parametrize("length", [0, 1, 3, 4, 10])
def test_every_cut_of_a_frame_is_refused(length):
    whole = pack({"value": [np.ones(3), "abc"]}, refuse)
    with pytest.raises(CodecError):
        unpack(whole[:length], refuse)
    for end in range(4, len(whole), 7):
        with pytest.raises(CodecError):
            unpack(whole[:end], refuse)
    with pytest.raises(CodecError):
        unpack(whole + b"x", refuse)


F8 = "{'descr': '<f8', 'fortran_order': False, 'shape': (%s,), }"


@pytest.mark.parametrize(
    "hostile",
    [
        b"", b"\xff" * 8, b"\x7f\xff\xff\xff{}", (5).to_bytes(4, "big") + b"[1,2]",
        (2**20).to_bytes(4, "big") + b"[" * 2**20,
        frame([]), frame(5), frame({"value": {"list": 5}}), frame({"value": {"list": [1], "x": 2}}),
        frame({"value": [1, 2]}), frame({"value": {"eval": "1"}}), frame({"value": {"array": 0}}),
        frame({"value": {"array": 0}}, b""), frame({"value": {"array": 0}}, b"abc"),
        frame({"value": {"array": -2}}, npy(F8 % 1, bytes(8))),
        frame({"value": {"array": "0"}}, npy(F8 % 1, bytes(8))),
        frame({"value": 1}, b"abc", sizes=[-3]), frame({"value": 1}, b"abc", sizes=[2**40]),
        frame({"value": 1}, b"abc", sizes=["3"]), frame({"value": 1}, b"abc", sizes=5),
        frame({"value": {"array": 0}}, npy(F8 % 2**60)),
        frame({"value": {"array": 0}}, npy(F8 % "2**60")),
        frame({"value": {"array": 0}}, npy(F8 % -1, bytes(8))),
        frame({"value": {"array": 0}}, npy((F8 % 1).replace("<f8", "|O"), bytes(8))),
        frame({"value": {"array": 0}}, npy((F8 % 2**60).replace("<f8", "|S0"))),
        frame({"value": {"array": 0}}, npy((F8 % 1).replace("'<f8'", "[('a', '<f8')]"), bytes(8))),
        frame({"value": {"array": 0}}, npy((F8 % 1).replace("'<f8'", "('<f8', (2,))"), bytes(16))),
        frame({"value": {"array": 0}}, npy((F8 % 1).replace("<f8", "<M8[s]"), bytes(8))),
        frame({"value": {"array": 0}}, npy("__import__('os').getcwd()", bytes(8))),
        frame({"value": {"array": 0}}, npy("(" * 5000, bytes(8))),
        frame({"value": {"scalar": 0}}, npy(F8 % 1, bytes(8))),
        frame({"value": {"objects": [10**9]}}), frame({"value": {"objects": [-1]}}),
        frame({"value": {"objects": ["3"]}}), frame({"value": {"bytes": "*"}}),
        frame({"value": {"dict": [[{"list": []}, 1]]}}), frame({"value": {"dict": [1]}}),
        frame({"value": {"set": [i * (2**61 - 1) for i in range(20_000)]}}),
        frame({"value": {"complex": [1]}}), frame({"value": {"complex": ["a", "b"]}}),
        frame({"value": {"generator": {"dict": [["bit_generator", "system"]]}}}),
        frame({"value": {"generator": {"dict": [["bit_generator", "PCG64"], ["state", 5]]}}}),
        frame({"value": {"generator": 7}}),
    ],
    ids=lambda hostile: repr(hostile[:60]),
)  # fmt: skip
def test_frames_that_no_codec_wrote_are_refused(hostile):
    with pytest.raises(CodecError):
        unpack(hostile, lambda reference: None)


WHOLE = pack({"kind": "return", "value": [np.arange(3.0), {"a": (1, 2.5)}, {4}, "x"]}, refuse)
KINDS = (
    type(None), bool, int, float, str, list, dict, tuple, set, frozenset, complex, bytes,
    np.ndarray, np.generic,
)  # fmt: skip


@given(changes=st.dictionaries(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), max_size=3))
@settings(max_examples=500)
def test_damage_anywhere_is_refused_or_makes_plain_values(changes):
    """No byte of a frame, changed to another, does more than change a value."""
    changed = bytearray(WHOLE)
    for place, byte in changes.items():
        changed[place] = byte
    try:
        message = unpack(bytes(changed), lambda reference: None)
    except CodecError:
        return
    assert all(isinstance(value, KINDS) for value in message.values())


# --- containers that come again ---------------------------------------------------------


def test_a_container_that_comes_again_is_the_same_one():
    row, array = [0, 0], np.zeros(2)
    made = round_trip({"rows": [row] * 3, "more": {"row": row}, "arrays": [array, array]})
    assert made["rows"][0] is made["rows"][2] is made["more"]["row"] and made["rows"][0] == row
    assert made["arrays"][0] is made["arrays"][1]
    apart = round_trip([[0], [0]])
    assert apart[0] is not apart[1]


def test_the_other_end_gets_its_own_containers_back():
    board: list[Any] = [[1], {"a": [2]}]
    order: list[Any] = []
    request = pack({"args": [board]}, refuse, order=order)
    seen: list[Any] = []
    (there,) = unpack(request, refuse, seen)["args"]
    places = {id(one): place for place, one in enumerate(seen)}
    answer = pack({"value": there[:], "other": there[0]}, refuse, given=places)
    got = unpack(answer, refuse, given=order)
    assert got["value"] is not board and got["value"][0] is board[0]
    assert got["value"][1]["a"] is board[1]["a"]
    assert got["other"] == [1] and got["other"] is not board[0]


@pytest.mark.parametrize("node", [{"again": 0}, {"again": -1}, {"again": "0"}, {"given": 3},
                                  {"again": True}, {"list": [{"again": 0}]}], ids=str)  # fmt: skip
def test_a_place_that_is_none_is_refused(node):
    with pytest.raises(CodecError):
        unpack(frame({"value": node}), refuse, given=[[1]])


def test_what_comes_again_and_again_is_not_more_than_a_message_holds():
    node: Any = {"list": [1, 1]}
    tree = {"0": node}
    for level in range(40):
        tree[str(level + 1)] = {"list": [{"again": level}, {"again": level}]}
    with pytest.raises(CodecError, match="more than"):
        unpack(frame(tree), refuse)
    value: Any = [1, 1]
    for _ in range(40):
        value = [value, value]
    with pytest.raises(CodecError, match="more than"):
        pack({"value": value}, refuse)
