"""Cells that are passed over cost a student nothing who uses what they make, and are named."""

import pytest

from autograder.verdict.course_policy import CoursePolicy
from tests.support.any_course import Course, notebook, solution, words_of

F = solution("def f(x):\n    return half(x)", "def f(x):\n    raise NotImplementedError")
OWN = "\ndef half(x):\n    return x / 2"
TEST = "assert f(4) == 2"


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path, {"policy_class": CoursePolicy})


def source_of(shown, long=False):
    source = notebook(("open", shown), ("open", "own = 1"), ("solution", F), ("test", TEST))
    if long:
        source.cells[0].metadata.tags = ["long"]
    return source


def graded(course, source, own, shown=None):
    """The points, and what was printed and raised in the first cell, the own one and the test."""
    handed_in = source.copy()
    handed_in.cells = [cell.copy() for cell in source.cells]
    handed_in.cells[0].source = shown or source.cells[0].source
    handed_in.cells[1].source = own
    handed_in.cells[2].source = "def f(x):\n    return half(x)"
    made = course.graded(source, handed_in=handed_in)
    said = ["\n".join(map(words_of, cell.outputs)) for cell in made.cells]
    return not any(o.output_type == "error" for o in made.cells[3].outputs), said


WAYS = {
    "deletes": "del data",
    "locals": "locals()['data']",
    "dir": "assert 'data' in dir()",
    "import": "__import__('__main__').data",
    "module": "import sys\nsys.modules['__main__'].data",
    "frame": "import sys\nsys._getframe().f_globals['data']",
    "last value": "assert Out",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_a_cell_of_one_s_own_uses_in_any_way_is_there(course, way):
    passed, said = graded(course, source_of("data = [1, 2]\ndata"), way + OWN)
    assert passed, said


def test_it_begins_again_once_and_not_for_ever(course):
    own = "raise KeyError('data')" + OWN
    passed, said = graded(course, source_of("data = [1, 2]"), own)
    assert not passed and "KeyError" in said[1]


def test_a_long_cell_is_executed_if_it_is_no_longer_the_released_one(course):
    source = source_of("print('trained')", long=True)
    passed, said = graded(course, source, "", "print('trained')" + OWN)
    assert passed and "trained" in said[0]


def test_a_statement_that_needs_a_long_cell_costs_no_more_than_itself(course):
    source = source_of("import math\ndata = math.sqrt(4)\nprint('trained')", long=True)
    passed, said = graded(course, source, f"print(math.pi)\ndata + 1{OWN}")
    assert passed, said
    assert "trained" not in said[0] and "This cell takes long" in said[0]
    assert "3.14" in said[1] and "'data' is made by a cell that takes long" in said[1]
    # A function that needs it says so itself.
    passed, said = graded(course, source, "half = lambda x: data * x")
    assert not passed and "'data' is made by a cell that takes long" in said[3]


def test_a_test_says_which_cell_would_have_defined_a_name(course):
    source = source_of("shown = 1")
    passed, said = graded(course, source, f"1 / 0{OWN}")
    assert not passed and "name 'half' is not defined" in said[3]
    wanted = "The cell above that begins with `1 / 0` would define half, and stopped with "
    assert wanted + "ZeroDivisionError: division by zero." in said[3]


def test_a_cell_that_defines_the_name_after_all_is_the_one_that_counts(course):
    source = source_of("shown = 1")
    _, said = graded(course, source, f"1 / 0{OWN}", f"x = 2{OWN}\ndel half")
    assert "`1 / 0`" in said[3] and "`x = 2`" not in said[3]


def test_what_is_bound_by_a_statement_that_uses_a_missing_module_names_it(course):
    source = source_of("shown = 1")
    for own in (
        "import no_such_thing\nhalf = no_such_thing.half",
        f"from no_such_thing import fast\n@fast{OWN}",
        "from no_such_thing import half",
    ):
        passed, said = graded(course, source, own)
        assert not passed and "No module named 'no_such_thing'" in said[3]


def test_a_function_whose_attributes_fail_costs_no_kernel(course):
    own = (
        "class Odd:\n    def __getattr__(self, name):\n        raise KeyError(name)\n"
        "    def __call__(self, x):\n        return 1 / 0\n"
        "half = Odd()"
    )
    source = notebook(("open", "half = None"), ("solution", solution("half = abs")),
                      ("test", "assert half(3) == 3"))  # fmt: skip
    points, said = course.grade(source, own)
    assert points == [0] and "ZeroDivisionError" in said[0], said
