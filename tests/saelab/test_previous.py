"""A reader's own functions are read out of notebooks, and nothing else in them is run."""

import ast
import json
import subprocess
import sys
import traceback

import numpy as np
import pytest

from saelab import previous
from saelab.previous import Unfinished, is_stub

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
        path.write_text(json.dumps({"cells": whole, "metadata": {}, "nbformat": 4}))
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
    "sigmoid",
    ["sigmoid = lambda z: 0.5", "from scipy.special import expit\nsigmoid = expit",
     "from scipy.special import expit as sigmoid"],
)  # fmt: skip
def test_a_function_may_come_about_without_def(write, sigmoid):
    assert sigmoid_of(STUB, sigmoid, write=write) == 0.5


def test_the_later_of_two_definitions_holds(write):
    assert sigmoid_of("def sigmoid(z):\n    return 7", SIGMOID, write=write) == 0.5
    assert sigmoid_of(STUB, SIGMOID, write=write) == 0.5
    with pytest.raises(Unfinished):
        sigmoid_of(SIGMOID, STUB, write=write)


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
        sigmoid_of("import numpy as np\nnp.course_setting = 3", SIGMOID, write=write)
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
        "other = not_known_here",
        "def other(z, start=not_known_here):\n    return z",
        "",
        {"cell_type": "markdown", "metadata": {}, "source": "def sigmoid(z): pass"},
        {"cell_type": "raw", "metadata": {}, "source": "raise"},
    ],
)
def test_a_cell_that_cannot_be_used_is_passed_over(write, cell, recwarn):
    assert sigmoid_of(cell, SIGMOID, cell, write=write) == 0.5
    assert not recwarn


@pytest.mark.parametrize(
    "magic",
    ["%matplotlib inline", "!pip list", "?print", "%%time", "%%capture out",
     "files = !ls", "took = %timeit -o 1"],
)  # fmt: skip
def test_a_magic_does_not_hide_what_stands_below_it(write, magic):
    assert sigmoid_of(f"{magic}\n{SIGMOID}", write=write) == 0.5


def test_a_docstring_of_formulas_makes_no_warning(write, recwarn):
    text = 'def sigmoid(z):\n    "$\\lambda \\sigma$"\n    return 0.5'
    assert sigmoid_of(text, write=write) == 0.5 and not recwarn


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


def test_a_function_that_is_not_there_at_all_is_told_like_a_stub(write, capsys):
    write(SIGMOID, "feed_forward = 3")
    previous.functions("02_cost", "feed_forward", "sigmoid")
    assert capsys.readouterr().out.startswith("feed_forward is not written yet in ")


def test_a_missing_notebook_is_told_with_what_to_do(capsys):
    sigmoid, _other = previous.functions("02_cost", "sigmoid", "other")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("sigmoid is needed from ../02_cost/02_cost.ipynb, and there is no")
    assert "folder=" in lines[0]
    with pytest.raises(Unfinished, match="there is no such file"):
        sigmoid(1)


@pytest.mark.parametrize(
    "text",
    ["", "no notebook", "{}", "[]", "3", '{"cells": 3}', '{"cells": [{}]}', '{"cells": ["a"]}',
     '{"worksheets": []}', '{"cells": [{"cell_type": "code", "metadata": [], "source": ""}]}'],
)  # fmt: skip
def test_a_file_that_is_no_notebook_is_told(write, text):
    write().write_text(text)
    with pytest.raises(ValueError, match=r"02_cost.ipynb is not a readable notebook .* save it"):
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


def test_folder_says_where_the_notebooks_lie(write, tmp_path):
    write(SIGMOID)
    write("def sigmoid(z):\n    return 'other'", folder=tmp_path / "other")
    write("from saelab import previous", ASK, BELOW, name="03_kl_delta", folder=tmp_path / "other")
    assert previous.functions("02_cost", "sigmoid", folder=tmp_path / "other")(0) == "other"
    assert previous.functions("02_cost", "sigmoid", folder=str(tmp_path / "other"))(0) == "other"
    twice = previous.functions("03_kl_delta", "twice", folder="../other")
    assert twice(0) == "otherother"


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
