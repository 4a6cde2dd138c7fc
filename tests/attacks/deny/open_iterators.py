"""In notebook 07: asks for ten thousand iterators of the grader's, and exhausts none."""

ASSIGNMENT = "07_out_of_memory"
DESERVES = 6


def submit(work):
    work.solve()
    work.answer(
        "streaming_average_activation",
        """
def streaming_average_activation(theta, visible_size, hidden_size, batches):
    kept = []
    for _ in range(10_000):
        kept.append(batches())
        next(kept[-1])
    return np.zeros(hidden_size)
""",
    )
