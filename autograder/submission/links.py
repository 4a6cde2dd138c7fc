"""Links and special files in a submission: a student may hand in a link, but not its target.

nbgrader copies the files of a submission, and for a link it copies the target. So the gradebook,
or another student's notebook, could end up beside the student's own while that is graded.
"""

import glob
import os
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.course import submissions


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


def leave_out(coursedir: CourseDirectory) -> None:
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
