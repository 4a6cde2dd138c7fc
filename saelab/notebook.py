"""What stands in a notebook's file, which somebody may have made or changed by hand."""

import json
from typing import Any


class Unreadable(ValueError):
    """A file is not a notebook; the message says why, in words for the student."""


def notebook_in(content: bytes) -> dict[str, Any]:
    """The JSON of a notebook of format 4, or of an older one converted to it.

    Args:
        content: the bytes of a file.

    Returns:
        The notebook as a dictionary, whose "cells" is a list.

    Raises:
        Unreadable: if the bytes are not a notebook; the message says why.
    """
    if not content.strip():
        raise Unreadable("it is empty")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("it is not text (UTF-8), but something else") from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"it is not JSON, or only a part of it arrived (line {error.lineno}, "
            f"column {error.colno})"
        ) from None
    except (RecursionError, MemoryError):
        raise Unreadable("it is nested too deeply") from None
    except ValueError:  # numbers with more than 4300 digits
        raise Unreadable("it holds numbers that are too long") from None
    if not isinstance(data, dict):
        raise Unreadable("it is JSON, but not a notebook")
    version = data.get("nbformat")
    if isinstance(version, int) and 2 <= version <= 3:
        try:
            cells = [
                _converted(cell) for sheet in data.pop("worksheets") for cell in sheet["cells"]
            ]
        except (KeyError, TypeError):
            raise Unreadable(f"it says notebook format {version}, and has another") from None
        data |= {"nbformat": 4, "nbformat_minor": 5, "cells": cells}
    elif version != 4:
        raise Unreadable("it is not in version 4 of the notebook format, which Jupyter writes")
    if not isinstance(data.get("cells"), list):
        raise Unreadable("it has no list of cells")
    return data


def text_of(value: object) -> str:
    """The text of a cell as a string that can be written as UTF-8; a list is joined."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    elif isinstance(value, (bool, int, float)):
        value = str(value) if not isinstance(value, int) or abs(value) < 10**18 else ""
    elif not isinstance(value, str):
        return ""
    # JSON can hold half a surrogate pair, which no file can.
    return value.encode("utf-8", "replace").decode("utf-8")


def _converted(cell: Any) -> Any:
    """A cell of format 2 or 3 as one of format 4; its outputs, and what is no cell, stay as is."""
    if not isinstance(cell, dict):
        return cell
    kind = cell.get("cell_type")
    source = text_of(cell.get("input" if kind == "code" else "source"))
    if kind == "heading":
        level = cell.get("level")
        marks = "#" * level if isinstance(level, int) and 1 <= level <= 6 else "#"
        source = f"{marks} {' '.join(source.splitlines())}"
    kind = "markdown" if kind in ("heading", "html") else kind
    return {**cell, "cell_type": kind, "source": source}
