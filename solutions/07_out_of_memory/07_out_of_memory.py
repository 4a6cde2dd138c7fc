# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 07 Out of memory: how does one learn from more examples than fit?

# %% [markdown]
# > **You will write** `streaming_average_activation` and `streaming_cost`.
# >
# > **Points** 9 by tests · **Builds on** notebooks 02 and 03.

# %%
import numpy as np

from saelab import previous
from saelab.check import check

# %%
sigmoid, unpack_parameters, feed_forward = previous.functions(
    "02_cost", "sigmoid", "unpack_parameters", "feed_forward"
)
kl_divergence, sparsity_delta, sparse_autoencoder_cost = previous.functions(
    "03_kl_delta", "kl_divergence", "sparsity_delta", "sparse_autoencoder_cost"
)

# %% [markdown]
# ### Write `streaming_average_activation`


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

# %% [markdown]
# ### Write `streaming_cost`


# %% nbgrader={"grade": false, "grade_id": "streaming_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def streaming_cost(
    theta, visible_size, hidden_size, lambda_, rho, beta, batches
):
    """The sparse autoencoder's cost of a stream, and its gradient.

    batches: batches() returns a new iterator over arrays (visible_size, m_k);
    the m_k differ, and may be 0. It is called twice. No batch is kept.

    Returns (cost, grad), grad shaped like theta, as sparse_autoencoder_cost.
    """
    ### BEGIN SOLUTION
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    rho_hat = streaming_average_activation(
        theta, visible_size, hidden_size, batches
    )
    extra = sparsity_delta(rho, rho_hat, beta)[:, None]
    error, m = 0.0, 0
    sums = [np.zeros_like(block) for block in (W1, W2, b1, b2)]
    for batch in batches():
        a2, a3 = feed_forward(theta, visible_size, hidden_size, batch)
        delta3 = (a3 - batch) * a3 * (1 - a3)
        delta2 = (W2.T @ delta3 + extra) * a2 * (1 - a2)
        error += np.sum((a3 - batch) ** 2) / 2
        sums[0] += delta2 @ batch.T
        sums[1] += delta3 @ a2.T
        sums[2] += delta2.sum(axis=1)
        sums[3] += delta3.sum(axis=1)
        m += batch.shape[1]
    cost = error / m + lambda_ / 2 * (np.sum(W1**2) + np.sum(W2**2))
    cost += beta * np.sum(kl_divergence(rho, rho_hat))
    W1_grad, W2_grad, b1_grad, b2_grad = (total / m for total in sums)
    W1_grad += lambda_ * W1
    W2_grad += lambda_ * W2
    blocks = W1_grad, W2_grad, b1_grad, b2_grad
    return cost, np.concatenate([block.ravel() for block in blocks])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-streaming_cost", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
check(streaming_cost)

# %% nbgrader={"grade": true, "grade_id": "test-streaming_cost", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# 6 points: the cost, the gradients of W1, W2, b1 and b2, and the memory 1 each.
### BEGIN HIDDEN TESTS
from autograder.exercises.marks import hidden_test

hidden_test(streaming_cost, cost=1, W1=1, W2=1, b1=1, b2=1, memory=1)
### END HIDDEN TESTS
