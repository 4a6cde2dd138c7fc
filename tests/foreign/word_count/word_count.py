# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Homework 3: lists, words and objects
#
# An assignment as instructors of other courses write them: nothing in it knows of this grader.

# %%
import math
from collections import Counter

import numpy as np
from numpy.testing import assert_allclose

# %% nbgrader={"grade": false, "grade_id": "helpers", "locked": true, "schema_version": 3, "solution": false, "task": false}
TOLERANCE = 1e-9


def almost(a, b):
    return abs(a - b) < TOLERANCE


# %% nbgrader={"grade": false, "grade_id": "mean", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean(values):
    """The mean of a list of numbers. Raises ValueError for an empty list."""
    ### BEGIN SOLUTION
    if not values:
        raise ValueError("no values")
    return sum(values) / len(values)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-mean", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert almost(mean([1, 2, 3]), 2)
### BEGIN HIDDEN TESTS
from pytest import raises

assert almost(mean([2.5]), 2.5)
with raises(ValueError):
    mean([])
try:
    mean(())
except ValueError as error:
    assert "values" in str(error)
else:
    raise AssertionError("an empty tuple is no error")
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "sort_in_place", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sort_in_place(values):
    """Sort a list in place; returns None."""
    ### BEGIN SOLUTION
    for i in range(len(values)):
        for j in range(i, 0, -1):
            if values[j] < values[j - 1]:
                values[j], values[j - 1] = values[j - 1], values[j]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-sort", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
numbers = [3, 1, 2]
assert sort_in_place(numbers) is None
assert numbers == [1, 2, 3]
### BEGIN HIDDEN TESTS
import random

for seed in range(5):
    numbers = random.Random(seed).choices(range(100), k=20)
    wanted = sorted(numbers)
    sort_in_place(numbers)
    assert numbers == wanted, f"with seed {seed}"
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "words", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_words(text):
    """How often each word occurs in a text, whatever its case: a Counter or dictionary."""
    ### BEGIN SOLUTION
    return Counter(text.lower().split())
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-words", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert count_words("a b A") == {"a": 2, "b": 1}
### BEGIN HIDDEN TESTS
from shared_tests import read_text

score = 1.0
counts = count_words(read_text("poem.txt"))
if counts["the"] == 3:
    score += 1
if max(counts, key=counts.get) == "the" and sum(counts.values()) == 14:
    score += 1
score
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "greet", "locked": false, "schema_version": 3, "solution": true, "task": false}
def greet(name):
    """Print a greeting."""
    ### BEGIN SOLUTION
    print(f"Hello, {name}!")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-greet", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
from contextlib import redirect_stdout
from io import StringIO

with redirect_stdout(StringIO()) as printed:
    greet("Ada")
assert printed.getvalue().strip() == "Hello, Ada!"


# %% nbgrader={"grade": false, "grade_id": "stack", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Stack:
    """A stack with push, pop, len, an attribute `items`, and iteration from the top."""

    ### BEGIN SOLUTION
    def __init__(self, items=()):
        self.items = list(items)

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop()

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return reversed(self.items)

    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-stack", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
stack = Stack()
stack.push(1)
stack.push("two")
assert len(stack) == 2
### BEGIN HIDDEN TESTS
assert list(stack) == ["two", 1]
assert stack.items == [1, "two"]
assert stack.pop() == "two" and len(stack) == 1
try:
    Stack([]).pop()
    assert False, "an empty stack gives something"
except IndexError:
    pass
assert [len(s) for s in (Stack(), Stack([1, 2, 3]))] == [0, 3]
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "derivative", "locked": false, "schema_version": 3, "solution": true, "task": false}
def derivative(f, step=1e-6):
    """A function that is the derivative of f, by centred differences."""
    ### BEGIN SOLUTION
    return lambda x: (f(x + step) - f(x - step)) / (2 * step)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-derivative", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert abs(derivative(math.sin)(0) - 1) < 1e-6
### BEGIN HIDDEN TESTS
slope = derivative(lambda x: x**3)
assert_allclose([slope(x) for x in np.arange(4.0)], 3 * np.arange(4.0) ** 2, atol=1e-5)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "primes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def primes():
    """A generator of all prime numbers."""
    ### BEGIN SOLUTION
    n = 2
    while True:
        if all(n % d for d in range(2, math.isqrt(n) + 1)):
            yield n
        n += 1
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-primes", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from itertools import islice

assert list(islice(primes(), 6)) == [2, 3, 5, 7, 11, 13]

# %% nbgrader={"grade": false, "grade_id": "answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# How many seconds has a day? How many words has each line of poem.txt?
seconds = None
lengths = None
### BEGIN SOLUTION
seconds = 24 * 60 * 60
with open("poem.txt") as file:
    lengths = np.array([len(line.split()) for line in file])
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-answer", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert isinstance(seconds, int) and seconds == 86400
### BEGIN HIDDEN TESTS
assert isinstance(lengths, np.ndarray)
np.testing.assert_array_equal(lengths, [5, 6, 3])
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "plot", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %matplotlib inline
import matplotlib.pyplot as plt

figure, ax = plt.subplots()
### BEGIN SOLUTION
ax.plot([0, 1, 2], [0, 1, 4])
ax.set_xlabel("time in s")
ax.set_title("A fall")
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-plot", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert ax.get_title() == "A fall"
assert "time" in ax.get_xlabel()
assert len(ax.lines) == 1
assert_allclose(ax.lines[0].get_ydata(), [0, 1, 4])
