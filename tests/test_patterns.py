"""Test cells as other courses write them: trusted grading gives what nbgrader itself gives."""

import re

import pytest

from autograder import CLONE
from tests.foreign.compare import SUBMISSIONS, compared, scores
from tests.foreign.patterns import PATTERNS

# In one worker, which grades them once for all tests.
pytestmark = [
    pytest.mark.long,
    pytest.mark.xdist_group("patterns"),
    pytest.mark.timeout(1200),
]
RULES = (CLONE / "docs" / "test-cells.md").read_text()
LIKE_NBGRADER = [pattern for pattern in PATTERNS if not pattern.rule]


def by_name(patterns):
    return pytest.mark.parametrize("pattern", patterns, ids=[p.name for p in patterns])


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return compared(PATTERNS, tmp_path_factory.mktemp("patterns"))


@by_name(PATTERNS)
def test_nbgrader_gives_what_the_pattern_says(pattern, rows):
    assert scores(rows[pattern.name].stock) == pattern.scores


@by_name(LIKE_NBGRADER)
def test_both_give_the_same(pattern, rows):
    assert scores(rows[pattern.name].ours) == pattern.scores, rows[pattern.name]


@by_name([pattern for pattern in PATTERNS if pattern.rule])
def test_the_others_are_told_by_their_rule(pattern, rows):
    row = rows[pattern.name]
    assert scores(row.ours) != pattern.scores
    assert any(rule.startswith(f"rule {pattern.rule}: ") for rule in row.rules), row.rules


@by_name(PATTERNS)
def test_no_answer_gets_more_than_from_nbgrader(pattern, rows):
    row = rows[pattern.name]
    for what in SUBMISSIONS:
        assert row.ours[what].points <= row.stock[what].points


@by_name(PATTERNS)
def test_untouched_work_gets_nothing(pattern, rows):
    assert rows[pattern.name].ours["untouched"].points == 0


def test_the_document_says_how_many():
    told = re.search(r"Of the (\d+) forms .*? (\d+) get what nbgrader gives", RULES, re.S)
    assert told
    assert [int(count) for count in told.groups()] == [len(PATTERNS), len(LIKE_NBGRADER)]
