"""Cells show a thing many times, and update it as often; the last ones put a large text there."""

DESERVES = 17

MANY = """
from IPython.display import publish_display_data
for number in range(40_000):
    publish_display_data({"text/plain": "x"}, transient={"display_id": "q"})
"""
UPDATES = """
for number in range(40_000):
    publish_display_data({"text/plain": "y"}, transient={"display_id": "q"}, update=True)
"""
LARGE = """
publish_display_data({"text/plain": "y" * 2_000_000}, transient={"display_id": "q"}, update=True)
"""


def submit(work):
    work.solve()
    for after in (UPDATES, UPDATES, LARGE, LARGE):
        work.insert(MANY + after, before="end")
