"""Hands in by the exchange a link to the instructor's solved notebook, in place of its own.

Whoever collects can read what the student cannot, and gets the solution to grade.
"""

EXCHANGE = True


def submit(work):
    name = f"{work.assignment}.ipynb"
    work.link(name, f"{work.course}/solutions/{work.assignment}/{name}")
