"""Where a run of nbgrader finds its course."""

import contextlib
import glob
import logging
from dataclasses import dataclass
from pathlib import Path

from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

CONFIGS = ("nbgrader_config.py", "nbgrader_config.json")


@dataclass(frozen=True)
class Course:
    """An nbgrader course: its folder, its whole configuration, and its CourseDirectory."""

    folder: Path
    config: Config
    coursedir: CourseDirectory


def open_course(folder, db_url=None):
    """The Course in a folder, with the configuration that nbgrader's commands have there.

    db_url: of the gradebook, where it is not the one that the configuration names.
    Errors: ValueError where the folder is no course, or its configuration cannot be read.
    """
    folder = Path(folder).resolve()
    if not any((folder / name).is_file() for name in CONFIGS):
        raise ValueError(
            f"{folder} is no nbgrader course: there is no {CONFIGS[0]} in it. Go to the course's "
            "folder, or name it with --course"
        )
    app = NbGrader(log_level=logging.WARNING)
    try:
        with contextlib.chdir(folder):
            app.initialize([])
    except Exception as error:
        raise ValueError(f"{folder / CONFIGS[0]} cannot be read: {error}") from error
    config = app.config
    # It need not name its own folder; nbgrader takes the one where it is called.
    config.CourseDirectory.setdefault("root", str(folder))
    if db_url:
        config.CourseDirectory.db_url = db_url
    return Course(folder, config, CourseDirectory(config=config))


def coursedir_of(configurable):
    """nbgrader's CourseDirectory of a preprocessor or exporter, by its parents, or None."""
    while configurable is not None and not hasattr(configurable, "coursedir"):
        configurable = getattr(configurable, "parent", None)
    return getattr(configurable, "coursedir", None)


def submissions(coursedir):
    """The folders of the submissions that a run is about, as they are there now."""
    pattern = coursedir.format_path(
        coursedir.submitted_directory, coursedir.student_id, coursedir.assignment_id
    )
    return sorted(glob.glob(pattern))
