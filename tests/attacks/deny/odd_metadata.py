"""Has nbgrader metadata of the wrong types: lists, texts, numbers, nothing. All is right else."""

from typing import Any

DESERVES = 17


def submit(work):
    work.solve()
    odd: list[Any] = [None, [], "x", 7, {"grade_id": None}, {"grade_id": 3.5, "grade": "yes"}, {}]
    for value in odd:
        cell = work.insert("1", "end")
        cell.metadata["nbgrader"] = value
    work.cell("test-sigmoid").metadata.nbgrader.points = "many"
    work.cell("check-sigmoid").metadata.nbgrader.grade = None
    work.notebook.metadata.kernelspec = {"name": None}
    work.notebook.metadata.language_info = {"name": ["python"]}
