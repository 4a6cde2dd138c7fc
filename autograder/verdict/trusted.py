"""The verdict on one notebook: test cells run here, the student's cells in a sandbox.

nbgrader's Execute runs all cells in one kernel, so the author of any cell there can also write its
verdict. `TrustedExecute` takes its place in `c.Autograde.autograde_preprocessors`. A locked,
graded cell runs in the grader's interpreter, with the text that the gradebook has of it; the
student's functions appear in it as stand-ins, and only arguments and results cross.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Bool, Float, Integer, Type
from traitlets.config import LoggingConfigurable

from autograder.course.code import marked
from autograder.course.files import scratch
from autograder.kernel.limits import LONG, TimeLimits
from autograder.kernel.outputs import error_output
from autograder.kernel.process import KernelProcess, Unsandboxed
from autograder.kernel.sandbox import Bubblewrap, why_unavailable
from autograder.kernel.sandbox.warm import WARM
from autograder.kernel.student_kernel import StudentKernel, World
from autograder.submission.released import (
    Released,
    from_gradebook,
    hidden_regions,
    source_folder,
    untouched,
)
from autograder.verdict.apart import Ended, Limits, Tell, apart, here
from autograder.verdict.files import WorkingFolder
from autograder.verdict.given import Given, is_test
from autograder.verdict.testcell import MOST_SECONDS, TestCells
from autograder.verdict.undefined import Undefined

# Of nbgrader: "nbgrader" with the names of student, assignment and notebook, and "metadata".
Resources = dict[str, Any]


# Seconds beyond those that a test may take, after which its process hangs.
PATIENCE = 60
MOST_SOURCES = 50  # instructors' notebooks that are kept in mind
MOST_ENDED = 3  # tests of a notebook that may end its process
MOST_DISTURBED = 2  # times that something else on the machine may end the grading of a notebook


class Disturbed(RuntimeError):
    """Something else on the machine has kept a student's code from its work."""


class BeginsAgain(Exception):
    """A notebook is to be graded from its beginning."""


class Plan:
    """How one notebook is graded; with this class, as it stands.

    Attributes:
        world: what the student's kernel is given.
        values_alone: whether what counts of a function is the value that it returns: a named tuple
            is its items, and a test keeps its own arguments though a function that returns
            something has changed them in place (RemoteFunction.changed tells which).
    """

    world = World()
    values_alone = False

    def passes_over(self, cell: NotebookNode, index: int) -> bool:
        """Whether the code cell at this position is not executed."""
        return False

    def text(self, cell: NotebookNode) -> str:
        """What is executed of a cell of the student's that is not passed over."""
        return str(cell.source)

    def begins_again(self, cell: NotebookNode) -> bool:
        """Whether the notebook is to be graded from its beginning, after a cell of the student's.

        The plan passes over less then: it may say so a few times, and not for ever.

        Args:
            cell: the cell, with its outputs.
        """
        return False

    def test(self, cell: NotebookNode) -> contextlib.AbstractContextManager[None]:
        """A context manager for the with block in which a test cell is executed."""
        return contextlib.nullcontext()

    def note(self) -> dict[str, Any]:
        """What the metadata of the graded notebook record about the grading."""
        return {}


class Policy(LoggingConfigurable):
    """How the notebooks of a course are graded; with this class, each as it stands.

    A course with rules of its own names its class in c.TrustedExecute.policy_class.
    """

    def prepare(self) -> None:
        """Import and load what each notebook would otherwise have to wait for.

        It is called before each one.
        """

    def read(self, source: NotebookNode) -> None:
        """Read an instructor's notebook, once for all submissions."""

    def leave_nothing(self, tests: Iterable[str]) -> bool:
        """Whether these test cells leave nothing behind in the process that executes them.

        Args:
            tests: the texts of all test cells of a notebook.
        """
        return False

    def read_folders(self) -> list[Path]:
        """Folders whose notebooks affect scores, besides the assignment's own."""
        return []

    @contextlib.contextmanager
    def plan(self, nb: NotebookNode, about: dict[str, Any], released: Released) -> Iterator[Plan]:
        """The Plan of one submitted notebook, for a with block in which it is graded.

        Args:
            nb: the submitted notebook.
            about: nbgrader's names of the student, the assignment and the notebook.
            released: the notebook as it was released.

        Yields:
            The plan.
        """
        yield Plan()


class TrustedExecute(Execute):
    """Executes a submission: the student's cells in a sandbox, test cells in the grader.

    Attributes:
        policy: what the course decides about grading.
        find_released: is called with nbgrader's names of what is graded, and gives the notebook as
            it was released. None means that the gradebook is asked.
        replaceable: whether somebody calls again if this process ends. Tests that leave nothing
            behind need no process of their own then.
    """

    sandboxed = Bool(
        True,
        help="Run the student's code in a bubblewrap sandbox. Without it, that code can read and "
        "write whatever the grader can, the gradebook too: see docs/security.md.",
    ).tag(config=True)
    call_timeout = Float(10, help="Seconds that one call of a student's function may take.").tag(
        config=True
    )
    function_timeout = Float(
        30, help="Seconds that all calls of one student's function may take together."
    ).tag(config=True)
    cells_timeout = Float(
        90,
        help="Seconds that the student's cells may take together; of later ones only imports and "
        "definitions are executed.",
    ).tag(config=True)
    submission_timeout = Float(
        300, help="Seconds that one notebook may take; what comes after counts as failed."
    ).tag(config=True)
    max_restarts = Integer(
        20, help="How often a notebook's kernel is started again after it died or hung."
    ).tag(config=True)
    policy_class = Type(
        Policy, klass=Policy, help="What the course decides about grading, as a class."
    ).tag(config=True)

    find_released: Callable[[dict[str, Any]], Released] | None = None
    replaceable = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]  # nbgrader's is not typed
        if "CourseExecute" in self.config:
            raise ValueError(
                f"the configuration sets c.CourseExecute.{', '.join(self.config.CourseExecute)}, "
                "and there is no such class any more: see CHANGELOG.md for the new names"
            )
        self.policy: Policy = self.policy_class(parent=self)
        self.sources: list[tuple[NotebookNode | None, Given]] = []

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: KernelManager | None = None
    ) -> tuple[NotebookNode, Resources]:
        if self.sandboxed:
            if why_unavailable():
                raise RuntimeError(why_unavailable())
            WARM.share()  # all notebooks' processes use the same
        self.policy.prepare()
        find = self.find_released or partial(from_gradebook, self)
        released = find(resources["nbgrader"])
        given = self.given(released.source)
        limits = Limits(MOST_SECONDS + PATIENCE, LONG * MOST_SECONDS)
        # A kernel without a sandbox would be bounded as the grader is.
        replaceable = self.replaceable and self.sandboxed
        alone = not (replaceable and self.policy.leave_nothing(released.tests.values()))
        ended: dict[str, Ended] = {}  # by the steps that are passed over
        disturbed = 0
        while True:
            try:
                work = partial(self.graded, nb, resources, released, given, ended)
                with scratch(shared=True):
                    graded = (apart if alone else here)(work, limits, self.log)
                return nbformat.from_dict(json.loads(graded)), resources
            except Disturbed:
                disturbed += 1
                if disturbed == MOST_DISTURBED:
                    raise
            except Ended as error:
                disturbed += not error.by_us
                if not error.step or len(ended) == MOST_ENDED:
                    raise RuntimeError(f"{error}, in {error.step or 'no cell'}") from None
                if error.by_us or disturbed >= MOST_DISTURBED:
                    ended[error.step] = error

    def given(self, source: NotebookNode | None) -> Given:
        """What an instructor's notebook gives: read once, for all submissions."""
        for known, given in self.sources:
            if known is source or known == source:
                return given
        given = Given(source, source and untouched(source, self))
        given.called  # noqa: B018  which it remembers
        if source is not None:
            self.policy.read(source)
        self.sources = [(source, given), *self.sources[:MOST_SOURCES]]
        return given

    def graded(
        self,
        nb: NotebookNode,
        resources: Resources,
        released: Released,
        given: Given,
        ended: Mapping[str, Ended],
        tell: Tell,
    ) -> str:
        """Execute a notebook.

        Args:
            nb: the notebook.
            resources: nbgrader's names of it, and where it lies.
            released: the notebook as it was released.
            given: what the instructor's notebook gives.
            ended: how the process of the grader ended in cells that are passed over, by what `tell`
                was told of these.
            tell: is called with the name of each cell before it is executed.

        Returns:
            The executed notebook, as JSON.

        Raises:
            Disturbed: if something else on the machine has kept the student's code from its work.
        """
        about = resources["nbgrader"]
        # Resolved, since test cells work in another folder.
        folder = Path(resources["metadata"]["path"]).resolve()
        with self.policy.plan(nb, about, released) as plan:
            used, done = 0.0, False
            while not done:
                kernel = self.kernel(folder, plan, used)
                with (
                    contextlib.suppress(BeginsAgain),
                    kernel,
                    WorkingFolder(source_folder(self, about), given.texts) as work,
                ):
                    tests = TestCells(given, work, kernel, self.hidden_lines)
                    self.run_all(nb, plan, kernel, tests, released.tests, ended, tell)
                    done = True
                used += kernel.whole.used
            if kernel.disturbed:
                raise Disturbed(f"{kernel.disturbed}, while something else used it: grade it again")
            nb.metadata.update(plan.note())
        return json.dumps(nb)

    def run_all(
        self,
        nb: NotebookNode,
        plan: Plan,
        kernel: StudentKernel,
        tests: TestCells,
        texts: dict[str, str],
        ended: Mapping[str, Ended],
        tell: Tell,
    ) -> None:
        """Execute the code cells of a notebook, one after the other.

        Args:
            nb: the notebook.
            plan: how it is graded.
            kernel: the student's kernel.
            tests: the test cells of the notebook.
            texts: the texts of test cells, by their names.
            ended: as in graded().
            tell: as in graded().

        Raises:
            BeginsAgain: if the plan says so.
        """
        undefined = Undefined()
        for index, cell in enumerate(nb.cells):
            if cell.cell_type == "code":
                step = cell.metadata.get("nbgrader", {}).get("grade_id", f"cell {index}")
                tell(step)
                over = self.run(cell, index, plan, kernel, tests, texts, ended.get(step))
                if is_test(cell):
                    cell.outputs = undefined.explain(cell.outputs)
                elif over:
                    undefined.passed_over(cell)
                elif plan.begins_again(cell):
                    raise BeginsAgain
                else:
                    undefined.executed(cell)
        tell("")

    def kernel(self, folder: Path, plan: Plan, used: float = 0) -> StudentKernel:
        """The kernel of one notebook, not started yet.

        Args:
            folder: the folder in which it lies.
            plan: how it is graded.
            used: the seconds that the notebook has taken already.

        Returns:
            The kernel.
        """
        limits = TimeLimits(
            self.call_timeout,
            self.function_timeout,
            self.timeout or self.submission_timeout,
            self.cells_timeout,
            max(self.submission_timeout - used, 0),
            self.max_restarts,
        )

        def process() -> KernelProcess:
            return Bubblewrap(parent=self) if self.sandboxed else Unsandboxed(folder)

        return StudentKernel(process, folder, limits, plan.world, plan.values_alone)

    def run(
        self,
        cell: NotebookNode,
        index: int,
        plan: Plan,
        kernel: StudentKernel,
        tests: TestCells,
        texts: dict[str, str],
        ended: Ended | None = None,
    ) -> bool:
        """Execute a code cell in the student's kernel or in the grader, or leave it out.

        Args:
            cell: the cell, which gets its outputs.
            index: its position in the notebook.
            plan: how the notebook is graded; it says which cells are left out.
            kernel: the student's kernel.
            tests: the test cells of the notebook.
            texts: the texts of test cells, by their names.
            ended: how the grader's process has ended in this cell before; None if it has not.

        Returns:
            Whether the plan passes over the cell.
        """
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name:
            # nbclient does not execute cells with a tag of its own.
            cell.metadata.pop("tags", None)
        over = plan.passes_over(cell, index)
        if over or not (is_test(cell) or cell.source.strip()):
            cell.outputs, cell.execution_count = [], None
        elif ended:
            cell.outputs, cell.execution_count = [error_output(ended, "")], None
        elif not is_test(cell):
            kernel.run_cell(cell, plan.text(cell))
        elif name not in texts:
            unknown = LookupError(f"the gradebook has no test cell {name!r}")
            cell.outputs, cell.execution_count = [error_output(unknown, "")], None
        else:
            try:
                with plan.test(cell):
                    points = float(cell.metadata.nbgrader["points"])
                    cell.outputs, cell.execution_count = tests.run(texts[name], points, name), None
            finally:
                kernel.rest()
        return over

    def hidden_lines(self, text: str) -> list[bool]:
        """For each line of a test cell, whether it lies in a region of hidden tests."""
        return [place != "open" for _, place in marked(text, hidden_regions(self)[:1])]
