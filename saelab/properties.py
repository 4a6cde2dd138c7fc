"""Checks of functions that have more than one right answer: what must hold of any of them.

Each returns a dictionary from the part that is wrong to a sentence; an empty one where all is
well. Visible checks call them with fixed sizes, hidden tests with random ones.
"""

import numpy as np

from saelab.compare import CallFailed, call, difference


def sampling_faults(sample_patches, shape, patch_size, n_patches, seed):
    """Faults of a patch sampler, on pictures of that shape (n, height, width).

    Every pixel holds another number, so that each patch tells where it was cut. With many more
    patches than positions, a position that never comes up is one that cannot.
    Parts: "shape", "windows", "spread", "repeatable".
    """
    images = np.arange(np.prod(shape), dtype=float).reshape(shape)
    parts = ("shape", "windows", "spread", "repeatable")

    def draw(seed):
        return call(sample_patches, images, patch_size, n_patches, np.random.default_rng(seed))

    try:
        patches = draw(seed)
        again, other = draw(seed), draw(seed + 1)
    except CallFailed as failure:
        return dict.fromkeys(parts, str(failure))
    wanted_shape = (patch_size**2, n_patches)
    if getattr(patches, "shape", None) != wanted_shape:
        fault = difference(patches, np.zeros(wanted_shape), "the array of patches")
        return dict.fromkeys(parts, fault or "the patches should be a NumPy array")
    faults = {}
    where = _positions(patches, shape)
    fault = _window_fault(patches, where, shape, patch_size)
    if fault:
        faults["windows"] = faults["spread"] = fault
    else:
        fault = _spread_fault(where, shape)
        if fault:
            faults["spread"] = fault
    if not np.array_equal(patches, again):
        faults["repeatable"] = (
            "two generators with the same seed give different patches: draw every random number "
            "from rng"
        )
    elif np.array_equal(patches, other):
        faults["repeatable"] = "another seed gives the same patches: is rng used at all?"
    return faults


def sampling_hint(sample_patches, shape, patch_size, n_patches, seed):
    """A remark that costs nothing: the last row and column of a picture are never sampled."""
    images = np.arange(np.prod(shape), dtype=float).reshape(shape)
    patches = call(sample_patches, images, patch_size, n_patches, np.random.default_rng(seed))
    _, rows, columns = _positions(np.asarray(patches), shape)
    missed = [
        f"the last {name} of a picture never appears in a patch"
        for name, drawn, size in (("row", rows, shape[1]), ("column", columns, shape[2]))
        if drawn.max() < size - patch_size
    ]
    if not missed:
        return None
    return " and ".join(missed) + ": a window may start at size - patch_size, included."


def _positions(patches, shape):
    first = patches[0].astype(int)
    return np.unravel_index(np.clip(first, 0, np.prod(shape) - 1), shape)


def _window_fault(patches, where, shape, patch_size):
    _, _, width = shape
    steps = np.arange(patch_size)
    by_rows = (steps[:, None] * width + steps).ravel()
    by_columns = (steps[:, None] + steps * width).ravel()
    offsets = patches - patches[0]
    if (offsets == by_rows[:, None]).all():
        return None
    if (offsets == by_columns[:, None]).all():
        return "a patch is read column by column; read it row by row (window.ravel())"
    wrong = int((offsets != by_rows[:, None]).any(axis=0).sum())
    return (
        f"{wrong} of {patches.shape[1]} columns are not a {patch_size}x{patch_size} window of one "
        "picture, read row by row"
    )


def _spread_fault(where, shape):
    pictures, rows, columns = where
    unused = sorted(set(range(shape[0])) - set(pictures.tolist()))
    if unused:
        return f"no patch comes from picture {unused[0]} (counted from 0) of {shape[0]}"
    for one, two, names in (
        (rows, columns, "row and column"),
        (pictures, rows, "picture and row"),
        (pictures, columns, "picture and column"),
    ):
        if one.std() and two.std() and abs(np.corrcoef(one, two)[0, 1]) > 0.5:
            return f"{names} of the windows hang together: draw each by itself"
    for drawn, name, size in ((rows, "rows", shape[1]), (columns, "columns", shape[2])):
        # The very last position is a hint, not a fault; half of the picture is a fault.
        if len(np.unique(drawn)) < 0.7 * (size - 1) - 2 or drawn.min() > 2:
            return (
                f"windows start at {name} {drawn.min()} to {drawn.max()} only, in a picture of "
                f"{size} {name}"
            )
    return None


def initial_faults(initialize_parameters, visible_size, hidden_size, bound, seed):
    """Faults of starting parameters. bound: the weights lie in [-bound, bound].

    Parts: "shape", "weights", "biases", "repeatable".
    """
    v, h = visible_size, hidden_size

    def draw(seed):
        return call(initialize_parameters, v, h, np.random.default_rng(seed))

    parts = ("shape", "weights", "biases", "repeatable")
    try:
        theta, again, other = draw(seed), draw(seed), draw(seed + 1)
    except CallFailed as failure:
        return dict.fromkeys(parts, str(failure))
    size = 2 * v * h + h + v
    if np.shape(theta) != (size,) or difference(theta, np.zeros(size), atol=np.inf):
        fault = difference(theta, np.zeros(size), "theta", atol=np.inf)
        return dict.fromkeys(parts, fault)
    theta, faults = np.asarray(theta, dtype=float), {}
    weights, biases = theta[: 2 * v * h], theta[2 * v * h :]
    if biases.any():
        faults["biases"] = (
            f"the biases, the last {h + v} entries of theta, should start at zero, but the "
            f"largest is {np.abs(biases).max():.3g}"
        )
    fault = _uniform_fault(weights, bound)
    if fault:
        faults["weights"] = fault
    elif np.allclose(weights[: v * h], weights[v * h :]) or np.allclose(
        weights[: v * h].reshape(h, v), weights[v * h :].reshape(v, h).T
    ):
        faults["weights"] = "W2 holds the same numbers as W1: draw it by itself"
    if not np.array_equal(theta, again):
        faults["repeatable"] = (
            "two generators with the same seed give different parameters: draw every random "
            "number from rng"
        )
    elif np.array_equal(theta, other):
        faults["repeatable"] = "another seed gives the same parameters: is rng used at all?"
    return faults


def _uniform_fault(weights, bound):
    n = weights.size
    largest = np.abs(weights).max()
    if largest > bound * (1 + 1e-12):
        return f"a weight of size {largest:.4g} lies outside of [-{bound:.4g}, {bound:.4g}]"
    # Four standard errors: a right function fails once in some ten thousand seeds.
    if abs(weights.mean()) > 4 * bound / np.sqrt(3 * n):
        return f"the weights' mean is {weights.mean():.3g}: they should lie evenly around zero"
    spread = weights.std() / (bound / np.sqrt(3))
    if abs(spread - 1) > 4 * np.sqrt(0.2 / n) + 1 / n:
        return (
            f"the weights spread {spread:.2f} times as wide as uniform ones in "
            f"[-{bound:.4g}, {bound:.4g}]"
        )
    return None


def training_faults(train, cost, theta0, minimum):
    """Faults of a minimiser, on a smooth cost with one minimum.

    cost: theta -> (cost, grad). theta0: (n,) start. minimum: (n,) where the cost is least.
    Parts: "result", "minimum", "maxiter", "callback".
    """
    parts = ("result", "minimum", "maxiter", "callback")
    seen = []
    try:
        result = call(train, theta0, cost, 200, lambda theta: seen.append(np.array(theta)))
        short = call(train, theta0, cost, 3, None)
    except CallFailed as failure:
        return dict.fromkeys(parts, str(failure))
    for got in (result, short):
        if not isinstance(got, dict) or not {"x", "fun", "nit", "message"} <= set(got):
            kind = "None" if got is None else type(got).__name__
            return dict.fromkeys(
                parts, f"train should return scipy's OptimizeResult, but it returned {kind}"
            )
    faults = {}
    start, end = cost(theta0)[0], cost(result["x"])[0]
    if difference(result["fun"], end):
        faults["result"] = "result.fun is not the cost at result.x"
    if not np.allclose(result["x"], minimum, atol=1e-2):
        faults["minimum"] = (
            f"after up to 200 iterations the cost went from {start:.4g} to {end:.4g}, but its "
            f"minimum is {cost(minimum)[0]:.4g}"
        )
    if not 1 <= short["nit"] <= 3:
        faults["maxiter"] = f"with maxiter = 3 it made {short['nit']} iterations"
    if not 1 <= len(seen) <= result["nit"] + 1:
        faults["callback"] = (
            f"callback was called {len(seen)} times in {result['nit']} iterations; it should be "
            "called once after each"
        )
    return faults
