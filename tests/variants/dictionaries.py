"""Right functions of notebook 12, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def relu_l1_cost(theta, visible_size, hidden_size, l1, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    gW1, gW2 = np.zeros(W1.shape), np.zeros(W2.shape)
    gb1, gb2 = np.zeros(b1.shape), np.zeros(b2.shape)
    cost = 0.0
    for x in data.T:
        z = W1.dot(x) + b1
        a = np.where(z > 0, z, 0)
        y = W2.dot(a) + b2
        cost += 0.5 * np.sum((y - x) ** 2) + l1 * a.sum()
        d3 = y - x
        d2 = (W2.T.dot(d3) + l1) * (z > 0)
        gW1 += np.outer(d2, x)
        gW2 += np.outer(d3, a)
        gb1 += d2
        gb2 += d3
    print("cost", cost / m)
    return np.array(cost / m), np.hstack([g.flatten() / m for g in (gW1, gW2, gb1, gb2)])


def relu_l1_cost(theta, visible_size, hidden_size, l1, data):
    n = hidden_size * visible_size
    W1 = theta[:n].reshape(hidden_size, visible_size)
    W2 = theta[n : 2 * n].reshape(visible_size, hidden_size)
    b1 = theta[2 * n : 2 * n + hidden_size].reshape(-1, 1)
    b2 = theta[2 * n + hidden_size :].reshape(-1, 1)
    z = np.einsum("hv,vm->hm", W1, data) + b1
    on = (z >= 0).astype(float)
    a = z * on
    r = np.einsum("vh,hm->vm", W2, a) + b2 - data
    J = 0.5 * np.mean(np.sum(r * r, axis=0)) + l1 * np.mean(np.abs(a).sum(axis=0))
    back = on * (l1 * np.sign(a) + np.einsum("vh,vm->hm", W2, r))
    m = data.shape[1]
    grad = np.zeros(theta.size)
    grad[:n] = np.einsum("hm,vm->hv", back, data).ravel() / m
    grad[n : 2 * n] = np.einsum("vm,hm->vh", r, a).ravel() / m
    grad[2 * n : 2 * n + hidden_size] = back.sum(axis=1) / m
    grad[2 * n + hidden_size :] = r.sum(axis=1) / m
    return J, grad


def relu_l1_cost(theta, visible_size, hidden_size, l1, data):
    """Biases folded in, examples in rows."""
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    X = np.hstack([data.T, np.ones((data.shape[1], 1))])
    A = np.clip(X @ np.vstack([W1.T, b1]), 0, None)
    A1 = np.hstack([A, np.ones((len(A), 1))])
    R = (A1 @ np.vstack([W2.T, b2]) - data.T) / len(X)
    cost = len(X) * np.square(R).sum() / 2 + l1 * A.sum() / len(X)
    D = np.heaviside(A, 0) * (R @ W2 + l1 / len(X))
    first, second = D.T @ X, R.T @ A1
    blocks = first[:, :-1], second[:, :-1], first[:, -1], second[:, -1]
    return cost, np.concatenate([np.ravel(block) for block in blocks])


def top_k(z, k):
    order = np.argsort(z, axis=0)[::-1]
    a = np.zeros_like(z)
    chosen = order[:k]
    np.put_along_axis(a, chosen, np.take_along_axis(z, chosen, axis=0), axis=0)
    a[a < 0] = 0
    return a


def top_k(z, k):
    kept = np.zeros(z.shape)
    for i in range(z.shape[1]):
        for j in sorted(range(z.shape[0]), key=lambda j: -z[j, i])[:k]:
            kept[j, i] = max(z[j, i], 0.0)
    return kept


def top_k(z, k):
    a = np.maximum(z, 0)
    return a * (a >= np.partition(a, -k, axis=0)[-k])


def top_k(z, k):
    ranks = (z[None, :, :] > z[:, None, :]).sum(axis=1)
    return np.where((ranks < k) & (z > 0), z, 0.0)


def match_features(true, learned):
    hits = np.zeros((true.shape[1], learned.shape[1]), dtype=bool)
    for i, f in enumerate(true.T):
        for j, g in enumerate(learned.T):
            length = np.sqrt(f @ f) * np.sqrt(g @ g)
            hits[i, j] = length > 0 and abs(f @ g) / length > 0.9
    recall = sum(any(row) for row in hits) / len(hits)
    precision = sum(any(column) for column in hits.T) / hits.shape[1]
    return [recall, precision]


def match_features(true, learned):
    with np.errstate(all="ignore"):
        cosines = (true / np.linalg.norm(true, axis=0)).T @ (
            learned / np.linalg.norm(learned, axis=0)
        )
    cosines = np.nan_to_num(np.abs(cosines))
    return np.mean(cosines.max(axis=1) > 0.9), np.mean(cosines.max(axis=0) > 0.9)


def match_features(true, learned):
    def unit(D):
        length = np.sqrt(np.einsum("ij,ij->j", D, D))
        return D / np.where(length > 0, length, 1.0)

    near = np.einsum("di,dj->ij", unit(true), unit(learned)) ** 2 > 0.81
    return (
        np.count_nonzero(near.sum(axis=1)) / true.shape[1],
        np.count_nonzero(near.sum(axis=0)) / learned.shape[1],
    )
