"""What all explorers have: controls, a picture drawn from their values, and words that read it."""

import html
import io
import threading

import ipywidgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from saelab import display
from saelab.widgets.picture import Picture
from saelab.widgets.theirs import TheirsFailed

DOTS_PER_INCH = 110


class Explorer(ipywidgets.VBox):
    """A title, controls, a picture, and a sentence that reads the picture.

    Where no widget can be shown (a page that was exported, a viewer) there is the same picture of
    the values at the start, with the sentence as its text alternative.
    """

    def __init__(self, title, draw, controls, size, point=None, step=None, hint=""):
        """
        title: what is to be seen. size: of the figure, inches.
        draw: called as draw(figure, **values) with an empty matplotlib Figure and the controls'
            values; returns the sentence that reads the picture, with its numbers.
        controls: {name: ipywidgets control}; each has a description, and changes redraw.
        point, step, hint: as Picture has them.
        """
        self.draw_figure, self.controls, self.size = draw, controls, size
        self.lock = threading.RLock()  # a message may be answered while a cell runs
        self.reading = ipywidgets.HTML()
        self.picture = Picture(point, step, hint=hint, width=round(size[0] * display.PIXELS_PER_INCH))
        heading = ipywidgets.HTML(f'<span class="saelab-title">{html.escape(title)}</span>')
        for control in controls.values():
            control.observe(self.redraw, "value")
            control.style = {"description_width": "initial"}
        layout = ipywidgets.Layout(flex_flow="row wrap")
        box = ipywidgets.Box(list(controls.values()), layout=layout)
        super().__init__([heading, box, self.picture, self.reading])
        self.title = title
        self.redraw()

    @property
    def values(self):
        """{name: value} of the controls."""
        return {name: control.value for name, control in self.controls.items()}

    def redraw(self, change=None):
        """Draw the picture of the present values; where a function fails, say so instead."""
        with self.lock:
            try:
                png, sentence = drawn(self.draw_figure, self.size, self.values)
            except TheirsFailed as failure:
                self.picture.add_class("saelab-stale")
                self.reading.value = (
                    f'<div class="saelab-message" role="alert">{html.escape(str(failure))}</div>'
                )
                return
            self.picture.remove_class("saelab-stale")
            self.picture.draw(png, sentence)
            self.reading.value = (
                f'<div class="saelab-reading" role="status">{html.escape(sentence)}</div>'
            )

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        words = self.picture.alt or html.unescape(self.reading.value)
        still = display.picture(self.picture.png, self.picture.alt, self.picture.width, self.title)
        return {**bundle, "text/html": still if self.picture.png else self.reading.value,
                "text/plain": words}  # fmt: skip


def drawn(draw, size, values):
    """The PNG of a figure, and the sentence that reads it. draw, size: as Explorer has them."""
    figure = Figure(figsize=size, dpi=DOTS_PER_INCH)
    FigureCanvasAgg(figure)
    sentence = draw(figure, **values)
    data = io.BytesIO()
    # Compressing more takes longer than drawing.
    figure.savefig(data, format="png", pil_kwargs={"compress_level": 1})
    return data.getvalue(), sentence
