"""Hands in symbolic links to the gradebook, the solutions and a neighbour's notebook."""


def submit(work):
    work.link("book.db", f"{work.course}/gradebook.db")
    work.link("solved.ipynb", f"{work.course}/solutions/02_cost/02_cost.ipynb")
    work.link("theirs.ipynb", f"{work.course}/submitted/{work.earlier}/02_cost/02_cost.ipynb")
    work.link("folder", f"{work.course}/solutions")
    work.insert(
        """
import glob
for path in glob.glob("*") + glob.glob("folder/*/*"):
    print(path, open(path, "rb").read() if "." in path else "")
"""
    )
