"""The doctor finds each seeded fault at its place, has no word to say of sound courses, and
never fails.
"""

import contextlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import CLONE
from autograder.authoring.build import build
from autograder.authoring.doctor import Finding, Findings, examine, print_findings
from autograder.course.files import write_notebook
from saelab.check.exercises import NOTEBOOKS
from tests.autograder.authoring.doctor_faults import BUILT, SMALL, SOURCE
from tests.autograder.authoring.doctor_faults.seeding import FOLLOWS, TRUSTED, Notebook
from tests.support import small_course
from tests.support.small_course import SECOND_SECRET, SECRET

FOREIGN = CLONE / "tests" / "foreign" / "word_count"
CONFIG = """
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.ignore.extend(["*.py"])
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """An nbgrader course of notebooks, released into its gradebook."""
    return small_course.make(tmp_path_factory.mktemp("small") / "course")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The same course as this project builds one, from a script."""
    course = tmp_path_factory.mktemp("built") / "course"
    path = course / "solutions" / "01_small" / "01_small.py"
    path.parent.mkdir(parents=True)
    notebook = small_course.source()
    for cell in notebook.cells:
        cell.pop("id")
    path.write_text(jupytext.writes(notebook, fmt="py:percent"), encoding="utf-8")
    (course / "nbgrader_config.py").write_text(CONFIG)
    build(course, execute=False)
    return course


@pytest.fixture
def copy(tmp_path):
    """A function that copies a course, for a test to change."""
    return lambda course: Path(shutil.copytree(course, tmp_path / "course"))


def snapshot(course):
    return {path: path.read_bytes() for path in sorted(course.rglob("*")) if path.is_file()}


# --- sound courses -----------------------------------------------------------------


def test_this_course_has_no_fault():
    """As it is in the clone; what somebody does in notebooks/ and the gradebook is told rightly."""
    found = examine(CLONE)
    assert found.notebooks == len(NOTEBOOKS)
    committed = [f for f in found if not f.path.startswith("notebooks/") and f.rule != "gradebook"]
    assert committed == []


@pytest.mark.slow
def test_this_course_built_anew_has_no_fault(fresh_course):
    assert examine(fresh_course) == []


def test_a_small_course_has_no_fault(small, built):
    assert examine(small) == [] and examine(built) == []
    assert examine(small).notebooks == 1


@pytest.mark.parametrize("released", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_foreign_course_has_no_fault(released, tmp_path, nbgrader):
    course = tmp_path / "course"
    shutil.copytree(FOREIGN, course / "source" / "word_count")
    script = course / "source" / "word_count" / "word_count.py"
    write_notebook(jupytext.read(script, fmt="py:percent"), script.with_suffix(".ipynb"))
    script.unlink()
    (course / "nbgrader_config.py").write_text(TRUSTED)
    if released:
        nbgrader(course, "generate_assignment", "word_count")
    assert examine(course) == []


# --- seeded faults -----------------------------------------------------------------


@pytest.mark.parametrize("fault", SMALL, ids=lambda fault: fault.name)
def test_a_fault_of_a_course_is_found_and_named(fault, small, copy):
    check(fault, copy(small))


@pytest.mark.parametrize("fault", BUILT, ids=lambda fault: fault.name)
def test_a_fault_of_a_course_with_scripts_is_found_and_named(fault, built, copy):
    check(fault, copy(built))


def check(fault, course):
    fault.edit(course)
    before = snapshot(course)
    found = examine(course)
    assert snapshot(course) == before, "the doctor changed something"
    there = [f for f in found if (f.rule, f.path, f.cell) == (fault.rule, fault.path, fault.cell)]
    assert any(fault.says in f.sentence and f.severity == fault.severity for f in there), found
    # One fault is not told as many.
    assert {f.rule for f in found} <= {fault.rule, *fault.also}, found
    assert len(there) == 1, there


def test_there_are_many_kinds_of_faults():
    assert len({fault.rule for fault in SMALL + BUILT}) >= 20
    assert len({fault.name for fault in SMALL + BUILT}) == len(SMALL + BUILT) >= 60


# --- what is no fault --------------------------------------------------------------


@pytest.mark.parametrize(
    "test, told",
    [
        ("assert double(21) == 42\nassert id(maths) == id(maths)", False),
        ("assert maths.sqrt(4) == 2", False),
        ("assert double(maths.pi) > 6", True),
        ("wanted = maths.sqrt(4)\nassert double(1) == wanted", True),
    ],
)
def test_an_import_may_be_the_exercise(test, told, small, copy):
    course = copy(small)
    with Notebook(course / SOURCE) as notebook:
        notebook["double"].source = (
            "### BEGIN SOLUTION\nimport math as maths\n\ndef double(x):\n    return 2 * x\n"
            "### END SOLUTION"
        )
        notebook.replace("test-double", SECRET, test)
    assert ("imports" in {finding.rule for finding in examine(course)}) == told


def test_an_answer_without_a_region_may_be_asked_for_in_words(small, copy):
    course = copy(small)
    with Notebook(course / SOURCE) as notebook:
        notebook["triple"].source = "def triple(x):\n    return 3 * x"
        notebook.notebook.cells[0].source += "\n\nWrite a function triple(x)."
    assert not {"whole-cell", "imports"} & {finding.rule for finding in examine(course)}


def test_in_plain_nbgrader_only_tests_that_ask_nothing_are_told(small, copy):
    course = copy(small)
    with Notebook(course / SOURCE) as notebook:
        notebook.replace("test-double", SECRET, "!ls\nassert double.__code__")
        notebook.replace("test-triple", SECOND_SECRET, "assert abs(-1) == 1")
    found = {f.rule for f in examine(course)} - FOLLOWS - {"untested"}
    assert found == {"asks-nothing"}


# --- courses that are in a bad way -------------------------------------------------


@pytest.fixture
def damaged(small, copy):
    return copy(small)


@given(chance=st.randoms())
@settings(max_examples=20)
def test_a_damaged_course_is_examined_all_the_same(chance, damaged):
    examine_damaged(chance, damaged)


@pytest.mark.long
@given(chance=st.randoms())
@settings(max_examples=80)
def test_many_a_damaged_course_is_examined(chance, damaged):
    examine_damaged(chance, damaged)


def examine_damaged(chance, damaged):
    notebook = nbformat.from_dict(small_course.json_copy(small_course.source()))
    for _ in range(chance.randrange(1, 9)):
        with contextlib.suppress(AttributeError):  # of damage to what is damaged already
            small_course.damage(notebook, chance)
    (damaged / SOURCE).write_text(json.dumps(notebook), encoding="utf-8")
    found = examine(damaged)
    assert not [f for f in found if "could not be examined" in f.sentence], found


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b'{"nbformat": 4, "cells": 5}'])
def test_any_bytes_may_be_in_any_file(content, small, copy):
    course = copy(small)
    for path in [p for p in course.rglob("*") if p.is_file()]:
        path.write_bytes(content)
    found = examine(course)
    assert "unreadable" in {f.rule for f in found}
    assert not [f for f in found if "could not be examined" in f.sentence], found


def test_a_folder_that_is_not_there_is_a_finding(tmp_path):
    assert [f.rule for f in examine(tmp_path / "nowhere")] == ["no-assignments"]


def test_folders_are_those_of_the_configuration(small, copy):
    course = copy(small)
    (course / "source").rename(course / "sources")
    config = 'c = get_config()\nc.CourseDirectory.source_directory = "sources"\n'
    config += 'c.ClearSolutions.begin_solution_delimeter = "ANSWER FROM HERE"\n'
    (course / "nbgrader_config.py").write_text(config)
    places = {(f.rule, f.path, f.cell) for f in examine(course)}
    assert ("delimiter", "sources/ps1/ps1.ipynb", "double") in places


def test_the_doctor_executes_no_cell(small, copy, tmp_path):
    course, trace = copy(small), tmp_path / "trace"
    notebook = nbformat.read(course / SOURCE, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = f"open({str(trace)!r}, 'w')\n{cell.source}\n### AUTOTEST double(2)"
    nbformat.write(notebook, course / SOURCE)
    examine(course)
    assert not trace.exists()


# --- what is printed ---------------------------------------------------------------


def test_findings_are_printed_by_file_and_counted(capsys):
    first = Finding("a/a.ipynb", 3, "stub", "It is wrong.", cell="double")
    second = Finding("a/b.ipynb", -1, "file-name", "It is odd.", "warning")
    findings = Findings([second, first, first], notebooks=2)
    assert findings == [first, second]
    print_findings(findings)
    assert capsys.readouterr().out == (
        "a/a.ipynb\n  double: error stub: It is wrong.\n\n"
        "a/b.ipynb\n  -: warning file-name: It is odd.\n\n"
        "1 error and 1 warning in 2 notebooks.\n"
    )
    assert Finding("a", 0, "stub", "No.", cell="cell 0").where == "a, cell 0"
    assert (first.where, second.where) == ("a/a.ipynb, cell double", "a/b.ipynb")


def test_no_finding_is_told_too(capsys):
    print_findings(Findings(notebooks=6))
    assert capsys.readouterr().out == "No fault found in 6 notebooks.\n"


def test_the_document_tells_of_every_rule_and_each_has_a_seeded_fault():
    told = (CLONE / "docs" / "doctor.md").read_text(encoding="utf-8")
    rules = re.findall(r"^\| `([\w-]+)` \|", told, re.M)
    assert sorted(rules) == sorted({fault.rule for fault in SMALL + BUILT})


def test_nothing_is_printed_while_it_works(small):
    code = "from autograder.authoring.doctor import examine; "
    code += "import sys; assert examine(sys.argv[1]) == []"
    answer = subprocess.run(
        [sys.executable, "-c", code, small], check=False, cwd=CLONE, capture_output=True, text=True
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
