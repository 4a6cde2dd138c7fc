"""What a penalty asks of a unit, and the filters that come of it."""

from collections.abc import Mapping

import numpy as np
from ipywidgets import Dropdown, FloatLogSlider, SelectionSlider, ToggleButtons
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from saelab.data import load_stored
from saelab.display import BLUE, GREY, ORANGE
from saelab.typed import Array, Function
from saelab.widgets.explorer import Explorer
from saelab.widgets.given import part, require_functions
from saelab.widgets.panels import advance, few_ticks, within
from saelab.widgets.theirs import call
from saelab.widgets.weights import draw_filters

SIZE = 9, 3.4
# Where the axes lie in the figure: left, bottom, width, height, as fractions.
LEFT, MIDDLE, RIGHT = (0.09, 0.16, 0.23, 0.75), (0.42, 0.16, 0.23, 0.75), (0.68, 0.03, 0.31, 0.88)
RHO = 0.01  # of the stored trainings
LIMITS = -4, np.log10(0.99)  # of rho_hat, as powers of ten
NEAR = 0.2  # up to here the curves are in the picture as a whole
STEPS = ("lowest", "low", "high", "highest")
# How much of a change of the activation comes through to rho_hat; the same network's weights W1, in
# units of those with sigmoid units, too.
THROUGH = {"sigmoid": 1.0, "tanh": 0.5}
HINT = (
    "Click or drag in a chart to choose rho_hat; the left and right arrow keys change it, too, and "
    "up and down the weight."
)


def penalty_explorer(penalties: Mapping[str, Function]) -> Explorer:
    """Choose a unit, a penalty and its weight: value, slope, and the filters that were learned.

    The curves are those of your functions, for a unit that is equally active at all examples. The
    filters, and the numbers that belong to them, were computed by data/tanh.py with sigmoid units;
    tanh units are those of the same network.

    Args:
        penalties: functions of p, (hidden_size, m), that return (value, slope), by the names of the
            stored penalties.

    Returns:
        An Explorer.

    Raises:
        ValueError: if penalties is no dictionary, or a penalty is missing or is not a function.
        saelab.data.DataError: if the stored networks are not found.
    """
    stored = load_stored("tanh")
    names = stored["penalties"].tolist()
    if not isinstance(penalties, Mapping):
        raise ValueError(
            f"penalties is a dictionary from name to function, not a {type(penalties).__name__}"
        )
    missing = [name for name in names if name not in penalties]
    if missing:
        raise ValueError(f"penalties has no {', '.join(missing)}: it needs a function by this name")
    require_functions(**{f"penalties[{name!r}]": penalties[name] for name in names})
    controls = {
        "unit": ToggleButtons(options=list(THROUGH), description="units"),
        "penalty": Dropdown(options=names, description="penalty"),
        "weight": SelectionSlider(options=STEPS, value="high", description="weight"),
        "rho_hat": FloatLogSlider(
            0.1, min=LIMITS[0], max=LIMITS[1], step=0.05, readout_format=".3g",
            description="rho_hat of a unit",
        ),
    }  # fmt: skip

    def draw(figure: Figure, unit: str, penalty: str, weight: str, rho_hat: float) -> str:
        k, w = names.index(penalty), STEPS.index(weight)
        times = float(stored["weights"][k, w])
        everywhere = np.unique(np.append(np.logspace(*LIMITS, 80), rho_hat))
        values, slopes = curves(penalties[penalty], everywhere)
        values, slopes = times * values, times * THROUGH[unit] * slopes
        here = np.searchsorted(everywhere, rho_hat)
        value, slope = values[here], slopes[here]
        draw_curve(figure.add_axes(LEFT), everywhere, values, rho_hat, value)
        draw_slope(figure.add_axes(MIDDLE), everywhere, slopes, rho_hat, slope)
        W1 = THROUGH[unit] * stored["W1"][k, w].astype(float)
        edges, alive = (int(stored[name][k, w]) for name in ("edges", "alive"))
        draw_filters(figure.add_axes(RIGHT), W1, name=f"edges: {edges} of {len(W1)}")
        active, explained = stored["active"][k, w], float(stored["explained"][k, w])
        return (
            f"{penalty} times {times:g}, {unit} units: a unit with p = {rho_hat:.3g} at every "
            f"patch pays {value:.3g}, and {slope:+.3g} enters the bracket of delta: "
            f"{effect(slope)}. Edges after such a training: {edges} of {len(W1)}, alive: {alive}. "
            f"The network explains {explained:.0%} of the variance, and rho_hat of its units lies "
            f"between {active.min():.2g} and {active.max():.2g}."
        )

    def point(x: float, y: float) -> None:
        place = within(LEFT, x, y) or within(MIDDLE, x, y)
        if place is not None:
            there = LIMITS[0] + place[0] * (LIMITS[1] - LIMITS[0])
            controls["rho_hat"].value = round(10**there, 6)

    def step(dx: int, dy: int) -> None:
        controls["rho_hat"].value *= 10 ** (0.1 * dx)
        advance(controls["weight"], -dy)

    title = "What does a penalty ask of a unit, and what comes of it?"
    return Explorer(title, draw, controls, SIZE, point, step, HINT)


def effect(slope: float) -> str:
    """What a term in the bracket of delta does, in words."""
    if slope == 0:
        return "the unit is left as it is"
    return f"downhill the unit gets {'less' if slope > 0 else 'more'} active"


def curves(penalty: Function, rho_hat: Array) -> tuple[Array, Array]:
    """The values and the slopes of a penalty for single units, each at one example."""
    units = [np.array([[p]]) for p in rho_hat]
    values = [call(part(penalty, 0), p, shape=()) for p in units]
    slopes = [call(part(penalty, 1), p, shape=(1, 1)).item() for p in units]
    return np.array(values), np.array(slopes)


def draw_curve(ax: Axes, everywhere: Array, values: Array, rho_hat: float, value: float) -> None:
    top = max(values[everywhere <= NEAR].max(), value) or 1
    ax.semilogx(everywhere, values, color=BLUE, lw=2)
    ax.plot(rho_hat, value, "o", color=ORANGE, ms=8)
    ax.set(ylim=(-0.06 * top, 1.15 * top), ylabel="cost of one unit")
    ax.set_title("What it costs", fontsize="medium", y=1)
    mark(ax)


def draw_slope(ax: Axes, everywhere: Array, slopes: Array, rho_hat: float, slope: float) -> None:
    near = (everywhere >= RHO / 5) & (everywhere <= NEAR)
    reach = 1.2 * max(np.abs(slopes[near]).max(), abs(slope)) or 1
    ax.axhline(0, color=GREY, lw=1)
    ax.semilogx(everywhere, slopes, color=BLUE, lw=2)
    ax.plot(rho_hat, slope, "o", color=ORANGE, ms=8)
    ax.set(ylim=(-reach, reach), ylabel="term in the bracket of delta")
    ax.set_title("Where it pushes", fontsize="medium", y=1)
    mark(ax)


def mark(ax: Axes) -> None:
    """Mark the target, and label the axis of rho_hat."""
    ax.axvline(RHO, color=GREY, ls=":", lw=1.5)
    few_ticks(ax, (1e-4, 0.01, 1))
    ax.set(xlim=(10.0 ** LIMITS[0] / 1.3, 1.3), xlabel="rho_hat (dotted: the target)")
    ax.locator_params(axis="y", nbins=4)
