"""One function computes a power with a billion digits, inside of C code."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    return 7 ** (10**10)
""",
    )
