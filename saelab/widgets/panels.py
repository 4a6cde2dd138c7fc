"""The parts of an explorer's picture: their places, what is pointed at, and how to draw them fast.

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
    """The middle part of a box that a picture fills without being distorted.

    Args:
        box: the box to fit the picture into.
        shape: (rows, columns) of the picture.
        size: width and height of the figure in inches.

    Returns:
        The inner box.
    """
    left, bottom, width, height = box
    scale = min(width * size[0] / shape[1], height * size[1] / shape[0])
    inner = shape[1] * scale / size[0], shape[0] * scale / size[1]
    return left + (width - inner[0]) / 2, bottom + (height - inner[1]) / 2, *inner


def within(box: Box, x: float, y: float) -> tuple[float, float] | None:
    """Convert a place in the figure to a place in a box.

    Args:
        box: the box.
        x: the place as Picture passes it to `point`, from the left.
        y: the place as Picture passes it to `point`, from the top.

    Returns:
        (x, y) in the box, from its left and from its top, each from 0 to 1; None if the place lies
        further outside the box than NEAR.
    """
    left, bottom, width, height = box
    across, down = (x - left) / width, (y - (1 - bottom - height)) / height
    if not all(-NEAR <= value <= 1 + NEAR for value in (across, down)):
        return None
    return min(max(across, 0), 1), min(max(down, 0), 1)


def advance(control: Any, by: int) -> None:
    """Move a slider, or what chooses among options, by some steps, as far as its end.

    Args:
        control: an ipywidgets slider of whole numbers, or a selection.
        by: how many steps; backwards where negative.
    """
    if hasattr(control, "options"):
        control.index = min(max(control.index + by, 0), len(control.options) - 1)
    else:
        control.value = min(max(control.value + by, control.min), control.max)


def paper(figure: Figure) -> Axes:
    """Axes without marks that cover a figure; their units are fractions of the figure.

    Axes take more time than what is drawn on them, so all pictures share these (see `put`).
    """
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 1), ylim=(0, 1), autoscale_on=False)
    ax.axis("off")
    return ax


def put(
    ax: Axes, picture: ArrayLike, box: Box, limits: tuple[float, float], title: str = ""
) -> None:
    """Draw a picture into a box.

    Args:
        ax: axes that `paper` made.
        picture: (rows, columns).
        box: where to draw it.
        limits: the value that is black, and the value that is white.
        title: the title above the picture.
    """
    left, bottom, width, height = box
    ax.imshow(
        picture, cmap="gray", vmin=limits[0], vmax=limits[1], interpolation="nearest",
        extent=(left, left + width, bottom, bottom + height), aspect="auto",
    )  # fmt: skip
    ax.text(left + width / 2, bottom + height + 0.015, title, ha="center", va="bottom", size=9)


def axes(figure: Figure, box: Box, title: str, xlabel: str, ylabel: str, **settings: Any) -> Axes:
    """Axes for curves, with a title and labels."""
    ax = figure.add_axes(box)
    ax.set(xlabel=xlabel, ylabel=ylabel, **settings)
    ax.set_title(title, size=9)
    ax.tick_params(labelsize=8)
    return ax


def few_ticks(ax: Axes, x: Values | None = None, y: Values | None = None) -> None:
    """Put marks at a few values only, labelled with plain numbers.

    Otherwise a logarithmic axis has many marks, and is slow.

    Args:
        ax: the axes.
        x: the values on the x axis; None leaves it as it is.
        y: the values on the y axis; None leaves it as it is.
    """
    for axis, values in ((ax.xaxis, x), (ax.yaxis, y)):
        if values is not None:
            axis.set_ticks(values, [f"{value:g}" for value in values])
            axis.set_minor_locator(NullLocator())
