"""Grades for Canvas and for Moodle, in the columns that their gradebooks import.

Plain `nbgrader export` writes nbgrader's own table, with a column more.

    nbgrader export --exporter=autograder.lms.exports.CanvasExporter --to=canvas.csv
    nbgrader export --exporter=autograder.lms.exports.MoodleExporter --to=moodle.csv

Options for what differs from school to school are set in nbgrader_config.py, or after the command;
docs/report.md lists them. nbgrader's own --assignment and --student narrow the export.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from nbgrader.plugins.export import CsvExportPlugin, ExportPlugin
from traitlets import Bool, Dict, Enum, Integer, Unicode

from autograder.course.files import write_whole
from autograder.course.folders import coursedir_of
from autograder.results import records
from autograder.results.csv_tables import table_text
from autograder.results.grades import Assignment, Student, Submission, read_grades
from autograder.results.history import one_line

COLUMNS = ["assignment", "duedate", "timestamp", "student_id"]  # of nbgrader's own table
FIELDS = ("id", "email", "lms_user_id", "first_name", "last_name", "")
Entry = TypeVar("Entry", Student, Assignment)
FIELD = "Which of nbgrader's fields of a student this is; empty for none."


def not_final(plugin: ExportPlugin, assignment: str, submission: Submission) -> str:
    """Why a score may still change, in one line; "" if it is final.

    Args:
        plugin: the exporter, which knows where the course's records are.
        assignment: the assignment's name.
        submission: what the student has for it.
    """
    coursedir = coursedir_of(plugin)
    record = coursedir and records.read(coursedir.root, assignment, submission.student)
    return one_line(submission.not_final(record or None))


class Refusing(ExportPlugin):
    """An exporter that writes a file, or says in a message why it does not."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the file.

        `nbgrader export` shows all errors with a traceback; where it is the caller, it is made to
        end with the message instead, in the way of nbgrader's own commands.

        Args:
            gradebook: the gradebook whose grades are exported.

        Raises:
            ValueError, OSError: as write(), unless nbgrader's command is the caller.
        """
        try:
            self.write(gradebook)
        except (ValueError, OSError) as error:
            if not isinstance(self.parent, NbGrader):
                raise
            # Each line for itself: what is logged has no line breaks, which a name could hold.
            *lines, last = f"Nothing was exported: {error}".split("\n")
            for line in lines:
                self.log.error("%s", line)
            self.parent.fail("%s", last)

    def write(self, gradebook: Gradebook) -> None:
        """Write the file: as export()."""
        raise NotImplementedError


class CsvExporter(Refusing, CsvExportPlugin):
    """nbgrader's own table, with a last column that says why a score is not final."""

    def write(self, gradebook: Gradebook) -> None:
        self.to = self.to or "grades.csv"
        CsvExportPlugin.export(self, gradebook)
        why = {
            (assignment.name, submission.student): not_final(self, assignment.name, submission)
            for assignment in read_grades(gradebook)[1]
            for submission in assignment.submissions.values()
        }
        header, *lines = Path(self.to).read_text(encoding="utf-8").rstrip("\n").split("\n")
        if header.split(",")[:4] != COLUMNS:
            raise ValueError(
                f"nbgrader's table, {self.to}, has the columns {header!r}, and should begin with "
                f"{','.join(COLUMNS)!r}: which of its scores are not final cannot be told. Install "
                "a version of nbgrader that pyproject.toml names"
            )
        # It quotes nothing.
        ids = [line.split(",") for line in lines]
        told = [why.get((row[0], row[3]), "") if len(row) > 3 else "" for row in ids]
        ends = [table_text([["", text]]).rstrip() for text in told]
        table = [f"{header},not_final", *(line + end for line, end in zip(lines, ends))]
        write_whole(self.to, "\n".join(table) + "\n")
        if any(told):
            count = sum(map(bool, told))
            self.log.warning("Scores that are not final: %d. The last column says why.", count)


class GradesExporter(Refusing):
    """What both exporters share: one row for each student, and one column for each assignment."""

    default_file = "grades.csv"

    columns = Dict(
        help="From an assignment's name to the title of its column, where it is another one."
    ).tag(config=True)
    late_penalties = Bool(True, help="Take late penalties off the scores.").tag(config=True)
    waiting = Bool(
        True,
        help="Write the score, as it is by now, of who still waits for an answer to be graded by a "
        "person, or whose last grading failed. Without, it is left open.",
    ).tag(config=True)
    even_so = Bool(False, help="Write the file though some of its scores are not final.").tag(
        config=True
    )
    percent = Bool(False, help="Write per cent of the points, not points.").tag(config=True)
    decimals = Integer(2, min=0, max=6, help="Digits behind the decimal point.").tag(config=True)
    decimal_comma = Bool(False, help="Write 7,5 for seven and a half.").tag(config=True)
    separator = Enum([",", ";", "\t"], ",", help="What stands between columns.").tag(config=True)
    missing = Unicode("", help="What is written for who has handed nothing in.").tag(config=True)
    not_graded = Unicode("", help="What is written where there is no score yet.").tag(config=True)

    def write(self, gradebook: Gradebook) -> None:
        """Write the file.

        Args:
            gradebook: the gradebook whose grades are exported.

        Raises:
            ValueError: if an option names something that is not in the gradebook, if two columns
                have the same title, or if scores are not final (see even_so).
        """
        students, assignments = read_grades(gradebook)
        unknown = sorted(set(self.columns) - {assignment.name for assignment in assignments})
        if unknown:
            raise ValueError(
                f"columns names {unknown[0]!r}, and the gradebook has no such assignment"
            )
        students = self._chosen("student", students, lambda student: student.id)
        assignments = self._chosen("assignment", assignments, lambda assignment: assignment.name)
        titles = [self.columns.get(a.name, a.name) for a in assignments]
        twice = sorted({title for title in titles if titles.count(title) > 1})
        if twice:
            raise ValueError(
                f"two columns would be called {twice[0]!r}; give each assignment its own in columns"
            )
        self._tell_what_is_not_final(students, assignments)
        path = write_whole(
            self.to or self.default_file,
            table_text(self.rows(students, assignments, titles), self.separator),
        )
        self.log.info("Wrote %d students to %s", len(students), path)

    def _tell_what_is_not_final(
        self, students: list[Student], assignments: list[Assignment]
    ) -> None:
        chosen = {student.id for student in students}
        told = [
            f"    {assignment.name}  {name}  {why}"
            for assignment in assignments
            for name, submission in sorted(assignment.submissions.items())
            if name in chosen and submission.decided
            if (why := not_final(self, assignment.name, submission))
        ]
        if not told:
            return
        told.insert(0, f"Scores that are not final: {len(told)}:")
        if self.waiting and not self.even_so:
            kind = type(self).__name__
            told.append(
                "Grade these first, or write them as they are by now with "
                f"--{kind}.even_so=True, or leave them open with --{kind}.waiting=False"
            )
            raise ValueError("\n".join(told))
        for line in told:
            self.log.warning("%s", line.strip())

    def rows(
        self, students: list[Student], assignments: list[Assignment], titles: list[str]
    ) -> Iterator[list[str]]:
        """All rows of the file, the header first."""
        raise NotImplementedError

    def grade(self, assignment: Assignment, student: Student) -> str:
        """The text in a student's cell: a number, or what is written instead of one."""
        submission = assignment.submissions.get(student.id)
        if submission is None:
            return self.missing
        if not submission.decided or (submission.waiting and not self.waiting):
            return self.not_graded
        score = submission.after_penalty if self.late_penalties else submission.score
        if self.percent:
            if not assignment.max_score:
                return self.not_graded
            score *= 100 / assignment.max_score
        return self.number(score)

    def number(self, value: float) -> str:
        """A number as text: 12, 7.5, or 7,5."""
        text = f"{value:.{self.decimals}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return text.replace(".", ",") if self.decimal_comma else text

    def _chosen(
        self, option: str, everything: list[Entry], name: Callable[[Entry], str]
    ) -> list[Entry]:
        wanted = [str(item) for item in getattr(self, option)]
        unknown = sorted(set(wanted) - {name(one) for one in everything})
        if unknown:
            raise ValueError(f"there is no {option} {unknown[0]!r} in the gradebook")
        return [one for one in everything if not wanted or name(one) in wanted]


class CanvasExporter(GradesExporter):
    """The CSV file that Import on Canvas's Grades page reads into its gradebook."""

    default_file = "canvas.csv"

    canvas_id = Enum(FIELDS, "lms_user_id", help=f"Canvas's ID of a student. {FIELD}")
    canvas_id.tag(config=True)
    sis_user_id = Enum(FIELDS, "", help=f"The SIS User ID. {FIELD}").tag(config=True)
    sis_login_id = Enum(FIELDS, "id", help=f"The SIS Login ID. {FIELD}").tag(config=True)
    section = Unicode("", help="The section that all students are in.").tag(config=True)

    def rows(
        self, students: list[Student], assignments: list[Assignment], titles: list[str]
    ) -> Iterator[list[str]]:
        yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *titles]
        points = [self.number(100 if self.percent else a.max_score) for a in assignments]
        # Canvas itself writes these blanks.
        yield ["    Points Possible", "", "", "", "", *points]
        for student in students:
            ids = [self.canvas_id, self.sis_user_id, self.sis_login_id]
            words = [getattr(student, field) if field else "" for field in ids]
            grades = [self.grade(assignment, student) for assignment in assignments]
            yield [student.sortable, *words, self.section, *grades]


class MoodleExporter(GradesExporter):
    """A CSV file for Grades > Import > CSV file in Moodle."""

    default_file = "moodle.csv"

    id_number = Enum(FIELDS, "id", help=f"Moodle's ID number. {FIELD}").tag(config=True)
    email = Enum(FIELDS, "email", help=f"The email address. {FIELD}").tag(config=True)
    username = Enum(FIELDS, "", help=f"Moodle's username. {FIELD}").tag(config=True)

    # For Moodle this is no grade, in a grade item that is there and in a new one.
    missing = Unicode("-", help=GradesExporter.missing.help).tag(config=True)
    not_graded = Unicode("-", help=GradesExporter.not_graded.help).tag(config=True)

    def rows(
        self, students: list[Student], assignments: list[Assignment], titles: list[str]
    ) -> Iterator[list[str]]:
        named = {"ID number": self.id_number, "Email address": self.email,
                 "Username": self.username}  # fmt: skip
        named = {title: field for title, field in named.items() if field}
        if not named:
            raise ValueError("Moodle has to know who is who: set id_number, email or username")
        for title, field in named.items():
            without = [student.id for student in students if not getattr(student, field)]
            if without:
                self.log.warning(
                    "%d students have no %s, %s first. Moodle imports nothing where it does not "
                    "find one of them: do not let it map from this column.",
                    len(without), title, without[0],
                )  # fmt: skip
        yield ["First name", "Last name", *named, *titles]
        for student in students:
            words = [getattr(student, field) for field in named.values()]
            grades = [self.grade(assignment, student) for assignment in assignments]
            yield [student.first_name, student.last_name, *words, *grades]
