"""What grading costs in processor time: nbgrader as it comes, and ours.

    python -m autograder.bench.grading

lets the sample class hand in two notebooks, and has `nbgrader autograde` grade each of them: as
nbgrader comes, with the hidden tests in the student's kernel; and ours, with and without the two
trials before a run. Prints a table, and writes build/bench/grading.json.
"""

import json
import os
import shutil
import sys
from pathlib import Path

from autograder import demo
from autograder.bench.cpu import measure
from autograder.build import COURSE, build, copy_sources
from autograder.sample import CLASS, hand_in
from autograder.sandbox import fault
from saelab import progress

FOLDER = COURSE / "build" / "bench"
NOTEBOOKS = ("02_cost", "04_gradient_check")
ROUNDS = 1

# As nbgrader comes, but for the folders. Cells that take long are passed over in both.
STOCK = """
from pathlib import Path

c = get_config()
c.CourseDirectory.course_id = "sparse-autoencoder"
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.ignore.extend(["*.py"])
c.OverwriteCells.add_missing_cells = True
c.Execute.skip_cells_with_tag = "long"
"""
# From the row's name to the words that nbgrader is given besides.
ROWS = {
    "nbgrader as it comes": (),
    "trusted, in the sandbox": (),
    "  the same without trials": ("--GradingExporter.canary=False",),
}
STOCK_ROW, OURS, _ = ROWS


def main(folder=FOLDER, notebooks=NOTEBOOKS, students=CLASS, rounds=ROUNDS):
    """Measure, print the table, write grading.json; returns the measured figures.

    They are a dictionary from notebook to row to seconds of processor time for each submission.
    """
    if fault():
        raise SystemExit(fault())
    course = make_course(folder / "course", notebooks, students)
    found = {name: {row: [] for row in ROWS} for name in notebooks}
    jobs = [(r, name, row) for r in range(rounds) for name in notebooks for row in ROWS]
    for _, name, row in progress.bar(jobs, "grading", unit="run"):
        used = grade(course, folder / "run", name, row)
        found[name][row].append(used.seconds / len(students))
        report = {"seconds": found, "submissions": len(students)}
        (folder / "grading.json").write_text(json.dumps(report, indent=2) + "\n")
    best = {name: {row: min(times) for row, times in rows.items()} for name, rows in found.items()}
    print_table(best, len(students))
    return best


def make_course(course, notebooks, students):
    """A course of its own in which the class has handed in."""
    shutil.rmtree(course, ignore_errors=True)
    build(copy_sources(COURSE, course), execute=False)
    for name in notebooks:
        demo.nbgrader(course, "generate_assignment", name, "--force")
    hand_in(course, students, notebooks)
    return course


def grade(course, run, name, row):
    """Grade one notebook of the whole class by one command, in a copy; returns what it used."""
    shutil.rmtree(run, ignore_errors=True)
    shutil.copytree(course, run)
    environment = {**os.environ}
    if row == STOCK_ROW:
        (run / "nbgrader_config.py").write_text(STOCK)
        # There, the student's kernel itself asks for the reference.
        solutions = str(run / "solutions")
        environment |= {"AUTOGRADER_SOLUTIONS": solutions, "SAELAB_PREVIOUS": solutions}
    command = [sys.executable, "-m", "nbgrader", "autograde", name, *ROWS[row]]
    used = measure(command, cwd=run, env=environment)
    graded = list(Path(run, "autograded").glob(f"*/{name}/{name}.ipynb"))
    if len(graded) != len(list(Path(run, "submitted").iterdir())):
        raise RuntimeError(f"{row} graded {len(graded)} submissions of {name} only")
    return used


def print_table(best, count):
    """Print seconds for each notebook, and how many times what nbgrader takes as it comes."""
    print(f"\nProcessor seconds for each of {count} submissions, and the ratio to nbgrader's")
    print(f"{'':28s}" + "".join(f"{name:>26s}" for name in best))
    for row in ROWS:
        cells = (f"{best[n][row]:18.2f} ({best[n][row] / best[n][STOCK_ROW]:4.2f})" for n in best)
        print(f"{row:28s}" + "".join(f"{cell:>26s}" for cell in cells))


if __name__ == "__main__":
    main()
