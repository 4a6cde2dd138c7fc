"""One function prints without end, for as long as it is let."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import sys
    while True:
        sys.__stdout__.write("mallory " * 1000)
""",
    )
