"""Six tampered versions of a reader's own cost function, for the hunt in notebook 04.

Each is made from calls of the reader's function with other parameters; nothing here computes a
cost or a gradient by itself.
"""

import numpy as np

from saelab.check.compare import parameter_blocks
from saelab.typed import Array, Function

Costed = tuple[float, Array]


def suspects(
    sparse_cost: Function,
    visible_size: int,
    hidden_size: int,
    lambda_: float,
    rho: float,
    beta: float,
    data: Array,
) -> dict[str, Function]:
    """Versions A to F of a cost function: a dictionary from letter to function.

    sparse_cost: the function of notebook 03; the other arguments are what it is called with.
    Each version is called as suspect(theta) and returns (cost, grad).
    """
    blocks = parameter_blocks(visible_size, hidden_size)
    _, m = data.shape

    def right(theta: Array, lambda_: float = lambda_, beta: float = beta) -> Costed:
        value, grad = sparse_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data)
        return value, np.array(grad, dtype=float)

    def without_sparsity(theta: Array) -> Costed:
        return right(theta)[0], right(theta, beta=0.0)[1]

    def without_decay(theta: Array) -> Costed:
        return right(theta)[0], right(theta, lambda_=0.0)[1]

    def summed_bias(theta: Array) -> Costed:
        value, grad = right(theta)
        grad[blocks["b2"]] *= m
        return value, grad

    def decayed_biases(theta: Array) -> Costed:
        value, grad = right(theta)
        for name in ("b1", "b2"):
            bias = theta[blocks[name]]
            value += lambda_ / 2 * float(bias @ bias)
            grad[blocks[name]] += lambda_ * bias
        return value, grad

    def summed_examples(theta: Array) -> Costed:
        value, grad = right(theta)
        _, of_examples = right(theta, lambda_=0.0)
        return value, grad + (m - 1) * of_examples

    def by_columns(theta: Array) -> Costed:
        value, grad = right(theta)
        W1 = grad[blocks["W1"]].reshape(hidden_size, visible_size)
        grad[blocks["W1"]] = W1.T.ravel()
        return value, grad

    versions = (
        without_sparsity, without_decay, summed_bias, decayed_biases, summed_examples, by_columns
    )  # fmt: skip
    return dict(zip("ABCDEF", versions))
