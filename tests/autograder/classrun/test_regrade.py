"""Grading again: what people have graded stays, and what changes is told, before and after."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from nbformat.v4 import new_markdown_cell

from autograder.results.answers import digests
from autograder.results.history import read
from autograder.submission.structure import NOTE_ID
from tests.support.class_course import (
    NAME,
    TWO,
    answered,
    book,
    configure,
    course,
    hand_in,
    record_of,
    rows,
    tree,
)

__all__ = ["course"]  # fixtures

WRONG = "def double(x):\n    return x"


@pytest.fixture(scope="module")
def graded(class_course, made_once, command):
    """A course in which ada was graded by tests, and then by hand."""

    def make(folder):
        shutil.copytree(class_course, folder)
        hand_in(folder, "ada", answered(folder))
        command.grade(folder)
        by_hand(folder)

    return made_once("graded_by_hand", make)


@pytest.fixture
def again(graded, tmp_path):
    return shutil.copytree(graded, tmp_path / "course")


def by_hand(course, cell="why", score=2.0, db_url=None):
    """What formgrader does when a person has graded an answer."""
    with book(course, db_url) as gradebook:
        grade = gradebook.find_grade(cell, NAME, NAME, "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, 0.5, False
        if cell == "why":
            comment = gradebook.find_comment("why", NAME, NAME, "ada")
            comment.manual_comment = "Well put."
        gradebook.db.commit()


def entry(course, cell="why", db_url=None):
    return rows(course, db_url)[NAME, "ada"][NAME][cell]


def lines(course, db_url=None):
    """The history of ada: (cell, cause, old, new, waits) for each line."""
    with book(course, db_url) as gradebook:
        found = read(gradebook.engine, "ada", NAME)
    told = [(one.cell, one.cause, one.old_score, one.new_score, one.waits) for one in found]
    # In one transaction the database takes them in any order, here those of the first grading.
    return [*sorted(told[:2]), *told[2:]]


def reason(course):
    with book(course) as gradebook:
        return read(gradebook.engine)[-1].reason


# --- what a person has graded ------------------------------------------------------------


def test_the_same_answer_stays_graded(again, command):
    before = entry(again), entry(again, "why comment")
    assert not before[0]["needs_manual_grade"]
    hand_in(again, "ada", answered(again, double=WRONG))
    said = command.grade(again)
    assert (entry(again), entry(again, "why comment")) == before
    assert entry(again)["score"] == 2.5 and entry(again, "test-double")["score"] == 0
    assert "by hand" not in said and record_of(again, "ada")["asked_again"] == {}


def test_another_answer_is_asked_for_and_told(again, command):
    hand_in(again, "ada", answered(again, why="Therefore."))
    said = command.grade(again)
    assert f"ada: {NAME}/why was changed since it was graded by hand" in said
    assert entry(again)["needs_manual_grade"] and entry(again)["manual_score"] == 2
    assert list(record_of(again, "ada")["asked_again"]) == [f"{NAME}/why"]
    assert lines(again)[-1] == ("why", "autograder grade", 2.5, 2.5, True)
    assert "changed since; changed since it was graded by hand" in reason(again)
    # It goes on waiting when it is graded once more, until the answer is the one of before.
    command.grade(again, "--force")
    assert entry(again)["needs_manual_grade"]
    hand_in(again, "ada", answered(again))
    command.grade(again)
    assert not entry(again)["needs_manual_grade"]


def test_a_picture_in_an_answer_is_part_of_it(again, command):
    notebook = answered(again)
    (cell,) = (c for c in notebook.cells if c.source == "So.")
    cell.attachments = {"proof.png": {"image/png": "aGFoYQ=="}}
    hand_in(again, "ada", notebook)
    command.grade(again)
    assert entry(again)["needs_manual_grade"]


def test_what_the_grader_notes_at_the_top_is_no_answer(again):
    notebook = answered(again)
    before = digests(notebook)
    note = new_markdown_cell("Of what lies beside this notebook, this was not used.", id=NOTE_ID)
    notebook.cells.insert(0, note)
    assert digests(notebook) == before
    note.id = "own"
    changed = {name for name, digest in digests(notebook).items() if digest != before[name]}
    assert changed == {"test-double", "test-triple"}


def test_another_score_for_code_stays_while_code_and_verdict_do(again, command):
    by_hand(again, "test-double", 1.0)
    hand_in(again, "ada", answered(again, why="Therefore."))
    # Its own text is no answer's; a person has looked at all that was written.
    command.grade(again)
    assert entry(again, "test-double")["needs_manual_grade"]
    by_hand(again, "test-double", 1.5)
    command.grade(again, "--force")
    assert not entry(again, "test-double")["needs_manual_grade"]
    assert entry(again, "test-double")["score"] == 2


def test_a_failure_in_between_does_not_undo_what_a_person_did(again, command):
    path = again / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    good = path.read_bytes()
    path.rename(path.with_name("mine.ipynb"))
    assert "1 without a score" in command.grade(again, status=1)
    assert entry(again)["needs_manual_grade"] and entry(again)["score"] == 2.5
    assert {line[4] for line in lines(again)[-2:]} == {True}
    assert "no notebook of ps1 was handed in" in reason(again)
    path.write_bytes(good)
    command.grade(again)
    assert not entry(again)["needs_manual_grade"] and entry(again)["score"] == 2.5


def test_what_is_not_handed_in_again_is_asked_for(course, command):
    for name in ("first", "second"):
        hand_in(course, "ada", answered(course, TWO, name), TWO, name)
    command.grade(course, TWO)
    with book(course) as gradebook:
        grade = gradebook.find_grade("why", "second", TWO, "ada")
        grade.manual_score, grade.needs_manual_grade = 3, False
        gradebook.db.commit()
    (course / "submitted" / "ada" / TWO / "second.ipynb").unlink()
    assert "ada: second/why was changed since" in command.grade(course, TWO)
    assert rows(course)[TWO, "ada"]["second"]["why"]["needs_manual_grade"]
    assert not rows(course)[TWO, "ada"]["second"]["test-triple"]["needs_manual_grade"]


def test_a_gradebook_of_a_former_version_is_compared_with_the_graded_notebook(again, command):
    with book(again) as gradebook:
        gradebook.db.connection().exec_driver_sql("DELETE FROM autograder_answers")
        gradebook.db.commit()
    other = shutil.copytree(again, again.parent / "other")
    command.grade(again, "--force")
    assert not entry(again)["needs_manual_grade"]
    hand_in(other, "ada", answered(other, why="Therefore."))
    command.grade(other)
    assert entry(other)["needs_manual_grade"]


@pytest.mark.slow
def test_nbgrader_s_own_command_keeps_it_too(again, nbgrader):
    nbgrader(again, "autograde", NAME, "--force")
    assert not entry(again)["needs_manual_grade"] and entry(again)["score"] == 2.5
    hand_in(again, "ada", answered(again, why="Therefore.", double=WRONG))
    said = nbgrader(again, "autograde", NAME, "--force")
    assert "why of ada: changed since it was graded by hand" in said
    assert entry(again)["needs_manual_grade"]
    assert ("test-double", "nbgrader autograde", 2.0, 0.0, False) in lines(again)
    assert entry(again, "why comment")["manual_comment"] == "Well put."


# --- what would change -------------------------------------------------------------------


HOOK = """
def before(**about):
    (Path(__file__).parent / "called").touch()


c.Autograde.pre_convert_hook = before
"""


def test_what_if_says_what_would_change_and_writes_nothing(again, command):
    configure(again, HOOK)
    hand_in(again, "ada", answered(again, double=WRONG, why="Therefore."))
    hand_in(again, "bob", answered(again))
    hand_in(again, "eve", b"", name="other")
    before = tree(again)
    said = command.grade(again, "--what-if")
    assert tree(again) == before
    assert "ps1  ada  8.5 -> 6.5  (changed since)" in said
    assert "    ps1/test-double  2 -> 0  (another answer; AssertionError: wrong at 21)" in said
    assert "    ps1/why  2.5  (changed since it was graded by hand" in said
    assert "test-triple" not in said[: said.index("bob")]
    assert "ps1  bob  none -> 6  (new)" in said and "ps1/test-triple  none -> 4" in said
    assert "ps1  eve  none  (new)" in said and "no notebook of the assignment" in said
    assert "3 would change, 0 would be graded as before, 0 need no grading." in said
    # It is what happens then.
    command.grade(again, status=1)
    assert (again / "called").exists()
    assert record_of(again, "ada")["score"] == 6.5 and record_of(again, "bob")["score"] == 6


def test_what_if_nothing_would_change(again, command):
    before = tree(again)
    said = command.grade(again, "--what-if", "--force")
    assert "0 would change, 1 would be graded as before" in said and tree(again) == before


def test_what_if_a_score_would_be_lost(again, command):
    path = again / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    path.rename(path.with_name("mine.ipynb"))
    said = command.grade(again, "--what-if")
    assert "ps1  ada  8.5 -> none" in said and "8.5 of before would stay, as not final" in said


def test_what_if_in_a_gradebook_of_a_former_version(again, command):
    with book(again) as gradebook:
        for table in ("autograder_answers", "autograder_history"):
            gradebook.db.connection().exec_driver_sql(f"DROP TABLE {table}")
        gradebook.db.commit()
    before = tree(again)
    assert "0 would change" in command.grade(again, "--what-if", "--force")
    assert tree(again) == before


# --- the history -------------------------------------------------------------------------


def told(command, course, *words, status=0):
    running = command.start("history", *words, "--course", course)
    assert running.wait() == status
    return running.printed()


def test_the_history_has_each_change(again, command):
    hand_in(again, "ada", answered(again, double=WRONG))
    command.grade(again)
    by_hand(again, score=3.0)
    assert lines(again) == [
        ("test-double", "autograder grade", None, 2.0, False),
        ("test-triple", "autograder grade", None, 4.0, False),
        ("why", "by hand", None, 2.5, False),
        ("test-double", "autograder grade", 2.0, 0.0, False),
        ("why", "by hand", 2.5, 3.5, False),
    ]
    said = told(command, again, "ada", NAME)
    wanted = "2 -> 0  (autograder grade: changed since; another answer; AssertionError: wrong at 21"
    assert wanted in said and "2.5 -> 3.5  (by hand)" in said and "5 changes." in said
    assert told(command, again) == told(command, again, "*", NAME) == said
    assert "0 changes." in told(command, again, "ada", TWO)
    assert "has no student 'adda'. Did you mean ada?" in told(command, again, "adda", status=1)
    assert "no assignment 'ps'" in told(command, again, "*", "ps", status=1)


def test_the_history_outlives_a_student(again):
    with book(again) as gradebook:
        gradebook.remove_student("ada")
    assert ("why", "removed", 2.5, None, False) in lines(again)
    assert len(lines(again)) == 6


def test_a_line_is_bounded_and_harmless(course, command):
    evil = "def double(x):\n    raise ValueError('\\x1b[31m\\0\\udcff' + 'long\\n' * 100_000)"
    hand_in(course, "ada", answered(course, double=evil))
    command.grade(course)
    with book(course) as gradebook:
        reasons = [line.reason for line in read(gradebook.engine)]
    assert any("ValueError" in one for one in reasons)
    assert all(len(one) <= 300 and one.isprintable() for one in reasons)


def test_none_is_lost_where_two_write_at_once(again):
    def change(cell):
        for score in range(10):
            by_hand(again, cell, score / 2)

    before = len(lines(again))
    with ThreadPoolExecutor(2) as two:
        list(two.map(change, ["test-double", "test-triple"]))
    found = lines(again)[before:]
    for cell, first in (("test-double", 2.0), ("test-triple", 4.0)):
        steps = [(old, new) for name, _, old, new, _ in found if name == cell]
        scores = [first, *(score / 2 + 0.5 for score in range(10))]
        assert steps == [step for step in pairwise(scores) if step[0] != step[1]]


def test_a_change_that_is_taken_back_leaves_no_line(again):
    before = lines(again)
    with book(again) as gradebook:
        gradebook.find_grade("why", NAME, NAME, "ada").manual_score = 0
        gradebook.db.flush()
        gradebook.db.rollback()
    assert lines(again) == before


@pytest.mark.long
def test_the_same_in_postgresql(course, command, postgresql):
    from tests.support.class_course import release

    release(course, NAME, postgresql)
    hand_in(course, "ada", answered(course))
    command.grade(course, "--db", postgresql)
    by_hand(course, db_url=postgresql)
    hand_in(course, "ada", answered(course, double=WRONG))
    assert "1 would change" in command.grade(course, "--db", postgresql, "--what-if")
    command.grade(course, "--db", postgresql)
    assert not entry(course, db_url=postgresql)["needs_manual_grade"]
    with book(course, postgresql) as gradebook:
        gradebook.remove_student("ada")
    assert lines(course, postgresql) == [
        ("test-double", "autograder grade", None, 2.0, False),
        ("test-triple", "autograder grade", None, 4.0, False),
        ("why", "by hand", None, 2.5, False),
        ("test-double", "autograder grade", 2.0, 0.0, False),
        *sorted(
            [
                ("test-double", "removed", 0.0, None, False),
                ("test-triple", "removed", 4.0, None, False),
                ("why", "removed", 2.5, None, False),
            ],
            key=lambda line: lines(course, postgresql).index(line),
        ),
    ]
    said = told(command, course, "--db", postgresql)
    assert "7 changes." in said and "wrong at 21" in said
