"""The places of the source's cells among the other cells of a submission, and their order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from autograder.submission.wanted import Wanted


@dataclass(eq=False)
class Slot:
    """A cell at its place among the others.

    Attributes:
        cell: the cell.
        was: the nbgrader metadata that it came with; None if it had none.
        name: the name of the source's cell that it is; None if it is none of them.
    """

    cell: NotebookNode
    was: dict[str, Any] | None = None
    name: str | None = None


def missing(slots: Iterable[Slot], wanted: Iterable[str]) -> list[str]:
    """The names of the source's cells that no slot has, in the source's order."""
    present = {slot.name for slot in slots}
    return [name for name in wanted if name not in present]


def gap(name: str, slots: Sequence[Slot], wanted: Iterable[str]) -> tuple[int, int]:
    """The positions between which a cell of the source belongs.

    Args:
        name: the name of the cell.
        slots: the cells of the submission.
        wanted: the names of the source's cells, in the source's order.

    Returns:
        The positions of the nearest cells before and after it in the source that are among the
        slots; -1 if there is none before, and the number of slots if there is none after.
    """
    order = {other: position for position, other in enumerate(wanted)}
    before = [i for i, s in enumerate(slots) if s.name and order[s.name] < order[name]]
    after = [i for i, s in enumerate(slots) if s.name and order[s.name] > order[name]]
    return max(before, default=-1), min(after, default=len(slots))


def in_order(
    slots: Iterable[Slot], wanted: Mapping[str, Wanted], tell: Callable[[str, str], object]
) -> list[Slot]:
    """Put cells that are missing or out of order behind the one that they follow.

    Solutions are not moved: what a student wrote may need what stands above it.

    Args:
        slots: the cells of the submission.
        wanted: from name to Wanted, in the source's order.
        tell: is called as tell(name, sentence) for each change.

    Returns:
        The cells in their new order.
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
    """The position at which to put back a cell: behind its nearest predecessor that is there.

    If a solution between the two was deleted, its replacement may stand further down. Then the cell
    is put as late as the cells after it allow.
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
    """The positions of the rising subsequence of distinct numbers that weighs most in all."""
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
