"""A cell's text as a syntax tree, whatever its author wrote."""

import ast

from IPython.core.inputtransformer2 import TransformerManager

# Of memory, in characters: in Python 3.12 each token holds a copy of the line that it stands in.
MOST_COPIED = 10**8


def parse(text: str) -> ast.Module:
    """The syntax tree of a cell, magics and all. Errors: SyntaxError says why it is no Python."""
    try:
        try:
            return ast.parse(text)
        except SyntaxError:
            pass  # there may be magics in it
        if sum(len(line) ** 2 for line in text.splitlines()) > MOST_COPIED:
            raise SyntaxError("it is no plain Python, and its lines are too long to look further")
        return ast.parse(TransformerManager().transform_cell(text))
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error) or type(error).__name__) from None


def parsed(text: str) -> ast.Module | None:
    """As parse(), but None where it is no Python."""
    try:
        return parse(text)
    except SyntaxError:
        return None
