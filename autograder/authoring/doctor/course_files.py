"""Read a course for the doctor; reading does not fail, whatever is in the files."""

import ast
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.authoring import delimiters
from autograder.authoring.doctor.finding import Finding
from autograder.course.folders import Course, open_course
from autograder.submission.structure import sound_notebook
from saelab.code import parse
from saelab.notebook import Unreadable, notebook_in

# Texts that are larger are not read.
MOST_BYTES = 20_000_000


@dataclass
class Source:
    """One notebook of an assignment.

    Attributes:
        path: the file that a person edits: a jupytext script, or the notebook itself.
        notebook: its cells, made valid; None if it cannot be read.
        built: the file that nbgrader reads.
        raw: the JSON of that file, or None if there is none that can be read.
        strict: whether this course's own build makes it, so that the stricter rules apply.
    """

    path: Path
    notebook: NotebookNode | None
    built: Path
    raw: dict[str, Any] | None
    strict: bool = False

    @property
    def name(self) -> str:
        """The notebook's name, by which the gradebook knows it."""
        return self.built.stem

    @property
    def is_script(self) -> bool:
        return self.path != self.built

    @cached_property
    def is_python(self) -> bool:
        """Whether its code is Python, which is assumed if the notebook does not say."""
        metadata = (self.raw or {}).get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        for key, name in (("kernelspec", "language"), ("language_info", "name")):
            said = metadata.get(key)
            if isinstance(said, dict) and isinstance(said.get(name), str):
                return said[name].lower() in ("python", "python3", "ipython")
        return True

    @property
    def cells(self) -> list[tuple[int, NotebookNode, dict[str, Any]]]:
        """(position, cell, its nbgrader metadata) of each cell."""
        cells = self.notebook.cells if self.notebook else []
        return [(i, cell, cell.metadata.get("nbgrader", {})) for i, cell in enumerate(cells)]


@dataclass
class AssignmentFiles:
    """The files of one assignment.

    Attributes:
        name: the name of the assignment.
        folder: the folder of its sources.
        release: the folder of what students get, which may not exist.
        sources: the notebooks in the folder of the sources.
        released: the notebooks in the folder of the release, by name.
    """

    name: str
    folder: Path
    release: Path
    sources: list[Source] = field(default_factory=list)
    released: dict[str, Source] = field(default_factory=dict)


class CourseFiles:
    """What lies in the folder of an nbgrader course.

    Args:
        course: the folder, or the Course if it has been opened already.

    Attributes:
        root: the folder of the course.
        findings: the errors that were found while reading.
        config: the configuration; nbgrader's defaults if it cannot be read.
        coursedir: nbgrader's CourseDirectory with that configuration.
        regions: the regions that students do not get, with the course's delimiters.
        assignments: the files of each assignment.
    """

    def __init__(self, course: str | Path | Course) -> None:
        self.root = course.folder if isinstance(course, Course) else Path(course).resolve()
        self.findings: list[Finding] = []
        self.config, self.coursedir = self._configuration(course)
        self.regions = delimiters.configured(self.config)
        self.assignments = [self._assignment(folder) for folder in self._folders()]

    def relative(self, path: str | Path) -> str:
        """A path as findings name it: with slashes, and relative to the course if inside it."""
        path = Path(path)
        inside = path.is_relative_to(self.root)
        return (path.relative_to(self.root) if inside else path).as_posix()

    def finding(
        self,
        path: str | Path,
        rule: str,
        sentence: str,
        severity: str = "error",
        place: tuple[int, NotebookNode] | None = None,
    ) -> Finding:
        """Make a Finding.

        Args:
            path: the file or folder.
            rule: the short name of the rule, as in docs/doctor.md.
            sentence: what is wrong.
            severity: "error" or "warning".
            place: (position, cell) in a notebook, or None for the whole file.
        """
        position, cell = (-1, "") if place is None else (place[0], cell_name(*place))
        return Finding(self.relative(path), position, rule, sentence, severity, cell)

    def _configuration(self, course: str | Path | Course) -> tuple[Config, CourseDirectory]:
        path = self.root / "nbgrader_config.py"
        try:
            config = Config()
            if self.root.is_dir():
                config = open_course(course, any_folder=True).config
            config.CourseDirectory.root = str(self.root)
            coursedir = CourseDirectory(config=config)
            coursedir.format_path(coursedir.source_directory, ".", "x")
            delimiters.configured(config)
            return config, coursedir
        except Exception as error:
            sentence = f"nbgrader cannot read it ({first_line(error.__cause__ or error)}); "
            sentence += "what follows is as without it"
            self.findings.append(self.finding(path, "config", sentence))
        config = Config()
        config.CourseDirectory.root = str(self.root)
        return config, CourseDirectory(config=config)

    def _folders(self) -> list[Path]:
        """The folders of the assignments' sources, in the order of their names."""
        pattern = self.coursedir.format_path(self.coursedir.source_directory, ".", "*")
        top, _, below = pattern.partition("*")
        place = Path(top)
        found = sorted(place.glob(f"*{below}")) if place.is_dir() else []
        hidden = {name for name in self.coursedir.ignore if "*" not in name}
        found = [
            path
            for path in found
            if path.is_dir() and path.name not in hidden and not path.name.startswith(".")
        ]
        if not found:
            sentence = "there are no assignments in this folder: is it the course's, and is "
            sentence += "CourseDirectory.source_directory in nbgrader_config.py right?"
            self.findings.append(self.finding(place, "no-assignments", sentence))
        return found

    def _assignment(self, folder: Path) -> AssignmentFiles:
        name = self._assignment_name(folder)
        release = self.coursedir.format_path(self.coursedir.release_directory, ".", name)
        assignment = AssignmentFiles(name, folder, Path(release).resolve())
        built = {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
        scripts = {path.stem: path for path in sorted(folder.glob("*.py")) if is_script(path)}
        for stem in sorted(built.keys() | scripts.keys()):
            source = self._source(built.get(stem, folder / f"{stem}.ipynb"), scripts.get(stem))
            assignment.sources.append(source)
        for path in sorted(assignment.release.glob("*.ipynb")):
            assignment.released[path.stem] = self._source(path)
        return assignment

    def _assignment_name(self, folder: Path) -> str:
        pattern = self.coursedir.format_path(
            self.coursedir.source_directory, ".", r"(?P<name>[^/\\]+)", escape=True
        )
        match = re.match(pattern, str(folder)) or re.match(
            pattern, self.coursedir.format_path(self.coursedir.source_directory, ".", folder.name)
        )
        return match["name"] if match else folder.name

    def _source(self, built: Path, script: Path | None = None) -> Source:
        raw = self._json(built) if built.exists() or script is None else None
        path = built if script is None else script
        notebook = sound_notebook(raw) if raw is not None else None
        if script is not None:
            try:
                notebook = sound_notebook(jupytext.read(script, fmt="py:percent"))
            except Exception as error:  # whatever jupytext makes of the file
                notebook = None
                sentence = f"jupytext cannot read it: {first_line(error)}"
                self.findings.append(self.finding(script, "unreadable", sentence))
        strict = script is not None and bool(re.fullmatch(r"\d\d_.*", built.stem))
        return Source(path, notebook, built, raw, strict)

    def _json(self, path: Path) -> dict[str, Any] | None:
        try:
            return notebook_in(path.read_bytes())
        except Unreadable as reason:
            sentence = f"it is no notebook that can be read: {reason}"
        except OSError as error:
            sentence = f"it cannot be read: {error.strerror or error}"
        self.findings.append(self.finding(path, "unreadable", sentence))
        return None


def is_script(path: Path) -> bool:
    """Whether a .py file is a notebook as text, and not a module."""
    try:
        return bool(re.search(rb"^# %%.*\bnbgrader=\{", path.read_bytes(), re.M))
    except OSError:
        return False


def read_text(path: Path) -> str | None:
    """The text of a file, or None if it is no text, is too large, or cannot be read."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return None


def cell_name(position: int, cell: NotebookNode) -> str:
    """What a finding calls a cell: its grade_id, or "cell 7", counted from 0."""
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    return grade_id if isinstance(grade_id, str) and grade_id else f"cell {position}"


def first_line(error: BaseException) -> str:
    """An error in one line: its type, and the first line of its message."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__


def tree_of(text: str) -> ast.Module | None:
    """Parse a cell of Python; a magic above the code, such as %%time, is left out.

    Args:
        text: the text of the cell.

    Returns:
        The syntax tree, or None if the cell is in another language (%%bash).

    Raises:
        SyntaxError: if the cell is not Python.
    """
    head, _, rest = text.lstrip().partition("\n")
    if head.startswith("%%"):
        if head.split()[0] not in ("%%time", "%%timeit", "%%capture", "%%prun"):
            return None
        text = rest
    return parse(text)


def same_json(one: object, other: object) -> bool:
    """Whether two values are the same as JSON."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
