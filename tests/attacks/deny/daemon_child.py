"""One function leaves a child behind in a session of its own."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import subprocess, sys
    subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)  # mallory-was-here"],
        start_new_session=True,
    )
    raise ValueError
""",
    )
