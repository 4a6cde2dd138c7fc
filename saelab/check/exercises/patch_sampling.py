"""Notebook 01: patches that are cut from pictures, whitened and normalised."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from saelab.check.compare import CallFailed, Fault, call
from saelab.check.exercise import (
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
    images = numbered(*shape, seed=seed)

    def draw(seed: int, count: int) -> Any:
        return call(sample_patches, images, patch_size, count, np.random.default_rng(seed))

    few = min(n_patches, 100)  # enough to see whether two draws are the same
    try:
        patches = draw(seed, n_patches)
        drawn, again, other = (draw(number, few) for number in (seed, seed, seed + 1))
    except CallFailed as first:
        return dict.fromkeys(SAMPLING, stopped(first, failures(draw, seed)))
    size = (patch_size**2, n_patches)
    fault = not_numbers_of_shape(patches, size, "the array of patches")
    windows = _windows(images, patch_size)
    if fault:
        if fault.kind == "shape" and np.shape(patches) == size[::-1]:
            turned = (which_window(np.asarray(patches, dtype=float).T, windows) >= 0).all()
            fault = Fault(fault, fault.kind, f"{fault.code} {'windows' if turned else ''}")
        return dict.fromkeys(SAMPLING, fault)
    patches, faults = np.asarray(patches, dtype=float), {}
    which = which_window(patches, windows)
    fault = _window_fault(patches, windows, images, which < 0)
    if fault and fault.code == NO_WINDOWS:
        faults = dict.fromkeys(SAMPLING, fault)
    elif fault:
        faults["windows"] = faults["spread"] = fault
    else:
        fault = _spread_fault(_places(which, windows), shape, patch_size)
        if fault:
            faults["spread"] = fault
    return faults | repeatable_faults(drawn, again, other, "patches")


def sampling_hint(
    sample_patches: Function, shape: Shape, patch_size: int, n_patches: int, seed: int
) -> str | None:
    """Remark that an outermost row or column is never sampled; this costs no points.

    Args:
        sample_patches: the student's function.
        shape: the shape of the test pictures, (n, height, width).
        patch_size: pixels along a side of a patch.
        n_patches: how many patches to ask for.
        seed: for the random generator that the function gets.

    Returns:
        The remark, or None if there is nothing to remark on.
    """
    images = numbered(*shape, seed=seed)
    patches = call(sample_patches, images, patch_size, n_patches, np.random.default_rng(seed))
    windows = _windows(images, patch_size)
    _, rows, columns = _places(which_window(np.asarray(patches, dtype=float), windows), windows)
    missed, ends = [], []
    for end, at in (("first", "0"), ("last", "size - patch_size")):
        for name, drawn, size in (("row", rows, shape[1]), ("column", columns, shape[2])):
            if (0 if end == "first" else size - patch_size) not in drawn:
                missed.append(f"the {end} {name}")
                ends.append(at)
    if not missed:
        return None
    return (
        f"no patch ever holds {' or '.join(missed)} of a picture; a window may start at "
        f"{' and at '.join(dict.fromkeys(ends))}, included."
    )


def _windows(images: Array, patch_size: int) -> Array:
    """All windows of pictures, (n, rows, columns, patch_size, patch_size)."""
    return np.lib.stride_tricks.sliding_window_view(images, (patch_size,) * 2, axis=(1, 2))


def _places(which: NDArray[np.intp], windows: Array) -> Places:
    """Where windows lie, by their numbers."""
    return np.unravel_index(which, windows.shape[:3])


def _window_fault(
    patches: Array, windows: Array, images: Array, wrong: NDArray[np.bool]
) -> Fault | None:
    count, (patch_size, n_patches) = int(wrong.sum()), (windows.shape[-1], len(wrong))
    if not count:
        return None
    columns = f"{count} of {n_patches} columns"
    turned = [np.rot90(w, k, (3, 4)) for w in (windows, windows.swapaxes(3, 4)) for k in range(4)]
    if (which_window(patches, turned[4]) >= 0).all():
        return fault_of_value(
            "a patch is read column by column, but should be read row by row", "by columns"
        )
    if np.any([which_window(patches, w) >= 0 for w in turned], axis=0).all():
        return fault_of_value(
            f"{columns} hold a window that is mirrored or turned: read each one row by row, from "
            "its upper left corner",
            f"turned {'all' if wrong.all() else 'some'}",
        )
    if any((which_window(patches, whole(windows)) >= 0).all() for whole in (np.floor, np.round)):
        return fault_of_value(
            "the pixels come out as whole numbers: look for an array of integers, or for a step "
            "that rounds",
            "whole numbers",
        )
    fault = _recoloured(patches, windows, images)
    if fault:
        return fault
    empty: NDArray[np.bool] = (patches == 0).all(axis=0)
    if (wrong == empty).all():
        first = int(empty.argmax())
        at = "first" if empty[0] else "last" if first == n_patches - 1 else "other"
        one = f"column {first} (counted from 0) of {n_patches} holds zeros only, and no window"
        more = f"{columns} hold zeros only, and no window; the first of them is number {first}"
        but_one = count == n_patches - 1 and not empty[0]
        return fault_of_value(
            one if count == 1 else f"{more} (counted from 0)",
            "all empty but the first" if but_one else f"empty {at if count == 1 else count}",
        )
    around = np.pad(images, ((0, 0), (0, 0), (0, patch_size - 1)), "wrap")
    across = (which_window(patches, _windows(around, patch_size)) >= 0).all()
    return fault_of_value(
        f"{columns} {'is' if count == 1 else 'are'} not a {patch_size}x{patch_size} window of one "
        "picture, read row by row",
        "around" if across else which_are_wrong(patches, images, wrong),
    )


def _recoloured(patches: Array, windows: Array, images: Array) -> Fault | None:
    """The fault that the pixels of windows have been changed by a number; None if they have not."""
    where = which_window(patches - patches[0], windows - windows[..., :1, :1])
    if (where >= 0).all():
        shift = patches[0] - windows[..., 0, 0].ravel()[where]
        code = "shifted"
        if np.allclose(shift, -images.mean()):
            code = "mean of the pictures off"
        elif np.ptp(shift) > 1e-6 and np.allclose(patches.mean(axis=0), 0):
            code = "own mean off"
        return fault_of_value(
            "each patch is a window in which a number is added to the pixels, or taken off them: "
            "they should come out as they are",
            code,
        )
    with np.errstate(all="ignore"):
        where = which_window(patches / patches[0], windows / windows[..., :1, :1])
    if (where >= 0).all():
        return fault_of_value(
            "each patch is a window whose pixels are multiplied by a number: they should come out "
            "as they are",
            "scaled",
        )
    return None


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
    if (np.diff(np.ravel_multi_index(where, shape)) >= 0).all():
        return fault_of_value(
            "the windows come in the order in which they lie in the pictures: draw the place of "
            "each by itself",
            "sorted",
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
    grids = [f"on a grid {grid_of(drawn) == patch_size}" for drawn in (rows, columns)]
    ranges = [part_of(rows, shape[1] - patch_size), part_of(columns, shape[2] - patch_size)]
    for drawn, name, size in ((rows, "rows", shape[1]), (columns, "columns", shape[2])):
        starts = np.unique(drawn)
        if grid_of(drawn):
            return fault_of_value(
                f"windows start at {name} {', '.join(map(str, starts[:3]))} "
                f"{'and so on ' if len(starts) > 3 else ''}only: those between can start one too",
                f"{name} {' '.join(grids)}",
            )
        if part_of(drawn, size - patch_size):
            several = f"{name} {starts[0]} to {starts[-1]}"
            which = several if len(starts) > 1 else f"{name[:-1]} {starts[0]}"
            return fault_of_value(
                f"windows start at {which} only, in a picture of {size} {name}",
                f"rows {ranges[0]}, columns {ranges[1]}",
            )
    for drawn, name in ((pictures, "pictures"), (rows, "rows"), (columns, "columns")):
        counts = np.bincount(drawn - drawn.min())
        if unequal(counts):
            many, few = int(counts.argmax() + drawn.min()), int(counts.argmin() + drawn.min())
            where_ = "come from picture" if name == "pictures" else f"start at {name[:-1]}"
            return fault_of_value(
                f"some {name} are far likelier than others: of {len(drawn)} windows "
                f"{counts.max()} {where_} {many}, and {counts.min()} {where_} {few}",
                f"{name} uneven",
            )
    return None


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
