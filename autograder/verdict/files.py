"""The folder in which test cells work, and the files that cross between it and the student's code.

A test may write a file that the student's code is to read, or read one that it has written. Small
files cross, as bytes: of the student's only those that the test names, and none that the instructor
has or that could be imported.
"""

import ast
import contextlib
import importlib.machinery
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Self

from autograder.kernel.inside.files import MOST_BYTES, MOST_FILES
from autograder.verdict.given import texts_in

State = tuple[int, int]  # of a file: when it was changed, and its size


class WorkingFolder:
    """A copy of the folder of the instructor's notebook, without notebooks, for its test cells.

    Use it in a with block; at the end of it the copy is removed.

    Args:
        folder: the instructor's folder; None if it is not known.
        texts: the texts in the instructor's solutions.
    """

    def __init__(self, folder: Path | None, texts: Collection[str] = ()) -> None:
        self.texts = set(texts)
        self.home = folder.resolve() if folder is not None and folder.is_dir() else None
        self.wanted: list[str] = []
        self.arrived = False  # whether a file of the student's came since the cell began

    def __enter__(self) -> Self:
        self.place = Path(tempfile.mkdtemp(prefix="test-cells-"))
        if self.home:
            ignored = shutil.ignore_patterns("*.ipynb", ".ipynb_checkpoints", "__pycache__")
            shutil.copytree(self.home, self.place, ignore=ignored, dirs_exist_ok=True)
        self.given = {name for name, _ in self._files()}
        self.crossed = dict(self._files())
        return self

    def __exit__(self, *error: object) -> None:
        shutil.rmtree(self.place, ignore_errors=True)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Work in the folder for a with block, and import from the instructor's own."""
        before = set(sys.modules)
        home = str(self.home) if self.home else ""
        if home:
            sys.path.insert(0, home)
        try:
            with contextlib.chdir(self.place):
                yield
        finally:
            if home:
                sys.path.remove(home)
                # Another assignment may have a file of the same name.
                for name in set(sys.modules) - before:
                    file = getattr(sys.modules[name], "__file__", None) or ""
                    if file.startswith(home + os.sep):
                        del sys.modules[name]

    def begin(self, tree: ast.Module) -> None:
        """Look for the names of files in a cell that is about to run."""
        self.wanted = sorted(filter(self.may_come, texts_in([tree])))[:MOST_FILES]
        self.arrived = False

    def may_come(self, name: str) -> bool:
        """Whether a name is that of a file which may be the student's."""
        if not 2 < len(name) < 200 or "\0" in name:
            return False
        path = PurePosixPath(name)
        plain = bool(path.suffix) and str(path) == name and not path.is_absolute()
        importable = importlib.machinery.all_suffixes()
        return plain and ".." not in path.parts and name not in self.given and (
            not any(name.endswith(suffix) for suffix in importable)
        )  # fmt: skip

    def sends(self, arguments: Iterable[object]) -> dict[str, bytes]:
        """The small files that test cells have written or changed, and the student's code may read.

        These are those whose names it is given, or are in the instructor's solutions. In others a
        test may have what is to come out.

        Args:
            arguments: those of the question.
        """
        names = self.texts | {one for one in arguments if isinstance(one, str)}
        found = {
            name: state
            for name, state in (self._files() if names else ())
            if name in names and self.crossed.get(name) != state and state[1] <= MOST_BYTES
        }
        self.crossed |= found
        return {name: (self.place / name).read_bytes() for name in [*found][:MOST_FILES]}

    def receives(self, files: object) -> None:
        """Write what the student's code has written.

        Args:
            files: from the name of a file to its content, as the student's kernel says; may be
                anything.
        """
        for name, content in files.items() if isinstance(files, Mapping) else ():
            if name in self.wanted and isinstance(content, bytes) and len(content) <= MOST_BYTES:
                path = self.place / name
                if path.exists() and name not in self.crossed:
                    continue  # it is the test's
                with contextlib.suppress(OSError):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
                    self.crossed[name] = _state(path)
                    self.arrived = True

    def _files(self) -> Iterator[tuple[str, State]]:
        for folder, _, names in os.walk(self.place):
            for name in names:
                path = Path(folder, name)
                if path.is_file() and not path.is_symlink():
                    yield str(path.relative_to(self.place)), _state(path)


def _state(path: Path) -> State:
    found = path.stat()
    return found.st_mtime_ns, found.st_size
