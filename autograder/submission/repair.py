"""Bring the cells of a submission back to what the source says, and keep what the student typed.

It works on cells with a valid structure (see structure.py), and on what the gradebook says about a
notebook (see released.py). A cell of the source is found by its grade_id; one that lost it is found
by its place, or by the function that it defines. Cells that are found are restored, and missing
ones are put back in their place.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors.base import NbGraderPreprocessor

from autograder.course.folders import coursedir_of, folder_of
from autograder.submission.contents import (
    LINK,
    MOST_IGNORED,
    SubmissionLimits,
    contents_of,
    linked_target,
)
from autograder.submission.reading import remove_copies
from autograder.submission.released import Released, Wanted, from_gradebook
from autograder.submission.structure import (
    NOTE_ID,
    UNREADABLE_ID,
    make_ids_unique,
    new_cell,
    sound_notebook,
)

_DEFINITION = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
_FLAGS = ("grade", "solution", "task")


@dataclass(frozen=True)
class Change:
    """One thing that was repaired.

    Attributes:
        name: the name of the cell.
        sentence: what was repaired.
        material: whether the student should know.
    """

    name: str
    sentence: str
    material: bool = True


class Reconcile(NbGraderPreprocessor):
    """A sanitize preprocessor that restores what is graded, and keeps what the student typed.

    It replaces nbgrader's ClearOutput, DeduplicateIds, OverwriteKernelspec and OverwriteCells.
    Nothing that can be done to a notebook makes it fail. It logs what it changes. What a student
    should know is written in a cell at the top, with the id "grader-note".

    Attributes:
        find_released: is called with nbgrader's names of what is graded, and gives the notebook as
            it was released. None means that the gradebook is asked.
        working_folder: the folder to which the submission has been copied. None means the folder of
            nbgrader's autograde.
    """

    find_released: Callable[[dict[str, Any]], Released] | None = None
    working_folder: Path | None = None

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        about = resources["nbgrader"]
        notebook = (self.find_released or partial(from_gradebook, self))(about)
        wanted, kernelspec = notebook.wanted, notebook.kernelspec
        target, not_used = self._handed_in(about)
        nb = sound_notebook(nb)
        if target is not None:
            self._log(about, "-", f"the notebook is a link to {target}, and is not graded")
            note = (
                "**The file that was handed in is a link to another file, not a notebook.** "
                "So nothing in it could be graded. Hand in the notebook itself."
            )
            nb.cells = [cell.cell() for cell in wanted]
        elif [cell.id for cell in nb.cells] == [UNREADABLE_ID]:
            note = nb.cells[0].source
            nb.cells = [cell.cell() for cell in wanted]
        else:
            repair = Repair(wanted)
            nb.cells = repair.apply(nb.cells)
            for change in repair.changes:
                self._log(about, change.name, change.sentence)
            note = note_of(repair.changes)
        if not_used:
            title = "**Of what lies beside this notebook, this was not used:**"
            note = "\n".join(
                [*([note, ""] if note else []), title, "", *map("- {}".format, not_used)]
            )
        if note:
            cell = new_markdown_cell(note)
            cell.id = NOTE_ID
            nb.cells.insert(0, cell)
        make_ids_unique(nb.cells)
        nb.metadata = course_metadata(kernelspec)
        return nb, resources

    def _handed_in(self, about: dict[str, Any]) -> tuple[Path | None, list[str]]:
        """Remove what was copied and is not used, and copy what is used and was not copied.

        Returns:
            Where the notebook really lies if it is a link, else None; and sentences for the student
            about what was not used.
        """
        course = coursedir_of(self.parent)
        if course is None:
            return None, []
        assignment, student = about["assignment"], about["student"]
        contents = contents_of(course, assignment, student, SubmissionLimits(parent=self))
        for other in contents.left_out[:MOST_IGNORED]:
            why = other.why
            if why == LINK:
                why = f"is a link to {os.path.realpath(other.place / other.name)!r}"
            self._log(about, "-", f"{other.name!r} {why}, and is left out")
        autograded = self.working_folder or folder_of(course, "autograded", assignment, student)
        try:
            remove_copies(contents, autograded, folder_of(course, "source", assignment))
            contents.copy(autograded)
        except OSError as error:
            self._log(about, "-", f"copies beside the notebook could not be put right: {error}")
        for other in contents.left_out:
            if not other.name:
                return Path(os.path.realpath(other.place)), []
        name = f"{about['notebook']}.ipynb"
        folder = folder_of(course, "submitted", assignment, student)
        root = Path(course.root, course.submitted_directory)
        return linked_target(folder / name, root), contents.told(but=[name])

    def _log(self, about: dict[str, Any], name: str, sentence: str) -> None:
        self.log.warning(
            "%s/%s/%s: cell %s: %s",
            about["student"], about["assignment"], about["notebook"], name, sentence,
        )  # fmt: skip


def note_of(changes: Sequence[Change]) -> str:
    """The text of the note for the student about what was repaired.

    Args:
        changes: what was repaired; only what the student should know goes into the note.

    Returns:
        Markdown; "" if there is nothing to say.
    """
    sentences = list(dict.fromkeys(change.sentence for change in changes if change.material))
    if not sentences:
        return ""
    lines = [f"- {sentence}" for sentence in sentences]
    return "\n".join(["**Before grading, this notebook was put right:**", "", *lines])


def course_metadata(kernelspec: dict[str, Any]) -> NotebookNode:
    """A notebook's metadata with the course's kernel, and nothing else.

    Args:
        kernelspec: as the gradebook has it; may be empty.

    Returns:
        The metadata.
    """
    metadata = NotebookNode(language_info=NotebookNode(name=kernelspec.get("language", "python")))
    if kernelspec:
        metadata.kernelspec = NotebookNode(kernelspec)
    return metadata


# --- the repair of one notebook ---------------------------------------------------------


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


class Repair:
    """The repair of one notebook.

    Repair(wanted).apply(cells) repairs its cells; `changes` then lists what that did.

    Args:
        wanted: the source's cells that matter for grading, in their order.

    Attributes:
        wanted: the same cells, by their names.
        changes: what apply() has repaired so far.
    """

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self.wanted = {cell.name: cell for cell in wanted}
        self.changes: list[Change] = []

    def apply(self, cells: Iterable[NotebookNode]) -> list[NotebookNode]:
        """Repair the cells of a submission.

        Args:
            cells: the submission's cells; they are changed.

        Returns:
            The cells as they are graded, in their order.
        """
        slots = [self._slot(cell) for cell in cells]
        self._give_names_back(slots)
        for name in self.wanted:
            found = [slot for slot in slots if slot.name == name]
            if found:
                slots = self._settle(self.wanted[name], found, slots)
        slots = in_order(slots, self.wanted, self.tell)
        for slot in slots:
            if slot.name is None and slot.cell.id in (*self.wanted, NOTE_ID):
                slot.cell.id = ""
        return [slot.cell for slot in slots]

    def tell(self, name: str, sentence: str, material: bool = True) -> None:
        self.changes.append(Change(name, sentence, material))

    def _slot(self, cell: NotebookNode) -> Slot:
        was = cell.metadata.pop("nbgrader", None)
        name = was.get("grade_id") if was is not None else None
        return Slot(cell, was, name if isinstance(name, str) and name in self.wanted else None)

    # --- names that were lost -----------------------------------------------------

    def _give_names_back(self, slots: Sequence[Slot]) -> None:
        for name in missing(slots, self.wanted):
            functions = _defined(self.wanted[name]) if self.wanted[name].solution else set()
            first, last = gap(name, slots, self.wanted)
            able = [
                place
                for place, slot in enumerate(slots)
                if slot.name is None and functions and functions <= _defined(slot.cell)
            ]
            # The last one is what counts when a notebook runs from top to bottom.
            able = [place for place in able if first < place < last] or able
            if able:
                self._give(name, slots[able[-1]], "as it defines the same")
        gaps: dict[tuple[int, int], list[str]] = {}
        for name in missing(slots, self.wanted):
            gaps.setdefault(gap(name, slots, self.wanted), []).append(name)
        for (first, last), names in gaps.items():
            lost = [s for s in slots[first + 1 : max(last, 0)] if s.name is None and s.was]
            # Where it is not clear which is which, they stay ordinary cells.
            kinds = [self.wanted[name].cell_type for name in names]
            if [slot.cell.cell_type for slot in lost] == kinds:
                for name, slot in zip(names, lost):
                    self._give(name, slot, "by its place")
        for slot in slots:
            if slot.name is None and slot.was is not None:
                self.tell(
                    _shown(slot.was.get("grade_id")),
                    "A cell of your own was marked as one for grading. It is an ordinary cell now.",
                )

    def _give(self, name: str, slot: Slot, how: str) -> None:
        slot.name = name
        # A student who wrote a function in a new cell has done nothing odd.
        self.tell(
            name,
            f"A cell had lost the name `{name}`. It has it again, {how}.",
            material=slot.was is not None,
        )

    # --- one cell of the source, and all that claim to be it -----------------------

    def _settle(self, wanted: Wanted, found: list[Slot], slots: list[Slot]) -> list[Slot]:
        """Choose or make the one cell, and restore it; the others become ordinary, or go."""
        text = wanted.is_answer_in_words
        extras = []
        if wanted.locked:
            # The first that stands behind its predecessor, preferably one that nobody changed.
            first, _ = gap(wanted.name, slots, self.wanted)
            at = {slot: slots.index(slot) for slot in found}
            changed = [slot for slot in found if not wanted.is_untouched(slot.cell.source)]
            keeper = min(found, key=lambda slot: (slot in changed, at[slot] < first, at[slot]))
            extras = [slot for slot in found if slot is not keeper]
            gone = [slot for slot in extras if slot not in changed]
        else:
            fitting = found
            if not text:
                fitting = [s for s in found if s.cell.cell_type == wanted.cell_type] or found
            worked = [s for s in fitting if not wanted.is_untouched(s.cell.source)]
            keeper = worked[0] if text and worked else (worked or fitting)[-1]
            gone = [s for s in fitting if s not in worked and s is not keeper]
            if text:
                gone += [slot for slot in worked if slot is not keeper]
                self._join(wanted, worked)
            extras = [slot for slot in found if slot is not keeper]
            if extras and not text:
                self.tell(
                    wanted.name,
                    f"There were {len(found)} cells `{wanted.name}`. All of them that hold work of "
                    "yours are executed, from top to bottom; the last is taken for your answer.",
                )
        if extras and wanted.locked:
            self.tell(
                wanted.name,
                f"There were {len(found)} copies of the {wanted.kind} `{wanted.name}`. One counts.",
            )
        for slot in extras:
            slot.name = None
        slots = [slot for slot in slots if slot not in gone]
        return self._restore(wanted, keeper, slots)

    def _join(self, wanted: Wanted, parts: Sequence[Slot]) -> None:
        """Join all parts of an answer into one text, so that its grader sees all of it."""
        if len(parts) < 2:
            return
        first = parts[0].cell
        texts = [part.cell.source.strip("\n") for part in parts]
        first.source = "\n\n".join(dict.fromkeys(texts))
        for part in parts[1:]:
            for name, picture in part.cell.get("attachments", {}).items():
                first.setdefault("attachments", NotebookNode()).setdefault(name, picture)
        self.tell(
            wanted.name,
            f"Your answer `{wanted.name}` was spread over {len(parts)} cells. It is one again.",
        )

    def _restore(self, wanted: Wanted, slot: Slot, slots: list[Slot]) -> list[Slot]:
        """Make a cell what the source says: type, metadata, and the text if the cell is locked."""
        cell, was = slot.cell, slot.was or {}
        if cell.cell_type != wanted.cell_type:
            self.tell(wanted.name, f"The cell `{wanted.name}` is a {wanted.cell_type} cell again.")
        if wanted.locked and not wanted.is_untouched(cell.source):
            sentence = f"The text of the {wanted.kind} `{wanted.name}` was changed. It is back."
            known = {*_lines(wanted.source), *_lines(wanted.released)}
            if set(_lines(cell.source)) - known:
                sentence += " What you wrote in it stands in a cell of its own above."
                copy = new_cell(cell.cell_type, cell.source, "")
                slots.insert(slots.index(slot), Slot(copy))
            self.tell(wanted.name, sentence)
        now = wanted.metadata()
        if slot.was is not None and _meaning(was) != _meaning(now.nbgrader):
            self.tell(
                wanted.name, f"What the cell `{wanted.name}` counts for was changed. It is back."
            )
        elif slot.was is not None and {**was, "checksum": ""} != {**now.nbgrader, "checksum": ""}:
            # The checksum of a released test is not that of the one with hidden tests.
            self.tell(wanted.name, "its metadata are the source's again", material=False)
        if cell.metadata.get("tags"):
            self.tell(wanted.name, "its tags are gone", material=False)
        text = wanted.source if wanted.locked else cell.source
        new = new_cell(wanted.cell_type, text, wanted.name)
        new.metadata = now
        if wanted.cell_type != "code" and not wanted.locked and cell.get("attachments"):
            new.attachments = cell.attachments
        slot.cell = new
        return slots


def _defined(cell: NotebookNode | Wanted) -> set[str]:
    """The names of functions and classes that a cell defines, even if it does not parse.

    The text is searched and not parsed, because code can be written that crashes Python's own
    parser.
    """
    return set(_DEFINITION.findall(cell.source)) if cell.cell_type == "code" else set()


def _meaning(grading: Mapping[str, Any]) -> list[Any]:
    """How nbgrader understands a cell's metadata, as far as it affects points."""
    flags = [grading.get(flag, False) for flag in _FLAGS]
    locked = grading.get("solution") is not True and (
        grading.get("grade") is True or grading.get("locked", False)
    )
    return [*flags, locked, grading.get("points") if flags[0] or flags[2] else None]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _shown(name: object) -> str:
    return repr(name)[:60]


# --- places ------------------------------------------------------------------------


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
