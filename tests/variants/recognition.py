"""Right functions of notebook 10, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def encode(theta, visible_size, hidden_size, data):
    a2, _ = feed_forward(theta, visible_size, hidden_size, data)
    return a2


def encode(theta, visible_size, hidden_size, data):
    n = hidden_size * visible_size
    W1 = np.reshape(theta[:n], (hidden_size, visible_size))
    b1 = theta[2 * n : 2 * n + hidden_size]
    columns = [1 / (1 + np.exp(-(np.dot(W1, x) + b1))) for x in np.transpose(data)]
    return np.array(columns).T


def encode(theta, visible_size, hidden_size, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    augmented = np.vstack([data, np.ones((1, data.shape[1]))])
    z = np.einsum("hv,vm->hm", np.hstack([W1, b1.reshape(-1, 1)]), augmented)
    print("features of", z.shape)
    return (np.tanh(z / 2) + 1) / 2


from scipy.special import expit


def encode(theta, visible_size, hidden_size, data):
    W1, _, b1, _ = unpack_parameters(theta, visible_size, hidden_size)
    features = np.empty((hidden_size, data.shape[1]))
    for i in range(data.shape[1]):
        for j in range(hidden_size):
            features[j, i] = expit(sum(W1[j] * data[:, i]) + b1[j])
    return features


from scipy.special import logsumexp


def softmax_cost(theta, n_classes, n_features, lambda_, features, labels):
    W = np.reshape(theta[: n_classes * n_features], (n_classes, n_features))
    b = theta[n_classes * n_features :]
    s = W @ features + b.reshape(-1, 1)
    log_p = s - logsumexp(s, axis=0, keepdims=True)
    Y = (np.arange(n_classes)[:, None] == labels).astype(float)
    m = len(labels)
    cost = -np.sum(Y * log_p) / m + 0.5 * lambda_ * np.sum(W * W)
    d = (np.exp(log_p) - Y) / m
    return cost, np.hstack([(d @ features.T + lambda_ * W).flatten(), d.sum(axis=1)])


def softmax_cost(theta, n_classes, n_features, lambda_, features, labels):
    """Example by example, in loops."""
    W = [theta[k * n_features : (k + 1) * n_features] for k in range(n_classes)]
    b = theta[-n_classes:]
    m = features.shape[1]
    cost = 0.0
    gW, gb = np.zeros((n_classes, n_features)), np.zeros(n_classes)
    for i in range(m):
        x, y = features[:, i], int(labels[i])
        s = np.array([np.dot(W[k], x) + b[k] for k in range(n_classes)])
        e = np.exp(s - max(s))
        p = e / e.sum()
        cost += (max(s) - s[y] + np.log(e.sum())) / m
        for k in range(n_classes):
            delta = p[k] - (k == y)
            gW[k] += delta * x / m
            gb[k] += delta / m
    for k in range(n_classes):
        cost += lambda_ / 2 * np.sum(W[k] ** 2)
        gW[k] += lambda_ * W[k]
    return cost, np.concatenate([gW.ravel(), gb])


def softmax_cost(theta, n_classes, n_features, lambda_, features, labels):
    """With examples in rows, and biases folded in."""
    m = len(labels)
    X = np.column_stack([features.T, np.ones(m)])
    V = np.column_stack([theta[:-n_classes].reshape(n_classes, n_features), theta[-n_classes:]])
    Z = X @ V.T
    log_total = np.logaddexp.reduce(Z, axis=1)
    own = Z[np.arange(m), labels]
    P = np.exp(Z - log_total[:, None])
    P[np.arange(m), labels] -= 1
    G = P.T @ X / m
    decayed = np.where(np.arange(n_features + 1) < n_features, V, 0)
    G += lambda_ * decayed
    cost = np.average(log_total - own) + lambda_ / 2 * np.linalg.norm(decayed) ** 2
    return np.array(cost), np.append(G[:, :-1].ravel(), G[:, -1])


from scipy.special import log_softmax, softmax


def softmax_cost(theta, n_classes, n_features, lambda_, features, labels):
    W, b = np.split(theta, [n_classes * n_features])
    W = W.reshape(n_classes, -1)
    scores = np.einsum("kd,dm->km", W, features) + b[:, np.newaxis]
    onehot = np.zeros_like(scores)
    onehot[labels, range(len(labels))] = 1
    loss = -(onehot * log_softmax(scores, axis=0)).sum(axis=0).mean()
    error = softmax(scores, axis=0) - onehot
    grad_W = np.mean([np.outer(e, x) for e, x in zip(error.T, features.T)], axis=0)
    return [loss + lambda_ * np.sum(W**2) / 2, np.r_[(grad_W + lambda_ * W).ravel(), error.mean(1)]]
