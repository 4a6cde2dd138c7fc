"""Known mistakes: what students of this exercise get wrong, and the sentence that names each.

Each is an edit of the reference's own text, so that it stays what it is called when the reference
changes. Most were found in published solutions of the exercise; the others are what teachers of
it expect. To add one, add an entry (name, sentence, edits) to the file of its notebook.
"""

import functools
import itertools
from collections.abc import Callable
from typing import Any

from autograder.exercises import reference
from autograder.exercises.mistakes import (
    backprop,
    costs,
    forward,
    gradients,
    network,
    packing,
    patches,
    penalty,
    pictures,
    sparsity,
    training,
    whitening,
)
from autograder.exercises.mistakes.entry import Mistake, MistakeError, edited, overlap, wrong

__all__ = ["Mistake", "MistakeError", "catalogue", "functions", "mistaken", "pairs"]

Pair = tuple[Mistake, Mistake]
# In the order of the course.
PARTS = (
    (whitening, patches),
    (network, forward, costs, backprop, packing),
    (sparsity, penalty),
    (gradients,),
    (training,),
    (pictures,),
)
CATALOGUE: tuple[Mistake, ...] = tuple(
    m for notebook in PARTS for part in notebook for m in part.MISTAKES
)

# Names of two mistakes that cancel, or that are a third one together: the text does not show it.
NO_PAIRS = {
    frozenset(names)
    for names in (
        ("W2 column by column", "W2 read from W1's place"),
        ("cost summed over examples", "1/m missing"),
        ("1/m twice", "gradient summed"),
        ("a minus missing", "the second sign"),
        ("beta missing in the gradient", "beta twice in the gradient"),
        ("sparsity missing in b1's gradient", "sparsity missing in W1's gradient"),
    )
}


def functions() -> tuple[str, ...]:
    """The names of the functions that the catalogue knows, in the order of the course."""
    known = {mistake.function for mistake in CATALOGUE}
    return tuple(name for name in reference.functions() if name in known)


def catalogue(function: str | None = None) -> tuple[Mistake, ...]:
    """All known mistakes, or those of one function: a tuple of Mistake."""
    return tuple(m for m in CATALOGUE if function in (None, m.function))


def mistaken(function_name: str, *mistakes: Mistake) -> Callable[..., Any]:
    """The reference's function with all these mistakes in it; a new one at each call.

    Its notebook's other functions are the reference's.
    Errors: MistakeError where an edit does not fit the reference's text.
    """
    return wrong(edited(function_name, mistakes), function_name)


def pairs(function_name: str) -> tuple[Pair, ...]:
    """All pairs of a function's mistakes that can be made at once: a tuple of (Mistake, Mistake).

    Left out are pairs that edit the same place, that cancel, or that together are a third mistake.
    """
    return _pairs(catalogue(function_name), reference.solution_text(function_name))


@functools.cache
def _pairs(mistakes: tuple[Mistake, ...], text: str) -> tuple[Pair, ...]:
    whole = {frozenset(mistake.edits) for mistake in mistakes}
    found = []
    for one, other in itertools.combinations(mistakes, 2):
        alone = frozenset((one.name, other.name)) in NO_PAIRS
        third = frozenset(one.edits + other.edits) in whole
        if not (alone or third or overlap(text, one, other)):
            found.append((one, other))
    return tuple(found)
