"""Notebook 11: windows that are cut from a sound, and where the spectrum of a filter lies."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from saelab.check.compare import CallFailed, Fault, call
from saelab.check.exercise import (
    Condition,
    Exercise,
    Faults,
    Probe,
    Properties,
    fault_of_value,
    in_order,
    not_numbers_of_shape,
    repeatable_faults,
    stopped,
    wave,
)
from saelab.check.places import (
    NO_WINDOWS,
    failures,
    grid_of,
    numbered,
    part_of,
    unequal,
    which_are_wrong,
    which_window,
)
from saelab.typed import Array, Function

NOTEBOOK = "11_audio"

CUTTING = ("shape", "windows", "spread", "repeatable")
TAPERS = (np.hanning, np.hamming, np.blackman, np.bartlett)


def cutting_faults(windows: Function, length: int, size: int, n: int, seed: int) -> Faults:
    """Find what is wrong with a function that cuts windows out of a sound.

    Every sample of the test sound is a different number, so that each window shows where it was
    cut. There are many more windows than places, so a place that never comes up is one that cannot.

    Args:
        windows: the student's function.
        length: the samples of the test sound; no multiple of 7.
        size: the samples of a window.
        n: how many windows to ask for.
        seed: for the random generator that the function gets.

    Returns:
        The faults of the parts "shape", "windows", "spread", "repeatable"; parts that are right are
        left out.
    """
    sound = _sound(length, seed)

    def draw(seed: int, count: int) -> Any:
        return call(windows, sound, size, count, np.random.default_rng(seed))

    few = min(n, 100)  # enough to see whether two draws are the same
    try:
        cut = draw(seed, n)
        drawn, again, other = (draw(number, few) for number in (seed, seed, seed + 1))
    except CallFailed as first:
        return dict.fromkeys(CUTTING, stopped(first, failures(draw, seed)))
    known = _all_windows(sound, size)
    fault = not_numbers_of_shape(cut, (size, n), "the array of windows")
    if fault:
        if fault.kind == "shape" and np.shape(cut) == (n, size):
            turned = (which_window(np.asarray(cut, dtype=float).T, known) >= 0).all()
            fault = Fault(fault, fault.kind, f"{fault.code} {'windows' if turned else ''}")
        return dict.fromkeys(CUTTING, fault)
    columns, faults = np.asarray(cut, dtype=float), {}
    starts = which_window(columns, known)
    fault = _window_fault(columns, sound, known, starts < 0)
    if fault and fault.code == NO_WINDOWS:
        faults = dict.fromkeys(CUTTING, fault)
    elif fault:
        faults["windows"] = faults["spread"] = fault
    else:
        fault = _spread_fault(starts, length, size)
        if fault:
            faults["spread"] = fault
    return faults | repeatable_faults(drawn, again, other, "windows")


def cutting_hint(windows: Function, length: int, size: int, n: int, seed: int) -> str | None:
    """Remark that the first or the last window never comes up; this costs no points.

    Args:
        windows: the student's function.
        length: the samples of the test sound; no multiple of 7.
        size: the samples of a window.
        n: how many windows to ask for.
        seed: for the random generator that the function gets.

    Returns:
        The remark, or None if there is nothing to remark on.
    """
    sound = _sound(length, seed)
    cut = call(windows, sound, size, n, np.random.default_rng(seed))
    starts = which_window(np.asarray(cut, dtype=float), _all_windows(sound, size))
    ends = {"first": 0, "last": length - size}
    missed = [end for end, start in ends.items() if start not in starts]
    if not missed:
        return None
    at = {"first": "0", "last": "length - size"}
    return (
        f"no window ever holds the {' or the '.join(missed)} sample of a sound; a window may start "
        f"at {' and at '.join(at[end] for end in missed)}, included."
    )


def _sound(length: int, seed: int) -> Array:
    """A sound of different samples, of both signs and in no order; none is a whole number."""
    samples: Array = numbered(length, seed=seed)[7 * np.arange(length) % length] - length // 2
    return samples


def _all_windows(sound: Array, size: int) -> Array:
    """All windows of a sound, (places, size)."""
    return np.lib.stride_tricks.sliding_window_view(sound, size)


def _window_fault(
    columns: Array, sound: Array, known: Array, wrong: NDArray[np.bool]
) -> Fault | None:
    """What is wrong with columns of the right shape that are no windows."""
    count, (size, n) = int(wrong.sum()), columns.shape
    if not count:
        return None

    def are(columns: Array, windows: Array) -> bool:
        with np.errstate(all="ignore"):
            return bool((which_window(columns, windows) >= 0).all())

    some = f"{count} of {n} columns"
    if are(columns.reshape(n, size).T, known):
        return fault_of_value(
            "the windows are all there, one after the other, but rows and columns are mixed up: "
            "each column holds pieces of several windows",
            "reshaped",
        )
    if are(columns[::-1], known):
        return fault_of_value("each window is read backwards", "backwards")
    if any(are(columns, whole(known)) for whole in (np.floor, np.round, np.trunc)):
        return fault_of_value(
            "the samples come out as whole numbers: look for an array of integers, or for a step "
            "that rounds",
            "whole numbers",
        )
    if are(columns, np.abs(known)):
        return fault_of_value("no sample is negative: the windows lose their signs", "no signs")
    if any(are(columns, known * taper(size)) for taper in TAPERS):
        return fault_of_value("each window is faded in and out at its ends", "faded")
    fault = _rescaled(columns, sound, known)
    if fault:
        return fault
    apart = sound[np.arange(len(sound) - 2 * size + 2)[:, None] + 2 * np.arange(size)]
    if are(columns, apart):
        return fault_of_value("each window holds every second sample only", "every second")
    empty: NDArray[np.bool] = (columns == 0).all(axis=0)
    if (wrong == empty).all():
        one = f"column {int(empty.argmax())} (counted from 0) of {n} holds zeros only"
        more = f"{some} hold zeros only; the first of them is number {int(empty.argmax())}"
        last = count == 1 and bool(empty[-1])
        but_one = count == n - 1 and not empty[0]
        return fault_of_value(
            f"{one if count == 1 else more}{'' if count == 1 else ' (counted from 0)'}",
            "empty last" if last else "all empty but the first" if but_one else "empty",
        )
    around = _all_windows(np.pad(sound, (0, size - 1), "wrap"), size)
    return fault_of_value(
        f"{some} {'is' if count == 1 else 'are'} not {size} samples of the sound, one after the "
        "other",
        "around" if are(columns, around) else which_are_wrong(columns, sound, wrong),
    )


def _rescaled(columns: Array, sound: Array, known: Array) -> Fault | None:
    """The fault that windows have been shifted or multiplied; None if they have not."""
    where = which_window(columns - columns[0], known - known[:, :1])
    if (where >= 0).all():
        shift = columns[0] - known[where, 0]
        code = "shifted"
        if np.allclose(shift, -sound.mean()):
            code = "mean of the sound off"
        elif np.ptp(shift) > 1e-6 and np.allclose(columns.mean(axis=0), 0):
            code = "own mean off"
        return fault_of_value(
            "each column is a window in which a number is added to the samples, or taken off them: "
            "they should come out as they are",
            code,
        )
    with np.errstate(all="ignore"):
        where = which_window(columns / columns[0], known / known[:, :1])
        if (where >= 0).all():
            factor = columns[0] / known[where, 0]
            own = "own" if np.ptp(factor) > 1e-6 else "one"
            return fault_of_value(
                "each column is a window whose samples are multiplied by a number: they should "
                "come out as they are",
                f"scaled by {own}",
            )
        steps = known - known[:, :1]
        where = which_window(
            (columns - columns[0]) / (columns[1] - columns[0]), steps / steps[:, 1:2]
        )
    if (where >= 0).all():
        return fault_of_value(
            "each column is a window that is shifted and multiplied, as normalising does: samples "
            "should come out as they are",
            "normalised",
        )
    return None


def _spread_fault(starts: NDArray[np.intp], length: int, size: int) -> Fault | None:
    """What is wrong with the places at which windows start."""
    if not np.ptp(starts):
        return fault_of_value("all columns are the same window", "one window")
    if (np.diff(starts) >= 0).all() or in_order(starts):
        return fault_of_value(
            "the windows follow an order, from one column to the next: draw the place of each by "
            "itself",
            "in order",
        )
    places = np.unique(starts)
    if grid_of(starts):
        return fault_of_value(
            f"windows start at samples {', '.join(map(str, places[:3]))} "
            f"{'and so on ' if len(places) > 3 else ''}only: those between can start one too",
            f"on a grid {grid_of(starts) == size}",
        )
    part = part_of(starts, length - size)
    if part:
        return fault_of_value(
            f"windows start at samples {places[0]} to {places[-1]} only, in a sound of {length}",
            f"starts {part}",
        )
    counts = np.bincount(starts - starts.min())
    if unequal(counts):
        many, few = int(counts.argmax() + starts.min()), int(counts.argmin() + starts.min())
        return fault_of_value(
            f"some places are far likelier than others: of {len(starts)} windows {counts.max()} "
            f"start at sample {many}, and {counts.min()} at sample {few}",
            "uneven",
        )
    return None


def _tone(size: int, cycles: float, middle: float, decay: float) -> Array:
    """A tone that fades away, over a constant: all of its frequencies have some power."""
    t = np.arange(size) / size
    return middle + np.exp(-decay * t) * np.sin(2 * np.pi * cycles * t + 1)


EXERCISES = (
    Exercise(
        "windows",
        probes=(
            # What is not quite uniform shows among many windows, more than hidden tests ask for.
            Probe("3000 windows of 6 samples from a sound of 40", (40, 6, 3000, 0)),
            Probe("2000 windows of 9 samples from a sound of 25", (25, 9, 2000, 3)),
        ),
        properties=Properties(CUTTING, cutting_faults),
        hint=lambda function: cutting_hint(function, 40, 6, 1500, seed=0),
        called_again=False,
    ),
    Exercise(
        "centre_and_bandwidth",
        probes=(
            Probe("12 samples at 8000 a second", (wave(12), 8000)),
            Probe("9 samples at 11025 a second", (wave(9, middle=0.3, start=4), 11025)),
            Probe("32 samples of a tone at 8000 a second", (_tone(32, 5, 0.1, 4), 8000)),
            Probe("the same at 44100 a second", (_tone(32, 5, 0.1, 4), 44100)),
            Probe("14 weak samples", (wave(14, height=1e-3, start=7), 8000)),
            Probe("a click in the middle of 15 samples", (np.eye(15)[7], 1000)),
            Probe("10 samples that are all zero", (np.zeros(10), 8000)),
        ),
        results=("centre", "bandwidth"),
        conditions=(
            Condition("the filter is all zero", "where it is not", lambda a: not np.any(a[0])),
            Condition(
                "the number of samples is even", "where it is odd", lambda a: len(a[0]) % 2 == 0
            ),
        ),
    ),
)
