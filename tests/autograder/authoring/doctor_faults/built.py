"""Faults of a course that is built from a script."""

import shutil

from tests.autograder.authoring.doctor_faults.seeding import (
    BEGIN,
    BUILT,
    END,
    FOLLOWS,
    SCRIPT,
    Fault,
    written,
)
from tests.support.small_course import SECRET


def built(name, rule, old, new, cell="", says="", path=SCRIPT, also=()):
    def edit(course):
        text = (course / SCRIPT).read_text(encoding="utf-8")
        assert old in text
        (course / SCRIPT).write_text(text.replace(old, new, 1), encoding="utf-8")

    BUILT.append(Fault(name, edit, rule, path, cell, says, frozenset({*FOLLOWS, *also})))


built(
    "an old build",
    "stale",
    "# # Numbers",
    "# # Integers",
    "cell 0",
    "01_small.py says something else",
    "solutions/01_small/01_small.ipynb",
)
built(
    "an old build by a cell",
    "stale",
    "# ## More",
    "# ## More\n\n# %%\n1",
    "",
    "it has 12 cells, and 01_small.py has 13",
    "solutions/01_small/01_small.ipynb",
)
built(
    "no hidden tests",
    "delimiter",
    f"{BEGIN}\n{SECRET}\n{END}",
    SECRET,
    "test-double",
    "there is no '### BEGIN HIDDEN TESTS'",
    also={"leak"},
)
built("another style", "delimiter", BEGIN, BEGIN[1:], "test-double", "should be")
built(
    "the grader's package",
    "delimiter",
    "FACTOR = 2",
    "import autograder",
    "start",
    "students have no autograder",
)
BUILT += [
    Fault(
        "no build",
        lambda c: (c / SCRIPT).with_suffix(".ipynb").unlink(),
        "stale",
        SCRIPT,
        says="has not been built",
    ),
    Fault(
        "no release",
        lambda c: shutil.rmtree(c / "notebooks"),
        "stale",
        "solutions/01_small",
        says="there is no release of it",
    ),
    Fault(
        "the source is released",
        written(
            "nbgrader_config.py",
            'c = get_config()\nc.CourseDirectory.source_directory = "solutions"\n'
            'c.CourseDirectory.release_directory = "notebooks"\n',
        ),
        "file-leak",
        SCRIPT,
        says="it is the source itself",
    ),
    Fault(
        "a script that jupytext refuses",
        lambda c: (c / SCRIPT).write_bytes((c / SCRIPT).read_bytes() + b"\xff"),
        "unreadable",
        SCRIPT,
    ),
]
