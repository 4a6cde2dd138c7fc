"""One function takes nine seconds in each call, which is allowed, and uses up the time of all."""

DESERVES, LIMIT = 15, 17
SLOW = True


def submit(work):
    work.solve()
    work.answer(
        "sigmoid",
        """
def sigmoid(z):
    import time
    time.sleep(9)
    return 1 / (1 + np.exp(-z))
""",
    )
