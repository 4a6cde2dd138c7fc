"""A demonstration of the course, from its sources to the scores of a class, in a minute.

    python -m autograder.demo

builds the notebooks, lets a sample class hand in, and grades it by the course's own class run, with
feedback and report. Meanwhile a network trains on the photographs. Everything happens in
build/demo/, which is made anew; nothing else is changed.
"""

import contextlib
import csv
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import pyplot as plt
from nbgrader.api import Gradebook
from sqlalchemy.exc import SQLAlchemyError

from autograder import CLONE, classrun
from autograder.authoring.build import build, copy_sources
from autograder.authoring.release import generate
from autograder.classrun import feedback_pages
from autograder.course.files import write_whole
from autograder.course.folders import open_course
from autograder.course.locks import Locked, lock
from autograder.exercises.reference import reference
from autograder.exercises.sample import CLASS, hand_in
from autograder.kernel.sandbox import why_unavailable
from autograder.results.report import write_reports
from saelab.data import load_images
from saelab.display import draw_picture
from saelab.quality import describe_filters

DEMO = CLONE / "build" / "demo"
LAMBDA, RHO, BETA, ITERATIONS = 1e-4, 0.01, 3.0, 400
FILTERS = "filters.png"
KEY = "of the sample class, whose hidden problems are no secret"
WIDTH = 96
# From (student, notebook) to the points, and the points that there are.
Scores = dict[tuple[str, str], tuple[float, float]]

TO_OPEN = {
    "report/course.html": "the class at a glance",
    "feedback/finn/02_cost/02_cost.html": "what one student gets back",
    FILTERS: "what the network has learned to see",
    "scores.csv": "these scores, in points",
    "gradebook.db": "nbgrader's gradebook",
}


def main(folder: Path = DEMO) -> Scores:
    """Run the demonstration in `folder`, and return the scores (see read_scores)."""
    start = time.perf_counter()
    say("1. Building the course from solutions/, and releasing its notebooks to students")
    notebooks = make_course(folder)
    say("2. Beside all that follows, a network 64-25-64 trains on 10 000 patches of photographs")
    with training(folder) as trained:
        say(f"3. A class of {len(CLASS)} hands in {len(notebooks)} notebooks each, and is graded")
        hand_in(folder, CLASS, notebooks)
        grade(folder, notebooks)
        say("4. What the network has learned")
        tell(trained())
    scores = read_scores(folder)
    write_scores(scores, notebooks, folder / "scores.csv")
    say("Scores, in per cent of the points that tests give\n")
    print_scores(scores, notebooks)
    say(f"\nDone in {time.perf_counter() - start:.0f} s. To open, in {shown(folder)}/:")
    for path, what in TO_OPEN.items():
        print(f"   {path:36s}{what}")
    return scores


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other demonstrations out of a folder within a with block.

    Args:
        folder: the folder of the demonstration.

    Raises:
        RuntimeError: if another demonstration is running in the folder.
    """
    try:
        with lock(folder.with_name(f"{folder.name}.lock")):
            yield
    except Locked:
        raise RuntimeError(
            f"another demonstration is at work in {folder}: wait until it is done"
        ) from None


def make_course(folder: Path, entered: Sequence[str] = ()) -> list[str]:
    """Make a separate course in `folder`, with solved and released notebooks.

    Args:
        folder: where the course is made. What is there is removed.
        entered: the names of the notebooks to enter into the gradebook; empty for all.

    Returns:
        The names of the notebooks.
    """
    shutil.rmtree(folder, ignore_errors=True)
    names = build(copy_sources(CLONE, folder), execute=False)
    # The sample class is graded on the same numbers each time.
    write_whole(folder / "gradebook.key", KEY).chmod(0o600)
    config = open_course(folder).config
    for name in entered or names:
        generate(name, folder, config, gradebook=True)
    return names


# --- the network -----------------------------------------------------------------------


@contextlib.contextmanager
def training(folder: Path) -> Iterator[Callable[[], str]]:
    """Train in a separate process within a with block.

    Args:
        folder: the folder of the demonstration.

    Yields:
        A function that waits for the training and returns what it prints. It raises RuntimeError if
        the training fails.
    """
    words = [sys.executable, "-m", "autograder.demo", str(folder)]
    with subprocess.Popen(
        words, cwd=CLONE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:

        def trained() -> str:
            printed, error = process.communicate()
            if process.returncode:
                raise RuntimeError(f"the training failed:\n{error}")
            return printed

        try:
            yield trained
        finally:
            process.kill()


def train(folder: Path) -> None:
    """Train a network, make a picture of its filters, and print what they are."""
    matplotlib.use("agg")
    patches = sample_data(white_images(), np.random.default_rng(0))
    W1, cost = train_autoencoder(patches, np.random.default_rng(0))
    save_filters(W1, folder / FILTERS)
    print(f"Cost {cost:.4f}.\n{describe_filters(W1).verdict()}")


def white_images() -> np.ndarray:
    """The photographs, whitened: (10, 512, 512)."""
    whiten = reference("01_patch_sampling").whiten
    return np.array([whiten(image, 0.4) for image in load_images()])


def sample_data(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Sample normalised patches, (64, 10 000), from pictures, (n, height, width)."""
    patches = reference("01_patch_sampling")
    return patches.normalize_patches(patches.sample_patches(images, 8, 10_000, rng))


def train_autoencoder(
    patches: np.ndarray, rng: np.random.Generator, lambda_: float = LAMBDA, beta: float = BETA
) -> tuple[np.ndarray, float]:
    """Train with the parameters of the exercise.

    Args:
        patches: the training examples, (64, m).
        rng: draws the initial weights.
        lambda_: the weight of the weight decay.
        beta: the weight of the sparsity penalty.

    Returns:
        W1, (25, 64), and the cost.
    """
    network = reference("02_cost")
    theta0 = network.initialize_parameters(64, 25, rng)
    sparse_cost = reference("03_kl_delta").sparse_autoencoder_cost

    def cost(theta: np.ndarray) -> tuple[float, np.ndarray]:
        return sparse_cost(theta, 64, 25, lambda_, RHO, beta, patches)

    result = reference("05_training").train(theta0, cost, ITERATIONS)
    W1, *_ = network.unpack_parameters(result.x, 64, 25)
    return W1, float(result.fun)


def save_filters(W1: np.ndarray, path: Path) -> None:
    """Write the picture of the inputs that excite each hidden unit most."""
    visual = reference("06_visualization")
    figure, ax = plt.subplots(figsize=(4, 4), layout="constrained")
    draw_picture(ax, visual.tile_filters(visual.maximal_inputs(W1)), limit=1)
    figure.savefig(path, dpi=120)
    plt.close(figure)


# --- the class -------------------------------------------------------------------------


def grade(course: Path, notebooks: Sequence[str]) -> None:
    """Grade all submissions, and write feedback and report, as `autograder` does.

    The sample class needs no sandbox, because its work is our own reference with edits. Where no
    sandbox is available, this grades without one, and says so.

    Args:
        course: the course's folder.
        notebooks: the names of the notebooks.

    Raises:
        RuntimeError: if a submission gets no score or no feedback.
    """
    reason = why_unavailable()
    if reason is None:
        print(
            "   by `autograder grade`, `feedback` and `report`; what they wrote runs in a sandbox"
        )
    else:
        print(
            "   Without a sandbox, as an exception for this sample class; the submissions of "
            f"students are not graded without one. {reason}"
        )
        with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write("\n# The sample class alone.\nc.TrustedExecute.sandboxed = False\n")
    summary = classrun.grade(course, notebooks)
    failed = [f"{verdict.student}: {verdict.failure}" for verdict in summary.failed]
    failed += [why for faults in summary.untried.values() for why in faults]
    failed += [
        f"{student}: {why}" for _, student, why in feedback_pages.write(course, notebooks)[1]
    ]
    if failed:
        raise RuntimeError("\n".join(["the sample class was not graded:", *failed]))
    write_reports(course)


def read_scores(course: Path) -> Scores:
    """The scores of the tests: from (student, notebook) to (points, maximum points)."""
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


def print_scores(scores: Scores, notebooks: Sequence[str]) -> None:
    """Print the points in per cent: one line for each student, and one column for each notebook."""
    print(f"{'':6s}" + "".join(f"{name[:2]:>6s}" for name in notebooks) + f"{'all':>6s}")
    for student in CLASS:
        row = [scores[student.name, name] for name in notebooks]
        row.append((sum(points for points, _ in row), sum(full for _, full in row)))
        cells = "".join(f"{100 * points / full:6.0f}" for points, full in row)
        line = f"{student.name:6s}{cells}   {student.says}"
        print(line if len(line) <= WIDTH else f"{line[: WIDTH - 4]} ...")


def write_scores(scores: Scores, notebooks: Sequence[str], path: Path) -> None:
    """Write the points as CSV: one line for each student, and one column for each notebook."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", *notebooks, "total", "out of", "what is special"])
        for student in CLASS:
            row = [scores[student.name, name] for name in notebooks]
            points = [points for points, _ in row]
            full = sum(full for _, full in row)
            writer.writerow([student.name, *points, sum(points), full, student.says])


def shown(path: Path) -> Path:
    """A path relative to the working folder if it is inside of it, else as it is."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


def say(step: str) -> None:
    print(step, flush=True)


def tell(text: str) -> None:
    """Print a text about a step below it."""
    say(textwrap.fill(text, WIDTH, initial_indent="   ", subsequent_indent="   "))


def run(folder: Path = DEMO) -> int:
    """Run main(), and print its errors in a line.

    Args:
        folder: the folder of the demonstration.

    Returns:
        The exit status.
    """
    try:
        with alone(folder):
            main(folder)
    except KeyboardInterrupt:
        print("\nInterrupted. `make demo` begins anew.", file=sys.stderr)
        return 130
    except (ValueError, RuntimeError, OSError, SQLAlchemyError, classrun.Stopped) as error:
        print(f"make demo: {error}\n`make demo` begins anew.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        train(Path(sys.argv[1]))
    else:
        sys.exit(run())
