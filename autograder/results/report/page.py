"""The page of a report: parts with plots and tables, as one HTML file that needs no network."""

import base64
import functools
import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
# What a cell of a table holds.
Value = str | float | None
Row = Sequence[Value]


@dataclass
class Table:
    """A table of a page, in which numbers stand on the right of their column.

    Attributes:
        heads: the heads of the columns.
        rows: the rows of cells.
        caption: the caption of the table.
        wide: the positions of columns that hold sentences.
        first: how many rows are seen at once, while the others are folded; 0 for all.
    """

    heads: tuple[str, ...]
    rows: Sequence[Row]
    caption: str = ""
    wide: tuple[int, ...] = ()
    first: int = 0


@dataclass
class Part:
    """A part of a page: a heading with texts, a figure with its legend, and tables.

    Attributes:
        id: the id of the part in the HTML.
        title: the heading.
        texts: the texts below the heading.
        figure: the figure, or None.
        series: (name, class of the style sheet) of each entry in the legend of the figure.
        tables: the tables.
        count: for a part that names students, how many students (or other things) it is about.
    """

    id: str
    title: str
    texts: list[str] = field(default_factory=list)
    figure: Markup | None = None
    series: tuple[tuple[str, str], ...] = ()
    tables: list[Table] = field(default_factory=list)
    count: int = 0


@dataclass
class Page:
    """A page of the report.

    Attributes:
        title: the title of the page.
        says: the line below the title.
        links: (text, href) of the links to other pages.
        figures: (value, words, whether to look at it) of the numbers at the head of the page.
        parts: the parts that name no students.
        named: the parts that name students.
    """

    title: str
    says: str
    links: list[tuple[str, str]] = field(default_factory=list)
    figures: list[tuple[Value, str, bool]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    named: list[Part] = field(default_factory=list)


def render(page: Page) -> str:
    """The HTML of a Page: all texts are escaped, and it has no script and loads nothing."""
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return _environment().get_template("page.html.j2").render(
        page=page, style=Markup(style), policy=policy, made=f"{datetime.now():%Y-%m-%d %H:%M}"
    )  # fmt: skip


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True,
    )  # fmt: skip
    environment.globals |= {"shown": shown, "is_figure": is_figure}
    return environment


def shown(value: Value, digits: int = 2) -> str | int:
    """A number as people write it, 7.5 and not 7.50; a dash for None; texts as they are."""
    if value is None:
        return "–"
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        text = f"{value:.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value


def is_figure(cell: object) -> bool:
    """Whether a cell is a number, a share or a time, and so stands on the right of its column."""
    if isinstance(cell, str):
        return bool(re.fullmatch(r"\d+(\.\d+)?( (%|s|min|h))?|–", cell))
    return cell is None or isinstance(cell, (int, float))


def percent(part: float, whole: float) -> str:
    """A share in words, "63 %"; a dash if the whole is 0."""
    return f"{100 * part / whole:.0f} %" if whole else "–"


def seconds(value: float | None) -> str:
    """A time in words: 0.4 s, 12 s, 5 min, 3.2 h; a dash for None."""
    if value is None:
        return "–"
    for most, unit, size in ((10, "s", 1), (120, "s", 1), (7200, "min", 60)):
        if value < most:
            return f"{shown(value / size, 1 if most == 10 else 0)} {unit}"
    return f"{shown(value / 3600, 1)} h"
