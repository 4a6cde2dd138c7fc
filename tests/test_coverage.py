"""docs/coverage.md numbers the statements of the notes, and what it names is there."""

import ast
import re

import pytest

from autograder import CLONE

PAGE = (CLONE / "docs" / "coverage.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if re.match(r"\| \d", line)
]


def test_statements_are_numbered():
    assert [row[0] for row in ROWS] == [str(n) for n in range(1, len(ROWS) + 1)]
    assert len(ROWS) == 25 and {len(row) for row in ROWS} == {6}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_row_names_is_there(row):
    for file, heading in re.findall(r"\]\(\.\./(\S+)\.ipynb\), ([^;]+)", row[3]):
        source = (CLONE / f"{file}.py").read_text(encoding="utf-8")
        assert f"\n# ## {heading}\n" in source
    ((file, name),) = re.findall(r"`(\S+)::(\w+)`", row[4])
    tree = ast.parse((CLONE / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_notebook_of_the_lecture_is_named():
    """All but 12 are about a statement of the notes, and 12 about what came later."""
    names = {path.stem for path in CLONE.glob("solutions/*/*.py")}
    assert {name for name in names if f"/{name}.ipynb)" in PAGE} == names
