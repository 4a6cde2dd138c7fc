"""Right functions, each written in another way than the reference.

Loops, einsum, np.matrix, lists and tuples, float32 data, examples in rows, biases folded in. Tests
run each with the other functions of its notebook at hand; this file is not imported.
"""

# ruff: noqa

def whiten(image, f0):
    def mirrored(n):
        return range(32, 0, -1), range(n), range(n - 2, n - 34, -1)

    padded = np.block(
        [[image[r][:, c] for c in mirrored(image.shape[1])] for r in mirrored(image.shape[0])]
    )
    f = np.sqrt(
        sum(g**2 for g in np.meshgrid(*map(np.fft.fftfreq, padded.shape), indexing="ij"))
    )
    out = np.real(np.fft.ifftn(np.fft.fftn(padded) * (f * np.exp(-((f / f0) ** 4)))))
    out = out[32 : 32 + image.shape[0], 32 : 32 + image.shape[1]]
    return np.sqrt(0.1) * out / np.std(out)


def whiten(image, f0):
    padded = np.pad(image, ((32, 32), (32, 32)), "reflect")
    f = frequency_grid(*padded.shape)[:, : padded.shape[1] // 2 + 1]
    gain = f * np.exp(-(f**4) / f0**4)
    out = np.fft.irfft2(np.fft.rfft2(padded) * gain, padded.shape)[32:-32, 32:-32]
    return out / np.sqrt(np.var(out) / 0.1)


def sample_patches(images, patch_size, n_patches, rng):
    n, height, width = images.shape
    k, p = np.arange(patch_size), patch_size
    picture = rng.integers(0, n, n_patches)
    y = rng.integers(0, height - p, n_patches, endpoint=True)[:, None] + k
    x = rng.integers(0, width - p, n_patches, endpoint=True)[:, None] + k
    return images[picture[:, None, None], y[:, :, None], x[:, None, :]].reshape(n_patches, -1).T


def sample_patches(images, patch_size, n_patches, rng):
    n, height, width = images.shape
    patches = []
    for _ in range(n_patches):
        y = int(rng.random() * (height - patch_size + 1))
        x = int(rng.random() * (width - patch_size + 1))
        window = images[rng.choice(n), y : y + patch_size, x : x + patch_size]
        patches.append([value for row in window for value in row])
    return np.array(patches, dtype=np.float32).T


def normalize_patches(patches):
    out = patches.copy()
    for i in range(out.shape[1]):
        out[:, i] -= sum(out[:, i]) / len(out)
    sigma = np.sqrt(np.mean((out - out.mean()) ** 2))
    out = np.maximum(np.minimum(out, 3 * sigma), -3 * sigma) / (3 * sigma)
    return (out + 1) * 0.4 + 0.1


def normalize_patches(patches):
    means = np.einsum("pn->n", patches) / len(patches)
    x = np.matrix(patches) - means
    x = x / (3 * x.std())
    x[x > 1], x[x < -1] = 1, -1
    return 0.1 + (x + 1) * (0.9 - 0.1) / 2


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


def average_activation(a2):
    return [sum(row) / len(row) for row in a2]


def average_activation(a2):
    return np.einsum("hm->h", a2) / a2.shape[1]


def average_activation(a2):
    return np.matrix(a2).mean(axis=1)


def kl_divergence(rho, rho_hat):
    return [rho * np.log(rho / r) + (1 - rho) * np.log((1 - rho) / (1 - r)) for r in rho_hat]


def kl_divergence(rho, rho_hat):
    from scipy.special import rel_entr as kl

    return kl(rho, rho_hat) + kl(1 - rho, 1 - rho_hat)


def kl_divergence(rho, rho_hat):
    entropy = rho * np.log(rho) + (1 - rho) * np.log(1 - rho)
    return entropy - rho * np.log(rho_hat) - (1 - rho) * np.log(1 - rho_hat)


def sparsity_delta(rho, rho_hat, beta):
    return beta * (rho_hat - rho) / (rho_hat * (1 - rho_hat))


def sparsity_delta(rho, rho_hat, beta):
    return tuple(beta * (-rho / r + (1 - rho) / (1 - r)) for r in rho_hat)


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


def numerical_gradient(J, theta, epsilon=1e-4):
    gradient = []
    for i in range(len(theta)):  # in place, and put back again, but for rounding
        sides = []
        for step in (epsilon, -2 * epsilon):
            theta[i] += step
            value = J(theta)
            sides.append(value[0] if isinstance(value, tuple) else value)
        theta[i] += epsilon
        gradient.append((sides[0] - sides[1]) / (2 * epsilon))
    return gradient


def numerical_gradient(J, theta, epsilon=1e-4):
    cost = lambda x: np.ravel(J(x)[0] if type(J(x)) is tuple else J(x))[0]
    steps = epsilon * np.eye(theta.size)
    return np.array([(cost(theta + s) - cost(theta - s)) / 2 / epsilon for s in steps])


def relative_error(a, b):
    size = np.sqrt(np.sum(a**2)) + np.sqrt(np.sum(b**2))
    return 0 if size == 0 else np.sqrt(np.sum((a - b) ** 2)) / size


def relative_error(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), 1e-300)


def block_errors(cost, theta, visible_size, hidden_size):
    own, other = cost(theta)[1], numerical_gradient(cost, theta)
    n, h, errors = hidden_size * visible_size, hidden_size, {}
    for name, start, end in (
        ("b1", 2 * n, 2 * n + h),
        ("b2", 2 * n + h, None),
        ("W1", 0, n),
        ("W2", n, 2 * n),
    ):
        errors[name] = np.array(relative_error(own[start:end], other[start:end]))
    return errors


def block_errors(cost, theta, visible_size, hidden_size):
    split = lambda g: dict(
        zip(["W1", "W2", "b1", "b2"], unpack_parameters(g, visible_size, hidden_size))
    )
    own, other = split(cost(theta)[1]), split(numerical_gradient(cost, theta, 1e-4))
    return {name: float(relative_error(own[name], other[name])) for name in own}


def train(theta0, cost, maxiter, callback=None):
    options = {"maxiter": maxiter, "maxfun": 10**6, "ftol": 1e-12}
    return minimize(
        lambda t: cost(t)[0],
        theta0,
        jac=lambda t: cost(t)[1],
        callback=callback,
        method="l-bfgs-b",
        options=options,
    )


def train(theta0, cost, maxiter, callback=None):
    from scipy.optimize import OptimizeResult, fmin_l_bfgs_b

    x, fun, told = fmin_l_bfgs_b(cost, theta0, maxiter=maxiter, callback=callback)
    return OptimizeResult(x=x, fun=fun, nit=told["nit"], message=told["task"])


def train(theta0, cost, maxiter, callback=None):
    def after_each(theta):
        print("one more")
        if callback is not None:
            callback(theta.copy())

    return minimize(
        cost,
        theta0.copy(),
        (),
        "L-BFGS-B",
        True,
        callback=after_each,
        options=dict(maxiter=maxiter),
    )


def maximal_inputs(W1):
    return [w / np.sqrt(w @ w) if w.any() else w for w in W1]


def maximal_inputs(W1):
    return W1 / np.maximum(np.sqrt(np.einsum("hv,hv->h", W1, W1)), 1e-300)[:, None]


def maximal_inputs(W1):
    return np.nan_to_num(W1 / np.linalg.norm(W1, axis=1)[:, None])


def tile_filters(filters, columns=5, gap=1, scale="own"):
    p = int(np.sqrt(filters.shape[1]))
    whole = np.abs(filters).max()
    boxes = []
    for f in filters:
        most = (np.abs(f).max() if scale == "own" else whole) or 1
        boxes.append(np.pad((f / most).reshape(p, p), ((gap, 0), (gap, 0)), constant_values=-1))
    while len(boxes) % columns:
        boxes.append(-np.ones((p + gap, p + gap)))
    rows = [np.hstack(boxes[i : i + columns]) for i in range(0, len(boxes), columns)]
    return np.pad(np.vstack(rows), ((0, gap), (0, gap)), constant_values=-1).tolist()


def tile_filters(filters, columns=5, gap=1, scale="own"):
    p, rows = round(filters.shape[1] ** 0.5), int(np.ceil(len(filters) / columns))
    size = np.abs(filters).max(axis=1 if scale == "own" else None, keepdims=True)
    scaled = np.divide(filters, size, out=np.zeros_like(filters), where=size > 0)
    picture = np.full((rows * (p + gap) + gap, columns * (p + gap) + gap), -1.0)
    for i in range(len(filters)):
        for y in range(p):
            for x in range(p):
                top, left = gap + i // columns * (p + gap), gap + i % columns * (p + gap)
                picture[top + y, left + x] = scaled[i, y * p + x]
    return picture
