"""Threads go on computing after a function has returned."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import threading
    def burn():
        while True:
            sum(range(10**6))
    for _ in range(8):
        threading.Thread(target=burn, daemon=True).start()
    raise ValueError
""",
    )
