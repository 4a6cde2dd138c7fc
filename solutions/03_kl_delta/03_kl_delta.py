# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03 The KL delta trick: how does one make units rare?

# %% [markdown]
# > **You will learn** why a code should be sparse, how to say so in a formula, and why that formula
# > changes a single line of backpropagation.
# >
# > **You will write** `average_activation`, `kl_divergence`, `sparsity_delta` and
# > `sparse_autoencoder_cost`.
# >
# > **Time** 60 minutes · **Difficulty** short code, hard thought · **Points** 14 by tests, 4 by
# > hand · **Builds on** `initialize_parameters`, `unpack_parameters` and `feed_forward` from your
# > notebook 02.

# %%
import matplotlib.pyplot as plt
import numpy as np

from saelab import previous
from saelab.check import check
from saelab.display import BLUE, GREY, ORANGE, show

# %% [markdown]
# The next line reads your own functions from notebook 02. If one of them is not written yet, it
# says so, and what to do.

# %%
initialize_parameters, unpack_parameters, feed_forward = previous.functions(
    "02_cost", "initialize_parameters", "unpack_parameters", "feed_forward"
)

# %% [markdown]
# ## 1. Why sparse?
#
# A hidden unit near 1 is **active**: it says "I am here". Near 0 it is **inactive**. Consider two
# ways to describe an animal. "Weight 0.5, height 0.3, speed 0.7, ..." gives every number a value
# for every animal. "Has hooves, is striped" names the few things that are remarkable about it; of
# a thousand possible remarks nearly all stay unsaid. In the second way every remark *means*
# something.
#
# Neurons in the visual cortex are like the second way: silent most of the time. A bottleneck of few
# units is one way to force a network to find structure. Sparsity is another, and it works even with
# *more* hidden units than inputs, since only a few may speak at a time.
#
# What does a unit do if nobody asks it to be sparse? **Predict first:** over a thousand inputs, how
# often is an untrained sigmoid unit near 0, near 1/2, near 1?

# %%
rng = np.random.default_rng(0)
data = np.clip(0.5 + 0.13 * rng.standard_normal((64, 1000)), 0.1, 0.9)
theta = initialize_parameters(64, 25, rng)
a2, a3 = feed_forward(theta, 64, 25, data)

fig, ax = plt.subplots(figsize=(6, 3))
ax.hist(a2[0], bins=np.linspace(0, 1, 51), color=BLUE)
ax.axvline(0.01, color=ORANGE, lw=2, label="wanted on average: 0.01")
ax.set(xlabel="activation of hidden unit 0", ylabel="number of examples")
ax.set_title("An untrained unit is always half on")
ax.legend()
show(fig, alt="Histogram: all activations lie in a narrow heap in the middle, far from 0.01.")

# %% [markdown]
# It hums along somewhere in the middle and says nothing in particular about any input.

# %% [markdown]
# ## 2. The average activation
#
# For hidden unit $j$ it is
#
# $$ \hat\rho_j = \frac{1}{m} \sum_{i=1}^{m} a^{(2)}_j(x_i), $$
#
# one number a unit, averaged over examples. By hand, two units and three examples: $a^{(2)} =
# \begin{pmatrix} 0.1 & 0.2 & 0.6 \\ 0.5 & 0.5 & 0.8 \end{pmatrix}$ gives $\hat\rho = (0.3, 0.6)$.
# We want each to be a small number $\rho$, such as 0.01: active in one of a hundred patches, or,
# softly, a little active in a few more.
#
# ### Write `average_activation`


# %% nbgrader={"grade": false, "grade_id": "average_activation", "locked": false, "schema_version": 3, "solution": true, "task": false}
def average_activation(a2):
    """rho_hat: the mean activation of each hidden unit over the examples.

    a2: (hidden_size, m). Returns (hidden_size,).
    """
    ### BEGIN SOLUTION
    return a2.mean(axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-average_activation", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(average_activation)


# %% nbgrader={"grade": true, "grade_id": "test-average_activation", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# 1 point: random activations, one example and square matrices among them.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(average_activation, values=1)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. A penalty with walls
#
# How bad is it if $\hat\rho_j$ is not $\rho$? Think of two coins, one that comes up heads with
# probability $\rho$, the other with $\hat\rho_j$. How much they differ is measured by the
# **Kullback-Leibler divergence**
#
# $$ \mathrm{KL}(\rho \,\|\, \hat\rho_j) = \rho \ln \frac{\rho}{\hat\rho_j}
#    + (1 - \rho) \ln \frac{1 - \rho}{1 - \hat\rho_j}. $$
#
# It is 0 where the two are equal, positive everywhere else, and grows without end as $\hat\rho_j$
# nears 0 or 1. By hand, with $\rho = 0.2$ and natural logarithms:
#
# | $\hat\rho_j$ | calculation | KL |
# |---|---|---|
# | 0.2 | 0.2 ln 1 + 0.8 ln 1 | 0 |
# | 0.1 | 0.2 ln 2 + 0.8 ln (8/9) | 0.1386 − 0.0942 = 0.0444 |
# | 0.5 | 0.2 ln 0.4 + 0.8 ln 1.6 | −0.1833 + 0.3760 = 0.1927 |
#
# ### Write `kl_divergence`
#
# For all units at once. Do not sum here; one number a unit tells more.


# %% nbgrader={"grade": false, "grade_id": "kl_divergence", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kl_divergence(rho, rho_hat):
    """KL(rho || rho_hat) between Bernoulli variables, one value a unit, in nats.

    rho: number in (0, 1), the target. rho_hat: (hidden_size,) in (0, 1).
    Returns (hidden_size,).
    """
    ### BEGIN SOLUTION
    return rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-kl_divergence", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(kl_divergence)


# %% nbgrader={"grade": true, "grade_id": "test-kl_divergence", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: random targets and activations.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(kl_divergence, values=3)
### END HIDDEN TESTS

# %%
rho_hat = np.linspace(1e-4, 1 - 1e-4, 2000)

fig, ax = plt.subplots(figsize=(6, 3.4))
ax.plot(rho_hat, kl_divergence(0.2, rho_hat), color=BLUE, lw=2)
ax.axvline(0.2, color=ORANGE, lw=1)
ax.annotate("rho = 0.2", (0.2, 1.1), xytext=(0.23, 1.1), color=ORANGE)
ax.set(xlabel="average activation rho_hat of a unit", ylabel="KL(0.2 || rho_hat) in nats")
ax.set(title="A valley between two walls", ylim=(0, 1.4))
show(fig, alt="The curve is zero at 0.2 and rises to both sides, steeply near 0 and near 1.")

# %% [markdown]
# A unit that is a little off pays little; one that is always on, or never, pays as much as it takes
# to drive it back. That right wall keeps units from being on all the time; the left one keeps them
# from dying altogether.

# %% [markdown]
# ## 4. The trap, and the trick
#
# The whole cost is the one of notebook 02 plus $\beta$ times the sum over hidden units:
#
# $$ J_\text{sparse} = J + \beta \sum_j \mathrm{KL}(\rho \,\|\, \hat\rho_j). $$
#
# What happens to the gradient? Here is the trap: $J$ is an average of terms of which each belongs
# to *one* example. The new term is not. $\hat\rho_j$ depends on **all** examples, so nobody can
# tell what example 1 adds to the slope before examples 2 to $m$ have gone forward. Hence the
# order: first **every** example forward, then $\hat\rho$, and only then the first step back.
#
# Then comes the trick. Ask as in notebook 02: if the input $z_j$ of hidden unit $j$ for *one*
# example grew a little, how would the penalty grow? Three links of a chain:
#
# 1. $a_j$ of that example grows by the slope $f'(z_j)$.
# 2. $\hat\rho_j$ is a mean over $m$ examples, so it grows by $1/m$ of that.
# 3. The penalty grows by $\beta$ times the slope of KL, which is
#
# $$ \frac{d}{d\hat\rho} \mathrm{KL}(\rho \,\|\, \hat\rho)
#    = -\frac{\rho}{\hat\rho} + \frac{1 - \rho}{1 - \hat\rho}. $$
#
# Multiply: $\frac1m \cdot \beta \bigl(-\frac{\rho}{\hat\rho_j} + \frac{1-\rho}{1-\hat\rho_j}\bigr)
# \cdot f'(z_j)$. Now look at that $\frac1m$. Backpropagation computes $\delta$ for each example and
# divides by $m$ when it averages, at the very end. The factor is there already! So the penalty
# enters $\delta$ without it, inside of the bracket, in front of the slope:
#
# $$ \delta^{(2)} = \Bigl( W_2^T \delta^{(3)} \;+\;
#    \beta \Bigl( -\frac{\rho}{\hat\rho} + \frac{1-\rho}{1-\hat\rho} \Bigr) \Bigr)
#    \odot a^{(2)} \odot (1 - a^{(2)}). $$
#
# One line of code, and the same for every example: a vector, one entry a hidden unit, added to each
# column.
#
# By hand, with $\rho = 0.2$ and $\beta = 1$: at $\hat\rho = 0.2$ it is $-1 + 1 = 0$, at the
# bottom of the valley. At 0.1 it is $-2 + 0.889 = -1.111$: negative, so that going down the slope
# makes the unit *more* active. At 0.5 it is $-0.4 + 1.6 = 1.2$: less active, please.
#
# ### Write `sparsity_delta`


# %% nbgrader={"grade": false, "grade_id": "sparsity_delta", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sparsity_delta(rho, rho_hat, beta):
    """What the sparsity penalty adds inside of the bracket of delta2 (CS294A notes, section 3).

    rho, beta: numbers. rho_hat: (hidden_size,). Returns (hidden_size,).
    """
    ### BEGIN SOLUTION
    return beta * (-rho / rho_hat + (1 - rho) / (1 - rho_hat))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-sparsity_delta", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(sparsity_delta)


# %% nbgrader={"grade": true, "grade_id": "test-sparsity_delta", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: random targets, activations and weights of the term.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(sparsity_delta, values=3)
### END HIDDEN TESTS

# %% [markdown]
# It should be the slope of the curve above. Is it?

# %%
middle = (rho_hat[1:] + rho_hat[:-1]) / 2
rise = np.diff(kl_divergence(0.2, rho_hat)) / np.diff(rho_hat)

fig, ax = plt.subplots(figsize=(6, 3.4))
ax.plot(middle[::50], rise[::50], "o", color=ORANGE, label="rise of your KL curve")
ax.plot(rho_hat, sparsity_delta(0.2, rho_hat, 1.0), color=BLUE, label="your sparsity_delta")
ax.axhline(0, color=GREY, lw=1)
ax.set(xlabel="average activation rho_hat of a unit", ylabel="slope of KL(0.2 || rho_hat)")
ax.set(title="The term in delta is the slope of the penalty", ylim=(-12, 12))
ax.legend()
show(fig, alt="Dots lie on a curve that comes from minus infinity at 0, crosses zero at 0.2, "
     "and goes to plus infinity at 1.")  # fmt: skip

# %% [markdown]
# **Predict first:** with $\rho = 0.2$, which way does the term push a unit whose average is 0.1,
# and one at 0.5? And who is pushed harder, a unit at 0.001 or one at 0.999? Move $\hat\rho$ with
# its slider, or click into the picture and drag, or use the arrow keys there.

# %%
from saelab.widgets import kl_explorer

kl_explorer(kl_divergence, sparsity_delta)

# %% [markdown]
# Wherever you go, the dashed line touches the curve: your term is the slope of your penalty. Left
# of $\rho$ it is negative and wakes the unit up, right of it positive. At the walls the penalty
# itself is still modest, but its slope blows up: $-199$ at 0.001 and $+800$ at 0.999. $\beta$
# makes every push stronger, and turns none around.

# %% [markdown]
# ## 5. All of it
#
# ### Write `sparse_autoencoder_cost`
#
# Take your `autoencoder_cost` of notebook 02 as a pattern. Add the penalty to the cost, and your
# `sparsity_delta` inside of the bracket of $\delta^{(2)}$. With $\beta = 0$ it must give the
# numbers of notebook 02.
#
# By hand, with 2 inputs, 1 hidden unit, all parameters zero, and one example $x = (0.5, 0.5)$:
# both outputs are 0.5, so there is no error, and $\lambda$ has nothing to weigh. The unit's
# activation is 0.5, which with $\rho = 0.2$ and $\beta = 1$ costs the 0.1927 of the table above.
# For the gradient, $\delta^{(3)} = 0$ and $\delta^{(2)} = (0 + 1.2) \cdot 0.5 \cdot 0.5 = 0.3$.
# So $b_1$ has the slope 0.3, $W_1$ has $0.3 \cdot (0.5, 0.5) = (0.15, 0.15)$, and the rest is
# zero.


# %% nbgrader={"grade": false, "grade_id": "sparse_autoencoder_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sparse_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    """Reconstruction error, weight decay and sparsity penalty, with the gradient.

    theta: 1-D, W1, W2, b1, b2. lambda_: weight decay. rho: target activation. beta: weight of
    the penalty. data: (visible_size, m).

    Returns (cost, grad): a number, and an array of theta's shape.
    """
    ### BEGIN SOLUTION
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    a2, a3 = feed_forward(theta, visible_size, hidden_size, data)
    rho_hat = average_activation(a2)
    error = a3 - data
    decay = lambda_ / 2 * (np.sum(W1**2) + np.sum(W2**2))
    penalty = beta * np.sum(kl_divergence(rho, rho_hat))
    cost = np.sum(error**2) / (2 * m) + decay + penalty

    delta3 = error * a3 * (1 - a3)
    pull = sparsity_delta(rho, rho_hat, beta)
    delta2 = (W2.T @ delta3 + pull[:, None]) * a2 * (1 - a2)
    W1_grad = delta2 @ data.T / m + lambda_ * W1
    W2_grad = delta3 @ a2.T / m + lambda_ * W2
    b1_grad = delta2.mean(axis=1)
    b2_grad = delta3.mean(axis=1)
    return cost, np.concatenate([W1_grad.ravel(), W2_grad.ravel(), b1_grad, b2_grad])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-sparse_autoencoder_cost", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(sparse_autoencoder_cost)


# %% nbgrader={"grade": true, "grade_id": "test-sparse_autoencoder_cost", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
# 7 points: the cost 2, the gradient of W1 2, of W2, b1 and b2 1 each.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(sparse_autoencoder_cost, cost=2, W1=2, W2=1, b1=1, b2=1)
### END HIDDEN TESTS

# %%
sparse_autoencoder_cost(np.zeros(7), 2, 1, 0.1, 0.2, 1.0, np.array([[0.5], [0.5]]))

# %% [markdown]
# That was the example from above. The check tried, among others, the problem below, which holds
# no random number. You can compare it with any other program, in any language: the cost is
# 1.381409018203302, and the length of the gradient 0.860531405577117.

# %%
fixed_theta = 0.3 * np.sin(np.arange(1, 32))
fixed_data = (0.5 + 0.4 * np.cos(np.arange(1, 21))).reshape(4, 5)
cost, grad = sparse_autoencoder_cost(fixed_theta, 4, 3, 0.01, 0.05, 0.7, fixed_data)
print(f"cost {cost:.15f}, length of the gradient {np.linalg.norm(grad):.15f}")

# %% [markdown]
# ### One unit, one example
#
# **Predict first:** in an untrained network, with $\beta = 3$, which is larger in the bracket of
# $\delta^{(2)}$: what comes from $W_2^T$, or what sparsity adds? Then lower the bias of the unit
# until sparsity adds nothing, and go on lowering it. What becomes of $\delta$?

# %%
from saelab.widgets import delta_explorer


def slope(a):
    """f'(z) of a unit whose activation is a = f(z)."""
    return a * (1 - a)


delta_explorer(sparse_autoencoder_cost, sparsity_delta, average_activation, feed_forward, slope)

# %% [markdown]
# At first sparsity shouts, and the reconstruction whispers: $+3.3$ against $-0.04$. So training
# begins by silencing units. Only where the average is near $\rho$, here with a bias lower by about
# 2, can the reconstruction be heard. Far below that, sparsity adds $-33$ and more to bring the unit
# back, and a slope of 0.003 lets next to nothing of it through.

# %% [markdown]
# ## 6. Inside or outside of the bracket?
#
# What if you put the term outside, behind the slope instead of in front of it? Then a saturated
# unit would be pushed as hard as a lively one, though it does not react; the gradient would no
# longer be the slope of the cost. **Predict first:** which of the four blocks would be wrong?
# Which would stay right?

# %%
v, h, beta = 4, 3, 0.7
_, grad = sparse_autoencoder_cost(fixed_theta, v, h, 0.01, 0.05, beta, fixed_data)
_, without = sparse_autoencoder_cost(fixed_theta, v, h, 0.01, 0.05, 0.0, fixed_data)
a2, _ = feed_forward(fixed_theta, v, h, fixed_data)
pull = sparsity_delta(0.05, average_activation(a2), beta)

outside = without.copy()
outside[: h * v] += np.outer(pull, fixed_data.mean(axis=1)).ravel()
outside[2 * h * v : 2 * h * v + h] += pull
for name, right, wrong in zip(
    ("W1", "W2", "b1", "b2"),
    unpack_parameters(grad, v, h),
    unpack_parameters(outside, v, h),
):
    print(f"{name}: longest difference {np.abs(right - wrong).max():.4f}")

# %% [markdown]
# `W1` and `b1` are wrong, by more than their own size; `W2` and `b2` know nothing of the penalty
# and stay right. Remember this pattern: in notebook 04 it will give a culprit away.

# %% [markdown]
# ## 7. In your own words
#
# ### Half of the examples (4 points)
#
# To save memory somebody feeds the examples forward and back one by one, adding up gradients, and
# takes for $\hat\rho$ the mean of the activations **so far**. Explain why the result is not the
# gradient of the cost; whether it would be with the true $\hat\rho$; and describe a way that needs
# little memory and is exact.
#
# **Rubric.** 1 point: which quantity is wrong for which examples. 1 point: that the result
# depends on the order of the examples. 1 point: what would be right with the true $\hat\rho$, and
# why the $1/m$ needs no further care. 1 point: an exact way, with its price.

# %% [markdown] nbgrader={"grade": true, "grade_id": "half-of-the-examples", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The term in δ² is the slope of KL at the mean over all examples. With the mean so far, the first
# example is corrected by the slope at its own activation, the second at the mean of two, and only
# the last at the right place; so the sum is a mixture of slopes at different points, and another
# order of the examples gives another result, which no gradient of a function of the whole set can
# do. With the true mean, each example's δ² holds the slope at the same, right point, and its
# share 1/m is the factor with which all gradients are averaged anyway. An exact way with little
# memory: pass over the data twice. In the first pass compute activations block by block, keep
# their sum only, and get the mean; in the second, compute the activations of each block again and
# propagate back with the mean now known. The price is a second forward pass through the first
# layer.

# %% [markdown]
# ## What you have now
#
# The full cost of the sparse autoencoder, and its gradient. Or so you hope: the checks compared a
# few problems. In **04_gradient_check** you build the tool that decides such a question for any
# function that you will ever write.
