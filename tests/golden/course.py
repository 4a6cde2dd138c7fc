"""The sample class, graded by a class run, with feedback and report."""

from pathlib import Path

from autograder import demo
from autograder.classrun import feedback, grade
from autograder.report import write_reports
from autograder.sample import CLASS, hand_in


def make(folder: Path) -> Path:
    notebooks = demo.make_course(folder)
    hand_in(folder, CLASS, notebooks)
    if demo.options():
        with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write("\nc.CourseExecute.sandboxed = False\n")
    assert not grade(folder, notebooks).failed
    assert not feedback.write(folder, notebooks)[1]
    write_reports(folder)
    demo.write_scores(demo.read_scores(folder), notebooks, folder / "scores.csv")
    return folder
