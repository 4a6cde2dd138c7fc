"""How wrong a gradient is if each batch of examples takes its own rho_hat."""

from typing import Any

import numpy as np
from ipywidgets import SelectionSlider
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from saelab.data import load_stored
from saelab.display import BLUE, GREY, ORANGE
from saelab.widgets.explorer import Explorer
from saelab.widgets.panels import advance, few_ticks, within

# Where the two axes lie in the figure: left, bottom, width, height, as fractions.
LEFT, RIGHT = (0.12, 0.15, 0.43, 0.74), (0.66, 0.15, 0.32, 0.74)
LIMITS = 0.25, 15_000  # of the axis of sizes, which is logarithmic
LOWEST = 1e-6  # where the axis of errors, which is logarithmic, has its zero
HINT = (
    "Click or drag in the left picture to choose the size of a batch; the left and right arrow "
    "keys change it, too, and up and down the iteration."
)


def batch_explorer() -> Explorer:
    """Choose the size of a batch and the state of the training: how wrong is the gradient?

    It shows the numbers that data/batches.py has measured.

    Returns:
        An Explorer.

    Raises:
        saelab.data.DataError: if the stored numbers are not found.
    """
    stored = load_stored("batches")
    sizes, iterations = (stored[name].tolist() for name in ("sizes", "iterations"))
    controls = {
        "size": SelectionSlider(options=sizes, value=100, description="examples in a batch"),
        "iteration": SelectionSlider(options=iterations, value=400, description="iteration"),
    }

    def draw(figure: Figure, size: int, iteration: int) -> str:
        row, column = iterations.index(iteration), sizes.index(size)
        here = {name: float(stored[name][row, column]) for name in ("error", "length", "angle")}
        draw_errors(figure.add_axes(LEFT), stored, row, column)
        draw_arrows(figure.add_axes(RIGHT), here["length"], here["angle"])
        told, right = stored["batch_cost"][row, column], stored["cost"][row]
        return (
            f"{when(iteration).capitalize()}, with {in_words(size)}, the gradient is off by "
            f"{here['error']:.2g} times its length: it points {here['angle']:.2g} degrees away "
            f"from the right one, and is {here['length']:.2f} times as long. "
            f"{effect(here['angle'])} The cost is told as {told:.3f}, and is {right:.3f}."
        )

    def point(x: float, y: float) -> None:
        place = within(LEFT, x, y)
        if place is not None:
            low, high = np.log(LIMITS)
            there = low + place[0] * (high - low)
            controls["size"].index = int(np.abs(np.log(sizes) - there).argmin())

    def step(dx: int, dy: int) -> None:
        for control, by in ((controls["size"], dx), (controls["iteration"], -dy)):
            advance(control, by)

    title = "How wrong is the gradient if each batch takes its own rho_hat?"
    return Explorer(title, draw, controls, (8, 3.6), point, step, HINT)


def when(iteration: int) -> str:
    return f"after {iteration} iterations" if iteration else "at the random start"


def in_words(size: int) -> str:
    return f"batches of {size}" if size > 1 else "each example a batch of its own"


def effect(angle: float) -> str:
    """What a small step against the gradient does to the cost, in a sentence."""
    return f"A small step against it leads {'down' if angle < 90 else 'up'}hill."


def draw_errors(ax: Axes, stored: dict[str, NDArray[Any]], row: int, column: int) -> None:
    """Draw the errors of all sizes, a curve for each iteration, with the present one marked."""
    sizes, errors = stored["sizes"], np.maximum(stored["error"], LOWEST)
    for i, curve in enumerate(errors):
        ax.loglog(sizes, curve, color=GREY, lw=1)
        ax.annotate(
            str(stored["iterations"][i]) if i else "start",
            (sizes[0], curve[0]), (-4, 0), textcoords="offset points",
            ha="right", va="bottom" if i == len(errors) - 1 else "center", fontsize="small",
        )  # fmt: skip
    ax.loglog(sizes, errors[row], "o-", color=BLUE, lw=2, ms=4)
    ax.loglog(sizes[column], errors[row, column], "o", color=ORANGE, ms=9)
    few_ticks(ax, 10.0 ** np.arange(5), 10.0 ** np.arange(-6, 3, 2))
    ax.yaxis.set_ticks([LOWEST, 1e-4, 0.01, 1, 100], ["0", "0.0001", "0.01", "1", "100"])
    ax.set(xlim=LIMITS, ylim=(LOWEST / 2, 100))
    ax.set(xlabel="examples in a batch", ylabel="relative error of the gradient")
    ax.set_title("Each line: an iteration of the training", fontsize="medium", y=1)


def draw_arrows(ax: Axes, length: float, angle: float) -> None:
    """Draw the steps that both gradients ask for, the right one of length 1 straight down."""
    x, y = length * np.sin(np.radians(angle)), -length * np.cos(np.radians(angle))
    for tip, color, width, label in (
        ((0, -1), BLUE, 5, "right"),
        ((x, y), ORANGE, 2, "own rho_hat"),
    ):
        ax.plot(*zip((0, 0), tip), color=color, lw=width, label=label)
        ax.plot(*tip, "o", color=color, ms=2 * width + 3)
    reach = 1.2 * max(1, length)
    ax.axhline(0, color=GREY, lw=1)
    ax.set(xlim=(-reach / 4, reach * 1.2), ylim=(-reach, reach / 2))
    ax.set(xlabel="sideways", ylabel="← downhill    uphill →")
    ax.locator_params(nbins=4)
    ax.set_title("The steps they ask for", fontsize="medium", y=1)
    ax.legend(loc="upper right", fontsize="small")
