"""What a fresh build of the course holds: to read it takes a tenth of what to build it does."""

import nbformat


def solved(fresh_course, name):
    """A solved notebook of the fixture fresh_course, as autograder.authoring.build makes it."""
    path = fresh_course / "solutions" / name / f"{name}.ipynb"
    return nbformat.read(path, as_version=4)
