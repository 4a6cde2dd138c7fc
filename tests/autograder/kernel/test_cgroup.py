"""Control groups, in a folder that looks like the system's: few machines leave theirs to tests."""

import os
import sys
from pathlib import Path

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("control groups are Linux's", allow_module_level=True)

from autograder.kernel.sandbox import cgroup, watch, why_unavailable
from autograder.kernel.sandbox.cgroup import Group, new_group
from tests.support.waiting import wait_until

MIB = 1 << 20


@pytest.fixture
def parent(tmp_path, monkeypatch):
    """The grader's own group, in which processes 7 and 8 are."""
    for name, text in {"cgroup.procs": "7\n8\n", "cgroup.subtree_control": ""}.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(cgroup, "delegated", lambda mount: tmp_path)
    return tmp_path


def test_a_sandbox_has_a_group_with_limits(parent):
    group = new_group(100 * MIB, 67)
    assert group is not None and group.folder.parent == parent
    said = {path.name: path.read_text() for path in group.folder.iterdir()}
    assert said.pop("memory.swap.max") == "0"
    assert said == {"memory.max": str(100 * MIB), "memory.oom.group": "1", "pids.max": "67"}
    group.add(5)
    assert (group.folder / "cgroup.procs").read_text() == "5"
    assert (parent / "cgroup.subtree_control").read_text() == "+cpu +memory +pids"
    assert (parent / "grader" / "cgroup.procs").read_text() == "8"  # each is written by itself
    assert (parent / "grader" / "cpu.weight").read_text() == "1000"


def test_groups_are_shared_out_once(parent):
    (parent / "cgroup.subtree_control").write_text("cpu io memory pids")
    assert new_group(1, 1) is not None and not (parent / "grader").exists()


def test_where_the_grader_may_not(parent):
    (parent / "cgroup.subtree_control").unlink()
    assert new_group(1, 1) is None


def test_what_was_not_left_to_the_grader_is_not_touched(tmp_path, monkeypatch):
    asked = []

    def getxattr(path, name):
        asked.append((path, name))
        return b"0"

    monkeypatch.setattr(os, "getxattr", getxattr)
    own = [line for line in Path("/proc/self/cgroup").read_text().splitlines() if line[:2] == "0:"]
    assert cgroup.delegated(tmp_path) is None
    assert len(asked) == 2 * len(own) and all(name == "user.delegate" for _, name in asked)
    monkeypatch.setattr(os, "getxattr", lambda path, name: b"1")
    assert bool(own) == (cgroup.delegated(tmp_path) is not None)


def test_one_that_was_full(tmp_path):
    group = Group(tmp_path, 1, 1)
    assert not group.was_full()
    (tmp_path / "memory.events").write_text("low 0\nmax 3\noom 1\noom_kill 0\n")
    assert not group.was_full()
    (tmp_path / "memory.events").write_text("low 0\nmax 3\noom 1\noom_kill 1\n")
    assert group.was_full()


@pytest.mark.skipif(why_unavailable() is not None, reason="needs the package bubblewrap")
def test_a_kernel_goes_into_its_group(parent, monkeypatch):
    from tests.autograder.kernel.test_sandbox import Student

    added = []
    monkeypatch.setattr(Group, "add", lambda self, pid: added.append(pid))
    student = Student()
    try:
        group = student.process.group
        assert group is not None and student.process.kernel is not None
        assert added == [student.pid, student.process.kernel.pid]
        assert student.run("1 + 1") == "2"
        (group.folder / "memory.events").write_text("oom_kill 1")
        student.process.kill()
        wait_until(lambda: student.process.poll() is not None, "its end")
        assert student.process.why_dead() == watch.too_much(student.process.memory)
    finally:
        student.close()
