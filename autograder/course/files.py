"""Files and folders that are put into their place whole, or not at all."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

# What is being written lies beside its place, under such a name. It holds nothing of the other
# name, which may be as long as a name can be.
PART = ".writing-"


def beside(path: str | Path) -> Path:
    """A path beside another one, to write what is to be put there."""
    return Path(path).with_name(f"{PART}{secrets.token_hex(8)}")


@contextlib.contextmanager
def whole(path: str | Path) -> Iterator[Path]:
    """A path at which to make a file or a folder, which takes its place at the end of the block.

    Where the block fails, what was there before is still there.
    """
    part = beside(path)
    try:
        yield part
        put(part, path)
    finally:
        _remove(part)


def put(part: Path, path: str | Path, aside: Path | None = None) -> None:
    """Put a file or a folder where another one may be, which is removed.

    aside: a path for the old folder meanwhile; beside it without.
    Errors: OSError; then the old one is where it was.
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
    """Write a file, so that a reader finds the old one or the new one, never half.

    content: bytes, or a text for UTF-8. lasting: after this it is there, even where the power
    fails. Errors: OSError where it cannot be written; then the old one is still there.
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
