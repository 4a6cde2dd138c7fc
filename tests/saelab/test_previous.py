"""A reader's own functions come out of notebooks, of which only what they need is run."""

import ast
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path

import numpy as np
import pytest

from saelab import previous
from saelab.previous import Unfinished, is_stub
from tests.support.warned import warned

pytestmark = pytest.mark.versions

SIGMOID = "def sigmoid(z):\n    return 1 / (1 + 2.718281828459045 ** -z)"
STUB = 'def sigmoid(z):\n    """Doc."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
BELOW = "def twice(z):\n    return 2 * sigmoid(z)"
ASK = 'sigmoid = previous.functions("02_cost", "sigmoid")'


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Every test works in the folder of a notebook 05, and no grader is at work."""
    monkeypatch.delenv("SAELAB_PREVIOUS", raising=False)
    (tmp_path / "05_training").mkdir()
    monkeypatch.chdir(tmp_path / "05_training")


@pytest.fixture
def write(tmp_path):
    """A function that writes a notebook of code cells; a dictionary is a whole cell."""

    def write(*cells, name="02_cost", folder=tmp_path):
        path = folder / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = [
            cell if isinstance(cell, dict)
            else {"cell_type": "code", "metadata": {}, "outputs": [], "source": cell}
            for cell in cells
        ]  # fmt: skip
        path.write_text(json.dumps({"cells": whole, "metadata": {}, "nbformat": 4}), "utf-8")
        return path

    return write


def sigmoid_of(*cells, write):
    """What previous.functions makes of a notebook with these cells, called with 0."""
    write(*cells)
    return previous.functions("02_cost", "sigmoid")(0)


# --- what is read ------------------------------------------------------------------


def test_one_name_gives_the_function_and_several_a_tuple(write, capsys):
    write(SIGMOID, BELOW)
    assert previous.functions("02_cost", "sigmoid")(0) == 0.5
    twice, sigmoid = previous.functions("02_cost", "twice", "sigmoid")
    assert twice(0) == 1 and sigmoid(0) == 0.5
    assert capsys.readouterr() == ("", "")


def test_the_source_may_be_a_list_of_lines_as_jupyter_writes_it(write):
    assert sigmoid_of(SIGMOID.splitlines(keepends=True), write=write) == 0.5


@pytest.mark.parametrize(
    "helper, body",
    [
        ("import math", "math.exp(-z)"),
        ("from math import exp as e", "e(-z)"),
        ("def decay(z):\n    return 3 ** -z", "decay(z)"),
        ("decay = lambda z: max(3 ** -z, 0)", "decay(z)"),
        ("from math import exp\ndecay = exp", "decay(-z)"),
        ("class Decay:\n    base = 3", "Decay.base ** -z"),
        ("BASE = 3", "BASE ** -z"),
        ("BASE, STEP = 3, -1", "BASE ** (STEP * z)"),
        ("BASE = STEP = -(2 ** 10)", "BASE ** -z"),
        ("from math import e\nBASE = e ** 2", "BASE ** -z"),
        ("TABLE = {'base': [3, 4]}\nBASE = TABLE['base'][0]", "BASE ** -z"),
    ],
)
def test_what_a_function_uses_is_read_too(write, helper, body):
    assert sigmoid_of(helper, f"def sigmoid(z):\n    return 1 / (1 + {body})", write=write) == 0.5


def test_modules_that_no_definition_uses_are_not_imported(write):
    """Figures are not drawn here, and matplotlib takes half a second."""
    program = (
        "import sys; from saelab import previous; "
        "print(previous.functions('02_cost', 'sigmoid')(0), 'matplotlib' in sys.modules)"
    )
    figures = "import matplotlib.pyplot as plt\nfrom saelab.display import show\nimport numpy as np"
    for used, told in (("0.5", "0.5 False\n"), ("plt.figaspect(1)[0] * 0", "0.0 True\n")):
        write(figures, f"def sigmoid(z):\n    return np.float64(1.0).item() * {used}")
        words = [sys.executable, "-c", program]
        answer = subprocess.run(words, check=False, capture_output=True, text=True)
        assert answer.stdout == told, answer.stderr


@pytest.mark.parametrize(
    "used, result",
    [
        ('KIND = np.dtype("f8")', "KIND.itemsize / 16"),
        ("limits = dict(low=0.5, high=0.9)", 'limits["low"]'),
        ("HALF: float = 0.5", "HALF"),
        ("%time HALF = max(0.5, z0)", "HALF"),
        ("halves = {}\nhalves[3] = 0.5", "halves[3]"),
        ("halves = []\nfor i in range(2):\n    halves.append(i / 2)", "halves[1]"),
        ("class Half:\n    pass\nhalf = Half()\nhalf.value = 0.5", "half.value"),
        ("from dataclasses import dataclass\n@dataclass\nclass Half:\n    value: 'float' = 0.5",
         "Half().value"),
        ("try:\n    import not_installed\nexcept ImportError:\n    not_installed = None",
         "0.5 if not_installed is None else 1"),
        ("with np.errstate(all='ignore'):\n    HALF = 0.5", "HALF"),
        ("HALF = 0\nHALF += 0.5", "HALF"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["above", "in the cell", "below"])
def test_what_a_function_uses_may_come_about_in_any_way(write, used, result, place):
    function = f"def sigmoid(z):\n    return {result}"
    cells = {
        "above": [used, function],
        "in the cell": [f"{function}\n{used}"],
        "below": [function, used],
    }
    assert sigmoid_of("import numpy as np\nz0 = 0", *cells[place], write=write) == 0.5


@pytest.mark.parametrize(
    "sigmoid",
    [
        "sigmoid = lambda z: 0.5",
        "from scipy.special import expit\nsigmoid = expit",
        "from scipy.special import expit as sigmoid",
        "from scipy.special import *\nsigmoid = expit",
        "import numpy as np\ndef one(z):\n    return z + 0.5\nsigmoid = np.vectorize(one)",
        "import numpy as np\n@np.vectorize\ndef sigmoid(z):\n    return z + 0.5",
        "import functools\nsigmoid = functools.partial(max, 0.5)",
        "import functools\n@functools.lru_cache\ndef sigmoid(z):\n    return 0.5",
        "class Unit:\n    def __call__(self, z):\n        return 0.5\nsigmoid = Unit()",
        "if True:\n    def sigmoid(z):\n        return 0.5",
        "try:\n    from not_installed import sigmoid\n"
        "except ImportError:\n    def sigmoid(z):\n        return 0.5",
        "import numpy as np\nwith np.errstate(over='ignore'):\n    sigmoid = lambda z: 0.5",
        "from __future__ import annotations\ndef sigmoid(z: Nothing) -> Nobody:\n    return 0.5",
        "(sigmoid := lambda z: 0.5)",
        "if __name__ == '__main__':\n    def sigmoid(z):\n        return 0.5",
    ],
)
def test_a_function_may_come_about_in_any_way(write, sigmoid, capsys):
    assert sigmoid_of(STUB, sigmoid, write=write) == 0.5
    assert capsys.readouterr() == ("", "")


def test_what_stands_beside_the_earlier_notebook_is_found(write, tmp_path):
    write("import own_module\nhalf = float(open('half.txt').read())",
          "def sigmoid(z):\n    return own_module.one * half")  # fmt: skip
    (tmp_path / "02_cost" / "own_module.py").write_text("one = 1")
    (tmp_path / "02_cost" / "half.txt").write_text("0.5")
    before = list(sys.path)
    assert previous.functions("02_cost", "sigmoid")(0) == 0.5
    assert sys.path == before and Path.cwd() == tmp_path / "05_training"


def test_what_a_needed_statement_prints_is_not_shown(write, capsys):
    assert sigmoid_of("if True:\n    print('x')\n    half = 0.5",
                      "def sigmoid(z):\n    return half", write=write) == 0.5  # fmt: skip
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "example",
    [
        "half = sigmoid(3) + open('ran', 'w').write('')",
        "for half in range(3):\n    open('ran', 'w')",
        "half = 3",
        "sigmoid = sigmoid(3)",
        "sigmoid = 3",
        "helper = helper()",
        "helper, grad = 3, 4",
    ],
)
def test_an_example_below_that_uses_the_same_name_changes_nothing(write, tmp_path, example):
    """The function was tried when its cell had been run, by a check and by a hidden test."""
    helper = "half = 0.5\ndef helper():\n    return half"
    assert sigmoid_of(helper, "def sigmoid(z):\n    return helper()", example, write=write) == 0.5
    assert not list(tmp_path.rglob("ran"))


def test_a_helper_that_is_defined_again_below_counts(write):
    first, second = ("def helper():\n    return 7", "def helper():\n    return 0.5")
    assert sigmoid_of(first, "def sigmoid(z):\n    return helper()", second, write=write) == 0.5


def test_a_long_run_is_run_only_for_a_function_that_reads_its_result(write, tmp_path):
    run = "theta = len(open('../ran', 'w').name) * 0 + 0.5"
    assert sigmoid_of("theta = 1", run, "def sigmoid(theta):\n    return 0.5", run, write=write)
    assert not (tmp_path / "ran").exists()
    assert sigmoid_of(run, "def sigmoid(z):\n    return theta", write=write) == 0.5
    assert (tmp_path / "ran").exists()


def test_the_later_of_two_definitions_holds(write):
    assert sigmoid_of("def sigmoid(z):\n    return 7", SIGMOID, write=write) == 0.5
    assert sigmoid_of(STUB, SIGMOID, write=write) == 0.5
    with pytest.raises(Unfinished):
        sigmoid_of(SIGMOID, STUB, write=write)
    unless = f"try:\n    sigmoid\nexcept NameError:\n    {STUB.replace(chr(10), chr(10) + '    ')}"
    assert sigmoid_of(SIGMOID, unless, write=write) == 0.5
    with pytest.raises(Unfinished):
        sigmoid_of(unless, write=write)


@pytest.mark.parametrize(
    "cell",
    [
        "open('ran', 'w')",
        "x = open('ran', 'w')",
        "for name in ['ran']:\n    open(name, 'w')",
        "x = [open(name, 'w') for name in ['ran']]",
        "if True:\n    open('ran', 'w')",
        "with open('ran', 'w'):\n    pass",
        "assert open('ran', 'w')",
        "!touch ran",
    ],
)
def test_a_cell_that_does_something_is_not_run(write, cell, tmp_path):
    assert sigmoid_of(cell, SIGMOID, cell, write=write) == 0.5
    assert not (tmp_path / "05_training" / "ran").exists()


def test_settings_are_left_alone(write):
    settings = vars(np)
    settings["course_setting"] = "as it was"
    try:
        uses = "def sigmoid(z):\n    return np.exp(z)"
        sigmoid_of("import numpy as np\nnp.course_setting = 3", uses, write=write)
        assert settings["course_setting"] == "as it was"
    finally:
        del settings["course_setting"]


@pytest.mark.parametrize(
    "cell",
    [
        "def half(z:\n    return",
        "what is this?",
        "%%bash\nif true; then echo; fi",
        "%%html\n<b>no Python</b>",
        "import a_library_that_is_not_installed",
        "waited = await not_known_here()",
        "nonlocal half",
        "total = " + "+".join(["half"] * 900),
        "other = not_known_here",
        "def other(z, start=not_known_here):\n    return z",
        "",
        {"cell_type": "markdown", "metadata": {}, "source": "def sigmoid(z): pass"},
        {"cell_type": "raw", "metadata": {}, "source": "raise"},
    ],
)
def test_a_cell_that_cannot_be_used_is_passed_over(write, cell, recwarn):
    assert sigmoid_of(cell, SIGMOID, cell, write=write) == 0.5
    assert not warned(recwarn)


@pytest.mark.parametrize(
    "magic",
    ["%matplotlib inline", "!pip list", "?print", "%%time", "%%capture out",
     "files = !ls", "took = %timeit -o 1", "\n \n%%time\n", "\n  %%capture out\n%%time"],
)  # fmt: skip
def test_a_magic_does_not_hide_what_stands_below_it(write, magic):
    assert sigmoid_of(f"{magic}\n{SIGMOID}", write=write) == 0.5


def test_a_docstring_of_formulas_makes_no_warning(write, recwarn):
    text = 'def sigmoid(z):\n    "$\\lambda \\sigma$"\n    return 0.5'
    assert sigmoid_of(text, write=write) == 0.5 and not warned(recwarn)


def test_test_cells_are_left_out_and_hand_graded_code_is_not(write):
    def graded(source, **grading):
        metadata = {"nbgrader": grading}
        return {"cell_type": "code", "metadata": metadata, "outputs": [], "source": source}

    test = graded("def sigmoid(z):\n    return 'test'", grade=True, solution=False)
    assert sigmoid_of(SIGMOID, test, write=write) == 0.5
    assert sigmoid_of(graded(SIGMOID, grade=True, solution=True), write=write) == 0.5
    assert sigmoid_of(graded(SIGMOID, grade=False, solution=True), write=write) == 0.5
    assert sigmoid_of(graded(SIGMOID, grade=False, solution=False), write=write) == 0.5


def test_a_traceback_shows_the_reader_s_own_line(write):
    write("x = 1", "def sigmoid(z):\n    wrong = z / 0\n    return wrong")
    with pytest.raises(ZeroDivisionError) as error:
        previous.functions("02_cost", "sigmoid")(1)
    told = "".join(traceback.format_exception(error.value))
    assert 'File "<02_cost.ipynb, code cell 2>", line 2, in sigmoid' in told
    assert "wrong = z / 0" in told


@pytest.mark.parametrize("above", ["\n \n", "\n%%time\n", "%matplotlib inline\n", "%%time\n\n"])
def test_lines_are_counted_as_they_stand_in_the_cell(write, above):
    test = {"cell_type": "code", "metadata": {"nbgrader": {"grade": True}}, "source": "1"}
    write("x = 1", test, f"{above}def sigmoid(z):\n    return z / 0")
    with pytest.raises(ZeroDivisionError) as error:
        previous.functions("02_cost", "sigmoid")(1)
    told = "".join(traceback.format_exception(error.value))
    assert f'code cell 3>", line {above.count(chr(10)) + 2}, in sigmoid' in told


# --- what a grader can read is read --------------------------------------------------


def test_a_byte_order_mark_is_read_over(write):
    path = write(SIGMOID)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert previous.functions("02_cost", "sigmoid")(0) == 0.5


@pytest.mark.parametrize(
    "cell",
    [
        {"cell_type": "code", "source": SIGMOID},
        {"cell_type": "code", "metadata": None, "source": SIGMOID},
        {"cell_type": "code", "metadata": {"nbgrader": None}, "source": [SIGMOID, 3]},
        {"cell_type": "code", "metadata": [], "source": SIGMOID},
    ],
)
def test_a_cell_may_lack_what_jupyter_writes(write, cell):
    whole = [{}, cell, {"cell_type": "code"}, {"cell_type": "code", "source": None}, "x", None, 3]
    path = write()
    path.write_text(json.dumps({"cells": whole, "nbformat": 4}))
    assert previous.functions("02_cost", "sigmoid")(0) == 0.5
    from autograder.submission.reading import SubmissionExporter

    assert SIGMOID in SubmissionExporter().read(path).cells[1].source


@pytest.mark.parametrize("version", [2, 3])
def test_an_old_format_is_read(write, version):
    cells = [{"cell_type": "code", "input": SIGMOID, "language": "python", "outputs": []}]
    sheet = {"worksheets": [{"cells": cells, "metadata": {}}], "metadata": {"name": ""}}
    write().write_text(json.dumps({**sheet, "nbformat": version, "nbformat_minor": 0}))
    assert previous.functions("02_cost", "sigmoid")(0) == 0.5


# --- what is not written -----------------------------------------------------------


def test_an_unfinished_function_is_told_once_and_raises_when_it_is_called(write, capsys):
    path = write("import math", STUB, BELOW)
    sigmoid, twice = previous.functions("02_cost", "sigmoid", "twice")
    told = (
        f"sigmoid is not written yet in {'..' / path.relative_to(path.parents[1])}. Write it "
        "there, save that notebook, and run this cell again."
    )
    assert capsys.readouterr() == (told + "\n", "")
    assert sigmoid.__name__ == "sigmoid"
    with pytest.raises(Unfinished) as error:
        sigmoid(np.zeros(3), key=1)
    assert str(error.value) == told and isinstance(error.value, NotImplementedError)
    with pytest.raises(Unfinished, match="sigmoid is not written yet"):
        twice(0)


@pytest.mark.parametrize(
    "cells, told",
    [
        (["x = 3"], "sigmoid is not in ../02_cost/02_cost.ipynb. Write it there, save"),
        (["sigmoid = 3"], "sigmoid is a value of type int, not a function, in ../02_cost"),
        (["if False:\n    def sigmoid(z):\n        pass"], "sigmoid is not in ../02_cost"),
        (["import not_there\n@not_there.jit\ndef sigmoid(z):\n    return z"],
         "sigmoid cannot be had from ../02_cost/02_cost.ipynb. Code cell 1 stops in line 1, "
         "`import not_there`, with ModuleNotFoundError: No module named 'not_there'. Install that"),
        ([STUB, "x = 1\nsigmoid = vectorised(f)"],
         "sigmoid cannot be had from ../02_cost/02_cost.ipynb. Code cell 2 stops in line 2, "
         "`sigmoid = vectorised(f)`, with NameError: name 'vectorised' is not defined. Mend that"),
        (["def made():\n    raise ValueError('no\\nway')", "sigmoid = made()"],
         "sigmoid cannot be had from ../02_cost/02_cost.ipynb. Code cell 2 stops in line 1, "
         "`sigmoid = made()`, with ValueError: no."),
        (["from not_there import *", "sigmoid = one"],
         "sigmoid cannot be had from ../02_cost/02_cost.ipynb. Code cell 1 stops in line 1, "
         "`from not_there import *`, with ModuleNotFoundError"),
        (["from not_there import *", "x = 3"],
         "sigmoid cannot be had from ../02_cost/02_cost.ipynb. Code cell 1 stops in line 1, "
         "`from not_there import *`, with ModuleNotFoundError"),
        ([STUB, "from not_there import *"], "sigmoid is not written yet in ../02_cost"),
        (["class Odd(Exception):\n    def __str__(self):\n        return 1 / 0", "if True:\n"
          "    raise Odd\n    sigmoid = 1"],
         "sigmoid cannot be had from ../02_cost/02_cost.ipynb. Code cell 2 stops in line 2, "
         "`raise Odd`, with Odd: <exception str() failed>."),
        (["sigmoid = exit('now')"], "sigmoid cannot be had from ../02_cost/02_cost.ipynb. Code ce"),
        ([STUB, f"{SIGMOID}\n\nprint((3)"],
         "sigmoid cannot be had from ../02_cost/02_cost.ipynb. Code cell 2 is not Python "
         "(line 4: '(' was never closed), so that nothing in that cell can be run. Me"),
        ([f"\n%%time\n{SIGMOID}\n3 3"], "sigmoid cannot be had from ../02_cost/02_cost.ipynb. Code "
         "cell 1 is not Python (line 5: invalid syntax"),
        (["sigmoid = lambda z: 'a\0b'"],
         "sigmoid cannot be had from ../02_cost/02_cost.ipynb. Code cell 1 is not Python "
         "(source code string cannot contain null"),
        (["sigmoid = await nobody"], "sigmoid cannot be had from ../02_cost/02_cost.ipynb. In "
         "code cell 1 the statement in line 1, `sigmoid = await nobody`, awaits something, and "
         "such a statement is not run here. Do without `await` there, save"),
        ([{"cell_type": "raw", "source": SIGMOID}, "x = 3"],
         "sigmoid is in no code cell of ../02_cost/02_cost.ipynb. It stands in a raw cell, number "
         "1 of all cells: make it a code cell, save"),
        (["", {"cell_type": "markdown", "source": "Write `sigmoid`, such as\n" + SIGMOID}],
         "sigmoid is not in ../02_cost/02_cost.ipynb. Write it there, save"),
        ([f"%%writefile own.py\n{SIGMOID}\nx x"],
         "sigmoid cannot be had from ../02_cost/02_cost.ipynb. In code cell 1 what stands "
         "below %%writefile is not read. Take %%writefile away there, save"),
        (["def make(k):\n    return k", "k = 3 3", "sigmoid = make(k)"],
         "sigmoid cannot be had from ../02_cost/02_cost.ipynb. Code cell 2 is not Python (line 1"),
    ],
)  # fmt: skip
def test_why_a_function_cannot_be_had_is_told(write, capsys, cells, told):
    write(*cells)
    sigmoid = previous.functions("02_cost", "sigmoid")
    said = capsys.readouterr().out.replace("\\", "/")
    assert said.startswith(told) and said.count("\n") == 1 and "run this cell again.\n" in said
    with pytest.raises(Unfinished) as error:
        sigmoid(0)
    assert f"{error.value}\n".replace("\\", "/") == said


@pytest.mark.parametrize(
    "cell, told",
    [
        (
            "LIMIT = 1 / 0",
            "LIMIT cannot be had from ../02_cost/02_cost.ipynb. Code cell 1 stops in l",
        ),
        (
            "import not_there as LIMIT",
            "LIMIT cannot be had from ../02_cost/02_cost.ipynb. Code cell",
        ),
        ("def LIMIT(z):\n    pass", "LIMIT is not written yet in ../02_cost/02_cost.ipynb."),
        (
            "LIMIT = 3\n(",
            "LIMIT cannot be had from ../02_cost/02_cost.ipynb. Code cell 1 is not Python",
        ),
    ],
)
def test_what_a_function_uses_and_cannot_be_had_is_told_once(write, capsys, cell, told):
    write(cell, "def sigmoid(z):\n    return LIMIT", "def twice(z):\n    return sigmoid(LIMIT)")
    previous.functions("02_cost", "sigmoid", "twice")
    said = capsys.readouterr().out.replace("\\", "/")
    assert said.startswith(told) and said.count("\n") == 1


@pytest.mark.parametrize(
    "cell",
    [
        "import math as LIMIT\nprint 'x'",
        "from math import e as LIMIT\nprint 'x'",
        "from math import *\nprint 'x'",
        "x, LIMIT = 1., 1.\nprint 'x'",
        "for LIMIT in 1, 2:\n    pass\nprint 'x'",
        "x, LIMIT = (1, 1),, 2",
        "from math import e, LIMIT pi",
        "if True:\n    LIMIT = 3 3",
        "print((3)\n\nLIMIT = 3",
    ],
)
def test_what_a_cell_that_is_not_python_would_make_is_told(write, capsys, cell):
    write("x = 1", cell, "def sigmoid(z):\n    return LIMIT")
    previous.functions("02_cost", "sigmoid")
    told = "LIMIT cannot be had from ../02_cost/02_cost.ipynb. Code cell 2 is not Python (line "
    assert capsys.readouterr().out.replace("\\", "/").startswith(told)


USES = "def helper(z):\n    return LIMIT\ndef sigmoid(z):\n    return helper(z)"


@pytest.mark.parametrize(
    "cell",
    [
        "%run helper.py",
        "%pylab inline",
        "def set_up():\n    global LIMIT\n    LIMIT = 3\nset_up()",
        "def other():\n    LIMIT = 3",
        "def other():\n    LIMIT = 3 3",
        "x = dict(\nLIMIT=3,\n)\nprint 'x'",
        "globals()['LIMIT'] = 3",
    ],
)
def test_a_name_that_nothing_makes_is_told(write, capsys, cell):
    write(cell, USES, "def other(z):\n    return UNKNOWN")
    sigmoid, _ = previous.functions("02_cost", "sigmoid", "helper")
    said = capsys.readouterr().out.replace("\\", "/")
    told = "helper in ../02_cost/02_cost.ipynb uses LIMIT, and no statement that was run there make"
    assert said.startswith(told) and said.count("\n") == 1
    with pytest.raises(NameError):
        sigmoid(0)


@pytest.mark.parametrize(
    "cells",
    [
        ["def set_up():\n    global half\n    half = 0.5",
         "def sigmoid(z):\n    set_up()\n    return half"],
        ["def sigmoid(z):\n    global half\n    half = 0.5\n    return half"],
        ["def sigmoid(z):\n    try:\n        half\n    except NameError:\n        return 0.5"],
        ["def sigmoid(z):\n    return half if 'half' in globals() else 0.5"],
        ["def sigmoid(z):\n    if z:\n        display(get_ipython(), In, Out, _, __, _i, _3, _oh)\n"
         "    return 0.5"],
        ["def sigmoid(z):\n    return 0.5 if z == 0 else __file__ + __name__ + __vsc_ipynb_file__"],
        ["def sigmoid(z):\n    x: NDArray = 0.5\n    return x"],
        ["from __future__ import annotations", "def sigmoid(z: Array) -> Array:\n    return 0.5"],
        ["def sigmoid(z):\n    return sum(x for x in [z, 0.5] for y in [x]) + (lambda w: w)(z)"],
        ["def sigmoid(z):\n    try:\n        1 / z\n    except ZeroDivisionError as error:\n"
         "        return 0.5 if error else 1"],
        ["try:\n    1 / 0\nexcept Exception as error:\n    half = 0.5 * bool(error)",
         "def sigmoid(z):\n    return half"],
        ["class Unit:\n    a = 0.5\n    b = a\n    def value(self):\n        return self.b + super("
         ").__init__.__name__.count('x')", "def sigmoid(z):\n    return Unit().value()"],
        ["if not 1:\n    half = 3", "def sigmoid(z):\n    return half if z else 0.5"],
        ["for x in range(3):\n    pass\ndel x", "def sigmoid(z):\n    return x if z else 0.5"],
        ["from math import *", "def sigmoid(z):\n    return exp(z) / 2"],
        ["def sigmoid(z):\n    return old(z)", SIGMOID],
        ["def sigmoid(z):\n    return sum([z, 0.5])", "sum = 3 3", "%%writefile x.py\nsum = 3"],
        ["import not_there", "def sigmoid(z):\n    return not_there.x", SIGMOID],
        ["def old(z):\n    return UNKNOWN", "def sigmoid(z):\n    return old(z)", SIGMOID],
        ["def sigmoid(z):\n    half = 0.5\n    def inner():\n        return half\n"
         "    return inner()"],
    ],
)  # fmt: skip
def test_of_what_is_right_nothing_is_told(write, capsys, cells):
    assert sigmoid_of(*cells, write=write) == 0.5
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "magic", ["%%writefile own.py", "%%script false --no-raise-error", "%%timeit -n 1", "%%python3",
              "%%time\n%%bash", "\n %%html"]
)  # fmt: skip
def test_a_cell_that_does_not_run_in_the_notebook_defines_nothing(write, capsys, magic):
    other = "def sigmoid(z):\n    return 99"
    assert sigmoid_of(SIGMOID, f"{magic}\n{other}", write=write) == 0.5
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("notebook", [None, 2, ["02_cost"], "", "02\0"])
def test_a_notebook_s_name_that_is_none_is_told(notebook):
    with pytest.raises(ValueError, match="give the notebook's name in quotes"):
        previous.functions(notebook, "sigmoid")


@pytest.mark.parametrize("folder", [3, b"x", [".."]])
def test_a_folder_that_is_no_path_is_told(folder):
    with pytest.raises(ValueError, match="folder is the path of a folder in quotes"):
        previous.functions("02_cost", "sigmoid", folder=folder)


@pytest.mark.parametrize("names", [(), ("sigmoid, twice",), ("",), (3,)])
def test_names_that_are_none_are_told(write, names):
    write(SIGMOID)
    with pytest.raises(
        ValueError, match="name at least one function, and each in quotes of its own"
    ):
        previous.functions("02_cost", *names)


@pytest.mark.parametrize("copy", ["02_cost-Copy1", "02_cost (1)", "Copy of 02_cost"])
@pytest.mark.parametrize("place", ["02_cost", "05_training", "."])
@pytest.mark.parametrize("cells", [[STUB], [], ["sigmoid = 1 / 0"], [f"{SIGMOID}\n("], None])
def test_a_copy_that_has_the_answer_is_named(write, capsys, tmp_path, copy, place, cells):
    original = write(*cells or ())
    if cells is None:
        original.unlink()
    write(SIGMOID, name="other", folder=tmp_path / "made")
    other = tmp_path / place / f"{copy}.ipynb"
    (tmp_path / "made" / "other" / "other.ipynb").rename(other)
    with pytest.raises(Unfinished, match="sigmoid is written in "):
        previous.functions("02_cost", "sigmoid")(0)
    name = {"05_training": other.name, ".": f"../{other.name}"}.get(
        place, f"../{place}/{other.name}"
    )
    said = capsys.readouterr().out.replace("\\", "/")
    assert f"But sigmoid is written in {name}. If that is your work, save it as ../02_c" in said


def test_a_copy_without_the_answer_is_not_named(write, capsys, tmp_path):
    copies = {"stub": STUB, "text": "x = 3", "ask": f"from saelab import previous\n{ASK}"}
    for name, cell in copies.items():
        path = write(cell, name=f"02_cost-{name}", folder=tmp_path / "made")
        (tmp_path / "02_cost").mkdir(exist_ok=True)
        path.rename(tmp_path / "02_cost" / path.name)
    (tmp_path / "02_cost" / "02_cost-broken.ipynb").write_text("no notebook")
    write(STUB)
    previous.functions("02_cost", "sigmoid")
    assert "But" not in capsys.readouterr().out


def test_a_missing_notebook_is_told_with_what_to_do(capsys):
    sigmoid, _other = previous.functions("02_cost", "sigmoid", "other")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("sigmoid is needed from ../02_cost/02_cost.ipynb, and there is no")
    assert "nor one beside this notebook" in lines[0]
    assert "folder=" in lines[0]
    with pytest.raises(Unfinished, match="there is no such file"):
        sigmoid(1)


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as Unix has them")
@pytest.mark.parametrize(
    "make, told",
    [
        (lambda path: path.mkdir(), "that is a folder."),
        (lambda path: os.mkfifo(path, 0o600), "that is neither a file nor a folder."),
        (lambda path: path.symlink_to("gone"), "that is a link to gone, which is not there."),
        (lambda path: path.symlink_to(path.name), "that is a link that leads in a circle."),
    ],
)
def test_what_is_in_a_notebook_s_place_is_told(write, capsys, make, told):
    path = write()
    path.unlink()
    make(path)
    previous.functions("02_cost", "sigmoid")
    assert f"needed from ../02_cost/02_cost.ipynb, and {told} Put that" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    ["", "no notebook", "{}", "[]", "3", '{"cells": 3, "nbformat": 4}', '{"cells": []}',
     '{"nbformat": 3, "cells": []}', '{"worksheets": [], "nbformat": 4}', "[" * 100_000],
)  # fmt: skip
def test_a_file_that_is_no_notebook_is_told(write, text):
    write().write_text(text)
    with pytest.raises(
        ValueError, match=r"02_cost.ipynb is not a readable notebook: it .* save it"
    ):
        previous.functions("02_cost", "sigmoid")


def test_bytes_that_are_no_text_are_told(write):
    write().write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="is not a readable notebook"):
        previous.functions("02_cost", "sigmoid")


STUBS = """
raise NotImplementedError
---
raise NotImplementedError("write me")
---
"Doc."
raise NotImplementedError()
---
"Doc."
---
pass
---
...
---
error = z - 1
raise NotImplementedError
---
def helper(x):
    return x
raise NotImplementedError
---
raise NotImplementedError
return 1 / z
"""
WRITTEN = """
return 1 / z
---
"Doc."
return 1 / z
raise NotImplementedError()
---
if z > 0:
    return 1
raise NotImplementedError
---
raise ValueError(z)
---
if z.ndim > 2:
    raise NotImplementedError("matrices only")
return 1 / z
---
def helper(x):
    raise NotImplementedError
return helper(z)
---
print(z)
"""


def definition(body):
    lines = ["def sigmoid(z):", *body.strip().splitlines()]
    return ast.parse("\n    ".join(lines)).body[0]


@pytest.mark.parametrize("body", STUBS.split("---"))
def test_a_stub_is_known(body):
    assert is_stub(definition(body))


@pytest.mark.parametrize("body", WRITTEN.split("---"))
def test_what_is_written_is_no_stub(body):
    assert not is_stub(definition(body))


# --- notebooks that ask for earlier ones, and where they lie -----------------------


def test_a_notebook_that_asks_for_an_earlier_one_gets_it(write, capsys):
    write(SIGMOID)
    write("from saelab import previous", ASK, BELOW, name="03_kl_delta")
    assert previous.functions("03_kl_delta", "twice")(0) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "ask",
    [
        'f, sigmoid = previous.functions("02_cost", "twice", "sigmoid")',
        'NAME = "02_cost"\nsigmoid = previous.functions(NAME, "sigmoid")',
        'own = previous.functions("02_cost", "sigmoid")\nsigmoid = lambda z: own(z)',
    ],
)
def test_an_earlier_function_may_be_asked_for_in_several_ways(write, ask):
    write(SIGMOID, BELOW)
    write("from saelab import previous", ask, BELOW, name="03_kl_delta")
    assert previous.functions("03_kl_delta", "twice")(0) == 1


def test_the_folder_that_an_earlier_notebook_names_counts_for_it(write, tmp_path):
    write(STUB)
    write(SIGMOID, folder=tmp_path / "own")
    ask = 'sigmoid = previous.functions("02_cost", "sigmoid", folder="../own")'
    write("from saelab import previous", ask, BELOW, name="03_kl_delta")
    assert previous.functions("03_kl_delta", "twice")(0) == 1


def test_what_is_missing_at_the_far_end_of_a_chain_is_told_once(write, capsys):
    write(STUB)
    write("from saelab import previous", ASK, BELOW, name="03_kl_delta")
    write(
        "from saelab import previous",
        ASK,
        'twice = previous.functions("03_kl_delta", "twice")',
        "def fourfold(z):\n    return 2 * twice(z)",
        name="04_gradient_check",
    )
    fourfold, _ = previous.functions("04_gradient_check", "fourfold", "sigmoid")
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and out.startswith("sigmoid is not written yet in ../02_cost")
    with pytest.raises(Unfinished, match="sigmoid is not written yet"):
        fourfold(0)


def test_a_circle_of_notebooks_is_told(write, capsys):
    ask = 'twice = previous.functions("03_kl_delta", "twice")'
    write("from saelab import previous", ask, SIGMOID)
    write("from saelab import previous", ASK, BELOW, name="03_kl_delta")
    assert previous.functions("03_kl_delta", "twice")(0) == 1
    write("from saelab import previous", ask.replace("twice", "sigmoid"))
    write("from saelab import previous", ASK, name="03_kl_delta")
    with pytest.raises(Unfinished, match=r"sigmoid is asked for in a circle: ../0\d_"):
        previous.functions("03_kl_delta", "sigmoid")(0)
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize("folder", [None, ".", "../05_training"])
def test_all_notebooks_may_lie_in_one_folder(write, tmp_path, folder):
    for name, cells in (
        ("02_cost", [SIGMOID]),
        ("03_kl_delta", ["from saelab import previous", ASK, BELOW]),
    ):
        path = write(*cells, name=name, folder=tmp_path / "made")
        path.rename(tmp_path / "05_training" / path.name)
    assert previous.functions("03_kl_delta", "twice", folder=folder)(0) == 1
    assert previous.functions("03_kl_delta.ipynb", "twice", folder=folder)(0) == 1


def test_the_notebook_in_its_own_folder_comes_before_one_beside(write, tmp_path):
    path = write("def sigmoid(z):\n    return 7")
    path.rename(tmp_path / "05_training" / path.name)
    write(SIGMOID)
    assert previous.functions("02_cost", "sigmoid")(0) == 0.5


def test_under_a_grader_nothing_beside_is_looked_at(write, tmp_path, monkeypatch, capsys):
    path = write(SIGMOID)
    path.rename(tmp_path / "05_training" / path.name)
    monkeypatch.setenv("SAELAB_PREVIOUS", str(tmp_path / "nowhere"))
    with pytest.raises(Unfinished, match="there is no such file"):
        previous.functions("02_cost", "sigmoid")(0)


def test_folder_says_where_the_notebooks_lie(write, tmp_path):
    write(SIGMOID)
    write("def sigmoid(z):\n    return 'other'", folder=tmp_path / "other")
    write("from saelab import previous", ASK, BELOW, name="03_kl_delta", folder=tmp_path / "other")
    assert previous.functions("02_cost", "sigmoid", folder=tmp_path / "other")(0) == "other"
    assert previous.functions("02_cost", "sigmoid", folder=str(tmp_path / "other"))(0) == "other"
    twice = previous.functions("03_kl_delta", "twice", folder="../other")
    assert twice(0) == "otherother"


def test_folder_may_begin_with_the_home_and_is_no_file(write, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    path = write(SIGMOID, folder=tmp_path / "own")
    assert previous.functions("02_cost", "sigmoid", folder="~/own")(0) == 0.5
    previous.functions("02_cost", "sigmoid", folder=path)
    assert f"and {path} is a file, not a folder. Put" in capsys.readouterr().out


@pytest.mark.parametrize("folder", [None, "..", "../mine"])
def test_a_grader_s_folder_comes_before_any_other(write, tmp_path, monkeypatch, folder):
    for place in (tmp_path, tmp_path / "mine"):
        write(STUB, folder=place)
    write("def sigmoid(z):\n    return 'solved'", folder=tmp_path / "solved")
    monkeypatch.setenv("SAELAB_PREVIOUS", str(tmp_path / "solved"))
    assert previous.functions("02_cost", "sigmoid", folder=folder)(0) == "solved"


def test_a_failing_question_to_an_earlier_notebook_is_not_passed_over(write):
    write().write_text("no notebook")
    write("from saelab import previous", ASK, BELOW, name="03_kl_delta")
    with pytest.raises(ValueError, match=r"02_cost\.ipynb is not a readable notebook"):
        previous.functions("03_kl_delta", "twice")
