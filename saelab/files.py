"""What lies at a path; and files and folders that take their place whole, or not at all."""

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

# What is being written lies beside its place. Its name is this and a random number; it does not
# contain the final name, which may be as long as a name can be.
PART = ".writing-"


def nature(path: Path) -> str:
    """What is at a path where something is, in words: "a file", "a folder", or what else."""
    if os.path.isfile(path):
        return "a file"
    if os.path.isdir(path):
        return "a folder"
    if os.path.islink(path):
        try:
            os.stat(path)
        except OSError as error:
            if error.errno == errno.ELOOP:
                return "a link that leads in a circle"
        return f"a link to {os.readlink(path)}, which is not there"
    return "neither a file nor a folder"


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

    Raises:
        OSError: if it cannot be put there, such as a file in the place of a folder.
    """
    part = beside(path)
    try:
        yield part
        put(part, path)
    finally:
        remove(part)


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
        if part.is_file():
            raise IsADirectoryError(errno.EISDIR, "A folder is in the file's place", str(path))
        Path(path).replace(aside)
    try:
        part.replace(path)
    except OSError:
        if aside.exists():
            aside.replace(path)
        raise
    remove(aside)


def remove(path: Path) -> None:
    """Remove a file or a folder, if there is one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
