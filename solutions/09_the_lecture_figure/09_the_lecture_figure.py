# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 09 The lecture's figure: what do edges prove?

# %% [markdown]
# > **You will learn** x.
# >
# > **You will write** `dead_units`, `unshuffle` and `gaussian_twin`.
# >
# > **Time** 60 minutes · **Difficulty** easy code · **Points** 10 by tests, 3 by hand ·
# > **Builds on** your notebooks 01, 02, 03, 05 and 06.

# %%
import numpy as np

# %%
from saelab.check import check

# %% [markdown]
# ### Write `dead_units`


# %% nbgrader={"grade": false, "grade_id": "dead_units", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dead_units(a2, threshold):
    """The hidden units whose activation never exceeds a threshold.

    a2: (hidden_size, m), activations. threshold: a number.

    Returns their numbers, counted from 0, as an array of integers in
    ascending order: (n,), with n = 0 if no unit is dead.
    """
    ### BEGIN SOLUTION
    return np.flatnonzero(a2.max(axis=1) <= threshold)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-dead_units", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(dead_units)


# %% nbgrader={"grade": true, "grade_id": "test-dead_units", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# 2 points: random activations of several sizes.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(dead_units, numbers=2)
### END HIDDEN TESTS

# %% [markdown]
# ### Write `unshuffle`


# %% nbgrader={"grade": false, "grade_id": "unshuffle", "locked": false, "schema_version": 3, "solution": true, "task": false}
def unshuffle(W1, permutation):
    """Put the weights of a network that saw shuffled pixels back in place.

    W1: (hidden_size, visible_size), learned from data[permutation], so that
    input number i was pixel number permutation[i].
    permutation: (visible_size,), each number from 0 to visible_size - 1 once.

    Returns an array like W1, whose column j belongs to pixel number j.
    """
    ### BEGIN SOLUTION
    back = np.empty_like(W1)
    back[:, permutation] = W1
    return back
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-unshuffle", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(unshuffle)


# %% nbgrader={"grade": true, "grade_id": "test-unshuffle", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: random weights of several shapes.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(unshuffle, weights=3)
### END HIDDEN TESTS

# %% [markdown]
# ### Write `gaussian_twin`


# %% nbgrader={"grade": false, "grade_id": "gaussian_twin", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gaussian_twin(patches, rng):
    """Gaussian noise with the mean and the covariance of some patches.

    patches: (visible_size, m). There may be directions in which they do not
    vary at all. rng: the NumPy Generator that all numbers are drawn from.

    Returns an array shaped like patches, each column drawn by itself.
    """
    ### BEGIN SOLUTION
    mean = patches.mean(axis=1, keepdims=True)
    variances, U = np.linalg.eigh(np.cov(patches))
    spread = np.sqrt(np.maximum(variances, 0))
    return mean + (U * spread) @ rng.normal(size=patches.shape)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-gaussian_twin", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(gaussian_twin)


# %% nbgrader={"grade": true, "grade_id": "test-gaussian_twin", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# 5 points: covariance 2; mean, Gaussian, and repeatable by a seed 1 each.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(gaussian_twin, mean=1, covariance=2, gaussian=1, repeatable=1)
### END HIDDEN TESTS

# %% [markdown]
# ## What you have now
#
# x
