"""Hands in files whose names are no text, a terminal's orders, or as long as a name can be."""

import os

DESERVES = 17
NAMES = (
    b"r\xe9sum\xe9.csv",
    b"\xff\xfe.ipynb",
    b"\x1b]0;mallory-was-here\x07",
    b"a\nb",
    b"x" * 255,
)


def submit(work):
    work.solve()
    for name in NAMES:
        work.file(os.fsdecode(name), "mallory-was-here")
