"""What a version of a function does on random problems, so that two versions can be compared.

These problems and this comparison are the tests' own: the catalogue is tested apart from the
checks that tell its mistakes.
"""

import contextlib
import io
import warnings

import numpy as np

from autograder.exercises.reference import reference
from saelab.hunt import suspects

# (visible, hidden, examples): wide, narrow, one example, and sizes that are equal, where a wrong
# matrix gives numbers instead of an error.
SIZES = ((6, 4, 11), (3, 7, 5), (9, 2, 1), (4, 4, 6), (4, 5, 5), (5, 3, 60))


def problems(function, seed):
    """Arguments for calls of a function, one after the other: a list of (args, kwargs)."""
    rng = np.random.default_rng(seed)
    return [call if isinstance(call[-1], dict) else (call, {}) for call in MAKERS[function](rng)]


def outcome(function, calls):
    """What a version returns, raises or changes at each call: a list of lists of (kind, array)."""
    return [_one(function, *call) for call in calls]


def same(one, other, rtol=1e-9):
    """Whether two outcomes are equal but for rounding."""
    return all(_equal(a, b, rtol) for a, b in zip(one, other, strict=True))


def _one(function, args, kwargs):
    given = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        try:
            got = function(*given, **kwargs)
        except Exception as error:
            got = type(error).__name__
    changed = [a for a, b in zip(given, args) if isinstance(a, np.ndarray) and (a != b).any()]
    return [*_flat(got), ("changed", np.array(len(changed))), *(("now", a) for a in changed)]


def _flat(got):
    """The parts of a result, each with its kind."""
    if isinstance(got, dict):
        return [(str(key), np.asarray(value)) for key, value in got.items()]
    if isinstance(got, (tuple, list)):
        return [(type(got).__name__, np.array(len(got))), *(p for part in got for p in _flat(part))]
    if isinstance(got, str) or got is None:
        return [(str(got), np.array(0.0))]
    array = np.asarray(got)
    return [(array.dtype.kind + str(array.shape), array)]


def _equal(one, other, rtol):
    if [kind for kind, _ in one] != [kind for kind, _ in other]:
        return False
    return all(
        a.shape == b.shape and np.allclose(a, b, rtol=rtol, atol=rtol * 1e-3, equal_nan=True)
        for (_, a), (_, b) in zip(one, other)
    )


# --- problems, function by function ------------------------------------------------


def _network(rng, v, h, m, **weights):
    theta = rng.normal(scale=0.6, size=2 * v * h + h + v)
    data = rng.uniform(0.1, 0.9, size=(v, m))
    given = {"lambda_": rng.uniform(0.05, 0.5), "rho": rng.uniform(0.02, 0.4),
             "beta": rng.uniform(0.5, 4.0), **weights}  # fmt: skip
    return theta, v, h, given, data


def _forward(rng):
    return [(theta, v, h, data) for theta, v, h, _, data in _networks(rng)]


def _plain(rng):
    return [(t, v, h, given["lambda_"], data) for t, v, h, given, data in _networks(rng)]


def _sparse(rng):
    return [(t, v, h, *given.values(), data) for t, v, h, given, data in _networks(rng)]


def _networks(rng):
    calls = [_network(rng, *sizes) for sizes in SIZES]
    calls += [_network(rng, 4, 5, 8, lambda_=0.0), _network(rng, 5, 4, 7, beta=0.0)]
    # The same again, and then other numbers of the same sizes: what keeps state shows.
    return [calls[0], calls[0], _network(rng, *SIZES[0]), *calls[1:]]


def _unpack(rng):
    return [(rng.normal(size=2 * v * h + v + h), v, h) for v, h in ((3, 2), (2, 4), (3, 3))]


def _sigmoid(rng):
    far = np.array([-900.0, -30.0, -9.0, 0.0, 9.0, 30.0, 900.0])
    return [(z,) for z in (rng.normal(), rng.normal(size=7), 9 * rng.normal(size=(4, 6)), far)]


def _whiten(rng):
    sizes = ((40, 70, 0.4), (81, 64, 0.3), (50, 50, 0.5))
    return [(rng.uniform(size=(height, width)), f0) for height, width, f0 in sizes]


def _patches(rng):
    sizes = ((9, 50), (25, 200), (4, 4))
    return [(rng.standard_t(2, size=size) + rng.normal(size=size[1]),) for size in sizes]


def _activations(rng):
    return [(rng.uniform(size=shape),) for shape in ((4, 9), (5, 1), (6, 6))]


def _divergences(rng):
    return [(rng.uniform(0.01, 0.5), rng.uniform(0.01, 0.99, size=n)) for n in (1, 5, 40)]


def _pulls(rng):
    return [(*args, rng.uniform(0.5, 5)) for args in _divergences(rng)]


def _gradients(rng):
    def smooth(n):
        waves, pull = rng.normal(size=(n + 2, n)), rng.normal(size=n)
        return lambda x: float(np.sin(waves @ x).sum() + 0.3 * (x**3).sum() + pull @ x)

    calls = []
    for n, epsilon in ((6, 1e-4), (3, 1e-2), (9, 0.05)):
        J = smooth(n)
        calls += [
            (J, rng.normal(size=n), epsilon),
            (lambda x, J=J: (J(x), 0 * x), rng.normal(size=n)),
        ]
    return calls


def _vectors(rng):
    pairs = [(rng.normal(size=5), rng.normal(size=5)), (np.zeros(3), np.zeros(3))]
    a, b = pairs[0]
    return [*pairs, (b, a), (a, a + 1e-3), (a, -a)]


def _blocks(rng):
    right = reference("03_kl_delta").sparse_autoencoder_cost
    calls = []
    for v, h, m in ((4, 2, 5), (2, 3, 7), (3, 3, 4)):
        theta, *_, given, data = _network(rng, v, h, m)
        lambda_, rho, beta = given.values()
        versions = suspects(right, v, h, lambda_, rho, beta, data)
        calls += [(versions[letter], theta, v, h) for letter in "ACF"]
    return calls


def _weights(rng):
    calls = []
    for shape in ((5, 9), (9, 4), (6, 6)):
        W1 = rng.normal(size=shape)
        W1[1] = 0
        calls.append((W1,))
    return calls


def _filters(rng):
    calls = []
    for n, size, columns, gap in ((7, 16, 3, 1), (4, 9, 4, 2), (5, 25, 2, 0), (6, 4, 3, 1)):
        filters = rng.normal(size=(n, size)) * rng.uniform(0.1, 3, size=(n, 1))
        filters[1] = 0
        filters[2] = -np.abs(filters[2])
        calls += [((filters, columns, gap), {}), ((filters, columns, gap), {"scale": "common"})]
    return calls


MAKERS = {
    "whiten": _whiten,
    "normalize_patches": _patches,
    "sigmoid": _sigmoid,
    "unpack_parameters": _unpack,
    "feed_forward": _forward,
    "autoencoder_cost": _plain,
    "average_activation": _activations,
    "kl_divergence": _divergences,
    "sparsity_delta": _pulls,
    "sparse_autoencoder_cost": _sparse,
    "numerical_gradient": _gradients,
    "relative_error": _vectors,
    "block_errors": _blocks,
    "maximal_inputs": _weights,
    "tile_filters": _filters,
}
