"""Files that are put into their place whole, or not at all, as saelab/files.py does it."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from saelab.files import PART, remove, whole

SCRATCH = "grading-"  # and the number of the process
# The sandbox has a folder of its own there: what is passed to it has the same path in it.
SHARED = "/tmp"


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
        remove(part)


def scratch_prefix() -> str:
    """How the names of this process's folders for temporary files begin: see `sweep_scratch`."""
    return f"{SCRATCH}{os.getpid()}-"


@contextlib.contextmanager
def scratch(shared: bool = False) -> Iterator[Path]:
    """Make a folder to grade in for the length of a with block.

    Any other temporary files that are made within the block are put beside it, also by forks of
    this process: what these leave behind when they are killed is removed at the end of it.

    Args:
        shared: whether it is made where a sandbox can have the same paths, if that is possible.
    """
    above = SHARED if shared and os.access(SHARED, os.W_OK | os.X_OK) else None
    with tempfile.TemporaryDirectory(
        prefix=scratch_prefix(), dir=above, ignore_cleanup_errors=True
    ) as place:
        before, tempfile.tempdir = tempfile.tempdir, place
        try:
            folder = Path(place, "work")
            folder.mkdir()
            yield folder
        finally:
            tempfile.tempdir = before


def sweep_scratch() -> None:
    """Remove the folders of processes that were killed while grading."""
    for above in {tempfile.gettempdir(), SHARED}:
        for place in Path(above).glob(f"{SCRATCH}*-*"):
            number = place.name.removeprefix(SCRATCH).partition("-")[0]
            if number.isdigit() and not _is_alive(int(number)):
                shutil.rmtree(place, ignore_errors=True)


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook as nbgrader does, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, nbformat.writes(notebook) + "\n")
