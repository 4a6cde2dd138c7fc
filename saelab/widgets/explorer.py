"""What all explorers have: controls, a picture drawn from their values, and words that read it."""

import html
import io
import threading
from collections.abc import Callable
from typing import Any

import ipywidgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from saelab import display
from saelab.widgets.picture import Picture, Point, Step
from saelab.widgets.theirs import TheirsFailed
from saelab.widgets.words import Words

Draw = Callable[..., str]  # draws into a Figure, and returns the sentence that reads it

DOTS_PER_INCH = 110
PIXELS_PER_INCH = 96  # of a page, as style sheets have it: letters are as large as the text around
# One for all: a control may be moved while a cell runs, and matplotlib is for one thread at a time.
DRAWING = threading.RLock()


class Explorer(ipywidgets.VBox):  # type: ignore[misc]  # which has no types
    """A title, controls, a picture, and a sentence that reads the picture.

    Where no widget can be shown (a page that was exported, a viewer) there is the same picture of
    the values at the start, with the sentence as its text alternative.
    """

    def __init__(
        self,
        title: str,
        draw: Draw,
        controls: dict[str, Any],
        size: tuple[float, float],
        point: Point | None = None,
        step: Step | None = None,
        hint: str = "",
    ) -> None:
        """
        title: what is to be seen. size: of the figure, inches.
        draw: called as draw(figure, **values) with an empty matplotlib Figure and the controls'
            values; returns the sentence that reads the picture, with its numbers.
        controls: {name: ipywidgets control}; each has a description, and changes redraw.
        point, step, hint: as Picture has them.
        """
        self.draw_figure, self.controls, self.size = draw, controls, size
        self.lock = DRAWING
        self.held = False  # whether redrawing waits for more changes
        self.reading = Words()
        self.picture = Picture(point, step, hint=hint, width=round(size[0] * PIXELS_PER_INCH))
        heading = ipywidgets.HTML(
            f'<div class="saelab-title">{html.escape(title)}</div>'
            f'<div class="saelab-hint">{html.escape(hint)}</div>'
        )
        for control in controls.values():
            control.observe(self.redraw, "value")
        layout = ipywidgets.Layout(flex_flow="row wrap", align_items="center")
        box = ipywidgets.Box(list(controls.values()), layout=layout)
        super().__init__([heading, box, self.picture, self.reading])
        self.add_class("saelab-explorer")
        self.title = title
        self.redraw()

    @property
    def values(self) -> dict[str, Any]:
        """{name: value} of the controls."""
        return {name: control.value for name, control in self.controls.items()}

    def set(self, **values: Any) -> None:
        """Give several controls new values, and redraw once. What a slider lacks is cut off."""
        with self.lock:
            before, self.held = self.values, True
            try:
                for name, value in values.items():
                    self.controls[name].value = value
            finally:
                self.held = False
            if self.values != before:
                self.redraw()

    def redraw(self, change: Any = None) -> None:
        """Draw the picture of the present values; where a function fails, say so instead."""
        with self.lock:
            if self.held:
                return
            try:
                png, sentence = drawn(self.draw_figure, self.size, self.values)
            except TheirsFailed as failure:
                self.picture.stale = True
                self.reading.tell(str(failure), failed=True)
            else:
                self.picture.draw(png, sentence)
                self.reading.tell(sentence)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        with self.lock:
            words, png = self.reading.value, self.picture.png
            if self.reading.failed:
                still = f"<p><strong>{html.escape(self.title)}.</strong> {html.escape(words)}</p>"
            else:
                still = display.picture(_smaller(png), words, self.picture.width, self.title)
        bundle = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/html": still, "text/plain": words}


def drawn(draw: Draw, size: tuple[float, float], values: dict[str, Any]) -> tuple[bytes, str]:
    """The PNG of a figure, and the sentence that reads it. draw, size: as Explorer has them."""
    figure = Figure(figsize=size, dpi=DOTS_PER_INCH)
    FigureCanvasAgg(figure)
    sentence = draw(figure, **values)
    data = io.BytesIO()
    # Compressing more takes longer than drawing.
    figure.savefig(data, format="png", pil_kwargs={"compress_level": 1})
    return data.getvalue(), sentence


def _smaller(png: bytes) -> bytes:
    """A PNG in 256 colours, for a file that is kept."""
    data = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    picture.save(data, format="png", optimize=True)
    return data.getvalue()
