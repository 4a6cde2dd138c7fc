# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 12 Sparse autoencoders today: can one read a language model with this?

# %% [markdown]
# > **You will learn** what became of the lecture's network, how to test it where the truth is
# > known, and what it shows of a language model, and what not.
# >
# > **You will write** `relu_l1_cost`, `top_k` and `match_features`.
# >
# > **Time** 75 minutes · **Difficulty** medium code, hard questions · **Points** 12 by tests, 3 by
# > hand · **Builds on** your notebooks 02 and 04; 01 to 06 for comparison.
# >
# > **In the lecture notes** the claim of section 3: with a sparsity constraint an autoencoder
# > discovers structure in data, even if its hidden units are many.

# %%
import matplotlib.pyplot as plt
import numpy as np

from saelab import previous
from saelab.check import check
from saelab.data import load_stored
from saelab.display import BLUE, GREY, ORANGE, draw_patches, show

# %%
unpack_parameters = previous.functions("02_cost", "unpack_parameters")
numerical_gradient, relative_error = previous.functions(
    "04_gradient_check", "numerical_gradient", "relative_error"
)

# %% [markdown]
# ## 1. What has changed since 2011
#
# Language models are read today with the lecture's network: many hidden units, few active, trained
# on what the model computes inside. Three things differ.
#
# 1. Hidden units are **rectifiers**, $a = \max(0, z)$: silent means 0, not 0.01.
# 2. The output is linear: what a model computes does not lie between 0 and 1.
# 3. Sparse is *each example*, not each unit on average. Without $\hat\rho$ batches are no trouble
#    any more (notebook 07).
#
# ### Write `relu_l1_cost`
#
# $$ J = \frac{1}{2m} \sum_{i=1}^m \| W_2 a^{(i)} + b_2 - x^{(i)} \|^2
#    + \frac{\ell_1}{m} \sum_{i=1}^m \sum_j a_j^{(i)}, \quad a^{(i)} = \max(0, W_1 x^{(i)} + b_1) $$
#
# The slope of a rectifier is 1 where it is on and 0 where it is off; the penalty, an $L_1$ norm,
# stands in the bracket of $\delta^{(2)}$, as in notebook 03. There is no weight decay.
#
# By hand: $x = 2$, two hidden units with $W_1 = (1, -1)^T$, $W_2 = (0.5, 3)$, no biases,
# $\ell_1 = 0.1$. Then $a = (2, 0)$, the output 1, and $J = \frac12 \cdot 1 + 0.1 \cdot 2 = 0.7$.
# $\delta^{(3)} = -1$; $\delta^{(2)} = (0.5 \cdot (-1) + 0.1, \; 0) = (-0.4, 0)$. The gradient of
# $W_1$ is $(-0.8, 0)$, that of $W_2$ $(-2, 0)$. The silent unit feels nothing.


# %% nbgrader={"grade": false, "grade_id": "relu_l1_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_l1_cost(theta, visible_size, hidden_size, l1, data):
    """Cost of an autoencoder of rectifiers. Returns (cost, grad).

    theta: 1-D, W1, W2, b1, b2. The output is linear. data: one example in
    each column. l1: the weight of the sum of activations. grad is shaped
    like theta; a unit whose z is exactly 0 may pass for on or off.
    """
    ### BEGIN SOLUTION
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    z2 = W1 @ data + b1[:, None]
    a2 = np.maximum(z2, 0)
    delta3 = W2 @ a2 + b2[:, None] - data
    delta2 = (W2.T @ delta3 + l1) * (z2 > 0)
    cost = np.sum(delta3**2) / (2 * m) + l1 / m * np.sum(a2)
    grad = [delta2 @ data.T / m, delta3 @ a2.T / m]
    grad += [delta2.mean(axis=1), delta3.mean(axis=1)]
    return cost, np.concatenate([g.ravel() for g in grad])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-relu_l1_cost", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(relu_l1_cost)


# %% nbgrader={"grade": true, "grade_id": "test-relu_l1_cost", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# 5 points: cost, and the gradients of W1, W2, b1 and b2, 1 each.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(relu_l1_cost, cost=1, W1=1, W2=1, b1=1, b2=1)
### END HIDDEN TESTS

# %%
theta, x = np.array([1, -1, 0.5, 3, 0, 0, 0]), np.array([[2.0]])
cost, grad = relu_l1_cost(theta, 1, 2, 0.1, x)
measured = numerical_gradient(lambda t: relu_l1_cost(t, 1, 2, 0.1, x), theta)
print(f"cost {cost:.2f}, gradient {grad}")
print(f"gradient check: {relative_error(grad, measured):.0e}")

# %% [markdown]
# ### Smaller weights, larger weights
#
# **Predict first:** divide $W_1$ and $b_1$ by 10 and multiply $W_2$ by 10. What becomes of the
# error, and what of the penalty?

# %%
rng = np.random.default_rng(0)
theta, data = rng.normal(size=67), rng.normal(size=(4, 50))
W1, W2, b1, b2 = unpack_parameters(theta, 4, 7)
blocks = W1.ravel() / 10, W2.ravel() * 10, b1 / 10, b2
for name, t in (("before", theta), ("after", np.concatenate(blocks))):
    error, total = (relu_l1_cost(t, 4, 7, l1, data)[0] for l1 in (0, 1))
    print(f"{name:6s} error {error:.4f}, penalty {total - error:.4f}")

# %% [markdown]
# The same outputs for a tenth of the price, and so on without end. Weight decay forbade that in
# 2011; today each column of $W_2$ is kept at length 1, after every step. A column is then a
# *direction*, called a **feature**, and $a_j$ says how much of it an example holds.
#
# ## 2. Or simply count
#
# Instead of a price one can set a number (Makhzani and Frey, 2013).
#
# ### Write `top_k`
#
# $$ a_j = \begin{cases} z_j & \text{if } z_j > 0 \text{ is among the } k \text{ largest of its
#    column} \\ 0 & \text{otherwise} \end{cases} $$
#
# By hand, with $k = 2$: the column $(3, -1, 2, 0.5)$ becomes $(3, 0, 2, 0)$, and $(-1, 4, -2, -3)$
# becomes $(0, 4, 0, 0)$: at most $k$, not always.


# %% nbgrader={"grade": false, "grade_id": "top_k", "locked": false, "schema_version": 3, "solution": true, "task": false}
def top_k(z, k):
    """Keep the k largest numbers of each column, if they are positive.

    z: (hidden_size, m), one example in each column; the numbers of a column
    differ. k: from 1 to hidden_size. Returns the same shape; the rest is 0.
    """
    ### BEGIN SOLUTION
    least = np.sort(z, axis=0)[-k]
    return np.where(z >= least, np.maximum(z, 0), 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-top_k", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(top_k)


# %% nbgrader={"grade": true, "grade_id": "test-top_k", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# 3 points: random numbers of several shapes, and several k.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(top_k, values=3)
### END HIDDEN TESTS

# %% [markdown]
# The gradient is that of the error, and goes back through the numbers that were kept: three lines
# of `relu_l1_cost` change. Try it on the toy of section 4.
#
# ## 3. A trainer for batches
#
# L-BFGS sees all data before each step. **Adam** (Kingma and Ba, 2015) sees a batch: a parameter
# moves by the running mean of its gradient, divided by the root of the running mean of its square.


# %%
def random_start(visible_size, hidden_size, rng):
    """Columns of length 1 in W2, the same as rows in W1, and no biases."""
    W2 = rng.normal(size=(visible_size, hidden_size))
    W2 /= np.linalg.norm(W2, axis=0)
    biases = np.zeros(hidden_size + visible_size)
    return np.concatenate([W2.T.ravel(), W2.ravel(), biases])


# %%
def adam(theta, visible_size, cost, data, epochs, rng, rate=3e-3):
    """Adam on batches of 256. The columns of W2 keep length 1."""
    theta, m, t = theta.copy(), data.shape[1], 0
    mean, square = np.zeros_like(theta), np.zeros_like(theta)
    h = (theta.size - visible_size) // (2 * visible_size + 1)
    W2 = theta[h * visible_size : 2 * h * visible_size]
    W2 = W2.reshape(visible_size, h)  # a view: theta changes with it
    for epoch in range(epochs):
        order = rng.permutation(m)
        for start in range(0, m, 256):
            _, grad = cost(theta, data[:, order[start : start + 256]])
            t += 1
            mean += 0.1 * (grad - mean)
            square += 0.001 * (grad**2 - square)
            size = np.sqrt(square / (1 - 0.999**t)) + 1e-8
            step = rate * min(1, 2 - 2 * epoch / epochs)
            theta -= step * mean / (1 - 0.9**t) / size
            W2 /= np.linalg.norm(W2, axis=0)
    return theta


# %% [markdown]
# ## 4. Where the truth is known
#
# In a model nobody knows what should be found. So first a toy: 64 random directions in 32
# dimensions, more than fit at right angles, as is suspected of language models (*superposition*).
# Each is present in one example out of twenty.


# %%
def toy(m, rng):
    """Examples (32, m) made of 64 features, and the features (32, 64)."""
    features = rng.normal(size=(32, 64))
    features /= np.linalg.norm(features, axis=0)
    present = rng.random((64, m)) < 0.05
    return features @ (present * rng.uniform(0.5, 1.5, (64, m))), features


# %% [markdown]
# ### Write `match_features`
#
# How many of the true features $f_i$ were found, and how many of the learned ones $d_j$ are true?
#
# $$ \text{recall} = \frac1N \, \bigl|\{ i : \max_j |\cos(f_i, d_j)| > 0.9 \}\bigr|, \qquad
#    \text{precision} = \frac1n \, \bigl|\{ j : \max_i |\cos(f_i, d_j)| > 0.9 \}\bigr| $$
#
# By hand: the true features are $(1, 0)$ and $(0, 1)$, the learned ones $(2, 0)$, $(-3, 1)$ and
# $(1, 1)$. The first has the cosines 1 and 0, the second −0.949 and 0.316, the third twice 0.707.
# Recall is 1/2, precision 2/3.


# %% nbgrader={"grade": false, "grade_id": "match_features", "locked": false, "schema_version": 3, "solution": true, "task": false}
def match_features(true, learned):
    """How many features were found, and how many are real.

    true: (d, N) and learned: (d, n), a feature in each column, of any length
    and sign; two match if the absolute value of their cosine is above 0.9.
    A column of zeros matches nothing, and counts.

    Returns (recall, precision): the share of the true features that a learned
    one matches, and the share of the learned ones that match a true one.
    """
    ### BEGIN SOLUTION
    lengths = np.outer(
        np.linalg.norm(true, axis=0), np.linalg.norm(learned, axis=0)
    )
    found = np.abs(true.T @ learned) > 0.9 * lengths
    return found.any(axis=1).mean(), found.any(axis=0).mean()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-match_features", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(match_features)


# %% nbgrader={"grade": true, "grade_id": "test-match_features", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# 4 points: recall and precision, 2 each.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(match_features, recall=2, precision=2)
### END HIDDEN TESTS

# %% [markdown]
# **Predict first:** three dictionaries for 5000 examples. The 32 principal components, and 64 units
# without a penalty, can rebuild every example; 64 units with $\ell_1 = 0.2$ cannot. Which finds the
# features?


# %%
def explained(theta, visible_size, hidden_size, data, activate):
    """The share of the variance that comes out, and the activations."""
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    a2 = activate(W1 @ data + b1[:, None])
    rest = data - W2 @ a2 - b2[:, None]
    centred = data - data.mean(axis=1, keepdims=True)
    return 1 - np.sum(rest**2) / np.sum(centred**2), a2


def rectified(z):
    return np.maximum(z, 0)


# %% tags=["long"]
data, features = toy(5000, np.random.default_rng(0))
learned = {"components": np.linalg.eigh(np.cov(data))[1]}
start = random_start(32, 64, np.random.default_rng(100))
for l1 in (0.0, 0.2):
    cost = lambda t, x, l1=l1: relu_l1_cost(t, 32, 64, l1, x)
    theta = adam(start, 32, cost, data, 120, np.random.default_rng(200))
    learned[f"l1 = {l1}"] = unpack_parameters(theta, 32, 64)[1]
    share, a2 = explained(theta, 32, 64, data, rectified)
    print(f"l1 = {l1}: {share:.3f} explained, {(a2 > 0).mean():.0%} active")
for name, W in learned.items():
    recall, precision = match_features(features, W)
    print(f"{name:12s} recall {recall:.2f}, precision {precision:.2f}")

# %% [markdown]
# The two best reconstructions find **nothing**: any full set of directions rebuilds everything.
# Only a code that is limited to few needs the right ones. The third
# leaves an eighth untold, and finds 61 of 64.
#
# The same with three seeds, from `data/features.py` of the
# course's repository, for more penalties (KL has sigmoids, but a
# linear output) and twice as many units:

# %% tags=["long"]
stored = load_stored("features")
print(f"{'':24s} explained  recall     precision")
for name, runs in zip(stored["toy_name"], stored["toy"]):
    ends = zip(runs.min(axis=0), runs.max(axis=0))
    told = [f"{low:.2f}-{high:.2f}" for low, high in ends]
    print(f"{name:24s} {told[0]}  {told[2]}  {told[3]}")

# %% [markdown]
# The lecture's penalty finds 70 to 77 %, without rectifiers; $L_1$ 94 to 98, the three largest 89
# to 92. Twice as many units find **all**, but now a third of what was learned, or half of it,
# matches nothing true. Without the truth at hand, who could say which half?
#
# ### A trap
#
# **Predict first:** what does an *untrained* network find if data and start have the same seed?

# %%
_, features = toy(100, np.random.default_rng(5))
start = random_start(32, 64, np.random.default_rng(5))
W2 = unpack_parameters(start, 32, 64)[1]
recall, precision = match_features(features, W2)
print(f"recall {recall:.2f}, precision {precision:.2f}")

# %% [markdown]
# Everything: both draw the same numbers. So measure before training, too.
#
# ## 5. Photographs once more
#
# Notebook 06 counted 60 edges among 100 sigmoids under KL. **Predict first:** was it the sigmoid,
# or KL, or sparsity? Rectifiers on the same patches:

# %% tags=["long"]
fig, axes = plt.subplots(3, 2, figsize=(9, 2.8))
for ax, name, W, row in zip(
    axes.T.ravel(), stored["patch_name"], stored["patch_W2"], stored["patch"]
):
    share, active, edges = row
    title = f"{name}: edges {edges:.0f}, {share:.0%}, active {active:.0f}"
    draw_patches(ax, W[:, :40].astype(float), 20, title, limits=(-0.4, 0.4))
show(
    fig,
    alt="Six groups of filters: noise without a penalty, clear edges with a "
    "strong one or few active units, blurred ones in between.",
    caption="40 of 100 features each: edges among the hundred, share of the "
    "variance explained, and units active for a patch.",
)

# %% [markdown]
# Sparsity. Without a penalty 1 edge, and nearly everything explained; with a strong one, or two
# units for a patch, 66 and 55, about as many as under KL. By either way, the more units speak, the
# better the reconstruction and the fewer the edges: quality of one is not quality of the other.
#
# ## 6. Inside a language model
#
# MiniLM is a small one: six layers, each of which turns every *token*, a word or a part of one
# (`##` goes on a word), into 384 numbers, and mixes in what stands around. It has read 8000 tokens
# of this course (as it was on that day), in windows of 64. These are the outputs of layer 4.

# %% tags=["long"]
language = load_stored("language")
text = language["text"]
x = language["codes"] * language["step"][:, None].astype(float)
x /= x.std()
print(x.shape, " ".join(text[128:148]))

# %% [markdown]
# A network of 512 units, of which 8 may speak, is stored. `data/features.py` has trained it by
# `adam`, for 20 epochs.

# %% tags=["long"]
parts = [stored[name].ravel() for name in ("W1", "W2", "b1", "b2")]
network = np.concatenate(parts).astype(float)
start = random_start(384, 512, np.random.default_rng(100))
share, a2 = explained(network, 384, 512, x, lambda z: top_k(z, 8))
variances = np.linalg.eigvalsh(x @ x.T)[::-1]
shares = np.cumsum(variances) / variances.sum()
print(f"top 8 of 512: {share:.2f}; 8 components: {shares[7]:.2f}")
print(f"as much as {np.argmax(shares >= share) + 1} components explain")

# %% [markdown]
# Eight numbers for a token explain 0.74, eight components 0.24; it takes 78 to do as well. But
# the race is not quite fair. The network takes *other* eight for each token, and to say which costs
# something, too.
#
# ## 7. Read it, blind
#
# If you know that features are *meant* to be readable, you read something into them. So shuffle
# them with three controls: neurons of the layer, principal components, and random directions (the
# start).

# %% tags=["long"]
components = np.linalg.eigh(x @ x.T)[1].T[::-1][:100] @ x
untrained = unpack_parameters(start, 384, 512)[0] @ x
kinds = {
    "trained feature": a2,
    "neuron": np.vstack([x, -x]),
    "component": np.vstack([components, -components]),
    "random direction": top_k(untrained, 8),
}
names = list(kinds)
which = list(zip(stored["blind_kind"], stored["blind_row"]))
blind = np.array([kinds[names[kind]][row] for kind, row in which])

# %% [markdown]
# 80 directions, 20 of each kind; the more orange, the stronger. Read ten of them: write a name
# down that fits at least half of the lines, or "none". **Predict first:** for how many will you
# have one?

# %% tags=["long"]
from saelab.widgets import feature_explorer

feature_explorer(text, {"direction": blind})

# %% [markdown]
# Number 66 is easy: "photographs". Number 17 is about a *meaning*: edges and borders.
#
# One reader, a large language model, has named all 80 by the ten lines that you see first, without
# colours and counts, and said whether a name was a *meaning*, over different words, or one *token*.
# It was told that there are four kinds, and that some may mean nothing. It is **one reading**:

# %% tags=["long"]
sorts = np.array(["meaning", "token", "none"])
counts = np.array([
    [np.sum(stored["blind_sort"][stored["blind_kind"] == kind] == sort)
     for sort in sorts] for kind in range(4)
])  # fmt: skip
fig, ax = plt.subplots(figsize=(7, 2.4))
for i, colour in enumerate((BLUE, ORANGE, GREY)):
    left = counts[:, :i].sum(axis=1)
    ax.barh(names, counts[:, i], left=left, color=colour, label=sorts[i])
ax.set(xlabel="directions, of 20", ylabel="kind", xlim=(0, 20))
ax.set_xticks(range(0, 21, 5))
ax.invert_yaxis()
ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
show(
    fig,
    alt="Four bars: of 20 trained features 18 have a name, of the other "
    "three kinds five to nine.",
    caption="What one blind reader found.",
)

# %% [markdown]
# 18 of 20 trained features have a name, 7 of them a meaning. Of the controls 6, 5 and 9: nearly
# half of the random directions have a name, and number 17 is one of them! So a name proves nothing;
# that names are more than twice as frequent is a result. But what training adds are tokens: all 9
# of the random directions are about a meaning, such as numbers.
#
# Now all of them, with the reader's words where there are some; click a word to see which feature
# is strongest there. Feature 23 is strongest at the word "cut". **Predict first:** what is cut?

# %% tags=["long"]
reader = {
    (names[kind], row): str(word)
    for (kind, row), word in zip(which, stored["blind_name"])
}
feature_explorer(text, kinds, reader)

# %% [markdown]
# Of trained feature 23 the nine strongest are every "cut" of the text. Far weaker ones follow:
# wood, saw, line, slice, forest. *A carpenter*, one would like to say! But look them up: every
# "saw" is the past of *see*, the lines are edges, code or text, and the forest is one whose noises
# were recorded. The strongest words are clear, and the others are not more of the same.
#
# ### A number that flatters
#
# **Purity** needs no reader: of the 20 strongest tokens, the share of the most frequent one.


# %% tags=["long"]
def purity(activations, words):
    """Of each row's 20 strongest words, the share of the commonest."""
    _, ids = np.unique(words, return_inverse=True)
    strongest = np.argsort(-activations, axis=1)[:, :20]
    return np.array([np.bincount(ids[row]).max() / 20 for row in strongest])


for name, rows in kinds.items():
    often = rows[(rows > 0).sum(axis=1) >= 30]
    pure = np.mean(purity(often, text) >= 0.5)
    print(f"{name:17s} {pure:.0%} have a purity of a half or more")

# %% [markdown]
# Half of the trained features, and an eighth of the controls at most. But of the reader's 16
# "tokens" 11 are so pure, of 22 "meanings" 1: purity counts words. A harder control: shuffle all
# weights of the model, so that it knows nothing, let it read the same text, and train on that.

# %% tags=["long"]
share, pure = stored["scrambled"]
print(f"shuffled weights: {share:.2f} explained, {pure:.0%} pure")

# %% [markdown]
# **More** is explained than of the real model, and 45 % are pure. Most of both is the text's doing
# (Heap and others, 2025, found the like in larger models).
#
# ## 8. Would another training find the same?
#
# The truth is missing here, but trainings can be compared. **Predict first:** how many of the 512
# features does another start find?

# %% tags=["long"]
W2 = stored["W2"].astype(float)
again, _ = match_features(W2, stored["W2_again"].astype(float))
print(f"found again: {512 * again:.0f} of 512")
share, again = stored["longer"]
print(f"after longer trainings: {512 * again:.0f}, {share:.2f} explained")

# %% [markdown]
# 4 of 512 the first time, 81 after four times as many epochs in larger steps, in which it also
# explains more. Each dictionary describes the same layer, and neither is *the* dictionary. (8000
# tokens are few; for large models one takes billions.)
#
# **What carries over:** it is sparsity that gives features with names, and neither the sigmoid nor
# KL; units may be more than inputs; the traps are the same, dead units and flattering numbers.
#
# **What does not:** an edge can be judged by a Gabor function. Nobody has a yardstick for meaning.
#
# **What nobody knows yet:** whether a model *has* such features, or they are our way of looking;
# how many; what the unexplained rest holds; and whether the model uses what was named. To see that,
# one has to change a feature and watch what the model does.

# %% [markdown]
# ## 9. In your own words
#
# ### An announcement (3 points)
#
# "Our sparse autoencoder explains 95 % of layer 12. Of its million features 90 % got a name by
# their 20 strongest contexts. So we know what the model thinks." Say why the first number shows
# nothing of the kind; which three controls you ask for, and what each would have to show; and
# what is still open if all come out well.
#
# **Rubric.** 1 point: reconstruction, with the toy as evidence. 1 point: three controls that could
# come out badly. 1 point: what names by the strongest contexts cannot show.

# %% [markdown] nbgrader={"grade": true, "grade_id": "an-announcement", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# On the toy the networks that explained everything found no feature: any full set of directions
# rebuilds the data. Controls: the same naming, blind, for neurons and random directions, which must
# get far fewer names; for a model with shuffled weights, where names must become rare, or they are
# about the text; and a second training, which must find most features again. Still open: the
# strongest contexts say nothing of the weaker ones, where most activations are; a name says when a
# feature is active, not what the model does with it, for which one would have to change it; and the
# 5 % that are not explained.

# %% [markdown]
# ## What you have now
#
# The lecture's network in the form of today, and a habit: ask what would have come out if nothing
# were there. This is the last notebook. Go on with a model of your own, and a text that you know.

# %% [markdown]
# **Read on:** section 3 of the
# **[lecture notes](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf)**;
# **[Makhzani and Frey (2013)](https://doi.org/10.48550/arXiv.1312.5663)** on the $k$ largest;
# **[Kingma and Ba (2015)](https://doi.org/10.48550/arXiv.1412.6980)** on Adam;
# **[Elhage and others (2022)](https://doi.org/10.48550/arXiv.2209.10652)** on superposition;
# **[Cunningham and others (2023)](https://doi.org/10.48550/arXiv.2309.08600)** and
# **[Gao and others (2024)](https://doi.org/10.48550/arXiv.2406.04093)** on language models;
# **[Heap and others (2025)](https://doi.org/10.48550/arXiv.2501.17727)** on random transformers.

# %% [markdown] tags=["self-study"]
# This notebook
# **[to fill in](../../notebooks/12_sparse_autoencoders_today/12_sparse_autoencoders_today.ipynb)**
# and
# **[solved](../../solutions/12_sparse_autoencoders_today/12_sparse_autoencoders_today.ipynb)**.
