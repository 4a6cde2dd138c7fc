"""The verdict on one notebook: test cells run here, the student's cells in a kernel behind walls.

nbgrader's Execute runs all cells in one kernel, so that whoever writes a cell there also writes
its verdict. `TrustedExecute` takes its place in `c.Autograde.autograde_preprocessors`. A locked,
graded cell runs in the grader's interpreter, with the text that the gradebook has of it; the
student's functions appear in it as stand-ins, and only arguments and results cross.
"""

import time
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager
from nbformat import NotebookNode
from nbgrader import utils

from autograder.course import coursedir_of, folder_of
from autograder.course.regions import hidden_regions, marked
from autograder.kernel.inside.codec import Message
from autograder.kernel.lasting import KernelDied, LastingKernel
from autograder.kernel.outputs import error_output
from autograder.kernel.remote import (
    Operation,
    OutOfTime,
    RemoteFunction,
    WireBroken,
    positions,
    put_back,
)
from autograder.kernel.sandbox import fault
from autograder.kernel.sandbox.watch import MACHINE
from autograder.submission.released import Released, released
from autograder.verdict.testcell import TestCells

# Of nbgrader: "nbgrader" with the names of student, assignment and notebook, "metadata", and what
# a class run adds.
Resources = dict[str, Any]
Key = tuple[object, ...]  # what the student's kernel is asked for


class TrustedExecute(LastingKernel):
    """Executes a submission: the student's cells in a sandbox, test cells in the grader."""

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: KernelManager | None = None
    ) -> tuple[NotebookNode, Resources]:
        if self.sandboxed and fault():
            raise RuntimeError(fault())
        info = resources["nbgrader"]
        # Resolved, since test cells work in another folder.
        self.forget(Path(resources["metadata"]["path"]).resolve())
        self.spent: dict[Key, Exception] = {}
        self.used: dict[Key, float] = defaultdict(float)
        notebook = self.released(resources)
        self.tests = notebook.tests
        self.grader = TestCells(
            notebook.source, self.source_folder(info), self.look, self.hidden_lines
        )
        nb, resources = super().preprocess(nb, resources, km)
        if self.disturbed:
            raise RuntimeError(f"{MACHINE}, while something else used it: grade it again")
        # What a kernel says of its language may be anything.
        nb.metadata.language_info = NotebookNode(name="python")
        return nb, resources

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, index: int
    ) -> tuple[NotebookNode, Resources]:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type != "code":
            return cell, resources
        if name:
            # nbclient has a tag of its own for cells to pass over.
            cell.metadata.pop("tags", None)
        if utils.is_grade(cell) and not utils.is_solution(cell):
            cell.outputs, cell.execution_count = self.run_test(name, cell), None
            return cell, resources
        if not cell.source.strip() or self.passed_over(cell, index):
            cell.outputs, cell.execution_count = [], None
            return cell, resources
        self.run_ordinary(cell, index)
        return cell, resources

    def released(self, resources: Resources) -> Released:
        """The notebook that is graded, as it was released: see autograder.submission.released."""
        info = resources["nbgrader"]
        folder = self.source_folder(info)
        path = folder and folder / f"{info['notebook']}.ipynb"
        return released(resources, hidden_regions(self), path)

    def source_folder(self, info: dict[str, Any]) -> Path | None:
        """Where the instructor's notebook lies, or None where that is not known."""
        course = coursedir_of(self.parent)
        if course is None:
            return None
        return folder_of(course, "source", info["assignment"])

    def prepare(self) -> None:
        """Import and load what the first notebook would have to wait for."""

    def read_folders(self) -> list[Path]:
        """Folders whose notebooks decide on scores, besides the assignment's own."""
        return []

    def passed_over(self, cell: NotebookNode, index: int) -> bool:
        """Whether an ordinary cell, at this position, is not executed while grading."""
        return False

    # --- test cells ------------------------------------------------------------------

    def run_test(self, name: str, cell: NotebookNode) -> list[NotebookNode]:
        """The outputs of a test cell, as the gradebook has it."""
        if name not in self.tests:
            return [error_output(LookupError(f"the gradebook has no test cell {name!r}"), "")]
        try:
            return self.grader.run(self.tests[name], float(cell.metadata.nbgrader["points"]))
        finally:
            self.stop_serving()

    def hidden_lines(self, text: str) -> list[bool]:
        """For each line of a test cell, whether it lies in a region of hidden tests."""
        return [place != "open" for _, place in marked(text, hidden_regions(self)[:1])]

    def look(self, names: Collection[str]) -> dict[str, Any]:
        """Those of the names that the student's notebook has, and their values or stand-ins."""
        found = self.ask(("look", *names), "look", names=names)["value"]
        try:
            return {name: value for name, value in found if name in names}
        except (TypeError, ValueError):
            raise WireBroken("the kernel's list of names cannot be read") from None

    def call(
        self, target: RemoteFunction | Operation, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call something of the student's; what it changes in place is put back if it says None."""
        key, instead = None, {}
        if isinstance(target, RemoteFunction):
            instead = dict(target.instead)
            key = str(target.remote_reference), bool(instead)
        answer = self.ask(
            key, "call", target=target, args=list(args), kwargs=kwargs, instead=instead
        )
        self.grader.print(answer.get("printed"))
        changed = positions(answer.get("changed"), args)
        if isinstance(target, RemoteFunction):
            target.__dict__["changed"] = changed
        if answer.get("value") is None:
            put_back(args, changed)
        return answer.get("value")

    def ask(self, key: Key | None, kind: str, **message: Any) -> Message:
        """The agent's answer to one request; the kernel is started again where it has to be.

        key: what is asked for. What hung or killed the kernel is not called again.
        Errors: what the student's code raised; TimeoutError, or KernelDied.
        """
        if key is not None and key in self.spent:
            raise self.spent[key]
        wire = self.wire
        nested = wire is not None and wire.nested > 0
        if wire is None or not nested:
            wire = self.start_serving()
        seconds = min(self.call_timeout, self.seconds_left())
        start = time.monotonic()
        try:
            with self.killed_after(seconds + 10):
                return wire.request(seconds, kind=kind, **message)
        except OutOfTime:
            error: TimeoutError | KernelDied = TimeoutError(
                f"it did not return within {seconds:.3g} s"
            )
            clean_up = self.calm_down
        except WireBroken as broken:
            error = KernelDied(f"it ended the kernel it ran in ({self.end_of_kernel(broken)})")
            clean_up = self.give_up_kernel
        finally:
            if key is not None and not nested:
                self.used[key] += time.monotonic() - start
                if self.used[key] > self.function_timeout:
                    self.spent[key] = TimeoutError(
                        f"its calls took more than {self.function_timeout:g} s together"
                    )
        # A request within another one ends both, and the outer one cleans up.
        (self.kill_kernel if nested else clean_up)()
        if key is not None:
            self.spent.setdefault(key, error)
        raise error
