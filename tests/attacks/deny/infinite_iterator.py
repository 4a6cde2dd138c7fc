"""One function returns an iterator without end."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import itertools
    return itertools.count()
""",
    )
