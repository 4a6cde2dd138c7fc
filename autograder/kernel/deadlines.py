"""Things to do when something takes too long; one thread waits for all of them.

A threading.Timer is a thread of its own. A submission takes hundreds of calls, and to start and
stop a thread for each of them would take longer than most of the calls.
"""

import itertools
import os
import threading
import time
from collections.abc import Callable


class Deadlines:
    """Calls functions when their time has come, unless they were cancelled before."""

    def __init__(self) -> None:
        self.due: dict[int, tuple[float, Callable[[], object]]] = {}
        self.numbers = itertools.count()
        self.changed = threading.Condition()
        self.owner: int | None = None
        self.wakes = 0.0

    def add(self, seconds: float, function: Callable[[], object]) -> int:
        """Have a function called after some time.

        Args:
            seconds: how long to wait before the call.
            function: is called without arguments, in the thread that waits.

        Returns:
            A number, with which cancel() cancels the call.
        """
        if self.owner != os.getpid():  # a fork has no thread of its parent's
            self.due, self.changed, self.owner = {}, threading.Condition(), os.getpid()
            self.wakes = float("inf")
            threading.Thread(target=self._wait, name="deadlines", daemon=True).start()
        when, number = time.monotonic() + seconds, next(self.numbers)
        with self.changed:
            self.due[number] = when, function
            if when < self.wakes:
                self.changed.notify()
        return number

    def cancel(self, number: int) -> None:
        with self.changed:
            self.due.pop(number, None)

    def _wait(self) -> None:
        while True:
            with self.changed:
                now = time.monotonic()
                late = [number for number, (when, _) in self.due.items() if when <= now]
                functions = [self.due.pop(number)[1] for number in late]
                if not functions:
                    # For cancelled calls, it wakes up in vain once at most.
                    self.wakes = min((when for when, _ in self.due.values()), default=float("inf"))
                    self.changed.wait(None if self.wakes == float("inf") else self.wakes - now)
            for function in functions:
                function()


DEADLINES = Deadlines()
