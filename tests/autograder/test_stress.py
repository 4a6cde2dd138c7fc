"""The stress run: what it does to a class run, and that it sees what it has to see."""

import json
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.build import solved_notebook
from autograder.sample import CLASS
from tools.bench import aftermath, hostile, processes, stress

NAME = "02_cost"
TRICKS = {trick.name: trick for trick in hostile.TRICKS}


# --- what is handed in ------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(TRICKS))
def test_each_trick_hands_in_something_that_is_not_the_right_notebook(tmp_path, name):
    right = solved_notebook(NAME)
    hostile.hand_in(TRICKS[name], nbformat.from_dict(right), tmp_path / "s1" / NAME)
    handed_in = list((tmp_path / "s1" / NAME).iterdir())
    assert len(handed_in) == 1
    path = tmp_path / "s1" / NAME / f"{NAME}.ipynb"
    if path.is_file() and not path.is_symlink():
        assert path.read_bytes() != nbformat.writes(right).encode()


def test_hostile_submissions_say_what_they_are():
    assert len(TRICKS) == len(hostile.TRICKS) >= 25
    assert all(trick.says.endswith(".") for trick in hostile.TRICKS)
    assert {trick.earns for trick in hostile.TRICKS} == {hostile.ALL, hostile.NOTHING, None}


# --- processes --------------------------------------------------------------------

# Starts a process in a session of its own, whose parent is gone at once, and tells its pid.
GETS_AWAY = """
import subprocess, sys
from tools.bench import processes
processes.adopt()
middle = (
    "import subprocess, sys; quiet = subprocess.DEVNULL; "
    "print(subprocess.Popen([sys.executable, '-c', %r], stdout=quiet, stderr=quiet).pid)"
)
away = "import time; time.sleep(600)"
answer = subprocess.run(
    [sys.executable, "-c", middle % away], capture_output=True, text=True, start_new_session=True
)
left = processes.orphans(0.5)
print(answer.stdout.strip() in [str(process.pid) for process in left], len(left))
processes.kill_all(left)
print(processes.orphans(30))
"""


def test_who_gets_away_is_found_and_can_be_killed():
    answer = subprocess.run(
        [sys.executable, "-c", GETS_AWAY], check=False, capture_output=True, text=True, timeout=60
    )
    assert answer.stdout.splitlines() == ["True 1", "[]"], answer.stderr


def test_descendants_are_found_below_a_process_only():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid in [p.pid for p in processes.descendants()]
        assert processes.descendants(child.pid) == []
        (found,) = [p for p in processes.descendants() if p.pid == child.pid]
        assert found.parent == os.getpid() and "input()" in found.words


def test_a_worker_is_a_child_that_is_no_wall():
    def process(pid, parent, words):
        return processes.Process(pid, parent, words)

    below = [
        process(11, 10, "python -c multiprocessing.resource_tracker"),
        process(12, 10, "python -I /x/sandbox/parent.py 7"), process(13, 10, "python grade"),
        process(14, 13, "/usr/bin/bwrap x"), process(15, 10, "/usr/bin/bwrap x"),
    ]  # fmt: skip
    assert [p.pid for p in stress.workers(10, below)] == [13]
    with pytest.raises(RuntimeError, match="no worker"):
        stress.workers(10, below[:2])


# --- the whole ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A class of 12, a quarter of it hostile, killed once: its folder, and what was printed."""
    folder = tmp_path_factory.mktemp("stress")
    command = [sys.executable, "-m", "tools.bench.stress", "--folder", str(folder)]
    command += ["--students", "12", "--spoilt", "0.25", "--kills", "1", "--jobs", "2"]
    answer = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    known = json.loads((folder / "stress" / "known.json").read_text())
    return SimpleNamespace(folder=folder, code=answer.returncode, printed=answer.stdout, **known)


@pytest.fixture
def broken(run, tmp_path):
    """What the run has left, to be broken: an Aftermath in a folder of its own."""

    def look(harm=lambda course: None):
        course = tmp_path / "course"
        shutil.copytree(run.folder / "stress" / "course", course, symlinks=True,
                        ignore=shutil.ignore_patterns("submitted"))  # fmt: skip
        harm(course)
        makers = {maker.name: maker for maker in CLASS}
        handed_in = [
            stress.Work(student, notebook, makers[maker], TRICKS.get(trick))
            for student, notebook, maker, trick in run.handed_in
        ]
        expected = {(who, what): tuple(points) for who, what, points in run.expected}
        return aftermath.Aftermath(course, handed_in, expected)

    return look


@pytest.mark.long
@pytest.mark.bubblewrap
class TestTwelve:
    def test_nothing_is_lost(self, run):
        assert run.code == 0, run.printed
        report = json.loads((run.folder / "stress.json").read_text())
        assert report["faults"] == {}
        assert report["verdicts"] == report["submissions"] == 12
        assert report["spoilt"] == 3
        (kill,) = report["kills"]
        assert 0 < kill["records"] < 12
        assert "12 submissions, 3 of them broken or hostile; 1 times killed" in run.printed

    def test_a_lost_verdict_is_seen(self, broken):
        after = broken(lambda course: (course / "verdicts" / NAME / "s003.json").unlink())
        assert after.missing_verdicts() == ["s003/02_cost has none"]

    def test_a_half_written_verdict_is_seen(self, broken):
        def cut(course):
            path = course / "verdicts" / NAME / "s003.json"
            path.write_bytes(path.read_bytes()[:-5])

        assert broken(cut).unnamed() == ["s003/02_cost: the record cannot be read"]

    def test_a_failure_without_a_name_is_seen(self, broken):
        def unname(course):
            path = course / "verdicts" / NAME / "s003.json"
            about = json.loads(path.read_text()) | {"status": "failed", "failure": None}
            path.write_text(json.dumps(about))

        assert broken(unname).unnamed() == ["s003/02_cost failed, and nobody knows why"]

    def test_a_wrong_score_is_seen(self, run, broken):
        student = next(who for who, _, _, trick in run.handed_in if trick is None)

        def change(course):
            with Gradebook(f"sqlite:///{course}/gradebook.db", "sparse-autoencoder") as gradebook:
                row = gradebook.find_submission(NAME, student)
                grade = next(g for g in row.notebooks[0].grades if g.cell.cell_type == "code")
                grade.auto_score = (grade.auto_score or 0) + 1
                gradebook.db.commit()

        wrong, other = broken(change).wrong_scores()
        assert wrong.startswith(f"{student}/02_cost") and " got " in wrong
        assert other.startswith(f"{student}/02_cost: record ")

    def test_a_lost_row_is_seen(self, broken):
        def remove(course):
            with Gradebook(f"sqlite:///{course}/gradebook.db", "sparse-autoencoder") as gradebook:
                gradebook.remove_submission(NAME, "s003")

        assert broken(remove).wrong_rows() == ["s003/02_cost has 0"]

    def test_what_is_left_behind_is_seen(self, broken):
        def leave(course):
            (course / "verdicts" / NAME / "s003.json.part").touch()
            (course / "autograded" / "ghost" / NAME).mkdir(parents=True)
            (course / "autograded" / "ghost" / f".{NAME}.abc").mkdir()

        faults = broken(leave).half_written()
        assert faults == [
            "verdicts/02_cost/s003.json.part was left behind",
            "autograded/ghost/.02_cost.abc was left behind",
            "autograded/ghost is nobody's",
        ]
