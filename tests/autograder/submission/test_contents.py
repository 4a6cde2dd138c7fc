"""What is used of a submission is bounded, and so is what it costs to look through it."""

import logging
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files

from autograder.submission.contents import (
    MARK,
    MOST_OF_PATH,
    SubmissionLimits,
    Walk,
    contents_of,
    files_in,
    set_aside,
    shown,
)
from autograder.submission.reading import clear_the_way

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and pipes are made")
LOG = logging.getLogger("test")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "submitted" / "eve" / "ps1"
    folder.mkdir(parents=True)
    (folder / "ps1.ipynb").write_text("{}")
    (folder / "zz.csv").write_text("1,2")
    yield folder
    # Python's own way would go into folders as deep as it can bear, and no deeper.
    subprocess.run(["rm", "-rf", folder.parent], check=True)


LIMITS = SubmissionLimits()


def course(folder):
    return CourseDirectory(root=str(folder.parents[2]), assignment_id="ps1")


def look(folder, **limits):
    return contents_of(course(folder), "ps1", "eve", SubmissionLimits(**limits))


def reasons(contents):
    return {other.name: other.why for other in contents.left_out}


def deep(folder, depth=100):
    number = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=number)
        inner = os.open("d", os.O_RDONLY, dir_fd=number)
        os.close(number)
        number = inner
    os.close(number)


def many(folder, count=3000):
    for number in range(count):
        (folder / f"{number:04d}.txt").touch()


def large(path, size=3_000_000_000):
    with path.open("wb") as file:
        file.truncate(size)


def test_plain_files_are_used_and_notebooks_are_named(folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "own.py").write_text("x = 1")
    (folder / "sub" / "other.ipynb").write_text("{}")
    found = look(folder)
    assert found.files == {"zz.csv": folder, "sub/own.py": folder}
    assert found.notebooks == ["ps1.ipynb"] and found.left_out == []
    with found.opened("sub/own.py") as file:
        assert file.read() == b"x = 1"


def test_links_and_what_is_no_file_are_left_out(folder, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("secret")
    (folder / "to_file").symlink_to(tmp_path / "secret" / "key")
    (folder / "to_folder").symlink_to(tmp_path / "secret")
    (folder / "nowhere").symlink_to("nothing")
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(folder / "socket"))
    found = look(folder)
    assert list(found.files) == ["zz.csv"]
    links = dict.fromkeys(("to_file", "to_folder", "nowhere"), "it is a link")
    odd = dict.fromkeys(("pipe", "socket"), "it is neither a file nor a folder")
    assert reasons(found) == links | odd


@pytest.mark.parametrize("above", [False, True])
def test_nothing_is_used_of_a_folder_that_a_link_leads_to(folder, above):
    mallory = folder.parents[1] / "mallory"
    if above:
        mallory.symlink_to(folder.parent)
    else:
        mallory.mkdir()
        (mallory / "ps1").symlink_to(folder)
    found = contents_of(course(folder), "ps1", "mallory", LIMITS)
    assert (found.files, found.notebooks) == ({}, [])
    assert reasons(found) == {"": "it is a link"}
    clear_the_way(course(folder), LIMITS, LOG)
    assert (folder / "zz.csv").exists() and not (folder / MARK).exists()
    assert reasons(contents_of(course(folder), "ps1", "mallory", LIMITS)) == {"": "it is a link"}


def test_depth_is_bounded(folder):
    deep(folder)
    found = look(folder, most_depth=3)
    assert reasons(found) == {"d/d/d": "folders are looked into 3 deep"}
    assert list(found.files) == ["zz.csv"]


def test_the_number_is_bounded_and_what_lies_nearer_comes_first(folder):
    (folder / "a").mkdir()
    many(folder / "a", 10)
    found = look(folder, most_files=6)
    assert list(found.files) == ["zz.csv", "a/0000.txt", "a/0001.txt", "a/0002.txt"]
    assert "a/0009.txt" in reasons(found) and len(found.left_out) == 7


def test_what_decides_on_the_grade_is_never_too_much(folder):
    many(folder, 10)
    (folder / "timestamp.txt").write_text("2026-11-22 10:00:00 UTC")
    found = look(folder, most_files=2)
    assert "timestamp.txt" in found.files and found.notebooks == ["ps1.ipynb"]
    set_aside(folder, found)
    assert {"timestamp.txt", "ps1.ipynb"} <= {*os.listdir(folder)}


def test_bytes_are_bounded_as_they_would_be_read(folder):
    large(folder / "sparse")
    assert reasons(look(folder)) == {
        "sparse": "it has 3000 MB, and at most 50 MB of a file are used"
    }
    (folder / "sparse").unlink()
    for name in "abc":
        large(folder / name, 4_000_000)
    found = look(folder, most_bytes=9_000_000)
    assert list(found.files) == ["a", "b", "zz.csv"]
    assert reasons(found) == {"c": "at most 9 MB of all files are used"}


def test_names_that_are_no_text_are_left_out_and_can_be_shown(folder):
    name = os.fsdecode(b"r\xe9sum\xe9.csv")
    (folder / name).touch()
    (folder / "a`\x1b[31m\n").symlink_to("b")
    long = "x" * 200
    place = folder
    for _ in range(MOST_OF_PATH // 200):
        place /= long
    place.mkdir(parents=True)
    found = look(folder)
    assert reasons(found)[name] == "its name is no text in UTF-8"
    assert "its path is too long" in reasons(found).values()
    told = "\n".join(found.told())
    assert r"`r\xe9sum\xe9.csv`: its name is no text" in told
    assert r"`a'\x1b[31m\n`: it is a link." in told
    assert told.encode().decode().count("\n") == 2 and len(told) < 500
    assert len(shown(long)) < 100


def test_what_is_told_is_short(folder):
    many(folder)
    assert look(folder).told() == [
        "`0999.txt`, `1000.txt`, `1001.txt`, `1002.txt`, `1003.txt` and 1997 more: at most 1000 "
        "files and folders are used."
    ]


def test_what_is_handed_out_keeps_its_place(folder):
    source = folder.parents[2] / "source" / "ps1"
    (source / "data").mkdir(parents=True)
    (source / "points.csv").touch()
    (folder / "data").touch()
    (folder / "points.csv").mkdir()
    found = look(folder)
    assert list(found.files) == ["zz.csv"] and {*reasons(found)} == {"data", "points.csv"}


@pytest.mark.parametrize("pattern", ["*.pyc", "__pycache__", ".*", "a?c", "[ab]*", "sub/*", "./*"])
def test_it_passes_over_what_nbgrader_ignores(folder, pattern):
    """If it passed over more, a link could be there that nbgrader copies."""
    (folder / "zz.csv").unlink()
    for name in ("a.pyc", ".b.pyc", "__pycache__/c", "abc", "sub/abc", "sub/.d", "sub/e/f", ".g/h"):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).touch()
    wanted = {os.path.relpath(path, folder) for path in find_all_files(folder, [pattern])}
    assert {*Walk([folder], ignored=[pattern]).contents.files} == wanted - {"ps1.ipynb"}


def test_what_is_ignored_is_not_read_and_changes_nothing(folder):
    before = look(folder).digest()
    large(folder / "model.pyc", 20_000_000_000)
    assert look(folder).digest() == before
    (folder / "zz.csv").write_text("1,3")
    assert look(folder).digest() != before


def test_what_a_course_ignores_of_its_sources_is_used_of_a_submission(folder, tmp_path):
    (folder / "tools.py").write_text("x = 1")
    (folder / "old.pyc").touch()
    here = course(folder)
    here.ignore = [*here.ignore, "*.py"]
    found = contents_of(here, "ps1", "eve", LIMITS)
    assert {*found.files} == {"zz.csv", "tools.py"} and found.told() == []
    there = tmp_path / "autograded"
    there.mkdir()
    (there / "zz.csv").write_text("the instructor's")
    found.copy(there)
    assert (there / "tools.py").read_text() == "x = 1"
    assert (there / "zz.csv").read_text() == "the instructor's"


def test_the_digest_tells_what_is_left_out(folder):
    before = look(folder).digest()
    large(folder / "sparse", 20_000_000_000)
    assert look(folder).digest() != before


def test_a_file_that_becomes_a_link_is_not_copied(folder, tmp_path):
    (folder / "sub").mkdir()
    (folder / "sub" / "a").touch()
    found = look(folder)
    (folder / "zz.csv").unlink()
    (folder / "zz.csv").symlink_to("/etc/passwd")
    (folder / "sub").rename(tmp_path / "secret")
    (folder / "sub").symlink_to(tmp_path / "secret")
    (tmp_path / "copy").mkdir()
    found.copy(tmp_path / "copy")
    assert not [path for path in (tmp_path / "copy").rglob("*") if path.is_file()]


def test_what_cannot_be_opened_is_left_out():
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "shut").mkdir()
        (folder / "locked.csv").touch()
        (folder / "open.csv").touch()
        os.chmod(folder, 0o755)
        for name in ("shut", "locked.csv"):
            (folder / name).chmod(0)
        user = os.geteuid()
        try:
            if user == 0:  # who may read everything
                os.seteuid(65534)
            found = files_in(folder)
        finally:
            os.seteuid(user)
    assert list(found.files) == ["open.csv"]
    wanted = "there is no permission to read it"
    assert reasons(found) == {"shut": wanted, "locked.csv": wanted}


# --- out of nbgrader's way ----------------------------------------------------------------


def test_what_nbgrader_could_not_walk_through_is_set_aside_and_counts_as_before(folder):
    deep(folder)
    many(folder)
    (folder / "link").symlink_to("b")
    before = look(folder)
    digest, told = before.digest(), before.told()
    here = course(folder)
    clear_the_way(here, LIMITS, LOG)
    (aside,) = [name for name in os.listdir(folder.parent) if name != "ps1"]
    assert aside.startswith(".ps1.")
    assert len(find_all_files(folder, here.ignore)) < 1001
    assert len(os.listdir(folder.parent / aside)) > 2000  # nothing is lost
    after = contents_of(here, "ps1", "eve", LIMITS)  # with all that nbgrader now ignores
    assert (after.digest(), after.told()) == (digest, told)
    clear_the_way(course(folder), LIMITS, LOG)
    assert len(os.listdir(folder.parent)) == 2
    assert look(folder).digest() == digest


def test_a_submission_that_is_collected_anew_counts_alone(folder):
    many(folder)
    set_aside(folder, look(folder))
    (folder / MARK).unlink()
    assert len(look(folder).left_out) == 0


@pytest.mark.parametrize("text", ["../../ada/ps1", "", "0" * 16, "\xff"])
def test_a_mark_of_the_student_s_own_leads_nowhere(folder, text):
    (folder.parents[1] / "ada" / "ps1").mkdir(parents=True)
    (folder.parents[1] / "ada" / "ps1" / "secret").touch()
    (folder / MARK).write_bytes(text.encode("latin-1"))
    assert {*look(folder).files} == {MARK, "zz.csv"}
    deep(folder)
    set_aside(folder, look(folder))
    assert "zz.csv" in look(folder).files and "secret" not in look(folder).files


def test_what_the_grader_has_laid_out_has_no_limit(folder):
    many(folder, 1200)
    assert len(files_in(folder).files) == 1201


def test_it_bears_more_than_python_s_recursion_does(folder):
    deep(folder, sys.getrecursionlimit() + 100)
    assert list(files_in(folder).files) == ["zz.csv"]
