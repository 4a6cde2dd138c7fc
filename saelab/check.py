"""Visible checks: what a student runs after writing a function, and what it says.

    check(sigmoid)

prints that the visible checks passed, or stops with a message that names what is wrong.
"""

import sys
from importlib import resources

import numpy as np

from saelab import properties
from saelab.compare import CallFailed, call, cost_differences, listed, result_differences
from saelab.probes import PROBES, notebook_of

COSTS = ("autoencoder_cost", "sparse_autoencoder_cost")
HIDDEN = "Hidden tests will try other sizes and random numbers when it is graded."


class CheckFailed(AssertionError):
    """A visible check failed. Jupyter shows its message alone, without a traceback."""

    def _render_traceback_(self):
        return [str(self)]


def check(function):
    """Try a function of the course on fixed inputs, by its name.

    Prints a line when the visible checks pass.
    Errors: CheckFailed, an AssertionError, says what to mend first. NotImplementedError passes
    through where the function is not written yet. ValueError where no check has that name.
    """
    name = getattr(function, "__name__", repr(function))
    if name in PROPERTIES:
        faults = list(dict.fromkeys(PROPERTIES[name](function).values()))
        hint = HINTS[name](function) if name in HINTS and not faults else None
    else:
        faults, hint = _compare_with_answers(name, function), None
    if faults:
        raise CheckFailed("\n".join([f"{name} is not right yet:", *map(listed, faults)]))
    print(f"{name}: visible checks passed. {HIDDEN}")
    if hint:
        print(f"A hint, not a fault: {hint}")
    sys.stdout.flush()


def answers(notebook):
    """The reference's outputs on the probes of a notebook: a dictionary of arrays."""
    path = resources.files("saelab") / "answers" / f"{notebook}.npz"
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return dict(stored)


def _compare_with_answers(name, function):
    """Sentences on the first probe that goes wrong; none where all go right."""
    try:
        notebook = notebook_of(name)
    except KeyError:
        known = sorted({f for probes in PROBES.values() for f in probes} | set(PROPERTIES))
        raise ValueError(
            f"there is no check for {name!r}; there are checks for {', '.join(known)}"
        ) from None
    stored = answers(notebook)
    passed = []
    for number, probe in enumerate(PROBES[notebook][name]):
        wanted = [stored[key] for key in _keys(stored, name, number)]
        faults = _probe_faults(name, function, probe, wanted)
        if faults:
            right = f" (right for: {'; '.join(passed)})" if passed else ""
            return [f"Tried: {probe.says}{right}", *faults]
        passed.append(probe.says)
    return []


def _keys(stored, name, number):
    keys = [key for key in stored if key.startswith(f"{name}.{number}.")]
    return sorted(keys, key=lambda key: int(key.rsplit(".", 1)[1]))


def _probe_faults(name, function, probe, wanted):
    try:
        got = call(function, *probe.args, **probe.kwargs)
    except CallFailed as failure:
        return [str(failure)]
    if name in COSTS:
        _, visible_size, hidden_size, *_ = probe.args
        faults = cost_differences(got, float(wanted[0]), wanted[1], visible_size, hidden_size)
        return list(dict.fromkeys(faults.values()))
    return list(result_differences(got, wanted, RETURNS.get(name)).values())


def _valley(theta):
    """A long narrow valley that curves: Rosenbrock's function, least at (1, 1)."""
    # Here, since the other checks, and so most notebooks, can do without it.
    from scipy.optimize import rosen, rosen_der

    return rosen(theta), rosen_der(theta)


# What functions with several results return.
RETURNS = {
    "unpack_parameters": ("W1", "W2", "b1", "b2"),
    "feed_forward": ("a2", "a3"),
    "block_errors": ("W1", "W2", "b1", "b2"),
}

# Functions with many right answers. The bound of the starting weights for 64 inputs and 25
# hidden units is worked out by hand in notebook 02.
PROPERTIES = {
    "sample_patches": lambda f: properties.sampling_faults(f, (3, 12, 15), 4, 4000, seed=0),
    "initialize_parameters": lambda f: properties.initial_faults(f, 64, 25, 0.25819889, seed=0),
    "train": lambda f: properties.training_faults(
        f, _valley, np.array([-1.2, 1.0]), np.array([1.0, 1.0])
    ),
}
HINTS = {
    "sample_patches": lambda f: properties.sampling_hint(f, (3, 12, 15), 4, 4000, seed=0),
}
