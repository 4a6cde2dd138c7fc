"""One function returns a small list of lists that is a billion entries long when written out."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    inner = [0] * 10
    for _ in range(9):
        inner = [inner] * 10
    return inner
""",
    )
