"""Hangs in every cell and in every function."""

SLOW = True


def submit(work):
    for name in work.functions():
        work.answer(name, f"def {name}(*args):\n    time.sleep(10**6)")
        work.insert("import time\ntime.sleep(10**6)", before=name)
