"""What belongs to this course alone: reference functions, hidden problems, points, known mistakes.

Each notebook has a file here. It has the same name as the notebook's file in
saelab/check/exercises/, and is found by that name.
"""

import functools
import importlib

from autograder.exercises.exercise import Exercise
from saelab.check.exercises import FILES


@functools.cache
def exercises() -> dict[str, Exercise]:
    """All exercises, by the names of their functions, in the order of the course.

    Raises:
        ValueError: if a file is missing here.
    """
    found: dict[str, Exercise] = {}
    for name in FILES:
        try:
            module = importlib.import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{name}":
                raise
            raise ValueError(
                f"autograder/exercises/{name}.py is missing: it has the hidden side of the "
                f"exercises in saelab/check/exercises/{name}.py"
            ) from None
        found |= {exercise.name: exercise for exercise in module.EXERCISES}
    return found
