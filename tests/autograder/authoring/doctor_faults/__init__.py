"""Faults to seed in a sound course, each of which the doctor has to find at its place.

A fault is an edit of a course folder. `SMALL` are for the course of small_course.py, an nbgrader
course of notebooks; `BUILT` for the same course as this project builds it, from a script.
"""

from tests.autograder.authoring.doctor_faults import around, built, cells, releases
from tests.autograder.authoring.doctor_faults.seeding import BUILT, SMALL, SOURCE

# The modules register theirs.
__all__ = ["BUILT", "SMALL", "SOURCE", "around", "built", "cells", "releases"]
