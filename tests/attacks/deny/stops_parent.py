"""One function stops its parent and all others with SIGSTOP."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os, signal
    for pid in (os.getppid(), -1):
        try:
            os.kill(pid, signal.SIGSTOP)
        except OSError:
            pass
    raise ValueError("still here")
""",
    )
