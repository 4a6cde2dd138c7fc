"""One function reads from address zero through ctypes."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import ctypes
    ctypes.string_at(0)
""",
    )
