# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 06 Visualization: what did it learn?

# %% [markdown]
# > **You will learn** how to ask a unit what it is looking for, how a picture of the answer can
# > deceive, and how to decide by measurement whether a network has found edges.
# >
# > **You will write** `maximal_inputs` and `tile_filters`.
# >
# > **Time** 45 minutes · **Difficulty** easy code, one derivation · **Points** 5 by tests, 7 by
# > hand · **Builds on** your notebooks 01 and 02, and what 05 has trained.

# %%
import matplotlib.pyplot as plt
import numpy as np

# %%
from saelab import parameters, previous, progress
from saelab.check import check
from saelab.data import load_images, load_stored
from saelab.display import BLUE, draw_patches, draw_picture, show
from saelab.quality import describe_filters

# %%
whiten, sample_patches, normalize_patches = previous.functions(
    "01_patch_sampling", "whiten", "sample_patches", "normalize_patches"
)
initialize_parameters, unpack_parameters, feed_forward = previous.functions(
    "02_cost", "initialize_parameters", "unpack_parameters", "feed_forward"
)

# %% [markdown]
# ## 1. Ask a unit what it is looking for
#
# Hidden unit $j$ computes $a_j = f(w_j^T x + b_j)$, with $w_j$ the $j$-th row of $W_1$. Which
# picture makes it as active as possible? Without a limit the question is idle: twice the
# contrast, more activation. So allow only pictures with $\|x\| \le 1$. Then
#
# $$ x_j^\ast = \frac{w_j}{\|w_j\|} $$
#
# is the answer: the picture that excites a unit most is its own row of weights, scaled to length 1.
# By hand, with two pixels: $w = (3, 4)$ has length 5, so $x^\ast = (0.6, 0.8)$, and
# $w^T x^\ast = 1.8 + 3.2 = 5$. Try $(1, 0)$: it gives 3. Try $(0.8, 0.6)$: 4.8. Nothing of length 1
# gives more than 5.
#
# ### Why? (4 points)
#
# Show that no $x$ with $\|x\| \le 1$ makes $w^T x$ larger than $\|w\|$, that $w/\|w\|$ reaches
# it, and that it is the only one that does. Then say why the most active input of the *unit* is
# the same, although there is a sigmoid and a bias in between, and what the answer is for $w = 0$.
#
# **Rubric.** 1 point: the bound (Cauchy-Schwarz, or the angle between $w$ and $x$). 1 point: it is
# reached. 1 point: by this $x$ only. 1 point: sigmoid, bias, and $w = 0$.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-the-weights", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# With φ the angle between w and x, wᵀx = ‖w‖ ‖x‖ cos φ ≤ ‖w‖ ‖x‖ ≤ ‖w‖; this is the inequality of
# Cauchy and Schwarz together with the limit on x. For x = w/‖w‖ we get wᵀw/‖w‖ = ‖w‖, so the
# bound is reached. It is reached only if both ≤ signs are equalities: cos φ = 1 says that x is a
# positive multiple of w, and ‖x‖ = 1 says which. The sigmoid increases strictly and the bias is
# the same for every x, so f(wᵀx + b) is largest where wᵀx is. If w = 0 the unit has the same
# activation for every input: there is no best one, every x will do, and division by ‖w‖ is not
# allowed.

# %% [markdown]
# ### Write `maximal_inputs`
#
# For all units at once. A row of zeros stays zeros: the length of a dead unit is nothing to divide
# by.


# %% nbgrader={"grade": false, "grade_id": "maximal_inputs", "locked": false, "schema_version": 3, "solution": true, "task": false}
def maximal_inputs(W1):
    """The input of length at most 1 that excites each hidden unit most.

    W1: (hidden_size, visible_size). See section 4 of the CS294A notes.

    Returns the same shape, each row of length 1, or 0.
    """
    ### BEGIN SOLUTION
    length = np.linalg.norm(W1, axis=1, keepdims=True)
    return W1 / np.where(length == 0, 1, length)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-maximal_inputs", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(maximal_inputs)


# %% nbgrader={"grade": true, "grade_id": "test-maximal_inputs", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# 2 points: random weights of several shapes, dead units among them.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(maximal_inputs, values=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Side by side
#
# To see 25 filters at a glance, put them on one picture. Each filter is a row of $p^2$ numbers;
# as a $p \times p$ square it gets a place in a grid, with a gap of one black pixel around each.
#
# How bright should a value be? With `scale="own"` each filter is divided by its own largest
# absolute value, so that each uses the full range from −1 to 1. With `scale="common"` all are
# divided by the largest of them all. In both, 0 stays 0: mid-grey.
#
# By hand: 5 filters of 2×2 in 3 columns need 2 rows. With a gap of 1 the picture has $2 \cdot
# (2 + 1) + 1 = 7$ rows and $3 \cdot (2 + 1) + 1 = 10$ columns, and the last place stays black.
#
# ### Write `tile_filters`


# %% nbgrader={"grade": false, "grade_id": "tile_filters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tile_filters(filters, columns=5, gap=1, scale="own"):
    """Put square filters side by side, row by row, on one picture.

    filters: (n, p * p), each read row by row.
    columns: filters in a row of the picture.
    gap: black pixels between the filters and around them all.
    scale: "own" divides each filter by its largest absolute value,
    "common" all by the largest of all. A filter of zeros stays zero.

    Returns (rows * (p + gap) + gap, columns * (p + gap) + gap) float64,
    values in [-1, 1]; gaps and empty places are -1.
    """
    ### BEGIN SOLUTION
    n, size = filters.shape
    p = round(size**0.5)
    largest = np.abs(filters).max(axis=1, keepdims=True)
    if scale == "common":
        largest = np.full_like(largest, largest.max())
    scaled = filters / np.where(largest == 0, 1, largest)
    rows = -(-n // columns)
    picture = -np.ones((rows * (p + gap) + gap, columns * (p + gap) + gap))
    for i, filter_ in enumerate(scaled):
        row, column = divmod(i, columns)
        top, left = gap + row * (p + gap), gap + column * (p + gap)
        picture[top : top + p, left : left + p] = filter_.reshape(p, p)
    return picture
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-tile_filters", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(tile_filters)


# %% nbgrader={"grade": true, "grade_id": "test-tile_filters", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: other numbers of filters, columns and gaps 2; scale="common" 1.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(tile_filters, own=2, common=1)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. What 05 has trained
#
# Three networks: the sparse one, and two controls, without sparsity and with too much weight decay.
# The patches and the start are those of 05, too, since the seed is.

# %% tags=["long"]
theta, dense, decayed = parameters.load(
    "05_training", "sparse", "dense", "decayed"
)

# %% tags=["long"]
rng = np.random.default_rng(0)
white_images = np.array([whiten(image, f0=0.4) for image in load_images()])
patches = sample_patches(white_images, 8, 10_000, rng)
patches = normalize_patches(patches)
theta0 = initialize_parameters(64, 25, rng)

# %% [markdown]
# **Predict first:** you saw filters in 05, on one scale for all. How many of the 25 will you call
# an edge when each uses the full range from black to white?

# %% tags=["long"]
W1, *_ = unpack_parameters(theta, 64, 25)
fig, ax = plt.subplots(figsize=(5, 5))
draw_picture(ax, tile_filters(maximal_inputs(W1)), limit=1)
show(
    fig,
    alt="A grid of 25 squares; nearly each shows a bright and a dark bar side "
    "by side, at another place and in another direction.",
    caption="The pictures that excite the 25 hidden units most.",
)

# %% [markdown]
# Edges. Nearly every unit looks for a light-to-dark border of its own, at its own place and in its
# own direction. Nobody told the network what an edge is; it was told to redraw patches of
# photographs and to be quiet about it. Hubel and Wiesel found cells with such preferences in the
# visual cortex of cats.

# %% [markdown]
# ## 4. How a picture deceives
#
# The same picture for the two controls, each filter scaled by itself. **Predict first:** in 05 the
# weights of the third network had shrunk to nearly nothing. What will its filters look like?

# %% tags=["long"]
networks = {"sparse": theta, "beta = 0": dense, "lambda = 3e-4": decayed}
weights = {
    name: unpack_parameters(t, 64, 25)[0] for name, t in networks.items()
}

# %% tags=["long"]
fig, axes = plt.subplots(1, 3, figsize=(10, 3.6))
for ax, (name, W) in zip(axes, weights.items()):
    draw_picture(ax, tile_filters(W), name, limit=1)
show(
    fig,
    alt="Three grids of 25 filters: edges, noise, and for the third again "
    "patterns with full contrast.",
    caption="Each filter scaled by its own largest weight.",
)

# %% [markdown]
# Without sparsity: noise. The units share the work among themselves in some arbitrary way, and no
# single one means anything. But the third, whose weights are zero for all purposes, seems alive.
# Now the same with one scale for all three pictures:

# %% tags=["long"]
side_by_side = np.vstack(list(weights.values()))
picture = tile_filters(side_by_side, columns=25, scale="common")

fig, axes = plt.subplots(3, 1, figsize=(10, 2.4))
for ax, (name, W), top in zip(axes, weights.items(), (0, 9, 18)):
    title = f"{name}: largest weight {np.abs(W).max():.2g}"
    draw_picture(ax, picture[top : top + 10], title, limit=1)
show(
    fig,
    alt="The filters of each network in a row, with one scale for all: edges, "
    "noise, and an even grey.",
    caption="One scale for all 75 filters.",
)

# %% [markdown]
# The third is dead. Scaling each filter by itself had blown up the last crumbs of its weights,
# about a hundredth of the size, into a picture. So look at both kinds of picture.

# %% [markdown]
# ## 5. Edges or not, by number
#
# The eye is easily persuaded. A **Gabor function**, a wave under a bell,
#
# $$ g(x, y) = e^{-\frac12 (u^2/\sigma_u^2 + v^2/\sigma_v^2)} \cos(2\pi f u + \varphi), $$
#
# with $u$ across the edge, $v$ along it, and $f$ a frequency, describes what simple cells in the
# visual cortex respond to (Jones and Palmer, 1987). `describe_filters` fits one to each filter.
# $R^2$ is the share of the filter that the fit explains: 1 is perfect; 0.8 or more we call an edge.

# %% tags=["long"]
quality = describe_filters(
    W1, progress=lambda rows: progress.bar(rows, "fitting", "filter")
)
print(quality.verdict())

# %% tags=["long"]
from_best_to_worst = np.argsort([-fit.r2 for fit in quality.fits])
fig, axes = plt.subplots(2, 5, figsize=(8, 3.8))
for (top, bottom), i in zip(axes.T, from_best_to_worst[[0, 6, 12, 18, 24]]):
    fit, limit = quality.fits[i], np.abs(W1[i]).max()
    draw_picture(top, W1[i].reshape(8, 8), f"unit {i}", limit)
    draw_picture(bottom, fit.render(), f"R² = {fit.r2:.2f}", limit)
show(
    fig,
    alt="Five filters, and below each the Gabor function that fits it; the "
    "last fits worst.",
    caption="Filters (above) and the Gabor functions that fit them (below), "
    "from the best fit to the worst.",
)

# %% [markdown]
# The fit catches place, direction and width of the bars. Where $R^2$ is low, the filter has a shape
# that one wave under one bell cannot draw, such as a corner or a bend.
#
# **Predict first:** do the 25 cover all
# directions equally? And the whole patch, up to its border?

# %% tags=["long"]
good = [fit for fit in quality.fits if fit.r2 >= 0.8]
fig, axes = plt.subplots(1, 2, figsize=(9, 3.8))
bins = np.arange(0, 181, 22.5)
axes[0].hist([fit.orientation for fit in good], bins=bins, color=BLUE)
axes[0].set(xlabel="direction of the edge (degrees)", title="Directions")
axes[0].set_ylabel("number of units")
for fit in good:
    angle = np.radians(fit.orientation)
    dx, dy = np.cos(angle), -np.sin(angle)
    x, y = [fit.x - dx, fit.x + dx], [fit.y - dy, fit.y + dy]
    axes[1].plot(x, y, color=BLUE, lw=2)
axes[1].set(xlabel="x (pixels)", ylabel="y (pixels)", title="Places")
axes[1].set(xlim=(-1, 8), ylim=(8, -1), aspect="equal")
show(
    fig,
    alt="Left a histogram of edge directions over 180 degrees, highest near "
    "180; right the patch with a short line for each edge.",
    caption="Direction and place of each edge. At 0 and at 180 degrees an "
    "edge lies level, at 90 it stands upright.",
)

# %% [markdown]
# Every direction is there, but not equally often: about half of the edges lie within 22.5 degrees
# of level, as the horizons and ridges of our photographs do. The places fill the middle of the
# patch; hardly one sits at its left or right border, where only half of an edge would be seen.

# %% [markdown]
# ### The yardstick, and what it cannot see
#
# And what does the same measurement say of the controls, of an untrained network, and of the oldest
# way to describe data with few numbers, principal components (the directions in which the patches
# vary most)? **Predict first:** $R^2$ compares shapes. How many "edges" will it count in the dead
# network?

# %% tags=["long"]
components = np.linalg.eigh(np.cov(patches))[1].T[::-1]
rivals = {
    "beta = 0": weights["beta = 0"],
    "lambda = 3e-4": weights["lambda = 3e-4"],
    "untrained": unpack_parameters(theta0, 64, 25)[0],
    "principal components": components[:25],
}
for name in progress.bar(rivals, "fitting", "network"):
    rivals[name] = describe_filters(rivals[name])

# %% tags=["long"]
print("                      R² >= 0.8    median length")
for name, measured in {"sparse": quality, **rivals}.items():
    count = sum(fit.r2 >= 0.8 for fit in measured.fits)
    print(f"{name:22s}{count:4d} of 25   {measured.norm_median:10.2f}")
print("\n" + rivals["lambda = 3e-4"].verdict())

# %% [markdown]
# The dead network has nearly as many well fitted filters as the living one! $R^2$ has no scale: the
# crumbs that weight decay leaves behind are smooth, and smooth crumbs fit. It is the picture that
# deceived in section 4, as a number. So the verdict asks for the length of the filters first, and
# after the fit whether the directions are spread. Noise fits in none of 25 cases.

# %% tags=["long"]
fig, axes = plt.subplots(1, 2, figsize=(8, 4.2))
draw_picture(axes[0], tile_filters(W1), "sparse autoencoder", limit=1)
pcs = tile_filters(components[:25])
draw_picture(axes[1], pcs, "principal components", limit=1)
show(
    fig,
    alt="Left the grid of edges; right 25 principal components: waves and "
    "checkerboards that fill the whole patch.",
    caption="The 25 filters, and the first 25 principal components of the "
    "same patches.",
)

# %% [markdown]
# Principal components are waves over the whole patch; a few of them pass for edges, but none has a
# place of its own.

# %% [markdown]
# ### More units than pixels
#
# Notebook 03 claimed that sparsity works even with *more* hidden units than inputs, where a network
# could simply copy its input. The playground of 05 has stored such a training: 100 units for 64
# pixels. **Predict first:** what share of the 100 will be edges?

# %% tags=["long"]
stored = load_stored("trainings")
place = tuple(
    int(np.flatnonzero(np.isclose(stored[axis], value))[0])
    for axis, value in (("rho", 0.01), ("beta", 3), ("lambda_", 1e-4))
)
W100 = stored["W1_100"][place].astype(float)
edges = stored["edges"][place][stored["hidden"] == 100].item()

# %% tags=["long"]
fig, ax = plt.subplots(figsize=(5, 5))
picture = tile_filters(W100, columns=10, scale="common")
draw_picture(ax, picture, f"{edges:.0f} of 100 units are edges", limit=1)
show(
    fig,
    alt="A grid of 100 filters: strong edges, faint ones, and even grey.",
    caption="100 hidden units for 64 pixels, with one scale for all.",
)

# %% [markdown]
# Sixty by the yardstick, 42 strong ones and 18 faint, and none copies a pixel. 28 others are hardly
# there: their filters have less than an eighth of the length that is usual for the rest, since
# decay is dearer than what they could add. Together the hundred explain a third of the variance,
# where 25 explained a quarter.

# %% [markdown]
# ## 6. What it sees in photographs
#
# The best input of length 1 is an ideal that no photograph contains. Which of the 10 000 real
# patches does each unit like best?

# %% tags=["long"]
a2, _ = feed_forward(theta, 64, 25, patches)
fig, axes = plt.subplots(6, 2, figsize=(7, 6), width_ratios=(1, 10))
for (left, right), unit in zip(axes, from_best_to_worst[:6]):
    draw_picture(left, W1[unit].reshape(8, 8), f"unit {unit}")
    favourites = np.argsort(-a2[unit])[:12]
    draw_patches(right, patches[:, favourites], 12, limits=(0.1, 0.9))
show(
    fig,
    alt="Six rows: a filter, and beside it twelve patches with an edge like "
    "it, at the same place.",
    caption="Six units, and the twelve patches out of 10 000 that excite "
    "each most.",
)

# %% [markdown]
# Each row has a subject. That is what it means for a code to be *interpretable*: one can say in
# words what a unit stands for.

# %% [markdown]
# **Predict first:** the penalty holds the *mean* activation of every unit near $\rho = 0.01$. Does
# that make them alike, each silent for most patches and loud for a few? Go through the units, and
# compare histograms and favourites. What do those like whose $R^2$ is low?

# %% tags=["long"]
from saelab.widgets import filter_explorer

filter_explorer(W1, patches, a2, maximal_inputs, quality.fits)

# %% [markdown]
# Most are silent nearly always and loud at times, just as edges are rare and strong. But a mean of
# 0.01 can be had in more than one way: you may find a unit that never gets loud, and is a little
# active for all patches. And a low $R^2$ does not mean noise. Such a unit has favourites that look
# alike too; two bars, a corner or a bend are more than a single Gabor function can draw.

# %% [markdown]
# ## 7. The museum of mistakes
#
# What would your network look like if one line of your code were wrong? Here are 28 mistakes that
# people make in this exercise, many of them found in published solutions, each trained on 5000
# patches (without a mistake: 24 edges). **Predict first:** how many of the 28 learn edges all the
# same? And what does $\lambda / m$ do, the mistake that we found most often?

# %% tags=["long"]
from saelab.widgets import museum

museum()

# %% [markdown]
# Ten of them learn edges all the same, so edges do not tell you that your code is right. With
# $\lambda / m$ in the gradient 2 of 25 units are edges, and L-BFGS claims to have converged. With
# the wrong sign of KL, or without the penalty in $\delta$, the network never gets away from its
# start. Started from zeros, all 25 units count as edges, and all are the same one. Five wrong costs
# pass the gradient check, since cost and gradient are wrong together. The comparison with numbers
# from elsewhere, which `check` makes, refuses all 28.

# %% [markdown]
# ## 8. What this says, and what it does not
#
# **About the brain.** A simple wish, few active units, together with photographs is *enough* to get
# units like simple cells. Olshausen and Field showed it in 1996. It does not follow that the brain
# gets there this way: nobody has seen L-BFGS in a cortex, and other principles (independence,
# slowness) lead to edges too.
#
# **About networks of today.** Large language models are studied with *sparse autoencoders*:
# networks like yours, with many more hidden units than inputs, trained on the activations of the
# model. The hope is that of this notebook: a unit that rarely speaks can be given a name. So are
# the traps: dead units, pictures scaled until they look good, and names for units that a second
# training would not find again.
#
# ### The dead network (3 points)
#
# In section 4 one of two ways to show the weights made a dead network look alive. Describe a
# situation in your own field or life in which rescaling hides what matters, and what number you
# would print beside the picture.
#
# **Rubric.** 1 point: a fitting example. 1 point: what the scaling hides. 1 point: a number that
# would reveal it.

# %% [markdown] nbgrader={"grade": true, "grade_id": "the-dead-network", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# For example: a curve of a share price on an axis that is fitted to the day's range. On a day on
# which nothing happens the axis covers a tenth of a per cent, and noise looks like a rise and a
# crash. The scaling hides how large the change is compared with the price. Print the range of the
# axis in per cent of the price, or draw the axis from zero beside it. For the filters the number
# is the length of each row of W1, or its largest weight.

# %% [markdown]
# ## What you have now
#
# You wrote a network and its gradient, checked it, trained it, and measured that it found edges.
# Every line is yours. Data that do not fit:
# [**07_out_of_memory**](../07_out_of_memory/07_out_of_memory.ipynb).

# %% [markdown]
# **Read on:** section 4 of the
# **[lecture notes](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf)**;
# **[Olshausen and Field (1996)](https://doi.org/10.1038/381607a0)**,
# **[Hubel and Wiesel (1959)](https://doi.org/10.1113/jphysiol.1959.sp006308)**,
# **[Jones and Palmer (1987)](https://doi.org/10.1152/jn.1987.58.6.1233)**.

# %% [markdown] tags=["self-study"]
# This notebook **[to fill in](../../notebooks/06_visualization/06_visualization.ipynb)** and
# **[solved](../../solutions/06_visualization/06_visualization.ipynb)**.
