"""Progress bars, alike in notebooks and terminals.

In a notebook a bar is on standard output: nbgrader counts anything on standard error as a failed
test. Elsewhere it is on standard error, and only where that is a terminal: a log has none.
"""

import io
import sys
from collections.abc import Iterable
from typing import Any, SupportsInt

from tqdm import tqdm

PATIENCE = 2  # seconds that nobody minds waiting without being told


class Bar(tqdm):  # type: ignore[type-arg]  # it has a parameter for mypy only
    """A bar without the thread of tqdm's that looks after slow ones: its process can be forked."""

    monitor_interval = 0


class Nowhere(io.TextIOBase):
    """A file for what nobody is to see."""

    def write(self, text: str) -> int:
        return len(text)


def bar(
    steps: Iterable[Any] | SupportsInt, label: str, unit: str = "step", delay: float = 0
) -> Bar:
    """A progress bar of tqdm's with the time left.

    steps: an iterable, or the number of steps (then call `.update()` after each).
    label: what is being done, a few words. unit: the name of one step.
    delay: seconds before it shows itself; PATIENCE, where it mostly is done by then.
    Use it as a context manager or as an iterable. It counts also where nobody sees it.
    """
    seen = sys.stdout if _in_notebook() else sys.stderr if sys.stderr.isatty() else Nowhere()
    settings: dict[str, Any] = {
        "desc": label,
        "unit": unit,
        "file": seen,
        "ncols": 90,
        "mininterval": 0.2,
        "miniters": 1,  # the steps may become slower
        "delay": delay,
    }
    if isinstance(steps, Iterable):
        return Bar(steps, **settings)
    return Bar(total=int(steps), **settings)


def _in_notebook() -> bool:
    """Whether this is a kernel, which shows what is printed in a notebook."""
    # Whoever works in IPython has imported it; nobody else should have to.
    ipython = sys.modules.get("IPython")
    return ipython is not None and getattr(ipython.get_ipython(), "kernel", None) is not None
