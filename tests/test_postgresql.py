"""nbgrader's commands on a gradebook in PostgreSQL, with the grading of this course."""

import csv
import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from autograder.sample import CLASS, hand_in

pytestmark = pytest.mark.slow

NAME = "02_cost"
# Right, untouched, a mistake in two functions, and an error in one that others call.
STUDENTS = [s for s in CLASS if s.name in ("ada", "cleo", "finn", "hugo")]


@pytest.fixture(scope="module")
def graded(tmp_path_factory, fresh_course, entered_course, nbgrader, postgresql_server):
    """The same submissions graded twice: (folder, db_url) by the kind of gradebook."""
    folder = tmp_path_factory.mktemp("gradebooks")
    lite = shutil.copytree(entered_course, folder / "sqlite")
    hand_in(lite, STUDENTS, [NAME])
    nbgrader(lite, "autograde", NAME)

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
