"""Build the notebooks: solutions/NN_topic/NN_topic.py is the source of all that is made here.

    python -m autograder.build

makes solutions/NN_topic/NN_topic.ipynb, executed, for readers, and through nbgrader's own
generate_assignment notebooks/NN_topic/NN_topic.ipynb, for students. Two builds give the same
cells, ids and metadata.
"""

import argparse
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbgrader import utils
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import PyFileConfigLoader

from autograder import answers
from autograder.reference import notebook_names, read_source
from saelab import progress

COURSE = Path(__file__).resolve().parents[1]
DELIMITERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


def build(course=COURSE, execute=True, jobs=2):
    """Build every notebook of the course that lies in the folder `course`.

    execute: run the solved notebooks, so that readers see their results. jobs: how many at once.
    Returns the names of the notebooks. A released notebook in which somebody has worked is
    copied to build/set-aside/ before it is replaced.
    """
    course = Path(course)
    names = notebook_names(course / "solutions")
    solved = [course / "solutions" / name / f"{name}.ipynb" for name in names]
    for name, path in zip(names, solved):
        write_notebook(solved_notebook(name, course / "solutions"), path)
    if execute:
        execute_all(solved, jobs)
    with tempfile.TemporaryDirectory() as folder:
        for name in progress.bar(names, "releasing", unit="notebook"):
            release(name, course, f"sqlite:///{folder}/gradebook.db")
    return names


def solved_notebook(name, solutions=COURSE / "solutions"):
    """A source as a notebook with stable cell ids and metadata, without outputs."""
    notebook = read_source(name, solutions)
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
    nbformat.validate(notebook)
    return notebook


def execute_all(paths, jobs=2):
    """Execute notebooks in place, several at a time. Errors: the first failing cell's."""
    with ProcessPoolExecutor(jobs) as pool, progress.bar(len(paths), "executing", "notebook") as bar:
        running = [pool.submit(execute, path) for path in paths]
        for done in as_completed(running):
            name, seconds = done.result()
            bar.write(f"{name} ran in {seconds:.0f} s", file=sys.stdout)
            bar.update()


def execute(path):
    """Execute one notebook in place; returns its name and the seconds that it took."""
    start = time.perf_counter()
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        timeout=300,
        coalesce_streams=True,
    )
    client.execute()
    notebook.metadata.language_info = {"name": "python"}
    write_notebook(notebook, path)
    return path.stem, time.perf_counter() - start


def release(name, course, db_url):
    """Make a student's notebook from a solved one, by nbgrader's generate_assignment.

    It goes by the nbgrader_config.py of the folder `course`, but enters the assignment into the
    gradebook at `db_url`; `nbgrader generate_assignment` makes the same file and enters it into
    the course's own.
    Errors: RuntimeError where a line of the solution or of a hidden test would be released.
    """
    set_aside_if_edited(course / "notebooks" / name / f"{name}.ipynb", course)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.assignment_id = name
    config.CourseDirectory.db_url = db_url
    config.GenerateAssignment.force = True
    GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    leaks = leaked_lines(
        nbformat.read(course / "solutions" / name / f"{name}.ipynb", as_version=4),
        nbformat.read(course / "notebooks" / name / f"{name}.ipynb", as_version=4),
    )
    if leaks:
        raise RuntimeError(f"the release of {name} shows its solution: {leaks[:3]}")


def leaked_lines(solved, released):
    """Lines inside of solution or hidden-test regions that stand in the released notebook.

    Lines with fewer than 12 characters, and lines that the solved notebook itself shows outside
    of every region, tell nothing and are not counted.
    """
    hidden, shown = set(), set()
    for cell in solved.cells:
        inside = False
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "markdown":
            inside = "BEGIN SOLUTION" not in cell.source
        for line in cell.source.splitlines():
            if any(word in line for word in DELIMITERS):
                inside = "BEGIN" in line
            else:
                (hidden if inside else shown).add(line.strip())
    visible = {line.strip() for cell in released.cells for line in cell.source.splitlines()}
    return sorted(line for line in (hidden - shown) & visible if len(line) >= 12)


def set_aside_if_edited(path, course):
    """Copy a released notebook that somebody has worked in to build/set-aside/."""
    if not path.exists() or not is_edited(nbformat.read(path, as_version=4)):
        return
    target = course / "build" / "set-aside" / f"{path.stem}-{time.strftime('%Y%m%d-%H%M%S')}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, target)
    print(f"{path.name} had been worked in; a copy is in {target}")


def is_edited(notebook):
    """Whether a released notebook holds outputs, or answers that differ from the stubs."""
    for cell in notebook.cells:
        if cell.get("outputs"):
            return True
        checksum = cell.metadata.get("nbgrader", {}).get("checksum")
        if checksum and checksum != utils.compute_checksum(cell):
            return True
    return False


def write_notebook(notebook, path):
    """Write a notebook as nbgrader does."""
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(prog="python -m autograder.build", description=__doc__)
    parser.add_argument(
        "--no-execute", action="store_true", help="leave the solved notebooks without results"
    )
    parser.add_argument("--jobs", type=int, default=2, help="notebooks to execute at once")
    options = parser.parse_args()
    answers.write_answers()
    build(execute=not options.no_execute, jobs=options.jobs)
    print(f"Solved notebooks: {COURSE / 'solutions'}\nReleased notebooks: {COURSE / 'notebooks'}")


if __name__ == "__main__":
    main()
