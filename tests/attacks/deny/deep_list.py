"""One function returns a list that is nested a hundred thousand deep."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    inner = []
    for _ in range(10**5):
        inner = [inner]
    return inner
""",
    )
