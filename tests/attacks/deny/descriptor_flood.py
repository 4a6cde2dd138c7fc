"""One function writes to the file descriptors 1 and 2 without end."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os
    while True:
        os.write(1, b"m" * 65536)
        os.write(2, b"m" * 65536)
""",
    )
