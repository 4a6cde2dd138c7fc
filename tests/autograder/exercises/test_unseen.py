"""What a student has seen of hidden tests is of no use: neither arguments nor wanted values."""

import functools
import re

import numpy as np
import pytest

from autograder.exercises import exercises
from autograder.exercises.exercise import SLACK
from autograder.exercises.marks import Marks, problems
from autograder.exercises.mistakes import catalogue, mistaken
from autograder.exercises.reference import notebook_of, reference, results_of
from saelab.check.batches import Batches
from saelab.check.compare import ABSOLUTE
from saelab.check.exercises import exercise
from saelab.check.outcome import examine

SEEDS = (2**100 + 3, 2**100 + 4)
DIGITS = 3  # of a number in a message


def solved(name):
    return getattr(reference(notebook_of(name)), name)


def drawn(name, seed):
    """The problems of a hidden test that the visible check does not have."""
    return problems(name, seed).probes[len(exercise(name).probes) :]


# --- no arguments twice -------------------------------------------------------------------


class Recorder:
    """A function that keeps its arguments, as far as they are numbers, and its results."""

    def __init__(self, function):
        self.function, self.calls, self.results = function, [], []
        functools.update_wrapper(self, function)

    def __call__(self, *args, **kwargs):
        self.calls.append([numbers_in(argument) for argument in (*args, *kwargs.values())])
        self.results.append(self.function(*args, **kwargs))
        return self.results[-1]


def numbers_in(argument):
    """The numbers that an argument shows.

    A function that is called back shows none: what it returns depends on the arrays beside it.
    """
    if isinstance(argument, np.random.Generator):
        argument = argument.random(8, dtype=float)
    elif isinstance(argument, Batches):
        argument = argument.data
    return np.zeros(0) if callable(argument) or isinstance(argument, str) else np.array(argument)


@functools.cache
def asked(name, seed):
    """The Recorder of the reference, which was tried on the drawn problems of a seed."""
    recorder, properties = Recorder(solved(name)), exercise(name).properties
    for probe in drawn(name, seed):
        if properties:
            properties.faults(recorder, *probe.args)
        else:
            recorder(*probe.args, **probe.kwargs)
    return recorder


@pytest.mark.parametrize("name", exercises())
def test_no_array_comes_twice(name):
    one, other = (
        {array.tobytes() for call in asked(name, seed).calls for array in call if array.size > 1}
        - {np.full_like(array, array.flat[0]).tobytes() for call in asked(name, seed).calls
           for array in call if array.size > 1}
        for seed in SEEDS
    )  # fmt: skip
    assert not one & other


@pytest.mark.parametrize("name", exercises())
def test_no_call_comes_twice_but_one_of_whole_numbers(name):
    """Such as of zeros, of which the right answer is plain."""
    one, other = ({tuple(a.tobytes() for a in c): c for c in asked(name, s).calls} for s in SEEDS)
    assert one and other
    for call in one.keys() & other.keys():
        assert all((array == np.round(array)).all() for array in one[call])
    # They are a few among many.
    assert len(one.keys() & other.keys()) < len(one) / 2


@pytest.mark.parametrize("name", exercises())
def test_every_part_is_judged_by_what_was_drawn(name):
    of = exercise(name)
    assert of.parts(drawn(name, 1)) == of.parts(problems(name, 1).probes)


# --- no wanted value in a message -----------------------------------------------------------


def off(change):
    """A function whose results are changed, for functions that return arrays."""

    def changed(result):
        if isinstance(result, dict):
            return {key: changed(value) for key, value in result.items()}
        if isinstance(result, tuple):
            return tuple(map(changed, result))
        return change(np.array(result, dtype=float))

    return lambda function: lambda *args, **kwargs: changed(function(*args, **kwargs))


def one_entry(share):
    def change(array):
        array.flat[array.size // 2] += share * (np.abs(array).max(initial=0) + 0.1)
        return array

    return off(change)


WRONG = {
    "twice": off(lambda a: 2 * a),
    "a bit more": off(lambda a: 1.004 * a),
    "by a number": off(lambda a: a + 0.0123456789),
    "by a little": off(lambda a: a + 3.21987e-3 * (np.abs(a).max(initial=0) + 0.1)),
    "one entry": one_entry(0.3),
    "one entry, a little": one_entry(3e-4),
    "rounded": off(lambda a: np.round(a, 3)),
    "as float32": off(lambda a: a.astype(np.float32).astype(float)),
}


def told(name, function):
    """What a hidden test can say of a function's results, on any of its problems."""
    of, given = exercise(name), problems(name, SEEDS[0])
    wanted = results_of(of, solved(name), given.probes)
    return [*{fault for faults in examine(of, function, given.probes, wanted).faults
              for fault in faults.values()}]  # fmt: skip


@functools.cache
def secrets(name):
    """The right results on the drawn problems, with the tolerance of each.

    Those are left out that a number of a few digits is near enough to, such as 0 or 1.
    """
    found: list[np.ndarray] = [np.zeros((2, 0))]
    for result in asked(name, SEEDS[0]).results:
        parts = tuple(result.values()) if isinstance(result, dict) else result
        for part in parts if isinstance(parts, tuple) else [parts]:
            if isinstance(part, (float, np.ndarray)):
                values = np.ravel(np.asarray(part, dtype=float))
                tolerance = np.abs(values).max(initial=0) + ABSOLUTE
                found.append(np.array([values, np.full(len(values), tolerance)]))
    values, tolerances = np.hstack(found)
    tolerances *= SLACK * exercise(name).rtol
    short = [[float(f"{value:.{DIGITS}g}") for value in values], np.round(values, DIGITS - 1)]
    long = (np.abs(values - short) > tolerances).all(axis=0)
    return values[long], tolerances[long]


def shown(name, texts):
    """The wanted values that stand in texts as well as a hidden test asks for."""
    values, tolerances = secrets(name)
    found = re.findall(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", " ".join(texts))
    return [n for n in found if (np.abs(np.abs(values) - float(n)) <= tolerances).any()]


@pytest.mark.parametrize("how", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("name", exercises())
def test_no_fault_tells_a_wanted_value(name, how):
    texts = told(name, how(solved(name)))
    assert not shown(name, texts), texts


@pytest.mark.parametrize("name", exercises())
def test_nor_does_what_is_said_of_a_known_mistake(name, capsys):
    for mistake in catalogue(name)[:2]:
        marks = Marks(all=1)
        marks.grade(mistaken(name, mistake), problems(name, SEEDS[0]))
        assert marks.total() == 0
        assert not shown(name, [capsys.readouterr().out])


def test_a_wanted_value_would_be_found():
    values, _ = secrets("autoencoder_cost")
    assert len(values) > 100
    value = values[0]
    assert shown("autoencoder_cost", [f"but should be {value:.12g}"])
    assert not shown("autoencoder_cost", [f"but should be {value:.5g}"])
