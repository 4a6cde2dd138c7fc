"""Files that are put into their place whole, or not at all."""

import os

import pytest

from autograder.course.files import sweep, write_whole
from saelab.files import beside, whole


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    assert write_whole(path, "old") == path
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_whole(path, "new")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_any_name_and_any_text_can_be_written(tmp_path):
    path = write_whole(tmp_path / ("a" * 255), "\udce9é", lasting=True)
    assert path.read_bytes() == "?é".encode()


def test_what_was_left_behind_is_removed_and_nothing_else(tmp_path):
    beside(tmp_path / "page.html").touch()
    (beside(tmp_path / "ps1") / "folder").mkdir(parents=True)
    kept = [write_whole(tmp_path / name, "") for name in (".hidden", "page.html")]
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == kept
    sweep(tmp_path / "nowhere")


def test_a_folder_stays_where_it_was_when_the_new_one_cannot_take_its_place(tmp_path):
    (tmp_path / "graded" / "old").mkdir(parents=True)
    with pytest.raises(FileNotFoundError), whole(tmp_path / "graded"):
        pass  # nothing was made
    assert [path.name for path in tmp_path.iterdir()] == ["graded"]
    assert (tmp_path / "graded" / "old").is_dir()


def test_a_file_does_not_take_the_place_of_a_folder(tmp_path):
    (tmp_path / "graded" / "old").mkdir(parents=True)
    with pytest.raises(IsADirectoryError, match=r"A folder is in the file's place: .*graded"):
        write_whole(tmp_path / "graded", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["graded"]
    assert (tmp_path / "graded" / "old").is_dir()
