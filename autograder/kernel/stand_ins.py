"""Stand-ins for a student's functions, classes, objects and errors, which stay in the kernel.

A stand-in works in a test as what it stands for works at home: each use of it is a question to the
kernel. What the kernel says of an object, and answers, is only a claim. Therefore an object has no
say in whether an answer is right:

- With a value of the test's it is compared by the plain value that its class is derived from, such
  as the items of a named tuple, and here; an object that has none equals no value.
- An operator between an object and a value of the test's is an error, and the kernel is not asked:
  it would see the value.
- Whether an item is in it is decided by its items.
- What it does about an error of a with block counts only where nothing is lost (see blocks.py).

But a test that makes an object of a class which students are asked for knows that it has an object:
what operators do to that is for the student's class to say, as what its methods do.
"""

import builtins
import contextlib
import dataclasses
import inspect
import linecache
import math
import operator
import re
import sys
import textwrap
import weakref
from collections.abc import Callable, Generator, Iterable, Mapping
from dis import opmap
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CodeType,
    CoroutineType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
    new_class,
)
from typing import Any, Self

import numpy as np

from autograder.kernel.blocks import has_no_more_to_say
from autograder.kernel.inside.codec import CodecError, Message
from autograder.kernel.inside.kinds import Afar
from autograder.kernel.inside.objects import (
    ATOMS,
    BINARY,
    COMPARING,
    IN_PLACE,
    MAX_BASES,
    MAX_NAME,
    NOTEBOOK,
    OPERATIONS,
    REFLECTED,
    ROUNDING,
    SIMPLE,
    UNARY,
    WORTH,
    signature_of,
)
from autograder.kernel.inside.values import is_kind

# Names with two underscores that are asked for in the kernel. Others are Python's own business with
# the stand-in, or are looked for by libraries such as NumPy.
ASKED = frozenset(
    f"__{name}__"
    for name in ("doc", "annotations", "defaults", "kwdefaults", "wrapped", "self", "func",
                 "closure", "init", "slots", "match_args", "members", "version", "all",
                 "abstractmethods")
)  # fmt: skip
# Classes of Python's own that have no name among its builtins.
UNNAMED: dict[str, type] = {
    "function": FunctionType,
    "builtin_function_or_method": BuiltinFunctionType,
    "method": MethodType,
    "generator": GeneratorType,
    "coroutine": CoroutineType,
    "async_generator": AsyncGeneratorType,
    "module": ModuleType,
}


class Operation:
    """Something that Python does to an object, such as "getitem", done in the kernel."""

    def __init__(self, name: str) -> None:
        self.name = name


def is_remote(value: object) -> bool:
    """Whether a value is a stand-in."""
    return isinstance(value, (Remote, StudentClass))


def is_subclass(kind: type, classes: Any) -> bool:
    """issubclass, which knows of a student's class what else it is derived from.

    Python itself looks at stand-ins alone, which are not derived from its own classes.
    """
    also = known_bases(kind) if isinstance(kind, StudentClass) else []
    if any(issubclass(one, classes) for one in [kind, *also]):
        return True
    listed = classes if isinstance(classes, tuple) else (classes,)
    theirs = [one for one in listed if isinstance(one, StudentClass)]
    asked = [one for one in theirs if one.remote_checks or isinstance(kind, StudentClass)]
    return any(ask(kind, "subclass", one) is True if is_remote(kind) else
               ask(one, "superclass", kind) is True for one in asked)  # fmt: skip


def ask(stand_in: Any, operation: str, *args: Any) -> Any:
    """Have the kernel do something to an object.

    Args:
        stand_in: what stands for the object.
        operation: the name of the operation.
        *args: its other arguments.

    Returns:
        What the kernel answers.
    """
    answer = stand_in.remote_wire.call(Operation(operation), (stand_in, *args), {})
    return answer if operation in RETURN_IT else answered(answer)


MOST_ANSWERED = 5_000_000
# After these an object is what it was, though they give it back.
RETURN_IT = {"iter", "enter", *IN_PLACE}


def answered(value: Any) -> Any:
    """An answer of the student's code: an object in it has no say in what is right."""
    todo, left = [value], MOST_ANSWERED
    while todo and left:
        left -= 1
        one = todo.pop()
        if isinstance(one, Remote):
            if one.remote_made:
                keep(one, remote_made=False, remote_expected=False)
        elif type(one) in (list, tuple, set, frozenset, dict):
            parts = [*one.keys(), *one.values()] if type(one) is dict else one
            todo += () if ATOMS.issuperset(map(type, parts)) else parts
    if todo:
        raise ValueError(f"what came holds more than {MOST_ANSWERED} values")
    return value


def keep(stand_in: Any, **own: Any) -> None:
    """Set attributes of a stand-in itself, not of the object for which it stands."""
    put = type.__setattr__ if isinstance(stand_in, StudentClass) else object.__setattr__
    for name, value in own.items():
        put(stand_in, name, value)


def named(stand_in: Any, name: str, renamed: bool) -> Any:
    """The stand-in for what a notebook has under a name.

    If the notebook has another name for the same function, there is a stand-in for each.

    Args:
        stand_in: the stand-in.
        name: the name.
        renamed: whether a function is called so, whatever the kernel says.

    Returns:
        The stand-in, or another one of the same function.
    """
    reference = {"name": name}
    if isinstance(stand_in, RemoteFunction):
        if stand_in.remote_reference.get("name", name) != name:
            stand_in = stand_in.twin()
        keep(stand_in, **({"__name__": name} if renamed else {}))
    keep(stand_in, remote_reference=reference)
    return stand_in


def is_asked(name: str) -> bool:
    """Whether an attribute of this name is one of the student's.

    Names such as _repr_html_ are those by which IPython asks how something is to be shown.
    """
    hidden = name.startswith("remote_") or (name.startswith("_") and name.endswith("_"))
    return name in ASKED or not hidden


class StudentClass(type):
    """The class of the stand-ins for classes of the student's.

    A call of such a class calls the student's, and its instances are the stand-ins for the
    objects of the student's class.
    """

    remote_wire: Any
    remote_number: int
    remote_reference: dict[str, Any]
    remote_description: dict[str, str]
    remote_bases: tuple[type, ...]
    remote_worth: str
    remote_checks = False  # whether it says itself what is an instance of it
    remote_asked_for = False  # whether students are asked for a class of its name

    def __new__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> "StudentClass":
        if "remote_wire" not in members:
            return derived(name, bases, members)
        return super().__new__(cls, name, bases, members)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        before = cls.remote_wire.stand_ins.added
        made = answered(cls.remote_wire.call(cls, args, kwargs))
        if cls.remote_asked_for and type(made) is cls and made.remote_added > before:
            keep(made, remote_made=True, remote_expected=True)
        return made

    def __getattribute__(cls, name: str) -> Any:
        if name == "__signature__":
            return signature(cls)
        if name == "__dataclass_fields__":
            return fields(cls)
        if name in SAFE:
            return SAFE[name](cls)
        if is_asked(name):
            return ask(cls, "getattr", name)
        found = type.__getattribute__(cls, name)
        if vars(Remote).get(name) is found and isinstance(found, FunctionType):
            return getattr(object, name, found)  # what Python gives to every class
        if name == "__mro__":
            return tuple(base for base in found if base not in OURS)
        return cls.remote_bases if name == "__bases__" else found

    def __setattr__(cls, name: str, value: Any) -> None:
        ask(cls, "setattr", name, value)

    def __delattr__(cls, name: str) -> None:
        ask(cls, "delattr", name)

    def __instancecheck__(cls, value: Any) -> bool:
        if type.__instancecheck__(cls, value):
            return True
        if cls.remote_checks:
            return ask(cls, "instance", value) is True
        return isinstance(value, Remote) and ask(value, "isinstance", cls) is True

    def __dir__(cls) -> list[str]:
        return _names(cls)

    def __bool__(cls) -> bool:
        return True

    def __eq__(cls, other: object) -> bool:
        return other is cls or (isinstance(other, type) and other is here(cls.remote_description))

    def __hash__(cls) -> int:
        return type.__hash__(cls)

    # Of classes of enumerations, for example.
    def __getitem__(cls, key: Any) -> Any:
        return ask(cls, "getitem", key)

    def __len__(cls) -> int:
        length: int = _converted(cls, "len", int)
        return length

    def __contains__(cls, item: object) -> bool:
        return any(one is item or one == item for one in cls)

    def __iter__(cls) -> Any:
        return _iterator(cls, "iter")


def derived(name: str, bases: tuple[type, ...], members: dict[str, Any]) -> StudentClass:
    """Derive a class from classes of the student's, in the kernel.

    Its methods are the test's, and run here.

    Args:
        name: the name of the class.
        bases: what it is derived from.
        members: what the class statement has made.

    Returns:
        The stand-in for the class.
    """
    wire = next(base.remote_wire for base in bases if isinstance(base, StudentClass))
    own = {n: _told_member(one) for n, one in members.items() if n not in NOT_DERIVED}
    made = wire.call(Operation("derive"), (name, list(bases), own), {})
    if not isinstance(made, StudentClass):
        raise TypeError(f"no class {name} can be derived")
    cell = members.get("__classcell__")
    if cell is not None:
        cell.cell_contents = made
    return made


# What the kernel's own class statement makes, or what is of no use there.
NOT_DERIVED = {"__module__", "__qualname__", "__classcell__", "__firstlineno__",
               "__static_attributes__", "__annotations__", "__annotate__"}  # fmt: skip


def _told_member(member: Any) -> list[Any]:
    if isinstance(member, property):
        return ["property", member.fget, member.fset, member.fdel]
    if isinstance(member, (staticmethod, classmethod)):
        return [type(member).__name__, member.__func__]
    return ["method" if isinstance(member, FunctionType) else "value", member]


def super_of(*given: Any) -> Any:
    """super(), which finds in a method of a test's what a student's class has."""
    if not given:
        caller = sys._getframe(1)
        here = caller.f_locals
        given = here["__class__"], here[caller.f_code.co_varnames[0]]
    kind, of = given
    return Inherited(kind, of) if is_remote(of) else super(kind, of)


class Inherited:
    """What super() gives for an object of a class that a test derives from a student's."""

    def __init__(self, kind: Any, stand_in: Any) -> None:
        object.__setattr__(self, "own", (kind, stand_in))

    def __getattribute__(self, name: str) -> Any:
        kind, stand_in = object.__getattribute__(self, "own")
        return ask(stand_in, "super", kind, name)


class Remote(Afar):
    """Stands for an object in the student's kernel that is not a plain value.

    Its class has those methods for operators and the like that the object's class has.
    """

    remote_wire: Any
    remote_number: int
    remote_reference: dict[str, Any]
    remote_description: dict[str, str]
    remote_value: Any = None  # the plain value that it is worth, where that cannot change
    remote_worth = ""  # the class of plain values from which its class is derived
    # From what Python's and libraries' classes its class is derived, and what isinstance takes it
    # for then.
    remote_worthy: tuple[list[type], type | None] = ([], None)
    # Whether the test has made it of a class of the student's; or an operator of such an object.
    remote_made = False
    remote_expected = False
    remote_doc: str | None = None  # the docstring that it was released with
    __array_ufunc__ = None  # NumPy's functions are not for it

    def __getattr__(self, name: str) -> Any:
        if not is_asked(name):
            raise AttributeError(
                f"{name}, which is not asked of the student's {type(self).__name__} (rule 10 in "
                "docs/test-cells.md)"
            )
        return ask(self, "getattr", name)

    def __setattr__(self, name: str, value: Any) -> None:
        if is_asked(name):
            ask(self, "setattr", name, value)
        else:
            object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        ask(self, "delattr", name)

    def __dir__(self) -> list[str]:
        return _names(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of the student's>"

    def __copy__(self) -> Any:
        return ask(self, "copy")

    def __deepcopy__(self, memo: object) -> Any:
        return ask(self, "deepcopy")

    def __array__(self, dtype: object = None, copy: bool | None = None) -> np.ndarray:
        # One object, whatever it says about its length; or the items of a list.
        value = worth(self)
        if is_remote(value):
            array = np.empty((), dtype=object)
            array[()] = self
            return array
        return np.array(value)


class RemoteFunction(Remote):
    """Stands for a function in the student's kernel, or another object that can be called.

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

    # In its own dictionary, as those of a Remote: setting an attribute would set the student's.
    __name__: str
    changed: dict[int, Any]
    instead: dict[str, Any]
    measure: bool
    held: float

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return answered(self.remote_wire.call(self, args, kwargs))

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """As a function that is an attribute of a class of the test's."""
        if instance is None or self.remote_description["type"] != "function":
            return self
        return MethodType(self, instance)

    def with_functions(self, others: Mapping[str, Any]) -> Self:
        """The same function, which calls these instead of the functions of the same names.

        Args:
            others: from a name to the function that takes its place.

        Returns:
            A new stand-in; this one does not change.
        """
        return self.twin(instead=dict(others))

    def measuring(self) -> Self:
        """The same function, of which the kernel measures how much memory each call takes."""
        return self.twin(measure=True)

    def twin(self, **changes: Any) -> Self:
        """Another stand-in for the same function.

        Args:
            **changes: attributes of it that differ from this one's.
        """
        kind = type(self)
        twin: Self = kind.__new__(kind)
        own = {name: getattr(self, name) for name in self.OWN}
        # The kernel keeps a function as long as its first stand-in is there.
        keep(twin, **own, **NOT_CALLED, remote_first=self)
        keep(twin, **changes)
        return twin

    OWN = ("remote_wire", "remote_number", "remote_reference", "remote_description", "__name__",
           "instead", "measure")  # fmt: skip


NOT_CALLED: dict[str, Any] = {"changed": {}, "held": math.inf}


class RemoteError(Remote):
    """Stands for an error of a class of the student's."""

    line = ""
    remote_text: str | None = None  # of an error that was raised
    remote_ran = True  # whether the student's code had begun when it was raised

    def __getattribute__(self, name: str) -> Any:
        # Python's errors have attributes, such as errno, which are the student's here.
        if is_asked(name) and name not in OWN_OF_ERRORS:
            return ask(self, "getattr", name)
        return super().__getattribute__(name)

    def __str__(self) -> str:
        return _text(self, "str") if self.remote_text is None else self.remote_text

    @property
    def args(self) -> Any:
        own = BaseException.args.__get__(self)  # type: ignore[attr-defined]  # a descriptor of C's
        return ask(self, "getattr", "args") if self.remote_text is None else own


OWN_OF_ERRORS = ("args", "line", "with_traceback", "add_note")
OURS = (Afar, Remote, RemoteFunction, RemoteError)


# --- what the methods of stand-ins ask ----------------------------------------------------


def _names(stand_in: Any) -> list[str]:
    names = ask(stand_in, "dir")
    return [name for name in names if type(name) is str] if type(names) is list else []


def _text(stand_in: Any, operation: str, *args: Any) -> str:
    text = ask(stand_in, operation, *args)
    if type(text) is not str:
        raise TypeError(f"__{operation}__ returned no text")
    return text


def worth(stand_in: Any) -> Any:
    """The plain value of an object whose class is derived from the class of a plain value.

    Args:
        stand_in: what stands for the object.

    Returns:
        The value; `stand_in` itself if it has none.
    """
    if not stand_in.remote_worth:
        return stand_in
    if stand_in.remote_value is None:
        value = ask(stand_in, "worth")
        if is_remote(value) or not isinstance(value, (int, float, str, tuple)):
            return stand_in if is_remote(value) else value
        keep(stand_in, remote_value=value)  # it cannot change
    return stand_in.remote_value


def _operated(stand_in: Any, operation: str, *others: Any) -> Any:
    for other in others:
        # Arrays, tables and sets are answers, and their difference from others is what tests look
        # at; and NumPy and pandas would go through them with the object.
        if not is_remote(other) and (hasattr(type(other), "__array__") or isinstance(other, SETS)):
            return not_done(stand_in, operation, other)
    if stand_in.remote_worth in NUMBERS_AND_TEXT and not any(map(is_remote, others)):
        # A member of an enumeration of numbers, for example.
        value = worth(stand_in)
        return NotImplemented if is_remote(value) else OPERATIONS[operation](value, *others)
    expected = stand_in.remote_expected or any(is_remote(o) and o.remote_expected for o in others)
    if not expected and not all(map(is_remote, others)):
        return not_done(stand_in, operation, *others)
    answer = ask(stand_in, operation, *others)
    if expected and isinstance(answer, Remote):
        keep(answer, remote_expected=True)
    return answer


class NotAsked(Exception):
    """A test has left to an object of the student's what is not for that to say.

    Such as an operator between it and a value of the test's own.

    It is no TypeError, which the test may expect of the student's class.
    """


def not_done(stand_in: Any, operation: str, *others: object) -> Any:
    """What an operator gives that is not asked of the student's object.

    Args:
        stand_in: what stands for the object.
        operation: the operation.
        *others: its other arguments.

    Returns:
        NotImplemented if one of the others may do it instead.

    Raises:
        NotAsked: if none may.
    """
    name = operation.removeprefix("i" if operation in IN_PLACE else "")
    swapped = f"__r{name}__" if operation not in COMPARING else f"__{SWAPPED.get(name, name)}__"
    if operation not in REFLECTED and any(
        swapped in vars(base) and not is_plain(base)
        for other in others if not is_remote(other)
        for base in type(other).__mro__[:-1]
    ):  # fmt: skip
        return NotImplemented
    raise NotAsked(
        f"the student's {type(stand_in).__name__} is not asked what {operation} does with a value "
        "of the test's (rule 5 in docs/test-cells.md)"
    )


def is_plain(kind: type) -> bool:
    """Whether a class is Python's own, whose operators know nothing of a student's objects."""
    return kind.__module__ == "builtins" or issubclass(kind, (np.ndarray, np.generic))


SWAPPED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}
SETS = (set, frozenset)
NUMBERS_AND_TEXT = ("int", "float", "str")


def _compared(stand_in: Any, operation: str, other: Any) -> Any:
    if is_remote(other) or stand_in.remote_made:
        answer = ask(stand_in, operation, other)
        if isinstance(answer, (bool, np.bool_)):
            return bool(answer)
        if operation in ("eq", "ne"):
            return operation == "ne"
        raise TypeError(f"__{operation}__ returned neither True nor False")
    value = worth(stand_in)
    if not is_remote(value):
        return getattr(operator, operation)(value, other)
    # A class that students are asked for may well know the values that its objects equal.
    knows = type(stand_in).remote_asked_for and other is not None
    if operation in ("eq", "ne") and not knows:
        return NotImplemented
    return not_done(stand_in, operation, other)


def _contains(stand_in: Any, item: object) -> bool:
    if stand_in.remote_made:
        return ask(stand_in, "contains", item) is True
    return any(one is item or one == item for one in stand_in)


def _converted(stand_in: Any, operation: str, kind: type) -> Any:
    answer = ask(stand_in, operation)
    if type(answer) is not kind:
        raise TypeError(f"__{operation}__ returned no {kind.__name__}")
    return answer


def _rounded(stand_in: Any, operation: str, *args: Any) -> Any:
    return ask(stand_in, operation, *args)


def _iterator(stand_in: Any, operation: str) -> Any:
    iterator = ask(stand_in, operation)
    if not isinstance(iterator, Remote) or not hasattr(type(iterator), "__next__"):
        raise TypeError(f"{operation}() returned no iterator")
    return iterator


def _following(stand_in: Any) -> Any:
    taken = ask(stand_in, "next")
    if type(taken) is not list or len(taken) != 1:
        raise StopIteration
    return taken[0]


async def _following_async(stand_in: Any) -> Any:
    taken = ask(stand_in, "anext")
    if type(taken) is not list or len(taken) != 1:
        raise StopAsyncIteration
    return taken[0]


def _left(stand_in: Any, kind: object, error: object, trace: Any) -> bool:
    return _leaves(stand_in, "exit", error, trace)


def _leaves(stand_in: Any, operation: str, error: object, trace: Any) -> bool:
    """End a with block whose manager is a student's.

    It is told of any error but a test's verdict, and may suppress it or raise another one, if the
    test loses nothing by that.

    Args:
        stand_in: what stands for the manager.
        operation: "exit" or "aexit".
        error: the error that ends the block; None if there is none.
        trace: where it was raised.

    Returns:
        Whether the error is suppressed.

    Raises:
        NotAsked: if the error may not be suppressed, nor another one raised.
        Exception: what the manager raises.
    """
    if error is None or is_verdict(error):
        with contextlib.suppress(*[] if error is None else [Exception]):
            ask(stand_in, operation, None)
        return False
    harmless = has_no_more_to_say(trace, is_remote)
    try:
        answer = ask(stand_in, operation, error)
    except Exception:
        if harmless:
            raise
        answer = True
    if type(answer) not in SIMPLE or not answer:
        return False
    if not harmless:
        raise NotAsked(
            f"the student's with block suppresses or replaces {type(error).__name__} ({error}), "
            "and may do so only if its last statement raises the error, and decides nothing "
            "(rule 5 in docs/test-cells.md)"
        )
    return True


def is_verdict(error: object) -> bool:
    """Whether an error is a test's verdict: what it says is not for the student's code."""
    judges = type(error).__module__.split(".")[0] in GRADERS - {NOTEBOOK}
    return isinstance(error, AssertionError) or judges


async def _left_async(stand_in: Any, kind: object, error: object, trace: Any) -> bool:
    return _leaves(stand_in, "aexit", error, trace)


async def _entered_async(stand_in: Any) -> Any:
    return ask(stand_in, "aenter")


def _awaited(stand_in: Any) -> Generator[None, None, Any]:
    return ask(stand_in, "await")
    yield


def _sent(stand_in: Any, value: object) -> None:
    raise StopIteration(ask(stand_in, "await"))


def _thrown(stand_in: Any, *error: Any) -> None:
    raise error[0]


def _method(do: Callable[..., Any], *before: Any) -> Callable[..., Any]:
    """A method that does something to a stand-in, with these arguments before its own."""

    def method(self: Any, *args: Any) -> Any:
        return do(self, *before, *args)

    return method


# The methods that a stand-in may have, each if the student's class has it.
METHODS: dict[str, Callable[..., Any]] = {
    f"__{name}__": _method(do, name)
    for names, do in (
        ((*UNARY, *BINARY, *REFLECTED, *IN_PLACE), _operated),
        (COMPARING, _compared),
        (ROUNDING, _rounded),
        (("str", "repr", "format"), _text),
        (("getitem", "setitem", "delitem", "enter", "aiter", "set", "delete", "set_name"), ask),
        (("iter", "reversed"), _iterator),
    )
    for name in names
}
METHODS |= {
    f"__{name}__": _method(_converted, name, kind)
    for name, kind in {"len": int, "bool": bool, "int": int, "float": float, "complex": complex,
                       "hash": int, "index": int}.items()
}  # fmt: skip
METHODS |= {
    "__contains__": _contains,
    "__next__": _following,
    "__anext__": _following_async,
    "__call__": RemoteFunction.__call__,
    "__get__": lambda self, instance, owner=None: ask(self, "get", instance, owner),
    "__exit__": _left,
    "__aenter__": _entered_async,
    "__aexit__": _left_async,
    "__await__": _awaited,
}
# What asyncio asks of a coroutine.
COROUTINE: dict[str, Callable[..., Any]] = {
    "send": _sent, "throw": _thrown, "close": _method(ask, "close")
}  # fmt: skip


def _doc(stand_in: Any) -> Any:
    """The docstring of something of the student's, without prompts: doctest executes these."""
    text = ask(stand_in, "getattr", "__doc__")
    return text.replace(">>>", "> > >") if isinstance(text, str) else None


def _annotations(stand_in: Any) -> Any:
    """The annotations of a function or class of the student's."""
    told = ask(stand_in, "getattr", "__annotations__")
    return {name: safe_hint(hint) for name, hint in told.items()} if type(told) is dict else {}


def safe_hint(hint: Any) -> Any:
    """An annotation, which typing.get_type_hints evaluates where it is a text: only names are."""
    return hint if not isinstance(hint, str) or HINT.fullmatch(hint) else object


HINT = re.compile(r"[\w.\[\], |]{0,200}")
# What a class is asked for, and what of it doctest and typing would execute.
SAFE: dict[str, Callable[[Any], Any]] = {
    "__doc__": _doc, "__annotations__": _annotations, "__dict__": lambda kind: ask(kind, "vars")
}  # fmt: skip


def signature(stand_in: Any) -> inspect.Signature:
    """The signature of a function or class of the student's."""
    return signature_of(ask(stand_in, "parameters"), safe_hint)


def fields(stand_in: Any) -> "dict[str, dataclasses.Field[Any]]":
    """The fields of a dataclass of the student's, by their names."""
    found: dict[str, dataclasses.Field[Any]] = {}
    for name, kind, init, default in ask(stand_in, "fields"):
        value = default[0] if default else dataclasses.MISSING
        field: Any = dataclasses.field(default=value, init=bool(init))
        # What dataclass() sets, and fields() looks at.
        field.name, field.type, field._field_type = str(name), kind, DATACLASS_FIELD
        found[field.name] = field
    return found


DATACLASS_FIELD: Any = vars(dataclasses)["_FIELD"]


def code(stand_in: Any) -> Any:
    """The code of a function of the student's, compiled here from its text, and never executed.

    inspect.getsource finds the text, too. Where the kernel has no text, it is a stand-in.
    """
    try:
        text = textwrap.dedent(_text(stand_in, "source"))
    except (OSError, TypeError):  # the kernel does not find its text
        return ask(stand_in, "getattr", "__code__")
    file = f"<function {stand_in.remote_number} of the student's>"
    try:
        todo = [compile(text, file, "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise AttributeError(f"the text of the function cannot be read ({error})") from None
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    name = stand_in.remote_description["name"]
    while todo:
        inner = [part for part in todo.pop(0).co_consts if isinstance(part, CodeType)]
        for part in inner:
            if part.co_name == name:
                return inert(part)
        todo += inner
    raise AttributeError("__code__")


def inert(part: CodeType) -> CodeType:
    """The same code, which raises an error before anything else if it is executed."""
    inner = (inert(one) if isinstance(one, CodeType) else one for one in part.co_consts)
    return part.replace(
        co_code=RAISES + part.co_code,
        co_consts=(*inner,),
        co_exceptiontable=b"",
        co_linetable=NO_LINE + part.co_linetable,
    )


RAISES = bytes([opmap["RESUME"], 0, opmap["RAISE_VARARGS"], 0])
NO_LINE = b"\xf9"  # two instructions that are in no line, as Python writes it


# What Python finds in the class of a stand-in before it asks the stand-in for an attribute.
SHARED = {
    "__doc__": property(lambda self: self.remote_doc or _doc(self)),
    "__annotations__": property(_annotations),
    "__dict__": property(lambda self: ask(self, "vars")),
    "__dataclass_fields__": property(fields),
    "__signature__": property(signature),
    "__code__": property(code),
}


# --- stand-ins are made --------------------------------------------------------------------


class StandIns:
    """The stand-ins for the objects of one kernel: for the same object there is the same one.

    Args:
        wire: asks the kernel.
    """

    def __init__(self, wire: object) -> None:
        self.wire = wire
        self.living: dict[int, weakref.ref[Any]] = {}
        self.gone: set[int] = set()
        self.added = 0  # how many there have been

    def of(self, reference: Any) -> Any:
        """The stand-in for an object of the student's.

        Args:
            reference: what the kernel sent as a reference; may be anything that JSON can hold.

        Returns:
            The stand-in; for a class of Python's own that class.

        Raises:
            CodecError: if it refers to nothing.
        """
        if "builtin" in reference:
            return builtin(reference["builtin"])
        kind = self.class_of(reference.get("class"), 0)
        if reference.get("kind") == "class":
            return kind
        found = self.known(reference.get("number"))
        if found is None:
            own = described(reference, "kind", "name", "module", "qualname")
            own["type"] = kind.__name__
            found = self.add(reference["number"], instance(kind), own)
        return found

    def class_of(self, told: Any, depth: int) -> StudentClass:
        """The stand-in for a class.

        Args:
            told: what the kernel says of the class; may be anything that JSON can hold.
            depth: how many classes are derived from it on the way to this one.

        Returns:
            The class.

        Raises:
            CodecError: if it is no description of a class.
        """
        if not isinstance(told, dict) or depth > MAX_BASES:
            raise CodecError("a reference to nothing")
        found = self.known(told.get("number"))
        if found is None:
            given = told.get("bases")
            bases = [
                builtin(base["builtin"]) if "builtin" in base else self.class_of(base, depth + 1)
                for base in (given[:MAX_BASES] if isinstance(given, list) else ())
            ]
            own = described(told, "name", "module", "qualname")
            made = class_stand_in(told, own, bases, self.wire)
            found = self.add(told["number"], made, {"kind": "class", **own, "type": "type"})
        if not isinstance(found, StudentClass):
            raise CodecError("a class that is none")
        return found

    def known(self, number: object) -> Any:
        """The stand-in with a number; None if there is none."""
        if type(number) is not int:
            raise CodecError("a reference to nothing")
        found = self.living.get(number)
        return None if found is None else found()

    def add(self, number: int, stand_in: Any, description: dict[str, str]) -> Any:
        """Make a stand-in known by its number, as long as anybody has it."""

        def forget(this: weakref.ref[Any]) -> None:
            if self.living.get(number) is this:
                del self.living[number]
                self.gone.add(number)

        self.added += 1
        keep(stand_in, remote_wire=self.wire, remote_number=number, remote_added=self.added,
             remote_reference={"number": number}, remote_description=description)  # fmt: skip
        if isinstance(stand_in, RemoteFunction):
            name = description["name"] or type(stand_in).__name__
            keep(stand_in, **NOT_CALLED, __name__=re.sub(r"[^\w<>.]", "_", name), instead={},
                 measure=False, __module__=description["module"],
                 __qualname__=description["qualname"])  # fmt: skip
        self.living[number] = weakref.ref(stand_in, forget)
        self.gone.discard(number)
        return stand_in

    def released(self) -> list[int]:
        """The numbers of the stand-ins that have gone since the last time."""
        gone, self.gone = self.gone, set()
        return sorted(gone)


def described(told: Mapping[str, Any], *names: str) -> dict[str, str]:
    """What the kernel says of something, as short texts."""
    return {name: str(told.get(name) or "")[:MAX_NAME] for name in names}


def builtin(name: object) -> type:
    """The class of Python's own that has a name.

    Args:
        name: the name; may be anything that JSON can hold.

    Returns:
        The class.

    Raises:
        CodecError: if there is no such class.
    """
    kind = getattr(builtins, name, None) if isinstance(name, str) else None
    if not isinstance(kind, type):
        raise CodecError("a class that Python does not have")
    return kind


def class_stand_in(
    told: Mapping[str, Any], own: Mapping[str, str], bases: Iterable[type], wire: object
) -> StudentClass:
    """Make a stand-in for a class.

    Args:
        told: what the kernel says of the class.
        own: its name, module and qualified name.
        bases: what it is derived from: stand-ins and classes of Python's own.
        wire: asks the kernel.

    Returns:
        A class that is derived from the stand-ins; if it is a class of errors, from the first
        usable builtin class among its bases, too.
    """
    can = told["special"] if isinstance(told.get("special"), list) else []
    errors = told["errors"] if isinstance(told.get("errors"), list) else []
    methods = {name: METHODS[name] for name in can if isinstance(name, str) and name in METHODS}
    members: dict[str, Any] = {
        **SHARED, **methods, "__module__": own["module"], "__qualname__": own["qualname"],
        "remote_wire": wire, "remote_worth": str(told.get("worth") or ""),
        "remote_bases": tuple(bases) or (object,), "remote_checks": told.get("checks") is True,
    }  # fmt: skip
    members["__class__"] = property(_class_of)
    members["remote_description"] = own
    if own["name"] == "coroutine":
        members |= COROUTINE
    kinds: tuple[type, ...] = (RemoteFunction if "__call__" in methods else Remote,)
    if errors:
        members.pop("__str__", None)
        kinds = RemoteError, *kinds, library_error(own) or usable_error(errors)
    name = re.sub(r"\W", "_", own["name"]) or "object"
    derived = [base for base in bases if isinstance(base, StudentClass)]
    try:
        return StudentClass(name, (*derived, *kinds), members)
    except TypeError:  # bases that do not go together
        return StudentClass(name, kinds, members)


class Worthy(type):
    """The class of an object, as `isinstance` looks at it.

    It is derived from the classes of Python and of libraries from which the student's class is, and
    otherwise the same as its stand-in.
    """

    remote_of: StudentClass

    def __getattribute__(cls, name: str) -> Any:
        of = type.__getattribute__(cls, "__dict__").get("remote_of")
        if of is None or name == "remote_of":
            return type.__getattribute__(cls, name)
        return getattr(of, name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return cls.remote_of(*args, **kwargs)

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, cls.remote_of)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is cls.remote_of

    def __hash__(cls) -> int:
        return hash(cls.remote_of)


def _class_of(stand_in: Any) -> type:
    """What an object's attribute __class__ gives, and `isinstance` believes."""
    kind: Any = type(stand_in)
    bases = known_bases(kind)
    if bases and bases[0] is here(kind.remote_description):
        return bases[0]
    if kind.remote_worthy[0] != bases:
        keep(kind, remote_worthy=(bases, _worthy(kind, bases)))
    found: type = kind.remote_worthy[1] or kind
    return found


def known_bases(kind: StudentClass) -> list[type]:
    """The classes of Python and of libraries from which a student's class is derived."""
    classes = [base for base in type.mro(kind) if isinstance(base, StudentClass)]
    known = [*(here(base.remote_description) for base in classes), WORTH_OF.get(kind.remote_worth)]
    return [one for one in known if one is not None]


def _worthy(kind: StudentClass, bases: list[type]) -> type:
    metaclasses = {type(base): None for base in bases if type(base) not in (type, Worthy)}
    if not bases:
        return kind
    try:
        meta = type("Worthy", (Worthy, *metaclasses), {}) if metaclasses else Worthy
        made = new_class(kind.__name__, tuple(dict.fromkeys(bases)), {"metaclass": meta})
    except TypeError:  # classes that do not go together
        return kind
    type.__setattr__(made, "remote_of", kind)
    return made


WORTH_OF = {kind.__name__: kind for kind in WORTH}


def here(own: Mapping[str, str]) -> type | None:
    """The class of Python's or of a library that the grader has imported, too.

    Args:
        own: "module" and "qualname" of the class, as the kernel says.

    Returns:
        The class; None if there is none, or if its values cross as values.
    """
    if own["module"] == "builtins" and own["name"] in UNNAMED:
        return UNNAMED[own["name"]]
    kind = found(own)
    if kind is None or kind in VALUES or any(map(is_kind, type.mro(kind))):
        return None
    return None if issubclass(kind, (type, np.ndarray, np.generic, BaseException)) else kind


VALUES = frozenset((*ATOMS, *WORTH, complex, bytearray, object))


def found(own: Mapping[str, str]) -> type | None:
    """The class that the grader has at the place that the kernel names.

    Args:
        own: "module" and "qualname" of the class, as the kernel says.

    Returns:
        The class; None if there is none, or if something in the grader would take it for its own.
    """
    if own["module"].split(".")[0] in GRADERS:
        return None
    kind: Any = sys.modules.get(own["module"])
    for name in own["qualname"].split("."):
        kind = vars(kind).get(name) if isinstance(kind, (ModuleType, type)) else None
    if not isinstance(kind, type):
        return None
    # A module may have it from another one, as numpy.testing has SkipTest from unittest.
    modules = (str(type.__getattribute__(base, "__module__")) for base in kind.__mro__)
    return None if any(one.split(".")[0] in GRADERS for one in modules) else kind


def instance(kind: StudentClass, *args: Any) -> Any:
    """An instance of a stand-in for a class, without a question to the kernel."""
    new: Callable[..., Any] = type.__getattribute__(kind, "__new__")
    return new(kind, *args)


# --- errors --------------------------------------------------------------------------------


def raised(answer: Message) -> Exception:
    """The error that stands for one that the student's code raised.

    Args:
        answer: what the kernel says of the error: "type", "bases", "text" and "line"; also
            "cause", the error from which it was raised; for an error of a class that is not
            Python's own also "error", the error itself, and its "args"; and for one of a class
            that a test has lent "own", the class.

    Returns:
        The stand-in for the error; or an error of the same name (see student_error).
    """
    error, args, cause = (answer.get(name) for name in ("error", "args", "cause"))
    own = own_error(error, answer.get("own"), args)
    if own is not None:
        error = own
    elif isinstance(error, RemoteError) and isinstance(error, Exception):
        keep(error, remote_text=_message(answer), line=str(answer["line"])[:200],
         remote_ran=answer.get("ran") is not False)  # fmt: skip
        BaseException.args.__set__(  # type: ignore[attr-defined]  # a descriptor of C's
            error, tuple(args[:100]) if isinstance(args, list) else ()
        )
    else:
        error = student_error(answer)
    if isinstance(cause, Exception) and cause is not error:
        error.__cause__ = cause
    return error


def own_error(error: object, kind: object, args: object) -> Exception | None:
    """An error of a class of the test's own, which the student's code has raised.

    Args:
        error: the error, if a function of the test's has raised it before; may be anything.
        kind: its class; may be anything.
        args: its arguments; may be anything.

    Returns:
        The error; None if it is none.
    """
    if isinstance(error, Exception) and not is_remote(error):
        return error
    lent = isinstance(kind, type) and not isinstance(kind, StudentClass)
    if not (lent and issubclass(kind, Exception)) or issubclass(kind, REFUSED):  # type: ignore[arg-type]
        return None
    try:
        made = kind(*args) if type(args) is list else kind()  # type: ignore[operator]
    except Exception:
        return None
    return made if isinstance(made, Exception) else None


def student_error(description: Message) -> Exception:
    """Make an error of the same name as one that the student's code raised.

    Its base is the first usable builtin class of the student's error, so that a test may catch a
    ValueError; StopIteration, StopAsyncIteration and SyntaxError are not usable. Its attribute
    `line` is the line of the student's code that raised it, or "", and `remote_ran` is whether that
    code had begun.

    Args:
        description: what the kernel says of the error, with "type", "bases", "text" and "line".

    Returns:
        The error.
    """
    name = re.sub(r"\W", "_", str(description["type"]))[:MAX_NAME] or "Error"
    args = description.get("args")
    kind = _error_class(name)
    if kind is not None and description["bases"][:1] == [name] and isinstance(args, list):
        with contextlib.suppress(Exception):
            error = kind(*args[:10])
            if str(error) == _message(description):
                error.__dict__.update(
                    line=str(description["line"])[:200],
                    remote_ran=description.get("ran") is not False,
                )
                return error
    text, line = _message(description), str(description["line"])[:200]
    ran = description.get("ran") is not False
    members = {
        "__str__": lambda self: text, "__module__": "builtins", "line": line, "remote_ran": ran,
    }  # fmt: skip
    kind = type(name, (usable_error(description["bases"]),), members)
    return kind.__new__(kind, "")


def _message(description: Message) -> str:
    return str(description["text"])[:2000]


def library_error(own: Mapping[str, str]) -> type[Exception] | None:
    """The class of errors of a library that the grader has imported, too.

    Args:
        own: "module" and "qualname" of the class, as the kernel says.

    Returns:
        The class; None if there is none.
    """
    kind = found(own)
    if kind is None or not issubclass(kind, Exception):
        return None
    return None if issubclass(kind, REFUSED) else kind


# Of these modules an error says something of the test or of the grader, or is the notebook's own.
GRADERS = {
    NOTEBOOK,
    "unittest",
    "pytest",
    "_pytest",
    "doctest",
    "autograder",
    "nbgrader",
    "nbclient",
}
# A StopIteration would end a loop of the grader's.
REFUSED = (StopIteration, StopAsyncIteration, SyntaxError)


def usable_error(names: Iterable[object]) -> type[Exception]:
    """The first builtin class of errors of these names that a stand-in may be derived from."""
    return next((base for base in map(_error_class, names) if base), Exception)


def _error_class(name: object) -> type[Exception] | None:
    kind = getattr(builtins, name, None) if isinstance(name, str) else None
    if name == "LinAlgError":
        kind = np.linalg.LinAlgError
    if not isinstance(kind, type) or not issubclass(kind, Exception):
        return None
    return None if issubclass(kind, REFUSED) else kind
