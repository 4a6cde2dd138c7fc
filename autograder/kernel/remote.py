"""A student's functions at a distance: they run in the student's kernel, and only values cross.

A `Wire` is the grader's end of a socket to the agent in the kernel (inside/agent.py). What comes
over it is treated as hostile: it is checked for its size and decoded to plain values, every answer
must name the request that it answers, and every request ends after a limited time.
"""

import contextlib
import itertools
import math
import re
import secrets
import select
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from autograder.kernel.inside.arrays import views_in
from autograder.kernel.inside.codec import (
    MAX_FRAME,
    CodecError,
    Message,
    UnreadableValue,
    check_readable,
    pack,
    unpack,
)
from autograder.kernel.inside.objects import builtin_name
from autograder.kernel.inside.shared import snapshot, unkept
from autograder.kernel.inside.values import DRAWN_FROM, put_back
from autograder.kernel.lending import do, is_lent, is_own, lent_whole, place_in_library, told
from autograder.kernel.limits import Budget
from autograder.kernel.stand_ins import (
    Operation,
    RemoteFunction,
    StandIns,
    StudentClass,
    is_remote,
    is_verdict,
    raised,
)

GRACE = 3  # seconds, in which what was interrupted has to end
MAX_NESTED = 60  # requests within requests
MAX_ITERATORS = 1000  # that one call has been lent and has not exhausted
# Calls a function or class of the student's, or does something to an object, with these arguments.
Call = Callable[[RemoteFunction | StudentClass | Operation, tuple[Any, ...], dict[str, Any]], Any]
# What a kernel may send, and what each message holds.
FIELDS: dict[str, dict[str, type]] = {
    "ready": {},
    "output": {"outputs": list},
    "return": {"token": str, "value": object},
    "raise": {"token": str, "type": str, "bases": list, "text": str, "line": str},
    "ask": {"token": int, "target": dict, "args": list, "kwargs": dict},
}


class WireBroken(Exception):
    """The kernel is gone, or what it sends cannot be read."""


class OutOfTime(Exception):
    """The kernel did not answer in time.

    Args:
        calm: whether it has answered since, and can be asked something else.
    """

    def __init__(self, calm: bool = False) -> None:
        self.calm = calm


class Wire:
    """The grader's end of the socket to one kernel.

    Args:
        connection: a multiprocessing Connection.
        offered: from a name to a function that the student's code may call at any time.
        call: is called as call(remote, args, kwargs) when the grader's own code calls an object of
            the student's.
        values_alone: whether what a lent function changes of its arguments is of no account.
    """

    def __init__(
        self,
        connection: Connection,
        offered: Mapping[str, Callable[..., Any]],
        call: Call,
        values_alone: bool = False,
    ) -> None:
        self.connection, self.offered, self.call = connection, offered, call
        self.values_alone = values_alone
        # Connection.poll makes one of these each time.
        self.arrivals = select.poll()
        self.arrivals.register(connection.fileno(), select.POLLIN)
        self.lent: dict[int, Any] = {}
        self.places: dict[int, int] = {}  # from the id of what is lent to its number
        self.open: dict[int, int] = {}  # of the iterators among them, and in which call each was
        self.numbers, self.nested, self.calls = itertools.count(1), 0, 0
        self.listened = 0.0  # seconds
        self.stand_ins = StandIns(self)

    def request(
        self,
        budget: Budget,
        late: Callable[[], object] | None = None,
        heard: Callable[[list[Any]], object] = lambda outputs: None,
        within: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext,
        **message: Any,
    ) -> Message:
        """Send a message to the agent, and wait for its answer.

        Args:
            budget: how long the answer may take.
            late: is called when it takes longer, and is to make it come after all, within
                GRACE seconds.
            heard: gets outputs of a cell that runs meanwhile, which may be anything.
            within: gives a context manager for the with block in which the grader does what it is
                asked for meanwhile.
            **message: the fields of the message.

        Returns:
            The answer: a dictionary with "value".

        Raises:
            OutOfTime: if the answer takes longer; its `calm` says whether it came at last.
            WireBroken: if the kernel is gone, or its answer cannot be read or answers something
                else.
            RecursionError: if more than 60 requests are nested in each other.
            RuntimeError: if nothing can be made here of a value in the answer.
            Exception: if the student's code raised an error; it has a class of the same name (see
                student_error).
        """
        if self.nested > MAX_NESTED:
            raise RecursionError("the student's functions and the grader's call each other")
        token, is_late = secrets.token_hex(8), False
        self.calls += not self.nested
        self.nested += 1
        try:
            order: list[Any] = []
            released = self.stand_ins.released()
            self.send({**message, "token": token, "released": released}, order)
            while True:
                try:
                    answer = self.receive(budget, order)
                except OutOfTime:
                    if late is None or is_late:
                        raise
                    late()
                    budget, is_late = Budget(GRACE, budget.times), True
                    continue
                if answer["kind"] == "ask":
                    with within():
                        self.answer(answer, order)
                elif answer["kind"] == "output":
                    heard(answer["outputs"])
                elif answer.get("token") != token:
                    raise WireBroken("it answered a question that was not asked")
                elif is_late:
                    raise OutOfTime(calm=True)
                elif answer["kind"] == "raise":
                    raise raised(answer)
                else:
                    check_readable(answer)
                    return answer
        finally:
            self.nested -= 1

    def expect(self, kind: str, budget: Budget) -> None:
        """Wait for a message that the kernel sends without a request.

        Args:
            kind: the kind of message that must come.
            budget: how long it may take.

        Raises:
            OutOfTime: if it takes longer.
            WireBroken: if the kernel is gone, or another message comes.
        """
        if self.receive(budget)["kind"] != kind:
            raise WireBroken(f"it did not say that it is {kind}")

    def take_back(self) -> None:
        """Stop lending the functions that were lent, as arguments, since the last time."""
        self.lent.clear()
        self.places.clear()
        self.open.clear()

    def forget(self, *numbers: int) -> None:
        """Stop lending iterators, by their numbers."""
        for number in numbers:
            self.open.pop(number, None)
            self.lent.pop(number, None)

    def send(self, message: Message, order: list[Any] | None = None) -> None:
        try:
            frame = pack(lent_whole(message), self.refer, order=order)
        except CodecError as error:
            raise ValueError(f"what the grader passes cannot cross: {error}") from None
        try:
            self.connection.send_bytes(frame)
        except OSError:
            raise WireBroken("it is gone") from None

    def receive(self, budget: Budget, given: Sequence[Any] = ()) -> Message:
        began = time.monotonic()
        try:
            # Before each message: with a flood of them, there always is one.
            while left := budget.left:
                if self.arrivals.poll(left * 1000):
                    break
            else:
                raise OutOfTime
            frame = self.connection.recv_bytes(MAX_FRAME)
        except (EOFError, OSError):
            raise WireBroken("it is gone") from None
        finally:
            self.listened += time.monotonic() - began
        self.nested += 1  # an object in a set is asked for its hash
        try:
            message = unpack(frame, self.resolve, given=given)
        except UnreadableValue as error:
            message = {**error.message, "unreadable": str(error)}
        except CodecError as error:
            raise WireBroken(f"it sent something unreadable: {error}") from None
        finally:
            self.nested -= 1
        kind = message.get("kind")
        if type(kind) is not str or kind not in FIELDS:
            raise WireBroken("it sent a message of no known kind")
        for name, wanted in FIELDS[kind].items():
            if name not in message or not is_a(message[name], wanted):
                raise WireBroken(f"it sent a message of kind {kind} without a proper {name}")
        return message

    def answer(self, message: Message, order: Sequence[Any] = ()) -> None:
        """Call a lent or offered function for the student's code, and send back the result.

        Of a lent iterator the next item is sent, in a list, which is empty if there is none.

        Args:
            message: the question.
            order: the containers of the request during which it is asked. Arguments that are these
                are the test's own, and changed as the student's code has changed them.
        """
        token, args, kwargs = message["token"], message["args"], message["kwargs"]
        try:
            check_readable(message)
            wanted = self.wanted(message["target"])
            for position, place in positions(message.get("own"), args).items():
                mine = order[place] if type(place) is int and 0 <= place < len(order) else None
                if put_back(mine, args[position]):
                    args[position] = mine
            before = [None if self.values_alone else snapshot(argument) for argument in args]
            if "operation" in message["target"]:
                value = do(wanted, message["target"]["operation"], args)
            elif callable(wanted):
                value = wanted(*args, **kwargs)
            else:
                value = list(itertools.islice(wanted, 1))
                if not value:
                    self.forget(message["target"]["lent"])
            given: list[tuple[int | str, Any]] = [*enumerate(args), *kwargs.items()]
            generators = [[i, a] for i, a in given if isinstance(a, DRAWN_FROM)]
            changed = [
                [position, args[position]]
                for position, old in enumerate(before)
                if old is not None and old != snapshot(args[position])
            ]
            self.send({"kind": "return", "token": token, "value": value,
                       "generators": generators, "changed": changed,
                       "views": views_in(value, [a for _, a in given])})  # fmt: skip
        except (WireBroken, OutOfTime):
            raise
        except Exception as error:
            self.send({"kind": "raise", "token": token, "error": error})

    def wanted(self, target: dict[str, Any]) -> Any:
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
                found: Any = functions[target[shelf]]
                return found
        raise LookupError("the grader does not lend this function here, or no longer")

    def refer(self, value: Any) -> dict[str, Any]:
        value = unkept(value)
        if is_remote(value) and value.remote_wire is self:
            return {**value.remote_reference, "number": value.remote_number}
        if is_remote(value) and "name" in value.remote_reference:
            reference: dict[str, Any] = value.remote_reference
            return reference
        if isinstance(value, Operation):
            return {"operation": value.name}
        if isinstance(value, BaseException):
            text = "" if is_verdict(value) else str(value)[:500]
            about: dict[str, Any] = {"error": type(value).__name__, "text": text}
            if not is_verdict(value) and all(map(is_short, value.args)):
                about["args"] = list(value.args)
            if is_own(type(value)):  # it is to come back as the same
                about |= {"class": self.refer(type(value)), "number": self.lend(value)["lent"]}
            return about
        if is_remote(value):
            raise ValueError("the kernel that held this object is gone")
        if name := builtin_name(value):
            return {"builtin": name}
        if place := place_in_library(value):
            return {"import": place}
        if type(value) is re.Pattern:
            return {"pattern": [value.pattern, value.flags]}
        if is_lent(value) or callable(value):
            return self.lend(value) | told(value)
        if isinstance(value, Iterator):
            self.make_room()
            reference = self.lend(value)
            self.open[reference["lent"]] = self.calls
            return reference
        raise TypeError(
            f"an object of the class {type(value).__name__} cannot be passed to a student's "
            "function (rule 10 in docs/test-cells.md): pass its class, or numbers, text, "
            "lists, dictionaries, arrays, random generators, functions, iterators or objects "
            "of the test's own classes"
        )

    def make_room(self) -> None:
        """Forget an iterator of an earlier call if too many are open.

        Raises:
            RuntimeError: if all of them are of this call.
        """
        if len(self.open) < MAX_ITERATORS:
            return
        oldest = next(iter(self.open))
        if self.open[oldest] == self.calls:
            raise RuntimeError(
                f"{MAX_ITERATORS} iterators are open: take all items of one before asking for "
                "the next"
            )
        self.forget(oldest)

    def lend(self, value: Any) -> dict[str, Any]:
        number = self.places.get(id(value), 0)
        if self.lent.get(number) is not value:  # the same function is the same for the student
            number = self.places[id(value)] = next(self.numbers)
            self.lent[number] = value
        return {"lent": number}

    def resolve(self, reference: Any) -> Any:
        """A stand-in for an object of the student's, or what was lent before.

        Args:
            reference: what the kernel sent as a reference; may be anything that JSON can hold.

        Returns:
            The stand-in, the builtin class, the function or the iterator; for something that is
            lent no longer, taken_back.

        Raises:
            CodecError: if it refers to nothing.
        """
        if "lent" in reference:
            try:
                return self.wanted({"lent": reference["lent"]})
            except LookupError:
                return taken_back
        return self.stand_ins.of(reference)


def is_short(value: object) -> bool:
    """Whether a value is one that a reference may hold."""
    if isinstance(value, (int, str)):
        most = value.bit_length() < 500 if isinstance(value, int) else len(value) <= 500
        return most and type(value) in (bool, int, str)
    return type(value) in (float, type(None))


def is_a(value: object, wanted: type) -> bool:
    """Whether a value is plain, of this class: a stand-in may be taken for what it is not."""
    return wanted is object or type(value) is wanted


def taken_back(*args: object, **kwargs: object) -> NoReturn:
    """Stands for a function of an earlier test cell, which the student's code has kept."""
    raise LookupError("a function of an earlier test cell is no longer there")


def positions(changed: object, args: Sequence[Any]) -> dict[int, Any]:
    """The "changed" of an answer as a dictionary, without what does not fit the arguments.

    Args:
        changed: what the kernel sent; may be anything.
        args: the positional arguments of the call.

    Returns:
        From the position of an argument to its new value.
    """
    changed = changed if type(changed) is list else []
    pairs = [pair for pair in changed if type(pair) is list and len(pair) == 2]
    return {i: value for i, value in pairs if type(i) is int and 0 <= i < len(args)}


def size(held: object) -> float:
    """The "held" of an answer: a number of bytes; infinity if the kernel sent anything else."""
    return held if type(held) is int and 0 <= held < 2**63 else math.inf
