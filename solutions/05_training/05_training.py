# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 05 Training: does it learn, and when is it done?

# %% [markdown]
# > **You will learn** how an optimiser gets down a valley of 3289 dimensions, how to read what it
# > reports, and how a failed training looks when it does not look failed.
# >
# > **You will write** `train`.
# >
# > **Time** 45 minutes, one of them waiting · **Difficulty** easy to write, medium to read ·
# > **Points** 4 by tests, 4 by hand · **Builds on** your notebooks 01, 02 and 03.

# %%
import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize

# %%
from saelab import parameters, previous, progress
from saelab.check import check
from saelab.data import load_images
from saelab.display import BLUE, GREY, ORANGE, draw_patches, show
from saelab.widgets import playground, training_monitor

# %%
whiten, sample_patches, normalize_patches = previous.functions(
    "01_patch_sampling", "whiten", "sample_patches", "normalize_patches"
)
initialize_parameters, unpack_parameters, feed_forward = previous.functions(
    "02_cost", "initialize_parameters", "unpack_parameters", "feed_forward"
)
average_activation, sparse_autoencoder_cost = previous.functions(
    "03_kl_delta", "average_activation", "sparse_autoencoder_cost"
)

# %% [markdown]
# ## 1. Down a narrow valley
#
# The gradient says which way is steepest. That is not the way to the minimum. Where a valley is
# long and narrow, the steepest way leads to the other wall, and a walker who follows it goes
# zigzag. Newton's method also looks at how the slope *changes*, and sees the bend of the valley;
# but for 3289 parameters the matrix of second derivatives has ten million entries.
#
# **L-BFGS** gets most of the benefit at little cost. It remembers its last ten steps and how the
# gradient changed along each, which is a thin sketch of that matrix, and chooses its direction by
# that. Let both go down the same two-dimensional valley, $J = \frac12 (x^2 + 25 y^2)$.
#
# **Predict first:** both start at $(4, 0.9)$. After thirty steps of gradient descent, how far is it
# still from the minimum? How many steps will L-BFGS need?


# %%
def valley(theta):
    """A valley that is 25 times as steep across as along: (cost, gradient)."""
    stretch = np.array([1.0, 25.0])
    return 0.5 * stretch @ theta**2, stretch * theta


# %%
start = np.array([4.0, 0.9])
zigzag, memory = [start], [start]
for _ in range(30):
    zigzag.append(zigzag[-1] - 0.075 * valley(zigzag[-1])[1])
callback = lambda x: memory.append(x.copy())
_ = minimize(valley, start, jac=True, method="L-BFGS-B", callback=callback)

# %%
x, y = np.meshgrid(np.linspace(-1, 4.5, 150), np.linspace(-1.1, 1.1, 100))
levels = np.geomspace(0.05, 20, 12)
fig, ax = plt.subplots(figsize=(8, 3.4))
ax.contour(x, y, (x**2 + 25 * y**2) / 2, levels=levels, colors="#bbbbbb")
for path, style, color, name in (
    (zigzag, "s--", ORANGE, "gradient descent"),
    (memory, "o-", BLUE, "L-BFGS"),
):
    label = f"{name}, {len(path) - 1} steps"
    ax.plot(*np.array(path).T, style, color=color, ms=5, label=label)
ax.set(xlabel="x, along the valley", ylabel="y, across the valley")
ax.set_title("With and without memory")
ax.legend(loc="upper left")
show(
    fig,
    alt="Contour lines of a long ellipse. Gradient descent jumps from wall to "
    "wall; L-BFGS turns towards the minimum and reaches it.",
    caption="The way of both from the right into the minimum at (0, 0).",
)

# %% [markdown]
# After thirty steps gradient descent still has a tenth of the way to go, 0.39 of 4. L-BFGS learned
# the shape of the valley from its first steps and was there after nine.

# %% [markdown]
# ## 2. Write `train`
#
# `scipy.optimize.minimize` has L-BFGS under the name `"L-BFGS-B"`. It needs to know that your cost
# function returns the gradient too (`jac=True`), how many iterations it may make
# (`options={"maxiter": ...}`), and whom to call after each (`callback`). It returns an
# `OptimizeResult`: `.x` the parameters, `.fun` the cost, `.nit` iterations, `.nfev` evaluations,
# `.message` why it stopped.
#
# For example, the valley above from $(4, 0.9)$: the result should be $x \approx (0, 0)$ with a
# cost of nearly 0, in fewer than ten iterations.


# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(theta0, cost, maxiter, callback=None):
    """Minimise a cost by L-BFGS (scipy's "L-BFGS-B").

    theta0: 1-D start, not changed. cost: theta -> (cost, grad).
    maxiter: the largest number of iterations.
    callback: called as callback(theta) after each iteration; None for nobody.

    Returns scipy's OptimizeResult.
    """
    ### BEGIN SOLUTION
    return minimize(
        cost,
        theta0,
        jac=True,
        method="L-BFGS-B",
        callback=callback,
        options={"maxiter": maxiter},
    )
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-train", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(train)


# %% nbgrader={"grade": true, "grade_id": "test-train", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# 4 points: the result 1, the minimum 1, maxiter 1, callback 1.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(train, result=1, minimum=1, maxiter=1, callback=1)
### END HIDDEN TESTS

# %%
down = train(start, valley, maxiter=50)
print(f"{down.x.round(6)}, cost {down.fun:.1e}, {down.nit} iterations")
print(down.message)

# %% [markdown]
# The last line is scipy's own. It stopped because the slope had become
# too small to matter: that is all that *convergence* means here.

# %% [markdown]
# ## 3. Ten thousand patches
#
# The parameters of the exercise: 64 inputs, 25 hidden units, $\rho = 0.01$, $\lambda = 10^{-4}$,
# $\beta = 3$, 400 iterations.

# %% tags=["long"]
rng = np.random.default_rng(0)
white_images = np.array([whiten(image, f0=0.4) for image in load_images()])
patches = sample_patches(white_images, 8, 10_000, rng)
patches = normalize_patches(patches)
theta0 = initialize_parameters(64, 25, rng)
print(f"{patches.shape[1]} patches, {theta0.size} parameters")

# %% [markdown]
# `train_on` calls your `train` with a progress bar, and keeps theta after every tenth iteration.


# %% tags=["long"]
def train_on(patches, theta0, maxiter=400, label="training", **changed):
    """Train with a bar: the result, and theta after every tenth iteration."""
    terms = {"lambda_": 1e-4, "rho": 0.01, "beta": 3.0} | changed
    history = [theta0]

    def cost(theta):
        return sparse_autoencoder_cost(theta, 64, 25, **terms, data=patches)

    def callback(theta):
        bar.update()
        if bar.n % 10 == 0:
            history.append(theta.copy())

    with progress.bar(maxiter, label, unit="iteration") as bar:
        result = train(theta0, cost, maxiter, callback)
        bar.finish("converged" if result.success else "stopped")
    return result, history


# %% [markdown]
# **Predict first:** before training the network costs about 60. How far down will it go?

# %% tags=["long"]
result = history = None  # nothing of an earlier run is left
result, history = train_on(patches, theta0)

# %% tags=["long"]
print("message:    ", result.message)
print("iterations: ", result.nit, " evaluations:", result.nfev)
print(f"cost:        {result.fun:.4f}")

# %% [markdown]
# Down to 0.45. An answer of even grey, 0.5 for every pixel, would cost 0.50, so this is less far
# below grey than it sounds. *Reached limit* is a normal end: 400 iterations are what we allowed.
# Had the message spoken of convergence, it would have said only that there is hardly any slope
# left. It does not say that the result is good; you will see an example of that below.

# %% [markdown]
# ## 4. Reading the result
#
# One number hides three. The error alone is what your function returns for $\lambda = \beta = 0$;
# switch one of the two on, and the difference is its term.


# %% tags=["long"]
def cost_parts(theta, patches, lambda_=1e-4, rho=0.01, beta=3.0):
    """Error, weight decay and sparsity penalty at theta: three numbers."""

    def cost(lambda_, beta):
        terms = lambda_, rho, beta
        return sparse_autoencoder_cost(theta, 64, 25, *terms, patches)[0]

    error = cost(0, 0)
    return error, cost(lambda_, 0) - error, cost(0, beta) - error


# %% [markdown]
# **Predict first:** which of the three falls first, and which of them rises?

# %% tags=["long"]
parts = np.array([cost_parts(theta, patches) for theta in history])
names = ("error", "weight decay", "sparsity penalty")
for name, before, after in zip(names, parts[0], parts[-1]):
    print(f"{name:17s} before {before:8.4f}   after {after:.4f}")

# %% tags=["long"]
fig, ax = plt.subplots(figsize=(7, 4))
iterations = 10 * np.arange(len(history))
ax.plot(iterations, parts.sum(axis=1), color="black", lw=2.5, label="cost J")
styles = (("-", BLUE), ("--", ORANGE), (":", GREY))
for part, (style, color), name in zip(parts.T, styles, names):
    ax.plot(iterations, part, style, color=color, lw=2, label=name)
ax.set(xlabel="iteration", ylabel="cost per example", ylim=(0, 0.8))
ax.set_title("First rare, then right")
ax.legend()
show(
    fig,
    alt="The cost and its three parts over 400 iterations. The sparsity "
    "penalty is next to nothing after ten; then the error goes down slowly "
    "from 0.5 to 0.38, while weight decay rises to 0.07.",
    caption="The cost and its parts. The first point, near 60, is far above.",
)

# %% [markdown]
# Read it from left to right. At first the penalty is by far the largest term, so the optimiser
# silences the units, within some ten iterations. With nobody speaking the error is that of even
# grey. Then the weights grow, which costs decay, and units begin to answer to *something*: the
# error goes down.

# %% [markdown]
# ### Watch an edge being born
#
# **Predict first:** the filters, which are the rows of $W_1$, start as noise. Are they edges by the
# time the units are silent? Do they become so all together, or one after the other? Watch a
# training on half of the patches; you may stop it whenever you have seen enough. (The word `await`
# lets the kernel hear of the button while it trains.)

# %% tags=["long"]
theirs = train, sparse_autoencoder_cost, unpack_parameters, feed_forward
monitor = training_monitor(
    *theirs, average_activation, theta0, patches[:, :5000],
    maxiter=200, lambda_=1e-4, rho=0.01, beta=3.0,
)  # fmt: skip
watched = await monitor.watch()

# %% [markdown]
# First the opposite of learning: from the tenth to the thirtieth iteration weight decay halves the
# contrast of the noise that the filters start as. Then edges come up, a few at a time: 4 of the 25
# units are edges after 51 iterations, 13 after 68, and 21 after 100. Go back with the slider under
# the picture to the iteration at which your favourite is born; the button beside it saves what you
# saw as a GIF. To see what each term is for, write `beta=0.0`, or `lambda_=3e-4`, and watch again.

# %% [markdown]
# ### Before and after
#
# Two more numbers: the length of the rows of $W_1$, and the share of the patches' variance that the
# network explains, $1 - \sum \|a^{(3)} - x\|^2 / \sum \|0.5 - x\|^2$. **Predict first:** what is
# that share for a network that answers every patch with even grey, 0.5? And for an untrained one?


# %% tags=["long"]
def share_explained(a3, patches):
    """The share of the patches' variance that the outputs a3 explain."""
    return 1 - np.sum((a3 - patches) ** 2) / np.sum((patches - 0.5) ** 2)


# %% tags=["long"]
for name, theta in (("before", theta0), ("after", result.x)):
    W1, *_ = unpack_parameters(theta, 64, 25)
    a2, a3 = feed_forward(theta, 64, 25, patches)
    rho_hat = average_activation(a2)
    length = np.linalg.norm(W1, axis=1).mean()
    print(f"{name}: units {rho_hat.min():.3f} to {rho_hat.max():.3f} active,")
    print(f"  rows of W1 {length:.2f} long on average,")
    print(f"  share explained {share_explained(a3, patches):.2f}")

# %% [markdown]
# Even grey explains nothing, 0. The untrained network does worse than that: its answers have
# nothing to do with the patch, so they are further off than grey, and the share is negative, −0.40.
# After training it is a quarter, 0.25.

# %% tags=["long"]
fig, axes = plt.subplots(1, 2, figsize=(9, 3))
titles = ("before training", "after training (another scale)")
for ax, theta, title in zip(axes, (theta0, result.x), titles):
    a2, _ = feed_forward(theta, 64, 25, patches)
    ax.bar(np.arange(25), average_activation(a2), color=BLUE)
    ax.axhline(0.01, color=ORANGE, label="rho = 0.01")
    ax.set(xlabel="hidden unit", ylabel="average activation", title=title)
axes[0].legend(loc="lower right")
show(
    fig,
    alt="Bars of the average activation of 25 units: between 0.2 and 0.8 "
    "before training, all near 0.01 after it.",
    caption="How active each unit is, averaged over 10 000 patches.",
)

# %% [markdown]
# Before training each unit has its own level, somewhere between 0.2 and 0.8; afterwards all of them
# keep close to 0.01. What do they say when they do speak? Here are twenty patches, and what the
# network makes of them.

# %% tags=["long"]
_, a3 = feed_forward(result.x, 64, 25, patches[:, :20])
fig, axes = plt.subplots(2, 1, figsize=(9, 1.7))
draw_patches(axes[0], patches[:, :20], 20, "input", limits=(0.2, 0.8))
draw_patches(axes[1], a3, 20, "output", limits=(0.2, 0.8))
show(
    fig,
    alt="Twenty patches in a row, below them the outputs: soft edges where "
    "the patch has a strong one, and otherwise nearly even grey.",
    caption="Twenty patches, and what the trained network makes of them.",
)

# %% [markdown]
# Where a patch has one strong line, the output has a softer one at the same place; where there is
# only fine texture, the output stays grey. That is what a few active units out of 25 can say
# about 64 pixels: the quarter of the variance that can be told in edges.

# %% [markdown]
# ## 5. Two controls
#
# An experiment without a control shows little. Two questions: is it the sparsity that does it?
# And how does it look when the parameters are a little off? To save time: 5000 patches, 200
# iterations.
#
# **Predict first:** which of the two ends at a *lower* cost than the usual one? What does that say
# about comparing costs?

# %% tags=["long"]
few = patches[:, :5000]
usual = dense = decayed = None
usual, _ = train_on(few, theta0, 200, label="as above")
dense, _ = train_on(few, theta0, 200, beta=0.0, label="beta = 0")
decayed, _ = train_on(few, theta0, 200, lambda_=3e-4, label="lambda = 3e-4")

# %% tags=["long"]
print("                  cost   error  |W1|/unit  iterations")
runs = {"as above": usual, "beta = 0": dense, "lambda = 3e-4": decayed}
for name, run in runs.items():
    W1, *_ = unpack_parameters(run.x, 64, 25)
    error = cost_parts(run.x, few)[0]
    length = np.linalg.norm(W1, axis=1).mean()
    print(f"{name:14s} {run.fun:7.3f} {error:7.3f}", end="")
    print(f" {length:10.3f} {run.nit:11d}")
print("\nlambda = 3e-4 says:", decayed.message)

# %% [markdown]
# The one without sparsity: 0.13, and its error is a quarter of the usual one, since nothing keeps
# the units from talking. A lower cost, but of a *different* cost function; it says nothing of what
# the units mean. Wait for the pictures in 06.
#
# With $\lambda = 3 \cdot 10^{-4}$, three times as much, something worse happens. The weights go to
# **zero**: they cost more decay than they save error. The network gives the same grey for every
# patch. And look at its numbers: the cost is finite and went down, the message is friendly, and all
# units have the wanted activation, 0.01, thanks to their biases. It *looks* like a success. Always
# look at the weights.
#
# ### The playground
#
# The two controls are two places on a map of which you may now see more: 240 trainings have been
# stored, on 5000 patches each, of 400 iterations at most. An *edge* there is a unit with weights
# that are alive and fit a Gabor function (more of that in 06).
#
# **Predict first:** at $\rho = 0.01$, from which $\lambda$ to which are there edges? And for
# $\rho = 0.1$: is it the same $\lambda$, a smaller one, a larger one? Move the sliders, or click
# the fields of a map. Find noise, collapse, and the window between them.

# %% tags=["long"]
playground()

# %% [markdown]
# The window is narrow: with 25 units and $\rho = 0.01$ only $\lambda = 10^{-4}$ gives edges, three
# times less gives patterns that are none, and three times more gives nothing at all. And it moves:
# where units may be active more often, it takes more decay to make them choose. At $\rho = 0.1$ it
# lies at $10^{-3}$; at 0.05 it falls between two of our values, and a third of the units are edges
# at best. How heavy the penalty is, 1, 3 or 10, matters little, as long as it is not 0. Look at the
# second map, too: most is explained by networks without a single edge.

# %% [markdown]
# ## 6. Again, and again
#
# The same start must give the same result, to the last digit. **Predict first:** and another start?
# Will it find the same filters, in another order? Will it end at the same cost?

# %% tags=["long"]
again, _ = train_on(few, theta0, 200, label="the same start")
print("same result to the last digit:", np.array_equal(again.x, usual.x))

other_theta0 = initialize_parameters(64, 25, np.random.default_rng(1))
other, _ = train_on(few, other_theta0, 200, label="another start")
print(f"cost {usual.fun:.4f}, from another start {other.fun:.4f}")

# %% tags=["long"]
fig, axes = plt.subplots(1, 2, figsize=(8, 1.4))
titles = ("one start", "another start")
for ax, run, title in zip(axes, (usual, other), titles):
    W1, *_ = unpack_parameters(run.x, 64, 25)
    draw_patches(ax, W1[:6].T, 6, title, limits=(-2, 2))
show(
    fig,
    alt="The weights of the first six units after two trainings: different "
    "edges, in other places and directions.",
    caption="The first six rows of W1, from two different starts.",
)

# %% [markdown]
# Different units, nearly the same cost. The valley has many floors, which differ by which unit
# learns what; they are about equally deep. So never ask "what does unit 7 do?" of a network that
# you have not trained yourself, and do ask "what kind of things do its units do?".
#
# Notebook 06 looks at three of your networks. Save them for it:

# %% tags=["long"]
networks = {"sparse": result.x, "dense": dense.x, "decayed": decayed.x}
parameters.save("05_training", **networks)

# %% [markdown]
# ## 7. In your own words
#
# ### It has converged, has it not? (4 points)
#
# A friend shows you a training: the cost went from 60 to 0.50, the message is "convergence", each
# unit's average activation is 0.0100. The reconstructions are all grey. Explain what happened,
# which of the terms of the cost is responsible and by which comparison it "decided" so, name two
# numbers that give it away, and what your friend should change.
#
# **Rubric.** 1 point: the state of the network. 1 point: the comparison of terms. 1 point: two
# numbers. 1 point: the remedy.

# %% [markdown] nbgrader={"grade": true, "grade_id": "has-it-converged", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# The weights have collapsed to zero. Each unit has the activation 0.01 whatever it sees, from its
# bias alone, so the sparsity penalty is 0; each output is the mean of its pixel, from its bias.
# Weight decay is responsible: to describe an edge, weights of a certain size are needed, and λ/2
# times their squares was more than the error they would save; so zero is a minimum of this cost,
# and the optimiser is right to say that it has converged. What gives it away: the length of the
# rows of W1, near 0, and the share of the variance that is explained, near 0 as well; or that
# activations do not vary from patch to patch. The remedy is a smaller λ, such as 1e-4; a picture
# of the weights scaled each by itself would not have shown it.

# %% [markdown]
# ## What you have now
#
# A trained network and the numbers to judge its training by. What did its units learn? Have a
# look, in [**06_visualization**](../06_visualization/06_visualization.ipynb).

# %% [markdown]
# **Read on:** section 3 of the
# **[lecture notes](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf)**;
# **[Liu and Nocedal (1989)](https://doi.org/10.1007/BF01589116)** on L-BFGS.

# %% [markdown] tags=["self-study"]
# This notebook **[to fill in](../../notebooks/05_training/05_training.ipynb)** and
# **[solved](../../solutions/05_training/05_training.ipynb)**.
