# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04 Gradient check: how do you know?

# %% [markdown]
# > **You will learn** how to find the slope of a function without knowing anything about it, how
# > small a small step should be, and what such a check can and cannot see.
# >
# > **You will write** `numerical_gradient`, `relative_error` and `block_errors`, and hunt six bugs
# > with them.
# >
# > **Time** 45 minutes · **Difficulty** easy, with a detective story · **Points** 9 by tests, 3 by
# > hand · **Builds on** `unpack_parameters` from your notebook 02, `sparse_autoencoder_cost` from
# > your notebook 03.

# %%
import matplotlib.pyplot as plt
import numpy as np

from saelab import previous
from saelab.check import check
from saelab.display import BLUE, GREY, ORANGE, show
from saelab.hunt import suspects

# %%
unpack_parameters = previous.functions("02_cost", "unpack_parameters")
sparse_autoencoder_cost = previous.functions(
    "03_kl_delta", "sparse_autoencoder_cost"
)  # fmt: skip

# %% [markdown]
# ## 1. A second opinion
#
# Backpropagation is a place where mistakes hide well. A network with a wrong gradient may learn all
# the same, just worse, and nobody finds out. What is needed is a second way to the same number, so
# simple that it can hardly be wrong. The definition of a derivative is one:
#
# $$ \frac{dJ}{d\theta} = \lim_{\epsilon \to 0}
#    \frac{J(\theta + \epsilon) - J(\theta - \epsilon)}{2 \epsilon}. $$
#
# A computer cannot let $\epsilon$ go to 0, but it can take a small one. For a vector, move one
# entry at a time and keep the others fixed:
#
# $$ g_i(\theta) \approx \frac{J(\theta + \epsilon e_i) - J(\theta - \epsilon e_i)}{2 \epsilon}, $$
#
# where $e_i = (0, \dots, 0, 1, 0, \dots, 0)$ has its 1 at place $i$.
#
# It costs two evaluations an entry, 6578 for the 3289 parameters of a 64-25-64 network. That is
# slow, but a check does not have to be fast.
#
# By hand, for $J(x) = x_1^2 + 3 x_1 x_2$ at $(4, 10)$. The true slopes are $2 x_1 + 3 x_2 = 38$ and
# $3 x_1 = 12$. With $\epsilon = 0.1$ the first quotient is
#
# $$ \frac{4.1^2 + 3 \cdot 41 - 3.9^2 - 3 \cdot 39}{0.2} = \frac{139.81 - 132.21}{0.2} = 38, $$
#
# exactly, since the centred quotient makes no mistake on a parabola.
#
# ### Write `numerical_gradient`
#
# `J` may return a number, or, as your own cost functions do, a pair `(cost, grad)`; then take the
# first. Leave `theta` as it was: work on a copy.


# %% nbgrader={"grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(J, theta, epsilon=1e-4):
    """The gradient of J at theta by centred differences, entry by entry.

    J: called as J(theta); returns a number, or a pair whose first is the cost.
    theta: 1-D float array, not changed. epsilon: the step to each side.

    Returns an array of theta's shape.
    """

    ### BEGIN SOLUTION
    def cost(theta):
        value = J(theta)
        return value[0] if isinstance(value, tuple) else value

    gradient = np.zeros_like(theta)
    for i in range(theta.size):
        step = np.zeros_like(theta)
        step[i] = epsilon
        gradient[i] = (cost(theta + step) - cost(theta - step)) / (2 * epsilon)
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-numerical_gradient", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(numerical_gradient)


# %% nbgrader={"grade": true, "grade_id": "test-numerical_gradient", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# 4 points: random smooth functions, several steps, pairs as well as numbers.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(numerical_gradient, values=4)
### END HIDDEN TESTS


# %%
def lecture_example(x):
    """x1^2 + 3 x1 x2, the check function of the lecture notes."""
    return x[0] ** 2 + 3 * x[0] * x[1]


x, true_slopes = np.array([4.0, 10.0]), np.array([38.0, 12.0])
found = numerical_gradient(lecture_example, x)
print("found:", found, " found minus true:", found - true_slopes)

# %% [markdown]
# ## 2. How near is near enough?
#
# On paper the quotient is exact here; the computer is off by some $10^{-10}$. Is that good? If the
# gradient is 12, it is splendid; if it is $10^{-10}$, it is a disaster. So compare the length of
# the difference with the lengths of the two:
#
# $$ \mathrm{error}(a, b) = \frac{\|a - b\|}{\|a\| + \|b\|}, $$
#
# a number between 0 (equal) and 1 (opposite, or one of them zero). By hand: $a = (3, 0)$ and
# $b = (0, 4)$ differ by $(3, -4)$, with length 5; so $5 / (3 + 4) = 0.714$. Two vectors of zeros
# are equal, with error 0; mind the division.
#
# ### Write `relative_error`


# %% nbgrader={"grade": false, "grade_id": "relative_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relative_error(a, b):
    """||a - b|| / (||a|| + ||b||), between 0 and 1; 0 where both are zero.

    a, b: arrays of the same shape. Returns a number.
    """
    ### BEGIN SOLUTION
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return np.linalg.norm(a - b) / size if size else 0.0
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-relative_error", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(relative_error)


# %% nbgrader={"grade": true, "grade_id": "test-relative_error", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# 2 points: random vectors, near ones and far ones.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(relative_error, values=2)
### END HIDDEN TESTS

# %%
print(relative_error(np.array([3.0, 0.0]), np.array([0.0, 4.0])))
print(relative_error(found, true_slopes))

# %% [markdown]
# About $2 \cdot 10^{-12}$, which the lecture's own exercise gets for this example too.

# %% [markdown]
# ## 3. How small should a small step be?
#
# **Predict first:** is the smallest step that the computer can make the best? And what do you gain
# from looking to both sides, rather than ahead only?


# %%
def one_sided(J, theta, epsilon):
    """Like numerical_gradient: (J(theta + epsilon) - J(theta)) / epsilon."""
    steps = epsilon * np.eye(theta.size)
    return np.array([(J(theta + step) - J(theta)) / epsilon for step in steps])


def wavy(x):
    """A function with all its derivatives, and a gradient that we know."""
    return np.sum(np.sin(x) + np.exp(x / 2))


x = np.linspace(-1, 1, 5)
true_gradient = np.cos(x) + np.exp(x / 2) / 2

# %%
steps = np.logspace(-12, 0, 49)


def sweep(way, J):
    """The relative error of one way to a gradient, for each step."""
    return [relative_error(way(J, x, e), true_gradient) for e in steps]


sided, centred = sweep(one_sided, wavy), sweep(numerical_gradient, wavy)

fig, ax = plt.subplots(figsize=(6.5, 4))
ax.loglog(steps, sided, "s--", color=ORANGE, ms=4, label="one-sided")
ax.loglog(steps, centred, "o-", color=BLUE, ms=4, label="centred")
ax.axvline(1e-4, color=GREY, lw=1, label="epsilon = 1e-4")
ax.set(xlabel="step epsilon (units of theta)", ylabel="relative error")
ax.legend()
show(
    fig,
    alt="Two V-shaped curves. The centred one is lowest near 1e-5, at about "
    "1e-11; the one-sided one between 1e-8 and 1e-7, at some 1e-9.",
    caption="Error of the numerical gradient of a smooth function.",
)

# %% [markdown]
# Far from it: the smallest step here has ten million times the error of the best. On the **right**
# of each V the step is too large for a straight line: by Taylor's series the centred quotient is
# off by $\epsilon^2 J'''/6$, the one-sided one by $\epsilon J''/2$. Hence the slopes 2 and 1 there,
# and at $10^{-4}$ the look to both sides is worth four digits. On the **left** the computer runs
# out of digits: $J$ is known to about 16 of them, so the difference of two values has an error near
# $r = 10^{-16} |J|$, and dividing by a tiny $\epsilon$ blows that up.
#
# Where is the bottom? The sum $\epsilon^2 J'''/6 + r/\epsilon$ is least where its derivative
# $\epsilon J'''/3 - r/\epsilon^2$ is zero, at $\epsilon^3 = 3 r / J'''$. By hand: $J = 5.3$ and
# $J''' \approx 0.7$ give $\epsilon^3 = 2.3 \cdot 10^{-15}$, so $\epsilon = 1.3 \cdot 10^{-5}$,
# where the curve has its bottom. The usual $10^{-4}$ is close to it, on the side where the error is
# smooth.
#
# **Predict first:** with float32, which has 7 digits in place of 16, where will the bottom be, and
# what will $\epsilon = 10^{-4}$ be worth?


# %%
def coarse(x):
    """The same function with seven digits."""
    return wavy(x.astype(np.float32))


single = sweep(numerical_gradient, coarse)

fig, ax = plt.subplots(figsize=(6.5, 3.6))
ax.loglog(steps, centred, "o-", color=BLUE, ms=4, label="float64")
ax.loglog(steps, single, "s--", color=ORANGE, ms=4, label="float32")
ax.axvline(1e-4, color=GREY, lw=1, label="epsilon = 1e-4")
ax.set(xlabel="step epsilon (units of theta)", ylabel="relative error")
ax.legend()
show(
    fig,
    alt="The V of float32 lies to the right of and far above that of float64, "
    "with its bottom near 1e-2; below 1e-7 it is flat at an error of 1.",
    caption="Centred differences, with double and single precision.",
)

# %% [markdown]
# The error $r$ is $5 \cdot 10^8$ times as large, its cube root 800 times: the bottom moves from
# $10^{-5}$ to $10^{-2}$, and is no better than a few $10^{-6}$. At $10^{-4}$ the error is near
# $10^{-3}$, and the gradient is right all the same: a **false alarm**. Below $10^{-7}$ the step is
# lost altogether, since $J$ does not change any more. So check in float64.

# %% [markdown]
# ## 4. Your own cost function
#
# A check is only as good as the place where it looks. Three rules:
#
# - **Small network**, in which all sizes differ: 8 inputs, 5 hidden units, 12 examples. A square
#   matrix hides that it was transposed.
# - **Nothing is zero.** At zero biases, what multiplies a bias cannot be seen. Take random ones,
#   and a weight decay of 0.1.
# - **Block by block.** Judge `W1`, `W2`, `b1` and `b2` apart.

# %%
rng = np.random.default_rng(4)
v, h, m = 8, 5, 12
theta = rng.normal(scale=0.5, size=2 * v * h + h + v)
data = rng.uniform(0.1, 0.9, size=(v, m))


def own_cost(theta, lambda_=0.1):
    """Your cost at a place where nothing is zero."""
    return sparse_autoencoder_cost(theta, v, h, lambda_, 0.05, 3.0, data)


# %% [markdown]
# Why so large a weight decay? Suppose that you forgot $\lambda W$ in the gradient:

# %%
_, forgotten = own_cost(theta, lambda_=0.0)
for lambda_ in (0.1, 1e-4):
    _, grad = own_cost(theta, lambda_)
    print(f"lambda = {lambda_}: {relative_error(forgotten, grad):.0e}")

# %% [markdown]
# With the $10^{-4}$ of training the mistake is a thousand times smaller. A generous
# limit, $10^{-4}$ for the whole gradient, would let it pass.
#
# Why blocks? **Predict first:** somebody's gradient of `b2` is too large by 0.1 %, and all else is
# right. What is the relative error of that block? And of the whole gradient?

# %%
_, grad = own_cost(theta)
wrong = grad.copy()
wrong[-v:] *= 1.001
print(f"b2 alone: {relative_error(wrong[-v:], grad[-v:]):.0e}")
print(f"the whole: {relative_error(wrong, grad):.0e}")

# %% [markdown]
# Half of 0.1 % for the block, as the two lengths are added; and fifty times less for the whole, in
# which the eight numbers of `b2` are a small part.

# %% [markdown]
# By hand: if the two gradients of a network with 1 input and 1 hidden unit are $(1, 2, 3, 4)$ and
# $(1, 2, 3, 5)$, then the errors are 0, 0, 0 and $1/9$. Taken together they would be
# $1/(\sqrt{30} + \sqrt{39}) = 0.085$, which says nothing of where.
#
# ### Write `block_errors`
#
# Use `numerical_gradient`, `relative_error` and your `unpack_parameters`: what splits a theta
# splits a gradient too.


# %% nbgrader={"grade": false, "grade_id": "block_errors", "locked": false, "schema_version": 3, "solution": true, "task": false}
def block_errors(cost, theta, visible_size, hidden_size):
    """The relative error of a cost function's gradient, block by block.

    cost: called as cost(theta), returns (cost, grad).
    theta: 1-D, W1, W2, b1, b2.

    Returns a dictionary from "W1", "W2", "b1" and "b2" to a number.
    """
    ### BEGIN SOLUTION
    _, grad = cost(theta)
    own = unpack_parameters(grad, visible_size, hidden_size)
    slopes = numerical_gradient(cost, theta)
    numerical = unpack_parameters(slopes, visible_size, hidden_size)
    names = ("W1", "W2", "b1", "b2")
    pairs = zip(names, own, numerical)
    return {name: relative_error(a, b) for name, a, b in pairs}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-block_errors", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(block_errors)


# %% nbgrader={"grade": true, "grade_id": "test-block_errors", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: costs whose gradient is right, and costs with one or two wrong
# blocks.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(block_errors, values=3)
### END HIDDEN TESTS

# %%
for block, error in block_errors(own_cost, theta, v, h).items():
    print(f"{block}: {error:.1e}  {'fine' if error < 1e-8 else 'WRONG'}")

# %% [markdown]
# If you read "fine" four times, then the slope that you have written down *is* the slope of the
# cost that you have written down, delta trick and all: at this theta, with these data, to eight
# digits. That is no proof, but strong evidence, and more points make it stronger:

# %%
for _ in range(5):
    place = rng.normal(scale=0.5, size=theta.size)
    worst = max(block_errors(own_cost, place, v, h).values())
    print(f"another point: the worst block is off by {worst:.0e}")

# %% [markdown]
# And the large network, without 6578 evaluations? As in notebook 02 go along one direction, at
# random, and compare its slope with $\nabla J \cdot d$. Two evaluations, but one number for all
# parameters: it tells you that something is wrong, not where.

# %%
rng = np.random.default_rng(5)
place, direction = rng.normal(scale=0.1, size=(2, 3289))
problem_64 = 64, 25, 0.1, 0.05, 3.0, rng.uniform(0.1, 0.9, size=(64, 100))


def along(t):
    """Your cost at a distance t along the direction."""
    return sparse_autoencoder_cost(place + t * direction, *problem_64)[0]


_, grad = sparse_autoencoder_cost(place, *problem_64)
slope = numerical_gradient(along, np.zeros(1))
print(f"{relative_error(slope, np.array([grad @ direction])):.0e}")

# %% [markdown]
# ## 5. A hunt
#
# `suspects` takes your cost function and returns six versions of it, A to F, that have been
# tampered with. Each is the work of one of six culprits: somebody forgot the **sparsity** term in
# $\delta$, or **weight decay** in the gradient, or the **1/m**; somebody sums **b2** over
# examples where the mean belongs; somebody wrote **W1** down column by column. And somebody
# changed cost *and* gradient.

# %%
problem = (v, h, 0.1, 0.05, 3.0, data)
for letter, suspect in suspects(sparse_autoencoder_cost, *problem).items():
    errors = block_errors(suspect, theta, v, h)
    told = [f"{block} {error:.0e}" for block, error in errors.items()]
    print(letter, "  ".join(told))

# %% [markdown]
# The same as a picture, on a smaller network. **Predict first:** your own function draws a V. What
# does the curve of a wrong gradient look like: can another epsilon clear a culprit? And can a bad
# epsilon convict the innocent? Move epsilon, change to one-sided differences, and try the versions
# one after the other.

# %%
from saelab.widgets import gradient_explorer

tools = numerical_gradient, one_sided, relative_error
gradient_explorer(*tools, sparse_autoencoder_cost)

# %% [markdown]
# Your own function draws the V of section 3, with its bottom between $10^{-5}$ and $10^{-4}$. At
# $10^{-12}$, or one-sided with $10^{-4}$, it looks guilty in all blocks. A line that is flat at a
# high error is a culprit's, since no step mends a wrong formula; and the bars say where in theta
# the mistake is.

# %% [markdown]
# Read each line of the list above as a detective would, and **write your verdict down before you
# open the answer.** All blocks off by about the same: what do all have in common? Only the weights
# off: what concerns only weights? Only `W1` and `b1`: you met that pattern in notebook 03. One
# block alone: look at that block's own formula. One suspect draws a V as good as yours.
#
# <details><summary>The answer</summary>
#
# A sparsity · B weight decay · C b2 · D nothing to be seen · E 1/m · F W1
# </details>

# %% [markdown]
# ## 6. The one that got away
#
# One suspect passed with errors like those of your own function, and yet it computes the wrong
# thing. Its biases decay: in the cost **and** in the gradient. The two agree with each other, so
# the check is content. It compares a gradient with a cost, and never with the formula in the notes.
#
# What can find it? Numbers that somebody else computed. Here is the problem of notebook 03 whose
# cost is known to be 1.381409.

# %%
fixed_theta = 0.3 * np.sin(np.arange(1, 32))
fixed_data = (0.5 + 0.4 * np.cos(np.arange(1, 21))).reshape(4, 5)
fixed_problem = (4, 3, 0.01, 0.05, 0.7, fixed_data)
print(f"yours: {sparse_autoencoder_cost(fixed_theta, *fixed_problem)[0]:.6f}")
versions = suspects(sparse_autoencoder_cost, *fixed_problem)
for letter, suspect in versions.items():
    print(f"{letter}: {suspect(fixed_theta)[0]:.6f}")

# %% [markdown]
# Only one has a wrong cost: the very one that the gradient check let pass. The two tools complement
# each other. Among the 28 mistakes that notebook 06 shows, five wrong costs pass the gradient check
# as this one does; the comparison finds them.

# %% [markdown]
# ## 7. In your own words
#
# ### When the check lies (3 points)
#
# Name a situation in which the gradient check reports a *large* error though the code is right, one
# in which it reports a *small* error though the gradient is wrong, and say what you would do about
# each. Neither should be the suspect of section 6.
#
# **Rubric.** 1 point: a false alarm and its cause (think of the V, of kinks such as $|x|$ at 0,
# of float32). 1 point: a miss and its cause (think of zeros, of small terms, of large blocks). 1
# point: the remedies.

# %% [markdown] nbgrader={"grade": true, "grade_id": "when-the-check-lies", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# False alarm: the cost is computed in float32, with seven digits. Then the difference of two
# costs near 1 has an error near 1e-7, and divided by 2e-4 it is near 1e-3, however right the code
# may be. Or the function has a kink within epsilon of the point, so that the two sides have
# different slopes: for |x| at x = 3e-5 the quotient is 0.3, where the slope is 1. Remedy: float64;
# another point; another epsilon, since a true bug gives the same error at 1e-3 and 1e-5 while
# rounding and kinks do not. Miss: with lambda = 1e-4 a forgotten λW changes the whole gradient by
# less than one part in 10 000, which a limit of 1e-4 lets pass; with zero biases a mistake that
# multiplies a bias is zero. Remedy: large lambda, random non-zero biases, and a look at each block
# by itself.

# %% [markdown]
# ## What you have now
#
# A cost function that you need not take on trust: you have tried it. Time to let it learn
# something, in [**05_training**](../05_training/05_training.ipynb).

# %% [markdown]
# **Read on:** section 2.3 of the
# **[lecture notes](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf)**.

# %% [markdown] tags=["self-study"]
# This notebook **[to fill in](../../notebooks/04_gradient_check/04_gradient_check.ipynb)** and
# **[solved](../../solutions/04_gradient_check/04_gradient_check.ipynb)**.
