"""How much memory a piece of code needs."""

import tracemalloc


class Meter:
    """Measures how many bytes more than before are held at once within a with block.

    Python's own count is taken: of its objects and of NumPy's arrays, and not of a library that
    asks the operating system itself.

    Attributes:
        held: the most bytes, once the block is done.
    """

    held = 0

    def __enter__(self) -> "Meter":
        self.was_on = tracemalloc.is_tracing()
        tracemalloc.start()
        tracemalloc.reset_peak()
        self.before = tracemalloc.get_traced_memory()[0]
        return self

    def __exit__(self, *error: object) -> None:
        self.held = max(0, tracemalloc.get_traced_memory()[1] - self.before)
        if not self.was_on:
            tracemalloc.stop()
