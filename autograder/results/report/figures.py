"""Plots as SVG in a page: texts stay texts, and the page sets the colours, light or dark.

Each function returns Markup. Colours never carry information alone: numbers stand in the bars or
beside them.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

WIDTH = 760
LINE = 30  # height of a row of bars
LETTER = 7.4  # width of a letter of the page's fixed font, in the plot's units
# Least, lower quartile, median, upper quartile, most.
Five = tuple[float, float, float, float, float]


def histogram(
    counts: Sequence[int],
    labels: Sequence[str],
    title: str,
    x_label: str,
    y_label: str,
    marks: Iterable[tuple[float, str]] = (),
) -> Markup:
    """A plot of columns with their counts on top.

    Args:
        counts: the whole numbers, one for each column.
        labels: the labels of the len(counts) + 1 borders of the columns.
        title: the title of the plot.
        x_label: the label of the horizontal axis.
        y_label: the label of the vertical axis.
        marks: (place, text) of each vertical line across the columns; the place is from 0 to 1.
    """
    left, top, height = 52, 44, 210
    wide, most = (WIDTH - left - 16) / len(counts), max([*counts, 1])
    parts, numbers = [], []
    for value in _ticks(most):
        y = top + height * (1 - value / most)
        parts.append(_line(left, y, WIDTH - 16, y, "grid"))
        parts.append(_text(left - 8, y + 4, value, "end"))
    for at, count in enumerate(counts):
        if count:
            tall = height * count / most
            x, y = left + at * wide, top + height - tall
            parts.append(_rect(x + 1.5, y, wide - 3, tall, "bar"))
            numbers.append(_text(x + wide / 2, y - 6, count, "middle", "strong"))
    for at, label in enumerate(labels):
        parts.append(_text(left + at * wide, top + height + 18, label, "middle"))
    for place, text in marks:
        x = left + place * (WIDTH - left - 16)
        parts.append(_line(x, 16, x, top + height, "mark"))
        anchor = "end" if place > 0.6 else "start"
        parts.append(_text(x + (-5 if anchor == "end" else 5), 14, text, anchor, "strong"))
    parts += numbers
    bottom = top + height
    parts.append(_line(left, bottom, WIDTH - 16, bottom, "axis"))
    parts.append(_text((left + WIDTH - 16) / 2, bottom + 40, x_label, "middle"))
    parts.append(
        Markup('<text class="label" text-anchor="middle" transform="translate(14 {}) rotate(-90)">'
               "{}</text>").format(round(top + height / 2), y_label)
    )  # fmt: skip
    described = "; ".join(
        f"{labels[at]} to {labels[at + 1]}: {count}" for at, count in enumerate(counts) if count
    )
    return _svg(bottom + 50, title, described, parts)


def stacked(
    rows: Sequence[tuple[str, Sequence[int]]], series: Sequence[tuple[str, str]], title: str
) -> Markup:
    """A plot of rows of bars that fill the width, in shares of each row's sum.

    Args:
        rows: (label, numbers) of each row.
        series: (name, class of the style sheet) for each of a row's numbers.
        title: the title of the plot.
    """
    left = _gutter(label for label, _ in rows)
    whole, parts, texts = WIDTH - left - 8, [], []
    for at, (label, numbers) in enumerate(rows):
        y, x, total = at * LINE + 4, left, sum(numbers)
        parts.append(_text(left - 10, y + 16, label, "end", "code"))
        for (name, kind), number in zip(series, numbers):
            wide = whole * number / total if total else 0
            if wide:
                parts.append(_rect(x, y, wide, LINE - 8, kind, f"{label}: {number} {name}"))
            if wide > 9 + 7 * len(str(number)):
                parts.append(_text(x + wide / 2, y + 16, number, "middle", f"on-{kind}"))
            x += wide
        words = ", ".join(f"{n} {name}" for (name, _), n in zip(series, numbers) if n)
        texts.append(f"{label}: {words or 'nobody'}")
    return _svg(len(rows) * LINE + 8, title, "; ".join(texts), parts)


def bars(rows: Sequence[tuple[str, int]], title: str) -> Markup:
    """A plot of rows of bars, each with its number behind it.

    Args:
        rows: (label, whole number) of each row.
        title: the title of the plot.
    """
    left, most = _gutter(label for label, _ in rows), max([n for _, n in rows] + [1])
    whole, parts = WIDTH - left - 50, []
    for at, (label, number) in enumerate(rows):
        y, wide = at * LINE + 4, whole * number / most
        parts.append(_text(left - 10, y + 16, label, "end"))
        parts.append(_rect(left, y, wide, LINE - 8, "bar"))
        parts.append(_text(left + wide + 7, y + 16, number, "start", "strong"))
    texts = "; ".join(f"{label}: {number}" for label, number in rows)
    return _svg(len(rows) * LINE + 8, title, texts, parts)


def boxes(rows: Sequence[tuple[str, Five | None]], title: str, x_label: str) -> Markup:
    """A plot of rows of boxes on a scale from 0 to 100.

    Args:
        rows: (label, numbers) of each row. The five numbers are the least, the lower quartile, the
            median, the upper quartile and the most; None if there are no scores.
        title: the title of the plot.
        x_label: the label of the scale.
    """
    left = _gutter(label for label, _ in rows)
    whole, bottom, parts, texts = WIDTH - left - 30, len(rows) * LINE + 6, [], []

    def place(value: float) -> float:
        return left + whole * min(max(value, 0), 100) / 100

    for value in (0, 25, 50, 75, 100):
        parts.append(_line(place(value), 0, place(value), bottom, "grid"))
        parts.append(_text(place(value), bottom + 16, f"{value} %", "middle"))
    for at, (label, five) in enumerate(rows):
        y = at * LINE + 15
        parts.append(_text(left - 10, y + 5, label, "end", "code"))
        if five is None:
            texts.append(f"{label}: no scores")
            continue
        least, lower, median, upper, most = (place(value) for value in five)
        parts.append(_line(least, y, most, y, "axis"))
        parts.append(_rect(lower, y - 9, max(upper - lower, 3), 18, "part"))
        parts.append(_line(median, y - 11, median, y + 11, "median"))
        texts.append("{}: least {:.0f} %, quartiles {:.0f}, {:.0f} and {:.0f} %, most {:.0f} %"
                    .format(label, *five))  # fmt: skip
    parts.append(_text(left + whole / 2, bottom + 36, x_label, "middle"))
    return _svg(bottom + 44, title, "; ".join(texts), parts)


def _svg(height: float, title: str, described: str, parts: Iterable[Markup]) -> Markup:
    return Markup(
        '<svg role="img" viewBox="0 0 {} {}" aria-label="{}"><title>{}</title><desc>{}</desc>{}'
        "</svg>"
    ).format(WIDTH, round(height), title, title, described, Markup("").join(parts))


def _gutter(labels: Iterable[str]) -> float:
    """The room for the labels on the left, which is never more than half of the plot."""
    return min(max([len(label) for label in labels] + [4]) * LETTER + 20, WIDTH / 2)


def _ticks(most: int) -> range:
    """About four whole numbers up to the largest."""
    step = next(s * 10**p for p in range(12) for s in (1, 2, 5) if s * 10**p * 5 >= most)
    return range(0, most + 1, step)


def _rect(x: float, y: float, width: float, height: float, kind: str, title: str = "") -> Markup:
    inside = Markup("<title>{}</title>").format(title) if title else ""
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">{}</rect>'
                  ).format(kind, x, y, width, height, inside)  # fmt: skip


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
        kind, x1, y1, x2, y2
    )


def _text(x: float, y: float, text: str | int, anchor: str, kind: str = "label") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        kind, x, y, anchor, text
    )
