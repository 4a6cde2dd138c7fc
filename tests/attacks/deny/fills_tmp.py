"""One function writes a gigabyte to /tmp, in files of 32 MB."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os
    for number in range(32):
        with open(f"/tmp/mallory-was-here-{number}", "wb") as file:
            file.write(bytes(2**25))
    raise ValueError
""",
    )
