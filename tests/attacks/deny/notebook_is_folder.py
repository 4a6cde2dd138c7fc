"""Hands in a folder, and links in a circle, where the notebook should be."""


def submit(work):
    work.link("02_cost.ipynb", ".")
    work.link("circle", "circle")
