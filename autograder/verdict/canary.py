"""Before grading, a reference submission must get all points, and an untouched one none.

Otherwise a full disk, a broken library or a sandbox that does not start would give a whole class
zero points, and each zero would look like the student's own.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import Execute
from traitlets import Bool, Float
from traitlets.config import Configurable
from traitlets.utils.importstring import import_item

from autograder.course.files import scratch, sweep_scratch
from autograder.course.folders import copy_files, coursedir_of, folder_of
from autograder.submission.reading import SubmissionExporter
from autograder.submission.released import Released, hidden_regions, untouched
from autograder.submission.released import read as read_released
from autograder.verdict.given import is_test
from autograder.verdict.rules import broken_rules

WHATS = ("reference", "untouched")
MOST_OF_LINE = 100  # characters of a test's first line that a message shows
MOST_SAID = 200  # characters of a test's error that a message shows


class GradingExporter(SubmissionExporter):
    """The exporter of `nbgrader autograde`, which the run makes once, before any submission."""

    canary = Bool(True, help="Grade a reference and an untouched submission first.").tag(
        config=True
    )
    untouched_points = Float(
        0, help="What an untouched submission of this course gets, in points."
    ).tag(config=True)

    parent: Any  # an Autograde, or what else makes exporters

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not hasattr(self.parent, "autograde_preprocessors"):
            return
        sweep_scratch()
        if self.canary:
            names = assignments(self.parent)
            wrong = {name: faults for name in names if (faults := self.try_out(name))}
            if wrong and len(wrong) == len(names):
                self.stop(nothing_graded(wrong))
            elif wrong:
                leave_out(self.parent, wrong)

    def try_out(self, assignment: str) -> list[str]:
        """Grade the reference submission and the untouched submission of each notebook.

        Args:
            assignment: the name of the assignment.

        Returns:
            A sentence for each trial that fails: its points are wrong, or it cannot be graded.
        """
        course = self.parent.coursedir
        folder = folder_of(course, "source", assignment)
        with Gradebook(course.db_url, course.course_id) as gradebook:
            try:
                entry = gradebook.find_assignment(assignment)
            except MissingEntry:
                return []  # nbgrader says what to do
            regions = hidden_regions(self)
            notebooks = {
                notebook.name: read_released(notebook, regions, folder / f"{notebook.name}.ipynb")
                for notebook in entry.notebooks
            }
        found = []
        for name, released in notebooks.items():
            for what in WHATS:
                self.log.info("Trying out grading with the %s submission of %s", what, name)
                grade = partial(self.grade, assignment=assignment, name=name, folder=folder)
                found.append(self.fault_of(what, assignment, name, released, folder, grade))
        return [fault for fault in found if fault]

    def fault_of(
        self,
        what: str,
        assignment: str,
        name: str,
        released: Released,
        folder: Path,
        grade: Callable[[NotebookNode], NotebookNode],
    ) -> str | None:
        """Try one submission of one notebook, as `nbgrader autograde` and a class run do.

        Args:
            what: "reference" or "untouched".
            assignment: the name of the assignment.
            name: the name of the notebook.
            released: the notebook as it was released.
            folder: the source folder of the assignment.
            grade: executes the notebook of the submission, and returns it.

        Returns:
            A sentence that says why nothing must be graded, or None.
        """
        source, path = released.source, folder / f"{name}.ipynb"
        if source is None:
            there = f"{path} cannot be read" if path.exists() else f"there is no {path}"
            return (
                f"{there}, which grading is tried out with. Put it there, or set "
                "c.GradingExporter.canary = False"
            )
        try:
            graded = grade(canary(what, source, self))
            wanted = {
                cell.name
                for cell in released.wanted
                if cell.grade and not cell.solution and cell.points
            }
            tried = {test.cell.metadata.nbgrader.grade_id for test in scores(graded)}
            if lost := sorted(wanted - tried):
                return (
                    f"{title(assignment, name)} has lost tests that the gradebook has: "
                    f"{', '.join(lost)}. Put them back, or run nbgrader generate_assignment "
                    f"{assignment} --force"
                )
            return self.fault(what, title(assignment, name), graded, source, folder)
        except Exception as error:
            return str(error) or type(error).__name__

    def fault(
        self, what: str, name: str, graded: NotebookNode, source: NotebookNode, folder: Path
    ) -> str | None:
        """Say why nothing must be graded.

        Args:
            what: "reference" or "untouched".
            name: what to call the notebook.
            graded: the executed notebook.
            source: the instructor's notebook.
            folder: where it lies.

        Returns:
            A sentence that names each test whose points are wrong; None if the points are right.
        """
        tests = scores(graded)
        points, most = sum(test.points for test in tests), sum(test.most for test in tests)
        wanted = most if what == "reference" else self.untouched_points
        if points == wanted:
            return None
        wrong = [
            described(test, what, source, untouched(source, self), folder)
            for test in tests
            if (test.points < test.most if what == "reference" else test.points > 0)
        ]
        return (
            f"the {what} submission of {name} gets {points:g} of {most:g} points, but should get "
            f"{wanted:g}" + "".join(f"\n    {told}" for told in wrong)
        )

    def grade(
        self, notebook: NotebookNode, assignment: str, name: str, folder: Path
    ) -> NotebookNode:
        """Execute the notebook of a canary.

        Args:
            notebook: the notebook.
            assignment: the name of the assignment.
            name: the name of the notebook.
            folder: the source folder of the assignment, whose other files are copied beside the
                notebook.

        Returns:
            The executed notebook.
        """
        course = self.parent.coursedir
        with scratch() as place:
            copy_files(course, folder, place)
            resources = {
                "nbgrader": {
                    "notebook": name, "assignment": assignment, "student": "canary",
                    "db_url": course.db_url,
                },
                "metadata": {"path": str(place)},
            }  # fmt: skip
            execute = execute_class(self.parent)(parent=self)
            notebook, _ = execute.preprocess(notebook, resources)
        return notebook

    def stop(self, message: str) -> NoReturn:
        self.log.error(message)
        raise NbGraderException(message)


def canary(what: str, source: NotebookNode, configurable: Configurable) -> NotebookNode:
    """Make, from the source, a submission whose points are known.

    Args:
        what: "reference" or "untouched".
        source: the instructor's notebook.
        configurable: its configuration says how solutions are removed.

    Returns:
        The notebook of the submission.
    """
    return untouched(source, configurable) if what == "untouched" else nbformat.from_dict(source)


@dataclass(frozen=True)
class Score:
    """What one test of an executed notebook gave.

    Attributes:
        cell: its cell, with the outputs.
        points: the points.
        most: the most points that it can give.
    """

    cell: NotebookNode
    points: float
    most: float


def scores(notebook: NotebookNode) -> list[Score]:
    """What each test of an executed notebook gave."""
    tests = [cell for cell in notebook.cells if cell.cell_type == "code" and is_test(cell)]
    grades = [utils.determine_grade(cell) for cell in tests]
    return [Score(cell, points or 0, most) for cell, (points, most) in zip(tests, grades)]


def described(
    test: Score, what: str, source: NotebookNode, released: NotebookNode, folder: Path
) -> str:
    """Describe a test whose points are wrong.

    Args:
        test: the test.
        what: "reference" or "untouched".
        source: the instructor's notebook.
        released: the same notebook as students get it.
        folder: where it lies.

    Returns:
        Its name and points, what it said or its first line of code, and which rule it breaks.
    """
    told = said(test.cell) if what == "reference" else ""
    told = told or first_code(test.cell.source)
    text = f"{test.cell.metadata.nbgrader.grade_id} gives {test.points:g} of {test.most:g}"
    broken = broken_rules(source, released, test.cell, folder)
    hint = f" - rule {broken[0].rule} of docs/test-cells.md: {broken[0].sentence}" if broken else ""
    return text + (f" ({told})" if told else "") + hint


def said(cell: NotebookNode) -> str:
    """The error of an executed cell, or else what it printed, in one short line."""
    outputs = cell.get("outputs", [])
    errors = [f"{o.ename}: {o.evalue}" for o in outputs if o.output_type == "error"]
    printed = [o.text for o in outputs if o.output_type == "stream"]
    return " ".join(" ".join(errors or printed).split())[:MOST_SAID]


def first_code(text: str) -> str:
    """The first line of a cell that is no comment and no import, shortened."""
    lines = [line.strip() for line in text.splitlines()]
    code = [line for line in lines if line and not re.match(r"#|import\s|from\s", line)]
    return code[0][:MOST_OF_LINE] if code else ""


def title(assignment: str, name: str) -> str:
    """What to call a notebook, where there may be others of its name in other assignments."""
    return name if name == assignment else f"{assignment}/{name}"


def nothing_graded(wrong: Mapping[str, Sequence[str]]) -> str:
    """What to say if no assignment of a run is graded.

    Args:
        wrong: the faults of each assignment, by its name.
    """
    return f"Nothing was graded: {listed(wrong)}"


def some_not_graded(wrong: Mapping[str, Sequence[str]]) -> str:
    """What to say if some assignments of a run were graded, and others not.

    Args:
        wrong: the faults of each assignment that was not graded, by its name.
    """
    return f"Nothing was graded of {', '.join(wrong)}: {listed(wrong)}"


def listed(wrong: Mapping[str, Sequence[str]]) -> str:
    """The faults of several assignments, each in a line, and what is the same only once."""
    return "\n".join(dict.fromkeys(fault for faults in wrong.values() for fault in faults))


def leave_out(converter: Autograde, wrong: Mapping[str, Sequence[str]]) -> None:
    """Let a run of `nbgrader autograde` grade only the other assignments, and fail at its end.

    nbgrader's own way, an error while it converts a submission, would first remove what an earlier
    run has graded.

    Args:
        converter: the Autograde of the run.
        wrong: the faults of each assignment that is not graded, by its name.
    """
    converter.assignments = {
        path: notebooks
        for path, notebooks in converter.assignments.items()
        if assignment_of(converter, path) not in wrong
    }
    convert = converter.convert_notebooks

    def convert_and_tell() -> None:
        message = some_not_graded(wrong)
        try:
            convert()
        finally:
            converter.log.error(message)
        raise NbGraderException(message)

    converter.convert_notebooks = convert_and_tell  # type: ignore[method-assign]


def assignments(converter: Autograde) -> list[str]:
    """The assignments of a run of `nbgrader autograde`."""
    found = {assignment_of(converter, path) for path in converter.assignments}
    return sorted(name for name in found if name is not None)


def assignment_of(converter: Autograde, path: str) -> str | None:
    """The assignment of a submission's folder; None if it is no such folder."""
    course = coursedir_of(converter)
    assert course is not None
    pattern = course.format_path(
        course.submitted_directory, "(?P<student>.*)", "(?P<assignment>.*)", escape=True
    )
    match = re.match(pattern, path)
    return match["assignment"] if match else None


def execute_class(converter: Autograde) -> type[Execute]:
    """The preprocessor of the run that executes notebooks.

    Args:
        converter: the Autograde of the run.

    Returns:
        The class.

    Raises:
        NbGraderException: if the configuration names none.
    """
    for found in converter.autograde_preprocessors:
        if isinstance(found, str):
            found = import_item(found)
        if issubclass(found, Execute):
            return found
    raise NbGraderException("c.Autograde.autograde_preprocessors names nothing that executes")
