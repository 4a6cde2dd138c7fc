"""Two other courses' checks, for comparison: what they catch of our catalogue of mistakes.

`original` is the check of the exercise itself (CS294A, "Sparse autoencoder", step 3, and the same
in the UFLDL tutorial): the gradient by the student's own formula against a numerical one, at the
starting parameters, as |a - b| / |a + b| < 1e-9; and before that the numerical gradient by itself,
on x1^2 + 3 x1 x2 at (4, 10). It has no number to compare the cost with.

`cs231n` is in the style of CS231n's assignments (two-layer network): losses on one small fixed
problem against stored ones, without and with the regularisation, biases not zero; then for each
block of parameters the largest relative error of the gradient against a numerical one that the
course provides, its threshold on the generous side of what the notebooks ask for.

Both see what a function returns, on one machine and for one problem. Each notices a function where
it stops with an error. Both are as strong as the originals fairly are: where a handout leaves room
(which examples, how many), the choice here is the stronger one.
"""

import numpy as np

from autograder.reference import reference

# The exercise's own weights of the terms.
EXERCISE = {"lambda_": 1e-4, "rho": 0.01, "beta": 3.0}
COSTS = ("autoencoder_cost", "sparse_autoencoder_cost")
FUNCTIONS = (*COSTS, "numerical_gradient")


def original(name, function):
    """Whether the exercise's check notices something wrong with a function of that name."""
    if name == "numerical_gradient":
        return not (_right_on_a_polynomial(function) and _right_on_a_cost(function))
    theta, v, h, data = _exercise()
    args = _weights(name, **EXERCISE)

    def cost(theta):
        return function(theta, v, h, *args, data)

    grad = np.asarray(cost(theta.copy())[1], dtype=float)
    numerical = reference("04_gradient_check").numerical_gradient(cost, theta)
    return not _difference(numerical, grad) < 1e-9


def cs231n(name, function):
    """Whether a check in CS231n's style notices something wrong with a function of that name."""
    if name == "numerical_gradient":
        cost, theta, v, h = _toy_cost(COSTS[1], _reference(COSTS[1]), lambda_=0.05)
        return not _worst(function(cost, theta.copy()), cost(theta)[1], v, h) < 1e-6
    for lambda_ in (0.0, 0.7):
        # A course stores the numbers; here they come from the reference, which is the same.
        right, theta, v, h = _toy_cost(name, _reference(name), lambda_)
        cost, *_ = _toy_cost(name, function, lambda_)
        value, grad = cost(theta.copy())
        if not abs(float(value) - right(theta)[0]) < 1e-10:
            return True
        numerical = _their_numerical_gradient(cost, theta)
        if not _worst(grad, numerical, v, h) < 1e-7:
            return True
    return False


def notices(check, name, function):
    """What a check says of a function; True where the function stops with an error."""
    try:
        return bool(check(name, function))
    except Exception:
        return True


def _weights(name, lambda_, rho, beta):
    return (lambda_,) if name == "autoencoder_cost" else (lambda_, rho, beta)


def _exercise():
    """Ten patches as the exercise has them, five hidden units, starting parameters: biases zero."""
    v, h = 64, 5
    rng = np.random.default_rng(0)
    theta = reference("02_cost").initialize_parameters(v, h, rng)
    patches = reference("01_patch_sampling").normalize_patches(rng.normal(size=(v, 10)))
    return theta, v, h, patches


def _right_on_a_polynomial(numerical_gradient):
    """The exercise's check of the numerical gradient by itself, on a number and on a pair."""
    x, exact = np.array([4.0, 10.0]), np.array([38.0, 12.0])

    def value(x):
        return x[0] ** 2 + 3 * x[0] * x[1]

    def pair(x):
        return value(x), np.array([2 * x[0] + 3 * x[1], 3 * x[0]])

    return all(_difference(numerical_gradient(J, x.copy()), exact) < 1e-9 for J in (value, pair))


def _right_on_a_cost(numerical_gradient):
    """Then it is used on the cost, here a right one: a wrong one shows there too."""
    theta, v, h, data = _exercise()

    def cost(theta):
        return reference("02_cost").autoencoder_cost(theta, v, h, EXERCISE["lambda_"], data)

    return _difference(numerical_gradient(cost, theta.copy()), cost(theta)[1]) < 1e-9


def _difference(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return np.linalg.norm(a - b) / np.linalg.norm(a + b)


def _reference(name):
    return getattr(reference({COSTS[0]: "02_cost", COSTS[1]: "03_kl_delta"}[name]), name)


def _toy_cost(name, function, lambda_):
    """A small fixed problem: (cost of theta alone, theta, visible size, hidden size)."""
    v, h, m = 5, 4, 3
    theta = np.linspace(-0.7, 0.5, 2 * v * h + h + v)
    data = np.linspace(0.1, 0.9, v * m).reshape(v, m, order="F")
    args = _weights(name, lambda_, rho=0.1, beta=0.5)
    return lambda t: function(t, v, h, *args, data), theta, v, h


def _their_numerical_gradient(cost, x, h=1e-5):
    """A centred difference for each entry, x changed and put back, as the course provides it."""
    x, grad = x.copy(), np.zeros_like(x)
    for i in range(x.size):
        kept = x[i]
        x[i] = kept + h
        above = float(cost(x)[0])
        x[i] = kept - h
        below = float(cost(x)[0])
        x[i] = kept
        grad[i] = (above - below) / (2 * h)
    return grad


def _worst(a, b, v, h):
    """The largest relative error of an entry, over all blocks of parameters."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        return np.inf
    errors = np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))
    ends = np.cumsum([v * h, v * h, h])
    # A NaN is worse than any number.
    return max(float(np.nan_to_num(b.max(), nan=np.inf)) for b in np.split(errors, ends))
