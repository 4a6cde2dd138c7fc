"""How an object of the student's is described to the grader, and what the grader may do to it.

What is no plain value stays in the kernel, and the grader gets a reference to it with a
description: what kind of thing it is, and what its class is called, is derived from and can do.
"""

import asyncio
import builtins
import copy
import dataclasses
import enum
import inspect
import math
import operator
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import AsyncGeneratorType, CoroutineType, GeneratorType, ModuleType, new_class
from typing import Any

import numpy as np

from autograder.kernel.inside.codec import NESTED, CodecError
from autograder.kernel.inside.kinds import MAX_DEPTH, Afar, with_room
from autograder.kernel.inside.values import kind_of

MAX_NAME = 80  # characters
MAX_BASES = 20
MAX_SOURCE = 100_000  # characters
NOTEBOOK = "__main__"  # the module of what the notebook itself defines

UNARY = ("neg", "pos", "invert", "abs")
BINARY = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift",
          "rshift", "and", "or", "xor")  # fmt: skip
IN_PLACE = tuple(f"i{name}" for name in BINARY if name != "divmod")
REFLECTED = tuple(f"r{name}" for name in BINARY)
COMPARING = ("eq", "ne", "lt", "le", "gt", "ge")
CONVERTING: dict[str, Callable[..., Any]] = {
    "len": len, "bool": bool, "int": int, "float": float, "complex": complex, "hash": hash,
    "index": operator.index, "str": str, "repr": repr, "format": format,
}  # fmt: skip
ROUNDING: dict[str, Callable[..., Any]] = {
    "round": round, "trunc": math.trunc, "floor": math.floor, "ceil": math.ceil
}  # fmt: skip
# By which an object is an attribute of a class in a way of its own.
DESCRIBING = ("get", "set", "delete", "set_name")
OTHERS = ("call", "getitem", "setitem", "delitem", "contains", "iter", "next", "reversed", "enter",
          "exit", "await", "aiter", "anext", "aenter", "aexit")  # fmt: skip
# What a class may define so that Python's operators, builtins and statements work with its objects.
SPECIAL = frozenset(
    f"__{name}__"
    for names in (
        UNARY,
        BINARY,
        IN_PLACE,
        REFLECTED,
        COMPARING,
        CONVERTING,
        ROUNDING,
        OTHERS,
        DESCRIBING,
    )
    for name in names
)
PYTHONS = frozenset(f"__{name}__" for name in DESCRIBING)  # if the notebook does not define them
# How an object of a class that is derived from one of these becomes a plain value.
WORTH: dict[type, Callable[[Any], Any]] = {
    tuple: lambda value: tuple(tuple.__iter__(value)),
    list: lambda value: list(list.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    deque: lambda value: deque(deque.__iter__(value)),
}
WORTHY = tuple(WORTH)
ATOMS = frozenset((type(None), bool, int, float, str, bytes, np.ndarray, np.float64))
SIMPLE = ATOMS - {np.ndarray}  # an array may have more than values


class Kept:
    """An object that stays in the kernel, though it could cross as a plain value."""

    def __init__(self, value: object) -> None:
        self.value = value


def kept(value: Any, stays: Callable[[Any], bool] | None = None) -> Any:
    """The same value, in which objects that are more than a plain value stay in the kernel.

    Objects of classes that the notebook derives from numbers, text, lists and the like have more
    than such a value; so have named tuples, and what libraries derive from lists, tuples and
    dictionaries, if it is no value of another kind (see values.py). Members of enumerations may be
    numbers and text, too.

    Args:
        value: any value.
        stays: whether an object stays, that is none of plain classes; then no array does.

    Returns:
        The value, or a copy of it with a `Kept` in the place of each such object.

    Raises:
        CodecError: if the value is nested too deeply to cross.
    """
    return with_room(_kept, value, stays, 0, {})


def _kept(
    value: Any, stays: Callable[[Any], bool] | None, depth: int, known: dict[int, Any]
) -> Any:
    kind = type(value)
    if issubclass(kind, Afar):
        return value
    if isinstance(value, np.ndarray):
        return Kept(value) if stays is None and is_more(value) else value
    if kind in ATOMS:
        return value
    if depth > MAX_DEPTH + 5:  # it lies in a message
        raise CodecError(NESTED)
    if kind not in (list, tuple, set, frozenset, dict):
        return Kept(value) if (stays or _stays)(value) else value
    if kind is not dict and SIMPLE.issuperset(map(type, value)):
        return value
    if id(value) not in known:  # what comes again is the same again
        parts = [*value, *value.values()] if kind is dict else [*value]
        items = [_kept(part, stays, depth + 1, known) for part in parts]
        if all(map(operator.is_, items, parts)):
            known[id(value)] = value
        elif kind is dict:
            known[id(value)] = dict(zip(items[: len(value)], items[len(value) :]))
        else:
            known[id(value)] = kind(items)
    return known[id(value)]


def _stays(value: Any) -> bool:
    if isinstance(value, (enum.Enum, tuple)):
        return True
    if _in_notebook(type(value)):
        return isinstance(value, WORTHY)
    return isinstance(value, (list, dict)) and kind_of(value) is None


def is_more(array: np.ndarray) -> bool:
    """Whether an array has more than values, such as axes."""
    if array.dtype.names:
        return bool(array.dtype.hasobject)
    objects = np.asarray(array).flat if array.dtype.hasobject else ()
    return any(type(one) not in ATOMS and kind_of(one) is None for one in objects)


def _in_notebook(kind: type) -> bool:
    return getattr(kind, "__module__", None) == NOTEBOOK


def builtin_name(value: object) -> str | None:
    """The name of a class of Python's own, such as int; None for anything else."""
    name = type.__dict__["__name__"].__get__(value) if isinstance(value, type) else None
    return name if name is not None and getattr(builtins, name, None) is value else None


def description(value: object) -> dict[str, str]:
    """What kind of thing an object is; for what a library defines, where to find it there.

    Args:
        value: the object.

    Returns:
        A dictionary with "kind", "name", "module" and "qualname".
    """
    kind, thing = "object", value
    if isinstance(value, type):
        kind = "class"
    elif isinstance(value, ModuleType):
        return {"kind": "module", "name": _text(value, "__name__"),
                "module": _text(value, "__name__"), "qualname": ""}  # fmt: skip
    elif isinstance(value, CoroutineType):
        kind = "coroutine"
    elif isinstance(value, (GeneratorType, AsyncGeneratorType)):
        kind = "generator"
    elif callable(value) and _text(value, "__name__"):
        kind = "function"
    else:
        thing = type(value)
    names = {name: _text(thing, f"__{name}__") for name in ("name", "module", "qualname")}
    return {"kind": kind, **names}


def class_description(kind: type, number: Callable[[object], int]) -> dict[str, Any]:
    """What the grader gets to know of a class.

    Args:
        kind: the class.
        number: gives the number by which the grader may refer to an object.

    Returns:
        A dictionary with the number, "name", "module", "qualname"; "special", the names of the
        methods for operators and the like that it has; "worth", the builtin class of values from
        which it is derived; "errors", the builtin classes of errors from which it is derived;
        "checks", whether it says itself what is an instance of it; and
        "bases", the descriptions of the classes from which a class of the notebook's is derived.
    """
    bases = kind.__bases__[:MAX_BASES] if _in_notebook(kind) else ()
    return {
        "number": number(kind),
        **{name: _text(kind, f"__{name}__") for name in ("name", "module", "qualname")},
        "special": special(kind),
        "worth": next((base.__name__ for base in WORTH if issubclass(kind, base)), ""),
        "errors": [base.__name__ for base in known_errors(kind)],
        "checks": _in_notebook(kind) and has_checks(kind),
        "bases": [
            {"builtin": name} if (name := builtin_name(base)) else class_description(base, number)
            for base in bases
            if base is not object
        ],
    }


def special(kind: type) -> list[str]:
    """The methods for operators, builtins and statements that a class has beyond every class's."""
    found: dict[str, object] = {}
    for base in kind.__mro__:
        if base is not object:
            for name in SPECIAL & vars(base).keys():
                if _in_notebook(base) or name not in PYTHONS:
                    found.setdefault(name, vars(base)[name])
    return sorted(name for name, method in found.items() if method is not None)


def has_checks(kind: type) -> bool:
    """Whether a class of the notebook's says itself what is an instance of it."""
    own = any("__subclasshook__" in vars(base) for base in kind.__mro__ if _in_notebook(base))
    return own or _in_notebook(type(kind)) or getattr(kind, "_is_protocol", False) is True


def known_errors(kind: type) -> list[type]:
    """The classes of errors from which a class is derived that the grader has, too."""
    if not issubclass(kind, BaseException):
        return []
    return [base for base in kind.__mro__ if base.__module__ in ("builtins", "numpy.linalg")][:20]


def _text(value: object, name: str) -> str:
    try:
        return str(getattr(value, name, ""))[:MAX_NAME]
    except Exception:
        return ""


# --- what the grader may do to an object --------------------------------------------------


def worth(value: Any) -> Any:
    """The plain value of an object whose class is derived from the class of a plain value."""
    return next(make for base, make in WORTH.items() if isinstance(value, base))(value)


def following(iterator: Iterator[Any]) -> list[Any]:
    """The next item of an iterator, in a list, which is empty if there is none."""
    try:
        return [next(iterator)]
    except StopIteration:
        return []


def finished(awaitable: Awaitable[Any]) -> Any:
    """What an awaitable object gives, once it has ended.

    It runs in an event loop in a thread of its own: the kernel's loop is running in this one.

    Args:
        awaitable: the object.

    Returns:
        Its result.
    """

    async def wait() -> Any:
        return await awaitable

    def run() -> Any:
        # Not asyncio.run, which would close the asynchronous generators that have not ended.
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(wait())
        finally:
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()


def following_async(iterator: AsyncIterator[Any]) -> list[Any]:
    """The next item of an asynchronous iterator, in a list, which is empty if there is none."""
    try:
        return [finished(anext(iterator))]
    except StopAsyncIteration:
        return []


def leave(manager: Any, error: BaseException | None) -> Any:
    """End a with block.

    Args:
        manager: the context manager.
        error: the error that ends the block; None if there is none.
    """
    trace = None if error is None else error.__traceback__
    return type(manager).__exit__(manager, type(error) if error else None, error, trace)


def leave_async(manager: Any, error: BaseException | None) -> Any:
    """End an async with block, as `leave` does."""
    trace = None if error is None else error.__traceback__
    return finished(type(manager).__aexit__(manager, type(error) if error else None, error, trace))


def parameters(function: Callable[..., Any]) -> list[Any]:
    """The signature of a function.

    Args:
        function: the function.

    Returns:
        The annotation of the result, in a list, which is empty if there is none; then for each
        parameter its name, its kind as a number, its default and its annotation, both in lists.
    """

    def listed(value: object) -> list[object]:
        return [] if value is inspect.Parameter.empty else [value]

    signature = inspect.signature(function)
    return [
        listed(signature.return_annotation),
        *([p.name, int(p.kind), listed(p.default), listed(p.annotation)]
          for p in signature.parameters.values()),
    ]  # fmt: skip


def signature_of(
    told: list[Any], hint_of: Callable[[Any], Any] = lambda hint: hint
) -> inspect.Signature:
    """The signature that `parameters` has told.

    Args:
        told: what it gave.
        hint_of: makes an annotation of what was told of it.
    """
    result, *told = told

    def unlisted(values: list[Any]) -> Any:
        return values[0] if values else inspect.Parameter.empty

    return inspect.Signature(
        [
            inspect.Parameter(
                name,
                PARAMETERS[kind],
                default=unlisted(default),
                annotation=hint_of(unlisted(hint)),
            )
            for name, kind, default, hint in told
        ],
        return_annotation=hint_of(unlisted(result)),
    )


PARAMETERS = (
    inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.KEYWORD_ONLY,
    inspect.Parameter.VAR_KEYWORD,
)  # fmt: skip


def fields(kind: type) -> list[Any]:
    """The fields of a dataclass: name, type, whether its constructor takes it, and the default."""
    if not dataclasses.is_dataclass(kind):
        raise AttributeError("__dataclass_fields__")
    return [
        [field.name, field.type, field.init,
         [] if field.default is dataclasses.MISSING else [field.default]]
        for field in dataclasses.fields(kind)
    ]  # fmt: skip


def derive(name: str, bases: list[type], members: dict[str, list[Any]]) -> type:
    """Derive a class, some of whose methods are the grader's.

    Args:
        name: its name.
        bases: the classes from which it is derived.
        members: from each name to what kind of member has it, and the functions or the value.
    """
    made = {member: MEMBERS[kind](*of) for member, (kind, *of) in members.items()}
    made["__module__"] = NOTEBOOK
    return new_class(name, tuple(bases), {}, lambda own: own.update(made))


def _method(lent: Any) -> Callable[..., Any]:
    """A function, which a class binds to its objects, in the place of a lent one."""

    def method(*args: Any, **kwargs: Any) -> Any:
        return lent(*args, **kwargs)

    method.__name__ = lent.__name__
    return method


def _property(*lent: Any) -> property:
    get, put, delete = (one and _method(one) for one in lent)
    return property(get, put, delete)


MEMBERS: dict[str, Callable[..., Any]] = {
    "method": _method,
    "property": _property,
    "staticmethod": lambda lent: staticmethod(_method(lent)),
    "classmethod": lambda lent: classmethod(_method(lent)),
    "value": lambda value: value,
}


def _named(name: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(operator, f"__{name}__")
    return found


def _reflected(name: str) -> Callable[[Any, Any], Any]:
    forward = OPERATIONS[name]
    return lambda value, other: forward(other, value)


OPERATIONS: dict[str, Callable[..., Any]] = {
    **{name: _named(name) for name in (*UNARY, *IN_PLACE, *COMPARING)},
    **{name: divmod if name == "divmod" else _named(name) for name in BINARY},
    **CONVERTING,
    **ROUNDING,
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "contains": operator.contains,
    "iter": iter,
    "next": following,
    "reversed": reversed,
    "enter": lambda manager: type(manager).__enter__(manager),
    "exit": leave,
    "await": finished,
    "close": lambda coroutine: coroutine.close(),
    "aiter": aiter,
    "anext": following_async,
    "aenter": lambda manager: finished(type(manager).__aenter__(manager)),
    "aexit": leave_async,
    "dir": dir,
    "vars": lambda value: dict(vars(value)),
    "worth": worth,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "isinstance": isinstance,
    "instance": lambda kind, value: isinstance(value, kind),
    "subclass": issubclass,
    "superclass": lambda kind, other: issubclass(other, kind),
    "get": lambda value, instance, owner: type(value).__get__(value, instance, owner),
    "set": lambda value, instance, new: type(value).__set__(value, instance, new),
    "delete": lambda value, instance: type(value).__delete__(value, instance),
    "set_name": lambda value, owner, name: type(value).__set_name__(value, owner, name),
    "derive": derive,
    "super": lambda value, kind, name: getattr(super(kind, value), name),
    "parameters": parameters,
    "fields": fields,
    "source": lambda function: inspect.getsource(function)[:MAX_SOURCE],
}
OPERATIONS |= {f"r{name}": _reflected(name) for name in BINARY}
