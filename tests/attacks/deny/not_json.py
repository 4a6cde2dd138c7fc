"""Hands in a notebook that is no JSON."""


def submit(work):
    work.raw("this is my homework, sorry")
