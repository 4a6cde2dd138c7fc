"""Regions of a cell between two delimiters, such as hidden tests."""

from collections.abc import Iterator, Sequence

from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme
from traitlets.config import Configurable

Region = tuple[str, str]  # the delimiters that begin and end one


def marked(text: str, regions: Sequence[Region]) -> Iterator[tuple[str, str]]:
    """Go through the lines of a text, and say for each where it stands.

    Args:
        text: the text of a cell.
        regions: pairs of the delimiters that begin and end a region. A line with a delimiter may
            have other text too.

    Yields:
        Each line with its place: "open", "begin", "inside" or "end".
    """
    end: str | None = None
    for line in text.split("\n"):
        if end is None:
            end = next((last for first, last in regions if first in line), None)
            yield line, "open" if end is None else "begin"
        elif end in line:
            end = None
            yield line, "end"
        else:
            yield line, "inside"


def hidden_regions(configurable: Configurable) -> list[Region]:
    """The delimiters of what is in the gradebook but not in the release.

    Args:
        configurable: its configuration may name other delimiters than nbgrader's own.

    Returns:
        (begin, end) pairs: those of hidden tests first, then those of mark schemes.
    """
    tests, scheme = ClearHiddenTests(parent=configurable), ClearMarkScheme(parent=configurable)
    return [
        (tests.begin_test_delimeter, tests.end_test_delimeter),
        (scheme.begin_mark_scheme_delimeter, scheme.end_mark_scheme_delimeter),
    ]
