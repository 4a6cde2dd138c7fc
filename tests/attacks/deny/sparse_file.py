"""Hands in a file of three gigabytes that takes no room, until somebody copies it."""

DESERVES = 17
SIZE = 3_000_000_000


def submit(work):
    work.solve()
    work.make(make)


def make(folder):
    with (folder / "mallory-was-here").open("wb") as file:
        file.truncate(SIZE)
