"""One function raises an exception that hangs when it is looked at."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    class Slow(Exception):
        def __str__(self):
            while True:
                pass
        __repr__ = __str__
        @property
        def __traceback__(self):
            while True:
                pass
    raise Slow
""",
    )
