"""A check goes by the name in its call, whatever stands there; a stub is one line."""

import functools
import importlib
import linecache
import sys

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from saelab.check import check
from saelab.check.message import CheckFailed, NoCheck, NotWritten

KINDS = {
    "lambda": "sigmoid = lambda z: 1 / (1 + np.exp(-z))",
    "ufunc of another library": "from scipy.special import expit as sigmoid",
    "alias": "from scipy.special import expit\nsigmoid = expit",
    "partial": "def power(b, z):\n    return 1 / (1 + b ** -z)\nsigmoid = partial(power, np.e)",
    "vectorize": "@np.vectorize\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))",
    "object": (
        "class S:\n    def __call__(self, z):\n        return 1 / (1 + np.exp(-z))\nsigmoid = S()"
    ),
    "method": "class S:\n    def f(self, z):\n        return 1 / (1 + np.exp(-z))\nsigmoid = S().f",
    "decorator": (
        "def timed(f):\n    def inner(*args):\n        return f(*args)\n    return inner\n"
        "@timed\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))"
    ),
    "cache of another name": "def my_own(z):\n    return 1 / (1 + np.exp(-z))\nsigmoid = my_own",
}
WRONG = {"np.exp(-z)": "np.exp(z)", "b ** -z": "b ** z", "expit": "log_expit"}


def run(text, capsys, call="check(sigmoid)"):
    """What a cell with this text, and one with the check, print in IPython."""
    shell = InteractiveShell()
    shell.user_ns |= {"np": np, "partial": functools.partial, "check": check}
    shell.run_cell(text)
    capsys.readouterr()
    ran = shell.run_cell(call)
    return capsys.readouterr().out, ran.error_in_exec


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_it_is_its_name_in_the_call_counts(kind, capsys):
    out, error = run(KINDS[kind], capsys)
    assert (out, error) == ("sigmoid: visible checks passed.\n", None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_one_is_called_by_that_name(kind, capsys):
    text = KINDS[kind]
    for old, new in WRONG.items():
        text = text.replace(old, new)
    out, error = run(text, capsys)
    assert out.startswith("sigmoid is not right yet:\n") and error is not None


@pytest.mark.parametrize(
    "call", ["check( sigmoid )", "(check)(sigmoid)", "x = 1; check(sigmoid); y = 2",
             "check(\n    sigmoid,\n)", "for f in [1]:\n    check(sigmoid)", "ß = check(sigmoid)"]
)  # fmt: skip
def test_the_name_is_found_however_the_call_is_written(call, capsys):
    out, error = run(KINDS["lambda"], capsys, call)
    assert (out, error) == ("sigmoid: visible checks passed.\n", None)


def test_without_a_name_in_the_call_the_name_that_the_caller_knows_it_by_counts(capsys):
    text = KINDS["lambda"] + "\nall_of_them = [sigmoid]"
    out, error = run(text, capsys, "check(all_of_them[0])")
    assert (out, error) == ("sigmoid: visible checks passed.\n", None)
    sigmoid = eval("lambda z: 1 / (1 + np.exp(-z))")
    exec("check(f)", {"check": check, "f": sigmoid, "sigmoid": sigmoid})


def test_the_name_in_the_call_counts_before_the_function_s_own(capsys):
    out, error = run("def sigmoid(z):\n    return z\nkl_divergence = sigmoid", capsys,
                     "check(kl_divergence)")  # fmt: skip
    assert out.startswith("kl_divergence ") and error is not None


@pytest.mark.parametrize(
    "call",
    ["check(N.sigmoid)", "check(table['sigmoid'])", "check(function=sigmoid)",
     "check(getattr(N, 'sigmoid'))", "check(np.vectorize(sigmoid))"],
)  # fmt: skip
def test_a_name_at_the_end_of_what_is_given_counts(call, capsys):
    text = "class N:\n    sigmoid = lambda z: 1 / (1 + np.exp(-z))\n"
    text += "table = {'sigmoid': lambda z: N.sigmoid(z)}\nsigmoid = lambda z: N.sigmoid(z)\n"
    text += "kl_divergence = sigmoid"
    out, error = run(text, capsys, call)
    assert (out, error) == ("sigmoid: visible checks passed.\n", None)


CALLABLE = "write check({}), with the function's name and without brackets after it."


@pytest.mark.parametrize(
    "call, told",
    [
        ("check('sigmoid')", f"not a value of type str: {CALLABLE.format('sigmoid')}"),
        ("check(None)", f"not a value of type NoneType: {CALLABLE.format('sigmoid')}"),
        ("check(relative_error(3, sigmoid))", CALLABLE.format("relative_error")),
        ("check(N.relative_error(3, 4))", CALLABLE.format("relative_error")),
        ("check([relative_error])", "not a value of type list: write check("),
        ("sigmiod = lambda z: z; check(sigmiod)", "no check for sigmiod: did you mean sigmoid?"),
        ("def relativ_eror(a): pass\ncheck(relativ_eror)", "did you mean relative_error?"),
        ("check(lambda z: z)", "there is no check for this function. Give your function the name"),
        ("check(**{'function': lambda z: z})", "there is no check for this function. Give your"),
        ("check(np.exp)", "there is no check for exp. Give your function the name that the exer"),
    ],
)
def test_what_has_no_check_is_told_in_one_line(call, told, capsys):
    text = "class N:\n    relative_error = lambda a, b: 3\nrelative_error = N.relative_error\n"
    out, error = run(text + "sigmoid = 3", capsys, call)
    assert out.startswith("NoCheck: ") and told in out and out.count("\n") == 1
    assert isinstance(error, NoCheck) and isinstance(error, ValueError)


def test_a_text_that_has_changed_since_is_not_looked_at(tmp_path, monkeypatch, capsys):
    """What stands in the file by now is not what runs."""
    text = (
        "from saelab.check import check\nfrom numpy import exp\n"
        "def sigmoid(z):\n    return 1 / (1 + exp(-z))\nnamed = {'kl_divergence': sigmoid}\n"
        "def run():\n    check(named['kl_divergence'])\ndef kl_divergence(r, q): pass\n"
    )
    file = tmp_path / "own_module_of_checks.py"
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    file.write_text(text)
    module = importlib.import_module(file.stem)
    monkeypatch.delitem(sys.modules, file.stem)
    with pytest.raises(CheckFailed, match=r"^kl_divergence"):
        module.run()
    file.write_text(text.replace("check(named['kl_divergence'])", "check(   kl_divergence      )"))
    linecache.checkcache()
    module.named["kl_divergence"] = module.sigmoid
    module.run()
    assert capsys.readouterr().out == "sigmoid: visible checks passed.\n"


STUB = "def {name}(*args):\n    raise NotImplementedError('write {name}')\n"


@pytest.mark.parametrize(
    "text, call, says",
    [
        (STUB.format(name="sigmoid"), "check(sigmoid)",
         "sigmoid is not written yet: write it in the cell above, and run that cell."),
        (STUB.format(name="todo") + "sigmoid = todo", "check(sigmoid)",
         "sigmoid is not written yet: write it in the cell above, and run that cell."),
        (STUB.format(name="todo") + "todo.__name__ = 'sigmoid'\nsigmoid = todo", "check(sigmoid)",
         "sigmoid is not written yet: write it in the cell above, and run that cell."),
        ("def sigmoid(z):\n    return\n" + STUB.format(name="unpack_parameters")
         + "def feed_forward(*args):\n    return unpack_parameters(*args)", "check(feed_forward)",
         "feed_forward calls unpack_parameters, which is not written yet: write unpack_parameters "
         "first."),
    ],
)  # fmt: skip
def test_a_stub_is_told_in_one_line(text, call, says, capsys):
    out, error = run(text, capsys, call)
    assert out == f"NotWritten: {says}\n" and "Traceback" not in out
    assert isinstance(error, NotWritten) and isinstance(error, NotImplementedError)
    assert error._render_traceback_() == [f"NotWritten: {says}"] and error.__suppress_context__


# --- what says nothing ------------------------------------------------------------------

EMPTY = {
    "np.zeros_like(z, dtype=float)": "0 everywhere",
    "np.ones_like(z, dtype=float)": "1 everywhere",
    "0.37 + 0 * z": "0.37 everywhere",
    "np.mean(z) + 0 * z": "the same number in all entries",
    "np.round(z)": "whole numbers only",
    "np.asarray(z).astype(int)": "whole numbers only",
    "np.nan * z": "nan everywhere",
}


@pytest.mark.parametrize("result, says", EMPTY.items())
def test_what_says_nothing_is_told_plainly_and_named_as_no_mistake(result, says, capsys):
    out, _ = run(f"def sigmoid(z):\n    return {result}", capsys)
    text = " ".join(out.split())
    assert f"The result is {says}: look " in text and "You would get" not in text


def test_a_few_numbers_before_an_error_are_no_such_result(capsys):
    out, _ = run("import math\ndef sigmoid(z):\n    return 1 / (1 + math.exp(-z))", capsys)
    assert "stopped with TypeError" in out and "everywhere" not in out
    assert "It works for a single number, but stops for an array." in " ".join(out.split())


def test_a_number_that_is_always_the_same_is_told_by_that(capsys):
    out, _ = run("def relative_error(a, b):\n    return 0.7", capsys, "check(relative_error)")
    assert "The result is 0.7 whatever the arguments are" in " ".join(out.split())


def test_only_the_parts_that_say_nothing_are_told_so(course):
    wrong = course.edited("autoencoder_cost", "delta2.mean(axis=1)", "0 * b1", " + decay", "")
    with pytest.raises(AssertionError) as failed:
        check(wrong)
    text = " ".join(str(failed.value).split())
    assert "The gradient of b1 is 0 everywhere: look whether" in text
    assert "The gradient of W1 is" not in text
