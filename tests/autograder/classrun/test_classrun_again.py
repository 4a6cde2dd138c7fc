"""A class run that is given again: what it grades then, what it leaves alone, what it refuses."""

import os
import shutil
from datetime import datetime

import nbformat
import pytest

from autograder.classrun import grade
from autograder.classrun.assignment import AssignmentToGrade
from autograder.classrun.steps import steps_of
from autograder.course.files import write_notebook
from autograder.course.folders import open_course, open_gradebook
from autograder.results import records
from autograder.results.report.collect import collect
from tests.support.class_course import (
    NAME,
    TWO,
    answered,
    book,
    configure,
    course,
    hand_in,
    hand_in_class,
    is_whole,
    record_of,
    release,
    rows,
    score,
    times,
    tree,
)  # fmt: skip

__all__ = ["course"]  # fixtures

CLASS = ["s00", "s01", "s02", "s03"]
PATH = f"{NAME}/{NAME}.ipynb"


@pytest.fixture(scope="module")
def graded(class_course, made_once, command):
    """A course in which all was graded, but for one student whose notebook is not there."""

    def make(folder):
        shutil.copytree(class_course, folder)
        hand_in_class(folder, 4)
        hand_in(folder, "lost", b"", name="other")
        assert "4 graded, 1 without a score, 0 unchanged" in command.grade(folder, status=1)

    return made_once("graded_again", make)


@pytest.fixture
def again(graded, tmp_path):
    """A copy of it, in which that student is not."""
    path = shutil.copytree(graded, tmp_path / "course")
    shutil.rmtree(path / "submitted" / "lost")
    (path / "verdicts" / NAME / "lost.json").unlink()
    return path


def planned(course, **options):
    """What would be graded, from the student to why."""
    summary = grade(course, [NAME], dry_run=True, **options)
    assert (summary.graded, summary.failed) == ([], [])
    return {student: why for _, student, why in summary.planned}


# --- what is to be done ------------------------------------------------------------------


def edit(course):
    hand_in(course, "s01", answered(course, double="def double(x):\n    return 2.0 * x"))


def add_a_file(course):
    (course / "submitted" / "s01" / NAME / "own.csv").write_text("1")


def add_a_timestamp(course):
    (course / "submitted" / "s01" / NAME / "timestamp.txt").write_text("2026-03-01 10:00 UTC")


def add_a_link(course):
    (course / "submitted" / "s01" / NAME / "link").symlink_to("nowhere")


def remove_the_record(course):
    (course / "verdicts" / PATH).with_name("s01.json").unlink()


def cut_the_record(course):
    path = course / "verdicts" / NAME / "s01.json"
    path.write_bytes(path.read_bytes()[:100])


def remove_the_folder(course):
    shutil.rmtree(course / "autograded" / "s01")


def remove_the_notebook(course):
    (course / "autograded" / "s01" / PATH).unlink()


def remove_the_entry(course):
    with book(course) as gradebook:
        gradebook.remove_submission(NAME, "s01")


def touch(course):
    for path in (course / "submitted").rglob("*"):
        os.utime(path, (1, 1))


def look_into_it(course):
    with book(course) as gradebook:
        gradebook.update_or_create_student("s01", last_name="Lovelace")
    (course / "feedback").mkdir()


def change_the_data(course):
    (course / "source" / NAME / "data.csv").write_text("3,4\n")


def change_the_source(course):
    path = course / "source" / PATH
    path.write_text(path.read_text().replace("FACTOR = 2", "FACTOR = 3"))


def change_the_points(course):
    path = course / "source" / PATH
    path.write_text(path.read_text().replace('"points": 4', '"points": 8'))
    release(course, NAME)


def change_the_configuration(course):
    configure(course, "c.TrustedExecute.call_timeout = 5\n")


def set_a_due_date(course):
    with book(course) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=datetime(2026, 3, 1))


def change_another_assignment(course):
    path = course / "source" / TWO / "first.ipynb"
    path.write_text(path.read_text().replace("FACTOR = 2", "FACTOR = 3"))


ONE, ALL = ["s01"], CLASS
CHANGES = {
    edit: ("changed since", ONE), add_a_file: ("changed since", ONE),
    add_a_timestamp: ("changed since", ONE), add_a_link: ("changed since", ONE),
    remove_the_record: ("new", ONE), cut_the_record: ("new", ONE),
    remove_the_folder: ("not in the gradebook", ONE),
    remove_the_notebook: ("not in the gradebook", ONE),
    remove_the_entry: ("not in the gradebook", ONE),
    touch: ("", []), look_into_it: ("", []), change_another_assignment: ("", []),
    change_the_data: ("changed since", ALL), change_the_source: ("changed since", ALL),
    change_the_points: ("changed since", ALL), change_the_configuration: ("changed since", ALL),
    set_a_due_date: ("changed since", ALL),
}  # fmt: skip


@pytest.mark.slow
class TestWhatIsToBeDone:
    @pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
    def test_what_is_changed_is_to_be_graded_and_nothing_else(self, again, change):
        why, students = CHANGES[change]
        change(again)
        before = tree(again)
        assert planned(again) == dict.fromkeys(students, why)
        assert tree(again) == before

    def test_an_earlier_solution_that_changed_has_all_graded(self, again, tmp_path):
        path = tmp_path / "solutions" / "00_first" / "00_first.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text("{}")
        (again / "nbgrader_config.py").write_text(OF_A_COURSE.format(str(path.parents[1])))

        def digest():
            steps = steps_of(open_course(again))
            with open_gradebook(steps.course) as gradebook:
                return AssignmentToGrade(steps, NAME, gradebook).digest

        before = digest()
        path.with_name("notes.txt").write_text("no notebook")
        assert digest() == before
        path.write_text("{ }")
        assert digest() != before

    def test_what_failed_for_good_waits_for_another_submission(self, graded):
        assert record_of(graded, "lost")["final"]
        assert planned(graded) == {}
        assert planned(graded, force=True)["lost"] == "by --force"

    def test_somebody_new(self, again):
        hand_in(again, "new", answered(again))
        assert planned(again) == {"new": "new"}

    def test_force_and_students(self, again):
        assert planned(again, force=True) == dict.fromkeys(CLASS, "by --force")
        edit(again)
        assert planned(again, students=["s01", "s02"]) == {"s01": "changed since"}
        assert planned(again, students=["s02"], force=True) == {"s02": "by --force"}
        with pytest.raises(ValueError, match=r"student 's1' has handed in none .* mean s01"):
            planned(again, students=["s1"])

    def test_who_is_excluded_by_the_configuration_is_left_out(self, again):
        configure(again, "c.CourseDirectory.student_id_exclude = 's01,s03'\n")
        assert sorted(planned(again)) == ["s00", "s02"]

    def test_what_cannot_be_meant(self, again, tmp_path):
        with pytest.raises(ValueError, match=r"no assignment 'ps3'. Did you mean ps[12]?"):
            grade(again, ["ps3"])
        for url, said in {
            "nonsense": "URL", "nodb://x/y": "nodb",
            "postgresql+psycopg://me:secret@127.0.0.1:1/x": "Connection refused",
        }.items():  # fmt: skip
            with pytest.raises(
                ValueError, match=f"^the gradebook cannot be read: .*{said}"
            ) as told:
                grade(again, [NAME], db_url=url)
            assert "secret" not in str(told.value)
        (again / "gradebook.db").rename(again / "elsewhere.db")
        with pytest.raises(ValueError, match="there is no gradebook at"):
            planned(again)
        (again / "elsewhere.db").rename(again / "gradebook.db")
        with pytest.raises(ValueError, match="is no nbgrader course"):
            grade(tmp_path / "nowhere", [NAME])
        configure(again, "c.Autograde.autograde_preprocessors = []\n")
        with pytest.raises(ValueError, match="does not grade in a sandbox"):
            grade(again, [NAME])


# --- what is done ------------------------------------------------------------------------


@pytest.mark.slow
class TestWhatIsDone:
    def test_nothing_where_nothing_changed(self, again, command):
        before, entries = times(again), rows(again)
        assert "\n" not in command.grade(again).strip().replace(
            "0 graded, 0 without a score, 4 unchanged", ""
        )
        assert times(again) == before and rows(again) == entries
        assert len(before) == 4 * 5

    def test_only_what_changed(self, again, command):
        """Four changes in one run: an answer, a folder, an entry; and one who stays."""
        hand_in(again, "s01", answered(again, double="def double(x):\n    return 2 * x"))
        shutil.rmtree(again / "autograded" / "s02")
        with book(again) as gradebook:
            gradebook.remove_submission(NAME, "s03")
        left = again / "autograded" / "s00" / ".writing-0123abcd"
        shutil.copytree(again / "autograded" / "s00" / NAME, left)
        half = again / "verdicts" / NAME / ".writing-4567abcd"
        half.write_text("{")
        before, entries = times(again), rows(again)
        assert "3 graded, 0 without a score, 1 unchanged" in command.grade(again)
        after = times(again)
        assert {path for path in before if after.get(path) == before[path]} >= {
            str(again / "autograded" / "s00" / NAME), str(again / "verdicts" / NAME / "s00.json"),
        }  # fmt: skip
        for student in ("s01", "s02", "s03"):
            path = str(again / "verdicts" / NAME / f"{student}.json")
            assert after[path] != before.get(path)
        assert score(again, "s01", "test-double") == 2
        assert rows(again)[NAME, "s00"] == entries[NAME, "s00"]
        assert (again / "autograded" / "s02" / PATH).is_file()
        is_whole(again, CLASS)
        assert planned(again) == {}

    def test_what_failed_and_was_mended(self, graded, tmp_path, command):
        course = shutil.copytree(graded, tmp_path / "course")
        hand_in(course, "lost", answered(course))
        command.grade(course)
        assert record_of(course, "lost")["status"] == "graded"
        assert score(course, "lost", "test-triple") == 4
        # And the other way round: what was graded is there no more.
        (course / "submitted" / "s00" / PATH).unlink()
        assert "s00: nothing was handed in" in command.grade(course, status=1)
        verdict = record_of(course, "s00")
        assert verdict["status"] == "failed" and verdict["score"] is None
        assert "nothing was handed in" in verdict["failure"]
        assert not (course / "autograded" / "s00" / NAME).exists()

    def test_a_student_whom_the_gradebook_does_not_know(self, course, command):
        configure(course, "c.Autograde.create_student = False\n")
        with book(course) as gradebook:
            gradebook.add_student("known")
        for student in ("known", "a_stranger"):
            hand_in(course, student, answered(course))
        assert "no student 'a_stranger'" in command.grade(course, status=1)
        assert record_of(course, "a_stranger")["status"] == "failed"
        assert record_of(course, "known")["status"] == "graded"
        assert rows(course)["students"] == ["known"]
        # Another try may come to something else, when somebody has entered the student.
        assert planned(course) == {"a_stranger": "failed before"}
        with book(course) as gradebook:
            gradebook.add_student("a_stranger")
        assert "1 graded, 0 without a score, 1 unchanged" in command.grade(course)

    def test_who_is_late_no_longer_has_no_penalty(self, course, command):
        configure(course, "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
        folder = hand_in(course, "ada", answered(course))
        (folder / "timestamp.txt").write_text("2026-03-02 10:00:00 UTC")
        set_a_due_date(course)
        command.grade(course)
        assert rows(course)[NAME, "ada"][NAME]["penalty"] == 6
        with book(course) as gradebook:
            gradebook.update_or_create_assignment(NAME, duedate=datetime(2026, 4, 1))
        command.grade(course)
        assert rows(course)[NAME, "ada"][NAME]["penalty"] is None

    def test_a_plugin_that_fails_over_one(self, course, command):
        configure(course, FAILS)
        for student, time in {"late": "2026-03-02", "early": "2026-02-01"}.items():
            folder = hand_in(course, student, answered(course))
            (folder / "timestamp.txt").write_text(f"{time} 10:00:00 UTC")
        set_a_due_date(course)
        assert "ZeroDivisionError" in command.grade(course, status=1)
        assert record_of(course, "early")["status"] == "graded"
        verdict = record_of(course, "late")
        assert (verdict["status"], verdict["score"], verdict["notebooks"]) == ("failed", None, {})
        assert rows(course)[NAME, "late"][NAME]["test-double"]["needs_manual_grade"]
        assert list((course / "autograded").glob("late/*")) == []

    def test_hooks_before_and_after(self, course, command):
        configure(course, HOOKS)
        path = hand_in(course, "right", answered(course)) / f"{NAME}.ipynb"
        hand_in(course, "none", answered(course)).joinpath(f"{NAME}.ipynb").unlink()
        command.grade(course, status=1)
        told = (course / "told.txt").read_text().splitlines()
        assert told == [f"before {NAME} right {path} 0", f"after {NAME} right {path} 1"]
        verdict = record_of(course, "right")
        assert verdict["status"] == "graded"
        assert verdict["log"] == "post_convert_hook failed: ZeroDivisionError: division by zero"

    def test_a_name_that_is_no_text(self, course, command):
        hand_in(course, os.fsdecode(b"caf\xe9"), answered(course))
        hand_in(course, "café", answered(course))
        command.grade(course, status=1)
        assert record_of(course, "café")["status"] == "graded"
        failed = records.read(course, NAME, os.fsdecode(b"caf\xe9"))
        assert failed and failed.status == "failed"
        assert rows(course)["students"] == ["café"]

    def test_names_that_leave_no_room_for_an_ending(self, course, command):
        names = ["a" * 250 + "x" * n for n in range(6)] + ["ä" * 127]
        for name in names:
            hand_in(course, name, answered(course))
        command.grade(course)
        for name in names:
            verdict = records.read(course, NAME, name)
            assert verdict and verdict.student == name
        assert planned(course) == {}
        sheets, _ = collect(open_course(course))
        (sheet,) = [sheet for sheet in sheets if sheet.name == NAME]
        assert {result.student.id: result.status for result in sheet.results} == dict.fromkeys(
            names, "graded"
        )
        assert all(result.seconds for result in sheet.results)

    def test_one_worker_or_three(self, course, tmp_path, command):
        hand_in_class(course, 6)
        other = shutil.copytree(course, tmp_path / "other")
        command.grade(course, "--jobs", "1")
        command.grade(other, "--jobs", "3")
        assert rows(course) == rows(other)
        assert tree(course / "autograded") == tree(other / "autograded")
        assert len({rows(course)[NAME, s][NAME]["test-double"]["score"] for s in CLASS}) > 1


@pytest.mark.long
def test_what_the_gradebook_does_not_take_is_told_and_stops_nobody(course, command, postgresql):
    """In PostgreSQL the name of a student has at most 128 characters."""
    long = "a" * 129
    for student in ("ada", long, "zoe"):
        hand_in(course, student, answered(course))
    release(course, NAME, postgresql)
    said = command.grade(course, "--db", postgresql, status=1)
    assert "2 graded, 1 without a score" in said
    assert f"{long}: the gradebook does not take it: value too long" in said
    assert record_of(course, long)["status"] == "failed"
    assert rows(course, postgresql)["students"] == ["ada", "zoe"]


HOOKS = """
def told(word, assignment, student, notebooks):
    graded = (Path(__file__).parent / "autograded" / student / assignment).exists()
    with (Path(__file__).parent / "told.txt").open("a") as file:
        print(word, assignment, student, *notebooks, int(graded), file=file)


def after(**about):
    told("after", **about)
    1 / 0


c.Autograde.pre_convert_hook = lambda **about: told("before", **about)
c.Autograde.post_convert_hook = after
"""
OF_A_COURSE = """
from autograder.configure import trusted_grading

c = get_config()
trusted_grading(c, "autograder.verdict.course_policy.CoursePolicy")
c.CoursePolicy.solutions_directory = {!r}
"""
FAILS = """
from nbgrader.plugins import BasePlugin


class Fails(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1 / 0


c.AssignLatePenalties.plugin_class = Fails
"""


@pytest.mark.slow
def test_what_a_person_gave_is_kept_by_both_commands(again, tmp_path, nbgrader, command):
    with book(again) as gradebook:
        for student in ("s00", "s01", "s02"):
            written = gradebook.find_grade("why", NAME, NAME, student)
            written.manual_score, written.extra_credit = 2.5, 0.5
            written.needs_manual_grade = False
        gradebook.find_grade("test-double", NAME, NAME, "s01").manual_score = 1.0
        gradebook.find_comment("why", NAME, NAME, "s00").manual_comment = "Well put."
        gradebook.db.commit()
    edit(again)
    other = shutil.copytree(again, tmp_path / "other")
    nbgrader(other, "autograde", NAME, "--force")
    command.grade(again, "--force")
    found = rows(again)
    assert found == rows(other)
    assert found[NAME, "s00"][NAME]["why"]["score"] == 3
    assert found[NAME, "s00"][NAME]["why comment"]["comment"] == "Well put."
    assert not found[NAME, "s00"][NAME]["why"]["needs_manual_grade"]
    assert found[NAME, "s01"][NAME]["test-double"]["score"] == 1
    assert record_of(again, "s01")["score"] == 1 + 4 + 3


# --- what is refused ---------------------------------------------------------------------


def broken(command, course, cell, old, new):
    """What the command says where a test cell of the gradebook is another."""
    with book(course) as gradebook:
        entry = gradebook.find_source_cell(cell, NAME, NAME)
        assert old in entry.source
        entry.source = entry.source.replace(old, new)
        gradebook.db.commit()
    hand_in_class(course, 2)
    configure(course, "c.GradingExporter.canary = True\n")
    said = command.grade(course, status=1)
    assert rows(course) == {"students": []}
    assert not (course / "autograded").exists()
    assert [path.name for path in (course / "verdicts").rglob("*")] == [".run.lock"]
    return said


@pytest.mark.slow
class TestCanary:
    def test_a_reference_that_fails_stops_the_run(self, course, command):
        said = broken(command, course, "test-double", "== 42", "== 43")
        assert "Nothing was graded: the reference submission of ps1 gets 4 of 6 points" in said
        assert "test-double gives 0 of 2 (AssertionError" in said
        # And it is not forgotten, when there is nothing else to do.
        assert "Nothing was graded" in command.grade(course, status=1)

    def test_points_for_nothing_stop_the_run(self, course, command):
        path = course / "source" / NAME / f"{NAME}.ipynb"
        source = nbformat.read(path, as_version=4)
        answer = next(cell for cell in source.cells if cell.id == "triple")
        answer.source = answer.source.replace("    ### BEGIN", "    return 3 * x\n    ### BEGIN")
        write_notebook(source, path)
        said = broken(command, course, "test-triple", "wrong", "wrong")
        assert "Nothing was graded: the untouched submission of ps1 gets 4 of 6 points" in said
        assert "test-triple gives 4 of 4 (assert triple(21) == 63" in said

    def test_an_assignment_that_fails_its_trials_stops_only_itself(self, course, command):
        with book(course) as gradebook:
            for number, name in enumerate(["first", "second"]):
                cell = f"test-{['double', 'triple'][number]}"
                gradebook.find_source_cell(cell, name, TWO).source = "1.0"
            gradebook.db.commit()
        hand_in_class(course, 2)
        hand_in(course, "s00", answered(course, TWO, "first"), assignment=TWO, name="first")
        configure(course, "c.GradingExporter.canary = True\n")
        said = command.grade(course, NAME, TWO, status=1)
        assert "2 graded, 0 without a score" in said
        assert f"Nothing was graded of {TWO}: the reference submission of {TWO}/first gets" in said
        assert said.count(f"the reference submission of {TWO}/") == 2
        assert "NothingAsked" in said
        assert {key[0] for key in rows(course) if key != "students"} == {NAME}


# What goes wrong, in the process that leads the run, with one submission.
TROUBLE = """
from nbgrader.coursedir import CourseDirectory
from autograder.classrun.assignment import AssignmentToGrade

notebook, time = AssignmentToGrade._of_notebook, CourseDirectory.get_existing_timestamp

def of_notebook(self, path):
    if "s00" in str(path):
        raise RecursionError("too deep")
    return notebook(self, path)

def get_existing_timestamp(self, folder):
    if "s01" in folder:
        raise PermissionError(13, "Permission denied", folder)
    return time(self, folder)

AssignmentToGrade._of_notebook = of_notebook
CourseDirectory.get_existing_timestamp = get_existing_timestamp
"""


def test_what_goes_wrong_with_one_submission_is_its_own_verdict(course, command):
    hand_in_class(course, 3)
    said = command.grade(course, status=1, before=TROUBLE)
    assert "2 graded, 1 without a score" in said
    assert "s01: reading timestamp.txt failed: PermissionError" in said
    is_whole(course, ["s00", "s01", "s02"])
    assert record_of(course, "s00")["fingerprint"] == ""
    assert "2 graded, 0 without a score, 1 unchanged" in command.grade(course)
