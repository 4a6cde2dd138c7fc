"""What nbgrader would release from a source, without a trace in the gradebook."""

import copy
import logging
import re
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config


def generate(
    assignment: str,
    course: str | Path,
    config: Config,
    release_directory: str | Path | None = None,
    gradebook: bool = False,
) -> None:
    """Run nbgrader's generate_assignment on one assignment of a course.

    Nothing is logged.

    Args:
        assignment: the name of the assignment.
        course: the folder of the course.
        config: the course's configuration, as open_course reads it.
        release_directory: the folder to release to, if not the course's own. With it, only
            notebooks are released and no other files, and no hooks run.
        gradebook: also enter the assignment into the gradebook.

    Raises:
        RuntimeError: if nbgrader refuses the assignment; the message says why.
    """
    config = copy.deepcopy(config)
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.assignment_id = assignment
    if release_directory is not None:
        config.CourseDirectory.release_directory = str(release_directory)
        config.CourseDirectory.ignore = ["*"]
        for hook in ("pre_convert_hook", "post_convert_hook"):
            config.GenerateAssignment.pop(hook, None)
    config.GenerateAssignment.force = True
    config.GenerateAssignment.no_database = not gradebook
    config.SaveCells.enabled = gradebook
    log, causes = logging.Logger("generate_assignment", logging.ERROR), _Causes()
    log.addHandler(causes)
    try:
        coursedir = CourseDirectory(config=config, log=log)
        GenerateAssignment(coursedir=coursedir, config=config, log=log).start()
    except (Exception, SystemExit) as error:
        # What nbgrader raises says only that the cause has been logged.
        cause = causes.found[0] if causes.found else str(error).strip() or type(error).__name__
        raise RuntimeError(" ".join(cause.split())) from error


class _Causes(logging.Handler):
    """Keeps the errors whose tracebacks are logged, and prints nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage().strip()
        if message.startswith("Traceback"):
            # What the error says may go on for many lines.
            self.found.extend(re.findall(r"^[\w.]+: .*", message, re.M)[-1:])
