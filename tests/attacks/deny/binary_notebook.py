"""Hands in random bytes, no UTF-8, as its notebook."""


def submit(work):
    work.raw(bytes(range(256)) * 100)
