"""Links and special files in a submission: what they point at is not the student's to hand in.

nbgrader copies the files of a submission, and a link's target with them: the gradebook, or a
neighbour's notebook, would lie beside the student's own while that is graded.
"""

import glob
import os
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.course import submissions


def not_plain(folder: str | Path) -> list[Path]:
    """Every link in a folder, and whatever else is neither a plain file nor a folder.

    A folder that is a link itself counts as one, and nothing below a linked folder is looked at.
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
    """Where a file really lies, if a link leads there below the folder `root`; None if it is plain.

    The root itself may be a link: an instructor may keep submissions on another disk.
    """
    path, root = Path(os.path.abspath(path)), Path(os.path.abspath(root))
    expected = Path(os.path.realpath(root), os.path.relpath(path, root))
    real = Path(os.path.realpath(path))
    return None if real == expected else real


def leave_out(coursedir: CourseDirectory) -> None:
    """Tell nbgrader to copy no link and no special file, in the submissions that are there now.

    Goes by CourseDirectory.ignore, whose entries may be whole paths. nbgrader would copy the
    target of a link, and give up a submission over a pipe or a link that leads nowhere.
    """
    ignored = list(coursedir.ignore)
    for folder in submissions(coursedir):
        # A folder that is a link itself is walked by nbgrader all the same: all files below it.
        entries = Path(folder).rglob("*") if os.path.islink(folder) else not_plain(folder)
        ignored += [glob.escape(str(entry)) for entry in entries]
    coursedir.ignore = list(dict.fromkeys(ignored))


def remove_copies(submitted: Path, autograded: Path, source: Path) -> list[tuple[str, str]]:
    """Remove from an autograded folder what links brought there; returns (name, target) pairs.

    Files that the source folder has too are the instructor's, which replaced the student's.
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
