"""Each kind of flag is raised where it should be, and none for honest work."""

import functools
import itertools
import re

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import CLONE
from autograder.authoring.build import solved_notebook
from autograder.exercises import mistakes
from autograder.exercises.mistakes import edited
from autograder.exercises.reference import notebook_of
from autograder.exercises.sample import CLASS, without_delimiters
from autograder.kernel.inside.absent import words
from autograder.results.flags import Notebook, flags_of, flags_of_class, flags_of_course
from autograder.results.flags.copied_numbers import EXPECTED, answers_of
from autograder.results.flags.copies import copies, shape
from autograder.results.flags.near_copies import FEWEST, fragments, near_copies
from autograder.results.flags.printed_table import print_flags
from autograder.results.flags.solution import solutions
from tests.support import built
from tests.variants import variants

NAMES = sorted(path.stem for path in CLONE.glob("solutions/*/*.py"))
VERSIONS = variants()


def flags(*cells, answers=None, source=None):
    made = [new_code_cell(text) for text in cells]
    return flags_of(Notebook.of(made, "somebody", "02_cost", source), answers)


def severe(*cells, **options):
    return [flag for flag in flags(*cells, **options) if not flag.mild]


# From a library call to the function that it stands in for.
CALLS = {
    "from scipy.optimize import approx_fprime as go\n"
    "def numerical_gradient(J, theta, epsilon=1e-4):\n    return go(theta, J)":
        "scipy.optimize.approx_fprime",
    "import scipy\n"
    "def numerical_gradient(J, theta):\n    return scipy.optimize.check_grad(J, 1, 2)":
        "scipy.optimize.check_grad",
    "import scipy.differentiate as d\n"
    "def numerical_gradient(J, theta):\n    return d.jacobian(J, 1)":
        "scipy.differentiate",
    "def numerical_gradient(J, theta):\n    import numdifftools as nd\n"
    "    return nd.Gradient(J)(theta)":
        "numdifftools",
    "def autoencoder_cost(theta):\n    import torch\n    return torch.tensor(theta).grad": "torch",
    "from jax import *\ndef autoencoder_cost(theta):\n    return grad(f)(theta)": "jax",
    "def autoencoder_cost(theta):\n    return numerical_gradient(f, theta)": "numerical_gradient",
    "import sklearn.neural_network as nn\ndef sparse_autoencoder_cost(x):\n    nn.MLPRegressor()":
        "sklearn.neural_network",
    "def sparse_autoencoder_cost(x):\n    return __import__('tensorflow').constant(x)":
        "tensorflow",
    "from sklearn.feature_extraction import image as i\ndef sample_patches(images):\n"
    "    return i.extract_patches_2d(images)": "sklearn.feature_extraction.image",
}  # fmt: skip
MILD_CALLS = {
    "from scipy.special import expit\ndef sigmoid(z):\n    return expit(z)": "scipy.special.expit",
    "from scipy.special import *\ndef sigmoid(z):\n    return expit(z)": "scipy.special.expit",
    "import scipy.stats as s\ndef kl_divergence(a, b):\n    return s.entropy(a, b)":
        "scipy.stats.entropy",
    "import numpy as np\n"
    "def sample_patches(i):\n    np.lib.stride_tricks.sliding_window_view(i, 8)":
        "numpy.lib.stride_tricks",
}  # fmt: skip


@pytest.mark.parametrize("text", CALLS, ids=CALLS.values())
def test_a_library_that_does_the_exercise_is_told(text):
    found = [f for f in severe(text) if f.what.startswith(f"uses {CALLS[text]},")]
    assert len(found) == 1 and f"def {found[0].where}(" in text


@pytest.mark.parametrize("text", MILD_CALLS, ids=MILD_CALLS.values())
def test_a_library_that_does_a_little_is_told_mildly(text):
    assert severe(text) == []
    assert any(f.what.startswith(f"uses {MILD_CALLS[text]}") for f in flags(text))


def test_a_helper_in_another_cell_is_followed():
    helper = "import torch\ndef helper(x):\n    return torch.tensor(x)"
    (found,) = severe(helper, "def autoencoder_cost(theta):\n    return helper(theta)")
    assert (found.where, found.line, found.cell) == ("helper", 3, 0)


def test_the_same_library_elsewhere_is_nobody_s_business():
    assert flags("import torch\ndef play(x):\n    return torch.tensor(x)") == []
    train = "from scipy.optimize import minimize\ndef train(x):\n    return minimize(x, jac=True)"
    assert flags(train) == []


def test_a_long_table_is_told():
    table = [round(float(x), 3) for x in np.linspace(0, 1, 31)]
    (found,) = severe(f"def f(x):\n    return {table}")
    assert "a table of 31 numbers" in found.what
    nested = np.round(np.linspace(0, 1, 24).reshape(4, 6), 2).tolist()
    (found,) = severe(f"def f(x):\n    return np.array({nested})")
    assert "a table of 24 numbers" in found.what


def test_numbers_of_the_checks_are_told():
    answers = answers_of("02_cost")
    with np.load(EXPECTED / "02_cost.npz") as file:
        cost = float(file["autoencoder_cost.0.0"])
    for written in (f"{cost:.8g}", repr(cost), f"-{cost:.7f}"):
        (found,) = severe(f"def autoencoder_cost(x):\n    return {written}", answers=answers)
        assert "a check compares with" in found.what
    assert flags("def f(x):\n    return 0.5 + 1e-4 + 3.14159265358979", answers=answers) == []


def test_many_numbers_and_packed_numbers_are_told():
    numbers = " + ".join(repr(x) for x in np.random.default_rng(0).random(8).tolist())
    assert "8 numbers of 6 and more digits" in severe(f"def f(x):\n    return {numbers}")[0].what
    packed = np.random.default_rng(0).bytes(400).hex()
    assert "a long text" in severe(f"def f(x):\n    return bytes.fromhex('{packed}')")[0].what
    words = "A long story about how the gradient is worked out from the network. " * 12
    assert flags(f'def f(x):\n    """{words}"""\n    return x') == []


LOOKS = {
    "import os\ndef f(x):\n    if os.environ.get('A'): return 1": "os.environ",
    "from os import environ as e\ndef f(x):\n    return 'NBGRADER_VALIDATING' in e": "NBGRADER",
    "import sys\ndef f(x):\n    return sys._getframe(1)": "sys._getframe",
    "import sys as s\ndef f(x):\n    return getattr(s, 'x') or s._getframe().f_back": "f_back",
    "import inspect\ndef f(x):\n    return inspect.stack()": "inspect",
    "import gc\ngc.get_objects()": "gc",
    "import ctypes": "ctypes",
    "import subprocess\nsubprocess.run('ls')": "subprocess",
    "!ls /": "system",
    "%%bash\nls": "run_cell_magic",
    "%run other.py": "%run",
    "def f(x):\n    import socket": "socket",
    "import os\nos.kill(1, 9)": "os.kill",
    "import os\nos._exit(0)": "os._exit",
    "open('/proc/self/maps')": "/proc",
    "open('../02_cost/other.txt')": "outside of its folder",
    "from pathlib import Path\nPath('/srv/course').exists()": "outside of its folder",
    "get_ipython().events.register('post_run_cell', f)": "get_ipython().events",
    "ip = get_ipython()\nip.ast_transformers.append(f)": "ast_transformers",
    "import builtins\nbuiltins.isinstance = f": "builtins",
    "from autograder.exercises.reference import reference": "autograder",
    "import numpy as np\nnp.allclose = f": "changes a library (numpy.allclose)",
    "import numpy.testing as t\nsetattr(t, 'assert_allclose', f)": "changes a library",
    "import saelab.check\nsaelab.check.check = f": "changes a library",
    "class One(float):\n    def __eq__(self, other):\n        return True": "One.__eq__",
    "f = (lambda: 0).__globals__": "__globals__",
    "exec('x = 1')": "exec",
    "x = 'gradebook.db'": "gradebook",
    "import importlib\nimportlib.import_module('ctypes')": "ctypes",
    "__import__('o' + 's').walk('/')": "__import__",
}


READS = {
    "def sigmoid(z):\n    return open('t.txt').read()": "open",
    "import numpy as np\ndef sigmoid(z):\n    return np.load('t.npy')": "numpy.load",
    "from numpy import loadtxt\ndef sigmoid(z):\n    return loadtxt('t.txt')": "numpy.loadtxt",
    "import json\nwith open('t') as file:\n    table = json.load(file)": "json.load",
    "from pathlib import Path\ndef sigmoid(z):\n    return Path('t').read_text()": "read_text",
    "from pathlib import Path\nt = eval(Path('t').read_bytes())": "read_bytes",
    "import pandas as pd\nt = pd.read_csv('t.csv')": "read_csv",
    "import sqlite3\nt = sqlite3.connect('t').execute('select x from y')": "sqlite3",
    "import scipy.io as o\nt = o.loadmat('t')": "scipy.io",
}


@pytest.mark.parametrize("text", READS, ids=READS.values())
def test_reading_a_file_is_told(text):
    said = f"reads a file, which may hold results ({READS[text]})"
    assert said in [flag.what for flag in severe(text)]


def test_a_function_of_one_s_own_that_is_called_open_reads_nothing():
    assert not severe("def open(x):\n    return x\n\ndef sigmoid(z):\n    return open(z)")


@pytest.mark.parametrize(
    "form", ["import MODULE", "from MODULE import table", "import MODULE.x as y"]
)
@pytest.mark.parametrize("name", ["helper.py", "helper.so", "helper/table.py"])
def test_a_module_that_was_handed_in_beside_is_told(tmp_path, form, name):
    folder, home = tmp_path / "handed in", tmp_path / "home"
    for path in (folder / name, folder / "given.py", home / "given.py"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    text = f"{form.replace('MODULE', 'helper')}\nimport given\nimport math"
    nbformat.write(new_notebook(cells=[new_code_cell(text)]), folder / "02_cost.ipynb")
    found = flags_of(Notebook.read(folder / "02_cost.ipynb", home=home))
    says = "imports a module that was handed in, which may hold results (helper)"
    assert [flag.what for flag in found] == [says]


@pytest.mark.parametrize("text", LOOKS, ids=LOOKS.values())
def test_looking_at_the_grader_is_told(text):
    assert any(LOOKS[text] in flag.what for flag in severe(text)), flags(text)


LONG = """
def f(x, y):
    '''{words}'''
    {a} = x + y
    for {b} in range(10):
        {a} += {b} * x - y / 2
    if {a} > 3:
        {a} = {a} - 3 * x
    return {a} ** 2 + np.sum(x)
"""


def test_the_same_function_of_two_students_is_told():
    texts = {
        "ann": LONG.format(words="One.", a="total", b="i"),
        "ben": LONG.format(words="Two.", a="s", b="j") + "# mine\n",
        "cem": LONG.format(words="One.", a="total", b="i").replace("10", "11"),
    }
    class_ = [Notebook.of([new_code_cell(t)], student) for student, t in texts.items()]
    found = {flag.student: flag.what for flag in copies(class_)}
    assert set(found) == {"ann", "ben"}
    assert "the same as that of ben" in found["ann"]
    # What everybody may have from the solution is nobody's copy.
    source = new_notebook(cells=[new_code_cell(texts["ann"])])
    assert list(copies(class_, source)) == []


def test_equal_shape_is_equal_code():
    def shape_of(text):
        return shape(Notebook.of([new_code_cell(text)]).pieces[0].node)

    text = "def f(x):\n    for y in x:\n        x = y + 1\n    return np.sum(x, 2), '3'"
    same = "def g(a: int) -> int:\n    'Docs.'\n    for b in a:\n        a = b + 1\n"
    assert shape_of(text) == shape_of(f"{same}    return np.sum(a, 2), '3'")
    for old, new in (("+", "-"), ("1", "2"), ("sum", "mean"), ("np.", "s."), ("'3'", "3"),
                     ("sum(x, 2)", "sum(x, a=2)"), ("y + 1", "x + 1"), ("x, 2), '3'", "x, 2, '3')"),
                     ("\n    return", "\n        return")):  # fmt: skip
        assert text.replace(old, new) != text
        assert shape_of(text.replace(old, new)) != shape_of(text), new


LOOPS = next(s for s in CLASS if s.name == "bo").versions["autoencoder_cost"]


def class_of(**texts):
    return [Notebook.of([new_code_cell(t)], student, "02_cost") for student, t in texts.items()]


def test_nearly_the_same_function_of_two_students_is_told():
    changed = LOOPS.replace("hidden", "firings").replace("[0.0] * h", "list(np.zeros(h))")
    changed = changed.replace("x = data[:, n]", "x = data[:, n]\n        assert len(x) == v")
    solved = solved_notebook("02_cost")
    other = next(v for v in VERSIONS if v.function == "autoencoder_cost").text
    class_ = class_of(ann=LOOPS, ben=changed, cem=other, dee=LOOPS)
    found = {flag.student: flag.what for flag in near_copies(class_, solved)}
    # What is the same in whole is told by copies().
    assert set(found) == {"ann", "ben", "dee"} and "that of ben" in found["ann"]
    assert re.search(r"of the \d{3} fragments .* share \d{3} \(9\d %\)", found["ben"])
    assert [flag.student for flag in copies(class_, solved)] == ["ann", "dee"]
    solved.cells.append(new_code_cell(LOOPS))
    assert list(near_copies(class_, solved)) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_two_right_versions_are_nearly_the_same(name, fresh_course):
    solved = built.solved(name, fresh_course)
    own = [v for v in VERSIONS if notebook_of(v.function) == name]
    texts = {f"{v.function} {v.number}": v.text for v in own}
    assert list(near_copies(class_of(**texts), solved)) == []
    assert list(near_copies(class_of(**texts))) == []
    # docs/report.md says how far from it they are.
    given = set().union(*(fragments(p.node) for p in Notebook.of(solved.cells).pieces))
    sets = [fragments(notebook.pieces[0].node) - given for notebook in class_of(**texts)]
    sets = [one for one in sets if len(one) >= FEWEST]
    for one, other in itertools.combinations(sets, 2):
        assert len(one & other) < 0.2 * max(len(one), len(other))


def test_nobody_copies_who_makes_the_same_mistakes(fresh_course):
    for name in NAMES:
        solved = built.solved(name, fresh_course)
        functions = [f for f in mistakes.functions() if notebook_of(f) == name]
        texts = {f"{m}": edited(m.function, [m]) for f in functions for m in mistakes.catalogue(f)}
        assert texts and list(near_copies(class_of(**texts), solved)) == []


def test_what_much_of_a_class_has_is_nobody_s_copy():
    def text(student):
        return LOOPS.replace("0.0", f"{student}.5")  # so that copies() has no say

    few = class_of(**{f"s{n}": text(n) for n in range(3)})
    assert {flag.student for flag in near_copies(few)} == {"s0", "s1", "s2"}
    many = class_of(**{f"s{n}": text(n) for n in range(20)})
    assert list(near_copies(many)) == []


@pytest.mark.parametrize(
    "value",
    ["0x" + "f" * 6000, "+".join(["x"] * 2500), "-" * 90 + "x", "'\\ud800'", "[" * 90 + "]" * 90],
    ids=["huge", "long", "deep", "surrogate", "nested"],
)
def test_no_code_keeps_a_class_from_being_looked_at(value):
    odd = f"def f(x):\n    return {value}"
    found = flags_of_class(class_of(odd=odd, odd2=odd, gus="import gc"), "02_cost")
    assert "gus" in {flag.student for flag in found}


@functools.cache
def all_answers():
    return set().union(*map(answers_of, NAMES))


@pytest.mark.parametrize("version", VERSIONS, ids=[v.function for v in VERSIONS])
def test_another_way_to_write_it_raises_no_flag(version):
    text = "import numpy as np\nfrom scipy.optimize import minimize\n" + version.text
    found = flags(text, answers=all_answers())
    assert [flag for flag in found if not flag.mild] == []
    assert {flag.what.split(",")[0] for flag in found} <= {
        "uses scipy.special.expit", "uses scipy.special.rel_entr", "uses numpy.lib.stride_tricks",
        "uses scipy.special.softmax", "uses scipy.special.log_softmax",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_and_the_sample_class_raise_no_flag(name, fresh_course):
    solved = built.solved(name, fresh_course)
    answers, class_ = answers_of(name), []
    for student in (None, *CLASS):
        cells = []
        for cell in solved.cells:
            cell = nbformat.from_dict(cell)
            if cell.metadata.get("nbgrader", {}).get("solution"):
                own = student.answer(cell) if student else without_delimiters(cell.source)
                cell.source = own or ""
            cells.append(cell)
        for source in (solved, None):
            notebook = Notebook.of(cells, student.name if student else "source", name, source)
            assert flags_of(notebook, answers) == []
        class_.append(notebook)
    assert list(copies(class_, solved)) == []


@pytest.mark.parametrize("name", NAMES)
def test_who_hands_in_the_solution_is_told(name, fresh_course):
    solved = built.solved(name, fresh_course)
    own = [v for v in VERSIONS if notebook_of(v.function) == name]

    def handed_in(answer):
        cells = [nbformat.from_dict(cell) for cell in solved.cells]
        for cell in cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = answer(cell.source)
        return Notebook.of(cells, "somebody", name, solved)

    def told(notebook):
        return [flag.what for flag in flags_of_class([notebook], name, solved)]

    long = name != "05_training"  # whose one function is too short to be told from others
    for answer in (str, without_delimiters):
        assert any("is the solution's" in what for what in told(handed_in(answer))) == long
    versions = class_of(**{f"s{n}": v.text for n, v in enumerate(own)})
    assert list(solutions(versions, solved)) == []


def test_names_comments_and_layout_do_not_hide_the_solution():
    text = "def f(x):\n    # mine\n" + "".join(f"    y = x + {n}\n" for n in range(20))
    source = new_notebook(cells=[new_code_cell(text + "    return y")])
    source.cells[0].metadata.nbgrader = {"solution": True, "grade_id": "f"}
    for other, same in ((text.replace("y", "why").replace(" + ", "+"), True),
                        (text.replace("+ 7", "- 7"), False)):  # fmt: skip
        copied = other.replace("# mine", "# his") + f"    return {'why' if same else 'y'}"
        notebook = Notebook.of([new_code_cell(copied)], "ann", "02_cost", source)
        assert [flag.student for flag in solutions([notebook], source)] == ["ann"] * same


def test_what_was_given_is_left_out():
    given = new_notebook(cells=[new_code_cell("import os\nos.environ['A'] = '1'")])
    assert flags("import os\nos.environ['A'] = '1'", source=given) == []
    assert flags("import os\nos.environ['A'] = '2'", source=given) != []


def test_the_table_says_what_a_flag_is_and_reads_autograded_first(tmp_path, capsys):
    def hand_in(folder, student, text):
        path = tmp_path / folder / student / "02_cost" / "02_cost.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(new_notebook(cells=[new_code_cell(text)]), path)

    print_flags(*flags_of_course(tmp_path))
    assert "There is nothing to read" in capsys.readouterr().out
    hand_in("submitted", "ann", "import gc\ngc.collect()")
    hand_in("submitted", "ben", "x = (")
    (tmp_path / "submitted" / "ben" / "02_cost" / "notes.ipynb").write_text("no notebook")
    assert flags_of_course(tmp_path)[1] == 3
    print_flags(*flags_of_course(tmp_path, "02_cost"))
    printed = capsys.readouterr().out
    assert "ann      02_cost   cell 1  1     looks for objects in memory (gc)" in printed
    assert "a reason to look, and no verdict" in printed
    hand_in("autograded", "ann", "x = 1")
    print_flags(*flags_of_course(tmp_path))
    assert capsys.readouterr().out == "No flags in 3 notebooks.\n"


def test_the_folders_are_those_that_the_course_says(tmp_path):
    lines = [
        "c = get_config()",
        "c.CourseDirectory.submitted_directory = 'in'",
        "c.CourseDirectory.source_directory = 'src'",
        "c.CourseDirectory.directory_structure = '{nbgrader_step}/{assignment_id}/{student_id}'",
    ]
    (tmp_path / "nbgrader_config.py").write_text("\n".join(lines))
    given = new_notebook(cells=[new_code_cell("import gc\ngc.collect()")])
    own = new_notebook(cells=[*given.cells, new_code_cell("import gc\ngc.get_objects()")])
    for folder, notebook in {"src/ps1": given, "in/ps1/ann": own, "submitted/ps1/bo": own}.items():
        folder = tmp_path / folder
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "ps1.ipynb")
    found, count = flags_of_course(tmp_path)
    assert count == 1 and {(flag.student, flag.cell) for flag in found} == {("ann", 1)}


def test_a_module_that_the_grader_lacks_is_told():
    cell = new_code_cell("import seaborn")
    output = {"output_type": "error", "ename": "E", "evalue": words("seaborn"), "traceback": []}
    cell.outputs = [nbformat.from_dict(one) for one in (output, output)]
    found = flags_of(Notebook.of([new_code_cell("import torch"), cell], "ada", "02_cost"))
    assert [(flag.where, flag.cell, flag.mild) for flag in found] == [("cell 2", 1, True)]
    assert found[0].what.startswith("imports seaborn, which is missing in the grader")
