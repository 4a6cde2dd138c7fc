"""Rules for files beside a source: nbgrader releases each of them that it does not ignore."""

import fnmatch
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbgrader.utils import find_all_files

from autograder.authoring.doctor.course_files import AssignmentFiles, CourseFiles, read_text
from autograder.authoring.doctor.finding import Finding
from autograder.authoring.leaks import hidden_lines

TELLING = ("solution", "answer", "hidden", "secret", "rubric", "mark_scheme", "marking",
           "gradebook", "grades", "password", "credential")  # fmt: skip
LEFT = ("*~", "*.bak", "*.orig", "*.swp", "*.tmp", "*.part", "*.pyc", "*.db", ".*", "#*#", "*.rej")


def findings_in_other_files(assignment: AssignmentFiles, course: CourseFiles) -> Iterator[Finding]:
    """The findings about an assignment's other files, in its source and in its release."""
    hidden: set[str] = set()
    words: set[str] = set()
    for source in assignment.sources:
        if source.notebook is not None:
            hidden |= hidden_lines(source.notebook, course.regions)
    for region in course.regions:
        words |= {region.begin, region.end}
    sources = {source.path for source in assignment.sources}
    for path in _others(assignment.folder, course.coursedir.ignore):
        if path in sources:
            sentence = "it is the source itself, with its answers, and nbgrader releases it: "
            sentence += 'c.CourseDirectory.ignore.append("*.py") keeps it here'
            yield course.finding(path, "file-leak", sentence)
            continue
        yield from _shown(path, course, hidden, words, "is released with the notebook")
        yield from _name(path, assignment, course)
    for path in [*_others(assignment.folder, course.coursedir.ignore), *sources]:
        yield from _size(path, course)
    for path in _others(assignment.release, []):
        yield from _shown(path, course, hidden, words, "lies in the release")


def _others(folder: Path, ignore: Iterable[str]) -> list[Path]:
    """The files of a folder that are not notebooks, and that nbgrader copies to students."""
    return sorted(Path(name) for name in find_all_files(str(folder), [*ignore, "*.ipynb"]))


def _shown(
    path: Path, course: CourseFiles, hidden: set[str], words: set[str], where: str
) -> Iterator[Finding]:
    text = read_text(path) or ""
    for number, line in enumerate(text.splitlines(), 1):
        if any(word in line for word in words) or line.strip() in hidden:
            sentence = f"its line {number} is of a solution or a hidden test "
            sentence += f"({line.strip()[:80]!r}), and it {where}: remove it from this folder"
            yield course.finding(path, "file-leak", sentence)
            return


def _name(path: Path, assignment: AssignmentFiles, course: CourseFiles) -> Iterator[Finding]:
    inside = path.relative_to(assignment.folder).as_posix()
    word = next((word for word in TELLING if word in inside.lower()), None)
    if word:
        sentence = f"its name has {word!r} in it, and nbgrader releases it: put it elsewhere"
        yield course.finding(path, "file-name", sentence, "warning")
    elif any(fnmatch.fnmatch(part, left) for part in inside.split("/") for left in LEFT):
        sentence = "it looks like what an editor or a program left, and nbgrader releases it: "
        sentence += "remove it, or add it to CourseDirectory.ignore"
        yield course.finding(path, "file-name", sentence, "warning")


def _size(path: Path, course: CourseFiles) -> Iterator[Finding]:
    try:
        size = path.stat().st_size / 1000
    except OSError:
        return
    if size > course.coursedir.max_file_size:
        sentence = f"it has {size:.0f} kB, and nbgrader's exchange leaves out what has more than "
        sentence += f"{course.coursedir.max_file_size} (CourseDirectory.max_file_size)"
        yield course.finding(path, "file-size", sentence, "warning")
