"""The folder in which test cells work, and the files that cross between it and the student's code.

A test may write a file that the student's code is to read, or read one that it has written. Small
files cross, as bytes: to the test what it looks for in its folder, however it has the name, but
none that the instructor or the test has made, and none that could be imported; to the student's
code what the test passes, and what the solutions name. In others may be what is to come out.
"""

import ast
import contextlib
import importlib.machinery
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, Self
from unittest import mock

from autograder.kernel.inside.files import MOST_BYTES, MOST_FILES, MOST_TOGETHER, under
from autograder.kernel.stand_ins import is_remote
from autograder.verdict.given import texts_in

State = tuple[int, int]  # of a file: when it was changed, and its size

MOST_ARGUMENTS = 200  # that are looked through for paths
MOST_IN_ALL = 1000  # files of the student's, of one notebook


class WorkingFolder:
    """A copy of the folder of the instructor's notebook, without notebooks, for its test cells.

    Beside it is a folder for their temporary files. Use it in a with block; at the end of it both
    are removed. Its process may be killed before: a block of scratch() around that of the process
    says where it lies, and removes it too. Both ends know a file by a name: see
    kernel/inside/files.py.

    Args:
        folder: the instructor's folder; None if it is not known.
        texts: the texts in the instructor's solutions.
    """

    def __init__(self, folder: Path | None, texts: Collection[str] = ()) -> None:
        # Of each text the first part, which is the name of something if the text is a path.
        self.texts = {text: text.partition("/")[0] for text in texts if is_plausible(text)}
        self.home = folder.resolve() if folder is not None and folder.is_dir() else None
        self.said: list[str] = []  # names in the text of the cell that is running
        self.here = ""  # the folder in which it works now
        self.named: list[str] = []  # what these names are there
        self.wanted: list[str] = []  # what may come of the student's: files, and what is in folders
        self.asked: dict[str, None] = {}  # what the arguments of this question may be the names of
        self.passed: dict[str, None] = {}
        self.left = MOST_IN_ALL
        self.theirs: set[str] = set()  # the files that have come
        self.sought: set[str] = set()  # what this cell has looked for
        self.fetched: set[str] = set()  # of this what is here, as it was at the last answer
        self.arrived = False  # whether a file of the student's has told this cell something

    def __enter__(self) -> Self:
        self.whole = Path(tempfile.mkdtemp(prefix="test-cells-")).resolve()
        self.place, self.temporary = self.whole / "work", self.whole / "tmp"
        for folder in (self.place, self.temporary):
            folder.mkdir()
        if self.home:
            ignored = shutil.ignore_patterns("*.ipynb", ".ipynb_checkpoints", "__pycache__")
            shutil.copytree(self.home, self.place, ignore=ignored, dirs_exist_ok=True)
        self.crossed = dict(self._files("."))
        self.given = set(self.crossed)
        return self

    def __exit__(self, *error: object) -> None:
        shutil.rmtree(self.whole, ignore_errors=True)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Work in the folder for a with block, and import from the instructor's own."""
        before = set(sys.modules)
        home = str(self.home) if self.home else ""
        if home:
            sys.path.insert(0, home)
        try:
            with (
                contextlib.chdir(self.place),
                mock.patch.object(tempfile, "tempdir", str(self.temporary)),
            ):
                yield
        finally:
            if home:
                sys.path.remove(home)
                # Another assignment may have a file of the same name.
                for name in set(sys.modules) - before:
                    file = getattr(sys.modules[name], "__file__", None) or ""
                    if file.startswith(home + os.sep):
                        del sys.modules[name]

    def instructors(self) -> list[Path]:
        """The files that the instructor has beside the notebook."""
        return [self.home / name for name in sorted(self.given)] if self.home else []

    def begin(self, tree: ast.Module) -> None:
        """Look for the names of files in a cell that is about to run."""
        self.said = sorted(filter(may_be_theirs, texts_in([tree])))[:MOST_FILES]
        self.arrived, self.here = False, ""
        self.sought.clear()
        self.fetched.clear()
        self.look([])

    def look(self, arguments: Iterable[object]) -> None:
        """See which files may come, now that a question has these arguments.

        What may be the name of a file counts for this question; a path, for later ones too.
        """
        here = _here(self.place)
        if here != self.here:
            self.here = here
            self.named = [name for text in self.said for name in (self.name(text),) if name]
        self.asked = {}
        for path in paths_in(arguments):
            name = self.name(path)
            if name is not None:
                self.asked[name] = None
                if os.sep in path or "." in path or os.path.lexists(path):
                    self.passed.pop(name, None)
                    self.passed[name] = None
        while len(self.passed) > MOST_FILES:
            del self.passed[next(iter(self.passed))]
        inside = dict.fromkeys([self.name(here) or os.curdir, *self.passed, *self.asked])
        inside.pop(os.curdir, None)
        self.wanted = [*dict.fromkeys([*self.named, *inside])]

    def place_of_both(self) -> dict[str, str]:
        """The folders of the test, and the one in which it works now, for the student's process."""
        about = {"work": str(self.place), "temporary": str(self.temporary)}
        here = self.name(self.here) or os.curdir
        return about if here == os.curdir else about | {"here": here}

    def name(self, path: str) -> str | None:
        """The name by which both ends know a path of a test's; None if it leads elsewhere."""
        whole = os.path.normpath(os.path.join(self.here, path))
        if under(whole, str(self.temporary)):
            return None if whole == str(self.temporary) else whole
        return os.path.relpath(whole, self.place) if under(whole, str(self.place)) else None

    def may_come(self, name: str) -> bool:
        """Whether a name is that of a file which may be the student's.

        Args:
            name: the name, as the student's kernel says.
        """
        if not is_plausible(name) or os.path.normpath(name) != name or ".." in name.split("/"):
            return False
        if name in self.given or is_importable(name):
            return False
        if not any(under(name, one) for one in (*self.wanted, *self.sought)):
            return False
        folder = (self.place / name).parent  # an absolute name stays as it is
        real = os.path.realpath(folder)
        return any(under(real, str(one)) for one in (self.place, self.temporary))

    def sends(self, arguments: Iterable[object]) -> dict[str, bytes | None]:
        """The small files that test cells have written or changed, and the student's code may read.

        These are those whose names it is given, or are in the instructor's solutions, and those in
        folders that it is given. In others a test may have what is to come out.

        Args:
            arguments: those of the question.

        Returns:
            From their names to their contents; None for one that is there no longer.
        """
        self.look(arguments)
        passed = {**self.passed, **self.asked}
        here = self.name(self.here) or os.curdir
        gone = [
            name
            for name in self.crossed
            if (name in passed or name not in self.given) and not os.path.lexists(self.place / name)
        ]
        found: dict[str, bytes | None] = dict.fromkeys(gone)
        for name in gone:
            del self.crossed[name]
        for name in [*passed, *([] if here == os.curdir else [os.path.join(here, os.curdir)])]:
            for folder in (self.place / name, (self.place / name).parent):
                if folder not in (self.place, self.temporary) and folder.is_dir():
                    found[f"{self.name(str(folder))}/"] = b""
        there = set(os.listdir(self.here))
        said = (self.name(text) for text, first in self.texts.items() if first in there)
        room = MOST_TOGETHER
        for top in dict.fromkeys([*passed, *filter(None, said)]):
            for name, state in self._files(top):
                new = self.crossed.get(name) != state and state[1] <= min(MOST_BYTES, room)
                if new and len(found) < 3 * MOST_FILES:
                    found[name] = (self.place / name).read_bytes()
                    self.crossed[name] = state
                    room -= state[1]
        return found

    def receives(self, files: object) -> None:
        """Write what the student's code has written, and delete what it has deleted.

        Args:
            files: from the name of a file to its content, as the student's kernel says; may be
                anything.
        """
        self.fetched.clear()
        self._take(files)

    def fetch(self, path: str, read: Callable[[list[str], list[str]], object]) -> None:
        """Get what the student's code has made under a path that a test cell is about to look at.

        Args:
            path: the path, of a file or a folder.
            read: has the student's kernel read what is new under these names, but for others.
        """
        if _here(self.place) != self.here:
            self.look([])
        name = self.name(path)
        own = name is not None and _is_file(self.place / name) and name not in self.theirs
        if name is None or own:
            return
        self.sought.add(name)
        given = [one for one in self.given if under(one, name)]
        for _ in range(0 if name in self.fetched else MOST_IN_ALL // MOST_FILES):
            files: object = None
            with contextlib.suppress(Exception):  # what does not come is not there
                files = read([name], given)
            self._take(files)
            if not files:
                break
        self.fetched.add(name)
        self.arrived |= name in self.theirs

    def _take(self, files: object) -> None:
        for name, content in files.items() if type(files) is dict else ():
            if type(name) is not str or not self.left or not self.may_come(name.rstrip("/")):
                continue
            path = self.place / name
            with contextlib.suppress(OSError):
                there = os.path.lexists(path)
                if path.is_symlink() or (there and self.crossed.get(name) != _state(path)):
                    self.theirs.discard(name)
                    continue  # it is the test's, or what the test has made of it
                if content is None and name in self.crossed:
                    path.unlink()
                    del self.crossed[name]
                    self.theirs.discard(name)
                elif type(content) is bytes and len(content) <= MOST_BYTES:
                    self.left -= 1
                    path.parent.mkdir(parents=True, exist_ok=True)
                    if name.endswith("/"):
                        path.mkdir()
                        continue
                    path.write_bytes(content)
                    self.crossed[name] = _state(path)
                    self.theirs.add(name)
                    self.arrived |= any(under(name, one) for one in self.wanted)

    def _files(self, name: str) -> Iterator[tuple[str, State]]:
        """The file of a name, or those in the folder of this name, and how they are."""
        top = self.place / name
        if _is_file(top):
            yield name, _state(top)
        elif top.is_dir():
            for folder, _, names in os.walk(top):
                for one in names:
                    path = Path(folder, one)
                    if _is_file(path):
                        inside = path.is_relative_to(self.place)
                        yield str(path.relative_to(self.place) if inside else path), _state(path)


def _here(otherwise: Path) -> str:
    """The folder in which this process works; another one if it has been removed."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return str(otherwise)


def paths_in(values: Iterable[object]) -> Iterator[str]:
    """The texts among values, and in lists and the like, that may be paths; and the paths."""
    todo, left = [*values], MOST_ARGUMENTS
    while todo and left:
        left -= 1
        one: Any = todo.pop()
        if is_remote(one):
            continue
        if isinstance(one, PurePath) or (isinstance(one, str) and is_plausible(one)):
            yield str(one)
        elif isinstance(one, dict):
            todo += [*one.keys(), *one.values()][:MOST_ARGUMENTS]
        elif isinstance(one, (list, tuple, set, frozenset)):
            todo += [*one][:MOST_ARGUMENTS]


def is_plausible(name: str) -> bool:
    return 0 < len(name) < 250 and name.isprintable()


def is_importable(name: str) -> bool:
    return any(name.endswith(suffix) for suffix in importlib.machinery.all_suffixes())


def may_be_theirs(text: str) -> bool:
    """Whether a text of a test is the name of a file which may be the student's."""
    path = PurePosixPath(text)
    return is_plausible(text) and len(text) > 2 and bool(path.suffix) and not is_importable(text)


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _state(path: Path) -> State:
    found = path.stat()
    return found.st_mtime_ns, found.st_size
