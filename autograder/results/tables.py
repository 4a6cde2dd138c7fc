"""Tables that others open: harmless in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

# A spreadsheet takes a cell that begins with one of these for a formula, and computes it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one more apostrophe where it would.

    A lone "-" stands for "no grade" in many lists, and is none.
    """
    text = text.replace("\0", "")
    return f"'{text}" if text.strip() != "-" and text.lstrip(" ").startswith(FORMULA) else text


def table_text(rows: Iterable[Iterable[str | float | None]], separator: str = ",") -> str:
    """Rows as the text of a CSV file; texts are made harmless, numbers stay what they are."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue()
