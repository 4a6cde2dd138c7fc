"""Enters the debugger in one function."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters", "def initialize_parameters(*args):\n    breakpoint()\n    return 0"
    )
