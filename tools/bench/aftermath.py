"""What must be true after a class run, whatever was done to it: see stress.py."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from sqlalchemy import text

# Tags that have no end.
ALONE = {"meta", "link", "br", "img", "hr", "input", "col", "source", "wbr"}


@dataclass(frozen=True)
class Handed:
    """A submission, and the points that it may get.

    Attributes:
        by: who made it: a student of the sample class, or an attack.
        honest: whether it is honest work, and not an attack.
        least: the fewest points that it may get.
        most: the most points that it may get.
    """

    by: str
    honest: bool
    least: float
    most: float


class Aftermath:
    """A course after the class run has ended.

    Args:
        course: the course's folder.
        name: the notebook's name.
        handed_in: from a student's id to what the student handed in.
    """

    def __init__(self, course: Path, name: str, handed_in: dict[str, Handed]) -> None:
        self.course, self.name, self.handed_in = course, name, handed_in
        self.records = {path.stem: parsed(data) for path, data in bytes_of_records(course).items()}
        self.rows = self.read_rows()
        self.seconds_of_report = 0.0

    def checks(self) -> dict[str, list[str]]:
        """Check what must be true.

        Returns:
            A dictionary from a sentence that must be true to the faults that were found.
        """
        return {
            "each submission has a verdict": self.missing_verdicts(),
            "each has one row in the gradebook": self.wrong_rows(),
            "each is graded, or failed by name": self.unnamed(),
            "scores are nbgrader's": self.wrong_scores(),
            "no file is half written": self.half_written(),
            "the report opens": self.report_faults(),
        }

    def read_rows(self) -> dict[str, list[tuple[float, float]]]:
        """The rows in the gradebook, by student: the points from tests, and the whole score."""
        rows: dict[str, list[tuple[float, float]]] = {}
        with self.gradebook() as gradebook:
            for row in gradebook.assignment_submissions(self.name):
                grades = [grade for notebook in row.notebooks for grade in notebook.grades]
                tests = [grade for grade in grades if grade.cell.cell_type == "code"]
                points = sum(grade.auto_score or 0.0 for grade in tests)
                rows.setdefault(row.student.id, []).append((points, row.score))
        return rows

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.course / 'gradebook.db'}", "sparse-autoencoder")

    def status(self, student: str) -> str | None:
        return (self.records.get(student) or {}).get("status")

    def missing_verdicts(self) -> list[str]:
        wanted, found = set(self.handed_in), set(self.records)
        missing = [f"{student} has none" for student in sorted(wanted - found)]
        return missing + [f"{student} is nobody's" for student in sorted(found - wanted)]

    def wrong_rows(self) -> list[str]:
        faults = []
        for student in self.handed_in:
            count = len(self.rows.get(student, []))
            # What could not be graded need not have a row, but never has two.
            if count > 1 or (count == 0 and self.status(student) != "failed"):
                faults.append(f"{student} has {count}")
        strangers = sorted(set(self.rows) - set(self.handed_in))
        return faults + [f"{student} is nobody's" for student in strangers]

    def unnamed(self) -> list[str]:
        faults = []
        for student, record in self.records.items():
            if record is None:
                faults.append(f"{student}: the record cannot be read")
            elif record["status"] == "failed":
                if not record["failure"]:
                    faults.append(f"{student} failed, and nobody knows why")
            elif record["status"] != "graded" or record["score"] is None:
                faults.append(f"{student}: {record['status']}, score {record['score']}")
        return faults

    def wrong_scores(self) -> list[str]:
        """Faults in the scores.

        Honest work must have nbgrader's points, and an attack must have what its code deserves.
        """
        faults = []
        for student, work in self.handed_in.items():
            if work.honest and self.status(student) != "graded":
                faults.append(f"{student} ({work.by}) is honest, and was not graded")
            record = self.records.get(student) or {}
            for points, score in self.rows.get(student, []):
                if not work.least - 1e-9 <= points <= work.most + 1e-9:
                    wanted = f"{work.least:g}" if work.honest else f"{work.least:g}-{work.most:g}"
                    faults.append(f"{student} ({work.by}) got {points:g}, not {wanted}")
                if record.get("score") not in (None, score):
                    faults.append(f"{student}: record {record['score']}, gradebook {score}")
        return faults

    def half_written(self) -> list[str]:
        strange = [p for p in self.course.glob("verdicts/*/*") if p.suffix != ".json"]
        strange += [p for p in self.course.glob("autograded/*/*") if p.name != self.name]
        strange += [p for p in self.course.glob("autograded/*") if p.name not in self.handed_in]
        faults = [f"{path.relative_to(self.course)} was left behind" for path in sorted(strange)]
        for path in sorted(self.course.glob("autograded/*/*/*.ipynb")):
            try:
                nbformat.read(path, as_version=4)
            except Exception as error:
                faults.append(f"{path.relative_to(self.course)}: {error!r}"[:200])
        for student in self.handed_in:
            path = self.course / "autograded" / student / self.name / f"{self.name}.ipynb"
            if self.status(student) == "graded" and not path.is_file():
                faults.append(f"{student} is graded, and has no autograded notebook")
        with self.gradebook() as gradebook:
            (whole,) = gradebook.db.execute(text("PRAGMA integrity_check")).one()
        return faults + ([] if whole == "ok" else [f"gradebook.db: {whole}"])

    def report_faults(self) -> list[str]:
        command = [sys.executable, "-m", "autograder", "report", "--course", str(self.course)]
        start = time.perf_counter()
        answer = subprocess.run(
            command, cwd=self.course.parent, capture_output=True, text=True, check=False
        )
        self.seconds_of_report = time.perf_counter() - start
        if answer.returncode:
            return [f"the command ends with {answer.returncode}: {answer.stderr.strip()[-300:]}"]
        faults = []
        for name in (self.name, "course"):
            path = self.course / "report" / f"{name}.html"
            if not path.is_file():
                faults.append(f"there is no {path.name}")
                continue
            page = Page(path.read_text(encoding="utf-8"))
            if page.open or "title" not in page.tags:
                faults.append(f"{path.name}: not a whole page ({page.open[-3:]} stay open)")
            if "script" in page.tags:
                faults.append(f"{path.name} has a script")
            rows = path.with_suffix(".csv").read_text(encoding="utf-8")
            faults += [f"{name}.csv has no {s}" for s in sorted(self.handed_in) if s not in rows]
        return faults


class Page(HTMLParser):
    """The tags of an HTML page: all of them, and those that are never closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        # What HTML lets be left out (</p>, </li>, </td>) is closed with what is around it.
        while tag in self.open and self.open.pop() != tag:
            pass


def bytes_of_records(course: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(course.glob("verdicts/*/*.json"))}


def changed(before: dict[Path, bytes], after: dict[Path, bytes]) -> list[str]:
    """The verdicts that are not what they were before.

    A submission that failed may be tried again, so its verdict may change, but not disappear.

    Args:
        before: from the path of each record to its bytes.
        after: the same, later.

    Returns:
        A sentence for each of these verdicts.
    """
    return [
        f"{path.parent.name}/{path.stem} was recorded, and is "
        + ("another record now" if path in after else "gone")
        for path, data in before.items()
        if after.get(path) != data and (path not in after or status(data) != "failed")
    ]


def status(data: bytes) -> str | None:
    """The status in a record; None if the record cannot be read."""
    return (parsed(data) or {}).get("status")


def parsed(data: bytes) -> dict[str, Any] | None:
    """The content of a JSON text; None if it is not valid JSON."""
    try:
        return json.loads(data)
    except ValueError:
        return None
