"""One function returns dictionaries with a million keys, all with the same hash."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    step = 2**61 - 1
    return {number * step: number for number in range(2000)}, dict.fromkeys(range(10**6))
""",
    )
