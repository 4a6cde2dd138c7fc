"""Try test cells out: do nbgrader itself and trusted grading give the same points?

Each notebook is submitted as it is in the source, as it was before anybody worked in it, and with
small mistakes in its solutions. What nbgrader does, `stock` does: it runs all cells in one kernel,
without a sandbox. See docs/doctor.md.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from autograder.authoring.delimiters import pairs
from autograder.authoring.doctor.cells import lacks_tests
from autograder.authoring.doctor.course_files import CourseFiles, Source, first_line
from autograder.authoring.doctor.mutants import mutants
from autograder.course.folders import copy_files
from autograder.course.printing import say
from autograder.kernel.outputs import LINE_OF_TEST
from autograder.kernel.sockets import OverSockets
from autograder.submission.released import from_source, untouched
from autograder.verdict.canary import WHATS, canary
from autograder.verdict.given import is_test
from autograder.verdict.rules import broken_rules
from autograder.verdict.trusted import TrustedExecute

SAME, DIFFERS, NOTHING = "the same", "differs", "asks nothing"
# What is said of a difference that breaks no rule which the text of the test shows.
UNEXPLAINED = "no known rule explains it: see what does not cross (rule 10), or report these lines"
# How the grader's own errors name the rule that they are about.
RULE = re.compile(r"\(rule \d+ in docs/test-cells\.md\)")
# The error of a test that got no answer from the student's code.
NOTHING_ASKED = "NothingAsked"


@dataclass(frozen=True)
class Outcome:
    """What a grader made of one test cell of a submission.

    Attributes:
        points: the points that it gave.
        kind: the name of the error; "" if there was none.
        message: the first line of the error's message.
        line: where trusted grading says that it was raised; "" if it says nothing of it.
    """

    points: float
    kind: str = ""
    message: str = ""
    line: str = ""

    @property
    def error(self) -> str:
        """The error in one line."""
        said = f"{self.kind}: {self.message}" if self.message else self.kind
        return f"{said} ({self.line})" if self.line else said


@dataclass
class Row:
    """What the two graders made of one test cell.

    Attributes:
        notebook: the name of the notebook.
        cell: the name of the cell.
        stock: what nbgrader made of it, by submission.
        ours: what trusted grading made of it, by submission.
        rules: the rules of docs/test-cells.md that the cell breaks, each in a sentence.
    """

    notebook: str
    cell: str
    stock: dict[str, Outcome]
    ours: dict[str, Outcome]
    rules: list[str] = field(default_factory=list)

    @property
    def differing(self) -> list[str]:
        """The submissions to which the graders give different points."""
        return [name for name in self.stock if self.stock[name].points != self.ours[name].points]

    @property
    def verdict(self) -> str:
        right = self.ours.get("reference")
        if right and right.kind == NOTHING_ASKED and right.points == 0:
            return NOTHING
        return DIFFERS if self.differing else SAME

    def details(self) -> Iterator[str]:
        """What explains the verdict, in lines."""
        told: dict[tuple[Outcome, Outcome], list[str]] = {}
        for name in self.differing:
            told.setdefault((self.stock[name], self.ours[name]), []).append(name)
        for (stock, ours), names in told.items():
            who = ", ".join([names[0], *(name.split(" (")[0] for name in names[1:])])
            yield f"{who}: nbgrader gives {stock.points:g}, trusted grading {ours.points:g}"
            if ours.kind:
                yield f"  {ours.error}"
            elif stock.kind:
                yield f"  nbgrader alone says {stock.error}"
        yield from self.rules
        said = any(RULE.search(self.ours[name].message) for name in self.differing)
        if self.verdict == DIFFERS and not self.rules and not said:
            yield UNEXPLAINED


class StockExecute(OverSockets, Execute):
    """nbgrader's Execute, whose kernels can start while others on this machine do."""


class Graders:
    """Both graders, for the notebooks of one assignment.

    Args:
        coursedir: nbgrader's CourseDirectory.
        config: the course's configuration.
        assignment: the name of the assignment.
        folder: the folder of its sources, whose other files are copied beside a notebook.
    """

    def __init__(
        self, coursedir: CourseDirectory, config: Config, assignment: str, folder: Path
    ) -> None:
        self.assignment, self.folder, self.coursedir = assignment, folder, coursedir
        self.converter = Autograde(coursedir=coursedir, config=config)

    def stock(self, notebook: NotebookNode, name: str) -> dict[str, Outcome]:
        """What nbgrader itself makes of a submission, by test cell.

        Args:
            notebook: the submission.
            name: the name of the notebook.
        """
        execute = StockExecute(parent=self.converter)
        try:
            with utils.setenv(NBGRADER_EXECUTION="autograde"):
                return self.grade(execute, notebook, name)
        finally:
            execute.remove_sockets()

    def ours(self, notebook: NotebookNode, name: str, source: NotebookNode) -> dict[str, Outcome]:
        """What trusted grading makes of a submission, by test cell.

        Args:
            notebook: the submission.
            name: the name of the notebook.
            source: the instructor's notebook.
        """
        execute = TrustedExecute(parent=self.converter)
        released = from_source(execute, source)
        execute.find_released = lambda about: released
        return self.grade(execute, notebook, name)

    def grade(self, execute: Execute, notebook: NotebookNode, name: str) -> dict[str, Outcome]:
        """What one of the graders makes of a submission, by test cell."""
        with tempfile.TemporaryDirectory(prefix="trial-") as place:
            copy_files(self.coursedir, self.folder, place)
            resources = ResourcesDict(
                unique_key=name,
                metadata=ResourcesDict(name=name, path=place),
                nbgrader={
                    "notebook": name, "assignment": self.assignment, "student": "trial",
                    "db_url": self.coursedir.db_url,
                },
            )  # fmt: skip
            graded, _ = execute.preprocess(nbformat.from_dict(notebook), resources)
        return {cell.metadata.nbgrader.grade_id: outcome(cell) for cell in tests_of(graded)}

    def compare(
        self, name: str, source: NotebookNode, submissions: Mapping[str, NotebookNode]
    ) -> list[Row]:
        """Grade submissions of one notebook with both graders.

        Args:
            name: the name of the notebook.
            source: the instructor's notebook.
            submissions: what is submitted; one of it should be the "reference".

        Returns:
            A row for each test cell.
        """
        stock = {what: self.stock(notebook, name) for what, notebook in submissions.items()}
        ours = {what: self.ours(notebook, name, source) for what, notebook in submissions.items()}
        released, rows = untouched(source, self.converter), []
        for cell in tests_of(source):
            test = cell.metadata.nbgrader.grade_id
            row = Row(
                name,
                test,
                {what: stock[what][test] for what in submissions},
                {what: ours[what][test] for what in submissions},
            )
            if row.verdict != SAME:
                broken = broken_rules(source, released, cell, self.folder)
                row.rules = [f"rule {one.rule}: {one.sentence}" for one in broken]
            rows.append(row)
        return rows


def tests_of(notebook: NotebookNode) -> list[NotebookNode]:
    """The test cells of a notebook that give points."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and is_test(cell) and float(cell.metadata.nbgrader.points)
    ]


def outcome(cell: NotebookNode) -> Outcome:
    """What a grader made of a test cell, by the outputs that the cell has."""
    try:
        points = utils.determine_grade(cell)[0] or 0
    except ValueError as error:  # more points than there are
        return Outcome(0, "ValueError", str(error)[:200])
    for output in cell.outputs:
        if output.output_type == "error":
            message = (output.evalue.splitlines() or [""])[0][:200]
            lines = [line for line in output.traceback if line.startswith(LINE_OF_TEST)]
            return Outcome(points, output.ename, message, "".join(lines)[:200])
        if output.output_type == "stream" and output.name == "stderr":
            return Outcome(points, "stderr", (output.text.splitlines() or [""])[0][:200])
    return Outcome(points)


def try_out(folder: str | Path, most: int = 4) -> Iterator[Row | str]:
    """Try out the test cells of a course.

    Args:
        folder: the folder of the course.
        most: how many mutants of each notebook are graded at most.

    Yields:
        A row for each test cell, or a sentence that says why a notebook cannot be tried out.
    """
    course = CourseFiles(folder)
    for finding in course.findings:
        yield f"{finding.where}: {finding.sentence}"
    notebooks = [(files, source) for files in course.assignments for source in files.sources]
    for files, source in notebooks:
        graders = Graders(course.coursedir, course.config, files.name, files.folder)
        try:
            yield from of_one(graders, source, course, most)
        except Exception as error:  # whatever the kernel or the course's code does
            where = course.relative(source.path)
            yield f"{where}: it cannot be tried out ({first_line(error)})"


def of_one(graders: Graders, source: Source, course: CourseFiles, most: int) -> list[Row]:
    """Try out the test cells of one notebook; for the arguments see try_out()."""
    notebook = source.notebook
    if notebook is not None and lacks_tests(notebook):
        raise ValueError("it asks for code, and has no test")
    if notebook is None or not tests_of(notebook):
        return []
    if not source.is_python:
        raise ValueError("it is not written in Python")
    submissions = {what: canary(what, notebook, graders.converter) for what in WHATS}
    for number, (what, mutant) in enumerate(mutants(notebook, pairs(course.regions)[0], most), 1):
        submissions[f"mutant {number} ({what})"] = mutant
    return graders.compare(source.name, notebook, submissions)


def print_trial(tried: Iterable[Row | str]) -> bool:
    """Print what was found out, one test cell a line, and at the end the counts.

    Args:
        tried: what try_out() gives. It is printed as it comes.

    Returns:
        Whether all test cells were tried out, and get the same from both graders.
    """
    counts = {SAME: 0, DIFFERS: 0, NOTHING: 0}
    failed = 0
    for row in tried:
        if isinstance(row, str):
            failed += 1
            say(row)
            continue
        counts[row.verdict] += 1
        say(f"{row.notebook}  {row.cell}  {row.verdict}")
        for line in row.details():
            say(f"    {line}")
    say(", ".join(f"{count} {verdict}" for verdict, count in counts.items()) + ".")
    return not failed and counts[SAME] == sum(counts.values())
