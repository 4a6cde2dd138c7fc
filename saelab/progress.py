"""Progress bars that look alike in notebooks and terminals.

In a notebook a bar goes to standard output, because nbgrader counts anything on standard error as a
failed test. Elsewhere it goes to standard error, and only if that is a terminal; a log gets no bar.
"""

import io
import sys
from collections.abc import Iterable
from typing import Any, SupportsInt

from tqdm import tqdm

PATIENCE = 2  # seconds that a person may wait before a bar has to appear


class Bar(tqdm):  # type: ignore[type-arg]  # it has a parameter for mypy only
    """A progress bar without the thread that tqdm starts to watch slow bars.

    Without that thread, the process can be forked.
    """

    monitor_interval = 0

    def finish(self, how: str) -> None:
        """Say how the steps came to their end, which may be sooner than was allowed.

        Args:
            how: one word, such as "converged". The bar then says "converged after 154".
        """
        self.total = self.n
        self.set_description(f"{self.desc.removesuffix(': ')}, {how} after {self.n}")

    def __exit__(self, kind: Any, *error: Any) -> None:
        if kind is not None:
            self.set_description(f"{self.desc.removesuffix(': ')}, interrupted after {self.n}")
        super().__exit__(kind, *error)


class Nowhere(io.TextIOBase):
    """A file that discards what is written to it."""

    def write(self, text: str) -> int:
        return len(text)


def bar(
    steps: Iterable[Any] | SupportsInt, label: str, unit: str = "step", delay: float = 0
) -> Bar:
    """Make a progress bar that shows the time left.

    Use it as a context manager or as an iterable. It also counts when it is not shown.

    Args:
        steps: an iterable, or the number of steps; with a number, call `.update()` after each step.
        label: what is being done, in a few words.
        unit: the name of one step.
        delay: seconds before the bar appears; use PATIENCE if the work is mostly done by then.

    Returns:
        The bar, which is one of tqdm's.
    """
    seen = sys.stdout if _in_notebook() else sys.stderr if sys.stderr.isatty() else Nowhere()
    settings: dict[str, Any] = {
        "desc": label,
        "unit": unit,
        "file": seen,
        "ncols": 64,  # fits into a narrow window
        "mininterval": 0.2,
        "miniters": 1,  # the steps may become slower
        "delay": delay,
    }
    made = (
        Bar(steps, **settings) if isinstance(steps, Iterable) else Bar(total=int(steps), **settings)
    )
    if made.total is not None:
        made.bar_format = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}]"
    return made


def _in_notebook() -> bool:
    """Whether this is a kernel, whose printed output appears in a notebook."""
    # Anyone who works in IPython has imported it already; others should not have to.
    ipython = sys.modules.get("IPython")
    return ipython is not None and getattr(ipython.get_ipython(), "kernel", None) is not None
