"""Run the attacks against stock nbgrader and against ours, and print both side by side.

    python -m tests.attacks [NAME ...] [--ours-only] [--stock-only] [--jobs N] [--resume]
    python -m tests.attacks --write-docs

An honest student is graded before the attack and another one after it, by `nbgrader autograde`.
Against ours they are also graded beside it, by `autograder grade`. Against stock nbgrader each
attack has a course of its own; against ours a class of them has, and one that seems to win anything
there is tried again alone. With --ours-only, classes are graded by `autograder grade` alone. What
happened is written to build/bench/attacks.json. The exit status is 1 where ours let anything
through, or took points from an honest submission. See README.md beside this.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder import CLONE
from saelab import progress
from tests.attacks import arena, honest
from tests.attacks.judge import KINDS, Baseline, Verdict, judge
from tests.attacks.work import Attack, attacks

RESULT = CLONE / "build" / "bench" / "attacks.json"
VERDICTS = RESULT.with_name("attacks")  # one file each, for --resume
DOCUMENT = CLONE / "docs" / "attacks.md"
GROUPS = {
    "gain": "Points for code that does not deserve them",
    "read": "Hidden tests, solutions, other submissions, the gradebook, the environment",
    "deny": "That it, or somebody else, cannot be graded; the machine's memory, disk and processes",
    "deface": "The feedback page, and whatever the next student's grading uses",
}
COLUMNS = {"stock": False, "ours": True}
CLASS = 24  # attacks that are graded in one run of ours
STOCK_SECONDS = 120  # for three students; what takes longer counts as no verdict
# In a class of attacks, what hangs may do so for less time.
HASTE = "c.TrustedExecute.call_timeout = 3\nc.TrustedExecute.timeout = 10"


class Bench:
    """Runs attacks one by one in courses of their own, in the folder `folder`."""

    def __init__(self, folder, keep=False, ways=(False, True)):
        self.folder, self.keep, self.ways = Path(folder), keep, ways
        self.template = arena.Template(self.folder / "template")
        self.baselines, self.lock = {}, threading.Lock()
        self.numbers = iter(range(10**6))

    def run(self, column, assignment, chosen=(), others=(), seconds=300, settings="", beside=False):
        with self.lock:
            folder = self.folder / f"{column}-{next(self.numbers):03d}"
        run = arena.Run(
            self.template, folder, COLUMNS[column], assignment, chosen, others, seconds, settings,
            beside,
        )  # fmt: skip
        return run.start()

    def baseline(self, column, assignment):
        """The honest run of this assignment, made once."""
        key = column, assignment
        with self.lock:
            mine = key not in self.baselines
            slot = self.baselines.setdefault(key, [threading.Event(), None])
        if mine:
            try:
                run = self.run(column, assignment)
                slot[1] = Baseline(run)
                self._remove(run)
            except Exception as error:
                slot[1] = error
            slot[0].set()
        slot[0].wait()
        if isinstance(slot[1], Exception):
            raise slot[1]
        return slot[1]

    def attack(self, column, attack):
        """The verdict on one attack against one of the two graders."""
        baseline = self.baseline(column, attack.assignment)
        # A notebook of ours may take 300 s, and the neighbours take theirs.
        seconds = STOCK_SECONDS if column == "stock" else 600 if attack.slow else 300
        verdict = None
        for beside in (False, True) if column == "ours" else (False,):
            run = self.run(column, attack.assignment, [attack], seconds=seconds, beside=beside)
            found = judge(attack, run, baseline)
            verdict = verdict.add(found) if verdict else found
            if self.keep:
                print(column, attack.name, run.folder, run.result, run.log()[-3000:], sep="\n")
            self._remove(run)
        return verdict

    def attack_class(self, chosen):
        """From attacks on one assignment to verdicts on ours, which grades them in one run."""
        assignment = chosen[0].assignment
        baseline = self.baseline("ours", assignment)
        verdicts: dict[Attack, Verdict] = {}
        for beside in self.ways:
            run = self.run("ours", assignment, chosen, seconds=900, settings=HASTE, beside=beside)
            for attack in chosen:
                found = judge(attack, run, baseline)
                verdicts[attack] = verdicts[attack].add(found) if attack in verdicts else found
            self._remove(run)
        return {
            attack: self.attack("ours", attack) if verdict.won() else verdict
            for attack, verdict in verdicts.items()
        }

    def _remove(self, run):
        if not self.keep:
            run.remove()


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("names", nargs="*", help="attacks to run; all without a name")
    parser.add_argument("--ours-only", action="store_true", help="leave out stock nbgrader")
    parser.add_argument("--stock-only", action="store_true", help="leave out our grader")
    parser.add_argument(
        "--jobs", type=int, default=(os.cpu_count() or 1) + 1, help="how many at the same time"
    )
    parser.add_argument("--keep", action="store_true", help="keep the folders, and show the logs")
    parser.add_argument(
        "--resume", action="store_true", help="keep the verdicts of a run that was interrupted"
    )
    parser.add_argument(
        "--write-docs", action="store_true", help="write docs/attacks.md from the last full run"
    )
    options = parser.parse_args()
    if options.write_docs:
        write_document()
        return
    unknown = set(options.names) - {attack.name for attack in attacks()}
    if unknown:
        parser.error(f"there is no attack {', '.join(sorted(unknown))}")
    trouble = arena.missing()
    if trouble:
        sys.exit(f"The attacks need a machine to throw away, and {trouble}.")
    chosen = [a for a in attacks() if not options.names or a.name in options.names]
    columns = ["ours"] if options.ours_only else ["stock"] if options.stock_only else [*COLUMNS]
    start = time.perf_counter()
    folder = Path(tempfile.mkdtemp(prefix="attacks-"))
    bench = Bench(folder, options.keep, (True,) if options.ours_only else (False, True))
    full = not options.names and len(columns) == len(COLUMNS)
    # What is tried by itself leaves the verdicts of the last full run as they are.
    kept = VERDICTS if full or options.resume else folder / "verdicts"
    if not options.resume:
        shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True, exist_ok=True)
    results = run_all(bench, chosen, columns, options.jobs, kept)
    right, handed_in = {}, {}
    if not options.names and "ours" in columns:
        handed_in = honest.submissions()
        right = run_honest(bench, handed_in, options.jobs)
    if not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    print_table(chosen, columns, results)
    numbers = count(chosen, columns, results, handed_in, right)
    numbers["minutes"] = round((time.perf_counter() - start) / 60, 1)
    print_totals(columns, results, numbers)
    if full:
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
        print(f"Written to {RESULT.relative_to(CLONE)}")
    bad = any(results[a.name, "ours"].won() for a in chosen if "ours" in columns)
    sys.exit(bool(bad or len(right) != sum(right.values())))


def write_document():
    """Write docs/attacks.md from the last full run.

    Exits where there is none that has tried all attacks that there are now.
    """
    results = stored(VERDICTS)
    untried = [a.name for a in attacks() if any((a.name, c) not in results for c in COLUMNS)]
    if untried or not RESULT.exists():
        sys.exit(
            f"{DOCUMENT} is left as it is: {VERDICTS.parent} has no full run of the attacks that "
            f"there are. Not tried are {len(untried)}, such as {', '.join(untried[:3]) or 'none'}; "
            "`python -m tests.attacks --resume` tries those that are missing"
        )
    numbers = count(attacks(), list(COLUMNS), results, {}, {})
    old = json.loads(RESULT.read_text(encoding="utf-8"))
    numbers |= {key: old[key] for key in ("honest", "honest_full", "minutes")}
    DOCUMENT.write_text(document(numbers), encoding="utf-8")


def stored(folder):
    """The verdicts in a folder, of a run that was finished or not: from (attack's name, column)."""
    results = {}
    for path in folder.glob("*.json"):
        name, column = path.stem.split("@")
        results[name, column] = Verdict(**json.loads(path.read_text(encoding="utf-8")))
    return results


def run_all(bench, chosen, columns, jobs, kept):
    """From (attack's name, column) to verdicts; those that the folder `kept` has are taken."""
    results = stored(kept)

    def missing(column):
        return [attack for attack in chosen if (attack.name, column) not in results]

    # Attacks that take minutes wait most of that time: they do so beside all others.
    with ThreadPoolExecutor(jobs) as pool, ThreadPoolExecutor(len(chosen)) as beside:
        waiting = {}
        if "ours" in columns:
            for group in classes(missing("ours")):
                waiting[pool.submit(bench.attack_class, group)] = "ours", group
            for attack in missing("ours"):
                if attack.slow:
                    waiting[beside.submit(bench.attack, "ours", attack)] = "ours", [attack]
        if "stock" in columns:
            for attack in missing("stock"):
                waiting[pool.submit(bench.attack, "stock", attack)] = "stock", [attack]
        total = sum(len(group) for _, group in waiting.values())
        with progress.bar(total, "attacking", unit="attack") as bar:
            try:
                for done in as_completed(waiting):
                    column, group = waiting[done]
                    found = done.result()
                    for attack in group:
                        verdict = found[attack] if isinstance(found, dict) else found
                        results[attack.name, column] = verdict
                        path = kept / f"{attack.name}@{column}.json"
                        path.write_text(json.dumps(asdict(verdict)), encoding="utf-8")
                        bar.write(f"{column:6s}{attack.name:26s}{verdict.says()}")
                        bar.update()
            except BaseException:
                for each in (pool, beside):
                    each.shutdown(wait=False, cancel_futures=True)
                raise
    return results


def classes(chosen):
    """The attacks that do not take minutes, up to CLASS on the same assignment at a time."""
    by_assignment: dict[str, list[Attack]] = {}
    for attack in chosen:
        if not attack.slow:
            by_assignment.setdefault(attack.assignment, []).append(attack)
    return [
        group[start : start + CLASS]
        for group in by_assignment.values()
        for start in range(0, len(group), CLASS)
    ]


def run_honest(bench, handed_in, jobs):
    """From the names of honest submissions to whether they have full marks."""
    right = {}

    def grade(assignment, notebooks):
        run = bench.run("ours", assignment, others=notebooks.items(), seconds=600)
        grades = run.grades() or {}
        for student in notebooks:
            rows = grades.get(student, {}).values()
            full = bool(rows) and all(row[0] == row[-1] for row in rows)
            right[f"{assignment}/{student}"] = full
            if not full:
                print(f"honest {student} in {assignment}: {grades.get(student)}")

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(grade, *zip(*handed_in.items())))
    return right


def count(chosen, columns, results, handed_in, right):
    """The numbers that are written down."""
    counts: dict[str, Any] = {"attacks": len(chosen)}
    for column in columns:
        prefix = "stock_" if column == "stock" else ""
        tried = [results[a.name, column] for a in chosen if (a.name, column) in results]
        counts[prefix + "tried"] = len(tried)
        for kind in KINDS:
            counts[prefix + kind] = sum(bool(getattr(verdict, kind)) for verdict in tried)
    counts["honest"] = sum(len(notebooks) for notebooks in handed_in.values())
    counts["honest_full"] = sum(right.values())
    counts["results"] = {
        attack.name: {
            "group": attack.group,
            "says": attack.says,
            **{
                column: results[attack.name, column].as_dict()
                for column in columns
                if (attack.name, column) in results
            },
        }
        for attack in chosen
    }
    return counts


def print_table(chosen, columns, results):
    group = None
    for attack in chosen:
        if attack.group != group:
            group = attack.group
            print(f"\n{group:34s}" + "".join(f"{column:58s}" for column in columns).rstrip())
        said = [results[attack.name, column].says()[:56] for column in columns]
        print(f"  {attack.name:32s}" + "".join(f"{words:58s}" for words in said).rstrip())


def print_totals(columns, results, numbers):
    print(f"\n{numbers['attacks']} attacks in {numbers['minutes']:g} minutes, of which")
    for column in columns:
        prefix = "stock_" if column == "stock" else ""
        told = ", ".join(f"{kind} {numbers[prefix + kind]}" for kind in KINDS)
        stopped = sum(not v.won() for (_, where), v in results.items() if where == column)
        print(f"  against {column}: {told}; stopped {stopped}")
    if numbers["honest"]:
        print(f"{numbers['honest_full']} of {numbers['honest']} honest submissions got full marks")


def document(numbers):
    """docs/attacks.md: what each attack tries, and what became of it."""
    lines = [
        "# The attacks, and what became of them",
        "",
        "Written by `python -m tests.attacks --write-docs` after `make attack`. How an attack is",
        "judged is told in [tests/attacks/README.md](../tests/attacks/README.md).",
        "",
        "| | nbgrader as it comes | this grader |",
        "| --- | --- | --- |",
    ]
    # nbgrader grades one after the other: nobody is graded beside an attack.
    stock = {kind: numbers[f"stock_{kind}"] for kind in ("tried", *KINDS)} | {"neighbour": "–"}
    lines += [f"| {kind} | {there} | {numbers[kind]} |" for kind, there in stock.items()]
    if numbers["honest"]:
        lines.append(
            f"\n{numbers['honest_full']} of {numbers['honest']} honest submissions got full marks "
            "here."
        )
    for group, title in GROUPS.items():
        lines += [f"\n## {title}\n", "| attack | what it tries | nbgrader | here |"]
        lines.append("| --- | --- | --- | --- |")
        for name, result in sorted(numbers["results"].items()):
            if result["group"] == group:
                told = [result["says"]]
                told += [result[c]["says"] if c in result else "not tried" for c in COLUMNS]
                cells = " | ".join(" ".join(t.split()).replace("|", "\\|")[:300] for t in told)
                lines.append(f"| {name} | {cells} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
