"""One function forks, and each child does, down to 1024 processes that sleep for ten minutes."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os, sys, time
    for _ in range(10):
        try:
            os.fork()
        except OSError:
            break
    time.sleep(600)
""",
    )
