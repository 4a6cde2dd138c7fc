"""Every notebook opens and runs in JupyterLab: the solved ones to the end, the others to a stub."""

import pytest

from tests.browser.server import ROOT

NAMES = sorted(path.stem for path in ROOT.glob("solutions/*/*.py"))


@pytest.mark.parametrize("name", NAMES)
def test_a_solved_notebook_runs_to_its_end(lab, name):
    lab.open(f"solutions/{name}/{name}.ipynb")
    cells = lab.run_all()
    lab.page.screenshot(path=f"/tmp/hd/{name}.png")
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["execution_count"], cell["source"]
            assert not any(o["output_type"]=="error" for o in cell["outputs"])

@pytest.mark.parametrize("name", NAMES)
def test_released(lab, name):
    lab.open(f"notebooks/{name}/{name}.ipynb")
    cells = lab.run_all()
    for cell in cells:
        for o in cell.get("outputs", []):
            if o["output_type"]=="error":
                print(name, cell["id"], cell["source"], o["ename"], o["evalue"])
