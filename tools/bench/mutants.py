"""Generic mutants of the reference functions, made by the operators of Cosmic Ray.

Each mutant is the reference's solution cell with one operator, number or keyword changed, as a
mutation tool would change any program, without any knowledge of networks. Cosmic Ray's own command
starts a test suite anew for each mutant, which takes a second or more. Here only its operators are
used, on the text of the cell, and the benchmark runs checks and hidden tests itself.

A mutant that does the same as the reference cannot be killed. Each of these mutants is listed in
EQUIVALENT, by hand and with the reason; no rule leaves out a mutant.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

from autograder.exercises.reference import solution_text

# Not used: they need the names of variables as arguments.
WITH_ARGUMENTS = {"core/VariableReplacer", "core/VariableInserter"}


@dataclass(frozen=True)
class Mutant:
    """A reference function with one thing changed.

    Attributes:
        function: the function's name.
        operator: Cosmic Ray's name of the operator that made the change.
        line: the changed line, before and after, stripped.
        text: the text of the whole cell.
    """

    function: str
    operator: str
    line: tuple[str, str]
    text: str

    @property
    def equivalent(self) -> str | None:
        """Why the mutant does the same as the reference; None if it does not."""
        return EQUIVALENT.get((self.function, *self.line))


NEVER_NEGATIVE = "a norm, or the largest of absolute values, is never negative"
ZERO_BY_ANYTHING = "a row of zeros is divided by it, and stays one whatever the number is"
# (function, line of the reference, line of the mutant) -> why nothing changes.
EQUIVALENT = {
    (
        "maximal_inputs",
        "return W1 / np.where(length == 0, 1, length)",
        "return W1 / np.where(length <= 0, 1, length)",
    ): NEVER_NEGATIVE,
    (
        "maximal_inputs",
        "return W1 / np.where(length == 0, 1, length)",
        "return W1 / np.where(length == 0, 2, length)",
    ): ZERO_BY_ANYTHING,
    (
        "tile_filters",
        "scaled = filters / np.where(largest == 0, 1, largest)",
        "scaled = filters / np.where(largest <= 0, 1, largest)",
    ): NEVER_NEGATIVE,
    (
        "tile_filters",
        "scaled = filters / np.where(largest == 0, 1, largest)",
        "scaled = filters / np.where(largest == 0, 2, largest)",
    ): ZERO_BY_ANYTHING,
    (
        "tile_filters",
        'if scale == "common":',
        'if scale <= "common":',
    ): 'of the two words that scale may be, "own" comes after "common" in the alphabet',
}


@functools.cache
def mutants(function: str) -> tuple[Mutant, ...]:
    """All mutants of a reference function, in the order of Cosmic Ray's operators."""
    text = solution_text(function)
    return tuple(
        Mutant(function, name, _changed_line(text, mutated), mutated)
        for name in operator_names()
        if name not in WITH_ARGUMENTS
        for mutated in _mutations(text, get_operator(name)())
    )


def _mutations(text: str, operator: Operator) -> Iterator[str]:
    """The texts that an operator makes from one text, each by a single change."""
    occurrence = 0
    while (mutated := mutate_code(text, operator, occurrence)) is not None:
        yield mutated
        occurrence += 1


def _changed_line(old: str, new: str) -> tuple[str, str]:
    """The first line that differs, before and after."""
    pairs = zip(old.splitlines(), new.splitlines(), strict=False)
    return next((a.strip(), b.strip()) for a, b in pairs if a != b)
