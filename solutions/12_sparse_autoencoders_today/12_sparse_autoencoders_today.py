# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 12 Sparse autoencoders today: can one read a language model with this?

# %%
import numpy as np

# %%
from saelab import previous
from saelab.check import check

# %%
unpack_parameters = previous.functions("02_cost", "unpack_parameters")


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


# %%
def top_k_cost(theta, visible_size, hidden_size, k, data):
    """The mean squared error, halved, if k units speak; and its gradient."""
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    a2 = top_k(W1 @ data + b1[:, None], k)
    delta3 = W2 @ a2 + b2[:, None] - data
    delta2 = W2.T @ delta3 * (a2 > 0)
    grad = [delta2 @ data.T / m, delta3 @ a2.T / m]
    grad += [delta2.mean(axis=1), delta3.mean(axis=1)]
    cost = np.sum(delta3**2) / (2 * m)
    return cost, np.concatenate([g.ravel() for g in grad])


# %%
def random_start(visible_size, hidden_size, rng):
    """Columns of length 1 in W2, and the same as rows in W1; no biases."""
    W2 = rng.normal(size=(visible_size, hidden_size))
    W2 /= np.linalg.norm(W2, axis=0)
    biases = np.zeros(hidden_size + visible_size)
    return np.concatenate([W2.T.ravel(), W2.ravel(), biases])


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


# %%
def toy(m, rng):
    """Examples (32, m) out of 64 features, and the features (32, 64)."""
    features = rng.normal(size=(32, 64))
    features /= np.linalg.norm(features, axis=0)
    present = rng.random((64, m)) < 0.05
    return features @ (present * rng.uniform(0.5, 1.5, (64, m))), features


# %% nbgrader={"grade": false, "grade_id": "match_features", "locked": false, "schema_version": 3, "solution": true, "task": false}
def match_features(true, learned):
    """How many features were found, and how many are real.

    true: (d, N) and learned: (d, n), a feature in each column, of any length
    and sign; two match if the absolute value of their cosine is above 0.9.
    A column of zeros matches nothing.

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


# %%
def explained(theta, visible_size, hidden_size, data, activate):
    """The share of the variance that the output has, and the activations."""
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    a2 = activate(W1 @ data + b1[:, None])
    rest = data - W2 @ a2 - b2[:, None]
    centred = data - data.mean(axis=1, keepdims=True)
    return 1 - np.sum(rest**2) / np.sum(centred**2), a2


# %%
def purity(activations, words):
    """Of each row's 20 strongest words, the share of the commonest."""
    _, ids = np.unique(words, return_inverse=True)
    strongest = np.argsort(-activations, axis=1)[:, :20]
    return np.array([np.bincount(ids[row]).max() / 20 for row in strongest])
