"""Which rules of docs/test-cells.md a test cell breaks, as far as its text tells.

Nothing is executed. Where the text leaves it open, no rule is broken: a false alarm costs an
instructor more than a fault that the trial before grading finds.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils

from autograder.course.code import bound
from autograder.verdict.magics import expanded
from autograder.verdict.reach import (
    Lesson,
    Reached,
    aliases_of,
    imported,
    live_names,
    mentions,
    reached,
)

# What may show what a student did in plain nbgrader, though no name does: files, figures, modules.
OUTSIDE = re.compile(r"open|os|pathlib|Path|glob|subprocess|shutil|pyplot|plt|(read|load)\w*")
# What a process has for itself.
SURROUNDINGS = re.compile(r"os\.(putenv|umask)|locale\.setlocale")
NAMES_OF_SHELL = ("In", "Out", "_", "__", "___")


@dataclass(frozen=True)
class Broken:
    """A rule that a test cell breaks.

    Attributes:
        rule: its number in docs/test-cells.md.
        name: the name of this way of breaking it, as in docs/doctor.md.
        sentence: what is wrong, and what to do.
        everywhere: whether it is a fault in plain nbgrader too.
    """

    rule: int
    name: str
    sentence: str
    everywhere: bool = False


def broken_rules(
    source: NotebookNode, released: NotebookNode, cell: NotebookNode, folder: Path | None = None
) -> list[Broken]:
    """Find the rules that a test cell breaks.

    Args:
        source: the instructor's notebook.
        released: the same notebook as students get it, without solutions.
        cell: the test cell of the source, or a copy of it.
        folder: where the notebook lies; None if it is not known.

    Returns:
        The rules, each broken in one way. The list is empty for a cell that is not Python, or whose
        tests nbgrader makes itself (AUTOTEST).
    """
    position = position_of(source, cell)
    if position is None or "AUTOTEST" in cell.source:
        return []
    try:
        tree, magics = expanded(cell.source)
        case = Case(tree, magics, Lesson(source, released, position, folder))
        found = [broken for check in CHECKS for broken in check(case)]
        return found or list(asks_nothing(case))
    except (SyntaxError, RecursionError, OSError, ValueError):
        return []


def position_of(source: NotebookNode, cell: NotebookNode) -> int | None:
    """The position of a cell in a notebook, found by itself or else by its grade_id."""
    name = cell.metadata.get("nbgrader", {}).get("grade_id")
    for position, other in enumerate(source.cells):
        if other is cell:
            return position
    for position, other in enumerate(source.cells):
        if utils.is_grade(other) and other.metadata.nbgrader.get("grade_id") == name:
            return position
    return None


class Case:
    """A test cell whose rules are checked.

    Attributes:
        tree: its code.
        magics: its magics and commands that are not harmless.
        lesson: the notebook.
        given: what the notebook gives to it, and asks students for.
    """

    def __init__(self, tree: ast.Module, magics: list[str], lesson: Lesson) -> None:
        self.tree, self.magics, self.lesson, self.given = tree, magics, lesson, lesson.given
        self.reached: Reached = reached(lesson, tree.body)

    @cached_property
    def live(self) -> set[str]:
        """The names that the cell takes from outside."""
        return live_names(self.tree.body)

    @cached_property
    def aliases(self) -> dict[str, str]:
        """What the names stand for that imports of the cell or of the notebook make."""
        own = aliases_of(ast.walk(self.tree))
        return self.lesson.aliases() | own

    @property
    def imports(self) -> set[str]:
        """What those names stand for that the cell uses of what the notebook imports."""
        return {full for name, full in self.aliases.items() if name in self.live}

    def is_students(self, function: ast.expr) -> bool:
        """Whether what is called is something of the student's, or belongs to it."""
        while isinstance(function, (ast.Attribute, ast.Call)):
            function = function.func if isinstance(function, ast.Call) else function.value
        return isinstance(function, ast.Name) and function.id in self.reached.student

    @cached_property
    def calls(self) -> list[ast.Call]:
        """The calls in the cell, in the order of its lines."""
        found = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]
        return sorted(found, key=lambda node: (node.lineno, node.col_offset))


# --- the rules --------------------------------------------------------------------------------


def asks_nothing(case: Case) -> Iterator[Broken]:
    if case.reached.student or case.reached.anything or is_empty(case.tree):
        return
    shared = sorted(case.reached.given & case.given.worked_on - set(case.lesson.above))
    if shared:
        sentence = f"{shared[0]} is the instructor's here, whatever the student made of it, and "
        sentence += "nothing else is the student's: let the solution make what is tested"
        yield Broken(1, "asks-nothing", sentence)
        return
    sentence = "it uses nothing that the student makes: test a name of a solution cell"
    yield Broken(2, "asks-nothing", sentence, everywhere=not looks_outside(case))


def looks_outside(case: Case) -> bool:
    """Whether a test cell may see what a student did other than by a name of the notebook."""
    trees = case.reached.trees
    modules = {name.split(".")[0] for tree in trees for name in imported(tree)}
    modules |= {name.split(".")[0] for name in case.imports}
    words = set[str]().union(*map(mentions, trees)) | modules
    own = any(case.lesson.is_beside(name) or find_spec(name) is None for name in modules if name)
    return own or any(OUTSIDE.fullmatch(word) for word in words)


def is_empty(tree: ast.Module) -> bool:
    """Whether there is no code in a cell; the doctor has another rule for that."""
    return all(
        isinstance(node, ast.Pass)
        or (isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str))
        for node in tree.body
    )


def other_magic(case: Case) -> Iterator[Broken]:
    if case.magics:
        sentence = f"{case.magics[0][:60]} is not executed in a test cell: do it in Python"
        yield Broken(10, "magic", sentence)


def names_of_shell(case: Case) -> Iterator[Broken]:
    used = sorted(case.live & set(NAMES_OF_SHELL) - case.lesson.names)
    methods = {
        node.func.value.func.id
        for node in case.calls
        if isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Call)
        and isinstance(node.func.value.func, ast.Name)
    }
    if "get_ipython" in methods:
        used.append("get_ipython()")
    if used:
        sentence = f"{used[0]} is IPython's, and a test cell runs without it: "
        yield Broken(10, "shell", sentence + "call the student's function instead")


def written_module(case: Case) -> Iterator[Broken]:
    for module in imported(case.tree):
        file, text = f"{module}.py", case.lesson.answer_text
        if not case.lesson.is_beside(module) and re.search(rf"\b{re.escape(file)}\b", text):
            sentence = f"{file} is not the student's here, since no module crosses: let the "
            yield Broken(10, "module", sentence + "solution define in its cell what is tested")
            return


def own_coroutine(case: Case) -> Iterator[Broken]:
    nodes = [*ast.walk(case.tree), *case.given.statements.values()]
    made = {node.name for node in nodes if isinstance(node, ast.AsyncFunctionDef)}
    coroutines = {
        target.id
        for node in ast.walk(case.tree)
        if isinstance(node, ast.Assign) and called_name(node.value) in made
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in case.calls:
        if not case.is_students(call.func):
            continue
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
            name = called_name(argument)
            if name in made or (isinstance(argument, ast.Name) and argument.id in coroutines):
                text = ast.unparse(argument)[:60]
                sentence = f"{text} does not cross to the student's code: a coroutine of the "
                yield Broken(10, "argument", sentence + "test's can be awaited by the test alone")
                return


def called_name(node: ast.AST | None) -> str:
    """The name f of a call f(...); "" for anything else."""
    return name_of(node.func) if isinstance(node, ast.Call) else ""


def name_of(node: ast.AST) -> str:
    """The name that an expression consists of; "" for anything else."""
    return node.id if isinstance(node, ast.Name) else ""


def surroundings(case: Case) -> Iterator[Broken]:
    aliases = case.aliases
    if not any(case.is_students(call.func) for call in case.calls):
        return
    for node in ast.walk(case.tree):
        name = full_name(node, aliases)
        if SURROUNDINGS.fullmatch(name):
            sentence = f"{name} of the student's process is not what the test makes of it: pass "
            yield Broken(10, "surroundings", sentence + "what the function is to use")
            return


def full_name(node: ast.AST, aliases: Mapping[str, str]) -> str:
    """The full name of something imported, such as "os.environ"; "" for all else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{aliases[node.value.id]}.{node.attr}" if node.value.id in aliases else ""
    return aliases.get(node.id, "") if isinstance(node, ast.Name) else ""


def points_by_student(case: Case) -> Iterator[Broken]:
    name = called_name(last_value(case.tree))
    answer = case.given.answers.get(name)
    if isinstance(answer, ast.FunctionDef | ast.AsyncFunctionDef) and gives_value(answer):
        sentence = f"its last line is what {name} returns, which would be its points: "
        yield Broken(11, "last-line", sentence + "assert something of it")


def last_value(tree: ast.Module) -> ast.AST | None:
    """What the last expression of a cell is worth, even if the cell gave it a name before."""
    value: ast.AST | None = None
    for node in reversed(tree.body):
        if value is None:
            value = node.value if isinstance(node, ast.Expr) else node
        elif isinstance(value, ast.Name) and value.id in bound(node):
            value = value_of(value.id, node)
        while isinstance(value, ast.Await | ast.NamedExpr):
            value = value.value
        if not isinstance(value, ast.Name):
            break
    return value


def value_of(name: str, statement: ast.stmt) -> ast.AST:
    """What a statement makes a name stand for; the statement itself if that is no expression."""
    for node in ast.walk(statement):
        match node:
            case ast.Assign(targets, value) if name in map(name_of, targets):
                return value
            case ast.AnnAssign(ast.Name(id), value=ast.expr() as value) if id == name:
                return value
            case ast.NamedExpr(ast.Name(id), value) if id == name:
                return value
    return statement


def gives_value(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function returns anything but None."""
    todo: list[ast.AST] = [*function.body]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Return) and node.value is not None:
            return not (isinstance(node.value, ast.Constant) and node.value.value is None)
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            todo += ast.iter_child_nodes(node)
    return False


CHECKS: tuple[Callable[[Case], Iterator[Broken]], ...] = (
    other_magic,
    names_of_shell,
    written_module,
    own_coroutine,
    surroundings,
    points_by_student,
)
