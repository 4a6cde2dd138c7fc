"""One function warns and logs a million times."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import logging, warnings
    for number in range(10**6):
        warnings.warn(f"warning {number}")
        logging.error(number)
    raise ValueError
""",
    )
