"""The names that test cells have: their own, the instructor's and the student's."""

import ast
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from types import FunctionType, ModuleType
from typing import Any, Protocol

from autograder.kernel.inside.objects import OPERATIONS, description
from autograder.kernel.stand_ins import RemoteFunction, StudentClass, is_remote, keep
from autograder.kernel.student_kernel import Beside
from autograder.verdict.given import DEFINITIONS, Given, define, execute
from saelab.code import free_names

FILE = "<test cell>"
MOST_COMPARED = 1000  # characters of a value that are compared with what it was before


class Student(Protocol):
    """The notebook of a student, in its kernel."""

    asked: int  # the questions that its code was asked
    answered: int  # those of them that it answered
    beside: Beside  # what goes with each question

    def look(self, names: Collection[str]) -> dict[str, Any]:
        """From those names that it has to their values or stand-ins."""

    def away(self) -> float:
        """The seconds for which the grader has listened to it."""

    def do(self, what: str, *args: Any) -> Any:
        """Have something done in the kernel that is no question to the student's code."""

    def rebind(self, name: str, *value: Any) -> None:
        """Give a name another value before its code is asked again; without one, delete it."""


class Names(dict[str, Any]):
    """The names of a notebook's test cells, of which those that they need are looked for.

    What the source asks students for comes from the student. Other names are looked for among what
    earlier test cells have made, then among what the instructor's own cells import and define, then
    among builtins. A name that is in none of these comes from the student too. What a test cell
    makes of a name of the student's, the student's code sees.

    Args:
        own: names with which it begins.
        given: what the instructor's notebook gives and asks for.
        student: the student's notebook.

    Attributes:
        came: is called with each value that comes from the student's notebook.
        missing: names that students are asked for, were looked for, and are not there.
        told: whether a value of the student's was used that the released notebook does not have.
    """

    def __init__(self, own: dict[str, Any], given: Given, student: Student) -> None:
        super().__init__(own)
        self.given, self.student = given, student
        self.borrowed: dict[str, Any] = {}
        self.stars: dict[str, Any] | None = None
        self.defining: set[str] = set()
        self.stubs: dict[str, Any] = {}
        self.looked: dict[str, int] = {}
        self.told = False
        self.missing: set[str] = set()
        # Names whose values are of the student's making.
        self.news: set[str] = set()
        self.came: Callable[[object], None] = lambda value: None

    def begin(self, names: Iterable[str], cell: str) -> None:
        """Forget what was borrowed before, and borrow what a cell will need, in one question.

        Args:
            names: the names that the cell takes from outside.
            cell: the name of the cell.
        """
        newer = self.given.asked_for | self.given.renewed.get(cell, set())
        for name in [*self.borrowed, *newer]:
            if name in newer or super().get(name) is self.borrowed.get(name):
                super().pop(name, None)
        self.borrowed, self.told = {}, False
        self.missing.clear()
        self.news.clear()
        self.have(names)

    def have(self, names: Iterable[str]) -> None:
        """Look for those of the names that are not there yet, all in one question.

        A class looks up the names in its body without asking this dictionary for what is missing.
        """
        missing = {name for name in names if not dict.__contains__(self, name)} - self.defining
        self.borrow(missing)
        for name in sorted(missing):
            node = self.given.statements.get(name)
            if node is not None and not super().__contains__(name):
                self.defining.add(name)
                self.have(free_names(ast.Module([node], [])))
                execute(node, self, FILE)
                self.defining.remove(name)

    def borrow(self, names: Iterable[str]) -> None:
        """Take those of the names that are the student's from the student's notebook."""
        wanted = sorted(name for name in names if self.is_theirs(name))
        found = self.student.look(wanted) if wanted else {}
        self.missing.update(set(wanted) & self.given.asked_for - set(found))
        for name, value in found.items():
            self.came(value)
            value = self.at_home(name, value)
            self.lend(name, value)
            if not self.given.says_as_much(name, value):
                self.news.add(name)
            super().__setitem__(name, value)

    def lend(self, name: str, value: Any) -> None:
        """Notice a value of the student's notebook, and when it came."""
        self.borrowed[name], self.looked[name] = value, self.student.asked

    def look_again(self, name: str) -> Any:
        """The value of a name of the student's, which has been asked since the last look."""
        before = self.borrowed[name]
        self.looked[name] = self.student.asked
        if is_remote(before):
            return before
        found = self.student.look([name])
        if name not in found:
            return before
        now = self.at_home(name, found[name])
        self.came(now)
        if repr(now)[:MOST_COMPARED] != repr(before)[:MOST_COMPARED]:
            self.news.add(name)
        self.lend(name, now)
        super().__setitem__(name, now)
        return now

    def moved(self, values: Collection[object]) -> None:
        """Take notice of values that the student's code has changed in place."""
        moved = set(map(id, values))
        self.news.update(name for name, value in self.borrowed.items() if id(value) in moved)

    def is_theirs(self, name: str) -> bool:
        """Whether a name that no test cell has made is the student's."""
        if name in self.given.asked_for or self.given.gives(name):
            return name in self.given.asked_for
        if self.stars is None:
            self.stars = {}
            for node in self.given.stars:
                execute(node, self.stars, FILE)
        return name not in self.stars

    def at_home(self, name: str, value: Any) -> Any:
        """A value of the student's notebook, as a test cell gets it.

        What the student has imported is the grader's own, if the instructor's solution imports the
        same under this name. A function has the docstring that was released.

        Args:
            name: its name.
            value: the value, or a stand-in.
        """
        if not is_remote(value):
            return value
        if name in self.given.imported:
            own: dict[str, Any] = {}
            execute(self.given.imported[name], own, FILE)
            told = value.remote_description
            where = (told["module"], told["qualname"])
            return own[name] if place_of(own[name]) == where else value
        if isinstance(value, StudentClass) and name in self.given.classes:
            keep(value, remote_asked_for=True)
        if isinstance(value, RemoteFunction):
            doc = self.given.doc(name)
            keep(value, __globals__=self, **({} if doc is None else {"remote_doc": doc}))
        return value

    def released_says(self, name: str, operation: str, args: Sequence[Any], answer: Any) -> bool:
        """Whether the function or class of a name as it was released answers the same.

        Args:
            name: a name of the student's notebook, or a name that it has not: what is asked is then
                compared with any function.
            operation: what its value was asked, such as "dir" or "parameters".
            args: what else was asked with.
            answer: the answer, or the error that was raised.
        """
        node = self.given.known.get(name)
        if name and node is None:  # as any function or class would answer
            node = ast.parse("def blank(): pass").body[0]
        if not isinstance(node, DEFINITIONS):
            return False
        try:
            if name not in self.stubs:
                self.stubs[name] = define(node, self)
            stub = self.stubs[name]
        except Exception:
            return False
        if operation in ("hash", "source") or "__code__" in args:
            return True  # which differ, and tell nothing of what the code does
        try:
            said = OPERATIONS[operation](stub, *args)
            if operation == "vars":
                return sorted(said) == sorted(answer)
            return plain(said) == plain(answer)
        except Exception as error:
            return type(error).__name__ == type(answer).__name__

    def __missing__(self, name: str) -> Any:
        self.have([name])
        if super().__contains__(name):
            return super().__getitem__(name)
        return (self.stars or {})[name]

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if name in self.borrowed and self.looked[name] != self.student.asked:
            value = self.look_again(name)
        self.told |= name in self.news
        return value

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        if not super().__contains__(name):
            self.have([name])
        self.told |= name in self.news and name not in self.given.known
        return super().__contains__(name) or name in (self.stars or {})

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def __setitem__(self, name: str, value: Any) -> None:
        # A module is for the grader alone, and so is what it or an instructor's cell defines.
        foreign = callable(value) or isinstance(value, ModuleType)
        mine = not foreign or is_made_here(value, self)
        if not self.defining and self.is_shared(name) and mine:
            self.student.rebind(name, value)
            if not callable(value):  # the student's code may change it again
                self.lend(name, value)
        self.news.discard(name)
        super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        if self.is_shared(name):
            self.student.rebind(name)
        super().__delitem__(name)

    def is_shared(self, name: str) -> bool:
        """Whether the student's code may use a name, of which a test cell makes something new."""
        borrowed = self.borrowed.pop(name, self) is not self
        if not self.given.answers:  # it is not known what uses it
            return borrowed
        return name in self.given.used | self.given.called

    def pop(self, name: str, *default: Any) -> Any:
        try:
            value = self[name]
        except KeyError:
            if default:
                return default[0]
            raise
        del self[name]
        return value

    # --- all of them, as unittest and doctest look through a module ---------------------

    def __iter__(self) -> Iterator[str]:
        self.have(self.given.asked_for)
        return super().__iter__()

    def keys(self) -> Any:
        return [*self]

    def items(self) -> Any:
        return [(name, dict.__getitem__(self, name)) for name in self]

    def values(self) -> Any:
        return [value for _, value in self.items()]

    def copy(self) -> dict[str, Any]:
        return dict(self.items())


def is_made_here(value: object, names: dict[str, Any]) -> bool:
    """Whether a value is a test cell's: a function of one, a mock, or something of the student's.

    Args:
        value: the value.
        names: the names of the test cells.
    """
    if is_remote(value):
        return True
    if isinstance(value, FunctionType):
        return value.__globals__ is names
    mock = sys.modules.get("unittest.mock")
    return mock is not None and isinstance(value, mock.NonCallableMock)


def plain(value: object) -> str:
    """A value as a text, without where it lies in memory."""
    return re.sub(" at 0x[0-9a-f]+", "", repr(value))


def place_of(value: object) -> tuple[str, str]:
    """The module of something that can be imported, and its name there; of a module only its own.

    The kernel tells the same of what a student has imported (see inside/objects.py).
    """
    told = description(value)
    return told["module"], told["qualname"]


# By these names unittest asks a module what is to be done with its tests.
OF_UNITTEST = {"setUpModule", "tearDownModule", "load_tests"}


class Main(ModuleType):
    """The module `__main__` of test cells, as in a notebook: its names are theirs.

    What looks through it, such as unittest, has not used all that it finds.

    Args:
        names: the names.
    """

    def __init__(self, names: Names) -> None:
        super().__init__("__main__")
        super().__setattr__("_names", names)

    def __getattribute__(self, name: str) -> Any:
        if name == "__dict__":
            return super().__getattribute__("_names")
        return super().__getattribute__(name)

    def __getattr__(self, name: str) -> Any:
        names: Names = super().__getattribute__("_names")
        if name in OF_UNITTEST and not dict.__contains__(names, name):
            raise AttributeError(name)
        told = names.told
        try:
            return names[name]
        except KeyError:
            raise AttributeError(f"module '__main__' has no attribute {name!r}") from None
        finally:
            names.told = told

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value

    def __delattr__(self, name: str) -> None:
        del self.__dict__[name]

    def __dir__(self) -> list[str]:
        return [*self.__dict__]
