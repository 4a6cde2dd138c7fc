"""Settings of a process that a test makes for the student's code as well."""

import decimal
import random
import sys

import numpy as np
import pytest

from autograder.kernel.inside.settings import SETTINGS, Settings

CHANGES = {
    "random": lambda: random.seed(7),
    "numpy.random": lambda: np.random.seed(7),
    "numpy.errors": lambda: np.seterr(over="raise"),
    "numpy.print": lambda: np.set_printoptions(precision=3),
    "decimal": lambda: setattr(decimal.getcontext(), "prec", 7),
    "recursion": lambda: sys.setrecursionlimit(sys.getrecursionlimit() + 100),
}


@pytest.fixture(autouse=True)
def put_back():
    before = {name: setting.get() for name, setting in SETTINGS.items()}
    yield
    for name, setting in SETTINGS.items():
        setting.put(before[name])


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_told_when_it_has_changed(name):
    here = Settings([name])
    before = Settings.state(name)
    assert here.changes() == {}
    CHANGES[name]()
    changes = here.changes()
    assert list(changes) == [name] and here.changes() == {}
    after = Settings.state(name)
    SETTINGS[name].put(SETTINGS[name].get())
    there = Settings()
    there.take(changes)
    assert Settings.state(name) == after != before
    assert there.changes() == {}


def test_the_words_of_code_say_what_it_may_change():
    assert set(Settings.changed_by({"seed"}).seen) == {"random", "numpy.random"}
    assert set(Settings.changed_by({"errstate", "x"}).seen) == {"numpy.errors"}
    assert not Settings.changed_by({"add", "x"}).seen


def test_of_the_student_s_process_only_random_numbers_come_back():
    here = Settings(["random", "numpy.random", "numpy.errors"])
    random.seed(3)
    told = {
        "random": random.getstate(),
        "numpy.random": "nonsense",
        "numpy.errors": {"over": "raise"},
        "decimal": [1, "ROUND_UP"],
        "nothing": 1,
    }
    random.seed(4)
    before, errors = Settings.state("numpy.random"), np.geterr()
    here.take(told, back=True)
    assert random.getstate() == told["random"]
    assert Settings.state("numpy.random") == before
    assert np.geterr() == errors and decimal.getcontext().prec != 1


def test_what_the_student_s_process_draws_is_told():
    there = Settings()
    there.take({"random": random.getstate()})
    assert there.changes(back=True) == {}
    random.random()
    np.seterr(under="ignore")
    assert list(there.changes(back=True)) == ["random"]


class Liar:
    def get_state(self, legacy=True):
        return "MT19937", np.zeros(624, np.uint32), 2**31 - 1, 0, 0.0


@pytest.mark.parametrize(
    "name, state",
    [
        ("numpy.random", Liar()),
        ("numpy.random", ("MT19937", np.zeros(624, np.uint32), 2**31 - 1, 0, 0.0)),
        ("random", (3, tuple([1] * 625), "x")),
        ("random", (3, [1] * 625, None)),
        ("random", 7),
    ],
)
def test_a_forged_state_of_a_generator_is_not_taken(name, state):
    here = Settings([name])
    before = Settings.state(name)
    here.take({name: state}, back=True)
    assert Settings.state(name) == before
    random.random(), np.random.random(), random.gauss()
