"""A function that changes its arguments in place is found out afar as by the visible check."""

import contextlib
import io

import numpy as np
import pytest

from autograder.exercises import exercises
from autograder.exercises.marks import Marks, problems
from autograder.exercises.reference import made, notebook_of, reference, results_of, solution_text
from saelab.check.exercises import exercise
from saelab.check.outcome import examine
from tests.autograder.kernel.test_remote import Pair

SPOILS = """
import copy
import numpy as np

def {name}(*args, **kwargs):
    result = copy.deepcopy(right(*args, **kwargs))
    for value in (*args, *kwargs.values()):
        if isinstance(value, np.ndarray) and value.size:
            {spoil}
    return result
"""
WAYS = {
    "a view": "part = value.reshape(-1)[-1:]; part += 1",
    "an item": "value.flat[0] += 1",
    "out": "np.add(value, 1, out=value)",
    "copyto": "np.copyto(value, value + 1)",
    "the whole": "value[...] = 7 - value",
}
UNDONE = "old = value.copy(); value += 1; value[...] = old"


class Graded(Pair):
    """A student's process with a function, and the reference's others, of a notebook."""

    def __init__(self, name, text, offered=()):
        own = {k: v for k, v in vars(reference(notebook_of(name))).items() if k[:2] != "__"}
        super().__init__({each: own[each] for each in offered}, student="")
        self.namespace |= own | {each: self.asking(each) for each in offered}
        exec(text, self.namespace)

    def asking(self, each):
        return lambda *args, **kwargs: self.agent.call_offered(each, args, kwargs)

    def request(self, *args, **message):
        return super().request(*args, **message, plain=True)


@contextlib.contextmanager
def afar(name, text, offered=()):
    pair = Graded(name, text, offered)
    try:
        yield getattr(pair, name)
    finally:
        pair.wire.connection.close()


def spoiling(name, spoil):
    right = solution_text(name).replace(f"def {name}(", "def right(")
    return right + SPOILS.format(name=name, spoil=spoil)


def seen(name, function):
    """What is wrong on the visible check's first call: in each part, by its words."""
    asked = exercise(name)
    probes = asked.probes[:1]
    wanted = results_of(asked, getattr(reference(notebook_of(name)), name), probes)
    outcome = examine(asked, function, probes, wanted)
    return {part: str(outcome.first(part)[0]) for part in outcome.wrong()}


WITH_ARRAYS = [
    name
    for name in exercises()
    if any(isinstance(value, np.ndarray) for value in exercise(name).probes[0].args)
]


@pytest.mark.parametrize("name", WITH_ARRAYS)
def test_every_change_in_place_is_seen_afar_in_the_same_words(name):
    assert len(WITH_ARRAYS) > 25
    for way, spoil in WAYS.items():
        text = spoiling(name, spoil)
        at_home = seen(name, made(text, name))
        assert any("in place" in told for told in at_home.values()), way
        with afar(name, text) as function:
            assert seen(name, function) == at_home, way
    with afar(name, spoiling(name, UNDONE)) as function:
        assert seen(name, function) == seen(name, made(spoiling(name, UNDONE), name)) == {}


THROUGH_A_HELPER = [
    name for name in exercises() if "= unpack_parameters(theta" in solution_text(name)
]


@pytest.mark.parametrize("earlier", [False, True], ids=["own", "of an earlier notebook"])
@pytest.mark.parametrize("name", THROUGH_A_HELPER)
def test_what_the_reference_s_helper_cuts_out_of_an_argument_is_a_part_of_it(name, earlier):
    """With the student's own helper it is, and so is it at home."""
    spoil = "W1 = unpack_parameters(*args[:3])[0]; W1 += 1; break"
    assert len(THROUGH_A_HELPER) > 4
    with afar(name, spoiling(name, spoil), ["unpack_parameters"] if earlier else []) as function:
        marks, told = Marks(all=1), io.StringIO()
        with contextlib.redirect_stdout(told):
            marks.grade(function, problems(name, seed=1))
            assert marks.total() == 0
    assert f"{name} changes its argument number 1 in place" in told.getvalue()
