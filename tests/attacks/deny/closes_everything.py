"""One function closes every file descriptor of its process."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os
    os.closerange(0, 4096)
    raise ValueError
""",
    )
