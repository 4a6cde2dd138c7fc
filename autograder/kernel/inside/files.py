"""Small files that cross between the folders of a test and of the student's code.

A name that both ends know is that of a file in the folder where both work, or an absolute path in a
folder that a test has for temporary files; with a slash at the end it is that of a folder.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

MOST_FILES = 50
MOST_BYTES = 2**20  # of one file
MOST_TOGETHER = 11 * 2**18  # of all that cross at once, which is written as text
MOST_SEEN = 1000  # files in a folder that are looked at


class Files:
    """The files in the folder of the student's code, of which the grader is told what is new."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}  # a digest of what both sides have

    def settle(self, work: str, temporary: str) -> None:
        """Let the folders of a test be found here, under the same paths.

        Args:
            work: the folder in which it works; here a link to the folder in which this process
                does.
            temporary: the folder that it has for temporary files.
        """
        with contextlib.suppress(OSError):
            os.makedirs(temporary, exist_ok=True)
            if not os.path.lexists(work):
                os.symlink(os.getcwd(), work)

    def write(self, files: Mapping[str, bytes | None]) -> None:
        """Write the files of a test.

        Args:
            files: from their names to their contents; None for one that is to be deleted.
        """
        for name, content in files.items():
            path = Path(name)
            with contextlib.suppress(OSError, ValueError):
                if content is None:
                    self.known.pop(name, None)
                    path.unlink(missing_ok=True)
                elif name.endswith("/"):
                    path.mkdir(parents=True, exist_ok=True)
                else:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
                    self.known[name] = hashlib.sha256(content).digest()

    def read(self, names: Sequence[str], but: Sequence[str] = ()) -> dict[str, bytes | None]:
        """What is new to the grader, and small, of these files and of what is in these folders.

        Args:
            names: the names.
            but: names of files of which it is not to be told.

        Returns:
            From names to contents; None for a file that is gone.
        """
        found: dict[str, bytes | None] = {}
        room, others = MOST_TOGETHER, {*but}
        for name in _within(names):
            if name in others:
                continue
            content = b"" if name.endswith("/") else _content(Path(name))
            if content is None or len(content) > room or len(found) >= MOST_FILES:
                continue
            digest = hashlib.sha256(content).digest()
            if digest != self.known.get(name):
                found[name], self.known[name] = content, digest
                room -= len(content)
        for name in [*self.known]:
            if any(under(name, one) for one in names) and not os.path.lexists(name):
                found[name] = None
                del self.known[name]
        return found


def under(name: str, other: str) -> bool:
    """Whether a name is this other one, or that of something in the folder of the other name."""
    if other == os.curdir:
        return not os.path.isabs(name)
    return name == other or name.startswith(other.rstrip("/") + "/")


def _within(names: Sequence[str]) -> Iterator[str]:
    """The names that are those of files, and of all in those that are folders; the newest first."""
    for name in names:
        if not os.path.isdir(name):
            yield name
            continue
        inside: list[str] = []
        for folder, folders, files in os.walk(name):
            if folder == os.curdir:  # where Jupyter and Python have their own, and the notebook is
                folders[:] = [one for one in folders if not one.startswith((".", "__"))]
                files = [one for one in files if not one.endswith(".ipynb")]
            inside += [os.path.join(folder, one) for one in files]
            inside += [os.path.join(folder, one, "") for one in folders]
            if len(inside) > MOST_SEEN:
                break
        with contextlib.suppress(OSError):
            inside.sort(key=os.path.getmtime, reverse=True)
        yield from (
            one.removeprefix(f"{os.curdir}{os.sep}")
            for one in [
                *([] if name == os.curdir else [os.path.join(name, "")]),
                *inside[:MOST_SEEN],
            ]
        )


def _content(path: Path) -> bytes | None:
    try:
        if path.is_file() and path.stat().st_size <= MOST_BYTES:
            return path.read_bytes()
    except (OSError, ValueError):
        pass
    return None
