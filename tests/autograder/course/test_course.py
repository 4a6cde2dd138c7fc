"""Opening a course: with nbgrader's configuration of it, or an error that says what is wrong."""

import sys

import pytest

from autograder.course.folders import (
    did_you_mean,
    folder_of,
    folders,
    no_assignment,
    open_course,
    open_gradebook,
)


def configured(folder, *lines):
    folder.mkdir(exist_ok=True)
    (folder / "nbgrader_config.py").write_text("\n".join(["c = get_config()", *lines, ""]))
    return folder


def test_a_course_is_as_nbgrader_has_it(tmp_path):
    configured(
        tmp_path,
        "c.NbGrader.course_id = 'old'",
        "c.CourseDirectory.submitted_directory = 'in'",
        "c.CourseDirectory.ignore.append('*.tmp')",
    )
    course = open_course(tmp_path)
    assert course.folder == tmp_path.resolve() and course.coursedir.root == str(course.folder)
    # nbgrader moves a name that an older version had.
    assert course.coursedir.course_id == "old"
    assert course.coursedir.submitted_directory == "in" and "*.tmp" in course.coursedir.ignore
    assert course.coursedir.db_url == f"sqlite:///{course.folder / 'gradebook.db'}"
    assert open_course(tmp_path, "sqlite:///x.db").coursedir.db_url == "sqlite:///x.db"
    assert sys.path.count(str(course.folder)) == 1


@pytest.mark.parametrize("name", ["nbgrader_config.json", "gradebook.db"])
def test_a_course_needs_no_configuration_in_python(tmp_path, name):
    with pytest.raises(ValueError, match=r"is no nbgrader course: there is no nbgrader_config.py"):
        open_course(tmp_path)
    assert open_course(tmp_path, any_folder=True).coursedir.root == str(tmp_path.resolve())
    (tmp_path / name).write_text("{}")
    assert open_course(tmp_path).coursedir.source_directory == "source"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("c.x = (", "SyntaxError: "),
        ("import nothing_of_this_name", "ModuleNotFoundError: No module"),
        ("c.CourseDirectory.root = 5", "TraitError: The 'root' trait"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_an_error(tmp_path, line, says):
    with pytest.raises(ValueError, match="cannot be read") as caught:
        open_course(configured(tmp_path, line))
    told = str(caught.value)
    assert told.startswith(f"{tmp_path.resolve() / 'nbgrader_config.py'} cannot be read: {says}")


def test_a_gradebook_is_never_made(tmp_path):
    course = open_course(configured(tmp_path))
    with pytest.raises(ValueError, match="there is no gradebook at"), open_gradebook(course):
        pass
    assert not (tmp_path / "gradebook.db").exists()
    (tmp_path / "gradebook.db").write_text("no database, but a text that is long enough for one")
    with pytest.raises(ValueError, match="gradebook cannot be read"), open_gradebook(course):
        pass


def test_what_may_have_been_meant():
    assert did_you_mean("adda", {"ada", "bo"}) == " Did you mean ada?"
    assert did_you_mean("adda", ["cleo"]) == did_you_mean("adda", []) == ""
    said = no_assignment("ps3", ["ps1", "02_cost"])
    assert said.startswith("the gradebook has no assignment 'ps3'. Did you mean ps1? It has ps1")
    assert no_assignment("ps3", []).endswith("It has none; " + said.partition("; ")[2])


@pytest.mark.parametrize(
    "structure",
    ["{nbgrader_step}/{student_id}/{assignment_id}", "{assignment_id}/x-{student_id}.d/[a]"],
)
def test_what_students_have_is_found_in_any_structure(tmp_path, structure):
    line = f"c.CourseDirectory.directory_structure = {structure!r}"
    root = configured(tmp_path / "a [b] *", line)
    coursedir = open_course(root).coursedir
    for student in ("bo", "ada", ".git", "cle[o]"):
        for name in ("ps2", "ps1"):
            folder_of(coursedir, "submitted", name, student).mkdir(parents=True)
    (root / "ps1" / "y-dan.d" / "[a]").mkdir(parents=True)
    found = folders(coursedir, "submitted")
    students = ["ada", "bo", "cle[o]"]
    assert list(found) == [(name, who) for name in ("ps1", "ps2") for who in students]
    for (name, student), path in found.items():
        assert path == folder_of(coursedir, "submitted", name, student)
    assert [student for _, student in folders(coursedir, "submitted", "ps2")] == students
    assert folders(coursedir, "submitted", "ps*") == {}
