"""Regions of a cell between two delimiters, such as hidden tests."""

from collections.abc import Iterator, Sequence

from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme
from traitlets.config import Configurable

Region = tuple[str, str]  # the delimiters that begin and end one


def marked(text: str, regions: Sequence[Region]) -> Iterator[tuple[str, str]]:
    """Each line of a text with its place: "open", "begin", "inside" or "end".

    regions: pairs of the delimiters that begin and end one; text may stand around a delimiter.
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
    """The (begin, end) delimiters of what is in the gradebook and not in the release.

    configurable: whose configuration may name other ones than nbgrader's own; of hidden tests
    first, then of mark schemes.
    """
    tests, scheme = ClearHiddenTests(parent=configurable), ClearMarkScheme(parent=configurable)
    return [
        (tests.begin_test_delimeter, tests.end_test_delimeter),
        (scheme.begin_mark_scheme_delimeter, scheme.end_mark_scheme_delimeter),
    ]
