"""A class run that loses something midway: a worker, itself, the room on the disk."""

import contextlib
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from tqdm import tqdm

from autograder.classrun import lock, workers
from autograder.classrun.workers import Pool, WorkerLost, results
from autograder.results import records
from saelab import progress
from tests.support.class_course import (
    KILLS,
    NAME,
    answered,
    configure,
    course,
    hand_in,
    hand_in_class,
    is_whole,
    record_files,
    record_of,
    rows,
    tree,
    waits,
)  # fmt: skip
from tests.support.waiting import wait_until
from tools.bench import processes

__all__ = ["course"]  # fixtures


# --- workers, with something quick to do ---------------------------------------------------


def attempt(task):
    """Note that a task is begun, and do it. task: (folder, number, what)."""
    folder, number, what = task
    with open(Path(folder, f"{number}"), "a") as file:
        file.write("x")
    if what == "kills" or (what == "kills once" and Path(folder, f"{number}").stat().st_size == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "fails":
        raise KeyError(number)
    if what == "waits":
        wait_until(Path(folder, "go").exists, "the file go")
    return number


def carefully(task):
    return "with care"


def send(number, workers, folder):
    """A signal for workers, as soon as two tasks are begun; then let these go on."""
    wait_until(lambda: len(list(folder.iterdir())) >= 2, "two tasks are begun")
    for pid in workers:
        os.kill(pid, number)
    time.sleep(0.2)
    (folder / "go").touch()


def tell_parent(task):
    time.sleep(0.01)
    return os.getpid()


@pytest.mark.slow
class TestWorkers:
    @pytest.mark.parametrize("jobs", [1, 3])
    def test_each_task_is_done_once(self, tmp_path, jobs):
        tasks = [(str(tmp_path), number, "") for number in range(20)]
        with Pool(jobs, sandboxed=False) as pool:
            assert sorted(results(pool, attempt, tasks)) == [(task, task[1]) for task in tasks]
        assert {path.read_text() for path in tmp_path.iterdir()} == {"x"}

    def test_errors_are_results(self, tmp_path):
        tasks = [(str(tmp_path), 1, "fails"), (str(tmp_path), 2, "")]
        with Pool(1, sandboxed=False) as pool:
            found = dict(results(pool, attempt, tasks))
        assert isinstance(found[tasks[0]], KeyError) and found[tasks[1]] == 2

    @pytest.mark.parametrize("jobs", [1, 2])
    def test_what_ends_its_worker_each_time_is_given_up_and_nothing_else(self, tmp_path, jobs):
        whats = {3: "kills", 4: "kills once", 7: "kills"}
        tasks = [(str(tmp_path), number, whats.get(number, "")) for number in range(10)]
        with Pool(jobs, sandboxed=False) as pool:
            given = list(results(pool, attempt, tasks))
        assert sorted(task for task, _ in given) == tasks
        for task, value in given:
            if task[2] == "kills":
                assert isinstance(value, WorkerLost)
                assert 2 <= (tmp_path / f"{task[1]}").stat().st_size <= 4
            else:
                assert value == task[1]

    def test_what_has_ended_its_worker_is_done_carefully(self, tmp_path):
        tasks = [(str(tmp_path), number, "kills" if number == 3 else "") for number in range(6)]
        with Pool(1, sandboxed=False) as pool:
            found = dict(results(pool, attempt, tasks, careful=carefully))
        assert found[tasks[3]] == "with care"
        assert [found[task] for task in tasks[:3]] == [0, 1, 2]

    def test_a_worker_that_is_killed_from_outside(self, tmp_path):
        tasks = [(str(tmp_path), number, "waits") for number in range(4)]
        with Pool(2, sandboxed=False) as pool:
            killed = list(pool.executor._processes)[:1]
            killing = threading.Timer(0, send, [signal.SIGKILL, killed, tmp_path])
            killing.start()
            assert sorted(results(pool, attempt, tasks)) == [(task, task[1]) for task in tasks]
            killing.join()
            assert killed[0] not in pool.executor._processes

    def test_ctrl_c_is_the_parent_s_to_answer(self, tmp_path):
        tasks = [(str(tmp_path), number, "waits") for number in range(4)]
        with Pool(2, sandboxed=False) as pool:
            workers = list(pool.executor._processes)
            asking = threading.Timer(0, send, [signal.SIGINT, workers, tmp_path])
            asking.start()
            assert sorted(results(pool, attempt, tasks)) == [(task, task[1]) for task in tasks]
            asking.join()
            # Others may have been started since, where workers are started when they are needed.
            assert workers and set(workers) <= set(pool.executor._processes)

    def test_all_workers_are_killed_while_nothing_is_done(self, tmp_path):
        """Also those that do what is suspected, alone."""
        tasks = [(str(tmp_path), 0, "kills"), *((str(tmp_path), n, "") for n in range(1, 5))]
        with Pool(2, sandboxed=False) as pool:
            found = []
            for task, value in results(pool, attempt, tasks):
                found.append((task, value if isinstance(value, int) else type(value)))
                for pid in list(pool.executor._processes):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                # As long as it takes the pool to know.
                wait_until(lambda: pool.executor._broken, "the pool is broken")
        assert sorted(found)[1:] == [(task, task[1]) for task in tasks[1:]]
        assert found[[task for task, _ in found].index(tasks[0])][1] is WorkerLost

    def test_a_bar_starts_no_thread(self, tmp_path):
        """With which what takes the place of a broken pool could not be forked."""
        before = threading.active_count()
        with Pool(1, sandboxed=False) as pool, progress.bar(1, "working") as bar:
            list(results(pool, attempt, [(str(tmp_path), 0, "kills once")]))
            bar.update()
            assert tqdm.monitor is None
        assert threading.active_count() == before

    def test_workers_are_gone_after_an_error(self):
        pids: list[int] = []

        def begin():
            with Pool(2, sandboxed=False) as pool:
                pids.extend(pool.executor._processes)
                for _ in results(pool, tell_parent, range(50)):
                    raise ZeroDivisionError

        other = multiprocessing.Process(target=time.sleep, args=(600,), daemon=True)
        other.start()
        with pytest.raises(ZeroDivisionError):
            begin()
        # Who else is started by this process goes on.
        assert pids and other.is_alive()
        other.kill()
        other.join()
        for pid in pids:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


# --- the run itself ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def handed_in(class_course, made_once):
    """A course in which six students have handed in."""

    def make(folder):
        shutil.copytree(class_course, folder)
        hand_in_class(folder, 6)

    return made_once("handed_in_by_six", make)


@pytest.fixture(scope="module")
def undisturbed(handed_in, made_once, command):
    """The same, graded by a run to which nothing happened: its rows and files."""
    folder = made_once(
        "undisturbed", lambda folder: command.grade(shutil.copytree(handed_in, folder))
    )
    return rows(folder), tree(folder / "autograded")


@pytest.fixture
def six(handed_in, tmp_path):
    return shutil.copytree(handed_in, tmp_path / "course")


SIX = [f"s0{number}" for number in range(6)]


def is_as_undisturbed(course, undisturbed):
    is_whole(course, SIX)
    assert rows(course) == undisturbed[0]
    assert tree(course / "autograded") == undisturbed[1]


# Kill the run itself when, for the nth time, it is about to do something.
KILL = """
import os, pathlib, shutil
from autograder.results import records
from autograder.classrun import steps, writer

def deadly(place, name, nth, after=False):
    original, count = getattr(place, name), [0]

    def do(*args, **kwargs):
        count[0] += os.getpid() == parent
        if count[0] == nth and after:
            original(*args, **kwargs)
        if count[0] == nth:
            os.kill(os.getpid(), 9)
        return original(*args, **kwargs)

    setattr(place, name, do)

parent = os.getpid()
deadly({})
"""
# A step of grading that is disturbed once.
DISTURBED = """
from nbgrader.preprocessors import CheckCellMetadata

from autograder.verdict.trusted import Disturbed


class Disturbs(CheckCellMetadata):
    def preprocess(self, nb, resources):
        seen = Path(__file__).with_name("disturbed")
        if resources["nbgrader"]["student"] == "s02" and not seen.exists():
            seen.touch()
            raise Disturbed("the machine had no memory left")
        return super().preprocess(nb, resources)


c.Autograde.sanitize_preprocessors = [*c.Autograde.sanitize_preprocessors, Disturbs]
"""
MOMENTS = [
    "records, 'write', 1",  # all is there but the record
    "steps, 'copy_files', 1, True",  # a part of the folder
    "writer.nbformat, 'writes', 2",  # without its notebook
    "writer.Writer, '_save_notebook', 1, True",  # the gradebook is not yet told
    "pathlib.Path, 'replace', 1, True",  # the gradebook is told, the folder not there
    "os, 'fsync', 2",  # a record half-written
    "writer.Writer, '_submission', 1, True",  # the student is entered, and nothing else
]


@pytest.mark.slow
class TestKilled:
    def test_the_run_at_every_delicate_moment(self, six, undisturbed, command):
        seen: dict[Path, bytes] = {}
        for moment in MOMENTS:
            running = command.start(
                "grade", NAME, "--course", six, "--jobs", "2", before=KILL.format(moment)
            )
            assert running.wait() == -signal.SIGKILL, (moment, running.printed())
            now = {path: path.read_bytes() for path in record_files(six)}
            # What is recorded stays, and is never made again.
            assert seen.items() <= now.items(), moment
            for path, text in now.items():
                assert json.loads(text)["student"] == path.stem
            seen = now
        assert 1 <= len(seen) < 6
        assert f"{6 - len(seen)} graded, 0 without a score, {len(seen)} unchanged" in (
            command.grade(six)
        )
        assert seen.items() <= {path: path.read_bytes() for path in record_files(six)}.items()
        is_as_undisturbed(six, undisturbed)

    def test_a_run_that_replaces_what_was_graded(self, six, undisturbed, command):
        """Between the old folder's end and the new one's place in its stead."""
        command.grade(six)
        before = KILL.format("pathlib.Path, 'replace', 5")
        assert command.start("grade", NAME, "--force", "--course", six, before=before).wait() == -9
        command.grade(six)
        is_as_undisturbed(six, undisturbed)

    def test_a_worker(self, six, undisturbed, command):
        configure(six, waits("s00"))
        running = command.start("grade", NAME, "--course", six, "--jobs", "2")
        wait_until(lambda: record_files(six), "one is graded")
        processes.workers(running.pid)[0].kill()
        (six / "go").touch()
        assert running.wait() == 0, running.printed()
        assert "6 graded, 0 without a score" in running.printed()
        is_as_undisturbed(six, undisturbed)

    def test_a_submission_that_ends_its_worker_each_time(self, six, command):
        configure(six, KILLS)
        said = command.grade(six, "--jobs", "2", status=1)
        assert "5 graded, 1 without a score" in said
        assert f"{NAME}  s02: grading failed: {workers.LOST}" in said
        assert record_of(six, "s02")["failure"] == f"grading failed: {workers.LOST}"
        statuses = Counter(record_of(six, name)["status"] for name in SIX)
        assert statuses == {"graded": 5, "failed": 1}
        assert rows(six)[NAME, "s02"][NAME]["test-double"]["needs_manual_grade"]

    def test_what_the_machine_disturbed_is_graded_once_more(self, six, undisturbed, command):
        configure(six, DISTURBED)
        assert "6 graded, 0 without a score" in command.grade(six, "--jobs", "2")
        assert (six / "disturbed").exists()
        is_as_undisturbed(six, undisturbed)

    def test_ctrl_c(self, six, undisturbed, command):
        configure(six, waits("s00"))
        running = command.start("grade", NAME, "--course", six, "--jobs", "2")
        wait_until(lambda: record_files(six), "one is graded")
        os.killpg(running.pid, signal.SIGINT)
        assert running.wait() == 130, running.printed()
        assert "Interrupted. What was done stays done" in running.printed()
        assert "Traceback" not in running.printed()
        (six / "go").touch()
        command.grade(six)
        is_as_undisturbed(six, undisturbed)

    def test_another_run_is_told_that_there_is_one(self, six, command):
        before = "from autograder.classrun import lock; lock.LOCK_PATIENCE = 0.3"
        with lock.locked(six):
            said = command.grade(six, status=1, before=before)
        assert f"being graded by another run, of process {os.getpid()};" in said
        assert record_files(six) == []
        with lock.locked(six):  # it is free again, and taken by nobody
            pass


# Starts the command as it is, kills it when a student's function is running, and tells what is
# still running a while after.
PULLS_THE_PLUG = """
import subprocess, sys
from pathlib import Path
from tests.support.waiting import wait_until
from tests.support.waiting import patient
from tools.bench import processes
processes.adopt()
course = Path(sys.argv[1])
words = [sys.executable, "-m", "autograder", "grade", "ps1", "--course", course, "--jobs", "2"]
with open(course / "log", "w") as log:
    first = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True)
    graded = lambda: list(course.glob("verdicts/*/*.json"))
    wait_until(lambda: graded() or first.poll() is not None, "one is graded", 120)
    below = processes.descendants(first.pid)
    first.kill()
    first.wait()
    print(len(below))
    # At once, as somebody would.
    second = subprocess.run(words, stdout=log, stderr=log, start_new_session=True)
    print(second.returncode)
print(*processes.orphans(patient(30)))
"""


@pytest.mark.long
def test_nothing_goes_on_running_when_the_plug_is_pulled(six, undisturbed, tmp_path):
    shutil.rmtree(tmp_path / "tmp", ignore_errors=True)
    answer = subprocess.run(
        [sys.executable, "-c", PULLS_THE_PLUG, str(six)],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    below, status, orphans = answer.stdout.split("\n")[:3]
    assert int(below) >= 2, answer.stderr
    assert (status, orphans) == ("0", ""), (six / "log").read_text()
    is_as_undisturbed(six, undisturbed)


# --- no room -------------------------------------------------------------------------------

LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"

# A file system of this process and its workers alone, and a small one in a folder of it.
SMALL_DISK = """
import ctypes, os, pathlib, shutil
libc = ctypes.CDLL(None, use_errno=True)

def call(name, *args):
    if getattr(libc, name)(*args):
        raise OSError(ctypes.get_errno(), name)

user, group = os.getuid(), os.getgid()
call("unshare", 0x00020000 | (0x10000000 if user else 0))
if user:
    pathlib.Path("/proc/self/setgroups").write_text("deny")
    pathlib.Path("/proc/self/uid_map").write_text(f"{{user}} {{user}} 1")
    pathlib.Path("/proc/self/gid_map").write_text(f"{{group}} {{group}} 1")
call("mount", b"none", b"/", None, 16384 | 262144, None)
folder = {folder!r}
os.makedirs(folder, exist_ok=True)
call("mount", b"tmpfs", folder.encode(), b"tmpfs", 0, b"size={size}")
"""


@pytest.mark.slow
class TestNoRoom:
    def test_a_limit_on_files(self, six, command):
        """Any user can have one: no file grows beyond it. Here one submission's would."""
        limit = 2 * (six / "gradebook.db").stat().st_size
        hand_in(six, "s02", answered(six, why="So. " * limit))
        said = command.grade(six, "--jobs", "1", status=1, before=LIMIT.format(limit))
        self.is_told(said, six, "What was graded could not be written: [Errno 27]")
        command.grade(six)
        is_whole(six, SIX)

    def test_a_gradebook_that_cannot_be_written(self, six, undisturbed, command):
        limit = (six / "gradebook.db").stat().st_size // 2
        said = command.grade(six, status=1, before=LIMIT.format(limit))
        self.is_told(said, six, "What was graded could not be written: disk I/O error")
        command.grade(six)
        is_as_undisturbed(six, undisturbed)

    @pytest.mark.parametrize("place", ["autograded", "verdicts", "gradebook"])
    def test_a_small_disk(self, six, undisturbed, command, place):
        configure(six, "c.TrustedExecute.sandboxed = False\n" * bool(os.getuid()))
        folder, size, words = six / place, "20k", []
        before = SMALL_DISK
        if place == "gradebook":
            folder.mkdir()
            room = (six / "gradebook.db").stat().st_size + 8192
            before += "shutil.copy(folder + '/../gradebook.db', folder)\n"
            size, words = f"{room}", ["--db", f"sqlite:///{folder}/gradebook.db"]
        before = before.format(folder=str(folder), size=size)
        said = command.grade(six, "--jobs", "1", *words, status=1, before=before)
        self.is_told(said, six, "The disk is full: ")
        command.grade(six)
        is_as_undisturbed(six, undisturbed)

    def is_told(self, said, course, what):
        assert what in said
        assert said.endswith("What was graded stays graded; give the same command again to go on\n")
        assert "Traceback" not in said
        assert len(record_files(course)) < 6
        for path in record_files(course):
            verdict = records.read(course, NAME, path.stem)
            assert verdict and verdict.status == "graded"
