"""Before grading, a reference submission must get all points, and an untouched one none.

Otherwise a full disk, a broken library or a sandbox that does not start would give a whole class
zero points, and each zero would look like the student's own.
"""

import re
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import ClearSolutions, Execute
from traitlets import Bool, Float
from traitlets.config import Configurable
from traitlets.utils.importstring import import_item

from autograder.course.folders import copy_files, coursedir_of, folder_of
from autograder.submission.reading import SubmissionExporter

WHATS = ("reference", "untouched")


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
        if self.canary and hasattr(self.parent, "autograde_preprocessors"):
            for assignment in assignments(self.parent):
                self.try_out(assignment)

    def try_out(self, assignment: str) -> None:
        """Grade the reference submission and the untouched submission of each notebook.

        Args:
            assignment: the name of the assignment.

        Raises:
            NbGraderException: if their points are wrong, or they cannot be graded. It ends the run,
                and its message says what went wrong.
        """
        course = self.parent.coursedir
        folder = folder_of(course, "source", assignment)
        with Gradebook(course.db_url, course.course_id) as gradebook:
            try:
                notebooks = gradebook.find_assignment(assignment).notebooks
            except MissingEntry:
                return  # nbgrader says what to do
            names = [notebook.name for notebook in notebooks]
        for name in names:
            path = folder / f"{name}.ipynb"
            if not path.exists():
                self.stop(
                    f"there is no {path}, which grading is tried out with. Put it there, or set "
                    "c.GradingExporter.canary = False"
                )
            source = nbformat.read(path, as_version=4)
            for what in WHATS:
                self.log.info("Trying out grading with the %s submission of %s", what, name)
                graded = self.grade(canary(what, source, self), assignment, name, folder)
                wrong = self.fault(what, name, graded)
                if wrong:
                    self.stop(wrong)

    def fault(self, what: str, name: str, graded: NotebookNode) -> str | None:
        """Say why nothing must be graded.

        Args:
            what: "reference" or "untouched".
            name: the name of the notebook.
            graded: the executed notebook.

        Returns:
            A sentence; None if the points are right.
        """
        points, most, said = points_of(graded)
        wanted = most if what == "reference" else self.untouched_points
        if points == wanted:
            return None
        return (
            f"the {what} submission of {name} gets {points:g} of {most:g} points, but should get "
            f"{wanted:g}. {said or 'Its tests printed nothing.'}"
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

        Raises:
            NbGraderException: if it cannot be executed.
        """
        course = self.parent.coursedir
        with tempfile.TemporaryDirectory(prefix="canary-") as place:
            copy_files(course, folder, place)
            resources = {
                "nbgrader": {
                    "notebook": name, "assignment": assignment, "student": "canary",
                    "db_url": course.db_url,
                },
                "metadata": {"path": place},
            }  # fmt: skip
            try:
                execute = execute_class(self.parent)(parent=self)
                notebook, _ = execute.preprocess(notebook, resources)
            except Exception as error:
                self.stop(str(error) or type(error).__name__)
        return notebook

    def stop(self, why: str) -> NoReturn:
        message = f"Nothing was graded: {why}"
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
    notebook: NotebookNode = nbformat.from_dict(source)
    if what == "untouched":
        notebook, _ = ClearSolutions(parent=configurable).preprocess(notebook, ResourcesDict())
    return notebook


def points_of(notebook: NotebookNode) -> tuple[float, float, str]:
    """Count the points of an executed notebook.

    Args:
        notebook: the notebook.

    Returns:
        Its points, the most points that it could get, and the messages of its tests.
    """
    tests = [c for c in notebook.cells if utils.is_grade(c) and not utils.is_solution(c)]
    grades = [utils.determine_grade(c) for c in tests if c.cell_type == "code"]
    said = [
        f"{cell.metadata.nbgrader.grade_id}: {output.get('evalue') or output.get('text', '')}"
        for cell in tests
        for output in cell.get("outputs", [])
        if output.output_type in ("error", "stream")
    ]
    return sum(g or 0 for g, _ in grades), sum(most for _, most in grades), " ".join(said)[:2000]


def assignments(converter: Autograde) -> list[str]:
    """The assignments of a run of `nbgrader autograde`."""
    course = coursedir_of(converter)
    assert course is not None
    pattern = course.format_path(
        course.submitted_directory, "(?P<student>.*)", "(?P<assignment>.*)", escape=True
    )
    found = (re.match(pattern, path) for path in converter.assignments)
    return sorted({match["assignment"] for match in found if match})


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
