"""Notebook 01: patches that are cut from pictures, whitened and normalised."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from saelab.check.compare import CallFailed, Fault, call
from saelab.check.exercise import (
    SURE,
    Exercise,
    Faults,
    Probe,
    Properties,
    fault_of_value,
    hang_together,
    in_order,
    not_numbers_of_shape,
    repeatable_faults,
    stopped,
    wave,
)
from saelab.typed import Array, Function

NOTEBOOK = "01_patch_sampling"

Shape = tuple[int, int, int]  # (n, height, width) of pictures
Places = tuple[NDArray[np.intp], ...]  # picture, row, column
SAMPLING = ("shape", "windows", "spread", "repeatable")


def sampling_faults(
    sample_patches: Function, shape: Shape, patch_size: int, n_patches: int, seed: int
) -> Faults:
    """Find what is wrong with a function that samples patches.

    Every pixel of the test pictures holds a different number, so that each patch shows where it was
    cut. There are many more patches than rows, columns and pictures, so one of these that never
    comes up is one that cannot come up.

    Args:
        sample_patches: the student's function.
        shape: the shape of the test pictures, (n, height, width).
        patch_size: pixels along a side of a patch.
        n_patches: how many patches to ask for.
        seed: for the random generator that the function gets.

    Returns:
        The faults of the parts "shape", "windows", "spread", "repeatable"; parts that are right are
        left out.
    """
    images = _numbered_pictures(shape)

    def draw(seed: int, count: int) -> Any:
        return call(sample_patches, images, patch_size, count, np.random.default_rng(seed))

    few = min(n_patches, 100)  # enough to see whether two draws are the same
    try:
        patches = draw(seed, n_patches)
        drawn, again, other = (draw(number, few) for number in (seed, seed, seed + 1))
    except CallFailed as failure:
        return dict.fromkeys(SAMPLING, stopped(failure))
    fault = not_numbers_of_shape(patches, (patch_size**2, n_patches), "the array of patches")
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
    return faults | repeatable_faults(drawn, again, other, "patches")


def sampling_hint(
    sample_patches: Function, shape: Shape, patch_size: int, n_patches: int, seed: int
) -> str | None:
    """Remark that the last row or column of a picture is never sampled; this costs no points.

    Args:
        sample_patches: the student's function.
        shape: the shape of the test pictures, (n, height, width).
        patch_size: pixels along a side of a patch.
        n_patches: how many patches to ask for.
        seed: for the random generator that the function gets.

    Returns:
        The remark, or None if there is nothing to remark on.
    """
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


def _numbered_pictures(shape: Shape) -> Array:
    """Pictures in which every pixel holds a different number, none of them whole."""
    return np.arange(np.prod(shape), dtype=float).reshape(shape) + 0.25


def _positions(patches: Array, shape: Shape) -> Places:
    first = np.clip(patches[0], 0, np.prod(shape) - 1)
    return np.unravel_index(first.astype(int), shape)


def _window_fault(patches: Array, where: Places, shape: Shape, patch_size: int) -> Fault | None:
    steps = np.arange(patch_size)
    window = steps[:, None] * shape[2] + steps

    def read(window: NDArray[Any]) -> NDArray[np.bool]:
        """Which columns hold a window of one picture whose pixels are read in this order."""
        corner = _positions(patches.min(axis=0)[None], shape)
        first, (_, rows, columns) = np.ravel_multi_index(corner, shape) + 0.25, corner
        inside = (rows <= shape[1] - patch_size) & (columns <= shape[2] - patch_size)
        right: NDArray[np.bool] = inside & (patches == first + window.reshape(-1, 1)).all(axis=0)
        return right

    right = read(window)
    if right.all():
        return None
    if read(window.T).all():
        return fault_of_value(
            "a patch is read column by column; read it row by row (window.ravel())", "by columns"
        )
    turned = [np.rot90(w, k) for w in (window, window.T) for k in range(4)]
    if np.any([read(w) for w in turned], axis=0).all():
        return fault_of_value(
            f"{int((~right).sum())} of {len(right)} columns hold a window that is mirrored or "
            "turned: read each one row by row, from its upper left corner",
            "turned",
        )
    if (patches == np.floor(patches)).all():
        return fault_of_value(
            "the pixels come out as whole numbers; make the array of patches one of floats",
            "whole numbers",
        )
    wrong = int((~right).sum())
    return fault_of_value(
        f"{wrong} of {patches.shape[1]} columns are not a {patch_size}x{patch_size} window of one "
        "picture, read row by row",
        _window_code(patches, ~right, where, shape, window),
    )


def _window_code(
    patches: Array,
    wrong: NDArray[np.bool],
    where: Places,
    shape: Shape,
    window: NDArray[Any],
) -> str:
    """What the wrong columns look like, in a few words.

    Args:
        patches: what was cut.
        wrong: which columns are wrong.
        where: the places at which they begin.
        shape: the shape of the pictures.
        window: what is added to the first pixel of a window to give the others.

    Returns:
        The words.
    """
    steps, by_rows, width = patches - patches[0], window.ravel(), shape[2]
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
    right_of_left = (where[2] + window[0][:, None]) % width - where[2]
    around = (window[:, :1, None] + right_of_left).reshape(patches.shape)
    return "around" if (steps == around)[:, wrong].all() else "some"


def _spread_fault(where: Places, shape: Shape, patch_size: int) -> Fault | None:
    pictures, rows, columns = where
    if not any(np.ptp(drawn) for drawn in where):
        return fault_of_value("all patches are the same window", "one window")
    unused = sorted(set(range(shape[0])) - set(pictures.tolist()))
    if unused:
        which = "all but one" if len(unused) == shape[0] - 1 else "some"
        last = "last" if unused == [shape[0] - 1] else "first" if unused == [0] else which
        return fault_of_value(
            f"no patch comes from picture {unused[0]} (counted from 0) of {shape[0]}",
            f"pictures {last}",
        )
    # Windows may come picture by picture.
    for drawn, name in ((rows, "rows"), (columns, "columns")):
        if in_order(drawn):
            return fault_of_value(
                f"the {name} of the windows follow an order, from one patch to the next: draw the "
                "place of each by itself",
                "in order",
            )
    for one, two, names in (
        (rows, columns, "row and column"),
        (pictures, rows, "picture and row"),
        (pictures, columns, "picture and column"),
    ):
        if hang_together(one, two):
            return fault_of_value(
                f"{names} of the windows hang together: draw each by itself",
                f"{names} {'equal' if np.array_equal(one, two) else 'together'}",
            )
    for drawn, name, size in ((rows, "rows", shape[1]), (columns, "columns", shape[2])):
        # To miss the very last position is a hint, not a fault; to miss half of them is one.
        starts = np.unique(drawn)
        if len(starts) > 1 and np.diff(starts).min() > 1:
            return fault_of_value(
                f"windows start at {name} {', '.join(map(str, starts[:3]))} and so on only: those "
                "between can start one too",
                f"{name} on a grid",
            )
        if len(starts) < 0.7 * (size - patch_size + 1) or drawn.min() > 2:
            return fault_of_value(
                f"windows start at {name} {drawn.min()} to {drawn.max()} only, in a picture of "
                f"{size} {name}",
                f"{name} {'differ' if np.ptp(drawn) else 'equal'} from {min(drawn.min(), 1)}",
            )
    for drawn, name in ((pictures, "pictures"), (rows, "rows"), (columns, "columns")):
        counts = np.bincount(drawn - drawn.min())
        if _uneven(counts):
            many, few = int(counts.argmax() + drawn.min()), int(counts.argmin() + drawn.min())
            return fault_of_value(
                f"some {name} are far likelier than others: of {len(drawn)} windows "
                f"{counts.max()} lie at number {many}, and {counts.min()} at number {few}",
                f"{name} uneven",
            )
    return None


def _uneven(counts: NDArray[Any]) -> bool:
    """Whether these counts are no chance, if all are equally likely."""
    free, odds = len(counts) - 1, SURE**2 / 2
    expected = counts.mean()
    distance = ((counts - expected) ** 2).sum() / expected
    # The bound of Laurent and Massart (2000) for chi-squared numbers.
    return bool(distance > free + 2 * np.sqrt(free * odds) + 2 * odds)


def _patches() -> Array:
    return wave(16, 30, middle=0.4, height=0.2) + wave(30, height=0.2, start=5) ** 3


def _outlier_patches() -> Array:
    values = wave(9, 40, height=0.01)
    values[4, 3], values[2, 7] = 2.0, -1.5
    return values


def _picture(height: int, width: int) -> Array:
    y, x = np.mgrid[:height, :width]
    gray: Array = 0.5 + 0.2 * np.sin(0.31 * x + 0.02 * x * y / height) + 0.2 * np.cos(0.17 * y)
    return gray


def _spots() -> Array:
    """A picture of which one half is the other's negative, so that zeros come out between them."""
    gray = np.full((40, 45), 0.5)
    gray[11:14, 8], gray[11:14, 36] = 2.5, -1.5
    return gray


EXERCISES = (
    Exercise(
        "whiten",
        probes=(
            Probe("a 48x64 picture, f0 = 0.4", (_picture(48, 64), 0.4)),
            Probe("a 65x50 picture, f0 = 0.25", (_picture(65, 50), 0.25)),
            Probe("the same with f0 = 0.45", (_picture(65, 50), 0.45)),
            Probe("a white spot and a black one", (_spots(), 0.4)),
        ),
    ),
    Exercise(
        "sample_patches",
        probes=(
            # What is not quite uniform shows among many windows, more than hidden tests ask for.
            Probe("4000 patches of 4x4 from 3 pictures of 12x15", ((3, 12, 15), 4, 4000, 0)),
            Probe("3000 patches of 3x3 from 5 pictures of 9x9", ((5, 9, 9), 3, 3000, 3)),
        ),
        properties=Properties(SAMPLING, sampling_faults),
        hint=lambda function: sampling_hint(function, (3, 12, 15), 4, 1500, seed=0),
        called_again=False,
    ),
    Exercise(
        "normalize_patches",
        probes=(
            Probe("30 patches of 4x4", (_patches(),)),
            Probe("the same in another order", (_patches()[::-1],)),
            Probe("patches with two far outliers", (_outlier_patches(),)),
        ),
    ),
)
