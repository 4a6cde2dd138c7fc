"""Who asks Python for something: the grader, a test cell, or a library, and what it was given."""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from autograder.kernel import remote
from autograder.kernel.lending import OF_THE_GRADER, is_library
from autograder.kernel.stand_ins import is_remote

# A lent function is called for the student's code, with what this gives.
LENT = remote.Wire.answer.__code__
# What the grader does there, it does with what others give.
FOR_OTHERS = {"autograder.kernel.lending", "autograder.kernel.inside.objects",
              "autograder.verdict.guard"}  # fmt: skip
LIBRARIES = {"saelab"}  # what it does, it does for itself
IMPORTING = {"importlib._bootstrap", "importlib._bootstrap_external", "importlib"}
MOST_ITEMS = 1000
LONGEST = 10_000  # bytes of a path


@dataclass
class Asker:
    """Who asks Python for something.

    Attributes:
        nearest: the frame that asks.
        libraries: the frames of libraries between it and a test's, the nearest first.
        imports: whether a library does it while it is imported.
    """

    nearest: FrameType
    libraries: list[FrameType]
    imports: bool = False

    @property
    def module(self) -> str:
        return module_of(self.nearest)

    def passed_on_by(self, modules: set[str]) -> FrameType | None:
        """The first frame that is not one of these modules; None if that is a test's."""
        others = (one for one in self.libraries if module_of(one).split(".")[0] not in modules)
        return next(others, None)

    def given(self) -> Iterator[str | int]:
        """The texts, paths and numbers that a test has given to a library, also in containers."""
        if not self.libraries:
            return
        frame = self.libraries[-1]
        code = frame.f_code
        count = code.co_argcount + code.co_kwonlyargcount
        count += bool(code.co_flags & 4) + bool(code.co_flags & 8)  # *args, **kwargs
        known = frame.f_locals
        todo = [known[name] for name in code.co_varnames[:count] if name in known]
        # An object has been given what is its own now.
        todo += [
            part for one in todo
            if not (is_remote(one) or isinstance(one, type))
            and type(getattr(one, "__dict__", None)) is dict
            for part in vars(one).values()
        ]  # fmt: skip
        left = MOST_ITEMS
        while todo and left:
            left -= 1
            one = todo.pop()
            if is_remote(one):
                continue
            if type(one) in (list, tuple, set, frozenset):
                todo += one
            elif type(one) is dict:
                todo += [*one.keys(), *one.values()]
            elif (isinstance(one, bytes) and len(one) <= LONGEST) or isinstance(one, os.PathLike):
                yield os.fsdecode(one)
            elif isinstance(one, (str, int)):
                yield one


def module_of(frame: FrameType) -> str:
    name = frame.f_globals.get("__name__")
    return name if isinstance(name, str) else ""


def asker(frame: FrameType, threads: set[int | None]) -> Asker | None:
    """Who asks Python for something.

    Args:
        frame: the frame that asks.
        threads: the threads that there were before the test cell began.

    Returns:
        None if it is the grader, or a thread of its own.
    """
    found = Asker(frame, [])
    here: FrameType | None = frame
    while here is not None:
        module = module_of(here)
        top = module.partition(".")[0]
        found.imports |= module in IMPORTING
        if here.f_code is LENT:
            return found
        if module not in FOR_OTHERS:
            if top in OF_THE_GRADER and top not in LIBRARIES:
                return None
            if not (top in LIBRARIES or is_library(module)):
                return found
            found.libraries.append(here)
        here = here.f_back
    if threading.get_ident() in threads:
        return None
    return found


def constants(code: CodeType) -> Iterator[str]:
    """The texts that stand in a function, also in tuples."""
    todo: list[Any] = [*code.co_consts]
    while todo:
        one = todo.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, (tuple, frozenset)):
            todo += one
