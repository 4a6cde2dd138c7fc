"""What all explorers share, on a notebook of this test's own that has every kind of control."""

import nbformat
import pytest
from playwright.sync_api import expect

from autograder.course.files import write_notebook
from tests.browser.axe import serious_findings
from tests.browser.lab import KERNELSPEC, Lab
from tests.browser.widgets import NothingMoved, Shown

EVERYTHING = """
import ipywidgets
from saelab.widgets.explorer import Explorer
from saelab.widgets.theirs import call

PLACE = [0.5, 0.5]


def draw(figure, power, count, size, colour, shape, grid, **rest):
    ax = figure.add_subplot()
    ax.plot(*PLACE, shape, ms=5 + 3 * size, color=colour)
    ax.set(xlim=(-1, 2), ylim=(-1, 2), title=f"power {power:.2g}, count {count}, {PRESSED}")
    ax.grid(grid)
    return f"A mark at {PLACE[0]:.2f}, {PLACE[1]:.2f}, power {power:.2g}, count {count}."


def place(x, y):
    PLACE[:] = x, 1 - y
    explorer.redraw()


def step(dx, dy):
    PLACE[:] = PLACE[0] + 0.05 * dx, PLACE[1] - 0.05 * dy
    explorer.redraw()


def press(button):
    global PRESSED
    PRESSED += 1
    explorer.redraw()


PRESSED = 0
controls = {
    "power": ipywidgets.FloatLogSlider(value=0.1, min=-3, max=0, description="power"),
    "count": ipywidgets.IntSlider(value=3, min=1, max=9, description="count"),
    "angle": ipywidgets.FloatSlider(value=0.3, min=0, max=1, description="angle"),
    "size": ipywidgets.SelectionSlider(options=[1, 2, 5, 10], description="size"),
    "colour": ipywidgets.Dropdown(options=["blue", "orange"], description="colour"),
    "shape": ipywidgets.ToggleButtons(options=["o", "s", "^"], description="shape"),
    "grid": ipywidgets.Checkbox(value=False, description="grid"),
}
"""
EXPLORER = """
def angled(figure, angle, **rest):
    sentence = draw(figure, **rest)
    figure.axes[0].set_xlabel(f"angle {angle:.2f}")
    return sentence


explorer = Explorer("A mark", angled, controls, (8, 3.5), place, step, hint="moves the mark")
button = ipywidgets.Button(description="again")
button.on_click(press)
explorer.children = [*explorer.children, button]
explorer
"""
STUB = """
def kl_divergence(rho, rho_hat):
    raise NotImplementedError()


def curve(figure, rho):
    figure.add_subplot().plot(call(kl_divergence, rho, [0.1, 0.2], shape=(2,)))
    return "A curve."


Explorer("KL", curve, {"rho": ipywidgets.FloatSlider(value=0.5, max=1, description="rho")}, (6, 3))
"""


@pytest.fixture(scope="module")
def notebook(course):
    """The name of a notebook with an explorer, and one whose function is a stub."""
    cells = [nbformat.v4.new_code_cell(code.strip()) for code in (EVERYTHING, EXPLORER, STUB)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC})
    write_notebook(notebook, course / "explorer.ipynb")
    return "explorer.ipynb"


@pytest.fixture(scope="module")
def opened(browsed, server, notebook):
    """JupyterLab with that notebook, which has been run, and what its cells hold."""
    page = browsed.context.new_page()
    lab = Lab(page, server.url).open(notebook)
    yield lab, lab.run_all()
    page.close()
    server.end_kernels()


@pytest.fixture
def shown(opened):
    """The explorer."""
    return Shown(opened[0].area(1)).wait()


def test_every_kind_of_control_is_found(shown):
    assert [kind for kind, _, _ in shown.controls()] == [
        "slider", "slider", "slider", "slider", "choice", "toggles", "box", "button",
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(8))
def test_a_control_changes_the_picture(shown, number):
    control = shown.controls()[number]
    before = shown.alt
    shown.by_keyboard(*control)
    shown.by_mouse(*control)
    if control[2] in ("power", "count"):
        assert shown.alt != before


def test_pointing_and_arrow_keys_change_the_picture(shown):
    shown.point()
    pointed = shown.alt
    shown.step()
    assert shown.alt != pointed


def test_what_moves_nothing_is_told(shown):
    """A control without an effect fails the tests of those that have one."""
    with pytest.raises(NothingMoved, match="nothing at all"):
        shown.changes([lambda: None], "nothing at all", seconds=0.3)


def test_all_is_reached_by_the_tab_key(shown):
    assert shown.unreached_by_tab() == []


def test_what_the_tab_key_passes_over_is_told(shown):
    handle = shown.area.locator(".noUi-handle").nth(1)
    handle.evaluate("e => { e.tabIndex = -1 }")
    missed = shown.unreached_by_tab()
    handle.evaluate("e => { e.tabIndex = 0 }")
    assert missed == ["count"]


@pytest.mark.usefixtures("axe")
def test_nothing_is_inaccessible(shown):
    assert serious_findings(shown.whole) == {}


def test_letters_typed_in_a_choice_do_not_change_the_notebook(opened, shown):
    """In JupyterLab's command mode `b` makes a cell, and an arrow key leaves the explorer."""
    lab, cells = opened
    shown.area.locator("select").focus()
    for key in ("b", "ArrowDown"):
        lab.page.keyboard.press(key)
    assert len(lab.cells()) == len(cells)
    assert shown.area.evaluate("area => area.contains(document.activeElement)")


def test_a_stub_is_told_in_words(opened):
    lab, cells = opened
    assert [output["output_type"] for output in cells[2]["outputs"]] == ["execute_result"]
    message = lab.area(2).locator(".saelab-message")
    expect(message).to_have_text(
        "kl_divergence is not written yet. Write it above, run its cell, and then this one again."
    )
    assert lab.area(2).locator("img.saelab-picture:visible").count() == 0
