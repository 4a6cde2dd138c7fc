"""Rules for the cells of a source: delimiters, metadata, points, tests and what they use."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task

from autograder.authoring.delimiters import Region, pairs
from autograder.authoring.doctor.course_files import AssignmentFiles, CourseFiles, Source
from autograder.authoring.doctor.finding import Finding
from autograder.authoring.doctor.names import CodeNames, is_known, names_of, words_of
from autograder.authoring.source_faults import faults
from autograder.course.code import without_regions
from autograder.verdict.given import names_in

Place = tuple[int, NotebookNode]  # the position of a cell, and the cell
Told = tuple[str, Place, str, str]  # the rule, the place, a sentence, and the severity


def findings_in_source(source: Source, course: CourseFiles) -> Iterator[Finding]:
    """The findings in the cells of one source."""
    if source.notebook is None:
        return
    for fault in faults(source.notebook, course.regions, source.strict):
        place = fault.position, source.notebook.cells[fault.position]
        yield course.finding(source.path, fault.rule, fault.sentence, place=place)
    if not any(grading for _, _, grading in source.cells):
        sentence = "none of its cells is nbgrader's: students get it as it is, and no points for it"
        yield course.finding(source.path, "ungraded", sentence, "warning")
    if lacks_tests(source.notebook):
        sentence = "it asks for code, and has no test: give its answers some, or grade them by hand"
        yield course.finding(source.path, "no-tests", sentence)
    for rule, place, sentence, severity in _test_faults(source, course.regions):
        yield course.finding(source.path, rule, sentence, severity, place)
    if source.is_python:
        for rule, place, sentence, severity in _python_faults(source, course):
            yield course.finding(source.path, rule, sentence, severity, place)


def findings_across_sources(assignment: AssignmentFiles, course: CourseFiles) -> Iterator[Finding]:
    """The findings about a whole assignment, such as its name and its points."""
    if not re.fullmatch(r"[^+\s](?:[^+]*[^+\s])?", assignment.name):
        sentence = f"nbgrader takes no assignment of the name {assignment.name!r}: rename it, "
        yield course.finding(assignment.folder, "name", sentence + "without + and blanks at ends")
    if not assignment.sources:
        sentence = "it holds no notebook: nbgrader will not find this assignment"
        yield course.finding(assignment.folder, "empty", sentence, "warning")
        return
    cells = [grading for source in assignment.sources for _, _, grading in source.cells]
    readable = all(source.notebook is not None for source in assignment.sources)
    worth = [points_of(g) for g in cells if g.get("grade") or g.get("task")]
    if readable and any(cells) and not sum(worth):
        sentence = "no cell of this assignment has points: give its tests some"
        yield course.finding(assignment.folder, "no-points", sentence, "warning")


def points_of(grading: Mapping[str, Any]) -> float:
    """The points of a cell; 0 if it has none, or if the value is not a number."""
    points = grading.get("points", 0)
    return points if isinstance(points, (int, float)) and not isinstance(points, bool) else 0


def is_test(cell: NotebookNode) -> bool:
    """Whether a cell holds autograder tests."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def lacks_tests(notebook: NotebookNode) -> bool:
    """Whether a notebook asks for code that neither a test nor a person grades."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    asks = any(is_solution(cell) and not is_grade(cell) for cell in code)
    return asks and not any(is_test(cell) or is_task(cell) for cell in notebook.cells)


def is_visible_check(
    cell: NotebookNode, grading: Mapping[str, Any], regions: Sequence[Region]
) -> bool:
    """Whether a cell is a check that students run for no points.

    The name of such a cell begins with "check", and the cell hides nothing.
    """
    named = str(grading.get("grade_id", "")).startswith("check")
    return named and without_regions(cell.source, pairs(regions)) == cell.source


def _test_faults(source: Source, regions: Sequence[Region]) -> Iterator[Told]:
    """(rule, place, sentence, severity) of each test that should have points and has none."""
    for position, cell, grading in source.cells:
        if not is_test(cell) or grading.get("points") != 0:
            continue
        if not is_visible_check(cell, grading, regions):
            sentence = "this test gives 0 points: give it some, or call the cell check-..., "
            sentence += "if students are to run it for none"
            yield "zero-points", (position, cell), sentence, "warning"


def _python_faults(source: Source, course: CourseFiles) -> Iterator[Told]:
    region = course.regions[0]
    cells = {
        position: names_of(cell, pairs((region,)))
        for position, cell, _ in source.cells
        if cell.cell_type == "code"
    }
    for position, cell, grading in source.cells:
        if cell.cell_type != "code":
            continue
        place, names = (position, cell), cells[position]
        if names.fault is not None:
            line = f"line {names.fault.lineno}: " if names.fault.lineno else ""
            yield "syntax", place, f"it is no Python ({line}{names.fault.msg})", "error"
        elif is_test(cell) and grading.get("points"):
            yield from _empty_or_too_generous(place, names.tree, points_of(grading))
    yield from _unknown_names(source, cells, course.regions)
    yield from _untested(source, cells, course.regions)


def _empty_or_too_generous(place: Place, tree: ast.Module | None, points: float) -> Iterator[Told]:
    """Tests that cannot fail, or whose last line gives more points than there are."""
    if tree is None:
        return
    code = [_constant(node) for node in tree.body if not isinstance(node, ast.Pass)]
    code = [one for one in code if one is None or not isinstance(one.value, str)]
    last = code[-1].value if code and code[-1] else None
    if not code and "AUTOTEST" not in place[1].source:
        sentence = f"there is no code in this test: everybody gets its {points:g} points"
        yield "empty-test", place, sentence, "error"
    elif isinstance(last, (int, float)) and last > points:
        sentence = f"its last line gives {last} points, of {points:g} there are"
        yield "points", place, sentence, "error"


def _constant(node: ast.stmt) -> ast.Constant | None:
    """The constant that a statement consists of, or None."""
    value = node.value if isinstance(node, ast.Expr) else None
    return value if isinstance(value, ast.Constant) else None


def _unknown_names(
    source: Source, cells: Mapping[int, CodeNames], regions: Sequence[Region]
) -> Iterator[Told]:
    """Names that test cells use, and that students get from nothing before them."""
    before: dict[str, list[Place]] = {}
    seen = set(re.findall(r"\w+", visible_text(source, regions)))
    for position, cell, _ in source.cells:
        if position not in cells:
            continue
        names = cells[position]
        if is_test(cell) and not any(cells[p].open for p in cells if p <= position):
            known = {name: before.get(name, []) for name in names.used}
            alone = {n for n, givers in known.items() if _imported_alone(n, givers, cells)}
            others = {n for n, givers in known.items() if any(is_solution(c) for _, c in givers)}
            others -= alone
            for name in sorted(name for name in names.used if not is_known(name)):
                if name in alone and not _is_tool(name, names.tree, others):
                    continue  # the import is the exercise
                fault = _unknown(name, before.get(name, []), position, cells, seen)
                if fault:
                    yield "imports", (position, cell), *fault
        for name in names.bound:
            before.setdefault(name, []).append((position, cell))


def _unknown(
    name: str,
    givers: Sequence[Place],
    position: int,
    cells: Mapping[int, CodeNames],
    seen: set[str],
) -> tuple[str, str] | None:
    """Find what is wrong with where a test gets a name from.

    Args:
        name: the name that the test uses.
        givers: the cells above the test that bind the name.
        position: the position of the test.
        cells: from the position of each code cell to its names.
        seen: the words that students can read.

    Returns:
        (sentence, severity), or None if nothing is wrong.
    """
    if not givers:
        if any(name in cells[p].bound for p in cells if p > position):
            sentence = f"{name} is used here, and made only in a cell below: change their order"
        else:
            sentence = f"{name} is used here, and no cell imports or defines it: do so in this cell"
        return sentence, "error"
    if _imported_alone(name, givers, cells):
        sentence = f"{name} is imported in a solution alone, which students do not have: "
        return sentence + "import it here", "warning"
    if any(not is_solution(cell) or name in cells[p].shown for p, cell in givers):
        return None
    if name not in seen:
        sentence = f"{name} is made in a solution alone, and nothing that students see names it: "
        return sentence + "ask for it, or test something else", "warning"
    return None


def _imported_alone(name: str, givers: Sequence[Place], cells: Mapping[int, CodeNames]) -> bool:
    """Whether only imports that students do not get make a name, which these cells bind."""
    imports = [
        name in cells[p].imported and name not in cells[p].shown and is_solution(cell)
        for p, cell in givers
    ]
    return bool(imports) and all(imports)


def _is_tool(name: str, tree: ast.Module | None, others: set[str]) -> bool:
    """Whether a test works with an import on something else, and does not only look at it.

    Args:
        name: the name of what is imported.
        tree: the test.
        others: the other names that the test takes from solutions.
    """
    if tree is None or not others:
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name in names_in(node.func):
            return True
        if isinstance(node, ast.expr) and {name} < (names_in(node) & {name, *others}):
            return True
    return False


def visible_text(source: Source, regions: Sequence[Region]) -> str:
    """The text of a source that students see, cell by cell."""
    shown = []
    for _, cell, _ in source.cells:
        if not is_solution(cell) or regions[0].begin in cell.source:
            shown.append(without_regions(cell.source, pairs(regions)))
    return "\n".join(shown)


def _untested(
    source: Source, cells: Mapping[int, CodeNames], regions: Sequence[Region]
) -> Iterator[Told]:
    """Answers that no test with points calls, or whose call students do not see."""
    region = regions[0]
    seen = set(re.findall(r"\w+", visible_text(source, regions)))
    tested: set[str] = set()
    for _, cell, grading in source.cells:
        if is_test(cell) and grading.get("points") != 0:
            tested |= words_of(cell.source)
    for position, cell, _ in source.cells:
        if cell.cell_type != "code" or not is_solution(cell) or is_grade(cell):
            continue
        names = cells[position]
        body = names.tree.body if names.tree else []
        asked = [node.name for node in body if hasattr(node, "name")]
        asked = asked or sorted(names.bound - names.imported)
        if asked and not tested & set(asked):
            what = f"no test with points calls {' or '.join(asked[:3])}"
            yield "untested", (position, cell), f"{what}: add one, or make it no answer", "warning"
        defined = [n.name for n in body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
        untold = [name for name in defined if name in tested and name not in seen]
        if untold and not source.strict and region.begin not in cell.source:
            sentence = f"without '### {region.begin}' nbgrader removes the whole cell, and "
            sentence += f"students do not see how {untold[0]} is called"
            yield "whole-cell", (position, cell), sentence, "warning"
