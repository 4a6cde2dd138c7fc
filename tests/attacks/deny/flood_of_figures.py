"""Displays a hundred figures of a megabyte each; all functions are right."""

DESERVES = 17


def submit(work):
    work.solve()
    work.insert(
        """
from IPython.display import Image, publish_display_data
import os
for _ in range(100):
    publish_display_data({"image/png": os.urandom(750_000).hex()})
"""
    )
