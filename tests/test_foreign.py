"""An assignment that knows nothing of this grader is graded by it unchanged."""

import re
import shutil
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course.files import write_notebook
from tests.support.waiting import patient

SOURCE = Path(__file__).with_name("foreign") / "word_count"
CONFIG = """
from autograder.configure import trusted_grading

c = get_config()
c.CourseDirectory.course_id = "another-course"
trusted_grading(c)
c.TrustedExecute.timeout = {cell}
c.TrustedExecute.cells_timeout = {cells}
c.TrustedExecute.submission_timeout = {submission}
"""
POINTS = {"mean": 2, "sort": 2, "words": 3, "greet": 1, "stack": 3, "derivative": 2, "primes": 2,
          "answer": 2, "plot": 2}  # fmt: skip

# Each function another way than in the source, and right.
OTHER = {
    "mean": "def mean(values):\n"
    "    import sys\n"
    "    print('looking at', values, file=sys.stderr)\n"
    "    if len(values) == 0:\n"
    "        raise EmptyList('there are no values')\n"
    "    return np.mean(values)\n"
    "class EmptyList(ValueError):\n"
    "    pass\n",
    "sort_in_place": "def sort_in_place(values):\n    values[:] = sorted(values)",
    "words": "def count_words(text):\n"
    "    words = {}\n"
    "    for word in text.lower().split():\n"
    "        words[word] = words.get(word, 0) + 1\n"
    "    return words",
    "greet": "def greet(name):\n    import sys\n    sys.stdout.write('Hello, ' + name + '!\\n\\n')",
    "stack": "from collections import deque\n"
    "class Stack:\n"
    "    def __init__(self, items=()):\n"
    "        self._d = deque(items)\n"
    "    @property\n"
    "    def items(self):\n"
    "        return list(self._d)\n"
    "    def push(self, item):\n"
    "        self._d.append(item)\n"
    "    def pop(self):\n"
    "        return self._d.pop()\n"
    "    def __len__(self):\n"
    "        return len(self._d)\n"
    "    def __iter__(self):\n"
    "        yield from list(self._d)[::-1]",
    "derivative": "class derivative:\n"
    "    def __init__(self, f):\n"
    "        self.f = f\n"
    "    def __call__(self, x, h=1e-5):\n"
    "        return (self.f(x + h) - self.f(x - h)) / 2 / h",
    "primes": "def primes(found=()):\n"
    "    found = list(found)\n"
    "    n = found[-1] + 1 if found else 2\n"
    "    while any(n % p == 0 for p in found):\n"
    "        n += 1\n"
    "    yield n\n"
    "    yield from primes([*found, n])",
    "answer": "seconds = 86_400\nlengths = np.asarray([5, 6, 3], dtype='int32')",
}
# Each wrong, most with a trick.
WRONG = {
    "mean": "class Always(float):\n"
    "    __eq__ = __lt__ = __le__ = lambda self, other: True\n"
    "    __sub__ = __rsub__ = __abs__ = lambda self, *other: self\n"
    "def mean(values):\n"
    "    if not values: raise ValueError('no values')\n"
    "    return Always(1)",
    "sort_in_place": "def sort_in_place(values):\n    values.sort(reverse=True)",
    "words": "class Any(dict):\n"
    "    __eq__ = lambda self, other: True\n"
    "    __getitem__ = lambda self, key: 3\n"
    "def count_words(text):\n    return Any(the=3)",
    "greet": "def greet(name):\n    print('Hello, you!')",
    "stack": "class Stack:\n"
    "    __eq__ = lambda self, other: True\n"
    "    __len__ = lambda self: 2\n"
    "    def push(self, item): pass\n"
    "    def pop(self): return self\n"
    "    items = property(lambda self: Stack())",
    "derivative": "import numpy.testing\n"
    "numpy.testing.assert_allclose = assert_allclose = lambda *a, **k: None\n"
    "def derivative(f):\n    return lambda x: 1.0",
    "primes": "import builtins\n"
    "builtins.list = lambda *a: [2, 3, 5, 7, 11, 13]\n"
    "def primes():\n    yield from [2, 3, 5, 7, 9]",
    "answer": "class S(int):\n    __eq__ = lambda self, other: True\n"
    "seconds = S(5)\nlengths = [5, 6, 3]",
    "plot": "import matplotlib.pyplot as plt\nfigure, ax = plt.subplots()\nax.set_title('A fall')",
}


def filled(released, answers):
    notebook = nbformat.from_dict(released)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers and cell.metadata.nbgrader.solution:
            cell.source = answers[name]
    return notebook


@pytest.fixture(scope="class")
def course(tmp_path_factory, nbgrader):
    """Another course's folder, whose four students were graded."""
    path = tmp_path_factory.mktemp("foreign") / "course"
    shutil.copytree(SOURCE, path / "source" / "word_count")
    limits = {"cell": 10, "cells": 90, "submission": 300}
    limits = {name: round(patient(seconds)) for name, seconds in limits.items()}
    (path / "nbgrader_config.py").write_text(CONFIG.format(**limits))
    text = path / "source" / "word_count" / "word_count.py"
    solved = jupytext.read(text, fmt="py:percent")
    text.unlink()
    write_notebook(solved, text.with_suffix(".ipynb"))
    nbgrader(path, "generate_assignment", "word_count")
    folder = path / "release" / "word_count"
    assert {p.name for p in folder.iterdir()} == {"word_count.ipynb", "poem.txt", "shared_tests.py"}
    released = nbformat.read(folder / "word_count.ipynb", as_version=4)
    plot = next(c.source for c in solved.cells if "A fall" in c.source and "plots" in c.source)
    for student, notebook in {
        "solved": solved,
        "other": filled(released, OTHER | {"plot": re.sub("(?m)^###.*\n", "", plot)}),
        "untouched": released,
        "wrong": filled(released, WRONG),
    }.items():
        target = shutil.copytree(folder, path / "submitted" / student / "word_count")
        write_notebook(notebook, target / "word_count.ipynb")
    # What a student puts in the place of the instructor's file is put right by nbgrader.
    shared = path / "submitted" / "wrong" / "word_count" / "shared_tests.py"
    shared.write_text("def read_text(path):\n    return 'the the the'\n")
    nbgrader(path, "autograde", "word_count")
    return path


def points(course, student):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        notebook = gradebook.find_submission_notebook("word_count", "word_count", student)
        return {
            grade.cell.name.removeprefix("test-"): grade.auto_score for grade in notebook.grades
        }


@pytest.mark.long
class TestAForeignAssignment:
    @pytest.mark.parametrize("student", ["solved", "other"])
    def test_right_work_gets_all_points(self, course, student):
        assert points(course, student) == POINTS

    @pytest.mark.parametrize("student", ["untouched", "wrong"])
    def test_other_work_gets_none(self, course, student):
        assert points(course, student) == dict.fromkeys(POINTS, 0)

    def test_what_was_wrong_is_told_without_the_hidden_tests(self, course):
        path = course / "autograded" / "wrong" / "word_count" / "word_count.ipynb"
        cells = {
            cell.metadata.nbgrader.grade_id: cell.outputs[-1]
            for cell in nbformat.read(path, as_version=4).cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        }
        assert "assert almost(mean([1, 2, 3]), 2)" in "".join(cells["test-mean"].traceback)
        assert "assert numbers == [1, 2, 3]" in "".join(cells["test-sort"].traceback)
        assert "compared" not in cells["test-sort"].evalue
        assert cells["test-answer"].ename == "AssertionError"
