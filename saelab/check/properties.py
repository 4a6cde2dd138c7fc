"""Checks of functions that have more than one right answer: what must hold of any of them.

Each returns a dictionary from the part that is wrong to a Fault; an empty one where all is well.
The code of a fault is the same for every size and seed, so that a known mistake is known by the
codes that it gives. Visible checks call them with fixed sizes, hidden tests with random ones.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saelab.check.compare import CallFailed, Fault, call, difference
from saelab.typed import Array, Function

Shape = tuple[int, int, int]  # (n, height, width) of pictures
Places = tuple[NDArray[np.intp], ...]  # picture, row, column
Cost = Callable[[Array], tuple[float, Array]]

# The parts of each function, which have points of their own.
SAMPLING = ("shape", "windows", "spread", "repeatable")
INITIAL = ("shape", "weights", "biases", "repeatable")
TRAINING = ("result", "minimum", "maxiter", "callback")
# Where the largest weight stands, as a multiple of the bound, to tell wrong bounds apart.
WIDTHS = (0.3, 0.6, 0.8, 0.95, 1.03, 1.2, 1.5, 2.2, 4, 8)


def sampling_faults(
    sample_patches: Function, shape: Shape, patch_size: int, n_patches: int, seed: int
) -> dict[str, Fault]:
    """Faults of a patch sampler, on pictures of that shape (n, height, width).

    Every pixel holds another number, so that each patch tells where it was cut. With many more
    patches than rows, columns and pictures, one that never comes up is one that cannot.
    Parts: "shape", "windows", "spread", "repeatable".
    """
    images = _numbered_pictures(shape)

    def draw(seed: int, count: int) -> Any:
        return call(sample_patches, images, patch_size, count, np.random.default_rng(seed))

    few = min(n_patches, 100)  # enough to see whether two draws are the same
    try:
        patches = draw(seed, n_patches)
        drawn, again, other = (draw(number, few) for number in (seed, seed, seed + 1))
    except CallFailed as failure:
        return dict.fromkeys(SAMPLING, _stopped(failure))
    fault = _not_numbers_of_shape(patches, (patch_size**2, n_patches), "the array of patches")
    if fault:
        return dict.fromkeys(SAMPLING, fault)
    patches, faults = np.asarray(patches, dtype=float), {}
    where = _positions(patches, shape)
    fault = _window_fault(patches, where, shape, patch_size)
    if fault:
        faults["windows"] = faults["spread"] = fault
    else:
        fault = _spread_fault(where, shape, patch_size)
        if fault:
            faults["spread"] = fault
    return faults | _repeatable_fault(drawn, again, other, "patches")


def sampling_hint(
    sample_patches: Function, shape: Shape, patch_size: int, n_patches: int, seed: int
) -> str | None:
    """A remark that costs nothing: the last row and column of a picture are never sampled."""
    images = _numbered_pictures(shape)
    patches = call(sample_patches, images, patch_size, n_patches, np.random.default_rng(seed))
    _, rows, columns = _positions(np.asarray(patches, dtype=float), shape)
    missed = [
        f"the last {name}"
        for name, drawn, size in (("row", rows, shape[1]), ("column", columns, shape[2]))
        if drawn.max() < size - patch_size
    ]
    if not missed:
        return None
    return (
        f"no patch ever holds {' or '.join(missed)} of a picture; a window may start at "
        "size - patch_size, included."
    )


def _repeatable_fault(drawn: Any, again: Any, other: Any, what: str) -> dict[str, Fault]:
    """Whether `again`, from the same seed, is equal, and `other`, from another one, is not."""
    if not np.array_equal(drawn, again):
        sentence = (
            f"two generators with the same seed give different {what}: draw every random number "
            "from rng"
        )
    elif np.array_equal(drawn, other):
        sentence = f"another seed gives the same {what}: is rng used at all?"
    else:
        return {}
    return {"repeatable": _fault(sentence, sentence.partition(what)[0])}


def _fault(sentence: str, code: str) -> Fault:
    return Fault(sentence, "value", code)


def _stopped(failure: CallFailed) -> Fault:
    """The fault of a call that failed. The sizes in its message may hang on chance."""
    fault = failure.fault
    numbers = fault.code.split()[2:]
    code = [*fault.code.split()[:2], "nothing there" if "0" in numbers else ""]
    return Fault(fault, fault.kind, " ".join(code))


def _not_numbers_of_shape(got: Any, shape: tuple[int, ...], name: str) -> Fault | None:
    """What keeps a result from being finite numbers of that shape, whatever their values."""
    fault = difference(got, np.zeros(shape), name, atol=np.inf)
    if fault and fault.kind == "shape":
        return Fault(fault, "shape", f"shape {name} {_sizes(np.shape(got), shape)}")
    return fault


def _sizes(got: tuple[int, ...], want: tuple[int, ...]) -> tuple[int, bool]:
    """How a shape differs from the right one, whatever the sizes."""
    if np.prod(got) != np.prod(want):
        return len(got), bool(np.prod(got) > np.prod(want))
    return len(got), got == want[::-1]


def _numbered_pictures(shape: Shape) -> Array:
    """Pictures in which every pixel holds another number, and none a whole one."""
    return np.arange(np.prod(shape), dtype=float).reshape(shape) + 0.25


def _positions(patches: Array, shape: Shape) -> Places:
    first = np.clip(patches[0], 0, np.prod(shape) - 1)
    return np.unravel_index(first.astype(int), shape)


def _window_fault(patches: Array, where: Places, shape: Shape, patch_size: int) -> Fault | None:
    _, height, width = shape
    _, rows, columns = where
    first = np.ravel_multi_index(where, shape) + 0.25
    steps = np.arange(patch_size)
    by_rows = (steps[:, None] * width + steps).ravel()
    by_columns = (steps[:, None] + steps * width).ravel()
    inside = (rows <= height - patch_size) & (columns <= width - patch_size)
    right = inside & (patches == first + by_rows[:, None]).all(axis=0)
    if right.all():
        return None
    if (inside & (patches == first + by_columns[:, None]).all(axis=0)).all():
        return _fault(
            "a patch is read column by column; read it row by row (window.ravel())", "by columns"
        )
    if (patches == np.floor(patches)).all():
        return _fault(
            "the pixels come out as whole numbers; make the array of patches one of floats",
            "whole numbers",
        )
    wrong = int((~right).sum())
    return _fault(
        f"{wrong} of {patches.shape[1]} columns are not a {patch_size}x{patch_size} window of one "
        "picture, read row by row",
        _window_code(patches, ~right, by_rows),
    )


def _window_code(patches: Array, wrong: NDArray[np.bool], by_rows: NDArray[Any]) -> str:
    """What the wrong columns look like, in a word or two."""
    steps = patches - patches[0]
    if not wrong.all() and not patches[:, wrong].any():
        return "one column empty" if wrong.sum() == 1 else "columns empty"
    if wrong.all():
        if (np.sort(patches, axis=0) == np.sort(patches[0] + steps, axis=0)).all():
            offset = steps - by_rows[:, None]
            if not offset.any():
                same = np.ptp(patches.mean(axis=0)) > 1e-9
                return "shifted by one number" if same else "own mean off"
        ratio = np.linalg.norm(steps, axis=0)
        if np.ptp(ratio) <= 1e-9 * ratio.max():
            return "same steps"
        return "all"
    return "some"


def _spread_fault(where: Places, shape: Shape, patch_size: int) -> Fault | None:
    pictures, rows, columns = where
    if not any(np.ptp(drawn) for drawn in where):
        return _fault("all patches are the same window", "one window")
    unused = sorted(set(range(shape[0])) - set(pictures.tolist()))
    if unused:
        which = "all but one" if len(unused) == shape[0] - 1 else "some"
        last = "last" if unused == [shape[0] - 1] else "first" if unused == [0] else which
        return _fault(
            f"no patch comes from picture {unused[0]} (counted from 0) of {shape[0]}",
            f"pictures {last}",
        )
    for one, two, names in (
        (rows, columns, "row and column"),
        (pictures, rows, "picture and row"),
        (pictures, columns, "picture and column"),
    ):
        if one.std() and two.std() and abs(np.corrcoef(one, two)[0, 1]) > 0.5:
            return _fault(f"{names} of the windows hang together: draw each by itself", names)
    for drawn, name, size in ((rows, "rows", shape[1]), (columns, "columns", shape[2])):
        # To miss the very last position is a hint, not a fault; to miss half of them is one.
        if len(np.unique(drawn)) < 0.7 * (size - patch_size + 1) or drawn.min() > 2:
            return _fault(
                f"windows start at {name} {drawn.min()} to {drawn.max()} only, in a picture of "
                f"{size} {name}",
                f"{name} {'differ' if np.ptp(drawn) else 'equal'} from {min(drawn.min(), 1)}",
            )
    return None


def initial_faults(
    initialize_parameters: Function, visible_size: int, hidden_size: int, bound: float, seed: int
) -> dict[str, Fault]:
    """Faults of starting parameters. bound: the weights lie in [-bound, bound].

    Parts: "shape", "weights", "biases", "repeatable".
    """
    v, h = visible_size, hidden_size

    def draw(seed: int) -> Any:
        return call(initialize_parameters, v, h, np.random.default_rng(seed))

    try:
        theta, again, other = draw(seed), draw(seed), draw(seed + 1)
    except CallFailed as failure:
        return dict.fromkeys(INITIAL, _stopped(failure))
    fault = _not_numbers_of_shape(theta, (2 * v * h + h + v,), "theta")
    if fault:
        if fault.kind == "shape":
            rest = {0: "no biases", h: "no b2", v: "no b1"}.get(np.size(theta) - 2 * v * h, "")
            fault = Fault(fault, "shape", f"{fault.code} {rest}")
        return dict.fromkeys(INITIAL, fault)
    theta, faults = np.asarray(theta, dtype=float).ravel(), {}
    W1, W2, biases = theta[: v * h], theta[v * h : 2 * v * h], theta[2 * v * h :]
    if biases.any():
        faults["biases"] = _fault(
            f"the biases, the last {h + v} entries of theta, should start at zero, but the "
            f"largest is {np.abs(biases).max():.3g}",
            f"biases {_bias_code(biases, theta[: h + v], W1, bound)}",
        )
    fault = _uniform_fault(W1, bound, "W1") or _uniform_fault(W2, bound, "W2")
    if fault:
        faults["weights"] = fault
    elif np.allclose(W1, W2) or np.allclose(W1.reshape(h, v), W2.reshape(v, h).T):
        turned = "" if np.allclose(W1, W2) else " turned"
        faults["weights"] = _fault(
            "W2 holds the same numbers as W1: draw it by itself", f"W2 is W1{turned}"
        )
    return faults | _repeatable_fault(theta, again, other, "parameters")


def _uniform_fault(weights: Array, bound: float, name: str) -> Fault | None:
    n, interval = weights.size, f"[-{bound:.4g}, {bound:.4g}]"
    largest = np.abs(weights).max()
    if largest > bound * (1 + 1e-7):
        return _fault(
            f"a weight of size {largest:.4g} in {name} lies outside of {interval}",
            f"outside {name} {_spread_code(weights, bound)}",
        )
    # Right functions draw in many orders, and none may fail by bad luck: six standard errors,
    # and for the largest weight a chance of exp(-20), are one in a hundred million.
    if abs(weights.mean()) > 6 * bound / np.sqrt(3 * n):
        return _fault(
            f"the mean of {name} is {weights.mean():.3g}: weights should lie evenly around zero",
            f"mean {name} {_spread_code(weights, bound)}",
        )
    spread = weights.std() / (bound / np.sqrt(3))
    if abs(spread - 1) > 6 * np.sqrt(0.2 / n) + 1 / n:
        return _fault(
            f"{name} spreads {spread:.2f} times as wide as uniform weights in {interval}",
            f"spread {name} {_spread_code(weights, bound)}",
        )
    if largest < bound * (1 - 20 / n):
        return _fault(
            f"the largest weight of {name} is {largest:.4g}, but {interval} reaches further",
            f"reach {name}",
        )
    return None


def _spread_code(weights: Array, bound: float) -> str:
    """The form of weights that are not uniform in [-bound, bound], in a word."""
    size = np.abs(weights).max()
    if size == 0:
        return "zero"
    # For uniform numbers the largest is 1.7 standard deviations from their middle, for normal
    # ones far more.
    middle = (weights.max() + weights.min()) / 2
    bell = np.abs(weights - middle).max() > 2.2 * weights.std()
    side = "" if abs(weights.mean()) < 0.2 * size else " one side"
    return f"{'bell' if bell else 'even'}{side} {np.digitize(size / bound, WIDTHS)}"


def _bias_code(biases: Array, first: Array, W1: Array, bound: float) -> str:
    """How biases are wrong, in words. first: as many entries of theta, from its beginning."""
    if W1.any() and not first.any():
        return "in front"
    if np.ptp(biases) == 0:
        return "all one number"
    return "in the interval" if np.abs(biases).max() <= bound else "beyond the interval"


def training_faults(train: Function, cost: Cost, theta0: Array, minimum: Array) -> dict[str, Fault]:
    """Faults of a minimiser, on a smooth cost with one minimum.

    cost: theta -> (cost, grad). theta0: (n,) start. minimum: (n,) where the cost is least.
    Parts: "result", "minimum", "maxiter", "callback".
    """
    seen: list[NDArray[Any]] = []
    try:
        result = call(train, theta0, cost, 200, lambda theta: seen.append(np.array(theta)))
        short = call(train, theta0, cost, 3, None)
    except CallFailed as failure:
        return dict.fromkeys(TRAINING, _stopped(failure))
    for got in (result, short):
        if not isinstance(got, dict) or not {"x", "fun", "nit", "message"} <= set(got):
            kind = "None" if got is None else type(got).__name__
            says = f"train should return scipy's OptimizeResult, but it returned {kind}"
            other = Fault(says, "none" if got is None else "type", f"returned {kind}")
            return dict.fromkeys(TRAINING, other)
        for key, size in (("x", minimum.shape), ("fun", ()), ("nit", ())):
            fault = _not_numbers_of_shape(got[key], size, f"result.{key}")
            if fault:
                return dict.fromkeys(TRAINING, fault)
    faults = {}
    start, end = cost(theta0)[0], cost(result["x"])[0]
    if difference(result["fun"], end):
        faults["result"] = _fault("result.fun is not the cost at result.x", "another fun")
    if not np.allclose(result["x"], minimum, atol=1e-2):
        way = "up" if end > start else "down" if end < start else "nowhere"
        faults["minimum"] = _fault(
            f"after up to 200 iterations the cost went from {start:.4g} to {end:.4g}, but its "
            f"minimum is {cost(minimum)[0]:.4g}",
            f"went {way} in {_count(result['nit'])}",
        )
    if not 1 <= short["nit"] <= 3:
        faults["maxiter"] = _fault(
            f"with maxiter = 3 it made {short['nit']} iterations",
            f"iterations {_count(short['nit'])}",
        )
    if any(theta.shape != minimum.shape for theta in seen):
        faults["callback"] = _fault(
            "callback should be called with theta, as callback(theta)", "another argument"
        )
    elif seen and np.array_equal(seen[0], theta0):
        faults["callback"] = _fault(
            "callback is called with theta0 first; call it after each iteration", "theta0 first"
        )
    elif abs(len(seen) - result["nit"]) > 1:
        faults["callback"] = _fault(
            f"callback was called {len(seen)} times in {result['nit']} iterations; it should be "
            "called once after each",
            f"called {_count(len(seen))}",
        )
    return faults


def _count(number: float) -> str:
    """A number of iterations or calls, in a word that is the same for every problem."""
    return str(int(number)) if number <= 20 else "many"
