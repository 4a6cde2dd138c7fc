"""Settings of a whole process that a test makes for all: seeds, how NumPy treats errors, and so on.

The student's process has settings of its own. Each end tells the other which of them have changed.
"""

import contextlib
import decimal
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.kernel.inside.codec import pack
from autograder.kernel.inside.kinds import check, check_items


@dataclass(frozen=True)
class Setting:
    """One setting.

    Args:
        words: what the names are like by which code changes it.
        get: gives its state, a value that crosses.
        put: takes a state. It raises any exception if this is none.
        comes_back: whether what the student's code makes of it is the test's, too.
    """

    words: str
    get: Callable[[], Any]
    put: Callable[[Any], object]
    comes_back: bool = False


def _numpy_generator() -> np.random.RandomState:
    made = np.random.RandomState()
    made.set_state(np.random.get_state())
    return made


def _put_generator(state: Any) -> None:
    version, numbers, gauss = state
    check((version, int), (gauss, (float, type(None))))
    check_items(numbers, tuple, int)
    random.setstate(state)


def _put_numpy_generator(state: Any) -> None:
    if type(state) is not np.random.RandomState:  # of which the position has been checked
        raise ValueError("it is no state of a generator")
    np.random.set_state(state.get_state())


def _decimals() -> list[Any]:
    context = decimal.getcontext()
    return [context.prec, context.rounding]


def _put_decimals(state: Any) -> None:
    context = decimal.getcontext()
    context.prec, context.rounding = state


SETTINGS = {
    "random": Setting("seed|et_?state", random.getstate, _put_generator, True),
    "numpy.random": Setting("seed|et_?state", _numpy_generator, _put_numpy_generator, True),
    "numpy.errors": Setting("errstate|seterr", np.geterr, lambda state: np.seterr(**state)),
    "numpy.print": Setting(
        "printoptions", np.get_printoptions, lambda state: np.set_printoptions(**state)
    ),
    "decimal": Setting("context", _decimals, _put_decimals),
    "recursion": Setting("setrecursionlimit", sys.getrecursionlimit, sys.setrecursionlimit),
}


def _refuse(value: object) -> dict[str, Any]:
    raise ValueError("a setting that cannot cross")


class Settings:
    """Some settings of this process, and how they were when the other end was told last.

    Args:
        names: the settings' names.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.seen = {name: self.state(name) for name in names}

    @staticmethod
    def state(name: str) -> bytes:
        try:
            return pack({"state": SETTINGS[name].get()}, _refuse)
        except ValueError:
            return b""

    @classmethod
    def changed_by(cls, words: Iterable[str]) -> "Settings":
        """The settings that code may change in which these names occur."""
        found = list(words)
        return cls(
            name
            for name, setting in SETTINGS.items()
            if any(re.search(setting.words, word, re.I) for word in found)
        )

    def changes(self, back: bool = False) -> dict[str, Any]:
        """Those that have changed since the last time, by their names.

        Args:
            back: whether only those count that come back from the student's process.
        """
        found = {}
        for name, before in self.seen.items():
            now = self.state(name)
            if now != before and not (back and not SETTINGS[name].comes_back):
                self.seen[name] = now
                found[name] = SETTINGS[name].get()
        return found

    @contextlib.contextmanager
    def put_back(self) -> Iterator[None]:
        """Set them as they were, after a with block."""
        before = {name: SETTINGS[name].get() for name in self.seen}
        try:
            yield
        finally:
            for name, state in before.items():
                SETTINGS[name].put(state)

    def take(self, states: Mapping[str, Any], back: bool = False) -> None:
        """Set what the other end has changed.

        Args:
            states: what `changes` gave there.
            back: whether it comes from the student's process, and may be anything.
        """
        for name, state in states.items():
            if back and not (name in self.seen and SETTINGS[name].comes_back):
                continue
            try:
                SETTINGS[name].put(state)
            except Exception:
                if not back:
                    raise
            self.seen[name] = self.state(name)
