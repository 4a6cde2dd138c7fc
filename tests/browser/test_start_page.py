"""`make lab` begins on a page with the notebooks, whose links open them."""

import shutil

from tests.browser.server import CLONE, TOKEN
from tests.support.waiting import patient

PAGE = ".jp-MarkdownViewer"
PATH = "() => window.jupyterapp.shell.currentWidget.context?.path"
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"


def test_the_start_page_leads_to_a_notebook_and_marks_nothing(page, lab, server, course):
    shutil.copy(CLONE / "notebooks" / "README.md", course / "notebooks")
    try:
        page.goto(f"{server.url}?token={TOKEN}")
        page.locator(PAGE).get_by_role("link", name="02_cost").wait_for(timeout=1000 * patient(120))
        assert page.locator(f"{PAGE} h1").inner_text() == "Start here"
        page.locator(PAGE).get_by_role("link", name="02_cost").click()
        lab.wait_for_kernel()
        notebook = course / page.evaluate(PATH)
        assert notebook == course / "notebooks" / "02_cost" / "02_cost.ipynb"
        before = notebook.read_bytes(), notebook.stat().st_mtime_ns
        page.evaluate(SAVE)
        assert notebook.stat().st_mtime_ns > before[1]
        assert notebook.read_bytes() == before[0]
    finally:
        (course / "notebooks" / "README.md").unlink()
