"""What students get back: one page with scores, comments and their work, that needs no network."""

import base64
import contextlib
import hashlib
import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict

from markupsafe import Markup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.ansi import strip_ansi
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor
from traitlets import Integer, List

from autograder.course.code import marked
from autograder.kernel.outputs import clean
from autograder.results.feedback import markup
from autograder.submission.structure import NOTE_ID
from saelab.files import remove

TEMPLATES = Path(__file__).parent / "templates"
# By these files `nbgrader release_feedback` finds whom a page is for.
KEPT = ("timestamp.txt", "submission_secret.txt")
HIDDEN_HERE = "# Hidden tests were here."
HIDDEN_LINE = "[here stood a hidden test]"
# Shorter lines, "else:" or "x = 1", say nothing of a test and stand in other code too.
SHORTEST_SECRET = 8
# What nbconvert's steps know of a notebook, and pass on to each other.
Resources = dict[str, Any]
_ENTITIES = str.maketrans({"\n": "&#10;", "\r": "", "$": "&#36;", "\\": "&#92;"})


class _Step(NbGraderPreprocessor):
    """A preprocessor with display_data_priority, to which HTMLExporter gives a value.

    HTMLExporter sets this trait on all its preprocessors, and warns about those that lack it.
    """

    display_data_priority: List[str] = List().tag(config=True)


class HideTests(_Step):
    """Takes hidden tests out of the test cells of a graded notebook, and out of its outputs.

    A line in their place says that they were there. Lines of theirs that outputs quote are
    replaced too. A line that students can also see elsewhere is no secret.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        traits = ClearHiddenTests(parent=self)
        first, last = traits.begin_test_delimeter, traits.end_test_delimeter
        secret: set[str] = set()
        shown: set[str] = set()
        for cell in nb.cells:
            graded = cell.metadata.get("nbgrader", {})
            # In a cell of the student's own the delimiters are the student's text.
            if graded.get("grade") and not graded.get("solution"):
                cell.source, hidden = cut(cell.source, first, last)
                secret |= {_plain(line) for line in hidden}
            shown |= {_plain(line) for line in cell.source.splitlines()}
        secret = {line for line in secret - shown if len(line) >= SHORTEST_SECRET}
        for cell in nb.cells:
            for output in cell.get("outputs", []):
                _hide(output, secret)
        return nb, resources


class Waiting(_Step):
    """Marks the cells that a person has yet to grade, which GetGrades gives as 0 or as they were.

    The resources get their points, "waiting", and a "score" without them.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            submission = gradebook.find_submission_notebook(
                about["notebook"], about["assignment"], about["student"]
            )
            waiting = [grade for grade in submission.grades if grade.needs_manual_grade]
            about["waiting"] = sum(grade.max_score or 0.0 for grade in waiting)
            about["score"] -= sum(grade.score or 0.0 for grade in waiting)
            names = {grade.name for grade in waiting}
        for cell in nb.cells:
            if graded := cell.metadata.get("nbgrader"):
                graded["waits"] = graded.get("grade_id") in names
        return nb, resources


class HarmlessCells(_Step):
    """Makes a notebook harmless in formgrader, whose pages run in the instructor's browser.

    formgrader's template shows markdown as it is, whatever HTMLExporter.sanitize_html says. So it
    gets texts as cleaned HTML, in a form in which markdown finds nothing more to do.
    """

    most_output = Integer(2_000_000, help="Characters of output shown for a cell.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        nb.metadata = NotebookNode(language_info=NotebookNode(name="python"))
        # nbconvert reads this page once more, tag by tag.
        room = markup.Room(markup.MOST_OF_PAGE // 2)
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                body = markup.render_markdown(cell.source, cell.get("attachments"), True, room)
                # On one line it is one block of HTML; $ and \ could begin a formula before that.
                cell.source = f"<div>{body.translate(_ENTITIES)}</div>"
                cell.attachments = NotebookNode()
            elif cell.cell_type == "raw":
                cell.source = html.escape(cell.source)
            else:
                cell.source = markup.broken(cell.source)
                cell.outputs = [_harmless(o, room) for o in clean(cell.outputs, self.most_output)]
            cell.metadata = NotebookNode(
                (key, value) for key, value in cell.metadata.items() if key == "nbgrader"
            )
        return nb, resources


class CellView(TypedDict):
    """What the template shows of a cell.

    Attributes:
        kind: "note", "task", "answer", "test" or, without points, "check"; otherwise the cell's
            own type.
        name: the cell's grade_id, or "".
        title: the heading above the cell; if there is none, its grade_id.
        body: the text of the cell, as clean HTML.
        outputs: its outputs, as clean HTML.
        comment: the grader's comment, as clean HTML.
        points: the points that the cell can give; 0 if it gives none.
        score: the points that the student got.
        standing: whether the score is "full", "part" or "none" of the points, or "waits" for a
            person.
    """

    kind: str
    name: str
    title: str
    body: Markup
    outputs: list[Markup]
    comment: Markup
    points: float
    score: float
    standing: str


class View(TypedDict):
    """What the template shows of a notebook.

    Attributes:
        cells: all cells.
        note: the grader's note, as clean HTML.
        parts: the cells with points.
    """

    cells: list[CellView]
    note: Markup
    parts: list[CellView]


class FeedbackExporter(HTMLExporter):
    """Makes the page of one graded notebook, from templates/course_feedback."""

    most_output = Integer(2_000_000, help="Characters of output shown for a cell.").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        # nbgrader names its own template for every HTMLExporter; arguments count for more.
        super().__init__(
            template_name="course_feedback", extra_template_basedirs=[str(TEMPLATES)], **kwargs
        )

        self._cleared: set[Path] = set()

    def from_filename(  # type: ignore[override]  # a page, as of HTMLExporter
        self, filename: str, resources: Resources | None = None, **kwargs: Any
    ) -> tuple[str, Resources]:
        # nbgrader has just copied there what was handed in beside the notebook: pages, too, which
        # others would open, or release, as ours.
        about = (resources or {}).get("nbgrader")
        if about and isinstance(self.parent, GenerateFeedback):
            pages = Path(self.parent._format_dest(about["assignment"], about["student"]))
            if pages not in self._cleared:
                self._cleared.add(pages)
                remove_copied(Path(filename).parent, pages)
        return super().from_filename(filename, resources, **kwargs)

    def from_notebook_node(  # type: ignore[override]  # a page, as of HTMLExporter
        self, nb: NotebookNode, resources: Resources | None = None, **kwargs: Any
    ) -> tuple[str, Resources]:
        # What a kernel says of its language is not needed here, and may be anything.
        nb.metadata = NotebookNode(language_info=NotebookNode(name="python"))
        # HTMLExporter's own would read the whole page again, to add what ours has, which takes more
        # time than all the rest.
        return super(HTMLExporter, self).from_notebook_node(nb, resources, **kwargs)

    def _init_preprocessors(self) -> None:
        # Those of c.HTMLExporter are for formgrader; nbgrader registers this exporter's by itself.
        self.preprocessors = []
        super()._init_preprocessors()

    def _init_resources(self, resources: Resources | None) -> Resources:
        resources = super()._init_resources(resources)
        folder = TEMPLATES / "course_feedback"
        style = "\n".join([markup.highlighting(), (folder / "style.css").read_text("utf-8")])
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        resources["style"] = Markup(style)
        # A second barrier, should the cleaning fail: no script, no other style, no loading.
        resources["policy"] = (
            f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
            "base-uri 'none'; form-action 'none'"
        )
        # Resources are copied in depth; a bound method would take the exporter along.
        resources["view"] = lambda nb: self.view(nb)  # noqa: PLW0108
        return resources

    def view(self, nb: NotebookNode) -> View:
        """What the template shows of a notebook: parts with points, and cells as clean HTML."""
        room, title = markup.Room(), ""
        cells: list[CellView] = []
        for cell in nb.cells:
            cells.append(self._cell_view(cell, title, room))
            if cell.cell_type == "markdown" and not cell.metadata.get("nbgrader", {}).get("grade"):
                title = _heading(cell.source) or title
        return {
            "cells": cells,
            "note": next((c["body"] for c in cells if c["kind"] == "note"), Markup()),
            "parts": [cell for cell in cells if cell["points"]],
        }

    def _cell_view(self, cell: NotebookNode, title: str, room: markup.Room) -> CellView:
        graded = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code":
            body = markup.render_code(cell.source, room)
        elif cell.cell_type == "markdown":
            body = markup.render_markdown(cell.source, cell.get("attachments"), room=room)
        else:
            body = markup.preformatted(cell.source, room=room)
        has_points = bool(graded.get("grade") or graded.get("task"))
        points = _number(graded.get("points")) if has_points else 0.0
        score = _number(graded.get("score")) if has_points else 0.0
        kind = _kind(cell, graded)
        name = graded.get("grade_id", "")
        comment = str(graded.get("comment") or "").strip()
        return {
            "kind": kind,
            "name": name,
            "title": title or name,
            "body": Markup(body),
            "outputs": [
                Markup(shown)
                for output in clean(cell.get("outputs", []), self.most_output)
                if not (kind in ("check", "test") and _is_points(output))
                and (shown := _output_html(output, room))
            ],
            "comment": Markup(markup.render_markdown(comment, room=room)),
            "points": points,
            "score": score,
            "standing": "waits" if graded.get("waits") else _standing(score, points),
        }


def remove_copied(graded: Path, pages: Path) -> None:
    """Remove from a folder of feedback what was copied from that of the graded notebooks.

    Args:
        graded: the folder of the graded notebooks.
        pages: the folder of feedback. KEPT stays there.
    """
    for path in graded.iterdir():
        if path.name not in KEPT:
            remove(pages / path.name)


def cut(text: str, first: str, last: str) -> tuple[str, list[str]]:
    """Put a line in place of each hidden region of a text.

    Args:
        text: the text.
        first: the delimiter that begins a region.
        last: the delimiter that ends a region.

    Returns:
        (text, lines): the text without hidden regions, and the lines that stood in them.
    """
    kept: list[str] = []
    hidden: list[str] = []
    for line, place in marked(text, [(first, last)]):
        if place == "begin":
            kept.append(HIDDEN_HERE)
        elif place != "end":
            (hidden if place == "inside" else kept).append(line)
    return "\n".join(kept), hidden


def _kind(cell: NotebookNode, graded: Mapping[str, Any]) -> str:
    if cell.id == NOTE_ID:
        return "note"
    if graded.get("task"):
        return "task"
    if graded.get("solution"):
        return "answer"
    if graded.get("grade"):
        return "test" if graded.get("points") else "check"
    return cell.cell_type


def _standing(score: float, points: float) -> str:
    return "full" if score >= points else "part" if score > 0 else "none"


def _heading(text: str) -> str:
    """The last heading in markdown, as plain text without its points; "" if there is none."""
    titles = re.findall(r"^ {0,3}#{1,6}[ \t]+(\S.{,200})$", text, re.MULTILINE)
    title = re.sub(r"[`*#]|\([\d.]+ points?\)", "", titles[-1]) if titles else ""
    return " ".join(title.split())[:80]


def _is_points(output: NotebookNode) -> bool:
    """Whether an output is the number that a test cell ends with: the page shows the points."""
    with contextlib.suppress(KeyError, ValueError):
        return output.output_type == "execute_result" and float(output.data["text/plain"]) >= 0
    return False


def _output_html(output: NotebookNode, room: markup.Room) -> str:
    """One valid output as clean HTML: the best of its pictures and texts."""
    if output.output_type == "stream":
        return markup.preformatted(output.text, room=room)
    if output.output_type == "error":
        lines = output.traceback or [f"{output.ename}: {output.evalue}"]
        return '<div class="error">' + markup.preformatted("\n".join(lines), room=room) + "</div>"
    data = output.data
    if "text/html" in data:
        return f'<div class="rich">{markup.clean_output(data["text/html"], room)}</div>'
    for mime in ("image/svg+xml", "image/png", "image/jpeg"):
        if mime in data:
            return markup.picture(mime, data[mime])
    if "text/markdown" in data:
        shown = markup.render_markdown(data["text/markdown"], room=room)
        return f'<div class="rich">{shown}</div>'
    tex = re.fullmatch(r"\s*(\$\$?)([^$]+)\1\s*", data.get("text/latex", ""))
    if tex:
        return f'<div class="rich">{markup.formula(tex[2].strip(), True, room)}</div>'
    return markup.preformatted(data.get("text/latex") or data.get("text/plain", ""), room=room)


def _harmless(output: NotebookNode, room: markup.Room) -> NotebookNode:
    """Make a valid output harmless for a template that trusts what it shows."""
    data = output.get("data", {})
    if "text/html" in data:
        data["text/html"] = markup.clean_output(data["text/html"], room)
    if "text/markdown" in data:
        shown = markup.render_markdown(data.pop("text/markdown"), mathjax=True, room=room)
        data.setdefault("text/html", shown)
    return output


def _hide(output: NotebookNode, secret: set[str]) -> None:
    """Take secret lines out of an output of any kind."""
    if output.output_type == "stream":
        output.text = _without(output.text, secret)
    elif output.output_type == "error":
        output.evalue = _without(output.evalue, secret)
        output.traceback = [_without(part, secret) for part in output.traceback]
    else:
        for mime, value in list(output.data.items()):
            if not isinstance(value, str):
                continue
            if mime in ("text/html", "image/svg+xml"):
                text = _plain(html.unescape(re.sub(r"<[^<>]*>", "", value)))
                if any(line in text for line in secret):
                    output.data = NotebookNode({"text/plain": HIDDEN_LINE})
                    return
            elif mime.startswith("text/"):
                output.data[mime] = _without(value, secret)


def _without(text: str, secret: set[str]) -> str:
    """Replace the lines of a text that hold a secret one; the others keep their colours."""
    kept: list[str] = []
    for line in text.split("\n"):
        plain = _plain(strip_ansi(line))
        if not any(hidden in plain for hidden in secret):
            kept.append(line)
        elif kept[-1:] != [HIDDEN_LINE]:
            kept.append(HIDDEN_LINE)
    return "\n".join(kept)


def _plain(line: str) -> str:
    return " ".join(line.split())


def _number(value: object) -> float:
    """A number of points, rounded as it is shown."""
    return round(float(value), 2) if isinstance(value, (int, float)) else 0.0
