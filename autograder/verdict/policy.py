"""What a course decides about the grading of its notebooks, beyond what is done for any course."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from traitlets.config import LoggingConfigurable

from autograder.kernel.student_kernel import World
from autograder.submission.released import Released


class Plan:
    """How one notebook is graded; with this class, as it stands.

    Attributes:
        world: what the student's kernel is given.
    """

    world = World()

    def passes_over(self, cell: NotebookNode, index: int) -> bool:
        """Whether the code cell at this position is not executed."""
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
        """Import and load what the first notebook would otherwise have to wait for."""

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
