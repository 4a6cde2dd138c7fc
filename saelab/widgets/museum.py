"""A museum of mistakes: what the network of notebook 05 learns with one of them in its code."""

import textwrap
from collections.abc import Mapping
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from saelab.data import load_stored
from saelab.display import BLUE, GREY, ORANGE
from saelab.quality.verdict import ALIVE_NORM
from saelab.typed import Array
from saelab.widgets.explorer import Explorer
from saelab.widgets.panels import axes, few_ticks
from saelab.widgets.weights import draw_filters, edges_in_words

Stored = Mapping[str, Any]  # what is stored of one exhibit

START = "decay: lambda / m in the gradient"
# Where the parts lie in the figure: left, bottom, width, height, as fractions.
RIGHT, WRONG = (0.01, 0.02, 0.29, 0.88), (0.33, 0.02, 0.29, 0.88)
CURVES = (0.71, 0.16, 0.28, 0.74)
BEFORE = 0.5  # where iteration 0 stands on a logarithmic axis
COSTS = (0.1, 1.0, 10.0, 100.0)
NOTICED = 1e-8  # the threshold of notebook 04
# Cosines of angles: between filters that are copies, and that look much the same.
ALIKE, SIMILAR = 0.99, 0.7
FAULT = 110  # how many characters of a check's words are shown


def museum() -> "Museum":
    """Choose a mistake, and see what the network of notebook 05 would have learned with it.

    It shows the stored trainings of data/mistakes.py, which says how they were made. The filters
    and the cost are drawn beside those of the same training without a mistake.

    Returns:
        A Museum.

    Raises:
        saelab.data.DataError: if the stored trainings are not found.
    """
    return Museum(load_stored("mistakes"))


class Museum(Explorer):
    """The explorer of trainings with mistakes; the first exhibit is the one that has none.

    Args:
        exhibits: the arrays of load_stored("mistakes").
    """

    def __init__(self, exhibits: dict[str, NDArray[Any]]) -> None:
        self.exhibits = exhibits
        names = exhibits["name"].tolist()
        control = ipywidgets.Dropdown(
            options=[(name, i) for i, name in enumerate(names)],
            value=names.index(START) if START in names else 0,
            description="mistake",
            layout=ipywidgets.Layout(width="26em"),
        )
        super().__init__(
            "Museum of mistakes: what would have been learned?",
            self.draw,
            {"mistake": control},
            (8, 3.1),
        )

    def draw(self, figure: Figure, mistake: int) -> str:
        """Draw filters and costs, and return the sentences that describe them."""
        for box, i, name in ((RIGHT, 0, "no mistake"), (WRONG, mistake, "this mistake")):
            draw_filters(figure.add_axes(box), self.filters(i), name=name)
        self.draw_costs(figure, mistake)
        return self.sentence(mistake)

    def filters(self, i: int) -> Array:
        """The filters of an exhibit, (25, 64)."""
        return np.array(self.exhibits["W1"][i], dtype=float)

    def draw_costs(self, figure: Figure, mistake: int) -> None:
        """Draw the cost as the wrong code tells it, the true one, and that without a mistake."""
        ax = axes(figure, CURVES, "the cost on the way", "iteration", "cost")
        curves = (
            (0, "true", "-", GREY, 4, "no mistake"),
            (mistake, "true", "o-", BLUE, 3, "this mistake"),
            (mistake, "told", "s--", ORANGE, 1.5, "as its code tells it"),
        )
        for i, name, style, color, width, label in curves:
            x = np.maximum(self.exhibits["at"][i], BEFORE)
            y = self.exhibits[name][i]
            shown = np.where(y > 0, y, np.nan)  # nothing else has a place on such an axis
            ax.plot(x, shown, style, color=color, lw=width, ms=2 * width, label=label)
        ax.set(xscale="log", yscale="log", xlim=(0.4, 500), ylim=(0.1, 400))
        few_ticks(ax, (1, 10, 100, 400), COSTS)
        ax.xaxis.set_ticks([BEFORE, 1, 10, 100, 400], ["start", "1", "10", "100", "400"])
        ax.legend(loc="best", fontsize=8)

    def sentence(self, i: int) -> str:
        """Describe what the picture shows, with its numbers."""
        shown = {name: values[i] for name, values in self.exhibits.items()}
        right = {name: values[0] for name, values in self.exhibits.items()} if i else None
        sentences = (
            f"{looks(self.filters(i), shown)}.",
            f"The mistake: {shown['says']}" if right else shown["says"],
            learned(shown, right),
            ending(shown),
            costs(shown, right),
            checked(shown),
            noticed(float(shown["gradient"])),
        )
        return " ".join(sentences)


# --- words: what is stored of an exhibit, and of the one without a mistake ---------------------


def looks(W1: Array, shown: Stored) -> str:
    """What the filters, (25, 64), look like, in a few words."""
    alive = np.linalg.norm(W1 - W1.mean(axis=1, keepdims=True), axis=1) > ALIVE_NORM
    if shown["like_start"] > ALIKE:
        return "Nothing learned: the filters are the noise of the start"
    if shown["like_start"] > SIMILAR:
        return "Hardly anything learned: the filters are mostly the noise of the start"
    kind = edges_in_words(W1, int(shown["edges"]), bool(shown["are_edges"]))
    if kind == "Collapse":
        return f"Collapse: {alive.sum()} of {len(W1)} filters are alive"
    return f"One filter, {len(W1)} times" if copies(W1) else kind


def copies(W1: Array) -> bool:
    """Whether all filters point in one direction, or in the opposite one."""
    directions = W1 / np.linalg.norm(W1, axis=1, keepdims=True)
    return bool(np.abs(directions @ directions[0]).min() > ALIKE)


def learned(shown: Stored, right: Stored | None) -> str:
    """How many edges there are, and how well the network draws."""
    beside = f" ({right['edges']} without it)" if right else ""
    than = f" ({right['explained']:.0%})" if right else ""
    redraws = f"the network explains {shown['explained']:.0%} of the variance{than}"
    if shown["explained"] < -0.005:
        redraws = "what the network draws is further off than plain grey"
    elif shown["explained"] < 0.005:
        redraws = "what the network draws is plain grey"
    return f"{shown['edges']} of {len(shown['W1'])} units are edges{beside}, and {redraws}."


def ending(shown: Stored) -> str:
    """How the training ended."""
    message, done = str(shown["message"]), f"after {shown['iterations']} iterations"
    if message.startswith("STOP"):
        return f"It ended {done}, as many as were allowed."
    if message.startswith("CONVERGENCE"):
        return f'It ended {done} with "convergence".'
    if message.startswith("ABNORMAL"):
        return f"L-BFGS gave up {done}, as no step did what the gradient promises."
    return f"It never began: {message.partition(':')[0]}."


def costs(shown: Stored, right: Stored | None) -> str:
    """What the cost is at the end."""
    told, true = (spelled(last(shown[name])) for name in ("told", "true"))
    if true == "nan":
        return "There is no cost."
    beside = f" ({spelled(last(right['true']))} without the mistake)" if right else ""
    but = "" if told == true else f"; its code says {told}"
    return f"The cost is {true}{beside}{but}."


def spelled(cost: float) -> str:
    return f"{cost:.3f}" if abs(cost) < 10 else f"{cost:.1f}"


def last(values: Array) -> float:
    """The last number of a curve; nan if it has none."""
    numbers = values[np.isfinite(values)]
    return float(numbers[-1]) if len(numbers) else np.nan


def checked(shown: Stored) -> str:
    """What check(...) says of the wrong function."""
    call, lines = f"check({shown['function']})", str(shown["verdict"]).splitlines()
    if len(lines) == 1:
        return f"{call} says: {lines[0].partition(': ')[2]}"
    # An item begins after two spaces, and goes on after four.
    items = [item.strip() for item in "\n".join(lines[1:]).replace("\n    ", " ").split("\n")]
    fault = next(item for item in items if not item.startswith("Tried:")).partition("; ")[0]
    named = " and names the mistake" if "You would get exactly this" in shown["verdict"] else ""
    short = textwrap.shorten(fault.strip("."), FAULT, placeholder=" ...")
    return f'{call} says "{short}"{named}.'


def noticed(error: float) -> str:
    """Whether the gradient check of notebook 04 notices.

    Args:
        error: the largest relative error that it finds; nan if it stops.
    """
    if np.isnan(error):
        return "A gradient check stops with the same error."
    notices = "notices" if error >= NOTICED else "notices nothing"
    return f"A gradient check {notices} (relative error {error:.1g})."
