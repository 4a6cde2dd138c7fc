"""Uses raw cells, which are passed on into the page as they are."""

import nbformat


def submit(work):
    for kind in ("text/html", "", "html", "text/x-rst"):
        cell = nbformat.v4.new_raw_cell("<script>'mallory-was-here'</script>")
        cell.metadata = {"raw_mimetype": kind, "format": kind}
        cell.id = f"raw-{kind.replace('/', '-')}"
        work.notebook.cells.append(cell)
