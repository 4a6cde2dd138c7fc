"""All filters of a network in one picture, with one scale for all."""

import numpy as np
from matplotlib.axes import Axes

from saelab.typed import Array

# A network whose weights are smaller than this looks grey, as it should.
LEAST_LIMIT = 0.5


def draw_filters(ax: Axes, W1: Array, fontsize: float = 9) -> None:
    """Draw the rows of W1 (hidden_size, p * p) as squares side by side, without axes.

    One scale for all: white is the largest absolute weight, black its negative, grey 0. The title
    says how large that is.
    """
    largest = float(np.abs(W1).max())
    limit = max(largest, LEAST_LIMIT)
    columns = int(np.ceil(np.sqrt(len(W1))))
    picture = side_by_side(W1, columns)
    ax.imshow(picture, cmap="gray", vmin=-limit, vmax=limit, interpolation="nearest")
    ax.set_title(f"{len(W1)} filters, white is {limit:.2g}", fontsize=fontsize, y=1)
    ax.axis("off")


def side_by_side(filters: Array, columns: int) -> Array:
    """Squares in rows of `columns`, as one array; nan lies between and behind them."""
    size = round(filters.shape[1] ** 0.5)
    rows = -(-len(filters) // columns)
    tiles = np.full((rows * columns, size + 1, size + 1), np.nan)
    tiles[: len(filters), :size, :size] = filters.reshape(-1, size, size)
    lines = tiles.reshape(rows, columns, size + 1, size + 1).swapaxes(1, 2)
    return lines.reshape(rows * (size + 1), columns * (size + 1))[:-1, :-1]
