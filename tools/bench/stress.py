"""A class run under stress: a large class, some of it hostile, and the plug pulled three times.

    python -m tools.bench.stress [--students 300] [--kills 3] [NOTEBOOK ...]

makes a course in build/bench/stress/, lets a class hand in, every tenth submission broken or
hostile, and grades it by `python -m autograder grade`, which is killed midway: the first process
alone, one of its workers, and everything at once. Then it looks at what is there: a verdict for
each, no score lost, wrong or made twice, nothing left running, no file half written. Prints a
table, writes build/bench/stress.json, and ends with 1 where something is not as it has to be.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from autograder import demo
from autograder.build import COURSE, build, copy_sources, write_notebook
from autograder.sample import CLASS, submission
from autograder.sandbox import fault
from saelab import progress
from tools.bench import hostile, processes
from tools.bench.aftermath import Aftermath, bytes_of_records, changed, status

FOLDER = COURSE / "build" / "bench"
NOTEBOOKS = ("02_cost",)
STUDENTS, SPOILT, KILLS, SEED = 300, 0.1, 3, 0
GRACE = 20  # seconds, in which whoever has lost its parent has to be gone
WAYS = ("the parent", "a worker", "everything")
SHOWN = 5  # faults of each kind; stress.json has all


def main(words=None):
    """Run it as the command line says; returns the number of faults."""
    asked = arguments().parse_args(words)
    if fault():
        raise SystemExit(fault())
    processes.adopt()
    folder = asked.folder / "stress"
    shutil.rmtree(folder, ignore_errors=True)
    start = time.perf_counter()
    run = Stress(folder / "course", asked.notebooks, asked.students, asked.spoilt, asked.seed)
    run.make(folder / "expected")
    run.grade(asked.kills, asked.jobs, asked.limit)
    after = Aftermath(run.course, run.handed_in, run.expected)
    checks = {**run.checks(), **after.checks()}
    report = {
        "students": asked.students,
        "notebooks": run.notebooks,
        "submissions": len(run.handed_in),
        "spoilt": sum(work.trick is not None for work in run.handed_in),
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


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tools.bench.stress")
    parser.add_argument("notebooks", nargs="*", default=list(NOTEBOOKS), metavar="NOTEBOOK")
    parser.add_argument("--students", type=int, default=STUDENTS)
    parser.add_argument("--spoilt", type=float, default=SPOILT, help="the part that is hostile")
    parser.add_argument("--kills", type=int, default=KILLS, choices=range(len(WAYS) + 1))
    parser.add_argument("--jobs", type=int, help="given on to the class run")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--limit", type=float, default=7200, help="seconds for each start")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    return parser


@dataclass(frozen=True)
class Work:
    """One submission: whose, of what, made by whom of the sample class, and how it was spoilt."""

    student: str
    notebook: str
    maker: object
    trick: hostile.Trick | None

    @property
    def name(self):
        return f"{self.student}/{self.notebook}"


@dataclass
class Stress:
    """A course, a class that has handed in, and what the class run made of it."""

    course: Path
    notebooks: list
    students: int
    spoilt: float
    seed: int
    kills: list = field(default_factory=list)
    seen: list = field(default_factory=list)  # the records at each kill
    left: list = field(default_factory=list)
    seconds: float = 0.0

    # --- before -----------------------------------------------------------------------

    def make(self, aside):
        """Make the course, and let the class hand in; aside: a folder to find scores in."""
        build(copy_sources(COURSE, self.course), execute=False)
        for name in self.notebooks:
            demo.nbgrader(self.course, "generate_assignment", name, "--force")
        self.expected = self.scores_by_nbgrader(aside)
        self.handed_in = self.hand_in()
        known = {
            "handed_in": [
                (work.student, work.notebook, work.maker.name, work.trick and work.trick.name)
                for work in self.handed_in
            ],
            "expected": [(*key, points) for key, points in self.expected.items()],
        }
        (self.course.parent / "known.json").write_text(json.dumps(known))

    def scores_by_nbgrader(self, folder):
        """What `nbgrader autograde` gives the sample class: (student, notebook) to points."""
        shutil.copytree(self.course, folder)
        for name in self.notebooks:
            for maker in CLASS:
                path = folder / "submitted" / maker.name / name / f"{name}.ipynb"
                path.parent.mkdir(parents=True)
                write_notebook(submission(maker, *self.read(name)), path)
            demo.nbgrader(folder, "autograde", name)
        return demo.read_scores(folder)

    def hand_in(self):
        """Write every submission; returns what they are."""
        dice = random.Random(self.seed)
        done = []
        names = [f"s{number:03d}" for number in range(1, self.students + 1)]
        for notebook in self.notebooks:
            spoilt = dice.sample(names, max(1, round(self.spoilt * len(names))))
            tricks = dice.sample(hostile.TRICKS, len(hostile.TRICKS))
            of = {name: tricks[i % len(tricks)] for i, name in enumerate(spoilt)}
            solved, released = self.read(notebook)
            for name in progress.bar(names, f"handing in {notebook}", "submission"):
                maker = CLASS[0] if name in of else dice.choice(CLASS)
                work = Work(name, notebook, maker, of.get(name))
                written = submission(maker, solved, released)
                # No two submissions are the same file.
                written.cells[0].source += f"\n\nHanded in by {name}."
                folder = self.course / "submitted" / name / notebook
                if work.trick:
                    hostile.hand_in(work.trick, written, folder)
                else:
                    folder.mkdir(parents=True)
                    write_notebook(written, folder / f"{notebook}.ipynb")
                done.append(work)
        return done

    def read(self, name):
        """The solved and the released notebook."""
        return [
            nbformat.read(self.course / folder / name / f"{name}.ipynb", as_version=4)
            for folder in ("solutions", "notebooks")
        ]

    # --- grading ----------------------------------------------------------------------

    def grade(self, kills, jobs, limit):
        """Grade the class, killed that many times midway, and started again where needed."""
        dice = random.Random(self.seed)
        start = time.perf_counter()
        process = self.start(jobs)
        for number, way in enumerate(WAYS[:kills], 1):
            wanted = round(len(self.handed_in) * number / (kills + 1))
            if not self.wait_for(process, wanted, limit):
                break
            self.kill(process, way, dice)
            if way != "a worker":
                process.wait()
                # At once, as somebody would: what is left of the last run may still be there.
                process = self.start(jobs)
        self.code = self.end(process, limit)
        self.seconds = time.perf_counter() - start
        if len(self.kills) < kills:
            self.left.append(f"it ended before it was killed {kills} times: take more students")
        self.left += [str(process) for process in processes.orphans(GRACE)]
        processes.kill_all(processes.descendants())
        # Once more, with nothing to do.
        before = bytes_of_records(self.course)
        again = time.perf_counter()
        self.code_again = self.end(self.start(jobs), limit)
        self.seconds_again = time.perf_counter() - again
        self.graded_again = changed(before, bytes_of_records(self.course))

    def start(self, jobs):
        command = [sys.executable, "-m", "autograder", "grade", *self.notebooks]
        command += ["--course", self.course, *(["--jobs", str(jobs)] if jobs else [])]
        with (self.course.parent / "grade.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.course.parent, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def wait_for(self, process, records, limit):
        """Wait until there are that many records; False where the run has ended before."""
        end = time.monotonic() + limit
        while process.poll() is None and time.monotonic() < end:
            if sum(1 for _ in self.course.glob("verdicts/*/*.json")) >= records:
                return True
            time.sleep(0.02)
        return False

    def kill(self, process, way, dice):
        """Kill -9 one of WAYS, and note what was recorded at that moment."""
        below = processes.descendants(process.pid)
        if way == "the parent":
            process.kill()
        elif way == "a worker":
            os.kill(dice.choice(workers(process.pid, below)).pid, 9)
        else:
            processes.kill_all([processes.Process(process.pid, 0, ""), *below])
        self.seen.append(bytes_of_records(self.course))
        self.kills.append({"what": way, "records": len(self.seen[-1]), "processes": len(below)})
        print(f"   killed {way} of {len(below) + 1} processes at {len(self.seen[-1])} verdicts")

    def end(self, process, limit):
        """Wait for the end of a run; its exit code, None where it had to be ended."""
        try:
            return process.wait(limit)
        except subprocess.TimeoutExpired:
            processes.kill_all([*processes.descendants(process.pid)])
            process.kill()
            process.wait()
            return None

    def checks(self):
        """What can be said of the runs themselves; see Aftermath.checks."""
        log = (self.course.parent / "grade.log").read_text(errors="replace").strip()[-300:]
        now = bytes_of_records(self.course)
        # So it says that somebody has to look at a submission.
        wanted = int(any(status(data) == "failed" for data in now.values()))
        codes = {"code": self.code, "code of the run with nothing to do": self.code_again}
        return {
            "the class run ends well": [
                f"{name}: {code}, not {wanted}; {log}"
                for name, code in codes.items()
                if code != wanted
            ],
            "recorded once, never again": [
                fault for records in self.seen for fault in changed(records, now)
            ],
            "nothing goes on running": self.left,
            "a run with nothing to do does nothing": self.graded_again,
        }


def workers(first, below):
    """The processes that grade: children of the first that hold no walls and keep no books."""
    others = ("bwrap", "sandbox/parent.py", "resource_tracker", "forkserver")
    found = [p for p in below if p.parent == first and not any(word in p.words for word in others)]
    if not found:
        raise RuntimeError("no worker is there to be killed:\n" + "\n".join(map(str, below)))
    return found


def print_table(report, checks):
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
