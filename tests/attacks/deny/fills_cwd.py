"""One function writes a gigabyte to its working directory, and a million small files."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os
    for number in range(32):
        with open(f"mallory-was-here-{number}", "wb") as file:
            file.write(bytes(2**25))
    for number in range(20000):
        open(f"mallory-was-here-small-{number}", "w").close()
    raise ValueError
""",
    )
