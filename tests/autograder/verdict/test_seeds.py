"""Each submission has random problems of its own, and a regrade has the same again."""

import concurrent.futures
import json
import os
import shutil
import threading

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.exercises import exercises
from autograder.exercises.marks import problems
from autograder.exercises.reference import current, functions, grading
from autograder.submission.contents import files_in
from autograder.submission.reading import MOST_BYTES
from autograder.submission.released import Released
from autograder.verdict.course_policy import CoursePolicy
from autograder.verdict.seeds import BITS, files_of, key_of, seed_of
from saelab.check.batches import Batches

INFO = {"student": "ada", "assignment": "02_cost", "notebook": "02_cost", "db_url": "sqlite://"}
GRADING = {"grade": False, "locked": False, "schema_version": 3, "solution": True, "task": False}


def submission(answer="return 1"):
    cell = new_code_cell(answer)
    cell.metadata["nbgrader"] = {**GRADING, "grade_id": "sigmoid"}
    return new_notebook(cells=[new_markdown_cell("Hello"), cell])


# --- the seed of a submission --------------------------------------------------------

NAMES = ("ada", "02_cost", "02_cost")


@pytest.fixture
def handed_in(tmp_path):
    """A folder that somebody handed in."""
    folder = tmp_path / "handed in"
    (folder / "data").mkdir(parents=True)
    (folder / "02_cost.ipynb").write_text("{}")
    (folder / "data" / "numbers.csv").write_text("1, 2")
    return folder


def seed(folder, key="secret", names=NAMES):
    return seed_of(key, names, files_of(files_in(folder), folder, MOST_BYTES))


def test_what_is_graded_again_has_the_same_seed(handed_in, tmp_path):
    shutil.copytree(handed_in, tmp_path / "copy")
    assert seed(handed_in) == seed(tmp_path / "copy") < 2**BITS


CHANGES = {
    "the notebook": lambda folder: (folder / "02_cost.ipynb").write_text("{ }"),
    "a file": lambda folder: (folder / "data" / "numbers.csv").write_text("1, 3"),
    "its name": lambda folder: (folder / "data" / "numbers.csv").rename(folder / "data" / "n.csv"),
    "its place": lambda folder: (folder / "data" / "numbers.csv").rename(folder / "numbers.csv"),
    "another file": lambda folder: (folder / os.fsdecode(b"r\xe9sum\xe9")).touch(),
    "a link": lambda folder: (folder / "link").symlink_to("data"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_anything_else_that_is_handed_in_has_another(handed_in, change):
    before = seed(handed_in)
    change(handed_in)
    assert seed(handed_in) != before


@pytest.mark.parametrize("place", range(3))
def test_another_student_or_notebook_has_another(handed_in, place):
    other = [*NAMES[:place], "x", *NAMES[place + 1 :]]
    assert seed(handed_in, names=other) != seed(handed_in)


def test_another_key_gives_another(handed_in):
    assert seed(handed_in, "other") != seed(handed_in)


def test_parts_that_are_joined_in_another_way_are_told_apart():
    assert seed_of("", ["ab", "c"], []) != seed_of("", ["a", "bc"], [])
    assert seed_of("", NAMES, [b"ab", b"c"]) != seed_of("", NAMES, [b"a", b"bc"])


# --- the key of a course ----------------------------------------------------------------


def course(folder, db_url=None):
    return CourseDirectory(root=str(folder), db_url=db_url or f"sqlite:///{folder}/gradebook.db")


def test_the_key_is_random_lies_beside_the_gradebook_and_is_the_owner_s(tmp_path):
    (tmp_path / "other").mkdir()
    key = key_of(course(tmp_path))
    assert key == key_of(course(tmp_path)) != key_of(course(tmp_path / "other"))
    assert len(bytes.fromhex(key)) == 32
    path = tmp_path / "gradebook.key"
    assert path.stat().st_mode & 0o777 == 0o600 and path.read_text().strip() == key
    assert sorted(os.listdir(tmp_path)) == ["gradebook.key", "other"]


def test_where_the_gradebook_is_no_file_the_key_lies_in_the_course(tmp_path):
    key = key_of(course(tmp_path, "postgresql://grader:word@host/course"))
    assert (tmp_path / "gradebook.key").read_text().strip() == key


def test_a_gradebook_elsewhere_has_its_key_there(tmp_path):
    (tmp_path / "kept").mkdir()
    key_of(course(tmp_path, f"sqlite:///{tmp_path}/kept/marks.db"))
    assert [path.name for path in tmp_path.rglob("*.key")] == ["marks.key"]


def test_processes_that_start_at_once_agree_on_the_key(tmp_path):
    ready = threading.Barrier(8)

    def one():
        ready.wait()
        return key_of(course(tmp_path))

    for number in range(20):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            keys = {future.result() for future in [pool.submit(one) for _ in range(8)]}
        assert len(keys) == 1, number
        (tmp_path / "gradebook.key").unlink()


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 64])
def test_a_key_that_is_none_is_told(tmp_path, content):
    (tmp_path / "gradebook.key").write_bytes(content)
    with pytest.raises(ValueError, match=r"gradebook\.key, .*c\.CoursePolicy\.seed_key"):
        key_of(course(tmp_path))


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ValueError, match=r"No such file.*c\.CoursePolicy\.seed_key"):
        key_of(course(tmp_path / "nowhere"))


def test_where_nobody_sets_a_seed_it_is_0():
    assert problems("sigmoid").seed == 0
    with grading(seed=17):
        assert problems("sigmoid").seed == 17
    assert problems("sigmoid").seed == 0


# --- while a notebook is graded -------------------------------------------------------


def planned(parent=None, notebook=None, **traits):
    """The seed while a notebook is graded, and what is kept of it in the graded notebook."""
    # Which cells only show something, the gradebook would have to say.
    policy = CoursePolicy(parent=parent, demonstrations=True, **traits)
    with grading(seed=5):
        with policy.plan(notebook or submission(), INFO, Released((), {}, None)) as plan:
            seen = current().seed
        assert current().seed == 5
    return seen, plan.note()


def test_the_seed_is_set_for_one_notebook_and_recorded_in_it():
    seen, note = planned()
    assert seen == int(note["autograder"]["seed"], 16) != 5
    json.dumps(note)


def test_an_instructor_s_key_is_taken_and_none_is_made(tmp_path):
    app = Autograde(coursedir=course(tmp_path))
    assert planned(app, seed_key="secret")[0] == planned(app, seed_key="secret")[0]
    assert planned(app, seed_key="secret")[0] != planned(app, seed_key="other")[0]
    assert not list(tmp_path.iterdir())


def test_without_one_the_course_s_own_key_counts_and_what_was_handed_in(tmp_path):
    app, folder = Autograde(coursedir=course(tmp_path)), tmp_path / "submitted" / "ada" / "02_cost"
    (tmp_path / "submitted" / "ada" / "02_cost").mkdir(parents=True)
    first = planned(app)[0]
    # The file that was handed in counts, not what was made of it.
    assert planned(app, notebook=submission("return 2"))[0] == first
    (folder / "helper.py").write_text("x = 1")
    assert planned(app)[0] != first
    (folder / "helper.py").unlink()
    assert planned(app)[0] == first
    (tmp_path / "gradebook.key").unlink()
    assert planned(app)[0] != first


@pytest.mark.parametrize("kind", ["SubmissionExporter", "GradingExporter"])
def test_of_a_notebook_counts_what_the_course_reads(tmp_path, kind):
    app = Autograde(coursedir=course(tmp_path), config=Config({kind: {"most_bytes": 10}}))
    notebook = tmp_path / "submitted" / "ada" / "02_cost" / "02_cost.ipynb"
    notebook.parent.mkdir(parents=True)
    seeds = []
    for text in ("123456789a", "123456789b", "123456789ab", "123456789ac"):
        notebook.write_text(text)
        seeds.append(planned(app)[0])
    # What is larger is not read, and gets no points.
    assert len({*seeds[:3]}) == 3 and seeds[2] == seeds[3]


def test_a_canary_is_known_by_its_cells(tmp_path):
    app = Autograde(coursedir=course(tmp_path))
    assert planned(app)[0] == planned(app)[0] != planned(app, notebook=submission("return 2"))[0]


# --- the problems ---------------------------------------------------------------------


def numbers(value):
    """All numbers in a problem's arguments; functions are called at their arguments."""
    flat = []
    for argument in value:
        if isinstance(argument, Batches):
            flat += numbers([*argument()])
        elif isinstance(argument, tuple):
            flat += numbers(argument)
        elif callable(argument):
            at = next(a for a in value if isinstance(a, np.ndarray))
            flat += numbers([np.hstack([np.ravel(part) for part in _tuple(argument(at))])])
        else:
            flat += np.ravel(argument).tolist()
    return flat


def sizes(value):
    """The shapes of a problem's arguments."""
    return [sizes(x) if isinstance(x, tuple) else np.shape(x) for x in value]


def _tuple(value):
    return value if isinstance(value, tuple) else (value,)


def test_there_are_problems_for_every_function():
    assert sorted(exercises()) == sorted(functions())


@pytest.mark.parametrize("name", exercises())
def test_a_seed_gives_the_same_problems_and_another_others_of_the_same_sizes(name):
    one, two, other = problems(name, 3), problems(name, 3), problems(name, 4)
    for a, b, c in zip(one.probes, two.probes, other.probes, strict=True):
        assert a.says == b.says == c.says
        assert numbers(a.args) == numbers(b.args)
        assert sizes(a.args) == sizes(c.args)
    assert [numbers(p.args) for p in one.probes] != [numbers(p.args) for p in other.probes]


def test_functions_of_the_same_kind_get_different_numbers():
    plain, sparse = problems("autoencoder_cost", 3), problems("sparse_autoencoder_cost", 3)
    assert not np.array_equal(plain.probes[-1].args[0], sparse.probes[-1].args[0])
