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
# > **Points** 17 by tests, 3 by hand · **Builds on** the chain rule, matrix products, and, for its
# > pictures, your notebook 01.

# %%
import matplotlib.pyplot as plt
import numpy as np

from saelab import previous
from saelab.check import check
from saelab.data import load_images
from saelab.display import BLUE, ORANGE, draw_network, draw_patches, show

# %% [markdown]
# The next cell reads your own functions from notebook 01. They make the patches on which you try
# the network; what you write does not need them.

# %%
whiten, sample_patches, normalize_patches = previous.functions(
    "01_patch_sampling", "whiten", "sample_patches", "normalize_patches"
)

# %% [markdown]
# ## 1. A network that redraws what it sees
#
# An **autoencoder** has as many outputs as inputs, and its target is its own input. That would be
# easy if it could pass every pixel along; in between, however, there are fewer units. In our
# exercise a patch of 64 pixels has to go through 25 hidden units and come out as nearly the same
# patch. What those 25 say is the network's description of the patch.

# %%
fig, ax = plt.subplots(figsize=(6, 4.6))
draw_network(ax, visible_size=6, hidden_size=3)
show(
    fig,
    alt="Three columns of circles joined by lines: six inputs, three hidden "
    "units, six outputs; below the first two a circle marked +1 for biases.",
    caption="An autoencoder with 6 inputs and 3 hidden units.",
)

# %% [markdown]
# Each line from a unit is a weight, each from a +1 a bias. One example is a column $x$, and the
# network computes
#
# $$ z^{(2)} = W_1 x + b_1, \quad a^{(2)} = f(z^{(2)}), $$
#
# $$ z^{(3)} = W_2 a^{(2)} + b_2, \quad a^{(3)} = f(z^{(3)}). $$
#
# ### Notation
#
# |lecture|code|shape| |
# |---|---|---|---|
# |$x$|`data`|(visible_size, m)|one example a column|
# |$m$, $s_2$|`m`, `hidden_size`|numbers|examples, hidden units|
# |$W^{(1)}$, $b^{(1)}$|`W1`, `b1`|(hidden_size, visible_size), (hidden_size,)|to hidden|
# |$W^{(2)}$, $b^{(2)}$|`W2`, `b2`|(visible_size, hidden_size), (visible_size,)|to output|
# |all four|`theta`|1-D|in one vector|
# |$f$, $f'$|`sigmoid`, `slope`|$f'$ takes $a = f(z)$|a unit's response|
# |$z^{(2)}$, $a^{(2)}$|–, `a2`|(hidden_size, m)|hidden layer|
# |$z^{(3)}$, $a^{(3)}=h_{W,b}(x)$|–, `a3`|(visible_size, m)|output|
# |$\delta^{(2)}$, $\delta^{(3)}$|`delta2`, `delta3`|as `a2`, `a3`|section 6|
# |$\lambda$|`lambda_`|number|weight decay|
# |$\rho$, $\hat\rho_j$|`rho`, `rho_hat`|number, (hidden_size,)|notebook 03|
# |$\beta$|`beta`|number|notebook 03|
#
# We write $W_1$ for $W^{(1)}$. Keep the table in sight: many mistakes are shapes that happened to
# fit.

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

    z: number or array of any shape.
    Returns the same shape, values from 0 to 1.
    """
    ### BEGIN SOLUTION
    with np.errstate(over="ignore"):  # exp(800) is inf, and 1 / inf is right
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
# has the slope $a(1-a)$ for free.


# %%
def slope(a):
    """The slope of a unit whose activation is a."""
    return a * (1 - a)


z = np.linspace(-6, 6, 200)
a = sigmoid(z)

fig, ax = plt.subplots(figsize=(6, 3))
ax.plot(z, a, color=BLUE, lw=2, label="f(z)")
ax.plot(z, slope(a), "--", color=ORANGE, lw=2, label="slope a (1 − a)")
ax.set(xlabel="input z of the unit", ylabel="activation, slope")
ax.legend()
show(
    fig,
    alt="The sigmoid rises from 0 to 1; its slope is a bump, 0.25 high, at 0.",
    caption="A sigmoid unit's activation and slope, by its input.",
)

# %% [markdown]
# The slope is 1/4 at most, and 0.0025 at $z = \pm 6$. A unit that is far out on either side hears
# next to nothing of its mistakes: it is *saturated*.

# %% [markdown]
# ## 3. Where to start
#
# If all weights started at zero, all hidden units would compute the same, be corrected alike,
# and stay the same for ever. So weights start at random, to break the symmetry; and small, so that
# no unit starts out saturated. The lecture draws them from a uniform distribution on
#
# $$ [-r, r], \qquad r = \sqrt{\frac{6}{n_\text{in} + n_\text{out} + 1}}, $$
#
# where $n_\text{in}$ and $n_\text{out}$ are the sizes of the layers that a matrix joins (after
# Glorot and Bengio, 2010). Biases may start at zero: the weights differ already. By hand, with 64
# inputs and 25 hidden units: $r = \sqrt{6/90} = 0.258$ for both matrices.
#
# An optimiser, which moves the parameters later, knows one vector only. So all
# parameters live in one vector $\theta$ = `[W1, W2, b1, b2]`, each matrix read row by row.
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

    Returns arrays of shape (hidden_size, visible_size),
    (visible_size, hidden_size), (hidden_size,) and (visible_size,).
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
# $z^{(2)} = \ln 3$ and $a^{(2)} = 3/4$. With $W_2 = (1, -1)^T$ and $b_2 = (-3/4, \; 3/4 - \ln 3)$
# it goes on to $z^{(3)} = (3/4 - 3/4, \; -3/4 + 3/4 - \ln 3) = (0, -\ln 3)$, and the output is
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
ln3 = np.log(3)
hand_theta = np.array([ln3, 0, 1, -1, 0, -0.75, 0.75 - ln3])  # as in theta
hand_data = np.array([[1.0], [0.0]])
a2, a3 = feed_forward(hand_theta, 2, 1, hand_data)
print("a2 =", a2.ravel(), " a3 =", a3.ravel())

# %% [markdown]
# ### Your own patch
#
# Put in the three numbers that you wrote down. Your patch comes first, and 199 others follow.

# %%
my_patch = 4, 214, 274  # photograph (0 to 9), row and column (0 to 504)

# %%
white = np.array([whiten(image, f0=0.4) for image in load_images()])
photograph, row, column = my_patch
mine = white[photograph, row : row + 8, column : column + 8].ravel()
others = sample_patches(white, 8, 199, np.random.default_rng(0))
patches = normalize_patches(np.column_stack([mine, others]))

# %% [markdown]
# **Predict first:** nothing is learned yet. Will the output look like your patch, like noise, or
# like an even grey? And that of another patch?

# %%
theta = initialize_parameters(64, 25, np.random.default_rng(1))
a2, a3 = feed_forward(theta, 64, 25, patches)
layers = (patches, "input"), (a2, "25 activations"), (a3, "output")

fig, axes = plt.subplots(2, 3, figsize=(6.6, 4.6))
for row, (name, i) in zip(axes, (("your patch", 0), ("another", 7))):
    for ax, (values, layer) in zip(row, layers):
        draw_patches(ax, values[:, [i]], 1, f"{name}: {layer}", (0.1, 0.9))
show(
    fig,
    alt="Two rows of three pictures: input, hidden activations and output of "
    "your patch and of another one. The outputs are noise.",
    caption="Two patches on their way through an untrained network.",
)

# %% [markdown]
# The outputs are noise, and for both patches nearly the same noise: what the weights say drowns
# what the patch says. From pixel to pixel an output varies by 0.10, from patch to patch by 0.006
# (standard deviations).

# %% [markdown]
# ### Back to the start
#
# Section 3 claimed that weights should start at random, and small. Now your network can show it.
# **Predict first:** with weights thirty times as large, do activations lie near 1/2, or near 0 and
# 1? How good are very small weights? Move the slider; then make all hidden units copies.

# %%
from saelab.widgets import start_explorer

start_explorer(initialize_parameters, feed_forward, slope, patches)

# %% [markdown]
# Near 0 and 1: weights thirty times as large saturate most units, and the slope, by which every
# correction is multiplied, falls to a twentieth of 1/4. With a hundredth of the weights the slope
# is at its best, but the units are nearly alike; copies are alike at any size. At the lecture's $r$
# the slope is still 0.23, and the units differ.

# %% [markdown]
# ## 5. How wrong is it?
#
# The cost has two parts,
#
# $$ J(\theta) = \frac{1}{m} \sum_{i=1}^{m} \tfrac12 \bigl\| a^{(3)}(x^{(i)}) - x^{(i)} \bigr\|^2
#    \;+\; \frac{\lambda}{2} \bigl( \|W_1\|^2 + \|W_2\|^2 \bigr), $$
#
# where $\|W\|^2$ is the sum of all squared entries. The first part asks for outputs like the
# inputs, on average over examples. The second, **weight decay**, asks for small weights. Biases are
# left out of it: a bias does not make a unit's response steeper, it only moves it.
#
# By hand: the output $(1/2, 1/4)$ for $x = (1, 0)$ is off by $(-1/2, 1/4)$, so that the first
# part is $\tfrac12 (1/4 + 1/16) = 0.15625$. With $\lambda = 0.1$ the second is
# $0.05 \, ((\ln 3)^2 + 1 + 1) = 0.16035$. Together 0.31660.

# %% [markdown]
# ## 6. Which way is down?
#
# There are 3289 parameters in a 64-25-64 network. To move each a little and see what happens would
# take 3289 more evaluations of the cost. **Backpropagation** takes five matrix products where the
# cost alone takes two. It asks each unit one question: if your input $z$ grew a little, how fast
# would the error of this example grow? The answer is called $\delta$.
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
#    \nabla_{b_2} J = \frac1m \sum \delta^{(3)}, $$
#
# $$ \nabla_{W_1} J = \frac1m \, \delta^{(2)} x^T + \lambda W_1, \qquad
#    \nabla_{b_1} J = \frac1m \sum \delta^{(2)}. $$
#
# The product of a (visible_size, m) with an (m, hidden_size) matrix sums over the examples by
# itself. A bias is a weight whose input is always 1, so its gradient is the plain sum of $\delta$.
#
# By hand, for the example:
#
# - $\delta^{(3)} = (-\tfrac12 \cdot \tfrac14, \; \tfrac14 \cdot \tfrac{3}{16})
#   = (-\tfrac18, \tfrac{3}{64})$;
# - $W_2^T \delta^{(3)} = -\tfrac18 - \tfrac{3}{64} = -\tfrac{11}{64}$, so
#   $\delta^{(2)} = -\tfrac{11}{64} \cdot \tfrac34 \cdot \tfrac14 = -\tfrac{33}{1024} = -0.03223$;
# - for $W_2$: $\tfrac34 \delta^{(3)} + 0.1 \, (1, -1) = (0.00625, -0.06484)$;
# - for $b_2$: $\delta^{(3)} = (-0.125, 0.04688)$;
# - for $W_1$: $\delta^{(2)} (1, 0) + 0.1 \, (\ln 3, 0) = (0.07763, 0)$;
# - for $b_1$: $\delta^{(2)} = -0.03223$.

# %% [markdown]
# ### Write `autoencoder_cost`
#
# 1. Unpack `theta`; `m` is the number of columns of `data`.
# 2. Forward: `a2` (hidden_size, m), `a3` (visible_size, m).
# 3. The cost, a number: error plus decay.
# 4. $\delta^{(3)}$ (visible_size, m), then $\delta^{(2)}$ (hidden_size, m).
# 5. Four gradients, each of the shape of its own parameters.
# 6. All four in one vector, in the order of `theta`.
#
# <details><summary>Hint 1: where to begin</summary>
#
# Write the shape beside each factor of step 5. Which one must be transposed so that m disappears?
#
# </details>
#
# <details><summary>Hint 2: what has an average</summary>
#
# The 1/m belongs to what is summed over examples. Weight decay is not.
#
# </details>
#
# <details><summary>Hint 3: if one block is wrong</summary>
#
# Set `lambda_` to 0 in the example below. If that mends the block, look at its decay; if not, at
# the $\delta$ that it is made of, which `b1` and `b2` show directly.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "autoencoder_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):
    """Half the mean squared error plus weight decay, and its gradient.

    theta: 1-D, W1, W2, b1, b2. lambda_: weight of the decay.
    data: (visible_size, m).

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
    return cost, np.concatenate(
        [W1_grad.ravel(), W2_grad.ravel(), b1_grad, b2_grad],
    )
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
names = "W1", "W2", "b1", "b2"
for name, block in zip(names, unpack_parameters(grad, 2, 1)):
    print(f"gradient of {name}: {block.ravel().round(5)}")

# %% [markdown]
# Compare each number with the hand calculation above.

# %% [markdown]
# ## 7. Does it make sense?
#
# **Predict first:** all weights and biases are zero, and 64 pixels are 0.9. What is the cost?

# %%
zeros = np.zeros(2 * 64 * 25 + 25 + 64)
cost, _ = autoencoder_cost(zeros, 64, 25, 0.0, np.full((64, 7), 0.9))
print(f"{cost:.6f}")

# %% [markdown]
# It is $64 \cdot 0.4^2 / 2 = 5.12$, since every output is $f(0) = 0.5$; the average over seven
# equal examples is that of one.
#
# Now the slope, on your patches. Walk from the random start in the direction of the gradient,
# forward and back. At the start the cost must change by $\|\nabla J\|$ per unit of distance.

# %%
cost, grad = autoencoder_cost(theta, 64, 25, 1e-4, patches)
size = np.linalg.norm(grad)
steps = np.linspace(-3, 3, 61)
way = [theta + step * grad / size for step in steps]
walk = [autoencoder_cost(t, 64, 25, 1e-4, patches)[0] for t in way]

fig, ax = plt.subplots(figsize=(6, 3.4))
ax.plot(steps, walk, color=BLUE, lw=2, label="cost along the gradient")
ax.plot(steps, cost + steps * size, "--", color=ORANGE, label="tangent")
ax.set(xlabel="distance along the gradient (in theta)")
ax.set_ylabel("cost J")
ax.legend()
show(
    fig,
    alt="The cost curve and a straight line that touches it at step zero.",
    caption="The cost along the gradient, and its tangent.",
)

# %% [markdown]
# The dashed line touches the curve at 0: the slope in *this* direction is right. It is one
# direction among 3289; in notebook 04 you will check them all. Downhill, to the left, the cost
# falls from 0.81 to 0.50 and rises again, so learning takes many steps, each with a new gradient.
# (An even grey of 0.5 would cost 0.49: the first step teaches the network to stop making noise.
# Your numbers may differ.)

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
# would learn to compress. In [**03_kl_delta**](../03_kl_delta/03_kl_delta.ipynb) you add the wish
# that makes it find edges: that its units should rarely be active.

# %% [markdown]
# **Read on:** sections 2 and 3 of the
# **[lecture notes](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf)**;
# **[Rumelhart, Hinton and Williams (1986)](https://doi.org/10.1038/323533a0)** on backpropagation;
# **[Glorot and Bengio (2010)](https://proceedings.mlr.press/v9/glorot10a.html)** on where to start.

# %% [markdown] tags=["self-study"]
# This notebook **[to fill in](../../notebooks/02_cost/02_cost.ipynb)** and
# **[solved](../../solutions/02_cost/02_cost.ipynb)**.
