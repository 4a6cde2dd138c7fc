"""Every notebook opens and runs in JupyterLab, and every widget in it can be moved.

A solved notebook is opened and run once, for all tests of it. Nothing is left out: the trainings
of notebooks 05 and 06 run as for a reader, who has no network.
"""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from autograder import CLONE
from autograder.authoring.build import solved_notebook
from tests.browser.axe import serious_findings
from tests.browser.lab import Lab
from tests.browser.widgets import Shown, explorers
from tests.support.built import figure_faults, output_faults
from tests.support.waiting import patient

NAMES = sorted(path.stem for path in CLONE.glob("solutions/*/*.py"))
SECONDS = 60  # of processor time: what another program on the machine takes does not count
WIDGET = "application/vnd.jupyter.widget-view+json"
# What is watched while its cell runs has nothing to be moved afterwards: see test_monitor.py.
WATCHED = ("training_monitor",)
# They show what was stored, and need nothing of the reader's.
WITHOUT_FUNCTIONS = ("playground", "museum", "batch_explorer", "learning_explorer")
WIDGETS = [
    (name, (widget, position))
    for name in NAMES
    for widget, position in explorers(solved_notebook(name))
    if widget not in WATCHED
]


@pytest.fixture(scope="module")
def opened(browsed, server):
    """A function that opens a notebook, as the only one, in the JupyterLab of all these tests."""
    page = browsed.context.new_page()
    lab = Lab(page, server.url)

    def opened(path):
        if page.url == "about:blank":
            return lab.open(path)
        lab.close()
        server.end_kernels()
        return lab.open_here(path)

    yield opened
    page.close()
    server.end_kernels()


@pytest.fixture(scope="module")
def solved(request, opened, browsed):
    """A solved notebook that has been run: JupyterLab, and its cells."""
    lab = opened(f"solutions/{request.param}/{request.param}.ipynb")
    cells = lab.run_all()
    assert browsed.record.requests  # nothing is overheard
    return lab, cells


@pytest.fixture(scope="module")
def used(solved, server):
    """Processor time that the solved notebook took, before anything else is done with it."""
    return server.kernel_seconds()


def is_alive(cell):
    """Whether a cell shows a widget."""
    shown = [kind for output in cell.get("outputs", []) for kind in output.get("data", {})]
    return WIDGET in shown


def errors(cells):
    """[(position, name, words)] of the errors that cells show."""
    return [
        (position, output["ename"], output["evalue"])
        for position, cell in enumerate(cells)
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    ]


@pytest.mark.parametrize("solved", NAMES, indirect=True, scope="module", ids=str)
class TestSolved:
    def test_it_runs_to_its_end(self, solved, used, server, request, screenshot, record_property):
        lab, cells = solved
        name = request.node.callspec.id
        record_property("ran", f"{name} took {used:.0f} s of processor time")
        notebook = nbformat.from_dict({"cells": cells})
        assert output_faults(notebook) == []
        # What is alive has its picture, and words for it, in the page: see TestWidget.
        notebook.cells = [cell for cell in notebook.cells if not is_alive(cell)]
        assert figure_faults(notebook) == []
        assert server.tried.read_text() == ""
        assert used < SECONDS
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
        lab.scroll_to(0)
        screenshot(lab.page, f"solved-{name}")


# One argument for the widget and its place: tests that share the value of an argument of this scope
# are run together, and equal places would part those of a notebook.
@pytest.mark.parametrize(
    ("solved", "explorer"), WIDGETS, indirect=["solved"], scope="module", ids=str
)
class TestWidget:
    def test_mouse_and_keyboard_change_its_picture(
        self, solved, explorer, screenshot, record_property
    ):
        lab, (widget, position) = solved[0], explorer
        shown = Shown(lab.area(position)).wait()
        assert shown.alt
        screenshot(shown.whole, f"{widget}-before")
        controls, times = shown.controls(), []
        assert controls or shown.hint
        for kind, element, name in controls:
            times.append(shown.by_keyboard(kind, element, name))
            times.append(shown.by_mouse(kind, element, name))
        if shown.hint:
            times += [*shown.point(), shown.step()]
        shown.settle()
        screenshot(shown.whole, f"{widget}-after")
        record_property("ran", f"{widget}: a new picture in {sorted(times)[len(times) // 2]:.2f} s")

    def test_all_of_it_is_reached_by_the_tab_key(self, solved, explorer):
        shown = Shown(solved[0].area(explorer[1])).wait()
        assert shown.unreached_by_tab() == []

    @pytest.mark.usefixtures("axe")
    def test_nothing_of_it_is_inaccessible(self, solved, explorer):
        shown = Shown(solved[0].area(explorer[1])).wait()
        assert serious_findings(shown.whole) == {}


@pytest.fixture(scope="module")
def released(request, opened):
    """An unsolved notebook that has been run to its first stub: JupyterLab, and its cells."""
    lab = opened(f"notebooks/{request.param}/{request.param}.ipynb")
    return lab, lab.run_all()


@pytest.mark.parametrize("released", NAMES, indirect=True, scope="module", ids=str)
class TestReleased:
    def test_it_stops_at_its_first_stub(self, released, request, screenshot):
        """Everything before it has run, and nothing after it."""
        lab, cells = released
        ((position, error, words),) = errors(cells)
        said = cells[position]["outputs"][-1]
        # Its own stub, at its check; or a function of an earlier notebook, not written yet.
        if error == "NotWritten":
            source = cells[position]["source"]
            assert source.startswith("check(")
            told = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(said["traceback"]))
            assert told == f"NotWritten: {words}" and "\n" not in told
            not_written = f"{source[6:-1]} is not written yet: write it in the cell above"
            assert words.startswith(not_written)
        else:
            assert error == "Unfinished" and "Write it there, save that notebook" in words
        before = [cell for cell in cells[:position] if cell["cell_type"] == "code"]
        assert [cell["execution_count"] for cell in before] == list(range(1, len(before) + 1))
        after = [cell for cell in cells[position + 1 :] if cell["cell_type"] == "code"]
        assert {cell["execution_count"] for cell in after} == {None}
        lab.scroll_to(0)
        screenshot(lab.page, f"released-{request.node.callspec.id}")

    def test_its_explorers_say_that_stubs_are_not_written(self, released):
        """It goes on after each error, as Jupyter's tag tells it to."""
        lab, cells = released
        ((stopped, _, _),) = errors(cells)
        found = explorers(nbformat.from_dict({"cells": cells}))
        cells = lab.run_from(stopped + 1)
        for widget, position in found:
            if widget in WITHOUT_FUNCTIONS:
                Shown(lab.area(position)).wait()
                continue
            # Where there are no data either, since a stub makes them, Python says it before.
            failures = [why for place, why, _ in errors(cells) if place == position]
            if failures:
                assert failures == ["NameError"], widget
                continue
            message = lab.area(position).locator(".saelab-message")
            expect(message, widget).to_contain_text(
                "is not written yet", timeout=1000 * patient(30)
            )


def test_the_notebooks_have_at_least_eight_widgets():
    found = {widget for name in NAMES for widget, _ in explorers(solved_notebook(name))}
    assert len(found) >= 8, sorted(found)
