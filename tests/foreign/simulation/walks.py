# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Simulation, part 1: random walks

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np


# %% nbgrader={"grade": false, "grade_id": "walk", "locked": false, "schema_version": 3, "solution": true, "task": false}
def walk(steps, rng):
    """The positions of a walk from 0, by steps of -1 or 1 that rng chooses, with the first."""
    ### BEGIN SOLUTION
    path = rng.choice([-1, 1], size=steps)
    return np.concatenate([[0], np.cumsum(path)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-walk", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
for seed in range(3):
    path = walk(50, np.random.default_rng(seed))
    assert path[0] == 0 and path.shape == (51,)
    assert set(np.abs(np.diff(path))) == {1}
### BEGIN HIDDEN TESTS
once, again = (walk(20, np.random.default_rng(7)) for _ in range(2))
np.testing.assert_array_equal(once, again)
assert abs(np.mean([walk(100, np.random.default_rng(s))[-1] for s in range(200)])) < 3
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "returns", "locked": false, "schema_version": 3, "solution": true, "task": false}
def returns(path):
    """How often a walk comes back to 0."""
    ### BEGIN SOLUTION
    return int(np.sum(np.asarray(path)[1:] == 0))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-returns", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
for path, wanted in [([0, 1, 0, -1, 0], 2), ([0, 1, 2], 0), ([0], 0)]:
    assert returns(path) == wanted, f"returns({path}) should be {wanted}"


# %% nbgrader={"grade": false, "grade_id": "report", "locked": false, "schema_version": 3, "solution": true, "task": false}
def report(path):
    """Print where a walk ended, and how far away it was at most."""
    ### BEGIN SOLUTION
    print(f"end: {path[-1]}")
    print(f"farthest: {max(abs(x) for x in path)}")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-report", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
import contextlib
import io

with contextlib.redirect_stdout(io.StringIO()) as printed:
    report([0, -1, -2, -1])
assert printed.getvalue().splitlines() == ["end: -1", "farthest: 2"]

# %% nbgrader={"grade": true, "grade_id": "test-report-again", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# %%capture
report([0, 1])
assert report([0]) is None


# %% nbgrader={"grade": false, "grade_id": "plot_walks", "locked": false, "schema_version": 3, "solution": true, "task": false}
def plot_walks(paths):
    """Draw walks as lines into new axes, with labels, and return the axes."""
    ### BEGIN SOLUTION
    axes = plt.figure().add_subplot()
    for number, path in enumerate(paths, 1):
        axes.plot(path, label=f"walk {number}")
    axes.set_xlabel("step")
    axes.set_ylabel("position")
    axes.legend()
    return axes
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-plot_walks", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
axes = plot_walks([[0, 1, 2], [0, -1, 0]])
assert len(axes.get_lines()) == 2
assert axes.get_xlabel() == "step" and axes.get_ylabel() == "position"
np.testing.assert_allclose(axes.get_lines()[1].get_ydata(), [0, -1, 0])
### BEGIN HIDDEN TESTS
assert [text.get_text() for text in axes.get_legend().get_texts()] == ["walk 1", "walk 2"]
### END HIDDEN TESTS
plt.close("all")
