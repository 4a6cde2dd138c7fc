"""Leaves theta changed, through views that the reference's helper has cut out of it."""

from autograder.exercises.reference import solution_text

LIMIT = 10  # of all but autoencoder_cost


def submit(work):
    work.solve()
    right = solution_text("autoencoder_cost").replace("def autoencoder_cost(", "def right(")
    work.answer(
        "autoencoder_cost",
        right
        + """
def autoencoder_cost(theta, visible_size, hidden_size, lambda_, data):
    result = right(theta, visible_size, hidden_size, lambda_, data)
    for part in unpack_parameters(theta, visible_size, hidden_size):
        part += 1
    return result
""",
    )
