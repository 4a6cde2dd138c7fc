"""A picture in the page, with a text alternative, that can be pointed at."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from saelab.display import Pixels, follow_theme

Point = Callable[[float, float], None]
Step = Callable[[int, int], None]

FOLDER = Path(__file__).parent


class Picture(anywidget.AnyWidget):
    """A picture that can be replaced without a flicker, and that a dark page shows dark.

    Attributes:
        png: the bytes of the picture, as a PNG file.
        kept: the parts of it that look the same on a dark page, as for display.follow_theme.
        svg: the SVG that the page shows.
        alt: its text alternative.
        width: its width in CSS pixels.
        hint: what pointing at the picture does, in a few words; empty if it does nothing. A picture
            with a hint takes the keyboard's focus, and reports clicks and drags to `point` and its
            arrow keys to `step`.
        stale: whether the picture belongs to other values than the present ones.
        number: how many pictures there have been.
        pointed: x, y, and how often the picture was pointed at.
        stepped: all steps so far, added up.
    """

    _esm = FOLDER / "picture.js"
    _css = FOLDER / "picture.css"

    svg = traitlets.Unicode().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int(600, help="CSS pixels.").tag(sync=True)
    hint = traitlets.Unicode().tag(sync=True)
    stale = traitlets.Bool(False, help="Whether it is of other values.").tag(sync=True)
    number = traitlets.Int(0, help="How many pictures there have been.").tag(sync=True)
    pointed: traitlets.List[float] = traitlets.List(
        [], help="x, y, and how often it was pointed."
    ).tag(sync=True)
    stepped = traitlets.List([0, 0], help="All steps so far, added up.").tag(sync=True)

    def __init__(self, point: Point | None = None, step: Step | None = None, **traits: Any) -> None:
        """Make a picture, still empty.

        Args:
            point: called as point(x, y) with fractions of the width, from the left, and of the
                height, from the top.
            step: called as step(dx, dy) with how far the arrow keys go: 1 each, 10 with Shift.
                Several steps may come at once.
            **traits: values of the attributes.
        """
        super().__init__(**traits)
        self.png, self.kept = b"", list[Pixels]()
        if point:
            self.observe(lambda change: point(*map(float, change.new[:2])), "pointed")
        if step:
            self.observe(lambda change: step(*_between(change.old, change.new)), "stepped")

    def draw(self, png: bytes, alt: str, kept: Sequence[Pixels] = ()) -> None:
        """Show another picture, with its text alternative and the parts that are kept as they are.

        Args:
            png: the bytes of a PNG file.
            alt: the text alternative.
            kept: as for display.follow_theme.
        """
        self.png, self.kept = png, list(kept)
        with self.hold_sync():
            self.svg, self.alt, self.number = follow_theme(png, kept), alt, self.number + 1
            self.stale = False


def _between(old: list[Any], new: list[Any]) -> tuple[int, int]:
    dx, dy = (int(after) - int(before) for before, after in zip(old, new))
    return dx, dy
