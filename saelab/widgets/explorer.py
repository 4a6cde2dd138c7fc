"""What all explorers have: controls, a picture of their values, and words that describe it."""

import html
import io
import threading
from collections.abc import Callable
from typing import Any

import ipywidgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

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
    """A title, controls, a picture, and a sentence that describes the picture.

    Where widgets cannot be shown, as in an exported page or a viewer, the same picture appears with
    the values at the start, and the sentence is its text alternative.

    Attributes:
        controls: {name: ipywidgets control}.
        picture: the Picture.
        reading: the Words that describe it.
        title: what the picture shows.
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
        """Build the explorer, and draw its first picture.

        Args:
            title: what the picture shows.
            draw: called as draw(figure, **values) with an empty matplotlib Figure and the values of
                the controls. It returns the sentence that describes the picture, with its numbers.
            controls: {name: ipywidgets control}. Each has a description, and the picture is drawn
                again when its value changes.
            size: width and height of the figure in inches.
            point: called when the picture is clicked, as for Picture.
            step: called when an arrow key is pressed, as for Picture.
            hint: what pointing at the picture does, as for Picture.
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
        """The values of the controls, as {name: value}."""
        return {name: control.value for name, control in self.controls.items()}

    def set(self, **values: Any) -> None:
        """Give several controls new values, and redraw once.

        Args:
            **values: the new value of each control, by name. A slider keeps values within its
                range.
        """
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
        """Draw the picture for the present values; if a function fails, say so instead.

        Args:
            change: the event that ipywidgets passes on; it is not used.
        """
        with self.lock:
            if self.held:
                return
            try:
                png, kept, sentence = drawn(self.draw_figure, self.size, self.values)
            except TheirsFailed as failure:
                self.picture.stale = True
                self.reading.tell(str(failure), failed=True)
            else:
                self.picture.draw(png, sentence, kept)
                self.reading.tell(sentence)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        with self.lock:
            words, png = self.reading.value, self.picture.png
            if self.reading.failed:
                still = f"<p><strong>{html.escape(self.title)}.</strong> {html.escape(words)}</p>"
            else:
                still = display.picture(
                    display.smaller(png), words, self.picture.width,
                    f"{self.title} (Run this cell to move it.)", self.picture.kept,
                )  # fmt: skip
        bundle = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/html": still, "text/plain": words}


def drawn(
    draw: Draw, size: tuple[float, float], values: dict[str, Any]
) -> tuple[bytes, list[display.Pixels], str]:
    """Draw a figure.

    Args:
        draw: as for Explorer.
        size: as for Explorer.
        values: the values of the controls, as {name: value}.

    Returns:
        The figure as PNG, the parts of it that are pictures themselves (see
        display.boxes_of_pictures), and the sentence that describes it.
    """
    figure = Figure(figsize=size, dpi=DOTS_PER_INCH)
    FigureCanvasAgg(figure)
    sentence = draw(figure, **values)
    data = io.BytesIO()
    # Compressing more takes longer than drawing.
    figure.savefig(data, format="png", pil_kwargs={"compress_level": 1})
    return data.getvalue(), display.boxes_of_pictures(figure), sentence
