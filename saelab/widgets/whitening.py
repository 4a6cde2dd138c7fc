"""Move f0: the whitened picture, and its spectrum before and after."""

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from saelab.display import BLUE, GREY, ORANGE
from saelab.typed import Array, Function
from saelab.widgets.explorer import Explorer
from saelab.widgets.panels import axes, few_ticks, fitted, paper, put
from saelab.widgets.patch import checked_images
from saelab.widgets.theirs import call

SIZE = (8, 3.2)
N_RINGS = 40
SLOW, FAST = 0.02, 0.3  # cycles per pixel, between which the fall of the power is measured


def whitening_explorer(
    images: ArrayLike, whiten: Function, photograph: int = 0, f0: float = 0.4
) -> Explorer:
    """See what whitening does to a picture and to its spectrum, for any f0.

    Args:
        images: (n, height, width).
        whiten: your own function.
        photograph: the number of the picture at the start, from 0.
        f0: the value at the start, 0.05 to 0.8 cycles per pixel.

    Returns:
        An Explorer.

    Raises:
        ValueError: if `images` are not pictures, if they are too small for `whiten`, if there is no
            picture of that number, or if f0 is out of range.
    """
    images = checked_images(images, 64)
    if not 0.05 <= f0 <= 0.8:
        raise ValueError(f"f0 must lie from 0.05 to 0.8 cycles per pixel, not {f0}")
    if photograph not in range(len(images)):
        raise ValueError(f"photograph must be from 0 to {len(images) - 1}, not {photograph}")
    rings = Rings(images.shape[1:])
    before = [(rings.power(image), neighbours(image)) for image in images]
    controls = {
        "f0": ipywidgets.FloatSlider(
            f0, min=0.05, max=0.8, step=0.05, description="f0 (cycles per pixel)"
        ),
        "photograph": ipywidgets.IntSlider(
            photograph, 0, len(images) - 1, description="photograph"
        ),
    }

    def draw(figure: Figure, f0: float, photograph: int) -> str:
        image = images[photograph]
        white = call(whiten, image, f0, shape=image.shape)
        after = rings.power(white), neighbours(white)
        draw_pictures(figure, image, white, photograph, f0)
        draw_spectra(figure, rings.frequency, before[photograph][0], after[0], f0)
        falls = [rings.fall(power) for power in (before[photograph][0], after[0])]
        return (
            f"With f0 = {f0:.2f} the power of images[{photograph}] falls by a factor of "
            f"{_round(falls[1])} between {SLOW} and {FAST} cycles per pixel; before, it was "
            f"{_round(falls[0])}. Neighbouring pixels correlate by {after[1]:.2f}, before by "
            f"{before[photograph][1]:.2f}."
        )

    return Explorer("Whitening a photograph", draw, controls, SIZE)


class Rings:
    """Rings of equal frequency, for pictures of one shape.

    Args:
        shape: (height, width) of the pictures.

    Attributes:
        frequency: the frequency of each ring in cycles per pixel.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        speed = np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None, :])
        edges = np.geomspace(1 / min(shape), 0.5, N_RINGS + 1)
        ring = np.digitize(speed.ravel(), edges)
        self.counts = np.bincount(ring, minlength=N_RINGS + 2)
        self.kept = np.flatnonzero(self.counts[1 : N_RINGS + 1]) + 1
        self.frequency = np.sqrt(edges[:-1] * edges[1:])[self.kept - 1]
        self.ring = ring

    def power(self, image: Array) -> Array:
        """The mean power in each ring."""
        power = np.abs(np.fft.rfft2(image - image.mean())) ** 2
        sums = np.bincount(self.ring, power.ravel(), minlength=N_RINGS + 2)
        return sums[self.kept] / self.counts[self.kept]

    def fall(self, power: Array) -> float:
        """How many times as much power there is at SLOW as at FAST."""
        slow, fast = np.interp([SLOW, FAST], self.frequency, power)
        return slow / fast if fast else np.inf


def neighbours(image: Array) -> float:
    """The correlation of pixels with their right neighbours; 0 for a uniform picture."""
    left, right = image[:, :-1] - image[:, :-1].mean(), image[:, 1:] - image[:, 1:].mean()
    size = np.sqrt((left**2).sum() * (right**2).sum())
    return float((left * right).sum() / size) if size else 0.0


def _round(factor: float) -> str:
    return f"{factor:,.0f}" if factor >= 10 else f"{factor:.1f}"


def draw_pictures(figure: Figure, image: Array, white: Array, photograph: int, f0: float) -> None:
    """Draw a photograph before and after whitening, side by side."""
    ax = paper(figure)
    boxes = [fitted((left, 0.05, 0.32, 0.83), image.shape, SIZE) for left in (0.01, 0.345)]
    put(ax, image, boxes[0], (image.min(), image.max()), f"images[{photograph}]")
    put(ax, white, boxes[1], (-1, 1), f"whitened, f0 = {f0:.2f}")


def draw_spectra(figure: Figure, frequency: Array, before: Array, after: Array, f0: float) -> None:
    """Draw power over frequency, with the largest value of each curve as 1."""
    ax = axes(
        figure, (0.765, 0.16, 0.22, 0.72), "spectrum", "frequency (cycles per pixel)",
        "power (largest = 1)", xscale="log", yscale="log", xlim=(frequency[0], 1), ylim=(1e-7, 3),
    )  # fmt: skip
    few_ticks(ax, [0.01, 0.1, 1], [1e-6, 1e-4, 1e-2, 1])
    for power, colour, style, label in (
        (before, GREY, "--", "before"), (after, BLUE, "-", "whitened")
    ):  # fmt: skip
        ax.plot(frequency, power / (power.max() or 1), style, color=colour, lw=2, label=label)
    ax.axvline(f0, color=ORANGE, lw=1, label="f0")
    ax.legend(fontsize=8, loc="lower left")
