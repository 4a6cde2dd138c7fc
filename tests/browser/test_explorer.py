"""What all explorers share, on a notebook of this test's own that has every kind of control."""

import nbformat
import pytest

from autograder.build import write_notebook
from tests.browser.widgets import Shown

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
class Whole(Explorer):
    pass


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
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    write_notebook(notebook, course / "explorer.ipynb")
    return "explorer.ipynb"


def test_each_control_changes_the_picture(lab, notebook):
    lab.open(notebook).run_all()
    shown = Shown(lab.area(1)).wait()
    lab.page.screenshot(path="/tmp/hd/explorer.png")
    assert "A mark at 0.50, 0.50" in shown.alt
    controls = shown.controls()
    print(controls)
    assert len(controls) == 8
    for kind, element, name in controls:
        print(kind, name, shown.by_keyboard(kind, element, name), shown.by_mouse(kind, element, name))
    print(shown.point(), shown.step())
    lab.page.screenshot(path="/tmp/hd/explorer2.png")
