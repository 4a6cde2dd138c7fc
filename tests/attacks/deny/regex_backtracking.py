"""One function hangs in a regular expression, inside of C code."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import re
    re.match(r"(a+)+$", "a" * 60 + "b")
""",
    )
