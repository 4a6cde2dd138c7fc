"""How the notebooks of this course are graded: earlier functions, what is passed over, the seed."""

import ast
import contextlib
import functools
import os
import re
import secrets
import shutil
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from traitlets import Bool, Unicode

import saelab
from autograder import REVEALING
from autograder.course.code import bound
from autograder.course.files import scratch_prefix
from autograder.course.folders import coursedir_of, folder_of
from autograder.exercises.reference import SOLUTIONS, cells, grading, reference
from autograder.kernel.inside.absent import METHOD_OF_CELL
from autograder.kernel.student_kernel import World, definitions
from autograder.submission.contents import SubmissionLimits, contents_of
from autograder.submission.released import Released
from autograder.verdict.canary import GradingExporter
from autograder.verdict.given import is_test
from autograder.verdict.seeds import BITS, cells_of, files_of, key_of, seed_of
from autograder.verdict.trusted import Plan, Policy
from autograder.verdict.undefined import made_by
from saelab.code import free_names, parsed

# The package that notebooks import, and the folders that students' kernels are shown.
PACKAGE = Path(saelab.__file__).parent
DATA, EARLIER = "data", "earlier"
# A notebook whose functions ask the grader to call the real ones. Of later notebooks than the one
# that is graded, the grader offers none.
STAND_INS = """
from autograder.kernel.inside import agent as _agent
"""
FUNCTION = """
def {name}(*args, **kwargs):
    return _agent.agent.call_offered("{notebook}.{name}", args, kwargs)
"""


class CoursePolicy(Policy):
    """Grades a notebook without its long runs, with the reference's functions of earlier notebooks.

    A notebook uses functions of earlier ones, but a mistake in one of these must not cost points
    twice. So while a notebook is graded, saelab.previous finds other notebooks in place of the
    student's earlier ones. Their functions ask the grader to call the reference's: those run in the
    grader, and the student's kernel sees no solution.
    """

    solutions_directory = Unicode(
        "", help="The folder of the solved notebooks, which earlier functions are read from."
    ).tag(config=True)
    long_tag = Unicode(
        "long",
        help="Cells that have this tag in the source are not executed while grading, as long as "
        "they are as they were released; of those that something needs imports and definitions "
        "are.",
    ).tag(config=True)

    demonstrations = Bool(
        False,
        help="Also execute what no score depends on: the course's own cells that only show "
        "something, and visible checks, whose test comes after them. The graded notebook and the "
        "feedback then have their figures and words.",
    ).tag(config=True)

    seed_key = Unicode(
        "",
        help="Any text that students do not know, so that they cannot work out the numbers that "
        "hidden tests try. With the same text a regrade tries the same numbers. Without one, a "
        "random key is made at the first grading, and kept beside the gradebook.",
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # The folder with what students' kernels are shown, once there is one.
        self.shown = ""

    @property
    def solutions(self) -> Path:
        return Path(self.solutions_directory or SOLUTIONS)

    def prepare(self) -> None:
        if self.shown:
            return
        import autograder.exercises.marks  # noqa: F401  which hidden tests import

        with grading(solutions=self.solutions):
            functions = earlier_functions(self.solutions, "~")  # sorts after all names
            cells("solution"), cells("test")
        self.shown = tempfile.mkdtemp(prefix=f"{scratch_prefix()}shown-")
        weakref.finalize(self, remove_own, self.shown, os.getpid())
        lay_out(functions, Path(self.shown))

    def read(self, source: NotebookNode) -> None:
        demonstrations(source.cells, source)  # which remembers what it has seen of each cell

    def leave_nothing(self, tests: Iterable[str]) -> bool:
        return all(map(calls_the_course_alone, tests))

    def read_folders(self) -> list[Path]:
        return [self.solutions]

    @functools.cached_property
    def key(self) -> str:
        """What students do not know; outside of a course, another for each policy."""
        course = coursedir_of(self)
        return self.seed_key or (key_of(course) if course else secrets.token_hex())

    @functools.cached_property
    def most_bytes(self) -> int:
        """The size of the largest notebook that this course reads."""
        return GradingExporter(config=self.config).most_bytes

    def seed(self, nb: NotebookNode, about: Mapping[str, Any]) -> int:
        """The seed of one submitted notebook; of a canary, which lies nowhere, by its cells."""
        names = [about.get(what) for what in ("student", "assignment", "notebook")]
        course = coursedir_of(self)
        if course is not None:
            folder = folder_of(course, "submitted", about["assignment"], about["student"])
            if folder.is_dir():
                limits = SubmissionLimits(parent=self)
                contents = contents_of(course, about["assignment"], about["student"], limits)
                return seed_of(self.key, names, files_of(contents, folder, self.most_bytes))
        return seed_of(self.key, names, cells_of(nb))

    @contextlib.contextmanager
    def plan(self, nb: NotebookNode, about: dict[str, Any], released: Released) -> Iterator[Plan]:
        seed = self.seed(nb, about)
        self.prepare()
        with grading(solutions=self.solutions, seed=seed):
            functions = earlier_functions(self.solutions, about["notebook"])
            unscored = None if self.demonstrations else demonstrations(nb.cells, released.source)
            given = released.source.cells if released.source else []
            long = {c.source for c in given if self.long_tag in c.metadata.get("tags", [])}
            left = [nb.cells[index].source for index in unscored or ()]
            yield CoursePlan(world(functions, self.shown), seed, unscored, long, left)


class CoursePlan(Plan):
    """How one notebook of this course is graded.

    Args:
        world: what the student's kernel is given.
        seed: the seed of the hidden tests' random numbers.
        unscored: positions of cells that no score depends on, which are not executed; None if those
            are executed too.
        long: the texts of the source's cells that take too long to be executed.
        left: the texts of the cells at the positions.
    """

    values_alone = True  # hidden tests compare with the reference, and tell of the change

    def __init__(
        self,
        world: World,
        seed: int,
        unscored: Collection[int] | None,
        long: Collection[str],
        left: Iterable[str],
    ) -> None:
        self.world, self.seed = world, seed
        self.unscored, self.long, self.left = unscored, long, [*left]

    def passes_over(self, cell: NotebookNode, index: int) -> bool:
        if is_test(cell):
            return self.unscored is not None and float(cell.metadata.nbgrader["points"]) == 0
        return index in (self.unscored or ())

    def text(self, cell: NotebookNode) -> str:
        if cell.source not in self.long:
            return super().text(cell)
        names = sorted(made_by(cell.source))
        return f"{definitions(cell.source)}\nget_ipython().{METHOD_OF_CELL}{(*names,)!r}"

    def begins_again(self, cell: NotebookNode) -> bool:
        # What reads names in a way that demonstrations() does not see says so by its error.
        errors = (one.evalue for one in cell.outputs if one.output_type == "error")
        named = {name for error in errors for name in QUOTED.findall(error)}
        if not (self.unscored and any(named & made_by(text) for text in self.left)):
            return False
        self.unscored = ()
        return True

    def test(self, cell: NotebookNode) -> contextlib.AbstractContextManager[None]:
        # A test is about the function after which its cell is named, whatever the name of the
        # student's function is.
        name = cell.metadata.nbgrader["grade_id"]
        return grading(function=name.removeprefix("test-") if name.startswith("test-") else None)

    def note(self) -> dict[str, Any]:
        return {"autograder": {"seed": f"{self.seed:0{BITS // 4}x}"}}  # JSON has no such numbers


def world(functions: Mapping[str, Callable[..., Any]], folder: str) -> World:
    """What the student's kernel is given.

    Args:
        functions: the reference's functions that it may call, by their names.
        folder: what lay_out() has laid out.

    Returns:
        The World.
    """
    # Of the stand-ins those that are of use, so that nobody sees what later notebooks ask for.
    earlier = str(Path(folder, EARLIER, str(len(notebooks_of(functions)))))
    copies = {str(PACKAGE.parent / name): str(Path(folder, name)) for name in (PACKAGE.name, DATA)}
    return World(
        offered=functions,
        shown={**copies, earlier: earlier},
        variables={"SAELAB_PREVIOUS": earlier},
    )


def notebooks_of(functions: Iterable[str]) -> list[str]:
    """The names of the notebooks of functions that are named as in earlier_functions()."""
    return sorted({key.partition(".")[0] for key in functions})


def earlier_functions(solutions: Path, name: str) -> dict[str, Callable[..., Any]]:
    """The reference's functions of the notebooks before this one.

    Args:
        solutions: the folder of the solved notebooks.
        name: the name of this notebook. All notebooks whose names sort before it count.

    Returns:
        From a name such as "02_cost.sigmoid" to the function.
    """
    found: dict[str, Callable[..., Any]] = {}
    for path in sorted(solutions.glob("*/*.ipynb")):
        if path.stem == path.parent.name and path.stem < name:
            for key, value in vars(reference(path.stem)).items():
                if isinstance(value, FunctionType) and value.__module__ == path.stem:
                    found[f"{path.stem}.{key}"] = value
    return found


@functools.lru_cache(maxsize=500)
def calls_the_course_alone(text: str) -> bool:
    """Whether a test cell only imports from the course's own packages and calls what has a name.

    Their functions leave nothing behind, and a student's function is executed elsewhere.
    """
    tree = parsed(text)
    return tree is not None and all(map(_imports_or_calls, tree.body))


def _imports_or_calls(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").partition(".")[0] in ("autograder", PACKAGE.name)
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
        return False
    call = statement.value
    parts = [call.func, *call.args, *(keyword.value for keyword in call.keywords)]
    return isinstance(call.func, ast.Name) and all(
        isinstance(part, (ast.Name, ast.Constant)) for part in parts
    )


def remove_own(folder: str, owner: int) -> None:
    """Remove a folder in the process that has made it: its forks use it, too."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def lay_out(functions: Iterable[str], folder: Path) -> None:
    """Lay out what students' kernels are shown, without what they must not see.

    In a clone, one lies beside the other. A few folders are mounted sooner than many files.

    Args:
        functions: the names of all the reference's functions, as in earlier_functions().
        folder: an existing folder. It gets copies of the package and of its data, and for each
            number of notebooks a folder with as many stand-ins for the first ones.
    """
    functions, root = list(functions), PACKAGE.parent

    def left_out(above: str, names: list[str]) -> set[str]:
        paths = [Path(above, name) for name in names]
        # Of data/ what a wheel has, too, and not the programs that made it.
        return {
            path.name
            for path in paths
            if str(path.relative_to(root)) in REVEALING
            or (above == str(root / DATA) and not (path.is_dir() or path.suffix == ".npz"))
        }

    for name in (PACKAGE.name, DATA):
        shutil.copytree(root / name, folder / name, ignore=left_out)
    notebooks = notebooks_of(functions)
    for count in range(len(notebooks) + 1):
        above = folder / EARLIER / str(count)
        above.mkdir(parents=True)
        for notebook in notebooks[:count]:
            own = [key.partition(".")[2] for key in functions if key.startswith(f"{notebook}.")]
            text = [FUNCTION.format(name=name, notebook=notebook) for name in own]
            cell = nbformat.v4.new_code_cell(STAND_INS + "".join(text))
            (above / notebook).mkdir()
            nbformat.write(
                nbformat.v4.new_notebook(cells=[cell]), above / notebook / f"{notebook}.ipynb"
            )
    # The sandbox may run as another user.
    for path in [folder, *folder.rglob("*")]:
        os.chmod(path, 0o755 if path.is_dir() else 0o644)


# --- cells that are passed over -------------------------------------------------------------
# A lesson draws and prints more than it grades. While a class is graded nobody looks at that. So an
# instructor's cell need not be executed if it is as it was released, and if it makes nothing that a
# test or a student's own cell uses.

# What uses or makes names that the text does not show; a magic is a call of get_ipython.
HIDING = {"eval", "exec", "get_ipython", "globals", "locals", "vars", "dir", "__import__",
          "In", "Out", "_", "__", "___"}  # fmt: skip
QUOTED = re.compile(r"'(\w{1,80})'")  # names in the text of an error
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class UsedNames:
    """How a cell uses and makes names at the top level of the notebook.

    Attributes:
        used: the names that it takes from there.
        objects: those of them that it uses for more than a call.
        made: the functions, classes and modules that it defines, imports or takes from an earlier
            notebook.
        stored: the other names that it binds.
        changed: the names whose attributes or items it sets.
        hidden: whether it may use or make other names, which its text does not show.
    """

    used: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    stored: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    hidden: bool = False


def demonstrations(cells: Sequence[NotebookNode], source: NotebookNode | None) -> set[int]:
    """The positions of those code cells that need not be executed for grading.

    Args:
        cells: the cells of a submitted notebook, after it was brought back to its source.
        source: the instructor's notebook. None means that all cells must be executed.

    Returns:
        The positions.
    """
    own = {c.source for c in source.cells if _is_ordinary(c)} if source else set()
    open_ones: dict[int, UsedNames] = {}
    needed: set[str] = set()
    fixed: set[str] = set()
    for position, cell in enumerate(cells):
        if cell.cell_type != "code":
            continue
        names = names_of(cell.source)
        fixed |= names.made
        given = _is_ordinary(cell) and cell.source in own
        if given and not names.hidden:
            open_ones[position] = names
            continue
        if names.hidden and not given and not utils.is_grade(cell):
            return set()  # such as `if "data" in globals()`
        needed |= names.used
        fixed |= names.stored
    while True:
        found = {
            position
            for position, names in open_ones.items()
            # Using an object may change it; but not a function, nor what a student's cell makes.
            if needed & (names.made | names.stored | names.changed | (names.objects - fixed))
        }
        if not found:
            return set(open_ones)
        for position in found:
            needed |= open_ones.pop(position).used


@functools.lru_cache(maxsize=500)
def names_of(text: str) -> UsedNames:
    """The UsedNames of a cell; empty if its text is not Python."""
    tree = parsed(text)
    if tree is None:
        return UsedNames()
    nodes = list(ast.walk(tree))
    deleted = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Del)}
    used = free_names(tree) | deleted
    defining = [n for n in nodes if isinstance(n, DEFINITIONS) or _asks_for_earlier_functions(n)]
    made = {name for node in defining for name in bound(node)}
    names = [node for node in nodes if isinstance(node, ast.Name)]
    callees = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    objects = {node.id for node in names if id(node) not in callees}
    stored = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    given = [node for node in nodes if not isinstance(getattr(node, "ctx", None), ast.Load)]
    changed = {base for base in map(_base, given) if base is not None}
    return UsedNames(
        frozenset(used),
        frozenset(objects & used),
        frozenset(made),
        frozenset(stored - made),
        frozenset(changed),
        hidden="*" in made or bool(used & HIDING),
    )


def _asks_for_earlier_functions(node: ast.AST) -> bool:
    """Whether a statement is `name, name = previous.functions(...)`."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return False
    return ast.unparse(node.value.func) == "previous.functions"


def _base(node: ast.AST) -> str | None:
    """The name that `name.a[b].c` begins with; None if the expression has another form."""
    if not isinstance(node, (ast.Attribute, ast.Subscript)):
        return None
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _is_ordinary(cell: NotebookNode) -> bool:
    graded = utils.is_grade(cell) or utils.is_solution(cell)
    return cell.cell_type == "code" and not graded
