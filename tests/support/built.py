"""The built notebooks of a course, such as fresh_course: to read one takes a tenth of what to build
it does.
"""

import html.parser
import re

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


class Figures(html.parser.HTMLParser):
    """The text alternatives of the pictures in a piece of HTML."""

    def __init__(self, text):
        super().__init__()
        self.alts = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.alts.append(dict(attributes).get("alt") or "")


# What shows one figure: `show`, and the explorers, which leave a still picture.
SHOWS = re.compile(
    r"^(?:\s*show|\w+_explorer|playground|museum|.*\bmonitor\.(?:run|watch))\(", re.M
)


def figure_faults(notebook):
    """Outputs that are no figures as `show` makes them, and cells that show too few."""
    faults = []
    for cell in code_cells(notebook):
        alts = []
        for output in cell.outputs:
            data = output.get("data", {})
            faults += [(cell.id, kind) for kind in data if kind.startswith("image/")]
            alts += Figures(data.get("text/html", "")).alts
        faults += [(cell.id, alt) for alt in alts if len(alt.split()) < 4]
        if len(alts) != len(SHOWS.findall(cell.source)):
            faults.append((cell.id, f"{len(alts)} pictures"))
    return faults
