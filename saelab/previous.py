"""The reader's own functions from earlier notebooks.

A notebook asks for what it needs:

    sigmoid, feed_forward = previous.functions("02_cost", "sigmoid", "feed_forward")

and gets the functions as they are written in `../02_cost/02_cost.ipynb`. Only imports,
definitions and literal constants of that notebook are executed, not its figures and long
runs. A function that is
not written yet is replaced by one that says what to do when it is called.
"""

import ast
import json
import os
from pathlib import Path


class Unfinished(NotImplementedError):
    """A function of an earlier notebook is needed here, and is not written yet."""


def functions(notebook, *names, folder=None):
    """The functions `names` of an earlier notebook, as a tuple in that order.

    notebook: its name, such as "02_cost".
    folder: where the notebooks' folders lie; by default the environment variable
    SAELAB_PREVIOUS, else the folder above the working directory.

    A missing notebook or an unfinished function is told in words here, and raises Unfinished
    only when the function is called. One name gives the function itself, not a tuple.

    Errors: ValueError where the file is not a notebook.
    """
    folder = Path(folder or os.environ.get("SAELAB_PREVIOUS") or "..")
    path = folder / notebook / f"{notebook}.ipynb"
    found = _read(path, folder)
    chosen = [found.get(name) or _placeholder(name, path) for name in names]
    lines = sorted({str(f.missing) for f in chosen if hasattr(f, "missing")})
    if lines:
        print("\n".join(lines))
    return chosen[0] if len(chosen) == 1 else tuple(chosen)


def definitions(cells, earlier, origin):
    """The namespace that a notebook's imports and definitions make.

    cells: the sources of its code cells. earlier: called as earlier(notebook, *names) where the
    notebook itself asks for functions of an earlier one. origin: the name for tracebacks.
    Cells that are not Python (half-written ones, magics) are passed over.
    """
    namespace = {"__name__": origin}
    for number, cell in enumerate(cells, start=1):
        for node in _statements(cell):
            if _asks_for_earlier(node):
                notebook, *names = (argument.value for argument in node.value.args)
                got = earlier(notebook, *names)
                namespace.update(zip(names, got if len(names) > 1 else (got,)))
            elif _defines(node):
                code = compile(ast.Module([node], []), f"<{origin}, code cell {number}>", "exec")
                exec(code, namespace)
    return namespace


def code_cells(notebook):
    """The sources of a notebook's code cells, without its test cells.

    notebook: its JSON, or nbformat's NotebookNode. A test cell is one that nbgrader grades and
    that holds no solution; it may import what a reader does not have.
    """

    def is_test(cell):
        grading = cell["metadata"].get("nbgrader", {})
        return grading.get("grade") and not grading.get("solution")

    cells = [c for c in notebook["cells"] if c["cell_type"] == "code" and not is_test(c)]
    return ["".join(c["source"]) for c in cells]


def is_stub(node):
    """Whether a function definition only raises NotImplementedError: not written yet."""
    raises = [n for n in node.body if isinstance(n, ast.Raise)]
    return bool(raises) and "NotImplementedError" in ast.dump(raises[-1])


def _read(path, folder):
    """The finished functions of a notebook file; an empty dictionary where there is no file."""
    if not path.exists():
        return {}
    try:
        cells = code_cells(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError) as error:
        raise ValueError(f"{path} is not a readable notebook ({error}); save it again") from error
    stubs = {
        node.name
        for cell in cells
        for node in _statements(cell)
        if isinstance(node, ast.FunctionDef) and is_stub(node)
    }
    namespace = definitions(
        cells, lambda *wanted: functions(*wanted, folder=folder), f"{path.stem}.ipynb"
    )
    return {name: value for name, value in namespace.items() if name not in stubs}


def _statements(cell):
    try:
        return ast.parse(cell).body
    except SyntaxError:
        return []


def _defines(node):
    """An import, a function, a class, or a name for a literal or a lambda."""
    if isinstance(node, ast.Assign):
        return isinstance(node.value, ast.Lambda) or _is_literal(node.value)
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef))


def _is_literal(value):
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True


def _asks_for_earlier(node):
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == "previous.functions"
    )


def _placeholder(name, path):
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

    def unfinished(*args, **kwargs):
        raise Unfinished(missing)

    unfinished.__name__ = name
    unfinished.missing = missing
    return unfinished
