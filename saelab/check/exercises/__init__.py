"""The exercises of the course: for each notebook a file here, which is found by itself.

Such a file says NOTEBOOK, the notebook's name, and EXERCISES, what students write there.
"""

import importlib
import pkgutil

from saelab.check.exercise import Exercise

_NAMES = [module.name for module in pkgutil.iter_modules(__path__)]
_MODULES = {name: importlib.import_module(f"{__name__}.{name}") for name in _NAMES}

# The files' names, in the order of the course.
FILES = tuple(sorted(_MODULES, key=lambda name: str(_MODULES[name].NOTEBOOK)))
# From a notebook to its exercises, by the names of their functions.
NOTEBOOKS: dict[str, dict[str, Exercise]] = {
    _MODULES[name].NOTEBOOK: {exercise.name: exercise for exercise in _MODULES[name].EXERCISES}
    for name in FILES
}


def exercise(function: str) -> Exercise:
    """The exercise of a function, by its name. Errors: KeyError where there is none."""
    return NOTEBOOKS[notebook_of(function)][function]


def notebook_of(function: str) -> str:
    """The notebook that asks for a function, such as "02_cost" for "sigmoid".

    Errors: KeyError where none does.
    """
    for notebook, exercises in NOTEBOOKS.items():
        if function in exercises:
            return notebook
    raise KeyError(function)
