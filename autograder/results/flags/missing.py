"""Find modules that a student has and the grader lacks: what uses them got no points."""

from collections.abc import Iterator

from autograder.results.flags.notebooks import Flag, Notebook


def missing(notebook: Notebook) -> Iterator[Flag]:
    """Flags for modules whose import the graded notebook tells to have failed in the grader."""
    for where, cell, module in notebook.missing:
        what = (
            f"imports {module}, which is missing in the grader: what uses it got no points. If "
            "students may use it, install it where you grade, and grade again"
        )
        yield Flag(notebook.student, notebook.name, where, 1, what, mild=True, cell=cell)
