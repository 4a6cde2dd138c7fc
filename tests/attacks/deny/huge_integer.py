"""One function returns integers with a million digits, and texts of 100 MB."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    return 1 << 10**7, "m" * 10**8, 10**4000, -10**9999
""",
    )
