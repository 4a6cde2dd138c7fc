"""All filters of a network in one picture, with one scale for all."""

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes

from saelab.quality.verdict import ALIVE_NORM
from saelab.typed import Array

# A network whose weights are smaller than this looks grey, as it should.
LEAST_LIMIT = 0.5
WITH_GAPS = colormaps["gray"].with_extremes(bad="black")  # as tile_filters of notebook 06 has them


def draw_filters(ax: Axes, W1: Array, fontsize: float = 9, name: str = "") -> None:
    """Draw the rows of W1 as squares side by side, without axes.

    All squares have the same scale: white is the largest absolute weight, or LEAST_LIMIT if that is
    larger; black is its negative, and grey is 0. The title says how large white is.

    Args:
        ax: the axes to draw on.
        W1: (hidden_size, p * p).
        fontsize: the size of the title in points.
        name: what the title begins with; "" for how many filters there are.
    """
    largest = float(np.abs(W1).max())
    limit = max(largest, LEAST_LIMIT)
    columns = int(np.ceil(np.sqrt(len(W1))))
    picture = side_by_side(W1, columns)
    ax.imshow(picture, cmap=WITH_GAPS, vmin=-limit, vmax=limit, interpolation="nearest")
    name = name or f"{len(W1)} filters"
    ax.set_title(f"{name}, white is {limit:.2g}", fontsize=fontsize, y=1)
    ax.axis("off")


def edges_in_words(W1: Array, edges: int, are_edges: bool) -> str:
    """What kind of filters a network has learned, in a word or two.

    Args:
        W1: (hidden_size, p * p).
        edges: how many of them are alive and fit a Gabor function.
        are_edges: whether saelab.quality calls them edge detectors.
    """
    if are_edges:
        return "Edges"
    if edges >= len(W1) / 10:
        return "Edges in part" if edges >= len(W1) / 2 else "Some edges"
    alive = np.linalg.norm(W1 - W1.mean(axis=1, keepdims=True), axis=1) > ALIVE_NORM
    if alive.mean() < 0.5:
        return "Collapse"
    return "Hardly any edges" if edges else "No edges"


def side_by_side(filters: Array, columns: int) -> Array:
    """Arrange squares in rows, as one array, with nan between and after them.

    Args:
        filters: (n, p * p), one square in each row.
        columns: how many squares stand next to each other.

    Returns:
        The array.
    """
    size = round(filters.shape[1] ** 0.5)
    rows = -(-len(filters) // columns)
    tiles = np.full((rows * columns, size + 1, size + 1), np.nan)
    tiles[: len(filters), :size, :size] = filters.reshape(-1, size, size)
    lines = tiles.reshape(rows, columns, size + 1, size + 1).swapaxes(1, 2)
    return lines.reshape(rows * (size + 1), columns * (size + 1))[:-1, :-1]
