"""What a visible check prints, raises and lets through.

Which functions pass and which do not is in test_check_other_ways and test_check_mistakes.
"""

import functools
import sys
import warnings

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from saelab import previous
from saelab.check import HIDDEN, PROPERTIES, CheckFailed, answers, check
from saelab.probes import PROBES

NAMES = sorted({name for probes in PROBES.values() for name in probes} | set(PROPERTIES))


def message_of(function):
    with pytest.raises(CheckFailed) as failed:
        check(function)
    return " ".join(str(failed.value).split())


def test_every_function_that_students_write_has_a_check(course):
    assert course.names == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_passes(course, name, capsys):
    check(course.edited(name))
    assert capsys.readouterr() == (f"{name}: visible checks passed. {HIDDEN}\n", "")


@pytest.mark.parametrize("name", NAMES)
def test_prints_and_warnings_are_no_fault(course, name, capfd):
    right = course.edited(name)

    @functools.wraps(right)
    def noisy(*args, **kwargs):
        print("here I am")
        print("and here", file=sys.stderr)
        warnings.warn("overflow encountered in exp", RuntimeWarning, stacklevel=1)
        return right(*args, **kwargs)

    check(noisy)
    assert capfd.readouterr() == (f"{name}: visible checks passed. {HIDDEN}\n", "")


def test_never_to_reach_the_last_row_is_a_hint_and_no_fault(course, capsys):
    check(course.edited("sample_patches", "height - patch_size + 1", "height - patch_size"))
    out = capsys.readouterr().out
    assert "visible checks passed" in out
    assert "A hint, not a fault: no patch ever holds the last row of a picture" in out


def test_the_message_says_what_was_tried_and_what_went_right_before(course):
    message = message_of(course.edited("autoencoder_cost", " + lambda_ * W1", ""))
    assert "Tried: the same with lambda = 0.01 (right for: 4 inputs, 3 hidden units" in message


def test_a_fault_of_all_parts_is_told_once(course):
    message = message_of(course.edited("autoencoder_cost", "return cost,", "return"))
    assert message.count("should return two things") == 1


def test_the_message_shows_the_line_that_raised_an_error(course):
    cells = [course.text("sigmoid"), course.text("unpack_parameters"), "import numpy as np",
             course.text("feed_forward").replace("b1[:, None]", "b1")]  # fmt: skip
    message = message_of(previous.definitions(cells, None, "own")["feed_forward"])
    assert "feed_forward stopped with ValueError: operands could not be broadcast" in message
    assert message.endswith("(in the line: a2 = sigmoid(W1 @ data + b1))")


def test_an_argument_that_was_spoilt_is_whole_again_for_the_next_check(course):
    edit = "centred = patches - ", "centred = patches; patches -= "
    assert "argument number 1 in place" in message_of(course.edited("normalize_patches", *edit))
    check(course.edited("normalize_patches"))


def test_a_failed_check_shows_its_message_and_no_traceback(course, capsys):
    shell = InteractiveShell()
    shell.user_ns["fail"] = lambda: check(course.edited("sigmoid", "np.exp(-z)", "np.exp(z)"))
    shell.run_cell("fail()")
    out = capsys.readouterr().out
    assert out.startswith("sigmoid is not right yet:\n  Tried: a single number\n")
    assert "Traceback" not in out and "check.py" not in out


def test_a_failed_check_is_a_failed_assertion():
    assert issubclass(CheckFailed, AssertionError)


@pytest.mark.parametrize("name", NAMES)
def test_a_function_that_is_not_written_yet_is_not_called_wrong(name):
    def stub(*args, **kwargs):
        raise previous.Unfinished("write it in 02")

    stub.__name__ = name
    with pytest.raises(NotImplementedError, match="write it in 02"):
        check(stub)


@pytest.mark.parametrize("unknown", [lambda z: z, 3.5, np.exp, None])
def test_an_unknown_name_is_told_with_those_that_there_are(unknown):
    with pytest.raises(ValueError, match="there is no check for") as failed:
        check(unknown)
    assert all(name in str(failed.value) for name in NAMES)


def test_there_are_answers_for_every_probe():
    for notebook, probes in PROBES.items():
        answered = {key.rpartition(".")[0] for key in answers(notebook)}
        assert answered == {f"{name}.{i}" for name in probes for i in range(len(probes[name]))}
