"""Find the known mistakes that outputs of graded cells name, by their names in the catalogue."""

import functools
import re
from collections.abc import Iterable

from nbconvert.filters.ansi import strip_ansi
from nbformat import NotebookNode

from autograder.exercises import mistakes
from saelab.check.words import LEAD

PREFIXES = ("test-", "check-", "test_", "check_")
UNWRITTEN = ("NotImplementedError", "NotWritten")  # names of errors
# A known mistake, by its function and its name in the catalogue.
Mistake = tuple[str, str]


def function_of(cell_name: str) -> str:
    """The function that a graded cell tests, such as "sigmoid" for the cell "test-sigmoid"."""
    prefix = next((p for p in PREFIXES if cell_name.startswith(p)), "")
    return cell_name[len(prefix) :] or cell_name


def text_of(outputs: Iterable[NotebookNode]) -> str:
    """What the outputs of a cell say, as one text without colours."""
    parts = []
    for output in outputs:
        if output.get("output_type") == "stream":
            parts.append(output.get("text", ""))
        elif output.get("output_type") == "error":
            parts.append(output.get("evalue", ""))
    return strip_ansi("\n".join("".join(part) for part in parts))


def error_of(outputs: Iterable[NotebookNode]) -> str:
    """The name of the error that a cell ended with, or "" if there is none."""
    errors = [o for o in outputs if o.get("output_type") == "error"]
    return str(errors[-1].get("ename", "")) if errors else ""


def named_in(text: str, cell_name: str) -> list[Mistake]:
    """Find the known mistakes that a test or a check reports.

    Sentences may be broken into lines in any way. Nothing is found if no line says that mistakes
    follow, since a function may print anything.

    Args:
        text: the text of the cell's outputs.
        cell_name: the name of the cell.

    Returns:
        A list of (function, name).
    """
    flat = " ".join(text.split())
    _, lead, rest = flat.rpartition(LEAD)
    if not lead:
        return []
    found = []
    for sentence, function, name in _sentences(function_of(cell_name)):
        if sentence in rest:
            rest = rest.replace(sentence, " ")
            found.append((function, name))
    return found


def says_of(function: str, name: str) -> str:
    """The sentence that students read about a mistake that named_in() returned."""
    return next((s for s, f, n in _sentences(function) if (f, n) == (function, name)), "")


@functools.cache
def _sentences(function: str) -> list[tuple[str, str, str]]:
    """(sentence, function, names) of a function's mistakes, long sentences first.

    If the function is in no catalogue, these are the mistakes of all functions, since a course may
    call its cells anything. Mistakes with the same sentence count as one.
    """
    known = mistakes.catalogue(function) or mistakes.catalogue()
    names: dict[Mistake, list[str]] = {}
    for mistake in known:
        key = (re.sub(r"\s+", " ", mistake.says.strip()), mistake.function)
        names.setdefault(key, []).append(mistake.name)
    found = [(says, function, " or ".join(all_)) for (says, function), all_ in names.items()]
    return sorted(found, key=lambda entry: (-len(entry[0]), entry[1:]))
