"""Values that both ends hold, each a copy of its own, and what one of them changes in place.

A list that is an attribute of an object of the student's crosses as a copy. At home a test and the
student's code would have the same list, so each end is told what the other one has made of it.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograder.kernel.inside import values
from autograder.kernel.inside.codec import CodecError, pack
from autograder.kernel.inside.objects import Kept, kept

MOST = 100  # values; of more, the oldest are held no longer
MOST_BYTES = 100_000  # of one of them


def snapshot(value: object) -> bytes | None:
    """How a value is now, which shows later whether it was changed in place.

    Args:
        value: any value.

    Returns:
        The value as bytes. None if it cannot be changed in place, or cannot be packed.
    """
    if not values.changeable(value):
        return None
    try:
        # Of an object in it only which one it is.
        return pack({"value": kept(value)}, lambda one: {"id": id(unkept(one))})
    except CodecError:
        return None


def unkept(value: Any) -> Any:
    """The object itself, where it is wrapped up so that it does not cross."""
    return value.value if isinstance(value, Kept) else value


class Shared:
    """What one end holds of the values that both do, by their numbers."""

    def __init__(self) -> None:
        self.held: dict[int, tuple[Any, bytes]] = {}

    def number_of(self, value: object) -> int | None:
        """The number of a value that is held."""
        return next((n for n, (held, _) in self.held.items() if held is value), None)

    def hold(self, number: int, value: object) -> bool:
        """Hold a value from now on.

        Args:
            number: its number.
            value: the value.

        Returns:
            Whether it is held: not if it is large, or cannot be changed in place.
        """
        large = getattr(value, "nbytes", 0) > MOST_BYTES if isinstance(value, np.ndarray) else False
        state = None if large else snapshot(value)
        self.held.pop(number, None)
        if state is None or len(state) > MOST_BYTES:
            return False
        if len(self.held) >= MOST:
            del self.held[next(iter(self.held))]
        self.held[number] = value, state
        return True

    def changes(self) -> list[list[Any]]:
        """The numbers of the values that were changed here since the last time, with the values."""
        found = []
        for number, (value, before) in [*self.held.items()]:
            now = snapshot(value)
            if now is not None and now != before:
                self.held[number] = value, now
                found.append([number, value])
        return found

    def take(self, changes: Iterable[Any]) -> list[Any]:
        """Change values here as the other end has changed its own.

        Args:
            changes: what `changes` gives there; from a kernel it may be any list.

        Returns:
            The values that were changed.
        """
        taken = []
        for change in changes:
            number, new = change if type(change) is list and len(change) == 2 else (None, None)
            if type(number) is int and number in self.held:
                value, state = self.held[number]
                if values.put_back(value, new):
                    self.held[number] = value, snapshot(value) or state
                    taken.append(value)
        return taken
