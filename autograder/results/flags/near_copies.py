"""Find students who handed in nearly the same function, and not only the same one.

A function is compared by the set of its fragments: runs of RUN nodes of its syntax tree, in which
local names, docstrings and comments make no difference. Fragments that stand in the given code or
in the solution, and those that much of the class has, say nothing. Of the other fragments, two
functions may share a part by chance. They share nearly all if one was made from the other, with
statements moved, renamed or edited here and there.
"""

import ast
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from nbformat import NotebookNode
from scipy import sparse

from autograder.results.flags.copies import Length, LocalName, bare, local_names, shape
from autograder.results.flags.notebooks import Flag, Notebook, Piece

RUN = 7  # nodes of a fragment
FEWEST = 60  # fragments of its own that a function must have to be compared
ALIKE = 0.6  # the share of the fragments of either function that both have
COMMON = 0.25  # a fragment that more of the class has is common knowledge
LARGE_CLASS = 12  # the size of a class from which on COMMON counts
# A function: its notebook, its piece, and its fragments.
Entry = tuple[Notebook, Piece, set[int]]
# Nodes that say nothing beside their neighbours.
QUIET = (ast.expr_context, ast.arguments, ast.Name, ast.arg, ast.Constant)


def near_copies(
    notebooks: Sequence[Notebook], source: NotebookNode | None = None
) -> Iterator[Flag]:
    """Flags for functions that share most of their fragments with one of another student.

    Functions that are the same as a whole are left to copies().
    """
    given: set[int] = set()
    if source:
        for piece in Notebook.of(source.cells).pieces:
            given |= fragments(piece.node)
    entries = [
        (notebook, piece, fragments(piece.node) - given)
        for notebook in notebooks
        for piece in notebook.pieces
        if isinstance(piece.node, ast.FunctionDef)
    ]
    entries = _without_common([e for e in entries if len(e[2]) >= FEWEST], len(notebooks))
    for (notebook, piece, own), (other, _, others), shared in _pairs(entries):
        most = max(len(own), len(others))
        what = (
            f"is nearly the same as that of {other.student}: of the {most} fragments of its syntax "
            f"that are not in the solution, they share {shared} ({100 * shared // most} %)"
        )
        yield notebook.flag(piece, piece.node, what)


def fragments(node: ast.AST) -> set[int]:
    """The fragments of a piece of code as a set of numbers, each a digest of RUN nodes."""
    words = list(_words(node))
    runs = range(max(1, len(words) - RUN + 1))
    return {zlib.crc32(" ".join(words[i : i + RUN]).encode("utf-8", "replace")) for i in runs}


def _words(node: ast.AST) -> Iterator[str]:
    """The nodes of a tree from top to bottom, each as a word; all local names are one word."""
    local = local_names(node)
    for part in bare(node):
        if isinstance(part, LocalName):
            yield "_" if part in local else part
        elif isinstance(part, (str, bytes, float, complex)):
            yield repr(part)[:40]
        elif isinstance(part, int) and not isinstance(part, Length):
            yield hex(part)[:40]
        elif isinstance(part, ast.AST) and not isinstance(part, QUIET):
            yield type(part).__name__


def _without_common(entries: list[Entry], class_size: int) -> list[Entry]:
    """Drop fragments that much of the class has, and entries that then have too few left."""
    if class_size < LARGE_CLASS:
        return entries
    holders: Counter[int] = Counter()
    by_student: defaultdict[str, set[int]] = defaultdict(set)
    for notebook, _, own in entries:
        by_student[notebook.student] |= own
    for own in by_student.values():
        holders.update(own)
    most = COMMON * class_size
    left = [(n, p, {f for f in own if holders[f] <= most}) for n, p, own in entries]
    return [entry for entry in left if len(entry[2]) >= FEWEST]


def _pairs(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Entry, int]]:
    """For each entry, find the one of another student that shares most with it.

    Yields:
        (entry, other entry, number of shared fragments), if that number is at least the share
        ALIKE of the fragments of each.
    """
    if len(entries) < 2:
        return
    numbers = {f: i for i, f in enumerate(sorted(set().union(*(own for *_, own in entries))))}
    rows = [row for row, (*_, own) in enumerate(entries) for _ in own]
    columns = [numbers[f] for *_, own in entries for f in own]
    ones = np.ones(len(rows), np.int32)
    table = sparse.csr_array((ones, (rows, columns)), (len(entries), len(numbers)))
    shared = (table @ table.T).tocoo()
    sizes = np.array([len(own) for *_, own in entries])
    most = np.maximum(sizes[shared.row], sizes[shared.col])
    near = np.flatnonzero((shared.data >= ALIKE * most) & (shared.row != shared.col))
    shapes = {i: shape(entries[i][1].node) for i in set(shared.row[near].tolist())}
    best: dict[int, tuple[int, int]] = {}
    for at in near[np.argsort(-shared.data[near] / most[near], kind="stable")].tolist():
        i, j = int(shared.row[at]), int(shared.col[at])
        another = entries[i][0].student != entries[j][0].student
        if another and i not in best and shapes[i] != shapes[j]:
            best[i] = j, int(shared.data[at])
    for i, (j, n) in sorted(best.items()):
        yield entries[i], entries[j], n
