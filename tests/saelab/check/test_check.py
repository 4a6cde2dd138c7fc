"""What a visible check prints, raises and lets through.

Which functions pass and which do not is in test_check_other_ways and test_check_mistakes.
"""

import functools
import re
import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from saelab import previous
from saelab.check import check
from saelab.check.exercises import NOTEBOOKS, exercise
from saelab.check.message import CheckFailed, NoCheck, NotWritten
from saelab.check.stored import known, wanted
from saelab.check.words import LEAD

NAMES = sorted(name for exercises in NOTEBOOKS.values() for name in exercises)


def failure_of(function):
    with pytest.raises(CheckFailed) as failed:
        check(function)
    return failed.value


def message_of(function):
    return " ".join(str(failure_of(function)).split())


def test_every_function_that_students_write_has_a_check(course):
    assert course.names == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_passes(course, name, capsys):
    check(course.edited(name))
    assert capsys.readouterr() == (f"{name}: visible checks passed.\n", "")


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
    assert capfd.readouterr() == (f"{name}: visible checks passed.\n", "")


def test_never_to_reach_the_last_row_is_a_hint_and_no_fault(course, capsys):
    check(course.edited("sample_patches", "height - patch_size + 1", "height - patch_size"))
    out = capsys.readouterr().out
    assert "visible checks passed" in out
    assert "A hint, not a fault: no patch ever holds the last row of a picture" in out


def test_the_message_says_what_was_tried_when_it_is_wrong_and_which_mistake_it_is(course):
    wrong = course.edited(
        "autoencoder_cost", "/ m + lambda_ * W1", "/ m", "/ m + lambda_ * W2", "/ m"
    )
    message = message_of(wrong)
    assert "Tried: the same with lambda = 0.01 (right for: 5 inputs, 4 hidden units" in message
    assert "gradients of W1 and W2 are right where lambda is 0, and wrong" in message
    assert "The weight decay is in the cost, but not in the gradient" in message


def test_what_has_to_be_mended_first_is_told_first(course):
    wrong = course.edited(
        "autoencoder_cost", "delta2.mean(axis=1)", "delta2.sum(axis=1)", " + decay", "",
        "delta3.mean(axis=1)", "delta3.mean(axis=1) / (m - 1)",
    )  # fmt: skip
    _, tried, first, *_ = str(failure_of(wrong)).splitlines()
    assert tried == "  Tried: one example only, lambda = 0.5"
    assert first.startswith("  the gradient with respect to b2 is ") and "inf in 4 of 4" in first


def test_an_argument_that_is_changed_is_told_before_wrong_values(course):
    wrong = course.edited("sigmoid", "return 1 / (1 +", "z *= -1; return 2 / (1 +")
    told = str(failure_of(wrong)).splitlines()
    assert "changes its argument number 1 in place" in " ".join(told[1:4])


@pytest.mark.parametrize(
    "edits, says",
    [
        (("data):", "data, kept=[]):", "return cost,", "kept.append(cost); return sum(kept),"),
         "a second call with the same arguments gives another result"),
    ],
)  # fmt: skip
def test_state_between_calls_is_told(course, edits, says):
    assert says in message_of(course.edited("autoencoder_cost", *edits))


def test_the_result_of_an_earlier_call_is_told(course):
    right, kept = course.edited("relative_error"), []

    def relative_error(a, b):
        kept.append(right(a, b))
        return kept[0]

    assert "0.714286 whatever the arguments are" in message_of(relative_error)


def test_an_unknown_mistake_is_told_without_a_known_one(course):
    message = message_of(course.edited("autoencoder_cost", "return cost,", "return 1.03 * cost,"))
    assert "the cost is " in message and LEAD not in message


def test_two_mistakes_are_told_as_two(course):
    message = message_of(
        course.edited(
            "autoencoder_cost", " + decay", "", "delta2.mean(axis=1)", "delta2.sum(axis=1)"
        )
    )
    assert f"{LEAD} exactly this if you made these 2 mistakes together:" in message


def test_a_fault_of_all_parts_is_told_once(course):
    message = message_of(course.edited("autoencoder_cost", "return cost,", "return"))
    assert message.count("should return two things") == 1
    assert message.count("The gradient comes back without the cost") == 1


def test_the_message_shows_the_line_that_raised_an_error(course):
    cells = [course.text("sigmoid"), course.text("unpack_parameters"), "import numpy as np",
             course.text("feed_forward").replace("b1[:, None]", "b1")]  # fmt: skip
    message = message_of(previous.definitions(cells, previous.functions, "own")["feed_forward"])
    assert "feed_forward stopped with ValueError: operands could not be broadcast" in message
    assert message.endswith("(in the line: a2 = sigmoid(W1 @ data + b1))")


def test_an_argument_that_was_spoilt_is_whole_again_for_the_next_check(course):
    edit = "centred = patches - ", "centred = patches; patches -= "
    assert "argument number 1 in place" in message_of(course.edited("normalize_patches", *edit))
    check(course.edited("normalize_patches"))


# --- what is shown where ------------------------------------------------------------


class Kernel:
    """Stands for a notebook's kernel: what is displayed is kept."""

    def __init__(self, monkeypatch):
        self.shown: list[dict[str, str]] = []
        for name in ("NBGRADER_EXECUTION", "NBGRADER_VALIDATING"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=self))
        monkeypatch.setattr("IPython.display.display", lambda data, raw: self.shown.append(data))


def failing(course):
    return course.edited("sigmoid", "np.exp(-z)", "np.exp(z)")


def test_without_a_notebook_a_failed_check_shows_its_message_and_no_traceback(course, capsys):
    shell = InteractiveShell()
    shell.user_ns["fail"] = lambda: check(failing(course))
    shell.run_cell("fail()")
    out = capsys.readouterr().out
    assert out.startswith("sigmoid is not right yet:\n  Tried: a single number\n")
    assert "Traceback" not in out and "check.py" not in out


def test_in_a_notebook_a_failed_check_is_html_and_the_error_one_line(course, monkeypatch, capsys):
    kernel = Kernel(monkeypatch)
    failed = failure_of(failing(course))
    (shown,) = kernel.shown
    assert shown["text/plain"] == str(failed) and "Tried: a single number" in str(failed)
    assert "<li>Tried: a single number</li>" in shown["text/html"]
    (line,) = failed._render_traceback_()
    assert line == "CheckFailed: sigmoid is not right yet (see above)."
    assert capsys.readouterr().out == ""


def test_in_a_notebook_a_passed_check_is_html(course, monkeypatch, capsys):
    kernel = Kernel(monkeypatch)
    check(course.edited("sigmoid"))
    (shown,) = kernel.shown
    assert shown["text/plain"] == "sigmoid: visible checks passed."
    assert "visible checks passed" in shown["text/html"] and capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["NBGRADER_EXECUTION", "NBGRADER_VALIDATING"])
def test_under_nbgrader_the_error_carries_the_text(course, monkeypatch, name):
    kernel = Kernel(monkeypatch)
    monkeypatch.setenv(name, "1")
    failed = failure_of(failing(course))
    assert not kernel.shown and failed._render_traceback_() == [str(failed)]


def test_html_is_escaped_and_takes_nothing_from_outside(course, monkeypatch):
    kernel = Kernel(monkeypatch)

    def sigmoid(z):
        raise ValueError("<script>alert('&')</script>")

    failure_of(sigmoid)
    text = kernel.shown[0]["text/html"]
    assert "&lt;script&gt;" in text and "<script" not in text
    assert "http" not in text and "url(" not in text
    names = set(re.findall(r"<(\w+)", text))
    assert names <= {"div", "strong", "ul", "li", "b", "br"}


def test_colours_are_the_theme_s(course, monkeypatch):
    kernel = Kernel(monkeypatch)
    failure_of(failing(course))
    style = kernel.shown[0]["text/html"]
    assert "var(--jp-content-font-color1" in style and "background" not in style


def test_a_failed_check_is_a_failed_assertion():
    assert issubclass(CheckFailed, AssertionError)


@pytest.mark.parametrize("name", NAMES)
def test_a_function_that_is_not_written_yet_is_not_called_wrong(name):
    def stub(*args, **kwargs):
        raise previous.Unfinished("write it in 02")

    stub.__name__ = name
    with pytest.raises(NotWritten) as failed:
        check(stub)
    assert str(failed.value) == f"{name} cannot be tried yet: write it in 02"


@pytest.mark.parametrize("unknown", [lambda z: z, np.exp, type])
def test_an_unknown_name_is_told_with_those_that_there_are(unknown, tmp_path, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    with pytest.raises(ValueError, match=r"no check for unknown\. Give your") as failed:
        check(unknown)
    assert all(name in str(failed.value) for name in NAMES)
    for notebook, exercises in NOTEBOOKS.items():
        (tmp_path / notebook).mkdir()
        monkeypatch.chdir(tmp_path / notebook)
        with pytest.raises(NoCheck) as failed:
            check(unknown)
        told = f"that the exercise in {notebook} asks for, one of: {', '.join(exercises)}."
        assert str(failed.value).endswith(told)


@pytest.mark.parametrize("name", NAMES)
def test_there_are_answers_for_every_probe_and_signatures_for_every_mistake(name):
    probes = exercise(name).probes
    assert len(wanted(name)) == len(probes)
    assert all(wanted(name)) or exercise(name).properties
    answers = known(name)
    assert len(answers.sentences) == len(answers.singles) and len(answers.of) == len(answers.pairs)
