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
    return np.array(list(theta))


def initialize_parameters(visible_size, hidden_size, rng):
    b1, b2 = [0] * hidden_size, (0,) * visible_size
    bound = np.float64(6 / (1 + hidden_size + visible_size)) ** 0.5
    W2 = (rng.random((visible_size, hidden_size)) - 0.5) * 2 * bound
    W1 = np.matrix(rng.uniform(-bound, bound, (hidden_size, visible_size)))
    return np.array([*W1.A1, *W2.flat, *b1, *b2])


def unpack_parameters(theta, visible_size, hidden_size):
    v, h = visible_size, hidden_size
    W1, W2, b1, b2 = np.split(theta, np.cumsum([h * v, v * h, h]))
    return [np.reshape(W1, (h, v)), np.reshape(W2, (v, h)), b1, b2]


def unpack_parameters(theta, visible_size, hidden_size):
    rest = list(theta)
    take = lambda n: np.array([rest.pop(0) for _ in range(n)])
    W1 = np.stack([take(visible_size) for _ in range(hidden_size)])
    W2 = np.stack([take(hidden_size) for _ in range(visible_size)])
    return W1, W2, take(hidden_size), take(visible_size)


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
    return [a2, a3]


from functools import partial


def logistic(z, steepness):
    return 1 / (1 + np.exp(-steepness * z))


sigmoid = partial(logistic, steepness=1.0)


def logistic(z):
    return np.exp(-np.logaddexp(0, -z))


sigmoid = logistic


def quiet(function):
    def wrapper(*args, **kwargs):
        with np.errstate(all="ignore"):
            return function(*args, **kwargs)

    return wrapper


@quiet
def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


sigmoid = lambda z: (1 + np.exp(-z)) ** -1


class Sigmoid:
    def __call__(self, z):
        return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


sigmoid = Sigmoid()


def sigmoid(z: np.ndarray) -> np.ndarray:
    z = np.asarray(z, dtype=np.float64)
    out = np.empty_like(z)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    exp_z = np.exp(z[~positive])
    out[~positive] = exp_z / (1 + exp_z)
    return out


def sigmoid(z):
    from math import exp

    def one(x):
        return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))

    if np.ndim(z) == 0:
        return one(float(z))
    return np.array([one(x) for x in np.ravel(z)]).reshape(np.shape(z))


def sigmoid(z):
    denominator = np.add(1, np.power(np.e, np.multiply(-1, z)))
    return np.divide(1, denominator)


def initialize_parameters(visible_size, hidden_size, rng):
    one, two = rng.spawn(2)
    r = np.sqrt(6 / (visible_size + hidden_size + 1))
    n = visible_size * hidden_size
    both = one.uniform(-r, r, n), rng.permuted(two.uniform(-r, r, n))
    return np.concatenate([*both, np.zeros(visible_size + hidden_size)])


def initialize_parameters(visible_size, hidden_size, rng):
    r = np.sqrt(6) / np.sqrt(hidden_size + visible_size + 1)
    W1 = rng.random((hidden_size, visible_size)) * 2 * r - r
    W2 = rng.random((visible_size, hidden_size)) * 2 * r - r
    b1 = np.zeros((hidden_size, 1))
    b2 = np.zeros((visible_size, 1))
    return np.hstack((W1.flatten(), W2.flatten(), b1.flatten(), b2.flatten()))


def initialize_parameters(visible_size, hidden_size, rng):
    size = 2 * visible_size * hidden_size + visible_size + hidden_size
    theta = rng.uniform(low=-1.0, high=1.0, size=size)
    theta *= (6.0 / (visible_size + hidden_size + 1.0)) ** 0.5
    theta[-(visible_size + hidden_size) :] = 0
    return theta


def initialize_parameters(visible_size, hidden_size, rng):
    r = np.sqrt(6 / (visible_size + hidden_size + 1))
    theta = np.zeros(2 * visible_size * hidden_size + visible_size + hidden_size)
    print("r =", r)
    for start in (0, visible_size * hidden_size):
        for i in range(visible_size * hidden_size):
            theta[start + i] = r * (2 * rng.random() - 1)
    return theta


from functools import reduce


def bound(*sizes):
    return np.sqrt(6 / (sum(sizes) + 1))


def initialize_parameters(visible_size, hidden_size, rng):
    r = bound(visible_size, hidden_size)
    parts = [rng.uniform(-r, r, (hidden_size, visible_size)).T.copy()]
    parts.append(rng.uniform(-r, r, visible_size * hidden_size))
    parts += [np.zeros(hidden_size), np.zeros(visible_size)]
    return reduce(lambda a, b: np.append(a, b), parts)


initialize_parameters = lambda visible_size, hidden_size, rng: np.pad(
    rng.uniform(-1, 1, 2 * visible_size * hidden_size)
    * np.sqrt(6 / (visible_size + hidden_size + 1)),
    (0, visible_size + hidden_size),
)


def unpack_parameters(theta, visible_size, hidden_size):
    W1 = theta[0 : hidden_size * visible_size].reshape((hidden_size, visible_size))
    W2 = theta[hidden_size * visible_size : 2 * hidden_size * visible_size].reshape(
        (visible_size, hidden_size)
    )
    b1 = theta[2 * hidden_size * visible_size : 2 * hidden_size * visible_size + hidden_size]
    b2 = theta[2 * hidden_size * visible_size + hidden_size :]
    return (W1.copy(), W2.copy(), b1.copy(), b2.copy())


from collections import namedtuple

Parameters = namedtuple("Parameters", "W1 W2 b1 b2")


def unpack_parameters(theta, visible_size, hidden_size):
    n = visible_size * hidden_size
    return Parameters(
        W1=np.reshape(theta[:n], (hidden_size, visible_size)),
        W2=np.reshape(theta[n : 2 * n], (visible_size, hidden_size)),
        b1=theta[2 * n :][:hidden_size],
        b2=theta[2 * n :][hidden_size:],
    )


def unpack_parameters(theta, visible_size, hidden_size):
    W1 = np.zeros((hidden_size, visible_size))
    W2 = np.zeros((visible_size, hidden_size))
    b1, b2 = np.zeros(hidden_size), np.zeros(visible_size)
    k = 0
    for block in (W1, W2, b1, b2):
        for place in np.ndindex(block.shape):
            block[place] = theta[k]
            k += 1
    return W1, W2, b1, b2


def unpack_parameters(theta, visible_size, hidden_size):
    sizes = [(hidden_size, visible_size), (visible_size, hidden_size), (hidden_size,)]
    sizes.append((visible_size,))
    ends = np.cumsum([int(np.prod(size)) for size in sizes])
    return tuple(
        theta[end - int(np.prod(size)) : end].reshape(size) for size, end in zip(sizes, ends)
    )


def unpack_parameters(theta, visible_size, hidden_size):
    W1, rest = theta[: hidden_size * visible_size], theta[hidden_size * visible_size :]
    W2, rest = rest[: hidden_size * visible_size], rest[hidden_size * visible_size :]
    return (
        np.asfortranarray(W1.reshape(hidden_size, -1)),
        np.asfortranarray(W2.reshape(visible_size, -1)),
        *np.split(rest, [hidden_size]),
    )


def unpack_parameters(theta, visible_size, hidden_size):
    def block(start, *shape):
        return theta.take(range(start, start + int(np.prod(shape)))).reshape(shape)

    n = hidden_size * visible_size
    W1, W2 = block(0, hidden_size, visible_size), block(n, visible_size, hidden_size)
    return W1, W2, block(2 * n, hidden_size), block(2 * n + hidden_size, visible_size)


def feed_forward(theta, visible_size, hidden_size, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    z2 = np.dot(W1, data) + b1.reshape(hidden_size, 1)
    a2 = sigmoid(z2)
    z3 = np.dot(W2, a2) + b2.reshape(visible_size, 1)
    a3 = sigmoid(z3)
    return a2, a3


def feed_forward(theta, visible_size, hidden_size, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    m = data.shape[1]
    a2 = 1 / (1 + np.exp(-(np.matmul(W1, data) + np.repeat(b1[:, None], m, axis=1))))
    a3 = 1 / (1 + np.exp(-(np.matmul(W2, a2) + np.outer(b2, np.ones(m)))))
    return a2, a3


def feed_forward(theta, visible_size, hidden_size, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    a2, a3 = np.zeros((hidden_size, data.shape[1])), np.zeros(data.shape)
    for i in range(data.shape[1]):
        for j in range(hidden_size):
            a2[j, i] = sigmoid(sum(W1[j, k] * data[k, i] for k in range(visible_size)) + b1[j])
        for k in range(visible_size):
            a3[k, i] = sigmoid(sum(W2[k, j] * a2[j, i] for j in range(hidden_size)) + b2[k])
    return a2, a3


from collections import namedtuple


def layer(W, b, x):
    return sigmoid((W @ x).T + b).T


def feed_forward(theta, visible_size, hidden_size, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    a2 = layer(W1, b1, data)
    return namedtuple("Activations", "a2 a3")(a2, layer(W2, b2, a2))


def feed_forward(theta, visible_size, hidden_size, data):
    n, x = visible_size * hidden_size, np.asfortranarray(data, dtype=np.float64)
    W1, W2 = theta[:n].reshape(hidden_size, -1), theta[n : 2 * n].reshape(-1, hidden_size)
    b = theta[2 * n :, np.newaxis]
    hidden = sigmoid(W1.dot(x) + b[:hidden_size])
    print("hidden layer:", hidden.shape)
    return hidden, sigmoid(W2.dot(hidden) + b[hidden_size:])


def feed_forward(theta, visible_size, hidden_size, data):
    W1, W2, b1, b2 = unpack_parameters(theta, visible_size, hidden_size)
    activation = np.vectorize(lambda z: 0.5 * (1 + np.tanh(z / 2)))
    a2 = activation(np.tensordot(W1, data, axes=1) + np.expand_dims(b1, 1))
    a3 = activation(np.tensordot(W2, a2, axes=1) + np.expand_dims(b2, 1))
    return [a2, a3]
