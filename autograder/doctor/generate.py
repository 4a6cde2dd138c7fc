"""What nbgrader would release of a source, without a trace in the gradebook."""

import copy
import logging
import re

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory


def generate(assignment, course, config, release_directory=None):
    """Run nbgrader's generate_assignment on one assignment of a course, without the gradebook.

    config: the course's, as open_course reads it. release_directory: another than the course's;
    then notebooks alone are released, no other files, and no hooks run. Nothing is logged.
    Errors: RuntimeError says why nbgrader refuses it.
    """
    config = copy.deepcopy(config)
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.assignment_id = assignment
    if release_directory is not None:
        config.CourseDirectory.release_directory = str(release_directory)
        config.CourseDirectory.ignore = ["*"]
        for hook in ("pre_convert_hook", "post_convert_hook"):
            config.GenerateAssignment.pop(hook, None)
    config.GenerateAssignment.force = config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    log, causes = _listener()
    try:
        coursedir = CourseDirectory(config=config, log=log)
        GenerateAssignment(coursedir=coursedir, config=config, log=log).start()
    except (Exception, SystemExit) as error:
        # What nbgrader raises says that the cause has been logged.
        cause = causes[0] if causes else str(error).strip() or type(error).__name__
        raise RuntimeError(" ".join(cause.split())) from error


def _listener():
    """A logger that prints nothing, and the list of the errors whose tracebacks it got."""
    causes = []
    log = logging.Logger("generate_assignment", logging.ERROR)
    handler = logging.Handler()

    def emit(record):
        message = record.getMessage().strip()
        if message.startswith("Traceback"):
            # What the error says may go on for many lines.
            causes.extend(re.findall(r"^[\w.]+: .*", message, re.M)[-1:])

    handler.emit = emit
    log.addHandler(handler)
    return log, causes
