"""Hands in notebooks of formats 2, 3 and 99, with worksheets, and cells that are no cells."""


def submit(work):
    work.raw(
        '{"nbformat": 99, "nbformat_minor": -1, "worksheets": [{"cells": [7, null, "x"]}], '
        '"cells": [null, 3, {"cell_type": "lasagna"}], "metadata": 5}'
    )
