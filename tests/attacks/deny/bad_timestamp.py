"""Hands in a timestamp that is no time: nbgrader then ends the whole run."""

DESERVES = 17


def submit(work):
    work.solve()
    work.file("timestamp.txt", "the 30th of February, mallory-was-here")
