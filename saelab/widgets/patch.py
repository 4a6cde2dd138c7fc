"""Point at a photograph: the patch there, and what happens to it on its way to the network."""

from typing import Any

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from saelab.display import BLUE, GREY, ORANGE
from saelab.typed import Array, Function
from saelab.widgets.explorer import Explorer
from saelab.widgets.panels import Box, axes, fitted, paper, put, within
from saelab.widgets.theirs import call

Place = tuple[int, int, int]  # photograph, row, column

SIZE = (8, 4.2)
N_PATCHES = 2000  # with which the patch is normalised


def patch_explorer(
    images: ArrayLike,
    whiten: Function,
    sample_patches: Function,
    normalize_patches: Function,
    place: Place | None = None,
    f0: float = 0.4,
    patch_size: int = 8,
) -> Explorer:
    """Follow a patch as it is cut, whitened, freed of its mean, clipped and scaled.

    Click or drag on the photograph, or use the arrow keys.

    Args:
        images: (n, height, width), brightness.
        whiten: your own function.
        sample_patches: your own function.
        normalize_patches: your own function.
        place: (photograph, row, column) of the first patch; None means the middle of images[0].
        f0: the argument of `whiten`, in cycles per pixel.
        patch_size: pixels along a side of the patch.

    Returns:
        An Explorer.

    Raises:
        ValueError: if `images` are not pictures, if they are smaller than a patch, or if `place`
            does not lie in them.
    """
    images = checked_images(images, patch_size)
    chain = Chain(images, (whiten, sample_patches, normalize_patches), f0, patch_size)
    _, height, width = images.shape
    box = fitted((0.01, 0.05, 0.45, 0.86), (height, width), SIZE)
    last = len(images) - 1, height - patch_size, width - patch_size
    names = "photograph", "row", "column"
    controls = {
        name: ipywidgets.IntSlider(value, 0, most, description=name)
        for name, value, most in zip(names, checked_place(place, last), last)
    }

    def draw(figure: Figure, photograph: int, row: int, column: int) -> str:
        return draw_chain(figure, box, chain, photograph, row, column)

    def point(x: float, y: float) -> None:
        place = within(box, x, y)
        if place:
            column, row = place[0] * width, place[1] * height
            move(row - patch_size / 2, column - patch_size / 2)

    def step(dx: int, dy: int) -> None:
        move(explorer.controls["row"].value + dy, explorer.controls["column"].value + dx)

    def move(row: float, column: float) -> None:
        explorer.set(row=round(row), column=round(column))

    explorer = Explorer(
        "What becomes of a patch", draw, controls, SIZE, point, step,
        hint="Click or drag on the photograph, or move the patch with the arrow keys "
        "(with Shift: ten pixels).",
    )  # fmt: skip
    return explorer


def checked_place(place: Place | None, last: Place) -> Place:
    """Check the place of the first patch.

    Args:
        place: (photograph, row, column), or None for the middle of the first photograph.
        last: the largest allowed numbers.

    Returns:
        The place.

    Raises:
        ValueError: if the place does not lie between (0, 0, 0) and `last`.
    """
    if place is None:
        return 0, last[1] // 2, last[2] // 2
    if len(place) != 3 or not all(0 <= value <= most for value, most in zip(place, last)):
        raise ValueError(
            f"place must be (photograph, row, column), from (0, 0, 0) to {last}, not {place}"
        )
    return place


def checked_images(images: ArrayLike, smallest: int) -> Array:
    """Check that an array holds pictures.

    Args:
        images: anything that may be pictures.
        smallest: the least height and width in pixels.

    Returns:
        The pictures as an array (n, height, width) of float64.

    Raises:
        ValueError: if `images` are not pictures, or if they are too small.
    """
    images = np.asarray(images, dtype=float)
    if images.ndim != 3 or 0 in images.shape:
        raise ValueError(
            f"images must have the shape (n, height, width), not {images.shape}; "
            "load_images() returns such an array"
        )
    if min(images.shape[1:]) < smallest:
        raise ValueError(f"pictures of {images.shape[1:]} are smaller than {smallest} pixels")
    return images


class Chain:
    """The student's functions, one after the other; what all patches share is computed once."""

    def __init__(
        self,
        images: Array,
        functions: tuple[Function, Function, Function],
        f0: float,
        patch_size: int,
    ) -> None:
        self.images, self.f0, self.patch_size = images, f0, patch_size
        self.whiten, self.sample, self.normalize = functions
        self.white: Array | None = None

    def patches_at(
        self, photograph: int, row: int, column: int
    ) -> tuple[Array, Array, Array, Array]:
        """Cut the patch at a place, and process it.

        Args:
            photograph: the number of the photograph.
            row: the upper edge of the patch.
            column: the left edge of the patch.

        Returns:
            The patch three times, each (patch_size, patch_size): its brightness, whitened, and as
            the network sees it; then all values that the network sees.

        Raises:
            TheirsFailed: if one of the student's functions fails.
        """
        if self.white is None:
            self.white, self.others = self._prepared()
        p = self.patch_size
        window = slice(row, row + p), slice(column, column + p)
        bright, white = self.images[photograph][window], self.white[photograph][window]
        # Together with many others, since they share the standard deviation.
        together = np.column_stack([white.ravel(), self.others])
        final = call(self.normalize, together, shape=together.shape)
        return bright, white, final[:, 0].reshape(p, p), final

    def _prepared(self) -> tuple[Array, Array]:
        """All photographs whitened, and many patches of them."""
        shape = self.images.shape[1:]
        white = np.array([call(self.whiten, image, self.f0, shape=shape) for image in self.images])
        arguments = white, self.patch_size, N_PATCHES, np.random.default_rng(0)
        return white, call(self.sample, *arguments, shape=(self.patch_size**2, N_PATCHES))


def draw_chain(
    figure: Figure, box: Box, chain: Chain, photograph: int, row: int, column: int
) -> str:
    """Draw the photograph, the patch three times, its values before and after, and all values.

    Args:
        figure: the figure to draw on.
        box: where the photograph goes.
        chain: the student's functions.
        photograph: the number of the photograph.
        row: the upper edge of the patch.
        column: the left edge of the patch.

    Returns:
        The sentences that describe the picture.
    """
    bright, white, final, every = chain.patches_at(photograph, row, column)
    p, (low, high) = chain.patch_size, (every.min(), every.max())
    ends = np.isclose(final, low) | np.isclose(final, high)
    if np.isclose(every, low).sum() + np.isclose(every, high).sum() <= 2:
        ends[:] = False  # nothing has been cut: only the smallest and the largest lie at the ends

    ax = paper(figure)
    image = chain.images[photograph]
    put(ax, image, box, (chain.images.min(), chain.images.max()), f"images[{photograph}]")
    _frame(ax, box, image.shape, row, column, p)
    pictures = [
        (bright, f"photograph\nmean {bright.mean():.2f}", (image.min(), image.max())),
        (white, f"whitened\nmean {white.mean():+.2f}", (-1, 1)),
        (final, f"normalised\nmean {final.mean():.2f}", (low, high)),
    ]
    for i, (picture, title, limits) in enumerate(pictures):
        put(ax, picture, fitted((0.49 + 0.17 * i, 0.61, 0.16, 0.27), (p, p), SIZE), limits, title)

    ax = axes(
        figure, (0.555, 0.14, 0.17, 0.34), "its values (line: mean)", "whitened", "normalised"
    )
    ax.axvline(white.mean(), color=GREY, lw=1)
    ax.plot(white[~ends], final[~ends], "o", color=BLUE, ms=3)
    ax.plot(white[ends], final[ends], "s", color=ORANGE, ms=4)
    margin = (high - low) / 16
    ax.set(ylim=(low - margin, high + margin))
    ax = axes(figure, (0.81, 0.14, 0.17, 0.34), "all (grey), patch (line)", "normalised", "share")
    _draw_histogram(ax, every, np.linspace(low, high, 25), color=GREY, fill=True)
    _draw_histogram(ax, final, np.linspace(low, high, 25), color=BLUE, lw=1.5)
    return (
        f"The patch at row {row}, column {column} of images[{photograph}] has a mean of "
        f"{bright.mean():.2f} in the photograph, {white.mean():+.3f} whitened and "
        f"{final.mean():.3f} normalised. The network sees values from {final.min():.2f} to "
        f"{final.max():.2f}; {ends.sum()} of {final.size} were cut off."
    )


def _frame(ax: Axes, box: Box, shape: tuple[int, ...], row: int, column: int, side: int) -> None:
    """Draw frames around a patch, which is too small to be noticed on a photograph."""
    left, bottom, width, height = box
    across, down = width / shape[1], height / shape[0]
    for grow, colour, line in ((0, ORANGE, 1.5), (16, "white", 3), (16, ORANGE, 1.5)):
        corner = left + (column - grow) * across, bottom + height - (row + side + grow) * down
        size = (side + 2 * grow) * across, (side + 2 * grow) * down
        ax.add_patch(Rectangle(corner, *size, fill=False, ec=colour, lw=line))


def _draw_histogram(ax: Axes, values: Array, bins: Array, **style: Any) -> None:
    counts, _ = np.histogram(values, bins)
    ax.stairs(counts / values.size, bins, **style)
