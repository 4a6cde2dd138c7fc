"""A class graded by one command: the same as by `nbgrader autograde`, and only what has to be."""

import os
import shutil
from datetime import datetime
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell

from autograder.exercises.sample import CLASS
from autograder.exercises.sample import hand_in as hand_in_sample
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
)  # fmt: skip

__all__ = ["course"]  # fixtures

LATE = """
from nbgrader.plugins import BasePlugin


class Late(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 3600


c.AssignLatePenalties.plugin_class = Late
c.Autograde.exclude_overwriting = {"ps1": ["notes.csv"]}
c.CourseDirectory.ignore.extend(["*.py"])
c.SubmissionLimits.most_files = 20
"""
DUE = datetime(2026, 3, 1, 12)


# --- the same as nbgrader ----------------------------------------------------------------


def odd_class(course):
    """Hand in what is odd, each in its way."""
    right = answered(course)
    victim = hand_in(course, "right", right)
    hand_in(course, "wrong", answered(course, double="def double(x):\n    return x"))
    hand_in(course, "partly", answered(course, triple="def triple(x):\n    return 63"))
    hand_in(course, "answers_nothing", answered(course, why="YOUR ANSWER HERE"))
    hand_in(course, "raises", answered(course, double="def double(x):\n    return 1 / 0"))
    hand_in(course, "no_python", answered(course, double="def double(x)"))
    noisy = answered(course)
    text = "import sys\nprint(double(2))\nprint('x', file=sys.stderr)\n1/0"
    noisy.cells += [new_code_cell(text, id="own")]
    hand_in(course, "noisy", noisy)
    untested = answered(course)
    untested.cells = [c for c in untested.cells if not c.id.startswith("test")]
    hand_in(course, "deleted_cells", untested)
    hand_in(course, "not_json", b"my homework")
    hand_in(course, "empty", b"")
    for name, target in {"link": victim / f"{NAME}.ipynb", "nowhere": course / "gone"}.items():
        folder = course / "submitted" / name / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").symlink_to(target)
    (course / "submitted" / "linked_folder").mkdir()
    (course / "submitted" / "linked_folder" / NAME).symlink_to(victim)
    files = hand_in(course, "files", right)
    (files / "below").mkdir()
    for name in ("data.csv", "notes.csv", "below/own.csv", "numpy.py", "a [b] é.txt"):
        (files / name).write_text("of a student")
    (files / "db.csv").symlink_to(course / "gradebook.db")
    os.mkfifo(files / "pipe")
    (files / os.fsdecode(b"r\xe9sum\xe9.csv")).write_text("of a student")
    with (files / "sparse.bin").open("wb") as file:
        file.truncate(3_000_000_000)
    (files / "data.csv.d" / "/".join("d" * 25)).mkdir(parents=True)
    crowd = hand_in(course, "crowd", right)
    for number in range(25):
        (crowd / f"{number:02d}.txt").touch()
    more = hand_in(course, "more", right)
    shutil.copy(more / f"{NAME}.ipynb", more / "mine.ipynb")
    for name, text in {
        "late": "2026-03-01 14:30:00 UTC", "early": "2026-03-01 09:00:00 UTC", "no_time": "soon",
        "empty_time": "",
    }.items():  # fmt: skip
        (hand_in(course, name, right) / "timestamp.txt").write_text(text)
    hand_in(course, "wrong_name", right, name="ps1 (1)")
    hand_in(course, "half", answered(course, TWO, "first"), TWO, "first")
    hand_in(course, "whole", answered(course, TWO, "first"), TWO, "first")
    hand_in(course, "whole", answered(course, TWO, "second"), TWO, "second")


@pytest.fixture(scope="module")
def odd(tmp_path_factory, class_course, nbgrader, command):
    """The odd class graded twice: by nbgrader's command, and by ours."""
    first = shutil.copytree(class_course, tmp_path_factory.mktemp("odd") / "nbgrader")
    configure(first, LATE)
    (first / "source" / NAME / "notes.csv").write_text("of the course")
    with book(first) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=DUE)
    second = shutil.copytree(first, first.with_name("ours"))
    for each in (first, second):
        odd_class(each)
    # nbgrader ends so over the notebook with the wrong name.
    nbgrader(first, "autograde", NAME, status=1)
    nbgrader(first, "autograde", TWO)
    hand_in(second, "nothing", b"", name="x")
    (second / "submitted" / "nothing" / NAME / "x.ipynb").unlink()
    said = command.grade(second, NAME, TWO, status=1)
    return SimpleNamespace(nbgrader=first, ours=second, said=said)


@pytest.mark.long
@pytest.mark.versions
class TestOddClass:
    def test_the_gradebook_is_as_by_nbgrader(self, odd):
        wanted, found = rows(odd.nbgrader), rows(odd.ours)
        # nbgrader takes no notice of a folder without a notebook.
        found["students"].remove("nothing")
        assert found.pop((NAME, "nothing"))[NAME]["test-double"]["auto_score"] is None
        assert len(found) == 1 + 21 + 2
        for key in wanted:
            assert found[key] == wanted[key], key
        assert found.keys() == wanted.keys()

    def test_it_is_not_all_the_same(self, odd):
        found = {
            who: rows(odd.ours)[NAME, who][NAME] for who in ("right", "partly", "late", "link")
        }
        assert found["right"]["test-triple"]["auto_score"] == 4
        assert found["partly"]["test-triple"]["auto_score"] == 2
        assert found["late"]["penalty"] == 2.5
        assert found["link"]["test-double"]["auto_score"] == 0

    def test_files_are_byte_by_byte_as_by_nbgrader(self, odd):
        wanted, found = tree(odd.nbgrader / "autograded"), tree(odd.ours / "autograded")
        del wanted["wrong_name"]  # an empty folder
        assert sorted(found) == sorted(wanted)
        for path in wanted:
            assert found[path] == wanted[path], path
        assert found[f"files/{NAME}/notes.csv"][0] == b"of a student"
        assert found[f"files/{NAME}/data.csv"][0] == b"1,2\n"
        assert f"files/{NAME}/below/own.csv" in found
        assert f"files/{NAME}/numpy.py" in found  # it replaces nothing
        assert not {f"files/{NAME}/{name}" for name in ("pipe", "db.csv")} & {*found}

    def test_what_cannot_be_graded_is_named(self, odd):
        for student, sentence in {
            "wrong_name": "no notebook of ps1 was handed in: wanted is ps1.ipynb, and there is "
            "ps1 (1).ipynb",
            "nothing": "nothing was handed in",
        }.items():
            verdict = record_of(odd.ours, student)
            assert (verdict["status"], verdict["score"]) == ("failed", None)
            assert sentence in verdict["failure"]
            assert f"{student}: {sentence[:20]}" in odd.said
            assert not (odd.ours / "autograded" / student / NAME).exists()
        assert "\n22 graded, 2 without a score, 0 unchanged, in " in odd.said

    def test_records_say_what_the_gradebook_says(self, odd):
        verdict = record_of(odd.ours, "partly")
        assert (verdict["status"], verdict["failure"], verdict["score"]) == ("graded", None, 4.0)
        assert verdict["max_score"] == 9.0
        assert verdict["notebooks"][NAME]["cells"] == {
            "test-double": {"score": 2.0, "max_score": 2.0},
            "test-triple": {"score": 2.0, "max_score": 4.0},
            "why": {"score": 0.0, "max_score": 3.0},
        }
        assert verdict["notebooks"][NAME]["seconds"] > 0
        assert record_of(odd.ours, "late")["submitted_at"] == "2026-03-01T14:30:00"
        half = record_of(odd.ours, "half", TWO)
        assert half["notebooks"]["second"]["seconds"] is None and half["score"] == 2.0
        assert "is a link to" in record_of(odd.ours, "link")["log"]

    def test_a_timestamp_that_nbgrader_cannot_read_is_set_aside(self, odd):
        folder = odd.ours / "submitted" / "no_time" / NAME
        assert (folder / "timestamp.txt.unreadable").read_text() == "soon"
        assert "no_time" in odd.said


@pytest.mark.slow
@pytest.mark.bubblewrap
@pytest.mark.parametrize(
    "names",
    # All is right; nothing is done; a gradient is wrong.
    [["ada", "cleo", "eve"], pytest.param(["bo", "hugo", "ines"], marks=pytest.mark.long)],
)
def test_the_sample_class_is_graded_as_by_nbgrader(
    names, tmp_path, entered_course, nbgrader, command
):
    name = "02_cost"
    some = [student for student in CLASS if student.name in names]
    first = shutil.copytree(entered_course, tmp_path / "nbgrader")
    hand_in_sample(first, some, [name])
    with (first / "nbgrader_config.py").open("a") as file:
        file.write('\nc.CoursePolicy.seed_key = "the same for both"\n')
    second = shutil.copytree(first, tmp_path / "ours")
    # The two trials come before a run of ours, too.
    nbgrader(first, "autograde", name, "--GradingExporter.canary=False")
    command.grade(second, name)
    assert rows(second) == rows(first)
    assert len(rows(first)) == 1 + len(some) == 4
    assert tree(second / "autograded") == tree(first / "autograded")
