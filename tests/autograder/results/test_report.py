"""The report: what it says of a class is true, whoever is in it, and whatever they hand in."""

import csv
import html
import os
import re
import shutil
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.api import Gradebook

from autograder.course.files import write_notebook, write_whole
from autograder.course.folders import open_course
from autograder.exercises import mistakes
from autograder.exercises.sample import CLASS, Student, hand_in
from autograder.results import records
from autograder.results.csv_tables import harmless, table_text
from autograder.results.report import figures, summary, write_reports
from autograder.results.report.collect import FAILED, GRADED, MISSING, WAITING, collect
from autograder.results.report.named_mistakes import named_in, says_of
from autograder.results.report.page import TEMPLATES, Page, Part, Row, Table, render, seconds, shown
from autograder.submission.structure import NOTE_ID
from saelab.check.compare import listed
from saelab.check.message import Message
from saelab.check.words import LEAD, Told
from tests.support.gradebooks import fill
from tests.support.small_course import marked

STUDENTS = ["ada", "evil", "nobody", "zoe", "李雷"]


def rows_of(path):
    """The rows of a report's CSV file by student."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


class Read(HTMLParser):
    """The tags, attributes and text of a page, and its tables by the heading before them."""

    def __init__(self, path):
        super().__init__()
        self.tags, self.attributes, self.tables, self.title, self.open = [], [], {}, "", []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        self.open.append(tag)
        if tag == "summary" or re.fullmatch("h[1-6]", tag):
            self.title = ""
        elif tag == "table":
            self.tables.setdefault(re.sub(r" \(\d+\)$", "", self.title), [])
        elif tag == "tr":
            self.row: list[str] = []
            self.tables[re.sub(r" \(\d+\)$", "", self.title)].append(self.row)
        elif tag in ("td", "th"):
            self.row.append("")

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.row[-1] += data
        elif self.open and re.fullmatch("h[1-6]|summary", self.open[-1]):
            self.title += data


def record(course, student, **changes):
    """A record of the class run for ps1."""
    told = {"status": "graded", "fingerprint": "", "graded_at": "", **changes}
    records.write(course, records.Record(student, "ps1", **told))


def graded_notebook(course, student, outputs, note="", code="x = 1"):
    """An autograded ps1 in which the test of sigmoid ended with these outputs."""
    cells = [new_markdown_cell(note)] if note else []
    if note:
        cells[0].id = NOTE_ID
    cells.append(new_code_cell(code))
    test = marked(new_code_cell("..."), "test-sigmoid", grade=True, locked=True, points=6)
    test.outputs = outputs
    path = course / "autograded" / student / "ps1" / "ps1.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[*cells, test]), path)
    return path


def printed(sentences):
    """What a hidden test prints of these mistakes."""
    lines = ["2 of 6 points.", *map(listed, Told(tuple(sentences)).lines())]
    return [new_output("stream", text="\n".join(lines))]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("filled"))


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("blank")
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}"):
        return folder


@pytest.fixture
def book(blank, tmp_path):
    """A Gradebook without anything, in tmp_path: to make one from nothing takes its time."""
    shutil.copy(blank / "gradebook.db", tmp_path)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        yield book


@pytest.fixture
def course(filled, tmp_path):
    return shutil.copytree(filled, tmp_path / "course")


# --- mistakes by name ----------------------------------------------------------------


@pytest.mark.parametrize("function", mistakes.functions())
def test_every_known_mistake_is_found_in_what_is_told_of_it(function):
    known = mistakes.catalogue(function)
    for mistake in known:
        texts = [
            "\n".join(map(listed, ["W1: is wrong.", *Told((mistake.says,)).lines()])),
            str(
                Message(
                    False, f"{function} is not right yet:", ("Tried: x",), Told((mistake.says,))
                )
            ),
        ]
        for text, cell in zip(texts, (f"test-{function}", f"check-{function}")):
            ((found, name),) = named_in(text, cell)
            assert found == function and mistake.name in name.split(" or ")
            assert " ".join(mistake.says.split()) == says_of(found, name)
    if len(known) > 1:
        both = [known[0], known[-1]]
        told = named_in("\n".join(map(listed, Told(tuple(m.says for m in both)).lines())), function)
        assert {name for _, name in told} == {m.name for m in both}


def test_a_sentence_that_a_student_prints_is_no_mistake():
    says = mistakes.catalogue("sigmoid")[0].says
    assert named_in(says, "test-sigmoid") == []
    assert named_in(f"You would\n {says}", "test-sigmoid") == []
    lead = f"{LEAD} exactly this if you made this mistake:"
    assert named_in(f"{lead} Something that nobody knows.", "test-sigmoid") == []


# --- what it says --------------------------------------------------------------------


def test_everybody_has_a_row_with_the_gradebook_s_scores(course):
    paths = write_reports(course)
    names = [f"{stem}.{kind}" for stem in ("ps1", "ps2", "course") for kind in ("html", "csv")]
    assert paths == [course / "report" / name for name in names]
    assert sorted(p.name for p in (course / "report").iterdir()) == sorted(names)
    rows = rows_of(course / "report" / "ps1.csv")
    assert sorted(rows) == STUDENTS
    assert [rows[s]["status"] for s in STUDENTS] == [GRADED, GRADED, MISSING, GRADED, GRADED]
    assert [rows[s]["score"] for s in STUDENTS] == ["10.0", "0.333333", "", "6.25", "6.0"]
    assert [rows[s]["percent"] for s in STUDENTS] == ["100.0", "3.333333", "", "62.5", "60.0"]
    assert rows["zoe"]["late_hours"] == "36.0" and rows["zoe"]["late_penalty"] == "2.25"
    assert rows["李雷"]["waiting_for_a_person"] == "1"
    assert rows["zoe"]["test-sigmoid"] == "4.5"
    whole = rows_of(course / "report" / "course.csv")
    assert [whole[s]["total"] for s in STUDENTS] == ["10.0", "0.333333", "0.0", "6.25", "6.0"]
    assert whole["nobody"]["not_submitted"] == "2" and whole["ada"]["not_submitted"] == "1"
    everybody = Read(course / "report" / "course.html").tables["All students"]
    assert everybody[0] == ["student", "name", "ps1", "ps2", "all 10", "per cent"]
    assert ["zoe", "O'Neill, Jr., Zoë", "6.25", "not submitted", "6.25", "62 %"] in everybody


def test_the_page_counts_functions_answers_and_lateness(course):
    write_reports(course, ["ps1"])
    tables = Read(course / "report" / "ps1.html").tables
    assert tables["Function by function"][1] == [
        "sigmoid", "6", "4", "2", "2", "0", "0", "50 %", "4.21"
    ]  # fmt: skip
    assert tables["Answers that people grade"][1] == ["ps1", "why", "4", "3", "1", "2.67"]
    assert tables["Late"][1] == ["zoe", "O'Neill, Jr., Zoë", "2026-03-03 00:00", "36.0 hours",
                                 "2.25"]  # fmt: skip
    assert tables["Not submitted"][1:] == [["nobody", ""]]
    # An answer still waits, so these are points by tests: 100, 75, 100 and 6 per cent.
    assert tables["Scores"][1] == ["students", *"1000000102"]
    assert tables["Scores"][3] == ["6 %", "58 %", "88 %", "100 %", "100 %", "4"]


def test_a_link_leads_to_a_page_that_is_there(course):
    def links():
        page = Read(course / "report" / "course.html")
        return [value for name, value in page.attributes if name == "href"]

    write_reports(course, ["ps2"])
    assert links() == ["ps2.html"]
    write_reports(course, ["ps1"])
    assert links() == ["ps1.html", "ps2.html"]


def test_records_tell_of_failures_and_times(course):
    record(course, "ada", status="graded", notebooks={"ps1": {"seconds": 0.5, "cells": {}}})
    record(course, "zoe", status="graded", notebooks={"ps1": {"seconds": 1.5, "cells": {}}})
    record(course, "nobody", status="failed", failure="The kernel <died> & was not restarted.")
    record(course, "new", status="failed", failure=None)
    (course / "verdicts" / "ps1" / "evil.json").write_text("{no json")
    (course / "verdicts" / "ps1" / "李雷.json").write_text('["no record"]')
    write_reports(course)
    rows = rows_of(course / "report" / "ps1.csv")
    assert rows["nobody"]["status"] == rows["new"]["status"] == FAILED
    assert rows["nobody"]["failure"] == "The kernel <died> & was not restarted."
    assert rows["evil"]["status"] == rows["李雷"]["status"] == GRADED
    tables = Read(course / "report" / "ps1.html").tables
    assert tables["Grading time"][1] == ["ps1", "2", "2 s", "1 s", "1.5 s"]
    assert ["nobody", "", "The kernel <died> & was not restarted."] in tables["Grading failed"]
    failed = Read(course / "report" / "course.html").tables["Grading failed"]
    assert ["new", "", "ps1", "no reason was recorded"] in failed


def test_who_was_graded_after_a_failure_has_not_failed(course):
    record(course, "ada", status="failed", failure="an old one")
    path = graded_notebook(course, "ada", [])
    old = course / "verdicts" / "ps1" / "ada.json"
    os.utime(old, (1, 1))
    write_reports(course)
    assert rows_of(course / "report" / "ps1.csv")["ada"]["status"] == GRADED
    for earlier in (path, path.parent):
        os.utime(earlier, (1, 1))
    os.utime(old)
    write_reports(course)
    assert rows_of(course / "report" / "ps1.csv")["ada"]["status"] == FAILED


def test_what_is_handed_in_and_not_graded_is_told(course):
    for student in ("nobody", "newcomer"):
        (course / "submitted" / student / "ps1").mkdir(parents=True)
    write_reports(course)
    rows = rows_of(course / "report" / "ps1.csv")
    assert rows["nobody"]["status"] == rows["newcomer"]["status"] == WAITING
    assert rows_of(course / "report" / "ps2.csv")["newcomer"]["status"] == MISSING


def test_mistakes_notes_and_flags_come_from_the_graded_notebooks(course):
    one, other = mistakes.catalogue("sigmoid")[:2]
    graded_notebook(course, "ada", printed([one.says]), code="import gc")
    graded_notebook(course, "zoe", printed([one.says, other.says]))
    graded_notebook(course, "evil", [new_output("error", ename="NotImplementedError")])
    note = "**Put right:**\n\n- The cell `a` is back.\n- <b>Another</b> too."
    graded_notebook(course, "李雷", [], note=note)
    write_reports(course)
    tables = Read(course / "report" / "ps1.html").tables
    assert tables["Most common mistakes"][1:3] == [
        [one.name, "sigmoid", "2", one.says], [other.name, "sigmoid", "1", other.says]
    ]  # fmt: skip
    # Each student once, though both tests may tell of it.
    whole = Read(course / "report" / "course.html").tables["Most common mistakes"]
    assert [row[2] for row in whole[1:3]] == ["2", "1"]
    rows = rows_of(course / "report" / "ps1.csv")
    assert rows["ada"]["mistakes"] == f"sigmoid: {one.name}"
    assert "looks for objects in memory (gc)" in rows["ada"]["flags"]
    assert rows["李雷"]["grader_notes"] == "The cell `a` is back. <b>Another</b> too."
    assert [row[0] for row in tables["What the grader repaired or noted"][1:]] == ["李雷"] * 2
    assert [row[0] for row in tables["Flagged"][1:]] == ["ada"]


def test_what_has_no_name_is_counted_too(course):
    graded_notebook(course, "zoe", [new_output("stream", text="2 of 6 points.\n  W1: wrong.")])
    (sheet, _), _ = collect(open_course(course))
    # Of evil no graded notebook is left.
    assert summary.unnamed(sheet) == [("sigmoid", 2)]
    says = mistakes.catalogue("sigmoid")[0].says
    graded_notebook(course, "zoe", printed([says]))
    graded_notebook(course, "evil", [new_output("error", ename="NotImplementedError")])
    (sheet, _), _ = collect(open_course(course))
    assert summary.unnamed(sheet) == []
    assert summary.functions(sheet)[0].counts == (2, 2, 0, 0)


# --- whoever is in it, and whatever they hand in -------------------------------------


def test_names_and_code_of_students_are_only_text(course):
    evil = '"><img src=x onerror=alert(2)>\u202e'
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        book.add_student("../../=cmd|' /C calc'!A0", last_name=evil, first_name="</title><script>")
    code = "def f(x):\n    return __import__('os').environ['</td><script>alert(3)</script>']"
    note = "- </table><script src=http://x.org></script>"
    graded_notebook(course, "evil", printed([]), note=note, code=code)
    record(course, "nobody", status="failed", failure="<iframe src=http://x.org>")
    write_reports(course)
    for path in (course / "report").glob("*.html"):
        page, text = Read(path), path.read_text(encoding="utf-8")
        policy = dict(page.attributes)["content"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert not {"script", "iframe", "img", "link", "object", "form"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        links = [value for name, value in page.attributes if name in ("href", "src")]
        assert all(re.fullmatch(r"(ps1|ps2|course)\.html", link) for link in links)
        assert "&lt;/title&gt;&lt;script&gt;" in text
        assert page.tags.count("table") == text.count("</table>")
    for path in (course / "report").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert "'=1+1" in cells and "'@evil" in cells
        assert not [cell for cell in cells if re.match(r"\s*[=+@-]", cell)]


@pytest.mark.parametrize("kind", ["text", "link", "pipe", "folder", "deep", "odd", "empty"])
def test_no_notebook_keeps_the_others_from_being_told_of(course, kind, tmp_path):
    graded_notebook(course, "zoe", [], code="import gc")
    path = graded_notebook(course, "ada", [])
    path.unlink()
    if kind == "text":
        path.write_text("no notebook")
    elif kind == "link":
        path.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "deep":
        path.write_text("[" * 100_000)
    elif kind == "odd":
        cell = new_code_cell("x", metadata={"nbgrader": "y"})
        path.write_text(nbformat.writes(new_notebook(cells=[cell])))
    write_reports(course)
    rows = rows_of(course / "report" / "ps1.csv")
    assert rows["ada"]["score"] == "10.0" and "gc" in rows["zoe"]["flags"]
    assert ("cannot be looked through" in rows["ada"]["flags"]) == (kind == "odd")


def test_a_course_without_anything_has_a_page(tmp_path, book):
    assert [path.name for path in write_reports(tmp_path)] == ["course.html", "course.csv"]
    assert "The gradebook has no assignments." in (tmp_path / "report/course.html").read_text()


@pytest.mark.parametrize("students", [[], ["only"]])
def test_an_assignment_that_nobody_has_handed_in(tmp_path, book, students):
    book.add_assignment("course")
    book.add_notebook("course", "course")
    book.add_grade_cell("test-f", "course", "course", max_score=3, cell_type="code")
    for student in students:
        book.add_student(student)
    paths = write_reports(tmp_path)
    # An assignment that is called "course" does not take the place of the course.
    assert [p.name for p in paths][:3] == ["course_.html", "course_.csv", "course.html"]
    assert "Nobody's work is graded yet." in html.unescape(paths[0].read_text())
    assert sorted(rows_of(paths[1])) == students
    assert 'href="course_.html"' in paths[2].read_text()


def test_one_student_and_no_points(tmp_path, book):
    book.add_assignment("ps1")
    book.add_notebook("ps1", "ps1")
    book.add_grade_cell("f", "ps1", "ps1", max_score=0, cell_type="code")
    book.add_student("only")
    (grade,) = book.add_submission("ps1", "only").notebooks[0].grades
    grade.auto_score, grade.needs_manual_grade = 0, False
    book.db.commit()
    page, table, *_ = write_reports(tmp_path)
    row = rows_of(table)["only"]
    assert (row["score"], row["max_score"], row["percent"]) == ("0.0", "0.0", "")
    assert "This assignment has no points to have." in page.read_text()
    assert Read(page).tables["Function by function"][1][:4] == ["f", "0", "1", "1"]


def test_what_cannot_be_reported_is_an_error(course, tmp_path_factory):
    with pytest.raises(
        ValueError, match=r"no assignment 'ps3'. Did you mean ps[12]. It has ps1, ps2"
    ):
        write_reports(course, ["ps3"])
    empty = tmp_path_factory.mktemp("empty")
    with pytest.raises(ValueError, match="is no nbgrader course"):
        write_reports(empty)
    (empty / "nbgrader_config.json").write_text("{}")
    with pytest.raises(ValueError, match="there is no gradebook at"):
        write_reports(empty)
    assert [path.name for path in empty.iterdir()] == ["nbgrader_config.json"]
    (empty / "gradebook.db").write_text("no database at all, but a text that is long enough")
    with pytest.raises(ValueError, match="cannot be read"):
        write_reports(empty)


def test_the_course_s_configuration_names_folders_and_gradebook(course, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    shutil.move(course / "gradebook.db", other / "grades.db")
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.autograded_directory = 'marked'\n"
        f"c.CourseDirectory.db_url = 'sqlite:///{other / 'grades.db'}'\n"
        "c.CourseDirectory.course_id = 'The <course>'\n"
    )
    graded_notebook(course, "ada", [], code="import gc")
    (course / "autograded").rename(course / "marked")
    write_reports(course)
    assert "gc" in rows_of(course / "report" / "ps1.csv")["ada"]["flags"]
    assert "<h1>The &lt;course&gt;</h1>" in (course / "report" / "course.html").read_text()
    shutil.copy(other / "grades.db", other / "copy.db")
    (other / "grades.db").unlink()
    assert write_reports(course, db_url=f"sqlite:///{other / 'copy.db'}")


# --- files, figures, style -----------------------------------------------------------


def test_a_spreadsheet_finds_no_formula():
    for text in ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "\0=1", "\n=1"):
        assert harmless(text).startswith("'")
    for text in ("", "a=1", "-", "7", "Müller-Lüdenscheidt", "'=1"):
        assert harmless(text) == text
    assert table_text([["=1", -1.5, "-"]]) == "'=1,-1.5,-\r\n"


FIGURES = {
    "histogram": figures.histogram([3, 0, 9], list("0123"), "T <1>", "x & y", "n", [(0.5, "<m>")]),
    "stacked": figures.stacked([("f<1>", [3, 0, 2]), ("none", [0, 0, 0])],
                               [("full", "full"), ("part", "part"), ("no", "none")], "T <1>"),
    "bars": figures.bars([("f<1>", 12), ("g" * 200, 0)], "T <1>"),
    "boxes": figures.boxes([("f<1>", (0, 20, 50, 60, 120)), ("none", None)], "T <1>", "x"),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_sound_and_says_what_it_shows(name):
    tree = ET.fromstring(str(FIGURES[name]))
    assert tree.findtext("title") == tree.get("aria-label") == "T <1>"
    assert tree.findtext("desc")
    width, height = map(float, tree.get("viewBox", "").split()[2:])
    for part in tree.iter():
        for key, most in (("x", width), ("y", height), ("x2", width), ("y2", height)):
            assert -1 <= float(part.get(key, 0)) <= most, ET.tostring(part)
        assert float(part.get("width", 0)) >= 0 and float(part.get("height", 0)) >= 0


def test_figures_show_the_numbers():
    tree = ET.fromstring(str(FIGURES["histogram"]))
    bars = [float(r.get("height", "")) for r in tree.iter("rect")]
    assert len(bars) == 2 and bars[1] == pytest.approx(3 * bars[0])
    assert {"3", "9", "<m>"} <= {text.text for text in tree.iter("text")}
    assert tree.findtext("desc") == "0 to 1: 3; 2 to 3: 9"
    tree = ET.fromstring(str(FIGURES["stacked"]))
    wide = [float(r.get("width", "")) for r in tree.iter("rect")]
    assert wide[0] / wide[1] == pytest.approx(3 / 2, rel=1e-2)
    assert "none: nobody" in tree.findtext("desc", "")


def test_colours_can_be_told_apart_and_texts_be_read():
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    light, dark, paper = re.findall(r":root \{([^}]*)\}", style)
    for scheme in (light, dark, paper):
        found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", scheme))
        colours = {name: luminance(value) for name, value in found.items()}
        pairs = [("ink", "paper"), ("dim", "paper"), ("ink", "soft"), ("dim", "soft"),
                 ("accent", "paper")]  # fmt: skip
        pairs += [(f"on-{name}", name) for name in ("full", "part", "none", "unwritten")]
        pairs += [("warn", "soft")] * ("warn" in colours)
        for one, other in pairs:
            low, high = sorted((colours[one], colours[other]))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (one, other)


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_long_table_is_folded_and_nothing_is_lost(tmp_path):
    rows: list[Row] = [[f"row {n}", n] for n in range(20)]
    part = Part("t", "T", tables=[Table(("a", "b"), rows, first=5)])
    path = write_whole(tmp_path / "page.html", render(Page("P", "s", parts=[part])))
    page = Read(path)
    assert page.tables["T"][1:] == [[a, str(b)] for a, b in rows[:5]]
    assert page.tables["15 more"][1:] == [[a, str(b)] for a, b in rows[5:]]


def test_numbers_are_written_as_people_do():
    assert [shown(v) for v in (7.5, 7.0, 2 / 3, None, "x", 3, float("nan"))] == [
        "7.5", "7", "0.67", "–", "x", 3, "nan"
    ]  # fmt: skip
    assert [seconds(v) for v in (0.42, 12.3, 300, 9000, None)] == [
        "0.4 s", "12 s", "5 min", "2.5 h", "–"
    ]  # fmt: skip
    assert summary.binned([0, 9.99, 10, 99, 100, 120, -5]) == [3, 1, 0, 0, 0, 0, 0, 0, 0, 3]
    assert summary.five([]) is None and summary.five([3]) == (3,) * 5
    assert summary.five([0, 1, 2, 3, 4]) == (0, 1, 2, 3, 4)


# --- a class that was really graded --------------------------------------------------

NAMES = ["02_cost", "03_kl_delta"]
LIBRARY = "from scipy.special import expit\nimport gc\n\ndef sigmoid(z):\n    return expit(z)"


@pytest.fixture(scope="class")
def graded(tmp_path_factory, entered_course, nbgrader):
    """Some of the sample class in notebooks 02 and 03, and four more, graded by nbgrader's
    command. What the report says of the whole class is in tests/golden.
    """
    path = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(entered_course, path)
    near = {k: v.replace("[0.0] * h", "list(np.zeros(h))") for k, v in CLASS[1].versions.items()}
    extra = [
        Student("near", "", versions=near),
        Student("expit", "", versions={"sigmoid": LIBRARY}),
    ]
    for name, students in zip(NAMES, (("bo", "finn", "hugo"), ("eve", "finn"))):
        hand_in(path, [s for s in CLASS if s.name in students], [name])
    hand_in(path, extra, NAMES[:1])
    broken = path / "submitted" / "broken" / NAMES[0] / f"{NAMES[0]}.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_text("no notebook")
    # As released, but without its last cell.
    short = nbformat.read(path / "notebooks" / NAMES[0] / f"{NAMES[0]}.ipynb", as_version=4)
    short.cells = [c for c in short.cells if c.id != "all-zeros"]
    (path / "submitted" / "short" / NAMES[0]).mkdir(parents=True)
    write_notebook(short, path / "submitted" / "short" / NAMES[0] / f"{NAMES[0]}.ipynb")
    for name in NAMES:
        nbgrader(path, "autograde", name, "--GradingExporter.canary=False")
    write_reports(path)
    return path


@pytest.mark.long
class TestAClassThatWasReallyGraded:
    def test_mistakes_are_counted_by_name(self, graded):
        tables = [Read(graded / "report" / f"{name}.html").tables for name in NAMES]
        found = [
            {(row[0], row[1]): row[2] for row in t["Most common mistakes"] if len(row) == 4}
            for t in tables
        ]
        cost, sparse = "autoencoder_cost", "sparse_autoencoder_cost"
        head = ("mistake", "function")
        assert found == [
            {head: "students", ("no decay in the gradient", cost): "1"},
            {head: "students", ("no decay in the gradient", sparse): "1",
             ("sparsity missing in delta2", sparse): "1"},
        ]  # fmt: skip
        unnamed = [row for row in tables[0]["Most common mistakes"] if len(row) == 2]
        assert unnamed == [["function", "students"], ["feed_forward", "1"]]

    def test_functions_are_counted(self, graded):
        table = Read(graded / "report" / "02_cost.html").tables["Function by function"]
        rows = {row[0]: row[1:8] for row in table[1:]}
        assert list(rows) == ["sigmoid", "initialize_parameters", "unpack_parameters",
                              "feed_forward", "autoencoder_cost"]  # fmt: skip
        # 7 are graded; broken and short have written nothing.
        assert rows["sigmoid"] == ["2", "7", "5", "0", "0", "2", "71 %"]
        assert rows["feed_forward"] == ["3", "7", "4", "0", "1", "2", "57 %"]
        assert rows["autoencoder_cost"] == ["7", "7", "4", "1", "0", "2", "57 %"]

    def test_flags_and_notes_are_told(self, graded):
        tables = Read(graded / "report" / "02_cost.html").tables
        flags = {
            (row[0], row[3], row[5].split(",")[0].split(":")[0]) for row in tables["Flagged"][1:]
        }
        assert flags == {
            ("bo", "autoencoder_cost", "is nearly the same as that of near"),
            ("near", "autoencoder_cost", "is nearly the same as that of bo"),
            ("expit", "sigmoid", "looks for objects in memory (gc)"),
            ("expit", "sigmoid", "(mild) uses scipy.special.expit"),
        }
        notes = {row[0]: row[2] for row in tables["What the grader repaired or noted"][1:]}
        assert set(notes) == {"broken", "short"}
        assert "cannot be read as a notebook" in notes["broken"]
        assert notes["short"] == "The answer cell `all-zeros` was missing. It is back."

    def test_scores_are_the_gradebook_s(self, graded):
        rows = {name: rows_of(graded / "report" / f"{name}.csv") for name in NAMES}
        with Gradebook(f"sqlite:///{graded / 'gradebook.db'}", "sparse-autoencoder") as book:
            for name in NAMES:
                for submission in book.assignment_submissions(name):
                    row = rows[name][submission.student_id]
                    assert float(row["score"]) == submission.score
                    assert float(row["max_score"]) == submission.max_score
        assert {s for s, row in rows[NAMES[0]].items() if row["status"] == MISSING} == {"eve"}
        assert {s for s, row in rows[NAMES[1]].items() if row["status"] == GRADED} == {
            "eve", "finn"
        }  # fmt: skip
