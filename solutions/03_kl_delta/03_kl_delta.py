# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03 The KL delta trick: how does one keep units quiet?

# %% [markdown]
# > **You will learn** why a code should be sparse, how to say so in a formula, and why that formula
# > changes a single line of backpropagation.
# >
# > **You will write** `average_activation`, `kl_divergence`, `sparsity_delta` and
# > `sparse_autoencoder_cost`.
# >
# > **Time** 60 minutes · **Difficulty** short code, hard thought · **Points** 14 by tests, 4 by
# > hand · **Builds on** `whiten`, `sample_patches` and `normalize_patches` from your notebook 01,
# > `initialize_parameters`, `unpack_parameters` and `feed_forward` from your notebook 02.

# %%
import matplotlib.pyplot as plt
import numpy as np

from saelab import previous
from saelab.check import check
from saelab.data import load_images
from saelab.display import BLUE, GREY, ORANGE, show

# %% [markdown]
# The next cell reads your own functions from notebooks 01 and 02. If one is not written yet, it
# says so. All names are those of the table in [**02_cost**](../02_cost/02_cost.ipynb).

# %%
whiten, sample_patches, normalize_patches = previous.functions(
    "01_patch_sampling", "whiten", "sample_patches", "normalize_patches"
)
initialize_parameters, unpack_parameters, feed_forward = previous.functions(
    "02_cost", "initialize_parameters", "unpack_parameters", "feed_forward"
)

# %% [markdown]
# ## 1. Why sparse?
#
# There are two ways to describe an animal. "Weight 0.5, height 0.3, speed 0.7, ..." gives each
# number a value for every animal. "Has hooves, is striped" names the few things that are remarkable
# about it; of a thousand possible remarks nearly all stay unsaid, and each *means* something.
#
# Olshausen and Field (1996) asked for a code of the second kind, and found edges in photographs. A
# bottleneck forces a network to find structure; sparsity does so even with *more* hidden units than
# inputs, as notebook 06 shows with 100 units for 64 pixels.
#
# Here is the patch that you chose, with 999 others:

# %%
my_patch = 4, 214, 274  # photograph (0 to 9), row and column (0 to 504)

# %%
white = np.array([whiten(image, f0=0.4) for image in load_images()])
photograph, row, column = my_patch
mine = white[photograph, row : row + 8, column : column + 8].ravel()
others = sample_patches(white, 8, 999, np.random.default_rng(0))
patches = normalize_patches(np.column_stack([mine, others]))

# %% [markdown]
# What does a unit do if nobody asks it to be sparse? A thousand patches go through an untrained
# network with 25 hidden units. **Predict first:** a unit's activation differs from patch to patch.
# By how much, compared with how the units differ from each other?

# %%
theta = initialize_parameters(64, 25, np.random.default_rng(1))
a2, _ = feed_forward(theta, 64, 25, patches)
units = np.arange(25)

fig, ax = plt.subplots(figsize=(7, 3.4))
ax.vlines(units, a2.min(axis=1), a2.max(axis=1), color=BLUE, lw=5, alpha=0.4)
ax.plot(units, a2.mean(axis=1), "o", color=BLUE, label="average")
ax.plot(units, a2[:, 0], "^", color=ORANGE, ms=5, label="your patch")
ax.axhline(0.01, color=GREY, ls=":", label="05 will ask for 0.01")
ax.set(xlabel="hidden unit", ylabel="activation", ylim=(0, 1))
ax.legend(ncols=3, loc="upper center", fontsize="small")
show(
    fig,
    alt="Each of 25 units has its own level between 0.3 and 0.8; around it "
    "lies a bar from the smallest to the largest activation.",
    caption="Activations of an untrained network. Bars: all 1000 patches.",
)

# %% [markdown]
# Each unit has a level of its own, between 0.31 and 0.73, which its weights decide, as the average
# pixel is 0.5; a patch moves it by a mere 0.03 to 0.05 (one standard deviation). All units talk
# about every patch, and no remark means much. (Here and below, numbers are of the patch and the
# random numbers of the solution; yours may differ.)

# %% [markdown]
# ## 2. The average activation
#
# For hidden unit $j$ it is
#
# $$ \hat\rho_j = \frac{1}{m} \sum_{i=1}^{m} a^{(2)}_j(x^{(i)}), $$
#
# one number per unit. By hand, two units and three examples: $a^{(2)} =
# \begin{pmatrix} 0.1 & 0.2 & 0.6 \\ 0.5 & 0.5 & 0.8 \end{pmatrix}$ gives $\hat\rho = (0.3, 0.6)$.
# We want each to be a small number $\rho$, such as 0.01: fully active at one of a hundred patches,
# or half active at two.
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
# How bad is it if $\hat\rho_j$ is not $\rho$? Think of two coins, which come up heads with
# probabilities $\rho$ and $\hat\rho_j$. How much they differ is measured by the
# **Kullback-Leibler divergence**
#
# $$ \mathrm{KL}(\rho \,\|\, \hat\rho_j) = \rho \ln \frac{\rho}{\hat\rho_j}
#    + (1 - \rho) \ln \frac{1 - \rho}{1 - \hat\rho_j}. $$
#
# It is 0 where the two are equal, and positive everywhere else. By hand, with $\rho=0.2$:
#
# | $\hat\rho_j$ | calculation | KL |
# |---|---|---|
# | 0.2 | 0.2 ln 1 + 0.8 ln 1 | 0 |
# | 0.1 | 0.2 ln 2 + 0.8 ln (8/9) | 0.1386 − 0.0942 = 0.0444 |
# | 0.5 | 0.2 ln 0.4 + 0.8 ln 1.6 | −0.1833 + 0.3760 = 0.1927 |
#
# ### Write `kl_divergence`
#
# For all units at once. Do not sum: one number per unit tells more.


# %% nbgrader={"grade": false, "grade_id": "kl_divergence", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kl_divergence(rho, rho_hat):
    """KL(rho || rho_hat) of two coins, one value per unit, natural logarithms.

    rho: number in (0, 1), the target. rho_hat: (hidden_size,) in (0, 1).
    Returns (hidden_size,).
    """
    ### BEGIN SOLUTION
    on = rho * np.log(rho / rho_hat)
    off = (1 - rho) * np.log((1 - rho) / (1 - rho_hat))
    return on + off
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
ax.set(xlabel="average activation rho_hat of a unit", ylim=(0, 1.4))
ax.set(ylabel="KL(0.2 || rho_hat) in nats", title="A valley between two walls")
show(
    fig,
    alt="The curve is zero at 0.2 and rises to both sides, to two walls.",
    caption="What a unit pays for its average activation.",
)

# %% [markdown]
# A unit that is a little off pays little; towards 0 and 1 the price grows without limit, beyond the
# picture. The right wall stands against units that are always on, the left one against units that
# never are. How hard a wall pushes, section 4 shows.

# %% [markdown]
# ## 4. The trap, and the trick
#
# The whole cost is the one of notebook 02 plus $\beta$ times the sum over hidden units:
#
# $$ J_\text{sparse} = J + \beta \sum_j \mathrm{KL}(\rho \,\|\, \hat\rho_j). $$
#
# Here is the trap: each term of the error belongs to *one* example. The new term does not.
# $\hat\rho_j$ depends on **all** examples, so nobody can tell what example 1 adds to the slope
# before examples 2 to $m$ have gone forward. Hence the order: first **every** example forward, then
# $\hat\rho$, and only then the first step back.
#
# Then comes the trick. Ask as in notebook 02: if the input $z_j$ of hidden unit $j$ for *one*
# example grew a little, how would the penalty grow? Three links of a chain, with numbers: a unit
# has $a=0.5,0.4,0.6$ at three examples, so that $\hat\rho=0.5$; $\rho=0.2$, $\beta=1$;
# and $z$ of the first example grows by 0.01.
#
# 1. $a_j$ of that example grows by the slope $f'(z_j)$: $0.01\cdot0.25=0.0025$.
# 2. $\hat\rho_j$ is a mean over $m$ examples, so it grows by $1/m$ of that: $0.00083$.
# 3. The penalty grows by $\beta$ times the slope of KL, here $-0.4+1.6=1.2$: by $0.0010$.
#
# $$ \frac{d}{d\hat\rho} \mathrm{KL}(\rho \,\|\, \hat\rho)
#    = -\frac{\rho}{\hat\rho} + \frac{1 - \rho}{1 - \hat\rho} $$

# %%
a = np.array([[0.5, 0.4, 0.6]])
moved = a + np.array([[0.01 * 0.25, 0, 0]])
before, after = average_activation(a), average_activation(moved)
print("rho_hat grows by", after - before)
print("KL grows by", kl_divergence(0.2, after) - kl_divergence(0.2, before))

# %% [markdown]
# Multiply: $\frac1m \cdot \beta \bigl(-\frac{\rho}{\hat\rho_j} + \frac{1-\rho}{1-\hat\rho_j}\bigr)
# \cdot f'(z_j)$. Now look at that $\frac1m$. Backpropagation computes $\delta$ for each example and
# divides by $m$ when it averages, at the very end. The factor is there already! So the penalty
# enters $\delta$ without it, inside the bracket, in front of the slope:
#
# $$ \delta^{(2)} = \Bigl( W_2^T \delta^{(3)} \;+\;
#    \beta \Bigl( -\frac{\rho}{\hat\rho} + \frac{1-\rho}{1-\hat\rho} \Bigr) \Bigr)
#    \odot a^{(2)} \odot (1 - a^{(2)}). $$
#
# The same for every example: a vector, one entry a hidden unit, added to each column.
#
# By hand, with $\rho=0.2$ and $\beta=1$: at $\hat\rho=0.2$ it is $-1+1=0$, at the
# bottom of the valley. At 0.1 it is $-2+0.889=-1.111$: negative, so that going downhill makes
# the unit *more* active. At 0.5 it is 1.2: less active, please.
#
# ### Write `sparsity_delta`


# %% nbgrader={"grade": false, "grade_id": "sparsity_delta", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sparsity_delta(rho, rho_hat, beta):
    """What sparsity adds in the bracket of delta2 (CS294A notes, section 3).

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
term = sparsity_delta(0.2, rho_hat, 1.0)

fig, ax = plt.subplots(figsize=(6, 3.4))
ax.plot(middle[::50], rise[::50], "o", color=ORANGE, label="rise of your KL")
ax.plot(rho_hat, term, color=BLUE, label="your sparsity_delta")
ax.axhline(0, color=GREY, lw=1)
ax.set(xlabel="average activation rho_hat of a unit", ylim=(-12, 12))
ax.set(ylabel="slope of KL(0.2 || rho_hat)")
ax.legend()
show(
    fig,
    alt="Dots lie on a curve that comes from minus infinity at 0, crosses "
    "zero at 0.2, and goes to plus infinity at 1.",
    caption="Dots: rise of KL between neighbours. Line: the term in delta.",
)

# %% [markdown]
# The dots lie on the line: the term in $\delta$ is the slope of the penalty.
#
# **Predict first:** with $\rho=0.2$, which unit gets the larger term, one at 0.001 or one at
# 0.999, and how many times larger? What does a larger $\beta$ do to the place where the term is
# zero? Move $\hat\rho$ with its slider, or click into the picture and drag, or use the arrow keys
# there.

# %%
from saelab.widgets import kl_explorer

kl_explorer(kl_divergence, sparsity_delta)

# %% [markdown]
# Wherever you go, the dashed line touches the curve. The term is $-199$ at 0.001 and $+800$ at
# 0.999, four times as large, as $1-\rho$ is four times $\rho$; the penalty itself is a mere 0.88
# and 5.03 there. $\beta$ makes every push stronger, turns none around, and leaves the zero at
# $\rho$.

# %% [markdown]
# ## 5. All of it
#
# ### Write `sparse_autoencoder_cost`
#
# Start from your `autoencoder_cost` of notebook 02. Add the penalty to the cost, and your
# `sparsity_delta` inside the bracket of $\delta^{(2)}$. $\beta=0$ must give notebook 02 back.
#
# By hand, for the example of notebook 02: $x=(1,0)$, $W_1=(\ln3,0)$, $b_1=0$, $W_2=(1,-1)^T$,
# $b_2=(-\tfrac34,\tfrac34-\ln3)$, which give $a^{(2)}=\tfrac34$ and
# $a^{(3)}=(\tfrac12,\tfrac14)$. With $\lambda=0.1$, $\rho=\tfrac14$ and $\beta=1$:
#
# | | calculation | |
# |---|---|---|
# | error | $\tfrac12(\tfrac14+\tfrac1{16})$ | 0.15625 |
# | decay | $0.05\,((\ln3)^2+1+1)$ | 0.16035 |
# | penalty, $\hat\rho=\tfrac34$ | $\tfrac14\ln\tfrac13+\tfrac34\ln3=\tfrac12\ln3$ | 0.54931 |
# | $J_\text{sparse}$ | the sum | 0.86590 |
# | $\delta^{(3)}$ | $(-\frac12\cdot\frac14,\frac14\cdot\frac3{16})$ | $(-\frac18,\frac3{64})$ |
# | $W_2^T\delta^{(3)}$ | $-\tfrac18-\tfrac3{64}$ | $-\tfrac{11}{64}$ |
# | sparsity adds | $-\tfrac14/\tfrac34+\tfrac34/\tfrac14$ | $+\tfrac83$ |
# | $\delta^{(2)}$ | $(-\tfrac{11}{64}+\tfrac83)\cdot\tfrac3{16}$ | 0.46777 |
# | $\nabla b_1$, $\nabla b_2$ | the deltas | 0.46777, $(-0.125,0.04688)$ |
# | $\nabla W_1$ | $\delta^{(2)}x^T+0.1\,W_1$ | $(0.57763,0)$ |
# | $\nabla W_2$ | $\tfrac34\delta^{(3)}+0.1\,W_2$ | $(0.00625,-0.06484)$ |


# %% nbgrader={"grade": false, "grade_id": "sparse_autoencoder_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sparse_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho,
                            beta, data):  # fmt: skip
    """Error, weight decay and sparsity penalty, with the gradient of the sum.

    theta: 1-D, W1, W2, b1, b2. lambda_: weight decay. data: (visible_size, m).
    rho: target activation. beta: weight of the penalty.
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
    return cost, np.concatenate(
        [W1_grad.ravel(), W2_grad.ravel(), b1_grad, b2_grad])  # fmt: skip
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
hand_theta = np.array([np.log(3), 0, 1, -1, 0, -3 / 4, 3 / 4 - np.log(3)])
hand_problem = 2, 1, 0.1, 1 / 4, 1.0, np.array([[1.0], [0.0]])
cost, grad = sparse_autoencoder_cost(hand_theta, *hand_problem)
print(f"cost {cost:.5f}")
names = "W1", "W2", "b1", "b2"
for name, block in zip(names, unpack_parameters(grad, 2, 1)):
    print(f"gradient of {name}: {block.ravel().round(5)}")

# %% [markdown]
# Compare each number with the table. The next problem holds no random number, so you can compare it
# with any other program, in any language: the cost is 1.381409018203302, and the length of the
# gradient 0.860531405577117.

# %%
fixed_theta = 0.3 * np.sin(np.arange(1, 32))
fixed_data = (0.5 + 0.4 * np.cos(np.arange(1, 21))).reshape(4, 5)
fixed_problem = 4, 3, 0.01, 0.05, 0.7, fixed_data
cost, grad = sparse_autoencoder_cost(fixed_theta, *fixed_problem)
print(f"cost {cost:.15f}, length of the gradient {np.linalg.norm(grad):.15f}")

# %% [markdown]
# ### One unit, your patch
#
# **Predict first:** in the untrained network of section 1, with $\beta=3$, which is larger in
# the bracket of $\delta^{(2)}$: what comes from $W_2^T$, or what sparsity adds? Then lower the
# bias of the unit, until it is all but silent and its slope all but zero. In $\delta$ each of the
# two is multiplied by that slope. What becomes of the one, what of the other?

# %%
from saelab.widgets import delta_explorer


def slope(a):
    """f'(z) of a unit whose activation is a = f(z)."""
    return a * (1 - a)


functions = sparse_autoencoder_cost, sparsity_delta, average_activation
delta_explorer(*functions, feed_forward, slope, theta, patches[:, :200])

# %% [markdown]
# At first sparsity drowns the reconstruction: it adds $+6.7$ for unit 0, and $W_2^T$ brings less
# than 0.3, of either sign. So training begins by silencing units. Only near $\hat\rho=\rho$, here
# with a bias lower by 3.3, can the reconstruction be heard. Lower it by 8: the slope is 0.0004, and
# next to nothing is left of what $W_2^T$ brings. But sparsity adds about $-300$, and that times the
# slope is not small: the average of $\delta$ is $-0.149$. With 6 it was $-0.139$; it nears a limit.
#
# The wall and the saturation of the sigmoid cancel! If a unit has the same activation $a$ at all
# examples, so that $\hat\rho=a$, then
#
# $$ \beta \Bigl( -\frac{\rho}{a} + \frac{1-\rho}{1-a} \Bigr) \, a (1 - a) $$
#
# $$ = \beta \bigl( -\rho (1 - a) + (1 - \rho) a \bigr) = \beta (a - \rho). $$
#
# You met it in the table: $\tfrac83\cdot\tfrac3{16}=\tfrac12=\tfrac34-\tfrac14$.

# %%
average = np.linspace(0.001, 0.999, 999)
bracket = sparsity_delta(0.05, average, 3.0)

fig, ax = plt.subplots(figsize=(6, 3.4))
ax.plot(average, bracket, "--", color=GREY, label="sparsity in the bracket")
product = bracket * slope(average)
ax.plot(average, product, color=BLUE, lw=2, label="times the slope")
ax.axhline(0, color="black", lw=1)
ax.set(xlabel="activation a of the unit, at all examples", ylim=(-6, 10))
ax.set(ylabel="part of delta")
ax.legend()
show(
    fig,
    alt="The dashed curve runs off to minus and plus infinity at 0 and 1; "
    "times the slope it is a straight line from -0.15 to 2.85.",
    caption="Sparsity before and after the slope, for rho = 0.05, beta = 3.",
)

# %% [markdown]
# A straight line, from $-\beta\rho=-0.15$ to $\beta(1-\rho)=2.85$: a saturated unit, which
# its errors cannot reach, still feels this. That is why KL suits a sigmoid.
#
# Where activations differ, the average over examples is still exactly $\beta(\hat\rho-\rho)$
# times a factor, $1-\mathrm{var}(a)/(\hat\rho(1-\hat\rho))$. In our untrained network:

# %%
rho_hat = average_activation(a2)
share = sparsity_delta(0.05, rho_hat, 3.0) * slope(a2).mean(axis=1)
factor = share / (3.0 * (rho_hat - 0.05))
print(f"from {factor.min():.3f} to {factor.max():.3f}")

# %% [markdown]
# Nearly 1. It gets small only for a unit that is either on or off, and hardly ever in between.

# %% [markdown]
# ## 6. Inside or outside the bracket?
#
# What if you put the term outside, behind the slope instead of in front of it? Then a silent unit
# feels the whole wall, and the gradient is no longer the slope of the cost. **Predict first:**
# which of the four blocks are wrong, which stay right? Are the wrong ones off by a hundredth of
# their length, a tenth, or more?

# %%
no_beta = 4, 3, 0.01, 0.05, 0.0, fixed_data
_, without = sparse_autoencoder_cost(fixed_theta, *no_beta)
fixed_a2, _ = feed_forward(fixed_theta, 4, 3, fixed_data)
pull = sparsity_delta(0.05, average_activation(fixed_a2), 0.7)

outside = without.copy()
outside[:12] += np.outer(pull, fixed_data.mean(axis=1)).ravel()  # W1
outside[24:27] += pull  # b1
right, wrong = (unpack_parameters(each, 4, 3) for each in (grad, outside))
for name, a, b in zip(names, right, wrong):
    share = np.linalg.norm(b - a) / np.linalg.norm(a)
    print(f"{name}: off by {share:.2f} times its length")

# %% [markdown]
# `W1` and `b1` are off by three times their own length; `W2` and `b2` know nothing of the penalty
# and stay right. Remember this pattern: in notebook 04 it will give a culprit away.

# %% [markdown]
# ### Appendix: the derivation
#
# The lecture notes leave out why the trick gives the gradient of all of $J_\text{sparse}$, as
# beyond their scope. Six steps do it.
#
# <details><summary>The six steps, each with numbers</summary>
#
# The numbers are for the network of the hand example and two examples, $(1,0)$ and $(0,1)$. Its
# unit has the activations $\tfrac34$ and $\tfrac12$, so $\hat\rho=\tfrac58$; $\rho=\tfrac14$ and
# $\beta=1$. The cell below prints them.
#
# 1. The gradient of a sum is the sum of the gradients. That of $J$ you know. New is the penalty
#    $P=\beta\sum_j\mathrm{KL}(\rho\,\|\,\hat\rho_j)$, here 0.29079.
# 2. Only `W1` and `b1` move a mean activation, so `W2` and `b2` get nothing from $P$. A weight
#    $w$ from input $k$ to unit $j$ moves $\hat\rho_j$ alone, so one term of the sum is left:
#    $$ \frac{\partial P}{\partial w} = \beta\,\mathrm{KL}'(\hat\rho_j)\,
#    \frac{\partial\hat\rho_j}{\partial w}, \qquad
#    \mathrm{KL}'(\hat\rho) = -\frac{\rho}{\hat\rho}+\frac{1-\rho}{1-\hat\rho}. $$
#    Here $\mathrm{KL}'=-0.4+2=1.6$.
# 3. $\hat\rho_j$ is a mean of $f(z_j)$, and $z_j$ grows with $w$ as fast as $x_k$ is large:
#    $$ \frac{\partial\hat\rho_j}{\partial w} = \frac1m \sum_i f'(z_j^{(i)})\, x_k^{(i)}. $$
#    For the two weights: $\tfrac12\cdot\tfrac3{16}=0.09375$ and $\tfrac12\cdot\tfrac14=0.125$.
# 4. Put 3 into 2. $\beta\,\mathrm{KL}'(\hat\rho_j)$ is the same for all examples, so it may go
#    inside the sum:
#    $$ \frac{\partial P}{\partial w} = \frac1m \sum_i
#    \beta\,\mathrm{KL}'(\hat\rho_j)\, f'(z_j^{(i)})\, x_k^{(i)}. $$
#    Here 0.15 and 0.2.
# 5. Backpropagation gave the error's part in notebook 02:
#    $$ \frac1m \sum_i \bigl(W_2^T\delta^{(3)}\bigr)_j^{(i)} f'(z_j^{(i)})\, x_k^{(i)}. $$
#    Here $-0.01611$ and $0.03184$.
# 6. Both sums run over the same examples and end in the same two factors. Add them:
#    $$ \frac1m \sum_i \Bigl[\bigl(W_2^T\delta^{(3)}\bigr)_j^{(i)}
#    + \beta\,\mathrm{KL}'(\hat\rho_j)\Bigr] f'(z_j^{(i)})\, x_k^{(i)}. $$
#    The bracket times the slope is $\delta^{(2)}$, with the trick. For `b1` the same
#    holds without $x_k$, and $\lambda w$ is added as ever. Nothing was approximated: the result is
#    the gradient of $J_\text{sparse}$, without decay 0.13389 and 0.23184 here.
#
# </details>

# %%
pair = np.eye(2)  # two examples, as columns
pair_a2, pair_a3 = feed_forward(hand_theta, 2, 1, pair)
rho_hat = average_activation(pair_a2)
kl_slope = sparsity_delta(1 / 4, rho_hat, 1.0)
rho_hat_slope = slope(pair_a2) @ pair.T / 2
pair_delta3 = (pair_a3 - pair) * slope(pair_a3)
back = hand_theta[2:4] @ pair_delta3 * slope(pair_a2)

print("step 1:", kl_divergence(1 / 4, rho_hat))
print("step 2:", kl_slope, " step 3:", rho_hat_slope)
print("step 4:", kl_slope * rho_hat_slope, " step 5:", back @ pair.T / 2)
print("step 6:", kl_slope * rho_hat_slope + back @ pair.T / 2)
_, grad = sparse_autoencoder_cost(hand_theta, 2, 1, 0, 1 / 4, 1.0, pair)
print("your gradient of W1:", grad[:2])

# %% [markdown]
# ## 7. In your own words
#
# ### The mean so far (4 points)
#
# To save memory somebody feeds the examples forward and back one by one, adding up gradients, and
# takes for $\hat\rho$ the mean of the activations **so far**. Explain why the result is not the
# gradient of the cost; whether it would be with the true $\hat\rho$; and find a way that is exact
# and needs little memory.
#
# **Rubric.** 1 point: which quantity is wrong for which examples. 1 point: that the result
# depends on the order of the examples. 1 point: what would be right with the true $\hat\rho$, and
# why the $1/m$ needs no further care. 1 point: an exact way, with its price.

# %% [markdown] nbgrader={"grade": true, "grade_id": "half-of-the-examples", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The term in δ² is the slope of KL at the mean over all examples. With the mean so far, the first
# example gets the slope at its own activation, the second at the mean of two, and only the last at
# the right place; another order of the examples gives another result, which no gradient of a
# function of the whole set can do. With the true mean, each example's δ² holds the slope at the
# right point, and its share 1/m is the factor with which all gradients are averaged anyway. An
# exact way with little memory: pass over the data twice. In the first pass compute activations
# block by block, and keep their sum only; in the second, compute those of each block again and
# propagate back with the mean now known. The price is a second pass through the first layer.

# %% [markdown]
# ## What you have now
#
# The full cost of the sparse autoencoder, and its gradient. Or so you hope: the checks compared a
# few problems. In [**04_gradient_check**](../04_gradient_check/04_gradient_check.ipynb) you build a
# tool that asks the function itself.

# %% [markdown]
# **Read on:** section 3 of the
# **[lecture notes](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf)**;
# **[Olshausen and Field (1996)](https://doi.org/10.1038/381607a0)**.

# %% [markdown] tags=["self-study"]
# This notebook **[to fill in](../../notebooks/03_kl_delta/03_kl_delta.ipynb)** and
# **[solved](../../solutions/03_kl_delta/03_kl_delta.ipynb)**.
