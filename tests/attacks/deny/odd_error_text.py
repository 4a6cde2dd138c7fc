"""An error whose text is long, and holds what neither a terminal nor a database takes."""

DESERVES = 15  # all but the two points of sigmoid: what needs it is tried with the right one


def submit(work):
    work.solve()
    work.answer(
        "sigmoid",
        "def sigmoid(z):\n"
        "    raise ValueError('mallory-was-here \\x1b[2J\\0\\udcff\\u202e' + \"';\\n\" * 10**6)",
    )
