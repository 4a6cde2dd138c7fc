# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 07 Out of memory: what if the data do not fit?

# %% [markdown]
# > **You will learn** how to train on data that are never all there, what an exact gradient costs
# > then, and how a wrong one can pass a test.
# >
# > **You will write** `streaming_average_activation` and `streaming_cost`.
# >
# > **Time** 60 minutes · **Difficulty** medium code, one trap · **Points** 9 by tests, 4 by hand ·
# > **Builds on** your notebooks 01, 02, 03 and 05, and what 05 has trained.

# %%
import time
import tracemalloc

import matplotlib.pyplot as plt
import numpy as np

# %%
from saelab import parameters, previous, progress
from saelab.check import check
from saelab.data import load_images
from saelab.display import BLUE, ORANGE, draw_patches, show
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
kl_divergence, sparsity_delta, sparse_autoencoder_cost = previous.functions(
    "03_kl_delta", "kl_divergence", "sparsity_delta", "sparse_autoencoder_cost"
)
train = previous.functions("05_training", "train")

# %% [markdown]
# ## 1. How little has to be kept
#
# The ten photographs hold 2 550 250 patches of 8×8. As `float64` they take 1.3 GB, and your
# `sparse_autoencoder_cost` makes several arrays of that size besides. Not every laptop has room
# for them, and ten photographs are few.
#
# The error could be added up batch by batch. The penalty could not, as notebook 03 said:
# $\hat\rho$ needs *all* examples before the first can be propagated back. Must all be kept, then?
# No, only $\hat\rho$: one number a hidden unit.
#
# By hand, with the unit of notebook 03. Its activations are 0.5, 0.4, 0.6 in one batch, and 0.9
# in another, of one example. The batches' means are 0.5 and 0.9, and the mean of these is 0.7.
# But $\hat\rho = \frac{1.5 + 0.9}{3 + 1} = 0.6$. Means cannot be averaged where batches differ in
# size; sums and numbers can be added.

# %% [markdown]
# ## 2. A stream
#
# Data that come in batches are an *iterator* in Python: one asks for the next, and what was handed
# out is gone. **Predict first:** what does the second sum say?

# %%
numbers = iter([1, 2, 3])
print(sum(numbers), sum(numbers))

# %% [markdown]
# An iterator runs out, silently. We shall need two passes, so your functions get `batches`, a
# *function*: each call `batches()` returns a new iterator over arrays (visible_size, $m_k$). Here
# is one for data that do fit, to try things on. Sizes may differ, and a batch may be empty.


# %%
def batches_of(data, sizes):
    """A function that returns new iterators over batches of these sizes."""
    ends = np.cumsum(sizes)
    return lambda: (data[:, end - n : end] for end, n in zip(ends, sizes))


# %% [markdown]
# ### Write `streaming_average_activation`
#
# $$ \hat\rho = \frac{\sum_k \sum_{i=1}^{m_k} a^{(2)}(x^{(i)})}{\sum_k m_k} $$
#
# One pass: of each batch add a sum and a number, and keep nothing else. Your `sigmoid` and the
# first layer of `feed_forward` are all that it takes. By hand, in the example above: $(1.5, 3)$
# plus $(0.9, 1)$ is $(2.4, 4)$, so 0.6.


# %% nbgrader={"grade": false, "grade_id": "streaming_average_activation", "locked": false, "schema_version": 3, "solution": true, "task": false}
def streaming_average_activation(theta, visible_size, hidden_size, batches):
    """rho_hat over all examples of a stream: one forward pass.

    batches: batches() returns a new iterator over arrays (visible_size, m_k);
    the m_k differ, and may be 0. No batch is kept.

    Returns (hidden_size,), as average_activation does for the whole.
    """
    ### BEGIN SOLUTION
    W1, _, b1, _ = unpack_parameters(theta, visible_size, hidden_size)
    total, m = np.zeros(hidden_size), 0
    for batch in batches():
        total += sigmoid(W1 @ batch + b1[:, None]).sum(axis=1)
        m += batch.shape[1]
    return total / m
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-streaming_average_activation", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(streaming_average_activation)


# %% nbgrader={"grade": true, "grade_id": "test-streaming_average_activation", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: the averages 2, and that no batch is kept 1.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(streaming_average_activation, result=2, memory=1)
### END HIDDEN TESTS

# %%
a = np.array([[0.5, 0.4, 0.6, 0.9]])
x = np.log(a / (1 - a))  # with weight 1 and bias 0 the activations are a
unit = np.array([1.0, 0, 0, 0]), 1, 1  # W1, W2, b1, b2, and the sizes
print(streaming_average_activation(*unit, batches_of(x, [3, 1])))

# %% [markdown]
# ## 3. The cost of a stream
#
# ### Write `streaming_cost`
#
# 1. The first pass gives $\hat\rho$, and with it what sparsity adds in the bracket of
#    $\delta^{(2)}$: a vector, the same for every example.
# 2. The second pass: each batch forward again, and back. Add up its error, its share of the four
#    gradients, and $m$.
# 3. At the end divide the sums by $m$. Decay and penalty belong to no example: they come once.
#
# By hand: the example of notebook 03 three times, in batches of 1 and 2. All means are those of
# one example, so the cost is 0.86590 and the gradient of $b_1$ is 0.46777, as there.
#
# <details><summary>Hint 1: where to begin</summary>
#
# Put your `sparse_autoencoder_cost` into a loop over batches. Beside each line write whether it
# belongs before the loop, inside, or after it.
#
# </details>
#
# <details><summary>Hint 2: the shapes</summary>
#
# Every sum has the shape of its parameters, without an $m_k$. So an empty batch does no harm,
# unless something is divided by its 0.
#
# </details>
#
# <details><summary>Hint 3: if one part is wrong</summary>
#
# Try one batch of everything. If that is right and two are wrong, something stands on the wrong
# side of the loop. With $\lambda$ or $\beta$ 0 you see which.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "streaming_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def streaming_cost(theta, visible_size, hidden_size, lambda_, rho, beta,
                   batches):  # fmt: skip
    """The cost of a stream. Returns (cost, grad), grad shaped like theta.

    batches: batches() returns a new iterator over arrays (visible_size, m_k)
    of any m_k, also 0. It is called twice, and no batch is kept.
    """
    ### BEGIN SOLUTION
    layers = visible_size, hidden_size
    W1, W2, b1, b2 = unpack_parameters(theta, *layers)
    rho_hat = streaming_average_activation(theta, *layers, batches)
    extra = sparsity_delta(rho, rho_hat, beta)[:, None]
    error, m, totals = 0.0, 0, np.zeros_like(theta)
    for batch in batches():
        a2, a3 = feed_forward(theta, *layers, batch)
        delta3 = (a3 - batch) * a3 * (1 - a3)
        delta2 = (W2.T @ delta3 + extra) * a2 * (1 - a2)
        error += np.sum((a3 - batch) ** 2) / 2
        totals += np.concatenate([
            (delta2 @ batch.T).ravel(), (delta3 @ a2.T).ravel(),
            delta2.sum(axis=1), delta3.sum(axis=1)])  # fmt: skip
        m += batch.shape[1]
    weights = np.concatenate([W1.ravel(), W2.ravel(), 0 * b1, 0 * b2])
    penalty = beta * np.sum(kl_divergence(rho, rho_hat))
    cost = error / m + lambda_ / 2 * np.sum(weights**2) + penalty
    return cost, totals / m + lambda_ * weights
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-streaming_cost", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(streaming_cost)


# %% nbgrader={"grade": true, "grade_id": "test-streaming_cost", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# 6 points: cost, memory, and the gradients of W1, W2, b1 and b2, 1 each.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(streaming_cost, cost=1, W1=1, W2=1, b1=1, b2=1, memory=1)
### END HIDDEN TESTS

# %%
ln3 = np.log(3)
hand_problem = np.array([ln3, 0, 1, -1, 0, -0.75, 0.75 - ln3]), 2, 1
hand_data = np.array([[1.0] * 3, [0.0] * 3])
hand_batches = batches_of(hand_data, [1, 2])
cost, grad = streaming_cost(*hand_problem, 0.1, 0.25, 1.0, hand_batches)
print(f"cost {cost:.5f}, gradient of b1 {grad[4]:.5f}")

# %% [markdown]
# ### The same, but not to the last digit
#
# Now the network that 05 has trained, and its 10 000 patches. **Predict first:** your two costs
# compute the same formula. How many digits will agree? All 16?

# %% tags=["long"]
rng = np.random.default_rng(0)
white_images = np.array([whiten(image, f0=0.4) for image in load_images()])
patches = normalize_patches(sample_patches(white_images, 8, 10_000, rng))
theta0 = initialize_parameters(64, 25, rng)
trained = parameters.load("05_training", "sparse")
problem = 64, 25, 1e-4, 0.01, 3.0  # sizes, lambda, rho, beta

# %% tags=["long"]
J, whole = sparse_autoencoder_cost(trained, *problem, patches)
for sizes in ([10_000], [1000] * 10, [4000, 0, 5999, 1], [10] * 1000):
    batches = batches_of(patches, sizes)
    cost, grad = streaming_cost(trained, *problem, batches)
    error = np.linalg.norm(grad - whole) / np.linalg.norm(whole)
    off, equal = abs(cost - J) / J, np.array_equal(grad, whole)
    print(f"{len(sizes):4d} batches: cost off by {off:.0e}, ", end="")
    print(f"gradient by {error:.0e}, equal {equal}")

# %% [markdown]
# With one batch, to the last digit if added as in 03. Otherwise the cost agrees to 14 digits or
# more, the gradient to 12 or 13. Sums of rounded numbers depend on their order. Near a minimum the
# gradient is the rest of large parts that nearly cancel, so their rounding shows; at the
# random start it agrees to 14 digits.

# %% [markdown]
# ## 4. The price
#
# The second pass computes activations again. **Predict first:** your cost takes five products of
# a matrix with all examples, two forward and three for the gradient. How many does the first pass
# add? It takes 25 + 64 sigmoids for each example; how many more? So how many per cent?


# %% tags=["long"]
def seconds(f):
    """The processor time of a call, the least of seven."""
    times = []
    for _ in range(7):
        start = time.process_time()
        f()
        times.append(time.process_time() - start)
    return min(times)


# %% tags=["long"]
batches = batches_of(patches, [1000] * 10)
both = seconds(lambda: streaming_cost(trained, *problem, batches))
layer = trained, 64, 25, batches
first = seconds(lambda: streaming_average_activation(*layer))
print(f"both passes {1e3 * both:.1f} ms, the first {1e3 * first:.1f} ms:")
print(f"it costs {100 * first / (both - first):.0f} % more than the second")

# %% [markdown]
# One product on top of five, a fifth; 25 sigmoids on top of 89, 28 %. So about a quarter: only
# layer 1 is repeated. On our machines it took 15 to 30 %, with batches of 100 to 10 000.

# %% [markdown]
# ## 5. Data that are never there
#
# Batches may come from anywhere: files, pages of the web. Or they are *made* when they are asked
# for, and then forgotten. Each pass must see the same data, so every batch has a seed of its own:


# %% tags=["long"]
def photograph_batch(k):
    """Batch number k: a thousand patches, the same at each call."""
    rng = np.random.default_rng(k)
    return normalize_patches(sample_patches(white_images, 8, 1000, rng))


def photographs(n):
    """A stream of n batches, each made when it is asked for."""
    return lambda: map(photograph_batch, range(n))


# %% [markdown]
# (`normalize_patches` measures a spread, which is a number of all data, too; that of a thousand
# patches is good enough here.)
#
# **Predict first:** how much memory do your two costs need at most, for 1000 patches, for 10 000,
# for 20 000? Draw two curves before you look.


# %% tags=["long"]
def megabytes(f, n):
    """The most memory that f(n) uses at once."""
    tracemalloc.start()
    f(n)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def of_all(n):
    data = np.concatenate(list(photographs(n)()), axis=1)
    return sparse_autoencoder_cost(trained, *problem, data)


def of_stream(n):
    return streaming_cost(trained, *problem, photographs(n))


# %% tags=["long"]
thousands = np.array([1, 5, 10, 20])
for_all = [megabytes(of_all, n) for n in thousands]
for_stream = [megabytes(of_stream, n) for n in thousands]

fig, ax = plt.subplots(figsize=(6, 3.4))
ax.plot(1000 * thousands, for_all, "o-", color=BLUE, label="all at once")
ax.plot(1000 * thousands, for_stream, "s--", color=ORANGE, label="a stream")
ax.set(xlabel="examples", ylabel="memory at most (MB)", ylim=(0, None))
ax.set_title("A line and a floor")
ax.legend()
show(
    fig,
    alt="Memory against the number of examples: a straight line that rises, "
    "and a level one close to zero.",
    caption="Memory for one cost and gradient, up to 20 000 patches.",
)
print(f"for 20 000: {for_all[-1]:.0f} MB and {for_stream[-1]:.1f} MB")

# %% [markdown]
# Straight, and level. All at once takes 2.76 kB an example, 55 MB for 20 000; for all patches of
# the photographs it would be 7 GB. The stream takes 3.7 MB for any number: two batches, since the
# old one is still there while the next is made, and what is computed of one.
#
# It is paid for with time: to make a thousand patches takes several times as long as both passes
# need to compute with them, and they are made twice. If the source is slow, the second pass costs
# nearly as much as the first.

# %% [markdown]
# ## 6. The short cut
#
# So people let each batch take its own $\hat\rho$, and average what the batches say. It is
# tempting: one pass, and your old function does it all.


# %% tags=["long"]
def short_cut(theta, batches):
    """Cost and gradient, each batch with its own rho_hat (of equal sizes)."""
    told = [sparse_autoencoder_cost(theta, *problem, x) for x in batches()]
    costs, grads = zip(*told)
    return np.mean(costs), np.mean(grads, axis=0)


def compare(theta, n):
    """Batches of n: how far the short cut is from cost and gradient."""
    J, right = sparse_autoencoder_cost(theta, *problem, patches)
    batches = batches_of(patches, [n] * (patches.shape[1] // n))
    cost, grad = short_cut(theta, batches)
    error = np.linalg.norm(grad - right) / np.linalg.norm(right)
    print(f"batches of {n:4d}: relative error {error:.2g}, ", end="")
    print(f"cost {cost:.4f} instead of {J:.4f}")


# %% [markdown]
# A careful person tests it, at a random start:

# %% tags=["long"]
compare(theta0, 1000)
compare(theta0, 100)

# %% [markdown]
# Off by 1e-5 and 7e-5: passed, says who does not ask for ten digits.
#
# **Predict first:** and at the trained network?

# %% tags=["long"]
compare(trained, 1000)
compare(trained, 100)

# %% [markdown]
# By 0.85 and by 6.8 times its length! (The course's own network; yours may differ.) At the start
# the penalty is 58 of 58.6; every unit is far from $\rho$, and every batch pushes it the same
# way. After training $\hat\rho$ is near $\rho$; what is left to push is small, and a batch's own
# $\hat\rho$ swings around it. So test gradients where training *goes*.
#
# And the cost is too high both times, as always. KL is **convex**: its chords lie above it. So
# the mean of KL at two averages is at least KL at their mean (Jensen's inequality). By hand, with
# the table of notebook 03: batches with $\hat\rho = 0.1$ and $0.5$ pay $\frac12 (0.0444 + 0.1927)
# = 0.1186$ on average; at their mean, 0.3, it is 0.0257.
#
# **Predict first:** after 400 iterations, how large must batches be so that a small step against
# the wrong gradient leads downhill at all? Are halves of the data good enough? Move the sliders,
# or click into the left picture.

# %% tags=["long"]
from saelab.widgets import batch_explorer

batch_explorer()

# %% [markdown]
# From 200 on, and there just so, at 87 degrees; batches of 2 to 100 lead *up*hill. Even with
# halves the gradient is off by a fifth. At the start nothing of that is to be seen: twice the
# batch halves the error, and single examples are off by 0.7 %.
#
# Then training with it must fail? **Predict first:** 200 iterations on 5000 patches, in batches
# of 100: edges, noise, or collapse?

# %% tags=["long"]
few = patches[:, :5000]
hundreds = batches_of(few, [100] * 50)
runs = {
    "right": lambda theta: sparse_autoencoder_cost(theta, *problem, few),
    "short cut": lambda theta: short_cut(theta, hundreds),
}
for name, cost in runs.items():
    with progress.bar(200, name, unit="iteration") as bar:
        runs[name] = train(theta0, cost, 200, lambda theta: bar.update()).x
        bar.finish("stopped")

# %% tags=["long"]
fig, axes = plt.subplots(2, 1, figsize=(9, 1.7))
for ax, (name, theta) in zip(axes, runs.items()):
    W1, *_ = unpack_parameters(theta, 64, 25)
    edges = sum(fit.r2 >= 0.8 for fit in describe_filters(W1).fits)
    J, _ = sparse_autoencoder_cost(theta, *problem, few)
    title = f"{name}: {edges} of 25 are edges, cost {J:.3f}"
    draw_patches(ax, W1.T, 25, title, limits=(-2, 2))
show(
    fig,
    alt="Two rows of 25 filters: edges, and below each much the same edge, "
    "but paler.",
    caption="The filters after 200 iterations with the right gradient, and "
    "with the short cut in batches of 100.",
)

# %% [markdown]
# Edges, 20 instead of 22; unit by unit much the same ones, only paler. L-BFGS was not lost for a
# moment: the short cut's gradient *is* the gradient of the short cut's cost, and a gradient check
# would find nothing. But this is another cost, which also charges a unit for being more active in
# one batch than in another. The smaller the batches, the dearer: in batches of 10 half of the
# filters fade away.
#
# So what does "wrong" mean? Not useless, but the slope of something else than you say. If you
# take the short cut, tell how large your batches were: they have become a parameter of the cost.

# %% [markdown]
# ## 7. Map and reduce
#
# Your first pass has a form with a name. Each batch is **mapped** to something small, by itself;
# then the small things are **reduced** to one, two at a time, in any order. What your function
# says of one batch is enough:


# %% tags=["long"]
def mapped(k):
    """Of batch number k: the sum of its activations, and its size."""
    batch = photograph_batch(k)
    m = batch.shape[1]
    one = streaming_average_activation(trained, 64, 25, lambda: iter([batch]))
    return m * one, m


def added(left, right):
    return left[0] + right[0], left[1] + right[1]


# %% tags=["long"]
from functools import reduce

total, m = reduce(added, map(mapped, range(20)))
rho_hat = total / m
backwards, _ = reduce(added, map(mapped, reversed(range(20))))
print(f"{m} patches, activations {rho_hat.min():.4f} to {rho_hat.max():.4f}")
print(f"backwards: off by {np.abs(backwards / m - rho_hat).max():.0e}")

# %% [markdown]
# The order does not matter, but for the last digits. So batches may lie on several machines. Two
# workers, here threads: they are sent *numbers* of batches, and send 26 numbers back. The data
# stay where they are made.

# %% tags=["long"]
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(2) as workers:
    total, m = reduce(added, workers.map(mapped, range(20)))
print(f"two workers: off by {np.abs(total / m - rho_hat).max():.0e}")

# %% [markdown]
# **Dask** does the same on a cluster. It is in this course's extra `cluster`; nothing here needs
# it.

# %% tags=["long"]
try:
    import dask
except ImportError:
    print("Dask is not installed here, which does no harm.")
else:
    parts = [dask.delayed(mapped)(k) for k in range(20)]
    parts = dask.compute(*parts, scheduler="threads", num_workers=2)
    total, m = reduce(added, parts)
    print(f"Dask: off by {np.abs(total / m - rho_hat).max():.0e}")

# %% [markdown]
# The second pass goes the same way, once $\hat\rho$ is known to all: 3289 sums, an error and a
# number for each batch. The course's repository has a fast version of both, in `saelab/engine/`;
# read it when you have written yours.
#
# ### Can it be done in one pass?
#
# Exactly, without the short cut? Think before you unfold: where does $\hat\rho$ enter
# $\delta^{(2)}$?
#
# <details><summary>Answer</summary>
#
# Yes. What sparsity adds is a vector $e$, the same for every example. With
# $s = a^{(2)} \odot (1 - a^{(2)})$ the sum for $W_1$ is
#
# $$ \sum \delta^{(2)} x^T = \sum \bigl( (W_2^T \delta^{(3)}) \odot s \bigr) x^T
#    + \mathrm{diag}(e) \sum s \, x^T. $$
#
# Keep both sums on the right, and for $b_1$ the same two without $x$. At the end $\hat\rho$ and so
# $e$ are known. The price is one product more, as before, but the data are read once. Try it: it
# takes three lines more.
#
# </details>

# %% [markdown]
# ## 8. In your own words
#
# ### A thousand machines (4 points)
#
# Data lie on a thousand machines, a hundred examples on each. Every machine calls
# `sparse_autoencoder_cost` for its own, and a centre averages costs and gradients. "Tested at the
# start: right to four digits." Explain which parts of cost and gradient are right and which are
# wrong; whether the cost is too high or too low, and why; why the test saw nothing, and which
# would have; and what the machines should send instead.
#
# **Rubric.** 1 point: what is right, what is wrong. 1 point: the sign, and its reason. 1 point:
# the start, and a better test. 1 point: an exact way, and how many numbers are sent.

# %% [markdown] nbgrader={"grade": true, "grade_id": "a-thousand-machines", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# Error and decay are right, and so are the gradients of W2 and b2, which know nothing of the
# penalty: means of means, with equal shares. Wrong are the penalty and the gradients of W1 and
# b1, which hold its slope at each machine's ρ̂. The cost is too high: KL is convex, so the mean
# of its values at the machines' ρ̂ is at least its value at their mean (Jensen). At the start all
# units are far from ρ, and the slopes at the ρ̂ of any hundred examples are nearly the same.
# After training ρ̂ is near ρ, where the slope changes its sign, and a hundred examples, one of
# which makes a unit active, say little. A test with trained parameters, against the gradient of
# all data, would have seen it. Exact: each machine sends the 25 sums of its activations and its
# number of examples; the centre adds, divides, and returns ρ̂; then each sends its error and 3289
# sums for the gradient. That is 26 numbers, and then 3290.

# %% [markdown]
# ## What you have now
#
# A cost whose memory does not depend on how many data there are, and a reason to test gradients
# where training goes, not only where it starts. Next: units of another kind, in
# [**08_tanh_units**](../08_tanh_units/08_tanh_units.ipynb).

# %% [markdown]
# **Read on:** section 3 of the
# **[lecture notes](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf)**;
# **[Dean and Ghemawat (2008)](https://doi.org/10.1145/1327452.1327492)** on map and reduce.

# %% [markdown] tags=["self-study"]
# This notebook **[to fill in](../../notebooks/07_out_of_memory/07_out_of_memory.ipynb)** and
# **[solved](../../solutions/07_out_of_memory/07_out_of_memory.ipynb)**.
