"""Hangs in every cell and in every function."""

SLOW = True


def submit(work):
    for name in work.functions():
        work.answer(name, f"def {name}(*args):\n    while True:\n        pass")
        work.insert("while True:\n    pass", before=name)
