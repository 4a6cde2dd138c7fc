"""One function returns structured, object, date and text dtypes, and shapes that lie."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    kinds = ["O", "M8[ns]", "m8[s]", "U1000", "V16", [("a", "f8"), ("b", "O")], "S0"]
    empty = np.lib.stride_tricks.as_strided(np.zeros(1), (2**20, 2**20), (0, 0))
    return [np.zeros(3, kind) for kind in kinds] + [empty]
""",
    )
