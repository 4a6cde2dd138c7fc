"""The last look at a kit: no file of it holds a line of a solution or of a hidden test."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from autograder import REVEALING
from autograder.authoring.doctor.course_files import CourseFiles
from autograder.authoring.leaks import LEAST, hidden_lines

# Names that no file or folder in a kit may have.
FORBIDDEN = {
    "solutions",
    "autograder",
    "tests",
    "submitted",
    "autograded",
    "feedback",
    "gradebook.db",
    "gradebook.key",
}
ARCHIVES = {".whl", ".zip", ".npz"}


class Scanner:
    """Knows what the students of a course must not see.

    Args:
        course: the course, as the doctor reads it.

    Attributes:
        words: the delimiters.
        hidden: from a hidden line, made dense, to its notebook and text.
    """

    def __init__(self, course: CourseFiles) -> None:
        self.words = {word for region in course.regions for word in (region.begin, region.end)}
        self.hidden: dict[str, str] = {}
        shown: set[str] = set()
        for assignment in course.assignments:
            for source in assignment.sources:
                if source.notebook is None:
                    continue
                lines = hidden_lines(source.notebook, course.regions)
                self.hidden |= {dense(line): f"{source.name}: {line}" for line in lines}
                every = (line for _, cell, _ in source.cells for line in cell.source.splitlines())
                shown |= {dense(line) for line in every if line.strip() not in lines}
        self.hidden = {
            line: where
            for line, where in self.hidden.items()
            if line not in shown and len(line) >= LEAST - 2
        }

    def scan(self, path: Path) -> None:
        """Look through a zip and the zips in it.

        Args:
            path: the zip.

        Raises:
            ValueError: if there is a leak; the message names the file, the line and the leak.
                Also if the zip has a file that must not be in a kit.
        """
        with zipfile.ZipFile(path) as archive:
            self._scan(archive, "")

    def _scan(self, archive: zipfile.ZipFile, prefix: str) -> None:
        for member in archive.namelist():
            name = f"{prefix}{member}"
            path = PurePosixPath(member)
            if FORBIDDEN & set(path.parts) or any(f"/{part}/" in f"/{path}/" for part in REVEALING):
                raise ValueError(f"{name} must not be in a kit for students")
            content = archive.read(member)
            if path.suffix in ARCHIVES:
                with zipfile.ZipFile(io.BytesIO(content)) as inner:
                    self._scan(inner, f"{name}/")
                continue
            for number, line in enumerate(lines_of(content, path.suffix), 1):
                leak = self.leak(line)
                if leak:
                    raise ValueError(
                        f"{name}, line {number}, shows what students must not see: {leak}"
                    )

    def leak(self, line: str) -> str | None:
        """What a line gives away, or None."""
        word = next((word for word in self.words if word in line), None)
        return f"the delimiter {word!r}" if word else self.hidden.get(dense(line))


def lines_of(content: bytes, suffix: str) -> list[str]:
    """The lines of a file in the zip, as a reader would see them.

    In a notebook, or in other JSON, these are the lines of the texts that it holds.
    """
    text = content.decode("utf-8", "replace")
    if suffix in (".ipynb", ".json"):
        try:
            return [line for piece in _strings(json.loads(text)) for line in piece.splitlines()]
        except ValueError:
            pass
    return text.splitlines()


def dense(line: str) -> str:
    """A line without blanks, and without a comment behind the code."""
    return re.sub(r"\s", "", re.sub(r"\s#.*", "", line.strip()))


def _strings(value: object) -> Iterator[str]:
    """Every text in a JSON value; a list of texts counts as one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        yield "".join(value)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
