# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 02 Cost: how wrong is it, and which way is down?

# %% [markdown]
# > **You will learn** what an autoencoder computes, how to say in one number how badly it does,
# > and how backpropagation finds the slope of that number for every weight at once.
# >
# > **You will write** `sigmoid`, `initialize_parameters`, `unpack_parameters`, `feed_forward` and
# > `autoencoder_cost`.
# >
# > **Time** 90 minutes · **Difficulty** medium; the last function is the hardest of the course ·
# > **Points** 17 by tests, 3 by hand · **Builds on** the chain rule and matrix products.

# %%
import matplotlib.pyplot as plt
import numpy as np

from saelab import display
from saelab.check import check
from saelab.display import BLUE, ORANGE, show

# %% [markdown]
# ## 1. A network that redraws what it sees
#
# An **autoencoder** has as many outputs as inputs, and its target is its own input. That would be
# easy if it could pass every pixel along; in between, however, there are fewer units. In our
# exercise a patch of 64 pixels has to go through 25 hidden units and come out as nearly the same
# patch. What those 25 say is the network's description of the patch.

# %%
fig, ax = plt.subplots(figsize=(6, 4.6))
display.draw_network(ax, visible_size=6, hidden_size=3)
show(
    fig,
    alt="Three columns of circles joined by lines: six inputs, three hidden units, six outputs; "
    "below inputs and hidden units a circle marked +1 for the biases.",
    caption="An autoencoder with 6 inputs and 3 hidden units. Each line is a weight.",
)

# %% [markdown]
# One example is a column $x$, and the network computes
#
# $$ z^{(2)} = W_1 x + b_1, \quad a^{(2)} = f(z^{(2)}), \qquad
#    z^{(3)} = W_2 a^{(2)} + b_2, \quad a^{(3)} = f(z^{(3)}). $$
#
# | | shape | |
# |---|---|---|
# | `data` | (visible_size, m) | one example a column |
# | `W1`, `b1` | (hidden_size, visible_size), (hidden_size,) | from input to hidden |
# | `W2`, `b2` | (visible_size, hidden_size), (visible_size,) | from hidden to output |
# | `a2`, `a3` | (hidden_size, m), (visible_size, m) | activations |
#
# Keep this table in sight. Most mistakes in this notebook are shapes that happened to fit.

# %% [markdown]
# ## 2. The sigmoid and its slope
#
# $$ f(z) = \frac{1}{1 + e^{-z}} $$
#
# squeezes any number into the range from 0 to 1: a unit near 1 is *active*, a unit near 0 is
# *inactive*. By hand: $f(0) = 1/2$, and since $e^{-\ln 3} = 1/3$, $f(\ln 3) = 1/(1 + 1/3) = 3/4$.
#
# ### Write `sigmoid`


# %% nbgrader={"grade": false, "grade_id": "sigmoid", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid(z):
    """The logistic function 1 / (1 + exp(-z)), entry by entry.

    z: number or array of any shape. Returns the same shape, values from 0 to 1.
    """
    ### BEGIN SOLUTION
    with np.errstate(over="ignore"):  # exp(800) is inf, and 1 / inf is the right answer
        return 1 / (1 + np.exp(-z))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-sigmoid", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(sigmoid)


# %% nbgrader={"grade": true, "grade_id": "test-sigmoid", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# 2 points: random numbers, vectors and matrices, small and large.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(sigmoid, values=2)
### END HIDDEN TESTS

# %% [markdown]
# Its slope has a form that saves work: $f'(z) = f(z)\,(1 - f(z))$. Whoever has the activation $a$
# has the slope $a(1-a)$ for nothing.


# %%
def slope(a):
    """The slope of a unit whose activation is a."""
    return a * (1 - a)


z = np.linspace(-6, 6, 200)
a = sigmoid(z)

fig, ax = plt.subplots(figsize=(6, 3))
ax.plot(z, a, color=BLUE, lw=2, label="f(z)")
ax.plot(z, slope(a), "--", color=ORANGE, lw=2, label="slope a (1 − a)")
ax.set(xlabel="input z of the unit", ylabel="activation, slope", title="A unit and its slope")
ax.legend()
show(fig, alt="The sigmoid rises from 0 to 1; its slope is a bump with its peak 0.25 at zero.")

# %% [markdown]
# The slope is 1/4 at most, and 0.0025 at $z = \pm 6$. A unit that is far out on either side hears
# next to nothing of its mistakes: it is *saturated*.

# %% [markdown]
# ## 3. Where to start
#
# If all weights started at zero, all hidden units would compute the same, get the same gradient,
# and stay the same for ever. So weights start at random, to break the symmetry; and small, so that
# no unit starts out saturated. The lecture draws them from a uniform distribution on
#
# $$ [-r, r], \qquad r = \sqrt{\frac{6}{n_\text{in} + n_\text{out} + 1}}, $$
#
# where $n_\text{in}$ and $n_\text{out}$ are the sizes of the layers that a matrix joins (after
# Glorot and Bengio, 2010). Biases may start at zero: the weights differ already. By hand, with 64
# inputs and 25 hidden units: $r = \sqrt{6/90} = 0.258$ for both matrices.
#
# An optimiser knows nothing of matrices; it moves a single vector. So all parameters live in one
# vector $\theta$ = `[W1, W2, b1, b2]`, each matrix read row by row.
#
# ### Write `initialize_parameters`


# %% nbgrader={"grade": false, "grade_id": "initialize_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initialize_parameters(visible_size, hidden_size, rng):
    """Random starting parameters: weights uniform in [-r, r], biases zero.

    rng: a numpy.random.Generator, the only source of chance.

    Returns theta, 1-D: W1, W2 (row by row), b1, b2, one after the other.
    """
    ### BEGIN SOLUTION
    r = np.sqrt(6 / (visible_size + hidden_size + 1))
    weights = rng.uniform(-r, r, size=2 * hidden_size * visible_size)
    return np.concatenate([weights, np.zeros(hidden_size + visible_size)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-initialize_parameters", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(initialize_parameters)


# %% nbgrader={"grade": true, "grade_id": "test-initialize_parameters", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: weights 1, biases 1, repeatable 1.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(initialize_parameters, weights=1, biases=1, repeatable=1)
### END HIDDEN TESTS

# %% [markdown]
# ### Write `unpack_parameters`
#
# The way back, from the vector to the four. By hand, with 3 inputs and 2 hidden units: `theta` has
# $2 \cdot 3 + 3 \cdot 2 + 2 + 3 = 17$ entries. If they are 0, 1, ..., 16, then `W1` is
# $\begin{pmatrix} 0 & 1 & 2 \\ 3 & 4 & 5 \end{pmatrix}$ and `b2` is $(14, 15, 16)$.


# %% nbgrader={"grade": false, "grade_id": "unpack_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def unpack_parameters(theta, visible_size, hidden_size):
    """Split theta into W1, W2, b1, b2.

    Returns arrays of shape (hidden_size, visible_size), (visible_size, hidden_size),
    (hidden_size,) and (visible_size,).
    """
    ### BEGIN SOLUTION
    n_weights = hidden_size * visible_size
    W1 = theta[:n_weights].reshape(hidden_size, visible_size)
    W2 = theta[n_weights : 2 * n_weights].reshape(visible_size, hidden_size)
    b1 = theta[2 * n_weights : 2 * n_weights + hidden_size]
    b2 = theta[2 * n_weights + hidden_size :]
    return W1, W2, b1, b2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-unpack_parameters", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(unpack_parameters)


# %% nbgrader={"grade": true, "grade_id": "test-unpack_parameters", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# 2 points: half a point for each of W1, W2, b1 and b2.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(unpack_parameters, W1=0.5, W2=0.5, b1=0.5, b2=0.5)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Forward
#
# With the examples in columns, all of them go through the network in two matrix products. `b1` is a
# vector; to add it to every column, make it a column itself: `b1[:, None]`.
#
# By hand, a network of 2-1-2 and one example: $x = (1, 0)$, $W_1 = (\ln 3, 0)$, $b_1 = 0$, so
# $z^{(2)} = \ln 3$ and $a^{(2)} = 3/4$. With $W_2 = (0, 0)^T$ and $b_2 = (0, -\ln 3)$ the output is
# $a^{(3)} = (1/2, 1/4)$.
#
# ### Write `feed_forward`


# %% nbgrader={"grade": false, "grade_id": "feed_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def feed_forward(theta, visible_size, hidden_size, data):
    """Activations of the hidden and the output layer.

    data: (visible_size, m), one example a column.

    Returns a2 (hidden_size, m) and a3 (visible_size, m).
    """
    ### BEGIN SOLUTION
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    a2 = sigmoid(W1 @ data + b1[:, None])
    a3 = sigmoid(W2 @ a2 + b2[:, None])
    return a2, a3
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-feed_forward", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(feed_forward)


# %% nbgrader={"grade": true, "grade_id": "test-feed_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: a2 1, a3 2.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(feed_forward, a2=1, a3=2)
### END HIDDEN TESTS

# %% [markdown]
# The example from above, in code:

# %%
hand_theta = np.array([np.log(3), 0, 0, 0, 0, 0, -np.log(3)])  # W1, W2, b1, b2
hand_data = np.array([[1.0], [0.0]])
a2, a3 = feed_forward(hand_theta, 2, 1, hand_data)
print("a2 =", a2.ravel(), " a3 =", a3.ravel())

# %% [markdown]
# ### Back to the start
#
# Section 3 claimed that weights should start at random, and small. Now your network can show it.
# **Predict first:** with starting weights thirty times as large, do activations lie near 1/2, or
# near 0 and 1? And how good are very small weights? Move the slider by mouse or by arrow keys; then
# make all hidden units copies of the first.

# %%
from saelab.widgets import start_explorer

start_explorer(initialize_parameters, feed_forward, slope)

# %% [markdown]
# Thirty times the weights saturate the units: the slope, by which every correction is multiplied,
# falls to a fifteenth of the 1/4 that it could be. With a hundredth of the weights the slope is at
# its best, but the units are nearly alike; and copies are alike at any size. The lecture's $r$ lies
# where the slope is still good and the units differ already.

# %% [markdown]
# ## 5. How wrong is it?
#
# The cost has two parts,
#
# $$ J(\theta) = \frac{1}{m} \sum_{i=1}^{m} \tfrac12 \bigl\| a^{(3)}_i - x_i \bigr\|^2
#    \;+\; \frac{\lambda}{2} \bigl( \|W_1\|^2 + \|W_2\|^2 \bigr), $$
#
# where $\|W\|^2$ is the sum of all squared entries. The first part asks for outputs like the
# inputs, averaged over examples, so that it does not depend on how many there are. The
# second, **weight decay**, asks for small weights. Biases are left out of it: a bias does not
# make the network bend more sharply, it only moves the place where it bends, and there are few of
# them.
#
# By hand: the output $(1/2, 1/4)$ for $x = (1, 0)$ is off by $(-1/2, 1/4)$, so that the first
# part is $\tfrac12 (1/4 + 1/16) = 0.15625$. With $\lambda = 0.1$ the second is $0.05 \cdot (\ln
# 3)^2 = 0.06035$. Together 0.21660.

# %% [markdown]
# ## 6. Which way is down?
#
# There are 3289 parameters in a 64-25-64 network. To move each a little and see what happens would
# take 3289 evaluations of the cost for a single gradient. **Backpropagation** takes about two. It
# asks each unit one question: if your input $z$ grew a little, by how much would the cost of this
# example grow? That answer is called $\delta$.
#
# $$ \delta^{(3)} = (a^{(3)} - x) \odot a^{(3)} \odot (1 - a^{(3)})
#    \qquad \text{(visible\_size, m)} $$
#
# $$ \delta^{(2)} = (W_2^T \delta^{(3)}) \odot a^{(2)} \odot (1 - a^{(2)})
#    \qquad \text{(hidden\_size, m)} $$
#
# where $\odot$ multiplies entry by entry. An output unit sees its error directly, times its slope.
# A hidden unit collects the $\delta$ of all the outputs that it feeds, weighted by the weights it
# feeds them with: the same weights, in the other direction, hence the transpose. With them
#
# $$ \nabla_{W_2} J = \frac1m \, \delta^{(3)} (a^{(2)})^T + \lambda W_2, \qquad
#    \nabla_{b_2} J = \frac1m \sum_i \delta^{(3)}_i, $$
#
# $$ \nabla_{W_1} J = \frac1m \, \delta^{(2)} x^T + \lambda W_1, \qquad
#    \nabla_{b_1} J = \frac1m \sum_i \delta^{(2)}_i. $$
#
# The product of a (visible_size, m) with an (m, hidden_size) matrix sums over the examples by
# itself. A bias is a weight whose input is always 1, so its gradient is the plain sum of $\delta$.
#
# By hand, for the example above: $\delta^{(3)} = (-\tfrac12 \cdot \tfrac14, \; \tfrac14 \cdot
# \tfrac{3}{16}) = (-0.125, 0.046875)$. Since $W_2 = 0$, $\delta^{(2)} = 0$. So the gradient of
# $b_2$ is $(-0.125, 0.046875)$, that of $W_2$ is three quarters of it, and that of $W_1$ is
# weight decay alone: $0.1 \cdot (\ln 3, 0)$.
#
# ### Write `autoencoder_cost`
#
# Write the forward pass with `feed_forward`, then the cost, then the two $\delta$, then the four
# gradients, and put these together in the order of $\theta$. No loop over examples is needed.


# %% nbgrader={"grade": false, "grade_id": "autoencoder_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):
    """Mean squared error of the reconstruction plus weight decay, and its gradient.

    theta: 1-D, W1, W2, b1, b2. lambda_: weight decay. data: (visible_size, m).

    Returns (cost, grad): a number, and an array of theta's shape.
    """
    ### BEGIN SOLUTION
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    a2, a3 = feed_forward(theta, visible_size, hidden_size, data)

    error = a3 - data
    decay = lambda_ / 2 * (np.sum(W1**2) + np.sum(W2**2))
    cost = np.sum(error**2) / (2 * m) + decay

    delta3 = error * a3 * (1 - a3)
    delta2 = (W2.T @ delta3) * a2 * (1 - a2)
    W1_grad = delta2 @ data.T / m + lambda_ * W1
    W2_grad = delta3 @ a2.T / m + lambda_ * W2
    b1_grad = delta2.mean(axis=1)
    b2_grad = delta3.mean(axis=1)
    return cost, np.concatenate([W1_grad.ravel(), W2_grad.ravel(), b1_grad, b2_grad])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-autoencoder_cost", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(autoencoder_cost)


# %% nbgrader={"grade": true, "grade_id": "test-autoencoder_cost", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
# 7 points: the cost 2, the gradient of W1 2, of W2, b1 and b2 1 each.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(autoencoder_cost, cost=2, W1=2, W2=1, b1=1, b2=1)
### END HIDDEN TESTS

# %%
cost, grad = autoencoder_cost(hand_theta, 2, 1, 0.1, hand_data)
print(f"cost {cost:.5f}")
for name, block in zip(("W1", "W2", "b1", "b2"), unpack_parameters(grad, 2, 1)):
    print(f"gradient of {name}: {block.ravel().round(5)}")

# %% [markdown]
# Compare each number with the hand calculation. If the check is content and these differ, the hand
# was wrong; that happens too.

# %% [markdown]
# ## 7. Does it make sense?
#
# **Predict first:** all weights and biases zero, and every pixel of the data 0.9. What is the cost
# per example? Every output is $f(0) = 0.5$, so every pixel is off by 0.4, and 64 of them cost
# $64 \cdot 0.16 / 2 = 5.12$.

# %%
theta = np.zeros(2 * 64 * 25 + 25 + 64)
cost, _ = autoencoder_cost(theta, 64, 25, 0.0, np.full((64, 7), 0.9))
print(f"{cost:.6f}")

# %% [markdown]
# Now the slope. Walk from a random start in the direction of the gradient, a little forward and a
# little back. The cost must change as the gradient says: by $\|\nabla J\|$ per unit of the way.

# %%
rng = np.random.default_rng(1)
data = rng.uniform(0.1, 0.9, size=(64, 100))
theta = initialize_parameters(64, 25, rng)
cost, grad = autoencoder_cost(theta, 64, 25, 1e-4, data)

direction = grad / np.linalg.norm(grad)
steps = np.linspace(-3, 3, 61)
walk = [autoencoder_cost(theta + t * direction, 64, 25, 1e-4, data)[0] for t in steps]

fig, ax = plt.subplots(figsize=(6, 3.4))
ax.plot(steps, walk, color=BLUE, lw=2, label="cost along the gradient")
ax.plot(steps, cost + steps * np.linalg.norm(grad), "--", color=ORANGE, label="what grad predicts")
ax.set(xlabel="way along the gradient (length of the step in theta)", ylabel="cost J")
ax.set_title("The gradient is the tangent")
ax.legend()
show(fig, alt="The cost curve and a straight line that touches it where the step is zero.")

# %% [markdown]
# The dashed line touches the curve at 0: the slope in *this* direction is right. It is one
# direction among 3289. In notebook **04** you will check them all.

# %% [markdown]
# ## 8. In your own words
#
# ### All zeros (3 points)
#
# Suppose that someone starts training with all weights **and** biases zero. Show what `a2`,
# $\delta^{(3)}$, $\delta^{(2)}$ and the four gradients are at the start; then say which of the
# parameters can ever move, and what the hidden units have in common after a hundred steps.
#
# **Rubric.** 1 point: the activations and deltas at the start. 1 point: which gradients are zero.
# 1 point: why the hidden units stay alike after they begin to move.

# %% [markdown] nbgrader={"grade": true, "grade_id": "all-zeros", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# Every a2 is f(0) = 1/2 and every a3 too, so δ³ = (1/2 − x)/4, which is not zero. δ² is W2ᵀ δ³
# times 1/4, and because W2 = 0 it is zero. So at the first step the gradients of W1 and b1
# vanish, while b2 and W2 move; but all columns of W2 get the same gradient, because all hidden
# units have the same activation 1/2. From then on W2ᵀ δ³ has equal rows, so that all rows of W1
# and all entries of b1 get equal gradients. By induction the hidden units stay copies of each
# other: a network with 25 hidden units can then do no more than a network with one.

# %% [markdown]
# ## What you have now
#
# A network, a number that says how wrong it is, and the slope of that number. With this alone it
# would learn to compress. In **03_kl_delta** you add the wish that makes it find edges: that its
# units should rarely be active.
