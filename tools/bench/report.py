"""The figures of the checks' benchmark as a table, and docs/checks.md renewed from them.

    python -m tools.bench.report

renews the page after the wording of a message has changed, with the figures of the last benchmark.
docs/checks.md contains marks such as `<!-- begin: table -->` and `<!-- end: table -->`. write_docs
writes the text between two such marks; the rest is written by hand.
"""

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import CLONE
from autograder.exercises import mistakes
from autograder.exercises.reference import made, solution_text
from tools.bench.trials import by_check, by_hidden_test

DOCS = CLONE / "docs" / "checks.md"
FIGURES = CLONE / "build" / "bench" / "checks.json"


@dataclass(frozen=True)
class Message:
    """A version of a function whose message is shown in docs/checks.md.

    Attributes:
        title: a few words.
        function: the function's name.
        names: the names of the mistakes of the catalogue that are made.
        edit: (old, new), for a version that is not in the catalogue.
        hidden: whether to show what the hidden test prints, and not the visible check.
    """

    title: str
    function: str
    names: tuple[str, ...] = ()
    edit: tuple[str, str] = ("", "")
    hidden: bool = False

    def make(self) -> Any:
        """The wrong function."""
        if self.names:
            known = {mistake.name: mistake for mistake in mistakes.catalogue(self.function)}
            return mistakes.mistaken(self.function, *(known[name] for name in self.names))
        return made(solution_text(self.function).replace(*self.edit), self.function)

    def text(self) -> str:
        """What a student reads."""
        if self.hidden:
            return by_hidden_test(self.make, self.function).text.strip()
        return by_check(self.make).text.strip()


COST, SPARSE_COST = "autoencoder_cost", "sparse_autoencoder_cost"
MESSAGES = (
    Message("What has to be mended first comes first", COST, ("gradient in one column",)),
    Message("The part, the condition, and the mistake by name", COST, ("lambda / m",)),
    Message("Two mistakes at once", SPARSE_COST, ("factor 1/2 missing", "wrong matrix")),
    Message(
        "A mistake that no entry holds is told by its terms",
        COST,
        edit=("m = data.shape[1]", "m = 100"),
    ),
    Message(
        "What nothing explains is told by part and condition",
        COST,
        edit=("delta2 @ data.T / m + lambda_ * W1", "delta2 @ data.T / m + lambda_ * W1**3"),
    ),
    Message(
        "The hidden test, as it stands in the feedback",
        SPARSE_COST,
        ("no decay in the gradient of W1",),
        hidden=True,
    ),
)
# The entry of the catalogue that is shown: its file, and its name.
ENTRY = ("cost", "cost averaged over all entries")
TOTAL = "all"
# Heads, and what stands below each: figures of one function.
COLUMNS = {
    "mistakes": ("mistakes",),
    "caught": ("caught",),
    "named": ("named",),
    "mutants": ("generic",),
    "killed": ("generic_killed",),
    "without look-up": ("named_without_lookup",),
    "left out": ("left_out_named",),
    "pairs": ("pairs",),
    "named ": ("pairs_named",),
    "triples": ("triples",),
    "named  ": ("triples_named",),
    "right": ("variants",),
    "false alarms": ("false_alarms",),
    "wrongly named": ("wrongly_named",),
    "exercise's check": ("original_caught", "original_tried"),
}


def rows(found: dict[str, Any]) -> list[list[str]]:
    """The table as lists of words: first the headings, then each function, then the sums."""
    # A run that tried no mutants has nothing to say of them.
    tried = [() if keys[0].startswith("generic") and not found["generic"] else keys
             for keys in COLUMNS.values()]  # fmt: skip
    lines = [["function", *(head.strip() for head in COLUMNS)]]
    for name, figures in [*found["functions"].items(), (TOTAL, found)]:
        lines.append([name, *(_cell(figures, keys) for keys in tried)])
    return lines


def _cell(figures: dict[str, int], keys: tuple[str, ...]) -> str:
    if not keys or (not figures[keys[-1]] and len(keys) > 1):
        return ""  # not tried
    return " of ".join(str(figures[key]) for key in keys)


def table(found: dict[str, Any]) -> str:
    """The table for a terminal, where headings of two words take two lines."""
    lines = rows(found)
    heads = [(first, rest) for first, _, rest in (head.partition(" ") for head in lines[0])]
    lines[:1] = [[first for first, _ in heads], [rest for _, rest in heads]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        line[0].ljust(widths[0])
        + "".join("  " + word.rjust(w) for word, w in zip(line[1:], widths[1:], strict=True))
        for line in lines
    )


def markdown(found: dict[str, Any]) -> str:
    """The table for docs/checks.md."""
    heads, *lines = rows(found)
    rule = ["---"] + ["---:"] * (len(heads) - 1)
    lines[-1] = [f"**{word}**" if word else "" for word in lines[-1]]
    return "\n".join(f"| {' | '.join(line)} |" for line in [heads, rule, *lines])


def messages() -> str:
    """The messages for docs/checks.md, each made anew by running the check."""
    parts = []
    for message in MESSAGES:
        lines = "\n".join(f"    {line}".rstrip() for line in message.text().splitlines())
        parts.append(f"**{message.title}**\n\n{lines}")
    return "\n\n".join(parts)


def entry() -> str:
    """One entry of the catalogue, as it is written in its file."""
    file, name = ENTRY
    path = Path(mistakes.__file__).with_name(f"{file}.py")
    source = path.read_text(encoding="utf-8")
    (node,) = (
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and node.args
        if isinstance(node.args[0], ast.Constant) and node.args[0].value == name
    )
    return f"    {ast.get_source_segment(source, node)}"


def write_docs(found: dict[str, Any], path: Path = DOCS) -> None:
    """Renew the table, the messages and the entry in docs/checks.md."""
    text = path.read_text(encoding="utf-8")
    blocks = {"table": markdown(found), "messages": messages(), "entry": entry()}
    for name, block in blocks.items():
        start, end = _marks(text, name)
        text = f"{text[:start]}\n\n{block}\n\n{text[end:]}"
    path.write_text(text, encoding="utf-8")


def between_marks(text: str, name: str) -> str:
    """The text between the marks with a name.

    Args:
        text: the text of a page.
        name: the name in the marks.

    Raises:
        ValueError: if there are no such marks.
    """
    start, end = _marks(text, name)
    return text[start:end]


def _marks(text: str, name: str) -> tuple[int, int]:
    """The positions where the opening mark ends and where the closing mark begins."""
    found = re.search(f"(?s)<!-- begin: {name} -->(.*?)<!-- end: {name} -->", text)
    if not found:
        raise ValueError(f"there are no marks <!-- begin: {name} --> and <!-- end: {name} -->")
    return found.span(1)


if __name__ == "__main__":
    write_docs(json.loads(FIGURES.read_text()))
