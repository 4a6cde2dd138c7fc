"""nbgrader's commands on a gradebook in PostgreSQL, with the grading of this course."""

import csv
import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from autograder.exercises.sample import CLASS, hand_in
from tests.support import class_course
from tests.support.class_course import course
from tests.support.waiting import wait_until

__all__ = ["course"]  # fixtures
pytestmark = pytest.mark.long

NAME = "02_cost"
# Right, untouched, a mistake in two functions, and an error in one that others call.
STUDENTS = [s for s in CLASS if s.name in ("ada", "cleo", "finn", "hugo")]


@pytest.fixture(scope="module")
def graded(tmp_path_factory, fresh_course, entered_course, nbgrader, postgresql_server):
    """The same submissions graded twice: (folder, db_url) by the kind of gradebook."""
    folder = tmp_path_factory.mktemp("gradebooks")
    lite = shutil.copytree(entered_course, folder / "sqlite")
    hand_in(lite, STUDENTS, [NAME])
    nbgrader(lite, "autograde", NAME, "--GradingExporter.canary=False")

    path, url = shutil.copytree(fresh_course, folder / "course"), postgresql_server.database()
    hand_in(path, STUDENTS, [NAME])
    # As an instructor says it, once for all commands.
    with (path / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    nbgrader(path, "generate_assignment", NAME, "--force")
    nbgrader(path, "autograde", NAME)
    nbgrader(path, "generate_feedback", NAME)
    nbgrader(path, "export", "--to", "scores.csv")
    return {"sqlite": (lite, f"sqlite:///{lite}/gradebook.db"), "postgresql": (path, url)}


def grades(url):
    """Every grade of the gradebook: the scores of a cell by student and cell."""
    with Gradebook(url, "sparse-autoencoder") as gradebook:
        return {
            (notebook.student.id, grade.name): (
                grade.auto_score, grade.manual_score, grade.max_score, grade.needs_manual_grade
            )
            for notebook in gradebook.notebook_submissions(NAME, NAME)
            for grade in notebook.grades
        }  # fmt: skip


@pytest.mark.bubblewrap
class TestPostgreSQL:
    def test_grades_are_those_of_sqlite(self, graded):
        of_sqlite, of_postgresql = (grades(url) for _, url in graded.values())
        assert of_sqlite == of_postgresql
        assert {student for student, _ in of_sqlite} == {s.name for s in STUDENTS}
        assert sum(scores[0] or 0 for who, scores in of_sqlite.items() if who[0] == "ada") == 17
        assert sum(scores[0] or 0 for who, scores in of_sqlite.items() if who[0] == "cleo") == 0

    def test_the_exported_table_has_them(self, graded):
        path, url = graded["postgresql"]
        with (path / "scores.csv").open(newline="") as file:
            exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
        expected = dict.fromkeys(exported, 0.0)
        for (student, _), scores in grades(url).items():
            expected[student] += (scores[0] or 0) + (scores[1] or 0)
        assert exported == expected
        assert sorted(exported) == [s.name for s in STUDENTS]

    def test_graded_notebooks_are_the_same_and_there_is_feedback(self, graded):
        of_sqlite, of_postgresql = (
            [nbformat.read(path / "autograded" / s.name / NAME / f"{NAME}.ipynb", 4).cells
             for s in STUDENTS]
            for path, _ in graded.values()
        )  # fmt: skip
        for cells, others in zip(of_sqlite, of_postgresql, strict=True):
            assert [cell.source for cell in cells] == [cell.source for cell in others]
        path, _ = graded["postgresql"]
        for student in STUDENTS:
            page = path / "feedback" / student.name / NAME / f"{NAME}.html"
            assert "(Score: " in page.read_text(encoding="utf-8")

    def test_the_gradebook_is_on_the_server_alone(self, graded):
        path, url = graded["postgresql"]
        assert list(path.glob("*.db")) == []
        with create_engine(url).connect() as connection:
            rows = connection.execute(text("SELECT count(*) FROM submitted_assignment"))
            assert rows.scalar_one() == len(STUDENTS)


def test_a_class_run_killed_and_gone_on_with(course, tmp_path, command, postgresql):
    small = class_course.NAME
    lite = shutil.copytree(course, tmp_path / "sqlite")
    class_course.release(course, small, postgresql)
    (course / "gradebook.db").unlink()
    for each in (course, lite):
        names = class_course.hand_in_class(each, 5)
    command.grade(lite)
    before = class_course.times(lite)

    class_course.configure(course, class_course.waits("s00", "s01"))
    running = command.start("grade", small, "--course", course, "--db", postgresql)
    wait_until(lambda: len(class_course.record_files(course)) >= 2, "two are graded")
    running.kill()
    (course / "go").touch()
    # The gradebook is told of one, and dies before the record is there.
    dies = (
        "from autograder.results import records; import os; records.write = lambda *_: os._exit(9)"
    )
    command.grade(course, "--db", postgresql, status=9, before=dies)
    kept = {path: path.read_bytes() for path in class_course.record_files(course)}
    assert 2 <= len(kept) < 5
    said = command.grade(course, "--db", postgresql)
    assert f"{5 - len(kept)} graded, 0 without a score, {len(kept)} unchanged" in said
    assert all(path.read_bytes() == text for path, text in kept.items())
    assert "0 graded, 0 without a score, 5 unchanged" in command.grade(course, "--db", postgresql)

    found = class_course.rows(course, postgresql)
    wanted = class_course.rows(lite)
    del wanted["students"], found["students"]
    assert found == wanted and len(found) == len(names)
    assert class_course.tree(course / "autograded") == class_course.tree(lite / "autograded")
    assert not (course / "gradebook.db").exists()
    # It was the same class, and its own gradebook was let alone.
    assert class_course.times(lite) == before
    with create_engine(postgresql).connect() as connection:
        for table in ("submitted_assignment", "submitted_notebook"):
            rows = connection.execute(text(f"SELECT count(*) FROM {table}"))
            assert rows.scalar_one() == len(names)


def test_a_server_that_is_lost_midway(course, command, postgresql_server):
    """What was graded stays graded, and a sentence says what happened."""
    url = postgresql_server.database()
    class_course.release(course, class_course.NAME, url)
    class_course.hand_in_class(course, 3)
    # As when the network fails: the server ends this connection before the second submission.
    said = command.grade(course, "--db", url, "--jobs", "1", status=1, before=ENDS_CONNECTIONS)
    assert "What was graded could not be written: " in said and "Traceback" not in said
    assert len(class_course.record_files(course)) == 1
    assert "2 graded, 0 without a score, 1 unchanged" in command.grade(course, "--db", url)


ENDS_CONNECTIONS = """
from autograder.classrun.writer import Writer
from sqlalchemy import create_engine, text

original, count = Writer.write, []

def write(self, *args):
    count.append(1)
    if len(count) == 2:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        others += "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with create_engine(self.coursedir.db_url).connect() as connection:
            connection.execute(text(others))
    return original(self, *args)

Writer.write = write
"""
