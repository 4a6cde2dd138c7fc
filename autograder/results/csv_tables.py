"""Tables that others open, made harmless in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

# A spreadsheet takes a cell that begins with one of these for a formula, and computes it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """A text with an apostrophe before it if a spreadsheet would take it for a formula.

    A lone "-" stands for "no grade" in many lists, and is not a formula.
    """
    text = text.replace("\0", "")
    return f"'{text}" if text.strip() != "-" and text.lstrip(" ").startswith(FORMULA) else text


def table_text(rows: Iterable[Iterable[str | float | None]], separator: str = ",") -> str:
    """Rows as the text of a CSV file; texts are made harmless, and numbers stay what they are."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue()
