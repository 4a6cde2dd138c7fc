"""Hands in JSON that is nested a hundred thousand deep."""


def submit(work):
    work.raw('{"cells":' + "[" * 100_000 + "]" * 100_000 + ', "nbformat": 4, "metadata": {}}')
