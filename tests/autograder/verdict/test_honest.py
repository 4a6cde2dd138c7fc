"""What an honest student's notebook has at home must not cost points where it is graded."""

import pytest
from nbgrader import utils

from tests.support.any_course import Course, filled, notebook, solution, told
from tests.support.waiting import patient

F = solution("return 1 / (1 + np.exp(-x))", "def f(x):", "    ")
TEST = "import numpy as np\nassert f(np.array([-1000.0]))[0] == 0 and f(0) == 0.5"
RIGHT = "def f(x):\n    return 1 / (1 + np.exp(-np.asarray(x, float)))"


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path, {"call_timeout": patient(5)})


def errors_of(notebook):
    """What the student reads in the cells that are not graded."""
    cells = [c for c in notebook.cells if not utils.is_grade(c)]
    return [o.evalue for c in cells for o in c.get("outputs", []) if o.output_type == "error"]


STATES = {
    "NumPy": "np.seterr(all='raise')",
    "warnings": "import warnings\nwarnings.simplefilter('error')",
    "both": "import warnings\nwarnings.filterwarnings('error')\nnp.seterr(all='call')\n"
    "np.seterrcall(lambda kind, flag: 1 / 0)",
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_a_cell_that_makes_errors_of_warnings_costs_nothing(course, state):
    source = notebook(("open", "import numpy as np"), ("solution", F), ("test", TEST))
    points, said = course.grade(source, f"import numpy as np\n{state}\n{RIGHT}")
    assert points == [1], said


def test_what_a_function_sets_itself_and_what_cells_see_stays(course):
    """One test asks what a function sets; the next cell has what the one before it has set."""
    answer = (
        "import warnings\nimport numpy as np\nnp.seterr(all='raise')\n"
        "def f(x):\n    with np.errstate(over='raise'):\n        return np.exp(float(x))\n"
    )
    source = notebook(
        ("solution", solution(answer)),
        ("test", "try:\n    f(1e4)\nexcept ArithmeticError:\n    pass\nelse:\n    assert False"),
        ("solution", solution("still = np.geterr()['divide']")),
        ("test", "assert still == 'raise'"),
    )
    points, said = course.grade(source, "=", "=")
    assert points == [1, 1], said


ASKS_FOR_WARNINGS = {
    "warns": "import pytest\nwith pytest.warns(RuntimeWarning):\n    f(-1000.0)",
    "records": "import warnings\nwith warnings.catch_warnings(record=True) as seen:\n"
    "    warnings.simplefilter('always')\n    f(-1000.0)\nassert len(seen) == 1",
    "raises": "import pytest\nwith pytest.raises(FloatingPointError):\n    f(-1000.0)",
}


@pytest.mark.filterwarnings("ignore:overflow")
def test_a_test_that_asks_for_warnings_sees_what_cells_have_left(course):
    def grade(state):
        source = notebook(
            ("solution", solution(f"import numpy as np\n{state}\n{RIGHT}")),
            *(("test", text) for text in ASKS_FOR_WARNINGS.values()),
        )
        points, _ = course.grade(source, "=")
        return dict(zip(ASKS_FOR_WARNINGS, points))

    assert grade("") == {"warns": 1, "records": 1, "raises": 0}
    assert grade("np.seterr(all='ignore')") == {"warns": 0, "records": 0, "raises": 0}
    assert grade("np.seterr(all='raise')") == {"warns": 0, "records": 0, "raises": 1}


IMPORTS = {
    "a module": ("import no_such_thing", "no_such_thing.f"),
    "by another name": ("import no_such_thing.part as nst", "nst.f"),
    "a part of it": ("from no_such_thing.part import f as g, h", "g"),
    "all of it": ("import numpy as np; from no_such_thing import *", ""),
    "among others": ("import os, no_such_thing, sys", "no_such_thing.f"),
}


@pytest.mark.parametrize("line, used", IMPORTS.values(), ids=IMPORTS)
def test_a_missing_module_costs_what_uses_it_and_no_more(course, line, used):
    source = notebook(("solution", F), ("test", TEST), ("test", "assert g2(1) == 1"))
    uses = f"def g2(x):\n    return {used or 'no_such_function'}(x)\n"
    answer = f"{line}\nimport numpy as np\n{RIGHT}\n{uses}"
    submitted = filled(source, [answer])
    graded = course.graded(source, handed_in=submitted)
    points, said = told(graded)
    assert points == [1, 0], said
    assert ["'no_such_thing' in the grader" in one for one in errors_of(graded)] == [True]
    assert ("'no_such_thing' in the grader" in said[1]) is bool(used)


def test_statements_that_use_a_missing_module_are_passed_over(course):
    source = notebook(("solution", F), ("test", TEST), ("test", "assert Net and fast(1)"))
    answer = (
        "import no_such_thing as nst\nfrom no_such_thing import Module, jit\n"
        "import numpy as np\nnst.set_theme()\n"
        "class Net(Module):\n    pass\n"
        "@jit\ndef fast(x):\n    return x\n"
        f"{RIGHT}\nnst"
    )
    submitted = filled(source, [answer])
    graded = course.graded(source, handed_in=submitted)
    points, said = told(graded)
    assert points == [1, 0], said
    assert len(errors_of(graded)) == 5 and len(set(errors_of(graded))) == 1


OTHER_ERRORS = {
    "in try": "try:\n    import no_such_thing\nexcept ImportError:\n    found = False",
    "a part that a module lacks": "import os.no_such_thing\nfound = True",
    "a name that a module lacks": "from os import no_such_thing\nfound = True",
    "that a module lacks": "import beside\nfound = True",
    "another error": "import sys\nsys.modules['no_such_thing'] = None\n"
    "import no_such_thing\nfound = True",
}


def test_other_imports_mean_what_they_mean_everywhere(course):
    texts = [text.replace("found", f"found{i}") for i, text in enumerate(OTHER_ERRORS.values())]
    source = notebook(
        ("open", "%%writefile beside.py\nimport no_such_thing"),
        *(("solution", solution(text)) for text in texts),
        ("test", "assert found0 is False"),
        *(("test", f"assert found{i}") for i in range(1, len(texts))),
    )
    submitted = filled(source, texts)
    graded = course.graded(source, handed_in=submitted)
    points, said = told(graded)
    assert points == [1, 0, 0, 0, 0], said
    errors = errors_of(graded)
    assert len(errors) == 4 and not any("in the grader" in one for one in errors), errors


def test_a_module_that_a_cell_writes_can_be_imported(course):
    source = notebook(
        ("open", "%%writefile helper.py\ndef double(x):\n    return 2 * x"),
        ("solution", solution("import helper\ndef f(x):\n    return helper.double(x)")),
        ("test", "assert f(4) == 8"),
    )
    assert course.grade(source, "=")[0] == [1]
    assert course.grade(source)[0] == [0]
