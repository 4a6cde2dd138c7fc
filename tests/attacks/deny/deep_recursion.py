"""One function recurses without end, with the limit taken away."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import sys
    sys.setrecursionlimit(10**9)
    f = lambda n: f(n + 1)
    return f(0)
""",
    )
