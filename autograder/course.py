"""Where a run of nbgrader finds its course."""

import glob


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
