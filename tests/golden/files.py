"""What the course makes of the sample class, as text that can be kept and compared.

`found(course)` reads a course in which the sample class was graded, and gives the contents of the
files in this folder. README.md here says what is left out, and how the files are renewed.
"""

import json
import re
from collections import defaultdict
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path

from autograder.authoring.build import notebook_names
from autograder.exercises.sample import CLASS

HERE = Path(__file__).resolve().parent
NAMES = [student.name for student in CLASS]
SUFFIXES = {".csv", ".jsonl", ".txt"}

# What ends a line of a page, what has no end, and what is no text of it.
BLOCKS = {
    "article", "blockquote", "desc", "div", "figure", "h1", "h2", "h3", "h4", "header", "li", "p",
    "pre", "summary", "svg", "table", "title", "tr", "ul", "ol",
}  # fmt: skip
CELLS = {"td", "th"}
VOID = {"br", "hr", "img", "input", "link", "meta"}
SILENT = {"style", "script"}
# Of a figure, its title and description say all.
DRAWN = {"text", "rect"}


def found(course: Path) -> dict[str, str]:
    """From the name of each file in this folder to what has to be in it."""
    assignments = notebook_names(course / "solutions")
    files = {"scores.csv": (course / "scores.csv").read_text(encoding="utf-8")}
    for name in assignments:
        files[f"feedback/{name}.txt"] = feedback(course, name)
    files["records.jsonl"] = "".join(records(course, name) for name in assignments)
    for stem in [*assignments, "course"]:
        files[f"report/{stem}.csv"] = table(course / "report" / f"{stem}.csv")
        files[f"report/{stem}.txt"] = without_times(text_of(course / "report" / f"{stem}.html"))
    return files


def write(files: dict[str, str], folder: Path = HERE) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


# --- records ---------------------------------------------------------------------------


def records(course: Path, assignment: str) -> str:
    """A line for each record of the class run: all but the times, and the fingerprint.

    The fingerprint is of the course's files too, and another one at each change of a comma.
    """
    lines = []
    for student in NAMES:
        path = course / "verdicts" / assignment / f"{student}.json"
        record = json.loads(path.read_text(encoding="utf-8"))
        assert re.fullmatch("[0-9a-f]{64}", record.pop("fingerprint"))
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:]+\+00:00", record.pop("graded_at"))
        for notebook in record["notebooks"].values():
            assert notebook.pop("seconds") > 0
        lines.append(json.dumps(record) + "\n")
    return "".join(lines)


# --- feedback --------------------------------------------------------------------------


def feedback(course: Path, assignment: str) -> str:
    """The text of the class's pages, part by part; what several students are told, only once.

    How much memory a function held is measured, and not to the last byte the same twice.
    """
    pages = []
    for student in NAMES:
        page = text_of(course / "feedback" / student / assignment / f"{assignment}.html")
        page = re.sub(r"it held \d+\.\d+ MB", "it held MEASURED", page)
        pages.append(page.split("\f"))
    lines = []
    for number, parts in enumerate(zip_longest(*pages, fillvalue="nothing\n")):
        told = defaultdict(list)
        for student, part in zip(NAMES, parts, strict=True):
            told[part].append(student)
        for part, students in told.items():
            who = "all" if len(told) == 1 else " ".join(students)
            lines.append(f"===== {number}: {who}\n{part}")
    return "".join(lines)


# --- the report ------------------------------------------------------------------------


def table(path: Path) -> str:
    """A table of the report, with a mark for each time that grading took."""
    text = path.read_text(encoding="utf-8-sig")
    head, *rows = text.splitlines()
    columns = [at for at, name in enumerate(head.split(",")) if name.endswith("seconds")]
    kept = []
    for row in rows:
        cells = row.split(",")
        for at in columns:
            assert float(cells[at]) > 0
            cells[at] = "TIME"
        kept.append(",".join(cells))
    return "\n".join([head, *kept, ""])


def without_times(text: str) -> str:
    text = re.sub(r"\b\d+(\.\d)? (s|min)\b", "TIME", text)
    return re.sub(r"Made on \d{4}-\d\d-\d\d \d\d:\d\d ", "Made on DATE ", text)


# --- pages -----------------------------------------------------------------------------


class Text(HTMLParser):
    """The readable text of a page: a line for each block, a form feed before each article."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.end_line()
        if tag == "article":
            self.text += "\f"
        if tag == "img":
            self.text += f"[picture: {dict(attributes).get('alt')}]"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Lines and boxes of a figure have no text."""

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass
        if tag in CELLS:
            self.text = self.text.rstrip() + " | "
        elif tag == "strong":
            self.text += " "
        elif tag in BLOCKS:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if SILENT & set(self.open) or ("svg" in self.open and DRAWN & set(self.open)):
            return
        if "pre" not in self.open:
            data = re.sub(r"\s+", " ", data)
            data = data.lstrip() if self.text.endswith(("\n", "\f", " ")) else data
        self.text += data

    def end_line(self) -> None:
        if self.text and not self.text.endswith(("\n", "\f")):
            self.text += "\n"


def text_of(path: Path) -> str:
    """The text of a page, without spaces at the ends of lines."""
    text = Text(path.read_text(encoding="utf-8")).text
    return re.sub(r" +$", "", text.strip(), flags=re.MULTILINE) + "\n"
