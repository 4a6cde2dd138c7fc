"""Your own functions from earlier notebooks.

A notebook asks for what it needs:

    sigmoid, feed_forward = previous.functions("02_cost", "sigmoid", "feed_forward")

and gets the functions as they are written in `../02_cost/02_cost.ipynb`, or in a `02_cost.ipynb`
that lies beside it. Of that notebook only what these functions need is executed: their definitions,
and what makes the names that they use. Figures, checks and long runs are not. A function that is
not there is replaced by one that says why, and what to do, when it is called.
"""

import __future__

import ast
import builtins
import contextlib
import glob
import inspect
import io
import linecache
import os
import re
import sys
import traceback
import warnings
from collections.abc import Collection, Iterator, Sequence
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple, NoReturn

from saelab.code import called_names, free_names, made_names, names_in_broken, parse, parsed
from saelab.files import nature
from saelab.notebook import Unreadable, notebook_in, text_of
from saelab.typed import Function

Folder = str | os.PathLike[str] | None
IMPORTS = (ast.Import, ast.ImportFrom)
# `await` outside a function, as Jupyter allows it.
AWAITING = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
AGAIN = "save that notebook, and run this cell again."
DEFINITIONS = (*IMPORTS, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# What stands below IPython's other cell magics, such as %%writefile and %%timeit, names nothing.
RUN_IN_NOTEBOOK = ("%%time", "%%capture", "%%prun", "%%debug")
# Names that Python or IPython gives, and that a function may look for in its own way.
GIVEN = re.compile(r"__\w+__|_+|_i*|_i?\d+|_[iod]h|In|Out|get_ipython|display|exit|quit")
LOOKS_UP = {"globals", "locals", "vars", "exec", "eval", "NameError"}

# What a notebook that is being executed gets its own earlier functions from.
_EARLIER: ContextVar[Function | None] = ContextVar("earlier functions", default=None)


class Unfinished(NotImplementedError):
    """A function of an earlier notebook is needed here, but it is not there."""


class Reason(NamedTuple):
    """Why a name is not there, and what to do about it."""

    says: str
    todo: str = "Mend that,"


def functions(notebook: str, *names: str, folder: Folder = None) -> Any:
    """Get your own functions from an earlier notebook.

    If the notebook is missing, or a function is not written yet or cannot be had, a message says so
    here. An error comes only when you call that function: it raises Unfinished.

    Args:
        notebook: the notebook's name, such as "02_cost".
        *names: the names of the functions.
        folder: the folder that holds the notebooks, or the folders of the notebooks; None means the
            folder above the working directory, and then the working directory. If the environment
            variable SAELAB_PREVIOUS is set, as a grader does, it is used instead of all these.

    Returns:
        The functions as a tuple, in the order of `names`. One name gives the function itself.

    Raises:
        ValueError: if the file is not a notebook, if no notebook or no function is named, or if
            the folder is no path.
    """
    if not names or not all(isinstance(name, str) and name.isidentifier() for name in names):
        raise ValueError(
            "name at least one function, and each in quotes of its own, as in "
            'previous.functions("02_cost", "sigmoid", "feed_forward")'
        )
    if not isinstance(notebook, str) or not notebook or "\0" in notebook:
        raise ValueError(
            "give the notebook's name in quotes, before the functions, as in "
            'previous.functions("02_cost", "sigmoid", "feed_forward")'
        )
    if folder is not None and not isinstance(folder, (str, os.PathLike)):
        raise ValueError(
            'folder is the path of a folder in quotes, such as folder="../mine", not a value of '
            f"type {type(folder).__name__}"
        )
    earlier = _EARLIER.get()
    if earlier is not None:
        return earlier(notebook, *names, folder=folder)
    missing: list[str] = []
    chosen = _choose(missing, folder, notebook, names)
    if missing:
        print("\n".join(dict.fromkeys(missing)))
    return chosen


def definitions(cells: Sequence[str], earlier: Function, origin: str) -> dict[str, Any]:
    """Execute the definitions of a notebook, and nothing that computes.

    These are its functions and classes, values without calls, and the imports that these use. A
    cell that is not Python is skipped, and so is a definition that fails.

    Args:
        cells: the sources of the notebook's code cells.
        earlier: called in place of previous.functions if the notebook itself asks for functions of
            an earlier one.
        origin: the notebook's name for tracebacks, and the name of the functions' module.

    Returns:
        The namespace. A function that is not written yet is replaced by one that says so.
    """
    notebook = Notebook(cells, Path(origin), module=origin)
    notebook.statements = [each for each in notebook.statements if each.only_defines]
    makers = [each for each in notebook.statements if not isinstance(each.node, IMPORTS)]
    notebook.execute({name for each in makers for name in each.makes}, earlier)
    return notebook.namespace


def read_code(path: Path) -> list[str]:
    """Read the sources of a notebook's code cells, as a grader reads them.

    A test cell is one that nbgrader grades and that holds no solution. It may import what students
    do not have.

    Args:
        path: the notebook file.

    Returns:
        The source of each code cell; "" for a test cell.

    Raises:
        Unreadable: if the file is not a notebook.
    """
    code = [cell for cell in _cells(path) if cell.get("cell_type") == "code"]

    def is_test(cell: dict[str, Any]) -> bool:
        metadata = cell.get("metadata")
        grading = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        if not isinstance(grading, dict):
            return False
        return bool(grading.get("grade")) and not grading.get("solution")

    return ["" if is_test(cell) else text_of(cell.get("source")) for cell in code]


def _cells(path: Path) -> list[dict[str, Any]]:
    try:
        cells = notebook_in(path.read_bytes())["cells"]
    except (OSError, Unreadable) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise Unreadable(
            f"{path} is not a readable notebook: {reason}. Open it in JupyterLab; if that works, "
            "save it again"
        ) from None
    return [cell for cell in cells if isinstance(cell, dict)]


def is_stub(node: ast.FunctionDef) -> bool:
    """Whether a function is not written yet: it is empty, or raises NotImplementedError first.

    Many students leave the stub's `raise NotImplementedError` below their own `return`, which does
    no harm.

    Args:
        node: the function's definition.

    Returns:
        True if the function is not written yet.
    """
    for statement in node.body:
        if isinstance(statement, ast.Raise):
            return "NotImplementedError" in ast.dump(statement)
        if _may_return(statement):
            return False
    return all(is_empty(statement) for statement in node.body)


class Statement:
    """A statement at the top level of a notebook.

    Args:
        node: its syntax tree.
        cell: the number of its code cell; the first is 1.
    """

    def __init__(self, node: ast.stmt, cell: int) -> None:
        self.node, self.cell = node, cell
        try:
            self.makes, self.imports = made_names(ast.Module([node], []))
        except (SyntaxError, RecursionError):  # of a `nonlocal` where there is no function
            self.makes = self.imports = self.changes = set()
        self.is_star = isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        if self.is_star:
            self.makes = {"*"}

    @cached_property
    def uses(self) -> set[str]:
        """The names that it, or a function in it, takes from the notebook."""
        return free_names(ast.Module([self.node], []))

    @cached_property
    def calls(self) -> set[str]:
        """The names that a function in it takes from the notebook when it is called."""
        return called_names(ast.Module([self.node], []))

    @cached_property
    def changes(self) -> set[str]:
        """The names of objects that it changes: by setting a part of them, or by a bare method."""
        if isinstance(self.node, DEFINITIONS):
            return set()
        found = set()
        for part in ast.walk(self.node):
            if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
                part = part.value.func
            elif isinstance(getattr(part, "ctx", None), ast.Load):
                continue
            while isinstance(part, (ast.Attribute, ast.Subscript)):
                part = part.value
                if isinstance(part, ast.Name):
                    found.add(part.id)
        return found

    @property
    def only_defines(self) -> bool:
        """Whether it only names functions, classes, modules, or a value without calls."""
        if isinstance(self.node, (ast.Assign, ast.AnnAssign)):
            value = self.node.value
            if value is None or isinstance(value, ast.Lambda):
                return True
            return self.asks or not any(isinstance(part, ast.Call) for part in ast.walk(value))
        return isinstance(self.node, DEFINITIONS)

    @property
    def asks(self) -> bool:
        """Whether it asks an earlier notebook for functions."""
        return "previous.functions(" in ast.unparse(self.node)

    def makes_by_call(self, name: str) -> bool:
        """Whether it makes a name only if a function of it is called, which has it as `global`."""
        return isinstance(self.node, DEFINITIONS[2:]) and self.node.name != name

    def makes_stub(self, name: str) -> bool:
        """Whether it makes a function of that name that is not written yet."""
        nodes = [node for node in ast.walk(self.node) if isinstance(node, ast.FunctionDef)]
        made = [node for node in nodes if node.name == name]
        return bool(made) and all(map(is_stub, made))


class Notebook:
    """A notebook of which only what is needed is executed.

    Args:
        cells: the sources of its code cells.
        path: its file, for messages.
        module: its `__name__`, and that of its functions' module.

    Attributes:
        namespace: what the executed statements have made.
        statements: all statements at the top level.
        needed: the names that the last execution needed, and the last cell that counted for each.
        makers: the names that the last execution made, and the statement that made each.
        executed: the statements that the last execution chose.
        broken: the numbers of cells that are not Python, and why.
        unread: the numbers of cells that do not run in the notebook itself, and their magic.
        failed: the names that a statement should have made and did not, and why.
    """

    def __init__(self, cells: Sequence[str], path: Path, module: str = "__main__") -> None:
        self.cells, self.path = cells, path
        self.namespace: dict[str, Any] = {"__name__": module}
        self.statements: list[Statement] = []
        self.needed: dict[str, int] = {}
        self.makers: dict[str, Statement] = {}
        self.executed: list[Statement] = []
        self.broken: dict[int, SyntaxError] = {}
        self.unread: dict[int, str] = {}
        self.failed: dict[str, Reason] = {}
        for number, cell in enumerate(cells, start=1):
            magic = next((word for word in _magics(cell) if word not in RUN_IN_NOTEBOOK), None)
            if magic:
                self.unread[number] = magic
                continue
            try:
                self.statements += [Statement(node, number) for node in _tree(cell).body]
            except SyntaxError as error:
                self.broken[number] = error

    def execute(self, names: Collection[str], earlier: Function) -> None:
        """Execute what these names need, in the order of the notebook.

        Args:
            names: the names.
            earlier: is called in place of previous.functions.
        """
        for number, cell in enumerate(self.cells, start=1):
            # So that a traceback shows the lines.
            lines, file = cell.splitlines(keepends=True), self._file(number)
            linecache.cache[file] = (len(cell), None, lines, file)
        token = _EARLIER.set(earlier)
        try:
            self.executed = self._needed(names)
            for statement in self.executed:
                self._run(statement)
        finally:
            _EARLIER.reset(token)

    def is_written(self, name: str) -> bool:
        """Whether the notebook's last statement that makes a name makes more than a stub."""
        makers = [statement for statement in self.statements if name in statement.makes]
        return bool(makers) and not makers[-1].makes_stub(name) and not makers[-1].asks

    def lack(self, name: str) -> str | None:
        """Why a name is not there, in words; None if it is there, or nothing is known of it."""
        missing = _missing(self.namespace.get(name))
        if name in self.namespace and not missing:
            return None
        why = self.why(name)
        if why is None:
            return missing
        return f"{name} cannot be had from {self.path}. {why.says} {why.todo} {AGAIN}"

    def why(self, name: str) -> Reason | None:
        """Why no cell made a name, and what to do."""
        if name in self.failed:
            return self.failed[name]
        if hasattr(builtins, name):
            return None
        why = self._lost.get(name)
        if why or name in self.namespace:
            return why
        # All of a module might have been all that is not there.
        return self.failed.get("*") or self._lost.get("*")

    def lacks(self, names: Collection[str]) -> Iterator[str]:
        """Why what these names use is not there, in words.

        Nothing is said of the names themselves, and nothing twice.

        Args:
            names: the names that were asked for.
        """
        reached: dict[str, Statement | None] = {}
        waiting = list(names)
        for name in waiting:
            if name not in reached:
                maker = reached[name] = self.makers.get(name)
                changed = [each for each in self.executed if name in each.changes]
                waiting += sorted({n for each in (maker, *changed) if each for n in each.uses})
        told = {self.why(name) for name in names if self.lack(name)} - {None}
        for name in reached:
            lack, why = self.lack(name), self.why(name)
            if lack and name not in names and why not in told:
                told |= {why} - {None}
                yield lack
        unmade: set[str] = set()
        for name, maker in reached.items():
            # What else was executed has found all its names.
            used = maker.calls - maker.makes if maker and name in self.namespace else set()
            for unknown in sorted(used - unmade) if not LOOKS_UP & used else ():
                if not self.why(unknown) and not self._may_be_there(unknown, reached):
                    unmade.add(unknown)
                    yield (
                        f"{name} in {self.path} uses {unknown}, and no statement that was run "
                        f"there makes {unknown}. What only a magic or a bare call makes is not "
                        f"made here: import or set {unknown} by name, {AGAIN}"
                    )

    def _may_be_there(self, name: str, used: Collection[str]) -> bool:
        """Whether a name is there, or may be when a function uses it that uses these names."""
        if name in self.namespace or hasattr(builtins, name) or GIVEN.fullmatch(name):
            return True
        makers = [each for each in self.statements if name in each.makes]
        return any(
            not each.makes_by_call(name) or each.makes.intersection(used) - {name}
            for each in makers
        )

    @cached_property
    def _lost(self) -> dict[str, Reason]:
        """The names that cells would make which are not run, and why they are not."""
        found: dict[str, Reason] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for number, cell in enumerate(self.cells, start=1):
                if number in self.broken:
                    error = self.broken[number]
                    line = f"line {error.lineno}: " if error.lineno else ""
                    why = Reason(
                        f"Code cell {number} is not Python ({line}{error.msg}), so that nothing in "
                        "that cell can be run."
                    )
                elif number in self.unread:
                    magic = self.unread[number]
                    why = Reason(
                        f"In code cell {number} what stands below {magic} is not read.",
                        f"Take {magic} away there,",
                    )
                else:
                    continue
                for name in names_in_broken(_python(cell)[0]):
                    found.setdefault(name, why)
        return found

    def _needed(self, names: Collection[str]) -> list[Statement]:
        """The statements that these names need.

        A function was tried when its cell had been run. So what it uses is what the cells down to
        its own have made. What is made below, such as by an example that happens to use the same
        name, counts only if it is a definition, or if there is nothing above.
        """
        imported = {name for each in self.statements for name in each.imports}
        first: dict[str, int] = {}
        for each in self.statements:
            for name in each.makes:
                first.setdefault(name, each.cell)
        self.needed = dict.fromkeys(names, len(self.cells))

        def counts(each: Statement, name: str) -> bool:
            last = max(self.needed[name], first.get(name, 0))
            return each.cell <= last or isinstance(each.node, DEFINITIONS)

        chosen: set[Statement] = set()
        waiting = list(self.statements)
        while waiting:
            for each in waiting:
                # Settings of a module are nobody's own.
                made = (each.makes | (each.changes - imported)) & self.needed.keys()
                if each.is_star or any(counts(each, name) for name in made):
                    chosen.add(each)
                    for name in each.uses:
                        self.needed[name] = max(self.needed.get(name, 0), each.cell)
            if not chosen.intersection(waiting):
                break
            waiting = [each for each in waiting if each not in chosen]
        return [each for each in self.statements if each in chosen]

    def _run(self, statement: Statement) -> None:
        """Execute a statement. If it fails, what it should have made stays as it was."""
        before = {name: self.namespace.get(name) for name in statement.makes}
        why: Reason | None = None
        try:
            module, flags = ast.Module([statement.node], []), self._flags | AWAITING
            code = compile(module, self._file(statement.cell), "exec", flags, True)
            if code.co_flags & inspect.CO_COROUTINE:
                why = self._awaiting(statement)
            else:
                exec(code, self.namespace)
        except Unreadable:  # an earlier notebook
            raise
        except (Exception, SystemExit) as error:
            # What was the reason of the reason?
            unknown = error.name if isinstance(error, NameError) else None
            why = (unknown and self.why(unknown)) or self._words(statement, error)
        if why:
            self.failed.update(dict.fromkeys(statement.makes, why))
            self.makers = dict.fromkeys(statement.makes, statement) | self.makers
            return
        for name, value in before.items():
            self.failed.pop(name, None)
            if self.namespace.get(name) is value:
                continue
            if statement.makes_stub(name):
                self.namespace[name] = _placeholder(
                    name,
                    f"{name} is not written yet in {self.path}. Write it there, {AGAIN}",
                )
                self.makers.pop(name, None)
            elif callable(value) and not callable(self.namespace.get(name)):
                # An example below calls its number as the function is called.
                self.namespace[name] = value
            else:
                self.makers[name] = statement

    @cached_property
    def _flags(self) -> int:
        """Those of `from __future__ import annotations`, which holds for all cells."""
        nodes = [each.node for each in self.statements if isinstance(each.node, ast.ImportFrom)]
        names = [a.name for node in nodes if node.module == "__future__" for a in node.names]
        return sum({getattr(__future__, n).compiler_flag for n in names if hasattr(__future__, n)})

    def _words(self, statement: Statement, error: BaseException) -> Reason:
        """Which line of the notebook stopped, and why."""
        file = self._file(statement.cell)
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
        line = (lines[-1] if lines else None) or statement.node.lineno
        text = linecache.getline(file, line).strip()
        told = "".join(traceback.format_exception_only(error)).splitlines()
        said = next(line for line in told if not line.startswith(" "))  # the lines of a SyntaxError
        said = said[:300].rstrip(".: ")
        says = f"Code cell {statement.cell} stops in line {line}, `{text}`, with {said}."
        if isinstance(error, ModuleNotFoundError):
            return Reason(says, "Install that module, or do without it there,")
        return Reason(says)

    def _awaiting(self, statement: Statement) -> Reason:
        """Which statement of the notebook awaits something."""
        line = statement.node.lineno
        text = linecache.getline(self._file(statement.cell), line).strip()
        return Reason(
            f"In code cell {statement.cell} the statement in line {line}, `{text}`, awaits "
            "something, and such a statement is not run here.",
            "Do without `await` there,",
        )

    def _file(self, cell: int) -> str:
        return f"<{self.path.name}, code cell {cell}>"


def _choose(
    missing: list[str],
    folder: Folder,
    notebook: str,
    names: Sequence[str],
    asking: frozenset[tuple[str, str]] = frozenset(),
) -> Any:
    """What `functions` returns.

    Args:
        missing: gets a text for each function, or what it uses, that is not there.
        folder: as in `functions`.
        notebook: as in `functions`.
        names: as in `functions`.
        asking: the notebooks that ask for this one, and the functions that they are asked for.
    """
    home, named = Path.cwd(), os.environ.get("SAELAB_PREVIOUS") or folder
    places = [Path(os.path.expanduser(named))] if named else [Path(".."), Path()]
    notebook = notebook.removesuffix(".ipynb")
    file = f"{notebook}.ipynb"
    paths = [path for place in places for path in (place / notebook / file, place / file)]
    there = [path for path in paths if os.path.lexists(path)]
    path = next(filter(os.path.isfile, there), (there or paths)[0])
    asked = {name: (os.path.realpath(path), name) for name in names}

    def earlier(notebook: str, *names: str, folder: Folder = folder) -> Any:
        with contextlib.chdir(home):
            return _choose(missing, folder or outer, notebook, names, asking.union(asked.values()))

    outer, found = folder, Notebook([], path)
    if os.path.isfile(path):
        found = Notebook(read_code(path), path)
        with _as_in(path.parent):
            found.execute([name for name in names if asked[name] not in asking], earlier)
    chosen: list[Any] = []
    for name in names:
        value = found.namespace.get(name)
        lack = found.lack(name)
        if asked[name] in asking:
            lack = (
                f"{name} is asked for in a circle: {path} asks for it by previous.functions, and "
                f"is itself asked for it. Write it there, {AGAIN}"
            )
        elif not os.path.isfile(path):
            beside = "" if len(places) == 1 else ", nor one beside this notebook"
            why = f"there is no such file{beside}"
            if there:
                why = f"that is {nature(path)}"
            elif os.path.isfile(places[0]):
                why = f"{places[0]} is a file, not a folder"
            lack = f"{name} is needed from {path}, and {why}."
            lack += _copies(name, path, paths) or (
                " Put that notebook there, or name the folder that holds it: "
                "previous.functions(..., folder=...)."
            )
        elif lack or not callable(value):
            kind = f"a value of type {type(value).__name__}, not a function,"
            kind = kind if name in found.namespace else "not"
            todo = f"is {kind} in {path}. Write it there,"
            lack = lack or f"{name} {_in_text(name, path) or todo} {AGAIN}"
            lack += _copies(name, path, paths)
        missing += [lack] if lack else []
        chosen.append(_placeholder(name, lack) if lack else value)
    missing += [lack for lack in found.lacks(names) if lack not in missing]
    return chosen[0] if len(chosen) == 1 else tuple(chosen)


def _in_text(name: str, path: Path) -> str:
    """What to say of a function that stands in a cell for text; "" if it does not."""
    for number, cell in enumerate(_cells(path), start=1):
        kind = cell.get("cell_type")
        tree = parsed(text_of(cell.get("source"))) if kind in ("markdown", "raw") else None
        if tree and any(name in Statement(node, number).makes for node in tree.body):
            return (
                f"is in no code cell of {path}. It stands in a {kind} cell, number {number} of "
                "all cells: make it a code cell,"
            )
    return ""


def _copies(name: str, path: Path, paths: Sequence[Path]) -> str:
    """Sentences that name the copies of a notebook in which a function is written; "" if none."""
    pattern = f"*{glob.escape(path.stem)}*.ipynb"
    found = [each for place in paths for each in sorted(place.parent.glob(pattern))]
    others = {os.path.realpath(each): each for each in found}
    others.pop(os.path.realpath(path), None)
    written = []
    for other in others.values():
        with contextlib.suppress(Unreadable):
            if Notebook(read_code(other), other).is_written(name):
                written.append(str(other))
    if not written:
        return ""
    return (
        f" But {name} is written in {' and '.join(written)}. If that is your work, save it as "
        f"{path}, since no other is read."
    )


@contextlib.contextmanager
def _as_in(folder: Path) -> Iterator[None]:
    """Silently work as a notebook in this folder does: it finds modules and files beside it."""
    here, silence = str(folder.resolve()), io.StringIO()
    with (
        warnings.catch_warnings(),
        contextlib.chdir(here),
        contextlib.redirect_stdout(silence),
        contextlib.redirect_stderr(silence),
    ):
        warnings.simplefilter("ignore")
        sys.path.insert(0, here)
        try:
            yield
        finally:
            with contextlib.suppress(ValueError):
                sys.path.remove(here)


def _magics(cell: str) -> list[str]:
    """The cell magics above the code of a cell, such as "%%time"."""
    return [line.split()[0] for line in cell.split("\n")[: _python(cell)[1]] if line.strip()]


def _python(cell: str) -> tuple[str, int]:
    """The code of a cell below its cell magics, and how many lines stand above it."""
    lines = cell.split("\n")
    python = (n for n, line in enumerate(lines) if line.strip() and line.lstrip()[:2] != "%%")
    start = next(python, len(lines))
    # %time stands before a statement.
    code = "\n".join(lines[start:])
    return re.sub(r"^([ \t]*)%time[ \t]+", r"\1", code, flags=re.MULTILINE), start


def _tree(cell: str) -> ast.Module:
    """The syntax tree of a cell; SyntaxError if it is not Python."""
    text, start = _python(cell)
    with warnings.catch_warnings():  # of a "\lambda" in a docstring
        warnings.simplefilter("ignore")
        try:
            tree = parse(text)
        except SyntaxError as error:
            error.lineno = error.lineno and error.lineno + start
            raise
    ast.increment_lineno(tree, start)
    return tree


def _may_return(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return False
    return any(isinstance(node, ast.Return) for node in ast.walk(statement))


def is_empty(statement: ast.stmt) -> bool:
    """Whether a statement is a text, dots or `pass`."""
    text_or_dots = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return text_or_dots or isinstance(statement, ast.Pass)


def _placeholder(name: str, missing: str) -> Function:
    def unfinished(*args: Any, **kwargs: Any) -> NoReturn:
        raise Unfinished(missing)

    unfinished.__name__ = name
    vars(unfinished)["missing"] = missing
    return unfinished


def _missing(value: object) -> str | None:
    """The text of a placeholder; None if it is none."""
    return vars(value).get("missing") if isinstance(value, FunctionType) else None
