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
    return np.array(cost), np.array([*gW1.flat, *gW2.flat, *gb1, *gb2])


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
    return np.array(cost), np.array([*gW1.flat, *gW2.flat, *gb1, *gb2])


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
    return np.asarray(cost), np.array(gradient)


def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):
    n = visible_size * hidden_size
    W1 = theta[:n].reshape(hidden_size, visible_size)
    W2 = theta[n : 2 * n].reshape(visible_size, hidden_size)
    b1, b2 = theta[2 * n : 2 * n + hidden_size], theta[2 * n + hidden_size :]
    m = data.shape[1]
    a2 = 1 / (1 + np.exp(-(np.dot(W1, data) + b1[:, None])))
    a3 = 1 / (1 + np.exp(-(np.dot(W2, a2) + b2[:, None])))
    diff = data - a3
    J = 0.5 / m * np.sum(diff * diff) + 0.5 * lambda_ * (np.sum(W1 * W1) + np.sum(W2 * W2))
    delta3 = -diff * a3 * (1 - a3)
    delta2 = np.dot(W2.T, delta3) * a2 * (1 - a2)
    grad = np.zeros_like(theta)
    grad[:n] = (np.dot(delta2, data.T) / m + lambda_ * W1).ravel()
    grad[n : 2 * n] = (np.dot(delta3, a2.T) / m + lambda_ * W2).ravel()
    grad[2 * n : 2 * n + hidden_size] = np.sum(delta2, axis=1) / m
    grad[2 * n + hidden_size :] = np.sum(delta3, axis=1) / m
    return J, grad


def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    a2, a3 = feed_forward(theta, visible_size, hidden_size, data)
    reconstruction = np.mean(np.sum((a3 - data) ** 2, axis=0)) / 2
    decay = 0.5 * lambda_ * np.dot(theta[: -visible_size - hidden_size], theta[: 2 * W1.size])
    d3 = (a3 - data) * a3 * (1 - a3) / m
    d2 = (W2.T @ d3) * a2 * (1 - a2)
    pieces = [d2 @ data.T + lambda_ * W1, d3 @ a2.T + lambda_ * W2, d2.sum(1), d3.sum(1)]
    return reconstruction + decay, np.concatenate([p.flatten() for p in pieces])


def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    examples = data.T
    m = len(examples)
    forward = [feed_forward(theta, visible_size, hidden_size, x[:, None]) for x in examples]
    errors = [np.linalg.norm(a3[:, 0] - x) ** 2 / 2 for (_, a3), x in zip(forward, examples)]
    cost = sum(errors) / m + lambda_ / 2 * (np.linalg.norm(W1) ** 2 + np.linalg.norm(W2) ** 2)
    gW1, gW2 = np.zeros(W1.shape), np.zeros(W2.shape)
    gb1, gb2 = np.zeros(b1.shape), np.zeros(b2.shape)
    for (a2, a3), x in zip(forward, examples):
        a2, a3 = a2[:, 0], a3[:, 0]
        d3 = -(x - a3) * a3 * (1 - a3)
        d2 = np.dot(W2.T, d3) * a2 * (1 - a2)
        gW1 = gW1 + np.outer(d2, x)
        gW2 = gW2 + np.outer(d3, a2)
        gb1 = gb1 + d2
        gb2 = gb2 + d3
    gW1, gW2 = gW1 / m + lambda_ * W1, gW2 / m + lambda_ * W2
    return float(cost), np.r_[gW1.ravel(), gW2.ravel(), gb1 / m, gb2 / m]


def slope_of(a):
    return a * (1 - a)


def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):
    from collections import namedtuple

    Result = namedtuple("Result", "cost grad")
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    a2, a3 = map(np.asfortranarray, feed_forward(theta, visible_size, hidden_size, data))
    error = a3 - data
    cost = np.mean(0.5 * np.square(error).sum(axis=0)) + lambda_ / 2 * sum(
        np.square(W).sum() for W in (W1, W2)
    )
    delta3 = error * slope_of(a3)
    delta2 = np.matmul(W2.T, delta3) * slope_of(a2)
    mean = lambda a, b: np.matmul(a, b.T) / data.shape[1]
    one = np.ones((1, data.shape[1]))
    grads = (
        mean(delta2, data) + lambda_ * W1,
        mean(delta3, a2) + lambda_ * W2,
        mean(delta2, one),
        mean(delta3, one),
    )
    return Result(np.float64(cost), np.hstack([np.ravel(g) for g in grads]))


def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):
    print("J of", data.shape)
    W1, W2, _, _ = unpack_parameters(theta, visible_size, hidden_size)
    m, weights = data.shape[1], 2 * visible_size * hidden_size
    a2, a3 = feed_forward(theta, visible_size, hidden_size, data)
    decayed = np.where(np.arange(theta.size) < weights, theta, 0)
    cost = ((a3 - data) ** 2).sum() / m / 2 + lambda_ * (decayed @ decayed) / 2
    d3 = (a3 - data) * (a3 - a3 * a3)
    d2 = (np.tensordot(W2, d3, axes=(0, 0))) * (a2 - a2 * a2)
    grad = np.block(
        [
            np.tensordot(d2, data, axes=(1, 1)).reshape(-1),
            np.tensordot(d3, a2, axes=(1, 1)).reshape(-1),
            np.einsum("hm->h", d2),
            np.einsum("vm->v", d3),
        ]
    )
    return cost, grad / m + lambda_ * decayed


def sparse_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    n = visible_size * hidden_size
    W1 = theta[:n].reshape(hidden_size, visible_size)
    W2 = theta[n : 2 * n].reshape(visible_size, hidden_size)
    b1, b2 = theta[2 * n : 2 * n + hidden_size], theta[2 * n + hidden_size :]
    m = data.shape[1]
    a2 = 1 / (1 + np.exp(-(np.dot(W1, data) + b1[:, None])))
    a3 = 1 / (1 + np.exp(-(np.dot(W2, a2) + b2[:, None])))
    r = np.sum(a2, axis=1) / m
    kl = rho * np.log(rho / r) + (1 - rho) * np.log((1 - rho) / (1 - r))
    diff = data - a3
    J = 0.5 / m * np.sum(diff * diff) + 0.5 * lambda_ * (np.sum(W1 * W1) + np.sum(W2 * W2))
    J += beta * np.sum(kl)
    delta3 = -diff * a3 * (1 - a3)
    delta2 = (
        (np.dot(W2.T, delta3) + beta * (-rho / r + (1 - rho) / (1 - r))[:, None]) * a2 * (1 - a2)
    )
    grad = np.zeros_like(theta)
    grad[:n] = (np.dot(delta2, data.T) / m + lambda_ * W1).ravel()
    grad[n : 2 * n] = (np.dot(delta3, a2.T) / m + lambda_ * W2).ravel()
    grad[2 * n : 2 * n + hidden_size] = np.sum(delta2, axis=1) / m
    grad[2 * n + hidden_size :] = np.sum(delta3, axis=1) / m
    return J, grad


def sparse_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    a2, a3 = feed_forward(theta, visible_size, hidden_size, data)
    rho_hat = average_activation(a2)
    penalty = beta * kl_divergence(rho, rho_hat).sum()
    reconstruction = np.mean(np.sum((a3 - data) ** 2, axis=0)) / 2
    decay = 0.5 * lambda_ * np.dot(theta[: -visible_size - hidden_size], theta[: 2 * W1.size])
    d3 = (a3 - data) * a3 * (1 - a3) / m
    d2 = (W2.T @ d3 + sparsity_delta(rho, rho_hat, beta)[:, None] / m) * a2 * (1 - a2)
    pieces = [d2 @ data.T + lambda_ * W1, d3 @ a2.T + lambda_ * W2, d2.sum(1), d3.sum(1)]
    return reconstruction + decay + penalty, np.concatenate([p.flatten() for p in pieces])


def sparse_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    examples = data.T
    m = len(examples)
    forward = [feed_forward(theta, visible_size, hidden_size, x[:, None]) for x in examples]
    rho_hat = sum(a2[:, 0] for a2, _ in forward) / m
    errors = [np.linalg.norm(a3[:, 0] - x) ** 2 / 2 for (_, a3), x in zip(forward, examples)]
    cost = sum(errors) / m + lambda_ / 2 * (np.linalg.norm(W1) ** 2 + np.linalg.norm(W2) ** 2)
    cost += beta * sum(kl_divergence(rho, rho_hat))
    gW1, gW2 = np.zeros(W1.shape), np.zeros(W2.shape)
    gb1, gb2 = np.zeros(b1.shape), np.zeros(b2.shape)
    for (a2, a3), x in zip(forward, examples):
        a2, a3 = a2[:, 0], a3[:, 0]
        d3 = -(x - a3) * a3 * (1 - a3)
        d2 = (np.dot(W2.T, d3) + sparsity_delta(rho, rho_hat, beta)) * a2 * (1 - a2)
        gW1 = gW1 + np.outer(d2, x)
        gW2 = gW2 + np.outer(d3, a2)
        gb1 = gb1 + d2
        gb2 = gb2 + d3
    gW1, gW2 = gW1 / m + lambda_ * W1, gW2 / m + lambda_ * W2
    return float(cost), np.r_[gW1.ravel(), gW2.ravel(), gb1 / m, gb2 / m]


def slope_of(a):
    return a * (1 - a)


def sparse_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    from collections import namedtuple

    Result = namedtuple("Result", "cost grad")
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    a2, a3 = map(np.asfortranarray, feed_forward(theta, visible_size, hidden_size, data))
    rho_hat = a2.mean(axis=1, keepdims=True)
    error = a3 - data
    cost = np.mean(0.5 * np.square(error).sum(axis=0)) + lambda_ / 2 * sum(
        np.square(W).sum() for W in (W1, W2)
    )
    cost += beta * np.sum(kl_divergence(rho, rho_hat[:, 0]))
    delta3 = error * slope_of(a3)
    delta2 = (np.matmul(W2.T, delta3) + beta * (rho_hat - rho) / slope_of(rho_hat)) * slope_of(a2)
    mean = lambda a, b: np.matmul(a, b.T) / data.shape[1]
    one = np.ones((1, data.shape[1]))
    grads = (
        mean(delta2, data) + lambda_ * W1,
        mean(delta3, a2) + lambda_ * W2,
        mean(delta2, one),
        mean(delta3, one),
    )
    return Result(np.float64(cost), np.hstack([np.ravel(g) for g in grads]))


def sparse_autoencoder_cost(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    print("J of", data.shape)
    W1, W2, _, _ = unpack_parameters(theta, visible_size, hidden_size)
    m, weights = data.shape[1], 2 * visible_size * hidden_size
    a2, a3 = feed_forward(theta, visible_size, hidden_size, data)
    rho_hat = np.average(a2, axis=1)
    decayed = np.where(np.arange(theta.size) < weights, theta, 0)
    cost = ((a3 - data) ** 2).sum() / m / 2 + lambda_ * (decayed @ decayed) / 2
    cost += np.dot(np.full(hidden_size, beta), kl_divergence(rho, rho_hat))
    d3 = (a3 - data) * (a3 - a3 * a3)
    d2 = (
        np.tensordot(W2, d3, axes=(0, 0)) + np.tile(sparsity_delta(rho, rho_hat, beta), (m, 1)).T
    ) * (a2 - a2 * a2)
    grad = np.block(
        [
            np.tensordot(d2, data, axes=(1, 1)).reshape(-1),
            np.tensordot(d3, a2, axes=(1, 1)).reshape(-1),
            np.einsum("hm->h", d2),
            np.einsum("vm->v", d3),
        ]
    )
    return cost, grad / m + lambda_ * decayed


def cost_and_gradient(theta, visible_size, hidden_size, lambda_, rho, beta, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    a2, a3 = feed_forward(theta, visible_size, hidden_size, data)
    rho_hat = average_activation(a2)
    cost = np.sum((a3 - data) ** 2) / (2 * m) + lambda_ / 2 * (np.sum(W1**2) + np.sum(W2**2))
    cost += beta * np.sum(kl_divergence(rho, rho_hat))
    d3 = (a3 - data) * a3 * (1 - a3)
    d2 = (W2.T @ d3 + sparsity_delta(rho, rho_hat, beta)[:, None]) * a2 * (1 - a2)
    grads = d2 @ data.T / m + lambda_ * W1, d3 @ a2.T / m + lambda_ * W2, d2.mean(1), d3.mean(1)
    return cost, np.concatenate([g.ravel() for g in grads])


sparse_autoencoder_cost = cost_and_gradient
