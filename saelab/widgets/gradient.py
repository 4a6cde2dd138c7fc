"""The gradient check: how its error depends on the step, and how it shows a bug."""

import numpy as np
from ipywidgets import Dropdown, FloatLogSlider, ToggleButtons
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from saelab.check.compare import consecutive
from saelab.display import BLUE, GREY, ORANGE
from saelab.hunt import suspects
from saelab.typed import Array, Function
from saelab.widgets.explorer import Explorer
from saelab.widgets.given import part, require_functions
from saelab.widgets.panels import few_ticks
from saelab.widgets.theirs import call

VISIBLE, HIDDEN, EXAMPLES = 3, 2, 6
BLOCKS = consecutive(W1=HIDDEN * VISIBLE, W2=VISIBLE * HIDDEN, b1=HIDDEN, b2=VISIBLE)
STEPS = 10.0 ** np.arange(-12, 0)
TICKS = 10.0 ** np.arange(-14, 1, 2)
LIMIT = 1e-8  # the course's: what is above it is wrong
LOWEST = 1e-14  # what a logarithmic axis shows of zero
YOURS, CENTRED, ONE_SIDED = "yours", "centred", "one-sided"


def gradient_explorer(
    numerical_gradient: Function,
    one_sided: Function,
    relative_error: Function,
    sparse_autoencoder_cost: Function,
) -> Explorer:
    """Move the step epsilon, for your own cost function and for six tampered versions of it.

    Args:
        numerical_gradient: your own function, called as numerical_gradient(J, theta, epsilon).
        one_sided: like the first, but with one-sided differences; called as one_sided(J, theta,
            epsilon).
        relative_error: your own function, called as relative_error(a, b).
        sparse_autoencoder_cost: your own function.

    Returns:
        An Explorer.

    Raises:
        ValueError: if one of the four is not a function.
    """
    require_functions(
        numerical_gradient=numerical_gradient, one_sided=one_sided,
        relative_error=relative_error, sparse_autoencoder_cost=sparse_autoencoder_cost,
    )  # fmt: skip
    ways = {CENTRED: numerical_gradient, ONE_SIDED: one_sided}
    theta, problem = place()
    tampered = suspects(sparse_autoencoder_cost, *problem)
    versions = {YOURS: lambda theta: sparse_autoencoder_cost(theta, *problem), **tampered}
    for version in versions.values():
        version.__name__ = "sparse_autoencoder_cost"
    curves: dict[str, dict[str, list[float]]] = {}
    controls = {
        "epsilon": FloatLogSlider(
            1e-4, min=-12, max=-1, step=0.5, readout_format=".0e", description="step epsilon"
        ),
        "way": ToggleButtons(
            options=list(ways), description="difference", style={"button_width": "initial"}
        ),
        "version": Dropdown(
            options=[(f"version {name}" if name != YOURS else name, name) for name in versions],
            description="cost function",
        ),
    }

    def gradients(version: str, way: str, epsilon: float) -> tuple[Array, Array]:
        """The version's own gradient, and the numerical gradient of its cost."""
        own = call(part(versions[version], 1), theta, shape=theta.shape)
        arguments = part(versions[version], 0), theta, epsilon
        return own, call(ways[way], *arguments, shape=theta.shape)

    def error(own: Array, numerical: Array, block: slice = slice(None)) -> float:
        return max(float(call(relative_error, own[block], numerical[block], shape=())), LOWEST)

    def draw(figure: Figure, epsilon: float, way: str, version: str) -> str:
        if version not in curves:
            curves[version] = {
                each: [error(*gradients(version, each, e)) for e in STEPS] for each in ways
            }
        both = gradients(version, way, epsilon)
        errors = {name: error(*both, block) for name, block in BLOCKS.items()}
        left, right = (0.11, 0.15, 0.45, 0.73), (0.69, 0.15, 0.3, 0.73)
        draw_curves(figure.add_axes(left), curves[version], epsilon, way, error(*both))
        draw_blocks(figure.add_axes(right), errors)
        wrong = [name for name in errors if errors[name] > LIMIT]
        listed = ", ".join(f"{name} {value:.0e}" for name, value in errors.items())
        return (
            f"{named(version)} with epsilon = {epsilon:.0e}, {way}: the relative errors are "
            f"{listed}. Above {LIMIT:.0e}: {', '.join(wrong) or 'none'}."
        )

    title = "How small should the step be, and which blocks betray a bug?"
    return Explorer(title, draw, controls, (8, 3.5))


def place() -> tuple[Array, tuple[int, int, float, float, float, Array]]:
    """A theta where nothing is zero, and the other arguments of the student's cost."""
    rng = np.random.default_rng(4)
    theta = rng.normal(scale=0.5, size=2 * VISIBLE * HIDDEN + HIDDEN + VISIBLE)
    data = rng.uniform(0.1, 0.9, size=(VISIBLE, EXAMPLES))
    return theta, (VISIBLE, HIDDEN, 0.1, 0.05, 3.0, data)


def named(version: str) -> str:
    return "Your cost function" if version == YOURS else f"Version {version}"


def draw_curves(
    ax: Axes, curves: dict[str, list[float]], epsilon: float, way: str, present: float
) -> None:
    ax.loglog(STEPS, curves[CENTRED], "o-", color=BLUE, ms=4, label=CENTRED)
    ax.loglog(STEPS, curves[ONE_SIDED], "s--", color=ORANGE, ms=4, label=ONE_SIDED)
    ax.axvline(epsilon, color=GREY, lw=1)
    ax.plot(epsilon, present, "D", color="black", ms=8, mfc="none", mew=2,
            label=f"{way}, {epsilon:.0e}: {present:.0e}")  # fmt: skip
    few_ticks(ax, STEPS[::2], TICKS)
    ax.set(xlim=(5e-13, 2e-1), ylim=(LOWEST, 30))
    ax.set(xlabel="step epsilon (units of theta)", ylabel="relative error")
    ax.set_title("Error of the whole gradient", fontsize="medium", y=1)
    ax.legend(loc="lower left", fontsize="small")


def draw_blocks(ax: Axes, errors: dict[str, float]) -> None:
    for x, value in enumerate(errors.values()):
        wrong = value > LIMIT
        ax.bar(x, value, color=ORANGE if wrong else BLUE, hatch="//" if wrong else "",
               edgecolor="white")  # fmt: skip
        ax.text(x, value, f"{value:.0e}", ha="center", va="bottom", fontsize="small")
    ax.axhline(LIMIT, color=GREY, ls=":", lw=1.5)
    ax.set_yscale("log")
    few_ticks(ax, y=TICKS)
    ax.set(ylim=(LOWEST, 30), xlabel="block of theta", ylabel="relative error")
    ax.set_xticks(range(len(errors)), list(errors))
    ax.set_title(f"Block by block (dots: {LIMIT:.0e})", fontsize="medium", y=1)
