"""No point without an answer: test cells that never reach the student's code earn nothing."""

import random

import pytest

from tests.support.any_course import Course, notebook, solution
from tests.support.waiting import patient

pytestmark = pytest.mark.slow

# Students write the body of f, all of g, and a value; `known` stays as it is released.
SOURCE = (
    (
        "locked",
        "import math\nLIMIT = 3\ndef helper(x):\n    return x + 1\nclass Tool:\n    size = 2",
    ),
    ("open", "table = [1, 2, 3]\ntotal = sum(table)"),
    ("solution", solution("return 2 * x", 'def f(x):\n    """>>> 1 + 1\n    2\n    """', "    ")),
    ("solution", solution("def g(x):\n    return f(x) + 1")),
    ("solution", solution("answer = 42", "answer = None")),
    ("solution", solution("memo = {}", "memo = {}")),
    ("solution", solution("return 1", "class P:\n    size = 5\n    def go(self):", "        ")),
)
# Of each, {0} is a number, and none of them asks the student's code for anything.
PIECES = [
    "answer = {0}\nassert answer == {0}", "memo['a'] = {0}\nassert memo == {{'a': {0}}}",
    "made = {0}\nassert 'made' in globals() and made",
    "assert True", "x = {0}\nassert x == {0}", "assert helper({0}) == {0} + 1",
    "assert LIMIT == 3 and Tool.size == 2", "assert math.sqrt(4) == 2",
    "for i in range({0}):\n    assert i < {0}", "assert table == [1, 2, 3] and total == 6",
    "def later():\n    return f({0})", "if False:\n    assert g({0}) == 0",
    "if __name__ == 'grader':\n    assert f({0}) == 0", "check = lambda: f({0}) == 2 * {0}",
    "assert callable(f)", "assert f.__name__ == 'f'", "assert f is not None", "f",
    "assert isinstance(f, object)", "'f({0})'", "# f({0})",
    "try:\n    pass\nexcept ValueError:\n    f({0})", "%matplotlib inline",
    "class Case:\n    def test_it(self):\n        assert f({0}) == 1",
    "import unittest\nclass TestIt(unittest.TestCase):\n    def test_it(self):\n"
    "        self.assertEqual({0}, {0})\nunittest.main(argv=[''], exit=False)",
    "print({0})", "%%time\nassert {0} == {0}", "%time x = {0}", "%timeit -n1 -r1 math.sqrt({0})",
    "%%capture\nprint({0})", "async def wait():\n    return f({0})",
    "yes = [f for _ in range({0})]",
    "import doctest\nassert doctest.testmod().failed == 0", "assert isinstance(P, object)",
    "y = f if {0} else g", "assert math.pi > 3",
]  # fmt: skip
# The released notebook gives these errors, and each test lets it pass.
FAILS = [
    "try:\n    f({0})\nexcept Exception:\n    pass",
    "try:\n    g({0})\nexcept Exception:\n    pass",
    "import contextlib\nwith contextlib.suppress(Exception):\n    f({0})\n    P().go()",
    "import unittest\nclass TestIt(unittest.TestCase):\n    def test_it(self):\n"
    "        self.assertEqual(f({0}), 2)\nunittest.main(argv=[''], exit=False)",
    "import doctest\ndoctest.run_docstring_examples('>>> f({0})\\n1', globals().copy())",
]  # fmt: skip
ASKS = [
    "assert f({0}) == 2 * {0}", "try:\n    f(None)\nexcept TypeError:\n    pass",
    "assert answer == 42", "assert P().go() == 1", "assert 'g' in globals()",
    "assert g({0}) == 2 * {0} + 1",
]  # fmt: skip


def pieces(seed, many=40):
    """Random test cells of one or two of these pieces."""
    chance = random.Random(seed)
    for _ in range(many):
        chosen = chance.sample(PIECES, chance.choice([1, 2]))
        # A magic of a cell stands alone in it.
        alone = [piece for piece in chosen if piece.startswith("%%")]
        yield "\n".join(alone[:1] or chosen).format(chance.randint(1, 9))


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path, {"submission_timeout": patient(120)})


@pytest.mark.parametrize("seed", [1, 2, pytest.param(3, marks=pytest.mark.long)])
def test_random_cells_that_ask_nothing_earn_nothing(course, seed):
    texts = list(pieces(seed))
    source = notebook(*SOURCE, *(("test", text) for text in texts))
    for answers in ([], ["="] * 5):
        points, said = course.grade(source, *answers)
        earned = [text for text, one in zip(texts, points) if one]
        assert earned == []
        # Each is refused for this reason, and not because it is broken.
        told = [words for words in said if "NothingAsked" in words]
        assert len(told) == len(texts), said


def test_tests_whose_questions_all_fail_earn_nothing(course):
    source = notebook(*SOURCE, *(("test", text.format(3)) for text in FAILS))
    points, said = course.grade(source)
    assert not any(points), said
    told = [words for words in said if "answered nothing" in words or "g, which is not" in words]
    assert len(told) == len(FAILS)
    assert course.grade(source, *["="] * 5)[0] == [1] * len(FAILS)


def test_a_call_that_cannot_be_made_is_no_answer(course):
    text = "try:\n    f()\nexcept TypeError:\n    pass"
    for answers in ([], ["="] * 5):
        assert course.grade(notebook(*SOURCE, ("test", text)), *answers)[0] == [0]


def test_tests_that_ask_something_are_paid(course):
    source = notebook(*SOURCE, *(("test", text.format(3)) for text in ASKS))
    assert course.grade(source, *["="] * 5)[0] == [1] * len(ASKS)


def test_a_test_worth_nothing_may_ask_nothing(course):
    made = notebook(*SOURCE, ("test", "assert True"))
    made.cells[-1].metadata.nbgrader["points"] = 0
    points, (said,) = course.grade(made)
    assert (points, said) == ([0], "")
