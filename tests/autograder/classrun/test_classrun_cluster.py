"""A class graded by a real scheduler of Dask and its workers, some of whom are lost."""

import shutil
import signal

import pytest

from autograder.classrun import workers
from tests.support import servers
from tests.support.class_course import (
    KILLS,
    NAME,
    configure,
    course,
    hand_in_class,
    is_whole,
    record_files,
    record_of,
    rows,
    tree,
    waits,
)  # fmt: skip
from tests.support.waiting import wait_until

__all__ = ["course"]  # fixtures
pytestmark = pytest.mark.long

SIX = [f"s0{number}" for number in range(6)]


@pytest.fixture
def six(course):
    hand_in_class(course, 6)
    configure(course, waits("s00"))
    return course


def test_a_worker_and_then_the_scheduler_are_lost(six, tmp_path, command, dask_cluster):
    """In one go, since the workers take their time to start."""
    other = shutil.copytree(six, tmp_path / "other")
    (other / "go").touch()
    command.grade(other, "--jobs", "1")

    words = ["grade", NAME, "--course", six, "--scheduler", dask_cluster.address]
    running = command.start(*words)
    # Both workers are in the middle of something.
    wait_until(lambda: len(list(six.glob("begun/*"))) >= 3, "three are begun")
    wait_until(lambda: record_files(six), "one is graded")
    assert [path.stem for path in record_files(six)] == ["s00"]
    lost, kept = dask_cluster.workers
    lost.kill()
    (six / "go").touch()
    assert running.wait() == 0, running.printed()
    assert "6 graded, 0 without a score" in running.printed()
    assert kept.poll() is None and lost.wait(10) == -signal.SIGKILL
    is_whole(six, SIX)
    assert rows(six) == rows(other)
    assert tree(six / "autograded") == tree(other / "autograded")

    # Once more, and this time nobody is there to take the results.
    (six / "go").unlink()
    shutil.rmtree(six / "begun")
    running = command.start(*words, "--force")
    wait_until(lambda: len(list(six.glob("begun/*"))) >= 2, "two are begun")
    dask_cluster.scheduler.kill()
    assert running.wait() == 1
    said = running.printed()
    assert "give the same command again to go on" in said and "Traceback" not in said
    assert "the cluster" in said or "the scheduler at" in said
    (six / "go").touch()
    command.grade(six, "--force")
    is_whole(six, SIX)
    assert rows(six) == rows(other)


def test_a_submission_that_ends_its_worker_each_time(course, command, monkeypatch):
    """And is there nobody to blame for it but this one, whatever lay on the same worker."""
    hand_in_class(course, 5)
    configure(course, KILLS)
    # As soon as one worker is lost, the scheduler gives up all that was on it.
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION", "inf")
    with servers.dask(workers=3) as cluster:
        said = command.grade(course, "--scheduler", cluster.address, status=1)
        assert [worker.poll() for worker in cluster.workers].count(None) == 1
    assert f"s02: grading failed: {workers.LOST}" in said
    assert {name: record_of(course, name)["status"] for name in SIX[:5]} == {
        "s00": "graded", "s01": "graded", "s02": "failed", "s03": "graded", "s04": "graded",
    }  # fmt: skip


def test_nobody_at_that_address(six, command):
    for address, why in {
        "tcp://127.0.0.1:1": "there is no Dask scheduler at 'tcp://127.0.0.1:1'",
        "nonsense": "there is no Dask scheduler at 'nonsense'",
        "udp://127.0.0.1:1": "there is no Dask scheduler at 'udp://127.0.0.1:1'",
    }.items():
        said = command.grade(six, "--scheduler", address, status=1)
        assert why in said and "Traceback" not in said
    assert record_files(six) == []


def test_a_worker_that_would_do_two_things_at_once(six, command, dask_cluster):
    dask_cluster.add_worker("--nthreads", "2")
    dask_cluster.wait_for(3)
    said = command.grade(six, "--scheduler", dask_cluster.address, status=1)
    assert "one thread each" in said and "--nthreads 1" in said
    assert record_files(six) == []


def test_without_dask(six, command):
    before = "import sys; sys.modules['distributed'] = None"
    said = command.grade(six, "--scheduler", "tcp://127.0.0.1:1", status=1, before=before)
    assert "--scheduler needs Dask: pip install 'saelab[cluster]'" in said
    assert record_files(six) == []
