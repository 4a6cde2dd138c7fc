"""The build refuses a source that would give an answer away, and never leaves half of its work."""

import json
import resource

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder import CLONE
from autograder.authoring.build import (
    build,
    execute,
    execute_all,
    is_edited,
    kept_on_failure,
    leaked_lines,
    notebook_names,
    release,
    set_aside_if_edited,
    solved_notebook,
    source_faults,
)
from autograder.course.files import write_notebook
from autograder.course.folders import open_course
from tests.support.built import solved

NAMES = notebook_names(CLONE / "solutions")

SOLUTION = '''
def double(z):
    """Twice z."""
    ### BEGIN SOLUTION
    twice_as_much = z + z
    return twice_as_much
    ### END SOLUTION
'''
TEST = """
# 1 point: several numbers.
### BEGIN HIDDEN TESTS
for number in (1, 2.5, -3):
    assert double(number) == 2 * number
### END HIDDEN TESTS
"""


def settings(grade_id, grade=False, locked=False, solution=False, **points):
    """nbgrader's settings of a cell, as jupytext writes them."""
    every = {"grade": grade, "grade_id": grade_id, "locked": locked, "schema_version": 3}
    every |= {"solution": solution, "task": False} | points
    return f"nbgrader={json.dumps(every, sort_keys=True)}"


SOURCE = f"""
# %% [markdown]
# # 01 Doubling

# %%
import math

# %% {settings("double", solution=True)}
{SOLUTION.strip()}

# %% {settings("test-double", grade=True, locked=True, points=1)}
{TEST.strip()}

# %% [markdown] {settings("why", grade=True, solution=True, points=1)}
# Because two is one and one.

# %%
print("twice seven is", double(7))
""".lstrip()


@pytest.fixture
def small(tmp_path):
    """A course of one small notebook."""
    (tmp_path / "solutions" / "01_double").mkdir(parents=True)
    config = (CLONE / "nbgrader_config.py").read_text(encoding="utf-8")
    (tmp_path / "nbgrader_config.py").write_text(config, encoding="utf-8")
    write_source(tmp_path)
    return tmp_path


def write_source(course, old="", new="", name="01_double"):
    """Write the small source, with one text in it replaced by another."""
    assert SOURCE.count(old) == 1 or not old, old
    path = course / "solutions" / name / f"{name}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(SOURCE.replace(old, new) if old else SOURCE, encoding="utf-8")


def snapshot(course):
    """Every file of a course, and what is in it."""
    return {
        str(path.relative_to(course)): path.read_bytes()
        for path in course.rglob("*")
        if path.is_file()
    }


def read(course, step, name="01_double"):
    return nbformat.read(course / step / name / f"{name}.ipynb", as_version=4)


# --- what is built -----------------------------------------------------------------


@pytest.mark.versions
def test_a_source_becomes_a_solved_and_a_released_notebook(small, capsys):
    assert build(small) == ["01_double"]
    assert "01_double ran in" in capsys.readouterr().out
    assert read(small, "solutions").cells[-1].outputs[0].text == "twice seven is 14\n"
    released = read(small, "notebooks")
    assert [cell.source for cell in released.cells[3:5]] == [
        "# 1 point: several numbers.", "YOUR ANSWER HERE"
    ]  # fmt: skip
    assert "raise NotImplementedError()" in released.cells[2].source
    assert "twice_as_much" not in str(released)


WIDGET = """
import ipywidgets

class Drawn(ipywidgets.IntSlider):
    def _repr_mimebundle_(self, **kwargs):
        still = {"text/html": "<figure>still</figure>", "text/plain": "in words"}
        return {**super()._repr_mimebundle_(**kwargs), **still}

Drawn()
"""


def test_of_a_widget_only_its_still_picture_is_kept(small):
    write_source(small, 'print("twice seven is", double(7))', WIDGET)
    path = small / "solutions" / "01_double" / "01_double.ipynb"
    builds = []
    for _ in range(2):
        build(small)
        builds.append(path.read_bytes())
    assert builds[0] == builds[1]
    notebook = read(small, "solutions")
    assert notebook.cells[-1].outputs[0].data == {
        "text/html": "<figure>still</figure>", "text/plain": "in words"
    }  # fmt: skip
    assert "widgets" not in notebook.metadata


def test_chosen_notebooks_alone_are_built(small):
    write_source(small, name="02_again")
    assert build(small, execute=False, chosen=["02_again"]) == ["02_again"]
    built = {path.stem for path in small.rglob("*.ipynb")}
    assert built == {"02_again"}
    with pytest.raises(ValueError, match="no source of '02'; there are 01_double, 02_again"):
        build(small, execute=False, chosen=["02"])


def test_cell_ids_are_grade_ids_or_positions(fresh_course):
    for name in NAMES:
        for position, cell in enumerate(solved(name, fresh_course).cells):
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            assert cell.id == (grade_id or f"cell-{position:02d}")


def test_a_file_beside_a_source_is_released_with_it(small):
    (small / "solutions" / "01_double" / "map.txt").write_text("here")
    (small / "solutions" / "01_double" / "helper.py").write_text("secret = 1")
    build(small, execute=False)
    files = {path.name for path in (small / "notebooks" / "01_double").iterdir()}
    assert files == {"01_double.ipynb", "map.txt"}


def test_what_a_student_put_beside_a_notebook_stays(small):
    build(small, execute=False)
    (small / "notebooks" / "01_double" / "mine.npz").write_bytes(b"1")
    build(small, execute=False)
    assert (small / "notebooks" / "01_double" / "mine.npz").read_bytes() == b"1"


def test_the_gradebook_of_the_course_is_left_alone(small):
    build(small, execute=False)
    assert not (small / "gradebook.db").exists()


# --- sources that are refused ------------------------------------------------------


MISSPELT = [
    ("### BEGIN HIDDEN TESTS", "### BEGIN HIDDEN TEST"),
    ("### BEGIN HIDDEN TESTS", "### BEGIN HIDEN TESTS"),
    ("### BEGIN HIDDEN TESTS", "### Begin hidden tests"),
    ("### BEGIN HIDDEN TESTS", "# BEGIN HIDDEN TESTS"),
    ("### BEGIN HIDDEN TESTS", "### HIDDEN TESTS"),
    ("### END HIDDEN TESTS", "### END HIDDEN TEST"),
    ("### BEGIN SOLUTION", "### BEGIN SOLUTON"),
    ("### BEGIN SOLUTION", "### BEGIN  SOLUTION"),
    ("### BEGIN SOLUTION", "###BEGIN SOLUTION"),
    ("### BEGIN SOLUTION", "### begin solution"),
    ("### BEGIN SOLUTION", "### ANSWER"),
    ("### END SOLUTION", "### END SOLUTIONS"),
]


@pytest.mark.parametrize("right, wrong", MISSPELT, ids=[wrong for _, wrong in MISSPELT])
def test_a_misspelt_delimiter_is_refused(small, right, wrong):
    write_source(small, right, wrong)
    before = snapshot(small)
    with pytest.raises(ValueError, match="cannot be built") as caught:
        build(small, execute=False)
    told = str(caught.value)
    assert told.startswith("01_double.py cannot be built:")
    assert f"'{wrong}'" in told and ("(double)" in told or "(test-double)" in told)
    assert snapshot(small) == before


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("    ### END SOLUTION\n", "", "'BEGIN SOLUTION' has no END"),
        ("    ### BEGIN SOLUTION\n", "", "'END SOLUTION' has no BEGIN"),
        ("### END HIDDEN TESTS\n", "", "'BEGIN HIDDEN TESTS' has no END"),
        ("### BEGIN HIDDEN TESTS\n", "", "'END HIDDEN TESTS' has no BEGIN"),
        ("import math", "### BEGIN HIDDEN TESTS\nimport math\n### END HIDDEN TESTS",
         "cell 1 (not graded): the cell's metadata do not allow 'BEGIN HIDDEN TESTS'"),
        ("import math", "from autograder.exercises.reference import reference",
         "is not in the hidden tests, and students have no autograder"),
        ("    twice_as_much = z + z", "    ### BEGIN SOLUTION", "stands inside of SOLUTION"),
        (SOLUTION.strip(), "def double(z):\n    return 2 * z", "there is no '### BEGIN SOLUTION'"),
        (TEST.strip(), "assert double(1) == 2", "there is no '### BEGIN HIDDEN TESTS'"),
        ('"test-double"', '"double"', "cell 3 (double): cell 2 has the same grade_id"),
        ('"grade_id": "double", "locked": false,', '"grade_id": "double",',
         "cell 2 (double): its nbgrader metadata lack locked"),
        ('"locked": true, "points": 1,', '"locked": true,', "its nbgrader metadata lack points"),
    ],
)  # fmt: skip
def test_a_source_that_nbgrader_would_get_wrong_is_refused(small, old, new, told):
    write_source(small, old, new)
    with pytest.raises(ValueError, match=r"01_double.py cannot be built") as caught:
        build(small, execute=False)
    assert told in str(caught.value)


def test_every_fault_of_a_source_is_told_at_once():
    cell = new_code_cell("### BEGIN SOLUTON\nimport autograder\n### END SOLUTION")
    assert len(source_faults(new_notebook(cells=[cell]))) == 4


@pytest.mark.parametrize("name", NAMES)
def test_the_course_s_own_sources_have_no_fault(name):
    assert source_faults(solved_notebook(name)) == []


# --- builds that fail --------------------------------------------------------------


def test_where_a_block_fails_a_folder_is_as_it_was(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"old")

    def fail():
        with kept_on_failure(tmp_path):
            (tmp_path / "a.npz").write_bytes(b"new")
            (tmp_path / "b.npz").write_bytes(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.npz": b"old"}
    with kept_on_failure(tmp_path):
        (tmp_path / "a.npz").write_bytes(b"new")
    assert (tmp_path / "a.npz").read_bytes() == b"new"


@pytest.mark.parametrize("in_one_process", [True, False])
def test_a_failing_cell_is_named_with_its_notebook(small, in_one_process):
    write_source(small, "import math", "1 / 0")
    path = small / "solutions" / "01_double" / "01_double.ipynb"
    write_notebook(solved_notebook("01_double", small / "solutions"), path)
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match=r"01_double failed in cell cell-01") as caught:
        execute(path) if in_one_process else execute_all([path])
    assert "ZeroDivisionError" in str(caught.value)
    assert path.read_bytes() == before


def test_a_kernel_that_dies_is_told_too(small):
    write_source(small, "import math", "import os; os._exit(1)")
    with pytest.raises(RuntimeError, match=r"01_double failed in cell cell-01"):
        build(small)


def test_a_build_of_another_course_leaves_the_numbers_of_this_one_alone(small, monkeypatch):
    def refuse(*_):
        raise AssertionError("touched")

    monkeypatch.setattr("autograder.authoring.build.kept_on_failure", refuse)
    write_source(small, "print(", "raise OSError(")
    with pytest.raises(RuntimeError, match="01_double failed in cell"):
        build(small)


def test_a_build_that_fails_leaves_everything_as_it_was(small):
    build(small)
    write_source(small, name="02_more")
    write_source(small, "print(", "raise OSError(", name="03_broken")
    write_source(small, "Doubling", "Doubling again")
    before = snapshot(small)
    with pytest.raises(RuntimeError, match="03_broken failed in cell cell-05"):
        build(small)
    assert snapshot(small) == before


def test_a_release_that_gives_something_away_is_taken_back(small):
    shown = '"""Twice z."""\n    ### BEGIN'
    write_source(small, shown, shown.replace("Twice z.", "\n    twice_as_much = z + z\n    "))
    released = small / "notebooks" / "01_double" / "01_double.ipynb"
    build(small, execute=False)  # what stands outside of the region too was meant to be seen
    assert "twice_as_much" in released.read_text()

    write_notebook(
        solved_notebook("01_double", small / "solutions"),
        small / "solutions" / "01_double" / "01_double.ipynb",
    )
    config = small / "nbgrader_config.py"
    config.write_text(config.read_text() + PLANT.format(line="    return twice_as_much"))
    with pytest.raises(RuntimeError, match=r"01_double shows its solution.*return twice_as_much"):
        release("01_double", small, open_course(small).config)
    assert not released.exists()


# nbgrader's stub, with which a line of the solution gets into the release.
PLANT = """
c.ClearSolutions.code_stub = {{"python": "{line}"}}
"""


# --- leaks -------------------------------------------------------------------------


def test_no_leak_is_found_where_there_is_none(small):
    build(small, execute=False)
    assert leaked_lines(read(small, "solutions"), read(small, "notebooks")) == []


@pytest.mark.parametrize(
    "line",
    [
        "    twice_as_much = z + z",
        "for number in (1, 2.5, -3):",
        "Because two is one and one.",
    ],
    ids=["solution", "hidden test", "model answer"],
)
@pytest.mark.parametrize("kind", [new_code_cell, new_markdown_cell])
def test_planted_leaks_are_found(small, line, kind):
    build(small, execute=False)
    released = read(small, "notebooks")
    released.cells.append(kind(f"first\n  {line}\nlast"))
    assert leaked_lines(read(small, "solutions"), released) == [line.strip()]


# --- work in a released notebook ---------------------------------------------------


def answer(notebook):
    notebook.cells[2].source = "def double(z):\n    return 2 * z"


def write_words(notebook):
    notebook.cells[4].source = "I do not know."


def run_a_cell(notebook):
    notebook.cells[5].outputs = [new_output("stream", text="14")]


def run_a_silent_cell(notebook):
    notebook.cells[1].execution_count = 1


def add_a_cell(notebook):
    notebook.cells.insert(1, new_markdown_cell("A note of my own."))


def delete_a_cell(notebook):
    del notebook.cells[1]


WORK = [answer, write_words, run_a_cell, run_a_silent_cell, add_a_cell, delete_a_cell]


@pytest.mark.parametrize("work", WORK)
def test_a_notebook_that_was_worked_in_is_set_aside(small, work, capsys):
    build(small, execute=False)
    path = small / "notebooks" / "01_double" / "01_double.ipynb"
    fresh = path.read_bytes()
    notebook = read(small, "notebooks")
    work(notebook)
    write_notebook(notebook, path)
    worked_in = path.read_bytes()
    build(small, execute=False)
    (kept,) = (small / "build" / "set-aside").iterdir()
    assert kept.read_bytes() == worked_in and kept.name.startswith("01_double-")
    assert str(kept) in capsys.readouterr().out
    assert path.read_bytes() == fresh


def test_a_file_that_cannot_be_read_is_set_aside(small):
    path = small / "notebooks" / "01_double" / "01_double.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text('{"cells": [')
    set_aside_if_edited(path, small)
    (kept,) = (small / "build" / "set-aside").iterdir()
    assert kept.read_text() == path.read_text()


def test_an_untouched_notebook_is_not_set_aside(small):
    build(small, execute=False)
    write_source(small, "import math", "import math, cmath")
    build(small, execute=False)
    assert not (small / "build").exists()
    assert "cmath" in read(small, "notebooks").cells[1].source


@pytest.mark.parametrize("name", NAMES)
def test_the_released_notebooks_count_as_untouched(name, fresh_course):
    assert not is_edited(read(fresh_course, "notebooks", name))


# --- files -------------------------------------------------------------------------


def test_a_notebook_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "new" / "notebook.ipynb"
    write_notebook(new_notebook(), path)
    before = path.read_bytes()

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_notebook(new_notebook(metadata={"title": "another"}), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]
    assert b"\r" not in before and before.endswith(b"}\n")


def test_after_a_failure_no_further_notebook_is_begun(tmp_path):
    paths = [tmp_path / f"{number}.ipynb" for number in range(6)]
    for path in paths:
        source = "1 / 0" if path == paths[0] else "2"
        write_notebook(new_notebook(cells=[new_code_cell(source)]), path)
    last = paths[-1].read_bytes()
    with pytest.raises(RuntimeError, match=r"^0 failed"):
        execute_all(paths, jobs=1)
    assert paths[-1].read_bytes() == last
