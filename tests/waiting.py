"""How long tests wait. Nothing waits for a fixed time: it waits until something is true.

SAELAB_TEST_PATIENCE: an environment variable, by which all times that a test waits at most are
multiplied. 1 is enough for a machine with nothing else to do.
"""

import os
import time

PATIENCE = float(os.environ.get("SAELAB_TEST_PATIENCE", "1"))


def patient(seconds):
    """So many seconds, and more where the machine has more to do."""
    return seconds * PATIENCE


def wait_until(condition, what, seconds=60, every=0.005):
    """Wait until a condition is true, and return what it returns.

    what: that is waited for, told when it takes too long; or a function that tells it.
    every: seconds between two looks. Errors: AssertionError, when it takes too long.
    """
    end = time.monotonic() + patient(seconds)
    while not (found := condition()):
        if time.monotonic() > end:
            told = what() if callable(what) else what
            raise AssertionError(f"not within {patient(seconds):g} s: {told}")
        time.sleep(every)
    return found
