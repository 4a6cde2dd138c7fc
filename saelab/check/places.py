"""Windows that are cut at random places: which ones they are, and how their places are spread."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saelab.check.compare import CallFailed
from saelab.check.exercise import SURE
from saelab.typed import Array

# The code of the fault that no column is a window, and no number in it one that could be cut: then
# neither its shape nor its chance counts for anything.
NO_WINDOWS = "nothing cut"


# How many single windows are asked for, to see what an error has to do with chance.
SINGLES = 60


def failures(draw: Callable[[int, int], Any], seed: int) -> list[CallFailed | None]:
    """What stops draws of one window, each with another seed; None where nothing does.

    Args:
        draw: called with a seed and the number of windows.
        seed: the first of SINGLES seeds.
    """
    found: list[CallFailed | None] = []
    for number in range(SINGLES):
        try:
            draw(seed + number, 1)
            found.append(None)
        except CallFailed as failure:
            found.append(failure)
    return found


def numbered(*shape: int, seed: int) -> Array:
    """Numbers that are all different, none of them whole, and others for another seed.

    The steps from one to the next are not the same, so that a window is known by its steps too. All
    are numbers that float32 holds.

    Args:
        *shape: the shape of the array.
        seed: which of many such arrays it is.
    """
    places = np.arange(np.prod(shape))
    # Not the numbers that the student's function draws from the same seed.
    steps = np.random.default_rng([seed, 1]).choice(15, size=places.size)
    uneven: Array = places + 0.25 + steps / 64
    return uneven.reshape(shape)


def which_window(columns: Array, windows: Array) -> NDArray[np.intp]:
    """For each column the number of the window that it equals, and -1 where it equals none.

    Args:
        columns: (size, n).
        windows: all windows, of `size` numbers each in their last dimensions.
    """
    known = np.round(windows.reshape(-1, len(columns)), 6) + 0.0  # so that -0 is 0
    number = {window.tobytes(): i for i, window in enumerate(known)}
    given = np.ascontiguousarray(np.round(columns, 6).T) + 0.0
    return np.array([number.get(column.tobytes(), -1) for column in given])


def which_are_wrong(columns: Array, given: Array, wrong: NDArray[np.bool]) -> str:
    """A code for columns that are no windows: "some", "all", or NO_WINDOWS.

    Args:
        columns: (size, n).
        given: what windows are cut from; all of its numbers are different.
        wrong: (n,), which columns are no windows.
    """
    if not wrong.all():
        return "some"
    return "all" if np.isin(np.round(columns, 6), np.round(given, 6)).any() else NO_WINDOWS


def grid_of(starts: NDArray[np.intp]) -> int:
    """The largest number of which all places are multiples; 0 if some of them lie side by side."""
    places = np.unique(starts)
    return int(np.gcd.reduce(places)) if len(places) > 1 and np.diff(places).min() > 1 else 0


def part_of(starts: NDArray[np.intp], last: int) -> str:
    """In which part of a picture or a sound windows start, in a few words; empty if in all of it.

    To miss the outermost place at an end is a hint, not a fault, and no matter of the size of the
    picture. To miss more is a fault.

    Args:
        starts: the places at which windows start.
        last: the last one at which a window fits.
    """
    low, high = int(starts.min()), int(starts.max())
    if low <= 1 and high >= last - 1:
        return ""
    if low == high:
        return f"{low} alone"
    return "in the first half" if low == 0 and high <= last / 2 else "in a part"


def unequal(counts: NDArray[Any]) -> bool:
    """Whether these counts are no chance, if all are equally likely."""
    free, odds = len(counts) - 1, SURE**2 / 2
    expected = counts.mean()
    distance = ((counts - expected) ** 2).sum() / expected
    # The bound of Laurent and Massart (2000) for chi-squared numbers.
    return bool(distance > free + 2 * np.sqrt(free * odds) + 2 * odds)
