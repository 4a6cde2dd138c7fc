"""Right functions of notebook 07, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def streaming_average_activation(theta, visible_size, hidden_size, batches):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    sums = [
        (sigmoid(W1 @ batch + b1.reshape(-1, 1)).sum(axis=1), batch.shape[1]) for batch in batches()
    ]
    return sum(one for one, _ in sums) / sum(m for _, m in sums)


def streaming_average_activation(theta, visible_size, hidden_size, batches):
    W1, _, b1, _ = unpack_parameters(theta, visible_size, hidden_size)
    average, m = np.zeros(hidden_size), 0
    for batch in batches():
        if batch.shape[1] == 0:
            continue
        m += batch.shape[1]
        own = sigmoid(np.einsum("hv,vm->hm", W1, batch) + b1[:, None]).mean(axis=1)
        average += (own - average) * batch.shape[1] / m
    return average


def streaming_average_activation(theta, visible_size, hidden_size, batches):
    W1, _, b1, _ = unpack_parameters(theta, visible_size, hidden_size)
    totals, count = [0.0] * hidden_size, 0
    stream = batches()
    while True:
        try:
            batch = next(stream)
        except StopIteration:
            break
        for example in batch.T:
            for j in range(hidden_size):
                totals[j] += sigmoid(np.dot(W1[j], example) + b1[j])
            count += 1
    print("counted", count)
    return np.array(totals) / count


def streaming_average_activation(theta, visible_size, hidden_size, batches):
    def shares():
        for batch in batches():
            a2, _ = feed_forward(theta, visible_size, hidden_size, batch)
            yield np.append(a2.sum(axis=1), a2.shape[1])

    total = np.sum(np.stack(list(shares())), axis=0)
    return total[:-1] / total[-1]


def streaming_cost(theta, visible_size, hidden_size, lambda_, rho, beta, batches):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    rho_hat = streaming_average_activation(theta, visible_size, hidden_size, batches)
    pull = sparsity_delta(rho, rho_hat, beta).reshape(-1, 1)

    def shares(batch):
        a2, a3 = feed_forward(theta, visible_size, hidden_size, batch)
        d3 = (a3 - batch) * a3 * (1 - a3)
        d2 = (W2.T @ d3 + pull) * a2 * (1 - a2)
        gradient = [d2 @ batch.T, d3 @ a2.T, d2.sum(axis=1), d3.sum(axis=1)]
        return (
            np.sum((a3 - batch) ** 2),
            np.concatenate([g.ravel() for g in gradient]),
            len(batch.T),
        )

    found = [shares(batch) for batch in batches()]
    m = sum(k for _, _, k in found)
    weights = np.concatenate([W1.ravel(), W2.ravel()])
    cost = sum(error for error, _, _ in found) / (2 * m) + lambda_ / 2 * weights @ weights
    decay = np.append(lambda_ * weights, np.zeros(hidden_size + visible_size))
    penalty = beta * kl_divergence(rho, rho_hat).sum()
    return cost + penalty, sum(g for _, g, _ in found) / m + decay


def streaming_cost(theta, visible_size, hidden_size, lambda_, rho, beta, batches):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    total, m = 0, 0
    for batch in batches():
        total = total + feed_forward(theta, visible_size, hidden_size, batch)[0].sum(axis=1)
        m += batch.shape[1]
    rho_hat = total / m
    pull = sparsity_delta(rho, rho_hat, beta)
    cost = lambda_ / 2 * (np.sum(W1**2) + np.sum(W2**2))
    cost += beta * np.sum(kl_divergence(rho, rho_hat))
    gradient = [lambda_ * W1, lambda_ * W2, np.zeros(hidden_size), np.zeros(visible_size)]
    for batch in batches():
        share = batch.shape[1] / m
        if not share:
            continue
        a2, a3 = feed_forward(theta, visible_size, hidden_size, batch)
        delta3 = (a3 - batch) * a3 * (1 - a3)
        back = np.einsum("vh,vm->hm", W2, delta3)
        delta2 = (back + pull[:, np.newaxis]) * a2 * (1 - a2)
        cost += share * np.mean(np.sum((a3 - batch) ** 2, axis=0)) / 2
        # The share of each example by itself.
        gradient[0] = gradient[0] + share * np.einsum("hm,vm->mhv", delta2, batch).mean(axis=0)
        gradient[1] = gradient[1] + share * np.einsum("vm,hm->mvh", delta3, a2).mean(axis=0)
        gradient[2] = gradient[2] + share * delta2.mean(axis=1)
        gradient[3] = gradient[3] + share * delta3.mean(axis=1)
    return cost, np.concatenate([np.ravel(block) for block in gradient])


def streaming_cost(theta, visible_size, hidden_size, lambda_, rho, beta, batches):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    rho_hat = streaming_average_activation(theta, visible_size, hidden_size, batches)
    pull = sparsity_delta(rho, rho_hat, beta)
    error, m = 0.0, 0
    gW1, gW2 = np.zeros(W1.shape), np.zeros(W2.shape)
    gb1, gb2 = np.zeros(b1.shape), np.zeros(b2.shape)
    for batch in batches():
        for x in batch.T:
            a = sigmoid(W1 @ x + b1)
            y = sigmoid(W2 @ a + b2)
            error += 0.5 * np.sum((y - x) ** 2)
            d3 = (y - x) * y * (1 - y)
            d2 = (W2.T @ d3 + pull) * a * (1 - a)
            gW1 += np.outer(d2, x)
            gW2 += np.outer(d3, a)
            gb1 += d2
            gb2 += d3
            m += 1
    cost = error / m + lambda_ / 2 * (np.sum(W1 * W1) + np.sum(W2 * W2))
    cost = cost + beta * np.sum(kl_divergence(rho, rho_hat))
    grad = [gW1 / m + lambda_ * W1, gW2 / m + lambda_ * W2, gb1 / m, gb2 / m]
    return np.array(cost), np.hstack([g.flatten() for g in grad])


def streaming_cost(theta, visible_size, hidden_size, lambda_, rho, beta, batches):
    """Each batch's own cost without sparsity, from notebook 03, and the sparsity beside it."""
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    rho_hat = streaming_average_activation(theta, visible_size, hidden_size, batches)
    pull = sparsity_delta(rho, rho_hat, beta)[:, None]
    h, v = hidden_size, visible_size
    cost, grad, m = 0.0, np.zeros(theta.size), 0
    for batch in batches():
        k = batch.shape[1]
        if k == 0:
            continue
        J, g = sparse_autoencoder_cost(theta, v, h, lambda_, rho, 0.0, batch)
        a2 = sigmoid(W1 @ batch + b1[:, None])
        slope = pull * a2 * (1 - a2)
        g[: h * v] += (slope @ batch.T).ravel() / k
        g[2 * h * v : 2 * h * v + h] += slope.sum(axis=1) / k
        cost += k * J
        grad += k * g
        m += k
    return cost / m + beta * kl_divergence(rho, rho_hat).sum(), grad / m
