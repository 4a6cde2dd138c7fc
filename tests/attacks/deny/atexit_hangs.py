"""One function registers exit handlers that hang, and then exits."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import atexit, signal, sys, time
    atexit.register(time.sleep, 600)
    signal.signal(signal.SIGTERM, lambda *_: time.sleep(600))
    sys.exit(0)
""",
    )
