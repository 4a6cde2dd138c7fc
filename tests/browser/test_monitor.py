"""The training monitor: its picture changes while the cell trains, and Stop keeps the result."""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from autograder.course.files import write_notebook
from tests.browser.lab import KERNELSPEC, Lab
from tests.browser.widgets import Shown

# Far more iterations than anybody waits for.
SET_UP = """
import numpy as np
from saelab import previous
from saelab.widgets import training_monitor

initialize_parameters, unpack_parameters, feed_forward = previous.functions(
    "02_cost", "initialize_parameters", "unpack_parameters", "feed_forward", folder="solutions"
)
average_activation, cost = previous.functions(
    "03_kl_delta", "average_activation", "sparse_autoencoder_cost", folder="solutions"
)
train = previous.functions("05_training", "train", folder="solutions")
rng = np.random.default_rng(0)
patches = np.clip(0.5 + 0.13 * rng.standard_normal((64, 10_000)), 0.1, 0.9)
theta0 = initialize_parameters(64, 25, rng)
theirs = train, cost, unpack_parameters, feed_forward, average_activation
weights = {"lambda_": 1e-6, "rho": 0.1, "beta": 0.1}  # which do not converge in thousands
monitor = training_monitor(*theirs, theta0, patches, maxiter=100_000, **weights)
"""
RUN = "result = await monitor.watch()"
AFTER = "print(result.success, result.nit < 100_000, result.x.shape, result is monitor.result)"
PLACES = {"mouse": 1, "keyboard": 3}


@pytest.fixture(scope="module")
def opened(browsed, server, course):
    cells = [nbformat.v4.new_code_cell(code.strip()) for code in (SET_UP, *2 * (RUN, AFTER))]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC})
    write_notebook(notebook, course / "monitor.ipynb")
    page = browsed.context.new_page()
    lab = Lab(page, server.url).open("monitor.ipynb")
    yield lab.run_cell(0)
    page.close()
    server.end_kernels()


@pytest.mark.parametrize("way", sorted(PLACES))
def test_stop_keeps_the_result(opened, way, screenshot):
    lab, position = opened, PLACES[way]
    lab.run_cell(position, wait=False)
    shown = Shown(lab.area(position)).wait()
    shown.another(seconds=30)
    screenshot(shown.whole, f"training_monitor-by-{way}-before")
    stop = shown.area.get_by_role("button", name="Stop and keep the result")
    if way == "mouse":
        stop.click()
    else:
        stop.focus()
        lab.page.keyboard.press("Enter")
    lab.wait_until_run(position)
    expect(shown.picture).to_have_attribute("alt", re.compile("You stopped it here"))
    expect(stop).to_be_disabled()
    screenshot(shown.whole, f"training_monitor-by-{way}-after")
    lab.run_cell(position + 1)
    assert lab.cells()[position + 1]["outputs"][0]["text"] == "False True (3289,) True\n"
