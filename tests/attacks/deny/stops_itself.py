"""One function stops its own process with SIGSTOP."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os, signal
    os.kill(os.getpid(), signal.SIGSTOP)
    return 0
""",
    )
