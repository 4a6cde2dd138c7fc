"""The sparsity penalty of one unit, its slope, and what it adds in the bracket of delta."""

import numpy as np
from ipywidgets import FloatSlider, Layout
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from saelab.display import BLUE, GREY, ORANGE
from saelab.typed import Array, Function
from saelab.widgets.explorer import Explorer
from saelab.widgets.given import require_functions
from saelab.widgets.theirs import call

SIZE = 8, 3.5
# Where the two axes lie in the figure: left, bottom, width, height, as fractions.
LEFT, RIGHT = (0.08, 0.15, 0.4, 0.73), (0.58, 0.15, 0.4, 0.73)
NEAREST = 0.001  # that rho_hat comes to 0 and to 1
HEIGHT, REACH = 1.5, 12  # of the axes, while the point lies within them


def kl_explorer(kl_divergence: Function, sparsity_delta: Function) -> Explorer:
    """Move rho and rho_hat: the penalty, its tangent, and the term in the bracket of delta.

    Both stay between 0 and 1.

    Args:
        kl_divergence: your own function, called as kl_divergence(rho, rho_hat).
        sparsity_delta: your own function, called as sparsity_delta(rho, rho_hat, beta).

    Returns:
        An Explorer.

    Raises:
        ValueError: if one of the two is not a function.
    """
    require_functions(kl_divergence=kl_divergence, sparsity_delta=sparsity_delta)
    controls = {
        "rho": FloatSlider(0.2, min=0.01, max=0.5, step=0.01, description="target rho"),
        "rho_hat": FloatSlider(
            0.5, min=NEAREST, max=1 - NEAREST, step=NEAREST, readout_format=".3f",
            description="average activation rho_hat",
            layout=Layout(width="100%"),  # a thousand steps
        ),
        "beta": FloatSlider(1, min=0, max=10, step=0.5, description="weight beta"),
    }  # fmt: skip

    def draw(figure: Figure, rho: float, rho_hat: float, beta: float) -> str:
        everywhere = np.arange(NEAREST, 1, NEAREST)
        here = np.array([rho_hat])
        curve = call(kl_divergence, rho, everywhere, shape=everywhere.shape)
        terms = call(sparsity_delta, rho, everywhere, beta, shape=everywhere.shape)
        (penalty,) = call(kl_divergence, rho, here, shape=(1,))
        (slope,) = call(sparsity_delta, rho, here, 1.0, shape=(1,))
        (term,) = call(sparsity_delta, rho, here, beta, shape=(1,))
        draw_penalty(figure.add_axes(LEFT), rho, everywhere, curve, rho_hat, penalty, slope)
        draw_term(figure.add_axes(RIGHT), rho, beta, everywhere, terms, rho_hat, term)
        return (
            f"With rho = {rho:.2f} and rho_hat = {rho_hat:.3f} the unit pays {penalty:.3f} nats, "
            f"and the slope there is {slope:+.2f}. Times beta = {beta:g}, {term:+.2f} enters "
            f"the bracket of delta: {effect(term)}."
        )

    def point(x: float, y: float) -> None:
        left, _, width, _ = LEFT if x < (LEFT[0] + LEFT[2] + RIGHT[0]) / 2 else RIGHT
        controls["rho_hat"].value = (x - left) / width  # the slider keeps it within its ends

    def step(dx: int, dy: int) -> None:
        controls["rho_hat"].value += 0.01 * dx

    title = "What does a unit pay for its average activation, and where does that push it?"
    hint = "Click or drag to move rho_hat; the left and right arrow keys move it by 0.01."
    return Explorer(title, draw, controls, SIZE, point, step, hint)


def effect(term: float) -> str:
    """What a term in the bracket of delta does, in words."""
    if abs(term) < 0.005:
        return "the unit is left as it is"
    return f"downhill the unit gets {'less' if term > 0 else 'more'} active"


def draw_penalty(
    ax: Axes,
    rho: float,
    everywhere: Array,
    curve: Array,
    rho_hat: float,
    penalty: float,
    slope: float,
) -> None:
    ax.plot(everywhere, curve, color=BLUE, lw=2, label="KL(rho || rho_hat)")
    tangent = f"tangent, slope {slope:+.2f}"
    ax.axline((rho_hat, penalty), slope=slope, color=ORANGE, ls="--", label=tangent)
    ax.plot(rho_hat, penalty, "o", color=ORANGE, ms=8)
    ax.set(xlim=(0, 1), ylim=(-0.05, max(HEIGHT, 1.15 * penalty)))
    ax.set(xlabel="average activation rho_hat", ylabel="penalty (nats)")
    ax.set_title("The penalty of one unit", fontsize="medium", y=1)
    mark_target(ax, rho)
    ax.legend(loc="upper center", fontsize="small")


def draw_term(
    ax: Axes, rho: float, beta: float, everywhere: Array, terms: Array, rho_hat: float, term: float
) -> None:
    ax.axhline(0, color=GREY, lw=1)
    ax.plot(everywhere, terms, color=BLUE, lw=2)
    ax.plot(rho_hat, term, "o", color=ORANGE, ms=8)
    reach = max(REACH, 1.15 * abs(term))
    ax.set(xlim=(0, 1), ylim=(-reach, reach))
    ax.set(xlabel="average activation rho_hat", ylabel="term in the bracket of delta")
    ax.set_title(f"What it adds in the bracket (beta = {beta:g})", fontsize="medium", y=1)
    mark_target(ax, rho)
    for y, effect_there in ((0.92, "less"), (0.04, "more")):
        ax.text(0.5, y, f"makes the unit {effect_there} active", ha="center",
                transform=ax.transAxes, bbox={"color": "white", "pad": 1})  # fmt: skip


def mark_target(ax: Axes, rho: float) -> None:
    ax.axvline(rho, color=GREY, ls=":", lw=1.5, label=f"target rho = {rho:.2f}")
    ax.locator_params(nbins=5)
