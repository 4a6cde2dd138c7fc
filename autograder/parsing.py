"""A cell's text as a syntax tree, whatever its author wrote."""

import ast

from IPython.core.inputtransformer2 import TransformerManager

# Of memory, in characters: in Python 3.12 each token holds a copy of the line that it stands in.
MOST_COPIED = 10**8


def parsed(text):
    """The syntax tree of a cell, magics and all, or None where it is no Python."""
    try:
        return ast.parse(text)
    except SyntaxError:
        pass  # there may be magics in it
    except (ValueError, RecursionError, MemoryError):
        return None
    if sum(len(line) ** 2 for line in text.splitlines()) > MOST_COPIED:
        return None
    try:
        return ast.parse(TransformerManager().transform_cell(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
