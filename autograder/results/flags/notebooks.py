"""Submitted notebooks as pieces of code, and the names that each uses, as far as reading shows."""

import ast
import functools
import importlib.machinery
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests

from autograder.course.code import bound
from autograder.kernel.inside.absent import TOLD
from autograder.submission.reading import MOST_BYTES, content_of
from saelab.code import parsed

ASSIGNING = (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.AugAssign)


@dataclass(frozen=True)
class Flag:
    """A reason to look at a cell.

    Attributes:
        student: the id of the student.
        notebook: the name of the notebook.
        where: the function, or the cell.
        line: the line in the cell.
        what: the reason, in words.
        mild: whether the work is likely to be all right.
        cell: the position of the cell in the notebook.
    """

    student: str
    notebook: str
    where: str
    line: int
    what: str
    mild: bool = False
    cell: int = 0


@dataclass
class Piece:
    """A statement at the top level of a cell.

    Attributes:
        where: the function that it defines, or its cell.
        cell: the position of the cell in the notebook.
        node: the statement in the syntax tree.
    """

    where: str
    cell: int
    node: ast.stmt


@dataclass
class Notebook:
    """What a student wrote into one notebook; what was given is left out.

    Attributes:
        student: the id of the student.
        name: the name of the notebook.
        pieces: the statements that the student wrote.
        aliases: from a name to what it was imported as.
        stars: the modules of which all names were imported.
        missing: the cell, by its name and its position, and the module, of each import that failed
            since the grader has no such module.
        beside: the names of modules that were handed in beside the notebook.
    """

    student: str
    name: str
    pieces: list[Piece] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)  # from a name to what it was imported as
    stars: list[str] = field(default_factory=list)  # modules of which all names were imported
    missing: list[tuple[str, int, str]] = field(default_factory=list)
    beside: frozenset[str] = frozenset()

    @classmethod
    def read(
        cls,
        path: str | Path,
        student: str = "",
        source: NotebookNode | None = None,
        given: set[str] | None = None,
        home: Path | None = None,
    ) -> Self:
        """Read the file of a notebook.

        No error is raised: a file that is not a notebook has no pieces.

        Args:
            path: the file.
            student: the id of the student.
            source: the instructor's notebook, as for of().
            given: its given_texts(), as for of().
            home: the instructor's folder, whose modules are no student's; None if there is none.
        """
        notebook = cls.of(cells_of(path), student, Path(path).stem, source, given)
        notebook.beside = modules_in(Path(path).parent) - (modules_in(home) if home else set())
        return notebook

    @classmethod
    def of(
        cls,
        cells: Iterable[NotebookNode],
        student: str = "",
        name: str = "",
        source: NotebookNode | None = None,
        given: set[str] | None = None,
    ) -> Self:
        """Make a Notebook of cells.

        Args:
            cells: the cells that were handed in.
            student: the id of the student.
            name: the name of the notebook.
            source: the instructor's notebook, whose cells are left out if they are unchanged.
                Without it, cells that students cannot change are left out.
            given: the given_texts() of the source, for a caller that reads a whole class. Without
                it, they are made from the source.
        """
        notebook = cls(student, name)
        if given is None:
            given = given_texts(source) if source else set()
        for position, cell in enumerate(cells):
            if cell.cell_type != "code":
                continue
            tree = tree_of(cell.source)
            if tree is None:
                continue
            notebook.note_imports(naming(cell.source))
            if cell.source.strip() not in given and (source or not is_given(cell)):
                title = cell.metadata.get("nbgrader", {}).get("grade_id", f"cell {position + 1}")
                told = (TOLD.match(str(one.get("evalue"))) for one in cell.get("outputs", ()))
                found = dict.fromkeys(one[1] for one in told if one)
                notebook.missing += [(title, position, module) for module in found]
                for node in tree.body:
                    where = node.name if isinstance(node, ast.FunctionDef) else title
                    notebook.pieces.append(Piece(where, position, node))
        return notebook

    def note_imports(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.split(".")[0]
                    self.aliases[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    if alias.name == "*":
                        self.stars.append(node.module)
                    else:
                        self.aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.note_other_name(node.targets[0].id, node.value)

    def note_other_name(self, name: str, value: ast.AST) -> None:
        """Note another name for something imported, as in `shell = get_ipython()`."""
        words = dotted(value)
        if words == ["get_ipython"]:
            self.aliases[name] = "get_ipython"
        elif words and words[0] in self.aliases and isinstance(value, (ast.Name, ast.Attribute)):
            self.aliases.setdefault(name, self.resolved(value)[0])

    def flag(self, piece: Piece, node: ast.AST, what: str, mild: bool = False) -> Flag:
        line = getattr(node, "lineno", piece.node.lineno)
        return Flag(self.student, self.name, piece.where, line, what, mild, piece.cell)

    def full_names(self, piece: Piece) -> Iterator[tuple[ast.AST, str]]:
        """Pairs of a node and the full dotted name that it means, such as "numpy.linalg.norm"."""
        for node in ast.walk(piece.node):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)
            elif isinstance(node, ast.Call) and (module := imported_by_name(node)):
                yield node, module
            elif isinstance(node, (ast.Name, ast.Attribute)):
                yield from ((node, name) for name in self.resolved(node))

    def resolved(self, node: ast.AST) -> list[str]:
        """The full names that a name or an attribute may have; none for any other node.

        A name that was not imported, such as that of a local variable, stays as it is. It may
        also be a name from a module of which all names were imported.
        """
        words = dotted(node)
        if not words:
            return []
        first, *rest = words
        if first in self.aliases:
            return [".".join([self.aliases[first], *rest])]
        return [".".join([*module, *words]) for module in ([], *([m] for m in self.stars))]

    def made_of(self, name: str) -> list[Piece]:
        """The pieces that define a function, and those here that define what it calls."""
        defined: dict[str, list[Piece]] = {}
        found: dict[int, Piece] = {}
        open_names = [name]
        for piece in self.pieces:
            for made in names_bound(piece.node):
                defined.setdefault(made, []).append(piece)
        while open_names:
            for piece in defined.get(open_names.pop(), ()):
                if id(piece) not in found:
                    found[id(piece)] = piece
                    used = [n.id for n in ast.walk(piece.node) if isinstance(n, ast.Name)]
                    # libraries() leaves out pieces of other exercises: they get their own flags.
                    open_names += [n for n in used if n in defined]
        return list(found.values())


def modules_in(folder: Path) -> frozenset[str]:
    """The names of the modules that a notebook in a folder could import from there."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return frozenset()
    endings = tuple(importlib.machinery.all_suffixes())
    return frozenset(
        entry.name.partition(".")[0]
        for entry in entries
        if entry.name.endswith(endings) or entry.is_dir(follow_symlinks=False)
    )


def cells_of(path: str | Path) -> list[NotebookNode]:
    """The cells of a notebook file; none if it is no notebook, or is a link, a pipe, or endless."""
    try:
        if Path(path).is_symlink():
            return []
        return nbformat.reads(content_of(path, MOST_BYTES).decode(), as_version=4).cells
    except Exception:  # nbformat raises whatever its parts do
        return []


@functools.lru_cache(maxsize=2048)
def tree_of(text: str) -> ast.Module | None:
    """As parsed(), with a cache: a class has many cells in common, and nobody changes a tree."""
    return parsed(text)


@functools.lru_cache(maxsize=2048)
def naming(text: str) -> list[ast.Import | ast.ImportFrom | ast.Assign]:
    """The imports and assignments anywhere in a cell; none if the cell is not Python."""
    kinds = (ast.Import, ast.ImportFrom, ast.Assign)
    tree = tree_of(text)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)] if tree else []


def given_texts(source: NotebookNode) -> set[str]:
    """The texts of an instructor's cells, both as released and with their hidden tests.

    Those of solutions are not among them: nobody is given these.
    """
    released, _ = ClearHiddenTests().preprocess(nbformat.from_dict(source), ResourcesDict())
    cells = [*source.cells, *released.cells]
    return {cell.source.strip() for cell in cells if not utils.is_solution(cell)}


def read_source(path: Path) -> NotebookNode | None:
    """The instructor's notebook, or None if there is none."""
    return nbformat.read(path, as_version=4) if path.exists() else None


def is_given(cell: NotebookNode) -> bool:
    """Whether students cannot change a cell, according to its own metadata."""
    return utils.is_locked(cell) or (utils.is_grade(cell) and not utils.is_solution(cell))


def dotted(node: ast.AST) -> list[str]:
    """The words of a name such as a.b.c; a call in between counts as what is called."""
    words = []
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Attribute):
            words.append(node.attr)
            node = node.value
        else:
            node = node.func
    return [node.id, *reversed(words)] if isinstance(node, ast.Name) else []


def imported_by_name(call: ast.Call) -> str | None:
    """The module that __import__("...") or importlib.import_module("...") imports, or None."""
    words = dotted(call.func)
    if words and words[-1] in ("__import__", "import_module") and call.args:
        first = call.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return first.value
    return None


def names_bound(node: ast.AST) -> list[str]:
    """The names of a function, a class or an assignment; none for another statement."""
    return bound(node) if isinstance(node, ASSIGNING) else []
