"""Right functions of notebook 03, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def average_activation(a2):
    return [sum(row) / len(row) for row in a2]


def average_activation(a2):
    return np.einsum("hm->h", a2) / a2.shape[1]


def average_activation(a2):
    return np.matrix(a2).mean(axis=1)


def average_activation(a2):
    print("averaging over", a2.shape[1], "examples")
    return tuple(np.float64(value) for value in np.dot(a2, np.ones(a2.shape[1])) / a2.shape[1])


def kl_divergence(rho, rho_hat):
    return [rho * np.log(rho / r) + (1 - rho) * np.log((1 - rho) / (1 - r)) for r in rho_hat]


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
    return tuple(rho * (own - odds) + np.log1p(-rho) - np.log1p(-rho_hat))


def sparsity_delta(rho, rho_hat, beta):
    return beta * (rho_hat - rho) / (rho_hat * (1 - rho_hat))


def sparsity_delta(rho, rho_hat, beta):
    return tuple(beta * (-rho / r + (1 - rho) / (1 - r)) for r in rho_hat)


def sparsity_delta(rho, rho_hat, beta):
    print("beta", beta)
    column = np.matrix(rho_hat).T
    return np.array(np.divide(beta * (1 - rho), 1 - column) - np.divide(beta * rho, column)).ravel()
