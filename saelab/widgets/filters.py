"""Click a hidden unit: what it looks for, which patches excite it, how often it is active."""

import math
from collections.abc import Sequence

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from saelab.display import BLUE, ORANGE
from saelab.quality import GaborFit, fit_gabor
from saelab.typed import Array, Function
from saelab.widgets.explorer import Explorer
from saelab.widgets.panels import Box, axes, few_ticks, fitted, paper, put, within
from saelab.widgets.theirs import call

SIZE = (8, 3.8)
N_FAVOURITES = 12
BINS = np.linspace(0, 1, 41)


def filter_explorer(
    W1: ArrayLike,
    patches: ArrayLike,
    a2: ArrayLike,
    maximal_inputs: Function,
    fits: Sequence[GaborFit] | None = None,
) -> Explorer:
    """Look at the hidden units one by one: best input, Gabor function and favourite patches.

    Click a unit, or go from one to the next with the arrow keys.

    Args:
        W1: (hidden_size, p * p), the weights.
        patches: (p * p, m), one patch in each column.
        a2: (hidden_size, m), the activations that these patches give.
        maximal_inputs: your own function.
        fits: a GaborFit for each unit, as describe_filters makes them. With None, each is made when
            its unit is first looked at.

    Returns:
        An Explorer.

    Raises:
        ValueError: if the shapes do not fit together.
    """
    W1, patches, a2 = checked_arrays(W1, patches, a2, fits)
    n, p = len(W1), round(W1.shape[1] ** 0.5)
    columns = math.ceil(n**0.5)
    rows = math.ceil(n / columns)
    box = fitted((0.01, 0.04, 0.44, 0.86), (rows, columns), SIZE)
    favourites = np.argsort(-a2, axis=1)[:, :N_FAVOURITES]
    known = dict(enumerate(fits)) if fits is not None else {}
    control = ipywidgets.IntSlider(0, 0, n - 1, description="unit")

    def draw(figure: Figure, unit: int) -> str:
        best = call(maximal_inputs, W1, shape=W1.shape)
        if unit not in known:
            known[unit] = fit_gabor(W1[unit], p)
        ax = paper(figure)
        draw_units(ax, box, best.reshape(n, p, p), columns, unit)
        draw_unit(ax, best[unit].reshape(p, p), known[unit])
        draw_favourites(ax, patches[:, favourites[unit]].T.reshape(-1, p, p))
        draw_activations(figure, a2[unit])
        return sentence(unit, known[unit], a2[unit])

    def point(x: float, y: float) -> None:
        place = within(box, x, y)
        if place:
            column = min(int(place[0] * columns), columns - 1)
            row = min(int(place[1] * rows), rows - 1)
            explorer.set(unit=row * columns + column)

    def step(dx: int, dy: int) -> None:
        explorer.set(unit=control.value + dx + dy * columns)

    explorer = Explorer(
        "What a unit looks for", draw, {"unit": control}, SIZE, point, step,
        hint="Click a unit, or go from one to the next with the arrow keys.",
    )  # fmt: skip
    return explorer


def checked_arrays(
    W1: ArrayLike, patches: ArrayLike, a2: ArrayLike, fits: Sequence[GaborFit] | None
) -> tuple[Array, Array, Array]:
    """Check that the arrays fit together.

    Args:
        W1: (hidden_size, p * p).
        patches: (p * p, m).
        a2: (hidden_size, m).
        fits: a GaborFit for each unit, or None.

    Returns:
        W1, patches and a2 as float64.

    Raises:
        ValueError: if the shapes do not fit together.
    """
    W1, patches, a2 = (np.asarray(array, dtype=float) for array in (W1, patches, a2))
    if W1.ndim != 2 or 0 in W1.shape or round(W1.shape[1] ** 0.5) ** 2 != W1.shape[1]:
        raise ValueError(f"W1 must have the shape (hidden_size, p * p), not {W1.shape}")
    if patches.ndim != 2 or len(patches) != W1.shape[1] or not patches.size:
        raise ValueError(
            f"patches must be columns of {W1.shape[1]} values, as the units of W1 take them, "
            f"not an array of shape {patches.shape}"
        )
    if a2.shape != (len(W1), patches.shape[1]):
        raise ValueError(
            f"a2 must hold an activation for each unit and patch, {(len(W1), patches.shape[1])}, "
            f"not {a2.shape}; feed_forward returns it first"
        )
    if fits is not None and len(fits) != len(W1):
        raise ValueError(f"fits must hold one fit for each of {len(W1)} units, not {len(fits)}")
    return W1, patches, a2


def draw_units(ax: Axes, box: Box, best: Array, columns: int, unit: int) -> None:
    """Draw the best inputs of all units in a grid, with a frame around one unit."""
    width, height = box[2] / columns, box[3] / math.ceil(len(best) / columns)
    for i, picture in enumerate(best):
        left, bottom = box[0] + i % columns * width, box[1] + box[3] - (i // columns + 1) * height
        limit = np.abs(picture).max() or 1
        cell = left + 0.04 * width, bottom + 0.04 * height, 0.92 * width, 0.92 * height
        put(ax, picture, cell, (-limit, limit))
        if i == unit:
            frame = Rectangle((left, bottom), width, height, fill=False, ec=ORANGE, lw=3)
            ax.add_patch(frame)
    ax.text(box[0] + box[2] / 2, 0.93, f"best inputs of {len(best)} units", ha="center", size=9)


def draw_unit(ax: Axes, best: Array, fit: GaborFit) -> None:
    """Draw the best input of one unit, and the Gabor function that fits it."""
    gabor = fit.render()
    shown = (0.47, best, "best input"), (0.62, gabor, f"Gabor, R² = {fit.r2:.2f}")
    for left, picture, title in shown:
        limit = np.abs(picture).max() or 1
        put(ax, picture, fitted((left, 0.57, 0.13, 0.33), best.shape, SIZE), (-limit, limit), title)


def draw_favourites(ax: Axes, patches: Array) -> None:
    """Draw the patches that excite a unit most, in two rows."""
    limits = patches.min(), patches.max()
    across = N_FAVOURITES // 2
    cell = 0.52 / across
    for i, patch in enumerate(patches):
        box = 0.47 + i % across * cell, 0.23 - i // across * 0.2, 0.94 * cell, 0.19
        put(ax, patch, fitted(box, patch.shape, SIZE), limits)
    ax.text(0.47 + 0.26, 0.45, "patches that excite it most", ha="center", size=9)


def draw_activations(figure: Figure, activations: Array) -> None:
    """Draw a histogram of a unit's activations."""
    counts, _ = np.histogram(activations, BINS)
    ax = axes(
        figure, (0.84, 0.65, 0.145, 0.25), "how active it is", "activation", "patches",
        xlim=(0, 1), yscale="log",
    )  # fmt: skip
    few_ticks(ax, [0, 0.5, 1], [1, 100, 10_000])
    ax.stairs(np.maximum(counts, 0.5), BINS, color=BLUE, fill=True, baseline=0.5)


def sentence(unit: int, fit: GaborFit, activations: Array) -> str:
    """Describe a unit in a sentence or two, with its numbers."""
    if fit.amplitude == 0:
        look = "has no weights that differ: it looks for nothing"
    else:
        what = "an edge" if fit.is_good else "no clear edge"
        look = (
            f"looks for {what} (R² = {fit.r2:.2f}) at {fit.orientation:.0f} degrees, "
            f"about row {fit.y:.1f}, column {fit.x:.1f}"
        )
    return (
        f"Unit {unit} {look}. Its activation is {activations.mean():.3f} on average and "
        f"{activations.max():.2f} at most; it is above 0.1 for {np.mean(activations > 0.1):.1%} "
        "of the patches."
    )
