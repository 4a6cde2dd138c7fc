"""What may cross between the grader and a student's kernel: values, as JSON and .npy.

A message is a dictionary. Its values may be None, booleans, numbers, strings, bytes, lists,
tuples, sets, dictionaries, NumPy arrays and scalars of numbers or strings, random generators
(by their state, and by the seeds from which they spawn others), and what the table of values.py
has. Anything else crosses as a reference, which `refer` makes and `resolve` reads.
No class, no code and no pickle crosses: whatever a kernel sends, decoding it makes plain values.

A frame is the length of its JSON in 4 bytes, the JSON, and the .npy files one after the other. Long
texts, bytes and integers are .npy files, too.
Both ends use this file, so it imports nothing of the course.
"""

import base64
import functools
import io
import json
import math
import re
from collections.abc import Callable, ItemsView, KeysView, Mapping, Sequence, ValuesView
from typing import Any, Literal, NoReturn

import numpy as np

from autograder.kernel.inside import values
from autograder.kernel.inside.arrays import is_masked
from autograder.kernel.inside.kinds import MAX_DEPTH, MAX_KEYS, Afar, with_room
from autograder.kernel.inside.seeds import seed_sequence, seeds_of

MAX_FRAME = 64 * 2**20  # bytes; the ten photographs of the course take 21 MB
MAX_JSON = 4 * 2**20  # bytes
MAX_HEADER = 1000  # bytes
LONG_TEXT = 2**16  # characters or bytes
MAX_BITS = 2**20  # of an integer: to divide by a longer one is one step of Python's, and takes long
LONG_NUMBER = 10_000  # bits; Python reads no decimal number of more than 4300 digits
MAX_LEVELS = 4 * (MAX_DEPTH + 10)  # of JSON in JSON, of which a value takes three at most
MAX_OBJECTS = 1_000_000  # entries of an array that holds no numbers
PLAIN: tuple[type, ...] = (bool, int, float, complex, str)
PLAIN_HOLDERS = (list, tuple, dict)
NUMBERS_OR_TEXT = "biufcSU"

# What can be changed in place, and is the same again where it comes again.
CONTAINERS = frozenset(("list", "dict", "set", "bytearray", "array", "objects"))
MAX_WEIGHT = 5_000_000  # values in a message, of which each counts as often as it comes

Message = dict[str, Any]
Refer = Callable[[Any], dict[str, Any]]
# What it is given may be anything that JSON can hold: the other end may be hostile.
Resolve = Callable[[Any], Any]

NESTED = f"it is nested more than {MAX_DEPTH} deep, or holds itself"
CONSTANTS = {"Ellipsis": ..., "NotImplemented": NotImplemented}
# A text in JSON, or one without its end.
TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)

# For each: where its state has the position in a table, and the table's length. NumPy reads at this
# position without a check.
GENERATORS: dict[str, tuple[Any, ...]] = {
    "PCG64": (),
    "PCG64DXSM": (),
    "SFC64": (),
    "MT19937": ("state", "pos", 624),
    "Philox": ("buffer_pos", 4),
}


class CodecError(ValueError):
    """A value cannot cross, or a frame is not one that `pack` writes."""


class UnreadableValue(CodecError):
    """The frame is one of `pack`, but of some values in it nothing can be made here.

    Attributes:
        message: the message, with None in place of these values.
    """

    def __init__(self, text: str, message: Message) -> None:
        super().__init__(text)
        self.message = message


class _NotWhole(Exception):
    """A part of a value is no value."""


def pack(
    message: Message,
    refer: Refer,
    named: bool = True,
    order: list[Any] | None = None,
    given: Mapping[int, int] | None = None,
) -> bytes:
    """Write a message as a frame of bytes.

    Args:
        message: a dictionary with string keys.
        refer: makes, for an object that is not a value, its reference: a dictionary that JSON can
            hold.
        named: whether named tuples cross as such; else as tuples.
        order: gets the containers of the message, in an order that is the same for who unpacks it.
        given: of containers that the other end has sent, from the id to the place in its order. In
            the message's "value" they are the other end's own again.

    Returns:
        The frame.

    Raises:
        CodecError: if the message is nested deeper than 200, or takes more than 64 MB, or takes
            more than 4 MB without its arrays, long texts and long integers.
    """
    try:
        packed: bytes = with_room(_packed, message, refer, named, order, given or {})
        return packed
    except RecursionError:
        raise CodecError(NESTED) from None


def _packed(
    message: Message,
    refer: Refer,
    named: bool,
    order: list[Any] | None,
    given: Mapping[int, int],
) -> bytes:
    packing = _Packing(refer, named)
    tree = {}
    for key, value in message.items():
        packing.given = given if key == "value" else {}
        tree[key] = packing.tree(value, 0)
    if order is not None:
        order[:] = packing.order
    text = json.dumps([tree, [len(blob) for blob in packing.blobs]]).encode()
    if len(text) > MAX_JSON:
        raise CodecError(
            f"it takes {len(text) / 2**20:.1f} MB without its arrays and long texts, and no more "
            f"than {MAX_JSON / 2**20:g} MB may cross at once: pass less, or an array"
        )
    return b"".join([len(text).to_bytes(4, "big"), text, *packing.blobs])


def unpack(
    frame: bytes, resolve: Resolve, order: list[Any] | None = None, given: Sequence[Any] = ()
) -> Message:
    """Read the message in a frame.

    Args:
        frame: bytes, from a source that may be hostile.
        resolve: gives, for a reference, what stands for its object.
        order: gets the containers of the message, in the order that `pack` has.
        given: the containers of the message to which this one is an answer, in their order.

    Returns:
        The message.

    Raises:
        UnreadableValue: if a value is unknown here: its package is missing, or its parts do not
            fit together.
        CodecError: if the frame is anything else that `pack` does not write.
    """
    try:
        message: Message = with_room(_unpacked, frame, resolve, order, given)
        return message
    except CodecError:
        raise
    except RecursionError:
        raise CodecError("a message is nested too deeply") from None
    except Exception as error:
        raise CodecError(f"a message cannot be read ({type(error).__name__}: {error})") from None


def _unpacked(
    frame: bytes, resolve: Resolve, order: list[Any] | None, given: Sequence[Any]
) -> Message:
    length = int.from_bytes(frame[:4], "big")
    if not 0 < length <= min(MAX_JSON, len(frame) - 4):
        raise CodecError(f"a message of {len(frame)} bytes cannot hold {length} bytes of JSON")
    text = frame[4 : 4 + length]
    if levels(text) > MAX_LEVELS:
        raise CodecError("a message is nested too deeply")
    tree, sizes = json.loads(text.decode("ascii"))
    unpacking = _Unpacking(resolve, _cut(frame[4 + length :], sizes), given)
    message = {str(key): unpacking.value(node, 0) for key, node in tree.items()}
    if order is not None:
        order[:] = unpacking.order
    if unpacking.fault:
        raise UnreadableValue(unpacking.fault, message)
    return message


def levels(text: bytes) -> int:
    """How deep JSON is nested at most: a test may let Python go deeper than its stack bears.

    Args:
        text: the JSON; may be any bytes.

    Returns:
        The number of levels; if it is small, perhaps a larger number that is small, too.
    """
    most = text.count(b"[") + text.count(b"{")
    if most <= MAX_LEVELS:
        return most
    bare = np.frombuffer(TEXT.sub(b"", text), np.uint8)
    steps = np.isin(bare, [*b"[{"]).astype(np.int32) - np.isin(bare, [*b"]}"])
    return int(steps.cumsum().max(initial=0))


def check_readable(message: Message) -> None:
    """Check that something could be made of all values in a message.

    Args:
        message: what `unpack` gives, or that of an UnreadableValue with its text as "unreadable".

    Raises:
        RuntimeError: if not. It says of which value not, and why.
    """
    if "unreadable" in message:
        raise RuntimeError(f"a value did not cross: {str(message['unreadable'])[:500]}")


class _Packing:
    def __init__(self, refer: Refer, named: bool) -> None:
        self.refer, self.named, self.size = refer, named, 0
        self.blobs: list[bytes] = []
        self.given: Mapping[int, int] = {}
        # The containers that are packed, their places by their ids, and what each of them holds.
        self.order: list[Any] = []
        self.places: dict[int, int] = {}
        self.weights: list[int] = []
        self.weight = 0

    def tree(self, value: Any, depth: int) -> Any:
        """A value as JSON; a container that comes again is the same at the other end, too."""
        self.weight += 1
        if value is None or type(value) in (bool, str, float):
            if type(value) is not str or len(value) <= LONG_TEXT:
                return value
            return {"text": self.long(value.encode("utf-8", "surrogatepass"))}
        if (place := self.given.get(id(value))) is not None:
            return {"given": place}
        if (place := self.places.get(id(value))) is not None:
            self.weight += self.weights[place]
            if self.weight > MAX_WEIGHT:
                raise CodecError(f"it holds more than {MAX_WEIGHT} values")
            return {"again": place}
        before = self.weight
        node = self.plain(value, depth)
        if type(node) is dict and next(iter(node)) in CONTAINERS:
            self.places[id(value)] = len(self.order)
            self.order.append(value)
            self.weights.append(self.weight - before)
        return node

    def plain(self, value: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise CodecError(NESTED)
        kind = type(value)
        if value is ... or value is NotImplemented:
            return {"constant": repr(value)}
        if kind is int:
            bits = value.bit_length()
            if bits < LONG_NUMBER:
                return value
            if bits > MAX_BITS:
                raise CodecError(
                    f"it holds an integer of {bits} bits, and none of more than {MAX_BITS} "
                    "may cross"
                )
            return {"int": self.long(value.to_bytes(bits // 8 + 1, "little", signed=True))}
        if issubclass(kind, Afar):
            return self.reference(value)
        if kind not in PLAIN_HOLDERS and isinstance(value, (tuple, dict) if self.named else dict):
            whole = self.whole(value, depth)
            if whole:
                return whole
        # Lists, tuples and dictionaries of other classes cross as plain ones.
        if isinstance(value, (KeysView, ValuesView, ItemsView)):
            return {"list": [self.tree(item, depth + 1) for item in value]}
        if isinstance(value, (list, tuple)):
            name = "tuple" if isinstance(value, tuple) else "list"
            return {name: [self.tree(item, depth + 1) for item in value]}
        if isinstance(value, dict):
            pairs = list(value.items())
            return {"dict": [[self.tree(a, depth + 1), self.tree(b, depth + 1)] for a, b in pairs]}
        if kind in (set, frozenset):
            return {kind.__name__: [self.tree(item, depth + 1) for item in value]}
        if kind is complex:
            return {"complex": [value.real, value.imag]}
        if kind in (bytes, bytearray):
            if len(value) > LONG_TEXT:
                return {kind.__name__: self.long(value)}
            return {kind.__name__: base64.b64encode(value).decode()}
        if isinstance(value, (np.random.Generator, np.random.RandomState)):
            return self.generator(value, depth)
        if isinstance(value, (np.ndarray, np.generic)):
            return self.array(value, depth)
        # Subclasses of numbers and strings cross as the plain value.
        for plain in PLAIN:
            if isinstance(value, plain):
                return self.tree(plain(value), depth + 1)
        return self.whole(value, depth) or self.reference(value)

    def whole(self, value: Any, depth: int) -> dict[str, Any] | None:
        """A value by its parts; None if there is no way to take it apart, or a part is no value."""
        refer, blobs, size, order = self.refer, len(self.blobs), self.size, len(self.order)
        try:
            name, parts = values.parts(value) or _refuse(value)
            if not values.KINDS[name].holds:
                self.refer = _refuse
            return {"value": [name, [self.tree(part, depth + 1) for part in parts]]}
        except (CodecError, RecursionError):
            raise
        except Exception:
            # The parts of an object of the student's may do anything when they are asked for.
            for container in self.order[order:]:
                self.places.pop(id(container), None)
            del self.blobs[blobs:], self.order[order:], self.weights[order:]
            self.size = size
            return None
        finally:
            self.refer = refer

    def reference(self, value: object) -> dict[str, Any]:
        return {"reference": self.refer(value)}

    def array(self, value: np.ndarray | np.generic, depth: int) -> dict[str, Any]:
        if is_masked(value):
            return self.whole(value, depth) or self.reference(value)
        plain = np.array(value, subok=False, copy=None)
        if plain.dtype.kind not in NUMBERS_OR_TEXT or plain.dtype.names:
            same = isinstance(value, (np.generic, np.recarray))
            whole = self.whole(value if same else plain, depth)
            if whole:
                return whole
            if isinstance(value, np.generic) or self.refer is _refuse:
                return self.reference(value)
            return {"objects": list(plain.shape)}
        name = "scalar" if isinstance(value, np.generic) else "array"
        return {"matrix" if isinstance(value, np.matrix) else name: self.file(plain)}

    def long(self, value: bytes | bytearray) -> int:
        """Add bytes to the files of the frame; which one of them it is."""
        return self.file(np.frombuffer(value, np.uint8))

    def file(self, array: np.ndarray) -> int:
        """Add an array of numbers or text to the files of the frame; which one of them it is."""
        self.size += array.nbytes
        if self.size > MAX_FRAME - MAX_JSON:
            raise CodecError(
                f"its arrays and long texts take more than {(MAX_FRAME - MAX_JSON) / 2**20:g} MB, "
                "and no more may cross at once"
            )
        by_columns = array.flags.f_contiguous and not array.flags.c_contiguous
        header = _written_header(array.dtype, array.shape, by_columns)
        self.blobs.append(header + array.tobytes("F" if by_columns else "C"))
        return len(self.blobs) - 1

    # In quotes, because NumPy imports its generators only when something asks for them.
    def generator(
        self, value: "np.random.Generator | np.random.RandomState", depth: int
    ) -> dict[str, Any]:
        if isinstance(value, np.random.RandomState):
            legacy: Any = value.get_state(legacy=False)
            if legacy["bit_generator"] != "MT19937":
                return self.reference(value)
            return {"generator": self.tree(legacy, depth + 1)}
        state = value.bit_generator.state
        if state.get("bit_generator") not in GENERATORS:
            return self.reference(value)
        if seeds := seeds_of(value.bit_generator.seed_seq):
            state = {**state, "seeds": seeds}
        return {"generator": self.tree(state, depth + 1)}


class _Unpacking:
    def __init__(self, resolve: Resolve, blobs: list[bytes], given: Sequence[Any] = ()) -> None:
        self.resolve, self.blobs, self.given, self.keys = resolve, blobs, given, 0
        self.order: list[Any] = []
        self.weights: list[int] = []
        self.weight = 0
        self.fault = ""  # why a value could not be put together

    def value(self, node: Any, depth: int) -> Any:
        self.weight += 1
        before = self.weight
        made = self.plain(node, depth)
        if type(node) is dict and next(iter(node)) in CONTAINERS:
            self.order.append(made)
            self.weights.append(self.weight - before)
        return made

    def place(self, content: Any, places: Sequence[Any]) -> Any:
        if type(content) is not int or not 0 <= content < len(places):
            raise CodecError(f"a message holds {str(content)[:40]!r} again, and had no such thing")
        return places[content]

    def plain(self, node: Any, depth: int) -> Any:
        if node is None or isinstance(node, (bool, int, float, str)):
            return node
        if depth > MAX_DEPTH + 10:
            raise CodecError("a message is nested too deeply")
        if not isinstance(node, dict) or len(node) != 1:
            raise CodecError(f"a message holds {str(node)[:40]!r}, which stands for nothing")
        (name, content), inner = next(iter(node.items())), depth + 1
        if name == "list":
            return [self.value(item, inner) for item in content]
        if name == "tuple":
            return tuple(self.value(item, inner) for item in content)
        if name in ("set", "frozenset"):
            self._count(len(content))
            items = [self.value(item, inner) for item in content]
            return set(items) if name == "set" else frozenset(items)
        if name == "dict":
            self._count(len(content))
            return {self.value(key, inner): self.value(item, inner) for key, item in content}
        if name == "again":
            self.weight += self.place(content, self.weights)
            if self.weight > MAX_WEIGHT:
                raise CodecError(f"a message holds more than {MAX_WEIGHT} values")
            return self.place(content, self.order)
        if name == "given":
            return self.place(content, self.given)
        if name == "constant":
            return CONSTANTS[content]
        if name == "complex":
            return complex(float(content[0]), float(content[1]))
        if name == "text":
            return self.long(content).decode("utf-8", "surrogatepass")
        if name == "int":
            number = int.from_bytes(self.long(content), "little", signed=True)
            if number.bit_length() > MAX_BITS:
                raise CodecError(f"an integer has {number.bit_length()} bits")
            return number
        if name in ("bytes", "bytearray"):
            long = type(content) is int
            content = self.long(content) if long else base64.b64decode(content, validate=True)
            return content if name == "bytes" else bytearray(content)
        if name in ("array", "matrix", "scalar"):
            array = _read_array(self.blobs[content])
            if name == "array":
                return array
            if name == "scalar" and array.ndim:
                raise CodecError(f"a scalar has the shape {array.shape}")
            return array.view(np.matrix) if name == "matrix" else array[()]
        if name == "value":
            return self.whole(content, inner)
        if name == "objects":
            return _nothings(content)
        if name == "generator":
            return _generator(self.value(content, inner))
        if name == "reference":
            return self.resolve(content)
        raise CodecError(f"a message holds a {str(name)[:40]!r}, and there is no such thing")

    def long(self, place: int) -> bytes:
        return _read_array(self.blobs[place]).tobytes()

    def whole(self, content: Any, depth: int) -> Any:
        """The value of these parts; None, and a fault, if they make none."""
        name, nodes = content
        kind = values.KINDS[name]
        resolve = self.resolve
        if not kind.holds:
            self.resolve = _refuse
        parts = [self.value(node, depth) for node in nodes]
        self.resolve = resolve
        try:
            self._count(kind.keys(parts))
            return kind.together(*parts)
        except RecursionError:
            raise
        except Exception as error:
            self.fault = self.fault or f"a {name} cannot be read: {str(error)[:500]}"
            return None

    def _count(self, number: int) -> None:
        self.keys += number
        if self.keys > MAX_KEYS:
            raise CodecError(f"a message has more than {MAX_KEYS} keys")


def _refuse(value: object) -> NoReturn:
    raise _NotWhole("a part of a value is no value")


def _cut(rest: bytes, sizes: list[Any]) -> list[bytes]:
    """The .npy files at the end of a frame, which must fill the rest of it exactly."""
    blobs: list[bytes] = []
    start = 0
    for size in sizes:
        if type(size) is not int or size < 0:
            raise CodecError(f"an array has the size {size!r}")
        blobs.append(rest[start : start + size])
        start += size
    if start != len(rest):
        raise CodecError(f"arrays of {start} bytes are announced, and {len(rest)} bytes are there")
    return blobs


# A cost function is called thousands of times with arrays of the same shapes.
@functools.lru_cache(maxsize=1000)
def _written_header(dtype: np.dtype, shape: tuple[int, ...], by_columns: bool) -> bytes:
    """The header of a .npy file."""
    file = io.BytesIO()
    header = {"descr": dtype.str, "fortran_order": by_columns, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue()


@functools.lru_cache(maxsize=1000)
def _read_header(header: bytes) -> tuple[tuple[int, ...], Literal["C", "F"], np.dtype]:
    """The shape, order and dtype in the header of a .npy file."""
    file = io.BytesIO(header)
    if np.lib.format.read_magic(file) != (1, 0):
        raise CodecError("an array is written in another version of .npy than 1.0")
    shape, by_columns, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype.kind not in NUMBERS_OR_TEXT or dtype.names or dtype.subdtype or not dtype.itemsize:
        raise CodecError(f"an array has the dtype {str(dtype)[:40]}")
    return shape, "F" if by_columns else "C", dtype


def _read_array(blob: bytes) -> np.ndarray:
    """The array in a .npy file, once its header has been compared with its length.

    numpy.load would first reserve memory for whatever shape the header names.
    """
    start = 10 + int.from_bytes(blob[8:10], "little")
    if start > MAX_HEADER:
        raise CodecError(f"the header of an array has {start} bytes")
    shape, order, dtype = _read_header(blob[:start])
    data = blob[start:]
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != len(data):
        raise CodecError(f"an array of shape {shape} and {dtype} does not fit {len(data)} bytes")
    if not data:
        return np.zeros(shape, dtype)
    return np.frombuffer(data, dtype).reshape(shape, order=order).copy("K")


def _nothings(sizes: list[Any]) -> np.ndarray:
    """Stands for an array of Python objects, whose content does not cross."""
    shape = tuple(sizes)
    if any(type(n) is not int or n < 0 for n in shape) or math.prod(shape) > MAX_OBJECTS:
        raise CodecError(f"an array of objects has the shape {str(shape)[:80]}")
    return np.full(shape, None, dtype=object)


def _generator(state: Any) -> "np.random.Generator | np.random.RandomState":
    name = state["bit_generator"]
    if name not in GENERATORS:
        raise CodecError(f"there is no bit generator {str(name)[:40]!r}")
    if GENERATORS[name]:
        *keys, length = GENERATORS[name]
        place = functools.reduce(lambda table, key: table[key], keys, state)
        if type(place) is not int or not 0 <= place <= length:
            raise CodecError(f"a {name} stands at {str(place)[:40]}, of {length} places")
    if "gauss" in state:
        legacy = np.random.RandomState()
        legacy.set_state(state)
        return legacy
    seeds = state.pop("seeds", None)
    bits = getattr(np.random, name)(None if seeds is None else seed_sequence(seeds))
    bits.state = state
    return np.random.Generator(bits)
