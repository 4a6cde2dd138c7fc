"""One function makes one file of two gigabytes."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    with open("mallory-was-here-huge", "wb") as file:
        for _ in range(64):
            file.write(bytes(2**25))
    raise ValueError
""",
    )
