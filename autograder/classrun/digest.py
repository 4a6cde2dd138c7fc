"""Digests of files, by which a run knows what it has already done."""

import contextlib
import hashlib
import os
from pathlib import Path


def of_folder(folder: str | Path, pattern: str = "*") -> bytes:
    """A digest of the files in a folder and below it.

    A link counts as the path that it holds.

    Args:
        folder: the folder.
        pattern: only files and links whose names match this glob pattern count.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(folder).rglob(pattern)):
        digest.update(repr(str(path.relative_to(folder))).encode())
        if path.is_symlink():
            digest.update(os.readlink(path).encode("utf-8", "surrogateescape"))
        elif path.is_file():
            with contextlib.suppress(PermissionError), path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.digest()


def configuration(course: str | Path) -> bytes:
    """The bytes of a course's configuration files.

    Args:
        course: the course's folder.
    """
    paths = sorted(Path(course).glob("nbgrader_config.*"))
    return b"".join(path.read_bytes() for path in paths)
