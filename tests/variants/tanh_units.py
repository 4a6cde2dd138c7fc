"""Right functions of notebook 08, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def tanh_sparsity_delta(rho, rho_hat, beta):
    return 0.5 * beta * (-rho / rho_hat + (1 - rho) / (1 - rho_hat))


def tanh_sparsity_delta(rho, rho_hat, beta):
    terms = []
    for p in rho_hat:
        terms.append(beta / 2 * ((1 - rho) / (1 - p) - rho / p))
    return np.array(terms)


def tanh_sparsity_delta(rho, rho_hat, beta):
    # From the mean of a = 2 p - 1 itself.
    mean = 2 * np.asarray(rho_hat) - 1
    return beta * ((1 - rho) / (1 - mean) - rho / (1 + mean))


def tanh_sparsity_delta(rho, rho_hat, beta):
    return sparsity_delta(rho, rho_hat, 0.5 * beta)


def tanh_sparsity_delta(rho, rho_hat, beta):
    return beta / 2 * (rho_hat - rho) / (rho_hat * (1 - rho_hat))


def to_tanh(theta, visible_size, hidden_size):
    new = np.array(theta, dtype=float) / 2
    n = visible_size * hidden_size
    W2 = theta[n : 2 * n].reshape(visible_size, hidden_size)
    new[2 * n + hidden_size :] = theta[2 * n + hidden_size :] + 0.5 * W2 @ np.ones(hidden_size)
    return new


def to_tanh(theta, visible_size, hidden_size):
    W1, W2, b1, b2 = (block * 0.5 for block in unpack_parameters(theta, visible_size, hidden_size))
    b2 = 2 * b2 + np.einsum("vh->v", W2)
    return np.hstack([W1.flatten(), W2.flatten(), b1, b2])


def to_tanh(theta, visible_size, hidden_size):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    new = [w / 2 for w in W1.ravel()] + [w / 2 for w in W2.ravel()] + [b / 2 for b in b1]
    for i in range(visible_size):
        shift = 0.0
        for j in range(hidden_size):
            shift += W2[i, j] / 2
        new.append(b2[i] + shift)
    return np.array(new)


def to_tanh(theta, visible_size, hidden_size):
    theta = theta.copy()
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    W1 = 0.5 * W1
    W2 = 0.5 * W2
    return np.concatenate((W1.reshape(-1), W2.reshape(-1), 0.5 * b1, b2 + np.sum(W2, axis=1)))


def squared_penalty(rho, rho_hat, beta):
    value = sum(beta * (p - rho) ** 2 for p in rho_hat)
    return value, np.array([2 * beta * (p - rho) for p in rho_hat])


def squared_penalty(rho, rho_hat, beta):
    distance = rho - np.asarray(rho_hat)
    return beta * distance @ distance, -2 * beta * distance


def squared_penalty(rho, rho_hat, beta):
    value = beta * np.linalg.norm(rho_hat - rho) ** 2
    return [np.array(value), beta * (2 * rho_hat - 2 * rho)]


def tanh_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    z2 = np.einsum("hv,vm->hm", W1, data) + b1[:, np.newaxis]
    e, n = np.exp(z2), np.exp(-z2)
    a2 = (e - n) / (e + n)
    a3 = 1 / (1 + np.exp(-(W2 @ a2 + b2.reshape(-1, 1))))
    rho_hat = 0.5 + a2.mean(axis=1) / 2
    kl = rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))
    cost = 0.5 * np.mean(np.sum((a3 - data) ** 2, axis=0)) + beta * kl.sum()
    cost += 0.5 * lambda_ * (np.vdot(W1, W1) + np.vdot(W2, W2))
    delta3 = (a3 - data) * a3 * (1 - a3) / m
    pull = 0.5 * beta * (-rho / rho_hat + (1 - rho) / (1 - rho_hat)) / m
    delta2 = (W2.T @ delta3 + pull.reshape(-1, 1)) * (1 - a2) * (1 + a2)
    print("cost", cost)
    grads = delta2 @ data.T + lambda_ * W1, delta3 @ a2.T + lambda_ * W2
    return cost, np.hstack([g.ravel() for g in grads] + [delta2.sum(axis=1), delta3.sum(axis=1)])


def tanh_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    """The sigmoid network that is the same, and its gradient by the chain rule."""
    v, h = visible_size, hidden_size
    W1, W2, b1, b2 = unpack_parameters(theta, v, h)
    same = np.concatenate([2 * W1.ravel(), 2 * W2.ravel(), 2 * b1, b2 - W2.sum(axis=1)])
    cost, grad = sparse_autoencoder_cost(same, v, h, lambda_ / 4, rho, beta, data)
    g1, g2, gb1, gb2 = unpack_parameters(grad, v, h)
    g2 = 2 * g2 - gb2[:, None]
    return cost, np.concatenate([2 * g1.ravel(), g2.ravel(), 2 * gb1, gb2])


def tanh_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    """Examples one by one, after a first pass for rho_hat; p is taken for the unit."""
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    rho_hat = np.mean([sigmoid(2 * (W1 @ x + b1)) for x in data.T], axis=0)
    pull = tanh_sparsity_delta(rho, rho_hat, beta)
    cost = lambda_ / 2 * (np.sum(W1 * W1) + np.sum(W2 * W2))
    cost += beta * np.sum(kl_divergence(rho, rho_hat))
    gW1, gW2, gb1, gb2 = lambda_ * W1, lambda_ * W2, np.zeros(b1.shape), np.zeros(b2.shape)
    for x in data.T:
        p = sigmoid(2 * (W1 @ x + b1))
        a = 2 * p - 1
        y = sigmoid(W2 @ a + b2)
        cost += np.sum((y - x) ** 2) / (2 * m)
        d3 = (y - x) * y * (1 - y)
        d2 = (W2.T @ d3 + pull) * 4 * p * (1 - p)
        gW1 = gW1 + np.outer(d2, x) / m
        gW2 = gW2 + np.outer(d3, a) / m
        gb1 += d2 / m
        gb2 += d3 / m
    return np.array(cost), np.concatenate([gW1.ravel(), gW2.ravel(), gb1, gb2])


def tanh_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    """Examples in rows, and the slope by cosh."""
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    X = np.asarray(data, dtype=float).T
    m = len(X)
    Z = X @ W1.T + b1
    A = np.tanh(Z)
    Y = sigmoid(A @ W2.T + b2)
    rho_hat = (A.sum(axis=0) + m) / (2 * m)
    D3 = (Y - X) * Y * (1 - Y)
    D2 = (D3 @ W2 + tanh_sparsity_delta(rho, rho_hat, beta)) / np.cosh(Z) ** 2
    cost = np.sum((Y - X) ** 2) / 2 / m + lambda_ / 2 * np.sum(theta[: 2 * W1.size] ** 2)
    cost = cost + beta * kl_divergence(rho, rho_hat).sum()
    grad = np.concatenate([(D2.T @ X).ravel(), (D3.T @ A).ravel(), D2.sum(0), D3.sum(0)]) / m
    grad[: 2 * W1.size] += lambda_ * theta[: 2 * W1.size]
    return cost, grad
