"""Hands in a notebook of 40 MB: ten thousand cells, outputs of megabytes."""

import nbformat

LIMIT = 17
SLOW = True


def submit(work):
    work.solve()
    for number in range(2000):
        cell = nbformat.v4.new_markdown_cell("m" * 10_000)
        cell.id = f"big-{number}"
        work.notebook.cells.append(cell)
    for cell in work.notebook.cells[:20]:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="m" * 2 * 10**6)]
