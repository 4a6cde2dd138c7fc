"""In notebook 04: calls the grader's function from within calls of it, without an end."""

ASSIGNMENT = "04_gradient_check"
DESERVES = 5


def submit(work):
    work.solve()
    work.answer(
        "numerical_gradient",
        """
def numerical_gradient(J, theta, epsilon=1e-4):
    import sys
    sys.setrecursionlimit(10**6)
    def deeper(x):
        return J(numerical_gradient(J, x))
    return deeper(theta)
""",
    )
