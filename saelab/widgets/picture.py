"""A picture in the page, with a text alternative, that can be pointed at."""

from pathlib import Path

import anywidget
import traitlets

FOLDER = Path(__file__).parent


class Picture(anywidget.AnyWidget):
    """A PNG that is replaced without a flicker.

    hint: what pointing at it does, in a few words; empty where it does nothing. With one it takes
    the keyboard's focus, and tells `point` of clicks and drags, `step` of its arrow keys.
    """

    _esm = FOLDER / "picture.js"
    _css = FOLDER / "picture.css"

    png = traitlets.Bytes().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int(600, help="CSS pixels.").tag(sync=True)
    hint = traitlets.Unicode().tag(sync=True)
    number = traitlets.Int(0, help="How many pictures there have been.").tag(sync=True)

    def __init__(self, point=None, step=None, **traits):
        """point(x, y): fractions of the width, from the left, and of the height, from the top.
        step(dx, dy): how far the arrow keys go, 1 each, 10 with Shift.
        """
        super().__init__(**traits)
        self.on_msg(lambda _, told, buffers: self._hear(told, point, step))

    def _hear(self, told, point, step):
        if point and "x" in told:
            point(float(told["x"]), float(told["y"]))
        if step and "dx" in told:
            step(int(told["dx"]), int(told["dy"]))

    def draw(self, png, alt):
        """Show another picture."""
        with self.hold_sync():
            self.png, self.alt, self.number = png, alt, self.number + 1
