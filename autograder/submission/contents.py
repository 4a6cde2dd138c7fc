"""What was handed in: which files of a submission are used, and what is left out, and why.

A submission is whatever a student has made: folders in folders without end, a hundred thousand
files, a file of terabytes that takes no room, pipes, links, names that are no text. Everything that
looks through one does it here. The walk is bounded, follows no link, and does not fail.

nbgrader's own commands walk through submissions too. What they could not bear is put out of their
way by `set_aside`, into a folder beside the submission; it counts here as if it were still there.
"""

import contextlib
import fnmatch
import glob
import hashlib
import os
import re
import secrets
import shutil
import stat
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets import Integer
from traitlets.config import Configurable

from autograder.course.folders import folder_of

MOST_OF_PATH = 1000  # bytes of a path within a submission
MOST_IGNORED = 20  # things of one submission that nbgrader is told to ignore
MOST_TOLD = 10  # reasons why something is left out
MOST_NAMED = 5  # things that are named with a reason
MOST_SHOWN = 80  # characters of a name
TIMESTAMP = "timestamp.txt"
MARK = ".set-aside"  # holds the number of the folder in which things are that were set aside
LINK = "it is a link"
NBGRADERS_OWN = frozenset(CourseDirectory().ignore)


class SubmissionLimits(Configurable):
    """How much of a submission is used, besides its notebooks. What is beyond is left out.

    What lies nearer to the notebook comes first, and then what comes first by its name.
    """

    most_files = Integer(
        1_000, min=1, max=1_500, help="Files and folders of a submission that are used."
    ).tag(config=True)
    most_depth = Integer(
        20, min=1, max=200, help="Folders in folders of a submission that are looked into."
    ).tag(config=True)
    most_bytes_of_file = Integer(
        50_000_000, min=0, help="Bytes of one file of a submission that is used."
    ).tag(config=True)
    most_bytes = Integer(
        100_000_000, min=0, help="Bytes that the used files of a submission have together."
    ).tag(config=True)


@dataclass(frozen=True)
class LeftOut:
    """Something that was handed in and is not used.

    Attributes:
        name: its path in the submission; "" for the whole of it.
        why: the reason, as a sentence.
        place: the folder in which it lies under that name.
        heavy: whether nbgrader's own walk through the submission should not come across it.
    """

    name: str
    why: str
    place: Path
    heavy: bool = False


@dataclass(frozen=True)
class Contents:
    """What is used of a submission, and what is not.

    Attributes:
        files: from the path of each file that is used, relative to the submission, to the folder in
            which it lies under that path. No notebook is among them.
        notebooks: the names of the plain files in the submission itself that end in .ipynb.
        left_out: what is not used. What nbgrader itself ignores is not mentioned.
    """

    files: dict[str, Path] = field(default_factory=dict)
    notebooks: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @contextlib.contextmanager
    def opened(self, name: str) -> Iterator[BufferedReader]:
        """Open a file that is used for a with block, without following a link.

        Args:
            name: its path, as in `files`.

        Yields:
            The open file.

        Raises:
            OSError: if it is no longer a file that can be read.
        """
        above, _, last = name.rpartition("/")
        with _folder(self.files[name], above) as folder:
            number = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        with os.fdopen(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise OSError(f"{name!r} is no file any more")
            yield file

    def copy(self, target: Path) -> None:
        """Copy the files that are used into a folder, but for those that lie there already."""
        for name in self.files:
            if os.path.lexists(target / name):
                continue
            with contextlib.ExitStack() as stack:
                try:
                    file = stack.enter_context(self.opened(name))
                except OSError:  # it has changed in this moment
                    continue
                place = target / name
                place.parent.mkdir(parents=True, exist_ok=True)
                with place.open("wb") as copy:
                    shutil.copyfileobj(file, copy)

    def digest(self) -> bytes:
        """A digest of the files that are used, and of what is told of the others."""
        digest = hashlib.sha256()
        for name in self.files:
            digest.update(repr(name).encode())
            with contextlib.suppress(OSError), self.opened(name) as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        for other in self.left_out:
            digest.update(repr((other.name, other.why)).encode())
        return digest.digest()

    def told(self, but: Collection[str] = ()) -> list[str]:
        """Sentences for the student that say what was not used, and why.

        Args:
            but: names of what is not mentioned.
        """
        reasons: dict[str, list[str]] = {}
        for other in self.left_out:
            if other.name not in but:
                reasons.setdefault(other.why, []).append(other.name)
        said = [f"{some(names, '`')}: {why}." for why, names in reasons.items()]
        more = len(said) - MOST_TOLD
        return [*said[:MOST_TOLD], *([f"And more, for {more} other reasons."] if more > 0 else [])]


def some(names: Sequence[str], mark: str = "") -> str:
    """A few of these names as they can be shown, each within marks, and how many more there are."""
    told = ", ".join(f"{mark}{shown(name)}{mark}" for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return f"{told} and {more} more" if more > 0 else told


def shown(name: str) -> str:
    """A name as it can be shown anywhere: in one line, as text, and not too long."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace").replace("`", "'")
    text = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def contents_of(
    coursedir: CourseDirectory, assignment: str, student: str, limits: SubmissionLimits
) -> Contents:
    """What is used of a submission.

    Args:
        coursedir: nbgrader's CourseDirectory.
        assignment: the name of the assignment.
        student: the id of the student.
        limits: how much is used.

    Returns:
        The contents.
    """
    folder = folder_of(coursedir, "submitted", assignment, student)
    root = Path(coursedir.root, coursedir.submitted_directory)
    aside = aside_of(folder)
    places = [folder, *([aside] if aside else [])]
    for place in places:
        if linked_target(place, root):
            return Contents(left_out=[LeftOut("", LINK, place, heavy=place.is_symlink())])
    walk = Walk(
        places,
        limits,
        ignored_in(coursedir),
        folder_of(coursedir, "source", assignment),
    )
    return walk.contents


def ignored_in(coursedir: CourseDirectory) -> list[str]:
    """The patterns of what is passed over in a submission.

    They are nbgrader's own. What a course adds to these in c.CourseDirectory.ignore is about the
    sources, which are not to be released: a module of a student's own is none of them.
    """
    return [pattern for pattern in coursedir.ignore if pattern in NBGRADERS_OWN]


def files_in(folder: Path) -> Contents:
    """All plain files in a folder that the grader itself has laid out, however many they are."""
    return Walk([folder]).contents


def linked_target(path: Path, root: Path) -> Path | None:
    """Where a file really lies, if there is a link on the way to it.

    The root itself may be a link: an instructor may keep submissions on another disk.

    Args:
        path: the file.
        root: a folder above it; only links below it count.

    Returns:
        The real path; None if there is no link.
    """
    path, root = Path(os.path.abspath(path)), Path(os.path.abspath(root))
    expected = Path(os.path.realpath(root), os.path.relpath(path, root))
    real = Path(os.path.realpath(path))
    return None if real == expected else real


# --- the walk -----------------------------------------------------------------------------


class Walk:
    """One walk through a submission, from the top downwards.

    Args:
        places: the folders in which it lies: what one of them has under a path counts as if it
            were in the first one.
        limits: how much is used; None for no limit, for what the grader itself has laid out.
        ignored: patterns of what is passed over, as in c.CourseDirectory.ignore.
        source: the folder of what is handed out; None if there is none.

    Attributes:
        contents: what was found.
    """

    def __init__(
        self,
        places: Sequence[Path],
        limits: SubmissionLimits | None = None,
        ignored: Sequence[str] = (),
        source: Path | None = None,
    ) -> None:
        self.places, self.limits, self.source = places, limits, source
        # In a folder nbgrader finds nothing by a pattern with a slash.
        self.ignored = [pattern for pattern in ignored if os.sep not in pattern]
        self.contents = Contents()
        self.count = self.bytes = 0
        self.waiting = deque([""])
        while self.waiting:
            self._look_into(self.waiting.popleft())

    def _look_into(self, above: str) -> None:
        with contextlib.ExitStack() as stack:
            found: dict[str, tuple[Path, int]] = {}
            for place in self.places:
                try:
                    number = stack.enter_context(_folder(place, above))
                    names = {*os.listdir(number)}
                    # Where nothing was set aside, a file of this name is the student's own.
                    if not above and len(self.places) > 1:
                        names.discard(MARK)
                    found |= dict.fromkeys(names - found.keys(), (place, number))
                except FileNotFoundError:
                    continue
                except OSError as error:
                    self._leave_out(above, place, f"it cannot be opened ({error.strerror})")
            # What decides on the grade comes before anything else.
            first = (
                (lambda name: (name != TIMESTAMP, not is_notebook(name), name))
                if not above
                else None
            )
            for name in sorted(found, key=first):
                self._look_at(f"{above}/{name}".lstrip("/"), *found[name])

    def _look_at(self, path: str, place: Path, folder: int) -> None:
        last, depth = path.rpartition("/")[2], path.count("/") + 1
        self.count += 1
        if self.limits and self.count > self.limits.most_files:
            most = f"at most {self.limits.most_files} files and folders are used"
            return self._leave_out(path, place, most, heavy=True)
        try:
            state = os.stat(last, dir_fd=folder, follow_symlinks=False)
            readable = os.access(last, os.R_OK, dir_fd=folder, effective_ids=True)
        except OSError as error:
            return self._leave_out(path, place, f"it cannot be read ({error.strerror})")
        kind = state.st_mode
        if stat.S_ISLNK(kind):
            return self._leave_out(path, place, LINK)
        if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
            return self._leave_out(path, place, "it is neither a file nor a folder")
        if is_notebook(last) or any(_matches(last, pattern) for pattern in self.ignored):
            if depth == 1 and is_notebook(last) and stat.S_ISREG(kind) and is_text(last):
                self.contents.notebooks.append(last)
            return None
        if not is_text(path):
            return self._leave_out(path, place, "its name is no text in UTF-8")
        if len(os.fsencode(path)) > MOST_OF_PATH:
            return self._leave_out(path, place, "its path is too long", heavy=True)
        if self._has_another_kind(path, kind):
            return self._leave_out(path, place, "its place is that of something handed out")
        if not readable:
            return self._leave_out(path, place, "there is no permission to read it")
        if stat.S_ISDIR(kind):
            if self.limits and depth >= self.limits.most_depth:
                most = f"folders are looked into {self.limits.most_depth} deep"
                return self._leave_out(path, place, most, heavy=True)
            return self.waiting.append(path)
        size = state.st_size  # as it would be read, however little room a sparse file takes
        if self.limits and size > self.limits.most_bytes_of_file:
            most = f"and at most {_megabytes(self.limits.most_bytes_of_file)} of a file are used"
            return self._leave_out(path, place, f"it has {_megabytes(size)}, {most}")
        if self.limits and self.bytes + size > self.limits.most_bytes:
            most = f"at most {_megabytes(self.limits.most_bytes)} of all files are used"
            return self._leave_out(path, place, most)
        self.bytes += size
        self.contents.files[path] = place
        return None

    def _leave_out(self, path: str, place: Path, why: str, heavy: bool = False) -> None:
        self.contents.left_out.append(LeftOut(path, why, place, heavy))

    def _has_another_kind(self, path: str, kind: int) -> bool:
        """Whether a file was handed out in the place of a folder, or the other way around."""
        other = self.source / path if self.source else None
        return other is not None and (
            os.path.isfile(other) if stat.S_ISDIR(kind) else os.path.isdir(other)
        )


def is_notebook(name: str) -> bool:
    return name.endswith(".ipynb")


def is_text(name: str) -> bool:
    """Whether the name of a file is text in UTF-8."""
    try:
        return bool(name.encode())
    except UnicodeEncodeError:
        return False


def _matches(name: str, pattern: str) -> bool:
    """Whether nbgrader passes over a file or a folder of this name: see its utils.is_ignored."""
    if not glob.has_magic(pattern):
        return name == pattern
    return (pattern.startswith(".") or not name.startswith(".")) and fnmatch.fnmatchcase(
        name, pattern
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB" if size >= 1e6 else f"{size} bytes"


@contextlib.contextmanager
def _folder(place: Path, path: str) -> Iterator[int]:
    """A descriptor of a folder below a place for a with block; no link leads to it."""
    number = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in path.split("/") if path else ():
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=number)
            os.close(number)
            number = inner
        yield number
    finally:
        os.close(number)


# --- what nbgrader's own walks could not bear -------------------------------------------------


def aside_of(folder: Path) -> Path | None:
    """The folder with what was set aside of a submission; None if nothing was."""
    mark = folder / MARK
    try:
        number = os.open(mark, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(number, "rb") as file:
            text = file.read(100).decode("ascii", "replace").strip()
    except OSError:
        return None
    # It lies beside the submission, and begins as this does: no mark shows anything else.
    if not re.fullmatch("[0-9a-f]{16}", text):
        return None
    aside = folder.with_name(f".{folder.name}.{text}")
    return aside if os.path.lexists(aside) else None


def set_aside(folder: Path, contents: Contents) -> Path | None:
    """Move what nbgrader's own walk could not bear out of a submission, into a folder beside it.

    That folder's name begins with a dot, so that it is no submission. A mark in the submission says
    which one it is: if the submission is collected anew, the mark is gone, and the folder counts
    no longer.

    Args:
        folder: the submission.
        contents: what was found in it.

    Returns:
        The folder beside it; None if nothing had to be moved.

    Raises:
        OSError: if something cannot be moved.
    """
    there = [other for other in contents.left_out if other.place == folder]
    if len(there) <= MOST_IGNORED and not any(other.heavy for other in there):
        return None
    aside = aside_of(folder)
    if aside is None:
        number = secrets.token_hex(8)
        aside = folder.with_name(f".{folder.name}.{number}")
        if folder.is_symlink():
            folder.rename(aside)
            folder.mkdir()
        else:
            aside.mkdir()
        # What the student has handed in under that name is in the way.
        if os.path.lexists(folder / MARK):
            (folder / MARK).rename(aside / f"{MARK}.{number}")
        (folder / MARK).write_text(f"{number}\n")
    stuck: list[OSError] = []
    for other in there:
        place = aside / other.name
        try:
            if other.name:
                place.parent.mkdir(parents=True, exist_ok=True)
                (folder / other.name).rename(place)
        except OSError as error:
            stuck.append(error)
    if stuck:
        raise stuck[0]
    return aside
