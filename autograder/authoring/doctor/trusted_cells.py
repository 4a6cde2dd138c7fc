"""Rules for test cells as docs/test-cells.md has them, for trusted grading."""

from collections.abc import Iterator

from traitlets.config import Config, Configurable

from autograder.authoring.doctor.cells import is_test, points_of
from autograder.authoring.doctor.course_files import CourseFiles, Source
from autograder.authoring.doctor.finding import Finding
from autograder.submission.released import untouched
from autograder.verdict.rules import broken_rules


def findings_in_test_cells(source: Source, course: CourseFiles) -> Iterator[Finding]:
    """The findings about what the test cells of one source ask of the student, and how."""
    if source.notebook is None or not source.is_python:
        return
    try:
        released = untouched(source.notebook, Configurable(config=course.config))
    except (RuntimeError, ValueError):  # of nbgrader's: another rule tells why
        return
    trusted = is_trusted(course.config)
    for position, cell, grading in source.cells:
        if not is_test(cell) or not points_of(grading):
            continue
        for broken in broken_rules(source.notebook, released, cell, source.built.parent):
            if trusted or broken.everywhere:
                sentence = f"{broken.sentence} (rule {broken.rule} of docs/test-cells.md)"
                place = position, cell
                yield course.finding(source.path, broken.name, sentence, "warning", place)


def is_trusted(config: Config) -> bool:
    """Whether a course's configuration has trusted grading execute its submissions."""
    steps = config.Autograde.get("autograde_preprocessors", [])
    return isinstance(steps, list) and any("TrustedExecute" in str(step) for step in steps)
