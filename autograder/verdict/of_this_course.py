"""How this course's notebooks are graded."""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import FunctionType
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from traitlets import Bool, Unicode

import saelab
from autograder.exercises.grading import SOLUTIONS, grading
from autograder.exercises.reference import reference
from autograder.kernel.student_kernel import World
from autograder.submission.released import Released
from autograder.verdict.policy import Plan, Policy
from autograder.verdict.unscored import demonstrations

EARLIER = """
from autograder.kernel.inside import agent as _agent
"""
FUNCTION = """
def {name}(*args, **kwargs):
    return _agent.agent.call_offered("{notebook}.{name}", args, kwargs)
"""


class CoursePolicy(Policy):
    """Grades a notebook without its long runs, with the reference's earlier functions.

    A notebook uses functions of earlier ones; a mistake made there shall not cost points twice.
    So while grading, saelab.previous finds notebooks whose functions are the reference's, called
    from afar: they run in the grader, and the student's kernel sees no solution.
    """

    solutions_directory = Unicode(
        "", help="The folder of the solved notebooks, which earlier functions are read from."
    ).tag(config=True)
    long_tag = Unicode("long", help="Cells with this tag are not executed while grading.").tag(
        config=True
    )

    demonstrations = Bool(
        False,
        help="Also execute what no score depends on: the course's own cells that only show "
        "something, and visible checks, whose test comes after them. The graded notebook and the "
        "feedback then have their figures and words.",
    ).tag(config=True)

    seed_key = Unicode(
        "",
        help="Any text that students do not know, so that they cannot work out the numbers that "
        "hidden tests try. With the same text a regrade tries the same numbers.",
    ).tag(config=True)

    @property
    def solutions(self) -> Path:
        return Path(self.solutions_directory or SOLUTIONS)

    def prepare(self) -> None:
        import autograder.exercises.marks  # noqa: F401  which hidden tests import

        with grading(solutions=self.solutions):
            earlier_functions(self.solutions, "~")  # after all names

    def read_folders(self) -> list[Path]:
        return [self.solutions]

    @contextlib.contextmanager
    def plan(self, nb: NotebookNode, about: dict[str, Any], released: Released) -> Iterator[Plan]:
        seed = seed_of(self.seed_key, nb, about)
        with (
            tempfile.TemporaryDirectory(prefix="earlier-") as folder,
            grading(solutions=self.solutions, seed=seed),
        ):
            functions = earlier_functions(self.solutions, about["notebook"])
            write_stand_ins(functions, folder)
            unscored = None if self.demonstrations else demonstrations(nb.cells, released.source)
            yield CoursePlan(world(functions, folder), seed, unscored, self.long_tag)


class CoursePlan(Plan):
    """How one notebook of this course is graded.

    unscored: positions of cells that no score depends on; None where those are executed too.
    long_tag: of cells that are not executed.
    """

    def __init__(
        self, world: World, seed: int, unscored: Collection[int] | None, long_tag: str
    ) -> None:
        self.world, self.seed = world, seed
        self.unscored, self.long_tag = unscored, long_tag

    def passes_over(self, cell: NotebookNode, index: int) -> bool:
        if utils.is_grade(cell) and not utils.is_solution(cell):
            return self.unscored is not None and float(cell.metadata.nbgrader["points"]) == 0
        return index in (self.unscored or ()) or self.long_tag in cell.metadata.get("tags", [])

    def test(self, cell: NotebookNode) -> contextlib.AbstractContextManager[None]:
        # A test is about the function that its cell is called after, whatever the student's
        # function calls itself.
        name = cell.metadata.nbgrader["grade_id"]
        return grading(function=name.removeprefix("test-") if name.startswith("test-") else None)

    def note(self) -> dict[str, Any]:
        return {"autograder": {"seed": self.seed}}


def world(functions: Mapping[str, Callable[..., Any]], folder: str) -> World:
    """What the student's kernel is given. folder: of the stand-ins for earlier functions."""
    # In a clone, what notebooks import lies beside what they must not see.
    package = Path(saelab.__file__).parent
    places = [package, package.parent / "data" / "images", Path(folder)]
    return World(
        offered=functions,
        shown=[str(place) for place in places if place.exists()],
        variables={"SAELAB_PREVIOUS": folder},
    )


def seed_of(key: str, nb: NotebookNode, info: dict[str, Any]) -> int:
    """The seed of one submitted notebook: a number below 10**9.

    info: nbgrader's own, of which the student, the assignment and the notebook count. The same
    answers give the same seed; another try, after a look at the feedback, gives another.
    """
    answers = [cell.source for cell in nb.cells if utils.is_solution(cell)]
    parts = [key, info.get("student"), info.get("assignment"), info.get("notebook"), *answers]
    return int.from_bytes(hashlib.sha256(json.dumps(parts).encode()).digest()[:8], "big") % 10**9


def earlier_functions(solutions: Path, name: str) -> dict[str, Callable[..., Any]]:
    """The reference's functions of the notebooks before this one, as "02_cost.sigmoid"."""
    found: dict[str, Callable[..., Any]] = {}
    for path in sorted(solutions.glob("*/*.ipynb")):
        if path.stem == path.parent.name and path.stem < name:
            for key, value in vars(reference(path.stem)).items():
                if isinstance(value, FunctionType) and value.__module__ == path.stem:
                    found[f"{path.stem}.{key}"] = value
    return found


def write_stand_ins(functions: Iterable[str], folder: str) -> None:
    """Write, for each notebook, one whose functions ask the grader to call the real ones."""
    texts: dict[str, list[str]] = {}
    for key in functions:
        notebook, name = key.split(".")
        texts.setdefault(notebook, [EARLIER]).append(FUNCTION.format(name=name, notebook=notebook))
    for notebook, text in texts.items():
        path = Path(folder) / notebook / f"{notebook}.ipynb"
        path.parent.mkdir()
        cell = nbformat.v4.new_code_cell("".join(text))
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    # The sandbox may run as another user.
    for path in [Path(folder), *Path(folder).rglob("*")]:
        with contextlib.suppress(OSError):
            os.chmod(path, 0o755 if path.is_dir() else 0o644)
