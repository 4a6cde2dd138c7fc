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
    """All exercises, by the names of their functions, in the order of the course."""
    modules = [importlib.import_module(f"{__name__}.{name}") for name in FILES]
    return {exercise.name: exercise for module in modules for exercise in module.EXERCISES}
