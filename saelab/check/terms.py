"""Explain wrong numbers as a sum of terms: which term is wrong, by which factor, in which part.

The cost and each block of its gradient are sums of terms: the error's, the weight decay's, the
sparsity's. What a function returned is written as such a sum, with a free factor for each term and
problem. Each term stands in its right form or in that of a version of the function with one thing
wrong; and the factors must obey a law over the problems (see laws.py). The explanation with the
fewest departures from what is right is told.

The forms are rows of numbers. No formula is needed to fit them, and there is none here.
"""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from saelab.check.laws import NOTHING, RIGHT, Law, Laws
from saelab.typed import Array

ROUGH, EXACT = 1e-4, 2e-6  # residuals that may remain, of the size of what came out
MOST = 5000  # combinations of two forms that are tried for one part
ROUNDED = 2e-7  # of a row's numbers, which are stored in single precision
ENOUGH = 5  # numbers without which nothing is explained
KEPT = 14  # numbers that stand for a part on one problem

Rows = tuple[int, ...]  # which row each term of a part takes
Item = tuple[str, str, str]  # (part, FORM, its rows) or (part, term, law)

FORM, ORDER = "form", "order"


def sketch(array: Array) -> Array:
    """A part's numbers, or as many weighted sums of them where they are too many.

    Sums of terms stay sums of terms.

    Args:
        array: of any shape.

    Returns:
        (n,), with n at most KEPT.
    """
    flat = np.ravel(array).astype(float)
    if flat.size <= KEPT:
        return flat
    place = np.arange(1.0, flat.size + 1)
    mix = np.cos(np.outer(np.arange(1, KEPT), 0.7 * place**1.5) + place)
    with np.errstate(all="ignore"):
        mixed: Array = mix @ flat
    return mixed


@dataclass
class Table:
    """The terms of one function's parts on a list of problems, in all forms.

    Attributes:
        parts: the names of the parts.
        terms: the names of the terms.
        symbols: from each symbol to its values on the problems.
        weights: from a term to the symbol that weighs it.
        cuts: for each part, where each problem's numbers begin and end, (problems + 1,).
        rows: for each part (n, numbers): terms without their weights. Row 0 is zero.
        use: (forms, parts, terms), the row that each term takes in each form; form 0 is right.
        says: the sentence of each form.
    """

    parts: tuple[str, ...]
    terms: tuple[str, ...]
    symbols: dict[str, Array]
    weights: dict[str, str]
    cuts: list[NDArray[np.intp]]
    rows: list[Array]
    use: NDArray[np.intp]
    says: list[str]

    @property
    def problems(self) -> int:
        """How many problems there are."""
        return len(self.cuts[0]) - 1

    def on(self, places: Sequence[int]) -> "Table":
        """The same on some of the problems alone.

        Symbols that are alike on all of them, such as two sizes, are left out: no law tells which
        of them it is.

        Args:
            places: the numbers of the problems.
        """
        own = {symbol: values[list(places)] for symbol, values in self.symbols.items()}
        weighs = set(self.weights.values())
        alone = {
            symbol: values
            for symbol, values in own.items()
            if symbol in weighs or sum((values == other).all() for other in own.values()) == 1
        }
        cuts, rows = [], []
        for cut, row in zip(self.cuts, self.rows):
            pieces = [np.arange(cut[k], cut[k + 1]) for k in places]
            cuts.append(np.cumsum([0, *map(len, pieces)]))
            rows.append(row[:, np.concatenate(pieces)])
        return replace(self, symbols=alone, cuts=cuts, rows=rows)

    def weight(self, term: str) -> Array:
        """What a term is multiplied with where it is right, on each problem."""
        symbol = self.weights.get(term)
        return self.symbols[symbol] if symbol else np.ones(self.problems)

    def live(self, part: str) -> set[str]:
        """The terms that a part has."""
        place = self.parts.index(part)
        there = self.rows[place][self.use[0, place]].any(axis=1)
        return {term for term, it_is in zip(self.terms, there) if it_is}

    def rows_in(self, part: str, form: int) -> str:
        """The rows that a form takes in a part; forms with the same text do the same there."""
        return " ".join(map(str, self.use[form, self.parts.index(part)]))

    def touched(self, form: int) -> frozenset[int]:
        """The parts that a form changes."""
        changed = (self.use[form] != self.use[0]).any(axis=1)
        return frozenset(np.flatnonzero(changed).tolist())


@dataclass(frozen=True)
class Reading:
    """One explanation of one part.

    Attributes:
        cost: how much it departs from what is right.
        forms: the forms that it takes.
        laws: the law of each term, in the order of the terms.
        swapped: the terms that do not depend on their weight.
    """

    cost: float
    forms: frozenset[int]
    laws: tuple[Law, ...]
    swapped: frozenset[int] = frozenset()


@dataclass
class Explanation:
    """What explains a wrong outcome.

    Attributes:
        readings: from each part that is explained to its reading.
        vague: the parts that are wrong and that nothing explains.
        order: the order in which the gradient's blocks come, if it is another one.
        whole: whether it holds on all problems; if not, on those that gave numbers.
    """

    readings: dict[str, Reading] = field(default_factory=dict)
    vague: list[str] = field(default_factory=list)
    order: tuple[str, ...] = ()
    whole: bool = True

    def items(self, table: Table) -> frozenset[Item]:
        """The departures from what is right, one by one."""
        found: set[Item] = {("gradient", ORDER, " ".join(self.order))} if self.order else set()
        for part, reading in self.readings.items():
            found |= {(part, FORM, table.rows_in(part, form)) for form in reading.forms}
            for place, (term, law) in enumerate(zip(table.terms, reading.laws)):
                if law != RIGHT or place in reading.swapped:
                    alone = " alone" if place in reading.swapped else ""
                    found.add((part, term, law.name + alone))
        return frozenset(found)


Results = Sequence[Mapping[str, Array] | None]
Combination = tuple[Rows, tuple[Rows, ...]]  # what is tried: rows, and the forms they come from


@dataclass(frozen=True)
class _Part:
    """What came out in one part.

    Attributes:
        name: its name.
        place: its number among the table's parts.
        right: the rows that its terms take where they are right.
        ys: for each problem the numbers; None where none came out, or others than numbers.
        whole: the same without the problems that have none, or that do not have this part.
    """

    name: str
    place: int
    right: Rows
    ys: list[Array | None]
    whole: dict[int, Array]


class Explainer:
    """Explains outcomes by the terms of one table.

    Args:
        table: the terms.
        blocks: parts that are cut out of one array, in their order.
        without: forms that are not used.
    """

    def __init__(
        self, table: Table, blocks: tuple[str, ...] = (), without: Collection[int] = ()
    ) -> None:
        self.blocks = blocks
        self.table, self.problems = table, table.problems
        self.laws = Laws(table.symbols, self.problems)
        self.weights = np.array([table.weight(term) for term in table.terms])
        # Forms that are alike in a part are one candidate there.
        self.groups: list[dict[Rows, list[int]]] = []
        for part in range(len(table.parts)):
            right = tuple(table.use[0, part].tolist())
            group: dict[Rows, list[int]] = {}
            for form in range(1, len(table.use)):
                rows = tuple(table.use[form, part].tolist())
                if rows != right and form not in without:
                    group.setdefault(rows, []).append(form)
            self.groups.append(group)

    @np.errstate(all="ignore")  # what is near 1e308 is wrong, but no reason for a warning
    def explain(self, results: Results, wrong: Iterable[str]) -> Explanation:
        """Explain what is wrong.

        Args:
            results: for each problem the numbers of each part; None for a problem on which the
                function failed, and no entry for a part that has no numbers there.
            wrong: the parts that are wrong.

        Returns:
            The Explanation.
        """
        self.kept: dict[str, list[Reading]] = {}
        # What has a fault of another kind may hold the right numbers.
        right = self._right(results, self.table.parts)
        wrong = [part for part in wrong if part in self.table.parts and part not in right]
        # What is not asked for, and not right either, says nothing, and is not explained.
        self.silent = set(self.table.parts) - right - set(wrong)
        # What is right, or says nothing, has not moved.
        orders = [
            order
            for order in itertools.permutations(self.blocks)
            if order != self.blocks
            and all(a in wrong for a, b in zip(order, self.blocks) if a != b)
        ]
        in_order = {order: self._right(unmoved(results, order), self.blocks) for order in orders}
        for order in orders:
            if len(in_order[order]) == len(self.blocks):
                return self._in_order(results, order, in_order[order], wrong)
        found = self._explain(results, wrong)
        settled, still = len(self.silent), len(right & set(self.blocks))
        for order in sorted(orders, key=lambda order: -len(in_order[order]))[:4]:
            if len(found.vague) > settled and len(in_order[order]) >= still:
                other = self._in_order(results, order, in_order[order], wrong)
                found = min(found, other, key=lambda explanation: len(explanation.vague))
        return found

    def _in_order(
        self, results: Results, order: tuple[str, ...], right: set[str], wrong: Iterable[str]
    ) -> Explanation:
        """Explain what is wrong if the blocks come in this order, of which some are right then."""
        left = [p for p in self.table.parts if p in wrong and p not in right]
        found = self._explain(unmoved(results, order), left)
        plain = Reading(0.0, frozenset(), (RIGHT,) * len(self.table.terms))
        readings = {part: plain for part in self.blocks if part in right} | found.readings
        return Explanation(readings, found.vague, order)

    def _right(self, results: Results, parts: Iterable[str]) -> set[str]:
        """The parts whose numbers are right."""
        plain = [(RIGHT, False)] * len(self.table.terms)
        examined = [self._part(name, results) for name in parts]
        return {
            part.name for part in examined if part.whole and self._gives(part, part.right, plain)
        }

    def _explain(self, results: Results, wrong: Sequence[str]) -> Explanation:
        readings: dict[str, list[Reading]] = {}
        for part in wrong:
            if part in self.kept:
                readings[part] = self.kept[part]
                continue
            readings[part] = self._readings(self._part(part, results))
            if part not in self.blocks:  # it is the same in whatever order the blocks come
                self.kept[part] = readings[part]
        vague = [part for part in wrong if not readings[part]]
        right = set(self.table.parts) - set(wrong) - self.silent
        together = self._together(readings, right)
        doubtful = [
            part
            for part, reading in together.items()
            if any(self._doubtful(form, together, right) for form in reading.forms)
        ]
        sure = {part: reading for part, reading in together.items() if part not in doubtful}
        return Explanation(sure, [*vague, *doubtful, *sorted(self.silent)])

    def _doubtful(self, form: int, readings: Mapping[str, Reading], right: Collection[str]) -> bool:
        """Whether what a form says is not so elsewhere, or is borne out by one part alone."""
        where = {part for part, reading in readings.items() if form in reading.forms}
        others = self._names(form) - where
        return bool(others & set(right)) or bool(others and len(where) < 2)

    def _names(self, form: int) -> set[str]:
        """The names of the parts that a form changes."""
        return {self.table.parts[p] for p in self.table.touched(form)}

    # --- one part -------------------------------------------------------------------

    def _part(self, name: str, results: Results) -> "_Part":
        place = self.table.parts.index(name)
        cuts, ys = self.table.cuts[place], list[Array | None]()
        for k, result in enumerate(results[: self.problems]):
            y = None if result is None else result.get(name)
            y = None if y is None else sketch(y)
            fits = y is not None and y.size == cuts[k + 1] - cuts[k] and np.isfinite(y).all()
            ys.append(y if fits else None)
        right: Rows = tuple(self.table.use[0, place].tolist())
        whole = {k: y for k, y in enumerate(ys) if y is not None and y.size}
        return _Part(name, place, right, ys, whole)

    def _readings(self, part: "_Part") -> list[Reading]:
        """The best explanations of one part, none if nothing explains it."""
        sizes = {y.size for y in part.whole.values()}
        if sum(y.size for y in part.whole.values()) < ENOUGH:
            return []
        groups = self.groups[part.place]
        read = self._of_numbers if sizes == {1} else self._of_blocks
        found = read(part, [(part.right, ())])
        if not found or min(r.cost for r in found) > 0.95:
            found += read(part, [(rows, (rows,)) for rows in groups])
        if not found or min(r.cost for r in found) > 2.5:
            found += read(part, list(itertools.islice(self._pairs(part.right, groups), MOST)))
        found = [reading for reading in found if reading.cost > 0]
        least = min((reading.cost for reading in found), default=0.0)
        best: dict[object, Reading] = {}
        for reading in sorted(found, key=lambda r: r.cost):
            if reading.cost <= least + 1.2:
                best.setdefault((reading.forms, reading.laws), reading)
        return list(best.values())[:12]

    def _pairs(
        self, right: Rows, groups: Mapping[Rows, list[int]]
    ) -> Iterable[tuple[Rows, tuple[Rows, ...]]]:
        """Two groups of forms at once, where they change different terms."""
        changed = {rows: {t for t, row in enumerate(rows) if row != right[t]} for rows in groups}
        seen = set()
        for one, other in itertools.combinations(groups, 2):
            if not changed[one] & changed[other]:
                both = tuple(b if t in changed[other] else a
                             for t, (a, b) in enumerate(zip(one, other)))  # fmt: skip
                if both not in groups and both not in seen:
                    seen.add(both)
                    yield both, (one, other)

    def _of_blocks(self, part: "_Part", combinations: list[Combination]) -> list[Reading]:
        """Explanations of a gradient's block, whose numbers fix the factors on each problem."""
        if not combinations:
            return []
        rows, cuts = self.table.rows[part.place], self.table.cuts[part.place]
        chosen = np.array([combination for combination, _ in combinations])
        alive = np.ones(len(chosen), bool)
        for k, y in part.whole.items():
            R = rows[:, cuts[k] : cuts[k + 1]]
            which = np.flatnonzero(alive)
            alive[which] = _near(R, chosen[which], y)
            if not alive.any():
                return []
        found: list[Reading] = []
        for i in np.flatnonzero(alive):
            factors = np.zeros((self.problems, len(self.table.terms)))
            slack, known = np.zeros_like(factors), np.zeros_like(factors, dtype=bool)
            for k, y in part.whole.items():
                fit = _fit(rows[chosen[i], cuts[k] : cuts[k + 1]].T, y)
                if fit is None:
                    break
                factors[k], known[k], slack[k] = fit
            else:
                options = [self._laws(t, factors[:, t], known[:, t], slack[:, t])
                           for t in range(len(self.table.terms))]  # fmt: skip
                for laws in itertools.product(*options):
                    found += self._read(part, *combinations[i], laws)
        return found

    def _laws(
        self, term: int, factors: Array, known: NDArray[np.bool], slack: Array
    ) -> list[tuple[Law, bool]]:
        """The laws of a term's factors, and whether the term is without its weight."""
        weight = self.weights[term]
        if not known.any():
            return [(RIGHT, False)]
        gone = known & (weight == 0)
        if (np.abs(factors[gone]) - slack[gone]).max(initial=0) < 1e-7:
            there = known & ~gone
            if not there.any():
                return [(RIGHT, False)]
            by = np.where(gone | (weight == 0), 1, weight)
            return [(law, False) for law in self.laws.recognised(factors / by, there, slack / by)]
        if gone.sum() == known.sum():
            return []
        own = (self.table.weights.get(self.table.terms[term], ""), 1)
        found = self.laws.recognised(factors, known, slack)
        return [(law, True) for law in found if own not in law.of]

    def _of_numbers(self, part: "_Part", combinations: list[Combination]) -> list[Reading]:
        """Explanations of a single number, the cost: its laws are tried one after the other."""
        if not combinations:
            return []
        rows, n_terms = self.table.rows[part.place], len(self.table.terms)
        whole = list(part.whole)
        y = np.array([part.whole[k][0] if k in part.whole else np.nan for k in range(len(part.ys))])
        chosen = np.array([combination for combination, _ in combinations])
        values = rows[chosen] * self.weights[None]  # (combinations, terms, problems)
        found: list[Reading] = []
        plain = len(combinations[0][1]) < 2
        plans: list[dict[int, Law]] = [{}]
        if plain:
            plans += [{t: law} for t in range(n_terms) for law in self.laws.likely
                      if np.isfinite(law.values(self.laws.symbols)[whole]).all()]  # fmt: skip
        usable = np.isin(np.arange(len(y)), whole)
        total = values.sum(axis=1)
        live = usable & (np.abs(total) > 1e-13)
        for place, named in enumerate(self.laws.recognise(y / np.where(live, total, 1), live)):
            for law in named:
                found += self._read(part, *combinations[place], [(law, False)] * n_terms)
        for plan in plans:
            laws = np.array([plan.get(t, RIGHT).values(self.laws.symbols) for t in range(n_terms)])
            weighed = values * laws
            for free in range(n_terms):
                if free in plan:
                    continue
                rest = weighed.sum(axis=1) - weighed[:, free]
                left = y - rest
                ratio = left / values[:, free]
                there = usable & (np.abs(values[:, free]) > 1e-13)
                allowed = EXACT * (
                    np.abs(y) + np.abs(rest) + np.abs(values[:, free]).max(1)[:, None]
                )
                gone = ((np.abs(left) <= allowed) | there | ~usable).all(1)
                good = np.flatnonzero(gone & (there.sum(1) > 1))
                for i, named in zip(good, self.laws.recognise(ratio[good], there[good])):
                    for law in named:
                        full = tuple((law if t == free else plan.get(t, RIGHT), False)
                                     for t in range(n_terms))  # fmt: skip
                        found += self._read(part, *combinations[i], full)
                if self.table.terms[free] in self.table.weights:
                    bare = rows[chosen][:, free]
                    ratio = left / bare
                    good = np.flatnonzero(~gone & usable_rows(bare, usable))
                    every = np.tile(usable, (len(good), 1))
                    own = (self.table.weights[self.table.terms[free]], 1)
                    for i, named in zip(good, self.laws.recognise(ratio[good], every)):
                        for law in (law for law in named if own not in law.of):
                            full = tuple((law, True) if t == free else (plan.get(t, RIGHT), False)
                                         for t in range(n_terms))  # fmt: skip
                            found += self._read(part, *combinations[i], full)
            if found and min(r.cost for r in found) < 1.2:
                break
        return found

    def _read(
        self,
        part: "_Part",
        rows: Rows,
        groups: tuple[Rows, ...],
        laws: Sequence[tuple[Law, bool]],
    ) -> list[Reading]:
        """The readings with these rows and laws, if they give what came out."""
        for group in groups:
            changed = [t for t, row in enumerate(group) if row != part.right[t]]
            if all(laws[t][0] == NOTHING for t in changed):
                return []  # nothing is seen of such a form
        if groups and len(laws) == 1 and laws[0][0] != RIGHT:
            return []  # of one term, a form times a number could be any other form
        if not self._gives(part, rows, laws):
            return []
        departing = [law for law, _ in laws if law != RIGHT]
        cost = sum(law.cost for law in {law.name: law for law in departing}.values())
        cost += 0.3 * (len(departing) - len({law.name for law in departing}))
        # A term without its weight departs, whatever the number is.
        swapped = frozenset(t for t, (_, alone) in enumerate(laws) if alone)
        cost += sum(1.0 for t in swapped if laws[t][0] == RIGHT)
        plain = tuple(law for law, _ in laws)
        return [
            Reading(cost + len(forms), frozenset(forms), plain, swapped)
            for forms in itertools.product(
                *(self.groups[part.place][group][:6] for group in groups)
            )
        ]

    def _gives(self, part: "_Part", rows: Rows, laws: Sequence[tuple[Law, bool]]) -> bool:
        """Whether these rows and laws give what came out, on each problem."""
        R, cuts = self.table.rows[part.place][list(rows)], self.table.cuts[part.place]
        factors = np.array([law.values(self.laws.symbols) * (1 if alone else self.weights[t])
                            for t, (law, alone) in enumerate(laws)])  # fmt: skip
        largest = np.abs(R).max()
        return all(
            gives(R[:, cuts[k] : cuts[k + 1]], factors[:, k], y, 3 * EXACT, largest)
            for k, y in enumerate(part.ys)
        )

    # --- all parts together ---------------------------------------------------------

    def _together(
        self, readings: Mapping[str, list[Reading]], right: set[str]
    ) -> dict[str, Reading]:
        """One reading for each part, so that all together need the fewest departures."""
        parts = [part for part, found in readings.items() if found]
        if not parts:
            return {}
        best: tuple[float, tuple[Reading, ...]] = (np.inf, ())
        limited = [readings[part][: (12 if len(parts) < 4 else 6)] for part in parts]
        for chosen in itertools.product(*limited):
            used: dict[int, set[str]] = {}
            laws, places, cost = dict[tuple[str, bool], float](), set[object](), 0.0
            for part, reading in zip(parts, chosen):
                for form in reading.forms:
                    used.setdefault(form, set()).add(part)
                for place, law in enumerate(reading.laws):
                    alone = place in reading.swapped
                    if law == RIGHT:
                        cost += alone
                    else:  # it counts once, and a little more in each other term
                        laws[law.name, alone] = law.cost + alone
                        places.add((law.name, alone, place))
            cost += sum(laws.values()) + 0.2 * len(places)
            for form, where in used.items():
                # A form that would change more than what it explains is a worse guess.
                more = self._names(form) - where
                cost += 1 + 0.3 * len(more) + 1.5 * len(more & right) + form * 1e-5
            if cost < best[0]:
                best = cost, chosen
        return dict(zip(parts, best[1]))


def unmoved(results: Results, order: Sequence[str]) -> list[dict[str, Array] | None]:
    """Results with the blocks of one array in their places, which came in another order.

    Args:
        results: for each problem, from part to its numbers.
        order: the order in which the blocks came.
    """
    found: list[dict[str, Array] | None] = []
    for result in results:
        if not order or result is None or any(part not in result for part in order):
            found.append(None if result is None else dict(result))
            continue
        # In the results they were cut as if they came in their own order.
        own = [part for part in result if part in order]
        joined = np.concatenate([np.ravel(result[part]) for part in own])
        cuts = np.cumsum([np.size(result[part]) for part in order])[:-1]
        found.append({**result, **dict(zip(order, np.split(joined, cuts)))})
    return found


def predicted(rows: Array, factors: Sequence[float] | Array) -> Array:
    """The sum of some terms, (n,), from their rows, (terms, n); a zero stays one times infinity."""
    with np.errstate(all="ignore"):
        terms = [factor * row if row.any() else row for factor, row in zip(factors, rows)]
        total: Array = np.sum(terms, axis=0)
    return total


def gives(
    rows: Array, factors: Sequence[float] | Array, y: Array | None, within: float, largest: float
) -> bool:
    """Whether terms with these factors give what came out on one problem.

    Args:
        rows: (terms, n).
        factors: one for each term.
        y: (n,), what came out; where it is none, or not finite, the sum must not be finite either.
        within: how far it may be off, of its size.
        largest: the largest number among the terms, of which a thousandth counts as size too.
    """
    total = predicted(rows, factors)
    if y is None or not np.isfinite(y).all():
        return not (total.size and np.isfinite(total).all())
    size = np.abs(y).max(initial=0) + 1e-3 * largest
    return bool(y.shape == total.shape and np.abs(total - y).max(initial=0) <= within * size)


def usable_rows(rows: Array, usable: NDArray[np.bool]) -> NDArray[np.bool]:
    """Which rows are nowhere zero on the usable problems."""
    found: NDArray[np.bool] = np.asarray((np.abs(rows[:, usable]) > 1e-13).all(1))
    return found


def _near(R: Array, chosen: NDArray[np.intp], y: Array) -> NDArray[np.bool]:
    """Which of the chosen rows have a combination that is roughly y."""
    size = np.sqrt((R**2).sum(1))
    unit = R / np.where(size > 1e-13, size, 1)[:, None]
    gram, right = unit @ unit.T, unit @ y
    A = gram[chosen[:, :, None], chosen[:, None, :]] + 1e-11 * np.eye(chosen.shape[1])
    b = right[chosen]
    x = np.linalg.solve(A, b[..., None])[..., 0]
    left: NDArray[np.bool] = y @ y - (x * b).sum(1) <= (ROUGH**2) * (y @ y) + 1e-18
    return left


def _fit(T: Array, y: Array) -> tuple[Array, NDArray[np.bool], Array] | None:
    """Factors of the columns of T, which of them are certain, and how far each may be off.

    None where y is no such sum.
    """
    size = np.sqrt((T**2).sum(0))
    live = size > 1e-13
    factors, slack, known = np.zeros(len(size)), np.zeros(len(size)), np.zeros(len(size), bool)
    if not live.any():
        return (factors, known, slack) if np.abs(y).max(initial=0) < 1e-12 else None
    A = T[:, live] / size[live]
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    rank = int((s > 1e-5 * s[0]).sum())
    got = Vt[:rank].T @ ((U[:, :rank].T @ y) / s[:rank])
    if np.abs(A @ got - y).max() > EXACT * (np.abs(y).max() + 1e-3 * np.abs(T).max()):
        return None
    # Where there are as many columns as numbers, anything is such a sum.
    factors[live], known[live] = got / size[live], 1 - (Vt[:rank] ** 2).sum(0) < 1e-8
    # A row's rounding is carried into the factors, more so where rows are nearly alike.
    carried = np.sqrt(((Vt[:rank] / s[:rank, None]) ** 2).sum(0))
    slack[live] = ROUNDED * np.abs(got).max() * carried / size[live]
    return factors, known, slack
