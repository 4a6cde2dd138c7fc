# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 00 Autoencoders: can a picture be told in fewer numbers?

# %% [markdown]
# > **You will learn** what an autoencoder with few hidden units finds, in what sense that is PCA
# > and in what sense not, and how the checks of this course speak.
# >
# > **The lecture says** (section 3 of the notes): few hidden units discover the correlations in
# > the data, if there are some, and often end "very similar to PCA".
# >
# > **You will write** `share_explained`, `pca_bottleneck` and `principal_angles`.
# >
# > **Time** 45 minutes · **Difficulty** easy · **Points** 10 by tests, 3 by hand · **Builds on**
# > nothing: begin here. You know NumPy's arrays and matrix products.

# %% [markdown]
# An **autoencoder** is a network that is to answer with what it was asked. A wire could do that.
# It becomes a task when something stands in the way. In this notebook the way is narrow: 64
# numbers have to pass through 25. In those that follow hardly any unit may speak, even where there
# is room enough. You will build that network line by line, in NumPy, and see in notebook 06 that
# it looks for edges, though nobody told it what an edge is.
#
# Run the cells from the top, one by one, by Shift+Enter. Where you read **Predict first**, say
# your answer before you look at the next cell.

# %% [markdown]
# ## 1. Three minutes: is everything there?

# %%
from contextlib import suppress

import matplotlib.pyplot as plt
import numpy as np

# %%
from saelab.check import check
from saelab.data import load_images, load_stored
from saelab.display import BLUE, GREY, ORANGE, draw_network, draw_patches, show

# %%
print(f"{len(load_images())} photographs are there.")

# %% [markdown]
# If you read of ten photographs, everything is installed. If a module was not found, this
# notebook does not run in the course's environment: the page you began with says how to open it.
#
# ### How a check speaks
#
# How well is something redrawn? With examples $x^{(i)}$, their mean $\bar x$, and what was made of
# them, $\hat x^{(i)}$, this course counts how much of the variance is *explained*, as a share:
#
# $$ 1 - \frac{\sum_i \| \hat x^{(i)} - x^{(i)} \|^2}{\sum_i \| x^{(i)} - \bar x \|^2}. $$
#
# 1 is perfect. Whoever answers $\bar x$ to everything gets 0. By hand: the examples $(1, 3)$ and
# $(3, 7)$ have the mean $(2, 5)$, and the lower sum is $1 + 4 + 1 + 4 = 10$. Redrawn as $(1, 4)$
# and $(3, 6)$, the upper one is $1 + 1 = 2$: the share is 0.8.
#
# Somebody in a hurry wrote it so, and asks whether it is right. (`suppress` lets the notebook go
# on. Elsewhere a check that fails stops it.)


# %%
def share_explained(data, rebuilt):
    """A first try: something is missing in it."""
    return 1 - ((rebuilt - data) ** 2).sum() / (data**2).sum()


with suppress(AssertionError):
    check(share_explained)

# %% [markdown]
# It says what it tried, what came out, and what should have. If it knows the mistake, it says
# where to look; it never says the answer. Ask as often as you like.
#
# ### Write `share_explained`
#
# Now you: in the place of the line that raises an error. Run the cell, and then the check below it.
# (Run the check before you write anything, too.)


# %% nbgrader={"grade": false, "grade_id": "share_explained", "locked": false, "schema_version": 3, "solution": true, "task": false}
def share_explained(data, rebuilt):
    """The share of the variance that a reconstruction explains.

    data, rebuilt: (visible_size, m), one example in each column.

    Returns a number, at most 1.
    """
    ### BEGIN SOLUTION
    x_bar = data.mean(axis=1, keepdims=True)
    return 1 - np.sum((data - rebuilt) ** 2) / np.sum((data - x_bar) ** 2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-share_explained", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(share_explained)


# %% nbgrader={"grade": true, "grade_id": "test-share_explained", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# 2 points: random data of several shapes.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(share_explained, values=2)
### END HIDDEN TESTS

# %%
hand_data = np.array([[1.0, 3], [3, 7]])
print(share_explained(hand_data, np.array([[1.0, 3], [4, 6]])))

# %% [markdown]
# ## 2. When a wire will not do

# %%
fig, ax = plt.subplots(figsize=(6, 4.6))
draw_network(ax, visible_size=6, hidden_size=3)
show(
    fig,
    alt="Six circles on the left, three in the middle, six on the right, and "
    "a line from each to each of the next layer.",
    caption="An autoencoder: 6 inputs, 3 hidden units, 6 outputs that are to "
    "equal the inputs.",
)

# %% [markdown]
# With as many hidden units as inputs, each could carry one input through. With half as many that
# is over: three numbers have to say what six said. If the six are independent and spread alike,
# half is lost. It goes well if some of them follow, more or less, from the others.
#
# Here are four kinds of data, each of 2000 examples of 64 numbers, drawn as squares of 8×8. In
# `noise` all numbers are independent (IID, as the notes say). In `chain` each resembles the one
# before it, row by row. `photographs` are cut out of the ten; `whitened` were cut after what
# neighbouring pixels share had been weakened, which you will do in notebook 01.

# %%
stored = load_stored("bottlenecks")
kinds = ["noise", "chain", "photographs", "whitened"]
data = {kind: stored[kind] / 255 for kind in kinds}

# %%
fig, axes = plt.subplots(4, 1, figsize=(9, 3.9))
for ax, kind in zip(axes, kinds):
    draw_patches(ax, data[kind][:, :12], 12, kind, limits=(0.1, 0.9))
show(
    fig,
    alt="Four rows of twelve small squares: salt and pepper, level streaks, "
    "soft shadows and borders, and borders without shadows.",
    caption="Twelve examples of each kind.",
)

# %% [markdown]
# Your eye finds structure in all rows but the first. **Predict first:** if only 25 numbers may
# be kept of each square, how much of the variance can be saved, of noise and of photographs?

# %% [markdown]
# ## 3. The best that straight lines can do
#
# *Principal component analysis* (PCA) takes the mean off, turns the axes so that the first points
# where the data vary most, the second where they vary most at right angles to it, and so on, and
# keeps the first $k$ numbers. With the covariance matrix $C$ of the data,
#
# $$ C = \frac1m \sum_i (x^{(i)} - \bar x)(x^{(i)} - \bar x)^T, \qquad C u_j = \lambda_j u_j,
#    \qquad \lambda_1 \ge \lambda_2 \ge \dots, $$
#
# the axes are its eigenvectors $u_j$, $\lambda_j$ is the variance along $u_j$, and the share that
# is kept is $(\lambda_1 + \dots + \lambda_k) / (\lambda_1 + \dots + \lambda_{64})$. Whatever else
# is linear and passes through $k$ numbers keeps no more.
#
# By hand: the points $(3, 3)$, $(1, 1)$, $(2.5, 1.5)$ and $(1.5, 2.5)$ lie around $(2, 2)$. Along
# $(1, 1)/\sqrt2$ they are at $\pm\sqrt2$, 0 and 0; across it at 0, 0 and $\pm\sqrt{0.5}$. So
# $\lambda_1 = 4/4$, $\lambda_2 = 1/4$, and one number keeps $1 / 1.25 = 0.8$.
#
# ### Write `pca_bottleneck`
#
# `np.linalg.eigh` has the eigenvectors of a symmetric matrix, the *smallest* eigenvalue first;
# `np.cov` divides by $m - 1$, which cancels in the share. $u_j$ or $-u_j$: both are right.


# %% nbgrader={"grade": false, "grade_id": "pca_bottleneck", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pca_bottleneck(data, k):
    """The k directions in which data vary most.

    data: (visible_size, m), one example in each column.

    Returns the tuple (mean, U, share): the mean of the examples, an array,
    (visible_size,); the directions as columns, (visible_size, k), of length
    1, at right angles, the one of the largest variance first, with any sign;
    and which share of the variance lies in them, at most 1.
    """
    ### BEGIN SOLUTION
    mean = data.mean(axis=1)
    values, vectors = np.linalg.eigh(np.cov(data))
    U = vectors[:, ::-1][:, :k]
    share = values[::-1][:k].sum() / values.sum()
    return mean, U, share
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-pca_bottleneck", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(pca_bottleneck)


# %% nbgrader={"grade": true, "grade_id": "test-pca_bottleneck", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# 5 points: the mean 1, the directions 3, the share 1.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(pca_bottleneck, mean=1, U=3, share=1)
### END HIDDEN TESTS

# %%
points = np.array([[3, 1, 2.5, 1.5], [3, 1, 1.5, 2.5]])
print(*pca_bottleneck(points, 1), sep="\n")


# %% [markdown]
# From $k$ numbers an example is drawn again by going so far along each direction:


# %%
def rebuild(examples, mean, U):
    """What is left of examples that pass through k numbers."""
    told = U.T @ (examples - mean[:, None])
    return mean[:, None] + U @ told


# %% tags=["long"]
print("25 numbers of 64    by PCA    redrawn by it    by a network")
place = list(stored["units"]).index(25)
for kind in kinds:
    mean, U, share = pca_bottleneck(data[kind], 25)
    redrawn = share_explained(data[kind], rebuild(data[kind], mean, U))
    network = stored[f"{kind}_share"][place]
    print(f"{kind:16s}{share:10.3f}{redrawn:17.3f}{network:16.3f}")

# %% [markdown]
# The first two columns agree, as they must: your two functions check each other. The third is from
# networks with 25 hidden units and sigmoids, trained for 400 iterations with nothing else asked
# of them. On no kind do they do better than PCA.
#
# Most of a photograph passes, 0.89, and of noise about half. Is there something to find in noise,
# then? **Predict first:** the same 25 directions, and *new* noise?

# %% tags=["long"]
rng = np.random.default_rng(0)
new = 0.5 + 0.4 * np.clip(rng.normal(size=(64, 2000)) / 3, -1, 1)
mean, U, _ = pca_bottleneck(data["noise"], 25)
print(f"new noise: {share_explained(new, rebuild(new, mean, U)):.3f}")
print(f"25 of 64:  {25 / 64:.3f}")

# %% [markdown]
# In new noise no direction is better than any other: 25 of 64 numbers keep 25/64 of the
# variance. What the old noise had above that was learned by heart. How many numbers does each kind
# need?

# %% tags=["long"]
fig, ax = plt.subplots(figsize=(6, 3.6))
ks = np.arange(1, 65)
colours, styles = (BLUE, BLUE, ORANGE, ORANGE), (":", "--", "-.", "-")
for kind, colour, style in zip(kinds, colours, styles):
    shares = [pca_bottleneck(data[kind], k)[2] for k in ks]
    ax.plot(ks, shares, style, color=colour, label=kind)
ax.plot(ks, ks / 64, color=GREY, lw=1, label="k / 64")
ax.set(xlabel="numbers k that are kept", ylabel="share explained")
ax.legend()
show(
    fig,
    alt="Four curves that rise to 1: chain at once, photographs nearly as "
    "fast, whitened later, noise just above a straight line.",
    caption="What k numbers keep of 64, by PCA.",
)

# %% [markdown]
# Four numbers keep two thirds of the chain and half of the photographs, but a quarter of what was
# whitened, where each number says less of the others. Structure is the distance from the straight
# line, except where something is learned by heart.

# %% [markdown]
# ## 4. A linear network gets there, in time
#
# Leave the sigmoids out: a network that answers $W_2 W_1 x$, with 25 hidden units. Its best
# solution is known (Baldi and Hornik, 1989): the columns of $W_2$ span *the same 25-dimensional
# space* as the first 25 principal directions. But single columns may be anything, since for any
# invertible $R$ the pair $W_2 R$, $R^{-1} W_1$ is the same network. So compare spaces.
#
# ### Write `principal_angles`
#
# What angles do two planes make? Make the columns of $A$ and $B$ orthonormal, giving $Q_A$ and
# $Q_B$. The singular values of $Q_A^T Q_B$ are the cosines of the angles:
#
# $$ \cos \theta_i = \sigma_i(Q_A^T Q_B), \qquad \theta_1 \le \theta_2 \le \dots $$
#
# $\theta_1$ is the smallest angle between any vector of one space and any of the other, $\theta_2$
# the smallest at right angles to these, and so on. By hand: the floor, spanned by $(1, 0, 0)$ and
# $(0, 1, 0)$, and a ramp, by $(1, 0, 0)$ and $(0, 1, 1)$, have the first vector in common and
# rise apart by 45 degrees: 0 and 45.
#
# `np.linalg.qr` makes columns orthonormal. A cosine that should be 1 may come out as
# 1.0000000000000002.


# %% nbgrader={"grade": false, "grade_id": "principal_angles", "locked": false, "schema_version": 3, "solution": true, "task": false}
def principal_angles(A, B):
    """The angles between the spaces that the columns of A and of B span.

    A: (n, p), B: (n, q), each with linearly independent columns, of any
    lengths and at any angles.

    Returns an array, (min(p, q),), in degrees, from 0 to 90, smallest
    first.
    """
    ### BEGIN SOLUTION
    Q_A, _ = np.linalg.qr(A)
    Q_B, _ = np.linalg.qr(B)
    cosines = np.linalg.svd(Q_A.T @ Q_B, compute_uv=False)
    return np.degrees(np.arccos(np.minimum(cosines, 1)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-principal_angles", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(principal_angles)


# %% nbgrader={"grade": true, "grade_id": "test-principal_angles", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: random spaces of several sizes.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(principal_angles, values=3)
### END HIDDEN TESTS

# %%
floor = np.array([[1.0, 0], [0, 1], [0, 0]])
ramp = np.array([[1.0, 0], [0, 1], [0, 1]])
print(principal_angles(floor, ramp))

# %% [markdown]
# Such a network was trained on the whitened patches, and looked at on the way. **Predict first:**
# after 50 iterations its error is above the best by 0.1 % of the variance. How far, at most, does
# its space lean from that of PCA then?

# %% tags=["long"]
mean, U, _ = pca_bottleneck(data["whitened"], 25)
looked = stored["linear_W2"].astype(float)
lean = [principal_angles(W2, U)[-1] for W2 in looked]
for i, n in enumerate(stored["iterations"]):
    print(f"{n:3d} iterations: error {stored['excess'][i]:.1e}", end="")
    print(f" above the least, largest angle {lean[i]:.2g} degrees")

# %% tags=["long"]
fig, axes = plt.subplots(1, 2, figsize=(9, 3.4))
for ax, values in zip(axes, (stored["excess"], lean)):
    ax.loglog(stored["iterations"], values, "o-", color=BLUE)
    ax.set(xlabel="iterations")
axes[0].set(ylabel="share of the variance", title="Error above that of PCA")
axes[1].set(ylabel="degrees", title="Largest angle to the space of PCA")
show(
    fig,
    alt="Left a line that falls steeply from the start; right one that stays "
    "level near 90 degrees before it falls.",
    caption="A linear network with 25 hidden units, on its way to PCA.",
)

# %% [markdown]
# By 59 degrees, and after 20 iterations by 85! The error is right long before the space is. It has
# to be: direction 25 has 1.28 % of the variance, direction 26 has 1.17 %. To take the wrong one of
# them costs a thousandth, so nothing pulls strongly until all else is done. An error that is nearly
# the best does not tell that you have found what you were looking for. Remember that when somebody
# says that two methods "find the same".

# %% [markdown]
# ## 5. With sigmoids: half true
#
# Now the real thing, with sigmoids and biases. How near is it to PCA? Choose data and units, or
# click into the curve. **Predict first:** on which kind of data is the network furthest behind, and
# where will you *see* a difference?

# %% tags=["long"]
from saelab.widgets import bottleneck_explorer

bottleneck_explorer(pca_bottleneck)

# %% [markdown]
# By the error the lecture is right: with 25 units the network keeps half a point less than PCA on
# noise, one on whitened patches, three on photographs, five on the chain, and the two redraw much
# the same pictures. With 64 units it could copy; yet it loses 2 to 5 %, since sigmoids bend what
# passes.
#
# By the space it is nearly right. **Predict first:** on whitened patches, how many of 25 angles are
# under 10 degrees? And is a single unit a principal direction?

# %% tags=["long"]
W2 = stored["whitened_W2"].astype(float)
angles = principal_angles(W2, U)
cosines = (W2 / np.linalg.norm(W2, axis=0)).T @ U
nearest = np.abs(cosines).max(axis=1)
print(f"{(angles < 10).sum()} of 25 angles are under 10 degrees,", end=" ")
print(f"the largest is {angles[-1]:.0f}")
print(f"|cos| of each unit with its nearest direction: {nearest.mean():.2f}")

# %% tags=["long"]
fig, axes = plt.subplots(2, 1, figsize=(9, 2.9))
for ax, columns, title in (
    (axes[0], U, "principal directions"),
    (axes[1], W2 / np.linalg.norm(W2, axis=0), "what each unit adds"),
):
    draw_patches(ax, columns, 13, title, limits=(-0.4, 0.4))
show(
    fig,
    alt="Above 25 squares, the first dozen with regular waves, slow ones "
    "first; below 25 squares of irregular blotches.",
    caption="The 25 principal directions, and the columns of the network's "
    "W2, each of length 1.",
)

# %% [markdown]
# 23 of the 25 are, the largest is 62 degrees: as before, the last directions are hardly worth the
# trouble. But no unit is a principal direction. The first dozen of those are waves, slow ones
# first; the units are mixtures of many of them, and another random start mixes them otherwise. So
# "very similar to PCA" is half true: the network finds the space, but no axes in it. Its single
# units mean nothing.

# %% [markdown]
# ## 6. The network of this course
#
# Here is the network of this course, trained in notebook 05. It has 25 hidden units, too, and
# besides, they are told to keep quiet. **Predict first:** what share will it explain?

# %% tags=["long"]
whitened = data["whitened"]
rows = {
    "whitened patches": whitened,
    "PCA, 25 numbers": rebuild(whitened, mean, U),
    "network, 25 units": stored["rebuilt"] / 255,
    "sparse network, 25 units": stored["sparse"] / 255,
}
fig, axes = plt.subplots(4, 1, figsize=(9, 3.9))
for ax, (name, rebuilt) in zip(axes, rows.items()):
    title = f"{name}: share {share_explained(whitened, rebuilt):.2f}"
    draw_patches(ax, rebuilt[:, :12], 12, title, limits=(0.1, 0.9))
show(
    fig,
    alt="Four rows of twelve patches: two that look like the first, and a "
    "last one that is grey in most places.",
    caption="Twelve patches, and what three ways of telling make of them.",
)

# %% [markdown]
# A quarter, where four principal directions do better and 25 explain 0.88. And how often does it
# say anything?

# %% tags=["long"]
active = stored["active"]
for n in range(3):
    print(f"active units: {n} for {(active == n).mean():.0%} of the patches")
print(f"PCA with 4 numbers explains {pca_bottleneck(whitened, 4)[2]:.2f}")

# %% [markdown]
# Seldom: for 81 % of the patches none of its 25 units is more active than 0.1, and the answer is
# grey.
#
# ### Why would anyone want that? (3 points)
#
# By the measure of this notebook it is by far the worst. Yet the course is about this network.
# Think of 25 people who describe a picture together. With PCA all of them speak, always; here
# hardly anybody does. Say, before you have seen its units: what could be gained for what is lost?
# What would you have to see in its units to be convinced, which you did not see in section 5? And
# what should be measured, if not the share explained?
#
# **Rubric.** 1 point: a gain, such as units that can be understood one by one. 1 point: what would
# have to be seen, and how section 5 differs. 1 point: a measure, or an observation, that could also
# come out against it.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-would-anyone", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# If few units may speak, each has to stand for something that is rare but, where it occurs, worth
# a lot: a thing with a name, such as a border at one place. Then one learns from a single unit
# what is in the picture, while with PCA, or with the mixtures of section 5, only all numbers
# together mean something. To be convinced I would have to see that the patches that excite a unit
# have something in common that can be said in a word, for most units, and that a second training
# finds units of the same kind; in section 5 another start mixes the directions in another way.
# Measure how many units are active for a patch, how well a unit's weights agree with a simple
# shape, or how well a classifier does with few labels. Each of these may come out against it: if
# noise, or PCA, does as well, nothing was gained.

# %% [markdown]
# ## What you have now
#
# Two ways to look at an autoencoder: by what it keeps, and by what its units are. The first is
# settled, by PCA. The second is the question of this course. It begins with data:
# [**01_patch_sampling**](../01_patch_sampling/01_patch_sampling.ipynb).

# %% [markdown]
# **Read on:** section 3 of the
# **[lecture notes](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf)**;
# **[Baldi and Hornik (1989)](https://doi.org/10.1016/0893-6080(89)90014-2)** and
# **[Bourlard and Kamp (1988)](https://doi.org/10.1007/BF00332918)** on autoencoders and PCA;
# **[Björck and Golub (1973)](https://doi.org/10.1090/S0025-5718-1973-0348991-3)** on angles.

# %% [markdown] tags=["self-study"]
# This notebook **[to fill in](../../notebooks/00_autoencoders/00_autoencoders.ipynb)** and
# **[solved](../../solutions/00_autoencoders/00_autoencoders.ipynb)**.
