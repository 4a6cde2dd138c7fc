"""How strong the checks are: `make bench-checks`.

    python -m tools.bench.checks

tries on the visible checks and on the hidden tests
(a) every mistake of the catalogue, by itself, on the problems of several seeds;
(b) generic mutants of the reference functions, which know nothing of the catalogue;
(c) pairs and triples of mistakes made at once, drawn from all those of each function;
(d) right versions, written differently, on the problems of five seeds (and of 200 in (f));
(e) what cannot be looked up: see tools.bench.reasoning;
(f) right versions and nearly right ones at 200 seeds: see tools.bench.seeds;
and also the catalogue's costs and numerical gradients on the exercise's own check. It prints a
table, and writes build/bench/checks.json, and checks-cases.json with what went wrong.

A version is *caught* if the visible check stops and the hidden test takes points at each seed. It
is *named* if both give its own sentence (for several: at least one of theirs). It is *wrongly
named* if either gives the sentence of a mistake that was not made and that gives other numbers. A
mutant is *killed* if the hidden test takes points.
"""

import argparse
import itertools
import json
import math
import os
import platform
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from tools.bench import reasoning, report
from tools.bench.cases import KINDS, Case, Job, try_one
from tools.bench.mutants import mutants
from tools.bench.seeds import SEEDS as AT_SEEDS
from tools.bench.seeds import disagreements

FOLDER = CLONE / "build" / "bench"
# Seeds that each kind of version is tried on. A wrong one takes longer: its name is looked for.
SEEDS = {"mistake": 2, "generic": 1, "pair": 1, "triple": 1, "variant": 5}
PAIRS, TRIPLES = 600, 300


def jobs(
    functions: Sequence[str],
    kinds: Sequence[str] = KINDS,
    seeds: dict[str, int] = SEEDS,
    pairs: int = PAIRS,
    triples: int = TRIPLES,
    seed: int = 0,
    original: bool = True,
) -> list[Job]:
    """All versions that are to be tried, function by function.

    Args:
        functions: the names of the functions.
        kinds: which of KINDS to try.
        seeds: how many seeds each kind is tried on.
        pairs: how many pairs of mistakes to try, in all.
        triples: how many triples of mistakes to try, in all.
        seed: the seed for the choice of both.
        original: whether mistakes are tried on the exercise's own check too.
    """
    two = choose(functions, pairs, seed, 2) if "pair" in kinds else {}
    three = choose(functions, triples, seed, 3) if "triple" in kinds else {}
    whats: dict[str, Callable[[str], Iterable]] = {
        "mistake": lambda f: [(mistake,) for mistake in mistakes.catalogue(f)],
        "generic": mutants,
        "pair": lambda f: two[f],
        "triple": lambda f: three[f],
        "variant": variants,
    }
    return [
        Job(kind, function, what, seeds[kind], original=original and kind == "mistake")
        for function in functions
        for kind in kinds
        for what in whats[kind](function)
    ]


def choose(
    functions: Sequence[str], count: int, seed: int, together: int
) -> dict[str, list[tuple[Mistake, ...]]]:
    """Draw mistakes that are made at once; all pairs or triples of a catalogue are equally likely.

    Args:
        functions: the names of the functions.
        count: how many pairs or triples to draw, in all.
        seed: the seed of the choice.
        together: how many mistakes are made at once.

    Returns:
        A dictionary from each function to what was drawn of it.
    """
    chance, drawn = random.Random(seed), dict[frozenset[Mistake], str]()
    known = {function: mistakes.catalogue(function) for function in functions}
    fit = {f: {frozenset(pair) for pair in mistakes.pairs(f)} for f in functions}
    sizes = [math.comb(len(known[function]), together) for function in functions]
    for _ in range(200 * count):
        (function,) = chance.choices(functions, sizes)
        made = chance.sample(known[function], together)
        if len(drawn) < count and all(
            frozenset(pair) in fit[function] for pair in itertools.combinations(made, 2)
        ):
            drawn.setdefault(frozenset(made), function)
    return {
        f: [tuple(sorted(made, key=str)) for made, whose in drawn.items() if whose == f]
        for f in functions
    }


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
    right = by_kind["variant"]
    generic = [case for case in by_kind["generic"] if case.equivalent is None]
    figures = {}
    for kind, before in (("mistake", ""), ("pair", "pairs_"), ("triple", "triples_")):
        made = by_kind[kind]
        figures[f"{kind}s"] = len(made)
        figures[f"{before}caught"] = sum(case.caught for case in made)
        figures[f"{before}named"] = sum(all(case.named) for case in made)
    return figures | {
        "generic": len(generic),
        "generic_killed": sum(case.killed for case in generic),
        "variants": len(right),
        "false_alarms": sum(case.alarms for case in right),
        "wrongly_named": sum(bool(case.accused) for case in cases),
        "original_tried": sum(case.original is not None for case in by_kind["mistake"]),
        "original_caught": sum(case.original or False for case in by_kind["mistake"]),
    }


def summary(
    cases: Sequence[Case], reasoned: Mapping[str, Mapping[str, int]], seeds: Mapping[str, int]
) -> dict[str, Any]:
    """The content of checks.json: figures over all functions, and for each function.

    Args:
        cases: the versions that were tried.
        reasoned: for each function, the figures of tools.bench.reasoning.
        seeds: the figures of tools.bench.seeds.
    """
    names = dict.fromkeys(case.function for case in cases)
    rows = {name: [case for case in cases if case.function == name] for name in names}
    own = {name: {key: found.get(key, 0) for key in reasoning.FIGURES}
           for name, found in reasoned.items()}  # fmt: skip
    every = {key: sum(found[key] for found in own.values()) for key in reasoning.FIGURES}
    return {
        **count(cases),
        **every,
        **seeds,
        "functions": {name: count(rows[name]) | own.get(name, {}) for name in rows},
        "python": platform.python_version(),
    }


def failures(cases: Sequence[Case]) -> dict[str, list[Case]]:
    """The cases that went wrong, by what went wrong; all lists are empty if nothing did."""
    wrong = [case for case in cases if case.kind in ("mistake", "pair", "triple")]
    generic = [case for case in cases if case.kind == "generic"]
    return {
        "not caught": [case for case in wrong if not case.caught],
        "not named": [case for case in wrong if not all(case.named)],
        "wrongly named": [case for case in cases if case.accused],
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
    names = asked.functions or all_functions()
    seeds = {kind: getattr(asked, f"{kind}_seeds") for kind in KINDS}
    todo = jobs(names, asked.kinds, seeds, asked.pairs, asked.triples)
    cases = run(todo, asked.workers)
    reasoned, lines = reasoning.figures(names, asked.workers)
    at_seeds, disagreed = disagreements(names, asked.seeds, asked.workers)
    found, wrong = summary(cases, reasoned, at_seeds), failures(cases)
    folder = asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    listed: dict[str, list[Any]] = {
        what: [asdict(case) for case in those] for what, those in wrong.items()
    }
    listed |= {"reasoning": lines, "seeds": disagreed}
    (folder / "checks.json").write_text(json.dumps(found, indent=2) + "\n")
    (folder / "checks-cases.json").write_text(json.dumps(listed, indent=2) + "\n")
    print(report.table(found))
    for what, those in wrong.items():
        for case in those:
            print(f"{what}: {case.function}: {case.label}")
    print(*lines, *disagreed, sep="\n")
    print({key: value for key, value in found.items() if key != "functions"})
    if asked.write_docs:
        report.write_docs(found)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools.bench.checks", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("functions", nargs="*", help="all functions of the course where none is named")
    add("--kinds", nargs="+", choices=KINDS, default=KINDS, help="what to try")
    add("--pairs", type=int, default=PAIRS, help="how many pairs of mistakes, in all")
    add("--triples", type=int, default=TRIPLES, help="how many triples of mistakes, in all")
    add("--seeds", type=int, default=AT_SEEDS, help="seeds for right and nearly right versions")
    for kind, count in SEEDS.items():
        add(f"--{kind}-seeds", type=int, default=count, help=f"seeds for each {kind} ({count})")
    add("--workers", type=int, help="processes; one for each core where it is not said")
    add("--folder", type=Path, default=FOLDER, help="where the files go")
    add("--write-docs", action="store_true", help="renew table and messages in docs/checks.md")
    return parser


if __name__ == "__main__":
    main()
