# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 Recognition: are the features useful?

# %%
import numpy as np

# %%
from saelab import previous
from saelab.check import check

# %%
sigmoid, unpack_parameters = previous.functions(
    "02_cost", "sigmoid", "unpack_parameters"
)
train = previous.functions("05_training", "train")

# %% nbgrader={"grade": false, "grade_id": "encode", "locked": false, "schema_version": 3, "solution": true, "task": false}
def encode(theta, visible_size, hidden_size, data):
    """The features that a trained autoencoder has for some examples.

    data: (visible_size, m). Returns the activations of its hidden units,
    (hidden_size, m), as they are.
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

# %% nbgrader={"grade": false, "grade_id": "softmax_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_cost(theta, n_classes, n_features, lambda_, features, labels):
    """The cost of a classifier, and its gradient.

    theta: 1-D, W (n_classes, n_features) row by row, then b (n_classes,).
    features: (n_features, m). labels: (m,), whole numbers from 0 to
    n_classes - 1.

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
def scaled(known, new):
    """Both without the mean of what is known, and in its units."""
    mean = known.mean(axis=1, keepdims=True)
    unit = known.std(axis=1).mean()
    return (known - mean) / unit, (new - mean) / unit


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


# %%
def cut(images):
    """640 tiles of 64x64, their photographs, and whether each is a test."""
    tiles = images.reshape(10, 8, 64, 8, 64).swapaxes(2, 3)
    labels = np.repeat(np.arange(10), 64)
    row, column = np.divmod(np.arange(640) % 64, 8)
    return tiles.reshape(640, 64, 64), labels, (row + column) % 2 == 1


def windows(tiles):
    """225 patches of 8x8 in each tile, as columns: (64, 640 * 225)."""
    size = 8, 8
    views = np.lib.stride_tricks.sliding_window_view(tiles, size, (1, 2))
    return views[:, ::4, ::4].reshape(-1, 64).T


def pooled(features):
    """The mean of the 225 patches of each tile."""
    return features.reshape(len(features), 640, 225).mean(axis=2)
