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
sparse_autoencoder_cost = previous.functions("03_kl_delta", "sparse_autoencoder_cost")

# %% [markdown]
# ## 1. A second opinion
#
# Backpropagation is a place where mistakes hide well. A network with a wrong gradient often learns
# all the same, just worse, and nobody finds out. What is needed is a second way to the same number,
# so simple that it can hardly be wrong. The definition of a derivative is one:
#
# $$ \frac{dJ}{d\theta} = \lim_{\epsilon \to 0}
#    \frac{J(\theta + \epsilon) - J(\theta - \epsilon)}{2 \epsilon}. $$
#
# A computer cannot let $\epsilon$ go to 0, but it can take a small one. For a vector, move one
# entry at a time and keep the others fixed:
#
# $$ g_i(\theta) \approx \frac{J(\theta + \epsilon e_i) - J(\theta - \epsilon e_i)}{2 \epsilon},
#    \qquad e_i = (0, \dots, 0, 1, 0, \dots, 0). $$
#
# It costs two evaluations an entry. For 3289 parameters that is slow, but a check does not have to
# be fast.
#
# By hand, for $J(x) = x_1^2 + 3 x_1 x_2$ at $(4, 10)$. The true slopes are $2 x_1 + 3 x_2 = 38$ and
# $3 x_1 = 12$. With $\epsilon = 0.1$ the first quotient is
# $(4.1^2 + 3 \cdot 41 - 3.9^2 - 3 \cdot 39) / 0.2 = (139.81 - 132.21)/0.2 = 38$: exact, since the
# centred quotient makes no mistake on a parabola.
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


numerical_gradient(lecture_example, np.array([4.0, 10.0]))

# %% [markdown]
# ## 2. How near is near enough?
#
# 38.00000000003 is not 38. Is a difference of $3 \cdot 10^{-11}$ good? If the gradient is 38, it is
# splendid; if it is $10^{-10}$, it is a disaster. So compare the length of the difference with the
# lengths of the two:
#
# $$ \mathrm{error}(a, b) = \frac{\|a - b\|}{\|a\| + \|b\|}, $$
#
# a number between 0 (equal) and 1 (opposite, or one of them zero). By hand: $a = (3, 0)$ and $b =
# (0, 4)$ differ by $(3, -4)$, with length 5; so $5 / (3 + 4) = 0.714$. Two vectors of zeros are
# equal, with error 0; mind the division.
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
x = np.array([4.0, 10.0])
print(f"{relative_error(numerical_gradient(lecture_example, x), np.array([38.0, 12.0])):.3e}")

# %% [markdown]
# About $2 \cdot 10^{-12}$, the number that the original exercise gives for this example too.

# %% [markdown]
# ## 3. How small should a small step be?
#
# **Predict first:** is the smallest step that the computer can make the best?


# %%
def one_sided(J, theta, epsilon):
    """Like numerical_gradient, but with (J(theta + epsilon) - J(theta)) / epsilon."""
    steps = epsilon * np.eye(theta.size)
    return np.array([(J(theta + step) - J(theta)) / epsilon for step in steps])


def wavy(x):
    """A function with all its derivatives, and a gradient that we know."""
    return np.sum(np.sin(x) + np.exp(x / 2))


x = np.linspace(-1, 1, 5)
true_gradient = np.cos(x) + np.exp(x / 2) / 2

# %%
steps = np.logspace(-12, 0, 49)
centred = [relative_error(numerical_gradient(wavy, x, e), true_gradient) for e in steps]
sided = [relative_error(one_sided(wavy, x, e), true_gradient) for e in steps]

fig, ax = plt.subplots(figsize=(6.5, 4))
ax.loglog(steps, sided, "s--", color=ORANGE, ms=4, label="one-sided")
ax.loglog(steps, centred, "o-", color=BLUE, ms=4, label="centred")
ax.axvline(1e-4, color=GREY, lw=1, label="epsilon = 1e-4")
ax.set(xlabel="step epsilon (units of theta)", ylabel="relative error of the gradient")
ax.set_title("Too large and too small are both bad")
ax.legend()
show(fig, alt="Two V-shaped curves. The centred one is lowest near 1e-5, at about 1e-11; the "
     "one-sided one near 1e-8, at about 1e-8.")  # fmt: skip

# %% [markdown]
# A V with two different walls. On the **right** the step is too large for a straight line: by
# Taylor's series the centred quotient is off by $\epsilon^2 J'''/6$, the one-sided one by
# $\epsilon J''/2$. Hence the slopes 2 and 1 of the two curves in this figure. On the **left** the
# computer runs out of digits: $J$ is known to about 16 of them, so the difference of two values has
# an error near $10^{-16} |J|$, and dividing by a tiny $\epsilon$ blows that up. The two meet where
# $\epsilon^2 \approx 10^{-16}/\epsilon$, near $\epsilon = 10^{-5}$. The usual $10^{-4}$ is close to
# the bottom, on the side where the error is smooth.

# %% [markdown]
# ## 4. Your own cost function
#
# A check is only as good as the place where it looks. Three rules:
#
# - **Small network.** 8 inputs and 5 hidden units show every mistake that 64 and 25 would.
# - **Nothing is zero.** At zero biases, mistakes that involve biases cannot be seen. Take random
#   ones, and a weight decay of 0.1: at $10^{-4}$ a forgotten $\lambda W$ is a speck.
# - **Block by block.** A large block hides a small one. Judge `W1`, `W2`, `b1` and `b2` apart.

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
    """The relative error of a cost function's gradient, for each block of theta.

    cost: called as cost(theta), returns (cost, grad). theta: 1-D, W1, W2, b1, b2.

    Returns a dictionary from "W1", "W2", "b1" and "b2" to a number.
    """
    ### BEGIN SOLUTION
    _, grad = cost(theta)
    own = unpack_parameters(grad, visible_size, hidden_size)
    numerical = unpack_parameters(numerical_gradient(cost, theta), visible_size, hidden_size)
    names = ("W1", "W2", "b1", "b2")
    return {name: relative_error(a, b) for name, a, b in zip(names, own, numerical)}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-block_errors", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(block_errors)


# %% nbgrader={"grade": true, "grade_id": "test-block_errors", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: costs whose gradient is right, and costs with one or two wrong blocks.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(block_errors, values=3)
### END HIDDEN TESTS

# %%
rng = np.random.default_rng(4)
v, h, m = 8, 5, 12
theta = rng.normal(scale=0.5, size=2 * v * h + h + v)
data = rng.uniform(0.1, 0.9, size=(v, m))


def own_cost(theta):
    """Your cost at a place where nothing is zero."""
    return sparse_autoencoder_cost(theta, v, h, 0.1, 0.05, 3.0, data)


for block, error in block_errors(own_cost, theta, v, h).items():
    print(f"{block}: {error:.1e}  {'fine' if error < 1e-8 else 'WRONG'}")

# %% [markdown]
# If you read "fine" four times, then what you have written down for the slope *is* the slope of
# what you have written down for the cost, delta trick and all. This is why the notes can say that
# gradient checking proves the trick: nobody has to believe the derivation.

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
    print(letter, "  ".join(f"{block} {error:.0e}" for block, error in errors.items()))

# %% [markdown]
# The same as a picture, on a smaller network. **Predict first:** for your own function, which
# epsilon is best? Will a culprit be better off with that one? Move epsilon, change to one-sided
# differences, and try the versions one after the other.

# %%
from saelab.widgets import gradient_explorer

gradient_explorer(numerical_gradient, one_sided, relative_error, sparse_autoencoder_cost)

# %% [markdown]
# Your own function draws the V of section 3, with its bottom near $10^{-5}$. Out at $10^{-12}$, or
# one-sided, it would look guilty in all blocks. A culprit's line is flat, since no step mends a
# wrong formula; and the bars say where in theta the mistake is.

# %% [markdown]
# Read each line as a detective would, and **write your verdict down before you open the answer.**
# All blocks off by about the same: something common to all. Only the weights off: what concerns
# only weights? Only `W1` and `b1`: what lies between the hidden layer and the input, and you met
# that pattern in notebook 03. One passes altogether.
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
# the check is content. It compares your gradient with your cost, and never with the formula in
# the notes.
#
# What can find it? Numbers that somebody else computed. Here is the problem of notebook 03 whose
# cost is known to be 1.381409:

# %%
fixed_theta = 0.3 * np.sin(np.arange(1, 32))
fixed_data = (0.5 + 0.4 * np.cos(np.arange(1, 21))).reshape(4, 5)
fixed_problem = (4, 3, 0.01, 0.05, 0.7, fixed_data)
print(f"yours: {sparse_autoencoder_cost(fixed_theta, *fixed_problem)[0]:.6f}")
for letter, suspect in suspects(sparse_autoencoder_cost, *fixed_problem).items():
    print(f"{letter}: {suspect(fixed_theta)[0]:.6f}")

# %% [markdown]
# Five of the six have the right cost, and only one a wrong one: the very one that the gradient
# check let pass. The two tools complement each other. Whoever has both, and uses them block by
# block, is safe from nearly everything.

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
# costs has an error near 1e-7, and divided by 2e-4 it is about 1e-3, however right the code may
# be. Or the function has a kink within epsilon of the point, so that the two sides have different
# slopes. Remedy: float64; another point; another epsilon, since a true bug gives the same error
# at 1e-3 and 1e-5 while rounding and kinks do not. Miss: with lambda = 1e-4 a forgotten λW
# changes the gradient by about one part in 1e5, which looks like rounding; with zero biases a
# mistake that multiplies a bias is zero. Remedy: large lambda, random non-zero biases, and a look
# at each block by itself.

# %% [markdown]
# ## What you have now
#
# A cost function that you no longer have to trust. Time to let it learn something, in
# **05_training**.
