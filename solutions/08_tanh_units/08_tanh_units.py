# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 08 Tanh units: what is silence for a unit that can say −1?

# %% [markdown]
# > **You will learn** what sparsity asks of a unit whose activations go from −1 to 1, why the same
# > network then needs another $\lambda$, and what a penalty must do to keep units quiet *and*
# > awake.
# >
# > **You will write** `tanh_sparsity_delta`, `tanh_autoencoder_cost`, `to_tanh` and
# > `squared_penalty`.
# >
# > **The notes say** that a tanh unit is inactive near −1, and that many penalties give reasonable
# > results. The first is put to work here, the second to the test.
# >
# > **Time** 60 minutes · **Difficulty** short code, one idea · **Points** 13 by tests, 3 by hand ·
# > **Builds on** your notebooks 01 to 05, and what 05 has trained.

# %%
import matplotlib.pyplot as plt
import numpy as np

# %%
from saelab import parameters, previous, progress
from saelab.check import check
from saelab.data import load_images, load_stored
from saelab.display import BLUE, GREY, ORANGE, draw_patches, show
from saelab.quality import describe_filters

# %%
whiten, sample_patches, normalize_patches = previous.functions(
    "01_patch_sampling", "whiten", "sample_patches", "normalize_patches"
)
initialize_parameters, sigmoid, unpack_parameters, feed_forward = (
    previous.functions(
        "02_cost", "initialize_parameters", "sigmoid", "unpack_parameters",
        "feed_forward",
    )
)  # fmt: skip
average_activation, kl_divergence, sparsity_delta, sparse_autoencoder_cost = (
    previous.functions(
        "03_kl_delta", "average_activation", "kl_divergence",
        "sparsity_delta", "sparse_autoencoder_cost",
    )
)  # fmt: skip
numerical_gradient, relative_error = previous.functions(
    "04_gradient_check", "numerical_gradient", "relative_error"
)
train = previous.functions("05_training", "train")

# %% [markdown]
# ## 1. Silence at −1
#
# A hidden unit may use another curve than the sigmoid: $a = \tanh(z)$ goes from −1 to 1, and its
# slope is $1 - a^2$. What is sparsity then? Not many zeros: a tanh unit at 0 stands in the middle
# of its range, as a sigmoid unit does at one half. Silent is −1. So measure how far above silence
# it is, as a share of its range:
#
# $$ p = \frac{1 + a}{2}, \qquad \hat\rho_j = \frac1m \sum_{i=1}^{m} p_j(x^{(i)}). $$
#
# By hand: $a = (0, -0.2, 0.2)$ gives $p = (0.5, 0.4, 0.6)$ and $\hat\rho = 0.5$. (Not the mean of
# $a$! It can be negative, and then KL is no number.)

# %%
z = np.linspace(-4, 4, 201)
fig, ax = plt.subplots(figsize=(6, 3.2))
ax.plot(z, sigmoid(z), "--", color=GREY, label="sigmoid")
ax.plot(z, np.tanh(z), color=ORANGE, label="tanh")
ax.plot(z, (1 + np.tanh(z)) / 2, color=BLUE, lw=2, label="p of tanh")
ax.set(xlabel="z", ylabel="activation, or p", title="Above silence")
ax.legend()
show(
    fig,
    alt="Three S-shaped curves over z: sigmoid from 0 to 1, tanh from -1 to "
    "1, and p of tanh from 0 to 1, steeper than the sigmoid.",
    caption="The sigmoid, tanh, and the share p of tanh's range.",
)

# %% [markdown]
# The line for $p$ looks like a sigmoid in a hurry: at 0 it is twice as steep. Remember it.
#
# ### Write `tanh_sparsity_delta`
#
# Raise all activations of a unit by 0.01, and $p$ and $\hat\rho$ rise by 0.005. That half belongs
# into the bracket of $\delta^{(2)}$:
#
# $$ \frac{\beta}{2} \Bigl( -\frac{\rho}{\hat\rho} + \frac{1 - \rho}{1 - \hat\rho} \Bigr). $$
#
# By hand, with $\rho = 0.2$, $\beta = 1$ and $\hat\rho = 0.5$: in notebook 03 it was
# $-0.4 + 1.6 = 1.2$; now it is 0.6.


# %% nbgrader={"grade": false, "grade_id": "tanh_sparsity_delta", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh_sparsity_delta(rho, rho_hat, beta):
    """What sparsity adds in the bracket of delta2 where hidden units are tanh.

    rho, beta: numbers. rho_hat: (hidden_size,), the mean of p = (1 + a) / 2.
    Returns an array, (hidden_size,).
    """
    ### BEGIN SOLUTION
    return sparsity_delta(rho, rho_hat, beta) / 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-tanh_sparsity_delta", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(tanh_sparsity_delta)


# %% nbgrader={"grade": true, "grade_id": "test-tanh_sparsity_delta", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# 2 points: random targets, mean activations and weights.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(tanh_sparsity_delta, values=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The cost of a tanh network
#
# ### Write `tanh_autoencoder_cost`
#
# Start from your `sparse_autoencoder_cost`. The hidden units become tanh, and the outputs stay
# sigmoids, since pixels lie between 0 and 1. Three things change: $a^{(2)}$, $\hat\rho$, and
#
# $$ \delta^{(2)} = \Bigl( W_2^T \delta^{(3)} + \tfrac{\beta}{2} \Bigl( -\frac{\rho}{\hat\rho} +
#    \frac{1-\rho}{1-\hat\rho} \Bigr) \Bigr) \odot \bigl(1 - a^{(2)} \odot a^{(2)}\bigr). $$
#
# By hand: $x=(1,0)$, $W_1=(\tfrac12\ln3,0)$, $b_1=0$, $W_2=(\tfrac12,-\tfrac12)^T$,
# $b_2=(-\tfrac14,\tfrac14-\ln3)$, with $\lambda=0.4$, $\rho=\tfrac14$ and $\beta=1$. Since
# $e^{2z} = 3$, $a^{(2)} = \frac{3-1}{3+1} = \tfrac12$; then $a^{(3)}=(\tfrac12,\tfrac14)$.
#
# | | calculation | |
# |---|---|---|
# | error | $\tfrac12(\tfrac14+\tfrac1{16})$ | 0.15625 |
# | decay | $0.2\,(\tfrac14(\ln3)^2+\tfrac14+\tfrac14)$ | 0.16035 |
# | penalty, $\hat\rho=\tfrac34$ | $\tfrac14\ln\tfrac13+\tfrac34\ln3$ | 0.54931 |
# | cost | the sum | 0.86590 |
# | $\delta^{(3)}$ | $(-\frac12\cdot\frac14,\frac14\cdot\frac3{16})$ | $(-\frac18,\frac3{64})$ |
# | $\delta^{(2)}$ | $(-\tfrac{11}{128}+\tfrac43)\cdot\tfrac34$ | 0.93555 |
# | $\nabla b_1$, $\nabla b_2$ | the deltas | 0.93555, $(-0.125,0.04688)$ |
# | $\nabla W_1$ | $\delta^{(2)}x^T+0.4\,W_1$ | $(1.15527,0)$ |
# | $\nabla W_2$ | $\tfrac12\delta^{(3)}+0.4\,W_2$ | $(0.1375,-0.17656)$ |


# %% nbgrader={"grade": false, "grade_id": "tanh_autoencoder_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho,
                          beta, data):  # fmt: skip
    """Error, decay and penalty of tanh hidden units and sigmoid outputs.

    lambda_: decay. rho: target of the mean of (1 + a2) / 2. beta: its weight.
    theta: W1, W2, b1, b2. data: (visible_size, m). Returns (cost, grad).
    """
    ### BEGIN SOLUTION
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    a2 = np.tanh(W1 @ data + b1[:, None])
    a3 = sigmoid(W2 @ a2 + b2[:, None])
    rho_hat = average_activation((1 + a2) / 2)
    error = a3 - data
    decay = lambda_ / 2 * (np.sum(W1**2) + np.sum(W2**2))
    penalty = beta * np.sum(kl_divergence(rho, rho_hat))
    cost = np.sum(error**2) / (2 * m) + decay + penalty
    delta3 = error * a3 * (1 - a3)
    pull = tanh_sparsity_delta(rho, rho_hat, beta)
    delta2 = (W2.T @ delta3 + pull[:, None]) * (1 - a2**2)
    W1_grad = delta2 @ data.T / m + lambda_ * W1
    W2_grad = delta3 @ a2.T / m + lambda_ * W2
    b1_grad = delta2.mean(axis=1)
    b2_grad = delta3.mean(axis=1)
    return cost, np.concatenate(
        [W1_grad.ravel(), W2_grad.ravel(), b1_grad, b2_grad])  # fmt: skip
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-tanh_autoencoder_cost", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(tanh_autoencoder_cost)


# %% nbgrader={"grade": true, "grade_id": "test-tanh_autoencoder_cost", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# 6 points: the cost 2, the gradients of W1, W2, b1 and b2 1 each.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(tanh_autoencoder_cost, cost=2, W1=1, W2=1, b1=1, b2=1)
### END HIDDEN TESTS

# %%
ln3 = np.log(3)
hand = np.array([ln3 / 2, 0, 1 / 2, -1 / 2, 0, -1 / 4, 1 / 4 - ln3])
x = np.array([[1.0], [0.0]])

# %%
cost, grad = tanh_autoencoder_cost(hand, 2, 1, 0.4, 1 / 4, 1.0, x)
print(f"cost {cost:.5f}")
names = "W1", "W2", "b1", "b2"
for name, block in zip(names, unpack_parameters(grad, 2, 1)):
    print(f"gradient of {name}: {block.ravel().round(5)}")

# %% [markdown]
# The cost is that of the hand example in notebook 03, digit by digit, with other numbers and four
# times the $\lambda$. Chance? Section 4.
#
# ## 3. The half, forgotten
#
# The half is easily forgotten. The gradient is a sum, and linear in $\beta$; so what a forgetful
# person gets is easy to make: the part of sparsity counts twice. **Predict first:** your tool of
# notebook 04 divides $\|a-b\|$ by $\|a\|+\|b\|$. At a random start sparsity is nearly all of the
# gradient. What number will it say?

# %%
rng = np.random.default_rng(0)
small = rng.uniform(0.1, 0.9, (6, 20))
start = initialize_parameters(6, 4, rng)


def small_cost(theta, beta=3.0):
    return tanh_autoencoder_cost(theta, 6, 4, 1e-4, 0.01, beta, small)


# %%
_, right = small_cost(start)
_, plain = small_cost(start, beta=0.0)
measured = numerical_gradient(small_cost, start)
print(f"with the half: {relative_error(measured, right):.0e}")
print(f"without:       {relative_error(measured, 2 * right - plain):.2f}")

# %% [markdown]
# A third. If $b = 2a$, then $\|a - b\| / (\|a\| + \|b\|) = 1/3$: who sees 0.33 should look for a
# factor 2, or for a half that is missing.
#
# ## 4. The same network, in other words
#
# $$ \tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} = \frac{2}{1 + e^{-2z}} - 1 = 2\,\sigma(2z) - 1 $$
#
# So $p = \sigma(2z)$, exactly. Halve $W_1$ and $b_1$ of a sigmoid network, use tanh, and each $p$
# is what its activation was. What the outputs get must not change either. A tanh unit says
# $2p - 1$ where a sigmoid unit said $p$, and $\tfrac12 (2p - 1) = p - \tfrac12$: with half of
# $W_2$ they miss a half of each unit's weight. $b_2$ makes up for it.
#
# ### Write `to_tanh`
#
# $$ W_1 \to \tfrac12 W_1, \quad b_1 \to \tfrac12 b_1, \quad W_2 \to \tfrac12 W_2, \quad
#    b_2 \to b_2 + \tfrac12 \sum_j W_2^{(\cdot j)} $$
#
# By hand, from notebook 03: $W_1=(\ln3,0)$, $b_1=0$, $W_2=(1,-1)^T$, $b_2=(-\tfrac34,
# \tfrac34-\ln3)$. With one hidden unit the sums are 1 and −1, so that $b_2$ becomes
# $(-\tfrac14, \tfrac14-\ln3)$: the network of section 2.


# %% nbgrader={"grade": false, "grade_id": "to_tanh", "locked": false, "schema_version": 3, "solution": true, "task": false}
def to_tanh(theta, visible_size, hidden_size):
    """Parameters of a tanh network that computes what a sigmoid one does.

    theta: 1-D, W1, W2, b1, b2 of a network with sigmoid hidden units.

    Returns an array of its shape: the same for tanh hidden units, and
    sigmoid outputs.
    """
    ### BEGIN SOLUTION
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    b2 = b2 + W2.sum(axis=1) / 2
    return np.concatenate([W1.ravel() / 2, W2.ravel() / 2, b1 / 2, b2])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-to_tanh", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(to_tanh)


# %% nbgrader={"grade": true, "grade_id": "test-to_tanh", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: random networks of several sizes.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(to_tanh, values=3)
### END HIDDEN TESTS

# %%
before = np.array([ln3, 0, 1, -1, 0, -3 / 4, 3 / 4 - ln3])
print("off by", np.abs(to_tanh(before, 2, 1) - hand).max())

# %% [markdown]
# Now the network that 05 has trained, with 25 hidden units. **Predict first:** decay adds up
# *squares* of weights, and all weights are halved. With which $\lambda$ does your new cost say the
# same as the old one with $10^{-4}$?

# %% tags=["long"]
rng = np.random.default_rng(0)
white_images = np.array([whiten(image, f0=0.4) for image in load_images()])
patches = normalize_patches(sample_patches(white_images, 8, 10_000, rng))
patches = patches[:, :5000]
trained = parameters.load("05_training", "sparse")

# %% tags=["long"]
J, _ = sparse_autoencoder_cost(trained, 64, 25, 1e-4, 0.01, 3.0, patches)
print(f"sigmoid, lambda 1e-4: {J:.15f}")
theta = to_tanh(trained, 64, 25)

# %% tags=["long"]
for lambda_ in (1e-4, 2e-4, 4e-4):
    other, _ = tanh_autoencoder_cost(
        theta, 64, 25, lambda_, 0.01, 3.0, patches
    )
    print(f"tanh,    lambda {lambda_:.0e}: {other:.15f}")

# %% [markdown]
# Four times, and then to the 15th digit or so, where rounding begins. That is the identity
#
# $$ J_\text{sigmoid}(\theta; \lambda) = J_\text{tanh}(\mathrm{to\_tanh}(\theta); 4\lambda). $$
#
# Whatever a sigmoid network can do, a tanh network can do at the same cost, with its own $\lambda$,
# and the other way round. tanh is no other model, but another way to write down the same one.

# %% [markdown]
# ## 5. Which lambda?
#
# **Predict first:** you train tanh units as the lecture would, with $\lambda = 10^{-4}$, from a
# random start. Edges, noise, or collapse? And with 2, 4 and 8 times as much?

# %% tags=["long"]
stored = load_stored("tanh")
units = ["sigmoid"] + 4 * ["tanh"]
lambdas = [1e-4, *stored["lambdas"]]
counts = [stored["sigmoid_edges"], *stored["lambda_edges"]]
filters = [stored["sigmoid_W1"], *stored["lambda_W1"]]

fig, axes = plt.subplots(5, 1, figsize=(9, 4.6))
for ax, unit, k, found, W1 in zip(axes, units, lambdas, counts, filters):
    found = ", ".join(map(str, found))
    title = f"{unit} units, lambda {k:.0e}: {found} edges"
    draw_patches(ax, W1[0].T.astype(float), 25, title, limits=(-2, 2))
show(
    fig,
    alt="Five rows of 25 filters: edges, noise, some edges in noise, paler "
    "edges, and an even grey with a few edges.",
    caption="Filters after 300 iterations, and how many of 25 are edges, "
    "from three random starts; the first is shown.",
)

# %% [markdown]
# With the lecture's $\lambda$: noise. It is what $\frac14 \cdot 10^{-4}$ is to a sigmoid network
# (the playground of 05 has $3 \cdot 10^{-5}$: 1 edge). With twice that, 7 to 15 edges; with eight
# times all but a few filters die. With four times, which the identity foretold, 19 to 22, where
# sigmoid units have 17 to 19. A constant that was tuned belongs to the units it was tuned for.
#
# **Predict first:** so let *your* tanh network start where the sigmoid network of the first row
# did: the same outputs, the same cost. Will it learn the same filters?


# %% tags=["long"]
def tanh_cost(theta, lambda_=4e-4):
    return tanh_autoencoder_cost(theta, 64, 25, lambda_, 0.01, 3.0, patches)


start = initialize_parameters(64, 25, np.random.default_rng(1))
start = to_tanh(start, 64, 25)
with progress.bar(200, "tanh units", unit="iteration") as bar:
    result = train(start, tanh_cost, 200, lambda theta: bar.update())
    bar.finish("stopped")

# %% tags=["long"]
W1, *_ = unpack_parameters(result.x, 64, 25)
edges = sum(fit.r2 >= 0.8 for fit in describe_filters(W1).fits)
fig, axes = plt.subplots(2, 1, figsize=(9, 1.9))
first = stored["sigmoid_W1"][0].T.astype(float)
draw_patches(axes[0], first, 25, "sigmoid units", limits=(-2, 2))
title = f"tanh units, twice as strong: {edges} of 25 are edges"
draw_patches(axes[1], 2 * W1.T, 25, title, limits=(-2, 2))
show(
    fig,
    alt="Two rows of 25 filters, most of them edges; below each edge much "
    "the same edge.",
    caption="From one start: sigmoid units after 300 iterations, and your "
    "tanh units after 200.",
)

# %% [markdown]
# Very nearly, unit by unit. Which edge a unit finds was decided by the start and the data, not by
# how the network is written down.
#
# ## 6. Other penalties
#
# The notes choose KL and say that many others would do. A penalty is a value for the cost, and a
# slope for the bracket. The one that most people would think of first:
#
# $$ \text{value} = \beta \sum_j (\hat\rho_j - \rho)^2, \qquad
#    \text{slope}_j = 2 \beta \, (\hat\rho_j - \rho). $$
#
# By hand: $\rho = 0.1$, $\hat\rho = (0.3, 0.1)$, $\beta = 10$: the value is
# $10 \cdot 0.04 = 0.4$, the slope $(4, 0)$.
#
# ### Write `squared_penalty`


# %% nbgrader={"grade": false, "grade_id": "squared_penalty", "locked": false, "schema_version": 3, "solution": true, "task": false}
def squared_penalty(rho, rho_hat, beta):
    """A penalty in place of KL: squared distances from the target.

    rho, beta: numbers. rho_hat: (hidden_size,).

    Returns (value, slope): a number, the sum over all units, and its
    derivatives with respect to rho_hat, (hidden_size,).
    """
    ### BEGIN SOLUTION
    gap = rho_hat - rho
    return beta * np.sum(gap**2), 2 * beta * gap
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-squared_penalty", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(squared_penalty)


# %% nbgrader={"grade": true, "grade_id": "test-squared_penalty", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# 2 points: the value 1, the slope 1.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(squared_penalty, value=1, slope=1)
### END HIDDEN TESTS

# %% [markdown]
# Five penalties as functions of $p$, (hidden_size, m), which is the activation of a sigmoid unit:
# KL, yours, and three that ask every activation by itself. L1 is the mean of $|p|$; the logarithm
# is Olshausen and Field's; and who likes many zeros punishes $|a|$ of a tanh unit, which is
# $|2p-1|$.


# %%
def kl(p):
    rho_hat = average_activation(p)
    value = np.sum(kl_divergence(0.01, rho_hat))
    return value, sparsity_delta(0.01, rho_hat, 1.0)[:, None]


def squared(p):
    value, slope = squared_penalty(0.01, average_activation(p), 1.0)
    return value, slope[:, None]


# %%
def l1(p):
    return np.sum(average_activation(p)), np.ones_like(p)


def log(p, scale=0.1):
    value = np.sum(average_activation(np.log1p((p / scale) ** 2)))
    return value, 2 * p / (scale**2 + p**2)


def zeros_of_tanh(p):
    return np.sum(average_activation(abs(2 * p - 1))), 2 * np.sign(2 * p - 1)


# %%
penalties = {
    "KL": kl, "squared": squared, "L1": l1, "log": log,
    "|a| of tanh": zeros_of_tanh,
}  # fmt: skip


def with_penalty(theta, penalty, weight, data):
    """Cost and gradient of sigmoid units, with any penalty in place of KL."""
    _, W2, _, b2 = unpack_parameters(theta, 64, 25)
    a2, _ = feed_forward(theta, 64, 25, data)
    value, slope = penalty(a2)
    pushed = weight * slope * a2 * (1 - a2) / data.shape[1]
    J, grad = sparse_autoencoder_cost(theta, 64, 25, 1e-4, 0.01, 0.0, data)
    grad += np.concatenate([
        (pushed @ data.T).ravel(), 0 * W2.ravel(), pushed.sum(axis=1), 0 * b2
    ])  # fmt: skip
    return J + weight * value, grad


# %% [markdown]
# With KL it must say what your cost of notebook 03 says.

# %% tags=["long"]
J, grad = sparse_autoencoder_cost(trained, 64, 25, 1e-4, 0.01, 3.0, patches)
other, slopes = with_penalty(trained, kl, 3.0, patches)
print(f"cost off by {abs(other - J):.0e}, ", end="")
print(f"gradient by {relative_error(slopes, grad):.0e}")

# %% [markdown]
# **Predict first:** for each penalty, is there a weight that gives edges? What does the fifth one
# ask of a unit? Choose, and move the dot with the mouse or the arrow keys.

# %% tags=["long"]
from saelab.widgets import penalty_explorer

penalty_explorer(penalties)

# %% [markdown]
# KL finds 17 to 24 edges with weights from 1 to 10, and the squared penalty 17 to 20 from 30 to
# 3000: a wide window, and the notes are right. L1 and the logarithm find 0 to 3. With small weights
# units die or are busy, with larger ones all die. And $|a|$ gets what it asks for:
# $\hat\rho$ stays near 0.5, so that units are half on at every patch. With 0.01 the network
# explains 84 % of the variance, and no filter is an edge.
#
# So "many" is two of five, from this start.
#
# ### Asleep
#
# Why do units sleep under some penalties? Take a unit that says $p$ at every example. In $\delta$
# the slope is multiplied by $f'(z) = p\,(1 - p)$. **Predict first:** which penalty still pushes a
# unit up when $p$ is nearly 0?

# %%
p = np.logspace(-5, -1.5, 200)[:, None]  # 200 units, one example
fig, ax = plt.subplots(figsize=(6, 3.4))
for name, weight, style in zip(
    ("KL", "squared", "L1"), (3, 300, 0.3), ("-", "--", ":")
):
    push = weight * penalties[name](p)[1] * p * (1 - p)
    ax.semilogx(p, push, style, label=f"{name} × {weight}")
ax.axhline(0, color=GREY, lw=1)
ax.set(xlabel="p of a unit, at all examples", ylabel="part of delta")
ax.set(title="Below zero: wake up", ylim=(-0.04, 0.04))
ax.legend()
show(
    fig,
    alt="Three curves: towards small p, KL stays at -0.03, the squared "
    "penalty comes back to zero from below, and L1 from above.",
    caption="What three penalties add to delta, slope of the unit included.",
)

# %% [markdown]
# KL alone. As in notebook 03, wall and saturation cancel, and $\beta (p - \rho)$ is left: $-0.03$
# however deep the sleep. The squared penalty wakes light sleepers only; that is enough, as it
# never pushes anybody below $\rho$. L1 pushes down at every $p$. At a random start units are about
# half on, and have nothing to say yet: × 0.3 sends them all to sleep, and none comes back.
#
# **Predict first:** and if L1 begins where units are quiet *and* useful, with the network that KL
# has trained?

# %% tags=["long"]
fig, axes = plt.subplots(6, 1, figsize=(9, 5.2))
for ax, (k, w), W1, edges in zip(
    axes, stored["kept"], stored["kept_W1"], stored["kept_edges"]
):
    name, weight = stored["penalties"][k], stored["weights"][k, w]
    fresh = stored["edges"][k, w]
    title = f"{name} × {weight:g}: edges {edges}, from a random start {fresh}"
    draw_patches(ax, W1.T.astype(float), 25, title, limits=(-2, 2))
show(
    fig,
    alt="Six rows of 25 filters: edges for KL and the squared penalty, blots "
    "for L1 × 0.1 and the logarithm, for L1 × 0.3 edges among grey squares.",
    caption="Filters after 200 iterations with another penalty, from the "
    "network that KL has trained.",
)

# %% [markdown]
# L1 × 0.3 keeps 14 edges, where the random start left 0; the other 11 units have fallen asleep.
# With 0.1 all stay awake, but they get busier, $\hat\rho$ about 0.04, and 9 edges are left; the
# logarithm does likewise. KL and the squared penalty go on to 24 and 23. So which penalty will do
# is half of the question; the other half is where it begins. Notebook 12 meets L1 again, with other
# units.
#
# Try one yourself; it takes some ten seconds.

# %% tags=["long"]
FULL = False  # True trains
if FULL:

    def mine(theta):
        return with_penalty(theta, squared, 300.0, patches)

    W1, *_ = unpack_parameters(train(start, mine, 300).x, 64, 25)
    print(describe_filters(W1).verdict())

# %% [markdown]
# ## 7. In your own words
#
# ### Somebody's tanh (3 points)
#
# "I put tanh and its slope into my cost and took the mean of $a$ for $\hat\rho$. It said nan, so I
# punished $\beta$ times the mean of $|a|$ instead; all else as in the lecture. The gradient check
# says $10^{-10}$, and none of my filters is an edge. So tanh units do not learn edges." Explain the
# nan; what the new penalty asks for, and why the check is content with it; and what a fair
# comparison needs.
#
# **Rubric.** 1 point: where the nan comes from, and what $\hat\rho$ should be. 1 point: what state
# $|a|$ rewards, and what a gradient check compares. 1 point: the decay, and by which factor.

# %% [markdown] nbgrader={"grade": true, "grade_id": "somebodys-tanh", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# The mean of a lies between −1 and 1; KL takes the logarithm of ρ/ρ̂, and for a negative ρ̂ there
# is none. ρ̂ should be the mean of p = (1 + a)/2, and its slope has a half. The mean of |a| is
# smallest at a = 0, which is the middle of the range, p = ½: not silence, but a unit that is half
# on at every patch. The gradient check compares a cost with its own gradient. Both are right, for
# another wish. And the same network has half of the weights with tanh, so that the lecture's λ =
# 1e-4 charges it a quarter. A fair comparison takes 4e-4, with KL on p; then tanh units find as
# many edges as sigmoid units, since it is the same cost in other coordinates.

# %% [markdown]
# ## What you have now
#
# A second kind of unit, and proof that it is the first one in other words; and a reason why the
# notes' choice of a penalty was a good one. Next: more units, larger patches, and the figure of the
# notes, in [**09_the_lecture_figure**](../09_the_lecture_figure/09_the_lecture_figure.ipynb).

# %% [markdown]
# **Read on:** sections 2 and 3 of the
# **[lecture notes](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf)**, where
# tanh stands beside the sigmoid;
# **[Olshausen and Field (1996)](https://doi.org/10.1038/381607a0)**, who try three penalties,
# where silence is 0.

# %% [markdown] tags=["self-study"]
# This notebook **[to fill in](../../notebooks/08_tanh_units/08_tanh_units.ipynb)** and
# **[solved](../../solutions/08_tanh_units/08_tanh_units.ipynb)**.
