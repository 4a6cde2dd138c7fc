"""How a run of nbgrader finds its course: configuration, gradebook, folders and submissions."""

import contextlib
import difflib
import glob
import logging
import os
import re
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config, Configurable

# Any of these shows that a folder is a course; nbgrader itself needs no configuration there.
SIGNS = ("nbgrader_config.py", "nbgrader_config.json", "gradebook.db")


@dataclass(frozen=True)
class Course:
    """An nbgrader course.

    Attributes:
        folder: the folder of the course.
        config: its whole configuration.
        coursedir: its CourseDirectory.
        db_url: the URL of the gradebook, if it is not the one that the configuration names;
            otherwise None.
    """

    folder: Path
    config: Config
    coursedir: CourseDirectory
    db_url: str | None = None


def open_course(
    folder: "str | Path | Course", db_url: str | None = None, any_folder: bool = False
) -> Course:
    """Open the course in a folder, with the configuration that nbgrader's commands have there.

    Args:
        folder: the folder; or a Course that is open already, which is returned as it is.
        db_url: the URL of the gradebook, if it is not the one that the configuration names.
        any_folder: whether to accept a folder without any sign of a course too.

    Returns:
        The course.

    Raises:
        ValueError: if the folder is not a course, or its configuration cannot be read.
    """
    if isinstance(folder, Course):
        return folder
    folder = Path(folder).resolve()
    if not any_folder and not any((folder / name).is_file() for name in SIGNS):
        raise ValueError(
            f"{folder} is no nbgrader course: there is no {SIGNS[0]} in it. Go to the course's "
            "folder, or name it with --course"
        )
    app = NbGrader(log_level=logging.WARNING if _configured(folder) else logging.ERROR)
    # Without this, nbgrader would ignore a configuration that it cannot read.
    app.raise_config_file_errors = True
    before = sys.path[:]
    try:
        with contextlib.chdir(folder):
            app.initialize([])
    except (Exception, SystemExit) as error:
        # For a value of the wrong kind nbgrader exits, with the reason as the error's context.
        cause = (isinstance(error, SystemExit) and error.__context__) or error
        raise ValueError(f"{folder / SIGNS[0]} cannot be read: {one_line(cause)}") from cause
    # nbgrader puts the folder there each time.
    if str(folder) in before:
        sys.path[:] = before
    config = app.config
    # A configuration need not name its folder; nbgrader then takes the one where it is called.
    config.CourseDirectory.setdefault("root", str(folder))
    if db_url:
        config.CourseDirectory.db_url = db_url
    return Course(folder, config, CourseDirectory(config=config), db_url)


@contextlib.contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """Open the gradebook of a course for a with block.

    Args:
        course: the course.

    Yields:
        An nbgrader Gradebook.

    Raises:
        ValueError: if there is no gradebook, or it cannot be read.
    """
    url = course.coursedir.db_url
    path = url.removeprefix("sqlite:///")
    # Gradebook() would make an empty one.
    if path != url and not Path(path).is_file():
        raise ValueError(
            f"there is no gradebook at {path}: `nbgrader generate_assignment NAME --force` "
            "makes it, and enters an assignment"
        )
    try:
        gradebook = Gradebook(url, course.coursedir.course_id)
    except (SQLAlchemyError, ImportError) as error:
        raise ValueError(f"the gradebook cannot be read: {one_line(error)}") from error
    with gradebook:
        yield gradebook


def configuration(course: str | Path) -> bytes:
    """The bytes of a course's configuration files.

    Args:
        course: the course's folder.
    """
    paths = sorted(Path(course).glob("nbgrader_config.*"))
    return b"".join(path.read_bytes() for path in paths)


def _configured(folder: Path) -> bool:
    return any((folder / name).is_file() for name in SIGNS[:2])


def one_line(error: BaseException) -> str:
    """The type and message of an error, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """The question whether another name was meant.

    Args:
        name: the name that is unknown.
        names: the names that are known.

    Returns:
        The question, after a space; "" if none of the known names is similar.
    """
    near = difflib.get_close_matches(name, sorted(names), n=1)
    return f" Did you mean {near[0]}?" if near else ""


def no_assignment(name: str, names: Collection[str]) -> str:
    """A sentence that says that the gradebook does not have an assignment.

    Args:
        name: the assignment that it does not have.
        names: the assignments that it has.

    Returns:
        The sentence.
    """
    there = f"It has {', '.join(names)}" if names else "It has none"
    return (
        f"the gradebook has no assignment {name!r}.{did_you_mean(name, names)} {there}; "
        f"`nbgrader generate_assignment {name} --force` enters one"
    )


def coursedir_of(configurable: Configurable | None) -> CourseDirectory | None:
    """The CourseDirectory of an nbgrader run, found through the parents of one of its objects.

    Args:
        configurable: a preprocessor, an exporter or another object of the run.

    Returns:
        The CourseDirectory; None if no parent has one.
    """
    while configurable is not None and not hasattr(configurable, "coursedir"):
        configurable = getattr(configurable, "parent", None)
    return getattr(configurable, "coursedir", None)


def folder_of(coursedir: CourseDirectory, step: str, assignment: str, student: str = ".") -> Path:
    """A folder of a course.

    Args:
        coursedir: nbgrader's CourseDirectory.
        step: "source", "release", "submitted", "autograded" or "feedback".
        assignment: the name of the assignment.
        student: the id of the student; "." for steps that have no students.

    Returns:
        The path; the folder need not exist.
    """
    directory = getattr(coursedir, f"{step}_directory")
    return Path(coursedir.format_path(directory, student, assignment))


def folders(
    coursedir: CourseDirectory, step: str, assignment: str | None = None
) -> dict[tuple[str, str], Path]:
    """The folders that students have at a step.

    A name that begins with a dot is left out.

    Args:
        coursedir: nbgrader's CourseDirectory.
        step: as in `folder_of`.
        assignment: look only for this assignment; None means all.

    Returns:
        From (assignment, student) to the path, sorted.
    """
    marks = {"\1": "assignment", "\2": "student"}
    shape = str(folder_of(coursedir, step, *marks))
    name = rf"[^.{re.escape(os.sep)}][^{re.escape(os.sep)}]*"
    pattern = re.sub("[\1\2]", lambda m: f"(?P<{marks[m[0]]}>{name})", re.escape(shape))
    wanted = "*" if assignment is None else glob.escape(assignment)
    found: dict[tuple[str, str], Path] = {}
    for path in glob.glob(glob.escape(shape).replace("\1", wanted).replace("\2", "*")):
        match = re.fullmatch(pattern, path)
        if match and os.path.exists(path):
            found[match["assignment"], match["student"]] = Path(path)
    return dict(sorted(found.items()))


def copy_files(
    coursedir: CourseDirectory,
    source: str | Path,
    target: str | Path,
    kept: Collection[str] = (),
) -> None:
    """Copy the files that lie beside notebooks, as nbgrader does.

    Args:
        coursedir: nbgrader's CourseDirectory, whose `ignore` names further files to leave out.
        source: the folder to copy from.
        target: the folder to copy to.
        kept: paths relative to the target that are not replaced.
    """
    ignored = [*coursedir.ignore, "*.ipynb"]
    for file in utils.find_all_files(str(source), ignored):
        relative = os.path.relpath(file, source)
        place = Path(target, relative)
        if relative not in kept:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)
            shutil.copy(file, place)


def submissions(coursedir: CourseDirectory) -> list[str]:
    """The folders of the submissions that a run is about, as they are there now."""
    pattern = folder_of(coursedir, "submitted", coursedir.assignment_id, coursedir.student_id)
    return sorted(glob.glob(str(pattern)))
