"""What the code of a test cell reaches: names of the student, and functions of the instructor."""

import ast
import builtins
import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils

from autograder.course.code import Region, bound, without_regions
from autograder.verdict.given import is_definition
from autograder.verdict.magics import expanded
from saelab.code import free_names, made_names, parsed

# What IPython gives to every cell.
SHELL = {"get_ipython", "display", "In", "Out", "_", "__", "___", "exit", "quit"}
# What can look up any name.
LOOKS_UP = {
    "globals", "locals", "vars", "dir", "eval", "exec", "get_ipython", "__main__", "modules",
    "testmod", "testfile", "run_docstring_examples", "currentframe", "_getframe", "stack",
}  # fmt: skip


@dataclass
class Reached:
    """What a piece of code reaches.

    Attributes:
        student: the names that it takes from the student's notebook.
        given: the names that it takes from definitions of the instructor's.
        trees: it, those definitions, and modules beside the notebook.
        anything: whether it may look up other names too.
    """

    student: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    trees: list[ast.AST] = field(default_factory=list)
    anything: bool = False


class Lesson:
    """A notebook of the instructor's, as one of its test cells sees it.

    Args:
        source: the notebook.
        position: the position of the test cell.
        folder: where the notebook lies; None if it is not known.
        region: the delimiters of solutions.

    Attributes:
        folder: as above.
        given: what the instructor's cells import or define, by name.
        above: what test cells above make, by name.
        asked: the names that solutions make.
        made: the names that cells other than test cells make.
        answers: the position and code of each solution cell.
        answer_text: the text of all of them.
        opaque: whether some names may come from a module that is not known.
    """

    def __init__(
        self, source: NotebookNode, position: int, folder: Path | None, region: Region
    ) -> None:
        self.folder = folder
        self.given: dict[str, ast.stmt] = {}
        self.above: dict[str, ast.stmt] = {}
        self.asked: set[str] = set()
        self.made: set[str] = set()
        self.answers: list[tuple[int, ast.Module]] = []
        self.answer_text = ""
        for number, cell in enumerate(source.cells):
            with contextlib.suppress(SyntaxError):
                if cell.cell_type == "code":
                    self._read(number, cell, position, region)
        imports = {name for name, node in self.given.items() if is_import(node)}
        self.asked -= imports
        self.opaque = "*" in self.given or "*" in self.above

    def _read(self, number: int, cell: NotebookNode, position: int, region: Region) -> None:
        is_solution = utils.is_solution(cell)
        self.answer_text += cell.source if is_solution else ""
        tree, _ = expanded(cell.source)
        if utils.is_grade(cell) and not is_solution:
            if number < position:
                self.above |= {name: node for node in tree.body for name in bound(node)}
            return
        self.made |= made_names(tree)[0]
        if is_solution:
            self.answers.append((number, tree))
            self.asked |= {name for node in tree.body for name in bound(node)} - {"*"}
            shown = without_regions(cell.source, [region])
            nodes = imports_in(shown) if shown != cell.source else []
        else:
            locked = utils.is_locked(cell)
            nodes = [n for n in tree.body if is_import(n) or (locked and is_definition(n))]
        self.given |= {name: node for node in nodes for name in bound(node)}

    @property
    def names(self) -> set[str]:
        """The names that cells of the notebook make, but for test cells below."""
        return self.made | self.asked | set(self.above)

    def is_beside(self, module: str) -> bool:
        """Whether a module lies beside the notebook."""
        return self.folder is not None and any(
            (self.folder / path).is_file() for path in (f"{module}.py", f"{module}/__init__.py")
        )

    def aliases(self) -> dict[str, str]:
        """What the names that imports of the notebook's make stand for."""
        nodes = [*self.given.values(), *self.above.values()]
        return aliases_of(node for node in nodes if is_import(node))


def reached(lesson: Lesson, body: list[ast.stmt]) -> Reached:
    """Find what a piece of code reaches.

    Args:
        lesson: the notebook in which it stands.
        body: the code.
    """
    found = Reached()
    nodes: list[ast.stmt] = list(body)
    names, seen = live_names(body), set[str]()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        node = None if name in lesson.asked else lesson.above.get(name, lesson.given.get(name))
        if node is not None:
            nodes.append(node)
            if not is_import(node):
                names |= live_names([node]) | free_names(ast.Module([node], []))
                found.given.add(name)
        elif name in lesson.asked or not (hasattr(builtins, name) or name in SHELL):
            # Nothing of the instructor's gives it.
            found.anything |= lesson.opaque and name not in lesson.asked
            found.student.add(name)
    found.trees = [*nodes, *modules_of(nodes, lesson.folder)]
    found.anything |= any(mentions(tree) & LOOKS_UP for tree in found.trees)
    return found


def modules_of(nodes: Iterable[ast.AST], folder: Path | None) -> Iterator[ast.Module]:
    """The modules beside the notebook that a piece of code imports, and those that they import."""
    todo, seen = list(nodes), set[Path]()
    while todo and folder is not None:
        for module in set(imported(todo.pop())) - {""}:
            stem = folder.joinpath(*module.split("."))
            for path in (stem.with_suffix(".py"), stem / "__init__.py"):
                if path in seen or not path.is_file():
                    continue
                seen.add(path)
                tree = parsed(path.read_text(encoding="utf-8", errors="replace"))
                if tree is not None:
                    yield tree
                    todo.append(tree)


def imported(tree: ast.AST) -> Iterator[str]:
    """The names of the modules that a piece of code may import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module or ''}.{alias.name}".strip(".") for alias in node.names)


def live_names(body: Iterable[ast.stmt]) -> set[str]:
    """The names that a piece of code takes from outside, in the order in which it is executed.

    A name that the code makes before it uses it is not among them. Nor is what stands behind a
    condition that is never true.

    Args:
        body: the statements.
    """
    statements = list(body)
    everything = made_names(ast.Module(statements, []))[0]
    made: set[str] = set()
    found: set[str] = set()

    def use(*nodes: ast.AST | None) -> None:
        for node in nodes:
            if isinstance(node, ast.expr):
                node = ast.Expr(node)
            if isinstance(node, ast.stmt):
                module = ast.Module([node], [])
                walrus = {n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr)}
                found.update(free_names(module) - made - walrus)
                made.update(walrus)

    def bind(node: ast.AST) -> None:
        made.update(bound(node))

    def visit(statements: Iterable[ast.stmt]) -> None:
        for node in statements:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    # Its body is executed later, where the rest of the code has made its names.
                    found.update(free_names(ast.Module([node], [])) - everything)
                    use(*node.decorator_list)
                    bind(node)
                case ast.If() if is_false(node.test):
                    visit(node.orelse)
                case ast.If() | ast.While():
                    use(node.test)
                    visit([*node.body, *node.orelse])
                case ast.For() | ast.AsyncFor():
                    use(node.iter)
                    bind(node.target)
                    visit([*node.body, *node.orelse])
                case ast.With() | ast.AsyncWith():
                    for item in node.items:
                        use(item.context_expr)
                        bind(item)
                    visit(node.body)
                case ast.Try() | ast.TryStar():
                    visit(node.body)
                    for handler in node.handlers:
                        use(handler.type)
                        made.update({handler.name} if handler.name else ())
                        visit(handler.body)
                    visit([*node.orelse, *node.finalbody])
                case _:
                    use(node)
                    bind(node)

    visit(statements)
    return found


def is_false(test: ast.expr) -> bool:
    """Whether a condition is a constant that is never true."""
    return isinstance(test, ast.Constant) and not test.value


def is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def imports_in(text: str) -> list[ast.stmt]:
    """The imports at the left margin of a text, which need not be Python besides."""
    tree = parsed(text)
    if tree is not None:
        return [node for node in tree.body if is_import(node)]
    lines = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    return [node for line in lines if (tree := parsed(line)) for node in tree.body]


def aliases_of(imports: Iterable[ast.AST]) -> dict[str, str]:
    """What each name that imports make stands for, such as {"np": "numpy"}."""
    found: dict[str, str] = {}
    for node in imports:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name if alias.asname else alias.name.split(".")[0]
                found[alias.asname or top] = top
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module or ''}.{alias.name}"
    return found


def names_in(tree: ast.AST) -> set[str]:
    """The names in a piece of code."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def mentions(tree: ast.AST) -> set[str]:
    """The names and attributes that a piece of code mentions, and texts that are a name."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                found.add(name)
            case ast.alias(name=name):
                found.update(name.split("."))
            case ast.Constant(value=str(name)) if name.isidentifier():
                found.add(name)
    return found
