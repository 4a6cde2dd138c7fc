"""One function returns a list, a dictionary and an array that hold themselves."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    a = []
    a.append(a)
    d = {}
    d["d"] = d
    o = np.empty(1, object)
    o[0] = o
    return a, d, o
""",
    )
