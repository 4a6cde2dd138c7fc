"""Its first cell prints ten million lines; all functions are right."""

DESERVES = 17


def submit(work):
    work.solve()
    work.insert("for number in range(10**7):\n    print('mallory', number)")
