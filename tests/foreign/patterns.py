"""Test cells as they stand in public nbgrader courses, each with answers to try them with.

What nbgrader itself gives to the answers stands with each pattern. Where trusted grading gives
something else, `rule` says by which rule of docs/test-cells.md.
"""

from tests.foreign.pattern import Pattern
from tests.foreign.sharing import DERIVED, LENT, SHARED

# --- how the test is run ---------------------------------------------------------------

RUN = [
    Pattern(
        name="asserts",
        solution="""
def squares(n):
    \"\"\"The squares of the numbers from 1 to n.\"\"\"
    ### BEGIN SOLUTION
    if n < 1:
        raise ValueError("n must be at least 1")
    return [i ** 2 for i in range(1, n + 1)]
    ### END SOLUTION
""",
        test="""
assert squares(1) == [1]
assert squares(2) == [1, 4]
assert squares(5) == [1, 4, 9, 16, 25]
""",
        half="def squares(n):\n    return [1, 4]",
        wrong="def squares(n):\n    return n",
    ),
    Pattern(
        name="np_testing",
        given="import numpy as np",
        solution="""
def standardize(x):
    ### BEGIN SOLUTION
    return (x - x.mean()) / x.std()
    ### END SOLUTION
""",
        test="""
np.testing.assert_allclose(standardize(np.array([1.0, 3.0])), [-1, 1])
np.testing.assert_almost_equal(standardize(np.arange(9.0)).std(), 1)
""",
        half="def standardize(x):\n    return x - x.mean()",
        wrong="def standardize(x):\n    return x",
    ),
    Pattern(
        name="main_guard",
        solution="""
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
""",
        test="""
if __name__ == "__main__":
    assert double(1) == 2
    assert double("ab") == "abab"
""",
        half="def double(x):\n    return x + 1",
        wrong="def double(x):\n    return None",
    ),
    Pattern(
        name="time_cell",
        solution="""
def fib(n):
    ### BEGIN SOLUTION
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
    ### END SOLUTION
""",
        test="""%%time
assert fib(10) == 55
assert fib(80) == 23416728348467685
""",
        half="def fib(n):\n    return 55",
        wrong="def fib(n):\n    return n",
    ),
    Pattern(
        name="capture_cell",
        solution="""
def cube(x):
    ### BEGIN SOLUTION
    print("the cube of", x)
    return x ** 3
    ### END SOLUTION
""",
        test="""%%capture
assert cube(2) == 8
assert cube(-3) == -27
""",
        half="def cube(x):\n    return 8",
        wrong="def cube(x):\n    return x",
    ),
    Pattern(
        name="timeit_cell",
        solution="""
def triple(x):
    ### BEGIN SOLUTION
    return 3 * x
    ### END SOLUTION
""",
        test="""%%timeit -n1 -r1
assert triple(2) == 6
assert triple(0.5) == 1.5
""",
        half="def triple(x):\n    return 6",
        wrong="def triple(x):\n    return x",
    ),
    Pattern(
        name="time_line",
        solution="""
def halve(x):
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION
""",
        test="""
%time assert halve(4) == 2
%time assert halve(3) == 1.5
""",
        half="def halve(x):\n    return x // 2",
        wrong="def halve(x):\n    return x",
    ),
    Pattern(
        name="timeit_line",
        solution="""
def add_up(numbers):
    ### BEGIN SOLUTION
    return sum(numbers)
    ### END SOLUTION
""",
        test="""
%timeit -n1 -r1 add_up(range(1000))
assert add_up(range(1000)) == 499500
""",
        half="def add_up(numbers):\n    return 499501",
        wrong="def add_up(numbers):\n    return numbers.total",
    ),
    Pattern(
        name="magic_seconds",
        solution="""
def is_even(n):
    ### BEGIN SOLUTION
    return n % 2 == 0
    ### END SOLUTION
""",
        test="""
took = %timeit -n1 -r1 -o -q is_even(10)
assert took.best < 1
assert is_even(10) and not is_even(7)
""",
        half="def is_even(n):\n    return True",
        wrong="def is_even(n):\n    return n % 2 == 1",
    ),
    Pattern(
        name="matplotlib_magic",
        solution="""
def heights(n):
    ### BEGIN SOLUTION
    return [i * (n - i) for i in range(n + 1)]
    ### END SOLUTION
""",
        test="""
%matplotlib inline
assert heights(2) == [0, 1, 0]
assert max(heights(10)) == 25
""",
        half="def heights(n):\n    return [0, 1, 0]",
        wrong="def heights(n):\n    return []",
    ),
    Pattern(
        name="unittest_main",
        given="import unittest, sys",
        solution="""
def clamp(x, low, high):
    ### BEGIN SOLUTION
    return max(low, min(x, high))
    ### END SOLUTION
""",
        test="""
class TestClamp(unittest.TestCase):
    def test_inside(self):
        self.assertEqual(clamp(3, 1, 5), 3)

    def test_outside(self):
        self.assertEqual(clamp(-3, 1, 5), 1)
        self.assertEqual(clamp(30, 1, 5), 5)

program = unittest.main(argv=["", "TestClamp"], exit=False,
                        testRunner=unittest.TextTestRunner(stream=sys.stdout))
assert program.result.wasSuccessful()
""",
        half="def clamp(x, low, high):\n    return max(low, x)",
        wrong="def clamp(x, low, high):\n    return 0",
    ),
    Pattern(
        name="unittest_all",
        given="import unittest, io, contextlib",
        solution="""
def initials(name):
    ### BEGIN SOLUTION
    return "".join(word[0].upper() for word in name.split())
    ### END SOLUTION
""",
        test="""
class TestInitials(unittest.TestCase):
    def setUp(self):
        self.name = "ada lovelace"

    def test_two(self):
        self.assertEqual(initials(self.name), "AL")

    def test_none(self):
        self.assertEqual(initials(""), "")

with contextlib.redirect_stderr(io.StringIO()) as said:
    ran = unittest.main(argv=[""], defaultTest="TestInitials", exit=False).result
assert ran.testsRun == 2
assert ran.wasSuccessful(), said.getvalue()
""",
        half="def initials(name):\n    return name[0].upper() + name.split()[1][0].upper()",
        wrong="def initials(name):\n    return name",
    ),
    Pattern(
        name="unittest_suite",
        given="import unittest, io",
        solution="""
def celsius(f):
    ### BEGIN SOLUTION
    return (f - 32) * 5 / 9
    ### END SOLUTION
""",
        test="""
class TestCelsius(unittest.TestCase):
    def test_freezing(self):
        self.assertAlmostEqual(celsius(32), 0)

    def test_boiling(self):
        self.assertAlmostEqual(celsius(212), 100)

suite = unittest.TestLoader().loadTestsFromTestCase(TestCelsius)
run = unittest.TextTestRunner(stream=io.StringIO(), verbosity=2).run(suite)
2 * (run.testsRun - len(run.failures) - len(run.errors)) / run.testsRun
""",
        half="def celsius(f):\n    return f - 32",
        wrong="def celsius(f):\n    return -f - 1",
        scores=(2, 0, 1, 0),
    ),
    Pattern(
        name="doctest_testmod",
        solution='''
def reverse(text):
    """A text from its end to its beginning.

    >>> reverse("abc")
    'cba'
    >>> reverse("")
    \'\'
    """
    ### BEGIN SOLUTION
    return text[::-1]
    ### END SOLUTION
''',
        test="""
import doctest
ran = doctest.testmod()
assert ran.attempted >= 2
assert ran.failed == 0
""",
        half='def reverse(text):\n    """\n    >>> reverse("abc")\n    \'cba\'\n    >>> reverse("")\n'
        "    ''\n    \"\"\"\n    return 'cba'",
        wrong='def reverse(text):\n    """\n    >>> reverse("abc")\n    \'cba\'\n    >>> reverse("")\n'
        '    \'\'\n    """\n    return text',
    ),
    Pattern(
        name="doctest_examples",
        given="import doctest, io\nfrom contextlib import redirect_stdout",
        solution='''
def middle(items):
    """The item in the middle.

    >>> middle([1, 2, 3])
    2
    >>> middle("abcde")
    'c'
    """
    ### BEGIN SOLUTION
    return items[len(items) // 2]
    ### END SOLUTION
''',
        test="""
def fresh_middle(items):
    \"\"\"
    >>> middle([1, 2, 3])
    2
    >>> middle("abcde")
    'c'
    \"\"\"

out = io.StringIO()
with redirect_stdout(out):
    doctest.run_docstring_examples(fresh_middle, {"middle": middle})
assert out.getvalue() == "", out.getvalue()
""",
        half="def middle(items):\n    return items[1]",
        wrong="def middle(items):\n    return items[0]",
    ),
    Pattern(
        name="doctest_of_answer",
        given="import doctest, io\nfrom contextlib import redirect_stdout",
        solution='''
def vowels(text):
    """How many vowels a text has.

    >>> vowels("area")
    3
    >>> vowels("rhythm")
    0
    """
    ### BEGIN SOLUTION
    return sum(letter in "aeiou" for letter in text)
    ### END SOLUTION
''',
        test="""
with redirect_stdout(io.StringIO()) as out:
    doctest.run_docstring_examples(vowels, globals(), name="vowels")
assert "Failed example" not in out.getvalue()
assert vowels("banana") == 3 and vowels("sky") == 0
""",
        half="def vowels(text):\n    return 3",
        wrong="def vowels(text):\n    return len(text)",
    ),
    Pattern(
        name="partial_credit",
        solution="""
def absolute(x):
    ### BEGIN SOLUTION
    return x if x >= 0 else -x
    ### END SOLUTION
""",
        test="""
points = 0
if absolute(3) == 3:
    points += 1
if absolute(-3) == 3:
    points += 1
points
""",
        half="def absolute(x):\n    return x",
        wrong="def absolute(x):\n    return x * 2 + 1",
        scores=(2, 0, 1, 0),
    ),
    Pattern(
        name="partial_by_cases",
        solution="""
def leap(year):
    ### BEGIN SOLUTION
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    ### END SOLUTION
""",
        test="""
cases = {2024: True, 2023: False, 1900: False, 2000: True}
right = 0
for year, wanted in cases.items():
    try:
        right += leap(year) == wanted
    except Exception as error:
        print(f"leap({year}): {type(error).__name__}")
2 * right / len(cases)
""",
        half="def leap(year):\n    return year % 4 == 0",
        wrong="def leap(year):\n    return 'yes'",
        scores=(2, 0, 1.5, 0),
    ),
    Pattern(
        name="hidden_tests",
        solution="""
def factorial(n):
    ### BEGIN SOLUTION
    return 1 if n == 0 else n * factorial(n - 1)
    ### END SOLUTION
""",
        test="""
assert factorial(3) == 6
### BEGIN HIDDEN TESTS
assert factorial(0) == 1
assert factorial(20) == 2432902008176640000
### END HIDDEN TESTS
""",
        half="def factorial(n):\n    return 6",
        wrong="def factorial(n):\n    return n",
    ),
    Pattern(
        name="messages",
        solution="""
def last_digit(n):
    ### BEGIN SOLUTION
    return abs(n) % 10
    ### END SOLUTION
""",
        test="""
result = last_digit(123)
assert isinstance(result, int), f"last_digit should give an int, not {type(result)}"
assert result == 3, "The last digit of 123 is 3, not {}".format(result)
assert last_digit(-47) == 7, "Think of negative numbers"
""",
        half="def last_digit(n):\n    return n % 10",
        wrong="def last_digit(n):\n    return str(n)[-1]",
    ),
    Pattern(
        name="table_of_cases",
        solution="""
def grade_of(points):
    ### BEGIN SOLUTION
    return "A" if points >= 90 else "B" if points >= 80 else "F"
    ### END SOLUTION
""",
        test="""
for points, expected in [(95, "A"), (90, "A"), (85, "B"), (80, "B"), (12, "F")]:
    actual = grade_of(points)
    assert actual == expected, f"grade_of({points}): expected {expected!r}, got {actual!r}"
print("All tests passed!")
""",
        half="def grade_of(points):\n    return 'A' if points > 90 else 'B' if points > 80 else 'F'",
        wrong="def grade_of(points):\n    return 'A'",
    ),
    Pattern(
        name="hash_of_answer",
        solution="""
# How many edges has a cube?
### BEGIN SOLUTION
edges = 12
### END SOLUTION
""",
        test="""
import hashlib
assert hashlib.md5(str(edges).encode()).hexdigest() == "c20ad4d76fe97759aa27a0c99bff6710"
""",
        half="edges = 12.0",
        wrong="edges = 8",
    ),
    Pattern(
        name="hash_of_type",
        solution="""
def perimeter(a, b):
    ### BEGIN SOLUTION
    return 2 * (a + b)
    ### END SOLUTION
""",
        test="""
from hashlib import sha1
assert sha1(str(type(perimeter(2, 3))).encode("utf-8") + b"e6").hexdigest() == sha1(b"<class 'int'>e6").hexdigest(), "type of perimeter(2, 3) is not int"
assert sha1(str(perimeter(2, 3)).encode("utf-8") + b"e6").hexdigest() == sha1(b"10e6").hexdigest(), "value of perimeter(2, 3) is not correct"
""",
        half="def perimeter(a, b):\n    return 2.0 * (a + b)",
        wrong="def perimeter(a, b):\n    return a * b",
    ),
    Pattern(
        name="tolerance_loop",
        given="import random, math",
        solution="""
def distance(p, q):
    ### BEGIN SOLUTION
    return math.hypot(p[0] - q[0], p[1] - q[1])
    ### END SOLUTION
""",
        test="""
for _ in range(20):
    p = (random.uniform(-5, 5), random.uniform(-5, 5))
    q = (random.uniform(-5, 5), random.uniform(-5, 5))
    expected = ((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2) ** 0.5
    assert abs(distance(p, q) - expected) <= 1e-9 * max(1, expected)
""",
        half="def distance(p, q):\n    return abs(p[0] - q[0]) + abs(p[1] - q[1])",
        wrong="def distance(p, q):\n    return 0.0",
    ),
    Pattern(
        name="time_limit",
        solution="""
def nth_triangle(n):
    ### BEGIN SOLUTION
    return n * (n + 1) // 2
    ### END SOLUTION
""",
        test="""
import time
start = time.perf_counter()
assert nth_triangle(10 ** 9) == 500000000500000000
assert time.perf_counter() - start < 2, "too slow"
""",
        half="def nth_triangle(n):\n    return n * n // 2",
        wrong="def nth_triangle(n):\n    return n",
    ),
]

# --- errors and printed text -----------------------------------------------------------

ERRORS = [
    Pattern(
        name="pytest_raises",
        given="import pytest",
        solution="""
def root(x):
    ### BEGIN SOLUTION
    if x < 0:
        raise ValueError("x must not be negative")
    return x ** 0.5
    ### END SOLUTION
""",
        test="""
assert root(9) == 3
with pytest.raises(ValueError, match="negative"):
    root(-1)
""",
        half="def root(x):\n    return x ** 0.5",
        wrong="def root(x):\n    raise TypeError('negative')",
    ),
    Pattern(
        name="assert_raises",
        solution="""
def first(items):
    ### BEGIN SOLUTION
    if not items:
        raise IndexError("no items")
    return items[0]
    ### END SOLUTION
""",
        test="""
from unittest import TestCase
tc = TestCase()
tc.assertEqual(first("xyz"), "x")
with tc.assertRaises(IndexError) as caught:
    first([])
tc.assertIn("no items", str(caught.exception))
tc.assertRaises(TypeError, first, 5)
""",
        half="def first(items):\n    return items[0]",
        wrong="def first(items):\n    return None",
    ),
    Pattern(
        name="nose_style",
        given="import numpy as np",
        solution="""
def reciprocal(x):
    ### BEGIN SOLUTION
    return 1 / x
    ### END SOLUTION
""",
        test="""
np.testing.assert_raises(ZeroDivisionError, reciprocal, 0)
np.testing.assert_equal(reciprocal(4), 0.25)
""",
        half="def reciprocal(x):\n    return 1 / x if x else 0",
        wrong="def reciprocal(x):\n    return x",
    ),
    Pattern(
        name="try_else",
        solution="""
def to_int(text):
    ### BEGIN SOLUTION
    if not text.strip().lstrip("-").isdigit():
        raise ValueError(f"{text!r} is no number")
    return int(text)
    ### END SOLUTION
""",
        test="""
assert to_int(" 12") == 12
try:
    to_int("twelve")
except ValueError:
    pass
else:
    raise AssertionError("did not raise")
""",
        half="def to_int(text):\n    return int(text) if text.strip().isdigit() else 0",
        wrong="def to_int(text):\n    return text",
    ),
    Pattern(
        name="raised_flag",
        solution="""
def lookup(table, key):
    ### BEGIN SOLUTION
    return table[key]
    ### END SOLUTION
""",
        test="""
raised = False
try:
    lookup({"a": 1}, "b")
except KeyError:
    raised = True
assert raised, "a missing key should raise KeyError"
assert lookup({"a": 1}, "a") == 1
""",
        half="def lookup(table, key):\n    return table.get(key)",
        wrong="def lookup(table, key):\n    return table",
    ),
    Pattern(
        name="own_exception",
        solution="""
### BEGIN SOLUTION
class OverdrawnError(Exception):
    def __init__(self, missing):
        super().__init__(f"{missing} too much")
        self.missing = missing
### END SOLUTION

def withdraw(balance, amount):
    ### BEGIN SOLUTION
    if amount > balance:
        raise OverdrawnError(amount - balance)
    return balance - amount
    ### END SOLUTION
""",
        test="""
assert withdraw(10, 4) == 6
try:
    withdraw(10, 15)
    assert False, "no error"
except OverdrawnError as error:
    assert error.missing == 5
    assert "5" in str(error)
""",
        half="class OverdrawnError(Exception): pass\ndef withdraw(balance, amount):\n"
        "    if amount > balance:\n        raise OverdrawnError('no')\n    return balance - amount",
        wrong="class OverdrawnError(Exception): pass\ndef withdraw(balance, amount):\n"
        "    return balance - amount",
    ),
    Pattern(
        name="redirect_stdout",
        solution="""
def countdown(n):
    ### BEGIN SOLUTION
    for i in range(n, 0, -1):
        print(i)
    print("Lift off!")
    ### END SOLUTION
""",
        test="""
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()) as printed:
    countdown(3)
assert printed.getvalue().split("\\n") == ["3", "2", "1", "Lift off!", ""]
""",
        half="def countdown(n):\n    for i in range(n, 0, -1):\n        print(i)",
        wrong="def countdown(n):\n    return '3\\n2\\n1\\nLift off!\\n'",
    ),
    Pattern(
        name="swapped_stdout",
        solution="""
def shout(text):
    ### BEGIN SOLUTION
    print(text.upper() + "!")
    ### END SOLUTION
""",
        test="""
import sys
from io import StringIO
old, sys.stdout = sys.stdout, StringIO()
try:
    shout("hey")
    said = sys.stdout.getvalue()
finally:
    sys.stdout = old
assert said == "HEY!\\n"
""",
        half="def shout(text):\n    print(text.upper())",
        wrong="def shout(text):\n    print(text)",
    ),
    Pattern(
        name="capture_output",
        solution="""
def tree(n):
    ### BEGIN SOLUTION
    for i in range(1, n + 1):
        print("*" * i)
    ### END SOLUTION
""",
        test="""
from IPython.utils.capture import capture_output
with capture_output() as captured:
    tree(3)
assert captured.stdout == "*\\n**\\n***\\n"
""",
        half="def tree(n):\n    print('*\\n**')",
        wrong="def tree(n):\n    print(n)",
    ),
    Pattern(
        name="capture_in_cell_above",
        solution="""
def greeting(name):
    ### BEGIN SOLUTION
    print(f"Dear {name},")
    ### END SOLUTION
""",
        between="%%capture greeted\ngreeting('Ada')",
        test="""
assert greeted.stdout.strip() == "Dear Ada,"
assert greeted.stderr == ""
""",
        half="def greeting(name):\n    print(f'Dear {name}')",
        wrong="def greeting(name):\n    print('Hello')",
    ),
    Pattern(
        name="warning",
        given="import warnings",
        solution="""
def old_name(x):
    ### BEGIN SOLUTION
    warnings.warn("use new_name", DeprecationWarning)
    return x
    ### END SOLUTION
""",
        test="""
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    assert old_name(3) == 3
assert len(caught) == 1
assert issubclass(caught[0].category, DeprecationWarning)
""",
        half="def old_name(x):\n    return x",
        wrong="def old_name(x):\n    warnings.warn('no')\n    return None",
    ),
    Pattern(
        name="warns_of_overflow",
        given="import numpy as np\nimport pytest\nimport warnings",
        solution="""
def growth(x):
    ### BEGIN SOLUTION
    with np.errstate(over="raise"):
        return float(np.exp(np.float64(x)))
    ### END SOLUTION
# next cell
def log(x):
    ### BEGIN SOLUTION
    return float(np.log(np.float64(x)))
    ### END SOLUTION
""",
        test="""
with pytest.raises(FloatingPointError):
    growth(1e4)
with np.errstate(all="ignore"), warnings.catch_warnings():
    warnings.simplefilter("error")
    assert growth(0) == 1 and log(1) == 0 and log(0) < 0
with pytest.warns(RuntimeWarning, match="divide"):
    log(0)
""",
        half="""
def growth(x):
    return float(np.exp(np.float64(x)))
# next cell
def log(x):
    return float(np.log(np.float64(x)))
""",
        wrong="""
def growth(x):
    return 1 / 0
# next cell
def log(x):
    return 0.0
""",
    ),
    Pattern(
        name="no_warnings",
        given="import numpy as np\nimport warnings",
        solution="""
def squash(z):
    ### BEGIN SOLUTION
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.float64(z)))
    ### END SOLUTION
""",
        test="""
with warnings.catch_warnings():
    warnings.simplefilter("error")
    assert squash(-1000) == 0
""",
        half="def squash(z):\n    return 1 / (1 + np.exp(-np.float64(z)))",
        wrong="def squash(z):\n    return z",
    ),
    Pattern(
        name="typed_input",
        solution="""
def ask_age():
    ### BEGIN SOLUTION
    return int(input("How old are you? "))
    ### END SOLUTION
""",
        test="""
import builtins
asked, old_input = [], builtins.input
builtins.input = lambda prompt="": asked.append(prompt) or "42"
try:
    assert ask_age() == 42
    assert len(asked) == 1
finally:
    builtins.input = old_input
""",
        half="def ask_age():\n    return input()",
        wrong="def ask_age():\n    return 42",
    ),
]

# --- classes ---------------------------------------------------------------------------

CLASSES = [
    Pattern(
        name="isinstance_of_class",
        solution="""
class Celsius:
    def __init__(self, degrees):
        ### BEGIN SOLUTION
        self.degrees = degrees
        ### END SOLUTION

    def warmer(self, by):
        ### BEGIN SOLUTION
        return Celsius(self.degrees + by)
        ### END SOLUTION
""",
        test="""
today = Celsius(20)
assert isinstance(today, Celsius)
assert isinstance(today.warmer(5), Celsius)
assert today.warmer(5).degrees == 25
assert today.degrees == 20
""",
        half="class Celsius:\n    def __init__(self, degrees):\n        self.degrees = degrees\n"
        "    def warmer(self, by):\n        self.degrees += by\n        return self",
        wrong="class Celsius:\n    def __init__(self, degrees):\n        self.degrees = degrees\n"
        "    def warmer(self, by):\n        return self.degrees + by",
    ),
    Pattern(
        name="repr_of_class",
        solution="""
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    ### BEGIN SOLUTION
    def __repr__(self):
        return f"Point({self.x}, {self.y})"

    def __str__(self):
        return f"({self.x}|{self.y})"
    ### END SOLUTION
""",
        test="""
assert repr(Point(1, 2)) == "Point(1, 2)"
assert str(Point(1, 2)) == "(1|2)"
assert f"{Point(0, 0)}" == "(0|0)"
""",
        half="class Point:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n"
        "    def __repr__(self):\n        return f'Point({self.x}, {self.y})'",
        wrong="class Point:\n    def __init__(self, x, y):\n        self.x, self.y = x, y",
    ),
    Pattern(
        name="equality_of_class",
        solution="""
class Money:
    def __init__(self, cents):
        self.cents = cents

    ### BEGIN SOLUTION
    def __eq__(self, other):
        return isinstance(other, Money) and self.cents == other.cents

    def __hash__(self):
        return hash(self.cents)
    ### END SOLUTION
""",
        test="""
assert Money(5) == Money(5)
assert Money(5) != Money(6)
assert not Money(5) == 5
assert len({Money(1), Money(1), Money(2)}) == 2
""",
        half="class Money:\n    def __init__(self, cents):\n        self.cents = cents\n"
        "    def __eq__(self, other):\n        return self.cents == other.cents",
        wrong="class Money:\n    def __init__(self, cents):\n        self.cents = cents",
    ),
    Pattern(
        name="dir_of_class",
        solution="""
### BEGIN SOLUTION
class Shape:
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side ** 2

    def perimeter(self):
        return 4 * self.side
### END SOLUTION
""",
        test="""
assert "area" in dir(Shape), "Shape needs a method area"
assert hasattr(Shape, "perimeter")
shape = Shape(3)
assert "side" in vars(shape)
assert shape.area() == 9 and shape.perimeter() == 12
""",
        half="class Shape:\n    def __init__(self, side):\n        self.side = side\n"
        "    def area(self):\n        return self.side ** 2",
        wrong="class Shape:\n    pass",
    ),
    Pattern(
        name="inheritance",
        given="""
class Animal:
    def __init__(self, name):
        self.name = name

    def sound(self):
        return "..."

    def speak(self):
        return f"{self.name} says {self.sound()}"
""",
        solution="""
### BEGIN SOLUTION
class Cat(Animal):
    def sound(self):
        return "meow"
### END SOLUTION
""",
        test="""
assert issubclass(Cat, Animal)
tom = Cat("Tom")
assert isinstance(tom, Animal)
assert tom.speak() == "Tom says meow"
""",
        half="class Cat(Animal):\n    pass",
        wrong="class Cat:\n    def __init__(self, name):\n        pass\n"
        "    def speak(self):\n        return 'Tom says meow'",
    ),
    Pattern(
        name="inheritance_of_two",
        solution="""
### BEGIN SOLUTION
class Vehicle:
    wheels = 4

    def describe(self):
        return f"{type(self).__name__.lower()} with {self.wheels} wheels"
### END SOLUTION
# next cell
### BEGIN SOLUTION
class Bicycle(Vehicle):
    wheels = 2
### END SOLUTION
""",
        test="""
assert Vehicle().describe() == "vehicle with 4 wheels"
assert Bicycle().describe() == "bicycle with 2 wheels"
assert Bicycle.__bases__ == (Vehicle,)
assert Bicycle.__name__ == "Bicycle"
""",
        half="class Vehicle:\n    wheels = 4\n    def describe(self):\n"
        "        return 'vehicle with 4 wheels'\n# next cell\nclass Bicycle(Vehicle):\n"
        "    wheels = 2",
        wrong="class Vehicle:\n    pass\n# next cell\nclass Bicycle:\n    pass",
    ),
    Pattern(
        name="property",
        solution="""
class Circle:
    def __init__(self, radius):
        self.radius = radius

    ### BEGIN SOLUTION
    @property
    def diameter(self):
        return 2 * self.radius

    @diameter.setter
    def diameter(self, value):
        if value < 0:
            raise ValueError("negative")
        self.radius = value / 2
    ### END SOLUTION
""",
        test="""
ring = Circle(2)
assert ring.diameter == 4
ring.diameter = 10
assert ring.radius == 5
try:
    ring.diameter = -1
except ValueError:
    pass
else:
    assert False
""",
        half="class Circle:\n    def __init__(self, radius):\n        self.radius = radius\n"
        "    @property\n    def diameter(self):\n        return 2 * self.radius",
        wrong="class Circle:\n    def __init__(self, radius):\n        self.diameter = radius",
    ),
    Pattern(
        name="class_attribute",
        solution="""
class Robot:
    count = 0

    def __init__(self):
        ### BEGIN SOLUTION
        Robot.count += 1
        self.number = Robot.count
        ### END SOLUTION
""",
        test="""
before = Robot.count
robots = [Robot(), Robot(), Robot()]
assert Robot.count == before + 3
assert [r.number - before for r in robots] == [1, 2, 3]
assert robots[0].count == Robot.count
""",
        half="class Robot:\n    count = 0\n    def __init__(self):\n        Robot.count += 1\n"
        "        self.number = 1",
        wrong="class Robot:\n    count = 0\n    def __init__(self):\n        self.count = 1",
    ),
    Pattern(
        name="dataclass",
        given="from dataclasses import dataclass, field, is_dataclass, asdict, fields",
        solution="""
### BEGIN SOLUTION
@dataclass
class Student:
    name: str
    marks: list = field(default_factory=list)

    def average(self):
        return sum(self.marks) / len(self.marks)
### END SOLUTION
""",
        test="""
ada = Student("Ada", [1, 2])
assert ada.average() == 1.5
assert ada == Student("Ada", [1, 2])
assert Student("Bo").marks == []
assert is_dataclass(Student)
assert repr(Student("Bo")) == "Student(name='Bo', marks=[])"
""",
        half="class Student:\n    def __init__(self, name, marks=()):\n        self.name = name\n"
        "        self.marks = list(marks)\n    def average(self):\n"
        "        return sum(self.marks) / len(self.marks)",
        wrong="class Student:\n    name = 'Ada'",
    ),
    Pattern(
        name="operators",
        solution="""
class Vector:
    def __init__(self, *xs):
        self.xs = list(xs)

    ### BEGIN SOLUTION
    def __add__(self, other):
        return Vector(*(a + b for a, b in zip(self.xs, other.xs)))

    def __mul__(self, k):
        return Vector(*(k * a for a in self.xs))

    __rmul__ = __mul__

    def __getitem__(self, i):
        return self.xs[i]

    def __len__(self):
        return len(self.xs)

    def __lt__(self, other):
        return sum(self.xs) < sum(other.xs)
    ### END SOLUTION
""",
        test="""
v, w = Vector(1, 2), Vector(3, 4)
assert (v + w).xs == [4, 6]
assert (v * 3).xs == [3, 6] and (3 * v).xs == [3, 6]
assert v[1] == 2 and len(w) == 2
assert v < w
assert [x for x in w] == [3, 4]
""",
        half="class Vector:\n    def __init__(self, *xs):\n        self.xs = list(xs)\n"
        "    def __add__(self, other):\n"
        "        return Vector(*(a + b for a, b in zip(self.xs, other.xs)))",
        wrong="class Vector:\n    def __init__(self, *xs):\n        self.xs = list(xs)\n"
        "    def __add__(self, other):\n        return Vector(*self.xs, *other.xs)",
    ),
    Pattern(
        name="in_place_operator",
        solution="""
class Basket:
    def __init__(self):
        self.items = {}

    ### BEGIN SOLUTION
    def __iadd__(self, item):
        self.items[item] = self.items.get(item, 0) + 1
        return self

    def __contains__(self, item):
        return item in self.items

    def __bool__(self):
        return bool(self.items)
    ### END SOLUTION
""",
        test="""
basket = Basket()
assert not basket
basket += "apple"
basket += "apple"
assert basket.items == {"apple": 2}
assert "apple" in basket and "pear" not in basket
assert bool(basket) is True
""",
        half="class Basket:\n    def __init__(self):\n        self.items = {}\n"
        "    def __iadd__(self, item):\n        self.items[item] = 2\n        return self",
        wrong="class Basket:\n    def __init__(self):\n        self.items = {}",
    ),
    Pattern(
        name="context_manager",
        solution="""
class Recorder:
    ### BEGIN SOLUTION
    def __init__(self):
        self.events = []

    def __enter__(self):
        self.events.append("open")
        return self

    def __exit__(self, kind, error, trace):
        self.events.append("closed" if kind is None else kind.__name__)
        return kind is KeyError
    ### END SOLUTION
""",
        test="""
recorder = Recorder()
with recorder as same:
    assert same.events == ["open"]
assert recorder.events == ["open", "closed"]
with recorder:
    raise KeyError("x")
assert recorder.events[-1] == "KeyError"
""",
        half="class Recorder:\n    def __init__(self):\n        self.events = []\n"
        "    def __enter__(self):\n        self.events.append('open')\n        return self\n"
        "    def __exit__(self, *error):\n        self.events.append('closed')",
        wrong="class Recorder:\n    def __init__(self):\n        self.events = []",
    ),
    Pattern(
        name="iterator",
        solution="""
class Countdown:
    ### BEGIN SOLUTION
    def __init__(self, start):
        self.now = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.now <= 0:
            raise StopIteration
        self.now -= 1
        return self.now + 1
    ### END SOLUTION
""",
        test="""
assert list(Countdown(3)) == [3, 2, 1]
steps = iter(Countdown(2))
assert next(steps) == 2
assert next(steps) == 1
try:
    next(steps)
    assert False, "no end"
except StopIteration:
    pass
assert sum(Countdown(4)) == 10
""",
        half="class Countdown:\n    def __init__(self, start):\n        self.start = start\n"
        "    def __iter__(self):\n        return iter([3, 2, 1])",
        wrong="class Countdown:\n    def __init__(self, start):\n        pass",
    ),
    Pattern(
        name="static_method",
        solution="""
class Temperature:
    def __init__(self, kelvin):
        self.kelvin = kelvin

    ### BEGIN SOLUTION
    @staticmethod
    def to_celsius(kelvin):
        return kelvin - 273

    @classmethod
    def from_celsius(cls, celsius):
        return cls(celsius + 273)
    ### END SOLUTION
""",
        test="""
assert Temperature.to_celsius(300) == 27
warm = Temperature.from_celsius(27)
assert warm.kelvin == 300
assert type(warm) is Temperature
""",
        half="class Temperature:\n    def __init__(self, kelvin):\n        self.kelvin = kelvin\n"
        "    @staticmethod\n    def to_celsius(kelvin):\n        return kelvin - 273",
        wrong="class Temperature:\n    def __init__(self, kelvin):\n        self.kelvin = kelvin",
    ),
    Pattern(
        name="passed_to_method",
        solution="""
class Account:
    def __init__(self, balance=0):
        self.balance = balance

    def transfer(self, other, amount):
        ### BEGIN SOLUTION
        self.balance -= amount
        other.balance += amount
        ### END SOLUTION
""",
        test="""
mine, yours = Account(10), Account()
mine.transfer(yours, 4)
assert mine.balance == 6 and yours.balance == 4
mine.balance = 100
mine.transfer(yours, 50)
assert (mine.balance, yours.balance) == (50, 54)
""",
        half="class Account:\n    def __init__(self, balance=0):\n        self.balance = balance\n"
        "    def transfer(self, other, amount):\n        other.balance += amount",
        wrong="class Account:\n    def __init__(self, balance=0):\n        self.balance = balance\n"
        "    def transfer(self, other, amount):\n        return amount",
    ),
    Pattern(
        name="linked_list",
        solution="""
class Node:
    def __init__(self, value, rest=None):
        self.value, self.rest = value, rest

def linked(values):
    ### BEGIN SOLUTION
    first = None
    for value in reversed(values):
        first = Node(value, first)
    return first
    ### END SOLUTION
""",
        test="""
node = linked([1, 2])
assert node.value == 1
assert node.rest.value == 2
assert node.rest.rest is None
assert linked([]) is None
""",
        half="class Node:\n    def __init__(self, value, rest=None):\n"
        "        self.value, self.rest = value, rest\n"
        "def linked(values):\n    return Node(values[0], Node(values[1]))",
        wrong="def linked(values):\n    return values",
    ),
    Pattern(
        name="abstract_class",
        solution="""
### BEGIN SOLUTION
from abc import ABC, abstractmethod

class Figure(ABC):
    @abstractmethod
    def area(self):
        ...

class Square(Figure):
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side ** 2
### END SOLUTION
""",
        test="""
assert Square(3).area() == 9
assert issubclass(Square, Figure)
try:
    Figure()
except TypeError:
    pass
else:
    raise AssertionError("Figure is not abstract")
""",
        half="class Figure:\n    pass\nclass Square(Figure):\n    def __init__(self, side):\n"
        "        self.side = side\n    def area(self):\n        return self.side ** 2",
        wrong="class Figure:\n    pass\nclass Square(Figure):\n    pass",
    ),
    Pattern(
        name="estimator",
        given="import numpy as np",
        solution="""
class MeanModel:
    def fit(self, X, y):
        ### BEGIN SOLUTION
        self.mean_ = y.mean()
        return self
        ### END SOLUTION

    def predict(self, X):
        ### BEGIN SOLUTION
        return np.full(len(X), self.mean_)
        ### END SOLUTION
""",
        test="""
X, y = np.arange(6.0).reshape(3, 2), np.array([1.0, 2.0, 6.0])
model = MeanModel()
model.fit(X, y)
assert model.mean_ == 3
assert np.array_equal(MeanModel().fit(X, y).predict(X), [3, 3, 3])
""",
        half="class MeanModel:\n    def fit(self, X, y):\n        self.mean_ = y.mean()\n"
        "    def predict(self, X):\n        return np.full(len(X), self.mean_)",
        wrong="class MeanModel:\n    def fit(self, X, y):\n        self.mean_ = 0\n"
        "        return self\n    def predict(self, X):\n        return X",
    ),
    Pattern(
        name="named_tuple",
        given="from collections import namedtuple",
        solution="""
### BEGIN SOLUTION
City = namedtuple("City", ["name", "people"])

def largest(cities):
    return max(cities, key=lambda city: city.people)
### END SOLUTION
""",
        test="""
cities = [City("Oslo", 7), City("Rome", 28), City("Bern", 1)]
assert largest(cities).name == "Rome"
assert largest(cities) == ("Rome", 28)
assert City._fields == ("name", "people")
""",
        half="City = namedtuple('City', ['name', 'people'])\n"
        "def largest(cities):\n    return cities[0]",
        wrong="def City(*args):\n    return args\ndef largest(cities):\n    return cities[1]",
    ),
]

# --- values of libraries ---------------------------------------------------------------

VALUES = [
    Pattern(
        name="frame_equal",
        given="import pandas as pd",
        solution="""
def totals(orders):
    ### BEGIN SOLUTION
    table = orders.copy()
    table["total"] = table["price"] * table["count"]
    return table
    ### END SOLUTION
""",
        test="""
orders = pd.DataFrame({"price": [1.5, 2.0], "count": [2, 3]})
table = totals(orders)
assert isinstance(table, pd.DataFrame)
wanted = pd.DataFrame({"price": [1.5, 2.0], "count": [2, 3], "total": [3.0, 6.0]})
pd.testing.assert_frame_equal(table, wanted)
assert "total" not in orders.columns
""",
        half="def totals(orders):\n    orders['total'] = orders['price'] * orders['count']\n"
        "    return orders",
        wrong="def totals(orders):\n    return orders",
    ),
    Pattern(
        name="series_equal",
        given="import pandas as pd",
        solution="""
def ranks(marks):
    ### BEGIN SOLUTION
    return marks.rank(ascending=False).astype(int).sort_index()
    ### END SOLUTION
""",
        test="""
marks = pd.Series({"bo": 3.5, "ada": 9.0, "cy": 7.0}, name="marks")
given = ranks(marks)
pd.testing.assert_series_equal(given, pd.Series([1, 3, 2], ["ada", "bo", "cy"], name="marks"))
assert given["ada"] == 1 and given.idxmax() == "bo"
""",
        half="def ranks(marks):\n    return marks.rank(ascending=False).astype(int)",
        wrong="def ranks(marks):\n    return {'ada': 1, 'bo': 3, 'cy': 2}",
    ),
    Pattern(
        name="group_by",
        given="import pandas as pd",
        solution="""
def mean_by(table, key, value):
    ### BEGIN SOLUTION
    return table.groupby(key)[value].mean()
    ### END SOLUTION
""",
        test="""
table = pd.DataFrame({"team": ["a", "b", "a"], "goals": [1, 5, 3]})
by_team = mean_by(table, "team", "goals")
assert by_team.loc["a"] == 2
assert by_team.loc["b"] == 5
assert list(by_team.index) == ["a", "b"]
assert by_team.index.name == "team"
""",
        half="def mean_by(table, key, value):\n    return table.groupby(key)[value].sum()",
        wrong="def mean_by(table, key, value):\n    return table[value].mean()",
    ),
    Pattern(
        name="frame_variable",
        given="import pandas as pd",
        solution="""
# Make a table `planets` of three planets with the columns name and moons.
### BEGIN SOLUTION
planets = pd.DataFrame({"name": ["Earth", "Mars", "Venus"], "moons": [1, 2, 0]})
### END SOLUTION
""",
        test="""
assert planets.shape == (3, 2)
assert list(planets.columns) == ["name", "moons"]
assert planets["moons"].sum() == 3
assert planets[planets["name"] == "Mars"]["moons"].iloc[0] == 2
assert planets.set_index("name").equals(
    pd.DataFrame({"moons": [1, 2, 0]}, index=pd.Index(["Earth", "Mars", "Venus"], name="name")))
""",
        half="planets = pd.DataFrame({'name': ['Earth', 'Mars', 'Venus'], 'moons': [1, 2, 1]})",
        wrong="planets = {'name': ['Earth', 'Mars', 'Venus'], 'moons': [1, 2, 0]}",
    ),
    Pattern(
        name="frame_with_dates",
        given="import pandas as pd",
        solution="""
def monthly(sales):
    ### BEGIN SOLUTION
    dates = pd.to_datetime(sales["day"])
    return sales.assign(month=dates.dt.month).groupby("month", as_index=False)["sum"].sum()
    ### END SOLUTION
""",
        test="""
sales = pd.DataFrame({"day": ["2024-01-31", "2024-02-01", "2024-02-29"], "sum": [5, 7, 1]})
result = monthly(sales)
assert len(result) == 2
assert result.to_dict("list") == {"month": [1, 2], "sum": [5, 8]}
""",
        half="def monthly(sales):\n    return pd.DataFrame({'month': [1, 2], 'sum': [5, 7]})",
        wrong="def monthly(sales):\n    return sales",
    ),
    Pattern(
        name="missing_values",
        given="import pandas as pd\nimport numpy as np",
        solution="""
def cleaned(table):
    ### BEGIN SOLUTION
    return table.dropna().reset_index(drop=True)
    ### END SOLUTION
""",
        test="""
raw = pd.DataFrame({"x": [1.0, np.nan, 3.0], "label": ["p", "q", None]})
clean = cleaned(raw)
assert clean.isna().sum().sum() == 0
assert len(clean) == 1 and clean.loc[0, "label"] == "p"
assert raw.isna().any().any()
""",
        half="def cleaned(table):\n    return table.dropna(subset=['x'])",
        wrong="def cleaned(table):\n    return table",
    ),
    Pattern(
        name="sympy_expression",
        given="import sympy",
        solution="""
def slope_of(expression, x):
    ### BEGIN SOLUTION
    return sympy.diff(expression, x)
    ### END SOLUTION
""",
        test="""
x = sympy.Symbol("x")
assert sympy.simplify(slope_of(x ** 3, x) - 3 * x ** 2) == 0
assert slope_of(sympy.sin(x), x) == sympy.cos(x)
""",
        half="def slope_of(expression, x):\n    return 3 * x ** 2",
        wrong="def slope_of(expression, x):\n    return expression",
    ),
    Pattern(
        name="sympy_solution",
        given="import sympy",
        solution="""
z = sympy.symbols("z")
### BEGIN SOLUTION
roots_of_it = sympy.solve(z ** 2 - 5 * z + 6, z)
factored = sympy.factor(z ** 2 - 5 * z + 6)
### END SOLUTION
""",
        test="""
assert set(roots_of_it) == {2, 3}
assert sympy.expand(factored) == z ** 2 - 5 * z + 6
assert factored.is_Mul
""",
        half="z = sympy.symbols('z')\nroots_of_it = [2, 3]\nfactored = z ** 2 - 5 * z + 6",
        wrong="z = sympy.symbols('z')\nroots_of_it = [1, 6]\nfactored = (z - 1) * (z - 6)",
    ),
    Pattern(
        name="fraction",
        given="from fractions import Fraction",
        solution="""
def harmonic(n):
    ### BEGIN SOLUTION
    return sum((Fraction(1, k) for k in range(1, n + 1)), Fraction(0))
    ### END SOLUTION
""",
        test="""
assert harmonic(3) == Fraction(11, 6)
assert isinstance(harmonic(4), Fraction)
assert harmonic(4).denominator == 12
""",
        half="def harmonic(n):\n    return Fraction(11, 6)",
        wrong="def harmonic(n):\n    return sum(1 / k for k in range(1, n + 1))",
    ),
    Pattern(
        name="decimal",
        given="from decimal import Decimal, ROUND_HALF_UP",
        solution="""
def with_tax(price):
    ### BEGIN SOLUTION
    return (price * Decimal("1.19")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    ### END SOLUTION
""",
        test="""
assert with_tax(Decimal("10.00")) == Decimal("11.90")
assert with_tax(Decimal("0.05")) == Decimal("0.06")
assert str(with_tax(Decimal("1"))) == "1.19"
""",
        half="def with_tax(price):\n    return price * Decimal('1.19')",
        wrong="def with_tax(price):\n    return float(price) * 1.19",
    ),
    Pattern(
        name="dates",
        given="from datetime import date, datetime, timedelta",
        solution="""
def next_friday(day):
    ### BEGIN SOLUTION
    return day + timedelta(days=(4 - day.weekday()) % 7 or 7)
    ### END SOLUTION
""",
        test="""
assert next_friday(date(2024, 5, 1)) == date(2024, 5, 3)
assert next_friday(date(2024, 5, 3)) == date(2024, 5, 10)
assert next_friday(datetime(2024, 5, 1, 8, 30)).hour == 8
assert (next_friday(date(2024, 1, 1)) - date(2024, 1, 1)).days == 4
""",
        half="def next_friday(day):\n    return day + timedelta(days=(4 - day.weekday()) % 7)",
        wrong="def next_friday(day):\n    return '2024-05-03'",
    ),
    Pattern(
        name="enum_member",
        given="""
from enum import Enum

class Signal(Enum):
    RED = 1
    GREEN = 2
    YELLOW = 3
""",
        solution="""
def after(signal):
    ### BEGIN SOLUTION
    order = [Signal.RED, Signal.GREEN, Signal.YELLOW]
    return order[(order.index(signal) + 1) % 3]
    ### END SOLUTION
""",
        test="""
assert after(Signal.RED) == Signal.GREEN
assert after(Signal.GREEN) is Signal.YELLOW
assert after(Signal.YELLOW).name == "RED"
""",
        half="def after(signal):\n    return Signal(signal.value + 1)",
        wrong="def after(signal):\n    return signal.value + 1",
    ),
    Pattern(
        name="own_enum",
        solution="""
### BEGIN SOLUTION
from enum import Enum

class Suit(Enum):
    HEARTS = "h"
    SPADES = "s"

def colour(suit):
    return "red" if suit is Suit.HEARTS else "black"
### END SOLUTION
""",
        test="""
assert len(Suit) == 2
assert colour(Suit.HEARTS) == "red" and colour(Suit.SPADES) == "black"
assert Suit("h") == Suit.HEARTS
assert Suit.SPADES.value == "s"
""",
        half="import enum\nclass Suit(enum.Enum):\n    HEARTS = 'h'\n    SPADES = 's'\n"
        "def colour(suit):\n    return 'red'",
        wrong="class Suit:\n    HEARTS = 'h'\n    SPADES = 's'\n"
        "def colour(suit):\n    return 'black'",
    ),
    Pattern(
        name="array_shape",
        given="import numpy as np",
        solution="""
def checkerboard(n):
    ### BEGIN SOLUTION
    return (np.indices((n, n)).sum(axis=0) % 2).astype(np.uint8)
    ### END SOLUTION
""",
        test="""
board = checkerboard(8)
assert isinstance(board, np.ndarray)
assert board.shape == (8, 8)
assert board.dtype == np.uint8
assert board.sum() == 32 and board[0, 1] == 1
assert (checkerboard(2) == np.array([[0, 1], [1, 0]])).all()
""",
        half="def checkerboard(n):\n    return np.indices((n, n)).sum(axis=0) % 2",
        wrong="def checkerboard(n):\n    return [[0, 1], [1, 0]]",
    ),
    Pattern(
        name="linear_algebra",
        given="import numpy as np",
        solution="""
def solve_normal(A, b):
    ### BEGIN SOLUTION
    return np.linalg.solve(A.T @ A, A.T @ b)
    ### END SOLUTION
""",
        test="""
rng = np.random.default_rng(0)
A, b = rng.normal(size=(6, 2)), rng.normal(size=6)
x = solve_normal(A, b)
assert np.allclose(A.T @ (A @ x - b), 0)
assert np.allclose(x, np.linalg.lstsq(A, b, rcond=None)[0])
""",
        half="def solve_normal(A, b):\n    return np.linalg.solve(A[:2], b[:2])",
        wrong="def solve_normal(A, b):\n    return np.zeros(2)",
    ),
    Pattern(
        name="pair_of_arrays",
        given="import numpy as np",
        solution="""
def polar(x, y):
    ### BEGIN SOLUTION
    return np.hypot(x, y), np.arctan2(y, x)
    ### END SOLUTION
""",
        test="""
r, phi = polar(np.array([1.0, 0.0]), np.array([0.0, 2.0]))
np.testing.assert_allclose(r, [1, 2])
np.testing.assert_allclose(phi, [0, np.pi / 2])
""",
        half="def polar(x, y):\n    return np.hypot(x, y), np.zeros(2)",
        wrong="def polar(x, y):\n    return np.hypot(x, y)",
    ),
    Pattern(
        name="generator_passed",
        given="import numpy as np",
        solution="""
def walk(rng, steps):
    ### BEGIN SOLUTION
    return np.cumsum(rng.choice([-1, 1], size=steps))
    ### END SOLUTION
""",
        test="""
path = walk(np.random.default_rng(42), 100)
assert len(path) == 100
wanted = np.cumsum(np.random.default_rng(42).choice([-1, 1], size=100))
assert np.array_equal(path, wanted)
assert set(np.abs(np.diff(path))) == {1}
""",
        half="def walk(rng, steps):\n    return rng.choice([-1, 1], size=steps)",
        wrong="def walk(rng, steps):\n    return np.zeros(steps)",
    ),
    Pattern(
        name="seed_passed",
        given="import random",
        solution="""
def dice(n, seed):
    ### BEGIN SOLUTION
    rng = random.Random(seed)
    return [rng.randint(1, 6) for _ in range(n)]
    ### END SOLUTION
""",
        test="""
assert dice(5, 1) == dice(5, 1)
assert dice(20, 1) != dice(20, 2)
throws = dice(600, 7)
assert set(throws) == {1, 2, 3, 4, 5, 6}
assert 3.2 < sum(throws) / 600 < 3.8
""",
        half="def dice(n, seed):\n    return [random.randint(1, 6) for _ in range(n)]",
        wrong="def dice(n, seed):\n    return [4] * n",
    ),
    Pattern(
        name="random_object_passed",
        given="import random",
        solution="""
def shuffled(items, rng):
    ### BEGIN SOLUTION
    items = list(items)
    rng.shuffle(items)
    return items
    ### END SOLUTION
""",
        test="""
wanted = list("abcdef")
random.Random(3).shuffle(wanted)
assert shuffled("abcdef", random.Random(3)) == wanted
assert sorted(shuffled("abcdef", random.Random(4))) == list("abcdef")
""",
        half="def shuffled(items, rng):\n    return rng.sample(list(items), len(items))",
        wrong="def shuffled(items, rng):\n    return list(items)",
    ),
    Pattern(
        name="global_seed",
        given="import numpy as np",
        solution="""
def noisy(n):
    ### BEGIN SOLUTION
    return np.random.normal(size=n)
    ### END SOLUTION
""",
        test="""
np.random.seed(0)
sample = noisy(3)
np.random.seed(0)
np.testing.assert_allclose(sample, np.random.normal(size=3))
""",
        half="def noisy(n):\n    return np.random.uniform(size=n)",
        wrong="def noisy(n):\n    return np.zeros(n)",
    ),
    Pattern(
        name="complex_numbers",
        solution="""
def roots(a, b, c):
    ### BEGIN SOLUTION
    d = complex(b * b - 4 * a * c) ** 0.5
    return (-b + d) / (2 * a), (-b - d) / (2 * a)
    ### END SOLUTION
""",
        test="""
one, two = roots(1, 0, 1)
assert abs(one - 1j) < 1e-12 and abs(two + 1j) < 1e-12
assert isinstance(one, complex)
assert roots(1, -3, 2)[0].real == 2
""",
        half="def roots(a, b, c):\n    d = abs(b * b - 4 * a * c) ** 0.5\n"
        "    return (-b + d) / (2 * a), (-b - d) / (2 * a)",
        wrong="def roots(a, b, c):\n    return a, b",
    ),
    Pattern(
        name="json_text",
        given="import json",
        solution="""
def to_json(record):
    ### BEGIN SOLUTION
    return json.dumps(record, sort_keys=True)
    ### END SOLUTION
""",
        test="""
text = to_json({"b": [1, None], "a": True})
assert isinstance(text, str)
assert json.loads(text) == {"a": True, "b": [1, None]}
assert text.index("a") < text.index("b")
""",
        half="def to_json(record):\n    return json.dumps(record)",
        wrong="def to_json(record):\n    return str(record)",
    ),
    Pattern(
        name="bytes_and_bits",
        solution="""
def checksum(data):
    ### BEGIN SOLUTION
    total = 0
    for byte in data:
        total ^= byte
    return bytes([total])
    ### END SOLUTION
""",
        test="""
assert checksum(b"\\x01\\x02") == b"\\x03"
assert checksum(b"") == b"\\x00"
assert type(checksum(b"abc")) is bytes
""",
        half="def checksum(data):\n    return b'\\x03'",
        wrong="def checksum(data):\n    return 3",
    ),
    Pattern(
        name="axes_returned",
        given="import matplotlib.pyplot as plt",
        solution="""
def draw(xs, ys):
    ### BEGIN SOLUTION
    figure, axes = plt.subplots()
    axes.plot(xs, ys, "o-", label="data")
    axes.set(xlabel="t", ylabel="height", title="Flight")
    axes.legend()
    return axes
    ### END SOLUTION
""",
        test="""
axes = draw([0, 1, 2], [0, 3, 4])
assert axes.get_title() == "Flight"
assert axes.get_xlabel() == "t" and axes.get_ylabel() == "height"
line = axes.get_lines()[0]
assert list(line.get_xdata()) == [0, 1, 2]
assert list(line.get_ydata()) == [0, 3, 4]
assert axes.get_legend() is not None
plt.close("all")
""",
        half="def draw(xs, ys):\n    figure, axes = plt.subplots()\n    axes.plot(xs, ys)\n"
        "    return axes",
        wrong="def draw(xs, ys):\n    plt.plot(xs, ys)",
    ),
    Pattern(
        name="current_axes",
        given="import matplotlib.pyplot as plt",
        solution="""
# Draw the bars 3, 1, 2 with the title "Bars".
### BEGIN SOLUTION
plt.figure()
plt.bar([0, 1, 2], [3, 1, 2])
plt.title("Bars")
bars = plt.gca()
### END SOLUTION
""",
        test="""
assert bars.get_title() == "Bars"
assert len(bars.patches) == 3
assert [patch.get_height() for patch in bars.patches] == [3, 1, 2]
""",
        half="plt.figure()\nplt.bar([0, 1], [3, 1])\nplt.title('Bars')\nbars = plt.gca()",
        wrong="bars = plt.figure()",
    ),
    Pattern(
        name="gca_in_test",
        given="import matplotlib.pyplot as plt",
        solution="""
def draw_line(slope):
    ### BEGIN SOLUTION
    plt.plot([0, 1], [0, slope])
    plt.xlabel("x")
    ### END SOLUTION
""",
        test="""
plt.figure()
draw_line(2)
ax = plt.gca()
assert len(ax.lines) == 1
assert ax.get_xlabel() == "x"
assert ax.lines[0].get_ydata()[-1] == 2
plt.close("all")
""",
        half="def draw_line(slope):\n    plt.plot([0, 1], [0, slope])",
        wrong="def draw_line(slope):\n    return slope",
    ),
]

# --- Python itself ---------------------------------------------------------------------

PYTHON = [
    Pattern(
        name="signature",
        solution="""
### BEGIN SOLUTION
def scale(values, factor=2, *, offset=0):
    return [factor * v + offset for v in values]
### END SOLUTION
""",
        test="""
import inspect
parameters = inspect.signature(scale).parameters
assert list(parameters) == ["values", "factor", "offset"]
assert parameters["factor"].default == 2
assert parameters["offset"].kind is inspect.Parameter.KEYWORD_ONLY
assert scale([1, 2], offset=1) == [3, 5]
""",
        half="def scale(values, factor=2, offset=0):\n"
        "    return [factor * v + offset for v in values]",
        wrong="def scale(values):\n    return values",
    ),
    Pattern(
        name="is_callable",
        solution="""
### BEGIN SOLUTION
def hello():
    return "hello"
### END SOLUTION
""",
        test="""
assert callable(hello)
assert hello() == "hello"
assert hello.__name__ == "hello"
""",
        half="hello = lambda: 'hello'",
        wrong="hello = 'hello'",
    ),
    Pattern(
        name="in_globals",
        solution="""
# Write a function `cotangent`.
### BEGIN SOLUTION
def cotangent(x):
    import math
    return 1 / math.tan(x)
### END SOLUTION
""",
        test="""
assert "cotangent" in globals(), "There is no function cotangent"
assert abs(cotangent(0.5) - 1.830487721712452) < 1e-9
""",
        half="def cotangent(x):\n    return 1 / x",
        wrong="def cot(x):\n    return 1 / x",
    ),
    Pattern(
        name="name_is_deleted",
        solution="""
def square_of(n):
    ### BEGIN SOLUTION
    return n * n
    ### END SOLUTION
# next cell
def sum_of_squares(n):
    ### BEGIN SOLUTION
    return sum(square_of(i) for i in range(n + 1))
    ### END SOLUTION
""",
        test="""
assert sum_of_squares(3) == 14
orig_square_of = square_of
del square_of
try:
    sum_of_squares(1)
except NameError:
    pass
else:
    raise AssertionError("sum_of_squares does not use square_of")
finally:
    square_of = orig_square_of
""",
        half="def square_of(n):\n    return n * n\n# next cell\n"
        "def sum_of_squares(n):\n    return sum(i * i for i in range(n + 1))",
        wrong="def square_of(n):\n    return n * n\n# next cell\n"
        "def sum_of_squares(n):\n    return n",
    ),
    Pattern(
        name="name_is_replaced",
        solution="""
def price_of(item):
    ### BEGIN SOLUTION
    return {"tea": 2, "cake": 3}[item]
    ### END SOLUTION

def bill(items):
    ### BEGIN SOLUTION
    return sum(price_of(item) for item in items)
    ### END SOLUTION
""",
        test="""
assert bill(["tea", "cake"]) == 5
old_price_of = price_of
price_of = lambda item: 10
try:
    assert bill(["tea", "cake", "tea"]) == 30, "bill must use price_of"
finally:
    price_of = old_price_of
""",
        half="def price_of(item):\n    return {'tea': 2, 'cake': 3}[item]\n"
        "def bill(items):\n    return sum({'tea': 2, 'cake': 3}[item] for item in items)",
        wrong="def price_of(item):\n    return 1\ndef bill(items):\n    return 0",
    ),
    Pattern(
        name="patched_name",
        solution="""
def throw():
    ### BEGIN SOLUTION
    import random
    return random.randint(1, 6)
    ### END SOLUTION

def double_throw():
    ### BEGIN SOLUTION
    return throw() + throw()
    ### END SOLUTION
""",
        test="""
from unittest.mock import patch
with patch("__main__.throw", side_effect=[3, 4]) as fake:
    assert double_throw() == 7
assert fake.call_count == 2
""",
        half="def throw():\n    return 4\ndef double_throw():\n    return 2 * throw()",
        wrong="def throw():\n    return 4\ndef double_throw():\n    return 8",
    ),
    Pattern(
        name="patched_library",
        given="import random\nfrom unittest import mock",
        solution="""
def coin():
    ### BEGIN SOLUTION
    return "heads" if random.random() < 0.5 else "tails"
    ### END SOLUTION
""",
        test="""
with mock.patch("random.random", return_value=0.1):
    assert coin() == "heads"
with mock.patch("random.random", return_value=0.9):
    assert coin() == "tails"
""",
        half="def coin():\n    random.random()\n    return 'heads'",
        wrong="def coin():\n    return random.choice(['H', 'T'])",
    ),
    Pattern(
        name="mock_callback",
        given="from unittest.mock import Mock, call",
        solution="""
def notify(names, send):
    ### BEGIN SOLUTION
    for name in names:
        send(name, urgent=True)
    ### END SOLUTION
""",
        test="""
send = Mock()
notify(["ada", "bo"], send)
assert send.call_count == 2
send.assert_called_with("bo", urgent=True)
assert send.call_args_list[0] == call("ada", urgent=True)
""",
        half="def notify(names, send):\n    send(names[-1], urgent=True)",
        wrong="def notify(names, send):\n    return len(names)",
    ),
    Pattern(
        name="mock_result",
        solution="""
def retry(action, times):
    ### BEGIN SOLUTION
    for _ in range(times):
        result = action()
        if result is not None:
            return result
    return None
    ### END SOLUTION
""",
        test="""
from unittest.mock import Mock
action = Mock(side_effect=[None, None, "done", "again"])
assert retry(action, 5) == "done"
assert action.call_count == 3
assert retry(Mock(return_value=None), 2) is None
""",
        half="def retry(action, times):\n    return [action() for _ in range(times)][-1]",
        wrong="def retry(action, times):\n    return action()",
    ),
    Pattern(
        name="top_level_await",
        given="import asyncio",
        solution="""
async def slow_double(x):
    ### BEGIN SOLUTION
    await asyncio.sleep(0.01)
    return 2 * x
    ### END SOLUTION
""",
        test="""
assert await slow_double(4) == 8
assert await asyncio.gather(slow_double(1), slow_double(2)) == [2, 4]
""",
        half="async def slow_double(x):\n    return 8",
        wrong="def slow_double(x):\n    return 2 * x",
    ),
    Pattern(
        name="asyncio_run",
        given="import asyncio\nfrom concurrent.futures import ThreadPoolExecutor",
        solution="""
async def first_done(a, b):
    ### BEGIN SOLUTION
    tasks = [asyncio.ensure_future(a), asyncio.ensure_future(b)]
    done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    return done.pop().result()
    ### END SOLUTION
""",
        test="""
async def late(seconds, value):
    await asyncio.sleep(seconds)
    return value

async def race():
    return await first_done(late(0.5, "slow"), late(0.01, "fast"))

# In a notebook a loop is running already: another thread has none.
with ThreadPoolExecutor() as pool:
    assert pool.submit(asyncio.run, race()).result() == "fast"
""",
        half="async def first_done(a, b):\n    one = await a\n    await b\n    return one",
        wrong="async def first_done(a, b):\n    a.close()\n    b.close()\n    return None",
        rule=10,
    ),
    Pattern(
        name="async_answer_run",
        given="import asyncio\nfrom concurrent.futures import ThreadPoolExecutor",
        solution="""
async def count_to(n):
    ### BEGIN SOLUTION
    numbers = []
    for i in range(1, n + 1):
        await asyncio.sleep(0)
        numbers.append(i)
    return numbers
    ### END SOLUTION
""",
        test="""
with ThreadPoolExecutor() as pool:
    assert pool.submit(asyncio.run, count_to(3)).result() == [1, 2, 3]
""",
        half="async def count_to(n):\n    return [1, 2]",
        wrong="async def count_to(n):\n    return n",
    ),
    Pattern(
        name="generator",
        solution="""
def evens():
    ### BEGIN SOLUTION
    n = 0
    while True:
        yield n
        n += 2
    ### END SOLUTION
""",
        test="""
from itertools import islice, takewhile
assert list(islice(evens(), 4)) == [0, 2, 4, 6]
numbers = evens()
assert next(numbers) == 0 and next(numbers) == 2
assert list(takewhile(lambda n: n < 5, evens())) == [0, 2, 4]
""",
        half="def evens():\n    yield from [0, 2, 4]",
        wrong="def evens():\n    return [0, 2, 4, 6]",
    ),
    Pattern(
        name="is_generator",
        given="import types",
        solution="""
def pairs_of(items):
    ### BEGIN SOLUTION
    for i, one in enumerate(items):
        for other in items[i + 1:]:
            yield one, other
    ### END SOLUTION
""",
        test="""
assert isinstance(pairs_of("ab"), types.GeneratorType)
assert list(pairs_of("abc")) == [("a", "b"), ("a", "c"), ("b", "c")]
""",
        half="def pairs_of(items):\n    import itertools\n"
        "    return list(itertools.combinations(items, 2))",
        wrong="def pairs_of(items):\n    yield items",
    ),
    Pattern(
        name="closure",
        solution="""
def make_counter(start=0):
    ### BEGIN SOLUTION
    count = start

    def step():
        nonlocal count
        count += 1
        return count

    return step
    ### END SOLUTION
""",
        test="""
counter = make_counter()
assert [counter(), counter(), counter()] == [1, 2, 3]
other = make_counter(10)
assert other() == 11
assert counter() == 4
""",
        half="def make_counter(start=0):\n    return lambda: start + 1",
        wrong="def make_counter(start=0):\n    return start",
    ),
    Pattern(
        name="callback",
        solution="""
def apply_n(f, n, x):
    ### BEGIN SOLUTION
    for _ in range(n):
        x = f(x)
    return x
    ### END SOLUTION
""",
        test="""
calls = []

def logged(x):
    calls.append(x)
    return 2 * x

assert apply_n(logged, 3, 1) == 8
assert calls == [1, 2, 4]
assert apply_n(logged, 0, 5) == 5
assert apply_n(str.upper, 1, "a") == "A"
""",
        half="def apply_n(f, n, x):\n    return f(f(f(x)))",
        wrong="def apply_n(f, n, x):\n    return 8",
    ),
    Pattern(
        name="decorator",
        solution="""
def counted(f):
    ### BEGIN SOLUTION
    import functools

    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return f(*args, **kwargs)

    wrapper.calls = 0
    return wrapper
    ### END SOLUTION
""",
        test="""
@counted
def plus(a, b=1):
    return a + b

assert plus(1) == 2
assert plus(1, b=5) == 6
assert plus.calls == 2
assert plus.__name__ == "plus"
""",
        half="def counted(f):\n    def wrapper(*args, **kwargs):\n"
        "        wrapper.calls += 1\n        return f(*args, **kwargs)\n"
        "    wrapper.calls = 0\n    return wrapper",
        wrong="def counted(f):\n    return f",
    ),
    Pattern(
        name="higher_order",
        solution="""
def compose(*functions):
    ### BEGIN SOLUTION
    def composed(x):
        for f in reversed(functions):
            x = f(x)
        return x
    return composed
    ### END SOLUTION
""",
        test="""
assert compose(lambda x: x + 1, lambda x: 2 * x)(5) == 11
assert compose(len, str)(12345) == 5
assert compose()(7) == 7
assert sorted(["bb", "a"], key=compose(len)) == ["a", "bb"]
""",
        half="def compose(f, g):\n    return lambda x: f(g(x))",
        wrong="def compose(*functions):\n    return functions[0]",
    ),
    Pattern(
        name="sort_key",
        solution="""
def by_last_name(name):
    ### BEGIN SOLUTION
    return name.split()[-1].lower(), name
    ### END SOLUTION
""",
        test="""
people = ["Ada Lovelace", "Alan Turing", "Grace Hopper"]
assert sorted(people, key=by_last_name) == ["Grace Hopper", "Ada Lovelace", "Alan Turing"]
assert max(people, key=by_last_name) == "Alan Turing"
assert list(map(by_last_name, people[:1])) == [("lovelace", "Ada Lovelace")]
""",
        half="def by_last_name(name):\n    return name.split()[-1]",
        wrong="def by_last_name(name):\n    return name",
    ),
    Pattern(
        name="list_changed",
        solution="""
def remove_negatives(numbers):
    ### BEGIN SOLUTION
    numbers[:] = [n for n in numbers if n >= 0]
    ### END SOLUTION
""",
        test="""
data = [3, -1, 0, -5]
same = data
assert remove_negatives(data) is None
assert data == [3, 0]
assert same is data
""",
        half="def remove_negatives(numbers):\n    for n in numbers:\n"
        "        if n < 0:\n            numbers.remove(n)\n            return",
        wrong="def remove_negatives(numbers):\n    return [n for n in numbers if n >= 0]",
    ),
    Pattern(
        name="changed_and_returned",
        solution="""
def take_first(queue):
    ### BEGIN SOLUTION
    return queue.pop(0)
    ### END SOLUTION
""",
        test="""
queue = ["a", "b", "c"]
assert take_first(queue) == "a"
assert queue == ["b", "c"]
""",
        half="def take_first(queue):\n    return queue[0]",
        wrong="def take_first(queue):\n    return queue.pop()",
    ),
    Pattern(
        name="nothing_changed",
        solution="""
def doubled(numbers):
    ### BEGIN SOLUTION
    return [2 * n for n in numbers]
    ### END SOLUTION
""",
        test="""
numbers = [1, 2]
before = list(numbers)
result = doubled(numbers)
assert result == [2, 4]
assert numbers == before, "doubled must not change its argument"
assert result is not numbers
""",
        half="def doubled(numbers):\n    return [2, 4][:len(numbers) - 1]",
        wrong="def doubled(numbers):\n    return 2 * numbers",
    ),
    Pattern(
        name="dict_changed",
        solution="""
def tally(word, counts):
    ### BEGIN SOLUTION
    for letter in word:
        counts[letter] = counts.get(letter, 0) + 1
    ### END SOLUTION
""",
        test="""
counts = {"a": 1}
tally("abba", counts)
assert counts == {"a": 3, "b": 2}
""",
        half="def tally(word, counts):\n    for letter in word:\n        counts[letter] = 1",
        wrong="def tally(word, counts):\n    return {'a': 3, 'b': 2}",
    ),
    Pattern(
        name="variable",
        solution="""
# What is six times seven?
answer = ...
### BEGIN SOLUTION
answer = 6 * 7
### END SOLUTION
""",
        test="""
assert answer is not ..., "Replace the dots"
assert type(answer) == int
assert answer == 42
""",
        half="answer = 42.0",
        wrong="answer = 67",
    ),
    Pattern(
        name="tuple_of_results",
        solution="""
def span(numbers):
    ### BEGIN SOLUTION
    return min(numbers), max(numbers)
    ### END SOLUTION
""",
        test="""
assert span([3, 1, 2]) == (1, 3)
low, high = span([5])
assert low == high == 5
assert isinstance(span([1]), tuple) and len(span([1, 2])) == 2
""",
        half="def span(numbers):\n    return [min(numbers), max(numbers)]",
        wrong="def span(numbers):\n    return max(numbers) - min(numbers)",
    ),
    Pattern(
        name="dict_of_results",
        solution="""
def statistics_of(numbers):
    ### BEGIN SOLUTION
    return {"n": len(numbers), "mean": sum(numbers) / len(numbers), "largest": max(numbers)}
    ### END SOLUTION
""",
        test="""
stats = statistics_of([1, 2, 6])
assert type(stats) is dict
assert set(stats) == {"n", "mean", "largest"}
assert stats["n"] == 3 and stats["largest"] == 6
assert abs(stats["mean"] - 3) < 1e-9
for key, value in stats.items():
    assert isinstance(value, (int, float)), key
""",
        half="def statistics_of(numbers):\n    return {'n': len(numbers), 'mean': 3}",
        wrong="def statistics_of(numbers):\n    return list(numbers)",
    ),
    Pattern(
        name="strings",
        solution="""
def caesar(text, shift):
    ### BEGIN SOLUTION
    return "".join(
        chr((ord(c) - 97 + shift) % 26 + 97) if c.islower() else c for c in text)
    ### END SOLUTION
""",
        test="""
assert caesar("abc xyz", 3) == "def abc"
assert caesar(caesar("hello", 7), -7) == "hello"
assert caesar("", 1) == "" and isinstance(caesar("a", 1), str)
assert "b" in caesar("a", 1)
""",
        half="def caesar(text, shift):\n    return ''.join(chr(ord(c) + shift) for c in text)",
        wrong="def caesar(text, shift):\n    return text",
    ),
    Pattern(
        name="regular_expression",
        given="import re",
        solution="""
# A pattern for times such as 23:59.
### BEGIN SOLUTION
time_pattern = r"([01]\\d|2[0-3]):[0-5]\\d"
### END SOLUTION
""",
        test="""
for text in ["00:00", "23:59", "09:30"]:
    assert re.fullmatch(time_pattern, text), text
for text in ["24:00", "1:30", "12:60", "12.30"]:
    assert not re.fullmatch(time_pattern, text), text
""",
        half="time_pattern = r'\\d\\d:\\d\\d'",
        wrong="time_pattern = r'time'",
    ),
    Pattern(
        name="compiled_pattern",
        given="import re",
        solution="""
### BEGIN SOLUTION
word = re.compile(r"[a-z]+")
### END SOLUTION
""",
        test="""
assert word.findall("a bc, d1") == ["a", "bc", "d"]
assert word.fullmatch("abc") is not None
assert word.match("1") is None
""",
        half="word = re.compile(r'[a-z]')",
        wrong="word = '[a-z]+'",
    ),
    Pattern(
        name="sets",
        solution="""
def common(a, b):
    ### BEGIN SOLUTION
    return set(a) & set(b)
    ### END SOLUTION
""",
        test="""
assert common([1, 2, 2], [2, 3]) == {2}
assert common("ab", "cd") == set()
assert isinstance(common([], []), set)
assert common("abc", "bcd") <= set("abc")
""",
        half="def common(a, b):\n    return [x for x in a if x in b]",
        wrong="def common(a, b):\n    return set(a) | set(b)",
    ),
    Pattern(
        name="recursion",
        solution="""
def flatten(nested):
    ### BEGIN SOLUTION
    flat = []
    for item in nested:
        flat += flatten(item) if isinstance(item, list) else [item]
    return flat
    ### END SOLUTION
""",
        test="""
assert flatten([1, [2, [3, []]], 4]) == [1, 2, 3, 4]
assert flatten([]) == []
deep = 1
for _ in range(30):
    deep = [deep]
assert flatten(deep) == [1]
""",
        half="def flatten(nested):\n    flat = []\n    for item in nested:\n"
        "        flat += item if isinstance(item, list) else [item]\n    return flat",
        wrong="def flatten(nested):\n    return nested",
    ),
    Pattern(
        name="must_be_recursive",
        given="import sys",
        solution="""
def power(base, n):
    ### BEGIN SOLUTION
    return 1 if n == 0 else base * power(base, n - 1)
    ### END SOLUTION
""",
        test="""
assert power(2, 10) == 1024
import inspect
assert "power(" in inspect.getsource(power).split(":", 1)[1], "use recursion"
""",
        half="def power(base, n):\n    return base ** n",
        wrong="def power(base, n):\n    return base * n",
    ),
    Pattern(
        name="no_loops",
        solution="""
def total_of(numbers):
    ### BEGIN SOLUTION
    return numbers[0] + total_of(numbers[1:]) if numbers else 0
    ### END SOLUTION
""",
        test="""
import ast, inspect, textwrap
code = ast.parse(textwrap.dedent(inspect.getsource(total_of)))
assert not any(isinstance(node, (ast.For, ast.While)) for node in ast.walk(code))
assert total_of([1, 2, 3]) == 6
""",
        half="def total_of(numbers):\n    total = 0\n    for n in numbers:\n"
        "        total += n\n    return total",
        wrong="def total_of(numbers):\n    return numbers[0]",
    ),
    Pattern(
        name="length_and_type",
        solution="""
def chunks(items, size):
    ### BEGIN SOLUTION
    return [items[i:i + size] for i in range(0, len(items), size)]
    ### END SOLUTION
""",
        test="""
assert str(type(chunks([1, 2, 3], 2))) == "<class 'list'>"
assert len(chunks([1, 2, 3], 2)) == 2
assert str(chunks([1, 2, 3], 2)) == "[[1, 2], [3]]"
assert len(chunks("abcdef", 4)[1]) == 2
""",
        half="def chunks(items, size):\n    return [[1, 2], [3]]",
        wrong="def chunks(items, size):\n    return len(items) // size",
    ),
    Pattern(
        name="type_of_result",
        solution="""
def average(numbers):
    ### BEGIN SOLUTION
    return sum(numbers) / len(numbers)
    ### END SOLUTION
""",
        test="""
assert type(average([1, 3])) == float
assert average([1, 3]) == 2
assert type(average([1, 2])) is not int
""",
        half="def average(numbers):\n    return sum(numbers) // len(numbers)",
        wrong="def average(numbers):\n    return 'two'",
    ),
    Pattern(
        name="is_none",
        solution="""
def find(items, wanted):
    ### BEGIN SOLUTION
    for i, item in enumerate(items):
        if item == wanted:
            return i
    return None
    ### END SOLUTION
""",
        test="""
assert find("abc", "c") == 2
assert find("abc", "x") is None
assert find([True], True) is not None
""",
        half="def find(items, wanted):\n    return items.index(wanted) if wanted in items else -1",
        wrong="def find(items, wanted):\n    return wanted in items",
    ),
    Pattern(
        name="is_true",
        solution="""
def is_palindrome(text):
    ### BEGIN SOLUTION
    letters = [c.lower() for c in text if c.isalpha()]
    return letters == letters[::-1]
    ### END SOLUTION
""",
        test="""
assert is_palindrome("Never odd or even") is True
assert is_palindrome("word") is False
assert not is_palindrome("ab")
""",
        half="def is_palindrome(text):\n    return text == text[::-1]",
        wrong="def is_palindrome(text):\n    return 1",
    ),
    Pattern(
        name="formatting",
        solution="""
def receipt(item, price):
    ### BEGIN SOLUTION
    return f"{item:<10}{price:>8.2f}"
    ### END SOLUTION
""",
        test="""
line = receipt("tea", 2.5)
assert line == "tea           2.50"
assert len(receipt("bread", 10)) == 18
assert line.startswith("tea") and line.endswith("2.50")
""",
        half="def receipt(item, price):\n    return f'{item} {price:.2f}'",
        wrong="def receipt(item, price):\n    return item, price",
    ),
    Pattern(
        name="keyword_arguments",
        solution="""
def tag(name, *children, **attributes):
    ### BEGIN SOLUTION
    inside = "".join(f' {k}="{v}"' for k, v in sorted(attributes.items()))
    return f"<{name}{inside}>{''.join(children)}</{name}>"
    ### END SOLUTION
""",
        test="""
assert tag("p") == "<p></p>"
assert tag("p", "a", "b") == "<p>ab</p>"
assert tag("a", "x", href="#", id="y") == '<a href="#" id="y">x</a>'
assert tag(*["p", "q"], **{"id": 1}) == '<p id="1">q</p>'
""",
        half="def tag(name, *children):\n    return f'<{name}>{\"\".join(children)}</{name}>'",
        wrong="def tag(name):\n    return name",
    ),
    Pattern(
        name="default_argument",
        solution="""
def append_to(item, items=None):
    ### BEGIN SOLUTION
    items = [] if items is None else items
    return items + [item]
    ### END SOLUTION
""",
        test="""
assert append_to(1) == [1]
assert append_to(2) == [2], "a list as a default is shared by all calls"
assert append_to(3, [1]) == [1, 3]
""",
        half="def append_to(item, items=[]):\n    items.append(item)\n    return items",
        wrong="def append_to(item, items=None):\n    return item",
    ),
    Pattern(
        name="lazy_map",
        solution="""
def lengths(words):
    ### BEGIN SOLUTION
    return map(len, words)
    ### END SOLUTION
""",
        test="""
assert list(lengths(["a", "bcd"])) == [1, 3]
assert sum(lengths(["ab"] * 10)) == 20
""",
        half="def lengths(words):\n    return [1, 3]",
        wrong="def lengths(words):\n    return len(words)",
    ),
    Pattern(
        name="loaded_module",
        solution="""
# Import the module colorsys.
### BEGIN SOLUTION
import colorsys
### END SOLUTION
""",
        test="""
import sys
assert "colorsys" in sys.modules, "You have not imported it"
assert colorsys.rgb_to_hsv(1, 0, 0) == (0, 1, 1)
""",
        half="import colorsys as c",
        wrong="import calendar",
    ),
    Pattern(
        name="import_is_the_exercise",
        solution="""
# Import statistics as st, and from math the function gcd.
### BEGIN SOLUTION
import statistics as st
from math import gcd
### END SOLUTION
""",
        test="""
assert st.mean([1, 2]) == 1.5
assert gcd(12, 18) == 6
""",
        half="import statistics as st",
        wrong="import statistics\nimport math",
    ),
    Pattern(
        name="same_module",
        solution="""
### BEGIN SOLUTION
import cmath as cm
### END SOLUTION
""",
        test="""
import cmath
assert id(cm) == id(cmath)
""",
        half="import math as cm",
        wrong="cm = 'cmath'",
    ),
    Pattern(
        name="whole_cell",
        solution="""
def gcd_of(a, b):
    while b:
        a, b = b, a % b
    return a
""",
        test="""
assert gcd_of(12, 18) == 6
assert gcd_of(7, 0) == 7
""",
        half="def gcd_of(a, b):\n    return 6",
        wrong="def gcd_of(a, b):\n    return min(a, b)",
    ),
    Pattern(
        name="helper_and_answer",
        solution="""
### BEGIN SOLUTION
def _is_prime(n):
    return n > 1 and all(n % d for d in range(2, int(n ** 0.5) + 1))
### END SOLUTION

def primes_below(n):
    ### BEGIN SOLUTION
    return [k for k in range(n) if _is_prime(k)]
    ### END SOLUTION
""",
        test="""
assert primes_below(20) == [2, 3, 5, 7, 11, 13, 17, 19]
assert primes_below(2) == []
assert len(primes_below(1000)) == 168
""",
        half="def primes_below(n):\n    return [2, 3, 5, 7, 11, 13, 17, 19]",
        wrong="def primes_below(n):\n    return list(range(2, n))",
    ),
    Pattern(
        name="three_cells",
        solution="""
### BEGIN SOLUTION
width = 3
### END SOLUTION
# next cell
### BEGIN SOLUTION
height = 2 * width
### END SOLUTION
# next cell
def area_of_it():
    ### BEGIN SOLUTION
    return width * height
    ### END SOLUTION
""",
        test="""
assert width == 3, "width"
assert height == 6, "height"
assert area_of_it() == 18
""",
        half="width = 3\n# next cell\nheight = 5\n# next cell\ndef area_of_it():\n    return 18",
        wrong="width = 1\n# next cell\nheight = 2\n# next cell\n"
        "def area_of_it():\n    return width * height",
    ),
    Pattern(
        name="data_read_by_student",
        solution="""
def read_temperatures(path):
    ### BEGIN SOLUTION
    with open(path) as file:
        return [float(line.split(",")[1]) for line in file if not line.startswith("#")]
    ### END SOLUTION
""",
        test="""
temperatures = read_temperatures("temperatures.csv")
assert temperatures == [12.5, 14.0, 9.5]
assert sum(read_temperatures("temperatures.csv")) == 36
""",
        half="def read_temperatures(path):\n    return [12.5, 14.0]",
        wrong="def read_temperatures(path):\n    return open(path).read()",
    ),
    Pattern(
        name="data_read_by_test",
        solution="""
def warmest(lines):
    ### BEGIN SOLUTION
    return max(lines, key=lambda line: float(line.split(",")[1])).split(",")[0]
    ### END SOLUTION
""",
        test="""
with open("temperatures.csv") as file:
    rows = [line.strip() for line in file if not line.startswith("#")]
assert warmest(rows) == "tue"
assert warmest(rows[2:]) == "wed"
""",
        half="def warmest(lines):\n    return 'tue'",
        wrong="def warmest(lines):\n    return lines[0]",
    ),
    Pattern(
        name="file_written",
        solution="""
def save_lines(lines, path):
    ### BEGIN SOLUTION
    with open(path, "w") as file:
        file.writelines(line + "\\n" for line in lines)
    ### END SOLUTION
""",
        test="""
import os
save_lines(["one", "two"], "written.txt")
assert os.path.exists("written.txt")
with open("written.txt") as file:
    assert file.read() == "one\\ntwo\\n"
""",
        half="def save_lines(lines, path):\n    open(path, 'w').write(''.join(lines))",
        wrong="def save_lines(lines, path):\n    return lines",
    ),
    Pattern(
        name="helper_module",
        given="from pattern_helpers import roman",
        solution="""
def page(n):
    ### BEGIN SOLUTION
    return f"page {roman(n)}"
    ### END SOLUTION
""",
        test="""
from pattern_helpers import check_page
assert page(4) == "page iv"
check_page(page)
""",
        half="def page(n):\n    return 'page iv'",
        wrong="def page(n):\n    return n",
    ),
    Pattern(
        name="reference_in_helper",
        solution="""
def collatz(n):
    ### BEGIN SOLUTION
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
    ### END SOLUTION
""",
        test="""
import pattern_helpers
for n in range(1, 30):
    assert collatz(n) == pattern_helpers.collatz(n), n
""",
        half="def collatz(n):\n    return 0 if n == 1 else 1",
        wrong="def collatz(n):\n    return n",
    ),
    Pattern(
        name="test_uses_both",
        solution="""
def encode(text):
    ### BEGIN SOLUTION
    return [ord(c) for c in text]
    ### END SOLUTION
# next cell
def decode(codes):
    ### BEGIN SOLUTION
    return "".join(chr(c) for c in codes)
    ### END SOLUTION
""",
        test="""
for text in ["", "a", "hello", "äöü"]:
    assert decode(encode(text)) == text
assert encode("A") == [65]
""",
        half="def encode(text):\n    return [65 for c in text]\n# next cell\n"
        "def decode(codes):\n    return ''.join(chr(c) for c in codes)",
        wrong="def encode(text):\n    return text\n# next cell\n"
        "def decode(codes):\n    return codes",
    ),
    Pattern(
        name="memo",
        solution="""
memo = {}

def stairs(n):
    ### BEGIN SOLUTION
    if n < 2:
        return 1
    if n not in memo:
        memo[n] = stairs(n - 1) + stairs(n - 2)
    return memo[n]
    ### END SOLUTION
""",
        test="""
memo.clear()
assert stairs(60) == 2504730781961
assert len(memo) > 10, "keep what was computed in memo"
assert memo[2] == 2
""",
        half="memo = {}\ndef stairs(n):\n    a, b = 1, 1\n    for _ in range(n):\n"
        "        a, b = b, a + b\n    return a",
        wrong="memo = {}\ndef stairs(n):\n    return n",
    ),
    Pattern(
        name="global_changed",
        solution="""
total = 0

def deposit(amount):
    ### BEGIN SOLUTION
    global total
    total += amount
    ### END SOLUTION
""",
        test="""
start = total
deposit(5)
deposit(7)
assert total == start + 12
""",
        half="total = 0\ndef deposit(amount):\n    global total\n    total = amount",
        wrong="total = 0\ndef deposit(amount):\n    return total + amount",
    ),
    Pattern(
        name="global_set_by_test",
        solution="""
rate = 2

def convert(amount):
    ### BEGIN SOLUTION
    return amount * rate
    ### END SOLUTION
""",
        test="""
assert convert(3) == 6
rate = 10
assert convert(3) == 30, "use the variable rate"
rate = 2
""",
        half="rate = 2\ndef convert(amount):\n    return amount * 2",
        wrong="rate = 2\ndef convert(amount):\n    return rate",
    ),
    Pattern(
        name="documented",
        solution='''
### BEGIN SOLUTION
def area_of_circle(r):
    """The area of a circle of radius r."""
    return 3.141592653589793 * r * r
### END SOLUTION
''',
        test="""
assert area_of_circle.__doc__, "write a docstring"
assert "radius" in area_of_circle.__doc__
assert round(area_of_circle(1), 5) == 3.14159
""",
        half="def area_of_circle(r):\n    return 3.141592653589793 * r * r",
        wrong="def area_of_circle(r):\n    '''The radius.'''\n    return r",
    ),
    Pattern(
        name="annotated",
        solution="""
### BEGIN SOLUTION
def repeat(text: str, times: int = 2) -> str:
    return text * times
### END SOLUTION
""",
        test="""
assert repeat.__annotations__ == {"text": str, "times": int, "return": str}
assert repeat.__defaults__ == (2,)
assert repeat("ab") == "abab"
""",
        half="def repeat(text, times=2):\n    return text * times",
        wrong="def repeat(text: str):\n    return text",
    ),
    Pattern(
        name="check_of_instructors",
        given="""
def check(function, cases):
    for given, wanted in cases:
        got = function(*given)
        if got != wanted:
            raise AssertionError(f"{function.__name__}{given} gives {got!r}, not {wanted!r}")
    print("OK")
""",
        solution="""
def hypotenuse(a, b):
    ### BEGIN SOLUTION
    return (a * a + b * b) ** 0.5
    ### END SOLUTION
""",
        test="""
check(hypotenuse, [((3, 4), 5), ((0, 2), 2), ((5, 12), 13)])
""",
        half="def hypotenuse(a, b):\n    return 5 if a == 3 else 2",
        wrong="def hypotenuse(a, b):\n    return a + b",
    ),
    Pattern(
        name="multiple_choice",
        solution="""
# Which of these is a mutable type? (a) str (b) tuple (c) list (d) int
choice = ""
### BEGIN SOLUTION
choice = "c"
### END SOLUTION
""",
        test="""
assert isinstance(choice, str) and choice.lower() in set("abcd"), "Answer by a letter"
### BEGIN HIDDEN TESTS
assert choice.lower() == "c"
### END HIDDEN TESTS
""",
        half="choice = 'b'",
        wrong="choice = ['c']",
    ),
    Pattern(
        name="records",
        solution="""
def oldest(people):
    ### BEGIN SOLUTION
    return sorted(people, key=lambda person: (-person["age"], person["name"]))[:2]
    ### END SOLUTION
""",
        test="""
people = [{"name": n, "age": a} for n, a in [("Bo", 30), ("Al", 41), ("Cy", 41), ("Di", 5)]]
assert [person["name"] for person in oldest(people)] == ["Al", "Cy"]
assert oldest(people[:1]) == [{"name": "Bo", "age": 30}]
assert len(people) == 4
""",
        half="def oldest(people):\n    return sorted(people, key=lambda person: -person['age'])",
        wrong="def oldest(people):\n    return max(person['age'] for person in people)",
    ),
    Pattern(
        name="expression_at_the_end",
        solution="""
def sign(x):
    ### BEGIN SOLUTION
    return (x > 0) - (x < 0)
    ### END SOLUTION
""",
        test="""
assert sign(5) == 1 and sign(-2) == -1 and sign(0) == 0
"well done"
""",
        half="def sign(x):\n    return 1 if x > 0 else -1",
        wrong="def sign(x):\n    return x",
    ),
]

# --- values of other classes -----------------------------------------------------------

MORE_VALUES = [
    Pattern(
        name="structured",
        given="import numpy as np",
        solution="""
def people(names, ages):
    ### BEGIN SOLUTION
    made = np.zeros(len(names), dtype=[("name", "U10"), ("age", "i4")])
    made["name"], made["age"] = names, ages
    return made
    ### END SOLUTION

def birthday(people):
    ### BEGIN SOLUTION
    people["age"] += 1
    ### END SOLUTION

def older(person):
    ### BEGIN SOLUTION
    person["age"] += 1
    return person
    ### END SOLUTION
""",
        test="""
p = people(["Al", "Bo"], [3, 1])
assert p.dtype == [("name", "U10"), ("age", "i4")]
assert np.sort(p, order="age")["name"].tolist() == ["Bo", "Al"]
birthday(p)
assert p["age"].tolist() == [4, 2] and p.view(np.recarray).age.max() == 4
assert p[0]["name"] == "Al" and older(p[0])["age"] == 5
assert p[0]["age"] == 5, "a record is a view"
""",
        half="""
def people(names, ages):
    made = np.zeros(len(names), dtype=[('name', 'U10'), ('age', 'i4')])
    return made
def birthday(p):
    pass
""",
        wrong="""
def people(names, ages):
    return np.array([names, ages])
""",
    ),
    Pattern(
        name="masked_array",
        given="import numpy as np",
        solution="""
def valid(a):
    ### BEGIN SOLUTION
    return np.ma.masked_less(a, 0)
    ### END SOLUTION

def hide_last(a):
    ### BEGIN SOLUTION
    a[-1] = np.ma.masked
    ### END SOLUTION

def mean_of(m):
    ### BEGIN SOLUTION
    return m.mean()
    ### END SOLUTION
""",
        test="""
m = valid(np.array([1.0, -999, 3]))
assert isinstance(m, np.ma.MaskedArray)
assert m.mask.tolist() == [False, True, False] and m.mean() == 2
assert m.filled(0).tolist() == [1, 0, 3] and m[1] is np.ma.masked
hide_last(m)
assert m.count() == 1
assert mean_of(np.ma.array([1.0, 2, 30], mask=[0, 0, 1])) == 1.5
""",
        half="""
def valid(a):
    return np.ma.array(a)
def hide_last(a):
    pass
""",
        wrong="""
def valid(a):
    return a[a >= 0]
""",
    ),
    Pattern(
        name="sparse",
        given="""
import numpy as np
import scipy.sparse as sp
""",
        solution="""
def laplacian(n):
    ### BEGIN SOLUTION
    return sp.diags([-np.ones(n - 1), 2 * np.ones(n), -np.ones(n - 1)], [-1, 0, 1], format="csr")
    ### END SOLUTION

def solve(a, b):
    ### BEGIN SOLUTION
    from scipy.sparse.linalg import spsolve
    return spsolve(a, b)
    ### END SOLUTION
""",
        test="""
a = laplacian(4)
assert sp.issparse(a) and a.format == "csr" and a.nnz == 10
assert np.allclose(a.toarray()[0], [2, -1, 0, 0])
assert np.allclose((a @ np.ones(4)), [1, 0, 0, 1])
assert np.allclose(solve(sp.csc_matrix(2 * np.eye(2)), np.array([2.0, 4.0])), [1, 2])
""",
        half="""
def laplacian(n):
    return sp.eye(n, format='csr')
def solve(a, b):
    return b
""",
        wrong="""
def laplacian(n):
    return np.eye(n)
""",
    ),
    Pattern(
        name="ellipsis",
        solution="""
n = ...
### BEGIN SOLUTION
n = 12
### END SOLUTION
""",
        test="""
assert n is not ..., "replace the dots"
assert n > 10
""",
        half="n = 3",
        wrong="n = ...",
    ),
    Pattern(
        name="ellipsis_only",
        solution="""
answer = ...
### BEGIN SOLUTION
answer = 12
### END SOLUTION
""",
        test="assert answer is not ..., 'replace the dots'",
        half="answer = ...",
        wrong="answer = Ellipsis",
    ),
    Pattern(
        name="not_implemented",
        solution="""
class Metre:
    ### BEGIN SOLUTION
    def __init__(self, n):
        self.n = n
    def __eq__(self, other):
        if not isinstance(other, Metre):
            return NotImplemented
        return self.n == other.n
    def add(self, other):
        return Metre(self.n + other.n) if isinstance(other, Metre) else NotImplemented
    ### END SOLUTION
""",
        test="""
assert Metre(1) == Metre(1)
assert Metre(1).add(3) is NotImplemented
""",
        half="""
class Metre:
    def __init__(self, n):
        self.n = n
    def add(self, other):
        return self.n
""",
        wrong="""
class Metre:
    pass
""",
    ),
    Pattern(
        name="deep_list",
        solution="""
def flatten(x):
    ### BEGIN SOLUTION
    if not isinstance(x, list):
        return [x]
    return [y for z in x for y in flatten(z)]
    ### END SOLUTION

def nest(n):
    ### BEGIN SOLUTION
    return [] if n == 0 else [nest(n - 1)]
    ### END SOLUTION
""",
        test="""
deep = 0
for _ in range(150):
    deep = [deep]
assert flatten(deep) == [0] and flatten([1, [2, [3]]]) == [1, 2, 3]
made = nest(100)
for _ in range(100):
    made, = made
assert made == []
""",
        half="""
def flatten(x):
    return x
def nest(n):
    return [[]]
""",
        wrong="""
def flatten(x):
    return x
def nest(n):
    return [[]]
""",
    ),
    Pattern(
        name="type_hints",
        given="import numpy as np",
        solution="""
from typing import Callable, Optional
### BEGIN SOLUTION
def find(items: list[int], wanted: Callable[[int], bool]) -> Optional[int]:
    return next(filter(wanted, items), None)

def count(words: list[str]) -> dict[str, int]:
    return {w: words.count(w) for w in words}

def none(x: "int", y: np.ndarray) -> None: ...
### END SOLUTION
""",
        test="""
import typing
hints = typing.get_type_hints(find)
assert hints["return"] == typing.Optional[int]
assert hints["items"] == list[int]
assert hints["wanted"] == typing.Callable[[int], bool]
assert count.__annotations__ == {"words": list[str], "return": dict[str, int]}
import inspect
assert inspect.signature(count).return_annotation == dict[str, int]
assert typing.get_type_hints(none) == {"x": int, "y": np.ndarray, "return": type(None)}
assert find([1, 2, 3], lambda x: x > 1) == 2
""",
        half="""
def find(items, wanted) -> int:
    return 2
def count(words): return {}
""",
        wrong="""
def find(items, wanted):
    return None
""",
    ),
    Pattern(
        name="polynomials",
        given="import numpy as np",
        solution="""
def poly(*roots):
    ### BEGIN SOLUTION
    return np.polynomial.Polynomial.fromroots(roots)
    ### END SOLUTION

def derived(p):
    ### BEGIN SOLUTION
    return p.deriv()
    ### END SOLUTION

def old(c):
    ### BEGIN SOLUTION
    return np.poly1d(c)
    ### END SOLUTION
""",
        test="""
p = poly(1, 2)
assert isinstance(p, np.polynomial.Polynomial) and np.allclose(p.coef, [2, -3, 1]) and p(1) == 0
assert derived(p) == np.polynomial.Polynomial([-3, 2])
assert derived(np.poly1d([1, 0, 0])) == np.poly1d([2, 0])
assert old([1, 0, -1])(3) == 8 and np.allclose(sorted(old([1, 0, -1]).r), [-1, 1])
""",
        half="""
def poly(*roots):
    return np.polynomial.Polynomial(roots)
def derived(p):
    return p
""",
        wrong="""
def poly(*roots):
    return roots
""",
    ),
    Pattern(
        name="iterators",
        solution="""
import functools, itertools, re, types
### BEGIN SOLUTION
def squares(xs):
    return map(lambda x: x * x, xs)
def pairs(xs):
    return itertools.combinations(xs, 2)
def adder(n):
    return functools.partial(lambda a, b: a + b, n)
word = re.compile(r"\\w+")
def point(x):
    return types.SimpleNamespace(x=x)
def both(a, b):
    return zip(a, b)
### END SOLUTION
""",
        test="""
import functools, itertools, re, types
assert isinstance(squares([1, 2]), map) and list(squares([1, 2])) == [1, 4]
assert isinstance(pairs("abc"), itertools.combinations) and next(pairs("abc")) == ("a", "b")
assert isinstance(adder(1), functools.partial) and adder(1)(2) == 3
assert isinstance(word, re.Pattern) and word.findall("a b") == ["a", "b"]
assert isinstance(point(3), types.SimpleNamespace) and point(3).x == 3
assert isinstance(both([1], [2]), zip) and list(both([1], [2])) == [(1, 2)]
""",
        half="""
def squares(xs):
    return [x*x for x in xs]
""",
        wrong="""
def squares(xs):
    return xs
""",
    ),
    Pattern(
        name="dtypes",
        given="import numpy as np",
        solution="""
def kind_of(a):
    ### BEGIN SOLUTION
    return a.dtype
    ### END SOLUTION

def zeros(dtype):
    ### BEGIN SOLUTION
    return np.zeros(3, dtype)
    ### END SOLUTION

def scalar(a):
    ### BEGIN SOLUTION
    return a.dtype.type
    ### END SOLUTION

def class_of(x):
    ### BEGIN SOLUTION
    return type(x)
    ### END SOLUTION
""",
        test="""
assert kind_of(np.ones(2)) == np.float64 and kind_of(np.ones(2)) == "float64"
assert zeros(np.dtype("i4")).dtype == np.int32 and zeros(np.float32).dtype == np.float32
assert scalar(np.ones(2)) is np.float64
assert class_of(None) is type(None) and class_of(np.ones(1)) is np.ndarray and class_of(2) is int
""",
        half="""
def kind_of(a):
    return 'float64'
def zeros(d):
    return 0
""",
        wrong="""
def kind_of(a):
    return a
""",
    ),
]

# --- files, figures, and what a test puts in the place of others ------------------------------

AROUND = [
    Pattern(
        name="axes_of_the_test",
        given="import matplotlib.pyplot as plt",
        solution="""
def bars(ax, xs):
    ### BEGIN SOLUTION
    ax.bar(range(len(xs)), xs)
    ax.set_title("bars")
    ### END SOLUTION
""",
        test="""
plt.close("all")
fig, axes = plt.subplots(1, 2, figsize=(6, 3))
bars(axes[1], [1, 2, 5])
assert [p.get_height() for p in axes[1].patches] == [1, 2, 5]
assert len(axes[0].patches) == 0
assert len(axes) == 2 and axes.shape == (2,)
assert axes[1].get_title() == "bars"
bars(plt.gca(), [1])
plt.close("all")
""",
        half="""
def bars(ax, xs):
    ax.bar(range(len(xs)), xs)
""",
        wrong="""
def bars(ax, xs):
    ax.plot(xs)
""",
    ),
    Pattern(
        name="axes_in_a_grid",
        given="import matplotlib.pyplot as plt",
        solution="""
def bars_each(ax, xs):
    ### BEGIN SOLUTION
    ax.bar(range(len(xs)), xs)
    ax.set_title("bars")
    ### END SOLUTION
""",
        test="""
from matplotlib.pyplot import subplots
(f, ((a, b), (c, d))) = subplots(2, 2)
for ax in (a, b):
    bars_each(ax, [1])
titles = [ax.get_title() for ax in f.axes]
assert titles == ["bars", "bars", "", ""], titles
fig, axs = subplots(2, 2)
for ax in axs.flat:
    bars_each(ax, [3])
assert axs[1, 1].get_title() == "bars"
for ax in axs.ravel():
    assert ax.patches[0].get_height() == 3
""",
        half="""
def bars_each(ax, xs):
    ax.bar(range(len(xs)), xs)
""",
        wrong="""
def bars_each(ax, xs):
    ax.plot(xs)
""",
    ),
    Pattern(
        name="figure_of_the_test",
        given="import matplotlib.pyplot as plt",
        solution="""
def gcf_draw(xs):
    ### BEGIN SOLUTION
    plt.plot(xs, xs)
    plt.xlabel("x")
    ### END SOLUTION
""",
        test="""
plt.figure()
gcf_draw([1, 2])
ax = plt.gca()
assert len(ax.lines) == 1
assert ax.lines[0].get_xdata().tolist() == [1, 2]
assert ax.get_xlabel() == "x"
plt.clf()
fig = plt.figure(figsize=(4, 2))
gcf_draw([1])
assert len(fig.axes) == 1
assert plt.gcf().get_size_inches().tolist() == [4, 2]
""",
        half="""
def gcf_draw(xs):
    plt.plot(xs, xs)
""",
        wrong="""
def gcf_draw(xs):
    return plt.plot([1], [2])
""",
    ),
    Pattern(
        name="axes_for_a_table",
        given="import matplotlib.pyplot as plt",
        solution="""
def df_draw(df, ax):
    ### BEGIN SOLUTION
    df.plot(ax=ax, legend=True)
    ax.set_ylabel("y")
    return ax
    ### END SOLUTION
""",
        test="""
import pandas as pd
fig, ax = plt.subplots()
r = df_draw(pd.DataFrame({"a": [1, 2], "b": [3, 4]}), ax)
assert r is ax
assert len(ax.get_lines()) == 2
assert [t.get_text() for t in ax.get_legend().get_texts()] == ["a", "b"]
assert ax.get_ylabel() == "y"
""",
        half="""
def df_draw(df, ax):
    df.plot(ax=ax, legend=True)
    return ax
""",
        wrong="""
def df_draw(df, ax):
    return 1
""",
    ),
    Pattern(
        name="shown_beside",
        given="import matplotlib.pyplot as plt",
        solution="""
def own_plot(x):
    ### BEGIN SOLUTION
    return x ** 2
    ### END SOLUTION
""",
        test="""
import numpy as np, pandas as pd
x = np.linspace(0, 1, 5)
plt.figure(figsize=(3, 3))
plt.plot(x, own_plot(x), "o-", label="yours"); plt.legend(); plt.grid(True); plt.xlim(0, 1)
plt.title("yours")
plt.show()
plt.imshow(np.ones((3, 3))); plt.colorbar(); plt.axhline(0.5)
plt.scatter(x, x); plt.hist(x); plt.tight_layout()
ax = pd.DataFrame({"a": own_plot(x)}).plot()
assert len(ax.lines) == 1
assert np.allclose(own_plot(x), x * x)
""",
        half="""
def own_plot(x): return x
""",
        wrong="""
def own_plot(x): return 3
""",
    ),
    Pattern(
        name="standard_input",
        solution="""
import sys
def total_in():
    ### BEGIN SOLUTION
    return sum(int(line) for line in sys.stdin)
    ### END SOLUTION
""",
        test="""
import io, sys
from unittest import mock
with mock.patch("sys.stdin", io.StringIO("1\\n2\\n")):
    assert total_in() == 3
old = sys.stdin
sys.stdin = io.StringIO("5\\n")
try:
    assert total_in() == 5
finally:
    sys.stdin = old
sys.stdin = io.StringIO("7\\n")
assert total_in() == 7
""",
        half="""
import sys
def total_in():
    return int(sys.stdin.readline())
""",
        wrong="""
def total_in():
    return 3
""",
    ),
    Pattern(
        name="constants_replaced",
        solution="""
import math, time, random, string
def area(r):
    ### BEGIN SOLUTION
    return math.pi * r ** 2
    ### END SOLUTION
def wait(n):
    ### BEGIN SOLUTION
    for i in range(n):
        time.sleep(1)
    return random.random()
    ### END SOLUTION
""",
        test="""
import math, random
from unittest import mock
assert abs(area(1) - 3.14159) < 1e-4
with mock.patch.object(math, "pi", 3):
    assert area(2) == 12
keep = math.pi
math.pi = 4
assert area(1) == 4
math.pi = keep
with mock.patch("time.sleep") as sleep, mock.patch.object(random, "random", return_value=0.25):
    assert wait(3) == 0.25
assert sleep.call_count == 3
with mock.patch("random.random", lambda: 0.5), mock.patch("time.sleep", lambda s: None):
    assert wait(200) == 0.5
math.pi = 5
assert area(1) == 5
""",
        half="""
import math
def area(r):
    return math.pi * r * r
def wait(n):
    return 0.25
""",
        wrong="""
def area(r):
    return 3.14159 * r * r
def wait(n):
    return 0.25
""",
    ),
    Pattern(
        name="environment",
        solution="""
import os, sys
def setting(name):
    ### BEGIN SOLUTION
    return os.environ.get(name, "none") + os.getenv(name, "!")
    ### END SOLUTION
def args():
    ### BEGIN SOLUTION
    return sys.argv[1:]
    ### END SOLUTION
""",
        test="""
import os, sys
from unittest import mock
assert setting("TOKEN") == "none!"
with mock.patch.dict(os.environ, {"TOKEN": "abc"}):
    assert setting("TOKEN") == "abcabc"
assert setting("TOKEN") == "none!"
os.environ["TOKEN"] = "x"
assert setting("TOKEN") == "xx"
del os.environ["TOKEN"]
assert setting("TOKEN") == "none!"
with mock.patch.object(sys, "argv", ["prog", "a", "b"]):
    assert args() == ["a", "b"]
keep = sys.argv
sys.argv = ["prog", "-v"]
assert args() == ["-v"]
sys.argv = keep
os.environ["HOME_OF"] = "y"
assert setting("HOME_OF") == "yy"
import pytest
mp = pytest.MonkeyPatch()
mp.setenv("ZZ", "z")
assert setting("ZZ") == "zz"
mp.undo()
""",
        half="""
import os
def setting(name):
    return os.environ.get(name, "none")
def args():
    return ["a", "b"]
""",
        wrong="""
def setting(name): return "none!"
def args(): return ["a"]
""",
    ),
    Pattern(
        name="temporary_files",
        solution="""
import os
def write_lines(path, lines):
    ### BEGIN SOLUTION
    with open(path, "w") as file:
        for line in lines:
            file.write(line + "\\n")
    ### END SOLUTION
def count_lines(path):
    ### BEGIN SOLUTION
    with open(path) as file:
        return len(file.readlines())
    ### END SOLUTION
def names(folder):
    ### BEGIN SOLUTION
    return sorted(os.listdir(folder))
    ### END SOLUTION
""",
        test="""
import os, tempfile
from pathlib import Path
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "a.txt")
    write_lines(path, ["x", "y"])
    assert open(path).read() == "x\\ny\\n"
    (Path(folder) / "b").write_text("1\\n2\\n3\\n")
    assert count_lines(Path(folder) / "b") == 3
    assert names(folder) == ["a.txt", "b"]
    os.remove(path)
    assert names(Path(folder)) == ["b"]
    write_lines(path, ["x", "y"])
    assert Path(path).exists()
with tempfile.NamedTemporaryFile("w+", suffix=".csv", delete=False) as file:
    file.write("1\\n2\\n")
assert count_lines(file.name) == 2
os.unlink(file.name)
try:
    count_lines(file.name)
except FileNotFoundError:
    pass
else:
    assert False
place = tempfile.mkdtemp()
empty = os.path.join(place, "sub")
os.makedirs(empty)
assert names(empty) == []
assert names(place) == ["sub"]
with tempfile.NamedTemporaryFile("w+") as file:
    file.write("1\\n2\\n"); file.flush()
    assert count_lines(file.name) == 2
    write_lines(file.name, ["a"])
    file.seek(0)
    assert file.read() == "a\\n"
""",
        half="""
def write_lines(path, lines):
    with open(path, "w") as file:
        file.write("\\n".join(lines))
def count_lines(path):
    return 3
def names(folder):
    return ["a.txt", "b"]
""",
        wrong="""
def write_lines(path, lines): pass
def count_lines(path): return 0
def names(folder): return []
""",
    ),
    Pattern(
        name="folder_passed",
        solution="""
import os, shutil
from pathlib import Path
def organize(folder):
    ### BEGIN SOLUTION
    folder = Path(folder)
    for path in sorted(folder.iterdir()):
        if path.is_file():
            (folder / path.suffix[1:]).mkdir(exist_ok=True)
            shutil.move(str(path), str(folder / path.suffix[1:] / path.name))
    (folder / "done").mkdir()
    ### END SOLUTION
class Log:
    ### BEGIN SOLUTION
    def __init__(self, path):
        self.path = path
    def add(self, line):
        with open(self.path, "a") as file:
            file.write(line + "\\n")
    ### END SOLUTION
""",
        test="""
import tempfile
from pathlib import Path
base = Path(tempfile.mkdtemp())
for name in ["a.txt", "b.txt", "c.csv"]:
    (base / name).write_text(name)
organize(base)
assert sorted(p.name for p in base.iterdir()) == ["csv", "done", "txt"]
assert sorted(p.name for p in (base / "txt").iterdir()) == ["a.txt", "b.txt"]
assert (base / "csv" / "c.csv").read_text() == "c.csv"
log = Log(base / "log.txt")
log.add("one")
assert (base / "log.txt").read_text() == "one\\n"
log.add("two")
assert len((base / "log.txt").read_text().split()) == 2
""",
        half="""
import os
def organize(folder):
    os.mkdir(os.path.join(folder, "txt"))
class Log:
    pass
""",
        wrong="""
def organize(folder): pass
class Log:
    pass
""",
    ),
    Pattern(
        name="names_computed",
        solution="""
import json, os
def save_all(items, prefix):
    ### BEGIN SOLUTION
    for i, item in enumerate(items):
        with open(f"{prefix}_{i}.json", "w") as file:
            json.dump(item, file)
    ### END SOLUTION
def save_one(item, name):
    ### BEGIN SOLUTION
    with open(name, "w") as file:
        json.dump(item, file)
    ### END SOLUTION
def load_all(paths):
    ### BEGIN SOLUTION
    return [json.load(open(path)) for path in paths]
    ### END SOLUTION
def make(base):
    ### BEGIN SOLUTION
    os.makedirs(os.path.join(base, "src", "deep"))
    with open(os.path.join(base, "README"), "w") as file:
        file.write("hi")
    ### END SOLUTION
""",
        test="""
import json, os, tempfile
for i in range(3):
    save_one({"i": i}, f"out_{i}.json")
for i in range(3):
    assert json.load(open(f"out_{i}.json")) == {"i": i}
for i in range(2):
    with open("in_%d.json" % i, "w") as file:
        json.dump([i], file)
assert load_all([f"in_{i}.json" for i in range(2)]) == [[0], [1]]
os.makedirs("deep/er", exist_ok=True)
save_one([7], os.path.join("deep", "er", "x.json"))
assert json.load(open("deep/er/x.json")) == [7]
save_one([8], os.path.abspath("y.json"))
assert json.load(open("y.json")) == [8]
save_one([9], os.path.join(os.getcwd(), "deep", "z"))
assert json.load(open(os.path.join("deep", "z"))) == [9]
make("project")
assert os.path.isdir("project/src/deep")
assert open("project/README").read() == "hi"
before = os.getcwd()
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    save_all([1, 2], "part")
    assert sorted(os.listdir()) == ["part_0.json", "part_1.json"]
    assert json.load(open("part_1.json")) == 2
    os.chdir(before)
os.chdir("deep")
save_one(1, "q.json")
assert os.path.exists("q.json")
os.chdir("..")
assert os.path.exists("deep/q.json")
""",
        half="""
import json
def save_one(item, name):
    with open(name, "w") as file:
        json.dump(item, file)
""",
        wrong="""
def save_one(item, name): pass
""",
    ),
    Pattern(
        name="tables_in_a_folder",
        solution="""
import pandas as pd
import numpy as np
def clean(src, dst):
    ### BEGIN SOLUTION
    pd.read_csv(src).dropna().to_csv(dst, index=False)
    ### END SOLUTION
def keep(folder, array):
    ### BEGIN SOLUTION
    np.save(folder / "a.npy", array)
    return folder / "a.npy"
    ### END SOLUTION
""",
        test="""
import numpy as np, pandas as pd, tempfile, pathlib
folder = pathlib.Path(tempfile.mkdtemp())
pd.DataFrame({"a": [1, None, 3]}).to_csv(folder / "in.csv", index=False)
clean(str(folder / "in.csv"), folder / "out.csv")
assert pd.read_csv(folder / "out.csv")["a"].tolist() == [1, 3]
path = keep(folder, np.arange(3))
assert np.load(path).tolist() == [0, 1, 2]
assert path.parent == folder
""",
        half="""
import pandas as pd
def clean(src, dst):
    pd.read_csv(src).dropna().to_csv(dst, index=False)
def keep(folder, array): return folder
""",
        wrong="""
def clean(src, dst): pass
def keep(folder, array): return folder
""",
    ),
    Pattern(
        name="module_written",
        solution="""
%%writefile helper_mine.py
def twice(x):
    return 2 * x
# next cell
import helper_mine
def four(x):
    ### BEGIN SOLUTION
    return helper_mine.twice(helper_mine.twice(x))
    ### END SOLUTION
""",
        test="""
assert four(2) == 8
""",
        half="""
1
# next cell
def four(x): return 4
""",
        wrong="""
1
# next cell
def four(x): return 8 * x

""",
    ),
]

PATTERNS = [
    *RUN,
    *ERRORS,
    *CLASSES,
    *VALUES,
    *PYTHON,
    *LENT,
    *SHARED,
    *DERIVED,
    *MORE_VALUES,
    *AROUND,
]
FILES = {
    "temperatures.csv": "# day,degrees\nmon,12.5\ntue,14.0\nwed,9.5\n",
    "pattern_helpers.py": '''"""What some test cells use."""


def roman(n):
    return ["", "i", "ii", "iii", "iv", "v"][n]


def check_page(page):
    assert page(2) == "page ii", page(2)
    assert page(5) == "page v"


def collatz(n):
    return 0 if n == 1 else 1 + collatz(n // 2 if n % 2 == 0 else 3 * n + 1)
''',
}
