"""What the grader never does for a student: execute, load, start, connect to or write what came.

A test may hand what came from the student's code to something that executes it, such as `eval`,
SymPy's `sympify` or `pickle`, or use it as a path or as a command. Whatever came may have been
changed on the way; therefore the guard keeps no list of it. It looks at what Python is asked to do,
of which Python tells its audit hooks, and at who asks (see asking.py):

- Code is executed if it is the instructor's own, as a constant of the notebook is, or does nothing
  but make values and ask the student's code (see harmless.py), or if a library has made it itself.
- Classes of libraries are not loaded from pickles.
- No process is started, and no host connected to.
- A test writes in its folder and in temporary folders that it made, and reads there, what libraries
  have, and files that its own text names.

Libraries do for themselves what they need, as long as the test does not tell them what it is.
"""

import ast
import contextlib
import importlib
import os
import socket
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock
from urllib.parse import unquote

import numpy as np

from autograder.kernel.stand_ins import is_remote
from autograder.verdict.asking import IMPORTING, Asker, asker, constants, module_of
from autograder.verdict.files import WorkingFolder
from autograder.verdict.given import DEFINITIONS
from autograder.verdict.harmless import (
    Own,
    is_expression_of_sympy,
    is_harmless,
    is_query,
    is_written_by_lambdify,
)
from autograder.verdict.names import Names

RULE = "(rule 10 in docs/test-cells.md)"
MOST_ITEMS = 10_000
# Characters of a text, and levels to which Python may go: beyond both, its stack may not bear it.
MOST_DEEP = 5_000
# What pickles of plain values, arrays and tables ask for.
PICKLED = {
    "builtins": {"int", "float", "complex", "bool", "str", "list", "tuple", "set", "frozenset",
                 "dict", "range", "bytes", "bytearray", "slice", "object"},
    "array": {"array", "_array_reconstructor"},
    "collections": {"OrderedDict", "defaultdict", "Counter", "deque"},
    "copyreg": {"_reconstructor"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
    "_codecs": {"encode"},
    "numpy": {"ndarray", "dtype"},
    "numpy.core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.numeric": {"_frombuffer"},
    "numpy.ma": {"MaskedArray"},
    "numpy.ma.core": {"MaskedArray", "_mareconstruct"},
    "pandas": {"Categorical", "CategoricalDtype", "DataFrame", "DatetimeIndex", "Index",
               "MultiIndex", "RangeIndex", "Series", "StringDtype"},
    "pandas.arrays": {"DatetimeArray", "StringArray"},
    "pandas.core.frame": {"DataFrame"},
    "pandas.core.series": {"Series"},
    "pandas.core.indexes.base": {"Index", "_new_Index"},
    "pandas.core.indexes.datetimes": {"DatetimeIndex", "_new_DatetimeIndex"},
    "pandas.core.indexes.range": {"RangeIndex"},
    "pandas.core.internals.managers": {"BlockManager", "SingleBlockManager"},
    "pandas._libs.arrays": {"__pyx_unpickle_NDArrayBacked"},
    "pandas._libs.internals": {"_unpickle_block"},
    "pandas._libs.tslibs.timestamps": {"_unpickle_timestamp"},
}  # fmt: skip
# What these compile is what others give to them.
EVALUATE = {"bdb", "code", "codeop", "cProfile", "doctest", "pdb", "profile", "runpy", "timeit",
            "trace", "sympy.parsing.sympy_parser"}  # fmt: skip
MAKES_CODE = ("exec", "eval", "compile")  # in a name
TELLING = frozenset("([{@`\\;")  # no text without one of these calls anything
STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork",
          "os.forkpty", "pty.spawn"}  # fmt: skip
STARTING = {"subprocess", "os", "pty", "asyncio", "shutil"}
HOSTS = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"}
# Where each event has paths, and the numbers of the folders to which these are relative.
CHANGES: dict[str, tuple[tuple[int, int | None], ...]] = {
    "os.remove": ((0, 1),), "os.rmdir": ((0, 1),), "os.mkdir": ((0, 2),),
    "os.rename": ((0, 2), (1, 3)), "os.link": ((0, 2), (1, 3)), "os.symlink": ((1, 2),),
    "os.chmod": ((0, 2),), "os.chown": ((0, 3),), "os.truncate": ((0, None),),
    "os.utime": ((0, 3),), "shutil.chown": ((0, None),),
}  # fmt: skip
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
OPEN_TO_ALL = {os.devnull, "/dev/zero", "/dev/urandom", "/dev/random"}
LIBRARIES = tuple(
    {os.path.realpath(one) + os.sep for one in (sys.prefix, sys.base_prefix) if one != os.sep}
)
STEPS = 100_000  # of SQLite's machine, between two moments in which Python can interrupt it


class Refused(RuntimeError):
    """A test would have done with what the student's code has sent what is not done."""


class NoFile(Refused, PermissionError):
    """A test would have used a file that is not its own."""


class Guard:
    """Watches over what is done with what came from a student's code, while a test cell runs.

    Args:
        names: the names of the test cells.
        work: the folder in which they work.
        texts: the constants in the instructor's notebook.
    """

    def __init__(self, names: Names, work: WorkingFolder, texts: Iterable[str] = ()) -> None:
        self.names, self.work = names, work
        self.own = Own(texts, work.instructors)
        self.made: set[str] = set()
        self.folders = {os.path.realpath(work.place) + os.sep}
        self.threads: set[int | None] = set()
        self.bytes_came = False
        self.pickled: dict[type, dict[str, Any]] = {}

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Refuse it in a with block."""
        _install()
        self.threads = {one.ident for one in threading.enumerate()} - {threading.get_ident()}
        WATCHING.append(self)
        try:
            with (
                mock.patch.object(sqlite3, "connect", _connect),
                mock.patch.object(sqlite3.dbapi2, "connect", _connect),
                mock.patch.object(os, "stat", _stat),
                mock.patch.object(os, "lstat", _lstat),
            ):
                yield
        finally:
            WATCHING.remove(self)
            self.put_back()

    def came(self, value: object) -> None:
        """Take notice of a value of the student's, in which a pickle may be."""
        todo, left = [value], MOST_ITEMS
        while todo and left and not self.bytes_came:
            left -= 1
            one = todo.pop()
            if is_remote(one) or one is None or isinstance(one, (bool, int, float, complex)):
                continue
            if isinstance(one, dict):
                todo += [*one.keys(), *one.values()]
            elif isinstance(one, (list, tuple, set, frozenset)):
                todo += one
            elif not (isinstance(one, np.ndarray) and one.dtype.kind in "bf"):
                self.bytes_came = True
        self.bytes_came |= not left

    # --- code ------------------------------------------------------------------------

    def compiles(self, by: Asker, source: Any, file: str) -> None:
        """Refuse to compile what is neither harmless nor the instructor's own.

        Args:
            by: who asks for it.
            source: a text or a syntax tree.
            file: where it comes from, as the caller of compile() says.
        """
        if isinstance(source, bytes):
            source = source.decode(errors="replace")
        deep = isinstance(source, str) and len(source) > MOST_DEEP < sys.getrecursionlimit()
        if deep and not self.own.has(source):
            raise Refused(f"this test lets Python go too deep for a text, and does not {RULE}")
        if isinstance(source, (str, ast.AST)) and not self.may_compile(by, source, file):
            raise Refused(f"this test would execute a text of the student's, and does not {RULE}")

    def may_compile(self, by: Asker, source: str | ast.AST, file: str) -> bool:
        near = by.nearest
        if near.f_code is PARSE:  # that executes nothing
            caller = near.f_back
            if caller is None or not module_of(caller).startswith("pandas.core.computation"):
                return True
            return all(is_query(text) or self.own.has(text) for text in self.told(by))
        if by.imports:
            beside = by.module in IMPORTING and self.is_inside(os.path.realpath(file))
            return not beside or self.is_lawful(source, near)
        if file.startswith("<lambdifygenerated") and isinstance(source, str):
            return is_written_by_lambdify(source) and self.is_told_lawful(by)
        if by.libraries and source in {*constants(near.f_code)}:
            return True
        by_name = any(part in name for name in near.f_code.co_names for part in MAKES_CODE)
        if not by.libraries or not by_name or by.module in EVALUATE:
            of_sympy = by.module == "sympy.parsing.sympy_parser"
            if is_expression_of_sympy(source) if of_sympy else self.is_lawful(source, near):
                return True
            if by.module == "doctest":  # which has taken the prompts away
                return all(map(self.own.has, str(source).split("\n")))
            by_text = bool(self.told(by)) or by.module == "timeit"  # or by a function
            return by_text and self.is_told_lawful(by)
        return self.is_told_lawful(by)

    def told(self, by: Asker) -> list[str]:
        """The texts that a library was given, and which might call something."""
        return [one for one in by.given() if isinstance(one, str) and TELLING & set(one)]

    def is_told_lawful(self, by: Asker) -> bool:
        return all(self.is_lawful(text, by.libraries[-1]) for text in self.told(by))

    def is_lawful(self, source: str | ast.AST, frame: FrameType) -> bool:
        names = [frame.f_locals, frame.f_globals, self.names]
        given = self.names.given
        theirs = {name for name, node in given.statements.items() if isinstance(node, DEFINITIONS)}
        theirs |= set(given.asked_for)
        return is_harmless(source, names, theirs, self.made) or self.own.has(source)

    # --- pickles ---------------------------------------------------------------------

    def loads(self, module: str, name: str) -> None:
        """Refuse a class that a pickle asks for, if the student's code may have written that."""
        own = module == "__main__" and isinstance(dict.get(self.names, name), type)
        if self.bytes_came and name in PICKLED.get(module, ()):
            with contextlib.suppress(ImportError):
                known = getattr(importlib.import_module(module), name, None)
                if isinstance(known, type):
                    self.pickled.setdefault(known, dict(vars(known)))
        if self.bytes_came and not own and name not in PICKLED.get(module, ()):
            raise Refused(
                f"this test would load {module}.{name} from a pickle of the student's, and does "
                f"not {RULE}"
            )

    def put_back(self) -> None:
        """Refuse what has changed a class by a pickle, once the class is as it was."""
        changed = []
        for kind, before in self.pickled.items():
            for name in {*before, *vars(kind)}:
                if vars(kind).get(name, self) is not before.get(name, self):
                    changed.append(f"{kind.__name__}.{name}")
                    if name in before:
                        setattr(kind, name, before[name])
                    else:
                        delattr(kind, name)
        self.pickled.clear()
        if changed:
            raise Refused(f"a pickle has changed {changed[0]} for this test, which it may not")

    # --- processes and hosts ---------------------------------------------------------

    def starts(self, by: Asker, event: str, args: tuple[Any, ...]) -> None:
        """Refuse to start a process, unless a library does so with a command of its own."""
        frame = by.passed_on_by(STARTING)
        command = args[1] if event == "subprocess.Popen" else next(iter(args), "")
        program = command[0] if isinstance(command, (list, tuple)) and command else command
        words = program.split()[:1] if isinstance(program, str) else []
        known = constants(frame.f_code) if frame is not None and words else ()
        if words in (one.split()[:1] for one in known):
            return  # such as matplotlib's question for fonts
        raise Refused(
            "this test would start a process, which would run in the grader what the student has "
            f"sent, and does not {RULE}"
        )

    def connects(self, event: str, args: tuple[Any, ...]) -> None:
        family = getattr(args[0], "family", None) if event == "socket.connect" else None
        if family in (None, socket.AF_INET, socket.AF_INET6):
            raise Refused(f"this test would connect to a host, and does not {RULE}")

    # --- files -----------------------------------------------------------------------

    def looks_for(self, by: Asker, path: Any) -> None:
        """Have what the student's code has made under a path, before a test looks at it."""
        if by.imports or by.module == "tempfile" or isinstance(path, int):
            return
        told = os.curdir if path is None else os.fsdecode(path)
        self.work.fetch(told, lambda *names: self.names.student.do("files", *names))
        self.bytes_came |= bool(self.work.theirs)

    def uses(self, by: Asker, path: Any, writes: bool, folder: Any = None) -> None:
        """Refuse a file that a test may not read or write.

        Args:
            by: who asks for it.
            path: its path, or its number.
            writes: whether it, or the entry of it in its folder, is changed.
            folder: the number of an open folder to which the path is relative.
        """
        if by.imports and by.libraries and by.module not in IMPORTING and not writes:
            self.refuses_settings(path)
        if by.imports or by.module == "tempfile" or path is None:
            return
        if isinstance(path, int):
            if by.libraries and path not in [one for one in by.given() if type(one) is int]:
                return
            if self.is_inside(_opened(path) + os.sep):
                return
            raise NoFile(f"this test would open the file number {path}, and does not {RULE}")
        told = os.fsdecode(path)
        place = _opened(folder) if type(folder) is int and folder >= 0 else ""
        real = os.path.realpath(os.path.join(place, told))
        if (
            self.is_inside(real + os.sep)
            or real in OPEN_TO_ALL
            or not self.is_given(by, told, writes)
        ):
            return
        named = os.path.abspath(os.path.join(place, told))
        linked = self.is_inside(named)  # a test's own link, to somewhere else
        if not linked and (self.own.is_constant(told) or (not writes and self.is_named(named))):
            return
        if not writes and self.may_read(real):
            return
        raise NoFile(
            f"this test would {'change' if writes else 'read'} {told[:200]!r}, which is not in "
            f"its folder, and does not {RULE}"
        )

    def refuses_settings(self, path: Any) -> None:
        """Refuse to let a library that is imported read a file of the student's by itself."""
        if isinstance(path, (str, bytes, os.PathLike)):
            name = self.work.name(os.path.realpath(os.fsdecode(path)))
            if name in self.work.theirs:
                raise NoFile(f"a library would read {name!r}, which the student made {RULE}")

    def is_inside(self, path: str) -> bool:
        return any(path.startswith(folder) for folder in self.folders)

    def may_read(self, path: str) -> bool:
        """Whether a test may read a file outside of its folders, wherever it has the path from."""
        home = self.work.home
        if home and path.startswith(f"{home}{os.sep}"):
            return os.path.relpath(path, home) in self.work.given
        return path.startswith(LIBRARIES)

    def is_named(self, path: str) -> bool:
        """Whether a file is below a folder that the instructor's own text names."""
        return any(self.own.is_constant(str(one)) for one in Path(path).parents if one.name)

    def is_given(self, by: Asker, path: str, writes: bool) -> bool:
        """Whether a test has told which file it is, and not a library that uses it for itself."""
        of_python = all(
            module_of(one).split(".")[0] in sys.stdlib_module_names for one in by.libraries
        )
        if of_python and (writes or not by.libraries):
            return True
        texts = [one for one in by.given() if isinstance(one, str) and one]
        return any(
            one == path or (len(one) > 2 and one in path)
            or os.path.basename(one) == os.path.basename(path)
            for one in texts
        )  # fmt: skip

    def database(self, by: Asker, path: Any) -> None:
        """Refuse a database that a test may not write."""
        if isinstance(path, (str, bytes, os.PathLike)):
            told = os.fsdecode(path)
            if told.startswith("file:"):
                if "mode=memory" in told:
                    return
                told = unquote(told.removeprefix("file:").partition("?")[0])
            if told not in ("", ":memory:"):
                self.looks_for(by, told)
                self.uses(by, told, True)


CONNECT = sqlite3.connect


def _connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
    """A connection to a database that attaches no other, and ends when a test's time is over."""
    connection: sqlite3.Connection = CONNECT(*args, **kwargs)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_progress_handler(lambda: 0, STEPS)  # Python raises TooMuch in it
    return connection


STAT, LSTAT = os.stat, os.lstat


def _stat(path: Any, *args: Any, **kwargs: Any) -> os.stat_result:
    """What os.stat says, of which Python does not tell its audit hooks."""
    _hook("os.stat", (path,))
    return STAT(path, *args, **kwargs)


def _lstat(path: Any, *args: Any, **kwargs: Any) -> os.stat_result:
    _hook("os.stat", (path,))
    return LSTAT(path, *args, **kwargs)


PARSE = ast.parse.__code__
WATCHING: list[Guard] = []
INSTALLED: list[bool] = []
LOCAL = threading.local()


def _opened(number: int) -> str:
    """The path of an open file, or what else its number stands for."""
    try:
        return os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        return ""


def _install() -> None:
    if not INSTALLED:
        sys.addaudithook(_hook)
        INSTALLED.append(True)


def _hook(event: str, args: tuple[Any, ...]) -> None:
    """Look at what Python is about to do, if a test cell runs."""
    if not WATCHING or event not in EVENTS or getattr(LOCAL, "busy", False):
        return
    LOCAL.busy = True  # what follows is the grader's own
    try:
        guard = WATCHING[-1]
        by = asker(sys._getframe(1), guard.threads)
        if by is not None:
            EVENTS[event](guard, by, event, args)
    finally:
        LOCAL.busy = False


def _compile(guard: Guard, by: Asker, event: str, args: tuple[Any, ...]) -> None:
    guard.compiles(by, args[0], str(args[1]))


def _marshal(guard: Guard, by: Asker, event: str, args: tuple[Any, ...]) -> None:
    if not by.libraries:
        raise Refused(f"this test would load code with marshal, and does not {RULE}")


def _open(guard: Guard, by: Asker, event: str, args: tuple[Any, ...]) -> None:
    path, _, flags = args
    if not flags & os.O_TRUNC:
        guard.looks_for(by, path)
    guard.uses(by, path, bool(flags & WRITES))


def _change(guard: Guard, by: Asker, event: str, args: tuple[Any, ...]) -> None:
    for position, folder in CHANGES[event]:
        guard.looks_for(by, args[position])
        guard.uses(by, args[position], True, None if folder is None else args[folder])


def _list(guard: Guard, by: Asker, event: str, args: tuple[Any, ...]) -> None:
    guard.looks_for(by, args[0])
    guard.uses(by, args[0], False)


def _temporary(guard: Guard, by: Asker, event: str, args: tuple[Any, ...]) -> None:
    path = os.path.realpath(os.fsdecode(args[0])) + os.sep
    if path.startswith((os.path.realpath(tempfile.gettempdir()) + os.sep, *guard.folders)):
        guard.folders.add(path)


EVENTS: dict[str, Callable[[Guard, Asker, str, tuple[Any, ...]], None]] = {
    "compile": _compile,
    "marshal.loads": _marshal,
    "marshal.load": _marshal,
    "pickle.find_class": lambda guard, _by, _event, args: guard.loads(str(args[0]), str(args[1])),
    "open": _open,
    "os.listdir": _list,
    "os.scandir": _list,
    "os.stat": lambda guard, by, _event, args: guard.looks_for(by, args[0]),
    "tempfile.mkdtemp": _temporary,
    "tempfile.mkstemp": _temporary,
    "sqlite3.connect": lambda guard, by, _event, args: guard.database(by, args[0]),
    **dict.fromkeys(CHANGES, _change),
    **dict.fromkeys(STARTS, lambda guard, by, event, args: guard.starts(by, event, args)),
    **dict.fromkeys(HOSTS, lambda guard, _by, event, args: guard.connects(event, args)),
}
