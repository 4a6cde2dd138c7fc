"""The exercises of the course: for each notebook a file here, which is found by itself.

Such a file says NOTEBOOK, the notebook's name, and EXERCISES, what students write there.
"""

import importlib
import pkgutil

from saelab.check.exercise import Exercise


def _found() -> dict[str, dict[str, Exercise]]:
    names = [f"{__name__}.{module.name}" for module in pkgutil.iter_modules(__path__)]
    modules = [importlib.import_module(name) for name in names]
    return {
        module.NOTEBOOK: {exercise.name: exercise for exercise in module.EXERCISES}
        for module in sorted(modules, key=lambda module: str(module.NOTEBOOK))
    }


# In the order of the course: from a notebook to its exercises, by the functions' names.
NOTEBOOKS = _found()


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
