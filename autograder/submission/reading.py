"""Reads what was handed in: notebooks or what should be one, links, and the time of handing in.

A file that is not a notebook gets a verdict too, and the batch goes on.
"""

import contextlib
import glob
import itertools
import logging
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

from autograder.course.folders import folders, submissions
from autograder.submission.contents import (
    MARK,
    TIMESTAMP,
    Contents,
    SubmissionLimits,
    aside_of,
    contents_of,
    is_text,
    set_aside,
)
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
            clear_the_way(coursedir, SubmissionLimits(parent=self), self.log)
            for path in set_aside_timestamps(coursedir):
                self.log.warning("nbgrader cannot read this timestamp, so it was renamed: %s", path)
            self._pass_over_odd_names()

    def _pass_over_odd_names(self) -> None:
        """Leave out notebooks whose names no gradebook could hold."""
        found = getattr(self.parent, "assignments", {})
        for folder, paths in [*found.items()]:
            named = [path for path in paths if is_text(os.path.basename(path))]
            if len(named) < len(paths):
                self.log.warning("%s: a notebook's name is no text, and is passed over", folder)
                found[folder] = named
                if not named:
                    del found[folder]

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
            return in_its_place(reason)

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


def content_of(path: str | Path, most_bytes: int) -> bytes:
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
    if os.path.islink(path) or not os.path.isfile(path):
        raise Unreadable("it is not a file")
    try:
        with open(path, "rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise Unreadable(f"it could not be opened ({error.strerror})") from None
    if len(content) > most_bytes:
        raise Unreadable(
            f"it has {os.path.getsize(path) / 1e6:.0f} MB, and at most {most_bytes / 1e6:.0f} "
            "are read. Clear the outputs (Edit > Clear Outputs of All Cells), and save it again"
        )
    return content


def in_its_place(reason: object) -> NotebookNode:
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


# --- links and what else is left out -----------------------------------------------------
# A student may hand in a link, but not its target. nbgrader copies the files of a submission, and
# for a link it copies the target. So the gradebook, or another student's notebook, could end up
# beside the student's own while that is graded.


def clear_the_way(
    coursedir: CourseDirectory, limits: SubmissionLimits, log: logging.Logger
) -> None:
    """Make nbgrader leave out what is not used of the submissions that are there now.

    It adds a few things to CourseDirectory.ignore, whose entries may be whole paths. It compares
    each file with each entry, and goes into folders of any depth; so what is too much or too deep
    is set aside.

    Args:
        coursedir: nbgrader's CourseDirectory, whose `ignore` is changed.
        limits: how much of a submission is used.
        log: is told what was set aside.
    """
    ignored = list(coursedir.ignore)
    wanted = set(submissions(coursedir))
    for (assignment, student), folder in folders(coursedir, "submitted").items():
        if str(folder) not in wanted:
            continue
        contents = contents_of(coursedir, assignment, student, limits)
        try:
            aside = set_aside(folder, contents)
        except OSError as error:
            log.error(
                "%s has more in it than is used, which cannot be set aside: %s", folder, error
            )
        else:
            if aside:
                log.warning("What is not used of %s was set aside: it is in %s", folder, aside)
        left = [other.place / other.name for other in contents.left_out if other.place == folder]
        left += [folder / MARK] if aside_of(folder) else []
        ignored += [glob.escape(str(path)) for path in left if os.path.lexists(path)]
    coursedir.ignore = list(dict.fromkeys(ignored))


def remove_copies(contents: Contents, autograded: Path, source: Path) -> None:
    """Remove from an autograded folder what was copied there though it is not used.

    Files that the source folder has too are kept: they are the instructor's, and have replaced the
    student's. Notebooks are kept too.

    Args:
        contents: what was handed in.
        autograded: the folder to which nbgrader copied it.
        source: the folder of the instructor's files.
    """
    for other in contents.left_out:
        for copy in _files(autograded / other.name):
            name = copy.relative_to(autograded)
            if copy.suffix != ".ipynb" and not (source / name).exists():
                copy.unlink()


def _files(path: Path) -> list[Path]:
    if path.is_dir() and not path.is_symlink():
        return [file for file in path.rglob("*") if file.is_symlink() or file.is_file()]
    return [path] if path.is_symlink() or path.is_file() else []


# --- the time of handing in -----------------------------------------------------------
# nbgrader sees from timestamp.txt whether a submission is late. Its own commands write that file.
# If submissions come in other ways, a student may write it. If nbgrader cannot read it, it ends the
# whole run.

ASIDE = f"{TIMESTAMP}.unreadable"
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
            name = next(name for name in names if not os.path.lexists(name))
            # Where it cannot be renamed, nbgrader fails on this submission alone.
            with contextlib.suppress(OSError):
                os.rename(path, name)
                moved.append(name)
    return moved


def is_readable_timestamp(path: Path) -> bool:
    """Whether nbgrader will get a time from a file, or finds it empty."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES_OF_TIME:
            return False
        # As nbgrader opens it: in the encoding of the system.
        text = path.read_text().strip()
        return not text or utils.parse_utc(text) is not None
    except Exception:  # of dateutil: ParserError, OverflowError, TypeError
        return False
