"""Figures that everybody can read: labelled axes, a caption, and a text alternative."""

import base64
import html
import io
import itertools
import urllib.parse
from collections.abc import Iterable, Sequence
from typing import Literal

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike
from PIL import Image

from saelab.typed import Array

# Two colours that readers with any kind of colour vision tell apart (Okabe and Ito 2008).
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#7f7f7f"
DOTS_PER_INCH = 144
PIXELS_PER_INCH = 72  # of a page
# What a dark page does to ink on paper: white becomes nearly black, and blue stays blue.
DARK = "invert(0.93) hue-rotate(180deg)"

KEPT = "kept"  # the gid of an artist that marks a part of a figure that a dark page does not change

Pixels = tuple[float, float, float, float]  # left, top, width, height


def show(figure: Figure, alt: str, caption: str | None = None) -> None:
    """Show a figure below the cell, with a text alternative and a caption, and close it.

    Args:
        figure: the matplotlib figure.
        alt: what the figure shows, in a sentence, for those who cannot see it.
        caption: a line below the figure; it may be left out if the figure has a title.

    Raises:
        ValueError: if the text alternative or an axis label is missing, or if there is neither a
            title nor a caption.
    """
    if figure.get_layout_engine() is None:
        # A colour bar that was drawn without the constrained layout cannot be fitted into it.
        bars = any(ax.get_label() == "<colorbar>" for ax in figure.axes)
        figure.set_layout_engine("tight" if bars else "constrained")
    _require_words(figure, alt, caption)
    figure.set_dpi(DOTS_PER_INCH)
    figure.canvas.draw()
    seen = figure.get_tightbbox().padded(0.1)  # in inches
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=DOTS_PER_INCH, bbox_inches=seen)
    corner = seen.x0 * DOTS_PER_INCH, seen.y1 * DOTS_PER_INCH
    page = picture(
        smaller(data.getvalue()), alt, round(figure.get_figwidth() * PIXELS_PER_INCH), caption,
        kept=boxes_of_pictures(figure, corner),
    )  # fmt: skip
    plt.close(figure)
    display({"text/html": page, "text/plain": alt}, raw=True)


def picture(
    png: bytes, alt: str, width: int, caption: str | None = None, kept: Sequence[Pixels] = ()
) -> str:
    """The HTML of a picture.

    Args:
        png: the bytes of a PNG file.
        alt: the text alternative.
        width: the width in CSS pixels.
        caption: a line below the picture; None for no caption.
        kept: as for `follow_theme`.

    Returns:
        The HTML.
    """
    # No quotation mark, no bracket and no space is left, whoever puts this into a page.
    address = urllib.parse.quote(follow_theme(png, kept, width), safe="+/=:;,.")
    image = (
        f'<img src="data:image/svg+xml,{address}" alt="{html.escape(alt, quote=True)}" '
        f'style="width: {width}px; max-width: 100%">'
    )
    if caption:
        image += f"<figcaption>{html.escape(caption)}</figcaption>"
    return f'<figure style="margin: 0">{image}</figure>'


def follow_theme(png: bytes, kept: Sequence[Pixels] = (), shown: int | None = None) -> str:
    """Wrap a picture, so that a page with a dark theme shows it dark.

    There light and dark change places, and hues stay. A page says by the property `color-scheme`
    of style sheets that it is dark, as JupyterLab's dark theme does.

    Args:
        png: the bytes of a PNG file, drawn in dark ink on white paper.
        kept: (left, top, width, height) in pixels of each part that stays as it is, such as a
            photograph.
        shown: its width in CSS pixels, where a page does not say another; None: that of the PNG.

    Returns:
        An SVG picture, as text, that holds the PNG.
    """
    width, height = (int.from_bytes(png[start : start + 4]) for start in (16, 20))
    wide = shown or width
    parts = "".join(
        f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}"/>' for x, y, w, h in kept
    )
    clip = f'<clipPath id="kept">{parts}</clipPath>' if kept else ""
    photographs = '<use href="#drawn" clip-path="url(#kept)"/>' if kept else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{wide}" height="{wide * height / width:.0f}">'
        f"<style>@media (prefers-color-scheme: dark) {{.paper {{filter: {DARK}}}}}</style>"
        f'<defs><image id="drawn" width="{width}" height="{height}" '
        f'href="data:image/png;base64,{base64.b64encode(png).decode()}"/>{clip}</defs>'
        f'<use href="#drawn" class="paper"/>{photographs}</svg>'
    )


def boxes_of_pictures(figure: Figure, corner: tuple[float, float] | None = None) -> list[Pixels]:
    """Find the parts of a figure whose greys and colours are values, such as photographs.

    They are what `imshow` and `pcolormesh` have drawn, and the figure's artists with the gid KEPT.

    Args:
        figure: a figure that has been drawn.
        corner: the left and the upper edge of what is seen of it, in pixels from the figure's left
            and lower edges; None if all of it is seen.

    Returns:
        (left, top, width, height) in pixels of each part, from the corner.
    """
    left, top = corner or (0.0, figure.bbox.height)
    found: list[Pixels] = []
    for ax in figure.axes:
        meshes = [mesh for mesh in ax.collections if isinstance(mesh, QuadMesh)]
        for shown in (*ax.images, *meshes):
            box = Bbox.intersection(shown.get_window_extent(), ax.bbox)
            if box is not None and shown.get_visible():
                found.append((box.x0 - left, top - box.y1, box.width, box.height))
    for artist in figure.artists:
        if artist.get_gid() == KEPT:
            box = artist.get_window_extent()
            found.append((box.x0 - left, top - box.y1, box.width, box.height))
    return found


def smaller(png: bytes) -> bytes:
    """A PNG in 256 colours: enough for lines and greys, and a third of the size."""
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    data = io.BytesIO()
    few.save(data, format="png", optimize=True)
    return data.getvalue()


def _require_words(figure: Figure, alt: str, caption: str | None) -> None:
    if len((alt or "").split()) < 4:
        raise ValueError(f"the text alternative {alt!r} is too short to tell what is to be seen")
    places: tuple[Literal["left", "center", "right"], ...] = ("left", "center", "right")
    titles = [ax.get_title(loc=place) for ax in figure.axes for place in places]
    if not caption and not figure.get_suptitle() and not any(titles):
        raise ValueError("the figure has neither a title nor a caption")
    for number, ax in enumerate(figure.axes, start=1):
        labels = [_label(ax, "x"), _label(ax, "y")]
        needed = any if ax.get_label() == "<colorbar>" else all
        if ax.axison and not needed(labels):
            raise ValueError(
                f"axes number {number} have the labels {labels}; name both and their units, or "
                "switch the axes off where they mean nothing"
            )


def _label(ax: Axes, which: str) -> str:
    """The label of an axis, of an axis that it is shared with, or of the whole figure."""
    shared = getattr(ax, f"get_shared_{which}_axes")().get_siblings(ax)
    labels = [getattr(other, f"get_{which}label")() for other in (ax, *shared)]
    labels.append(getattr(ax.get_figure(root=True), f"get_sup{which}label")())
    return next((label for label in labels if label), "")


def draw_picture(
    ax: Axes, picture: ArrayLike, title: str = "", limit: float | None = None, cmap: str = "gray"
) -> None:
    """Draw a picture without axes.

    Args:
        ax: the axes to draw on.
        picture: (height, width).
        title: the title above the picture.
        limit: the colours reach from -limit to limit; None means the range of the picture.
        cmap: the name of a matplotlib colour map.
    """
    low, high = (None, None) if limit is None else (-limit, limit)
    ax.imshow(picture, cmap=cmap, interpolation="nearest", vmin=low, vmax=high)
    ax.set_title(title, fontsize="medium")
    ax.axis("off")


def draw_patches(
    ax: Axes,
    patches: Array,
    columns: int = 10,
    title: str = "",
    limits: tuple[float, float] | None = None,
) -> None:
    """Draw patches side by side, without axes.

    Args:
        ax: the axes to draw on.
        patches: (p * p, n), one patch in each column.
        columns: how many patches stand next to each other.
        title: the title above the patches.
        limits: (darkest, brightest) value; None means the range of all patches together.
    """
    size = round(patches.shape[0] ** 0.5)
    low, high = limits or (patches.min(), patches.max())
    step = size + 1
    for i, patch in enumerate(patches.T):
        left, top = i % columns * step, i // columns * step
        ax.imshow(
            patch.reshape(size, size), cmap="gray", vmin=low, vmax=high, interpolation="nearest",
            extent=(left, left + size, top + size, top),
        )  # fmt: skip
    rows = -(-patches.shape[1] // columns)
    ax.set(xlim=(-1, columns * step), ylim=(rows * step, -1))
    ax.set_title(title, fontsize="medium")
    ax.axis("off")


def draw_network(ax: Axes, visible_size: int = 6, hidden_size: int = 3) -> None:
    """Draw an autoencoder: its three layers of units, and the weights between them."""
    layers = [("input x", visible_size, True), ("hidden a2", hidden_size, True),
              ("output a3", visible_size, False)]  # fmt: skip
    places = []
    for x, (label, size, has_bias) in enumerate(layers):
        heights = np.arange(size) - (size - 1) / 2
        places.append([(3 * x, -y) for y in heights])
        for place in places[-1]:
            ax.add_patch(Circle(place, 0.3, facecolor="white", edgecolor=BLUE, lw=2, zorder=2))
        if has_bias:
            place = (3 * x, -(visible_size - 1) / 2 - 1)
            ax.add_patch(Circle(place, 0.3, facecolor="#eeeeee", edgecolor=GREY, zorder=2))
            ax.text(*place, "+1", ha="center", va="center", fontsize=9)
            _connect(ax, [place], 3 * (x + 1), layers[x + 1][1])
        ax.text(3 * x, (visible_size - 1) / 2 + 0.8, label, ha="center")
    for left, right in itertools.pairwise(places):
        _connect(ax, left, right[0][0], len(right))
    for middle, label in ((1.5, "W1, b1"), (4.5, "W2, b2")):
        ax.text(middle, (visible_size - 1) / 2 + 0.8, label, ha="center", color=ORANGE)
    ax.set(xlim=(-1, 7), ylim=(-visible_size / 2 - 1, visible_size / 2 + 1), aspect="equal")
    ax.axis("off")


def _connect(ax: Axes, left: Iterable[tuple[float, float]], x: float, size: int) -> None:
    for x0, y0 in left:
        for y in np.arange(size) - (size - 1) / 2:
            ax.plot([x0, x], [y0, -y], color=GREY, lw=0.5, zorder=1)
