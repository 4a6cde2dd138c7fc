"""Its first cell never ends; all functions are right."""

DESERVES = 17


def submit(work):
    work.solve()
    work.insert("while True:\n    pass")
