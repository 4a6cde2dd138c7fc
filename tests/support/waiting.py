"""How long tests wait. Nothing waits for a fixed time: it waits until something is true.

SAELAB_TEST_PATIENCE: an environment variable, by which all times that a test waits at most are
multiplied. Without it they grow with the load of the machine: 1 where each process that wants to
run has a processor.
"""

import os
import time


def patience():
    """By what the times are multiplied now."""
    told = os.environ.get("SAELAB_TEST_PATIENCE")
    return float(told) if told else max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def patient(seconds):
    """So many seconds, and more where the machine has more to do."""
    return seconds * patience()


def wait_until(condition, what, seconds=60, every=0.005):
    """Wait until a condition is true, and return what it returns.

    what: that is waited for, told when it takes too long; or a function that tells it.
    every: seconds between two looks. Errors: AssertionError, when it takes too long.
    """
    most = patient(seconds)
    end = time.monotonic() + most
    while not (found := condition()):
        if time.monotonic() > end:
            told = what() if callable(what) else what
            raise AssertionError(f"not within {most:g} s: {told}")
        time.sleep(every)
    return found
