"""Flags as a table for the terminal."""

from collections.abc import Iterable, Sequence

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
        print("There is nothing to read: no notebook in autograded/ nor in submitted/.")
    elif flags:
        print_table(flags)
        print(f"\n{len(flags)} flags in {count} notebooks. {END}")
    else:
        print(f"No flags in {count} notebooks.")


def print_table(flags: Iterable[Flag]) -> None:
    rows = [HEADS, *(row(flag) for flag in flags)]
    widths = [max(len(line[column]) for line in rows) for column in range(len(HEADS) - 1)]
    for *cells, what in rows:
        print("  ".join(f"{cell:{width}s}" for cell, width in zip(cells, widths)) + f"  {what}")


def row(flag: Flag) -> tuple[str, ...]:
    # What students wrote must not steer the terminal.
    words = (flag.student, flag.notebook, flag.where, str(flag.line), flag.what)
    cells = ["".join(c if c.isprintable() else "?" for c in word) for word in words]
    return (*cells[:-1], ("(mild) " if flag.mild else "") + cells[-1])
