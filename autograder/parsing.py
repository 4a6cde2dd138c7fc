"""A cell's text as a syntax tree, whatever its author wrote."""

import ast

from IPython.core.inputtransformer2 import TransformerManager


def parsed(text):
    """The syntax tree of a cell, magics and all, or None where it is no Python."""
    try:
        return ast.parse(TransformerManager().transform_cell(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
