"""A class's feedback: the pages that nbgrader makes, where they are due, whole or not at all."""

import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.classrun import Stopped, feedback_pages, lock
from tests.support import small_course
from tests.support.small_course import NAME

STUDENTS = ["ada", "bo b", "cleo"]
CONFIG = """
from autograder.configure import trusted_grading

c = get_config()
trusted_grading(c)
"""


def gradebook(course, url=None):
    return Gradebook(url or f"sqlite:///{course / 'gradebook.db'}")


def grade(course, student, book):
    """Put a graded submission into autograded/ and into the gradebook."""
    folder = course / "autograded" / student / NAME
    folder.mkdir(parents=True)
    notebook = small_course.answered(course)
    small_course.put(notebook, "double", f"# {student}\ndef double(x):\n    return 2 * x")
    nbformat.write(notebook, folder / f"{NAME}.ipynb")
    (folder / "timestamp.txt").write_text("2026-01-01 00:00:00 UTC")
    for other in ("notes.txt", "other.html", f"{NAME}.html", "site/index.html"):
        (folder / other).parent.mkdir(exist_ok=True)
        (folder / other).write_text("<script>handed in</script>")
    submission = book.update_or_create_submission(NAME, student)
    for grade in submission.notebooks[0].grades:
        grade.auto_score, grade.needs_manual_grade = 1.5, False
    submission.notebooks[0].late_submission_penalty = 0.5 if student == "cleo" else None
    book.db.commit()


@pytest.fixture(scope="module")
def made(made_once):
    def make(course):
        small_course.make(course)
        (course / "nbgrader_config.py").write_text(CONFIG)
        with gradebook(course) as book:
            for student in STUDENTS:
                book.update_or_create_student(student)
                grade(course, student, book)

    return made_once("graded_small_course", make)


@pytest.fixture
def course(made, tmp_path):
    return shutil.copytree(made, tmp_path / "course")


def files(course):
    """The files of feedback/, from their paths to their bytes."""
    found = Path(course, "feedback").rglob("*")
    return {str(p.relative_to(course)): p.read_bytes() for p in found if p.is_file()}


def write(course, *students, **options):
    return feedback_pages.write(course, [NAME], students, jobs=1, **options)


def test_the_pages_are_those_of_nbgrader(course, tmp_path, nbgrader):
    with gradebook(course) as book:
        found = book.find_submission_notebook(NAME, NAME, "ada")
        found.grades[0].manual_score, found.comments[0].manual_comment = 0.25, "Read *again*."
        book.db.commit()
    theirs = shutil.copytree(course, tmp_path / "theirs")
    nbgrader(theirs, "generate_feedback", NAME)
    assert write(course) == (3, [])
    ours = files(course)
    assert ours == files(theirs)
    # Of what was handed in beside the notebook nothing gets there, not even under a page's name.
    assert {path.split("/", 3)[-1] for path in ours} == {f"{NAME}.html", "timestamp.txt"}
    assert not any(b"handed in</script>" in content for content in ours.values())
    assert b"Read <em>again</em>." in ours[f"feedback/ada/{NAME}/{NAME}.html"]
    for path in ours:
        assert (course / path).stat().st_mode == (theirs / path).stat().st_mode
    assert (course / "feedback" / "ada" / NAME).stat().st_mode == (
        (theirs / "feedback" / "ada" / NAME).stat().st_mode
    )


def change_score(course):
    with gradebook(course) as book:
        book.find_grade("why", NAME, NAME, "ada").manual_score = 3
        book.db.commit()


def change_comment(course):
    with gradebook(course) as book:
        book.find_comment("double", NAME, NAME, "ada").manual_comment = "Good."
        book.db.commit()


def change_penalty(course):
    with gradebook(course) as book:
        book.find_submission_notebook(NAME, NAME, "ada").late_submission_penalty = 1
        book.db.commit()


def change_notebook(course):
    path = course / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text().replace("return 2 * x", "return x * 2"))


def ask_a_person(course):
    with gradebook(course) as book:
        book.find_grade("why", NAME, NAME, "ada").needs_manual_grade = True
        book.db.commit()


def lose_page(course):
    (course / "feedback" / "ada" / NAME / f"{NAME}.html").unlink()


@pytest.mark.parametrize(
    "change",
    [change_score, change_comment, change_penalty, change_notebook, ask_a_person, lose_page],
)
def test_what_is_not_of_the_present_state_is_written_again(course, change):
    write(course)
    change(course)
    before = files(course)
    assert write(course) == (1, [])
    after = files(course)
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {f"feedback/ada/{NAME}/{NAME}.html"}
    assert write(course) == (0, [])


def test_other_points_for_a_cell_write_all_again(course):
    write(course)
    with gradebook(course) as book:
        book.find_grade_cell("why", NAME, NAME).max_score += 1
        book.db.commit()
    assert write(course) == (3, [])


def test_what_waits_for_a_person_is_said_in_the_pages_and_of_them(course, command):
    def feedback():
        running = command.start("feedback", NAME, "--course", course)
        assert running.wait() == 0
        return running.printed()

    assert "person" not in feedback()
    ask_a_person(course)
    assert 'Waiting for a person: 1; there the pages say "not graded yet".' in feedback()
    page = (course / "feedback" / "ada" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "graded so far" in page and "3 more wait for a person" in page
    assert feedback_pages.waiting(course, [NAME], ["cleo"]) == 0


def test_times_of_files_say_nothing(course):
    write(course)
    for path in course.rglob("*"):
        os.utime(path, (1e9, 1e9) if "feedback" in path.parts else None)
    assert write(course) == (0, [])


def test_another_configuration_and_force_write_all_again(course):
    assert write(course) == (3, [])
    assert write(course, force=True) == (3, [])
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.FeedbackExporter.most_output = 100\n")
    assert write(course) == (3, [])


def test_only_those_who_are_asked_for_and_not_left_out(course):
    assert write(course, "bo b") == (1, [])
    assert {path.split("/")[1] for path in files(course)} == {"bo b"}
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.CourseDirectory.student_id_exclude = 'bo b,ada'\n")
    assert write(course) == (1, [])
    assert {path.split("/")[1] for path in files(course)} == {"bo b", "cleo"}


def test_who_and_what_there_is_not(course):
    with pytest.raises(ValueError, match=r"no assignment 'ps2'. Did you mean ps1?"):
        feedback_pages.write(course, ["ps2"])
    with pytest.raises(ValueError, match=r"student 'adda'. Did you mean ada?"):
        write(course, "adda")
    with pytest.raises(ValueError, match="no nbgrader course"):
        write(course / "source")
    (course / "gradebook.db").unlink()
    with pytest.raises(ValueError, match="there is no gradebook at"):
        write(course)
    assert not (course / "gradebook.db").exists()
    assert not (course / "feedback").exists()


def test_one_student_s_fault_is_told_and_keeps_nobody_from_theirs(course):
    write(course)
    before = files(course)
    path = course / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    path.write_text("{no notebook")
    number, failed = write(course, force=True)
    assert number == 2
    assert [(name, who) for name, who, _ in failed] == [(NAME, "ada")]
    assert failed[0][2].startswith(f"{NAME}.ipynb: NotJSONError: ")
    assert files(course) == before
    # It is tried again, also without --force.
    assert write(course)[1] == failed


def test_a_name_that_leaves_no_room_for_an_ending(course):
    with gradebook(course) as book:
        for student in ("a" * 254, "a" * 255):
            book.update_or_create_student(student)
            grade(course, student, book)
    assert write(course) == (5, [])
    assert write(course) == (0, [])


def test_what_nbgrader_would_take_for_a_pattern_is_told(course):
    (course / "autograded" / "ada").rename(course / "autograded" / "ada [1]")
    number, failed = write(course)
    assert (number, [who for _, who, _ in failed]) == (2, ["ada [1]"])
    assert "none of [ ] * ?" in failed[0][2]


def hook(course, when, text):
    """Have nbgrader call a hook for each submission. text: its body."""
    head = "import os, pathlib, time\n\n\ndef hook(assignment, student, notebooks):\n"
    name = f"hook_{secrets.token_hex(8)}"
    (course / f"{name}.py").write_text(f"{head}    {text}\n")
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"import {name}\nc.GenerateFeedback.{when}_convert_hook = {name}.hook\n")


def test_a_worker_that_is_lost_leaves_the_page_that_was_there(course):
    write(course)
    before = files(course)
    (course / "feedback" / ".writing-old" / "ada").mkdir(parents=True)
    change_score(course)
    hook(course, "pre", "student == 'ada' and os._exit(1)")
    number, failed = write(course)
    assert (number, [who for _, who, _ in failed]) == (2, ["ada"])
    assert "ended the process" in failed[0][2]
    assert files(course) == before
    assert not list((course / "feedback").glob(".*"))
    hook(course, "pre", "pass")
    assert write(course) == (3, [])
    assert files(course) != before


def test_pages_that_take_too_long_end_the_process(course):
    hook(course, "pre", "time.sleep(1000)")
    (course / "feedback").mkdir()
    script = "from autograder.classrun import feedback_pages\nfeedback_pages.PATIENCE = 1\n"
    script += f"feedback_pages.make(feedback_pages.Task({str(course)!r}, None, {NAME!r}, 'ada'))"
    ended = subprocess.run(
        [sys.executable, "-c", script], check=False, stderr=subprocess.PIPE, timeout=300
    )
    assert ended.returncode == 1 and b"in hook" in ended.stderr


def test_a_hook_finds_the_pages_in_their_place(course):
    text = "page = pathlib.Path('feedback', student, assignment, 'ps1.html')\n"
    hook(course, "post", f"{text}    page.with_name('seen').write_text(str(page.is_file()))")
    assert write(course, "ada") == (1, [])
    assert (course / "feedback" / "ada" / NAME / "seen").read_text() == "True"


def test_not_while_the_course_is_graded(course, monkeypatch):
    monkeypatch.setattr(lock, "LOCK_PATIENCE", 0)
    with lock.locked(course), pytest.raises(Stopped, match="another run"):
        write(course)


@pytest.mark.long
def test_a_gradebook_of_postgresql(course, postgresql):
    with gradebook(course, postgresql) as book:
        book.add_assignment(NAME)
        book.add_notebook(NAME, NAME)
        for name in ("double", "triple", "why", "how"):
            book.add_solution_cell(name, NAME, NAME)
        for name, points in (("check-double", 0), ("test-double", 2), ("test-triple", 4)):
            book.add_grade_cell(name, NAME, NAME, max_score=points, cell_type="code")
        for name in ("why", "how"):
            book.add_grade_cell(name, NAME, NAME, max_score=3, cell_type="markdown")
        book.add_task_cell("task", NAME, NAME, max_score=5, cell_type="markdown")
        book.add_student("ada")
        shutil.rmtree(course / "autograded")
        grade(course, "ada", book)
    assert write(course, db_url=postgresql) == (1, [])
    assert write(course, db_url=postgresql) == (0, [])
    with gradebook(course, postgresql) as book:
        book.find_grade("why", NAME, NAME, "ada").manual_score = 3
        book.db.commit()
    assert write(course, db_url=postgresql) == (1, [])
