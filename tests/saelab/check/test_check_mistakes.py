"""Every known mistake fails the visible check, which names it, and loses points.

The mistakes are those of the catalogue, autograder/exercises/mistakes; each is an edit of the
reference.
"""

import contextlib
import io

import pytest

from autograder.exercises.mistakes import catalogue, mistaken
from autograder.exercises.reference import functions, points
from saelab.check import check
from saelab.check.message import CheckFailed

# Their hidden tests take long; `make bench-checks` runs them on the whole catalogue.
SLOW = ("sample_patches", "whiten", "block_errors")

PLAIN = (" everywhere: look", "the same number in all entries: look", "whole numbers only: look")

every_function = pytest.mark.parametrize("name", functions())


def told(function):
    """What the visible check says of a wrong function, on one line."""
    with pytest.raises(CheckFailed) as failed:
        check(function)
    return " ".join(str(failed.value).split())


@every_function
@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.long)])
def test_the_visible_check_notices_a_mistake_and_accuses_of_no_other(name, step, capfd):
    """Of every fourth, and in CI of each."""
    named, known = 0, catalogue(name)
    for mistake in known[::step]:
        text = told(mistaken(name, mistake))
        assert text.startswith(f"{name} is not right yet: "), mistake
        accused = [other for other in known if other.says in text and other is not mistake]
        assert accused == [], mistake
        # Of zeros and the like no mistake is named.
        named += mistake.says in text or any(says in text for says in PLAIN)
    # One of every fourth may be among the two per cent that are not named.
    tried = len(known[::step])
    assert named >= (0.98 * tried if step == 1 else tried - 1)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", [name for name in functions() if name not in SLOW])
def test_a_mistake_costs_points(name, capfd):
    for mistake in catalogue(name)[::4]:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            earned, most = points(mistaken(name, mistake), name)
        assert 0 <= earned < most, mistake
        assert printed.getvalue().startswith(f"{earned:g} of {most:g} points"), mistake
    assert capfd.readouterr().err == ""
