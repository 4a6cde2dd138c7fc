r"""What is printed on a terminal, or logged, made printable: there, some characters are commands.

Names of folders and files, texts of notebooks and messages of errors may come from students. A
command of the grader prints by `say`, and its streams are Printable, through which all else goes
(usage, warnings, tracebacks); nbgrader's commands log through PrintableRecords. A character that
has no picture is shown as Python writes it: ``\x1b``.
"""

import contextlib
import logging
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any, TextIO


def printable(text: object) -> str:
    """A text in one line, in which nothing is a command to a terminal."""
    text = str(text)
    return text if text.isprintable() else "".join(map(_shown, text))


def say(text: object = "", file: TextIO | None = None) -> None:
    """Print a text. Its further lines are indented: none of them looks like a line of its own.

    Args:
        text: the text.
        file: where to; None for the standard output.
    """
    print("\n    ".join(map(printable, str(text).split("\n"))), file=file, flush=True)


class Printable:
    """A stream in which nothing but the ends of lines is a command to a terminal.

    Args:
        stream: the stream to which it is written.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(_lines(text, keep="\n\r\t"))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def printable_streams() -> Iterator[None]:
    """Make the standard output and the standard error Printable within a with block."""
    out: Any = Printable(sys.stdout)
    error: Any = Printable(sys.stderr)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        yield


class PrintableRecords(logging.Filter):
    """A filter for a handler of logs, which lets all through, but made printable."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _lines(record.getMessage()), None
        if record.exc_info:
            record.exc_text = _lines(logging.Formatter().formatException(record.exc_info))
        return True


# For traitlets' Application.logging_config.
LOGGING = {
    "filters": {"printable": {"()": f"{__name__}.PrintableRecords"}},
    "handlers": {"console": {"filters": ["printable"]}},
}


def _lines(text: str, keep: str = "\n\t") -> str:
    return "".join(c if c in keep or c.isprintable() else _shown(c) for c in text)


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    if unicodedata.category(character) == "Zs":  # spaces of other widths
        return " "
    return character.encode("unicode_escape").decode("ascii")
