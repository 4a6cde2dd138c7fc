"""One assignment of a run: what was handed in, and which of it has to be graded."""

import contextlib
import glob
import hashlib
import os
import pickle
from collections.abc import Collection
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment

from autograder.classrun.steps import Steps, Trial
from autograder.course.files import sweep
from autograder.course.folders import configuration, folders, no_assignment
from autograder.course.printing import say
from autograder.results import records
from autograder.results.records import GRADED, Record
from autograder.submission.reading import content_of, set_aside_timestamps
from autograder.submission.released import hidden_regions
from autograder.submission.released import read as read_released
from autograder.verdict.canary import WHATS
from saelab.notebook import Unreadable

NEW, CHANGED, FORCED, FAILED, GONE, FRESH = (
    "new", "changed since", "by --force", "failed before", "not in the gradebook", "unchanged"
)  # fmt: skip


class AssignmentToGrade:
    """One assignment of a run: its entry in the gradebook, and what was handed in.

    Args:
        steps: the steps of the course.
        name: the assignment's name.
        gradebook: the course's gradebook.

    Raises:
        ValueError: if there is no such assignment.
    """

    def __init__(self, steps: Steps, name: str, gradebook: Gradebook) -> None:
        self.steps, self.name = steps, name
        try:
            entry = gradebook.find_assignment(name)
        except MissingEntry:
            names = [assignment.name for assignment in gradebook.assignments]
            raise ValueError(no_assignment(name, names)) from None
        source = steps.path("source", name)
        self.released = {
            notebook.name: read_released(
                notebook, hidden_regions(steps.converter), source / f"{notebook.name}.ipynb"
            )
            for notebook in entry.notebooks
        }
        # Penalties for late submissions depend on it.
        self.due = entry.duedate
        self.entered = {
            student
            for (student,) in gradebook.db.query(SubmittedAssignment.student_id).filter(
                SubmittedAssignment.assignment_id == entry.id
            )
        }
        self.content = pickle.dumps(self.released)
        self.digest = self._digest(source)

    def _digest(self, source: Path) -> bytes:
        """A digest of all that decides on scores, except the submission itself."""
        digest = hashlib.sha256(repr(self.due).encode())
        for name, notebook in self.released.items():
            digest.update(repr((name, notebook.wanted, notebook.kernelspec)).encode())
            digest.update(nbformat.writes(notebook.source).encode() if notebook.source else b"-")
        for folder in sorted({source, *self.steps.executing.policy.read_folders()}):
            digest.update(of_folder(folder, "*.ipynb" if folder != source else "*"))
        digest.update(configuration(self.steps.course.folder))
        return digest.digest()

    def students(self, wanted: Collection[str]) -> list[str]:
        """The students who have handed in something.

        As in nbgrader, those in c.CourseDirectory.student_id_exclude are left out.

        Args:
            wanted: the ids of the students to look for; empty for all.
        """
        coursedir = self.steps.coursedir
        excluded = coursedir.student_id_exclude.split(",")
        found = [student for _, student in folders(coursedir, "submitted", self.name)]
        return [s for s in found if s not in excluded and (not wanted or s in wanted)]

    def tidy(self) -> None:
        """Clear away what would be in the way: half-written files and unreadable timestamps."""
        sweep(self.steps.course.folder / records.FOLDER / self.name)
        above = str(self.steps.path("autograded", self.name, "\0").parent)
        for folder in glob.glob(glob.escape(above).replace("\0", "*")):
            sweep(folder)
        coursedir = self.steps.coursedir
        coursedir.assignment_id, coursedir.student_id = self.name, "*"
        for path in set_aside_timestamps(coursedir):
            say(f"nbgrader cannot read this timestamp, so it was renamed: {path}")

    def fingerprint(self, student: str) -> str:
        """A digest of all that decides on a submission's scores.

        Returns:
            The digest; "" if it cannot be made. Such a submission is graded each time, and its
            verdict says what is wrong.
        """
        digest = hashlib.sha256(self.digest)
        try:
            folder = self.steps.path("submitted", self.name, student)
            digest.update(self.steps.contents(self.name, student).digest())
            for name in self.released:
                digest.update(self._of_notebook(folder / f"{name}.ipynb"))
        except Exception:
            return ""
        return digest.hexdigest()

    def _of_notebook(self, path: Path) -> bytes:
        try:
            return hashlib.sha256(content_of(path, self.steps.exporter.most_bytes)).digest()
        except Unreadable as reason:
            link = os.readlink(path) if path.is_symlink() else None
            return repr((str(reason), os.path.lexists(path), link)).encode()

    def why(self, student: str, verdict: Record | None, fingerprint: str, force: bool) -> str:
        """Why a submission has to be graded.

        Args:
            student: the student's id.
            verdict: the record of the submission; None if there is none.
            fingerprint: the fingerprint of its present state.
            force: whether to grade also what is unchanged.

        Returns:
            The reason, or FRESH if it does not have to be graded.
        """
        if verdict is None:
            return NEW
        if not fingerprint or verdict.fingerprint != fingerprint:
            return CHANGED
        if verdict.status != GRADED:
            return FORCED if force else FRESH if verdict.final else FAILED
        graded = self.steps.path("autograded", self.name, student)
        wanted = [name for name, said in verdict.notebooks.items() if said["seconds"] is not None]
        there = all((graded / f"{name}.ipynb").is_file() for name in wanted)
        if student not in self.entered or not there:
            return GONE
        return FORCED if force else FRESH

    def trials(self) -> list[Trial]:
        if not self.steps.exporter.canary:
            return []
        course = self.steps.course
        return [
            Trial(str(course.folder), course.db_url, self.name, name, what, self.content)
            for name in self.released
            for what in WHATS
        ]


def of_folder(folder: str | Path, pattern: str = "*") -> bytes:
    """A digest of the files in a folder and below it.

    A link counts as the path that it holds.

    Args:
        folder: the folder.
        pattern: only files and links whose names match this glob pattern count.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(folder).rglob(pattern)):
        digest.update(repr(str(path.relative_to(folder))).encode())
        if path.is_symlink():
            digest.update(os.readlink(path).encode("utf-8", "surrogateescape"))
        elif path.is_file():
            with contextlib.suppress(PermissionError), path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.digest()
