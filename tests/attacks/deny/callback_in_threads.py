"""In notebook 05: calls the grader's cost from many threads at once, also after the end."""

ASSIGNMENT = "05_training"


def submit(work):
    work.answer(
        "train",
        """
import threading

def train(theta0, cost, maxiter, callback=None):
    def call():
        while True:
            try:
                cost(theta0)
            except Exception:
                pass
    for _ in range(20):
        threading.Thread(target=call, daemon=True).start()
    return cost(theta0)
""",
    )
