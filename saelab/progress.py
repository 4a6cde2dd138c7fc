"""Progress bars, alike in notebooks and terminals.

tqdm on standard output: nbgrader counts anything on standard error as a failed test.
"""

import sys
from numbers import Integral

from tqdm import tqdm

PATIENCE = 2  # seconds that nobody minds waiting without being told


def bar(steps, label, unit="step", delay=0):
    """A tqdm progress bar with the time left.

    steps: an iterable, or the number of steps (then call `.update()` after each).
    label: what is being done, a few words. unit: the name of one step.
    delay: seconds before it shows itself; PATIENCE, where it mostly is done by then.
    Use it as a context manager or as an iterable.
    """
    counted = isinstance(steps, Integral)
    return tqdm(
        None if counted else steps,
        total=int(steps) if counted else None,
        desc=label,
        unit=unit,
        file=sys.stdout,
        ncols=90,
        mininterval=0.2,
        delay=delay,
    )
