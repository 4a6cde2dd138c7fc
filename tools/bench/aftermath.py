"""What has to be true after a class run, whatever was done to it: see stress.py."""

import json
import subprocess
import sys
import time
from html.parser import HTMLParser

import nbformat
from nbgrader.api import Gradebook
from sqlalchemy import text

from tools.bench import hostile

# Tags that have no end.
ALONE = {"meta", "link", "br", "img", "hr", "input", "col", "source", "wbr"}


class Aftermath:
    """A course when the class run has ended.

    course: its folder. handed_in: what was handed in (Work of stress.py). expected: the points by
    tests of the sample class, a dictionary from (student, notebook) to (points, points in all).
    """

    def __init__(self, course, handed_in, expected):
        self.course, self.handed_in, self.expected = course, handed_in, expected
        self.notebooks = sorted({work.notebook for work in handed_in})
        self.records = {
            (path.stem, path.parent.name): parsed(data)
            for path, data in bytes_of_records(course).items()
        }
        self.rows = self.read_rows()
        self.seconds_of_report = 0.0

    def checks(self):
        """What has to be, and what is not so: a dictionary from a sentence to faults."""
        return {
            "each submission has a verdict": self.missing_verdicts(),
            "each has one row in the gradebook": self.wrong_rows(),
            "each is graded, or failed by name": self.unnamed(),
            "scores are nbgrader's": self.wrong_scores(),
            "no file is half written": self.half_written(),
            "the report opens": self.report_faults(),
        }

    def read_rows(self):
        """From (student, notebook) to its rows: points by tests, and the whole score."""
        rows = {}
        with self.gradebook() as gradebook:
            for name in self.notebooks:
                for row in gradebook.assignment_submissions(name):
                    grades = [grade for notebook in row.notebooks for grade in notebook.grades]
                    tests = [grade for grade in grades if grade.cell.cell_type == "code"]
                    points = sum(grade.auto_score or 0.0 for grade in tests)
                    rows.setdefault((row.student.id, name), []).append((points, row.score))
        return rows

    def gradebook(self):
        return Gradebook(f"sqlite:///{self.course / 'gradebook.db'}", "sparse-autoencoder")

    def status(self, work):
        return (self.records.get((work.student, work.notebook)) or {}).get("status")

    def missing_verdicts(self):
        wanted, found = {(w.student, w.notebook) for w in self.handed_in}, set(self.records)
        missing = [f"{'/'.join(pair)} has none" for pair in sorted(wanted - found)]
        return missing + [f"{'/'.join(pair)} is nobody's" for pair in sorted(found - wanted)]

    def wrong_rows(self):
        faults = []
        for work in self.handed_in:
            count = len(self.rows.get((work.student, work.notebook), []))
            # What could not be graded need not have a row, but never has two.
            if count > 1 or (count == 0 and self.status(work) != "failed"):
                faults.append(f"{work.name} has {count}")
        known = {(work.student, work.notebook) for work in self.handed_in}
        return faults + [f"{'/'.join(key)} is nobody's" for key in sorted(set(self.rows) - known)]

    def unnamed(self):
        faults = []
        for (student, notebook), record in self.records.items():
            name = f"{student}/{notebook}"
            if record is None:
                faults.append(f"{name}: the record cannot be read")
            elif record["status"] == "failed":
                if not record["failure"]:
                    faults.append(f"{name} failed, and nobody knows why")
            elif record["status"] != "graded" or record["score"] is None:
                faults.append(f"{name}: {record['status']}, score {record['score']}")
        return faults

    def wrong_scores(self):
        """Of those that are known: honest ones, and some that are spoilt."""
        faults = []
        for work in self.handed_in:
            by = work.trick.name if work.trick else work.maker.name
            points, full = self.expected[work.maker.name, work.notebook]
            if work.trick:
                points = {hostile.ALL: full, hostile.NOTHING: 0.0}.get(work.trick.earns)
            elif self.status(work) != "graded":
                faults.append(f"{work.name} ({by}) is honest, and was not graded")
            record = self.records.get((work.student, work.notebook)) or {}
            for found, score in self.rows.get((work.student, work.notebook), []):
                if points is not None and abs(found - points) > 1e-9:
                    faults.append(f"{work.name} ({by}) got {found}, not {points}")
                if record.get("score") not in (None, score):
                    faults.append(f"{work.name}: record {record['score']}, gradebook {score}")
        return faults

    def half_written(self):
        faults = []
        for path in sorted(self.course.glob("verdicts/*/*")):
            if path.suffix != ".json":
                faults.append(f"{path.relative_to(self.course)} was left behind")
        for path in sorted(self.course.glob("autograded/*/*")):
            if path.name not in self.notebooks:
                faults.append(f"{path.relative_to(self.course)} was left behind")
        for path in sorted(self.course.glob("autograded/*/*/*.ipynb")):
            try:
                nbformat.read(path, as_version=4)
            except Exception as error:
                faults.append(f"{path.relative_to(self.course)}: {error!r}"[:200])
        for work in self.handed_in:
            path = self.course / "autograded" / work.name / f"{work.notebook}.ipynb"
            if self.status(work) == "graded" and not path.is_file():
                faults.append(f"{work.name} is graded, and has no autograded notebook")
        known = {work.student for work in self.handed_in}
        for path in sorted(self.course.glob("autograded/*")):
            if path.name not in known:
                faults.append(f"autograded/{path.name} is nobody's")
        with self.gradebook() as gradebook:
            (whole,) = gradebook.db.execute(text("PRAGMA integrity_check")).one()
        return faults + ([] if whole == "ok" else [f"gradebook.db: {whole}"])

    def report_faults(self):
        command = [sys.executable, "-m", "autograder", "report", "--course", self.course]
        start = time.perf_counter()
        answer = subprocess.run(command, cwd=self.course.parent, capture_output=True, text=True)
        self.seconds_of_report = time.perf_counter() - start
        if answer.returncode:
            return [f"the command ends with {answer.returncode}: {answer.stderr.strip()[-300:]}"]
        faults = []
        for name in [*self.notebooks, "course"]:
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
            lost = {work.student for work in self.handed_in if work.student not in rows}
            faults += [f"{name}.csv has no {student}" for student in sorted(lost)]
        return faults


class Page(HTMLParser):
    """The tags of a page: all of them, and those that stay open."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag):
        # What HTML lets be left out (</p>, </li>, </td>) is closed with what is around it.
        while tag in self.open and self.open.pop() != tag:
            pass


def bytes_of_records(course):
    return {path: path.read_bytes() for path in sorted(course.glob("verdicts/*/*.json"))}


def changed(before, after):
    """The verdicts that are not what they were. What failed may be tried again."""
    return [
        f"{path.parent.name}/{path.stem} was recorded, and is "
        + ("another record now" if path in after else "gone")
        for path, data in before.items()
        if after.get(path) != data and (path not in after or status(data) != "failed")
    ]


def status(data):
    """The status that a record tells; None where it cannot be read."""
    return (parsed(data) or {}).get("status")


def parsed(data):
    """What JSON says; None where it is none."""
    try:
        return json.loads(data)
    except ValueError:
        return None
