"""Lines that students must not see, and where they can be seen all the same."""

from collections.abc import Sequence

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions

from autograder.authoring.delimiters import STANDARD, Region

# Shorter lines give nothing away.
LEAST = 12
# Nor do nbgrader's stubs in the place of an answer, if an instructor left one as the answer.
_CLEARING = ClearSolutions()
STUBS = "\n".join([_CLEARING.text_stub, *_CLEARING.code_stub.values()]).splitlines()


def hidden_lines(solved: NotebookNode, regions: Sequence[Region] = STANDARD) -> set[str]:
    """The lines of a solved notebook that stand only inside regions.

    A solution cell without a region counts as a region, since nbgrader replaces the whole cell.
    Lines with fewer than 12 characters, and the stubs that nbgrader puts in the place of answers,
    are left out.
    """
    hidden: set[str] = set()
    shown: set[str] = set()
    words = [word for region in regions for word in (region.begin, region.end)]
    for cell in solved.cells:
        inside = False
        if cell.metadata.get("nbgrader", {}).get("solution"):
            inside = regions[0].begin not in cell.source
        for line in cell.source.splitlines():
            if any(word in line for word in words):
                inside = any(region.begin in line for region in regions)
            else:
                (hidden if inside else shown).add(line.strip())
    return {line for line in hidden - shown if len(line) >= LEAST and line not in STUBS}


def leaked_lines(
    solved: NotebookNode, released: NotebookNode, regions: Sequence[Region] = STANDARD
) -> list[str]:
    """Lines of solution or hidden-test regions that stand in the released notebook.

    Lines with fewer than 12 characters, and lines that the solved notebook itself shows outside
    of every region, give nothing away and are not counted.
    """
    visible = {line.strip() for cell in released.cells for line in cell.source.splitlines()}
    return sorted(hidden_lines(solved, regions) & visible)
