"""The built notebooks of a course, such as fresh_course: to read one takes a tenth of what to build
it does.
"""

import nbformat

from autograder import CLONE


def released(name, folder):
    """A notebook as students get it."""
    return nbformat.read(folder / "notebooks" / name / f"{name}.ipynb", as_version=4)


def solved(name, folder=CLONE):
    """A solved notebook."""
    return nbformat.read(folder / "solutions" / name / f"{name}.ipynb", as_version=4)
