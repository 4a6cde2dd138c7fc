"""Submissions that no class should have and each class has: broken ones, and hostile ones.

Each is the right notebook of the sample class with one thing done to it. They are here to keep a
class run from going on, not to win points: tests/attacks/ has those.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.build import write_notebook

ALL, NOTHING = "all", "nothing"


@dataclass(frozen=True)
class Trick:
    """What is wrong with a submission.

    name, says: a word, and a sentence. earns: ALL or NOTHING of the points by tests, where that is
    certain, else None. write: writes the submission, see `hand_in`.
    """

    name: str
    says: str
    earns: str | None
    write: Callable


TRICKS: list[Trick] = []


def hand_in(trick, notebook, folder):
    """Write a spoilt submission to its folder.

    notebook: the right one, which is changed. folder: submitted/STUDENT/ASSIGNMENT, made here.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{folder.name}.ipynb"
    if trick.write(notebook, path) is not None:
        write_notebook(notebook, path)


def trick(earns=None):
    """The function below is a trick, and its docstring says which.

    It gets the notebook and its path, and returns the notebook, or writes what is handed in
    itself, and returns None.
    """

    def add(function):
        TRICKS.append(Trick(function.__name__, function.__doc__, earns, function))
        return function

    return add


def _functions(notebook):
    """The cells of the functions that are asked for."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    ]


def _first_does(notebook, body):
    """The first function does this, whatever it is called with."""
    cell = _functions(notebook)[0]
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    cell.source = f"def {cell.id}(*arguments, **options):\n{lines}"
    return notebook


def _at_import(notebook, code):
    """This is run before anything else."""
    cell = new_code_cell(code.strip())
    cell.id = "at-import"
    notebook.cells.insert(0, cell)
    return notebook


# --- hangs, dies, eats -------------------------------------------------------------


@trick()
def endless_loop(notebook, path):
    """A function never returns."""
    return _first_does(notebook, "while True:\n    pass")


@trick()
def exit_at_import(notebook, path):
    """The kernel ends itself in the first cell."""
    return _at_import(notebook, "import os\nos._exit(0)")


@trick()
def exit_in_function(notebook, path):
    """A function ends the kernel."""
    return _first_does(notebook, "import os\nos._exit(3)")


@trick()
def segfault(notebook, path):
    """A function reads memory that is not there."""
    return _first_does(notebook, "import ctypes\nctypes.string_at(0)")


@trick()
def fork_bomb(notebook, path):
    """A function forks, and so does each fork."""
    return _first_does(notebook, "import os\nwhile True:\n    os.fork()")


@trick()
def memory_hog(notebook, path):
    """A function takes memory until there is none left."""
    return _first_does(notebook, "taken = []\nwhile True:\n    taken.append(bytearray(2**27))")


@trick()
def kills_all(notebook, path):
    """A function kills every process that it may."""
    return _first_does(notebook, "import os, signal\nos.kill(-1, signal.SIGKILL)")


@trick()
def kills_parent(notebook, path):
    """The first cell kills the process that started the kernel."""
    return _at_import(notebook, "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")


@trick(earns=ALL)
def left_behind(notebook, path):
    """A program is started that goes on for ten minutes when everything is over."""
    return _at_import(
        notebook,
        "import subprocess, sys\n"
        "program = 'import time; time.sleep(600)'\n"
        "subprocess.Popen([sys.executable, '-c', program], start_new_session=True)",
    )


@trick()
def fills_disk(notebook, path):
    """A function writes files without end."""
    body = "with open('big', 'wb') as file:\n    while True:\n        file.write(bytes(2**24))"
    return _first_does(notebook, body)


@trick()
def output_flood(notebook, path):
    """The first cell prints without end."""
    return _at_import(notebook, "while True:\n    print('x' * 10_000)")


@trick(earns=NOTHING)
def deep_result(notebook, path):
    """Every function returns a list in a list in a list, deeper than anything can read."""
    body = "deep = []\n    for _ in range(100_000):\n        deep = [deep]\n    return deep"
    for cell in _functions(notebook):
        cell.source = f"def {cell.id}(*arguments, **options):\n    {body}"
    return notebook


# --- not what was asked for --------------------------------------------------------


@trick(earns=NOTHING)
def not_json(notebook, path):
    """The notebook is a text that is no JSON."""
    path.write_text("I could not open Jupyter, so here is my solution:\n" * 20)


@trick(earns=NOTHING)
def cut_off(notebook, path):
    """The notebook ends in the middle, as after a broken upload."""
    text = nbformat.writes(notebook)
    path.write_text(text[: len(text) // 2], encoding="utf-8")


@trick(earns=NOTHING)
def empty_file(notebook, path):
    """The notebook has no byte."""
    path.touch()


@trick(earns=NOTHING)
def only_a_list(notebook, path):
    """The notebook is JSON, and not of a notebook."""
    path.write_text(json.dumps([1, 2, 3]))


@trick()
def no_notebook(notebook, path):
    """The folder has a text and no notebook."""
    path.with_name("README.txt").write_text("see my e-mail")


@trick()
def other_name(notebook, path):
    """The notebook has another name, as a browser gives it to a second download."""
    write_notebook(notebook, path.with_name(f"{path.stem} (1).ipynb"))


@trick()
def other_encoding(notebook, path):
    """The notebook is written in UTF-16."""
    path.write_bytes(nbformat.writes(notebook).encode("utf-16"))


@trick()
def odd_characters(notebook, path):
    """The notebook has bytes in it that are no UTF-8."""
    data = nbformat.writes(_at_import(notebook, "name = 'MARK'")).encode("utf-8")
    path.write_bytes(data.replace(b"MARK", b"Andr\xe9 \xff\xfe"))


@trick()
def link_elsewhere(notebook, path):
    """The notebook is a link to a file of the system."""
    path.symlink_to("/etc/passwd")


@trick()
def pipe(notebook, path):
    """The notebook is a pipe, which keeps whoever reads it waiting."""
    os.mkfifo(path)


# --- cells that are not as they were ----------------------------------------------


@trick(earns=ALL)
def deleted_cells(notebook, path):
    """All tests are deleted."""
    kept = [c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("locked")]
    notebook.cells = kept
    return notebook


@trick(earns=ALL)
def duplicate_cells(notebook, path):
    """Every cell is there twice, under the same name."""
    notebook.cells = [cell for cell in notebook.cells for _ in range(2)]
    # Not by nbformat, which would give new names.
    path.write_text(json.dumps(notebook), encoding="utf-8")


@trick(earns=NOTHING)
def own_tests(notebook, path):
    """Nothing is written, every test is replaced by `pass`, and worth a hundred points."""
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("solution") and cell.cell_type == "code":
            cell.source = "raise NotImplementedError()"
        elif about.get("grade") and about.get("locked"):
            cell.source, about["points"] = "pass", 100
    return notebook


@trick(earns=ALL)
def other_kernel(notebook, path):
    """The notebook asks for a kernel that is not there."""
    notebook.metadata.kernelspec = {"name": "matlab", "display_name": "M", "language": "matlab"}
    return notebook


@trick(earns=ALL)
def script(notebook, path):
    """Scripts in a text, in an output and in the notebook's title."""
    evil = "<script>document.title = 'spoilt'</script><img src=x onerror=alert(1)>"
    page = {"text/html": evil, "text/plain": evil}
    notebook.metadata.title = evil
    cell = new_code_cell(f"from IPython.display import HTML\nHTML({evil!r})")
    cell.outputs = [new_output("display_data", page)]
    cell.id, text = "script", new_markdown_cell(evil)
    text.id = "script-text"
    notebook.cells[:0] = [cell, text]
    return notebook
