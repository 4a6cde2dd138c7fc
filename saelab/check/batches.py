"""A stream of examples that come batch by batch, as a probe's argument, and how it is read."""

import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from saelab.check.compare import Fault
from saelab.typed import Array

TIMES = ("", "one pass is", "two passes are")
ONCE = (
    "batches() was called once: rho_hat needs all examples before the first can be "
    "back-propagated, so a second pass is needed"
)


class Batches:
    """A function that returns an iterator over batches of examples, a new one each time.

    Each batch is a new array (visible_size, m_k).

    Args:
        data: (visible_size, m), all examples.
        sizes: the number of examples in each batch, which may be 0.
        passes: how often a function has to go through the stream, 1 or 2.

    Attributes:
        data, sizes, passes: as given.

    Raises:
        ValueError: if the batches together do not have as many examples as there are.
    """

    def __init__(self, data: Array, sizes: Sequence[int], passes: int) -> None:
        if sum(sizes) != data.shape[1]:
            raise ValueError(
                f"batches of {', '.join(map(str, sizes))} examples are {sum(sizes)} together, but "
                f"the data has {data.shape[1]}: choose sizes that add up to it"
            )
        self.data, self.sizes, self.passes = data, tuple(sizes), passes

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of all examples together, (visible_size, m)."""
        return self.data.shape

    def __call__(self) -> Iterator[Array]:
        return (part.copy() for part in self.parts())

    def parts(self) -> Iterator[Array]:
        """The batches as they lie in the data."""
        cuts = itertools.pairwise(itertools.accumulate(self.sizes, initial=0))
        return (self.data[:, start:end] for start, end in cuts)


class Reading:
    """How one call of a student's function reads a stream.

    Args:
        of: the stream.

    Attributes:
        of: the stream.
        calls: how often the function was called that gives its batches.
        spoiled: whether a batch was changed in place before the next one was asked for.
    """

    def __init__(self, of: Batches) -> None:
        self.of, self.calls, self.spoiled = of, 0, False

    def function(self) -> Callable[[], Iterator[Array]]:
        """The function that the student's function gets as its argument.

        It is a plain function that returns a generator, as a reader would write it. So a wrong use
        of it gives the errors that Python gives everywhere.
        """

        def batches() -> Iterator[Array]:
            self.calls += 1
            return self._read()

        return batches

    def _read(self) -> Iterator[Array]:
        for part in self.of.parts():
            batch = part.copy()
            yield batch
            self.spoiled |= not np.array_equal(batch, part)

    def fault(self) -> Fault | None:
        """What is wrong with how the stream was read, whatever came out."""
        if self.spoiled:
            return Fault(
                "a batch is changed in place; who made it may still need it, so work on a copy",
                "changed",
                "changed batch",
            )
        if self.calls > self.of.passes:
            return Fault(
                f"batches() was called {self.calls} times; {TIMES[self.of.passes]} enough",
                "stream",
                "passes",
            )
        return None

    def explained(self, fault: Fault) -> Fault:
        """The fault of a result, with what explains it where the stream was read too seldom."""
        several = sum(size > 0 for size in self.of.sizes) > 1
        if fault.kind == "value" and several and self.calls == 1 < self.of.passes:
            return Fault(f"{fault}; {ONCE}", fault.kind, fault.code)
        return fault

    def too_much(self, held: float, most: float) -> Fault | None:
        """The fault that a call held too much of the stream at once.

        Args:
            held: the bytes that it held at most.
            most: the bytes that it may hold.
        """
        if held <= most:
            return None
        stream = f"{_size(self.of.data.nbytes)} in {len(self.of.sizes)} batches"
        return Fault(
            f"it held {_size(held)} at once, of a stream of {stream}, where {_size(most)} are "
            "enough: no batch, and nothing as large, may be kept after the next one has come",
            "stream",
            "memory",
        )


def _size(count: float) -> str:
    return f"{count / 1e6:.2f} MB"
