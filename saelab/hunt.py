"""Six tampered versions of your own cost function, for the hunt in notebook 04.

Each is made from calls of your function with other parameters. Nothing here computes a cost or a
gradient by itself.
"""

from collections.abc import Callable

import numpy as np

from saelab.check.compare import consecutive
from saelab.typed import Array, Function

Costed = tuple[float, Array]
Change = Callable[[Array, float, Array, Array], Costed]


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
    weights = hidden_size * visible_size
    blocks = consecutive(W1=weights, W2=weights, b1=hidden_size, b2=visible_size)
    _, m = data.shape
    size = blocks["b2"].stop
    is_bias, times, order = np.zeros(size), np.ones(size), np.arange(size)
    is_bias[blocks["b1"].start :] = 1
    times[blocks["b2"]] = m
    order[blocks["W1"]] = order[blocks["W1"]].reshape(hidden_size, visible_size).T.ravel()

    def own(theta: Array, *weights: float) -> Costed:
        decay, sparsity = weights
        value, grad = sparse_cost(theta, visible_size, hidden_size, decay, rho, sparsity, data)
        return value, np.array(grad, dtype=float).reshape(size)

    def version(weights: tuple[float, float], change: Change) -> Function:
        # A name, a repr or a traceback does not tell what a suspect is guilty of: it is one
        # function for all, and has called yours before it changes anything.
        def suspect(theta: Array) -> Costed:
            value, grad = own(theta, lambda_, beta)
            other = grad if weights == (lambda_, beta) else own(theta, *weights)[1]
            return change(np.asarray(theta, dtype=float), value, grad, other)

        suspect.__qualname__ = suspect.__name__
        return suspect

    # With which weights of decay and sparsity your function is called once more, and what becomes
    # of theta, the cost, the gradient, and that other gradient.
    same = lambda_, beta
    versions: list[tuple[tuple[float, float], Change]] = [
        ((lambda_, 0.0), lambda x, J, grad, other: (J, other)),
        ((0.0, beta), lambda x, J, grad, other: (J, other)),
        (same, lambda x, J, grad, other: (J, times * grad)),
        (same, lambda x, J, grad, other: (
            J + lambda_ / 2 * float(is_bias @ x**2), grad + lambda_ * is_bias * x)),
        ((0.0, beta), lambda x, J, grad, other: (J, grad + (m - 1) * other)),
        (same, lambda x, J, grad, other: (J, grad[order])),
    ]  # fmt: skip
    return {letter: version(*each) for letter, each in zip("ABCDEF", versions)}
