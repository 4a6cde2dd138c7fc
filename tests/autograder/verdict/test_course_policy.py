"""Cells that no score depends on are passed over while grading, and no others.

That the reference gets all points without them is in tests/autograder/test_demo.py.
"""

import os
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import CLONE
from autograder.verdict.course_policy import CoursePolicy, demonstrations, names_of
from saelab.check import exercises
from tests.support.small_course import marked

NOTEBOOKS = sorted(p for p in CLONE.glob("solutions/*/*.ipynb") if p.stem == p.parent.name)


def lesson(**cells):
    """A notebook of these cells: answer and test by their names, all others are ordinary."""
    made = []
    for name, text in cells.items():
        if name == "words":
            made.append(new_markdown_cell(text, id=name))
        elif name.startswith("answer"):
            made.append(marked(new_code_cell(text), name, solution=True))
        elif name.startswith("test"):
            made.append(marked(new_code_cell(text), name, grade=True, locked=True, points=1))
        else:
            made.append(new_code_cell(text, id=name))
    return new_notebook(cells=made)


def passed_over(notebook, source=None):
    """The names of the cells that are passed over."""
    found = demonstrations(notebook.cells, source or notebook)
    return {notebook.cells[position].id for position in found}


PLAIN = {
    "imports": "import numpy as np\nimport matplotlib.pyplot as plt",
    "data": "data = np.arange(9)",
    "answer": "def mean(x):\n    return np.sum(x) / len(x)",
    "shown": "plt.plot(mean([1, 2]))",
    "test": "assert mean([1, 3]) == 2",
}


class TestLesson:
    def test_what_is_only_shown_is_passed_over(self):
        assert passed_over(lesson(**PLAIN)) == {"data", "shown"}

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("answer", "def mean(x):\n    return np.sum(data) / len(x)"),
            ("answer", "mean = lambda x, y=data: np.sum(x) / len(x)"),
            ("answer", "@data\ndef mean(x): pass"),
            ("answer", "class mean(data): pass"),
            ("answer", "data += 1"),
            ("test", "assert mean(data) == 4"),
            ("test", "def inner():\n    return [data for _ in 'x']"),
        ],
    )
    def test_what_an_answer_or_a_test_uses_is_executed(self, name, text):
        assert passed_over(lesson(**{**PLAIN, name: text})) == {"shown"}

    def test_a_name_of_one_s_own_is_none_of_the_notebook_s(self):
        text = "def mean(x):\n    data = np.sum(x)\n    return data / len(x)"
        assert passed_over(lesson(**{**PLAIN, "answer": text})) == {"data", "shown"}

    def test_what_is_needed_needs_others(self):
        notebook = lesson(
            one="first = 1",
            two="def helper():\n    return first",
            three="second = helper()",
            four="third = helper() + 1",
            five="print(second)",  # it may change it
            answer="def f():\n    return second",
            test="assert f() == 1",
        )
        assert passed_over(notebook) == {"four"}

    @pytest.mark.parametrize(
        "change",
        ["data[0] = 7", "data.sort()", "np.random.shuffle(data)", "data += 1",
         "for data[0] in range(3): pass", "data = mean(data)", "plt.plot(data)"],
    )  # fmt: skip
    def test_what_may_change_an_object_that_is_needed_is_executed(self, change):
        test = "assert mean(data) == 4"
        assert passed_over(lesson(**{**PLAIN, "shown": change, "test": test})) == set()
        # To call a function does not change it.
        calls = lesson(**{**PLAIN, "shown": "mean(3)", "test": test})
        assert passed_over(calls) == {"shown"}

    @pytest.mark.parametrize(
        ("binds", "given_on_changes_it"),
        [
            ('forward = previous.functions("02_cost", "forward")', False),
            ('start, forward = previous.functions("02_cost", "start", "forward")', False),
            ('forward = previous.notes("02_cost", "forward")', True),
            ("forward = [1, 2]", True),
        ],
    )
    def test_a_function_of_an_earlier_notebook_is_changed_by_no_use(
        self, binds, given_on_changes_it
    ):
        notebook = lesson(
            imports="from saelab import previous",
            earlier=binds,
            data="data = forward(3)",
            shown="explorer(forward, data)",
            answer="def f():\n    return forward",
            test="assert f()",
        )
        found = passed_over(notebook) - {"imports"}
        assert found == (set() if given_on_changes_it else {"data", "shown"})

    def test_a_student_s_own_cell_that_uses_a_demonstration_makes_it_run(self):
        source = lesson(**PLAIN)
        notebook = lesson(**PLAIN)
        notebook.cells.insert(2, new_code_cell("print(data)", id="own"))
        assert passed_over(notebook, source) == {"shown"}
        notebook.cells[2].source = "total = 0"
        assert passed_over(notebook, source) == {"data", "shown"}

    def test_an_instructor_s_cell_that_was_changed_runs(self):
        source = lesson(**PLAIN)
        changed = lesson(**{**PLAIN, "shown": PLAIN["shown"] + "\nprint(data)"})
        assert passed_over(changed, source) == set()
        changed = lesson(**{**PLAIN, "data": "data = np.zeros(9)"})
        assert passed_over(changed, source) == {"shown"}

    def test_a_copy_of_an_instructor_s_cell_is_one(self):
        source = lesson(**PLAIN)
        notebook = lesson(**PLAIN)
        notebook.cells.append(new_code_cell(PLAIN["shown"], id="copy"))
        assert passed_over(notebook, source) == {"data", "shown", "copy"}

    def test_without_a_source_nothing_is_passed_over(self):
        assert demonstrations(lesson(**PLAIN).cells, None) == set()

    @pytest.mark.parametrize(
        "text", ["def f(", "a\0b", "(" * 5000, "x = '" + "\ud800" + "'", "", "%%html\n<b>"]
    )
    def test_whatever_a_student_wrote(self, text):
        names_of(text)
        source, notebook = lesson(**PLAIN), lesson(**{**PLAIN, "answer": text})
        assert passed_over(notebook, source) <= {"imports", "data", "shown"}


class TestThisCourse:
    @pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
    def test_most_of_what_takes_long_is_passed_over_and_no_definition_that_is_used(self, path):
        notebook = nbformat.read(path, as_version=4)
        found = demonstrations(notebook.cells, notebook)
        kept = [c for i, c in enumerate(notebook.cells) if i not in found and c.source.strip()]
        texts = [notebook.cells[position].source for position in found]
        # Figures are looked at, and nobody looks.
        drawn = [c for c in kept if c.cell_type == "code" and "plt.subplots" in c.source
                 and not c.metadata.get("nbgrader")]  # fmt: skip
        assert drawn == []
        assert len(found) >= 6
        assert not any("import numpy" in text for text in texts)
        assert all(
            not notebook.cells[i].metadata.get("nbgrader", {}).get("grade")
            and not notebook.cells[i].metadata.get("nbgrader", {}).get("solution")
            for i in found
        )

    def test_there_are_those_of_the_course(self):
        assert [path.stem for path in NOTEBOOKS] == list(exercises.NOTEBOOKS)


class TestWhatTheTextDoesNotShow:
    @pytest.mark.parametrize(
        "text",
        [
            "def mean(x):\n    return globals()['data']",
            "def mean(x):\n    return eval('data')",
            "%timeit np.sum(data)",
        ],
    )
    def test_an_answer_that_may_use_anything_makes_all_run(self, text):
        assert passed_over(lesson(**{**PLAIN, "answer": text})) == set()

    @pytest.mark.parametrize(
        "given",
        [
            "from numpy import *",
            "try:\n    from numpy import sum\nexcept ImportError:\n    pass",
            "async def sum(x): pass",
            "if True:\n    def sum(x):\n        pass",
            "del sum",
        ],
    )
    def test_names_made_in_other_ways(self, given):
        notebook = lesson(given=given, answer="def f(x):\n    return sum(x)")
        assert passed_over(notebook) == set()

    @pytest.mark.parametrize("change", ["np.size = 5", "Net.size = 5", "del Net.sizes[0]"])
    def test_what_a_module_or_a_class_is_set_to(self, change):
        notebook = lesson(
            imports="import numpy as np",
            net="class Net:\n    size, sizes = 3, [1]",
            change=change,
            answer="def f(x):\n    return Net.size * np.size",
        )
        assert passed_over(notebook) == set()


def test_what_is_shown_stays_when_a_fork_lets_go_of_it():
    policy = CoursePolicy()
    policy.prepare()
    folder = Path(policy.shown)
    child = os.fork()
    if child == 0:
        del policy
        os._exit(0 if folder.is_dir() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert folder.is_dir()
    del policy
    assert not folder.exists()


class TestWhatLeavesNothing:
    def test_the_course_s_own_tests_do(self):
        texts = [
            cell.source
            for path in NOTEBOOKS
            for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
            if not cell.metadata.nbgrader["solution"]
        ]
        assert len(texts) > 50 and CoursePolicy().leave_nothing(texts)

    @pytest.mark.parametrize(
        "text",
        [
            "import numpy as np",
            "from numpy import *",
            "from . import autograder",
            "hidden_test(sigmoid, values=make())",
            "hidden_test(sigmoid).values",
            "module.hidden_test(sigmoid)",
            "sigmoid = 3",
            "assert sigmoid",
            "for f in fs: f()",
            "%cd /",
            "not Python",
        ],
    )
    def test_another_one_may_not(self, text):
        assert not CoursePolicy().leave_nothing(["hidden_test(sigmoid, values=2)", text])
