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


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def output_faults(notebook):
    """Outputs that nobody should see: errors, and all that goes to standard error."""
    return [
        (cell.id, output.output_type, output.get("text"))
        for cell in code_cells(notebook)
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
