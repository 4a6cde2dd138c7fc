"""Right functions of notebooks 02 and 03, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):
    sigmoid = lambda z: 1 / (1 + np.exp(-z))
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    gW1, gW2, gb1, gb2 = lambda_ * W1, lambda_ * W2, 0 * b1, 0 * b2
    cost = lambda_ / 2 * sum(w**2 for w in theta[: 2 * W1.size])
    for x in data.T:
        a2 = sigmoid(W1 @ x + b1)
        a3 = sigmoid(W2 @ a2 + b2)
        cost += 0.5 * np.linalg.norm(a3 - x) ** 2 / m
        d3 = (a3 - x) * a3 * (1 - a3)
        d2 = (W2.T @ d3) * a2 * (1 - a2)
        gW1 += np.outer(d2, x) / m
        gW2 += np.outer(d3, a2) / m
        gb1 += d2 / m
        gb2 += d3 / m
    return [np.array(cost), [*gW1.flat, *gW2.flat, *gb1, *gb2]]


def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):
    W1, W2, b1, b2 = map(np.matrix, unpack_parameters(theta, visible_size, hidden_size))
    x = np.matrix(data.astype(np.float32))
    m = x.shape[1]
    a2 = 0.5 + 0.5 * np.tanh((W1 * x + b1.T) / 2)
    a3 = 0.5 + 0.5 * np.tanh((W2 * a2 + b2.T) / 2)
    cost = np.einsum("vm,vm->", a3 - x, a3 - x) / (2 * m)
    cost = np.matrix(cost + lambda_ / 2 * (np.power(W1, 2).sum() + np.power(W2, 2).sum()))
    d3 = np.multiply(a3 - x, np.multiply(a3, 1 - a3))
    d2 = np.multiply(W2.T * d3, np.multiply(a2, 1 - a2))
    grads = d2 * x.T / m + lambda_ * W1, d3 * a2.T / m + lambda_ * W2, d2.mean(1), d3.mean(1)
    return cost, np.hstack([g.reshape(1, -1) for g in grads])


def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):
    from scipy.special import expit

    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    x, m = data.T, len(data.T)  # examples in rows, biases folded in
    ones = np.ones((m, 1))
    x1 = np.concatenate([x, ones], axis=1)
    a1 = np.concatenate([expit(x1 @ np.c_[W1, b1].T), ones], axis=1)
    out = expit(a1 @ np.c_[W2, b2].T)
    d3 = (out - x) * out * (1 - out) / m
    d2 = (d3 @ W2) * (a1 * (1 - a1))[:, :-1]
    g1, g2 = d2.T @ x1, d3.T @ a1
    print(
        "cost",
        cost := ((out - x) ** 2).sum() / m / 2
        + lambda_ / 2 * (W1**2).sum()
        + lambda_ / 2 * (W2**2).sum(),
    )
    g1[:, :-1] += lambda_ * W1
    g2[:, :-1] += lambda_ * W2
    return np.float64(cost), np.r_[g1[:, :-1].flat, g2[:, :-1].flat, g1[:, -1], g2[:, -1]]


def sparse_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    sigmoid = lambda z: 1 / (1 + np.exp(-z))
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    gW1, gW2, gb1, gb2 = lambda_ * W1, lambda_ * W2, 0 * b1, 0 * b2
    cost = lambda_ / 2 * sum(w**2 for w in theta[: 2 * W1.size])
    r = sum(sigmoid(W1 @ x + b1) for x in data.T) / m
    cost += beta * sum(kl_divergence(rho, r))
    pull = sparsity_delta(rho, r, beta)
    for x in data.T:
        a2 = sigmoid(W1 @ x + b1)
        a3 = sigmoid(W2 @ a2 + b2)
        cost += 0.5 * np.linalg.norm(a3 - x) ** 2 / m
        d3 = (a3 - x) * a3 * (1 - a3)
        d2 = (W2.T @ d3 + pull) * a2 * (1 - a2)
        gW1 += np.outer(d2, x) / m
        gW2 += np.outer(d3, a2) / m
        gb1 += d2 / m
        gb2 += d3 / m
    return [np.array(cost), [*gW1.flat, *gW2.flat, *gb1, *gb2]]


def sparse_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    W1, W2, b1, b2 = map(np.matrix, unpack_parameters(theta, visible_size, hidden_size))
    x = np.matrix(data.astype(np.float32))
    m = x.shape[1]
    a2 = 0.5 + 0.5 * np.tanh((W1 * x + b1.T) / 2)
    a3 = 0.5 + 0.5 * np.tanh((W2 * a2 + b2.T) / 2)
    cost = np.einsum("vm,vm->", a3 - x, a3 - x) / (2 * m)
    cost = np.matrix(cost + lambda_ / 2 * (np.power(W1, 2).sum() + np.power(W2, 2).sum()))
    r = a2.mean(1)
    one, two = rho * np.log(rho / r), (1 - rho) * np.log((1 - rho) / (1 - r))
    cost += beta * float(np.sum(one + two))
    pull = beta * (-rho / r + (1 - rho) / (1 - r))
    d3 = np.multiply(a3 - x, np.multiply(a3, 1 - a3))
    d2 = np.multiply(W2.T * d3 + pull, np.multiply(a2, 1 - a2))
    grads = d2 * x.T / m + lambda_ * W1, d3 * a2.T / m + lambda_ * W2, d2.mean(1), d3.mean(1)
    return cost, np.hstack([g.reshape(1, -1) for g in grads])


def sparse_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    import warnings

    warnings.warn("einsum everywhere")
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    a2, a3 = feed_forward(theta, visible_size, hidden_size, data)
    a2, a3, m = np.asarray(a2), np.asarray(a3), np.array(data).shape[-1]
    rho_hat = np.asarray(average_activation(a2))
    cost = np.einsum("vm,vm", a3 - data, a3 - data) / 2 / m
    cost = cost + 0.5 * lambda_ * (np.vdot(W1, W1) + np.vdot(W2, W2))
    cost = cost + beta * np.sum(kl_divergence(rho, rho_hat))
    d3 = (a3 - data) * (a3 - a3**2)
    pull = beta * (rho_hat - rho) / (rho_hat - rho_hat**2)
    d2 = (np.einsum("vh,vm->hm", W2, d3) + pull[:, np.newaxis]) * (a2 - a2**2)
    W1_grad = np.einsum("hm,vm->hv", d2, data) / m + lambda_ * W1
    W2_grad = np.einsum("vm,hm->vh", d3, a2) / m + lambda_ * W2
    gradient = [*W1_grad.ravel(), *W2_grad.ravel(), *d2.sum(1) / m, *d3.sum(1) / m]
    return np.asarray(cost), tuple(gradient)
