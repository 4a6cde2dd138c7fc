"""Find nbgrader's delimiters that are misspelt, unbalanced, or in the wrong kind of cell.

nbgrader ignores a misspelt delimiter, and releases the answer behind it without a warning.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from traitlets.config import Config


@dataclass(frozen=True)
class Region:
    """A part of a cell that students do not get.

    Attributes:
        name: what the region is called in messages.
        begin: the delimiter that begins it.
        end: the delimiter that ends it.
        kind: the key of nbgrader's metadata that a cell needs in order to hold the region:
            "solution", "grade" or "task".
    """

    name: str
    begin: str
    end: str
    kind: str

    def allowed(self, grading: Mapping[str, Any]) -> bool:
        """Whether a cell with this nbgrader metadata may hold the region."""
        return bool(grading.get(self.kind))


STANDARD = (
    Region("SOLUTION", "BEGIN SOLUTION", "END SOLUTION", "solution"),
    Region("HIDDEN TESTS", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "grade"),
    Region("MARK SCHEME", "BEGIN MARK SCHEME", "END MARK SCHEME", "task"),
)
# Other words that people write for the first word of a delimiter.
SAME = {"START": "BEGIN", "STARTS": "BEGIN", "BEGINS": "BEGIN", "STOP": "END", "ENDS": "END"}
_AUTOGRADER = re.compile(r"\bautograder\b")


def configured(config: Config) -> tuple[Region, ...]:
    """The regions, with the delimiters that a course's configuration gives them."""
    solutions, tests = ClearSolutions(config=config), ClearHiddenTests(config=config)
    schemes = ClearMarkScheme(config=config)
    edges = [
        (solutions.begin_solution_delimeter, solutions.end_solution_delimeter),
        (tests.begin_test_delimeter, tests.end_test_delimeter),
        (schemes.begin_mark_scheme_delimeter, schemes.end_mark_scheme_delimeter),
    ]
    return tuple(Region(r.name, *edge, r.kind) for r, edge in zip(STANDARD, edges))


def pairs(regions: Iterable[Region]) -> list[tuple[str, str]]:
    """The (begin, end) delimiters of regions, as autograder.course.code.marked takes them."""
    return [(region.begin, region.end) for region in regions]


def region_faults(
    cell: NotebookNode,
    grading: Mapping[str, Any],
    regions: Sequence[Region] = STANDARD,
    strict: bool = True,
) -> Iterator[str]:
    """Find what is wrong with the delimiters of one cell.

    Args:
        cell: the cell.
        grading: its nbgrader metadata.
        regions: the regions whose delimiters are looked for.
        strict: apply the rules for this course's own sources: a delimiter stands alone in its
            line, after ###, and each answer and each test has its region. Otherwise, whatever
            nbgrader takes for a delimiter is one.

    Yields:
        The faults, each as a sentence.
    """
    is_code, is_answer = cell.cell_type == "code", bool(grading.get("solution"))
    needed = {"SOLUTION": is_answer, "HIDDEN TESTS": not is_answer and grading.get("points")}
    inside: Region | None = None
    found: set[str] = set()
    refused: set[Region] = set()
    for line in map(str.strip, cell.source.splitlines()):
        region, words = _delimiter(line, regions, strict)
        if region is None:
            region, words = _meant(line, regions, strict, is_code)
            if region:
                yield f"{line!r} should be '### {words}'"
                if region.allowed(grading):  # so that its other end does not count as alone
                    inside = region if words == region.begin else None
                    found.add(region.name)
            elif strict and is_code and line.startswith("###"):
                yield f"{line!r} is none of nbgrader's delimiters"
            elif strict and is_code and _outside_tests(inside) and _AUTOGRADER.search(line):
                yield f"{line!r} is not in the hidden tests, and students have no autograder"
            continue
        found.add(region.name)
        begins = words == region.begin
        if not region.allowed(grading) and region not in refused:
            refused.add(region)
            yield f"the cell's metadata do not allow {words!r}"
        if begins and inside:
            yield f"{words!r} stands inside of {inside.name}"
        if not begins and inside != region:
            yield f"{words!r} has no BEGIN"
        inside = region if begins else None
    if inside:
        yield f"{inside.begin!r} has no END"
    if strict and is_code:
        for region in regions:
            if needed.get(region.name) and region.name not in found:
                yield f"there is no '### {region.begin}'"


def _outside_tests(inside: Region | None) -> bool:
    return inside is None or inside.kind != "grade"


def _delimiter(line: str, regions: Iterable[Region], strict: bool) -> tuple[Region | None, str]:
    """(region, delimiter) of a line, or (None, "") if it has none."""
    for region in regions:
        for words in (region.begin, region.end):
            if line == f"### {words}" if strict else words in line:
                return region, words
    return None, ""


def _meant(
    line: str, regions: Iterable[Region], strict: bool, is_code: bool
) -> tuple[Region | None, str]:
    """(region, delimiter) of which a line is a misspelling, or (None, "")."""
    every = {words: region for region in regions for words in (region.begin, region.end)}
    if strict:
        near = difflib.get_close_matches(line.lstrip("#").strip().upper(), every, 1, 0.75)
        return (every[near[0]], near[0]) if near else (None, "")
    if re.match(r"#|%|//|--|/\*|\*|=|<!--", line):
        text = [SAME.get(word, word) for word in re.findall(r"[A-Z]+", line.upper())]
        for words, region in every.items():
            wanted = re.findall(r"[A-Z]+", words.upper())
            if _alike(text, wanted) or (is_code and line.startswith("###") and text == wanted[1:]):
                return region, words
    return None, ""


def _alike(text: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether two lists of words are the same but for a slip of the pen.

    A comment such as "# the solution" does not count as a misspelt delimiter.
    """
    if not text or not wanted:
        return False
    if len(text) != len(wanted):
        return _ratio("".join(text), "".join(wanted)) >= 0.93
    return all(_ratio(a, b) >= 0.7 for a, b in zip(text, wanted))


def _ratio(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b).ratio()
