"""A lock that one process holds at a time."""

import os

import pytest

from autograder.course.locks import Locked, lock


def test_it_says_who_holds_it_and_nobody_else(tmp_path):
    path = tmp_path / "folder" / ".lock"
    path.parent.mkdir()
    path.write_text("123456789")  # of a run that was killed
    with lock(path):
        with pytest.raises(Locked) as held, lock(path):
            pass
        assert str(held.value) == str(os.getpid())
    with lock(path):  # it is free again
        pass
