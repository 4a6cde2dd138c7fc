"""The stress run: what it does to a class run, and that it sees what it has to see."""

import json
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook

from tests.support.waiting import patient
from tools.bench import stress
from tools.bench.aftermath import Aftermath, Handed

NAME = stress.NAME


def test_the_hostile_are_many_and_none_takes_minutes():
    assert len(stress.hostile()) >= stress.STUDENTS * stress.SPOILT
    assert all(attack.limit is not None and not attack.slow for attack in stress.hostile())


def test_an_nbgrader_command_that_fails_says_which_and_why(tmp_path):
    with pytest.raises(RuntimeError, match=rf"nbgrader autograde {NAME} failed:\n.*No.*\n*"):
        stress.autograde(tmp_path)


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
print([words.split()[0] for words in left] == answer.stdout.split())
processes.kill_all(processes.descendants())
print(processes.orphans(30))
"""


def test_who_gets_away_is_found_and_can_be_killed():
    answer = subprocess.run(
        [sys.executable, "-c", GETS_AWAY],
        capture_output=True,
        text=True,
        timeout=patient(60),
        check=False,
    )
    assert answer.stdout.splitlines() == ["True", "[]"], answer.stderr


# Has children with these words in their command lines, and one that has ended.
HAS_CHILDREN = """
import os, subprocess, sys
from tools.bench import processes
subprocess.Popen(["true"])
for words in ("grade", "bwrap --args", "x/sandbox/parent.py 7", "resource_tracker"):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", words])
print([worker.cmdline()[-1] for worker in processes.workers(os.getpid())])
processes.kill_all(processes.descendants())
"""


def test_a_worker_is_a_living_child_that_is_no_wall():
    command = [sys.executable, "-c", HAS_CHILDREN]
    answer = subprocess.run(
        command, capture_output=True, text=True, timeout=patient(60), check=False
    )
    assert answer.stdout.strip() == "['grade']", answer.stderr


# --- the whole ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A class of 6, a third of it hostile, killed once: its folder, and what was printed."""
    folder = tmp_path_factory.mktemp("stress")
    command = [sys.executable, "-m", "tools.bench.stress", "--folder", str(folder)]
    command += ["--students", "6", "--spoilt", "0.34", "--kills", "1", "--jobs", "2"]
    answer = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    known = json.loads((folder / "stress" / "known.json").read_text())
    handed_in = {student: Handed(**work) for student, work in known.items()}
    return SimpleNamespace(
        folder=folder, code=answer.returncode, printed=answer.stdout, handed_in=handed_in
    )


@pytest.fixture
def broken(run, tmp_path):
    """What the run has left, to be broken: an Aftermath in a folder of its own."""

    def look(harm):
        course = tmp_path / "course"
        shutil.copytree(run.folder / "stress" / "course", course, symlinks=True,
                        ignore=shutil.ignore_patterns("submitted"))  # fmt: skip
        harm(course)
        return Aftermath(course, NAME, run.handed_in)

    return look


@pytest.mark.long
@pytest.mark.bubblewrap
class TestSix:
    def test_nothing_is_lost(self, run):
        assert run.code == 0, run.printed
        report = json.loads((run.folder / "stress.json").read_text())
        assert report["faults"] == {}
        assert report["verdicts"] == report["submissions"] == 6
        assert report["spoilt"] == 2
        (kill,) = report["kills"]
        assert 0 < kill["records"] < 6
        assert "6 submissions, 2 of them broken or hostile; 1 times killed" in run.printed

    def test_a_lost_verdict_is_seen(self, broken):
        after = broken(lambda course: (course / "verdicts" / NAME / "s003.json").unlink())
        assert after.missing_verdicts() == ["s003 has none"]

    def test_a_half_written_verdict_is_seen(self, broken):
        def cut(course):
            path = course / "verdicts" / NAME / "s003.json"
            path.write_bytes(path.read_bytes()[:-5])

        assert broken(cut).unnamed() == ["s003: the record cannot be read"]

    def test_a_failure_without_a_name_is_seen(self, broken):
        def unname(course):
            path = course / "verdicts" / NAME / "s003.json"
            about = json.loads(path.read_text()) | {"status": "failed", "failure": None}
            path.write_text(json.dumps(about))

        assert broken(unname).unnamed() == ["s003 failed, and nobody knows why"]

    def test_a_wrong_score_is_seen(self, run, broken):
        student = next(student for student, work in run.handed_in.items() if work.honest)

        def change(course):
            with Gradebook(f"sqlite:///{course}/gradebook.db", "sparse-autoencoder") as gradebook:
                row = gradebook.find_submission(NAME, student)
                grade = next(g for g in row.notebooks[0].grades if g.cell.cell_type == "code")
                grade.auto_score = (grade.auto_score or 0) + 1
                gradebook.db.commit()

        wrong, other = broken(change).wrong_scores()
        assert wrong.startswith(student) and " got " in wrong
        assert other.startswith(f"{student}: record ")

    def test_a_lost_row_is_seen(self, broken):
        def remove(course):
            with Gradebook(f"sqlite:///{course}/gradebook.db", "sparse-autoencoder") as gradebook:
                gradebook.remove_submission(NAME, "s003")

        assert broken(remove).wrong_rows() == ["s003 has 0"]

    def test_what_is_left_behind_is_seen(self, broken):
        def leave(course):
            (course / "verdicts" / NAME / "s003.json.part").touch()
            (course / "autograded" / "ghost" / NAME).mkdir(parents=True)
            (course / "autograded" / "ghost" / f".{NAME}.abc").mkdir()

        assert broken(leave).half_written() == [
            f"{path} was left behind"
            for path in (
                "autograded/ghost",
                "autograded/ghost/.02_cost.abc",
                "verdicts/02_cost/s003.json.part",
            )
        ]
