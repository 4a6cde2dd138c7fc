"""What a test cell may do with what came from a student's code, and what it may not."""

import sys
from dis import get_instructions
from inspect import CO_GENERATOR
from textwrap import dedent
from types import CellType, FunctionType

import pytest
from nbgrader import utils

from autograder.kernel.limits import TooMuch, bounded
from autograder.kernel.stand_ins import found, inert
from autograder.verdict import testcell
from tests.support.any_course import Course, cell, notebook, solution
from tests.support.waiting import patient

pytestmark = pytest.mark.slow

# What the tests below ask for, and use in a right way.
SOURCE = (
    ("locked", "def helper(n):\n    return 2 * n\nSOURCE = '''\nimport math\ndef ref(x):\n"
     "    return math.floor(2 * x)\n'''"),
    ("solution", solution("return 2 * x", 'def f(x):\n    """Doubles.\n\n    >>> for i in (1, 2):\n'
     '    ...     print(f(i))\n    2\n    4\n    """', "    ")),
    ("solution", solution("def save():\n    open('o.txt', 'w').write('hi')\n    return 'o.txt'")),
    ("solution", solution("return 'x**2 + sin(x)'", "def text():", "    ")),
    ("solution", solution("return 'a > 1'", "def cond():", "    ")),
)  # fmt: skip
RIGHT = {
    "dataclass": """
        from dataclasses import dataclass, field
        @dataclass(order=True)
        class P:
            x: int
            y: list = field(default_factory=list)
        assert P(f(1)) == P(2)
    """,
    "namedtuple": """
        from collections import namedtuple
        from typing import NamedTuple
        P = namedtuple('P', 'x y')
        class Q(NamedTuple):
            x: int = 1
        assert P(f(1), 3) == P(2, 3) and Q(2).x == f(1)
    """,
    "enum": """
        import enum
        class C(enum.Enum):
            A = 2
        assert C(f(1)) is C.A
    """,
    "eval_own": """
        x = 3
        assert eval('f(x) + len([1])') == 7
        for n in range(3):
            assert eval(f'f({n})') == 2*n
            exec(f'y = f({n})')
            assert y == 2 * n
    """,
    "eval_helper": """
        def mine(x):
            return x + 1
        assert eval(f'mine(f({2}))') == 5 and eval(f'helper({4})') == 8
    """,
    "eval_local": """
        def check(g):
            h = g
            return eval(f'h({3})')
        assert check(f) == 6
    """,
    "exec_own": """
        ns = {}
        exec(SOURCE, ns)
        assert ns['ref'](2) == f(2)
    """,
    "exec_dedent": """
        import textwrap
        ns = {}
        exec(textwrap.dedent('''
            import os
            def ref(x):
                return 2 * x
            '''), ns)
        assert ns['ref'](2) == f(2)
    """,
    "compile_ast": """
        import ast
        t = ast.parse('import math; z = math.sqrt(4)')
        ns = {}
        exec(compile(t, 'x', 'exec'), ns)
        assert f(1) == ns['z']
    """,
    "source_ast": """
        import ast, inspect
        t = ast.parse(inspect.getsource(f))
        assert not any(isinstance(n, ast.While) for n in ast.walk(t)) and f(1) == 2
    """,
    "literal": """
        import ast
        assert ast.literal_eval(str([f(1)])) == [2]
    """,
    "sympify": """
        import sympy
        x = sympy.Symbol('x')
        assert sympy.sympify('x**2 + sin(x)') - sympy.sympify(text()) == 0
        a = 3
        assert sympy.sympify(f'{a}*x').subs(x, f(1)) == 6
        assert sympy.sympify('x.diff(x)') == 1
    """,
    "lambdify": """
        import sympy
        x = sympy.Symbol('x')
        g = sympy.lambdify(x, sympy.sympify(text()), 'numpy')
        assert abs(g(0.0)) < 1e-9
        pieces = sympy.Piecewise((x, x > 0), (sympy.Abs(x), True))
        h = sympy.lambdify([x], pieces + sympy.sqrt(x**2))
        assert h(1) == f(1)
        k = sympy.lambdify(x, 'sqrt(x) + 1', 'math')
        assert k(1) == 2
        m = sympy.lambdify(x, sympy.Matrix([[x, sympy.cos(x)]]), 'numpy')
        assert m(0.).shape == (1, 2)
        assert sympy.lambdify(x, sympy.Sum(sympy.Symbol('i')*x, (sympy.Symbol('i'), 1, 3)))(1) == 6
    """,
    "query": """
        import pandas as pd
        df = pd.DataFrame({'a': [1, 2, 3], 'b c': ['u', 'v', 'w']})
        low = 1
        assert len(df.query(cond())) == 2 == len(df.query('a > @low'))
        assert len(df.query(f'a > {low}')) == 2
        assert len(df.query('`b c`.str.contains("u")', engine='python')) == 1
        assert df.eval('d = sqrt(a) + 1')['d'][0] == f(1)
        assert list(pd.eval('df.a + 1')) == [2, 3, 4]
    """,
    "savefig": """
        import os
        from matplotlib.figure import Figure
        figure = Figure()
        axes = figure.subplots()
        axes.plot([1, f(1)], label='a (b)')
        axes.set_title('$x^2$')
        axes.legend()
        figure.savefig('fig.png')
        figure.savefig('fig.pdf')
        assert os.path.getsize('fig.png') > 0
        os.remove('fig.png')
    """,
    "savetxt": """
        import numpy as np, os
        np.savetxt('a.txt', [f(1), 3])
        assert np.loadtxt('a.txt')[0] == 2
        np.save('a.npy', [f(1)])
        assert np.load('a.npy')[0] == 2
        os.makedirs('d/e')
        os.rename('a.txt', 'd/e/b.txt')
        import shutil
        shutil.copy('d/e/b.txt', 'c.txt')
        shutil.rmtree('d')
        assert os.listdir('.')
    """,
    "tempfile": """
        import tempfile, os, pathlib
        with tempfile.TemporaryDirectory() as d:
            p = pathlib.Path(d, 'x.txt')
            p.write_text(str(f(1)))
            assert p.read_text() == '2'
        with tempfile.NamedTemporaryFile('w', suffix='.txt') as h:
            h.write('2')
            h.flush()
            assert open(h.name).read() == str(f(1))
        fd, name = tempfile.mkstemp()
        with os.fdopen(fd, 'w') as h:
            h.write('x')
        assert open(name).read() == 'x'
        os.unlink(name)
        with tempfile.TemporaryFile() as h:
            h.write(b'x')
        d = tempfile.mkdtemp()
        import shutil
        shutil.rmtree(d)
    """,
    "reads": """
        assert save() == 'o.txt' and open(save()).read() == 'hi'
        import pandas as pd
        open('t.csv', 'w').write('a,b\\n1,2\\n')
        assert pd.read_csv('t.csv').b[0] == f(1)
        pd.DataFrame({'a': [f(1)]}).to_csv('u.csv')
        assert open('/dev/null').read() == ''
    """,
    "doctest": """
        import doctest
        assert doctest.testmod().failed == 0
        doctest.run_docstring_examples(f, globals(), name='f')
        r = doctest.DocTestRunner(verbose=False)
        for t in doctest.DocTestFinder().find(f, 'f', globs=globals()):
            r.run(t)
        assert r.tries > 0 and r.failures == 0
        assert f(1) == 2
    """,
    "unittest": """
        import unittest
        class T(unittest.TestCase):
            def test_a(self):
                self.assertEqual(f(2), 4)
                with self.assertRaises(TypeError):
                    f(1, 2)
        assert unittest.main(argv=[''], exit=False).result.wasSuccessful()
    """,
    "timeit": """
        import timeit
        assert timeit.timeit('f(2)', globals=globals(), number=2) < 5
        assert timeit.timeit(f'f({2})', globals=globals(), number=2) < 5
        assert timeit.timeit(lambda: f(2), number=2) < 5
        assert f(1) == 2
    """,
    "hints": """
        import typing
        def g(x: 'int') -> 'list[int]':
            pass
        assert typing.get_type_hints(g)['x'] is int and f(1) == 2
    """,
    "sqlite": """
        import sqlite3, pandas as pd
        c = sqlite3.connect(':memory:')
        pd.DataFrame({'a': [f(1)]}).to_sql('t', c)
        assert pd.read_sql('select a from t', c).a[0] == 2
        d = sqlite3.connect('my.db')
        d.execute('create table t(a)')
        d.commit()
    """,
    "pickle": """
        import pickle, copy
        class P:
            def __init__(self, x):
                self.x = x
        assert pickle.loads(pickle.dumps(P(f(1)))).x == 2
        import pandas as pd
        df = pd.DataFrame({'a': [1], 's': ['x'], 'd': pd.to_datetime(['2020-01-01'])})
        df.to_pickle('d.pkl')
        assert pd.read_pickle('d.pkl').equals(df)
    """,
    "sklearn": """
        import sklearn.linear_model as m
        import numpy as np
        r = m.LinearRegression().fit([[0], [1]], [0, f(1)])
        assert abs(r.coef_[0] - 2) < 1e-9
    """,
    "zip": """
        import zipfile, io
        with zipfile.ZipFile('a.zip', 'w') as z:
            z.writestr('x.txt', str(f(1)))
        with zipfile.ZipFile('a.zip') as z:
            z.extractall('out')
        assert open('out/x.txt').read() == '2'
    """,
    "mod": """
        open('mymod.py', 'w').write('import os\\ndef g(x):\\n    return 2 * x\\n')
        import importlib, sys
        importlib.invalidate_caches()
        sys.path.insert(0, '.')
        import mymod
        assert mymod.g(2) == f(2)
        sys.path.remove('.')
    """,
    "threads": """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(2) as p:
            assert list(p.map(lambda x: 2 * x, [1, 2])) == [f(1), f(2)]
    """,
    "asyncio": """
        import asyncio
        async def g():
            await asyncio.sleep(0)
            return f(1)
        assert await g() == 2
    """,
    "mocks": """
        from unittest import mock
        with mock.patch('builtins.open', mock.mock_open(read_data='x')):
            assert open('zz').read() == 'x'
        assert f(1) == 2
    """,
    "logging": """
        import logging, warnings
        logging.basicConfig(filename='l.log', force=True)
        logging.error('x')
        logging.shutdown()
        logging.basicConfig(force=True)
        assert 'x' in open('l.log').read() and f(1) == 2
    """,
    "scipy": """
        from scipy import optimize, integrate, stats
        assert abs(optimize.brentq(lambda x: f(x) - 4, 0, 5) - 2) < 1e-9
        assert abs(integrate.quad(f, 0, 1)[0] - 1) < 1e-9
        assert stats.norm.cdf(0) == 0.5
    """,
    "datasets": """
        from sklearn.datasets import load_iris
        assert len(load_iris().target) == 150 and f(1) == 2
    """,
    "np_funcs": """
        import numpy as np
        assert np.vectorize(f)(np.arange(3)).tolist() == [0, 2, 4]
        sums = np.apply_along_axis(lambda r: r.sum(), 0, np.ones((2, 2)))
        np.testing.assert_allclose(sums, [f(1)] * 2)
        assert eval(repr(np.float64(f(1)))) == 2 and np.genfromtxt(['1 2'])[1] == 2
    """,
}
# What the student's code sends, and the tests that would execute it, use it as a path and so on.
CODE = """
    eval(e())
    ---
    eval(e().replace("^", "**"))
    ---
    eval("".join([*e()]))
    ---
    eval("1 + " + e())
    ---
    eval(f"f({e()})")
    ---
    import io, contextlib
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        e(True)
    exec(printed.getvalue())
    ---
    compile(e(), "<unknown>", "exec")
    ---
    import ast
    exec(compile(ast.parse(e()), "x", "exec"))
    ---
    list(map(eval, [e()]))
    ---
    import pandas as pd
    pd.DataFrame({"a": [e()]})["a"].map(eval)
    ---
    import pandas as pd
    pd.DataFrame({"a": [1]}).query("@" + e())
    ---
    import pandas as pd
    pd.DataFrame({"a": [1]}).eval("b = @pd.io.common.os.system('x') + a" + e() * 0)
    ---
    import numpy as np
    np.vectorize(eval)(np.array([e()]))
    ---
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(1) as pool:
        list(pool.map(eval, [e()]))
    ---
    import numpy as np, sympy
    sympy.sympify(np.array([e()]))
    ---
    import sympy
    sympy.Symbol("x").subs("x", e())
    ---
    import sympy
    sympy.lambdify("x", e())(1)
    ---
    import sympy
    sympy.lambdify(sympy.Symbol("x"), sympy.Symbol(e()))(1)
    ---
    import timeit
    timeit.timeit(e(), number=1)
    ---
    import code
    code.InteractiveInterpreter().runsource(e())
    ---
    import runpy
    open("z.txt", "w").write(e())
    runpy.run_path("z.txt")
    ---
    import sys
    open("zmod.py", "w").write(e())
    sys.path.insert(0, ".")
    import zmod
    ---
    import importlib.util
    open("z2.py", "w").write(e())
    spec = importlib.util.spec_from_file_location("z2", "z2.py")
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    ---
    import typing
    typing.ForwardRef(e())._evaluate(globals(), {}, recursive_guard=frozenset())
    ---
    import cProfile
    cProfile.run(e())
    ---
    import marshal
    marshal.loads(e().encode())
    ---
    get_ipython().run_cell_magic("time", "", e())
    ---
    sorted([e()], key=eval)
    ---
    exec(f"sorted([{e()!r}], key=__builtins__['exec'])", {})
    ---
    exec("f" + repr("{" + e() + "}"))
    ---
    def check(x):
        assert x == 4
    exec("check = str # " + e())
"""
# Other things that must not be done: with a command, a file that is to be written, and one to read.
COMMAND = """
    import subprocess
    subprocess.check_output(e(), shell=True)
    ---
    import subprocess, sys
    subprocess.run([sys.executable, "-c", e()])
    ---
    import os
    os.system(e())
    ---
    import os
    os.popen(e()).read()
    ---
    import asyncio
    await asyncio.create_subprocess_shell(e())
    ---
    import multiprocessing
    multiprocessing.get_context("fork").Process(target=print).start()
    ---
    import os
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(1) as pool:
        list(pool.map(os.system, [e()]))
    ---
    import urllib.request
    urllib.request.urlopen("http://127.0.0.1:9/x")
    ---
    import socket
    socket.create_connection(("127.0.0.1", 9))
    ---
    import pandas as pd
    pd.read_csv("http://localhost:9/x.csv")
    ---
    import base64, pickle
    pickle.loads(base64.b64decode(e("pickle")))
    ---
    open(int(e("number"))).read()
"""
WRITTEN = """
    open(e(), "w")
    ---
    import os
    os.remove(e())
    ---
    import os
    os.rename(e(), "here")
    ---
    import os
    os.chmod(e(), 0)
    ---
    import os
    os.truncate(e(), 0)
    ---
    import os
    os.open(e(), os.O_CREAT | os.O_WRONLY)
    ---
    import os
    os.makedirs(e() + "/x")
    ---
    import os
    os.symlink(e(), "link")
    open("link", "w")
    ---
    import os
    os.link(e(), "link2")
    ---
    import shutil
    shutil.copy("mine", e())
    ---
    from pathlib import Path
    Path(e()).write_text("x")
    ---
    import numpy as np
    np.savetxt(e(), [1])
    ---
    import pandas as pd
    pd.DataFrame({"a": [1]}).to_csv(e())
    ---
    from matplotlib.figure import Figure
    Figure().savefig(e())
    ---
    import logging
    logging.FileHandler(e())
    ---
    import sqlite3
    sqlite3.connect(e()).execute("create table t(a)")
    ---
    import sqlite3
    sqlite3.connect("file:" + e(), uri=True).execute("create table t(a)")
    ---
    import sqlite3
    sqlite3.connect(":memory:").execute(f"attach database '{e()}' as t")
    ---
    import io, tarfile
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("../" * 9 + e()))
    packed.seek(0)
    tarfile.open(fileobj=packed).extractall("o", filter="fully_trusted")
"""
READ = """
    open(e()).read()
    ---
    open(f" {e()} ".strip()).read()
    ---
    import os
    open(os.path.join("data", e())).read()
    ---
    open("../" * 9 + e()).read()
    ---
    from pathlib import Path
    Path(e()).read_text()
    ---
    import shutil
    shutil.copy(e(), "copy")
    ---
    import numpy as np
    np.loadtxt(e(), dtype=str)
    ---
    import pandas as pd
    pd.read_csv(e())
    ---
    import os
    os.listdir(os.path.dirname(e()))
    ---
    open(e("ptmx")).read()
    ---
    open(e("environ")).read()
"""
ASKED = "def e(kind={!r}):\n    return {!r}.get(kind) or print({!r})\ndef f(x):\n    return 2"


@pytest.fixture
def course(tmp_path):
    limits = {"submission_timeout": patient(120), "call_timeout": patient(10)}
    return Course(tmp_path, limits)


def cells_in(text):
    return dedent(text).strip().split("\n---\n")


def refused(course, trace, tests, sent):
    """Grade tests of which none may do what it would, and none be passed."""
    cells = [("test", f"open('mine', 'w')\n{one}\nassert e() and f(1)") for one in tests]
    source = notebook(("solution", solution("e = f = None")), *cells)
    code = f"open({str(trace)!r}, 'w').write('executed')"
    known = {"code": code, "ptmx": "/dev/ptmx", "environ": "/proc/self/environ", "number": "3"}
    known |= {"pickle": "Y3Bvc2l4CnN5c3RlbQooVnRydWUKdFIu"}  # of os.system("true")
    points, said = course.grade(source, ASKED.format("sent", known | {"sent": sent or code}, code))
    for one, got, words in zip(tests, points, said):
        assert not got, one
        assert "does not (rule 10" in words or "attached databases" in words, (one, words)


def test_no_text_of_the_students_is_executed(course, tmp_path):
    refused(course, tmp_path / "trace", cells_in(CODE), "")
    assert not (tmp_path / "trace").exists()


def test_no_process_is_started_and_no_host_connected_to(course, tmp_path):
    trace = tmp_path / "trace"
    refused(course, trace, cells_in(COMMAND), f"touch {trace}")
    assert not trace.exists()


def test_no_file_is_written_outside_of_the_folder(course, tmp_path):
    trace = tmp_path / "trace"
    trace.write_text("before")
    mode = trace.stat().st_mode
    refused(course, trace, cells_in(WRITTEN), str(trace))
    assert trace.read_text() == "before" and trace.stat().st_mode == mode


def test_no_file_is_read_that_the_student_names(course, tmp_path):
    (tmp_path / "secret").write_text("a secret")
    refused(course, tmp_path / "trace", cells_in(READ), str(tmp_path / "secret"))


def test_a_test_may_name_files_of_its_own(course, tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "data.txt").write_text("2")
    text = (
        f"assert open('{tmp_path}/shared/data.txt').read() == str(f(1))\n"
        f"import os\nassert open(os.path.join('{tmp_path}/shared', 'data.txt')).read() == '2'\n"
        f"open('{tmp_path}/out.txt', 'w').write('x')"
    )
    source = notebook(("solution", solution("def f(x):\n    return 2 * x")), ("test", text))
    points, said = course.grade(source, "=")
    assert points == [1], said


def test_tests_do_what_other_courses_tests_do(course):
    source = notebook(*SOURCE, *(("test", dedent(text)) for text in RIGHT.values()))
    points, said = course.grade(source, *"====")
    assert points == [1] * len(RIGHT), {n: one for n, one in zip(RIGHT, said) if one}


def test_a_test_that_takes_too_long_gets_nothing_whatever_it_catches(course, monkeypatch):
    monkeypatch.setattr(testcell, "MOST_SECONDS", 1)
    count = "for i in range(f(1)):\n    pass"
    caught = "try:\n    for i in range(f(1)):\n        pass\nexcept:\n    pass"
    query = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
    tests = [
        f"{caught}\n{count}",
        caught,
        f"while True:\n    try:\n        {count.replace(chr(10), chr(10) + ' ' * 8)}\n"
        "    except:\n        pass",
        f"import sqlite3\nsqlite3.connect(':memory:').execute('{query}').fetchone()\nf(1)",
    ]
    source = notebook(
        ("solution", solution("def f(x):\n    return 1")), *(("test", t) for t in tests)
    )
    points, said = course.grade(source, "def f(x):\n    return 10 ** 12")
    assert points == [0] * 4
    assert all("TooMuch" in one for one in said[:3]) and "interrupted" in said[3]


def test_what_catches_it_gets_it_again():
    caught: list[TooMuch] = []
    with pytest.raises(TooMuch):
        limited(lambda: catches_it(caught, 3))
    assert len(caught) == 1  # the second comes again in the line that would catch it
    assert sys.gettrace() is None


def limited(test):
    with bounded(2**32, 0.1):
        test()


def catches_it(caught, times):
    for _ in range(times):
        try:
            while True:
                pass
        except TooMuch as error:
            caught.append(error)


@pytest.mark.parametrize("module", ["unittest.case", "numpy.testing", "unittest"])
def test_no_error_of_the_students_is_one_by_which_a_test_is_skipped(module):
    assert found({"module": module, "qualname": "SkipTest"}) is None
    assert found({"module": "fractions", "qualname": "Fraction"})


def test_the_student_does_not_say_how_tests_are_run(course):
    text = (
        "import os, unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n"
        "        self.assertEqual(f(1), 2)\n"
        "assert unittest.main(argv=[''], exit=False).result.wasSuccessful()"
    )
    source = notebook(("solution", solution("def f(x):\n    return 2 * x")), ("test", text))
    hooks = "def load_tests(*args):\n    import unittest\n    return unittest.TestSuite()"
    assert course.grade(source, "=")[0] == [1]
    assert course.grade(source, f"def f(x):\n    return 0\n{hooks}")[0] == [0]
    hooks = "def setUpModule():\n    import unittest\n    raise unittest.SkipTest('no')"
    assert course.grade(source, f"def f(x):\n    return 0\n{hooks}")[0] == [0]


class Shown:
    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


@pytest.mark.parametrize("text", ["1", "nan", " inf", "1e3", "1_0", "-2"])
def test_what_is_no_number_is_not_shown_as_one(text):
    graded = cell("test", "", "test0", 2)
    graded.outputs = testcell.result(Shown(text), 2)
    assert utils.determine_grade(graded)[0] == 2  # as for a test without points of its own
    with pytest.raises(ValueError, match="could not convert"):
        float(graded.outputs[0].data["text/plain"])


def test_an_operator_that_is_not_asked_raises_no_error_that_a_test_may_want(course):
    tests = [
        f"import pytest\nwith pytest.raises(TypeError):\n    f(1) {use}"
        for use in ("+ 1", "- [1]", "< 3", "* __import__('numpy').ones(2)", "| {1}")
    ]
    tests.append("import pytest\nwith pytest.raises(TypeError):\n    1 + f(1)")
    tests.append(
        "class Mine:\n    def __radd__(self, other):\n        return 5\nassert f(1) + Mine() == 5"
    )
    source = notebook(
        ("solution", solution("def f(x):\n    return {}")), *(("test", t) for t in tests)
    )
    names = ("add", "radd", "sub", "lt", "mul", "or")
    methods = "".join(f"    def __{name}__(self, other):\n        return 1\n" for name in names)
    points, said = course.grade(source, f"class E:\n{methods}def f(x):\n    return E()")
    assert points == [0] * 6 + [1]
    assert all("NotAsked" in one for one in said[:6])


def made(x):
    def inner():
        return x

    try:
        yield inner()
    finally:
        print("done")


def test_the_code_of_a_function_tells_everything_and_does_nothing():
    code = inert(made.__code__)
    assert code.co_varnames == made.__code__.co_varnames and code.co_argcount == 1
    assert code.co_names == ("print",) and code.co_flags & CO_GENERATOR
    names = [one.opname for one in get_instructions(code)]
    assert names[2:] == [one.opname for one in get_instructions(made.__code__)]
    lines = {line for *_, line in code.co_lines() if line}
    assert lines == {line for *_, line in made.__code__.co_lines() if line}
    inner = next(one for one in code.co_consts if hasattr(one, "co_code"))
    for part, args in ((code, [1]), (inner, [])):
        closure = (CellType(1),) * len(part.co_freevars)
        with pytest.raises(RuntimeError, match="No active exception"):
            FunctionType(part, {}, closure=closure)(*args)
