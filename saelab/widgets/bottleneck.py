"""What an autoencoder with few hidden units keeps, beside what PCA keeps."""

import functools
from typing import Any

import numpy as np
from ipywidgets import SelectionSlider, ToggleButtons
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from saelab.data import load_stored
from saelab.display import BLUE, GREY, ORANGE
from saelab.typed import Array, Function
from saelab.widgets.explorer import Explorer
from saelab.widgets.given import part, require_functions
from saelab.widgets.panels import advance, paper, put, within
from saelab.widgets.theirs import attempt, call, name_of
from saelab.widgets.weights import side_by_side

KINDS = ("noise", "chain", "photographs", "whitened")
VISIBLE, SHOWN = 64, 6
SIZE = (8.5, 3.7)
# Where the axes lie in the figure: left, bottom, width, height, as fractions.
LEFT = (0.09, 0.15, 0.36, 0.74)
ROWS = tuple((0.5, bottom, 0.49, 0.49 / SHOWN * SIZE[0] / SIZE[1]) for bottom in (0.69, 0.37, 0.05))
HIGHEST = 67  # where the axis of units ends
HINT = (
    "Click or drag in the left picture to choose the number of units; the left and right arrow "
    "keys change it, too, and up and down the kind of data."
)


def bottleneck_explorer(pca_bottleneck: Function) -> Explorer:
    """Choose the data and the number of units: what do PCA and a network keep?

    The networks are those that data/bottlenecks.py has trained; PCA is your own.

    Args:
        pca_bottleneck: your own function, called as pca_bottleneck(data, k); returns (mean, U,
            share).

    Returns:
        An Explorer.

    Raises:
        ValueError: if it is not a function.
        saelab.data.DataError: if the stored numbers are not found.
    """
    require_functions(pca_bottleneck=pca_bottleneck)
    stored = load_stored("bottlenecks")
    units = stored["units"].tolist()
    controls = {
        "kind": ToggleButtons(
            options=KINDS, value="whitened", description="data", style={"button_width": "initial"}
        ),
        "k": SelectionSlider(options=units, value=25, description="hidden units"),
    }

    @functools.cache
    def principal(kind: str, k: int) -> tuple[Array, float]:
        """What PCA makes of the first examples, (64, SHOWN), and its share."""
        data = stored[kind] / 255
        returned = attempt(pca_bottleneck, data, k)

        def given() -> Any:
            return returned

        given.__name__ = name_of(pca_bottleneck)
        shapes = (VISIBLE,), (VISIBLE, k), ()
        mean, U, share = (call(part(given, i), shape=shape) for i, shape in enumerate(shapes))
        apart = data[:, :SHOWN] - mean[:, None]
        return mean[:, None] + U @ (U.T @ apart), float(share)

    def draw(figure: Figure, kind: str, k: int) -> str:
        place = units.index(k)
        by_pca = [principal(kind, number)[1] for number in units]
        by_network = stored[f"{kind}_share"]
        draw_shares(figure.add_axes(LEFT), units, by_pca, by_network, place)
        ax = paper(figure)
        for box, name, patches in (
            (ROWS[0], kind, stored[kind][:, :SHOWN] / 255),
            (ROWS[1], f"by PCA with {k}", principal(kind, k)[0]),
            (ROWS[2], f"by a network with {k}", stored[f"{kind}_rebuilt"][place][:, :SHOWN] / 255),
        ):
            row = np.nan_to_num(side_by_side(patches.T, SHOWN))  # black between the patches
            put(ax, row, box, (0.1, 0.9), name)
        less = 100 * (by_pca[place] - by_network[place])
        return (
            f"{kind.capitalize()}, {k} hidden unit{'s' * (k > 1)}: PCA keeps "
            f"{100 * by_pca[place]:.1f} % of the variance, and the network "
            f"{100 * by_network[place]:.1f} %, {abs(less):.1f} points "
            f"{'less' if less >= 0 else 'more'}. If no number told anything of another, "
            f"{100 * k / VISIBLE:.1f} % could be kept."
        )

    def point(x: float, y: float) -> None:
        there = within(LEFT, x, y)
        if there is not None:
            controls["k"].index = int(np.abs(np.array(units) - there[0] * HIGHEST).argmin())

    def step(dx: int, dy: int) -> None:
        for control, by in ((controls["k"], dx), (controls["kind"], dy)):
            advance(control, by)

    title = "What passes through a few units?"
    return Explorer(title, draw, controls, SIZE, point, step, HINT)


def draw_shares(
    ax: Axes, units: list[int], by_pca: list[float], by_network: Array, place: int
) -> None:
    """Draw what PCA and the networks keep, with the present number of units marked."""
    ax.plot([0, VISIBLE], [0, 1], color=GREY, lw=1, label="without structure")
    ax.plot(units, by_pca, "s--", color=ORANGE, ms=4, label="PCA")
    ax.plot(units, by_network, "o-", color=BLUE, ms=4, label="network")
    ax.axvline(units[place], color=GREY, lw=1)
    ax.plot(units[place], by_pca[place], "s", color=ORANGE, ms=9)
    ax.plot(units[place], by_network[place], "o", color=BLUE, ms=8)
    ax.set(xlim=(0, HIGHEST), ylim=(0, 1.05))
    ax.set(xlabel="hidden units", ylabel="share of the variance")
    ax.xaxis.set_ticks([1, 8, 16, 25, 36, 49, 64])
    ax.set_title("What is kept", fontsize="medium", y=1)
    ax.legend(loc="lower right", fontsize="small")
