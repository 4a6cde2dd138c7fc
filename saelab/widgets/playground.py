"""A playground: what the network of notebook 05 learns with other parameters, at once."""

from typing import Any

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from saelab.data import load_stored
from saelab.display import KEPT, ORANGE
from saelab.typed import Array
from saelab.widgets.explorer import DOTS_PER_INCH, Explorer
from saelab.widgets.weights import draw_filters, edges_in_words

AXES = ("rho", "beta", "lambda_", "hidden")
LABELS = ("rho, target activation", "beta, weight of sparsity", "lambda, weight decay",
          "hidden units")  # fmt: skip
START = (0.01, 3.0, 1e-4, 25)
# Each map: what it shows, and its place in the figure (left, bottom, width, height).
MAPS = {
    "edges": ("units that are edges (%)", (0.54, 0.15, 0.21, 0.67)),
    "explained": ("variance explained (%)", (0.78, 0.15, 0.21, 0.67)),
}
HINT = "Click a field of a map, or use the arrow keys, to go to its beta and lambda."


def playground() -> "Playground":
    """Choose rho, beta, lambda and the number of hidden units, and see what was learned with them.

    It shows the filters of one of the stored trainings (data/trainings.py says how they were made).
    Two maps show all trainings with this rho and this number of hidden units, with the present one
    marked.

    Returns:
        A Playground.

    Raises:
        saelab.data.DataError: if the stored trainings are not found.
    """
    return Playground(load_stored("trainings"))


class Playground(Explorer):
    """The explorer of a grid of trainings.

    Args:
        trainings: the arrays of load_stored("trainings").
    """

    def __init__(self, trainings: dict[str, NDArray[Any]]) -> None:
        self.trainings = trainings
        self.drawn_maps: dict[tuple[int, int], NDArray[np.uint8]] = {}
        controls = {}
        for name, label, start in zip(AXES, LABELS, START):
            values = [float(value) for value in trainings[name]]
            controls[name] = ipywidgets.SelectionSlider(
                options=[(spelled(value), value) for value in values],
                value=min(values, key=lambda value: abs(value - start)),
                description=label,
            )
        super().__init__(
            "Playground: which parameters give edges?", self.draw, controls, (8, 4.2),
            self.point, self.step, HINT,
        )  # fmt: skip

    @property
    def place(self) -> tuple[int, int, int, int]:
        """The indices of the present training on the four axes of the grid."""
        return tuple(self.controls[name].index for name in AXES)

    def go(self, b: int, k: int) -> None:
        """Go to another beta and lambda; indices outside the grid are moved to its edge.

        Args:
            b: the index of beta.
            k: the index of lambda.
        """
        indices = {"beta": b, "lambda_": k}
        axes = {name: self.trainings[name] for name in indices}
        last = {name: len(axis) - 1 for name, axis in axes.items()}
        self.set(**{
            name: float(axes[name][min(max(index, 0), last[name])])
            for name, index in indices.items()
        })  # fmt: skip

    def point(self, x: float, y: float) -> None:
        for _, (left, bottom, width, height) in MAPS.values():
            column, row = (x - left) / width, (1 - y - bottom) / height
            if 0 <= column < 1 and 0 <= row < 1:
                rows, columns = (len(self.trainings[name]) for name in ("beta", "lambda_"))
                self.go(int(row * rows), int(column * columns))

    def step(self, dx: int, dy: int) -> None:
        _, b, k, _ = self.place
        self.go(b - dy, k + dx)

    def draw(self, figure: Figure, rho: float, beta: float, lambda_: float, hidden: float) -> str:
        """Draw filters and maps, and return the sentences that describe them."""
        r, b, k, h = self.place
        maps = self.maps(r, h, f"all trainings with rho = {rho:g}, {hidden:g} units")
        figure.figimage(maps, zorder=-1)
        for _, (left, bottom, width, height) in MAPS.values():
            x, y = width / len(self.trainings["lambda_"]), height / len(self.trainings["beta"])
            field = Rectangle((left + k * x, bottom + b * y), x, y, transform=figure.transFigure,
                              fill=False, lw=3, ec=ORANGE)  # fmt: skip
            figure.add_artist(field)
            figure.add_artist(Rectangle((left, bottom), width, height, gid=KEPT, visible=False,
                                        transform=figure.transFigure))  # fmt: skip
        W1 = self.trainings[f"W1_{hidden:g}"][r, b, k].astype(float)
        draw_filters(figure.add_axes((0.01, 0.02, 0.46, 0.88)), W1)
        return self.sentence(W1, rho, beta, lambda_, int(hidden))

    def maps(self, r: int, h: int, title: str) -> NDArray[np.uint8]:
        """Draw the maps, once for each rho and number of hidden units, as it takes the longest.

        Args:
            r: the index of rho.
            h: the index of the number of hidden units.
            title: the title above the maps.

        Returns:
            The picture of the maps, (height, width, 4).
        """
        if (r, h) not in self.drawn_maps:
            figure = Figure(figsize=self.size, dpi=DOTS_PER_INCH)
            canvas = FigureCanvasAgg(figure)
            figure.text(0.765, 0.93, title, ha="center", fontsize=9)
            whole = {"edges": self.trainings["hidden"][h], "explained": 1}
            for (name, (label, box)), yticks in zip(MAPS.items(), (self.ticks("beta"), None)):
                percent = 100 * self.trainings[name][r, :, :, h] / whole[name]
                self.draw_map(figure.add_axes(box), percent, label, yticks)
            canvas.draw()
            self.drawn_maps[r, h] = np.array(canvas.buffer_rgba())
        return self.drawn_maps[r, h]

    def draw_map(
        self, ax: Axes, percent: NDArray[Any], label: str, yticks: list[str] | None
    ) -> None:
        """Draw one map, with beta upwards and lambda to the right.

        Args:
            ax: the axes to draw on.
            percent: (betas, lambdas).
            label: the title of the map.
            yticks: the labels of the betas; None leaves them out.
        """
        ax.imshow(percent, cmap="cividis", vmin=0, vmax=100, origin="lower", aspect="auto")
        for (b, k), value in np.ndenumerate(percent):
            ax.text(k, b, f"{value:.0f}", ha="center", va="center", fontsize=8,
                    color="black" if value > 50 else "white")  # fmt: skip
        ax.set_title(label, fontsize=9, y=1)
        ax.set_xlabel("lambda, weight decay", fontsize=9)
        ax.set_xticks(range(percent.shape[1]), self.ticks("lambda_"), fontsize=8)
        ax.set_yticks([])
        if yticks:
            ax.set_ylabel("beta, weight of sparsity", fontsize=9)
            ax.set_yticks(range(len(yticks)), yticks, fontsize=8)

    def ticks(self, name: str) -> list[str]:
        return [spelled(value) for value in self.trainings[name]]

    def sentence(self, W1: Array, rho: float, beta: float, lambda_: float, hidden: int) -> str:
        """Describe what the picture shows, with its numbers."""
        place, names = self.place, ("cost", "error", "decay", "sparsity", "explained")
        number = {name: float(self.trainings[name][place]) for name in names}
        edges, iterations = (int(self.trainings[name][place]) for name in ("edges", "iterations"))
        active = self.trainings[f"active_{hidden}"][place[:3]]
        verdict = edges_in_words(W1, edges, bool(self.trainings["are_edges"][place]))
        return (
            f"{verdict}: with rho {rho:g}, beta {beta:g} and lambda {spelled(lambda_)}, "
            f"{edges} of {hidden} units are edges, and the network explains "
            f"{number['explained']:.0%} of the variance. After {iterations} "
            f"iterations the cost is {number['cost']:.3f} (error {number['error']:.3f}, weight "
            f"decay {number['decay']:.3f}, sparsity {number['sparsity']:.3f}); mean activations "
            f"from {active.min():.3f} to {active.max():.3f}, largest weight {np.abs(W1).max():.2g}."
        )


def spelled(value: float) -> str:
    """A number as people write it: 0.01, 3, 1e-4."""
    return f"{value:g}" if value == 0 or value >= 0.001 else f"{value:.0e}".replace("e-0", "e-")
