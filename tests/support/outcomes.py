"""What a version of a function does when it is called, so that two versions can be compared.

This comparison is the tests' own: the catalogue is tested apart from the checks that tell its
mistakes.
"""

import contextlib
import io
import warnings

import numpy as np

from autograder.exercises import marks
from saelab.check.batches import Batches, Reading
from saelab.check.exercises import exercise
from saelab.memory import Meter


def problems(function, seed):
    """Arguments for calls of a function, one after the other: a list of (args, kwargs).

    What the visible check tries, its first call twice (what keeps state shows), then what a hidden
    test tries.
    """
    shown, hidden = exercise(function).probes, marks.problems(function, seed).probes
    return [(probe.args, probe.kwargs) for probe in (shown[0], *shown, *hidden)]


def outcome(function, calls):
    """What a version returns, raises or changes at each call: a list of lists of (kind, array)."""
    return [_one(function, *call) for call in calls]


def same(one, other, rtol=1e-9):
    """Whether two outcomes are equal but for rounding."""
    return all(_equal(a, b, rtol) for a, b in zip(one, other, strict=True))


def _one(function, args, kwargs):
    given = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
    streams = {place: Reading(a) for place, a in enumerate(args) if isinstance(a, Batches)}
    # What is kept shows where there are many batches.
    long = any(len(stream.of.sizes) > 20 for stream in streams.values())
    meter = Meter()
    for place, stream in streams.items():
        given[place] = stream.function()
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        try:
            with meter if long else contextlib.nullcontext():
                got = function(*given, **kwargs)
        except Exception as error:
            got = type(error).__name__
    read = [("read", np.array([stream.calls, stream.spoiled])) for stream in streams.values()]
    read += [("kept", np.array(meter.held > 2e6))] if long else []
    changed = [a for a, b in zip(given, args) if isinstance(a, np.ndarray) and (a != b).any()]
    return [*_flat(got), *read, ("changed", np.array(len(changed))), *(("now", a) for a in changed)]


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
