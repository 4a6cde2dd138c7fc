"""Whether a busy machine changes a score: the same class graded again and again.

    python -m tools.bench.load [--times 3] [--busy 16]

lets the sample class of ten hand in six notebooks, and grades the 60 submissions some times on an
idle machine, and as often beside busy processes. The scores of every test, and who failed, must be
the same to the byte each time. It prints a table, writes build/bench/load.json, and exits with 1 if
they are not.
"""

import argparse
import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder import CLONE
from autograder.authoring.build import notebook_names
from autograder.exercises.sample import CLASS, Student
from autograder.kernel.sandbox import why_unavailable
from autograder.results import records
from tools.bench.cpu import measure
from tools.bench.grading import copy, make_course

FOLDER = CLONE / "build" / "bench"
NOTEBOOKS = slice(1, 7)  # those that take the longest calls


def main(words: Sequence[str] | None = None) -> int:
    """Grade, compare, print the table and write load.json; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.load", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="how often in each state")
    parser.add_argument("--busy", type=int, default=16, help="how many processes are busy")
    asked = parser.parse_args(words)
    if why_unavailable():
        raise SystemExit(why_unavailable())
    report = compare(FOLDER, notebook_names()[NOTEBOOKS], CLASS, asked.times, asked.busy)
    (FOLDER / "load.json").write_text(json.dumps(report, indent=2) + "\n")
    print(f"{report['submissions']} submissions, seconds by the clock")
    for state, seconds in report["seconds"].items():
        print(f"{state:24s}" + "".join(f"{each:8.1f}" for each in seconds))
    print(f"\nDifferent from the first time: {len(report['different'])}")
    for line in report["different"][:20]:
        print(f"  {line}")
    return bool(report["different"])


def compare(
    folder: Path, notebooks: Sequence[str], students: Sequence[Student], times: int, busy: int
) -> dict[str, Any]:
    """Grade a class some times on an idle machine, and as often on a busy one.

    Args:
        folder: where the course is made.
        notebooks: the names of the notebooks.
        students: the students who hand in.
        times: how often in each state.
        busy: how many processes are busy.

    Returns:
        What is written to load.json.
    """
    course = make_course(folder / "course", list(notebooks), students)
    seconds: dict[str, list[float]] = {}
    first: dict[str, str] = {}
    different = []
    for state, count in (("idle", 0), (f"beside {busy} processes", busy)):
        for time in range(times):
            run = copy(course, folder / "run")
            command = [sys.executable, "-m", "autograder", "grade", *notebooks]
            with working(count):
                used = measure(["/bin/sh", "-c", '"$@" || true', "sh", *command], cwd=run)
            seconds.setdefault(state, []).append(used.wall)
            found = verdicts(run, notebooks, students)
            first = first or found
            different += [
                f"{state}, time {time + 1}: {who}: {verdict}, and not {first[who]}"
                for who, verdict in found.items()
                if verdict != first[who]
            ]
    return {
        "submissions": len(first),
        "times": times,
        "busy": busy,
        "seconds": seconds,
        "different": different,
    }


def verdicts(run: Path, notebooks: Sequence[str], students: Sequence[Student]) -> dict[str, str]:
    """The verdict on each submission: its scores, test by test, or why it has none."""
    found = {}
    for name in notebooks:
        for student in students:
            record = records.read(run, name, student.name)
            if record is None:
                told = "no verdict"
            elif record.failure:
                told = record.failure
            else:
                cells = {key: book["cells"] for key, book in record.notebooks.items()}
                told = json.dumps(cells, sort_keys=True)
            found[f"{student.name}, {name}"] = told
    return found


@contextlib.contextmanager
def working(count: int) -> Iterator[None]:
    """Keep so many processes busy within a with block."""
    loop = [sys.executable, "-c", "while True: pass"]
    busy = [subprocess.Popen(loop, start_new_session=True) for _ in range(count)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
