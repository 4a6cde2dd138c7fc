"""Which names the cells of a notebook use, and where they come from."""

import ast
import builtins
import contextlib
import io
import re
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbgrader.utils import is_solution

from autograder.authoring.doctor.course_files import tree_of
from autograder.course.code import without_regions
from autograder.verdict.reach import SHELL
from saelab.code import free_names, made_names

KNOWN = SHELL | {"__file__"} | set(dir(builtins))
# What can bring any names with it.
_OPEN = re.compile(r"^\s*%(pylab|run|load)\b|\bglobals\(\)|^\s*exec\(", re.M)
# What brings none but those that its options name: text, and code that another process executes.
_ELSEWHERE = re.compile(
    r"\s*%%(?:bash|cmd|file|html|javascript|js|latex|markdown|perl|pypy|python[23]?|ruby|script|sh|"
    r"svg|writefile)\b(.*)",
    re.I,
)
_OPTION = re.compile(r"--(?:out|err|proc)[ =](\w+)")


@dataclass
class CodeNames:
    """The names of one code cell.

    Attributes:
        used: the names that the cell takes from outside.
        bound: the names that it makes at its top level.
        imported: those of `bound` that an import makes.
        shown: the names that the students' version of the cell makes too.
        open: whether the cell may bring any other names.
        fault: the SyntaxError, if the cell is not Python.
        tree: the syntax tree, or None if there is none.
    """

    used: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    open: bool = False
    fault: SyntaxError | None = None
    tree: ast.Module | None = None


def names_of(cell: NotebookNode, solution_pairs: Sequence[tuple[str, str]]) -> CodeNames:
    """Find the names of a code cell.

    Args:
        cell: the code cell.
        solution_pairs: the delimiters of solutions, as regions.marked takes them.
    """
    try:
        tree = tree_of(cell.source)
    except SyntaxError as error:
        return CodeNames(open=True, fault=error)
    if tree is None:
        elsewhere = _ELSEWHERE.match(cell.source)
        bound = set(_OPTION.findall(elsewhere[1])) if elsewhere else set[str]()
        return CodeNames(open=not elsewhere, bound=bound)
    found = CodeNames(tree=tree, open=bool(_OPEN.search(cell.source)))
    found.open = found.open or any(
        isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
        for node in ast.walk(tree)
    )
    found.bound, found.imported = made_names(tree)
    found.used = free_names(tree) - found.bound
    rest = without_regions(cell.source, solution_pairs)
    if rest != cell.source:
        found.shown = _bound_in_text(rest)
    elif not is_solution(cell):  # else nbgrader removes the whole of it
        found.shown = found.bound
    return found


def _bound_in_text(text: str) -> set[str]:
    """As made_names, for a text in which a removed region may leave a function without a body."""
    with contextlib.suppress(SyntaxError):
        if (tree := tree_of(text)) is not None:
            return made_names(tree)[0]
    found = re.findall(r"^(?:def|class|import)? *(\w+)|\bas (\w+)", text, re.M)
    return {name for pair in found for name in pair if name}


def is_known(name: str) -> bool:
    """Whether Python or IPython provides a name."""
    return name in KNOWN


def words_of(text: str) -> set[str]:
    """The words of a cell's code, strings and AUTOTEST lines, without those of comments."""
    words = set()
    for line in text.splitlines():
        if line.lstrip().startswith("#") and "AUTOTEST" in line:
            words |= set(re.findall(r"\w+", line))
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type != tokenize.COMMENT:
                words |= set(re.findall(r"\w+", token.string))
    except (tokenize.TokenError, SyntaxError):
        words |= set(re.findall(r"\w+", text))
    return words
