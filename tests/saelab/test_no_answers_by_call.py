"""No function that students get, called as one that they write, returns what that should return."""

import functools
import importlib
import inspect
import itertools
import pkgutil
import re

import numpy as np
import pytest

import saelab
from autograder import REVEALING
from autograder.exercises import exercises
from autograder.exercises.marks import problems
from autograder.exercises.reference import notebook_of, reference, results_of
from autograder.kernel.limits import TooMuch, bounded
from saelab.check.compare import consecutive
from saelab.check.exercises import exercise

SEED = 2**90
# Of an annotation; a fault, a figure or a text is no result.
NUMBERS = re.compile(r"rray|float|slice|tuple|Costed")
HIDDEN = tuple(name.replace("/", ".") for name in REVEALING)


def returned(function):
    return inspect.signature(function).return_annotation


@functools.cache
def given():
    """The public functions of the package that return numbers, by their full names."""
    found = {}
    for module in pkgutil.walk_packages(saelab.__path__, "saelab."):
        if module.name.startswith(HIDDEN) or module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            own = inspect.isfunction(value) and value.__module__.startswith("saelab")
            if own and not name.startswith("_") and NUMBERS.search(str(returned(value))):
                found[f"{value.__module__}.{name}"] = value
    return found


def parts_of(result, arguments):
    """A result's arrays; for slices, what they cut out of the first array among the arguments."""
    if isinstance(result, dict):
        result = tuple(result.values())
    whole = next((a for a in arguments if isinstance(a, np.ndarray) and a.ndim), None)
    parts = result if isinstance(result, tuple) else (result,)
    return [whole[p] if isinstance(p, slice) and whole is not None else p for p in parts]


def answers(function, name):
    """Whether a function, called with arguments that follow each other, does an exercise."""
    asked = exercise(name)
    probe = problems(name, SEED).probes[len(asked.probes)]
    solved = getattr(reference(notebook_of(name)), name)
    (wanted,) = results_of(asked, solved, [probe])
    for first, last in itertools.combinations(range(len(probe.args) + 1), 2):
        arguments = probe.args[first:last]
        try:
            inspect.signature(function).bind(*arguments)
            with bounded(2**30, 0.3):  # some make much of a number that means another thing
                got = parts_of(function(*arguments), probe.args)
            numbers = [np.ravel(np.asarray(part, dtype=float)) for part in got]
        except (Exception, TooMuch):  # whatever it makes of such arguments
            continue
        if len(numbers) == len(wanted) and all(
            a.shape == np.ravel(b).shape and np.allclose(a, np.ravel(b), rtol=1e-7, atol=0)
            for a, b in zip(numbers, wanted)
        ):
            return True
    return False


# What has many right answers is no single call's result, and takes a generator.
NAMES = [name for name in exercises() if not exercise(name).properties]


@pytest.mark.parametrize("name", NAMES)
def test_no_function_of_the_package_does_an_exercise(name):
    with np.errstate(all="ignore"):
        assert [full for full, function in given().items() if answers(function, name)] == []


def test_one_that_does_would_be_found():
    def blocks(visible_size, hidden_size):
        weights = visible_size * hidden_size
        return consecutive(W1=weights, W2=weights, b1=hidden_size, b2=visible_size)

    assert answers(blocks, "unpack_parameters")
    assert answers(reference("02_cost").feed_forward, "feed_forward")
    assert len(given()) > 40
