"""This course alone: its reference functions, hidden problems, points and known mistakes.

A notebook's file here has the name of its file in saelab/check/exercises/, and is found by it.
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
