"""Flags as a table for the terminal."""

from collections.abc import Iterable, Sequence

from autograder.course.printing import printable, say
from autograder.results.flags.notebooks import Flag

HEADS = ("student", "notebook", "where", "line", "what")
END = (
    "A flag is a reason to look, and no verdict: marks come from the tests alone. What is marked\n"
    "(mild) is most likely all right."
)


def print_flags(flags: Sequence[Flag], count: int) -> None:
    """Print flags, one a line.

    Args:
        flags: the flags.
        count: how many notebooks were read to find them.
    """
    if not count:
        say("There is nothing to read: no notebook in autograded/ nor in submitted/.")
    elif flags:
        print_table(flags)
        say()
        for line in f"{len(flags)} flags in {count} notebooks. {END}".splitlines():
            say(line)
    else:
        say(f"No flags in {count} notebooks.")


def print_table(flags: Iterable[Flag]) -> None:
    rows = [HEADS, *(row(flag) for flag in flags)]
    widths = [max(len(line[column]) for line in rows) for column in range(len(HEADS) - 1)]
    for *cells, what in rows:
        say("  ".join(f"{cell:{width}s}" for cell, width in zip(cells, widths)) + f"  {what}")


def row(flag: Flag) -> tuple[str, ...]:
    words = (flag.student, flag.notebook, flag.where, flag.line, flag.what)
    cells = [printable(word) for word in words]
    return (*cells[:-1], ("(mild) " if flag.mild else "") + cells[-1])
