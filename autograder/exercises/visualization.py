"""Notebook 06: hidden problems and known mistakes of pictures of the units."""

from collections.abc import Iterator

import numpy as np

from autograder.exercises.exercise import UNTOUCHED, Exercise, mistake
from saelab.check.exercise import Probe


def _maximal_inputs(rng: np.random.Generator) -> Iterator[Probe]:
    for shape in ((5, 9), (9, 4), (6, 6)):
        W1 = rng.normal(size=shape) * 10 ** rng.uniform(-2, 1, size=(shape[0], 1))
        W1[1] = 0
        yield Probe(f"weights of shape {shape}", (W1,))


def _tile_filters(rng: np.random.Generator) -> Iterator[Probe]:
    for n, size, columns, gap in ((7, 16, 3, 1), (4, 9, 4, 2), (5, 25, 2, 0)):
        filters = rng.normal(size=(n, size)) * rng.uniform(0.1, 3, size=(n, 1))
        filters[1] = 0
        says, args = f"{n} filters, {columns} columns, gap {gap}", (filters, columns, gap)
        yield Probe(says, args, part="own")
        yield Probe(says, args, {"scale": "common"}, part="common")


LENGTH = "np.linalg.norm(W1, axis=1, keepdims=True)"
NOT_ZERO = "np.where(length == 0, 1, length)"
LARGEST = "np.abs(filters).max(axis=1, keepdims=True)"
PASTED = "filter_.reshape(p, p)"

STRETCHED = """low = filters.min(axis=1, keepdims=True)
    high = filters.max(axis=1, keepdims=True)
    scaled = 2 * (filters - low) / np.where(high > low, high - low, 1) - 1"""


INPUTS = (
    mistake(
        "columns",
        "Each column has length 1, not each row. Look at what belongs to one hidden unit.",
        (LENGTH, "np.linalg.norm(W1, axis=0, keepdims=True)"),
    ),
    mistake(
        "dead unit",
        "A unit whose weights are all zero gives no numbers. Look at its length, and at what the "
        "docstring says of it.",
        (NOT_ZERO, "length"),
    ),
    mistake(
        "dead unit lit",
        "A unit whose weights are all zero gets an input that is not zero. Look at what the "
        "docstring says of it.",
        ("return W1 /", "return np.where(length == 0, 1 / np.sqrt(W1.shape[1]), W1) /"),
    ),
    mistake(
        "all together",
        "All rows are divided by the length of the whole matrix. Look at what has length 1 in the "
        "docstring.",
        (LENGTH, "np.linalg.norm(W1)"),
    ),
    mistake(
        "largest is 1",
        "The largest entry of each row is 1, not its length. Look at the bound that the input has "
        "to keep.",
        (LENGTH, "np.abs(W1).max(axis=1, keepdims=True)"),
    ),
    mistake(
        "absolute values add to 1",
        "The absolute values of each row add up to 1. Look at the kind of length that the bound "
        "is about.",
        (LENGTH, "np.abs(W1).sum(axis=1, keepdims=True)"),
    ),
    mistake(
        "square of the length",
        "Each row is divided by the square of its length. Look for the root in the formula.",
        (LENGTH, f"{LENGTH} ** 2"),
    ),
    mistake(
        "root of the length",
        "Each row is divided by the root of its length. Look at how often a root is taken.",
        (LENGTH, f"np.sqrt({LENGTH})"),
    ),
    mistake(
        "not divided",
        "The weights come back as they are. Look at the length that each row should have.",
        (f"W1 / {NOT_ZERO}", "1 * W1"),
    ),
    mistake(
        "mean taken off",
        "Each row loses its mean first. Look at the formula: the input has the direction of the "
        "weights themselves.",
        ("    length", "    W1 = W1 - W1.mean(axis=1, keepdims=True)\n    length"),
    ),
    mistake(
        "the sign",
        "The inputs excite the units least. Look at the sign of the weights in the formula.",
        ("return W1", "return -W1"),
    ),
    mistake(
        "absolute values",
        "No entry is negative. Look at whether the signs of the weights matter to the unit.",
        ("return W1", "return np.abs(W1)"),
    ),
    mistake(
        "transposed",
        "The inputs stand in the columns of what comes back. Look at the shape in the docstring.",
        (f"W1 / {NOT_ZERO}", f"(W1 / {NOT_ZERO}).T"),
    ),
    mistake(
        "in place",
        "The inputs are right, but W1 is not the same after the call. Look for a step that writes "
        "into it.",
        (f"return W1 / {NOT_ZERO}", f"W1 /= {NOT_ZERO}; return W1"),
    ),
    mistake(
        "no return",
        "The inputs are computed, but nothing comes back. Look at the last line of the function.",
        ("return W1", "W1"),
    ),
)


TILES = (
    mistake(
        "grey gaps",
        "Gaps and empty places are 0, which is grey. Look at their value in the docstring.",
        ("-np.ones", "0 * np.ones"),
    ),
    mistake(
        "white gaps",
        "Gaps and empty places are 1, which is white. Look at their value in the docstring.",
        ("-np.ones", "np.ones"),
    ),
    mistake(
        "gap forgotten",
        "The gap is always one pixel wide. Look at where the argument is used.",
        ("    n, size", "    gap = 1\n    n, size"),
    ),
    mistake(
        "columns forgotten",
        "There are always five filters in a row. Look at where the argument is used.",
        ("    n, size", "    columns = 5\n    n, size"),
    ),
    mistake(
        "no gap around",
        "The outer border has no gap. Look at the size of the picture in the docstring.",
        ("np.ones((rows * (p + gap) + gap, columns * (p + gap) + gap))",
         "np.ones((rows * (p + gap), columns * (p + gap)))"),
        ("gap + row * (p + gap), gap + column", "row * (p + gap), column"),
    ),
    mistake(
        "moved to the corner",
        "The filters begin at the very border, and the whole gap lies at the other end. Look at "
        "where the first one starts.",
        ("gap + row * (p + gap), gap + column", "row * (p + gap), column"),
    ),
    mistake(
        "column by column",
        "Each filter is laid out column by column. Look at the order of its pixels in the "
        "docstring.",
        (PASTED, PASTED + ".T"),
    ),
    mistake(
        "upside down",
        "Each filter stands on its head. Look at the order in which its rows are laid.",
        (PASTED, PASTED + "[::-1]"),
    ),
    mistake(
        "filled downwards",
        "The filters follow each other downwards. Look at which of row and column changes first.",
        ("row, column = divmod(i, columns)", "column, row = divmod(i, rows)"),
    ),
    mistake(
        "last row lost",
        "There is no room for a last row that is not full. Look at how the number of rows is "
        "rounded.",
        ("rows = -(-n // columns)", "rows = n // columns"),
    ),
    mistake(
        "a row too many",
        "There is an empty row at the bottom where the last one is full. Look at how the number "
        "of rows is rounded.",
        ("rows = -(-n // columns)", "rows = n // columns + 1"),
    ),
    mistake(
        "last filter left out",
        "The last filter is missing. Look at where the loop over the filters ends.",
        ("enumerate(scaled)", "enumerate(scaled[:-1])"),
    ),
    mistake(
        "never common",
        "The scale is that of each filter, even where a common one is asked for. Look at the name "
        "of the choice in the docstring.",
        ('scale == "common"', 'scale == "shared"'),
    ),
    mistake(
        "always common",
        "The scale is common to all filters, even where each should have its own. Look at what "
        "the choice depends on.",
        ('if scale == "common"', "if True"),
    ),
    mistake(
        "largest value with its sign",
        "A filter whose strongest pixel is negative leaves the range. Look at which values the "
        "largest is taken of.",
        (LARGEST, "filters.max(axis=1, keepdims=True)"),
    ),
    mistake(
        "divided by the length",
        "Each filter is divided by its length. Look at the docstring for what becomes 1.",
        (LARGEST, "np.linalg.norm(filters, axis=1, keepdims=True)"),
    ),
    mistake(
        "not scaled",
        "The filters come as they are. Look at what the docstring divides them by.",
        ("scaled = filters / np.where(largest == 0, 1, largest)", "scaled = filters"),
    ),
    mistake(
        "each pixel by its largest",
        "Each pixel is divided by its largest value over the filters. Look at what the largest is "
        "taken over.",
        (LARGEST, "np.abs(filters).max(axis=0, keepdims=True)"),
    ),
    mistake(
        "stretched from -1 to 1",
        "Each filter is stretched until it fills the whole range, so that 0 is no longer grey. "
        "Look at what it should be divided by.",
        ("scaled = filters / np.where(largest == 0, 1, largest)",
         STRETCHED),
    ),
    mistake(
        "from 0 to 1",
        "The values run from 0 to 1. Look at the range in the docstring.",
        ("return picture", "return (picture + 1) / 2"),
    ),
    mistake(
        "zeros",
        "A filter of zeros gives no numbers. Look at its largest value, and at what the docstring "
        "says of it.",
        ("np.where(largest == 0, 1, largest)", "largest"),
    ),
    mistake(
        "in place",
        "The picture is right, but the filters are not the same after the call. Look for a step "
        "that writes into them.",
        ("scaled = filters / np.where(largest == 0, 1, largest)",
         "filters /= np.where(largest == 0, 1, largest); scaled = filters"),
    ),
    mistake(
        "no return",
        "The picture is filled, but nothing comes back. Look at the last line of the function.",
        ("return picture", "picture"),
    ),
)  # fmt: skip


EXERCISES = (
    Exercise(
        "maximal_inputs",
        _maximal_inputs,
        mistakes=INPUTS,
        mild_libraries={"sklearn.preprocessing": "which scales data"},
        sample={"dan": UNTOUCHED},
    ),
    Exercise(
        "tile_filters",
        _tile_filters,
        mistakes=TILES,
        libraries={
            "skimage.util.montage": "which tiles pictures",
            "torchvision.utils.make_grid": "which tiles pictures",
        },
        sample={"dan": UNTOUCHED, "juri": (('if scale == "common":', "if True:"),)},
    ),
)
