"""Courses that know nothing of this grader: what `autograder doctor --try` says of their tests."""

import shutil
from pathlib import Path

import pytest

from autograder import CLONE
from autograder.authoring.doctor.trial import DIFFERS, NOTHING, SAME, print_trial, try_out

pytestmark = pytest.mark.long
FOREIGN = Path(__file__).with_name("foreign")
COURSES = ["frames", "objects", "simulation", "word_count"]
TABLE = (CLONE / "docs" / "test-cells.md").read_text()
# Points that nbgrader gives to everybody.
FOR_FREE = {("queues", "test-hours")}


def trial(course):
    """The rows of the table, which is printed too, and whether all is well."""
    rows = list(try_out(course))
    return rows, print_trial(rows)


@pytest.mark.parametrize("name", COURSES)
def test_whatever_differs_is_told(name, tmp_path):
    shutil.copytree(FOREIGN / name, tmp_path / "source" / name)
    rows, good = trial(tmp_path)
    assert 6 <= len(rows) <= 12
    assert {(row.notebook, row.cell) for row in rows if row.verdict == NOTHING} <= FOR_FREE
    for row in rows:
        untouched = row.stock["untouched"].points, row.ours["untouched"].points
        assert row.stock["reference"].points > 0
        assert untouched == ((1, 0) if (row.notebook, row.cell) in FOR_FREE else (0, 0))
        assert row.verdict == SAME or row.rules, row
    assert good == all(row.verdict == SAME for row in rows)
    counts = [sum(row.verdict == verdict for row in rows) for verdict in (SAME, DIFFERS, NOTHING)]
    told = next(line for line in TABLE.splitlines() if line.startswith(f"| `{name}` |"))
    assert [int(cell) for cell in told.split("|")[3:-1]] == [len(rows), *counts]


def test_each_cell_of_nbgraders_quickstart_works(tmp_path, nbgrader):
    nbgrader(tmp_path, "quickstart", "course101")
    rows, good = trial(tmp_path / "course101")
    assert rows
    assert good
    assert {row.verdict for row in rows} == {SAME}
