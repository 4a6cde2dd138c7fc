"""Names that a test does not find: which cell of the notebook would have defined them, and why not.

A message that says only that a name is not defined sends its reader to the wrong place, where a
cell above stopped before it came to the definition.
"""

import re
from collections.abc import Iterable, Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_output

from saelab.code import made_names, names_in_broken, parsed

# As Python says it, and as our own messages do, in which a line may be broken anywhere.
NOT_DEFINED = re.compile(r"name\s+'(\w{1,80})'\s+is\s+not\s+defined|for (\w{1,80}), which is not")
MOST_TOLD = 5  # names of one test
MOST_QUOTED = 80  # characters of a cell or of an error


class Undefined:
    """What the student's cells would have defined, and have not.

    Attributes:
        why: from a name to the sentence that says why it is not defined.
    """

    def __init__(self) -> None:
        self.why: dict[str, str] = {}

    def executed(self, cell: NotebookNode) -> None:
        """Take notice of a cell of the student's and what came of it."""
        error = next((one for one in cell.outputs if one.output_type == "error"), None)
        for name in made_by(cell.source):
            if error is None:
                self.why.pop(name, None)
            else:
                said = _short(f"{error.ename}: {error.evalue}" if error.evalue else error.ename)
                self.why[name] = f"{_the_cell(cell)} would define {name}, and stopped with {said}"

    def passed_over(self, cell: NotebookNode) -> None:
        """Take notice of a cell that is not executed."""
        for name in made_by(cell.source):
            why = f"{_the_cell(cell)} would define {name}, and is not executed while grading"
            self.why.setdefault(name, why)

    def explain(self, outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
        """The outputs of a test, with a line for each name that it says is not defined.

        Args:
            outputs: the outputs.
        """
        told = [self.why[name] for name in not_defined(outputs) if name in self.why][:MOST_TOLD]
        if not told:
            return [*outputs]
        shown = new_output("stream", name="stdout", text="".join(f"{one}.\n" for one in told))
        printed = [one for one in outputs if one.output_type == "stream"]
        return [*printed, shown, *(one for one in outputs if one.output_type != "stream")]


def made_by(text: str) -> set[str]:
    """The names that a cell binds at its top level; of one that is not Python, those it would."""
    tree = parsed(text)
    try:
        return made_names(tree)[0] if tree else names_in_broken(text)
    except (SyntaxError, RecursionError):  # such as a return outside of a function
        return set()


def not_defined(outputs: Iterable[NotebookNode]) -> list[str]:
    """The names of which the outputs of a test say that they are not defined."""
    texts = (one.get("text") or one.get("evalue") or "" for one in outputs)
    found = (match for text in texts for match in NOT_DEFINED.finditer(text))
    return [*dict.fromkeys(match[1] or match[2] for match in found)]


def _the_cell(cell: NotebookNode) -> str:
    first = next((line for line in cell.source.splitlines() if line.strip()), "")
    return f"The cell above that begins with `{_short(first)}`"


def _short(text: str) -> str:
    text = " ".join(text.split()).rstrip(".")
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1]}…"
