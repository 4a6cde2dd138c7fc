"""The files for Canvas and Moodle, as a whole, by nbgrader's own command."""

import csv
import shutil

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins.export import CsvExportPlugin
from traitlets import TraitError
from traitlets.config import Config

from autograder.lms.exports import CanvasExporter, CsvExporter, MoodleExporter
from tests.support.class_course import answered, hand_in
from tests.support.gradebooks import fill

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Problem set 1 (4711),ps2
    Points Possible,,,,,10,0
"<script>alert(1)</script>, =1+1",,'@evil,evil,Group B,0.33,
"Lovelace, Ada",,,ada,Group B,10,
nobody,,,nobody,Group B,,
"O'Neill, Jr., Zoë",77,zoe@x.org,zoe,Group B,6.25,
李雷,,,李雷,Group B,6,
"""
MOODLE = """\
First name,Last name,ID number,Email address,ps1,ps2
'=1+1,<script>alert(1)</script>,evil,'@evil,0.33,-
Ada,Lovelace,ada,,10,-
,,nobody,,-,-
Zoë,"O'Neill, Jr.",zoe,zoe@x.org,6.25,-
,,李雷,,6,-
"""
WAITS = "ps1  李雷  waits for a person: ps1/why"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("book"))


@pytest.fixture
def export(book, tmp_path):
    """Exports by a class with options; returns the rows."""

    def run(kind, **options):
        options = {"to": str(tmp_path / "out.csv"), "even_so": True, **options}
        config = Config({kind.__name__: options})
        with Gradebook(f"sqlite:///{book / 'gradebook.db'}") as gradebook:
            kind(config=config).export(gradebook)
        return (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()

    return run


def test_nbgrader_s_command_writes_for_canvas(book, nbgrader):
    nbgrader(
        book, "export", "--exporter=autograder.lms.exports.CanvasExporter", "--to=canvas.csv",
        "--CanvasExporter.section=Group B", "--CanvasExporter.sis_user_id=email",
        "--CanvasExporter.columns=ps1=Problem set 1 (4711)", "--CanvasExporter.even_so=True",
    )  # fmt: skip
    assert (book / "canvas.csv").read_bytes().decode().replace("\r\n", "\n") == CANVAS
    assert [path.name for path in book.glob(".*")] == []


def test_nbgrader_s_command_writes_for_moodle(book, nbgrader):
    told = nbgrader(
        book, "export", "--exporter=autograder.lms.exports.MoodleExporter",
        "--MoodleExporter.even_so=True",
    )  # fmt: skip
    assert (book / "moodle.csv").read_bytes().decode().replace("\r\n", "\n") == MOODLE
    assert "Scores that are not final: 1:" in told and f"{WAITS}\n" in told
    assert "3 students have no Email address, ada first." in told


def test_a_school_with_a_decimal_comma(export):
    rows = export(CanvasExporter, separator=";", decimal_comma=True, assignment=["ps1"])
    assert rows[0] == "Student;ID;SIS User ID;SIS Login ID;Section;ps1"
    assert rows[2].endswith(";evil;;0,33") and rows[5].endswith(";zoe;;6,25")


def test_what_counts_can_be_chosen(export):
    def of(student, **options):
        rows = export(CanvasExporter, student=[student], assignment=["ps1"], **options)
        return rows[1].split(",")[-1], rows[2].split(",")[-1]

    assert of("zoe", late_penalties=False) == ("10", "8.5")
    assert of("李雷", waiting=False, not_graded="later") == ("10", "later")
    assert of("nobody", missing="0") == ("10", "0")
    assert of("evil", decimals=0) == ("10", "0")
    assert of("evil", percent=True, decimals=1) == ("100", "3.3")


def test_moodle_knows_students_by_what_is_chosen(export):
    rows = export(MoodleExporter, id_number="", email="", username="id", assignment=["ps1"])
    assert rows[0] == "First name,Last name,Username,ps1"
    assert rows[2] == "Ada,Lovelace,ada,10"
    with pytest.raises(ValueError, match="set id_number, email or username"):
        export(MoodleExporter, id_number="", email="")


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"columns": {"ps3": "x"}}, ValueError, "no such assignment"),
        ({"columns": {"ps1": "ps2"}}, ValueError, "two columns would be called 'ps2'"),
        ({"student": ["zo"]}, ValueError, "there is no student 'zo'"),
        ({"assignment": ["ps"]}, ValueError, "there is no assignment 'ps'"),
        ({"separator": "|"}, TraitError, "separator"),
        ({"canvas_id": "name"}, TraitError, "canvas_id"),
    ],
)
def test_an_option_that_names_nothing_is_an_error(export, options, error, words):
    with pytest.raises(error, match=words):
        export(CanvasExporter, **options)


def test_a_failed_export_leaves_the_old_file(book, tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("old")
    with Gradebook(f"sqlite:///{book / 'gradebook.db'}") as gradebook:
        exporter = MoodleExporter(to=str(path), id_number="", email="", even_so=True)
        with pytest.raises(ValueError, match="who is who"):
            exporter.export(gradebook)
    assert path.read_text() == "old" and len(list(tmp_path.iterdir())) == 1


def test_scores_that_are_not_final_are_refused_and_named(book, export, tmp_path):
    for kind in (CanvasExporter, MoodleExporter):
        with pytest.raises(ValueError, match="Scores that are not final: 1") as refused:
            export(kind, even_so=False)
        assert WAITS in str(refused.value) and f"--{kind.__name__}.even_so=True" in str(
            refused.value
        )
        assert list(tmp_path.iterdir()) == []
    # Who is not asked for, or is left open, is not written in silence.
    export(CanvasExporter, even_so=False, student=["ada"])
    export(CanvasExporter, even_so=False, assignment=["ps2"])
    assert export(CanvasExporter, even_so=False, waiting=False)[-1] == "李雷,,,李雷,,,"


def test_a_table_of_nbgrader_s_with_other_columns_is_refused(export, monkeypatch):
    def written(plugin, gradebook):
        with open(plugin.to, "w", encoding="utf-8") as file:
            file.write("course,assignment,duedate,timestamp,student_id\nc,ps1,,,ada\n")

    monkeypatch.setattr(CsvExportPlugin, "export", written)
    with pytest.raises(ValueError, match=r"has the columns 'course,assignment,.* should begin"):
        export(CsvExporter)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--CanvasExporter.columns=ps3=x",), "columns names 'ps3', and the gradebook has no such"),
        (("--to=none/canvas.csv",), "No such file or directory: 'none/"),
    ],
)
def test_nbgrader_s_command_says_in_a_message_why_there_is_no_file(book, nbgrader, words, told):
    exporter = "--exporter=autograder.lms.exports.CanvasExporter"
    said = nbgrader(book, "export", exporter, "--CanvasExporter.even_so=True", *words, status=1)
    assert f"ERROR] Nothing was exported: {told}" in said.replace("[Errno 2] ", "")
    assert "Traceback" not in said


@pytest.mark.parametrize("words", [(), ("--exporter=autograder.lms.exports.CanvasExporter",)])
def test_a_score_of_before_a_failure_is_told(class_course, command, tmp_path, nbgrader, words):
    course = shutil.copytree(class_course, tmp_path / "course")
    folder = hand_in(course, "ada", answered(course))
    command.grade(course)
    (folder / "ps1.ipynb").rename(folder / "mine.ipynb")
    command.grade(course, status=1)
    told = "could not be graded (no notebook of ps1 was handed in: wanted is ps1.ipynb, and there "
    told += "is mine.ipynb); the score is of an earlier grading"
    said = nbgrader(course, "export", "--to=out.csv", *words, status=1 if words else 0)
    if words:
        assert "ERROR] Nothing was exported: Scores that are not final: 1:\n" in said
        assert f"ERROR]     ps1  ada  {told}\n" in said
        assert "Traceback" not in said and not (course / "out.csv").exists()
        return
    assert "Scores that are not final: 1." in said
    with (course / "out.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["assignment"]: row for row in csv.DictReader(file)}
    assert (rows["ps1"]["score"], rows["ps1"]["not_final"]) == ("6.0", told)
    assert rows["ps2"]["not_final"] == ""
