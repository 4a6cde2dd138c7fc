"""Hands in folders that are nested deeper than Python's own walks can bear."""

import os

DESERVES = 17
DEPTH = 1500


def submit(work):
    work.solve()
    work.make(deepen)


def deepen(folder):
    number = os.open(folder, os.O_RDONLY)
    for _ in range(DEPTH):
        os.mkdir("mallory-was-here", dir_fd=number)
        above, number = number, os.open("mallory-was-here", os.O_RDONLY, dir_fd=number)
        os.close(above)
    os.close(number)
