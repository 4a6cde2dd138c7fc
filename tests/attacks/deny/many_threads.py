"""One function starts 5000 threads that never end."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import threading, time
    for _ in range(5000):
        threading.Thread(target=time.sleep, args=(600,)).start()
    raise ValueError
""",
    )
