"""How well a classifier does, by the number of labels and by what it is given."""

from typing import Any

import numpy as np
from ipywidgets import Dropdown, SelectionSlider
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from saelab.data import load_stored
from saelab.display import BLUE, GREY
from saelab.typed import Array
from saelab.widgets.explorer import Explorer
from saelab.widgets.panels import advance, few_ticks, within

# Where the two axes lie in the figure: left, bottom, width, height, as fractions.
LEFT, RIGHT = (0.08, 0.15, 0.41, 0.75), (0.76, 0.15, 0.22, 0.75)
# From a task to what an example of it is; so the arrays of data/recognition.npz are called, too.
TASKS = {"which digit is it?": "digit", "which photograph is it from?": "tile"}
PALE = "#bfbfbf"
HINT = (
    "Click or drag in the left picture to choose how many labels there are, and in the right one "
    "what the classifier is given; the arrow keys do so, too."
)


def learning_explorer() -> Explorer:
    """Choose a task, what the classifier is given, and how many labels there are.

    It shows the numbers that data/recognition.py has measured.

    Returns:
        An Explorer.

    Raises:
        saelab.data.DataError: if the stored numbers are not found.
    """
    stored = load_stored("recognition")
    counts = {task: stored[f"{one}_labels"].tolist() for task, one in TASKS.items()}
    methods = {task: stored[f"{one}_methods"].tolist() for task, one in TASKS.items()}
    first = next(iter(TASKS))
    controls: dict[str, Any] = {
        "task": Dropdown(options=list(TASKS), description="task"),
        "method": Dropdown(
            options=methods[first], value="learned features", description="it is given"
        ),
        "labels": SelectionSlider(options=counts[first], value=250, description="labels"),
    }

    def other_task(change: Any) -> None:
        """The other task has other methods, and other numbers of labels."""
        method, labels = controls["method"], controls["labels"]
        kept, near = method.value, labels.value
        held, explorer.held = explorer.held, True
        method.options, labels.options = methods[change.new], counts[change.new]
        if kept in method.options:
            method.value = kept
        labels.index = nearest(counts[change.new], near)
        explorer.held = held

    # Before the explorer draws the other task.
    controls["task"].observe(other_task, "value")

    def draw(figure: Figure, task: str, method: str, labels: int) -> str:
        shares = 100 * stored[f"{TASKS[task]}s"].astype(float)
        row, column = methods[task].index(method), counts[task].index(labels)
        draw_curves(figure.add_axes(LEFT), counts[task], shares, row, column)
        draw_methods(figure.add_axes(RIGHT), methods[task], shares[:, column], row)
        return in_words(TASKS[task], methods[task], shares[:, column], row, labels)

    def point(x: float, y: float) -> None:
        task = controls["task"].value
        place = within(LEFT, x, y)
        if place is not None:
            low, high = np.log(limits(counts[task]))
            controls["labels"].index = nearest(
                counts[task], float(np.exp(low + place[0] * (high - low)))
            )
        place = within(RIGHT, x, y)
        if place is not None:
            last = len(methods[task]) - 1
            controls["method"].index = min(int(place[1] * (last + 1)), last)

    def step(dx: int, dy: int) -> None:
        for control, by in ((controls["labels"], dx), (controls["method"], dy)):
            advance(control, by)

    title = "How many labels does it take, and what should a classifier be given?"
    explorer = Explorer(title, draw, controls, (9, 3.6), point, step, HINT)
    return explorer


def nearest(counts: list[int], count: float) -> int:
    """The place of the number that is nearest, as a factor."""
    return int(np.abs(np.log(counts) - np.log(count)).argmin())


def limits(counts: list[int]) -> tuple[float, float]:
    """Where the axis of numbers of labels, which is logarithmic, begins and ends."""
    return counts[0] / 1.25, counts[-1] * 1.25


def in_words(one: str, methods: list[str], shares: Array, row: int, labels: int) -> str:
    """The sentences that read the picture.

    Args:
        one: what an example is.
        methods: what a classifier may be given.
        shares: (methods, runs), the examples that are right, in per cent.
        row: the present method.
        labels: how many labels there are.
    """
    means = shares.mean(axis=1)
    best = int(means.argmax())
    says = (
        f"With {labels} labelled {one}s, a classifier that is given {methods[row]} gets "
        f"{means[row]:.1f} % of new {one}s right ({shares[row].min():.1f} to "
        f"{shares[row].max():.1f} in {shares.shape[1]} runs; guessing gets 10). "
    )
    if row == best:
        return f"{says}Of the {len(methods)} things that it may be given, this does best."
    return f"{says}It does best with {methods[best]}: {means[best]:.1f} %."


def draw_curves(ax: Axes, counts: list[int], shares: Array, row: int, column: int) -> None:
    """Draw the curves of all methods, with the band of the present one."""
    means = shares.mean(axis=2)
    ax.set_xscale("log")
    few_ticks(ax, counts, (0, 25, 50, 75, 100))
    ax.plot(counts, means.T, color=GREY, lw=1)
    ax.fill_between(
        counts, shares[row].min(axis=1), shares[row].max(axis=1), color=BLUE, alpha=0.25, lw=0
    )
    ax.plot(counts, means[row], "o-", color=BLUE, lw=2, ms=4)
    ax.axvline(counts[column], color=GREY, lw=1, ls="--")
    ax.plot(counts[column], means[row, column], "o", color=BLUE, ms=9)
    ax.set(xlim=limits(counts), ylim=(0, 100), xlabel="labels", ylabel="right (%)")
    ax.set_title("By what it is given", fontsize="medium", y=1)


def draw_methods(ax: Axes, methods: list[str], shares: Array, row: int) -> None:
    """Draw how well each method does with the present number of labels, from run to run."""
    places = np.arange(len(methods))
    colors = [BLUE if place == row else PALE for place in places]
    ax.barh(places, shares.mean(axis=1), color=colors)
    ax.plot(shares, places, "|", color="black", ms=8)
    ax.set_yticks(places, methods, fontsize="small")
    ax.set_xticks((0, 50, 100))
    ax.set(xlim=(0, 100), ylim=(len(methods) - 0.5, -0.5), xlabel="right (%)")
    ax.set_ylabel("what it is given", fontsize="small")
    ax.set_title("With these labels", fontsize="medium", y=1)
