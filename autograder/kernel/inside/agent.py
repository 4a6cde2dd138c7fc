"""The student's end of the wire: it runs in the kernel, and calls functions when the grader asks.

The grader sends requests over a socket that the kernel inherited; the agent answers with values.
While a function runs, it may call back two kinds of functions: those that the grader lent it as
arguments, and those of earlier notebooks; and it may take items from iterators that it was lent.
The student controls all of this code, so the grader treats its answers as claims and no more.
"""

import builtins
import contextlib
import importlib
import io
import itertools
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType, FunctionType
from typing import Any, NoReturn

import numpy as np

from autograder.kernel.inside import modules
from autograder.kernel.inside.arrays import views_in, where_in, with_views
from autograder.kernel.inside.codec import (
    MAX_FRAME,
    CodecError,
    Message,
    UnreadableValue,
    check_readable,
    pack,
    unpack,
)
from autograder.kernel.inside.files import Files
from autograder.kernel.inside.left import Left
from autograder.kernel.inside.lent import Given, keep, number_of, stand_in
from autograder.kernel.inside.objects import (
    OPERATIONS,
    Kept,
    builtin_name,
    class_description,
    description,
    kept,
    known_errors,
)
from autograder.kernel.inside.settings import Settings
from autograder.kernel.inside.shared import Shared, snapshot, unkept
from autograder.kernel.inside.shell import Cells
from autograder.kernel.inside.values import DRAWN_FROM, changeable, put_back

MAX_TEXT = 2000  # characters of an error's message
MAX_KNOWN = 2000  # results of offered functions that are kept
MAX_PRINTED = 20_000  # characters of what a function prints
# What is told of an error that cannot be described.
NOT_DESCRIBED = {"type": "Exception", "bases": ["Exception"], "line": "", "ran": True, "args": [],
                 "text": "an error that cannot be described"}  # fmt: skip

agent: "Agent"  # of this kernel: the grader's first request makes it (student_kernel.py)


class Agent:
    """Answers the grader's requests, and asks it to call the functions that it lent or offered.

    Args:
        connection: the kernel's end of the socket to the grader.
        cells: runs the notebook's cells; None where there are none.
        namespace: the names of the notebook, with their values.
    """

    def __init__(
        self, connection: Connection, namespace: dict[str, Any], cells: Cells | None = None
    ) -> None:
        self.connection, self.namespace, self.cells = connection, namespace, cells
        # What the grader has references to, by their numbers, and their numbers by their id().
        self.objects: dict[int, object] = {}
        self.places: dict[int, int] = {}
        self.classes: dict[int, Message] = {}  # what the grader is told of those among them
        self.known: dict[bytes, bytes] = {}
        self.plain = False  # whether the call that is running sends plain values alone
        self.measures = False  # whether the call that is running is measured
        self.asked: dict[int, int] = {}  # of its arguments, the places by their ids
        self.numbers = itertools.count(1)
        # Who has the turn talks with the grader. It is free while code of the student's runs, whose
        # threads may ask, too; what runs is in `running`, and what began last is answered first.
        self.turn = threading.Condition(threading.Lock())
        self.running: list[object] = []
        # Threads that a call has left wait for ever: they are not to disturb the next ones.
        self.left: set[threading.Thread] = set()
        self.sending: list[int] = []  # while a message is sent, and the signals that came meanwhile
        self.files, self.shared, self.settings = Files(), Shared(), Settings()
        self.left_by_cells = Left()
        self.given: dict[int, Given] = {}  # what the grader lends, by its number
        self.before: dict[str, list[object]] = {}  # what names stood for that the grader has bound
        # What the grader may have done, to objects and besides.
        self.operations: dict[str, Callable[..., Any]] = OPERATIONS | {
            "bind": self.bind, "unbind": self.unbind, "files": self.files.read,
            "figure": modules.figure, "close_figure": modules.close_figure,
            "new_figure": modules.new_figure,
        }  # fmt: skip
        self.owner = os.getpid()
        os.register_at_fork(after_in_child=connection.close)

    def serve(self) -> None:
        """Answer requests until the grader is gone."""
        with self.turn:
            self.send({"kind": "ready"})
            while True:
                try:
                    message = self.receive()
                except EOFError:
                    return
                if message["kind"] == "rest":
                    modules.close_figures()
                    self.put_back()
                    self.left_by_cells.put_back()
                    self.given.clear()
                else:
                    self.answer(message)

    def interrupted(self, number: int, frame: FrameType | None) -> None:
        """End what runs of the student's code; what the grader's own has begun is to be done."""
        if self.sending:
            self.sending.append(number)
        elif self.running:
            raise KeyboardInterrupt

    def emit(self, outputs: list[Message]) -> bool:
        """Send outputs of a cell to the grader, and say whether that could be done at once."""
        if not self.turn.acquire(blocking=False):
            return False
        try:
            self.send({"kind": "output", "outputs": outputs}, plain=True)
        finally:
            self.turn.release()
        return True

    def call_offered(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function that the grader offers to every notebook.

        Results are kept and reused for the same arguments: code that compares gradients asks for
        the cost at the same points again and again. If a random generator or a function is among
        the arguments, the result may differ each time, and is not kept; nor is it while memory is
        measured, which is to be the function's own.

        Args:
            name: the name under which the grader offers the function.
            args: its positional arguments.
            kwargs: its keyword arguments.

        Returns:
            What the function returns.
        """
        try:
            given = (*args, *kwargs.values())
            if self.measures or any(isinstance(a, DRAWN_FROM) for a in given):
                raise NotAValue
            question = pack({"name": name, "args": list(args), "kwargs": kwargs}, refuse)
        except NotAValue:
            return self.ask({"offered": name}, args, kwargs)
        if question not in self.known:
            value = self.ask({"offered": name}, args, kwargs)
            if len(self.known) >= MAX_KNOWN:
                self.known.clear()
            told = {"value": value, "views": views_in(value, given)}
            self.known[question] = pack(told, self.refer)
        told = unpack(self.known[question], self.resolve)
        return with_views(told["value"], told["views"], given)

    def send(
        self, message: Message, plain: bool = False, given: Mapping[int, int] | None = None
    ) -> None:
        """Send a message to the grader.

        Args:
            message: the message.
            plain: whether objects that are worth a plain value, such as named tuples, cross as
                that.
            given: of the containers of the request that is answered, the places by their ids.
        """
        whole = message if plain else kept(message)
        frame = pack(whole, self.refer, not plain, given=given)
        self.sending.append(0)
        self.connection.send_bytes(frame)
        sent, self.sending = self.sending, []
        if len(sent) > 1 and self.running:
            raise KeyboardInterrupt

    def receive(self) -> Message:
        order: list[Any] = []
        try:
            message = unpack(self.connection.recv_bytes(MAX_FRAME), self.resolve, order)
            return {**message, "order": order}
        except UnreadableValue as error:
            return {**error.message, "unreadable": str(error)}

    def answer(self, message: Message) -> None:
        """Do what one request asks for, and send back the result or the error."""
        token = message["token"]
        try:
            reply = self.do(message)
            self.leave_if_forked()
            plain = message.get("plain", False)
            places = {} if plain else places_of(message.get("order", ()))
            self.send({"kind": "return", "token": token, **reply}, plain, places)
        except BaseException as error:
            self.leave_if_forked()
            reply = {"kind": "raise", "token": token}
            try:
                self.send(reply | self.told_of_error(error, message.get("target")))
            except BaseException:  # of its class, which may do anything when it is asked
                self.send(reply | NOT_DESCRIBED)

    def told_of_error(self, error: BaseException, function: object) -> Message:
        """What the grader is told of an error that a function has raised."""
        told = described(error, function)
        told |= {"args": self.sendable(error.args)}
        if "lent_number" in vars(type(error)):
            told |= {"own": type(error)}
        if type(error).__module__ != "builtins" or number_of(error) is not None:
            told |= {"error": Kept(error)}
        if error.__cause__ is not None:
            told["cause"] = Kept(error.__cause__)
        return told

    def sendable(self, args: tuple[Any, ...]) -> list[Any]:
        """The arguments of an error; none if they cannot cross."""
        try:
            pack({"args": kept(args)}, self.refer)
            return list(args)
        except Exception:
            return []

    def leave_if_forked(self) -> None:
        """End this process if the function forked it: only one kernel answers and listens."""
        if os.getpid() != self.owner:
            os._exit(0)

    def do(self, message: Message) -> Message:
        check_readable(message)
        self.release(message.get("released", ()))
        if message["kind"] == "look":
            found = {n: self.namespace[n] for n in message["names"] if n in self.namespace}
            numbers = [[name, self.held(value)] for name, value in found.items()]
            return {
                "value": [[name, self.as_known(value)] for name, value in found.items()],
                "shared": [[name, number] for name, number in numbers if number is not None],
            }
        if message["kind"] == "cell":
            self.left_by_cells.put_back()
            with self.free_turn(in_cell=True):
                return {"value": self.cells and self.cells.run(message["source"], self.emit)}
        target, args, kwargs = message["target"], message["args"], message["kwargs"]
        if message.get("instead"):
            target = with_functions(target, message["instead"])
        self.plain = message.get("plain", False)
        before_this, self.asked = self.asked, places_of(message.get("order", ()))
        place = message.get("place", {})
        if place:
            self.files.settle(place["work"], place["temporary"])
        self.files.write(message.get("files", {}))
        if message.get("fresh"):
            self.left_by_cells.put_aside()
        self.settings.take(message.get("settings", {}))
        self.shared.take(message.get("shared", ()))
        given = [*args, *kwargs.values()]
        for position, number in message.get("identical", ()):
            given[position] = self.shared.held.get(number, (given[position],))[0]
        args, kwargs = given[: len(args)], dict(zip(kwargs, given[len(args) :]))
        before = [snapshot(argument) for argument in given]
        holders = counts(given)
        lent = [(i, argument) for i, argument in enumerate(given) if isinstance(argument, Given)]
        for _, one in lent:
            keep(one, lent_spoiled=False)
        printed, self.measures = Sink(), message.get("measure", False)
        meter = measure() if self.measures else contextlib.nullcontext()
        with (
            contextlib.redirect_stdout(printed), contextlib.redirect_stderr(Sink()),
            modules.warned(message.get("warns", False)) as warned,
            modules.replaced(message.get("replaced", ()), message.get("variables", {})),
            working_in(place.get("here", "")), meter, self.free_turn(),
        ):  # fmt: skip
            try:
                value = target(*args, **kwargs)
            finally:
                self.asked = before_this
        # By others than `value` and what counts; an array may be a part of one that is.
        is_held = sys.getrefcount(value) > 2 or (
            isinstance(value, np.ndarray)
            and value.base is not None
            and sys.getrefcount(value.base) > 2
        )
        changed = [
            [position, argument]
            for position, (old, argument) in enumerate(zip(before, given))
            if old is not None and old != snapshot(argument)
        ]
        changed += [[position, None] for position, one in lent if one.lent_spoiled]
        beside = {}
        if not self.plain:
            beside = self.identity(value, given, is_held)
            kept = [i for i, (was, now) in enumerate(zip(holders, counts(given))) if now > was]
            beside["kept"] = [[i, number] for i in kept if (number := self.held(given[i]))]
        beside |= {
            "held": getattr(meter, "held", None),
            "files": self.files.read(message.get("wanted", ())),
            "warned": warned,
            "figures": modules.open_figures(),
            "moved": self.shared.changes(),
            "settings": self.settings.changes(back=True),
        }
        reply = {"value": value, "changed": changed, "printed": printed.text()}
        return reply | {name: told for name, told in beside.items() if told not in (None, [], {})}

    def identity(self, value: object, given: list[Any], is_held: bool) -> Message:
        """Which value it is that is returned, if it can be changed in place and is not a new one.

        Args:
            value: the value.
            given: the arguments.
            is_held: whether something else in this process has it.

        Returns:
            "same", the position of the argument that it is; "view", the position of the array of
            which it is a part, and where it lies there; or "shared", its number.
        """
        if not changeable(value):
            return {}
        for position, argument in enumerate(given):
            if argument is value:
                return {"same": position}
            if (part := where_in(argument, value)) is not None:
                return {"view": [position, *part]}
        return {"shared": self.held(value)} if is_held else {}

    def held(self, value: object) -> int | None:
        """The number of a value that both ends hold from now on; None if they cannot."""
        if not changeable(value):
            return None
        number = self.shared.number_of(value) or next(self.numbers)
        return number if self.shared.hold(number, value) else None

    @contextlib.contextmanager
    def free_turn(self, in_cell: bool = False) -> Iterator[None]:
        """Let threads talk with the grader, until what runs here and began later has ended.

        Args:
            in_cell: whether a cell runs here, whose threads may go on.
        """
        this, before = object(), {*threading.enumerate()}
        self.running.append(this)
        self.turn.release()
        try:
            yield
        finally:
            self.turn.acquire()
            self.turn.wait_for(lambda: self.running[-1] is this)
            self.running.pop()
            if not in_cell and not self.running:
                self.left |= {*threading.enumerate()} - before
            self.turn.notify_all()

    def as_known(self, value: Any) -> Any:
        """The value itself; if it cannot cross as a value, what makes it cross as a reference."""
        whole = type(value) in (list, tuple, dict, set, frozenset)
        try:
            pack({"value": kept(value)}, self.refer if whole else refuse)
            return value
        except (CodecError, NotAValue):
            return Kept(value)

    def refer(self, value: Any) -> dict[str, Any]:
        """A reference to an object that stays here, with what the grader gets to know of it."""
        value = unkept(value)
        if (number := number_of(value)) is not None:
            return {"lent": number}
        if name := builtin_name(value):
            return {"builtin": name}
        kind = value if isinstance(value, type) else type(value)
        own = {"number": self.number(value), "class": self.told_of(kind)}
        return description(value) | own

    def number(self, value: object) -> int:
        """The number by which the grader may refer to an object, which is kept alive."""
        number = self.places.get(id(value))
        if number is None:
            number = self.places[id(value)] = next(self.numbers)
            self.objects[number] = value
        return number

    def told_of(self, kind: type) -> Message:
        """What the grader is told of a class."""
        number = self.number(kind)
        if number not in self.classes:
            self.classes[number] = class_description(kind, self.number)
        return self.classes[number]

    def release(self, numbers: Iterable[int]) -> None:
        """Stop keeping objects that the grader no longer refers to."""
        for number in numbers:
            self.classes.pop(number, None)
            if number in self.objects:
                del self.places[id(self.objects.pop(number))]

    def resolve(self, reference: dict[str, Any]) -> Any:
        """The object or function here that the grader's reference stands for."""
        if "lent" in reference:
            number = reference["lent"]
            if number not in self.given:
                self.given[number] = stand_in(self, number, reference)
            return self.given[number]
        if "import" in reference:
            return imported(*reference["import"])
        if "pattern" in reference:
            return re.compile(*reference["pattern"])
        if "operation" in reference:
            return self.operations[reference["operation"]]
        if "error" in reference:
            if "class" in reference:
                reference = {**reference, "class": self.resolve(reference["class"])}
            return error_of(reference)
        if "builtin" in reference:
            return getattr(builtins, reference["builtin"])
        if reference.get("number") in self.objects:
            return self.objects[reference["number"]]
        if "name" in reference:
            return self.namespace.get(reference["name"], missing(reference["name"]))
        return missing("an earlier result")

    def bind(self, name: str, value: object) -> int | None:
        """Give a name of the notebook another value, and say by which number both ends hold it."""
        self.before.setdefault(name, [self.namespace[name]] if name in self.namespace else [])
        self.namespace[name] = value
        return self.held(value)

    def put_back(self) -> None:
        """Give names that stand for the grader's functions their own values again."""
        for name, old in self.before.items():
            if isinstance(self.namespace.get(name), Given):
                del self.namespace[name]
                self.namespace.update([(name, value) for value in old])
        self.before.clear()

    def unbind(self, name: str) -> None:
        """Delete a name of the notebook.

        Args:
            name: the name.

        Raises:
            NameError: if the notebook has no such name.
        """
        if name not in self.namespace:
            raise NameError(f"name {name!r} is not defined")
        self.before.setdefault(name, [self.namespace[name]])
        del self.namespace[name]

    def ask(self, target: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Have the grader call a function, and answer its requests until the result is there.

        The state of a random generator among the arguments is updated to what it is after the call.

        Args:
            target: which function: {"offered": name} or {"lent": number}.
            args: its positional arguments.
            kwargs: its keyword arguments.

        Returns:
            What the function returns.

        Raises:
            Exception: if the function fails. It has the builtin class of the function's error, or
                is a RuntimeError.
        """
        with self.turn:
            self.turn.wait_for(lambda: threading.current_thread() not in self.left)
            token = next(self.numbers)
            question = {"kind": "ask", "token": token, "target": target,
                        "args": list(args), "kwargs": kwargs}  # fmt: skip
            plain = self.plain or "offered" in target
            own = [] if plain else [[i, self.asked.get(id(one))] for i, one in enumerate(args)]
            question["own"] = [[i, place] for i, place in own if place is not None]
            self.send(question, plain)
            while True:
                message = self.receive()
                if message["kind"] in ("look", "call"):
                    self.answer(message)
                elif message["kind"] == "raise":
                    raise message["error"]
                else:
                    check_readable(message)
                    for place, moved in message["generators"]:
                        mine = kwargs[place] if isinstance(place, str) else args[place]
                        put_back(mine, moved)
                    for place, now in message.get("changed", ()):
                        put_back(args[place], now)
                    given = (*args, *kwargs.values())
                    return with_views(message["value"], message.get("views", ()), given)


def working_in(folder: str) -> contextlib.AbstractContextManager[None]:
    """Work in a folder for a with block; "" is where this process works."""
    return contextlib.chdir(folder) if folder else contextlib.nullcontext()


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


def measure() -> Any:
    """What measures the memory that is held in a with block: in its attribute held."""
    from saelab.memory import Meter  # a course that does not measure need not have it here

    return Meter()


def with_functions(function: Callable[..., Any], others: Mapping[str, Any]) -> Callable[..., Any]:
    """A copy of a function that calls other functions instead of those of the same names.

    Functions of the same notebook that it calls see the replacements too.

    Args:
        function: is returned as it is if it is not a plain Python function.
        others: from a name to the function that takes its place.

    Returns:
        The copy, or `function` itself.
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
    """The same function, which looks up the names that it uses in another namespace."""
    twin = FunctionType(
        function.__code__,
        namespace,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    twin.__kwdefaults__ = function.__kwdefaults__
    return twin


def places_of(order: Sequence[Any]) -> dict[int, int]:
    """The places of the containers of a message, by their ids."""
    return {id(container): place for place, container in enumerate(order)}


def counts(values: list[Any]) -> list[int]:
    """How many references there are to each of some values."""
    return [sys.getrefcount(value) for value in values]


def described(error: BaseException, function: object = None) -> dict[str, Any]:
    """What the grader gets to know of an error: type, builtin base classes, message and line.

    Args:
        error: the error.
        function: the function that raised it, in whose cell the line is looked for.

    Returns:
        A dictionary with "type", "bases", "text" and "line".
    """
    kind = type(error)
    known = [base.__name__ for base in known_errors(kind)]
    if isinstance(error, NotImplementedError) and _in_a_library(error):
        known.remove("NotImplementedError")  # which would say that the student has not written it
    try:
        text = str(error)
    except Exception:
        text = ""
    return {
        "type": str(kind.__name__)[:80],
        "bases": known,
        "text": text[:MAX_TEXT],
        "line": _line(error, function),
        "ran": _ran(error),
    }


def _line(error: BaseException, function: object) -> str:
    """The line of the function's own cell in which it stopped, or "" if its source is not known."""
    try:  # an attribute of the student's object may be anything
        function = getattr(function, "func", function)
        file = getattr(getattr(function, "__code__", None), "co_filename", None)
        frames = traceback.extract_tb(error.__traceback__)
    except Exception:
        return ""
    lines = [f.line for f in frames if f.filename == file and f.line]
    return lines[-1][:200] if lines else ""


def _ran(error: BaseException) -> bool:
    """Whether code other than the grader's had begun when an error was raised.

    It had not where a function cannot be called with what it is given.
    """
    here = str(Path(__file__).parent)
    files = (frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(not file.startswith(here) for file in files)


def _in_a_library(error: BaseException) -> bool:
    """Whether an error comes out of an installed package."""
    file = ""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
    return "/site-packages/" in file or "/dist-packages/" in file


def error_of(told: Mapping[str, Any]) -> Exception:
    """An error of the grader's.

    Args:
        told: "error" and "text", the name of its class and its text; "args", its arguments, if they
            are plain; of an error of a test's own class also "class", the class, and "number", by
            which the grader knows it.

    Returns:
        An error of the builtin class of this name, or of the test's; a RuntimeError if there is no
        such class.
    """
    kind = told.get("class") or getattr(builtins, told["error"], RuntimeError)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        kind = RuntimeError
    try:
        made = kind(*told.get("args", [told["text"]]))
    except TypeError:
        made = RuntimeError(told["text"])
    if "number" in told:
        vars(made)["lent_number"] = told["number"]
    return made


def imported(module: str, name: str) -> Any:
    """What a library has under a name; for an empty name the library's module."""
    try:
        found: Any = importlib.import_module(module)
        for part in filter(None, name.split(".")):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return missing(f"{module}.{name}".strip("."))
    return found


def refuse(value: object) -> NoReturn:
    raise NotAValue


def missing(name: str) -> Callable[..., NoReturn]:
    """A function that stands for something that the notebook no longer has.

    Args:
        name: what is missing, for the message.

    Returns:
        A function that raises NameError for any arguments.
    """

    def nothing(*args: object, **kwargs: object) -> NoReturn:
        raise NameError(f"name {name!r} is not defined")

    return nothing
