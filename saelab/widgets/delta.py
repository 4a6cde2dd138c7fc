"""The delta of one hidden unit, part by part."""

import numpy as np
from ipywidgets import FloatSlider, IntSlider, Layout
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from saelab.display import BLUE, GREY, ORANGE
from saelab.typed import Array, Function
from saelab.widgets.explorer import Explorer
from saelab.widgets.given import part, require_functions
from saelab.widgets.theirs import TheirsFailed, call

SIZE = 8, 3.8
# Where the axes lie in the figure: left, bottom, width, height, as fractions.
BRACKET, DELTA, UNIT = (0.09, 0.2, 0.19, 0.67), (0.37, 0.2, 0.26, 0.67), (0.73, 0.2, 0.25, 0.67)
WIDE = "32em"  # a slider of many steps


def delta_explorer(
    sparse_autoencoder_cost: Function,
    sparsity_delta: Function,
    average_activation: Function,
    feed_forward: Function,
    slope: Function,
    theta: ArrayLike,
    data: ArrayLike,
) -> Explorer:
    """Choose a hidden unit and a patch, and see the parts of its delta.

    Sliders change beta, rho, and the unit's bias. The part that comes from W2 transposed is found
    from your own cost: with this patch alone and beta 0, the gradient of b1 is delta itself.

    Args:
        sparse_autoencoder_cost: your own function.
        sparsity_delta: your own function.
        average_activation: your own function.
        feed_forward: your own function.
        slope: called as slope(a); returns the slope of a unit whose activation is a.
        theta: 1-D, the parameters of the network: W1, W2, b1, b2.
        data: (visible_size, m), one patch in each column.

    Returns:
        An Explorer.

    Raises:
        ValueError: if one of the five is not a function, or if theta and data do not fit together.
    """
    require_functions(
        sparse_autoencoder_cost=sparse_autoencoder_cost, sparsity_delta=sparsity_delta,
        average_activation=average_activation, feed_forward=feed_forward, slope=slope,
    )  # fmt: skip
    start, patches, hidden_size = network(theta, data)
    visible_size, m = patches.shape
    b1 = slice(start.size - visible_size - hidden_size, start.size - visible_size)
    controls = {
        "unit": IntSlider(0, min=0, max=hidden_size - 1, description="hidden unit"),
        "example": IntSlider(
            0, min=0, max=m - 1, description="patch", layout=Layout(min_width=WIDE)
        ),
        "beta": FloatSlider(3, min=0, max=6, step=0.1, description="weight beta"),
        "rho": FloatSlider(0.05, min=0.01, max=0.5, step=0.01, description="target rho"),
        "shift": FloatSlider(
            0, min=-8, max=8, step=0.1, description="add to the unit's bias b1",
            layout=Layout(min_width=WIDE),
        ),
    }  # fmt: skip

    def bias_slope(theta: Array, beta: float, rho: float, data: Array) -> Array:
        """The gradient of b1 without weight decay, which does not affect biases."""
        arguments = theta, visible_size, hidden_size, 0.0, rho, beta, data
        return call(part(sparse_autoencoder_cost, 1), *arguments, shape=theta.shape)[b1]

    def draw(figure: Figure, unit: int, example: int, beta: float, rho: float, shift: float) -> str:
        theta = start.copy()
        theta[b1][unit] += shift
        sizes = visible_size, hidden_size
        a2 = call(part(feed_forward, 0), theta, *sizes, patches, shape=(hidden_size, m))
        averages = call(average_activation, a2, shape=(hidden_size,))
        adds = call(sparsity_delta, rho, averages, beta, shape=(hidden_size,))[unit]
        slopes = call(slope, a2, shape=a2.shape)[unit]
        here = slopes[example]
        if here == 0:
            raise TheirsFailed("The slope is 0 at this patch: choose another, or another bias.")
        back = bias_slope(theta, 0.0, rho, patches[:, [example]])[unit] / here
        draw_bracket(figure.add_axes(BRACKET), back, adds)
        draw_delta(figure.add_axes(DELTA), back * here, adds * here, here)
        draw_unit(figure.add_axes(UNIT), a2[unit], example, averages[unit], rho)
        bias = bias_slope(theta, beta, rho, patches)[unit]
        mean = bias_slope(theta, 0.0, rho, patches)[unit] + adds * slopes.mean()
        return (
            f"In the bracket W2 transposed brings {number(back)} and sparsity adds {number(adds)}. "
            f"Times the slope {here:.3g} they are {number(back * here)} and {number(adds * here)}, "
            f"together delta = {number((back + adds) * here)}. {agreement(mean, bias, m)}"
        )

    title = "What is the delta of a hidden unit made of?"
    return Explorer(title, draw, controls, SIZE)


def network(theta: ArrayLike, data: ArrayLike) -> tuple[Array, Array, int]:
    """The parameters and the patches as arrays, and the number of hidden units.

    Raises:
        ValueError: if they do not fit together.
    """
    start, patches = np.array(theta, dtype=float), np.array(data, dtype=float)
    if patches.ndim != 2 or not patches.size:
        raise ValueError(f"data must be (visible_size, m), not an array of shape {patches.shape}")
    visible_size = len(patches)
    hidden_size = (start.size - visible_size) // (2 * visible_size + 1)
    if hidden_size < 1 or start.shape != ((2 * visible_size + 1) * hidden_size + visible_size,):
        raise ValueError(
            f"theta of shape {start.shape} does not fit data with {visible_size} inputs: give the "
            "parameters of a network for these data, W1, W2, b1 and b2 in one vector"
        )
    return start, patches, hidden_size


def number(value: float) -> str:
    """A signed number with three digits that count."""
    return f"{value:+.0f}" if abs(value) >= 1000 else f"{value:+.3g}"


def agreement(mean: float, bias: float, m: int) -> str:
    """Say whether the mean of the deltas agrees with the student's gradient of b1.

    Args:
        mean: the mean of delta over all patches.
        bias: what the student's cost returns for b1.
        m: how many patches there are.

    Returns:
        The sentence.
    """
    over = f"Averaged over all {m} patches, delta"
    if np.isclose(mean, bias, rtol=1e-6, atol=1e-9):
        return f"{over} is {number(mean)}, and your gradient of b1 says the same."
    return (
        f"{over} should be {number(mean)}, but your gradient of b1 says {number(bias)}: run "
        "check(sparse_autoencoder_cost)."
    )


def draw_bracket(ax: Axes, back: float, adds: float) -> None:
    draw_bars(ax, {"from W2\ntransposed": back, "sparsity\nadds": adds})
    ax.set(xlabel="in the bracket", ylabel="slope of the cost in a")
    ax.set_title("Before the slope", fontsize="medium", y=1)


def draw_delta(ax: Axes, back: float, adds: float, slope: float) -> None:
    draw_bars(ax, {"from W2\ntransposed": back, "from\nsparsity": adds, "delta": back + adds})
    ax.set(xlabel="in delta", ylabel="slope of the cost in z")
    ax.set_title(f"Times the slope {slope:.3g}", fontsize="medium", y=1)


def draw_bars(ax: Axes, parts: dict[str, float]) -> None:
    """Bars from zero, each with its number."""
    heights = list(parts.values())
    reach = max(0.01, *map(abs, heights))
    colours, hatches = (BLUE, ORANGE, "black"), ("", "//", "")
    for x, (height, colour, hatch) in enumerate(zip(heights, colours, hatches)):
        ax.bar(x, height, color=colour, hatch=hatch, edgecolor="white")
        up = height >= 0
        ax.text(x, height + (0.02 if up else -0.02) * reach, number(height), ha="center",
                va="bottom" if up else "top", fontsize="small")  # fmt: skip
    ax.axhline(0, color="black", lw=1)
    ax.set_xticks(range(len(parts)), list(parts), fontsize="small")
    ax.locator_params(nbins=5, axis="y")
    ax.set(xlim=(-0.6, len(parts) - 0.4), ylim=(-1.2 * reach, 1.2 * reach))


def draw_unit(ax: Axes, activations: Array, example: int, average: float, rho: float) -> None:
    heights, edges = np.histogram(activations, bins=25, range=(0, 1))
    ax.stairs(heights, edges, fill=True, color=BLUE)
    top = 1.05 * heights.max()
    ax.vlines(average, 0, top, ORANGE, lw=2, label=f"average rho_hat = {average:.3g}")
    ax.vlines(rho, 0, top, GREY, linestyles=":", lw=2, label=f"target rho = {rho:.2f}")
    ax.plot(activations[example], 0, "^", color="black", ms=9, clip_on=False, label="this patch")
    ax.set(xlim=(0, 1), ylim=(0, 1.6 * top))
    ax.locator_params(nbins=5, integer=True, axis="y")
    ax.locator_params(nbins=5, axis="x")
    ax.set(xlabel="activation of the unit", ylabel="number of patches")
    ax.set_title(f"The unit at {len(activations)} patches", fontsize="medium", y=1)
    ax.legend(loc="upper center", fontsize="small")
