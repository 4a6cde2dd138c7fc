"""Takes files out of a folder that a student can change at any moment.

Nothing is reached by a path, which may be another one by the time that it is used, but from folder
to folder by descriptors, and no link is followed. A file is judged by its open descriptor, and
copied from it. Taken are regular files with one name that the student owns; the rest is refused by
name. What there is to look at is bounded.
"""

import contextlib
import itertools
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Without O_NONBLOCK, a pipe or a lease on a file would be waited for.
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
FOLDER = READ | os.O_DIRECTORY
CHUNK = 2**20


class Refused(Exception):
    """A hand-in is not taken; the message says why, as the middle of a sentence."""


@dataclass(frozen=True)
class Limits:
    """What is looked at and taken of one hand-in.

    Attributes:
        entries: the files and folders that it may have.
        depth: the folders that may lie in each other.
        file: the bytes of the largest file that is taken.
        total: the bytes that all files taken may have.
    """

    entries: int
    depth: int
    file: int
    total: int


@dataclass
class HandIn:
    """What a folder has.

    Attributes:
        files: from the path of each file that may be taken, from the folder on, to its state.
        folders: the paths of the folders in it, each behind the one that it lies in.
        refused: pairs of a path and why it is not taken.
        changed: when something of it, or the folder itself, was last changed, in nanoseconds. A
            student sets the time of a file's content at will, but not this one.
    """

    files: dict[str, os.stat_result] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    changed: int = 0


def look(
    place: int, name: str, owner: int, limits: Limits, ignored: Callable[[str, bool], bool]
) -> HandIn:
    """Look through a folder.

    Args:
        place: the descriptor of the folder in which it lies.
        name: its name there.
        owner: the number of the user whose files are taken.
        limits: what it may have.
        ignored: whether the course leaves out a name; is called with the name, and whether it is
            that of a folder.

    Returns:
        What it has.

    Raises:
        Refused: if nothing of it may be taken.
        OSError: if it cannot be read.
    """
    found = HandIn()
    with opened(name, FOLDER, place) as top:
        state = os.fstat(top)
        if state.st_uid != owner:
            raise Refused(f"the folder is owned by user {state.st_uid}, not by {owner}")
        device = os.fstat(place).st_dev
        if state.st_dev != device:
            raise Refused("the folder is on another file system")
        found.changed = state.st_ctime_ns
        waiting, entries, total = [""], 0, 0
        while waiting:
            folder = waiting.pop()
            for entry in _entries(top, folder, limits.entries - entries):
                entries += 1
                path = os.path.join(folder, entry)
                try:
                    state = _state(top, path, owner, device)
                    if ignored(entry, stat.S_ISDIR(state.st_mode)):
                        continue
                    if stat.S_ISDIR(state.st_mode):
                        if path.count(os.sep) == limits.depth:
                            raise Refused(f"more than {limits.depth} folders lie in each other")
                        found.folders.append(path)
                        waiting.append(path)
                    else:
                        if state.st_size > limits.file:
                            raise Refused(_large(state.st_size, limits.file))
                        found.files[path] = state
                        total += state.st_size
                    found.changed = max(found.changed, state.st_ctime_ns)
                except Refused as why:
                    found.refused.append((path, str(why)))
    if total > limits.total:
        raise Refused(_large(total, limits.total))
    return found


def copy(place: int, name: str, seen: HandIn, target: Path, shared: bool = False) -> None:
    """Copy what was seen of a folder into a new one, with modes of our own.

    Args:
        place: the descriptor of the folder in which it lies.
        name: its name there.
        seen: what look() found.
        target: the new folder.
        shared: whether the group may read and write the copies, too.

    Raises:
        Refused: if a file is not any more what was seen.
        OSError: if something cannot be read or written.
    """
    folder_mode, file_mode = (0o2770, 0o660) if shared else (0o700, 0o600)
    for folder in ("", *seen.folders):
        (target / folder).mkdir()
        (target / folder).chmod(folder_mode)
    with opened(name, FOLDER, place) as top:
        for path, state in seen.files.items():
            with _reached(top, path) as (above, base), opened(base, READ, above) as source:
                copied = target / path
                descriptor = os.open(copied, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file_mode)
                with os.fdopen(descriptor, "wb") as file:
                    left = state.st_size
                    while left and (chunk := os.read(source, min(left, CHUNK))):
                        file.write(chunk)
                        left -= len(chunk)
                copied.chmod(file_mode)
                if left or _same(os.fstat(source)) != _same(state):
                    raise Refused(f"{path!r} was changed while it was collected: collect again")


def _same(state: os.stat_result) -> tuple[int, ...]:
    """What of a file's state is another one when somebody has changed it."""
    return state.st_dev, state.st_ino, state.st_uid, state.st_nlink, state.st_ctime_ns


def _state(top: int, path: str, owner: int, device: int) -> os.stat_result:
    """The state of a file or a folder that may be taken.

    Raises:
        Refused: if it may not; the message says why.
    """
    if not sound_name(os.path.basename(path)):
        raise Refused("its name has characters that are no text")
    try:
        with _reached(top, path) as (folder, name):
            # A device is not even opened.
            kind = stat.S_IFMT(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
            if kind == stat.S_IFLNK:
                raise Refused("it is a link")
            if kind not in (stat.S_IFREG, stat.S_IFDIR):
                raise Refused("it is neither a file nor a folder")
            with opened(name, FOLDER if kind == stat.S_IFDIR else READ, folder) as here:
                state = os.fstat(here)
    except OSError as error:
        raise Refused(f"it cannot be opened ({error.strerror})") from None
    if stat.S_IFMT(state.st_mode) != kind:
        raise Refused("it was changed while it was looked at")
    if state.st_uid != owner:
        raise Refused(f"it is owned by user {state.st_uid}, not by {owner}")
    if kind == stat.S_IFREG and state.st_nlink != 1:
        raise Refused(f"it has {state.st_nlink} names, of which others may be elsewhere")
    if state.st_dev != device:
        raise Refused("it is on another file system")
    return state


def _large(size: int, most: int) -> str:
    return f"it has {size / 1e6:.1f} MB, and at most {most / 1e6:.1f} are taken"


def sound_name(name: str) -> bool:
    """Whether a name of a file is text: UTF-8 without control characters."""
    return not any(c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in name)


def _entries(top: int, folder: str, most: int) -> list[str]:
    """The names in a folder, sorted.

    Raises:
        Refused: if there are more than `most`.
    """
    with (
        _reached(top, folder) as (above, base),
        opened(base or ".", FOLDER, above) as here,
        os.scandir(here) as found,
    ):
        names = [entry.name for entry in itertools.islice(found, most + 1)]
    if len(names) > most:
        raise Refused("it has too many files and folders")
    return sorted(names)


@contextlib.contextmanager
def _reached(top: int, path: str) -> Iterator[tuple[int, str]]:
    """The descriptor of the folder in which a path below `top` ends, and the last name."""
    *folders, name = path.split(os.sep)
    with contextlib.ExitStack() as stack:
        at = top
        for folder in folders:
            at = stack.enter_context(opened(folder, FOLDER, at))
        yield at, name


@contextlib.contextmanager
def opened(name: str, flags: int = FOLDER, place: int | None = None) -> Iterator[int]:
    """A descriptor for a with block.

    Args:
        name: the name of what is opened.
        flags: as of os.open().
        place: the descriptor of the folder in which it lies; None for a path.
    """
    descriptor = os.open(name, flags, dir_fd=place)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def content_of(folder: Path, name: str, most: int) -> bytes:
    """The bytes of a file in a folder, which must be a regular one.

    Args:
        folder: the folder.
        name: the name of the file.
        most: the bytes that it may have.

    Returns:
        The bytes.

    Raises:
        Refused: if it is a link or no file, or larger.
        OSError: if it cannot be read.
    """
    path = folder / name
    if not os.path.lexists(path):
        raise Refused(f"there is no {name}")
    if path.is_symlink() or not path.is_file():
        raise Refused(f"{name} is not a file")
    descriptor = os.open(path, READ)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refused(f"{name} is not a file")
        content = file.read(most + 1)
    if len(content) > most:
        raise Refused(f"{name} is larger than {most} bytes")
    return content
