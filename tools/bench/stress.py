"""A class run under stress: a large class, partly hostile, and a run that is killed three times.

    python -m tools.bench.stress [--students 300] [--kills 3]

makes a course in build/bench/stress/ and lets a class hand in 02_cost, where every tenth submission
is an attack of tests/attacks/deny. It grades the class by `python -m autograder grade`, which is
killed midway: first the main process alone, then one of its workers, then everything at once. Then
it checks the result: a verdict for each submission, no score lost, wrong or made twice, nothing
left running, no file half written. It prints a table, writes build/bench/stress.json, and exits
with 1 if something is not as it has to be.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbformat
import psutil

from autograder import CLONE, demo
from autograder.course.files import write_notebook
from autograder.exercises.sample import CLASS, Student, submission
from autograder.kernel.sandbox import why_unavailable
from saelab import progress
from tests.attacks.work import Attack, Work, attacks
from tools.bench import processes
from tools.bench.aftermath import Aftermath, Handed, bytes_of_records, changed, status

FOLDER = CLONE / "build" / "bench"
NAME = "02_cost"
STUDENTS, SPOILT, KILLS, SEED = 300, 0.1, 3, 0
GRACE = 20  # seconds, within which processes that lost their parent must be gone
WAYS = ("the parent", "a worker", "everything")
SHOWN = 5  # faults of each kind; stress.json has all


def main(words: list[str] | None = None) -> int:
    """Run the test as the command line says.

    Args:
        words: the words of the command line; None for those that this process was started with.

    Returns:
        The number of faults.
    """
    asked = arguments().parse_args(words)
    if why_unavailable():
        raise SystemExit(why_unavailable())
    processes.adopt()
    folder = asked.folder / "stress"
    # Folders of former attacks may be deeper than Python's own way could bear.
    subprocess.run(["rm", "-rf", folder], check=True)
    start = time.perf_counter()
    run = Stress(folder / "course", asked.limit, asked.jobs, asked.seed)
    run.make(asked.students, asked.spoilt)
    run.grade(asked.kills)
    after = Aftermath(run.course, NAME, run.handed_in)
    checks = {**run.checks(), **after.checks()}
    report = {
        "students": asked.students,
        "submissions": len(run.handed_in),
        "spoilt": sum(not work.honest for work in run.handed_in.values()),
        "kills": run.kills,
        "verdicts": len(after.records),
        "failed": sum(
            (record or {}).get("status") == "failed" for record in after.records.values()
        ),
        "seconds_of_grading": round(run.seconds, 1),
        "seconds_with_nothing_to_do": round(run.seconds_again, 1),
        "seconds_of_report": round(after.seconds_of_report, 1),
        "seconds": round(time.perf_counter() - start, 1),
        "faults": {name: found for name, found in checks.items() if found},
    }
    (asked.folder / "stress.json").write_text(json.dumps(report, indent=2) + "\n")
    print_table(report, checks)
    return sum(len(found) for found in checks.values())


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.stress")
    parser.add_argument("--students", type=int, default=STUDENTS)
    parser.add_argument("--spoilt", type=float, default=SPOILT, help="the part that is hostile")
    parser.add_argument("--kills", type=int, default=KILLS, choices=range(len(WAYS) + 1))
    parser.add_argument("--jobs", type=int, help="given on to the class run")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--limit", type=float, default=7200, help="seconds for each start")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    return parser


def hostile() -> list[Attack]:
    """The attacks on the notebook that try to keep a class from being graded, but no slow ones."""
    return [a for a in attacks() if (a.group, a.assignment, a.slow) == ("deny", NAME, False)]


class Stress:
    """A course, a class that has handed in, and what the class run made of it.

    Args:
        course: where the course is made.
        limit: seconds for each start of the class run.
        jobs: the --jobs of the class run; None for its default.
        seed: the seed of all random choices.
    """

    def __init__(self, course: Path, limit: float, jobs: int | None, seed: int) -> None:
        self.course, self.limit, self.jobs, self.seed = course, limit, jobs, seed
        self.handed_in: dict[str, Handed] = {}
        self.kills: list[dict[str, Any]] = []
        self.seen: list[dict[Path, bytes]] = []  # the records at each kill
        self.left: list[str] = []
        self.codes: dict[str, int | None] = {}
        self.seconds = self.seconds_again = 0.0
        self.graded_again: list[str] = []

    # --- before -----------------------------------------------------------------------

    def make(self, students: int, spoilt: float) -> None:
        """Make the course, and let the class hand in.

        Args:
            students: how many students there are.
            spoilt: the fraction of them that hands in something hostile.
        """
        demo.make_course(self.course, [NAME])
        dice = random.Random(self.seed)
        names = [f"s{number:03d}" for number in range(1, students + 1)]
        chosen = hostile()
        dice.shuffle(chosen)
        some = dice.sample(names, max(1, round(spoilt * students)))
        attackers = {name: chosen[i % len(chosen)] for i, name in enumerate(some)}
        makers = {name: dice.choice(CLASS) for name in names if name not in attackers}
        points = self.scores_by_nbgrader(self.course.parent / "expected", makers.values())
        solved, released = self.read("solutions"), self.read("notebooks")
        for name in progress.bar(names, "handing in", "submission"):
            if attack := attackers.get(name):
                work = Work(name, NAME, released)
                attack.module.submit(work)
                work.write(self.course / "submitted")
                made = Handed(attack.name, False, attack.deserves or 0, attack.limit)
            else:
                maker = makers[name]
                written = submission(maker, solved, released)
                # No two submissions are the same file.
                written.cells[0].source += f"\n\nHanded in by {name}."
                path = self.course / "submitted" / name / NAME / f"{NAME}.ipynb"
                path.parent.mkdir(parents=True)
                write_notebook(written, path)
                made = Handed(maker.name, True, points[maker.name], points[maker.name])
            self.handed_in[name] = made
        known = {name: asdict(made) for name, made in self.handed_in.items()}
        (self.course.parent / "known.json").write_text(json.dumps(known))

    def scores_by_nbgrader(self, folder: Path, students: Iterable[Student]) -> dict[str, float]:
        """The points that `nbgrader autograde` gives students, in a copy of the course."""
        shutil.copytree(self.course, folder)
        for maker in {student.name: student for student in students}.values():
            path = folder / "submitted" / maker.name / NAME / f"{NAME}.ipynb"
            path.parent.mkdir(parents=True)
            made = submission(maker, self.read("solutions"), self.read("notebooks"))
            write_notebook(made, path)
        autograde(folder)
        return {student: points for (student, _), (points, _) in demo.read_scores(folder).items()}

    def read(self, folder: str) -> nbformat.NotebookNode:
        return nbformat.read(self.course / folder / NAME / f"{NAME}.ipynb", as_version=4)

    # --- grading ----------------------------------------------------------------------

    def grade(self, kills: int) -> None:
        """Grade the class; the run is killed `kills` times midway, and restarted if needed."""
        dice = random.Random(self.seed)
        start = time.perf_counter()
        process = self.start()
        for number, way in enumerate(WAYS[:kills], 1):
            wanted = round(len(self.handed_in) * number / (kills + 1))
            if not self.wait_for(process, wanted):
                self.left.append(f"it ended before it was killed {kills} times: take more students")
                break
            self.kill(process.pid, way, dice)
            if way != "a worker":
                process.wait()
                # At once, as somebody would: what is left of the last run may still be there.
                process = self.start()
        self.codes["code"] = self.end(process)
        self.seconds = time.perf_counter() - start
        self.left += processes.orphans(GRACE)
        processes.kill_all(processes.descendants())
        before = bytes_of_records(self.course)
        again = time.perf_counter()
        self.codes["code of the run with nothing to do"] = self.end(self.start())
        self.seconds_again = time.perf_counter() - again
        self.graded_again = changed(before, bytes_of_records(self.course))

    def start(self) -> subprocess.Popen:
        command = [sys.executable, "-m", "autograder", "grade", NAME, "--course", str(self.course)]
        command += ["--jobs", str(self.jobs)] if self.jobs else []
        with (self.course.parent / "grade.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.course.parent, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def wait_for(self, process: subprocess.Popen, records: int) -> bool:
        """Wait until there are that many records; False if the run ends or times out before."""
        end = time.monotonic() + self.limit
        while process.poll() is None and time.monotonic() < end:
            if sum(1 for _ in self.course.glob("verdicts/*/*.json")) >= records:
                return True
            time.sleep(0.02)
        return False

    def kill(self, pid: int, way: str, dice: random.Random) -> None:
        """Send SIGKILL to one of WAYS, and note what was recorded at that moment."""
        first, below = psutil.Process(pid), processes.descendants(pid)
        killed = {"the parent": [first], "everything": [first, *below]}
        processes.kill_all(killed.get(way) or [dice.choice(processes.workers(pid))])
        self.seen.append(bytes_of_records(self.course))
        self.kills.append({"what": way, "records": len(self.seen[-1]), "processes": len(below)})
        print(f"   killed {way} of {len(below) + 1} processes at {len(self.seen[-1])} verdicts")

    def end(self, process: subprocess.Popen) -> int | None:
        """Wait for the end of a run, and return its exit code, or None if it had to be killed."""
        try:
            return process.wait(self.limit)
        except subprocess.TimeoutExpired:
            processes.kill_all(processes.descendants(process.pid))
            process.kill()
            process.wait()
            return None

    def checks(self) -> dict[str, list[str]]:
        """Checks of the runs themselves, in the form of Aftermath.checks."""
        log = (self.course.parent / "grade.log").read_text(errors="replace").strip()[-300:]
        now = bytes_of_records(self.course)
        # So it says that somebody has to look at a submission.
        wanted = int(any(status(data) == "failed" for data in now.values()))
        return {
            "the class run ends well": [
                f"{name}: {code}, not {wanted}; {log}"
                for name, code in self.codes.items()
                if code != wanted
            ],
            "recorded once, never again": [
                fault for records in self.seen for fault in changed(records, now)
            ],
            "nothing goes on running": self.left,
            "a run with nothing to do does nothing": self.graded_again,
        }


def autograde(course: Path) -> None:
    """Grade by nbgrader's own command.

    Args:
        course: the course's folder.

    Raises:
        RuntimeError: if the command fails, with its last lines.
    """
    words = [sys.executable, "-m", "nbgrader", "autograde", NAME]
    done = subprocess.run(
        words, cwd=course, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-15:])
        raise RuntimeError(f"nbgrader autograde {NAME} failed:\n{last}")


def print_table(report: dict[str, Any], checks: dict[str, list[str]]) -> None:
    print(
        f"\n{report['submissions']} submissions, {report['spoilt']} of them broken or hostile; "
        f"{len(report['kills'])} times killed"
        f"\ngraded in {report['seconds_of_grading']:.0f} s; once more, with nothing to do, in "
        f"{report['seconds_with_nothing_to_do']:.1f} s; report in "
        f"{report['seconds_of_report']:.1f} s"
        f"\n{report['verdicts']} verdicts, of which {report['failed']} are named failures\n"
    )
    for name, found in checks.items():
        print(f"{name:40s} {f'NO ({len(found)})' if found else 'yes'}")
        for sentence in found[:SHOWN]:
            print(f"    {sentence}")


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
