"""What a test cell's text tells about the rules of docs/test-cells.md.

Each case is the text of a test cell, and the notebook around it has cells as many courses do.
"""

import re

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Configurable

from autograder import CLONE
from autograder.submission.released import untouched
from autograder.verdict.rules import CHECKS, broken_rules
from tests.support.small_course import marked

LOCKED = """
NUMBERS = [3, 1, 2]
TOLERANCE = 1e-9

def almost(a, b):
    return abs(a - b) < TOLERANCE

def check_double(function=None):
    assert double(3) == 6

def has_loop(function):
    return "for" in inspect.getsource(function)

def sample():
    return np.random.rand(3)

class Tool:
    size = 2

class Point:
    x = 2
"""
PLAIN = """
import inspect, random, sys, unittest, time, builtins
import numpy as np
import matplotlib.pyplot as plt
from pathlib import Path
from unittest import mock
from unittest.mock import patch
import helper
"""
SOLUTION = """
import itertools
### BEGIN SOLUTION
import math
from collections import Counter

def double(x):
    return 2 * x

def ask():
    return int(input("how many? "))

def save(path):
    with open("out.txt", "w") as file:
        file.write("done")

def draw():
    plt.plot([1, 2])

def main():
    def inner(): return 3
    inner()

async def later():
    return 1

class Shape:
    def area(self):
        return scale * 2

squares = [Point()]
NUMBERS.sort()
ax = plt.gca()
### END SOLUTION
"""
LATER = """
import sys
### BEGIN SOLUTION
answer = made_above + 1
### END SOLUTION
"""
MODULE = """%%writefile written.py
def f(x):
    return 2 * x
"""
HELPER = """
import inspect
def is_even(n): return n % 2 == 0
def looks(function): return inspect.getsource(function)
"""
EARLIER = """
doubled = double(4)
three = 3
def check_all(f, cases):
    for x, y in cases: assert f(x) == y
"""


def notebook(text):
    test = {"grade": True, "locked": True, "points": 1}
    return new_notebook(
        cells=[
            new_code_cell(PLAIN),
            marked(new_code_cell(LOCKED), "start", locked=True),
            marked(new_code_cell(SOLUTION), "answer", solution=True),
            marked(new_code_cell(EARLIER), "test-earlier", **test),
            marked(new_code_cell(text), "test-it", **test),
            marked(new_code_cell(LATER), "later", solution=True),
            marked(new_code_cell(MODULE), "module", solution=True),
        ]
    )


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A function that finds the rules that a test cell breaks."""
    folder = tmp_path_factory.mktemp("source")
    (folder / "helper.py").write_text(HELPER)
    (folder / "data.csv").write_text("1,2")

    def find(text):
        source = notebook(text)
        released = untouched(source, Configurable())
        return broken_rules(source, released, source.cells[4], folder)

    return find


BROKEN = {
    "asks-nothing": [
        "assert 1 + 1 == 2",
        "1.0",
        "assert almost(1, 1)",
        "assert three == 3",
        "import numpy as np\nassert np.allclose([1], [1])",
        "assert helper.is_even(2)",
        "from helper import is_even\nassert is_even(2)",
        "def test():\n    assert 1 == 1\ntest()",
        "double = lambda x: 2 * x\nassert double(2) == 4",
        "if False:\n    assert double(1) == 2",
        "import itertools\nassert list(itertools.islice([1], 1)) == [1]",
        "assert itertools",
        "%time assert 1 == 1",
        "%matplotlib inline",
        "for i in range(3):\n    assert i < 3",
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    assert error",
    ],
    "magic": ["%%bash\necho 1", "!ls", "%run other.py", "files = !ls\nassert double(1) == 2",
              "%%writefile a.py\nx = 1", "%%html\n<b>1</b>", "double?"],
    "shell": ["assert Out[3] == double(3)", "assert _ == 4",
              "get_ipython().run_cell('double(1)')"],
    "argument": [
        "async def go():\n    return 1\nassert double(go())",
        "async def go():\n    return 1\ncoming = go()\nassert double(x=coming)",
    ],
    "surroundings": [
        "import os\nos.putenv('A', '1')\nassert double(1) == 2",
        "import locale\nlocale.setlocale(locale.LC_ALL, 'C')\nassert double(1) == 2",
        "from os import umask\numask(0)\nassert double(1) == 2",
    ],
    "module": ["import written\nassert written.f(2) == 4"],
    "last-line": [
        "assert double(1) == 2\ndouble(2)",
        "x = double(2)\nx",
        "x = y = double(2)\nassert x\nz: float = y\nz",
        "assert (x := double(2)) == 4\nx",
        "(x := double(2))",
        "with open('data.csv'):\n    x = double(2)\nx",
        "x = await later()\nx",
    ],
}  # fmt: skip
FINE = [
    "assert NUMBERS == [1, 2, 3]",
    "assert double.__name__ == 'double' and double(1) == 2",
    "class P:\n    x = 1\nassert double(P()) == 2",
    "class Square(Shape):\n    pass\nassert Square().area() == 6",
    "assert Point().x == 2",
    "main()",
    "text = double('x')\nimport ast\nast.parse(text)",
    "helper.SETTING = 3\nassert double(1) == 2",
    "assert double(2) == 4",
    "if __name__ == '__main__':\n    assert double(2) == 4",
    "%%time\nassert double(2) == 4",
    "%%timeit -n1 -r 1\nassert double(2) == 4",
    "%%capture printed\ndouble(2)\nassert True",
    "%time x = double(2)",
    "%timeit -n 1 -r 1 double(2)",
    "%matplotlib inline\nassert double(2) == 4",
    "check_double()",
    "check_all(double, [(1, 2)])",
    "assert doubled == 8",
    "assert math.pi > 3",
    "assert Counter is not None",
    "assert 'double' in globals()",
    "assert eval('double(2)') == 4",
    "import doctest\ndoctest.testmod()",
    "class Tests(unittest.TestCase):\n    def test(self):\n        self.assertEqual(double(1), 2)\n"
    "assert unittest.main(argv=[''], exit=False).result.wasSuccessful()",
    "kept = squares\ndel squares\ntry:\n    double(1)\nexcept NameError:\n    pass\n"
    "else:\n    assert 0",
    "assert type(double(1)) == int",
    "assert type(double(1)) is int and isinstance(Shape(), Shape)",
    "np.random.seed(0)\nx = np.random.rand(3)\nassert np.allclose(double(x), 2 * x)",
    "np.random.seed(0)\nx = sample()\nassert np.allclose(double(x), 2 * x)",
    "random.seed(0)\nassert double(random.random()) < 2",
    "rng = np.random.default_rng(0)\nassert double(rng.random()) < 2",
    "import io\nfrom contextlib import redirect_stdout\nwith redirect_stdout(io.StringIO()) as o:\n"
    "    draw()\nassert o.getvalue() == ''",
    "import io\nsys.stdout = io.StringIO()\ndraw()\nsys.stdout = sys.__stdout__",
    "import io\nwith patch('sys.stdout', new=io.StringIO()) as out:\n    draw()",
    "assert [double(_) for _ in range(3)] == [0, 2, 4]",
    "for _ in range(3):\n    assert double(_) == 2 * _",
    "assert inspect.signature(double).parameters",
    "assert inspect.getsource(almost) and double(1) == 2",
    "rows = open('data.csv').read()\nassert double(len(rows)) == 6",
    "assert save('new.txt') is None",
    "fig, axes = plt.subplots()\nax.plot([1])\nassert plt.gcf() is fig",
    "assert ax.get_title() == ''",
    "assert double(1) == 2\nShape().area",
    "draw()",
    "x = double(2)\nx = 1 if x == 4 else 0\nx",
    "x = double(2)\nassert x == 4",
    "x = [double(2)]\n[x] = x\nx",
    "x, y = double(2), 1\ny",
    "x = 0\nx += double(2) == 4\nx",
    "x",
    "total = 0\nfor i in range(3):\n    total += double(i)\nassert total == 6",
    "sum = double(1) + double(2)\nassert sum == 6",
    "s = Shape()\ns.name = 'a'\nassert s.name == 'a'",
    "### AUTOTEST double(2)",
    "this is no Python",
    "# nothing",
    "from mystery import *\nassert thing() == 4",
    "assert unexplained == 3",
    "result = await double(2)\nassert result",
    "assert plt.rcParams and double(1) == 2",
    "plt.show = lambda: None\ndraw()",
    "assert double(Point()) == 4",
    "class Bad(ValueError):\n    pass\nassert double(Bad()) and double(Bad)",
    "class P:\n    x = 1\nassert P().x == double(1)",
    "def go(x):\n    return x\nassert double(go(1)) == 2 and double(go)",
    "import os\nassert os.path.exists('data.csv') and double(1) == 2",
    "print('a.txt')\nsave('a.txt')",
    "assert 'for' in inspect.getsource(double)",
    "assert double.__code__.co_argcount == 1",
    "from inspect import getsource as text\nassert 'while' not in text(double)",
    "assert has_loop(double)",
    "assert 'return' in helper.looks(double)",
    "for f in (double, draw):\n    assert '+' not in inspect.getsource(f)",
    "import dis\ndis.dis(double)",
    "import ast\nast.parse(inspect.getsource(double))",
    "s = Shape()\nassert type(s) is Shape",
    "assert type(Shape()) == Shape",
    "np.random.seed(0)\nassert double(1) == 2",
    "random.seed(1)\nresult = double(3)\nassert result == 6",
    "from numpy.random import seed\nseed(3)\nassert np.allclose(double(1), 2)",
    "random.seed(0)\na = double(1)\nrandom.seed(0)\nb = double(1)\nassert a == b",
    "with mock.patch('builtins.input', return_value='3'):\n    assert ask() == 3",
    "with patch('builtins.input', lambda _: '3'):\n    assert ask() == 3",
    "save('a')\nt()",
    "builtins.input = lambda _: '3'\nassert ask() == 3",
    "def input(prompt):\n    return '3'\nassert ask() == 3",
    "with patch.object(time, 'sleep') as slept:\n    double(1)\nslept.assert_not_called()",
    "input = lambda _: '3'\nassert ask() == 3",
    "save('a.txt')\nassert open('out.txt').read() == 'done'",
    "save('a.txt')\nassert open('a.txt').read() == 'done'",
    "name = 'b.txt'\nsave(name)\nassert Path(name).exists()",
    "open('in.txt', 'w').write('3')\nassert save('in.txt') is None",
    "made_above = 2\ndouble(1).real",
    "scale = 3\nassert Shape().area() == 6",
    "draw()\nassert plt.gcf().axes",
    "draw()\nassert len(plt.gca().lines) == 1",
]  # fmt: skip


@pytest.mark.parametrize(
    "name, text", [(name, text) for name, texts in BROKEN.items() for text in texts]
)
def test_what_will_not_work_is_told_by_its_rule(name, text, found):
    assert [broken.name for broken in found(text)] == [name]


@pytest.mark.parametrize("text", FINE)
def test_of_what_works_nothing_is_said(text, found):
    assert found(text) == []


@pytest.mark.parametrize(
    "text, everywhere",
    [
        ("assert 1 + 1 == 2", True),
        ("import math\nassert math.pi > 3", True),
        # In plain nbgrader these may see what a student did.
        ("from helper import is_even\nassert is_even(2)", False),
        ("assert helper.is_even(2)", False),
        ("import no_such_module as it\nassert it.double(2) == 4", False),
        ("assert list(Path('results').glob('*'))", False),
        ("assert len(open('results').read()) == 4", False),
    ],
)
def test_in_plain_nbgrader_a_test_may_ask_by_files_and_modules(text, everywhere, found):
    (broken,) = found(text)
    assert (broken.name, broken.everywhere) == ("asks-nothing", everywhere)


def test_each_rule_is_one_of_the_document_and_has_its_cases(found):
    rules = re.findall(r"^(\d+)\. \*\*", (CLONE / "docs" / "test-cells.md").read_text(), re.M)
    told = [broken for texts in BROKEN.values() for text in texts for broken in found(text)]
    assert {str(broken.rule) for broken in told} <= set(rules)
    assert len({broken.name for broken in told}) == len(BROKEN) == len(CHECKS) + 1
    assert all(len(broken.sentence) < 200 for broken in told)
