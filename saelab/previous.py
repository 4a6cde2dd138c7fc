"""Your own functions from earlier notebooks.

A notebook asks for what it needs:

    sigmoid, feed_forward = previous.functions("02_cost", "sigmoid", "feed_forward")

and gets the functions as they are written in `../02_cost/02_cost.ipynb`. Only the imports,
definitions and constants of that notebook are executed, not its figures and long runs. A function
that is not written yet is replaced by one that says what to do when it is called.
"""

import ast
import json
import linecache
import os
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn, TypeGuard

from IPython.core.inputtransformer2 import TransformerManager

from saelab.typed import Function

Folder = str | os.PathLike[str] | None
IMPORTS = (ast.Import, ast.ImportFrom)


class Unfinished(NotImplementedError):
    """A function of an earlier notebook is needed here, but it is not written yet."""


def functions(notebook: str, *names: str, folder: Folder = None) -> Any:
    """Get your own functions from an earlier notebook.

    If the notebook is missing or a function is not written yet, a message says so here. An error
    comes only when you call that function: it raises Unfinished.

    Args:
        notebook: the notebook's name, such as "02_cost".
        *names: the names of the functions.
        folder: the folder that holds the folders of the notebooks; None means the folder above the
            working directory. If the environment variable SAELAB_PREVIOUS is set, as a grader does,
            it is used instead of both.

    Returns:
        The functions as a tuple, in the order of `names`. One name gives the function itself.

    Raises:
        ValueError: if the file is not a notebook.
    """
    missing: list[str] = []
    chosen = _choose(missing, folder, notebook, names)
    if missing:
        print("\n".join(dict.fromkeys(missing)))
    return chosen


def definitions(cells: Sequence[str], earlier: Function, origin: str) -> dict[str, Any]:
    """Execute the imports and definitions of a notebook.

    Cells that are not Python, such as half-written ones, are skipped. So is a definition that
    fails, and so is the import of a module that no definition uses: a student may import something
    for a figure that is not installed here, or that takes long.

    Args:
        cells: the sources of the notebook's code cells.
        earlier: called in place of previous.functions if the notebook itself asks for functions of
            an earlier one.
        origin: the notebook's name for tracebacks.

    Returns:
        The namespace. Each function in it gets an attribute is_stub, which is True if the function
        is not written yet.
    """
    namespace: dict[str, Any] = {"__name__": origin}
    used = _names_used(node for cell in cells for node in _statements(cell))
    for number, cell in enumerate(cells, start=1):
        file = f"<{origin}, code cell {number}>"
        # So that a traceback shows the lines.
        linecache.cache[file] = (len(cell), None, cell.splitlines(keepends=True), file)
        for node in _statements(cell):
            module = ast.Module([node], [])
            if _asks_for_earlier(node):
                names = {"previous": SimpleNamespace(functions=earlier)}
                exec(compile(module, file, "exec"), namespace, names)
                del names["previous"]
                namespace.update(names)
            elif _defines(node) and _may_be_used(node, used):
                try:
                    # Not before: an `await` outside of functions cannot be compiled so.
                    exec(compile(module, file, "exec"), namespace)
                    if isinstance(node, ast.FunctionDef):
                        namespace[node.name].is_stub = is_stub(node)
                except Exception:
                    continue
    return namespace


def read_code(path: Path) -> list[str]:
    """Read the sources of a notebook's code cells, without its test cells.

    A test cell is one that nbgrader grades and that holds no solution. It may import what students
    do not have.

    Args:
        path: the notebook file.

    Returns:
        The source of each cell.

    Raises:
        ValueError: if the file is not a notebook.
    """

    def is_test(cell: dict[str, Any]) -> bool:
        grading = cell["metadata"].get("nbgrader", {})
        return bool(grading.get("grade")) and not grading.get("solution")

    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [c for c in cells if c["cell_type"] == "code" and not is_test(c)]
        return ["".join(c["source"]) for c in code]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not a readable notebook ({error}); save it again") from error


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
    return all(_does_nothing(statement) for statement in node.body)


def _choose(missing: list[str], folder: Folder, notebook: str, names: Iterable[str]) -> Any:
    """What `functions` returns; adds a sentence to the list `missing` for each placeholder."""
    place = Path(os.environ.get("SAELAB_PREVIOUS") or folder or "..")
    path = place / notebook / f"{notebook}.ipynb"
    found = _read(path, missing, folder)
    chosen: list[Function] = []
    for name in names:
        chosen.append(found[name] if callable(found.get(name)) else _placeholder(name, path))
        if hasattr(chosen[-1], "missing"):
            missing.append(chosen[-1].missing)
    return chosen[0] if len(chosen) == 1 else tuple(chosen)


def _read(path: Path, missing: list[str], folder: Folder) -> dict[str, Any]:
    """What a notebook file defines, with a placeholder for each stub; {} if there is no file."""
    if not path.exists():
        return {}

    def earlier(notebook: str, *names: str, folder: Folder = folder) -> Any:
        return _choose(missing, folder, notebook, names)

    namespace = definitions(read_code(path), earlier, f"{path.stem}.ipynb")
    stubs = [name for name, value in namespace.items() if getattr(value, "is_stub", False)]
    # In the namespace itself, so that the notebook's other functions find the placeholders.
    namespace.update({name: _placeholder(name, path) for name in stubs})
    return namespace


def _statements(cell: str) -> list[ast.stmt]:
    # %%time and its like stand above ordinary Python; below %%bash there is a syntax error.
    if cell.startswith("%%"):
        cell = "\n" + cell.partition("\n")[2]
    with warnings.catch_warnings():  # of a "\lambda" in a docstring
        warnings.simplefilter("ignore")
        try:
            return ast.parse(TransformerManager().transform_cell(cell)).body
        except SyntaxError:
            return []


def _defines(node: ast.stmt) -> bool:
    """Whether it is an import, function or class, or names a lambda or a value without calls."""
    if isinstance(node, ast.Assign):
        # Not plt.rcParams["font.size"] = 8, which would change more than a name.
        names = [n for target in node.targets for n in ast.walk(target) if isinstance(n, ast.expr)]
        if not all(isinstance(n, (ast.Name, ast.Tuple, ast.List)) for n in names):
            return False
        calls = any(isinstance(n, ast.Call) for n in ast.walk(node.value))
        return isinstance(node.value, ast.Lambda) or not calls
    return isinstance(node, (*IMPORTS, ast.FunctionDef, ast.ClassDef))


def _names_used(statements: Iterable[ast.stmt]) -> set[str]:
    """All names that definitions look up, without those of imports."""
    definitions = [n for n in statements if _defines(n) and not isinstance(n, IMPORTS)]
    walked = (node for definition in definitions for node in ast.walk(definition))
    return {node.id for node in walked if isinstance(node, ast.Name)}


def _may_be_used(node: ast.stmt, used: set[str]) -> bool:
    """Whether anything may use what a statement defines.

    A module that no definition names is not used. A name that is imported from a module may be a
    function of the course, unless the module belongs to saelab, which has none.
    """
    if isinstance(node, ast.Import) or _is_of_saelab(node):
        return bool({(a.asname or a.name).partition(".")[0] for a in node.names} & used)
    return True


def _is_of_saelab(node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("saelab.")


def _asks_for_earlier(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == "previous.functions"
    )


def _may_return(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return False
    return any(isinstance(node, ast.Return) for node in ast.walk(statement))


def _does_nothing(statement: ast.stmt) -> bool:
    text_or_dots = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return text_or_dots or isinstance(statement, ast.Pass)


def _placeholder(name: str, path: Path) -> Function:
    if path.exists():
        missing = (
            f"{name} is not written yet in {path}. Write it there, save that notebook, "
            "and run this cell again."
        )
    else:
        missing = (
            f"{name} is needed from {path}, and there is no such file. Put that notebook there, "
            "or name the folder that holds it: previous.functions(..., folder=...)."
        )

    def unfinished(*args: Any, **kwargs: Any) -> NoReturn:
        raise Unfinished(missing)

    unfinished.__name__ = name
    vars(unfinished)["missing"] = missing
    return unfinished
