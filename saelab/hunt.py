"""Six tampered versions of your own cost function, for the hunt in notebook 04.

Each is made from calls of your function with other parameters. Nothing here computes a cost or a
gradient by itself.
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
    """Make the versions A to F of your cost function.

    Args:
        sparse_cost: your function of notebook 03.
        visible_size: the number of inputs, passed on to your function like all that follow.
        hidden_size: the number of hidden units.
        lambda_: the weight decay.
        rho: the target activation.
        beta: the weight of the sparsity penalty.
        data: (visible_size, m), one example in each column.

    Returns:
        A dictionary from letter to function. Each function is called as suspect(theta), and returns
        (cost, grad).
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
