"""From which seed a submission's hidden problems are drawn: a secret of the course, and its files.

A regrade of what was handed in tries the same numbers. Whatever else is handed in gets others, and
nobody without the key can work them out beforehand.
"""

import contextlib
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url

from autograder.submission.contents import Contents
from autograder.submission.reading import content_of
from saelab.notebook import Unreadable

KEY = "gradebook.key"  # where the gradebook is no file
BYTES = 32  # of a new key
BITS = 128  # of a seed


def seed_of(key: str, names: Iterable[str | None], handed_in: Iterable[bytes]) -> int:
    """The seed of one submitted notebook.

    Args:
        key: the secret of the course.
        names: nbgrader's names of the student, the assignment and the notebook.
        handed_in: everything that was handed in, piece by piece.

    Returns:
        A number of BITS bits.
    """
    digest = hashlib.sha256()
    for part in (key, *names):
        digest.update(_apart(repr(part).encode()))
    for piece in handed_in:
        digest.update(_apart(piece))
    return int.from_bytes(digest.digest()[: BITS // 8], "big")


def _apart(piece: bytes) -> bytes:
    """A piece by its own digest: how pieces are joined makes a difference."""
    return hashlib.sha256(piece).digest()


def cells_of(nb: NotebookNode) -> Iterator[bytes]:
    """The types and texts of a notebook's cells, for one that was not handed in as a file."""
    for cell in nb.cells:
        yield cell.cell_type.encode()
        yield cell.source.encode("utf-8", "surrogatepass")


def files_of(contents: Contents, folder: Path, most_bytes: int) -> Iterator[bytes]:
    """All that is used of a submission, and what is told of the rest of it.

    Args:
        contents: what is used of it.
        folder: the folder in which its notebooks lie.
        most_bytes: the size of the largest notebook that is read; no other gets points.

    Yields:
        The pieces.
    """
    yield contents.digest()
    for name in sorted(contents.notebooks):
        yield name.encode()
        with contextlib.suppress(Unreadable):
            yield content_of(folder / name, most_bytes)


def key_of(course: CourseDirectory) -> str:
    """The key of a course, which is made the first time that it is asked for.

    It lies beside the gradebook: in the folder of an SQLite file, or else in that of the course.

    Args:
        course: nbgrader's CourseDirectory.

    Returns:
        The key.

    Raises:
        ValueError: if it can neither be read nor made, or is no key.
    """
    url = make_url(course.db_url)
    in_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    path = Path(course.root, url.database or "").with_suffix(".key") if in_file else None
    path = path or Path(course.root, KEY)
    advice = "put it back, or set c.CoursePolicy.seed_key to a text that students do not know"
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f"the key of hidden problems, {path}, is of no use: {error}; {advice}"
        ) from error
    if len(key) < BYTES:
        raise ValueError(
            f"the key of hidden problems, {path}, has {len(key)} characters, and should have "
            f"{2 * BYTES}; {advice}. Without the file, the next grading makes a new key"
        )
    return key


def _make_key(path: Path) -> None:
    """Make a key that only the owner can read; if another process is first, its key stays."""
    descriptor, part = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{secrets.token_hex(BYTES)}\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(part)
