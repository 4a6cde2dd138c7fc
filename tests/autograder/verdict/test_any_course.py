"""Test cells in the manner of other courses work unchanged, and none gives points for nothing."""

import math
import os
import re
import sys
import traceback
import warnings

import numpy as np
import pytest

from autograder.kernel import student_kernel
from autograder.kernel.sandbox import why_unavailable
from autograder.verdict import testcell, trusted
from autograder.verdict.names import FILE
from autograder.verdict.testcell import tracebacks_of
from tests.support.any_course import Course, notebook, solution
from tests.support.waiting import patient

needs_sandbox = pytest.mark.skipif(
    why_unavailable() is not None, reason=f"needs the package bubblewrap: {why_unavailable()}"
)
F = solution("return 2 * x", "def f(x):", "    ")
WRONG = "def f(x):\n    return 3 * x"


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path, {"call_timeout": patient(5)})


RUNS_THE_STUDENT = {
    "main": "if __name__ == '__main__':\n    assert f(1) == 2",
    "time": "%%time\nassert f(1) == 2",
    "timeit of a cell": "%%timeit -n1 -r1\nassert f(1) == 2",
    "capture": "%%capture\nassert f(1) == 2",
    "capture of what is printed": "%%capture out\nprint(f(1))\n",
    "time of a line": "%time assert f(1) == 2",
    "timeit of a line": "took = %timeit -o -n 2 -r 3 f(1)\nassert took.loops == 2\n"
    "assert f(1) == 2",
    "unittest": "import unittest\nclass TestF(unittest.TestCase):\n    def test_f(self):\n"
    "        self.assertEqual(f(1), 2)\n"
    "assert unittest.main(argv=[''], exit=False).result.wasSuccessful()",
    "a suite": "import unittest\nclass TestF(unittest.TestCase):\n    def test_f(self):\n"
    "        self.assertEqual(f(1), 2)\n"
    "suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestF)\n"
    "assert unittest.TextTestRunner().run(suite).wasSuccessful()",
    "globals": "assert globals()['f'](1) == 2",
    "eval": "assert eval('f(1)') == 2",
    "exec": "exec('assert f(1) == 2')",
    "the main module": "import sys\nassert sys.modules['__main__'].f(1) == 2",
    "the shell's names": "assert get_ipython().user_ns['f'](1) == 2",
    "await": "import asyncio\nasync def later():\n    await asyncio.sleep(0)\n    return f(1)\n"
    "assert await later() == 2",
    "an error that is asked for": "try:\n    f()\nexcept TypeError:\n    assert f(1) == 2\n"
    "else:\n    raise AssertionError('no error')",
    "the last expression": "float(f(1) == 2)",
    "doctest": "import doctest\nassert doctest.run_docstring_examples\n"
    "parser = doctest.DocTestParser()\n"
    "test = parser.get_doctest('>>> f(1)\\n2\\n', globals().copy(), 'f', None, 0)\n"
    "assert doctest.DocTestRunner().run(test).failed == 0",
}
# The others assert nothing about what is captured.
ALL_WRONG_FAIL = set(RUNS_THE_STUDENT) - {"capture of what is printed"}


class TestFormsOfTests:
    @pytest.mark.slow
    def test_right_wrong_and_untouched_work_in_every_form(self, course):
        tests = [("test", text) for text in RUNS_THE_STUDENT.values()]
        source = notebook(("solution", F), *tests)
        points, said = course.grade(source, "=")
        assert dict(zip(RUNS_THE_STUDENT, points)) == dict.fromkeys(RUNS_THE_STUDENT, 1), said
        points, said = course.grade(source, WRONG)
        failed = {form for form, one in zip(RUNS_THE_STUDENT, points) if not one}
        assert failed == ALL_WRONG_FAIL, said
        points, said = course.grade(source)
        assert not any(points), said

    @pytest.mark.parametrize(
        "text", ["%%bash\necho 1", "!ls", "x = !ls", "%run other.py\nassert f(1) == 2", "f?",
                 "%%writefile a.txt\nassert f(1) == 2", "%who"],
    )  # fmt: skip
    def test_a_magic_that_means_nothing_here_is_an_error_that_says_so(self, course, text):
        points, (said,) = course.grade(notebook(("solution", F), ("test", text)), "=")
        assert points == [0]
        assert "is not executed where a notebook is graded" in said and "rule 10" in said

    def test_magics_that_decide_on_nothing_are_passed_over(self, course):
        text = "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\nassert f(1) == 2"
        assert course.grade(notebook(("solution", F), ("test", text)), "=")[0] == [1]


IMPORTS = notebook(
    ("solution", solution("import numpy as np\nfrom math import sqrt")),
    ("test", "assert np.pi > 3 and np.__name__ == 'numpy'"),
    ("test", "assert sqrt(4) == 2"),
    ("open", "import json"),
    ("solution", solution("import json\nx = json.loads('[1]')")),
    ("test", "assert json.dumps(x) == '[1]'"),
)


class TestImportsThatAreTheExercise:
    @pytest.mark.parametrize(
        ("answers", "wanted"),
        [
            (["=", "="], [1, 1, 1]),
            (["import numpy as np", "="], [1, 0, 1]),
            ([], [0, 0, 0]),
            (["import math as np\nfrom math import sqrt", "x = [1]"], [0, 1, 1]),
            (["from math import pi as np\nfrom math import floor as sqrt", "x = 1"], [0, 0, 0]),
        ],
    )
    def test_they_are_the_students(self, course, answers, wanted):
        points, said = course.grade(IMPORTS, *answers)
        assert points == wanted, said


class TestNamesThatATestChanges:
    TWO = (
        ("solution", solution("def square(x):\n    return x * x")),
        ("solution", solution("def squares(xs):\n    return [square(x) for x in xs]")),
    )
    DELETED = (
        "kept = square\ndel square\n"
        "try:\n    squares([1])\nexcept NameError:\n    pass\n"
        "else:\n    raise AssertionError('squares does not use square')\n"
        "finally:\n    square = kept"
    )
    REPLACED = (
        "kept = square\ncalls = []\n"
        "def square(x):\n    calls.append(x)\n    return 7\n"
        "try:\n    assert squares([1, 2]) == [7, 7] and calls == [1, 2]\n"
        "finally:\n    square = kept"
    )

    def test_the_students_code_sees_it(self, course):
        after = "assert squares([3]) == [9] and square(2) == 4"
        tests = [("test", text) for text in (self.DELETED, after, self.REPLACED, after)]
        source = notebook(*self.TWO, *tests)
        assert course.grade(source, "=", "=")[0] == [1, 1, 1, 1]
        alone = "def squares(xs):\n    return [x * x for x in xs]"
        points, said = course.grade(source, "=", alone)
        assert points == [0, 1, 0, 1]
        assert "squares does not use square" in said[0]
        assert course.grade(source)[0] == [0, 0, 0, 0]


def test_a_module_that_a_test_imports_is_the_graders_own(course):
    source = notebook(
        ("locked", "import numpy as np"),
        ("solution", solution("def f(x):\n    return np.full(2, x)")),
        ("test", "import numpy as np\nassert len(f(1)) == 2\nassert np.allclose(f(1), 1)"),
    )
    assert course.grade(source, "=")[0] == [1]
    cheat = "np.allclose = lambda *args: True\ndef f(x):\n    return np.zeros(2)"
    assert course.grade(source, cheat)[0] == [0]


def test_names_of_starred_imports_are_the_instructors(course):
    source = notebook(
        ("locked", "from math import *"),
        ("solution", solution("def area(r):\n    return pi * r * r")),
        ("test", "assert area(sqrt(4)) == 4 * pi"),
    )
    assert course.grade(source, "=")[0] == [1]
    cheat = "pi = 0\nsqrt = lambda x: 0\ndef area(r):\n    return 0"
    assert course.grade(source, cheat)[0] == [0]


def test_an_error_without_a_text_tells_its_line(course):
    source = notebook(("solution", F), ("test", "if f(1) != 2:\n    raise ValueError"))
    points, (said,) = course.grade(source, WRONG)
    assert points == [0] and "raise ValueError" in said


def graded(course, answer, *tests, wrong=None, before=()):
    """Grade the tests of one solution: with it, with a wrong one, and untouched."""
    source = notebook(*before, ("solution", solution(answer)), *(("test", text) for text in tests))
    points, said = course.grade(source, "=")
    assert points == [1] * len(tests), said
    if wrong is not None:
        points, said = course.grade(source, wrong)
        assert points == [0] * len(tests), said
    points, said = course.grade(source)
    assert points == [0] * len(tests), said


class TestFigures:
    DRAW = "import matplotlib.pyplot as plt\ndef draw(y):\n    plt.plot(y)\n    plt.title('A fall')"

    def test_the_current_figure_is_the_one_that_the_students_function_drew(self, course):
        graded(
            course,
            self.DRAW,
            "import matplotlib.pyplot as plt\ndraw([3, 2])\nax = plt.gca()\n"
            "assert ax.get_title() == 'A fall'\nassert list(ax.lines[0].get_ydata()) == [3, 2]",
            "import matplotlib.pyplot as plt\nassert plt.get_fignums() == []\ndraw([1])\n"
            "assert len(plt.get_fignums()) == 1\nplt.close('all')\ndraw([5])\n"
            "assert len(plt.gcf().axes[0].lines) == 1 and plt.gca().get_title() == 'A fall'",
            "import matplotlib.pyplot as plt\ndraw([2])\nassert len(plt.gca().lines) == 1",
            wrong="def draw(y):\n    pass",
        )

    def test_a_figure_of_the_tests_own_stays_the_current_one(self, course):
        text = (
            "import matplotlib.pyplot as plt\nassert f(1) == 2\nfigure, ax = plt.subplots()\n"
            "ax.set_title('own')\nassert plt.gca() is ax"
        )
        assert course.grade(notebook(("solution", F), ("test", text)), "=")[0] == [1]

    def test_axes_that_a_test_makes_can_be_passed(self, course):
        bars = "def bars(ax, ys):\n    ax.bar(range(len(ys)), ys)\n    return ax"
        graded(
            course,
            bars,
            "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n"
            "assert bars(ax, [3, 1]) is ax and len(ax.patches) == 2\n"
            "plt.close(fig)\nassert plt.get_fignums() == []",
            "import matplotlib.pyplot as plt\nfig, axes = plt.subplots(2, 2)\n"
            "(a, b), lower = axes\nbars(b, [5])\nbars(lower[0], [6])\n"
            "assert [len(ax.patches) for ax in axes.flat] == [0, 1, 1, 0] and fig.axes[1] is b\n"
            "plt.sca(b)\nassert plt.gca() is b",
            wrong="def bars(ax, ys):\n    ax.plot(ys)",
        )

    def test_its_functions_can_be_replaced_before_the_student_draws_anything(self, course):
        draw = "import matplotlib.pyplot as plt\ndef draw(y):\n    plt.plot(y)\n    plt.show()"
        test = (
            "from unittest import mock\nwith mock.patch('matplotlib.pyplot.show') as show:\n"
            "    draw([1])\nshow.assert_called_once_with()"
        )
        graded(course, draw, test, wrong="def draw(y):\n    pass")

    def test_what_a_test_draws_itself_is_no_answer(self, course):
        text = (
            "import matplotlib.pyplot as plt\nfigure, ax = plt.subplots()\n"
            "assert ax.get_title() == '' and len(plt.subplots(2)[1]) == 2\n"
            "plt.plot([1])\nassert len(plt.gca().lines) == 1"
        )
        points, (said,) = course.grade(notebook(("solution", F), ("test", text)), "=")
        assert points == [0] and "NothingAsked" in said

    def test_one_of_a_kernel_that_has_ended_costs_nothing_else(self, course):
        draw = self.DRAW + "\ndef end():\n    import os\n    os._exit(1)"
        texts = ["import matplotlib.pyplot as plt\ndraw([1])\nend()", "draw([1])"]
        source = notebook(("solution", solution(draw)), *(("test", text) for text in texts))
        points, said = course.grade(source, "=")
        assert points == [0, 1] and "KernelDied" in said[0]


class TestWhatATestReplaces:
    ASK = (
        "import random\ndef ask():\n    return int(input('How many? ')) + 1\n"
        "def throw():\n    return random.randint(1, 6) + random.randint(1, 6)\n"
        "def greet():\n    print('Hello')"
    )

    def test_the_students_code_gets_it(self, course):
        graded(
            course,
            self.ASK,
            "from unittest import mock\n"
            "with mock.patch('builtins.input', return_value='5') as asked:\n    assert ask() == 6\n"
            "asked.assert_called_once_with('How many? ')",
            "import random\nfrom unittest.mock import patch\n"
            "with patch.object(random, 'randint', side_effect=[2, 3]):\n    assert throw() == 5",
            "import builtins\nkept = builtins.input\nbuiltins.input = lambda prompt: '7'\n"
            "try:\n    assert ask() == 8\nfinally:\n    builtins.input = kept",
            "from unittest import mock\nwith mock.patch('builtins.print') as shown:\n    greet()\n"
            "shown.assert_called_with('Hello')",
            wrong="def ask():\n    return 1\ndef throw():\n    return 1\ndef greet():\n    pass",
        )

    AROUND = (
        "import math, os, sys\ndef around():\n"
        "    return math.tau, os.environ.get('COLOR'), sys.argv[1:], sys.stdin.readline()"
    )
    SET = (
        "import io, math, os, sys\nmath.tau = 6\nos.environ['COLOR'] = 'red'\n"
        "sys.argv = ['prog', '-v']\nsys.stdin = io.StringIO('5\\n')\n"
        "assert around() == (6, 'red', ['-v'], '5\\n')\n"
        "del os.environ['COLOR']\nassert around()[1] is None"
    )

    def test_values_and_variables_of_the_environment_too(self, course):
        before = math.tau, sys.argv, sys.stdin
        graded(course, self.AROUND, self.SET, wrong="def around():\n    return 6, 'red', ['-v'], 1")
        # No other submission is to find what this cell has left.
        assert (math.tau, sys.argv, sys.stdin) == before and "COLOR" not in os.environ

    @needs_sandbox
    def test_of_the_environment_alone_what_the_test_has_changed(self, course, monkeypatch):
        monkeypatch.setenv("OF_THE_GRADER", "secret")
        test = "import os\nos.environ['A'] = '1'\nassert f() == (None, '1')"
        f = "import os\ndef f():\n    return os.environ.get('OF_THE_GRADER'), os.environ.get('A')"
        graded(course, f, test)


class TestFiles:
    WRITE = (
        "def save(text):\n    with open('made.txt', 'w') as file:\n        file.write(text)\n"
        "def load(name):\n    with open(name) as file:\n        return file.read()"
    )

    def test_small_files_cross_both_ways(self, course):
        graded(
            course,
            self.WRITE,
            "save('one')\nassert open('made.txt').read() == 'one'\nsave('two')\n"
            "assert open('made.txt').read() == 'two'",
            "with open('given.csv', 'w') as file:\n    file.write('1,2')\n"
            "assert load('given.csv') == '1,2'",
            wrong="def save(text):\n    pass\ndef load(name):\n    return ''",
        )
        home = course.folder / "source" / "ps"
        assert [path.name for path in home.iterdir()] == ["ps.ipynb"]

    def test_none_takes_the_place_of_the_instructors(self, course):
        home = course.folder / "source" / "ps"
        home.mkdir(parents=True)
        (home / "wanted.txt").write_text("right")
        (home / "shared.py").write_text("WANTED = 'right'\n")
        cheat = (
            "def f():\n"
            "    for name in ['wanted.txt', 'shared.py', 'json.py', '../out.txt']:\n"
            "        with open(name, 'w') as file:\n            file.write('WANTED = 5')\n"
            "    return 'WANTED = 5'"
        )
        source = notebook(
            ("solution", solution("def f():\n    return 'right'")),
            ("test", "f()\nassert f() == open('wanted.txt').read()"),
            ("test", "f()\nimport shared\nassert f() == shared.WANTED  # 'shared.py'"),
            ("test", "f()\nassert not open('json.py')"),
        )
        points, said = course.grade(source, cheat)
        assert points == [0, 0, 0] and "No such file" in said[2]
        assert course.grade(source, "=")[0] == [1, 1, 0]

    def test_what_a_test_keeps_in_a_file_is_its_own(self, course):
        test = (
            "with open('expected.txt', 'w') as file:\n    file.write('right')\n"
            "save('right')\nassert open('made.txt').read() == open('expected.txt').read()"
        )
        source = notebook(("solution", solution(self.WRITE)), ("test", test))
        assert course.grade(source, "=")[0] == [1]
        cheat = (
            "import os\ndef save(text):\n    if os.path.exists('expected.txt'):\n"
            "        raise ValueError(open('expected.txt').read())\n"
            "    for name in ['made.txt', 'expected.txt']:\n"
            "        with open(name, 'w') as file:\n            file.write('x')"
        )
        points, (said,) = course.grade(source, cheat)
        assert points == [0] and "ValueError" not in said

    TREE = (
        "import os, shutil\ndef save(path, text):\n"
        "    with open(path, 'w') as file:\n        file.write(text)\n"
        "def load(paths):\n    return [open(path).read() for path in paths]\n"
        "def move(folder):\n    folder.joinpath('txt').mkdir()\n"
        "    for path in folder.glob('*.txt'):\n"
        "        shutil.move(path, folder / 'txt' / path.name)\n"
    )

    def test_paths_in_temporary_folders_are_the_same_for_both(self, course):
        graded(
            course,
            self.TREE,
            "import os, tempfile\nwith tempfile.TemporaryDirectory() as d:\n"
            "    path = os.path.join(d, 'a')\n    for n in range(2):\n"
            "        save(path, 'one')\n        assert open(path).read() == 'one'\n"
            "        os.remove(path)\n"
            "    try:\n        load([path])\n    except FileNotFoundError:\n        pass\n"
            "    else:\n        raise AssertionError('it is gone')",
            "import tempfile\nfrom pathlib import Path\nd = Path(tempfile.mkdtemp())\n"
            "for name in ['a.txt', 'b.txt']:\n    (d / name).write_text(name)\n"
            "move(d)\nassert [p.name for p in d.iterdir()] == ['txt']\n"
            "assert sorted(p.name for p in (d / 'txt').iterdir()) == ['a.txt', 'b.txt']",
            "import os\nos.makedirs('in')\nnames = [os.path.join('in', f'{n}') for n in range(2)]\n"
            "for name in names:\n    open(name, 'w').write(name)\n"
            "assert load(names) == names\nsave(os.path.abspath('in/x'), 'y')\n"
            "assert open('in/x').read() == 'y'",
            "import os, tempfile\nos.chdir(tempfile.mkdtemp())\nsave('z', 'here')\n"
            "assert os.listdir() == ['z'] and open('z').read() == 'here'",
            wrong="def save(path, text):\n    pass\ndef load(paths):\n    return []\n"
            "def move(folder):\n    pass",
        )

    @needs_sandbox
    def test_nothing_is_written_elsewhere(self, course, tmp_path):
        home = course.folder / "source" / "ps"
        (home / "data").mkdir(parents=True)
        (home / "data" / "wanted.txt").write_text("right")
        # The student's end of the wire tells of whatever files the student likes.
        cheat = (
            "import sys\ndef f(*paths):\n"
            "    agent = sys.modules['autograder.kernel.inside.agent'].agent\n"
            "    top = str(paths[0])\n"
            f"    names = [{str(tmp_path / 'out')!r}, '../out', top + '/../../out', top + '/',\n"
            "             top + '/x.py', top + '/x.so', 'data/wanted.txt', 'json.py', 'new.txt',\n"
            "             top + '/link/out', top + '/was', top + '/linked', top,\n"
            "             'a\\0b', 5, '', '.', '/']\n"
            "    agent.files.read = lambda wanted: dict.fromkeys(names, b'x') | {\n"
            "        top + '/big': bytes(2**20 + 1), 'data/wanted.txt': None}\n"
        )
        test = (
            "import os, tempfile\nd = tempfile.mkdtemp()\n"
            f"os.symlink({str(tmp_path)!r}, os.path.join(d, 'link'))\n"
            f"os.symlink({str(tmp_path / 'linked')!r}, os.path.join(d, 'linked'))\n"
            "was = os.path.join(d, 'was')\nopen(was, 'w').write('1')\n"
            "f(d, 'data')\nos.remove(was)\n"
            f"os.symlink({str(tmp_path / 'out')!r}, was)\nf(d, 'data')\n"
            "found = [os.path.join(a, n) for a, _, b in os.walk('..') for n in b]\n"
            "assert open('data/wanted.txt').read() == 'right'\n"
            "assert sorted(map(os.path.basename, found)) == ['linked', 'wanted.txt', 'was'], found"
        )
        before = sorted(tmp_path.rglob("*"))
        source = notebook(("solution", solution("def f(*paths):\n    pass")), ("test", test))
        assert course.grade(source, "=")[0] == [1]
        points, said = course.grade(source, cheat)
        assert points == [1], said
        new = {path.name for path in set(tmp_path.rglob("*")) - set(before)}
        assert new <= {"ps.ipynb", "submitted", "ada", "ps"}

    def test_a_test_finds_what_the_students_code_has_made(self, course):
        made = (
            "import os\nfrom pathlib import Path\nfolder = Path('made')\n"
            "def fill(n):\n    folder.mkdir(exist_ok=True)\n    for i in range(n):\n"
            "        (folder / f'{i}.txt').write_text(str(i))\n"
            "        Path(f'part-{i}').write_text(str(i))\n"
            "def save(text):\n    Path('saved').write_text(text)\n    return 'saved'"
        )
        tests = (
            "fill(2)\nfor i in range(2):\n    assert open(f'part-{i}').read() == str(i)",
            "import glob\nfill(120)\nassert len(glob.glob('part-*')) == 120",
            "import os\nfill(3)\nassert sorted(os.listdir('made'))[:2] == ['0.txt', '1.txt']",
            "import os\nfill(2)\nassert all(os.path.exists(f'made/{i}.txt') for i in range(2))",
            "from pathlib import Path\nfill(2)\nassert (Path('made') / '1.txt').read_text() == '1'",
            "from pathlib import Path\nfill(2)\nassert [*Path('.').rglob('1.txt')]",
            "assert open(save('x')).read() == 'x'\nassert open(save('yy')).read() == 'yy'",
            "import shutil\nsave('x')\nshutil.move('saved', 'moved')\n"
            "assert open('moved').read() == 'x'",
        )
        wrong = "def fill(n):\n    pass\ndef save(text):\n    return 'saved'"
        for test in tests:  # each alone: files of one would be there for the next
            graded(course, made, test, wrong=wrong)

    def test_in_two_tests_a_file_of_a_cell_s_is_an_answer(self, course):
        write = "with open(name, 'w') as file:\n    file.write('42')"
        source = notebook(
            ("locked", "name = 'made.txt'"),
            ("solution", solution(write)),
            *[("test", "assert open(name).read() == '42'")] * 2,
            ("test", "import os\nassert os.listdir('.')"),
        )
        assert course.grade(source, "=")[0] == [1, 1, 0]
        assert course.grade(source)[0] == [0, 0, 0]

    def test_a_file_that_a_test_has_written_stays_as_it_is(self, course):
        test = (
            "import os\nname = 'expected' + '.txt'\nassert os.listdir('.') is not None\n"
            "with open(name, 'w') as file:\n    file.write('right')\n"
            "got = save('wrong')\nos.listdir('.')\n"
            "assert open(name).read() == 'right' and got == 'right'"
        )
        right = "def save(text):\n    return 'right'"
        cheat = (
            "def save(text):\n    with open('expected.txt', 'w') as file:\n"
            "        file.write(text)\n    return text\nsave('planted')"
        )
        spy = "open('expected.txt', 'w')\ndef save(text):\n    return open('expected.txt').read()"
        source = notebook(("solution", solution(right)), ("test", test))
        assert course.grade(source, "=")[0] == [1]
        for answer in (cheat, spy):
            points, said = course.grade(source, answer)
            assert points == [0] and "got == 'right'" in said[0], said

    def test_no_library_reads_settings_that_a_student_has_made(self, course, tmp_path, monkeypatch):
        packages = tmp_path / "site-packages"
        packages.mkdir()
        (packages / "looks_for_settings.py").write_text("found = open('settings_rc').read()")
        monkeypatch.syspath_prepend(packages)
        test = "import os\nos.listdir('.')\nf(1)\nimport looks_for_settings"
        source = notebook(("solution", F), ("test", test))
        write = "open('settings_rc', 'w').write('x')\n"
        points, said = course.grade(source, write + WRONG)
        assert points == [0] and "a library would read 'settings_rc'" in said[0], said

    def test_a_file_that_a_cell_of_the_students_writes_is_an_answer(self, course):
        write = "with open('made.txt', 'w') as file:\n    file.write('42')"
        graded(course, write, "assert open('made.txt').read() == '42'", wrong="made = 42")


class TestObjects:
    CLASS = "class V:\n    def __init__(self, x=0):\n        self.x = x\n"
    LIAR = (
        "class V:\n    def __init__(self, *args):\n        pass\n"
        "    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda *a: True\n"
        "    __sub__ = __rsub__ = __abs__ = __add__ = __radd__ = lambda self, *a: self\n"
        "    __bool__ = lambda self: True\n    __hash__ = None\n"
    )

    def test_one_that_a_function_returns_equals_no_value(self, course):
        source = notebook(
            ("solution", solution(self.CLASS + "def f(x):\n    return 2 * x")),
            ("test", "assert isinstance(V(1), V)"),
            *(("test", f"V(1)\nassert {text}") for text in (
                "f(2) == 4", "abs(f(2) - 4) < 1e-9", "f(2) in (4,)", "[f(2)] == [4]",
                "4 in f(2)", "2 < f(2) < 5", "sorted([f(2)]) == [4]", "{1: f(2)} == {1: 4}",
            )),
        )  # fmt: skip
        points, said = course.grade(source, self.LIAR + "def f(x):\n    return V()")
        assert points == [1] + [0] * 8, said

    def test_it_does_not_see_what_it_is_compared_with(self, course):
        spy = (
            "class S:\n    def __sub__(self, other):\n        raise ValueError(f'seen {other}')\n"
            "    __rsub__ = __eq__ = __add__ = __contains__ = __lt__ = __gt__ = __sub__\n"
            "def f(x):\n    return S()"
        )
        texts = ["abs(f(2) - 4) < 1e-9", "f(2) == 4", "4 in f(2)", "f(2) < 4", "4 - f(2) == 0"]
        source = notebook(("solution", F), *(("test", f"assert {text}") for text in texts))
        points, said = course.grade(source, spy)
        assert points == [0] * 5 and not any("seen" in words for words in said), said

    def test_to_compare_an_answer_of_a_class_that_is_asked_for_is_an_error(self, course):
        stack = (
            "class V:\n    def __init__(self):\n        self.items = []\n"
            "    def push(self, x):\n        self.items.append(x)\n        return self\n"
            "    def __eq__(self, other):\n        return self.items == other"
        )
        texts = ["V().push(1) == [1]", "V().push(1) != None", "V().push(1).items == [1]"]
        source = notebook(("solution", solution(stack)), *(("test", f"assert {t}") for t in texts))
        points, said = course.grade(source, "=")
        assert points == [0, 1, 1] and "rule 5" in said[0], said

    def test_the_operators_of_one_that_the_test_makes_are_its_class_s(self, course):
        graded(
            course,
            "class V:\n    def __init__(self, x):\n        self.x = x\n"
            "    def __mul__(self, n):\n        return V(self.x * n)\n"
            "    def __abs__(self):\n        return abs(self.x)\n"
            "    def __eq__(self, other):\n"
            "        return self.x == getattr(other, 'x', other)",
            "assert abs(V(-2) * 3) == 6 and V(2) * 2 == V(4) and V(2) == 2 and V(2) != 3",
            wrong="class V:\n    def __init__(self, x):\n        self.x = x",
        )

    def test_a_class_tells_what_it_defines_itself(self, course):
        graded(
            course,
            "class A:\n    def m(self):\n        return 1\nclass B(A):\n    pass",
            "assert B().m() == 1\nassert 'm' in A.__dict__ and 'm' not in B.__dict__",
            wrong="class A:\n    def m(self):\n        return 1\nclass B(A):\n"
            "    def m(self):\n        return 1",
        )


class TestErrors:
    def test_they_are_as_at_home(self, course):
        graded(
            course,
            "def look(d, key):\n    return d[key]\ndef check(x):\n    if x < 0:\n"
            "        raise ValueError('negative', x)",
            "try:\n    look({}, 'a')\nexcept Exception as error:\n"
            "    assert type(error) is KeyError and error.args == ('a',)\n"
            "else:\n    raise AssertionError",
            "try:\n    check(-1)\nexcept ValueError as error:\n"
            "    assert type(error) == ValueError and error.args == ('negative', -1)\n"
            "else:\n    raise AssertionError",
            wrong="def look(d, key):\n    return d.get(key)\ndef check(x):\n    pass",
        )

    def test_those_of_libraries_are_their_own(self, course):
        graded(
            course,
            "import json, statistics\ndef read(text):\n    return json.loads(text)\n"
            "def mean(values):\n    return statistics.mean(values)",
            "import json\ntry:\n    read('{')\nexcept json.JSONDecodeError as error:\n"
            "    assert error.pos == 1 and isinstance(error, ValueError)\n"
            "else:\n    raise AssertionError",
            "import statistics, pytest\nwith pytest.raises(statistics.StatisticsError):\n"
            "    mean([])",
            wrong="def read(text):\n    raise ValueError\ndef mean(values):\n    raise ValueError",
        )

    def test_those_of_the_students_classes_can_be_caught(self, course):
        graded(
            course,
            "class Empty(ValueError):\n    pass\ndef first(x):\n    if not x:\n"
            "        raise Empty('nothing')\n    return x[0]",
            "try:\n    first([])\nexcept Empty as error:\n    assert str(error) == 'nothing'\n"
            "else:\n    raise AssertionError",
            wrong="class Empty(ValueError):\n    pass\ndef first(x):\n    return x[0]",
        )

    def test_none_is_one_of_the_test_s_own(self, course):
        test = (
            "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n"
            "        self.assertEqual(f(1), 2)\n"
            "assert unittest.main(argv=[''], exit=False).result.wasSuccessful()"
        )
        source = notebook(("solution", F), ("test", test))
        assert course.grade(source, "=")[0] == [1]
        skips = "import unittest\ndef f(x):\n    raise unittest.SkipTest('no')"
        assert course.grade(source, skips)[0] == [0]


class TestWhatIsPassedAndReturned:
    def test_views_queues_and_paths_cross(self, course):
        graded(
            course,
            "def total(values):\n    return sum(values)\n"
            "def last(queue):\n    return type(queue).__name__, queue.pop()\n"
            "def name(path):\n    return path / 'b.txt'",
            "assert total({'a': 1, 'b': 2}.values()) == 3 and total({4: 0}.keys()) == 4",
            "from collections import deque\nassert last(deque([1, 2])) == ('deque', 2)",
            "from pathlib import Path\nassert name(Path('a')) == Path('a/b.txt')",
            wrong="def total(values):\n    return 0\ndef last(queue):\n    return 0\n"
            "def name(path):\n    return 'a/b.txt'",
        )

    def test_a_function_passed_twice_is_the_same(self, course):
        graded(
            course,
            "kept = []\ndef attach(f):\n    kept.append(f)\ndef detach(f):\n    kept.remove(f)\n"
            "def notify(x):\n    for f in kept:\n        f(x)",
            "heard = []\nattach(heard.append)\nlisten = heard.append\nattach(print)\n"
            "detach(print)\nnotify(1)\nassert heard == [1]",
            wrong="def attach(f):\n    pass\ndef detach(f):\n    pass\ndef notify(x):\n    pass",
        )

    def test_arrays_that_hold_more_than_values_keep_it(self, course):
        graded(
            course,
            "import numpy as np\nimport matplotlib.pyplot as plt\n"
            "def panels():\n    figure, axes = plt.subplots(2)\n    axes[1].set_title('b')\n"
            "    return axes\ndef clean(x):\n    return np.ma.masked_less(x, 0)\n"
            "def table():\n    return np.array([(1, 2.5)], dtype=[('a', int), ('b', float)])",
            "axes = panels()\nassert len(axes) == 2 and axes[1].get_title() == 'b'",
            "import numpy as np\nassert clean(np.array([-9., 1, 2])).mean() == 1.5",
            "assert table()['b'][0] == 2.5",
            wrong="def panels():\n    return [None]\ndef clean(x):\n    return x\n"
            "def table():\n    return [1]",
        )


class TestWhatATestLeavesBehind:
    FIB = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)"

    def test_a_name_that_it_has_replaced_is_put_back(self, course):
        texts = [
            "orig = fib\ncalls = []\ndef fib(n):\n    calls.append(n)\n    return orig(n)\n"
            "assert fib(5) == 5 and len(calls) > 1\nfib = orig",
            "assert fib(10) == 55",
        ]
        source = notebook(("solution", solution(self.FIB)), *(("test", text) for text in texts))
        assert course.grade(source, "=")[0] == [1, 1]
        loop = "def fib(n):\n    a, b = 0, 1\n    for _ in range(n):\n        a, b = b, a + b\n"
        assert course.grade(source, loop + "    return a")[0] == [0, 1]

    def test_a_function_that_the_students_code_has_kept_ends_nothing(self, course):
        texts = ["keep(len)\nassert len(kept) == 1", "assert len(kept) == 1"]
        keep = "kept = []\ndef keep(f):\n    kept.append(f)"
        source = notebook(("solution", solution(keep)), *(("test", text) for text in texts))
        assert course.grade(source, "=")[0] == [1, 1]

    def test_a_value_that_it_has_set_is_what_the_students_code_makes_of_it(self, course):
        graded(
            course,
            "calls = 0\ndef f():\n    global calls\n    calls += 1",
            "calls = 0\nf()\nf()\nassert calls == 2, calls",
            wrong="def f():\n    pass",
        )


class TestValuesOfNames:
    TEXT = (
        "import numpy as np\nmemo = {}\ncount = 0\nmarks = np.zeros(3)\nlong = list(range(2000))\n"
        "def add(key):\n    global count\n    count += 1\n    memo[key] = count\n"
        "    marks[0] += 1\n    long.append(key)\n    return len(memo)"
    )

    def test_they_are_as_the_students_code_has_left_them(self, course):
        graded(
            course,
            self.TEXT,
            "alias = memo\nassert add('a') == 1 and add('b') == 2\n"
            "assert memo == {'a': 1, 'b': 2}\n"
            "assert alias is memo and count == 2 and marks[0] == 2 and len(long) == 2002",
            wrong="memo = {}\ncount = 0\nmarks = [0]\nlong = []\ndef add(key):\n    return 1",
        )

    def test_what_a_test_changes_in_place_the_students_code_has(self, course):
        graded(
            course,
            self.TEXT,
            "memo['x'] = 5\nmarks[0] = 7\nassert add('y') == 2 and memo['x'] == 5\n"
            "assert marks[0] == 8\nmemo.clear()\nassert add('z') == 1",
            wrong="memo = {}\nmarks = [0]\ndef add(key):\n    return 2",
        )


class TestGivenClasses:
    BASE = "class Animal:\n    def __init__(self, name):\n        self.name = name"
    CAT = "class Cat(Animal):\n    def sound(self):\n        return self.name + '!'"

    def test_a_class_that_solutions_use_is_the_students(self, course):
        graded(
            course,
            self.CAT,
            "assert issubclass(Cat, Animal)\ncat = Cat('Tom')\n"
            "assert isinstance(cat, Animal) and type(cat) is Cat and cat.sound() == 'Tom!'",
            wrong="class Cat:\n    def __init__(self, name):\n        self.name = name",
            before=[("locked", self.BASE)],
        )

    def test_one_that_tests_alone_use_is_the_instructors(self, course):
        check = "class Check:\n    def run(self, function):\n        assert function(1) == 2"
        source = notebook(("locked", check), ("solution", F), ("test", "Check().run(f)"))
        assert course.grade(source, "=")[0] == [1]
        cheat = "class Check:\n    def run(self, function):\n        function(1)\n" + WRONG
        assert course.grade(source, cheat)[0] == [0]


class TestWarnings:
    def test_a_test_hears_of_them(self, course):
        graded(
            course,
            "import warnings\ndef old(x):\n    warnings.warn('use new', DeprecationWarning)\n"
            "    return x",
            "import warnings\nwith warnings.catch_warnings(record=True) as caught:\n"
            "    warnings.simplefilter('always')\n    assert old(1) == 1 and old(2) == 2\n"
            "assert [str(one.message) for one in caught] == ['use new', 'use new']\n"
            "assert caught[0].category is DeprecationWarning",
            wrong="def old(x):\n    return x",
        )


MANAGERS = """
import contextlib
log = []
@contextlib.contextmanager
def noted():
    try:
        yield
    except (KeyError, ZeroDivisionError, RuntimeError) as error:
        log.append([type(error).__name__, *error.args])
        if isinstance(error, RuntimeError):
            raise ValueError("another") from error
    finally:
        log.append("left")
class Noted:
    def __enter__(self): return self
    def __exit__(self, kind, error, trace):
        self.seen = kind
        return kind is KeyError
def f(x):
    return {2: 4}[x]
"""
# Each tells of the error, and suppresses it, whatever it is.
CHEATS = """
class Noted:
    seen = KeyError
    def __enter__(self): return self
    def __exit__(self, *error): return True
def noted(): return Noted()
log = [["KeyError", "k"], "left"]
"""
ON_PURPOSE = {
    "raised": "with noted():\n    raise KeyError('k')\nassert log == [['KeyError', 'k'], 'left']",
    "in an expression": "d = {}\nwith noted():\n    d['k']\nassert log[0] == ['KeyError', 'k']",
    "in a stack": "with contextlib.ExitStack() as stack:\n    stack.enter_context(noted())\n"
    "    1 / 0\nassert log[0][0] == 'ZeroDivisionError'",
    "within another": "with contextlib.nullcontext():\n    with noted():\n        f(3)\n"
    "    log.append(5)\nassert log == [['KeyError', 3], 'left', 5]",
    "replaced": "try:\n    with noted():\n        raise RuntimeError\n"
    "except ValueError as error:\n    assert str(error) == 'another'\n"
    "else:\n    assert False\nassert log == [['RuntimeError'], 'left']",
    "in a function": "def within():\n    with noted():\n        raise KeyError(1)\nwithin()\n"
    "assert log[0] == ['KeyError', 1]",
    "of a class": "with Noted() as block:\n    f(5)\nassert block.seen is KeyError",
}
LOST = {
    "a check": "assert f(2)[0] == 4",
    "a check by a library": "np.testing.assert_allclose(f(2), 4)",
    "a check by a function": "check(f(2))",
    "a check that is passed": "list(map(check, f(2)))",
    "what comes after": "f(2) + 1\n    assert f(2) == 4",
    "a condition": "if f(2)[0] != 4:\n        wrong.append(1)",
    "an operator": "f(2)[0] == 4 or wrong.append(1)",
    "a name": "right = f(2)[0] == 4",
    "another block": "with Noted():\n        assert f(2)[0] == 4",
}


class TestWithBlocks:
    """What the managers of a student's do about errors of a test."""

    def test_they_are_told_of_an_error_and_may_suppress_it(self, course):
        tests = [("test", f"import contextlib\nlog.clear()\n{one}") for one in ON_PURPOSE.values()]
        source = notebook(("solution", solution(MANAGERS)), *tests)
        points, said = course.grade(source, "=")
        assert dict(zip(ON_PURPOSE, points)) == dict.fromkeys(ON_PURPOSE, 1), said
        without = MANAGERS.replace("        log.append", "        0").replace("= kind", "= None")
        points, said = course.grade(source, without)
        assert not any(points), said

    @pytest.mark.parametrize("block", ["Noted()", "noted()"])
    def test_none_suppresses_what_a_check_needs(self, course, block):
        head = "import numpy as np\nright, wrong = True, []\ndef check(x):\n    assert x[0] == 4\n"
        tail = "assert right and not wrong and log"
        tests = [("test", f"{head}with {block}:\n    {body}\n{tail}") for body in LOST.values()]
        source = notebook(("solution", solution(MANAGERS)), *tests)
        points, said = course.grade(source, CHEATS + "def f(x): pass")
        assert dict(zip(LOST, points)) == dict.fromkeys(LOST, 0), said
        assert "may do so only if" in str(said)

    def test_an_error_that_a_test_fails_with_is_not_told(self, course):
        wanted = "with Noted() as block:\n    assert f(2) == 4, 'secret'\n"
        source = notebook(("solution", solution(MANAGERS)), ("test", wanted))
        points, said = course.grade(source, CHEATS + "def f(x): return 5")
        assert points == [0] and "NotAsked" not in str(said), said


def test_the_text_of_a_function_can_be_read_but_is_no_answer(course):
    text = "import inspect\nassert 'return' in inspect.getsource(f)"
    source = notebook(("solution", F), ("test", text), ("test", text + "\nassert f(1) == 2"))
    points, said = course.grade(source, "=")
    assert points == [0, 1] and "NothingAsked" in said[0]
    assert course.grade(source, "f = lambda x: 2 * x")[0] == [0, 0]


# The test, and the answer with the payload in the place of {}.
WAYS = {
    "eval": ("assert eval(f(1)) == 2", "def f(x):\n    return {!r}"),
    "a part of a text": ("assert eval('1 + ' + f(1)) > 2", "def f(x):\n    return {!r}"),
    "sympify": ("import sympy\nassert sympy.simplify(f(1)) == 2", "def f(x):\n    return {!r}"),
    "a docstring": (
        "import doctest\nassert doctest.testmod().failed == 0 and f(1) == 2",
        "def f(x):\n    {doc!r}\n    return 2 * x",
    ),
    "an annotation": (
        "import typing\ntyping.get_type_hints(f)\nassert f(1) == 2",
        "def f(x: {!r}):\n    return 2 * x",
    ),
    "a pickle": (
        "import pickle\nf(1)\nassert pickle.load(open('model.pkl', 'rb')) == 2",
        "import pickle\nclass P:\n    def __reduce__(self):\n        return eval, ({!r},)\n"
        "def f(x):\n    pickle.dump(P(), open('model.pkl', 'wb'))",
    ),
    "bytes": (
        "import pickle\nassert pickle.loads(f(1)) == 2",
        "import pickle\nclass P:\n    def __reduce__(self):\n        return eval, ({!r},)\n"
        "def f(x):\n    return pickle.dumps(P())",
    ),
}


class TestWhatTheStudentSendsIsNotExecuted:
    PAYLOAD = "open({!r}, 'w').write('x')"

    @pytest.mark.parametrize("way", WAYS)
    def test_it_is_refused(self, course, tmp_path, way):
        pytest.importorskip("sympy")
        test, answer = WAYS[way]
        trace = tmp_path / "executed"
        payload = self.PAYLOAD.format(str(trace))
        answer = answer.format(payload, doc=f">>> _ = {payload}\n")
        source = notebook(("solution", solution("def f(x):\n    return 2")), ("test", test))
        course.grade(source, answer)
        assert not trace.exists()

    def test_what_makes_a_value_alone_is_not(self, course):
        pytest.importorskip("sympy")
        graded(
            course,
            "class P:\n    def __init__(self, x):\n        self.x = x\n"
            "    def __eq__(self, other):\n        return self.x == other.x\n"
            "    def __repr__(self):\n        return f'P({self.x})'\n"
            "def text():\n    return 'sin(x)**2 + 2*x'\ndef pairs():\n    return '[(1, 2)]'\n"
            "def store(x):\n    import pickle\n    return pickle.dumps(x)",
            "p = P(3)\nassert eval(repr(p)) == p",
            "import sympy\nx = sympy.Symbol('x')\n"
            "assert sympy.sympify(text()).diff(x) == 2 * sympy.sin(x) * sympy.cos(x) + 2",
            "assert eval(pairs()) == [(1, 2)]",
            "import pickle, numpy as np\nassert pickle.loads(store({'a': [1, 2.5]})) == "
            "{'a': [1, 2.5]}\nassert pickle.loads(store(np.arange(3))).sum() == 3",
            wrong="class P:\n    def __init__(self, x):\n        pass\n"
            "def text():\n    return 'x'\ndef pairs():\n    return '[]'\n"
            "def store(x):\n    return b''",
        )


class TestTracebacks:
    """What a test cell prints of an error tells lines of the cell that students may see, alone."""

    UNITTEST = """import unittest
class T(unittest.TestCase):
    def test_seen(self):
        self.assertEqual(f(1), 2)
    ### BEGIN HIDDEN TESTS
    def test_hidden(self):
        self.assertEqual(f(4), 8)
    ### END HIDDEN TESTS
    def test_raises(self):
        f(1, 2)
result = unittest.main(argv=[""], exit=False).result
assert result.wasSuccessful(), result.failures[0][1]"""
    DOCTEST = """import doctest
def g():
    '''
    >>> f(1, 2)
    3
    '''
doctest.run_docstring_examples(g, globals())
assert f(1) == 2"""
    PRINTED = """%%time
import logging, traceback
try:
    f(1, 2)
except TypeError:
    traceback.print_exc()
    logging.exception("no")
    traceback.print_stack()
assert f(1) == 2"""

    THREAD = """import threading
thread = threading.Thread(target=lambda:
    f(1, 2))
thread.start()
thread.join()
assert f(1) == 2"""

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            (THREAD, {"f(1, 2))"}),
            (UNITTEST, {"self.assertEqual(f(1), 2)", "f(1, 2)"}),
            (DOCTEST, {"f(1, 2)"}),
            (PRINTED, {"%%time", "f(1, 2)", "traceback.print_stack()"}),
        ],
    )
    def test_they_hold_lines_of_the_cell_alone(self, course, text, shown):
        points, (said,) = course.grade(notebook(("solution", F), ("test", text)), WRONG)
        assert points == [0] and "takes 1 positional argument" in said
        files = re.findall(r'^ *File "(.+)", line \d+, in .+\n *(.*)', said, re.M)
        places = {"<test cell>", "<doctest NoName[0]>", "__main__"}
        assert {place for place, _ in files} <= places
        assert {line for _, line in files} - {"Failed example:"} == shown
        assert "/autograder/" not in said and "f(4)" not in said

    def test_warnings_too(self):
        with tracebacks_of({1: "", 2: "warn('of it')"}):
            said = [
                warnings.formatwarning("of it", UserWarning, file, number)
                for file, number in [(FILE, 1), (FILE, 2), (__file__, 2)]
            ]
        assert said == [
            "<test cell>:1: UserWarning: of it\n",
            "<test cell>:2: UserWarning: of it\n  warn('of it')\n",
            "UserWarning: of it\n",
        ]

    def test_the_graders_own_are_whole(self, course):
        course.grade(notebook(("solution", F), ("test", self.PRINTED)), "=")
        try:
            F()
        except TypeError:
            assert __file__ in traceback.format_exc()

    def test_the_line_of_an_error_below_a_magic_is_the_right_one(self, course):
        text = "%%time\nx = f(1)\nassert x == 2\ny = 1"
        _, (said,) = course.grade(notebook(("solution", F), ("test", text)), WRONG)
        assert said.endswith("in the line of the test: assert x == 2")


class TestWhoseNamesTheyAre:
    """What a student may not turn to account, though nbgrader itself would give the points."""

    @pytest.mark.parametrize(
        "given, test, cheat",
        [
            ("close = lambda a, b: abs(a - b) < 1e-9", "close(f(1), 2)",
             "close = lambda a, b: True"),
            ("TOL: float = 1e-9", "abs(f(1) - 2) < TOL", "TOL = 9"),
            ("try:\n    from math import isclose\nexcept ImportError:\n    isclose = None",
             "isclose(f(1), 2)", "isclose = lambda a, b: True"),
            ("if True:\n    def check(x):\n        return x == 2", "check(f(1))",
             "check = lambda x: True"),
            ("import numpy as np\nX = np.arange(3)\nwanted = X.sum() - 1", "f(1) == wanted",
             "wanted = f(1)"),
            ("from functools import partial\nfrom math import isclose\nclose = partial(isclose)",
             "close(f(1), 2)", "close = lambda a, b: True"),
            ("from math import sqrt", "f(1) == sqrt(4)", "sqrt = lambda x: f(1)"),
        ],
    )  # fmt: skip
    def test_what_a_read_only_cell_makes_is_the_instructors(self, course, given, test, cheat):
        source = notebook(("locked", given), ("solution", solution("def f(x):\n    return 2 * x")),
                          ("test", f"assert {test}"))  # fmt: skip
        assert course.grade(source, "=")[0] == [1]
        assert course.grade(source, f"def f(x):\n    return 5\n{cheat}")[0] == [0]

    def test_but_not_what_solutions_work_on_or_what_is_drawn_by_chance(self, course):
        given = (
            "import random\nstock = ['a']\nfirst = random.random()\n"
            "def put(x):\n    stock.append(x)"
        )
        source = notebook(
            ("locked", given),
            ("solution", solution("put('b')\nlater = first")),
            ("test", "assert stock == ['a', 'b']\nassert later == first"),
        )
        assert course.grade(source, "=")[0] == [1]
        assert course.grade(source)[0] == [0]

    def test_a_module_that_the_test_imports_is_its_own(self, course):
        source = notebook(
            ("open", "import math"),
            ("solution", solution("def root(x):\n    return math.sqrt(x)")),
            ("test", "import math\nroot(4)\nassert root(9) == math.sqrt(9)"),
        )
        assert course.grade(source, "=")[0] == [1]
        fake = "class math:\n    sqrt = staticmethod(lambda x: 42)\n"
        assert course.grade(source, fake + "def root(x):\n    return math.sqrt(x)")[0] == [0]

    def test_what_a_later_cell_makes_is_newer_than_what_a_test_has_made(self, course):
        source = notebook(
            ("solution", solution("def f(x):\n    return 2 * x")),
            ("test", "k, own = 5, 7\nassert f(k) == 10"),
            ("solution", "y = 10\n" + solution("k = y * 2")),
            ("test", "assert k == 20 and own == 7 and f(own) == 14"),
        )
        assert course.grade(source, "=", "=")[0] == [1, 1]

    def test_what_counts_in_a_comprehension_is_no_name_of_the_notebook(self, course):
        answer = "def f(x):\n    return 2 * x\nsquares = [i * i for i in range(4)]"
        source = notebook(
            ("solution", solution(answer)),
            ("test", "assert squares[3] == 9\nfor i in range(1, 5):\n    assert f(i) == 2 * i"),
        )
        assert course.grade(source, "=")[0] == [1]
        cheat = "squares = [0, 1, 4, 9]\ndef f(x):\n    global i\n    i = 0\n    return 0"
        assert course.grade(source, cheat)[0] == [0]

    def test_a_name_that_no_function_uses_is_not_told_to_the_student(self, course):
        source = notebook(
            ("solution", solution("def f(x):\n    return 2 * x\nresult = f(1)")),
            ("test", "result = 73922\nassert f(36961) == result"),
        )
        assert course.grade(source, "=")[0] == [1]
        cheat = "result = 0\ndef f(x):\n    return result"
        assert course.grade(source, cheat)[0] == [0]


class TestObjectsThatAnswer:
    """An object of the student's has no say in whether what the student's code returns is right."""

    ANSWER = solution(
        "class Account:\n    def __init__(self, b):\n        self.b = b\n"
        "    def get(self):\n        return self.b\n"
        "    def __enter__(self):\n        return self\n"
        "    def __exit__(self, *error):\n        return error[0] is KeyError\n"
        "    def __eq__(self, other):\n        return self.b == other"
    )
    LIAR = (
        "class Account:\n    def __init__(self, b):\n        pass\n"
        "    def get(self):\n        return self\n"
        "    def __getattr__(self, name):\n        return self\n"
        "    def __enter__(self):\n        return self\n"
        "    def __exit__(self, *error):\n        return True\n"
        "    def __eq__(self, other):\n        return True"
    )

    @pytest.mark.parametrize(
        "test",
        [
            "a = Account(3)\nassert a.get() == 3",
            "a = Account(3)\nassert a.b == 3",
            "assert [Account(i).get() for i in range(3)] == [0, 1, 2]",
            "with Account(3) as a:\n    assert a.get() == 3",
            "with Account(3) as a:\n    assert a.b + 1 == 4",
        ],
    )
    def test_though_it_is_one_that_the_test_has_made(self, course, test):
        source = notebook(("solution", self.ANSWER), ("test", test))
        assert course.grade(source, "=")[0] == [1]
        assert course.grade(source, self.LIAR)[0] == [0]

    def test_but_its_own_operators_and_with_blocks_are_its_class_s(self, course):
        test = "a = Account(3)\nassert a == 3 and a != 4\nwith a:\n    raise KeyError('no')"
        source = notebook(("solution", self.ANSWER), ("test", test))
        assert course.grade(source, "=")[0] == [1]


class TestErrorsThatLie:
    def test_an_error_that_is_made_of_another_is_the_student_s(self, course):
        lie = (
            "class E(Exception):\n    lent_number = None\n    def __new__(cls, *args):\n"
            "        return KeyboardInterrupt if args else super().__new__(cls)\n"
            "def f(x):\n    raise E()"
        )
        source = notebook(
            ("solution", F), ("test", "assert f(1) == 2"), ("test", "assert f(2) == 4")
        )
        assert course.grade(source, lie)[0] == [0, 0]

    def test_settings_of_the_grader_are_as_they_were_after_a_cell(self, course):
        before = np.geterr(), sys.getrecursionlimit()
        test = "import sys\nsys.setrecursionlimit(9000)\nnp.seterr(all='raise')\nassert f(1) == 2"
        source = notebook(("open", "import numpy as np"), ("solution", F), ("test", test))
        assert course.grade(source, "=")[0] == [1]
        assert (np.geterr(), sys.getrecursionlimit()) == before

    def test_a_pickle_changes_no_class(self, course):
        import fractions

        answer = (
            "def f(x):\n    return b'cfractions\\nFraction\\n(N}(V__eq__\\ncbuiltins\\nstr\\nutb.'"
        )
        test = (
            "import pickle\nfrom fractions import Fraction\npickle.loads(f(1))\n"
            "assert Fraction(1, 2) == 5"
        )
        before = fractions.Fraction.__eq__
        source = notebook(("solution", F), ("test", test))
        assert course.grade(source, answer)[0] == [0]
        assert fractions.Fraction.__eq__ is before

    def test_names_of_symbols_call_nothing(self, course):
        pytest.importorskip("sympy")
        answer = "import sympy\ndef f(x):\n    return sympy.Symbol('[print(5)] and 9')"
        test = "import sympy\nx = sympy.Symbol('x')\nassert sympy.lambdify(x, f(x))(1) == 9"
        points, said = course.grade(notebook(("solution", F), ("test", test)), answer)
        assert points == [0] and "5\n" not in said[0]


ANSWER = solution("def f():\n    return 1", "def f():\n    ...")


@pytest.fixture
def short(monkeypatch):
    """Tests that hang are ended soon."""
    monkeypatch.setattr(testcell, "MOST_SECONDS", 2)
    monkeypatch.setattr(trusted, "MOST_SECONDS", 2)
    monkeypatch.setattr(trusted, "PATIENCE", 2)


@pytest.mark.parametrize(
    ("hangs", "told"),
    [
        ("import time; time.sleep(600 * f())", "took more than 2 s in the grader"),
        ("sum(range(10**14 * f()))", "it took more than 4 s"),
        ("import os; os.kill(os.getpid(), 9) if f() else 0", "signal 9"),
    ],
)
def test_a_test_that_hangs_or_ends_its_process_costs_nothing_else(course, short, hangs, told):
    source = notebook(
        ("solution", ANSWER),
        ("test", "assert f() == 1"),
        ("test", f"{hangs}\nassert f() == 1"),
        ("test", "assert f() == 1"),
    )
    points, said = course.grade(source, "=")
    assert points == [1, 0, 1]
    assert told in said[1]


def test_a_module_that_a_test_has_changed_is_as_it_was_for_the_next_notebook(course):
    source = notebook(
        ("solution", ANSWER),
        ("test", "import colorsys\nassert f() and not hasattr(colorsys, 'me')\ncolorsys.me = 1"),
    )
    assert [course.grade(source, "=")[0] for _ in range(2)] == [[1], [1]]


def test_outputs_are_bounded_over_the_whole_notebook(course, monkeypatch):
    monkeypatch.setattr(student_kernel, "MOST_OF_ALL", 1000)
    source = notebook(("solution", ANSWER), *[("open", "print('x' * 400)")] * 5, ("test", "f()"))
    graded = course.graded(source, "=")
    printed = ["".join(o.get("text", "") for o in c.outputs) for c in graded.cells]
    assert [text.count("x") for text in printed] == [0, 400, 400, 0, 0, 0, 0]
    told = ["characters of output were left out" in text for text in printed]
    assert told == [False, False, False, True, True, True, False]
