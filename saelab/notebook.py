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
            # Only old notebooks need it; its import takes a fifth of a second.
            import nbformat
        except ModuleNotFoundError:
            raise Unreadable(
                f"it has the old notebook format {version}, and nbformat, which could convert it, "
                "is not installed here"
            ) from None
        try:
            data = dict(nbformat.convert(nbformat.from_dict(data), 4))
        except Exception:  # whatever a converter does with a file that only says its version
            raise Unreadable(f"it says notebook format {version}, and has another") from None
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
