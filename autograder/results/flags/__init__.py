"""What an instructor should look at in submitted notebooks: as flags, and never as marks.

    python -m autograder flags [ASSIGNMENT ...]

Notebooks are read, not executed. A flag says that a library does what the student was to write,
that results stand in the code as numbers or may come from a file, that the code looks at its grader
or imports what the grader lacks, that two students handed in the same, or nearly the same, or that
one handed in the solution. Each of these can have a good reason: a flag is a reason to look, and no
verdict.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

from autograder.course.folders import Course, folder_of, folders, open_course
from autograder.results.flags.copied_numbers import answers_of, tables
from autograder.results.flags.copies import copies
from autograder.results.flags.libraries import libraries
from autograder.results.flags.missing import missing
from autograder.results.flags.near_copies import near_copies
from autograder.results.flags.notebooks import Flag, Notebook, given_texts, read_source
from autograder.results.flags.peeking import peeking
from autograder.results.flags.solution import solutions
from autograder.submission.contents import SubmissionLimits, contents_of, files_in
from saelab import progress

__all__ = ["Flag", "Notebook", "flags_of", "flags_of_class", "flags_of_course", "unread"]


def flags_of(notebook: Notebook, answers: set[str] | None = None) -> list[Flag]:
    """The flags of one Notebook by itself.

    Args:
        notebook: the notebook.
        answers: the numbers that its visible checks compare with (see answers_of); None for none.
    """
    try:
        found = [*libraries(notebook), *tables(notebook, answers or set()), *peeking(notebook)]
        found += missing(notebook)
    except Exception as error:  # one student's code must not hide the others'
        return [unread(notebook.student, notebook.name, error)]
    return sorted(set(found), key=lambda flag: (flag.cell, flag.line, flag.what))


def unread(student: str, name: str, error: Exception) -> Flag:
    """The flag of a notebook that cannot be looked through."""
    what = f"cannot be looked through ({type(error).__name__}): read it yourself"
    return Flag(student, name, "the notebook", 1, what)


def flags_of_class(
    notebooks: Sequence[Notebook], name: str, source: NotebookNode | None = None
) -> list[Flag]:
    """The flags of all Notebooks that a class handed in for one notebook.

    Args:
        notebooks: the notebooks of the class.
        name: the name of the notebook.
        source: the instructor's notebook, whose code does not count as copied; None if there is
            none.
    """
    answers = answers_of(name)
    found = [flag for notebook in notebooks for flag in flags_of(notebook, answers)]
    found += [*copies(notebooks, source), *near_copies(notebooks, source)]
    return [*found, *(solutions(notebooks, source) if source else ())]


def flags_of_course(
    course: str | Path | Course, assignment: str | None = None
) -> tuple[list[Flag], int]:
    """The flags of all notebooks that were handed in, for one assignment or for all.

    A notebook is read as it was graded, or as it was handed in if it is not graded yet.

    Args:
        course: the course, or its folder.
        assignment: the name of the assignment; None for all.

    Returns:
        (flags, count): the flags, and how many notebooks were read.

    Raises:
        ValueError: if the course's configuration cannot be read.
    """
    here = open_course(course, any_folder=True)
    coursedir, limits = here.coursedir, SubmissionLimits(config=here.config)
    latest: defaultdict[tuple[str, str], dict[str, Path]] = defaultdict(dict)
    for step in ("submitted", "autograded"):
        for (name, student), folder in folders(coursedir, step, assignment).items():
            graded = step == "autograded"
            contents = files_in(folder) if graded else contents_of(coursedir, name, student, limits)
            for path in (folder / notebook for notebook in contents.notebooks):
                latest[name, path.stem][student] = path
    found: list[Flag] = []
    count = 0
    bar = progress.bar(
        sorted(latest.items()), "reading notebooks", unit="notebook", delay=progress.PATIENCE
    )
    for (name, stem), paths in bar:
        home = folder_of(coursedir, "source", name)
        source = read_source(home / f"{stem}.ipynb")
        given = given_texts(source) if source else None
        class_ = [Notebook.read(paths[who], who, source, given, home) for who in sorted(paths)]
        found += flags_of_class(class_, stem, source)
        count += len(class_)
    return sorted(found, key=lambda f: (f.student, f.notebook, f.cell, f.line)), count
