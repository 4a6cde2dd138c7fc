"""Right functions of notebook 02, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid(z):
    from scipy.special import expit

    return expit(z)


def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


def sigmoid(z):
    return np.vectorize(lambda x: 1 / (1 + np.exp(-x)))(z)


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) < 0, e, 1) / (1 + e)


def sigmoid(z):
    import warnings

    warnings.warn("exp may overflow")
    print("z is a", type(z).__name__)
    return np.reciprocal(1 + np.exp(np.negative(z)))


def initialize_parameters(visible_size, hidden_size, rng):
    def matrix():
        r = 6**0.5 / (visible_size + hidden_size + 1) ** 0.5
        return rng.random((hidden_size, visible_size)) * 2 * r - r

    W2, W1 = matrix().T, matrix()
    return np.r_[W1.ravel(), W2.ravel(), np.zeros(hidden_size), np.zeros(visible_size)]


def initialize_parameters(visible_size, hidden_size, rng):
    theta = np.zeros(2 * visible_size * hidden_size + hidden_size + visible_size)
    for i in range(2 * visible_size * hidden_size):
        theta[i] = rng.uniform(-1, 1) * np.sqrt(6 / (visible_size + hidden_size + 1))
    return list(theta)


def initialize_parameters(visible_size, hidden_size, rng):
    b1, b2 = [0] * hidden_size, (0,) * visible_size
    bound = np.float64(6 / (1 + hidden_size + visible_size)) ** 0.5
    W2 = (rng.random((visible_size, hidden_size)) - 0.5) * 2 * bound
    W1 = np.matrix(rng.uniform(-bound, bound, (hidden_size, visible_size)))
    return [*W1.A1, *W2.flat, *b1, *b2]


def unpack_parameters(theta, visible_size, hidden_size):
    v, h = visible_size, hidden_size
    W1, W2, b1, b2 = np.split(theta, np.cumsum([h * v, v * h, h]))
    return [np.reshape(W1, (h, v)), np.reshape(W2, (v, h)), b1, b2]


def unpack_parameters(theta, visible_size, hidden_size):
    rest = list(theta)
    take = lambda n: [rest.pop(0) for _ in range(n)]
    W1 = [take(visible_size) for _ in range(hidden_size)]
    W2 = [take(hidden_size) for _ in range(visible_size)]
    return W1, W2, take(hidden_size), tuple(take(visible_size))


def unpack_parameters(theta, visible_size, hidden_size):
    print(len(theta), "parameters")
    n = visible_size * hidden_size
    both = theta[: 2 * n].reshape(2, -1)
    W1 = np.matrix(both[0].reshape(-1, visible_size))
    W2 = both[1].reshape(visible_size, -1)
    return W1, W2, theta[-hidden_size - visible_size : -visible_size], theta[-visible_size:]


def feed_forward(theta, visible_size, hidden_size, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    a2, a3 = [], []
    for x in data.T:
        a2.append(sigmoid(W1.dot(x) + b1))
        a3.append(sigmoid(W2.dot(a2[-1]) + b2))
    return np.array(a2).T, np.array(a3).T


def feed_forward(theta, visible_size, hidden_size, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    W1, W2, x = np.matrix(W1), np.matrix(W2), np.matrix(data)
    a2 = sigmoid(W1 * x + np.matrix(b1).T)
    return a2, sigmoid(W2 * a2 + np.matrix(b2).T)


def feed_forward(theta, visible_size, hidden_size, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    ones = np.ones((data.shape[1], 1))  # biases folded in, examples in rows
    a2 = sigmoid(np.hstack([data.T, ones]) @ np.c_[W1, b1].T)
    return a2.T, sigmoid(np.hstack([a2, ones]) @ np.c_[W2, b2].T).T


def feed_forward(theta, visible_size, hidden_size, data):
    from scipy.special import expit

    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    a2 = expit(np.einsum("hv,vm->hm", W1, data) + b1.reshape(-1, 1))
    a3 = expit(np.einsum("vh,hm->vm", W2, a2) + np.tile(b2, (data.shape[1], 1)).T)
    return [a2.tolist(), a3.tolist()]
