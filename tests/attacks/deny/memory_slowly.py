"""One function takes memory bit by bit, up to 12 GB."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    kept = []
    for _ in range(120):
        kept.append(np.ones(100 * 2**17))
    return kept[0]
""",
    )
