"""Faults in what students get: the release, and other files."""

import shutil

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tests.autograder.authoring.doctor_faults.seeding import (
    END,
    RELEASE,
    SOURCE,
    Notebook,
    replaced,
    seed,
    seeded,
    written,
)
from tests.support.small_course import NAME, SECRET

# --- the release -------------------------------------------------------------------

seed(
    "a leak",
    "leak",
    replaced("check-double", "assert", f"{SECRET}\nassert", RELEASE),
    "check-double",
    "of hidden numbers",
    path=RELEASE,
)
seed(
    "a delimiter in the release",
    "leak",
    replaced("check-double", "assert", f"{END}\nassert", RELEASE),
    "check-double",
    "END HIDDEN TESTS",
    path=RELEASE,
)
seed(
    "a changed check",
    "checksum",
    replaced("check-double", "2", "3", RELEASE),
    "check-double",
    "changed since",
    path=RELEASE,
)
seed(
    "an old release",
    "stale",
    replaced("cell-00", "Numbers", "Integers"),
    "cell 0",
    "would release another text",
    path=RELEASE,
)


@seeded("a release with another cell", "stale", says="it has 13 cells", path=RELEASE)
def _(course):
    with Notebook(course / RELEASE) as notebook:
        notebook.notebook.cells.append(new_markdown_cell("More."))


@seeded("outputs in the release", "outputs", "start", "it has outputs", path=RELEASE)
def _(course):
    with Notebook(course / RELEASE) as notebook:
        notebook["start"].outputs = [new_output("stream", text="2")]


@seeded(
    "a renamed release",
    "names",
    says="there is no source other.ipynb",
    path=f"release/{NAME}/other.ipynb",
    also={"names"},
)
def _(course):
    (course / RELEASE).rename(course / "release" / NAME / "other.ipynb")


@seeded(
    "a source that is not released",
    "names",
    says="has no second.ipynb",
    path=f"source/{NAME}/second.ipynb",
)
def _(course):
    shutil.copy(course / SOURCE, course / "source" / NAME / "second.ipynb")


@seeded(
    "the answers as a second notebook",
    "leak",
    "cell 0",
    "return 2 * x",
    path=f"release/{NAME}/draft.ipynb",
    also={"ungraded"},
)
def _(course):
    code = "def double(x):\n    return 2 * x"
    for folder in ("source", "release"):
        path = course / folder / NAME / "draft.ipynb"
        shutil.copy(course / SOURCE, path)
        with Notebook(path) as notebook:
            notebook.notebook.cells = [new_code_cell(code)]


@seeded(
    "a notebook without graded cells",
    "ungraded",
    says="none of its cells is nbgrader's",
    path=f"source/{NAME}/notes.ipynb",
    also={"names"},
    severity="warning",
)
def _(course):
    path = course / "source" / NAME / "notes.ipynb"
    shutil.copy(course / SOURCE, path)
    with Notebook(path) as notebook:
        notebook.notebook.cells = [new_markdown_cell("Notes.")]


# --- files -------------------------------------------------------------------------

seed(
    "a helper with a hidden test",
    "file-leak",
    written(f"source/{NAME}/helper.py", f"def test():\n    {SECRET}\n"),
    says="its line 2",
    path=f"source/{NAME}/helper.py",
)
seed(
    "a leak in a folder below",
    "file-leak",
    written(f"source/{NAME}/more/notes.txt", "### BEGIN SOLUTION\n"),
    says="its line 1",
    path=f"source/{NAME}/more/notes.txt",
)
seed(
    "a leak beside the release",
    "file-leak",
    written(f"release/{NAME}/notes.txt", SECRET),
    says="lies in the release",
    path=f"release/{NAME}/notes.txt",
)
seed(
    "a telling name",
    "file-name",
    written(f"source/{NAME}/Solutions.csv", "1,2\n"),
    says="has 'solution' in it",
    path=f"source/{NAME}/Solutions.csv",
    severity="warning",
)
seed(
    "an editor's backup",
    "file-name",
    written(f"source/{NAME}/data.csv~", "1,2\n"),
    says="what an editor",
    path=f"source/{NAME}/data.csv~",
    severity="warning",
)


@seeded(
    "a large file",
    "file-size",
    says="it has 12 kB",
    path=f"source/{NAME}/data.csv",
    severity="warning",
)
def _(course):
    written(f"source/{NAME}/data.csv", "1,2,3\n" * 2000)(course)
    config = "c = get_config()\nc.CourseDirectory.max_file_size = 10\n"
    written("nbgrader_config.py", config)(course)
