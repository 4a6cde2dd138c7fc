"""How values of one class cross: what they are taken apart into, and how they are put together."""

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Parts = Sequence[Any]
MAX_KEYS = 10_000  # of dictionaries, sets and indices: keys can be chosen that all collide
MAX_ITEMS = 10_000_000  # of a range: what the grader may make an array of
MAX_DEPTH = 200  # of values in values
ROOM = 5000  # calls in calls: more than it takes to go so deep
MAX_TEXT = 5000  # characters of a number, or of a name


class Afar:
    """Stands for an object at the other end: no value, whatever isinstance takes it for."""

    __slots__ = ()


def no_keys(parts: Parts) -> int:
    return 0


@dataclass(frozen=True)
class Kind:
    """One class whose values cross.

    Args:
        path: where the class is found, such as "fractions.Fraction".
        apart: gives the parts of a value, which are values that cross, too. None if this value
            does not cross.
        together: makes the value of its parts. They may come from a source that is hostile: it
            raises any exception if they are not such as `apart` gives.
        holds: whether the parts may be anything that crosses, as the items of a list, and need not
            be values.
        keys: how many keys the parts count as, of those that a message may have.
        put_back: changes its first argument in place into what the second is, another value of this
            kind. None if such values cannot be changed in place.
        exact: whether objects of classes that are derived from this one do not cross as its values.
    """

    path: str
    apart: Callable[[Any], Parts | None]
    together: Callable[..., Any]
    keys: Callable[[Parts], int] = no_keys
    put_back: Callable[[Any, Any], object] | None = None
    holds: bool = False
    exact: bool = False

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    def is_class(self, kind: type) -> bool:
        """Whether this is the class that is found there; nothing is imported for that."""
        package, _, name = self.path.partition(".")
        return part_of(package, name) is kind


def part_of(module: str, name: str) -> Any:
    """What a module has under a dotted name, such as "str.upper"; nothing is imported for that."""
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def package(name: str) -> Any:
    """A package that only some courses need.

    Args:
        name: the package's name.

    Returns:
        The package.

    Raises:
        ValueError: if it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ValueError(f"{name} is not installed here") from None


def check(*pairs: tuple[object, type | tuple[type, ...]]) -> None:
    """Check that parts have the classes that they must have.

    Args:
        *pairs: each a part, and its class, or several of which it may have one. A boolean is no
            integer here.

    Raises:
        ValueError: if a part has another class, or is a text that is too long.
    """
    for part, wanted in pairs:
        if not isinstance(part, wanted) or (isinstance(part, bool) and wanted is int):
            raise ValueError(f"a part of it is a {type(part).__name__[:40]}")
        if isinstance(part, str) and len(part) > MAX_TEXT:
            raise ValueError(f"a part of it has {len(part)} characters")


def check_items(holder: Any, kind: type, *wanted: type) -> None:
    """Check that a part is a list, or another holder, of parts of a class.

    Args:
        holder: the part.
        kind: its class.
        *wanted: the classes of which each item may have one.

    Raises:
        ValueError: as `check` does.
    """
    check((holder, kind))
    check(*((item, wanted[0] if len(wanted) == 1 else wanted) for item in holder))


def with_room(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function that goes through a value, however many calls are running already.

    Args:
        function: the function. It is called again if Python has no room for its calls.
        *args: its arguments.

    Returns:
        What it returns.

    Raises:
        RecursionError: if it goes deeper than values are nested.
    """
    try:
        return function(*args)
    except RecursionError:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(before + ROOM)
        try:
            return function(*args)
        finally:
            sys.setrecursionlimit(before)
