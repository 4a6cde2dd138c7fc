"""What a test lends to a student's code, and what this code may do with it.

Functions, iterators and objects of a test's own stay in the grader. The student's code gets a
reference; what it does with that is done here. It may use what a user of an object uses: operators,
and attributes without an underscore that the test's classes give it. Of classes that come from
libraries it may not use more than lists and dictionaries have, as their methods may reach anything:
a figure can write files.
"""

import enum
import importlib.util
import io
import sys
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autograder.kernel.inside.kinds import part_of
from autograder.kernel.inside.objects import (
    NOTEBOOK,
    OPERATIONS,
    description,
    kept,
    known_errors,
    special,
)

# Of these modules all that a class has may be used.
HARMLESS = {"builtins", "collections", "_collections", "_collections_abc", "abc", "enum", "types",
            "typing", "dataclasses", "io", "_io"}  # fmt: skip
OF_THE_GRADER = {"autograder", "nbgrader", "nbclient", "saelab"}
# Attributes of functions and classes that decorators copy and look at.
TOLD = {f"__{name}__" for name in ("name", "qualname", "doc", "module", "annotations", "wrapped")}
ANYTHING = {"getattr", "setattr", "delattr", "dir", "vars", "copy", "deepcopy", "str", "repr",
            "hash", "eq", "ne", "bool"}  # fmt: skip
# What files have, and of this what shows what is in them.
READING = {"read", "readline", "readlines", "getvalue", "seek", "tell", "truncate", "buffer",
           "getbuffer", "read1", "readinto"}  # fmt: skip
OF_FILES = READING | {"write", "writelines", "flush", "close", "closed", "name", "mode", "errors",
                      "encoding", "newlines", "readable", "writable", "seekable",
                      "isatty"}  # fmt: skip


class Output(io.StringIO):
    """What is printed, of which a student's code that gets it reads nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.room = MOST_OUTPUT

    def write(self, text: str) -> int:
        self.room -= len(text)
        return super().write(text) if self.room >= 0 else len(text)


MOST_OUTPUT = 5_000_000  # characters
CODE = ("co_name", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_varnames")


@lru_cache(maxsize=1000)
def is_library(module: str) -> bool:
    """Whether a module is a part of Python or of an installed package."""
    top = module.partition(".")[0]
    if top in OF_THE_GRADER or top == NOTEBOOK:
        return False
    if top in sys.stdlib_module_names:
        return True
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return False
    return spec is not None and "-packages" in str(spec.origin)


def place_in_library(value: Any) -> list[str] | None:
    """Where a function, class or module of a library is found; None for anything else.

    Args:
        value: any object.

    Returns:
        The name of the module, and the name in it; for a module itself "".
    """
    if isinstance(value, ModuleType):
        return [value.__name__, ""] if is_library(value.__name__) else None
    if not isinstance(value, (type, FunctionType, BuiltinFunctionType, METHOD, np.ufunc)):
        return None
    owner = getattr(value, "__objclass__", value)
    module = getattr(owner, "__module__", None) or ("numpy" if type(value) is np.ufunc else "")
    name = getattr(value, "__qualname__", None) or value.__name__
    if not (isinstance(module, str) and isinstance(name, str) and is_library(module)):
        return None
    return [module, name] if part_of(module, name) is value else None


METHOD = type(str.upper)


def is_own(kind: type) -> bool:
    """Whether a class is the test's, the notebook's or that of a module beside it."""
    module = type.__dict__["__module__"].__get__(kind)
    return module == NOTEBOOK or not (is_library(module) or module.split(".")[0] in OF_THE_GRADER)


def is_lent(value: object) -> bool:
    """Whether an object is lent, with what its class has, and does not cross as a value."""
    kind = type(value)
    if issubclass(kind, (io.IOBase, _mock())):
        return True
    # Such as SimpleNamespace, whose objects are no more than their attributes.
    plain = hasattr(value, "__dict__") and not any(
        is_public(name) for base in kind.__mro__[:-1] for name in vars(base)
    )
    return is_own(kind) or (plain and not isinstance(value, (type, ModuleType, FunctionType)))


def _mock() -> tuple[type, ...]:
    mock = sys.modules.get("unittest.mock")
    return () if mock is None else (mock.NonCallableMock,)


def lent_whole(value: Any) -> Any:
    """The same value, in which objects of classes that a test derives from lists and the like stay.

    Args:
        value: any value.
    """
    return kept(value, _stays)


def _stays(value: object) -> bool:
    kind = type(value)
    return issubclass(kind, (list, dict, set, deque, enum.Enum)) and is_own(kind)


def told(value: Any) -> dict[str, Any]:
    """What the student's process is told of something that is lent.

    Args:
        value: a function, a class, an iterator or an object.

    Returns:
        For a class of errors "error", with the builtin classes from which it is derived; for
        another class or a function "function", its name; for an object "object", with its class's
        name and what operators it has; for an iterator nothing.
    """
    if isinstance(value, type) and issubclass(value, BaseException):
        bases = [base.__name__ for base in known_errors(value)]
        return {"error": [value.__name__, bases]}
    if is_lent(value):
        return {"object": description(value) | {"special": special(type(value))}}
    if callable(value):
        return {"function": getattr(value, "__name__", "function")}
    return {}


def is_public(name: str) -> bool:
    return not name.startswith("_")


def may_use(value: Any, name: str) -> bool:
    """Whether a student's code may use the attribute of something that was lent.

    Args:
        value: the function, class or object.
        name: the name of the attribute.
    """
    of_code = isinstance(value, (FunctionType, MethodType, type))
    if not is_public(name):
        return of_code and name in TOLD
    if isinstance(value, io.IOBase):
        return name in OF_FILES and not (isinstance(value, Output) and name in READING)
    if name in getattr(value, "__dict__", {}) and not isinstance(value, type):
        return True
    kind = value if isinstance(value, type) else type(value)
    for base in kind.__mro__:
        if name in vars(base):
            return is_own(base) or base.__module__ in HARMLESS or issubclass(base, _mock())
    return is_lent(value)  # its class may find it in a way of its own


def _get(value: Any, name: str) -> Any:
    if not may_use(value, name):
        if is_public(name) and hasattr(type(value), name):
            raise AttributeError(
                f"{name!r} of the test's {type(value).__name__} is not for a student's function "
                "(rule 10 in docs/test-cells.md): let the student's code make one, or a cell of "
                "the notebook"
            )
        raise AttributeError(f"{type(value).__name__!r} object has no attribute {name!r}")
    return getattr(value, name)


def _set(value: Any, name: str, new: Any) -> None:
    _check_changeable(value, name)
    setattr(value, name, new)


def _delete(value: Any, name: str) -> None:
    _check_changeable(value, name)
    delattr(value, name)


def _check_changeable(value: Any, name: str) -> None:
    """Refuse to change what is not an attribute of an object, such as a method or a class's."""
    kind = type(value)
    method = callable(getattr(kind, name, None))
    alone = issubclass(kind, io.IOBase)
    if isinstance(value, type):  # those of modules outlive the test
        method, alone = callable(getattr(value, name, None)), value.__module__ != NOTEBOOK
    of_mocks = issubclass(kind, _mock()) and name.startswith(("assert", "call", "mock", "method"))
    if not is_public(name) or method or alone or of_mocks:
        raise AttributeError(f"{kind.__name__!r} object attribute {name!r} is read-only")


OWN: dict[str, Callable[..., Any]] = OPERATIONS | {
    "getattr": _get,
    "setattr": _set,
    "delattr": _delete,
    "dir": lambda value: [name for name in dir(value) if may_use(value, name)],
    "vars": lambda value: {n: one for n, one in vars(value).items() if may_use(value, n)},
    "code": lambda function: {name: getattr(function.__code__, name) for name in CODE},
}


def do(value: Any, operation: str, args: list[Any]) -> Any:
    """Do to something that was lent what the student's code asks for.

    Args:
        value: the function, class or object.
        operation: the name of the operation; may be anything.
        args: its other arguments; may be any values.

    Returns:
        What it gives.

    Raises:
        TypeError: if what was lent has no such operation.
        Exception: what the operation raises.
    """
    of_code = operation in ("parameters", "code", "instance") and callable(value)
    if not (operation in ANYTHING or of_code or f"__{operation}__" in special(type(value))):
        raise TypeError(f"a {type(value).__name__} has no operation {str(operation)[:40]!r}")
    return OWN[operation](value, *args)
