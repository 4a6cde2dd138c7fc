"""The doctor finds faults of an nbgrader course before students or their grades show them.

It executes no notebook and changes nothing. Of the course's own code it runs only
nbgrader_config.py, as nbgrader does. The rules are in docs/doctor.md.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from autograder.authoring.doctor.cells import findings_across_sources, findings_in_source
from autograder.authoring.doctor.course_files import CourseFiles, first_line
from autograder.authoring.doctor.executed import findings_in_built
from autograder.authoring.doctor.finding import Finding, Findings, print_findings, summary
from autograder.authoring.doctor.gradebook import findings_in_gradebook
from autograder.authoring.doctor.other_files import findings_in_other_files
from autograder.authoring.doctor.releases import findings_in_release
from autograder.authoring.doctor.trusted_cells import findings_in_test_cells
from saelab import progress

__all__ = ["Finding", "Findings", "examine", "print_findings", "summary"]

Subject = TypeVar("Subject")


def examine(folder: str | Path) -> Findings:
    """Find the faults of an nbgrader course.

    This does not fail, whatever is in the folder: what cannot be read is a finding.

    Args:
        folder: the folder of the course.

    Returns:
        The findings, in the order of their places.
    """
    course = CourseFiles(folder)
    found = list(course.findings)
    for assignment in progress.bar(
        course.assignments, "examining", unit="assignment", delay=progress.PATIENCE
    ):
        found_here: list[Finding] = []
        for rules in (findings_across_sources, findings_in_other_files, findings_in_release):
            found_here += _careful(rules, assignment, course, assignment.folder)
        for source in assignment.sources:
            for rules_of_one in (findings_in_source, findings_in_test_cells, findings_in_built):
                found_here += _careful(rules_of_one, source, course, source.path)
        found += _without_echo(found_here)
    found += _careful(lambda _, course: findings_in_gradebook(course), None, course, course.root)
    return Findings(found, sum(len(assignment.sources) for assignment in course.assignments))


def _without_echo(found: list[Finding]) -> list[Finding]:
    """Drop the finding that nbgrader refuses an assignment if another finding says why."""
    causes = {"delimiter", "metadata", "grade-id", "duplicate-id", "points", "name"}
    if any(finding.rule in causes and finding.severity == "error" for finding in found):
        return [finding for finding in found if finding.rule != "refused"]
    return found


def _careful(
    rules: Callable[[Subject, CourseFiles], Iterable[Finding]],
    subject: Subject,
    course: CourseFiles,
    path: Path,
) -> list[Finding]:
    """What rules find; an error that they raise over an odd file becomes a finding."""
    found: list[Finding] = []
    try:
        found.extend(rules(subject, course))
    except Exception as error:
        sentence = f"it could not be examined to the end ({first_line(error)})"
        found.append(course.finding(path, "unreadable", sentence))
    return found
