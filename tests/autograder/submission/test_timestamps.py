"""A timestamp that nbgrader cannot read ends no run."""

import os
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.submission.reading import set_aside_timestamps


@pytest.fixture
def course(tmp_path):
    course = CourseDirectory(root=str(tmp_path), assignment_id="one", student_id="*")
    (tmp_path / "submitted" / "ada" / "one").mkdir(parents=True)
    return course


def folder(course):
    return Path(course.root, "submitted", "ada", "one")


@pytest.mark.parametrize(
    "text", ["2026-11-22 10:00:00 UTC", "2026-11-22 10:00:00.5 UTC+1", "", " \n"]
)
def test_readable_ones_stay(course, text):
    (folder(course) / "timestamp.txt").write_text(text)
    assert set_aside_timestamps(course) == []
    course.get_existing_timestamp(str(folder(course)))


@pytest.mark.parametrize(
    "content",
    [b"30 February", b"\xff\xfe", b"9" * 150, b"2026-11-22 10:00:00 UTC" + b" " * 500, b"()"],
)
def test_others_are_kept_under_another_name(course, content):
    (folder(course) / "timestamp.txt").write_bytes(content)
    assert [path.name for path in set_aside_timestamps(course)] == ["timestamp.txt.unreadable"]
    assert (folder(course) / "timestamp.txt.unreadable").read_bytes() == content
    assert course.get_existing_timestamp(str(folder(course))) is None


def test_links_and_folders_are_no_timestamps(course, tmp_path):
    (tmp_path / "else.txt").write_text("2026-11-22 10:00:00 UTC")
    os.symlink(tmp_path / "else.txt", folder(course) / "timestamp.txt")
    assert len(set_aside_timestamps(course)) == 1
    (folder(course) / "timestamp.txt").mkdir()
    assert [path.name for path in set_aside_timestamps(course)] == ["timestamp.txt.unreadable1"]
