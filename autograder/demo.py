"""The course at work, from its sources to a table of scores, in a few minutes.

    python -m autograder.demo

builds the notebooks, trains on the photographs, lets a sample class hand in, and grades it with
nbgrader. All of it goes on in build/demo/, which is made anew; nothing else is touched.
"""

import csv
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import pyplot as plt
from nbgrader.api import Gradebook

from autograder.build import COURSE, build, copy_sources
from autograder.reference import reference
from autograder.sample import CLASS, hand_in
from autograder.sandbox import fault
from saelab import progress
from saelab.data import load_images
from saelab.display import draw_picture
from saelab.quality import describe_filters

DEMO = COURSE / "build" / "demo"
LAMBDA, RHO, BETA, ITERATIONS = 1e-4, 0.01, 3.0, 400


def main(folder=DEMO):
    """Run the demonstration in `folder`; returns the scores (see read_scores)."""
    start = time.perf_counter()
    say("1. Building the notebooks from solutions/")
    notebooks = make_course(folder)

    say("2. Training 64-25-64 on 10 000 patches of the photographs, with the reference solution")
    patches = sample_data(white_images(), np.random.default_rng(0))
    W1, cost = train_autoencoder(patches, np.random.default_rng(0))
    quality = describe_filters(W1, progress=lambda rows: progress.bar(rows, "fitting", "filter"))
    print(f"cost {cost:.4f}. {quality.verdict()}")
    picture = save_filters(W1, folder / "filters.png")

    say(f"3. A class of {len(CLASS)} hands in {len(notebooks)} notebooks each")
    hand_in(folder, CLASS, notebooks)
    for student in CLASS:
        print(f"   {student.name:5s} {student.says}")

    say("4. Grading with nbgrader")
    grade(folder, notebooks)

    say("5. Scores, in per cent of the points that tests give")
    scores = read_scores(folder)
    print_scores(scores, notebooks)
    table = write_scores(scores, notebooks, folder / "scores.csv")
    print(
        f"\nPicture of the filters  {shown(picture)}\nScores                  {shown(table)}"
        f"\nFeedback                {shown(folder / 'feedback')}/STUDENT/NOTEBOOK/NOTEBOOK.html"
        f"\nGradebook               {shown(folder / 'gradebook.db')}"
        f"\nDone in {time.perf_counter() - start:.0f} s."
    )
    return scores


def make_course(folder):
    """A course of its own in `folder`, with solved and released notebooks; returns their names."""
    shutil.rmtree(folder, ignore_errors=True)
    names = build(copy_sources(COURSE, folder), execute=False)
    for name in progress.bar(names, "entering into the gradebook", unit="notebook"):
        nbgrader(folder, "generate_assignment", name, "--force")
    return names


def white_images():
    """The photographs, whitened: (10, 512, 512)."""
    whiten = reference("01_patch_sampling").whiten
    return np.array([whiten(image, 0.4) for image in load_images()])


def sample_data(images, rng):
    """(64, 10 000) normalised patches of pictures (n, height, width)."""
    patches = reference("01_patch_sampling")
    return patches.normalize_patches(patches.sample_patches(images, 8, 10_000, rng))


def train_autoencoder(patches, rng, lambda_=LAMBDA, beta=BETA):
    """Train with the exercise's parameters and a progress bar; returns W1 (25, 64) and the cost."""
    network = reference("02_cost")
    theta0 = network.initialize_parameters(64, 25, rng)
    sparse_cost = reference("03_kl_delta").sparse_autoencoder_cost

    def cost(theta):
        return sparse_cost(theta, 64, 25, lambda_, RHO, beta, patches)

    with progress.bar(ITERATIONS, "training", unit="iteration") as bar:
        result = reference("05_training").train(theta0, cost, ITERATIONS, lambda _: bar.update())
    W1, *_ = network.unpack_parameters(result.x, 64, 25)
    return W1, float(result.fun)


def save_filters(W1, path):
    """Write the picture of the inputs that excite each hidden unit most."""
    visual = reference("06_visualization")
    figure, ax = plt.subplots(figsize=(4, 4), layout="constrained")
    draw_picture(ax, visual.tile_filters(visual.maximal_inputs(W1)), limit=1)
    figure.savefig(path, dpi=120)
    plt.close(figure)
    return path


def grade(course, notebooks):
    """Autograde all submissions, write feedback, and export the grades to grades.csv."""
    autograde = ["autograde", *options()]
    run_for_all(course, notebooks, autograde, "autograding", sign="INFO] Autograding ")
    feedback = ["generate_feedback"]
    run_for_all(course, notebooks, feedback, "writing feedback", sign="INFO] Writing ")
    nbgrader(course, "export", "--to=grades.csv")


def options():
    """Options for `nbgrader autograde`: where no sandbox can be had, to do without, and say so.

    Nobody needs walls against the sample class, whose work is the reference with edits of ours.
    """
    if fault() is None:
        return []
    print(
        "   Without a sandbox, as an exception for this sample class; the submissions of students "
        f"are not graded without one. {fault()}"
    )
    return ["--CourseExecute.sandboxed=False"]


def run_for_all(course, notebooks, command, label, sign, jobs=2):
    """Run an nbgrader command for each notebook, `jobs` at once, with a bar over submissions.

    command: its words. sign: what nbgrader prints once for each submission.
    """
    total = len(CLASS) * len(notebooks)
    with progress.bar(total, label, "notebook") as bar, ThreadPoolExecutor(jobs) as pool:

        def count(line):
            if sign in line:
                bar.update()

        runs = [pool.submit(nbgrader, course, *command, name, on_line=count) for name in notebooks]
        for run in runs:
            run.result()


def nbgrader(course, *arguments, on_line=lambda line: None):
    """Run an nbgrader command in the folder `course`; what it prints goes to nbgrader.log.

    Errors: RuntimeError with the last lines where the command fails.
    """
    command = [sys.executable, "-m", "nbgrader", *arguments]
    lines = []
    with subprocess.Popen(
        command, cwd=course, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        for line in process.stdout:
            lines.append(line)
            on_line(line)
    with (Path(course) / "nbgrader.log").open("a", encoding="utf-8") as log:
        log.writelines(lines)
    if process.returncode:
        raise RuntimeError(f"nbgrader {' '.join(arguments)} failed:\n{''.join(lines[-15:])}")


def read_scores(course):
    """Scores of the tests: a dictionary from (student, notebook) to (points, points in all)."""
    scores = {}
    with Gradebook(f"sqlite:///{Path(course).resolve() / 'gradebook.db'}") as gradebook:
        for assignment in gradebook.assignments:
            for submission in assignment.submissions:
                grades = [g for notebook in submission.notebooks for g in notebook.grades]
                tests = [grade for grade in grades if grade.cell.cell_type == "code"]
                points = sum(grade.auto_score or 0.0 for grade in tests)
                full = sum(grade.max_score for grade in tests)
                scores[submission.student.id, assignment.name] = points, full
    return scores


def print_scores(scores, notebooks):
    """Print per cent of the points, a line a student and a column a notebook."""
    print(f"{'':6s}" + "".join(f"{name[:2]:>6s}" for name in notebooks) + f"{'all':>6s}")
    for student in CLASS:
        row = [scores[student.name, name] for name in notebooks]
        row.append((sum(points for points, _ in row), sum(full for _, full in row)))
        cells = "".join(f"{100 * points / full:6.0f}" for points, full in row)
        print(f"{student.name:6s}{cells}   {student.says}")


def write_scores(scores, notebooks, path):
    """Write the points as CSV: a line a student, a column a notebook."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", *notebooks, "total", "out of", "what is special"])
        for student in CLASS:
            row = [scores[student.name, name] for name in notebooks]
            points = [points for points, _ in row]
            full = sum(full for _, full in row)
            writer.writerow([student.name, *points, sum(points), full, student.says])
    return path


def shown(path):
    """A path as the user typed the way to it."""
    try:
        return Path(path).relative_to(Path.cwd())
    except ValueError:
        return path


def say(step):
    print(f"\n{step}", flush=True)


if __name__ == "__main__":
    matplotlib.use("agg")
    main()
