"""A sentence in the page that screen readers read out when it changes."""

from pathlib import Path

import anywidget
import traitlets


class Words(anywidget.AnyWidget):
    """A plain sentence.

    Attributes:
        value: the sentence.
        failed: whether it says that something went wrong.
    """

    _esm = Path(__file__).parent / "words.js"

    value = traitlets.Unicode().tag(sync=True)
    failed = traitlets.Bool(False).tag(sync=True)

    def tell(self, value: str, failed: bool = False) -> None:
        """Show another sentence."""
        with self.hold_sync():
            self.value, self.failed = value, failed
