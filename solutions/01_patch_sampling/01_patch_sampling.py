# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 Patch sampling: what does the world look like through an 8×8 window?

# %% [markdown]
# > **You will learn** what neighbouring pixels have in common, why that gets in the way of
# > learning, and how to cut 10 000 small patches out of ten photographs in a form that a network
# > can work with.
# >
# > **You will write** `whiten`, `sample_patches` and `normalize_patches`.
# >
# > **Time** 60 minutes · **Difficulty** easy to medium · **Points** 12 by tests, 6 by hand ·
# > **Builds on** NumPy slicing; what you need of the Fourier transform is said here.

# %% [markdown]
# In 1959 Hubel and Wiesel recorded from single cells in the visual cortex of cats. Many answered
# to a line or an edge at one place, in one direction, and to little else. Why edges? In this course
# you build a small network that comes to look for them too, though nobody tells it what an edge is.
# All it gets is patches of photographs, 8 pixels wide; all it is asked to do is to redraw each one
# while using few of its units.
#
# This notebook prepares the patches. A mistake made here looks, a few
# notebooks later, like a network that "does not learn".

# %%
import matplotlib.pyplot as plt
import numpy as np

from saelab.check import check
from saelab.data import image_names, load_images
from saelab.display import BLUE, GREY, ORANGE, draw_patches, draw_picture, show

# %% [markdown]
# ## 1. Ten photographs
#
# `load_images` returns them as one array: ten pictures, 512 rows, 512 columns, brightness from 0
# (black) to 1 (white).

# %%
images = load_images()
images.shape, images.dtype

# %% tags=["long"]
fig, axes = plt.subplots(2, 5, figsize=(10, 4.4))
for ax, image, name in zip(axes.flat, images, image_names()):
    draw_picture(ax, image, name)
show(
    fig,
    alt="Ten grey photographs: woods, rocks, meadows, two dogs, a dandelion.",
    caption="The ten photographs; data/LICENSES.md names their authors.",
)

# %% [markdown]
# Woods, rocks, grass, and two dogs at a door. What do they have in common?
#
# ## 2. A pixel and its neighbour
#
# **Predict first:** if you plot the brightness of a pixel against that of its right neighbour, for
# 3000 pixels of one picture, will you see a cloud, a band, or a line?

# %%
rng = np.random.default_rng(0)
image = images[0]
rows, columns = rng.integers(511, size=(2, 3000))
pixel, neighbour = image[rows, columns], image[rows, columns + 1]

fig, ax = plt.subplots(figsize=(4, 4))
ax.plot(pixel, neighbour, ".", color=BLUE, alpha=0.3, ms=3)
ax.set(xlabel="brightness of a pixel", ylabel="of its right neighbour")
show(
    fig,
    alt="Scatter plot: the points lie in a band along the diagonal.",
    caption="3000 pixels of the first photograph, each against its neighbour.",
)

# %% [markdown]
# A band along the diagonal. In numbers, for all ten:

# %% tags=["long"]
for distance in (1, 2, 4, 7, 16, 32):
    left, right = images[:, :, :-distance], images[:, :, distance:]
    correlation = np.corrcoef(left.ravel(), right.ravel())[0, 1]
    print(f"{distance:2d} pixels apart: correlation {correlation:.3f}")

# %% tags=["long"]
blocks = images.reshape(10, 64, 8, 64, 8)  # cut into patches of 8 by 8
share = blocks.mean(axis=(2, 4)).var() / images.var()
print(f"the mean brightness of a patch: {share:.0%} of the variance")

# %% [markdown]
# Neighbours correlate by 0.96, and pixels at opposite sides of a patch, 7 columns apart, still by
# 0.81 (in single photographs by 0.43 to 0.96). The mean brightness alone makes up 85 % of the
# variance of 8×8 patches. So a network with few units gets most of the way with brightness alone,
# and gains little from the rest, where the edges are.

# %% [markdown]
# ## 3. The same fact, seen in frequencies
#
# Every picture is a sum of waves. `np.fft.fft2` gives the strength of each, as a complex number
# whose squared size is the wave's power, and `np.fft.ifft2` adds the waves up again. Slow waves,
# which take many pixels to rise and fall, make up sky and shadow; without fast ones there is no
# texture, and no edge is sharp. `frequency_grid` says how fast each wave is. Along a row or a
# column the fastest goes up and down once in two pixels: 0.5 cycles per pixel. Along the diagonal
# it is 0.71. For example, on a grid of 4 by 4:


# %%
def frequency_grid(height, width):
    """The frequency of each entry of fft2, in cycles per pixel.

    height, width: of the picture. Returns (height, width) float64, from 0 to
    sqrt(0.5).
    """
    rows, columns = np.fft.fftfreq(height), np.fft.fftfreq(width)
    return np.hypot(rows[:, None], columns[None, :])


frequency_grid(4, 4).round(2)


# %%
def radial_power(image, n_rings=40):
    """Mean power of waves of about one frequency: (frequency, power).

    The rings of equal frequency end at 0.5: beyond, only corners are left.
    """
    power = np.abs(np.fft.fft2(image - image.mean())) ** 2
    frequency = frequency_grid(*image.shape)
    edges = np.geomspace(1 / image.shape[0], 0.5, n_rings + 1)
    ring = np.digitize(frequency.ravel(), edges)
    kept = [i for i in range(1, n_rings + 1) if (ring == i).any()]
    mean = [power.ravel()[ring == i].mean() for i in kept]
    return np.sqrt(edges[:-1] * edges[1:])[np.array(kept) - 1], np.array(mean)


# %% tags=["long"]
frequency, power = np.mean([radial_power(i) for i in images], axis=0)
exponent, _ = np.polyfit(np.log(frequency), np.log(power), 1)
guide = power[0] * (frequency[0] / frequency) ** 2

fig, ax = plt.subplots(figsize=(6, 3.6))
ax.loglog(frequency, power, color=BLUE, lw=2, label="the photographs")
ax.loglog(frequency, guide, "--", color=GREY, label="for comparison: 1 / f²")
ax.set(xlabel="frequency f (cycles per pixel)")
ax.set(ylabel="power (arbitrary units)", title=f"Power like f^{exponent:.1f}")
ax.legend()
show(
    fig,
    alt="Power over frequency on logarithmic axes: nearly a straight line, "
    "which falls somewhat faster than 1/f².",
    caption="Mean power of the waves of the ten photographs, by frequency.",
)

# %% [markdown]
# Both axes are logarithmic, so a straight line is a power law. Field (1987) found about $1/f^2$ in
# photographs of nature; single scenes scatter around it. Ours fall like $f^{-2}$ to nearly
# $f^{-3}$, and their mean like $f^{-2.4}$: most of what varies in them are slow waves.

# %% [markdown]
# ## 4. Whitening
#
# White light has the same power at all frequencies. To whiten a picture means to bring it nearer
# to that: weaken the slow waves, strengthen the fast ones. If power falls like $1/f^2$, amplitude
# falls like $1/f$, and a gain of $f$ makes it flat. At the fast end, though, the scene is weakest
# and the camera's noise counts most, so the gain comes down again. Olshausen and Field (1997) use
#
# $$ g(f) = f \; e^{-(f/f_0)^4}, \qquad f_0 = 0.4 \text{ cycles per pixel}. $$
#
# **Predict first:** where does $g$ have its highest point: below, at or above $f_0$?

# %%
f, f0 = np.linspace(0, 0.7, 200), 0.4
gain = f * np.exp(-((f / f0) ** 4))

fig, ax = plt.subplots(figsize=(6, 3))
ax.plot(f, gain, color=BLUE, lw=2, label="g(f)")
ax.plot(f[f < 0.3], f[f < 0.3], "--", color=GREY, label="f alone")
ax.axvline(f0, color=ORANGE, lw=1, label="f0")
ax.set(xlabel="frequency f (cycles per pixel)", ylabel="gain")
ax.legend()
show(
    fig,
    alt="The gain rises like f, bends, and falls to zero near 0.6.",
    caption="The whitening filter g(f) for f0 = 0.4.",
)

# %% [markdown]
# Below $f_0$: the slope of $g$ is 0 where $4 (f/f_0)^4 = 1$, at $f = f_0 / \sqrt 2 = 0.283$. By
# hand, at three frequencies: at $f = 0$ the gain is 0, so the mean brightness is gone. At $f = 0.2$
# it is $0.2 \, e^{-1/16} = 0.188$, nearly $f$ itself. At $f = 0.4$ it is $0.4 \, e^{-1} = 0.147$:
# already past the top.

# %% [markdown]
# ### Write `whiten`
#
# One thing gets in the way. To the Fourier transform the picture repeats itself: its right border
# meets its left one, and a bright sky that meets a dark wood makes an edge that is not in the
# picture. The remedy is a margin of 32 pixels, the picture's own mirror image.
#
# 1. Pad by 32 pixels on each side: `np.pad(image, 32, mode="reflect")`.
# 2. `np.fft.fft2`, times the gain, `np.fft.ifft2`, and of the result the real part.
# 3. Cut the margin off.
# 4. Multiply by one number, so that the variance over all pixels is 0.1.
#
# Use `frequency_grid`; mind that the padded picture is larger.


# %% nbgrader={"grade": false, "grade_id": "whiten", "locked": false, "schema_version": 3, "solution": true, "task": false}
def whiten(image, f0):
    """Flatten the spectrum of a picture: gain |f| exp(-(f/f0)^4).

    image: (height, width) brightness, each side longer than 32 pixels.
    f0: cycles per pixel, where the gain falls steeply.

    Returns (height, width) float64 with variance 0.1; its mean is near 0.
    """
    ### BEGIN SOLUTION
    margin = 32
    padded = np.pad(image, margin, mode="reflect")
    frequency = frequency_grid(*padded.shape)
    spectrum = np.fft.fft2(padded)
    spectrum = spectrum * frequency * np.exp(-((frequency / f0) ** 4))
    white = np.fft.ifft2(spectrum).real[margin:-margin, margin:-margin]
    return white * np.sqrt(0.1 / white.var())
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-whiten", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(whiten)


# %% nbgrader={"grade": true, "grade_id": "test-whiten", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# 4 points: pictures of other sizes, other values of f0.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(whiten, picture=4)
### END HIDDEN TESTS

# %% tags=["long"]
white_images = np.array([whiten(image, f0=0.4) for image in images])

fig, axes = plt.subplots(1, 2, figsize=(9, 4.6))
draw_picture(axes[0], images[4], "before")
draw_picture(axes[1], white_images[4], "whitened", limit=1)
show(
    fig,
    alt="A mountain ridge under clouds, and its whitened version: the sky has "
    "lost most of its shading, ridge and rocks are sharp outlines.",
    caption="Photograph 4, counted from 0, before and after whitening.",
)

# %% [markdown]
# The right picture looks like a drawing. What changes slowly, as most of the sky does, has become
# grey; what changes within a few pixels remains. Did the filter do what it was made for?

# %% tags=["long"]
left, right = white_images[:, :, :-1].ravel(), white_images[:, :, 1:].ravel()
print(f"neighbours: correlation {np.corrcoef(left, right)[0, 1]:.3f}")

frequency, after = np.mean([radial_power(i) for i in white_images], axis=0)

fig, ax = plt.subplots(figsize=(6, 3.4))
ax.loglog(frequency, power / power[0], "--", color=GREY, lw=2, label="before")
ax.loglog(frequency, after / after[0], color=BLUE, lw=2, label="whitened")
ax.set(xlabel="frequency f (cycles per pixel)", ylim=(1e-7, 3))
ax.set_ylabel("power (of the slowest: 1)")
ax.legend()
show(
    fig,
    alt="Before whitening power falls by nearly six orders of magnitude; "
    "after it by one until 0.13, and steeply beyond 0.3.",
    caption="Mean power of the ten photographs before and after whitening.",
)

# %% [markdown]
# From 0.01 to 0.2 cycles per pixel power used to fall by a factor of 1000; now it falls by 4. It
# is not flat, since a gain of $f$ takes away $f^{-2}$, and our photographs fall faster; beyond 0.3
# the filter itself takes the fast waves away. That is also why neighbours still correlate by 0.62:
# white noise that has lost its fast waves in this way has 0.51.
#
# Is whitening what makes the edges? No: in a run of ours on unwhitened patches, their means taken
# off, 19 of 25 units became edges; with whitening, 20.

# %% [markdown]
# **Predict first:** what becomes of the picture with $f_0 = 0.1$ in place of 0.4: will it be
# blurred or grainy? And with 0.8? Move `f0`, and watch picture and spectrum together.

# %%
from saelab.widgets import whitening_explorer

whitening_explorer(images, whiten, photograph=4)

# %% [markdown]
# With $f_0 = 0.1$ the gain comes down early: only slow waves are left, the picture is blurred, and
# its neighbours correlate by 0.97, nearly as before. With 0.8 it hardly comes down: the fastest
# waves are kept, the picture is grainy down to single pixels, and neighbours correlate by 0.24. The
# 0.4 lies between.

# %% [markdown]
# ## 5. Cutting patches
#
# A patch is a window of the picture, and its pixels, read row by row, are one **column** of the
# data. For example the 2×2 window at row 1, column 2 of this picture:

# %%
tiny = np.arange(20).reshape(4, 5)
window = tiny[1:3, 2:4]
print(tiny, "\n\nthe window reads", window.ravel())

# %% [markdown]
# By hand: in a picture with 4 rows a 2×2 window can start at rows 0, 1 and 2, that is at $4 - 2 + 1
# = 3$ of them. The last row and the last column belong to the picture too. Of 16 published
# solutions to this exercise, 10 never touch them, an off-by-one that no figure shows (`check`
# mentions it).
#
# ### Write `sample_patches`
#
# For each patch draw a picture, a row and a column, each by itself, and each from `rng`. A
# `Generator` with a known seed makes the same choices each time, so that you can repeat a result.
# `rng.integers(n)` gives one of 0, 1, ..., n − 1. Cut with a slice; do not copy whole pictures.


# %% nbgrader={"grade": false, "grade_id": "sample_patches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample_patches(images, patch_size, n_patches, rng):
    """Cut square windows out of pictures at random places.

    images: (n_images, height, width). patch_size: pixels along a side.
    n_patches: how many. rng: a numpy.random.Generator, the only source of
    chance.

    Returns (patch_size**2, n_patches) float64; each column is one window,
    read row by row.
    """
    ### BEGIN SOLUTION
    n_images, height, width = images.shape
    patches = np.empty((patch_size**2, n_patches))
    for i in range(n_patches):
        image = images[rng.integers(n_images)]
        row = rng.integers(height - patch_size + 1)
        column = rng.integers(width - patch_size + 1)
        window = image[row : row + patch_size, column : column + patch_size]
        patches[:, i] = window.ravel()
    return patches
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-sample_patches", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(sample_patches)


# %% nbgrader={"grade": true, "grade_id": "test-sample_patches", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# 5 points: shape 1, windows 2, spread over all places 1, repeatable 1.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(sample_patches, shape=1, windows=2, spread=1, repeatable=1)
### END HIDDEN TESTS

# %% tags=["long"]
patches = sample_patches(white_images, 8, 10_000, np.random.default_rng(0))
print(patches.shape)

fig, ax = plt.subplots(figsize=(5, 5))
draw_patches(ax, patches[:, :100], limits=(-1, 1))
show(
    fig,
    alt="A hundred small grey squares, some nearly flat, some with a line.",
    caption="A hundred whitened patches, from black (−1) to white (+1).",
)

# %% [markdown]
# Lines in many directions, here and there a corner, and much that is nearly even grey.
#
# ## 6. Into the range of a sigmoid
#
# The network's outputs are sigmoids, $f(z) = 1/(1 + e^{-z})$, with the slope $f(z) (1 - f(z))$:
# between 0 and 1, and never there. Targets have to lie well inside. Three steps:
#
# 1. From each patch subtract its own mean: structure matters, brightness does not.
# 2. Let $\sigma$ be the standard deviation of **all** values that are left. Cut off what lies
#    beyond $\pm 3\sigma$.
# 3. Map $[-3\sigma, 3\sigma]$ to $[0.1, 0.9]$ in a straight line.
#
# By hand, with two patches of two pixels, the columns $(4, 0)$ and $(1, 3)$. Without their means
# they are $(2, -2)$ and $(-1, 1)$. Then $\sigma = \sqrt{(4 + 4 + 1 + 1)/4} = 1.581$ and
# $3\sigma = 4.743$; nothing is cut off. The value 2 becomes $0.5 + 0.4 \cdot 2 / 4.743 = 0.669$,
# and 1 becomes 0.584.
#
# ### Write `normalize_patches`


# %% nbgrader={"grade": false, "grade_id": "normalize_patches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def normalize_patches(patches):
    """Bring patches into [0.1, 0.9]: own mean off, cut at 3 std, scaled.

    patches: (patch_size**2, n_patches), one patch a column; not changed.

    Returns an array of the same shape. The standard deviation (np.std) is that
    of all values, after the means are taken off.
    """
    ### BEGIN SOLUTION
    centred = patches - patches.mean(axis=0)
    limit = 3 * centred.std()
    return 0.5 + 0.4 * np.clip(centred, -limit, limit) / limit
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-normalize_patches", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(normalize_patches)


# %% nbgrader={"grade": true, "grade_id": "test-normalize_patches", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: random patches of other sizes, with far outliers among them.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(normalize_patches, values=3)
### END HIDDEN TESTS

# %% [markdown]
# The example from above, for comparison:

# %%
normalize_patches(np.array([[4.0, 1.0], [0.0, 3.0]])).round(3)

# %% tags=["long"]
centred = patches - patches.mean(axis=0)
final = normalize_patches(patches)
limit = 3 * centred.std()
share = np.mean(np.abs(centred) > limit)
print(f"cut off: {share:.2%} of the values")

# %% tags=["long"]
fig, axes = plt.subplots(1, 3, figsize=(10, 2.8), sharey=True)
titles = ("sampled", "own mean off", "cut and scaled")
for ax, values, title in zip(axes, (patches, centred, final), titles):
    ax.hist(values.ravel(), bins=80, color=BLUE)
    ax.set(xlabel="value of a pixel", yscale="log", title=title)
axes[0].set_ylabel("number of pixels")
axes[1].axvline(-limit, color=ORANGE)
axes[1].axvline(limit, color=ORANGE)
show(
    fig,
    alt="Three histograms: two with long thin tails; the third ends at 0.1 "
    "and 0.9, where a small pile stands.",
    caption="All values of 10 000 patches after each step; lines: ±3σ.",
)

# %% [markdown]
# In the middle panel 1.74 % of the values lie beyond the lines; of a bell curve it would be 0.27 %.
# Photographs are like that: mostly nothing happens, and then there is an edge. A code that is
# *sparse*, silent most of the time and loud at times, suits them. Notebook 03 asks for one.

# %% tags=["long"]
fig, axes = plt.subplots(1, 2, figsize=(9, 4.6))
pairs = (patches, (-1, 1), "whitened"), (final, (0.1, 0.9), "normalised")
for ax, (values, limits, title) in zip(axes, pairs):
    draw_patches(ax, values[:, :100], title=title, limits=limits)
show(
    fig,
    alt="The same hundred patches twice; on the right all are equally bright.",
    caption="A hundred patches, before and after normalising.",
)

# %% [markdown]
# The network will see those on the right. Lines are as they were; the brightness of a patch is
# gone.
#
# **Predict first:** where in a photograph do patches lose values to the cut: in the sky, on the
# meadow, at the ridge? And what does the network see of a bright sky, and of a dark one? Point at
# them.

# %%
from saelab.widgets import patch_explorer

patch_explorer(
    images, whiten, sample_patches, normalize_patches, place=(4, 214, 274)
)  # fmt: skip

# %% [markdown]
# Values are cut along the ridge, where dark rock meets bright sky, and among the rocks, seldom on
# the meadow, and nowhere in the open sky. Where the sky is smooth, the network gets a grey near
# 0.5, however bright the sky is. Where values are cut, the mean of the patch need not be 0.5 any
# more: the cut comes last.
#
# **Your patch.** Choose the patch that you like best, in any of the ten photographs, and write down
# its three numbers: photograph (from 0), row, column. It goes with you through notebooks 02 and 03.

# %% [markdown]
# ## 7. In your own words
#
# You may leave these two until after 02.
#
# ### Why not 0 and 1? (3 points)
#
# Suppose that you scaled the patches to $[0, 1]$ instead. What would the network have to do with
# its weights to reach a target of exactly 1, and what would the slope of the sigmoid be there?
#
# **Rubric.** 1 point: at which input a sigmoid gives 1. 1 point: what that means for the weights.
# 1 point: what happens to the gradient as the output comes near 1.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-not-0-and-1", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# A sigmoid gives 1 for no finite input; it only comes nearer as its input grows. To reach a target
# of 1 the weights would grow without end. And because the slope a(1 − a) goes to 0 as a goes to
# 1, the gradient that pushes the weights fades away just there: learning gets slower and slower,
# for a few extreme pixels. Between 0.1 and 0.9 the slope is at least 0.09, and every target can be
# reached.

# %% [markdown]
# ### And if the mean stayed? (3 points)
#
# Suppose you left out the first step. What
# would several of the hidden units learn, and why would that lower the cost so well? Would
# whitening alone have saved you?
#
# **Rubric.** 1 point: what such a unit computes. 1 point: why that lowers the cost. 1 point: what
# whitening does to the mean of a whole picture, and to that of a single patch.

# %% [markdown] nbgrader={"grade": true, "grade_id": "if-the-mean-stayed", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# Such units would compute the mean brightness: all their weights would have the same sign, a blob
# over the whole patch. All 64 pixels of a patch share that number, so that one unit which knows it
# lowers the error of 64 outputs at once; no edge can do as much. Whitening takes the mean off the
# whole picture, since the gain at frequency 0 is 0, and it weakens slow waves; but a wave longer
# than 8 pixels still makes one patch brighter than the next. The patches' means hold 85 % of the
# variance before whitening, 8 % after it. So it saves most units, not all: in a run of ours 4 of 25
# became such blobs; without whitening, all 25.

# %% [markdown]
# ## What you have now
#
# Ten thousand columns of 64 numbers between 0.1 and 0.9, and a patch of your own. Save this
# notebook (Ctrl+S), since 02 reads your functions from its file. In
# [**02_cost**](../02_cost/02_cost.ipynb) you build the network that is to redraw them, and tell it
# how wrong it is.

# %% [markdown]
# **Read on:** section 3 of the **[lecture
# notes](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf)**, for which the
# patches are made; **[Hubel and Wiesel (1959)](https://doi.org/10.1113/jphysiol.1959.sp006308)**,
# **[Field (1987)](https://doi.org/10.1364/JOSAA.4.002379)**, **[Olshausen and Field
# (1997)](https://doi.org/10.1016/S0042-6989%2897%2900169-7)**.

# %% [markdown] tags=["self-study"]
# This notebook **[to fill in](../../notebooks/01_patch_sampling/01_patch_sampling.ipynb)** and
# **[solved](../../solutions/01_patch_sampling/01_patch_sampling.ipynb)**.
