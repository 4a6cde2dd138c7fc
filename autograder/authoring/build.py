"""Build the notebooks; all of them are made from their sources, solutions/NN_topic/NN_topic.py.

    python -m autograder build

makes solutions/NN_topic/NN_topic.ipynb, which is executed, for readers. From it nbgrader's own
generate_assignment makes notebooks/NN_topic/NN_topic.ipynb, for students. Two builds give the
same cells, ids and metadata. A build that fails leaves the notebooks as they were.
"""

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbgrader import utils
from traitlets.config import Config

from autograder import CLONE
from autograder.authoring.delimiters import STANDARD
from autograder.authoring.exercise_faults import exercise_faults
from autograder.authoring.leaks import leaked_lines
from autograder.authoring.release import generate
from autograder.authoring.source_faults import source_faults
from autograder.course.files import write_notebook, write_whole
from autograder.course.folders import open_course
from autograder.course.printing import say
from autograder.exercises import expected
from autograder.exercises.reference import SOLUTIONS
from autograder.kernel.sockets import OverSockets
from saelab import progress

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def build(
    course: str | Path = CLONE, execute: bool = True, jobs: int = 2, chosen: Sequence[str] = ()
) -> list[str]:
    """Build the notebooks of a course.

    A released notebook in which somebody has worked is copied to build/set-aside/ before it is
    replaced. In this project's own course (CLONE), the numbers that the visible checks of the
    notebooks compare with are built too.

    Args:
        course: the folder of the course.
        execute: run the solved notebooks, so that readers see their results.
        jobs: how many are run at once.
        chosen: the names of the notebooks to build; empty for all.

    Returns:
        The names of the notebooks that were built.

    Raises:
        ValueError: if there are no sources, if one of the chosen names has no source, or if a
            source has faults.
        RuntimeError: if a notebook fails, or if it cannot be released or its release would show
            its solution.
    """
    course = Path(course).resolve()
    names = notebook_names(course / "solutions")
    if not names:
        raise ValueError(
            f"nothing to build: there is no NN_topic/NN_topic.py in {course}/solutions"
        )
    for name in chosen:
        if name not in names:
            raise ValueError(f"there is no source of {name!r}; there are {', '.join(names)}")
    own = course == CLONE  # what its checks compare with is built too
    kept = kept_on_failure(expected.EXPECTED) if own else contextlib.nullcontext()
    with tempfile.TemporaryDirectory() as folder, kept:
        stage = copy_sources(course, Path(folder).resolve() / "course")
        paths = {name: stage / "solutions" / name / f"{name}.ipynb" for name in names}
        for name, path in paths.items():  # all: notebooks use functions of those before them
            write_notebook(solved_notebook(name, stage / "solutions"), path)
        names = list(dict.fromkeys(chosen)) or names
        solved = [paths[name] for name in names]
        if own:
            check_exercises(paths)
            expected.write_expected(stage / "solutions", jobs=jobs, notebooks=names)
        if execute:
            execute_all(solved, jobs)
        config = open_course(stage).config
        for name in progress.bar(names, "releasing", unit="notebook"):
            release(name, stage, config)
        for name in names:
            set_aside_if_edited(course / "notebooks" / name / f"{name}.ipynb", course)
        released = [path for name in names for path in (stage / "notebooks" / name).rglob("*")]
        for path in [*solved, *released]:
            if path.is_file():
                target = course / path.relative_to(stage)
                target.parent.mkdir(parents=True, exist_ok=True)
                write_whole(target, path.read_bytes())
    return names


def check_exercises(solved: Mapping[str, Path]) -> None:
    """Compare the exercises of the course with what its notebooks ask for.

    Args:
        solved: the solved notebooks, from their names to their files.

    Raises:
        ValueError: if they do not agree; the message lists all that is wrong (see
            exercise_faults).
    """
    notebooks = {name: nbformat.read(path, as_version=4) for name, path in solved.items()}
    faults = exercise_faults(notebooks)
    if faults:
        raise ValueError("\n  ".join(["the exercises do not agree with the notebooks:", *faults]))


@contextlib.contextmanager
def kept_on_failure(folder: Path) -> Iterator[None]:
    """Leave the files of a folder as they were where the block fails.

    Args:
        folder: has files alone.
    """
    before = {path: path.read_bytes() for path in folder.glob("*")}
    try:
        yield
    except BaseException:
        for path in set(folder.glob("*")) - set(before):
            path.unlink()
        for path, content in before.items():
            write_whole(path, content)
        raise


def copy_sources(course: str | Path, folder: Path) -> Path:
    """Copy what a course is built from to a new folder, and nothing that was built.

    Args:
        course: the folder of the course.
        folder: the new folder.

    Returns:
        The new folder.
    """
    shutil.copytree(
        Path(course) / "solutions",
        folder / "solutions",
        ignore=shutil.ignore_patterns("*.ipynb", "*.npz", "*.gif", "*.toml", ".*", "__pycache__"),
    )
    shutil.copy(Path(course) / "nbgrader_config.py", folder)
    return folder


def notebook_names(solutions: str | Path = SOLUTIONS) -> list[str]:
    """The names of the course's notebooks in their order, such as "01_patch_sampling"."""
    return sorted(path.stem for path in Path(solutions).glob("[0-9][0-9]_*/[0-9][0-9]_*.py"))


def solved_notebook(name: str, solutions: str | Path = SOLUTIONS) -> NotebookNode:
    """Read a source as a notebook with stable cell ids and metadata, without outputs.

    Cells with hidden tests are folded, so that JupyterLab shows a reader the lesson alone. They are
    not folded in the release, by remove_metadata_fields in nbgrader_config.py.

    Args:
        name: the name of the notebook.
        solutions: the folder of the sources.

    Raises:
        ValueError: if something is wrong with the source; the message lists the faults cell by
            cell (see source_faults).
    """
    notebook = jupytext.read(Path(solutions) / name / f"{name}.py", fmt="py:percent")
    faults = source_faults(notebook)
    if faults:
        raise ValueError("\n".join([f"{name}.py cannot be built:", *("  " + f for f in faults)]))
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"
            },
            "language_info": {"name": "python"},
        }
    )  # fmt: skip
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for position, cell in enumerate(notebook.cells):
        grading = cell.metadata.get("nbgrader")
        cell.id = grading["grade_id"] if grading else f"cell-{position:02d}"
        if any(region.begin in cell.source for region in STANDARD if region.kind == "grade"):
            cell.metadata.jupyter = {"source_hidden": True}
        # jupytext's note of how many blank lines stand in the text.
        cell.metadata.pop("lines_to_next_cell", None)
    nbformat.validate(notebook)
    return notebook


def execute_all(paths: Sequence[Path], jobs: int = 2) -> None:
    """Execute notebooks in place, several at a time.

    Args:
        paths: the files of the notebooks.
        jobs: how many are executed at once.

    Raises:
        RuntimeError: as for execute, of the first notebook that fails.
    """
    bar = progress.bar(len(paths), "executing", "notebook")
    with bar, ProcessPoolExecutor(jobs) as pool:
        running = [pool.submit(execute, path) for path in paths]
        for done in as_completed(running):
            try:
                name, seconds = done.result()
            except Exception:
                pool.shutdown(cancel_futures=True)
                raise
            bar.write(f"{name} ran in {seconds:.0f} s", file=sys.stdout)
            bar.update()


class Client(OverSockets, NotebookClient):
    """nbclient's NotebookClient, made so that several can start their kernels at once."""


def execute(path: Path) -> tuple[str, float]:
    """Execute one notebook in place.

    Args:
        path: the file of the notebook.

    Returns:
        (name, seconds): the name of the notebook, and how many seconds it took.

    Raises:
        RuntimeError: if a cell fails; the message names the notebook and the cell.
    """
    start = time.perf_counter()
    notebook = nbformat.read(path, as_version=4)
    reached = []
    saved = tempfile.TemporaryDirectory()
    environment = {
        **os.environ,
        # Hidden tests and the next notebooks use the functions of this build, not of an older one.
        "AUTOGRADER_SOLUTIONS": str(path.parents[1]),
        # What a notebook shows must not depend on which of them ran first.
        "SAELAB_SAVED": saved.name,
    }
    client = Client(
        notebook,
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        timeout=300,
        coalesce_streams=True,
        on_cell_start=lambda cell, cell_index: reached.append(cell.id),
    )
    try:
        client.execute(env=environment)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        # An error of nbclient's own does not survive the way back from another process.
        cell = reached[-1] if reached else "none"
        raise RuntimeError(f"{path.stem} failed in cell {cell}:\n{error}") from None
    finally:
        client.remove_sockets()
        saved.cleanup()
    notebook.metadata.language_info = {"name": "python"}
    keep_for_readers(notebook)
    write_notebook(notebook, path)
    return path.stem, time.perf_counter() - start


def keep_for_readers(notebook: NotebookNode) -> None:
    """Remove from an executed notebook what a reader has no use for.

    These are widgets, whose kernel has ended, and the outputs of folded cells. Outputs that stand
    in for a widget, such as a picture and its text, stay.
    """
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            cell.outputs = []
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)


def release(name: str, course: Path, config: Config) -> None:
    """Make a student's notebook from a solved one, with nbgrader's generate_assignment.

    Nothing is entered into the gradebook. The command `nbgrader generate_assignment` makes the
    same file, and does enter it.

    Args:
        name: the name of the notebook, which is also that of its assignment.
        course: the folder of the course.
        config: the configuration of that course.

    Raises:
        RuntimeError: if nbgrader refuses the assignment, or if a line of the solution or of a
            hidden test would be released.
    """
    target = course / "notebooks" / name / f"{name}.ipynb"
    generate(name, course, config)
    leaks = leaked_lines(
        nbformat.read(course / "solutions" / name / f"{name}.ipynb", as_version=4),
        nbformat.read(target, as_version=4),
    )
    if leaks:
        target.unlink()
        raise RuntimeError(f"the release of {name} shows its solution: {leaks[:3]}")


def set_aside_if_edited(path: Path, course: Path) -> None:
    """Copy a released notebook to build/set-aside/ if somebody has worked in it."""
    if not path.exists():
        return
    try:
        if not is_edited(nbformat.read(path, as_version=4)):
            return
    except (ValueError, nbformat.ValidationError):
        pass  # no build has written a file that cannot be read
    target = course / "build" / "set-aside" / f"{path.stem}-{time.strftime('%Y%m%d-%H%M%S')}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, target)
    say(f"{path.name} had been worked in; a copy is in {target}")


def is_edited(notebook: NotebookNode) -> bool:
    """Whether a released notebook holds new or executed cells, or answers other than the stubs."""
    for position, cell in enumerate(notebook.cells):
        grading = cell.metadata.get("nbgrader", {})
        if cell.get("outputs") or cell.get("execution_count"):
            return True
        if cell.get("id") != grading.get("grade_id", f"cell-{position:02d}"):
            return True
        checksum = grading.get("checksum")
        if checksum and checksum != utils.compute_checksum(cell):
            return True
    return False
