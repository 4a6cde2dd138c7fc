"""Reads what was handed in: notebooks or what should be one, links, and the time of handing in.

A file that is not a notebook gets a verdict too, and the batch goes on.
"""

import glob
import itertools
import os
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader import utils
from nbgrader.coursedir import CourseDirectory
from traitlets import Integer

from autograder.course.folders import submissions
from autograder.submission.structure import UNREADABLE_ID, sound_notebook
from saelab.notebook import Unreadable, notebook_in

MOST_BYTES = 50_000_000  # of a file that is read as a notebook


class SubmissionExporter(NotebookExporter):
    """A NotebookExporter of nbconvert for `c.Autograde.exporter_class`, which reads any file.

    A file that cannot be read as a notebook is replaced by a notebook with one cell that says so.
    Sanitizing then adds the tests, and they find nothing to test. The file that was handed in is
    not changed.
    """

    most_bytes = Integer(
        MOST_BYTES, help="Files that are larger than this are not read as notebooks."
    ).tag(config=True)
    most_cells = Integer(
        2_000, help="Files with more cells than this are not read as notebooks."
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]  # nbconvert's is not typed
        coursedir = getattr(self.parent, "coursedir", None)
        if coursedir is not None:
            leave_out_links(coursedir)
            for path in set_aside_timestamps(coursedir):
                self.log.warning("nbgrader cannot read this timestamp, so it was renamed: %s", path)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Convert a submitted file, or one that sanitizing wrote.

        It does not fail for a submitted file, whatever is in it.

        Args:
            filename: the path of the file.
            resources: nbconvert's resources, which get the file's name and folder. None means new
                ones.
            **kwargs: are passed on to nbconvert.

        Returns:
            What nbconvert's from_notebook_node returns: the output and the resources.
        """
        path, name = os.path.split(filename)
        resources = ResourcesDict() if resources is None else resources
        resources["metadata"] = ResourcesDict(name=os.path.splitext(name)[0], path=path)
        made: tuple[Any, dict[str, Any]] = self.from_notebook_node(  # type: ignore[no-untyped-call]
            self.read_any(filename), resources=resources, **kwargs
        )
        return made

    def read_any(self, path: str | Path) -> NotebookNode:
        """The notebook in a file; if the file is not a notebook, a notebook that says so."""
        try:
            return self.read(path)
        except Unreadable as reason:
            self.log.warning("%s is not read as a notebook: %s", path, reason)
            return stand_in(reason)

    def read(self, path: str | Path) -> NotebookNode:
        """The notebook in a file, with a valid structure.

        Args:
            path: the file.

        Returns:
            The notebook.

        Raises:
            Unreadable: if the file is not a notebook, or is too large; the message says why.
        """
        data = notebook_in(content_of(path, self.most_bytes))
        if len(data["cells"]) > self.most_cells:
            raise Unreadable(
                f"it has {len(data['cells'])} cells, and at most {self.most_cells} are read"
            )
        return sound_notebook(data)


def content_of(path: str | Path, most_bytes: int = MOST_BYTES) -> bytes:
    """The bytes of a file that was handed in.

    Args:
        path: the file.
        most_bytes: the size of the largest file that is read.

    Returns:
        The bytes.

    Raises:
        Unreadable: if the file is not read; the message says why.
    """
    # A pipe would be waited for, and /dev/zero read for ever.
    if not os.path.isfile(path):
        raise Unreadable("it is not a file")
    size = os.path.getsize(path)
    if size > most_bytes:
        raise Unreadable(
            f"it has {size / 1e6:.0f} MB, and at most {most_bytes / 1e6:.0f} are read. "
            "Clear the outputs (Edit > Clear Outputs of All Cells), and save it again"
        )
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Unreadable(f"it could not be opened ({error.strerror})") from None


def stand_in(reason: object) -> NotebookNode:
    """A notebook with one cell that says why the file itself could not be read.

    Args:
        reason: why, as the middle of a sentence.

    Returns:
        The notebook.
    """
    text = (
        "**The file that was handed in cannot be read as a notebook:** "
        f"{reason}.\n\nSo nothing in it could be graded. The file was kept as it arrived. Open it "
        "in JupyterLab; if that works, save it and hand it in again; if not, ask your instructor."
    )
    cell = new_markdown_cell(text)
    cell.id = UNREADABLE_ID
    notebook: NotebookNode = new_notebook(cells=[cell])
    return notebook


# --- links and special files ------------------------------------------------------------
# A student may hand in a link, but not its target. nbgrader copies the files of a submission, and
# for a link it copies the target. So the gradebook, or another student's notebook, could end up
# beside the student's own while that is graded.


def not_plain(folder: str | Path) -> list[Path]:
    """Every link in a folder, and everything else that is neither a plain file nor a folder.

    If the folder is itself a link, it is the only entry. Nothing below a linked folder is looked
    at.

    Args:
        folder: the folder; its subfolders are searched too.

    Returns:
        The paths, sorted.
    """
    folder = Path(folder)
    if folder.is_symlink():
        return [folder]
    found = []
    for path, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            entry = Path(path, name)
            if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
                found.append(entry)
    return sorted(found)


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


def leave_out_links(coursedir: CourseDirectory) -> None:
    """Make nbgrader leave out links and special files of the submissions that are there now.

    It adds them to CourseDirectory.ignore, whose entries may be whole paths. Without this, nbgrader
    would copy the target of a link, and give up a submission because of a pipe or of a link that
    leads nowhere.

    Args:
        coursedir: nbgrader's CourseDirectory, whose `ignore` is changed.
    """
    ignored = list(coursedir.ignore)
    for folder in submissions(coursedir):
        # A folder that is a link itself is walked by nbgrader all the same: all files below it.
        entries = Path(folder).rglob("*") if os.path.islink(folder) else not_plain(folder)
        ignored += [glob.escape(str(entry)) for entry in entries]
    coursedir.ignore = list(dict.fromkeys(ignored))


def remove_copies(submitted: Path, autograded: Path, source: Path) -> list[tuple[str, str]]:
    """Remove from an autograded folder what links brought there.

    Files that the source folder has too are kept: they are the instructor's, and have replaced the
    student's. Notebooks are kept too.

    Args:
        submitted: the folder that was handed in.
        autograded: the folder to which nbgrader copied it.
        source: the folder of the instructor's files.

    Returns:
        For each link or special file a pair: its path relative to `submitted`, and its target.
    """
    submitted, autograded, source = Path(submitted), Path(autograded), Path(source)
    removed = []
    for link in not_plain(submitted):
        relative = link.relative_to(submitted)
        for copy in _files(autograded / relative):
            name = copy.relative_to(autograded)
            if copy.suffix != ".ipynb" and not (source / name).exists():
                copy.unlink()
        removed.append((str(relative), os.path.realpath(link)))
    return removed


def _files(path: Path) -> list[Path]:
    if path.is_dir() and not path.is_symlink():
        return [file for file in path.rglob("*") if file.is_symlink() or file.is_file()]
    return [path] if path.is_symlink() or path.is_file() else []


# --- the time of handing in -----------------------------------------------------------
# nbgrader sees from timestamp.txt whether a submission is late. Its own commands write that file.
# If submissions come in other ways, a student may write it. If nbgrader cannot read it, it ends the
# whole run.

TIMESTAMP, ASIDE = "timestamp.txt", "timestamp.txt.unreadable"
MOST_BYTES_OF_TIME = 200


def set_aside_timestamps(coursedir: CourseDirectory) -> list[Path]:
    """Rename the timestamps that nbgrader could not read.

    Such a submission then counts as one without a timestamp. The content of the file is kept.

    Args:
        coursedir: nbgrader's CourseDirectory.

    Returns:
        The new paths of the renamed files.
    """
    moved: list[Path] = []
    for folder in submissions(coursedir):
        path = Path(folder, TIMESTAMP)
        if os.path.lexists(path) and not is_readable_timestamp(path):
            names = (path.with_name(f"{ASIDE}{n or ''}") for n in itertools.count())
            moved.append(next(name for name in names if not os.path.lexists(name)))
            os.rename(path, moved[-1])
    return moved


def is_readable_timestamp(path: Path) -> bool:
    """Whether nbgrader will get a time from a file, or finds it empty."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES_OF_TIME:
        return False
    try:
        # As nbgrader opens it: in the encoding of the system.
        text = path.read_text().strip()
        return not text or utils.parse_utc(text) is not None
    except Exception:  # of dateutil: ParserError, OverflowError, TypeError
        return False
