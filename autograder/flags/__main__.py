"""Prints a course's flags: python -m autograder.flags [COURSE] [ASSIGNMENT]."""

import argparse

from autograder.flags import flags_of_course

HEADS = ("student", "notebook", "where", "line", "what")
END = (
    "A flag is a reason to look, and no verdict: marks come from the tests alone. What is marked\n"
    "(mild) is most likely all right."
)


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m autograder.flags", description="What to look at in submitted notebooks."
    )
    parser.add_argument("course", nargs="?", default=".", help="the course's folder")
    parser.add_argument("assignment", nargs="?", help="one assignment; all of them without it")
    words = parser.parse_args(arguments)
    flags, count = flags_of_course(words.course, words.assignment)
    if not count:
        print("There is nothing to read: no notebook in autograded/ nor in submitted/.")
        return
    if flags:
        print_table(flags)
    print(f"\n{len(flags)} flags in {count} notebooks. {END}" if flags
          else f"No flags in {count} notebooks.")  # fmt: skip


def print_table(flags):
    rows = [HEADS, *(row(flag) for flag in flags)]
    widths = [max(len(line[column]) for line in rows) for column in range(len(HEADS) - 1)]
    for *cells, what in rows:
        print("  ".join(f"{cell:{width}s}" for cell, width in zip(cells, widths)) + f"  {what}")


def row(flag):
    # What students wrote must not steer the terminal.
    words = (flag.student, flag.notebook, flag.where, str(flag.line), flag.what)
    cells = ["".join(c if c.isprintable() else "?" for c in word) for word in words]
    return (*cells[:-1], ("(mild) " if flag.mild else "") + cells[-1])


if __name__ == "__main__":
    main()
