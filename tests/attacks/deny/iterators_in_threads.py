"""In notebook 07: keeps the grader's iterators, and asks them from many threads, also later."""

ASSIGNMENT = "07_out_of_memory"
DESERVES = 6


def submit(work):
    work.solve()
    work.answer(
        "streaming_average_activation",
        """
import threading

kept = []

def streaming_average_activation(theta, visible_size, hidden_size, batches):
    kept.append(batches())
    def ask():
        while True:
            for stream in kept:
                try:
                    next(stream)
                except BaseException:
                    pass
    for _ in range(20):
        threading.Thread(target=ask, daemon=True).start()
    return sum(batch.sum() for stream in kept for batch in stream)
""",
    )
