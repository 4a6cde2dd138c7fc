"""What the code of a test cell reaches: names of the student, and functions of the instructor."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils

from autograder.course.code import bound
from autograder.verdict.given import IMPORTS, Given, body_of, is_test
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
        released: the same notebook as students get it, without solutions.
        position: the position of the test cell.
        folder: where the notebook lies; None if it is not known.

    Attributes:
        folder: as above.
        given: what the notebook gives to its test cells, and asks students for.
        above: what test cells above make, by name.
        answer_text: the text of all solution cells.
        opaque: whether some names may come from a module that is not known.
    """

    def __init__(
        self, source: NotebookNode, released: NotebookNode, position: int, folder: Path | None
    ) -> None:
        self.folder, self.given = folder, Given(source, released)
        code = [cell for cell in source.cells[:position] if cell.cell_type == "code"]
        tests = [cell for cell in code if is_test(cell)]
        self.above: dict[str, ast.stmt] = {
            name: node for cell in tests for node in body_of(cell) for name in bound(node)
        }
        self.answer_text = "".join(cell.source for cell in source.cells if utils.is_solution(cell))
        self.opaque = bool(self.given.stars) or "*" in self.above

    @property
    def names(self) -> set[str]:
        """The names that cells of the notebook make, but for test cells below."""
        return {*self.given.known, *self.given.asked_for, *self.above}

    def is_beside(self, module: str) -> bool:
        """Whether a module lies beside the notebook."""
        return self.folder is not None and any(
            (self.folder / path).is_file() for path in (f"{module}.py", f"{module}/__init__.py")
        )

    def aliases(self) -> dict[str, str]:
        """What the names that imports of the notebook's make stand for."""
        return aliases_of([*self.given.statements.values(), *self.above.values()])


def reached(lesson: Lesson, body: list[ast.stmt]) -> Reached:
    """Find what a piece of code reaches.

    Args:
        lesson: the notebook in which it stands.
        body: the code.
    """
    found = Reached()
    nodes: list[ast.stmt] = list(body)
    names, seen = live_names(body), set[str]()
    asked, statements = lesson.given.asked_for, lesson.given.statements
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        node = None if name in asked else lesson.above.get(name, statements.get(name))
        if node is not None:
            nodes.append(node)
            if not isinstance(node, IMPORTS):
                names |= live_names([node]) | free_names(ast.Module([node], []))
                found.given.add(name)
        elif not (lesson.given.gives(name) or name in SHELL):
            found.anything |= lesson.opaque and name not in asked
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
