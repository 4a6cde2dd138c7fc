"""JupyterLab as a person uses it: open a notebook, run cells, look at what they show."""

from tests.browser.server import TOKEN
from tests.support.waiting import patient

# What a page knows of its notebook; cells that are out of sight have no elements in the page.
CELLS = """
() => {
  const panel = window.jupyterapp.shell.currentWidget;
  return Array.from(panel.content.model.cells).map(model => ({
    ...model.toJSON(), running: model.executionState === "running",
  }));
}
"""
STATUS = """
() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status
"""
# After Run All: nothing runs, and all cells have run, or, where that is the end, one has failed.
FINISHED = """
whole => {
  const panel = window.jupyterapp.shell.currentWidget;
  const models = Array.from(panel.content.model.cells).filter(model => model.type === "code");
  const failed = !whole && models.some(model =>
    model.outputs.toJSON().some(output => output.output_type === "error"));
  const done = models.every(model => model.executionCount || !model.sharedModel.source.trim());
  return panel.sessionContext.session.kernel.status === "idle"
    && models.every(model => model.executionState !== "running") && (failed || done);
}
"""
# Whether a cell has run to its end.
HAS_RUN = """
position => {
  const panel = window.jupyterapp.shell.currentWidget;
  const model = Array.from(panel.content.model.cells)[position];
  return model.executionCount > 0 && model.executionState !== "running"
    && panel.sessionContext.session.kernel.status === "idle";
}
"""
CLOSE = """
() => {
  const {commands, shell} = window.jupyterapp;
  if (shell.currentWidget?.context) shell.currentWidget.context.model.dirty = false;
  return commands.execute("application:close-all");
}
"""
OPEN = "path => window.jupyterapp.commands.execute('docmanager:open', {path}).then(() => null)"
# What Jupyter does not stop at when it fails.
GO_ON = """
() => {
  for (const model of window.jupyterapp.shell.currentWidget.content.model.cells) {
    model.setMetadata("tags", [...model.getMetadata("tags") ?? [], "raises-exception"]);
  }
}
"""
SCROLL = """
async position => {
  const content = window.jupyterapp.shell.currentWidget.content;
  content.activeCellIndex = position;
  await content.scrollToItem(position, "start");
}
"""

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class Lab:
    """A page with JupyterLab in it."""

    def __init__(self, page, url):
        self.page, self.url = page, url

    def open(self, path):
        """Open a notebook of the server's folder, and wait until its kernel can be asked."""
        self.page.goto(f"{self.url}lab/tree/{path}?token={TOKEN}&reset")
        self.wait_for_kernel()
        return self

    def close(self):
        """Close what is open, and do not save it."""
        self.page.evaluate(CLOSE)

    def open_here(self, path):
        """The same as `open`, as a click in the list of files does it: in a third of the time."""
        self.page.evaluate(OPEN, path)
        self.wait_for_kernel()
        return self

    def wait_for_kernel(self):
        self.page.wait_for_function(f'({STATUS})() === "idle"', timeout=1000 * patient(120))

    def menu(self, *names):
        """Choose from the menus at the top: menu("Run", "Run All Cells")."""
        first, *more = names
        bar = self.page.get_by_role("menubar")
        bar.get_by_role("menuitem", name=first, exact=True).click()
        for name in more:
            self.page.locator(".lm-Menu-item", has_text=name).first.click()

    def run_all(self):
        """Run All Cells, and wait until they have run or one of them failed; returns the cells."""
        self.menu("Run", "Run All Cells")
        return self._finished(False)

    def run_from(self, position):
        """Run a cell and all below, whichever fail: they are given the tag raises-exception."""
        self.page.evaluate(GO_ON)
        self.scroll_to(position)
        self.menu("Run", "Run Selected Cell and All Below")
        return self._finished(True)

    def _finished(self, whole, seconds=300):
        self.page.wait_for_function(
            FINISHED, arg=whole, timeout=1000 * patient(seconds), polling=250
        )
        return self.cells()

    def run_cell(self, position, wait=True):
        """Run one cell by the keyboard; wait: until it has run."""
        self.scroll_to(position)
        self.cell(position).locator(".jp-InputArea-prompt").click()
        self.page.keyboard.press("Control+Enter")
        if wait:
            self.wait_until_run(position)
        return self

    def wait_until_run(self, position, seconds=120):
        self.page.wait_for_function(HAS_RUN, arg=position, timeout=1000 * patient(seconds))

    def cells(self):
        """The cells as they are in the notebook's file format, outputs included."""
        return self.page.evaluate(CELLS)

    def scroll_to(self, position):
        """Bring a cell into sight."""
        self.page.evaluate(SCROLL, position)

    def cell(self, position):
        """A cell, brought into sight, as Playwright locates it."""
        self.scroll_to(position)
        panel = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        return panel.locator(f'.jp-Cell[data-windowed-list-index="{position}"]')

    def area(self, position):
        """What a cell shows below its code."""
        return self.cell(position).locator(".jp-Cell-outputArea")
