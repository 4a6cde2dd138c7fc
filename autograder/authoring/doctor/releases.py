"""Rules for what students get: it is what the source would release, and shows no answer."""

import ast
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.authoring.doctor.course_files import (
    AssignmentFiles,
    CourseFiles,
    Source,
    cell_name,
    same_json,
    tree_of,
)
from autograder.authoring.doctor.executed import outputs_of
from autograder.authoring.doctor.finding import Finding
from autograder.authoring.leaks import leaked_lines
from autograder.authoring.release import generate
from autograder.submission.structure import sound_notebook
from saelab.notebook import Unreadable, notebook_in


def findings_in_release(assignment: AssignmentFiles, course: CourseFiles) -> Iterator[Finding]:
    """The findings about the release of an assignment, and about what would be released now.

    Of the findings about one cell of the release, only the worst is given.
    """
    would, fault = _would_be(assignment, course)
    if fault:
        yield course.finding(assignment.folder, "refused", fault)
    for name, notebook in would.items():
        source = next((s for s in assignment.sources if s.name == name), None)
        if source is not None and source.is_python:
            yield from _stubs(source, notebook, course)
    for place in assignment.released.values():
        worst: set[int] = set()
        if place.notebook is None:
            continue
        for rule in (_shown, _checksums, _stale):
            for finding in rule(place, place.notebook, assignment, course, would.get(place.name)):
                if finding.position < 0 or finding.position not in worst:
                    worst.add(finding.position)
                    yield finding
    if assignment.released:
        yield from _names(assignment, course)
    elif any(source.strict for source in assignment.sources):
        sentence = f"there is no release of it in {course.relative(assignment.release)}: "
        yield course.finding(assignment.folder, "stale", sentence + "run `make notebooks`")


def _would_be(
    assignment: AssignmentFiles, course: CourseFiles
) -> tuple[dict[str, NotebookNode], str | None]:
    """What nbgrader would release of an assignment now.

    Returns:
        ({name: notebook}, reason): the notebooks, and why nbgrader would not release them, or
        None. There are neither if a source has not been built, or if nbgrader would execute one.
    """
    built = [source for source in assignment.sources if source.raw is not None]
    if not built or len(built) < len(assignment.sources):
        return {}, None
    if any("AUTOTEST" in cell.source for source in built for _, cell, _ in source.cells):
        return {}, None  # nbgrader would execute the notebook
    with tempfile.TemporaryDirectory() as folder:
        try:
            generate(assignment.name, course.root, course.config, folder)
        except RuntimeError as error:
            return {}, f"nbgrader generate_assignment fails: {str(error)[:300]}"
        found = {}
        for path in Path(folder).rglob("*.ipynb"):
            try:
                found[path.stem] = sound_notebook(notebook_in(path.read_bytes()))
            except Unreadable as error:
                return {}, f"what nbgrader would release cannot be read: {error}"
        return found, None


def _stubs(source: Source, released: NotebookNode, course: CourseFiles) -> Iterator[Finding]:
    """Stubs that are not Python, or whose functions have other parameters than the solution's."""
    stubs = {cell_name(i, cell): cell for i, cell in enumerate(released.cells)}
    for position, cell, grading in source.cells:
        stub = stubs.get(cell_name(position, cell))
        if cell.cell_type != "code" or not grading.get("solution") or stub is None:
            continue
        place = position, cell
        try:
            solved = _signatures(cell.source)
        except SyntaxError:
            continue  # a finding of its own
        try:
            given = _signatures(stub.source)
        except SyntaxError as error:
            sentence = f"what students get of it is no Python ({error.msg}): does the region "
            sentence += "begin where its lines are indented?"
            yield course.finding(source.path, "stub", sentence, place=place)
            continue
        for name in sorted(given.keys() & solved.keys()):
            if given[name] != solved[name]:
                sentence = f"students get {name}({given[name]}), the solution has "
                sentence += f"{name}({solved[name]}): make them the same"
                yield course.finding(source.path, "stub", sentence, place=place)


def _signatures(text: str) -> dict[str, str]:
    """{function: its parameters} of a cell's top level, and of the methods of its classes."""
    found = {}
    tree = tree_of(text)
    for node in tree.body if tree else ():
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for member in members:
            if isinstance(member, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found[prefix + member.name] = ast.unparse(member.args)
    return found


def _shown(
    place: Source,
    here: NotebookNode,
    assignment: AssignmentFiles,
    course: CourseFiles,
    would: NotebookNode | None,
) -> Iterator[Finding]:
    """Lines of regions of any source of the assignment, delimiters, and outputs."""
    leaks: dict[str, str] = {}
    for source in assignment.sources:
        if source.notebook is not None:
            for line in leaked_lines(source.notebook, here, course.regions):
                leaks.setdefault(line, source.name)
    words = {word for region in course.regions for word in (region.begin, region.end)}
    for position, cell in enumerate(here.cells):
        lines = list(map(str.strip, cell.source.splitlines()))
        found = [line for line in lines if line in leaks or any(word in line for word in words)]
        if found:
            more = f" and {len(found) - 1} more lines" if len(found) > 1 else ""
            sentence = f"it shows {found[0][:100]!r}{more} of a solution or a hidden test: "
            sentence += "release it again, before anybody has it"
            yield course.finding(place.path, "leak", sentence, place=(position, cell))
    for position, outputs in outputs_of(place.raw):
        if outputs:
            sentence = "it has outputs, which nbgrader would have cleared: release it again"
            cell = here.cells[position]
            yield course.finding(place.path, "outputs", sentence, place=(position, cell))


def _checksums(
    place: Source,
    here: NotebookNode,
    assignment: AssignmentFiles,
    course: CourseFiles,
    would: NotebookNode | None,
) -> Iterator[Finding]:
    for position, cell, grading in place.cells:
        checksum = grading.get("checksum")
        if checksum and checksum != compute_checksum(cell):
            sentence = "its text has changed since nbgrader released it: release it again"
            yield course.finding(place.path, "checksum", sentence, place=(position, cell))


def _stale(
    place: Source,
    here: NotebookNode,
    assignment: AssignmentFiles,
    course: CourseFiles,
    would: NotebookNode | None,
) -> Iterator[Finding]:
    """Cells other than those of `would`, the notebook that the source would release now.

    There are no findings if `would` is None.
    """
    if would is None:
        return
    if len(here.cells) != len(would.cells):
        sentence = (
            f"it has {len(here.cells)} cells, and its source would release {len(would.cells)}: "
        )
        yield course.finding(place.path, "stale", sentence + "release it again")
        return
    for position, (one, other) in enumerate(zip(here.cells, would.cells)):
        same = one.cell_type == other.cell_type and one.source == other.source
        same = same and same_json(*(c.metadata.get("nbgrader", {}) for c in (one, other)))
        if not same:
            sentence = "its source would release another text or other settings of this cell: "
            sentence += "release it again"
            yield course.finding(place.path, "stale", sentence, place=(position, one))


def _names(assignment: AssignmentFiles, course: CourseFiles) -> Iterator[Finding]:
    sources = {source.name for source in assignment.sources}
    for name in sorted(assignment.released.keys() - sources):
        sentence = f"there is no source {name}.ipynb, so it cannot be graded: the names of a "
        sentence += "source and its release must not change"
        yield course.finding(assignment.released[name].path, "names", sentence)
    for source in assignment.sources:
        if source.name not in assignment.released:
            sentence = f"{course.relative(assignment.release)} has no {source.name}.ipynb: "
            yield course.finding(source.path, "names", sentence + "release the assignment again")
