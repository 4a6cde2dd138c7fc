"""The student's end of the wire: runs in the kernel, and calls functions when the grader asks.

The grader sends requests over a socket that the kernel inherited; the agent answers with values.
While a function runs it may call back: functions that the grader lent it as arguments, and those
of earlier notebooks. All of it is the student's: what it answers is never more than a claim.
"""

import builtins
import contextlib
import io
import itertools
import os
import threading
import traceback
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from types import FunctionType
from typing import Any, NoReturn

import numpy as np

from autograder.kernel.inside.codec import MAX_FRAME, CodecError, Message, pack, unpack

MAX_TEXT = 2000  # characters of an error's message
MAX_KNOWN = 2000  # results of offered functions that are kept
MAX_PRINTED = 20_000  # characters of what a function prints

agent: "Agent"  # of this kernel: the grader's first request makes it (student_kernel.py)


class Agent:
    """Answers the grader's requests, and asks it to call what it lent or offered.

    namespace: where the notebook's names live.
    """

    def __init__(self, connection: Connection, namespace: dict[str, Any]) -> None:
        self.connection, self.namespace = connection, namespace
        self.objects: dict[int, object] = {}
        self.known: dict[bytes, bytes] = {}
        self.numbers = itertools.count(1)
        # A thread of the student's may call an offered function meanwhile.
        self.turn = threading.RLock()
        self.owner = os.getpid()
        os.register_at_fork(after_in_child=connection.close)

    def serve(self) -> None:
        """Answer requests until the grader says that it has no more."""
        with self.turn:
            self.send({"kind": "ready"})
            while True:
                message = self.receive()
                if message["kind"] == "stop":
                    self.objects.clear()
                    return
                self.answer(message)

    def call_offered(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The result of a function that the grader offers to every notebook, by its name.

        What it was for the same values is kept: whoever compares gradients asks for the cost at
        the same points again and again. With a generator or a function it may differ each time.
        """
        try:
            if any(isinstance(a, np.random.Generator) for a in (*args, *kwargs.values())):
                raise NotAValue
            question = pack({"name": name, "args": list(args), "kwargs": kwargs}, refuse)
        except NotAValue:
            return self.ask({"offered": name}, args, kwargs)
        if question not in self.known:
            value = self.ask({"offered": name}, args, kwargs)
            if len(self.known) >= MAX_KNOWN:
                self.known.clear()
            self.known[question] = pack({"value": value}, self.refer)
        return unpack(self.known[question], self.resolve)["value"]

    def send(self, message: Message) -> None:
        self.connection.send_bytes(pack(message, self.refer))

    def receive(self) -> Message:
        return unpack(self.connection.recv_bytes(MAX_FRAME), self.resolve)

    def answer(self, message: Message) -> None:
        """Do what one request asks for, and send what came of it."""
        token = message["token"]
        try:
            reply = self.do(message)
            self.leave_if_forked()
            self.send({"kind": "return", "token": token, **reply})
        except BaseException as error:
            self.leave_if_forked()
            self.send({"kind": "raise", "token": token, **described(error, message.get("target"))})

    def leave_if_forked(self) -> None:
        """End a process that the function has made: one kernel answers, and listens."""
        if os.getpid() != self.owner:
            os._exit(0)

    def do(self, message: Message) -> Message:
        if message["kind"] == "look":
            found = {n: self.namespace[n] for n in message["names"] if n in self.namespace}
            return {"value": [[name, self.as_known(name, value)] for name, value in found.items()]}
        target, args, kwargs = message["target"], message["args"], message["kwargs"]
        if message.get("instead"):
            target = with_functions(target, message["instead"])
        before = [frozen(argument) for argument in args]
        printed = Sink()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(Sink()):
            value = target(*args, **kwargs)
        changed = [
            [position, argument]
            for position, (old, argument) in enumerate(zip(before, args))
            if old is not None and old != frozen(argument)
        ]
        return {"value": value, "changed": changed, "printed": printed.text()}

    def as_known(self, name: str, value: Any) -> Any:
        """A value, or, for what has no value, a reference by the name that it has here."""
        try:
            pack({"value": value}, refuse)
            return value
        except (CodecError, NotAValue):
            return Named(name, value)

    def refer(self, value: Any) -> dict[str, Any]:
        """A reference to an object that stays here."""
        if isinstance(value, Lent):
            return {"lent": value.number}
        if isinstance(value, Named):
            where: dict[str, Any] = {"name": value.name}
            value = value.value
        else:
            number = next(self.numbers)
            self.objects[number] = value
            where = {"number": number}
        kind = type(value)
        return where | {
            "type": str(getattr(kind, "__name__", "object"))[:80],
            "callable": callable(value),
            "function": str(getattr(value, "__name__", ""))[:80],
        }

    def resolve(self, reference: dict[str, Any]) -> Any:
        """What the grader's reference stands for here."""
        if "lent" in reference:
            return Lent(self, reference["lent"], reference["function"])
        if "operation" in reference:
            return OPERATIONS[reference["operation"]]
        if "name" in reference:
            return self.namespace.get(reference["name"], missing(reference["name"]))
        return self.objects.get(reference["number"], missing("an earlier result"))

    def ask(self, target: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Have the grader call something, and answer its requests until the result is there."""
        with self.turn:
            token = next(self.numbers)
            self.send({"kind": "ask", "token": token, "target": target,
                       "args": list(args), "kwargs": kwargs})  # fmt: skip
            while True:
                message = self.receive()
                if message["kind"] in ("look", "call"):
                    self.answer(message)
                elif message["kind"] == "raise":
                    raise _error(message)
                else:
                    for place, moved in message["generators"]:
                        mine = kwargs[place] if isinstance(place, str) else args[place]
                        mine.bit_generator.state = moved.bit_generator.state
                    return message["value"]


class Lent:
    """A function of the grader's: calling it here has the grader call it."""

    def __init__(self, agent: Agent, number: int, name: str) -> None:
        self.agent, self.number, self.__name__ = agent, number, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.agent.ask({"lent": self.number}, args, kwargs)


class Named:
    """An object that the notebook has a name for."""

    def __init__(self, name: str, value: object) -> None:
        self.name, self.value = name, value


class NotAValue(Exception):
    """Something that cannot cross as a value."""


class Sink(io.TextIOBase):
    """Takes what a function prints, and keeps the beginning of it."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.room = MAX_PRINTED

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.room > 0:
            self.kept.append(text[: self.room])
            self.room -= len(text)
        return len(text)

    def text(self) -> str:
        return "".join(self.kept)


def with_functions(function: Callable[..., Any], others: Mapping[str, Any]) -> Callable[..., Any]:
    """A function with other functions in place of those it calls by these names.

    Helpers from the same notebook, which it calls, see the others too. Anything but a plain
    function is returned as it is.
    """
    if not isinstance(function, FunctionType):
        return function
    namespace = dict(function.__globals__)
    for name, value in function.__globals__.items():
        if isinstance(value, FunctionType) and value.__globals__ is function.__globals__:
            namespace[name] = _moved(value, namespace)
    namespace.update(others)
    return _moved(function, namespace)


def _moved(function: FunctionType, namespace: dict[str, Any]) -> FunctionType:
    """The same function, looking up other names in another namespace."""
    twin = FunctionType(
        function.__code__,
        namespace,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    twin.__kwdefaults__ = function.__kwdefaults__
    return twin


def described(error: BaseException, function: object = None) -> dict[str, Any]:
    """What the grader learns of an error: its type, its builtin bases, message and line."""
    kind = type(error)
    known = [
        base.__name__ for base in kind.__mro__ if base.__module__ in ("builtins", "numpy.linalg")
    ]
    try:
        text = str(error)
    except Exception:
        text = ""
    return {
        "type": str(kind.__name__)[:80],
        "bases": [str(name) for name in known[:20]],
        "text": text[:MAX_TEXT],
        "line": _line(error, function),
    }


def _line(error: BaseException, function: object) -> str:
    """Where in the function's own cell it stopped; "" where its source is not at hand."""
    function = getattr(function, "func", function)
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    try:
        frames = traceback.extract_tb(error.__traceback__)
    except Exception:
        return ""
    lines = [f.line for f in frames if f.filename == file and f.line]
    return lines[-1][:200] if lines else ""


def _error(message: Message) -> Exception:
    kind = getattr(builtins, message["type"], RuntimeError)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        kind = RuntimeError
    try:
        return kind(message["text"])
    except TypeError:
        return RuntimeError(message["text"])


def frozen(argument: object) -> bytes | None:
    """What tells later whether an argument was changed in place; None for what cannot be."""
    if not isinstance(argument, (np.ndarray, list, dict, set, bytearray)):
        return None
    try:
        return pack({"value": argument}, refuse)
    except (CodecError, NotAValue):
        return None


def refuse(value: object) -> NoReturn:
    raise NotAValue


def missing(name: str) -> Callable[..., NoReturn]:
    """Stands for what the notebook has no longer."""

    def nothing(*args: object, **kwargs: object) -> NoReturn:
        raise NameError(f"name {name!r} is not defined")

    return nothing


OPERATIONS: dict[str, Callable[..., Any]] = {
    "getattr": getattr,
    "setattr": setattr,
    "getitem": lambda value, key: value[key],
    "setitem": lambda value, key, item: value.__setitem__(key, item),
    "len": len,
    "contains": lambda value, item: item in value,
    "iter": iter,
    "next": lambda iterator: list(itertools.islice(iterator, 1)),
    "str": str,
    "repr": repr,
}
