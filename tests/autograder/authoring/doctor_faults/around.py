"""Faults around a source: its outputs, its kernel, the gradebook, files that cannot be read."""

import shutil

from nbformat.v4 import new_output
from nbgrader.api import Gradebook

from tests.autograder.authoring.doctor_faults.seeding import (
    RELEASE,
    SOURCE,
    Notebook,
    seed,
    seeded,
    settings,
    written,
)
from tests.support.small_course import NAME

# --- runs --------------------------------------------------------------------------


@seeded("noise on stderr", "stderr", "start", "it writes to stderr ('overflow", severity="warning")
def _(course):
    with Notebook(course / SOURCE) as notebook:
        output = new_output("stream", name="stderr", text="overflow encountered in exp\n")
        notebook["start"].outputs = [output]


@seeded("a solution that fails", "fails", "test-double", "the solution itself fails here (KeyErr")
def _(course):
    with Notebook(course / SOURCE) as notebook:
        output = new_output("error", ename="KeyError", evalue="'x'", traceback=[])
        notebook["test-double"].outputs = [output]


@seeded("no kernel", "kernel", says="it names no kernel")
def _(course):
    with Notebook(course / SOURCE) as notebook:
        del notebook.notebook.metadata["kernelspec"]


@seeded("an unknown kernel", "kernel", says="no kernel 'python2'", severity="warning")
def _(course):
    with Notebook(course / SOURCE) as notebook:
        notebook.notebook.metadata.kernelspec.name = "python2"


# --- the gradebook -----------------------------------------------------------------


def in_gradebook(edit):
    def change(course):
        with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
            edit(gradebook)

    return change


seed(
    "other points in the gradebook",
    "gradebook",
    in_gradebook(
        lambda book: book.update_or_create_grade_cell(
            "test-double", NAME, NAME, max_score=1, cell_type="code"
        )
    ),
    "test-double",
    "gives it 1 points, and the source 2",
)
seed(
    "another test in the gradebook",
    "gradebook",
    in_gradebook(
        lambda book: book.update_or_create_source_cell(
            "test-double", NAME, NAME, source="assert True"
        )
    ),
    "test-double",
    "another text of this test",
)
seed(
    "a cell that the gradebook does not know",
    "gradebook",
    settings("test-double", grade_id="test-new"),
    "test-new",
    "does not know",
)
seed(
    "a cell that is the gradebook's alone",
    "gradebook",
    settings("test-double", grade_id="test-new"),
    "",
    "has a cell 'test-double', and this notebook has none",
)
seed(
    "a gradebook that is none",
    "gradebook",
    written("gradebook.db", "no database " * 99),
    says="the gradebook cannot be read",
    path="gradebook.db",
)


# --- files that cannot be read, and a course that is none --------------------------

seed(
    "half a notebook",
    "unreadable",
    written(SOURCE, '{"cells": ['),
    says="only a part of it arrived",
)
seed("an empty release", "unreadable", written(RELEASE, ""), says="it is empty", path=RELEASE)
seed(
    "a broken configuration",
    "config",
    written("nbgrader_config.py", "c = get_confg()"),
    says="NameError",
    path="nbgrader_config.py",
)
seed(
    "a wrong value in the configuration",
    "config",
    written("nbgrader_config.py", "c = get_config()\nc.CourseDirectory.ignore = 5"),
    says="TraitError",
    path="nbgrader_config.py",
)
seed(
    "no stub for the language",
    "refused",
    written("nbgrader_config.py", 'c = get_config()\nc.ClearSolutions.code_stub = {"R": ""}'),
    says="language 'python' has not been specified",
    path=f"source/{NAME}",
)
seed(
    "an empty assignment",
    "empty",
    lambda course: (course / "source" / "ps2").mkdir(),
    says="it holds no notebook",
    path="source/ps2",
    severity="warning",
)
seed(
    "a name that nbgrader refuses",
    "name",
    lambda course: shutil.copytree(course / "source" / NAME, course / "source" / "a+b"),
    says="'a+b'",
    path="source/a+b",
)
seed(
    "no assignments",
    "no-assignments",
    lambda course: shutil.rmtree(course / "source"),
    says="there are no assignments",
    path="source",
)
