"""axe-core finds nothing of serious impact in the pages that nbconvert makes of the notebooks.

They are the notebooks as they are in the clone, the solved ones with their results.
"""

import pytest
from nbconvert import HTMLExporter

from autograder import CLONE
from tests.browser.axe import serious_findings

NOTEBOOKS = sorted(
    f"{folder}/{path.stem}"
    for folder in ("solutions", "notebooks")
    for path in CLONE.glob(f"{folder}/*/*.ipynb")
)
FAULTY = """<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>
<img src="x.png"><p style="color: #aaa; background: #fff">Pale words</p>
<div class="highlight"><span style="color: #aaa">pale code</span></div></main></html>"""

pytestmark = pytest.mark.usefixtures("axe")


@pytest.fixture
def alone(browser, tmp_path):
    """A function that shows a page which may not ask for anything; returns its body."""
    page = browser.new_page()
    page.route("**/*", lambda route: route.continue_() if is_file(route) else route.abort())

    def show(html):
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        return page.locator("html")

    yield show
    page.close()


def is_file(route):
    return route.request.url.startswith(("file:", "data:"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_page_of_a_notebook(name, alone):
    stem = name.partition("/")[2]
    html, _ = HTMLExporter().from_filename(str(CLONE / name / f"{stem}.ipynb"))
    assert serious_findings(alone(html)) == {}


def test_a_faulty_page_is_found_out(alone):
    found = serious_findings(alone(FAULTY))
    assert sorted(found) == ["color-contrast", "image-alt"]
    assert len(found["color-contrast"]) == 1 and "Pale words" in found["color-contrast"][0]
