"""One function returns an array that claims ten gigabytes, with strides of zero."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    return np.broadcast_to(np.zeros(1), (10**9, 10))
""",
    )
