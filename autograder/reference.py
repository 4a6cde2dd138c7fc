"""The reference functions: the code of the solved sources, and no second copy of it.

Only imports and definitions of solutions/NN_topic/NN_topic.py are executed, as the readers'
own notebooks are read by saelab.previous.
"""

import functools
from pathlib import Path
from types import SimpleNamespace

import jupytext

from saelab import previous

SOLUTIONS = Path(__file__).resolve().parents[1] / "solutions"


def notebook_names(solutions=SOLUTIONS):
    """The names of the course's notebooks, in their order: "01_patch_sampling", ..."""
    return sorted(path.stem for path in Path(solutions).glob("[0-9][0-9]_*/[0-9][0-9]_*.py"))


def source_path(notebook, solutions=SOLUTIONS):
    """Where the source of a notebook lies."""
    return Path(solutions) / notebook / f"{notebook}.py"


def read_source(notebook, solutions=SOLUTIONS):
    """A notebook's source as an nbformat notebook, without outputs.

    Errors: FileNotFoundError names the notebooks that there are.
    """
    path = source_path(notebook, solutions)
    if not path.exists():
        known = ", ".join(notebook_names(solutions)) or "none"
        raise FileNotFoundError(f"there is no source {path}; the notebooks are: {known}")
    return jupytext.read(path, fmt="py:percent")


@functools.cache
def reference(notebook):
    """The functions of a solved notebook: reference("02_cost").sigmoid, and so on."""
    cells = previous.code_cells(read_source(notebook))
    return SimpleNamespace(**previous.definitions(cells, _earlier, notebook))


def _earlier(notebook, *names):
    chosen = [getattr(reference(notebook), name) for name in names]
    return chosen[0] if len(chosen) == 1 else chosen
