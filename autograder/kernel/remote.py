"""A student's functions at a distance: they run in the student's kernel, and only values cross.

A `Wire` is the grader's end of a socket to the agent in the kernel (inside/agent.py). What comes
over it is treated as hostile: it is checked for its size and decoded to plain values, every answer
must name the request that it answers, and every request ends after a limited time.
"""

import builtins
import itertools
import math
import re
import secrets
import select
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any, NoReturn

import numpy as np

from autograder.kernel.inside.codec import MAX_FRAME, CodecError, Message, pack, unpack

MAX_NESTED = 20  # requests within requests
MAX_ITERATORS = 1000  # that one call has been lent and has not exhausted
# Calls a function of the student's, or does something to an object, with these arguments.
Call = Callable[["RemoteFunction | Operation", tuple[Any, ...], dict[str, Any]], Any]
# What a kernel may send, and what each message holds.
FIELDS: dict[str, dict[str, type]] = {
    "ready": {},
    "return": {"token": str, "value": object},
    "raise": {"token": str, "type": str, "bases": list, "text": str, "line": str},
    "ask": {"token": int, "target": dict, "args": list, "kwargs": dict},
}


class WireBroken(Exception):
    """The kernel is gone, or what it sends cannot be read."""


class OutOfTime(Exception):
    """The kernel did not answer in time."""


class Wire:
    """The grader's end of the socket to one kernel.

    Args:
        connection: a multiprocessing Connection.
        offered: from a name to a function that the student's code may call at any time.
        call: is called as call(remote, args, kwargs) when the grader's own code calls an object of
            the student's.
    """

    def __init__(
        self, connection: Connection, offered: Mapping[str, Callable[..., Any]], call: Call
    ) -> None:
        self.connection, self.offered, self.call = connection, offered, call
        # Connection.poll makes one of these each time.
        self.arrivals = select.poll()
        self.arrivals.register(connection.fileno(), select.POLLIN)
        self.lent: dict[int, Callable[..., Any] | Iterator[Any]] = {}
        self.open: set[int] = set()  # the numbers of the iterators among them
        self.numbers, self.nested = itertools.count(1), 0

    def request(self, seconds: float, **message: Any) -> Message:
        """Send a message to the agent, and wait for its answer.

        Args:
            seconds: how long the answer may take.
            **message: the fields of the message.

        Returns:
            The answer: a dictionary with "value".

        Raises:
            OutOfTime: if the answer takes longer.
            WireBroken: if the kernel is gone, or its answer cannot be read or answers something
                else.
            RecursionError: if more than 20 requests are nested in each other.
            Exception: if the student's code raised an error; it has a class of the same name (see
                student_error).
        """
        if self.nested > MAX_NESTED:
            raise RecursionError("the student's functions and the grader's call each other")
        token, deadline = secrets.token_hex(8), time.monotonic() + seconds
        self.nested += 1
        try:
            self.send({**message, "token": token})
            while True:
                answer = self.receive(deadline)
                if answer["kind"] == "ask":
                    self.answer(answer)
                elif answer.get("token") != token:
                    raise WireBroken("it answered a question that was not asked")
                elif answer["kind"] == "raise":
                    raise student_error(answer)
                else:
                    return answer
        finally:
            self.nested -= 1
            if not self.nested:  # an iterator is lent for one call
                self.forget(*self.open)

    def expect(self, kind: str, seconds: float) -> None:
        """Wait for a message that the kernel sends without a request.

        Args:
            kind: the kind of message that must come.
            seconds: how long it may take.

        Raises:
            OutOfTime: if it takes longer.
            WireBroken: if the kernel is gone, or another message comes.
        """
        if self.receive(time.monotonic() + seconds)["kind"] != kind:
            raise WireBroken(f"it did not say that it is {kind}")

    def take_back(self) -> None:
        """Stop lending the functions that were lent, as arguments, since the last time."""
        self.lent.clear()
        self.open.clear()

    def forget(self, *numbers: int) -> None:
        """Stop lending iterators, by their numbers."""
        for number in numbers:
            self.open.discard(number)
            self.lent.pop(number, None)

    def serve(self, patience: float = 0.001) -> None:
        """Answer what the student's code asks while no request of the grader's is running.

        Args:
            patience: seconds to wait for the next question; if none comes in this time, it is done.
        """
        while self.arrivals.poll(patience * 1000):
            message = self.receive(time.monotonic() + 1)
            if message["kind"] == "ask":
                self.nested += 1  # what it makes the grader ask belongs to this question
                try:
                    self.answer(message)
                finally:
                    self.nested -= 1

    def send(self, message: Message) -> None:
        try:
            frame = pack(message, self.refer)
        except CodecError as error:
            raise ValueError(f"what the grader passes cannot cross: {error}") from None
        try:
            self.connection.send_bytes(frame)
        except OSError:
            raise WireBroken("it is gone") from None

    def receive(self, deadline: float) -> Message:
        try:
            if not self.arrivals.poll(max(0, deadline - time.monotonic()) * 1000):
                raise OutOfTime
            frame = self.connection.recv_bytes(MAX_FRAME)
        except (EOFError, OSError):
            raise WireBroken("it is gone") from None
        try:
            message = unpack(frame, self.resolve)
        except CodecError as error:
            raise WireBroken(f"it sent something unreadable: {error}") from None
        kind = message.get("kind")
        if type(kind) is not str or kind not in FIELDS:
            raise WireBroken("it sent a message of no known kind")
        for name, wanted in FIELDS[kind].items():
            if name not in message or not isinstance(message[name], wanted):
                raise WireBroken(f"it sent a message of kind {kind} without a proper {name}")
        return message

    def answer(self, message: Message) -> None:
        """Call a lent or offered function for the student's code, and send back the result.

        Of a lent iterator the next item is sent, in a list, which is empty if there is none.
        """
        token, args, kwargs = message["token"], message["args"], message["kwargs"]
        try:
            wanted = self.wanted(message["target"])
            if callable(wanted):
                value = wanted(*args, **kwargs)
            else:
                value = list(itertools.islice(wanted, 1))
                if not value:
                    self.forget(message["target"]["lent"])
            given: list[tuple[int | str, Any]] = [*enumerate(args), *kwargs.items()]
            generators = [[i, a] for i, a in given if isinstance(a, np.random.Generator)]
            self.send({"kind": "return", "token": token, "value": value, "generators": generators})
        except (WireBroken, OutOfTime):
            raise
        except Exception as error:
            text = str(error)[:500]
            self.send({"kind": "raise", "token": token, "type": type(error).__name__, "text": text})

    def wanted(self, target: dict[str, Any]) -> Callable[..., Any] | Iterator[Any]:
        """The lent or offered function to which a reference of the student's code points.

        Args:
            target: {"lent": number} or {"offered": name}; may be any dictionary.

        Returns:
            The function, or the iterator.

        Raises:
            LookupError: if the grader does not lend or offer such a function, or no longer does.
        """
        shelves: dict[str, Mapping[Any, Any]] = {"lent": self.lent, "offered": self.offered}
        for shelf, functions in shelves.items():
            if type(target.get(shelf)) in (int, str) and target[shelf] in functions:
                found: Callable[..., Any] | Iterator[Any] = functions[target[shelf]]
                return found
        raise LookupError("the grader does not lend this function here, or no longer")

    def refer(self, value: Any) -> dict[str, Any]:
        if isinstance(value, Remote):
            if value.remote_wire is not self and "name" not in value.remote_reference:
                raise ValueError("the kernel that held this object is gone")
            return value.remote_reference
        if isinstance(value, Operation):
            return {"operation": value.name}
        if callable(value):
            return self.lend(value) | {"function": getattr(value, "__name__", "function")}
        if isinstance(value, Iterator):
            if len(self.open) >= MAX_ITERATORS:
                raise RuntimeError(
                    f"{MAX_ITERATORS} iterators are open: take all items of one before asking for "
                    "the next"
                )
            reference = self.lend(value)
            self.open.add(reference["lent"])
            return reference
        raise TypeError(
            f"a {type(value).__name__} cannot be passed to a student's function: pass numbers, "
            "text, lists, dictionaries, arrays, random generators, functions or iterators"
        )

    def lend(self, value: Callable[..., Any] | Iterator[Any]) -> dict[str, Any]:
        number = next(self.numbers)
        self.lent[number] = value
        return {"lent": number}

    def resolve(self, reference: Any) -> Any:
        """A stand-in for an object of the student's, or what was lent before.

        Args:
            reference: what the kernel sent as a reference; may be anything that JSON can hold.

        Returns:
            The stand-in, the function or the iterator.

        Raises:
            CodecError: if it refers to nothing.
            LookupError: if it refers to something that is not lent.
        """
        if "lent" in reference:
            return self.wanted({"lent": reference["lent"]})
        if type(reference.get("name")) is str:
            return remote(self, {"name": reference["name"]}, reference)
        if type(reference.get("number")) is int:
            return remote(self, {"number": reference["number"]}, reference)
        raise CodecError("a reference to nothing")


class Operation:
    """Something that Python does to an object, such as "getitem", done in the kernel."""

    def __init__(self, name: str) -> None:
        self.name = name


def remote(wire: Wire, where: dict[str, Any], description: dict[str, Any]) -> "Remote":
    """Make a stand-in for an object of the student's.

    Args:
        wire: the socket to the kernel that has the object.
        where: the reference to the object: {"name": name} or {"number": number}.
        description: what the kernel says of the object, with "type", "callable" and "function".

    Returns:
        A stand-in whose class has the name of the object's class.
    """
    base = RemoteFunction if description.get("callable") is True else Remote
    name = re.sub(r"\W", "_", str(description.get("type", "object")))[:40]
    stand_in: Remote = type(name, (base,), {})(wire, where)
    if base is RemoteFunction:
        name = re.sub(r"[^\w<>.]", "_", str(description.get("function") or name))[:80]
        stand_in.__dict__["__name__"] = name
    return stand_in


class Remote:
    """Stands for an object in the student's kernel that is not a plain value.

    Attributes, items, length, iteration and text are asked for in the kernel. A comparison, or a
    test whether it is true, raises TypeError: the student's code must not decide whether an answer
    is right.
    """

    # Both are put into its __dict__: setting an attribute would set the student's.
    remote_wire: Wire
    remote_reference: dict[str, Any]

    def __init__(self, wire: Wire, reference: dict[str, Any]) -> None:
        self.__dict__.update(remote_wire=wire, remote_reference=reference)

    def _ask(self, operation: str, *args: Any) -> Any:
        wire = self.remote_wire
        return wire.call(Operation(operation), (self, *args), {})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._ask("getattr", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("setattr", name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._ask("getitem", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask("setitem", key, value)

    def __contains__(self, item: object) -> bool:
        return self._ask("contains", item) is True

    def __len__(self) -> int:
        length = self._ask("len")
        return length if type(length) is int and length >= 0 else 0

    def __iter__(self) -> Iterator[Any]:
        iterator = self._ask("iter")
        while True:
            taken = Remote._ask(iterator, "next") if isinstance(iterator, Remote) else None
            if not isinstance(taken, list) or len(taken) != 1:
                return
            yield taken[0]

    def __str__(self) -> str:
        return str(self._ask("str"))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of the student's>"

    def __array__(self, dtype: object = None, copy: bool | None = None) -> np.ndarray:
        # One object, whatever it says about its length.
        array = np.empty((), dtype=object)
        array[()] = self
        return array

    def _no_verdict(self, *other: object) -> NoReturn:
        raise TypeError(
            f"this {type(self).__name__} of the student's has no value that can be compared or "
            "tested: compare its attributes, or what its methods return"
        )

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _no_verdict
    __hash__ = object.__hash__


class RemoteFunction(Remote):
    """Stands for a function in the student's kernel.

    As usual in Python, a function that returns None may change its arguments in place; then the
    caller's objects are changed too. If it returns a value, the caller's objects keep the values
    that they had.

    Attributes:
        changed: the arguments that the last call changed in place, from position to new value.
        instead: the functions that replace those that it calls, by their names (see
            with_functions).
        measure: whether the kernel measures what a call holds.
        held: the most bytes that the last call held at once, as the kernel says (see measuring).
    """

    # In its __dict__ too, as those of a Remote.
    __name__: str
    changed: dict[int, Any]
    instead: dict[str, Any]
    measure: bool
    held: float

    def __init__(self, wire: Wire, reference: dict[str, Any]) -> None:
        super().__init__(wire, reference)
        self.__dict__.update(changed={}, instead={}, measure=False, held=math.inf)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.remote_wire.call(self, args, kwargs)

    def with_functions(self, others: Mapping[str, Any]) -> "RemoteFunction":
        """The same function, which calls these instead of the functions of the same names.

        Args:
            others: from a name to the function that takes its place.

        Returns:
            A new stand-in; this one does not change.
        """
        return self._twin(instead=dict(others))

    def measuring(self) -> "RemoteFunction":
        """The same function, of which the kernel measures how much memory each call takes."""
        return self._twin(measure=True)

    def _twin(self, **changes: Any) -> "RemoteFunction":
        twin = type(self)(self.remote_wire, self.remote_reference)
        own = {"instead": self.instead, "measure": self.measure, **changes}
        twin.__dict__.update(own, __name__=self.__name__)
        return twin


def put_back(args: Sequence[Any], changed: Mapping[int, Any]) -> None:
    """Change the caller's arguments as the student's function changed its copies of them.

    An argument whose new value does not fit it, such as an array of another shape, stays as it is.

    Args:
        args: the caller's positional arguments.
        changed: from the position of an argument to its new value.
    """
    for position, value in changed.items():
        argument = args[position]
        if isinstance(argument, np.ndarray) and isinstance(value, np.ndarray):
            if argument.shape == value.shape and argument.dtype == value.dtype:
                argument[...] = value
        elif isinstance(argument, (list, bytearray)) and type(argument) is type(value):
            argument[:] = value
        elif isinstance(argument, (dict, set)) and type(argument) is type(value):
            argument.clear()
            argument.update(value)


def positions(changed: object, args: Sequence[Any]) -> dict[int, Any]:
    """The "changed" of an answer as a dictionary, without what does not fit the arguments.

    Args:
        changed: what the kernel sent; may be anything.
        args: the positional arguments of the call.

    Returns:
        From the position of an argument to its new value.
    """
    changed = changed if isinstance(changed, list) else []
    pairs = [pair for pair in changed if isinstance(pair, list) and len(pair) == 2]
    return {i: value for i, value in pairs if type(i) is int and 0 <= i < len(args)}


def size(held: object) -> float:
    """The "held" of an answer: a number of bytes; infinity if the kernel sent anything else."""
    return held if type(held) is int and 0 <= held < 2**63 else math.inf


def student_error(description: Message) -> Exception:
    """Make an error of the same name as one that the student's code raised.

    Its base is the first usable builtin class of the student's error, so that a test may catch a
    ValueError; StopIteration, StopAsyncIteration and SyntaxError are not usable. Its attribute
    `line` is the line of the student's code that raised it, or "".

    Args:
        description: what the kernel says of the error, with "type", "bases", "text" and "line".

    Returns:
        The error.
    """
    name = re.sub(r"\W", "_", str(description["type"]))[:80] or "Error"
    base = next((base for base in map(_error_class, description["bases"]) if base), Exception)
    text, line = str(description["text"])[:2000], str(description["line"])[:200]
    members = {"__str__": lambda self: text, "__module__": "builtins", "line": line}
    kind: type[Exception] = type(name, (base,), members)
    return kind.__new__(kind, "")


def _error_class(name: object) -> type[Exception] | None:
    kind = getattr(builtins, name, None) if isinstance(name, str) else None
    if name == "LinAlgError":
        kind = np.linalg.LinAlgError
    # A StopIteration would end a loop of the grader's.
    refused = (StopIteration, StopAsyncIteration, SyntaxError)
    if not isinstance(kind, type) or not issubclass(kind, Exception):
        return None
    return None if issubclass(kind, refused) else kind
