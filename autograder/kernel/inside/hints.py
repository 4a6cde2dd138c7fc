"""How annotations cross, such as dict[str, int] or Optional[int]: by what they are made of.

They are put together by subscription, of classes and of the names that typing has. No text in them
is evaluated. But typing.get_type_hints evaluates one that stands for a class, so only a name may.
"""

import collections.abc
import functools
import operator
import re
import types
import typing
from typing import Any

from autograder.kernel.inside.kinds import Afar, Kind, Parts, check

MODULES = ("typing", "types", "collections.abc")
MAX_ARGUMENTS = 100
NAME = re.compile(r"[^\W\d]\w{0,80}(\.[^\W\d]\w{0,80}){0,5}")
CONSTANTS = (bool, int, str, bytes, type(None))


def is_hint(value: object) -> bool:
    """Whether a value is an annotation that is no class."""
    kind = type(value)
    if issubclass(kind, Afar) or kind.__module__ not in MODULES:
        return False
    return _name(value) is not None or typing.get_origin(value) is not None


def _name(value: Any) -> str | None:
    """The name of something that typing has, such as Any; None for anything else."""
    for attribute in ("_name", "__name__"):
        name = getattr(value, attribute, None)
        if isinstance(name, str) and getattr(typing, name, None) is value:
            return name
    return None


def _apart(value: Any) -> Parts | None:
    name = _name(value)
    if name is not None:
        return ("name", name, [])
    origin, below = typing.get_origin(value), list(typing.get_args(value))
    if isinstance(value, types.UnionType) and origin is types.UnionType:
        parts: Parts = ("union", None, below)
    elif type(value) is types.GenericAlias:
        if not isinstance(origin, type):  # but a name that a `type` statement has made
            return None
        parts = ("alias", origin, below)
    elif type(value).__module__ == "collections.abc":
        parts = ("callable", None, below)
    else:
        head = _name(origin) or getattr(value, "_name", None)
        parts = ("typing", head, [_text(one) for one in below])
    return parts if together(*parts) == value else None


def _text(part: Any) -> Any:
    return part.__forward_arg__ if isinstance(part, typing.ForwardRef) else part


def together(how: Any, head: Any, below: Any) -> Any:
    """Make an annotation of its parts.

    Args:
        how: "name", "typing", "alias", "callable" or "union".
        head: the name that typing has, or for an alias the class; None for the others.
        below: the list of its arguments.

    Returns:
        The annotation.

    Raises:
        Exception: if there is no such annotation.
    """
    check((how, str), (below, list))
    if len(below) > MAX_ARGUMENTS:
        raise ValueError(f"it has {len(below)} arguments")
    if how in ("name", "typing"):
        head = _of_typing(head)
        if how == "name":
            return head
    if head is typing.Literal:
        check(*((part, CONSTANTS) for part in below))
        return head[tuple(below)]
    if how == "alias" and (issubclass(type(head), Afar) or type(head).__module__ in MODULES):
        raise ValueError("it is none of a class")
    usable = [_argument(part) for part in below]
    if how == "alias":
        check((head, type))
        return types.GenericAlias(head, tuple(usable))
    if how == "union":
        return functools.reduce(operator.or_, usable)
    if how not in ("typing", "callable"):
        raise ValueError(f"there is no annotation {how[:40]!r}")
    found = head if how == "typing" else collections.abc.Callable
    return found[tuple(usable) if len(usable) != 1 else usable[0]]


def _of_typing(name: Any) -> Any:
    check((name, str))
    found = getattr(typing, name, None)
    if found is None or not is_hint(found) or _name(found) != name:
        raise ValueError(f"typing has no {name[:40]}")
    return found


def _argument(part: Any) -> Any:
    """An argument of an annotation, if it is one that means nothing but a class.

    Args:
        part: may be anything.

    Returns:
        The argument.

    Raises:
        ValueError: if it is anything else.
    """
    if part is None or part is ... or is_hint(part):
        return part
    if isinstance(part, list):
        return [_argument(one) for one in part]
    if isinstance(part, str) and NAME.fullmatch(part):
        return part
    if issubclass(type(part), Afar) or not isinstance(part, type):
        raise ValueError(f"a part of it is a {type(part).__name__[:40]}")
    return part


KINDS = [Kind("typing.hint", _apart, together, holds=True)]
