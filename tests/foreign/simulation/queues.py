# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Simulation, part 2: waiting in a queue

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import random
import unittest


# %% nbgrader={"grade": false, "grade_id": "arrivals", "locked": false, "schema_version": 3, "solution": true, "task": false}
def arrivals(n, mean, seed):
    """The times at which n people arrive, of which one comes after the other by chance."""
    ### BEGIN SOLUTION
    rng = random.Random(seed)
    times, now = [], 0.0
    for _ in range(n):
        now += rng.expovariate(1 / mean)
        times.append(now)
    return times
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-arrivals", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
times = arrivals(400, 2.0, seed=1)
assert len(times) == 400
assert times == sorted(times) and times[0] > 0
assert 1.6 < times[-1] / 400 < 2.4
assert arrivals(5, 1, 3) == arrivals(5, 1, 3)
assert arrivals(5, 1, 3) != arrivals(5, 1, 4)


# %% nbgrader={"grade": false, "grade_id": "waits", "locked": false, "schema_version": 3, "solution": true, "task": false}
def waits(times, service):
    """How long each one waits whose service takes a time, one after the other."""
    ### BEGIN SOLUTION
    free, waited = 0.0, []
    for time in times:
        begin = max(time, free)
        waited.append(begin - time)
        free = begin + service
    return waited
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-waits", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
class TestWaits(unittest.TestCase):
    def test_nobody_waits(self):
        self.assertEqual(waits([0, 5, 10], 2), [0, 0, 0])

    def test_all_at_once(self):
        self.assertEqual(waits([0, 0, 0], 2), [0, 2, 4])

    def test_nobody_comes(self):
        self.assertEqual(waits([], 1), [])


suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestWaits)
ran = unittest.TestResult()
suite.run(ran)
ran.testsRun - len(ran.failures) - len(ran.errors)


# %% nbgrader={"grade": false, "grade_id": "simulate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def simulate(runs, experiment, observe):
    """Call experiment(i) for each run i, tell observe(i, result), and return the mean result."""
    ### BEGIN SOLUTION
    results = []
    for i in range(runs):
        results.append(experiment(i))
        observe(i, results[-1])
    return sum(results) / runs
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-simulate", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
seen = {}
assert simulate(4, lambda i: i * i, seen.__setitem__) == 3.5
assert seen == {0: 0, 1: 1, 2: 4, 3: 9}
### BEGIN HIDDEN TESTS
from unittest.mock import Mock

observe = Mock()
simulate(2, lambda i: 1.0, observe)
observe.assert_called_with(1, 1.0)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "hours", "locked": false, "schema_version": 3, "solution": true, "task": false}
# How many hours did you need? Any number is right.
### BEGIN SOLUTION
hours = 2
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-hours", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
print("Thank you! This point is for free.")
