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
    return gradient


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
    return tuple(
        (value(np.add(theta, epsilon * e)) - value(np.subtract(theta, epsilon * e)))
        / (epsilon + epsilon)
        for e in basis
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
