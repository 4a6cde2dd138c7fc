"""What grading costs: plain nbgrader, nbgrader with our configuration, and a class run.

    python -m tools.bench.grading

lets the sample class hand in all notebooks, and grades the same submissions in each of these ways,
one after the other. It prints a table of processor time and of time by the clock, says where the
time of the class run goes, compares all scores, and writes build/bench/grading.json.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder import CLONE, demo
from autograder.authoring.build import notebook_names
from autograder.exercises.sample import CLASS, Student, hand_in
from autograder.kernel.sandbox import why_unavailable
from saelab import progress
from tools.bench.cpu import Used, measure

FOLDER = CLONE / "build" / "bench"

# As nbgrader comes, but for the folders. Cells that take long are passed over there too.
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
NBGRADER, TRUSTED, CLASS_RUN, SHOWING = (
    "nbgrader autograde as it comes",
    "nbgrader autograde, trusted",
    "autograder grade",
    "autograder grade, with figures",
)
# From (student, notebook) to points, and the most there are.
Scores = dict[tuple[str, str], tuple[float, float]]
# Parts of the class run's time, each a run by itself; what is left is for submissions.
START, TRIALS = "start, nothing to grade", "trials of each notebook"


def main(
    folder: Path = FOLDER,
    notebooks: list[str] | None = None,
    students: Sequence[Student] = CLASS,
) -> dict[str, Any]:
    """Measure, print the table, and write grading.json.

    Args:
        folder: where the course is made and grading.json is written.
        notebooks: the names of the notebooks; None for all.
        students: the students who hand in.

    Returns:
        What is written to grading.json.
    """
    if why_unavailable():
        raise SystemExit(why_unavailable())
    notebooks = notebooks or notebook_names()
    course = make_course(folder / "course", notebooks, students)
    used: dict[str, Used] = {}
    scores: dict[str, Scores] = {}
    for row in progress.bar((NBGRADER, TRUSTED, CLASS_RUN, SHOWING), "grading", unit="way"):
        run = copy(course, folder / "run")
        used[row] = total(grade(run, notebooks, row))
        scores[row] = demo.read_scores(run)
        if row == CLASS_RUN:
            start, trials = parts(run, notebooks)
    count = len(students) * len(notebooks)
    if any(len(found) != count for found in scores.values()):
        raise RuntimeError(f"not all of {count} submissions have a score: {scores}")
    different = differences(scores)
    ratio = {row: used[NBGRADER].seconds / used[row].seconds for row in used}
    report = {
        "submissions": count,
        "cpu_ratio": ratio[CLASS_RUN],
        "wall_ratio": used[NBGRADER].wall / used[CLASS_RUN].wall,
        "same_scores": not [line for line in different if "standard error" not in line],
        "per_notebook_cpu_s": {row: used[row].seconds / count for row in used},
        "used": {row: asdict(each) for row, each in used.items()},
        "class_run_s": {
            START: start.seconds,
            TRIALS: trials.seconds - start.seconds,
            "submissions": used[CLASS_RUN].seconds - trials.seconds,
        },
        "different": different,
    }
    (folder / "grading.json").write_text(json.dumps(report, indent=2) + "\n")
    print_table(report)
    return report


def make_course(course: Path, notebooks: list[str], students: Sequence[Student]) -> Path:
    """Make a separate course in which the class has handed in, and return its folder."""
    demo.make_course(course, notebooks)
    hand_in(course, students, notebooks)
    return course


def copy(course: Path, run: Path) -> Path:
    shutil.rmtree(run, ignore_errors=True)
    return shutil.copytree(course, run)


def grade(run: Path, notebooks: list[str], row: str) -> Iterator[Used]:
    """Grade the class in one way.

    Args:
        run: the folder of the course.
        notebooks: the names of the notebooks.
        row: the way of grading, which is a row of the table.

    Yields:
        What each command used.
    """
    environment = {**os.environ}
    if row in (CLASS_RUN, SHOWING):
        if row == SHOWING:
            with (run / "nbgrader_config.py").open("a") as file:
                file.write("\nc.CoursePolicy.demonstrations = True\n")
        yield class_run(run, notebooks)
        return
    if row == NBGRADER:
        (run / "nbgrader_config.py").write_text(STOCK)
        # There, the student's kernel itself asks for the reference.
        solutions = str(run / "solutions")
        environment |= {"AUTOGRADER_SOLUTIONS": solutions, "SAELAB_PREVIOUS": solutions}
    for name in notebooks:
        command = [sys.executable, "-m", "nbgrader", "autograde", name]
        yield measure(command, cwd=run, env=environment)


def class_run(run: Path, notebooks: list[str]) -> Used:
    return measure([sys.executable, "-m", "autograder", "grade", *notebooks], cwd=run)


def parts(run: Path, notebooks: list[str]) -> tuple[Used, Used]:
    """Measure the parts of a class run.

    Args:
        run: the folder of the course, which has been graded already.
        notebooks: the names of the notebooks.

    Returns:
        What a class run uses that finds nothing to grade, and what one uses that only has trials.
    """
    start = class_run(run, notebooks)
    nobody = Path(run, "submitted", "nobody")
    for name in notebooks:
        # Without a notebook, there is nothing to execute.
        (nobody / name).mkdir(parents=True)
    # It ends with 1, since nobody gets a score.
    words = [sys.executable, "-m", "autograder", "grade", *notebooks, "--student", "nobody"]
    trials = measure(["/bin/sh", "-c", '"$@" || true', "sh", *words], cwd=run)
    shutil.rmtree(nobody)
    return start, trials


def total(runs: Iterable[Used]) -> Used:
    runs = list(runs)
    return Used(sum(run.seconds for run in runs), sum(run.wall for run in runs))


def differences(scores: dict[str, Scores]) -> list[str]:
    """Sentences on the submissions whose points are not the same in all ways of grading."""
    different = []
    for (student, name), (points, full) in sorted(scores[CLASS_RUN].items()):
        for row in (NBGRADER, TRUSTED, SHOWING):
            other, _ = scores[row][student, name]
            if other != points:
                says = next(s.says for s in CLASS if s.name == student)
                # nbgrader takes whatever is printed on standard error for a failed test.
                why = " (prints on standard error)" if "warning" in says else ""
                different.append(
                    f"{student}, {name}: {points:g} of {full:g} points, {other:g} by {row}{why}"
                )
    return different


def print_table(report: dict[str, Any]) -> None:
    count, used = report["submissions"], report["used"]
    first = used[NBGRADER]
    print(f"\n{count} submissions, seconds, and how many times less than nbgrader as it comes")
    print(f"{'':32s}{'processor':>18s}{'for each':>10s}{'by the clock':>20s}")
    for row, each in used.items():
        cpu, wall = each["seconds"], each["wall"]
        print(
            f"{row:32s}{cpu:10.1f} ({first['seconds'] / cpu:4.1f}x){cpu / count:10.2f}"
            f"{wall:12.1f} ({first['wall'] / wall:4.1f}x)"
        )
    print("\nThe class run's processor time")
    for part, seconds in report["class_run_s"].items():
        print(f"  {part:30s}{seconds:10.1f}")
    same = "the same in each way" if not report["different"] else "not always the same:"
    print(f"\nScores: {same}")
    for line in report["different"]:
        print(f"  {line}")


if __name__ == "__main__":
    main()
