"""An error whose text is long, and holds what neither a terminal nor a database takes."""

DESERVES = 14  # all but the three points of sigmoid and what needs it


def submit(work):
    work.solve()
    work.answer(
        "sigmoid",
        "def sigmoid(z):\n"
        "    raise ValueError('mallory-was-here \\x1b[2J\\0\\udcff\\u202e' + \"';\\n\" * 10**6)",
    )
