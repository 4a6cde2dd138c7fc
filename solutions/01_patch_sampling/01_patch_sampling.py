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
# > **Builds on** NumPy slicing; nothing else.

# %% [markdown]
# Nobody tells a child what an edge is. Its visual cortex finds out by looking: in 1959 Hubel and
# Wiesel met cells there that answer to a short line at one place, in one direction. In this course
# you build a small network that makes the same discovery. All it gets is patches of photographs,
# 8 pixels wide; all it is asked to do is to redraw each patch while using few of its units.
#
# This notebook prepares the patches. It is the part that most people rush, and the part where most
# of the mistakes are made that later look like a network that "does not learn".

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
    alt="Ten grey photographs: landscapes, rocks, plants and two dogs at a door.",
    caption="The ten photographs. Authors and licences are in data/LICENSES.md.",
)

# %% [markdown]
# ## 2. Neighbours agree
#
# Pick a pixel at random and look at the one to its right. How different will it be?
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
ax.set(xlabel="brightness of a pixel", ylabel="brightness of its right neighbour")
ax.set_title("One pixel tells the next")
show(fig, alt="Scatter plot: the points lie in a narrow band along the diagonal.")

# %% [markdown]
# A narrow band. Let us put a number on it, for pixels that lie 1, 2, 4, ... columns apart.

# %% tags=["long"]
for distance in (1, 2, 4, 8, 16, 32):
    left, right = images[:, :, :-distance].ravel(), images[:, :, distance:].ravel()
    print(f"{distance:2d} pixels apart: correlation {np.corrcoef(left, right)[0, 1]:.3f}")

# %% [markdown]
# So 63 of the 64 pixels in a patch hold little that is new. A network that is to redraw a patch
# with a few units would put all of them to use on "how bright is it here, roughly", be nearly right
# everywhere, and stop.

# %% [markdown]
# ## 3. The same fact, seen in frequencies
#
# Every picture is a sum of waves. Slow waves, which take many pixels to rise and fall, make up sky
# and shadow; fast ones make up edges and texture. `frequency_grid` says how fast each wave of
# `np.fft.fft2` is. At 0.5 cycles per pixel a wave goes up and down with every second pixel, and
# nothing faster fits on the grid.


# %%
def frequency_grid(height, width):
    """The frequency of each entry of fft2 of a (height, width) picture, in cycles per pixel.

    Returns (height, width) float64, from 0 to sqrt(0.5).
    """
    return np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None, :])


# %% [markdown]
# For example, on a grid of 4 by 4. The wave that does not move is in the corner:

# %%
frequency_grid(4, 4).round(2)


# %%
def radial_power(image, n_rings=40):
    """Mean power of a picture's waves in rings of equal frequency: (frequency, power)."""
    power = np.abs(np.fft.fft2(image - image.mean())) ** 2
    frequency = frequency_grid(*image.shape)
    edges = np.geomspace(1 / image.shape[0], 0.5, n_rings + 1)
    ring = np.digitize(frequency.ravel(), edges)
    kept = [i for i in range(1, n_rings + 1) if (ring == i).any()]
    mean = [power.ravel()[ring == i].mean() for i in kept]
    return np.sqrt(edges[:-1] * edges[1:])[np.array(kept) - 1], np.array(mean)


# %% tags=["long"]
frequency, power = np.mean([radial_power(image) for image in images], axis=0)
exponent, _ = np.polyfit(np.log(frequency), np.log(power), 1)
guide = power[0] * (frequency[0] / frequency) ** 2

fig, ax = plt.subplots(figsize=(6, 3.6))
ax.loglog(frequency, power, color=BLUE, lw=2, label="mean of the ten photographs")
ax.loglog(frequency, guide, "--", color=GREY, label="for comparison: 1 / f²")
ax.set(xlabel="frequency f (cycles per pixel)", ylabel="power (arbitrary units)")
ax.set_title(f"Photographs are made of slow waves: power falls like f^{exponent:.1f}")
ax.legend()
show(fig, alt="Power over frequency on two logarithmic axes, falling in a straight line that is "
     "somewhat steeper than 1/f².")  # fmt: skip

# %% [markdown]
# Both axes are logarithmic, so a straight line is a power law. Field (1987) found about $1/f^2$ in
# photographs of the most different places; single scenes scatter around it, and our ten fall
# somewhat faster. It says the same as the correlations above: most of what is in a picture is slow.

# %% [markdown]
# ## 4. Whitening
#
# White light has the same power at all frequencies. To whiten a picture means to bring it nearer
# to that: weaken the slow waves, strengthen the fast ones. If the *amplitude* falls like $1/f$,
# then a gain of $f$ makes it flat. At the fast end, though, there is little but noise of the
# camera, so the gain has to come down again. Olshausen and Field (1997) use
#
# $$ g(f) = f \; e^{-(f/f_0)^4}, \qquad f_0 = 0.4 \text{ cycles per pixel}. $$
#
# **Predict first:** where has $g$ its highest point: below, at or above $f_0$?

# %%
f, f0 = np.linspace(0, 0.7, 200), 0.4
gain = f * np.exp(-((f / f0) ** 4))

fig, ax = plt.subplots(figsize=(6, 3))
ax.plot(f, gain, color=BLUE, lw=2, label="g(f)")
ax.plot(f[f < 0.3], f[f < 0.3], "--", color=GREY, label="f alone")
ax.axvline(f0, color=ORANGE, lw=1, label="f0")
ax.set(xlabel="frequency f (cycles per pixel)", ylabel="gain", title="The whitening filter")
ax.legend()
show(fig, alt="The gain rises in proportion to f, peaks near 0.28 and falls to zero near 0.6.")

# %% [markdown]
# By hand, at three frequencies with $f_0 = 0.4$: at $f = 0$ the gain is 0, so the mean brightness
# is gone. At $f = 0.2$ it is $0.2 \, e^{-1/16} = 0.188$, nearly $f$ itself. At $f = 0.4$ it is
# $0.4 \, e^{-1} = 0.147$: already past the top, which is at $f_0 / \sqrt 2 = 0.283$.

# %% [markdown]
# ### Write `whiten`
#
# One thing gets in the way. The Fourier transform believes that the picture repeats itself, so that
# its right edge meets its left one, and a bright sky that meets a dark wood makes an edge that is
# not in the picture. The remedy: continue the picture by its mirror image for 32 pixels on each
# side, filter, and cut the margin off again.
#
# 1. Pad by 32 pixels on each side: `np.pad(image, 32, mode="reflect")`.
# 2. `np.fft.fft2`, times the gain, `np.fft.ifft2`, and of the result the real part.
# 3. Cut the margin off.
# 4. Multiply by one number, so that the variance over all pixels is 0.1.
#
# Use `frequency_grid`; mind that the padded picture is larger.


# %% nbgrader={"grade": false, "grade_id": "whiten", "locked": false, "schema_version": 3, "solution": true, "task": false}
def whiten(image, f0):
    """Flatten the spectrum of a picture: gain |f| exp(-(f/f0)^4) (Olshausen and Field 1997).

    image: (height, width) brightness, each side longer than 32 pixels.
    f0: cycles per pixel, where the gain begins to fall steeply.

    Returns (height, width) float64 with variance 0.1; its mean is near 0.
    """
    ### BEGIN SOLUTION
    margin = 32
    padded = np.pad(image, margin, mode="reflect")
    frequency = frequency_grid(*padded.shape)
    spectrum = np.fft.fft2(padded) * frequency * np.exp(-((frequency / f0) ** 4))
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
    alt="A mountain ridge under clouds, and its whitened version: sky and meadow have "
    "become even grey, the rocks are sharp outlines.",
    caption="Whitening takes away sky and shadow, and leaves outlines and texture.",
)

# %% [markdown]
# The right picture looks like a drawing. What was *everywhere the same* has become grey; what is
# left is where something changes. Did it do what it was made for?

# %% tags=["long"]
frequency, white_power = np.mean([radial_power(image) for image in white_images], axis=0)

fig, ax = plt.subplots(figsize=(6, 3.4))
ax.loglog(frequency, power / power.max(), color=GREY, lw=2, label="before")
ax.loglog(frequency, white_power / white_power.max(), color=BLUE, lw=2, label="whitened")
ax.set(xlabel="frequency f (cycles per pixel)", ylabel="power (largest = 1)")
ax.set(title="The spectrum before and after", ylim=(1e-7, 3))
ax.legend()
show(fig, alt="Before whitening power falls by six orders of magnitude; after it falls by "
     "less than one over most frequencies, and drops only near 0.5 cycles per pixel.")  # fmt: skip

# %% tags=["long"]
left, right = white_images[:, :, :-1].ravel(), white_images[:, :, 1:].ravel()
print(f"neighbours after whitening: correlation {np.corrcoef(left, right)[0, 1]:.3f}")

# %% [markdown]
# Down from 0.96: a pixel's neighbour still has a say, since an edge is longer than a pixel, but
# it is no longer a copy. The lecture's own exercise hands out pictures that have been through
# such a filter already; here you have done it yourself.

# %% [markdown]
# **Predict first:** what becomes of the picture with $f_0 = 0.1$ in place of 0.4: will it be
# blurred or grainy? And with 0.8? Move `f0`, and watch picture and spectrum together.

# %%
from saelab.widgets import whitening_explorer

whitening_explorer(images, whiten, photograph=4)

# %% [markdown]
# With a small $f_0$ the gain comes down early: only slow waves are left, the picture is blurred,
# and neighbours are as alike as they were. With a large one it never comes down: the spectrum is
# flat to its end, neighbours have little in common, and the sky is full of grain, which is the
# camera's noise. The 0.4 lies between: flat for as long as there is something to see.

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
# By hand: at how many places can a 2×2 window start in a picture with 4 rows? At rows 0, 1 and 2,
# that is $4 - 2 + 1 = 3$ of them. The last row and the last column belong to the picture too. Of 16
# solutions to this exercise that we looked at in public, 10 never touch them, by an off-by-one that
# no figure will ever show.
#
# ### Write `sample_patches`
#
# For each patch draw a picture, a row and a column, each by itself, and each from `rng`. A
# `Generator` with a known seed makes the same choices each time: a result that you can repeat is
# a result that you can trust. `rng.integers(n)` gives one of 0, 1, ..., n − 1. Cut with a slice,
# which costs nothing; do not copy whole pictures.


# %% nbgrader={"grade": false, "grade_id": "sample_patches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample_patches(images, patch_size, n_patches, rng):
    """Cut square windows out of pictures at random places.

    images: (n_images, height, width). patch_size: pixels along a side. n_patches: how many.
    rng: a numpy.random.Generator, the only source of chance.

    Returns (patch_size**2, n_patches) float64; each column is one window, read row by row.
    """
    ### BEGIN SOLUTION
    n_images, height, width = images.shape
    patches = np.empty((patch_size**2, n_patches))
    for i in range(n_patches):
        image = images[rng.integers(n_images)]
        row = rng.integers(height - patch_size + 1)
        column = rng.integers(width - patch_size + 1)
        patches[:, i] = image[row : row + patch_size, column : column + patch_size].ravel()
    return patches
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-sample_patches", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(sample_patches)


# %% nbgrader={"grade": true, "grade_id": "test-sample_patches", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# 5 points: shape 1, windows 2, spread over all pictures and places 1, repeatable 1.
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
    alt="A hundred small grey squares, some nearly flat, some with a line or a corner in them.",
    caption="A hundred whitened patches. What would you call the things that you see most often?",
)

# %% [markdown]
# ## 6. Into the range of a sigmoid
#
# The network's output is a sigmoid, a number between 0 and 1 that never gets there. Its targets
# have to lie well inside. Three steps:
#
# 1. From each patch subtract its own mean: brightness does not matter, structure does.
# 2. Let $\sigma$ be the standard deviation of **all** values that are left. Cut off what lies
#    beyond $\pm 3\sigma$.
# 3. Map $[-3\sigma, 3\sigma]$ to $[0.1, 0.9]$ in a straight line.
#
# By hand, with two patches of two pixels, $(4, 0)$ and $(1, 3)$, which are the columns of
# $\begin{pmatrix} 4 & 1 \\ 0 & 3 \end{pmatrix}$. Their means are 2 and 2; without them they are
# $(2, -2)$ and $(-1, 1)$. Then $\sigma = \sqrt{(4 + 4 + 1 + 1)/4} = 1.581$ and $3\sigma = 4.743$;
# nothing is cut off. The value 2 becomes $0.5 + 0.4 \cdot 2 / 4.743 = 0.669$.
#
# ### Write `normalize_patches`


# %% nbgrader={"grade": false, "grade_id": "normalize_patches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def normalize_patches(patches):
    """Bring patches into [0.1, 0.9]: own mean off, cut at 3 standard deviations, scaled.

    patches: (patch_size**2, n_patches), one patch a column; it is not changed.

    Returns an array of the same shape. The standard deviation (np.std) is that of all values,
    after the means are taken off.
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
# Your example from above, to see the 0.669:

# %%
normalize_patches(np.array([[4.0, 1.0], [0.0, 3.0]])).round(3)

# %% tags=["long"]
patches = sample_patches(white_images, 8, 10_000, np.random.default_rng(0))
centred = patches - patches.mean(axis=0)
final = normalize_patches(patches)
limit = 3 * centred.std()

fig, axes = plt.subplots(1, 3, figsize=(10, 2.8), sharey=True)
titles = ("sampled", "own mean off", "cut and scaled")
for ax, values, title in zip(axes, (patches, centred, final), titles):
    ax.hist(values.ravel(), bins=80, color=BLUE)
    ax.set(xlabel="value of a pixel", yscale="log", title=title)
axes[0].set_ylabel("number of pixels")
axes[1].axvline(-limit, color=ORANGE)
axes[1].axvline(limit, color=ORANGE)
show(fig, alt="Three histograms: two with long thin tails, the third ends at 0.1 and at 0.9, "
     "where a small pile stands.")  # fmt: skip

# %% tags=["long"]
share = np.mean(np.abs(centred) > limit)
print(f"cut off: {share:.2%} of the values; now from {final.min():.2f} to {final.max():.2f}")

# %% [markdown]
# The tails in the middle are longer than those of a bell curve, which has 0.27 % of its values
# beyond three standard deviations. Photographs are like that: mostly nothing happens, and then
# there is an edge. A code that is *sparse*, silent most of the time and loud at times, suits them.
# You will make the network find such a code in notebook 03.

# %% tags=["long"]
fig, axes = plt.subplots(1, 2, figsize=(9, 4.6))
draw_patches(axes[0], patches[:, :100], title="whitened", limits=(-1, 1))
draw_patches(axes[1], final[:, :100], title="normalised", limits=(0.1, 0.9))
show(
    fig,
    alt="The same hundred patches twice; on the right all have the same mean grey.",
    caption="What the network will see is on the right.",
)

# %% [markdown]
# **Predict first:** where in a photograph do patches lose values to the cut: in the sky, on the
# meadow, at the ridge? And what does the network see of a bright sky, and of a dark one? Point at
# them.

# %%
from saelab.widgets import patch_explorer

patch_explorer(images, whiten, sample_patches, normalize_patches, place=(4, 250, 420))

# %% [markdown]
# Values are cut off at the ridge, where light meets dark, and never in the open sky. There the
# network gets an even grey near 0.5, however bright the sky is: brightness went with the mean. In
# the small plot the 64 values lie on a straight line, as long as none is cut. Where some are, the
# mean of what is left need not be 0.5 any more: the cut comes after the mean is taken off.

# %% [markdown]
# ## 7. In your own words
#
# ### Why not 0 and 1? (3 points)
#
# The output units are sigmoids. Suppose that you scaled the patches to $[0, 1]$ instead. What would
# the network have to do with its weights to reach a target of exactly 1, and what would the slope
# of the sigmoid be there?
#
# **Rubric.** 1 point: at which input a sigmoid gives 1. 1 point: what that means for the weights.
# 1 point: what happens to the gradient as the output comes near 1.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-not-0-and-1", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# A sigmoid gives 1 for no finite input; it only comes nearer as its input grows. To reach a target
# of 1 the weights would grow without end, and with them the price of weight decay. And because the
# slope a(1 − a) goes to 0 as a goes to 1, the gradient that pushes the weights fades away just
# there: learning gets slower and slower, for the sake of a few extreme pixels. Between 0.1 and 0.9
# a sigmoid is steep enough, and every target can be reached exactly.

# %% [markdown]
# ### And if the mean stayed? (3 points)
#
# Suppose you left out the first step, so that bright patches stay bright and dark ones dark. What
# would several of the hidden units learn, and why would that lower the cost so well? Would
# whitening alone have saved you?
#
# **Rubric.** 1 point: what such a unit computes. 1 point: why that lowers the cost. 1 point: what
# whitening does to the mean of a whole picture, and to that of a single patch.

# %% [markdown] nbgrader={"grade": true, "grade_id": "if-the-mean-stayed", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# Such units would compute the mean brightness: all their weights would have the same sign, a blob
# over the whole patch. All 64 pixels of a patch share that number, so that one unit which knows it
# lowers the error of 64 outputs at once; no edge can do as much. Whitening takes the mean off the
# whole picture, since the gain at frequency 0 is 0, and it weakens slow waves; but a patch is
# small, and a wave much longer than 8 pixels still makes one patch brighter than the next. So the
# step is needed in any case, though it costs less after whitening.

# %% [markdown]
# ## What you have now
#
# Ten thousand columns of 64 numbers between 0.1 and 0.9, in which neighbours say different things.
# In **02_cost** you build the network that is to redraw them, and tell it how wrong it is.
