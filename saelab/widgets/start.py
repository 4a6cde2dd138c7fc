"""The size of the starting weights: how it sets the units' activations and slopes."""

import numpy as np
from ipywidgets import FloatLogSlider, ToggleButtons
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from saelab.check.compare import consecutive
from saelab.display import BLUE, GREY, ORANGE
from saelab.typed import Array, Function
from saelab.widgets.explorer import Explorer
from saelab.widgets.given import part, require_functions
from saelab.widgets.panels import few_ticks
from saelab.widgets.theirs import call

HIDDEN = 25
# Where the axes lie in the figure: left, bottom, width, height, as fractions.
ABOVE, BELOW = (0.09, 0.5, 0.38, 0.39), (0.09, 0.15, 0.38, 0.28)
RIGHT = 0.6, 0.15, 0.38, 0.74
FACTORS = np.logspace(-2, 2, 41)
RANDOM, COPIES = "drawn at random", "copies of the first"


def start_explorer(
    initialize_parameters: Function, feed_forward: Function, slope: Function, data: ArrayLike
) -> Explorer:
    """Multiply the starting weights: where the activations go, and what is left of the slope.

    Args:
        initialize_parameters: your own function, called as initialize_parameters(visible_size,
            hidden_size, rng).
        feed_forward: your own function, called as feed_forward(theta, visible_size, hidden_size,
            data).
        slope: called as slope(a); returns the slope of a unit whose activation is a.
        data: (visible_size, m), one example in each column.

    Returns:
        An Explorer.

    Raises:
        ValueError: if one of the three is not a function, or if `data` are not examples.
    """
    require_functions(
        initialize_parameters=initialize_parameters, feed_forward=feed_forward, slope=slope
    )
    data = checked_examples(data)
    visible, examples = data.shape
    sweeps: dict[str, Array] = {}
    controls = {
        "factor": FloatLogSlider(
            1, min=-2, max=2, step=0.1, readout_format=".3g", description="starting weights times"
        ),
        "units": ToggleButtons(
            options=(RANDOM, COPIES), description="hidden units", style={"button_width": "initial"}
        ),
    }

    def activations(factor: float, units: str) -> Array:
        size = 2 * visible * HIDDEN + HIDDEN + visible
        rng = np.random.default_rng(2)
        theta = call(initialize_parameters, visible, HIDDEN, rng, shape=(size,))
        if units == COPIES:
            theta = copied(theta, visible)
        arguments = factor * theta, visible, HIDDEN, data
        return call(part(feed_forward, 0), *arguments, shape=(HIDDEN, examples))

    def measured(a2: Array) -> tuple[float, float]:
        """The mean slope, and how far apart the units are at one example."""
        return call(slope, a2, shape=a2.shape).mean(), a2.std(axis=0).mean()

    def draw(figure: Figure, factor: float, units: str) -> str:
        a2 = activations(factor, units)
        if units not in sweeps:
            sweeps[units] = np.array([measured(activations(f, units)) for f in FACTORS]).T
        steepness, apart = measured(a2)
        low, high = np.quantile(a2, [0.05, 0.95])
        draw_activations(figure.add_axes(ABOVE), a2, low, high)
        draw_slope(figure.add_axes(BELOW), slope, low, high)
        draw_sweep(figure.add_axes(RIGHT), sweeps[units], factor, steepness, apart)
        return (
            f"Starting weights times {factor:.3g}: nine tenths of the activations lie between "
            f"{low:.2f} and {high:.2f}. The slope is {steepness:.3f} on average. "
            f"At one example the {HIDDEN} units differ by {apart:.3f} (standard deviation)."
        )

    title = "Why do weights start at random, and that small?"
    return Explorer(title, draw, controls, (8, 3.5))


def checked_examples(data: ArrayLike) -> Array:
    """Check that an array holds examples.

    Args:
        data: anything that may be examples.

    Returns:
        The examples as an array (visible_size, m) of float64.

    Raises:
        ValueError: if `data` are not finite numbers in rows and columns.
    """
    data = np.asarray(data, dtype=float)
    if data.ndim != 2 or 0 in data.shape:
        raise ValueError(f"data must have the shape (visible_size, m), not {data.shape}")
    if not np.isfinite(data).all():
        raise ValueError("data must be finite, and there is a nan or inf in them")
    return data


def copied(theta: Array, visible: int) -> Array:
    """Starting parameters with which every hidden unit does what the first one does."""
    theta, weights = theta.copy(), HIDDEN * visible
    blocks = consecutive(W1=weights, W2=weights, b1=HIDDEN)
    W1 = theta[blocks["W1"]].reshape(HIDDEN, visible)
    W2 = theta[blocks["W2"]].reshape(visible, HIDDEN)
    W1[:], W2[:] = W1[0], W2[:, :1]
    theta[blocks["b1"]] = theta[blocks["b1"]][0]
    return theta


def draw_activations(ax: Axes, a2: Array, low: float, high: float) -> None:
    heights, edges = np.histogram(a2, bins=50, range=(0, 1))
    ax.stairs(100 * heights / a2.size, edges, fill=True, color=BLUE)
    ax.axvspan(low, high, color=GREY, alpha=0.25, lw=0, zorder=0)
    ax.set(xlim=(-0.01, 1.01), ylabel="share (%)")
    ax.tick_params(labelbottom=False)
    ax.locator_params(nbins=4)
    ax.set_title("Activations of the hidden units", fontsize="medium", y=1)


def draw_slope(ax: Axes, slope: Function, low: float, high: float) -> None:
    a = np.linspace(0, 1, 101)
    curve = call(slope, a, shape=a.shape)
    ax.plot(a, curve, "--", color=ORANGE, lw=2)
    ax.axvspan(low, high, color=GREY, alpha=0.25, lw=0, zorder=0)
    ax.set(xlim=(-0.01, 1.01), ylim=(0, 1.1 * curve.max() or 1))
    ax.set(xlabel="activation (grey: nine tenths of all)", ylabel="slope")
    ax.locator_params(nbins=4)


def draw_sweep(ax: Axes, sweep: Array, factor: float, steepness: float, apart: float) -> None:
    ax.semilogx(FACTORS, sweep[0], color=BLUE, lw=2, label="mean slope of the units")
    ax.semilogx(FACTORS, sweep[1], "--", color=ORANGE, lw=2, label="how far units are apart")
    few_ticks(ax, FACTORS[::10])
    ax.axvline(factor, color=GREY, lw=1)
    ax.plot(factor, steepness, "o", color=BLUE, ms=8)
    ax.plot(factor, apart, "s", color=ORANGE, ms=8)
    ax.set(xlim=(FACTORS[0], FACTORS[-1]), ylim=(-0.02, 0.6))
    ax.set(xlabel="starting weights times", ylabel="slope; standard deviation")
    ax.set_title("What units hear, and how they differ", fontsize="medium", y=1)
    ax.legend(loc="upper left", fontsize="small")
