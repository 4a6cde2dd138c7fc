"""In notebook 04: calls the grader's function without end, with arguments of megabytes."""

ASSIGNMENT = "04_gradient_check"
DESERVES = 5


def submit(work):
    work.solve()
    work.answer(
        "numerical_gradient",
        """
def numerical_gradient(J, theta, epsilon=1e-4):
    while True:
        try:
            J(np.zeros(2**20))
        except Exception:
            pass
""",
    )
