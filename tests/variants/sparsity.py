"""Right functions of notebook 03, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def average_activation(a2):
    return np.array([sum(row) / len(row) for row in a2])


def average_activation(a2):
    return np.einsum("hm->h", a2) / a2.shape[1]


def average_activation(a2):
    return np.matrix(a2).mean(axis=1)


def average_activation(a2):
    print("averaging over", a2.shape[1], "examples")
    return np.dot(a2, np.ones(a2.shape[1])) / np.float64(a2.shape[1])


def kl_divergence(rho, rho_hat):
    return np.array(
        [rho * np.log(rho / r) + (1 - rho) * np.log((1 - rho) / (1 - r)) for r in rho_hat]
    )


def kl_divergence(rho, rho_hat):
    from scipy.special import rel_entr as kl

    return kl(rho, rho_hat) + kl(1 - rho, 1 - rho_hat)


def kl_divergence(rho, rho_hat):
    entropy = rho * np.log(rho) + (1 - rho) * np.log(1 - rho)
    return entropy - rho * np.log(rho_hat) - (1 - rho) * np.log(1 - rho_hat)


def kl_divergence(rho, rho_hat):
    import warnings

    warnings.warn("rho should be small")
    odds = np.log(rho_hat) - np.log1p(-rho_hat)
    own = np.log(rho) - np.log1p(-rho)
    return rho * (own - odds) + np.log1p(-rho) - np.log1p(-rho_hat)


def sparsity_delta(rho, rho_hat, beta):
    return beta * (rho_hat - rho) / (rho_hat * (1 - rho_hat))


def sparsity_delta(rho, rho_hat, beta):
    return np.array([beta * (-rho / r + (1 - rho) / (1 - r)) for r in rho_hat])


def sparsity_delta(rho, rho_hat, beta):
    print("beta", beta)
    column = np.matrix(rho_hat).T
    return np.array(np.divide(beta * (1 - rho), 1 - column) - np.divide(beta * rho, column)).ravel()


from functools import partial

average_activation = partial(np.mean, axis=1)


average_activation = lambda a2: a2.sum(axis=1) / a2.shape[1]


def average_activation(a2):
    hidden_size, m = a2.shape
    rho_hat = np.zeros(hidden_size)
    for i in range(m):
        rho_hat += a2[:, i] / m
    return rho_hat


def average_activation(a2):
    return np.average(a2, axis=-1)


def average_activation(a2):
    return np.mean(a2, axis=1, keepdims=True).ravel()


def average_activation(a2):
    return np.mean(a2.T, 0)


def average_activation(a2):
    m = a2.shape[1]
    return (a2 @ np.full((m, 1), 1 / m)).squeeze(axis=1)


def average_activation(a2):
    import statistics

    return np.fromiter((statistics.fmean(row) for row in a2), dtype=float)


def average_activation(a2):
    return np.apply_along_axis(np.mean, 1, a2)


def average_activation(a2):
    return np.add.reduce(a2, axis=1) * (1.0 / len(a2[0]))


def kl_divergence(rho, rho_hat):
    on = rho * np.log(rho / rho_hat)
    off = (1 - rho) * np.log((1 - rho) / (1 - rho_hat))
    return on + off


def kl_divergence(rho, rho_hat):
    return -rho * np.log(rho_hat / rho) - (1 - rho) * np.log((1 - rho_hat) / (1 - rho))


def kl_divergence(rho, rho_hat):
    result = np.zeros(rho_hat.shape)
    for j in range(rho_hat.size):
        result[j] = rho * np.log(rho / rho_hat[j])
        result[j] += (1 - rho) * np.log((1 - rho) / (1 - rho_hat[j]))
    return result


def kl_divergence(rho, rho_hat):
    import math

    one = lambda p, q: p * (math.log(p) - math.log(q))
    return np.array([one(rho, r) + one(1 - rho, 1 - r) for r in rho_hat.tolist()])


def kl_divergence(rho, rho_hat):
    p, q = np.array([rho, 1 - rho]), np.array([rho_hat, 1 - rho_hat])
    return p @ (np.log(p)[:, None] - np.log(q))


def kl_divergence(rho, rho_hat):
    p = np.stack([np.full_like(rho_hat, rho), np.full_like(rho_hat, 1 - rho)])
    q = np.stack([rho_hat, 1 - rho_hat])
    return np.sum(p * np.log(np.divide(p, q)), axis=0)


@np.vectorize
def divergence(rho, rho_hat):
    return rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))


kl_divergence = divergence


def kl_divergence(rho, rho_hat):
    from scipy.special import xlogy

    return xlogy(rho, rho / rho_hat) + xlogy(1 - rho, (1 - rho) / (1 - rho_hat))


def kl_divergence(rho, rho_hat):
    bits = rho * np.log2(rho / rho_hat) + (1 - rho) * np.log2((1 - rho) / (1 - rho_hat))
    return bits * np.log(2)


def sparsity_delta(rho, rho_hat, beta):
    return beta * ((1 - rho) / (1 - rho_hat) - rho / rho_hat)


def sparsity_delta(rho, rho_hat, beta):
    delta = np.zeros_like(rho_hat)
    for j, r in enumerate(rho_hat):
        delta[j] = beta * (-(rho / r) + (1 - rho) / (1 - r))
    return delta


sparsity_delta = lambda rho, rho_hat, beta: -beta * (rho / rho_hat - (1 - rho) / (1 - rho_hat))


def sparsity_delta(rho, rho_hat, beta):
    p, q = np.array([-rho, 1 - rho]), np.array([rho_hat, 1 - rho_hat])
    return beta * np.einsum("k,kh->h", p, 1 / q)


def sparsity_delta(rho, rho_hat, beta):
    on = -rho * np.reciprocal(rho_hat)
    off = (1 - rho) * np.reciprocal(1 - rho_hat)
    return np.multiply(beta, np.add(on, off))


def pull(rho, rho_hat):
    return (rho_hat - rho) / rho_hat / (1 - rho_hat)


def sparsity_delta(rho, rho_hat, beta):
    return beta * pull(rho, rho_hat)


def sparsity_delta(rho, rho_hat, beta):
    import warnings

    warnings.warn("beta is large")
    return np.array(list(map(lambda r: beta * (1 - rho) / (1 - r) - beta * rho / r, rho_hat)))


def sparsity_delta(rho, rho_hat, beta):
    result = np.divide(rho, rho_hat, dtype=np.float64)
    np.subtract(np.divide(1 - rho, 1 - rho_hat), result, out=result)
    result *= beta
    return result
