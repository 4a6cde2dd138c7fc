"""One function kills its own process."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)
""",
    )
