"""Go through the units of a network: filter, Gabor function, favourites, and places on maps."""

from collections.abc import Sequence
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from saelab.display import BLUE, GREY, ORANGE
from saelab.quality import GaborFit
from saelab.typed import Array
from saelab.widgets.explorer import Explorer
from saelab.widgets.filters import N_FAVOURITES, checked_arrays
from saelab.widgets.panels import Box, axes, fitted, paper, put, within

SIZE = (8, 5.2)
PER_ROW = 10  # units that the up and down arrow keys skip
HINT = (
    "Click a dot in one of the maps to choose its unit; the left and right arrow keys go to the "
    f"next unit, up and down skip {PER_ROW}."
)


class Map(NamedTuple):
    """One of the maps on which each unit is a dot.

    Attributes:
        box: where it lies in the figure.
        title: what it is a map of.
        x: the field of a GaborFit along the x axis.
        y: the field along the y axis.
        xlabel: what the x axis is called, with its unit.
        ylabel: what the y axis is called, with its unit.
    """

    box: Box
    title: str
    x: str
    y: str
    xlabel: str
    ylabel: str


MAPS = (
    Map((0.07, 0.11, 0.24, 0.34), "place", "x", "y", "column (pixels)", "row (pixels)"),
    Map((0.40, 0.11, 0.24, 0.34), "direction", "orientation", "sigma_along",
        "direction (degrees)", "width along (pixels)"),
    Map((0.74, 0.11, 0.24, 0.34), "frequency", "frequency", "sigma_across",
        "frequency (cycles/pixel)", "width across (pixels)"),
)  # fmt: skip


def unit_explorer(
    W1: ArrayLike, fits: Sequence[GaborFit], patches: ArrayLike, a2: ArrayLike
) -> Explorer:
    """Look at hidden units one by one, and at where each lies among the others.

    Click a dot in a map, or go from one unit to the next with the arrow keys.

    Args:
        W1: (hidden_size, p * p), the weights.
        fits: a GaborFit for each unit, as describe_filters makes them.
        patches: (p * p, m), one patch in each column.
        a2: (hidden_size, m), the activations that these patches give.

    Returns:
        An Explorer.

    Raises:
        ValueError: if the shapes do not fit together.
    """
    W1, patches, a2 = checked_arrays(W1, patches, a2, fits)
    p = round(W1.shape[1] ** 0.5)
    favourites = np.argsort(-a2, axis=1)[:, :N_FAVOURITES]
    limits = limits_of(fits, p)
    good = np.array([fit.is_good for fit in fits])
    control = ipywidgets.IntSlider(0, 0, len(W1) - 1, description="unit")

    def draw(figure: Figure, unit: int) -> str:
        ax = paper(figure)
        draw_unit(ax, W1[unit].reshape(p, p), fits[unit])
        draw_favourites(ax, patches[:, favourites[unit]].T.reshape(-1, p, p))
        for shown in MAPS:
            draw_map(figure, shown, fits, good, unit, limits)
        return sentence(unit, fits, a2[unit])

    def point(x: float, y: float) -> None:
        for shown in MAPS:
            place = within(shown.box, x, y)
            if place:
                explorer.set(unit=nearest(place, shown, fits, limits))

    def step(dx: int, dy: int) -> None:
        explorer.set(unit=control.value + dx + dy * PER_ROW)

    explorer = Explorer(
        "What does a unit look for, and where does it lie among the others?",
        draw, {"unit": control}, SIZE, point, step, HINT,
    )  # fmt: skip
    return explorer


def limits_of(fits: Sequence[GaborFit], p: int) -> dict[str, tuple[float, float]]:
    """The ends of the axes: from the name of a field to its least and largest value.

    Rows are counted from the top.
    """
    of_fits = [[fit.sigma_along, fit.sigma_across, fit.frequency] for fit in fits]
    widest = np.nanmax([*of_fits, [1.0, 1.0, 0.1]], axis=0)
    return {
        "x": (-1, p),
        "y": (p, -1),
        "orientation": (-6, 186),
        "sigma_along": (0, 1.08 * widest[0]),
        "frequency": (0, 1.08 * widest[2]),
        "sigma_across": (0, 1.08 * widest[1]),
    }


def on_map(shown: Map, fits: Sequence[GaborFit]) -> Array:
    """Where the units' dots lie: (hidden_size, 2), NaN where a unit has none."""
    return np.array([[getattr(fit, shown.x), getattr(fit, shown.y)] for fit in fits])


def nearest(
    place: tuple[float, float],
    shown: Map,
    fits: Sequence[GaborFit],
    limits: dict[str, tuple[float, float]],
) -> int:
    """The unit whose dot is nearest.

    Args:
        place: (x, y) in the map, from its left and from its top, each from 0 to 1.
        shown: the map.
        fits: those of all units.
        limits: the ends of the axes.
    """
    (left, right), (bottom, top) = limits[shown.x], limits[shown.y]
    dots = (on_map(shown, fits) - (left, top)) / (right - left, bottom - top)
    distance = np.hypot(*(dots - place).T)
    return int(np.nan_to_num(distance, nan=np.inf).argmin())


def draw_unit(ax: Axes, weights: Array, fit: GaborFit) -> None:
    """Draw the filter of a unit, and the Gabor function that fits it."""
    gabor = fit.render()
    for left, picture, title in (
        (0.01, weights - weights.mean(), "filter"), (0.20, gabor, f"Gabor, R² = {fit.r2:.2f}"),
    ):  # fmt: skip
        limit = np.abs(weights).max() or 1
        box = fitted((left, 0.60, 0.18, 0.32), picture.shape, SIZE)
        put(ax, picture, box, (-limit, limit), title)


def draw_favourites(ax: Axes, patches: Array) -> None:
    """Draw the patches that excite a unit most, in two rows, as one picture: many take long."""
    limits = patches.min(), patches.max()
    framed = list(np.pad(patches, ((0, 0), (0, 1), (0, 1)), constant_values=limits[1]))
    across = N_FAVOURITES // 2
    rows = [np.hstack(framed[i : i + across]) for i in range(0, len(framed), across)]
    picture = np.vstack(rows)[:-1, :-1]
    box = fitted((0.41, 0.60, 0.58, 0.32), picture.shape, SIZE)
    put(ax, picture, box, limits, "patches that excite it most")


def draw_map(
    figure: Figure,
    shown: Map,
    fits: Sequence[GaborFit],
    good: NDArray[np.bool],
    unit: int,
    limits: dict[str, tuple[float, float]],
) -> None:
    """Draw the dots of all units on one map: open where the fit is poor, orange for one unit."""
    ax = axes(
        figure, shown.box, shown.title, shown.xlabel, shown.ylabel,
        xlim=limits[shown.x], ylim=limits[shown.y],
    )  # fmt: skip
    ax.locator_params(nbins=5)
    if shown.x == "orientation":
        ax.set_xticks([0, 45, 90, 135, 180])
    dots = on_map(shown, fits)
    ax.plot(*dots[~good].T, "o", color=GREY, mfc="none", ms=4)
    ax.plot(*dots[good].T, "o", color=BLUE, ms=4)
    ax.plot(*dots[[unit]].T, "o", color=ORANGE, ms=9, mec="black")


def sentence(unit: int, fits: Sequence[GaborFit], activations: Array) -> str:
    """Describe a unit in a few sentences, with its numbers."""
    fit = fits[unit]
    if fit.amplitude == 0:
        look = "has no weights that differ: it looks for nothing, and has no dot"
    else:
        what = "an edge" if fit.is_good else "no clear edge"
        look = (
            f"looks for {what} (R² = {fit.r2:.2f}) at {fit.orientation:.0f} degrees, about row "
            f"{fit.y:.1f}, column {fit.x:.1f}, with {fit.frequency:.2f} cycles/pixel, "
            f"{fit.sigma_along:.1f} pixels wide along the stripes and {fit.sigma_across:.1f} across"
        )
    count = sum(fit.is_good for fit in fits)
    return (
        f"Unit {unit} {look}. Its activation is {activations.mean():.3f} on average and "
        f"{activations.max():.2f} at most. Filled dots are edges: {count} of {len(fits)}."
    )
