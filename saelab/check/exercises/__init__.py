"""The exercises of the course: this folder has a file for each notebook, and finds them by itself.

Each file defines NOTEBOOK, the notebook's name, and EXERCISES, what students write there.
"""

import importlib
import pkgutil

from saelab.check.exercise import Exercise

_NAMES = [module.name for module in pkgutil.iter_modules(__path__)]
_MODULES = {name: importlib.import_module(f"{__name__}.{name}") for name in _NAMES}
for _name, _module in _MODULES.items():
    if not (hasattr(_module, "NOTEBOOK") and hasattr(_module, "EXERCISES")):
        raise ImportError(f"saelab/check/exercises/{_name}.py has to define NOTEBOOK and EXERCISES")

# The files' names, in the order of the course.
FILES = tuple(sorted(_MODULES, key=lambda name: str(_MODULES[name].NOTEBOOK)))
# From a notebook to its exercises, by the names of their functions.
NOTEBOOKS: dict[str, dict[str, Exercise]] = {
    _MODULES[name].NOTEBOOK: {exercise.name: exercise for exercise in _MODULES[name].EXERCISES}
    for name in FILES
}
# All functions that students write, in the order of the course.
FUNCTIONS = tuple(function for own in NOTEBOOKS.values() for function in own)


def exercise(function: str) -> Exercise:
    """Find the exercise of a function.

    Args:
        function: the function's name.

    Returns:
        The Exercise.

    Raises:
        KeyError: if there is none.
    """
    return NOTEBOOKS[notebook_of(function)][function]


def notebook_of(function: str) -> str:
    """Find the notebook that asks for a function.

    Args:
        function: the function's name, such as "sigmoid".

    Returns:
        The notebook's name, such as "02_cost".

    Raises:
        KeyError: if no notebook asks for it.
    """
    for notebook, exercises in NOTEBOOKS.items():
        if function in exercises:
            return notebook
    raise KeyError(function)
