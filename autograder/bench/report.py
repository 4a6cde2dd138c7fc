"""The figures of the checks' bench as a table, and docs/checks.md renewed from them.

docs/checks.md holds marks such as `<!-- begin: table -->` and `<!-- end: table -->`; what stands
between two of them is written by write_docs, the rest by hand.
"""

import re
from dataclasses import dataclass

from autograder import mistakes
from autograder.bench.trials import by_check, by_hidden_test
from autograder.build import COURSE
from autograder.reference import made, solution_text

DOCS = COURSE / "docs" / "checks.md"


@dataclass(frozen=True)
class Message:
    """A version of a function whose message docs/checks.md shows.

    title: a few words. names: mistakes of the catalogue. edit: (old, new), where the version is
    none of the catalogue. hidden: show what the hidden test prints, not the visible check.
    """

    title: str
    function: str
    names: tuple[str, ...] = ()
    edit: tuple[str, str] = ("", "")
    hidden: bool = False

    def make(self):
        """The wrong function."""
        if self.names:
            known = {mistake.name: mistake for mistake in mistakes.catalogue(self.function)}
            return mistakes.mistaken(self.function, *(known[name] for name in self.names))
        return made(solution_text(self.function).replace(*self.edit), self.function)

    def text(self):
        """What a student reads."""
        if self.hidden:
            return by_hidden_test(self.make, self.function).text.strip()
        return by_check(self.make).text.strip()


MESSAGES = ()
TOTAL = "all"
# Heads, and what stands below each: figures of one function.
COLUMNS = {
    "mistakes": ("mistakes",),
    "caught": ("caught",),
    "named": ("named",),
    "mutants": ("generic",),
    "killed": ("generic_killed",),
    "pairs": ("pairs",),
    "caught ": ("pairs_caught",),
    "named ": ("pairs_named",),
    "right": ("variants",),
    "false alarms": ("false_alarms",),
    "wrongly accused": ("wrongly_accused",),
    "exercise's check": ("original_caught", "compared_with_others"),
    "CS231n's style": ("cs231n_caught", "compared_with_others"),
}


def rows(found):
    """The table as lists of words: heads first, then each function, then the sums."""
    lines = [["function", *(head.strip() for head in COLUMNS)]]
    for name, figures in [*found["functions"].items(), (TOTAL, found)]:
        lines.append([name, *(_cell(figures, keys) for keys in COLUMNS.values())])
    return lines


def _cell(figures, keys):
    if not figures[keys[-1]] and len(keys) > 1:
        return ""  # not tried
    return " of ".join(str(figures[key]) for key in keys)


def table(found):
    """The table for a terminal; heads of two words take two lines."""
    lines = rows(found)
    heads = [(first, rest) for first, _, rest in (head.partition(" ") for head in lines[0])]
    lines[:1] = [[first for first, _ in heads], [rest for _, rest in heads]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        line[0].ljust(widths[0])
        + "".join("  " + word.rjust(w) for word, w in zip(line[1:], widths[1:], strict=True))
        for line in lines
    )


def markdown(found):
    """The table for docs/checks.md."""
    heads, *lines = rows(found)
    rule = ["---"] + ["---:"] * (len(heads) - 1)
    lines[-1] = [f"**{word}**" if word else "" for word in lines[-1]]
    return "\n".join(f"| {' | '.join(line)} |" for line in [heads, rule, *lines])


def messages():
    """The messages for docs/checks.md, each made anew by running the check."""
    parts = []
    for message in MESSAGES:
        lines = "\n".join(f"    {line}".rstrip() for line in message.text().splitlines())
        parts.append(f"**{message.title}**\n\n{lines}")
    return "\n\n".join(parts)


def write_docs(found, path=DOCS):
    """Renew the table and the messages in docs/checks.md."""
    text = path.read_text(encoding="utf-8")
    for name, block in (("table", markdown(found)), ("messages", messages())):
        text = between_marks(text, name, block)
    path.write_text(text, encoding="utf-8")


def between_marks(text, name, block):
    """The text with `block` between its marks of that name; ValueError where it has none."""
    begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
    if not (begin in text and end in text):
        raise ValueError(f"there are no marks {begin} and {end}")
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    return pattern.sub(lambda _: f"{begin}\n\n{block}\n\n{end}", text)
