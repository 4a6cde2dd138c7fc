"""Laws: how a factor depends on the sizes and weights of the problems that it was found on.

A factor that is 5, 8 and 11 where there are 5, 8 and 11 examples is the number of examples. A law
is a number times at most two of the problems' symbols. It must give every factor that is known.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saelab.typed import Array

ALIKE = 2e-6  # what two ways to the same factor may differ by, of its size
# Numbers that need no further evidence, and how unlikely each of them is.
NICE = {1: 0.0, -1: 1.0, 2: 1.0, 0.5: 1.0, -2: 1.3, -0.5: 1.3, 4: 1.3, 0.25: 1.3, 3: 1.4}
FREE = 1.7  # what a number costs that nobody expects


@dataclass(frozen=True)
class Law:
    """A law.

    Attributes:
        number: the number in front.
        of: the symbols and the power of each, such as (("m", -1),).
        cost: how much it departs from being 1.
    """

    number: float
    of: tuple[tuple[str, int], ...]
    cost: float

    @property
    def name(self) -> str:
        """The law as a short text, such as "2*m/v"."""
        above = [_bracketed(s) for s, power in self.of for _ in range(power)]
        below = [_bracketed(s) for s, power in self.of for _ in range(-power)]
        text = "*".join(([] if self.number == 1 and above else [f"{self.number:.6g}"]) + above)
        return "/".join([text, *below])

    def values(self, symbols: Mapping[str, Array]) -> Array:
        """What the law gives on problems, from the values of the symbols there (see Laws)."""
        one = np.ones(len(next(iter(symbols.values()))))
        with np.errstate(all="ignore"):
            found: Array = np.prod([one, *(symbols[s] ** p for s, p in self.of)], axis=0)
            return self.number * found


def _bracketed(symbol: str) -> str:
    return f"({symbol})" if "-" in symbol else symbol


RIGHT, NOTHING = Law(1.0, (), 0.0), Law(0.0, (), 1.0)


class Laws:
    """All products of at most two symbols or of their inverses, on one list of problems.

    Args:
        symbols: from each symbol to its value on each problem.
        problems: the number of problems.
    """

    def __init__(self, symbols: Mapping[str, Array], problems: int) -> None:
        self.symbols = {"": np.ones(problems), **symbols}
        powers = [(s, p) for s in symbols for p in (1, -1)]
        shapes: list[tuple[tuple[str, int], ...]] = [(), *(((s, p),) for s, p in powers)]
        for (a, p), (b, q) in itertools.combinations_with_replacement(powers, 2):
            if a != b:
                shapes.append(((a, p), (b, q)))
            elif p == q:
                shapes.append(((a, 2 * p),))
        if "m-1" in symbols:
            shapes += [(("m", p), ("m-1", q)) for p, q in ((2, -1), (-2, 1), (1, -2), (-1, 2))]
        self.shapes = shapes
        self.sizes = np.array([(0, 1, 1.5, 2)[sum(abs(p) for _, p in shape)] for shape in shapes])
        self.table = np.array([Law(1.0, shape, 0).values(self.symbols) for shape in shapes])
        self.table = self.table.reshape(len(shapes), -1)
        with np.errstate(all="ignore"):
            steps = np.diff(np.log(np.abs(self.table)), axis=1)
        # How much each law grows from one problem to the next, smallest first.
        self.steps = [np.sort(column[np.isfinite(column)]) for column in steps.T]
        # The laws that are tried for one term while another one is free.
        self.likely = [NOTHING, *(Law(float(k), (), c) for k, c in NICE.items() if k != 1)]
        self.likely += [Law(1.0, shape, size) for shape, size in zip(shapes, self.sizes) if shape]

    def recognised(
        self, factors: Array, known: NDArray[np.bool], slack: Array | float = 0.0
    ) -> list[Law]:
        """The laws that give these factors on the problems where they are known, best first.

        Args:
            factors: one for each problem.
            known: the problems whose factor is known.
            slack: how far each factor may be off, beside some rounding.

        Returns:
            The laws; [] if no law gives the factors.
        """
        known = known & np.isfinite(factors)
        got = np.where(known, factors, 0.0)[None]
        return self._recognise(got, known[None], np.where(known, slack, 0.0)[None])[0]

    def recognise(self, factors: Array, known: NDArray[np.bool]) -> list[list[Law]]:
        """The same for many rows of factors at once, (n, problems)."""
        known = known & np.isfinite(factors)
        got = np.where(known, factors, 0.0)
        result: list[list[Law]] = [[] for _ in got]
        if len(got) > 20:  # most of many rows obey no law, which a glance shows
            some = np.flatnonzero(self._perhaps(got, known))
            named = self._recognise(got[some], known[some], np.zeros_like(got[some]))
            for place, laws in zip(some, named):
                result[place] = laws
            return result
        return self._recognise(got, known, np.zeros_like(got))

    def _perhaps(self, got: Array, known: NDArray[np.bool]) -> NDArray[np.bool]:
        """Whether the ratios of neighbouring factors are those of any law."""
        with np.errstate(all="ignore"):
            steps = np.diff(np.log(np.abs(got)), axis=1)
        both = known[:, 1:] & known[:, :-1] & np.isfinite(steps)
        perhaps = np.ones(len(got), bool)
        for k, laws in enumerate(self.steps):
            if len(laws):
                at = np.searchsorted(laws, steps[:, k])
                near = np.minimum(
                    np.abs(laws[np.minimum(at, len(laws) - 1)] - steps[:, k]),
                    np.abs(laws[np.maximum(at - 1, 0)] - steps[:, k]),
                )
                perhaps &= ~both[:, k] | (near < 5 * ALIKE)
        mixed = ((got == 0) & known).any(1) & (np.abs(got) > 1e-7).any(1)
        found: NDArray[np.bool] = perhaps & ~mixed
        return found

    def _recognise(self, got: Array, known: NDArray[np.bool], slack: Array) -> list[list[Law]]:
        result: list[list[Law]] = [[] for _ in got]
        counts = known.sum(axis=1)
        right = ((np.abs(got - 1) - slack) * known).max(axis=1, initial=0) < ALIKE
        nothing = ~right & ((np.abs(got) - slack).max(axis=1, initial=0) < 1e-7)
        for i in np.flatnonzero(right):
            result[i] = [RIGHT]
        for i in np.flatnonzero(nothing):
            result[i] = [NOTHING]
        left = np.flatnonzero(~right & ~nothing & (counts > 0))
        if not len(left):
            return result
        usable = np.isfinite(self.table)
        table = np.where(usable, self.table, 0.0)
        fits = ~(known[left][:, None] & ~usable).any(-1)
        error = ALIKE * np.abs(got[left]) + slack[left] + 1e-12
        certainty = known[left] / error**2
        below = certainty @ (table**2).T
        with np.errstate(all="ignore"):
            number = ((certainty * got[left]) @ table.T) / below
            apart = np.abs(got[left][:, None] - number[..., None] * table) * known[left][:, None]
            allowed = error[:, None]
            fits &= (apart <= allowed).all(-1) & (below > 0)
        for place, which in zip(*np.nonzero(fits)):
            row = left[place]
            law = self._law(float(number[place, which]), which, known[row])
            if law:
                result[row].append(law)
        for row in left:
            result[row].sort(key=lambda law: law.cost)
            best = result[row][0].cost if result[row] else 0
            result[row] = [law for law in result[row] if law.cost < best + 0.3][:3]
        return result

    def _law(self, number: float, which: np.intp, known: NDArray[np.bool]) -> Law | None:
        shape, size = self.shapes[which], float(self.sizes[which])
        nice = next((k for k in NICE if abs(number / k - 1) < 10 * ALIKE), None)
        if shape and np.ptp(self.table[which][known]) == 0:
            return None  # it says no more here than a number does
        if nice is None and known.sum() < 3 + size:
            return None
        if nice is None:
            return Law(number, shape, size + (FREE if not shape else 0.9))
        return Law(float(nice), shape, size + NICE[nice] * (0.4 if shape else 1))


def symbols_of(
    probes: Sequence[Any], of: Callable[[tuple[Any, ...]], Mapping[str, float]] | None
) -> dict[str, Array]:
    """The values of the symbols on some probes.

    Args:
        probes: the probes.
        of: called with a probe's arguments; returns a dictionary from symbol to value. None if
            there are no symbols.

    Returns:
        From each symbol that all probes have to its values.
    """
    rows = [of(probe.args) if of else {} for probe in probes]
    shared = [s for s in rows[0] if all(s in row for row in rows)] if rows else []
    return {s: np.array([row[s] for row in rows], float) for s in shared}
