"""The parts of an explorer's picture: where they lie, what is pointed at, and drawing them fast.

A box is (left, bottom, width, height) in fractions of the figure.
"""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from numpy.typing import ArrayLike, NDArray

Values = Sequence[float] | NDArray[Any]
Box = tuple[float, float, float, float]

NEAR = 0.04  # how far beside a box, in its own size, still counts as its edge


def fitted(box: Box, shape: tuple[int, ...], size: tuple[float, float]) -> Box:
    """The box in the middle of a box that a picture fills without being distorted.

    shape: (rows, columns) of the picture. size: of the figure, inches.
    """
    left, bottom, width, height = box
    scale = min(width * size[0] / shape[1], height * size[1] / shape[0])
    inner = shape[1] * scale / size[0], shape[0] * scale / size[1]
    return left + (width - inner[0]) / 2, bottom + (height - inner[1]) / 2, *inner


def within(box: Box, x: float, y: float) -> tuple[float, float] | None:
    """A place of the figure as (x, y) of a box, from its left and its top, each from 0 to 1.

    x, y: as Picture tells them. Returns None where it lies beside the box.
    """
    left, bottom, width, height = box
    across, down = (x - left) / width, (y - (1 - bottom - height)) / height
    if not all(-NEAR <= value <= 1 + NEAR for value in (across, down)):
        return None
    return min(max(across, 0), 1), min(max(down, 0), 1)


def paper(figure: Figure) -> Axes:
    """Axes without marks that cover a figure, in fractions of it.

    Axes take more time than what is drawn on them: pictures share these (see `put`).
    """
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 1), ylim=(0, 1), autoscale_on=False)
    ax.axis("off")
    return ax


def put(
    ax: Axes, picture: ArrayLike, box: Box, limits: tuple[float, float], title: str = ""
) -> None:
    """Draw a picture into a box of a paper. limits: what is black, and what is white."""
    left, bottom, width, height = box
    ax.imshow(
        picture, cmap="gray", vmin=limits[0], vmax=limits[1], interpolation="nearest",
        extent=(left, left + width, bottom, bottom + height), aspect="auto",
    )  # fmt: skip
    ax.text(left + width / 2, bottom + height + 0.015, title, ha="center", va="bottom", size=9)


def axes(figure: Figure, box: Box, title: str, xlabel: str, ylabel: str, **settings: Any) -> Axes:
    """Axes with words, for curves."""
    ax = figure.add_axes(box)
    ax.set(xlabel=xlabel, ylabel=ylabel, **settings)
    ax.set_title(title, size=9)
    ax.tick_params(labelsize=8)
    return ax


def few_ticks(ax: Axes, x: Values | None = None, y: Values | None = None) -> None:
    """Marks at these values alone, with plain numbers: a logarithmic axis has many, and is slow."""
    for axis, values in ((ax.xaxis, x), (ax.yaxis, y)):
        if values is not None:
            axis.set_ticks(values, [f"{value:g}" for value in values])
            axis.set_minor_locator(NullLocator())
