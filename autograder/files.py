"""Files and folders that are put into their place whole, or not at all."""

import os
import secrets
import shutil
from pathlib import Path

# What is being written lies beside its place, under such a name. It holds nothing of the other
# name, which may be as long as a name can be.
PART = ".writing-"


def beside(path: str | Path) -> Path:
    """A path beside another one, to write what is to be put there."""
    return Path(path).with_name(f"{PART}{secrets.token_hex(8)}")


def write_whole(path: str | Path, text: str, lasting: bool = False) -> Path:
    """Write a text file in UTF-8, so that a reader finds the old one or the new one, never half.

    lasting: after this it is there, even where the power fails.
    Errors: OSError where it cannot be written; then the old one is still there.
    """
    path, part = Path(path), beside(path)
    try:
        with part.open("wb") as file:
            # What UTF-8 does not have, as half of a pair of surrogates, is shown as "?".
            file.write(text.encode("utf-8", "replace"))
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def sweep(folder: str | Path) -> None:
    """Remove from a folder what a process that was killed has left half-written."""
    for part in Path(folder).glob(f"{PART}*"):
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
