"""A sentence in the page that is read out when it changes."""

from pathlib import Path

import anywidget
import traitlets


class Words(anywidget.AnyWidget):
    """A plain sentence. failed: whether it says what went wrong."""

    _esm = Path(__file__).parent / "words.js"

    value = traitlets.Unicode().tag(sync=True)
    failed = traitlets.Bool(False).tag(sync=True)

    def tell(self, value: str, failed: bool = False) -> None:
        """Say another sentence."""
        with self.hold_sync():
            self.value, self.failed = value, failed
