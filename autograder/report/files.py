"""Files that others open: written whole or not at all, and harmless in a spreadsheet."""

import csv
import io
import os
from pathlib import Path

# A spreadsheet takes a cell that begins with one of these for a formula, and computes it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text):
    """A text that no spreadsheet takes for a formula: one more apostrophe where it would.

    A lone "-" stands for "no grade" in many lists, and is none.
    """
    text = text.replace("\0", "")
    return f"'{text}" if text.strip() != "-" and text.lstrip(" ").startswith(FORMULA) else text


def table_text(rows, separator=","):
    """Rows as the text of a CSV file; texts are made harmless, numbers stay what they are."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue()


def write_whole(path, text):
    """Write a text file in UTF-8, so that a reader finds the old one or the new one, never half.

    Errors: OSError where it cannot be written; then the old one is still there.
    """
    path = Path(path)
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        # What was not asked for in this encoding, as half of a pair of surrogates, is shown as "?".
        aside.write_bytes(text.encode("utf-8", "replace"))
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return path
