"""Right functions of notebook 04, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


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
    return np.array(gradient)


def numerical_gradient(J, theta, epsilon=1e-4):
    cost = lambda x: np.ravel(J(x)[0] if type(J(x)) is tuple else J(x))[0]
    steps = epsilon * np.eye(theta.size)
    return np.array([(cost(theta + s) - cost(theta - s)) / 2 / epsilon for s in steps])


def numerical_gradient(J, theta, epsilon=1e-4):
    import warnings

    def value(place):
        result = J(place)
        while isinstance(result, (tuple, list)):
            result = result[0]
        return np.asarray(result, dtype=float).item()

    warnings.warn("two calls for each entry")
    basis = np.identity(len(theta))
    return np.fromiter(
        (
            (value(np.add(theta, epsilon * e)) - value(np.subtract(theta, epsilon * e)))
            / (epsilon + epsilon)
            for e in basis
        ),
        dtype=float,
    )


def relative_error(a, b):
    size = np.sqrt(np.sum(a**2)) + np.sqrt(np.sum(b**2))
    return 0 if size == 0 else np.sqrt(np.sum((a - b) ** 2)) / size


def relative_error(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), 1e-300)


def relative_error(a, b):
    print("comparing", np.size(a), "entries")
    top, below = np.subtract(a, b), np.sqrt(np.dot(a, a)) + np.sqrt(np.dot(b, b))
    return np.array(np.sqrt(top @ top) / below) if below > 0 else np.array(0.0)


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


def block_errors(cost, theta, visible_size, hidden_size):
    print("this takes a while")
    _, own = cost(theta)
    own = unpack_parameters(np.asarray(own), visible_size, hidden_size)
    other = unpack_parameters(
        np.asarray(numerical_gradient(cost, theta)), visible_size, hidden_size
    )
    errors = dict()
    errors["W1"], errors["W2"], errors["b1"], errors["b2"] = (
        np.float64(relative_error(np.ravel(one), np.ravel(two))) for one, two in zip(own, other)
    )
    return errors


def numerical_gradient(J, theta, epsilon=1e-4):
    gradient = np.zeros(theta.shape)
    for i in range(theta.shape[0]):
        plus, minus = theta.copy(), theta.copy()
        plus[i] += epsilon
        minus[i] -= epsilon
        up, down = J(plus), J(minus)
        if isinstance(up, tuple):
            up, down = up[0], down[0]
        gradient[i] = (up - down) / (2 * epsilon)
    return gradient


def numerical_gradient(J, theta, epsilon=1e-4):
    def value(t):
        try:
            return float(J(t)[0])
        except (TypeError, IndexError):
            return float(J(t))

    def slope(i):
        e = np.eye(1, theta.size, i).ravel() * epsilon
        return (value(theta + e) - value(theta - e)) / (2.0 * epsilon)

    return np.array([slope(i) for i in range(theta.size)])


from functools import partial


def quotient(J, theta, epsilon, i):
    sides = []
    for sign in (1, -1):
        moved = np.array(theta, dtype=float)
        moved[i] += sign * epsilon
        result = J(moved)
        sides.append(result[0] if type(result) in (tuple, list) else result)
    return (sides[0] - sides[1]) / (2 * epsilon)


def numerical_gradient(J, theta, epsilon=1e-4):
    return np.array(list(map(partial(quotient, J, theta, epsilon), range(len(theta)))), dtype=float)


def numerical_gradient(J, theta, epsilon=1e-4):
    print("this takes a while")
    cost = lambda t: np.atleast_1d(J(t)[0] if isinstance(J(t), tuple) else J(t))[0]
    up = np.apply_along_axis(cost, 1, theta + epsilon * np.eye(theta.size))
    down = np.apply_along_axis(cost, 1, theta - epsilon * np.eye(theta.size))
    return (up - down) / (2 * epsilon)


def numerical_gradient(J, theta, epsilon=1e-4):
    theta = theta.copy()
    grad = np.empty_like(theta)
    first = lambda r: r[0] if np.ndim(r) or isinstance(r, tuple) else r
    it = np.nditer(theta, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        kept = theta[i]
        theta[i] = kept + epsilon
        high = J(theta.copy())
        theta[i] = kept - epsilon
        low = J(theta.copy())
        theta[i] = kept
        high, low = (r[0] if isinstance(r, tuple) else r for r in (high, low))
        grad[i] = (high - low) / (2 * epsilon)
        it.iternext()
    return grad


def numerical_gradient(J, theta, epsilon=1e-4):
    n = theta.size
    cost = J if not isinstance(J(theta), tuple) else lambda t: J(t)[0]
    mu = np.concatenate([np.identity(n), -np.identity(n)]) * epsilon
    values = np.array([cost(theta + step) for step in mu], dtype=float)
    return np.diff(values.reshape(2, n)[::-1], axis=0)[0] / (2 * epsilon)


def relative_error(a, b):
    difference = np.linalg.norm(a - b)
    if difference == 0:
        return 0.0
    return difference / (np.linalg.norm(a) + np.linalg.norm(b))


relative_error = lambda a, b: (
    np.linalg.norm(np.ravel(a) - np.ravel(b)) / (np.linalg.norm(a) + np.linalg.norm(b))
    if np.any(a) or np.any(b)
    else 0.0
)


def length(v):
    return sum(x * x for x in np.ravel(v).tolist()) ** 0.5


def relative_error(a, b):
    both = length(a) + length(b)
    return length(a - b) / both if both else 0


def relative_error(a, b):
    with np.errstate(invalid="ignore"):
        error = np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))
    return np.nan_to_num(error)


def relative_error(a, b):
    import math

    a, b = np.asarray(a).ravel(), np.asarray(b).ravel()
    try:
        return math.dist(a, b) / (math.hypot(*a) + math.hypot(*b))
    except ZeroDivisionError:
        return 0.0


def relative_error(a, b):
    a, b = np.array(a, dtype=np.float64), np.array(b, dtype=np.float64)
    top = np.sqrt(np.einsum("i,i", (a - b).ravel(), (a - b).ravel()))
    below = np.sqrt(np.vdot(a, a)) + np.sqrt(np.vdot(b, b))
    return np.divide(top, below, out=np.zeros(()), where=below != 0)[()]


def relative_error(a, b):
    from scipy.linalg import norm

    total = norm(a) + norm(b)
    return norm(a - b) / total if total > 0 else total


def block_errors(cost, theta, visible_size, hidden_size):
    value, grad = cost(theta)
    num = numerical_gradient(cost, theta)
    W1, W2, b1, b2 = unpack_parameters(grad, visible_size, hidden_size)
    nW1, nW2, nb1, nb2 = unpack_parameters(num, visible_size, hidden_size)
    return {
        "W1": relative_error(W1, nW1),
        "W2": relative_error(W2, nW2),
        "b1": relative_error(b1, nb1),
        "b2": relative_error(b2, nb2),
    }


def block_errors(cost, theta, visible_size, hidden_size):
    numerical = numerical_gradient(lambda t: cost(t)[0], theta)
    pairs = zip(
        unpack_parameters(cost(theta)[1], visible_size, hidden_size),
        unpack_parameters(numerical, visible_size, hidden_size),
    )
    return dict(zip(("W1", "W2", "b1", "b2"), (relative_error(*pair) for pair in pairs)))


from collections import OrderedDict


def parts(v, h):
    edges = np.cumsum([0, v * h, v * h, h, v])
    return OrderedDict(
        (name, slice(edges[i], edges[i + 1])) for i, name in enumerate(["W1", "W2", "b1", "b2"])
    )


def block_errors(cost, theta, visible_size, hidden_size):
    own, other = np.array(cost(theta)[1]), numerical_gradient(cost, theta)
    result = OrderedDict()
    for name, where in parts(visible_size, hidden_size).items():
        result[name] = relative_error(own[where], other[where])
    return result


def block_errors(cost, theta, visible_size, hidden_size):
    def error(a, b):
        size = np.sqrt((a**2).sum()) + np.sqrt((b**2).sum())
        return np.sqrt(((a - b) ** 2).sum()) / size if size else 0.0

    grad, n = cost(theta)[1], hidden_size * visible_size
    numerical = np.zeros(theta.size)
    for i in range(theta.size):
        step = np.zeros(theta.size)
        step[i] = 1e-4
        numerical[i] = (cost(theta + step)[0] - cost(theta - step)[0]) / 2e-4
    print("differences done")
    split = [n, 2 * n, 2 * n + hidden_size]
    blocks = zip(("W1", "W2", "b1", "b2"), np.split(grad, split), np.split(numerical, split))
    return {name: error(a, b) for name, a, b in blocks}


from collections import defaultdict


def block_errors(cost, theta, visible_size, hidden_size):
    errors = defaultdict(float)
    gradients = [cost(theta)[1], numerical_gradient(cost, theta, epsilon=1e-4)]
    blocks = [unpack_parameters(g, visible_size, hidden_size) for g in gradients]
    for index, name in enumerate(("W1", "W2", "b1", "b2")):
        errors[name] += relative_error(blocks[0][index], blocks[1][index])
    return errors


def block_errors(cost, theta, visible_size, hidden_size):
    unpack = lambda g: unpack_parameters(g, visible_size, hidden_size)
    a, b = map(unpack, (cost(theta)[1], numerical_gradient(cost, theta)))
    return dict(
        W1=relative_error(a[0].ravel(), b[0].ravel()),
        W2=relative_error(a[1].ravel(), b[1].ravel()),
        b1=np.float64(relative_error(a[2], b[2])),
        b2=np.float64(relative_error(a[3], b[3])),
    )
