"""Stand-ins for what the grader lends to the student's code: functions, iterators and objects.

What is done to one of them here, the grader is asked to do with what it stands for (lending.py).
"""

import builtins
import inspect
from collections.abc import Callable, Mapping
from types import MethodType, SimpleNamespace
from typing import Any, Protocol

from autograder.kernel.inside.kinds import Afar, part_of
from autograder.kernel.inside.objects import NOTEBOOK, signature_of
from autograder.kernel.inside.shared import snapshot


class Asks(Protocol):
    """Who asks the grader."""

    def ask(self, target: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Have the grader do something."""

    namespace: dict[str, Any]


class Given(Afar):
    """Something that the grader lends.

    Attributes:
        lent_number: its number.
        lent_spoiled: whether an item that was taken from it, or from what it returned, was changed
            in place before the next one came.
    """

    __slots__ = ("lent_agent", "lent_number", "lent_spoiled")
    lent_agent: Asks
    lent_number: int
    lent_spoiled: bool

    def __init__(self, agent: Asks, number: int) -> None:
        keep(self, lent_agent=agent, lent_number=number, lent_spoiled=False)


def keep(given: Given, **own: Any) -> None:
    """Set attributes of a stand-in itself, not of what it stands for."""
    for name, value in own.items():
        object.__setattr__(given, name, value)


def ask(given: Given, *args: Any, **kwargs: Any) -> Any:
    return given.lent_agent.ask({"lent": given.lent_number}, args, kwargs)


def do(given: Given, operation: str, *args: Any) -> Any:
    """Have the grader do something to what it has lent."""
    target = {"lent": given.lent_number, "operation": operation}
    return given.lent_agent.ask(target, args, {})


def _doing(operation: str) -> Callable[..., Any]:
    def method(self: Given, *args: Any) -> Any:
        return do(self, operation, *args)

    return method


def _called(self: Given, *args: Any, **kwargs: Any) -> Any:
    value = ask(self, *args, **kwargs)
    if isinstance(value, LentIterator):
        value.source = self
    return value


class Lent(Given):
    """Stands for an object of the grader's: its attributes are there."""

    __slots__ = ("__weakref__",)
    __getattr__, __delattr__ = map(_doing, ("getattr", "delattr"))

    def __setattr__(self, name: str, value: Any) -> None:
        # pyplot sets __signature__ of its `show`, for which a mock may stand.
        if not (name.startswith("__") and name.endswith("__")):
            do(self, "setattr", name, value)

    __copy__, __dir__ = _doing("copy"), _doing("dir")

    def __deepcopy__(self, memo: object) -> Any:
        return do(self, "deepcopy")

    @property
    def __dict__(self) -> Any:  # type: ignore[override]  # vars() is to see the object's
        return do(self, "vars")


class LentFunction(Lent):
    """Stands for a function or a class of the grader's."""

    __slots__ = ("__name__",)

    def __init__(self, agent: Asks, number: int, name: str) -> None:
        super().__init__(agent, number)
        keep(self, __name__=name)

    __call__ = _called
    __instancecheck__ = _doing("instance")

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    @property
    def __signature__(self) -> inspect.Signature:
        return signature_of(do(self, "parameters"))

    @property
    def __code__(self) -> SimpleNamespace:
        return SimpleNamespace(**do(self, "code"))


# What the class of the stand-in would have itself.
LentFunction.__doc__ = property(lambda self: do(self, "getattr", "__doc__"))  # type: ignore[assignment]
LentFunction.__annotations__ = property(  # type: ignore[assignment]
    lambda self: do(self, "getattr", "__annotations__")
)


class LentIterator(Given):
    """An iterator of the grader's, of which each item is sent when it is asked for."""

    __slots__ = ("exhausted", "last", "source")

    def __init__(self, agent: Asks, number: int) -> None:
        super().__init__(agent, number)
        self.source: Given = self
        self.last: tuple[Any, bytes | None] = None, None
        self.exhausted = False

    def __iter__(self) -> "LentIterator":
        return self

    def __next__(self) -> Any:
        item, before = self.last
        spoiled = before is not None and before != snapshot(item)
        keep(self.source, lent_spoiled=self.source.lent_spoiled or spoiled)
        item, self.last = None, (None, None)
        taken = [] if self.exhausted else ask(self)
        if not taken:
            self.exhausted = True
            raise StopIteration
        self.last = taken[0], snapshot(taken[0])
        return taken[0]


# What Python's errors call them, such as "'function' object is not iterable": as those at home.
LentFunction.__name__, LentIterator.__name__ = "function", "generator"


def _following(self: Given) -> Any:
    taken = do(self, "next")
    if not taken:
        raise StopIteration
    return taken[0]


def _left(self: Given, kind: object, error: object, trace: object) -> Any:
    return do(self, "exit", error)


OTHERWISE: dict[str, Callable[..., Any]] = {
    "__call__": _called, "__next__": _following, "__exit__": _left
}  # fmt: skip


def stand_in(agent: Asks, number: int, told: Mapping[str, Any]) -> Any:
    """A stand-in for something that the grader lends.

    Args:
        agent: asks the grader.
        number: its number.
        told: what the grader says of it (see `told` in lending.py).
    """
    if "error" in told:
        return error_class(number, *told["error"])
    if "function" in told:
        return LentFunction(agent, number, told["function"])
    if "object" not in told:
        return LentIterator(agent, number)
    own = told["object"]
    names = agent.namespace if own["module"] == NOTEBOOK else {}
    at_home = names.get(own["qualname"]) or part_of(own["module"], own["qualname"])
    members: dict[str, Any] = {
        name: OTHERWISE.get(name) or _doing(name.strip("_")) for name in own["special"]
    }
    if isinstance(at_home, type):  # what isinstance takes it for
        members["__class__"] = property(lambda self: at_home)
    members |= {"__slots__": (), "__module__": own["module"], "__qualname__": own["qualname"]}
    return type(own["name"], (Lent,), members)(agent, number)


def error_class(number: int, name: str, bases: list[str]) -> type[Exception]:
    """A class of errors in the place of one of the grader's own."""
    known = (getattr(builtins, base, None) for base in bases)
    usable = [base for base in known if isinstance(base, type) and issubclass(base, Exception)]
    return type(name, (usable[0] if usable else Exception,), {"lent_number": number})


def number_of(value: Any) -> int | None:
    """The number of what the grader has lent, if this is its stand-in, or one of its errors."""
    if isinstance(value, BaseException):
        return vars(value).get("lent_number")
    if isinstance(value, type):
        return vars(value).get("lent_number") if issubclass(value, BaseException) else None
    return value.lent_number if issubclass(type(value), Given) else None
