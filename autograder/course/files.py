"""Files and folders that are put into their place whole, or not at all."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

# What is being written lies beside its place. Its name is this and a random number; it does not
# contain the final name, which may be as long as a name can be.
PART = ".writing-"


def beside(path: str | Path) -> Path:
    """A path beside another one, at which to write what will be put there."""
    return Path(path).with_name(f"{PART}{secrets.token_hex(8)}")


@contextlib.contextmanager
def whole(path: str | Path) -> Iterator[Path]:
    """Make a file or a folder, which takes its place at the end of the with block.

    If the block fails, what was there before is still there.

    Args:
        path: the place of the file or folder.

    Yields:
        A path beside it, at which to make the file or folder.
    """
    part = beside(path)
    try:
        yield part
        put(part, path)
    finally:
        _remove(part)


def put(part: Path, path: str | Path, aside: Path | None = None) -> None:
    """Put a file or a folder in the place of another one, if there is one, and remove that.

    Args:
        part: the new file or folder.
        path: its place.
        aside: a path for the old folder in the meantime. None means a path beside its place.

    Raises:
        OSError: if it cannot be put there; then the old one is where it was.
    """
    aside = aside or beside(path)
    if Path(path).is_dir():
        Path(path).replace(aside)
    try:
        part.replace(path)
    except OSError:
        if aside.exists():
            aside.replace(path)
        raise
    _remove(aside)


def write_whole(path: str | Path, content: str | bytes, lasting: bool = False) -> Path:
    """Write a file so that a reader finds the old file or the new one, never half of it.

    Args:
        path: the place of the file.
        content: bytes, or a text that is written as UTF-8.
        lasting: whether the file must be on the disk afterwards, even if the power fails.

    Returns:
        The path.

    Raises:
        OSError: if it cannot be written; then the old file is still there.
    """
    if isinstance(content, str):
        # What UTF-8 does not have, as half of a pair of surrogates, is shown as "?".
        content = content.encode("utf-8", "replace")
    with whole(path) as part, part.open("wb") as file:
        file.write(content)
        if lasting:
            file.flush()
            os.fsync(file.fileno())
    return Path(path)


def sweep(folder: str | Path) -> None:
    """Remove from a folder what a process that was killed has left half-written."""
    for part in Path(folder).glob(f"{PART}*"):
        _remove(part)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook as nbgrader does, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, nbformat.writes(notebook) + "\n")
