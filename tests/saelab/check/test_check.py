"""What a visible check prints, raises and lets through.

Which functions pass and which do not is in test_check_other_ways and test_check_mistakes.
"""

import functools
import linecache
import re
import sys
import warnings
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from saelab import previous
from saelab.check import check
from saelab.check.exercises import FUNCTIONS, NOTEBOOKS, exercise
from saelab.check.message import CheckFailed, NoCheck, NotWritten
from saelab.check.stored import known, wanted
from saelab.check.words import LEAD

NAMES = sorted(FUNCTIONS)


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
    assert "Tried: other numbers, lambda = 0.01 (right for: 5 inputs, 4 hidden units" in message
    assert "gradients of W1 and W2 are right where lambda is 0, and wrong" in message
    assert "The weight decay is in the cost, but not in the gradient" in message


def test_what_has_to_be_mended_first_is_told_first(course):
    wrong = course.edited(
        "autoencoder_cost", "delta2.mean(axis=1)", "delta2.sum(axis=1)", " + decay", "",
        "delta3.mean(axis=1)", "delta3.mean(axis=1) + 0 * (1 // (m - 1))",
    )  # fmt: skip
    told = " ".join(str(failure_of(wrong)).splitlines()[1:4])
    assert "Tried: one example only, lambda = 0.5" in told and "ZeroDivisionError" in told


def test_what_overflows_somewhere_is_told_after_what_is_wrong_everywhere(course):
    wrong = course.edited(
        "autoencoder_cost", "delta2.mean(axis=1)", "delta2.sum(axis=1)", " + decay", "",
        "delta3.mean(axis=1)", "delta3.mean(axis=1) / (m - 1)",
    )  # fmt: skip
    _, tried, *told = str(failure_of(wrong)).splitlines()
    assert tried == "  Tried: other numbers, lambda = 0.01"
    assert not any("inf in 4 of 4" in line for line in told)


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
    message = message_of(course.edited("autoencoder_cost", "return cost,", "return cost**1.03,"))
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


# --- what stops, and what is not written ------------------------------------------------


def messages(source, name):
    """What the check says of a function with this source."""
    space = {"np": np, "check": check}
    exec(source, space)
    with pytest.raises((CheckFailed, NotWritten)) as caught:
        exec(f"check({name})", space)
    return " ".join(str(caught.value).split())


@pytest.mark.parametrize("body", ["pass", "...", "'''It says what.'''", "return", "return None"])
def test_what_does_nothing_is_not_written(body):
    assert messages(f"def sigmoid(z):\n    {body}", "sigmoid") == (
        "sigmoid is not written yet: write it in the cell above, and run that cell."
    )


def test_a_stub_s_last_line_that_was_forgotten_is_named(tmp_path):
    text = "def sigmoid(z):\n    '''Of z.'''\n    raise NotImplementedError()\n"
    written = text + "    return 1 / (1 + np.exp(-z))\n"
    for lines, says in (
        (text, "sigmoid is not written yet: write it in the cell above"),
        (written, "sigmoid stops in line 3 of its cell, `raise NotImplementedError()`: take that"),
    ):
        file = str(tmp_path / f"{len(lines)}.py")
        linecache.cache[file] = (len(lines), None, lines.splitlines(keepends=True), file)
        space: dict[str, Any] = {"np": np}
        exec(compile(lines, file, "exec"), space)
        with pytest.raises(NotWritten, match=re.escape(says)):
            check(space["sigmoid"])


def test_an_object_whose_call_is_a_stub_is_not_written():
    text = "class S:\n    def __call__(self, z): raise NotImplementedError\nsigmoid = S()"
    assert messages(text, "sigmoid").startswith("sigmoid is not written yet")


def test_what_a_library_cannot_do_is_an_error_with_its_words():
    text = (
        "import scipy.sparse as sp\n"
        "def average_activation(a2):\n    return (1 + sp.csr_matrix(a2)).mean(axis=1)"
    )
    assert "stopped with NotImplementedError: adding" in messages(text, "average_activation")


def test_what_is_not_written_for_some_arguments_stops_there():
    text = (
        "def sigmoid(z):\n"
        "    if np.ndim(z): raise NotImplementedError('arrays: later')\n"
        "    return 1 / (1 + np.exp(-z))"
    )
    said = messages(text, "sigmoid")
    assert "Tried: a 3x4 array (right for: a single number; a single negative number)" in said
    assert "sigmoid stopped with NotImplementedError: arrays: later" in said


@pytest.mark.parametrize(
    "result, says",
    [
        ("z - np.nan", "The result is nan everywhere: look for a division by zero"),
        ("z + np.inf", "The result is inf everywhere: look for a division by zero"),
        ("np.empty(0)", "the result has shape (0,), but should have shape ()"),
        ("1e305 / (1 + np.exp(-z))", "the result is 6.22e+304, but should be 0.622"),
        ("1.7 / (1 + np.exp(-z))", "Each number in the result is 1.7 times as large as it should"),
        ("1 / (1 + np.exp(-np.abs(z)))", "Tried: a single negative number (right for: a single n"),
    ],
)
def test_what_is_said_is_so(result, says):
    assert says in messages(f"def sigmoid(z):\n    return {result}", "sigmoid")


def test_an_error_without_a_text_and_one_with_a_long_text():
    said = messages("def sigmoid(z):\n    assert z is None", "sigmoid")
    assert said.endswith("sigmoid stopped with AssertionError")
    said = messages("def sigmoid(z):\n    raise ValueError('a ' * 5000)", "sigmoid")
    assert said.endswith("a ...") and len(said) < 500


def test_the_notebook_s_own_settings_of_numpy_are_not_the_check_s():
    with np.errstate(all="raise"):
        exec(
            "def sigmoid(z): return 1 / (1 + np.exp(-z))\ncheck(sigmoid)",
            {"np": np, "check": check},
        )


def test_of_zeros_in_a_part_no_step_is_told():
    text = (
        "def unpack_parameters(theta, v, h):\n    n = v * h\n"
        "    W1, W2 = theta[:n].reshape(h, v), theta[n : 2 * n].reshape(v, h)\n"
        "    return W1, W2, 0 * theta[2 * n : 2 * n + h], theta[2 * n + h :]"
    )
    assert messages(text, "unpack_parameters") == (
        "unpack_parameters is not right yet: b1 is 0 everywhere: look whether anything is computed "
        "there."
    )


def test_zeros_of_a_sampler_are_no_shape_of_zero():
    text = "def sample_patches(images, p, n, rng):\n    return np.zeros((p * p, n))"
    assert messages(text, "sample_patches").endswith(
        "The result is 0 everywhere: look whether anything is computed there."
    )


def test_a_function_that_calls_a_wrong_one_is_not_accused_of_its_mistake(course):
    """The fault is where the other function stands, and that has a check of its own."""
    own = previous.definitions(
        ["import numpy as np", course.text("sigmoid").replace("-z", "z"),
         course.text("unpack_parameters"), course.text("feed_forward")],
        previous.functions, "own",
    )  # fmt: skip
    message = message_of(own["feed_forward"])
    assert message.endswith("It calls sigmoid, and its own check does not pass: look there first.")
    assert LEAD not in message
