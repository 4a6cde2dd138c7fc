"""Regions of a cell between two delimiters, such as hidden tests."""


def marked(text, regions):
    """Each line of a text with its place: "open", "begin", "inside" or "end".

    regions: pairs of the delimiters that begin and end one; text may stand around a delimiter.
    """
    end = None
    for line in text.split("\n"):
        if end is None:
            end = next((last for first, last in regions if first in line), None)
            yield line, "open" if end is None else "begin"
        elif end in line:
            end = None
            yield line, "end"
        else:
            yield line, "inside"
