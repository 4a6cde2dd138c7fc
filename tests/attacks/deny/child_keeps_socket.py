"""A child of the kernel keeps the grader's socket open, and the kernel dies."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os, time
    if os.fork() == 0:
        os.setsid()
        time.sleep(600)
    os._exit(0)
""",
    )
