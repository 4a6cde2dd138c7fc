"""Where the cells of the source stand among the others of a submission, and their order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from autograder.submission.wanted import Wanted


@dataclass(eq=False)
class Slot:
    """A cell with its place among the others; the name of the source's cell that it is, if any.

    was: the nbgrader metadata that it came with.
    """

    cell: NotebookNode
    was: dict[str, Any] | None = None
    name: str | None = None


def missing(slots: Iterable[Slot], wanted: Iterable[str]) -> list[str]:
    """The names of the source's cells that no slot has, in the source's order."""
    present = {slot.name for slot in slots}
    return [name for name in wanted if name not in present]


def gap(name: str, slots: Sequence[Slot], wanted: Iterable[str]) -> tuple[int, int]:
    """The places of the source's cells that are there, next before and next after a name's."""
    order = {other: position for position, other in enumerate(wanted)}
    before = [i for i, s in enumerate(slots) if s.name and order[s.name] < order[name]]
    after = [i for i, s in enumerate(slots) if s.name and order[s.name] > order[name]]
    return max(before, default=-1), min(after, default=len(slots))


def in_order(
    slots: Iterable[Slot], wanted: Mapping[str, Wanted], tell: Callable[[str, str], object]
) -> list[Slot]:
    """Put cells that are missing or out of order behind the one that they follow.

    Solutions are not moved: what a student wrote may need what stands above it.
    wanted: from name to Wanted, in the source's order. tell(name, sentence) hears of each change.
    """
    order = {name: position for position, name in enumerate(wanted)}
    slots = list(slots)
    present = [(slot.name, slot) for slot in slots if slot.name]
    fixed = [not wanted[name].must_be_there for name, _ in present]
    settled = _heaviest_rise(
        [order[name] for name, _ in present],
        [len(present) + 1 if is_fixed else 1 for is_fixed in fixed],
    )
    moved: dict[str, Slot] = {}
    for position, (name, slot) in enumerate(present):
        if position not in settled and not fixed[position]:
            moved[name] = slot
            slots.remove(slot)
            tell(name, f"The cell `{name}` is back in its place.")
    for name in missing(slots, wanted):
        if wanted[name].must_be_there:
            if name not in moved:
                tell(name, f"The {wanted[name].kind} `{name}` was missing. It is back.")
            slot = moved.get(name) or Slot(wanted[name].cell(), name=name)
            slots.insert(_place(name, slots, wanted, bool(present)), slot)
    last = None
    present = [(slot.name, slot) for slot in slots if slot.name]
    for name, slot in sorted(present, key=lambda pair: order[pair[0]]):
        if last is not None and slots.index(slot) < slots.index(last):
            if not wanted[name].must_be_there:
                continue
            slots.remove(slot)
            slots.insert(slots.index(last) + 1, slot)
            tell(name, f"The cell `{name}` stands behind `{last.name}` again.")
        last = slot
    return slots


def _place(
    name: str, slots: Sequence[Slot], wanted: Mapping[str, Wanted], any_present: bool
) -> int:
    """Where a cell comes back: behind the nearest of its predecessors that is there.

    Where the solution in between was deleted, what replaces it may stand further down, so the
    cell comes as late as its successors allow.
    """
    at = {slot.name: position for position, slot in enumerate(slots) if slot.name}
    names = list(wanted)
    place, late = names.index(name), not any_present
    for earlier in reversed(names[:place]):
        if earlier in at:
            if not late:
                return at[earlier] + 1
            break
        late = True
    else:
        if any_present and not wanted[name].grade:
            return 0
    return min((at[other] for other in names[place + 1 :] if other in at), default=len(slots))


def _heaviest_rise(numbers: Sequence[int], weights: Sequence[int]) -> set[int]:
    """The positions of a rising subsequence of distinct numbers with the largest sum of weights."""
    best: list[
        tuple[int, int | None]
    ] = []  # for each position: the weight of the best that ends there, and what is before it
    for i, number in enumerate(numbers):
        before = [(best[j][0], j) for j in range(i) if numbers[j] < number]
        weight, j = max(before, default=(0, None))
        best.append((weight + weights[i], j))
    position = max(range(len(best)), key=lambda i: best[i][0], default=None)
    found = set()
    while position is not None:
        found.add(position)
        position = best[position][1]
    return found
