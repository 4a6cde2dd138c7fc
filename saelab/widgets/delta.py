"""The delta of one hidden unit, part by part."""

from typing import Any

import numpy as np
from ipywidgets import FloatSlider, IntSlider
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from saelab.check.compare import parameter_blocks
from saelab.display import BLUE, GREY, ORANGE
from saelab.typed import Array, Function
from saelab.widgets.explorer import Explorer
from saelab.widgets.given import part, require_functions
from saelab.widgets.theirs import TheirsFailed, call

VISIBLE, HIDDEN, EXAMPLES = 16, 6, 40
# Where the axes lie in the figure: left, bottom, width, height, as fractions.
LEFT, RIGHT = (0.09, 0.22, 0.46, 0.67), (0.66, 0.22, 0.32, 0.67)
B1 = parameter_blocks(VISIBLE, HIDDEN)["b1"]


def delta_explorer(
    sparse_autoencoder_cost: Function,
    sparsity_delta: Function,
    average_activation: Function,
    feed_forward: Function,
    slope: Function,
) -> Explorer:
    """Choose a hidden unit and an example, and see the parts of its delta.

    A slider changes beta. The part that comes from W2 transposed is found from your own cost: with
    this example alone and beta 0, the gradient of b1 is delta itself.

    Args:
        sparse_autoencoder_cost: your own function.
        sparsity_delta: your own function.
        average_activation: your own function.
        feed_forward: your own function.
        slope: called as slope(a); returns the slope of a unit whose activation is a.

    Returns:
        An Explorer.

    Raises:
        ValueError: if one of the five is not a function.
    """
    require_functions(
        sparse_autoencoder_cost=sparse_autoencoder_cost, sparsity_delta=sparsity_delta,
        average_activation=average_activation, feed_forward=feed_forward, slope=slope,
    )  # fmt: skip
    start, data = problem()
    controls = {
        "unit": IntSlider(0, min=0, max=HIDDEN - 1, description="hidden unit"),
        "example": IntSlider(0, min=0, max=EXAMPLES - 1, description="example"),
        "beta": FloatSlider(3, min=0, max=6, step=0.1, description="weight beta"),
        "rho": FloatSlider(0.05, min=0.01, max=0.5, step=0.01, description="target rho"),
        "shift": FloatSlider(0, min=-6, max=6, step=0.1, description="add to the unit's bias b1"),
    }

    def bias_slope(theta: Array, beta: float, rho: float, data: Array) -> Array:
        """The gradient of b1 without weight decay, which does not affect biases."""
        arguments = theta, VISIBLE, HIDDEN, 0.0, rho, beta, data
        return call(part(sparse_autoencoder_cost, 1), *arguments, shape=theta.shape)[B1]

    def draw(figure: Figure, unit: int, example: int, beta: float, rho: float, shift: float) -> str:
        theta = start.copy()
        theta[B1][unit] += shift
        sizes = VISIBLE, HIDDEN
        a2 = call(part(feed_forward, 0), theta, *sizes, data, shape=(HIDDEN, EXAMPLES))
        averages = call(average_activation, a2, shape=(HIDDEN,))
        adds = call(sparsity_delta, rho, averages, beta, shape=(HIDDEN,))[unit]
        slopes = call(slope, a2, shape=a2.shape)[unit]
        if slopes[example] == 0:
            raise TheirsFailed("The slope is 0 at this example: choose another, or another bias.")
        back = bias_slope(theta, 0.0, rho, data[:, [example]])[unit] / slopes[example]
        total = (back + adds) * slopes[example]
        draw_parts(figure.add_axes(LEFT), back, adds, slopes[example], total)
        draw_unit(figure.add_axes(RIGHT), a2[unit], example, averages[unit], rho)
        bias = bias_slope(theta, beta, rho, data)[unit]
        mean = bias_slope(theta, 0.0, rho, data)[unit] + adds * slopes.mean()
        return (
            f"W2 transposed brings {back:+.3f} and sparsity adds {adds:+.3f}; times the slope "
            f"{slopes[example]:.3f} that makes delta = {total:+.3f}. {agreement(mean, bias)}"
        )

    title = "What is the delta of a hidden unit made of?"
    return Explorer(title, draw, controls, (8, 3.8))


def problem() -> tuple[Array, Array]:
    """Parameters, none of them zero, and data (VISIBLE, EXAMPLES)."""
    rng = np.random.default_rng(3)
    theta = rng.normal(scale=0.4, size=2 * VISIBLE * HIDDEN + HIDDEN + VISIBLE)
    return theta, rng.uniform(0.1, 0.9, size=(VISIBLE, EXAMPLES))


def agreement(mean: float, bias: float) -> str:
    """Say whether the mean of the deltas agrees with the student's gradient of b1.

    Args:
        mean: the mean of delta over all examples.
        bias: what the student's cost returns for b1.

    Returns:
        The sentence.
    """
    if np.isclose(mean, bias, rtol=1e-6, atol=1e-9):
        return (
            f"Averaged over all {EXAMPLES} examples, delta is {mean:+.3f}, and your gradient of "
            "b1 says the same."
        )
    return (
        f"Averaged over all {EXAMPLES} examples, delta should be {mean:+.3f}, but your gradient "
        f"of b1 says {bias:+.3f}: run check(sparse_autoencoder_cost)."
    )


def draw_parts(ax: Axes, back: float, adds: float, slope: float, total: float) -> None:
    bars = {
        "from W2\ntransposed": (0, back, BLUE, ""),
        "sparsity\nadds": (back, adds, ORANGE, "//"),
        "together": (0, back + adds, GREY, ""),
        f"times slope\n{slope:.3f} = delta": (0, total, "black", ""),
    }
    bottoms, heights, colours, hatches = zip(*bars.values())
    ax.bar(
        range(len(bars)), heights, bottom=bottoms, color=colours, hatch=hatches, edgecolor="white"
    )
    ends = [bottom + height for bottom, height in zip(bottoms, heights)]
    reach = max(0.4, *map(abs, ends))
    for x, (height, end) in enumerate(zip(heights, ends)):
        side = 1 if height >= 0 else -1
        place: dict[str, Any] = {"ha": "center", "va": "bottom" if height >= 0 else "top"}
        ax.text(x, end + side * 0.02 * reach, f"{height:+.3f}", **place)
    ax.axhline(0, color="black", lw=1)
    ax.plot([0.4, 0.6], [back, back], color=GREY, ls=":")
    ax.set_xticks(range(len(bars)), list(bars))
    ax.set(ylim=(-1.2 * reach, 1.2 * reach))
    ax.set(xlabel="step of the calculation", ylabel="change of the cost per change of z")
    ax.set_title("Delta of this unit at this example", fontsize="medium", y=1)


def draw_unit(ax: Axes, activations: Array, example: int, average: float, rho: float) -> None:
    heights, edges = np.histogram(activations, bins=25, range=(0, 1))
    ax.stairs(heights, edges, fill=True, color=BLUE)
    top = 1.05 * heights.max()
    ax.vlines(average, 0, top, ORANGE, lw=2, label=f"average rho_hat = {average:.3f}")
    ax.vlines(rho, 0, top, GREY, linestyles=":", lw=2, label=f"target rho = {rho:.2f}")
    ax.plot(activations[example], 0, "^", color="black", ms=9, clip_on=False, label="this example")
    ax.set(xlim=(0, 1), ylim=(0, 1.6 * top))
    ax.locator_params(nbins=5, integer=True, axis="y")
    ax.locator_params(nbins=5, axis="x")
    ax.set(xlabel="activation of the unit", ylabel="number of examples")
    ax.set_title(f"The unit at all {EXAMPLES} examples", fontsize="medium", y=1)
    ax.legend(loc="upper center", fontsize="small")
