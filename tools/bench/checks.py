"""How strong the checks are: `make bench-checks`.

    python -m tools.bench.checks

tries on the visible checks and on the hidden tests
(a) every mistake of the catalogue, by itself, on the problems of several seeds;
(b) generic mutants of the reference functions, which know nothing of the catalogue;
(c) pairs of mistakes made at once, drawn from all pairs of each function;
(d) right versions, written differently, on the problems of fifty seeds;
and also the catalogue's costs and numerical gradients on the exercise's own check. It prints a
table, and writes build/bench/checks.json, and checks-cases.json with what went wrong.

A version is *caught* if the visible check stops and the hidden test takes points at each seed. It
is *named* if both give its own sentence (for a pair: at least one of the two). It is *wrongly
accused* if either gives the sentence of a mistake that was not made. A mutant is *killed* if the
hidden test takes points.
"""

import argparse
import itertools
import json
import os
import platform
import random
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder import CLONE
from autograder.exercises import mistakes
from autograder.exercises.exercise import Mistake
from autograder.exercises.reference import functions as all_functions
from saelab import progress
from tests.variants import variants
from tools.bench import report
from tools.bench.cases import KINDS, Case, Job, try_one
from tools.bench.mutants import mutants

FOLDER = CLONE / "build" / "bench"
# Seeds that each kind of version is tried on. A wrong one takes longer: its name is looked for.
SEEDS = {"mistake": 3, "generic": 1, "pair": 1, "variant": 50}
PAIRS = 320


def jobs(
    functions: Sequence[str],
    kinds: Sequence[str] = KINDS,
    seeds: dict[str, int] = SEEDS,
    pairs: int = PAIRS,
    seed: int = 0,
    original: bool = True,
) -> list[Job]:
    """All versions that are to be tried, function by function.

    Args:
        functions: the names of the functions.
        kinds: which of KINDS to try.
        seeds: how many seeds each kind is tried on.
        pairs: how many pairs of mistakes to try, in all.
        seed: the seed for the choice of pairs.
        original: whether mistakes are tried on the exercise's own check too.
    """
    chosen = choose_pairs(functions, pairs, seed) if "pair" in kinds else {}
    whats: dict[str, Callable[[str], Iterable]] = {
        "mistake": lambda f: [(mistake,) for mistake in mistakes.catalogue(f)],
        "generic": mutants,
        "pair": lambda f: chosen[f],
        "variant": variants,
    }
    return [
        Job(kind, function, what, seeds[kind], original=original and kind == "mistake")
        for function in functions
        for kind in kinds
        for what in whats[kind](function)
    ]


def choose_pairs(
    functions: Sequence[str], count: int, seed: int
) -> dict[str, list[tuple[Mistake, Mistake]]]:
    """Draw pairs of mistakes from those of each function in turn.

    A function with few pairs gives all of them, and functions with many give the rest.

    Args:
        functions: the names of the functions.
        count: how many pairs to draw, in all.
        seed: the seed of the choice.

    Returns:
        A dictionary from each function to its pairs.
    """
    chance = random.Random(seed)
    waiting = {function: list(mistakes.pairs(function)) for function in functions}
    for own in waiting.values():
        chance.shuffle(own)
    rounds = itertools.zip_longest(*([(f, pair) for pair in own] for f, own in waiting.items()))
    turns = [turn for turn in itertools.chain.from_iterable(rounds) if turn]
    return {f: [pair for whose, pair in turns[:count] if whose == f] for f in functions}


def run(todo: list[Job], workers: int | None = None) -> list[Case]:
    """Try all jobs in parallel, with a progress bar.

    Args:
        todo: the jobs.
        workers: how many processes to use; None for one for each core.

    Returns:
        The Cases, in the order of the jobs.
    """
    cases: dict[int, Case] = {}
    with (
        ProcessPoolExecutor(workers or os.cpu_count()) as pool,
        progress.bar(len(todo), "trying", unit="version") as bar,
    ):
        futures = {pool.submit(try_one, job): number for number, job in enumerate(todo)}
        try:
            for future in as_completed(futures):
                cases[futures[future]] = future.result()
                bar.update()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [cases[number] for number in range(len(todo))]


def count(cases: Sequence[Case]) -> dict[str, int]:
    """The figures for these cases, which are those of one function or of all."""
    by_kind = {kind: [case for case in cases if case.kind == kind] for kind in KINDS}
    known, pairs, right = by_kind["mistake"], by_kind["pair"], by_kind["variant"]
    generic = [case for case in by_kind["generic"] if case.equivalent is None]
    return {
        "mistakes": len(known),
        "caught": sum(case.caught for case in known),
        "named": sum(all(case.named) for case in known),
        "generic": len(generic),
        "generic_killed": sum(case.killed for case in generic),
        "pairs": len(pairs),
        "pairs_caught": sum(case.caught for case in pairs),
        "pairs_named": sum(all(case.named) for case in pairs),
        "variants": len(right),
        "false_alarms": sum(case.alarms for case in right),
        "wrongly_accused": sum(bool(case.accused) for case in cases),
        "original_tried": sum(case.original is not None for case in known),
        "original_caught": sum(case.original or False for case in known),
    }


def summary(cases: Sequence[Case]) -> dict[str, Any]:
    """The content of checks.json: figures over all functions, and for each function."""
    names = dict.fromkeys(case.function for case in cases)
    rows = {name: [case for case in cases if case.function == name] for name in names}
    return count(cases) | {
        "functions": {name: count(own) for name, own in rows.items()},
        "python": platform.python_version(),
    }


def failures(cases: Sequence[Case]) -> dict[str, list[Case]]:
    """The cases that went wrong, by what went wrong; all lists are empty if nothing did."""
    wrong = [case for case in cases if case.kind in ("mistake", "pair")]
    generic = [case for case in cases if case.kind == "generic"]
    return {
        "not caught": [case for case in wrong if not case.caught],
        "not named": [case for case in wrong if not all(case.named)],
        "wrongly accused": [case for case in cases if case.accused],
        "survived": [case for case in generic if not (case.killed or case.equivalent)],
        "listed as equivalent, but killed": [c for c in generic if c.equivalent and c.killed],
        "false alarms": [case for case in cases if case.kind == "variant" and case.alarms],
    }


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Try what is asked for, print the table, and write the files.

    Args:
        arguments: the words of the command line; None for those that this process was started with.

    Returns:
        The summary.
    """
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.write_docs and (asked.functions or tuple(asked.kinds) != KINDS):
        parser.error("the page shows all functions and all kinds: leave these words out")
    seeds = {kind: getattr(asked, f"{kind}_seeds") for kind in KINDS}
    todo = jobs(asked.functions or all_functions(), asked.kinds, seeds, asked.pairs)
    cases = run(todo, asked.workers)
    found, wrong = summary(cases), failures(cases)
    folder = asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    listed = {what: [asdict(case) for case in those] for what, those in wrong.items()}
    (folder / "checks.json").write_text(json.dumps(found, indent=2) + "\n")
    (folder / "checks-cases.json").write_text(json.dumps(listed, indent=2) + "\n")
    print(report.table(found))
    for what, those in wrong.items():
        for case in those:
            print(f"{what}: {case.function}: {case.label}")
    if asked.write_docs:
        report.write_docs(found)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools.bench.checks", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("functions", nargs="*", help="all functions of the course where none is named")
    add("--kinds", nargs="+", choices=KINDS, default=KINDS, help="what to try")
    add("--pairs", type=int, default=PAIRS, help="how many pairs of mistakes, in all")
    for kind, count in SEEDS.items():
        add(f"--{kind}-seeds", type=int, default=count, help=f"seeds for each {kind} ({count})")
    add("--workers", type=int, help="processes; one for each core where it is not said")
    add("--folder", type=Path, default=FOLDER, help="where the files go")
    add("--write-docs", action="store_true", help="renew table and messages in docs/checks.md")
    return parser


if __name__ == "__main__":
    main()
