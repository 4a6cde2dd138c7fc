"""Do the visible check and the hidden test agree, at every seed?

    python -m tools.bench.seeds

A version of a function is tried on the visible check and on the hidden test's problems of 200
seeds. It is a *disagreement* if these verdicts are not all the same. The versions are the right
ones of tests/variants/, and many that are nearly right: results that are bent by a power of ten,
rounded, cut off or kept in single precision, and the reference with a small number added below a
fraction or inside of a logarithm, with a constant a little off, or with a step in single precision.
They are made by rules from the reference's own text, so that a new exercise is tried by itself.

The calls of the visible check are in every hidden test too. With the first seeds they are tried
again each time; after that the check's own verdict on them is taken. A version that keeps something
from call to call may therefore not be judged quite as by 200 gradings. Where a call takes long,
only the right versions see all seeds, and the nearly right ones those that COSTLY says.
"""

import argparse
import ast
import contextlib
import functools
import io
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder import CLONE
from autograder.exercises.marks import problems
from autograder.exercises.reference import (
    functions,
    made,
    notebook_of,
    reference,
    results_of,
    solution_text,
)
from saelab import progress
from saelab.check import stored
from saelab.check.exercise import Probe
from saelab.check.exercises import exercise
from saelab.check.outcome import examine
from tests.variants import variants

FOLDER = CLONE / "build" / "bench"
SEEDS = 200
FIGURES = ("seeds", "seed_versions", "seed_disagreements", "seed_alarms")
COSTLY = {"sample_patches": 50, "block_errors": 30, "train": 50}  # seeds for what is nearly right
WHOLE = 3  # seeds with which the visible check's calls are tried again
AT_ONCE = 25  # versions that one process tries, one after the other

# What is done to a result, or to each thing in it.
BENT = """

import functools as _functools

def _each(bend, value):
    if isinstance(value, dict):
        return type(value)({key: _each(bend, item) for key, item in value.items()})
    if isinstance(value, tuple):
        return tuple(_each(bend, item) for item in value)
    return bend(value) if isinstance(value, (float, np.floating, np.ndarray)) else value

def _last(x, by):
    x = np.array(x, dtype=float)
    x[(-1,) * x.ndim] += by * (abs(x).max() or 1)
    return x

def _bent(function, bend=lambda x: x, first=lambda x: x):
    @_functools.wraps(function)
    def bent(*args, **kwargs):
        return _each(bend, function(*(_each(first, arg) for arg in args), **kwargs))
    return bent
"""
BENDS = {
    **{f"1 + 1e-{k} times": f"lambda x: x * (1 + 1e-{k})" for k in range(4, 15)},
    **{f"1e-{k} more": f"lambda x: x + 1e-{k}" for k in range(4, 15)},
    **{f"last entry 1e-{k} more": f"lambda x: _last(x, 1e-{k})" for k in range(4, 15)},
    **{f"rounded to {k} digits": f"lambda x: np.round(x, {k})" for k in range(5, 14)},
    **{f"at most {c:g}": f"lambda x: np.clip(x, -{c}, {c})" for c in (0.9, 1, 5, 100)},
    **{f"1e-{k} at least": f"lambda x: np.where(abs(x) < 1e-{k}, 1e-{k}, x)" for k in range(2, 13)},
    **{f"1e-{k} from 1 at least": f"lambda x: np.minimum(x, 1 - 1e-{k})" for k in range(2, 13)},
    "float32": "np.float32",
    "float16": "np.float16",
    "through float32": "lambda x: np.float64(np.float32(x))",
}
ARGUMENTS = {
    "float32": "lambda x: np.float64(np.float32(x))",
    **{f"rounded to {k} digits": f"lambda x: np.round(x, {k})" for k in range(5, 14)},
}
STEPS = {
    **{f"+ 1e-{k}": f"({{}} + 1e-{k})" for k in (3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15)},
    **{f"at least 1e-{k}": f"np.maximum({{}}, 1e-{k})" for k in (0, 1, 2, 3, 4, 6, 8, 10, 12)},
}
POWERS = (1.05, 1.2, 1.5, 2)
LIMIT, METHOD, IMAGE = '"maxiter": maxiter', '"L-BFGS-B"', "image[row"
# Rules for functions with many right answers, as edits where the old text stands.
OWN_STEPS = {
    **{f"ftol 1e-{k}": (LIMIT, f'{LIMIT}, "ftol": 1e-{k}') for k in range(1, 16)},
    **{f"gtol 1e-{k}": (LIMIT, f'{LIMIT}, "gtol": 1e-{k}') for k in range(10)},
    **{f"maxcor {k}": (LIMIT, f'{LIMIT}, "maxcor": {k}') for k in (1, 3, 5, 20, 40)},
    "maxfun": (LIMIT, '"maxfun": maxiter'),
    **{f"{m}": (METHOD, f'"{m}"') for m in ("BFGS", "CG", "TNC", "SLSQP", "Newton-CG", "Powell")},
    "no gradient": ("cost,\n        theta0,\n        jac=True", "lambda t: cost(t)[0], theta0"),
    **{
        f"mirrored, {share} of them": (
            IMAGE,
            f"(image[:, ::-1] if rng.random() < {share} else image)[row",
        )
        for share in (1, 0.5, 0.1, 0.01)
    },
    "sorted": ("return patches", "return patches[:, np.argsort(patches[0])]"),
    "turned about": ("return patches", "return patches[:, ::-1]"),
}
CONSTANTS = (1e-2, 1e-3, 1e-5, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-14)


@dataclass(frozen=True)
class Version:
    """A version of a function: what it is in a few words, and the text of its cell."""

    function: str
    label: str
    text: str
    right: bool = False


def versions(function: str) -> list[Version]:
    """All versions of a function that are tried: right ones, and those that are nearly right."""
    right = [Version(function, f"version {v.number}", v.text, True) for v in variants(function)]
    text = solution_text(function)
    found = {text: "the reference"}
    for label, bend in BENDS.items():
        found[f"{text}{BENT}\n{function} = _bent({function}, {bend})\n"] = f"result {label}"
    for label, bend in ARGUMENTS.items():
        changed = f"{text}{BENT}\n{function} = _bent({function}, first={bend})\n"
        found[changed] = f"arguments {label}"
    for changed, label in _edited(text):
        found.setdefault(changed, label)
    return right + [Version(function, label, text) for text, label in found.items()]


def _edited(text: str) -> Iterator[tuple[str, str]]:
    """The text with one small thing changed inside, and what it is."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.expr):
            continue
        place, called = ast.unparse(node), ""
        arguments: list[ast.expr] = []
        if isinstance(node, ast.Call):
            called, arguments = ast.unparse(node.func), node.args
        where = f"in {place}, line {node.lineno}"
        inside = None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            inside = node.right
        elif called in ("np.log", "np.sqrt"):
            inside = arguments[0]
        if inside is not None:
            for label, step in STEPS.items():
                yield _replaced(text, inside, step), f"{ast.unparse(inside)} {label} {where}"
        if called.endswith((".std", ".var")):
            yield _replaced(text, node, f"{place[:-1]}ddof=1)"), f"ddof=1 {where}"
        if called == "rng.integers":
            for power in POWERS:
                uneven = f"int(rng.random() ** {power} * ({ast.unparse(arguments[0])}))"
                yield _replaced(text, node, uneven), f"power {power} {where}"
        if called == "rng.uniform":
            for power in POWERS:
                uneven = f"(lambda u: np.sign(u) * r * abs(u / r) ** {power})({{}})"
                yield _replaced(text, node, uneven), f"power {power} {where}"
        if isinstance(node, (ast.BinOp, ast.Call)):
            yield _replaced(text, node, "np.float32({})"), f"float32 {where}"
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value:
            for off in CONSTANTS:
                yield _replaced(text, node, f"({{}} * (1 + {off}))"), f"{off} off {where}"
    for label, (old, new) in OWN_STEPS.items():
        if old in text:
            yield text.replace(old, new), label


def _replaced(text: str, node: ast.expr, by: str) -> str:
    """The text with an expression replaced; {} stands for the expression itself."""
    lines = text.splitlines(keepends=True)
    start, end = (
        sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())
        for line, column in (
            (node.lineno, node.col_offset),
            (node.end_lineno or 0, node.end_col_offset or 0),
        )
    )
    return text[:start] + by.replace("{}", f"({text[start:end]})") + text[end:]


@functools.lru_cache(maxsize=2 * SEEDS)
def _problems(function: str, seed: int) -> tuple[list[Probe], list[Any]]:
    """The random problems of a hidden test at a seed, and what the reference gives for them."""
    asked, right = exercise(function), getattr(reference(notebook_of(function)), function)
    drawn = list(problems(function, seed).probes[len(asked.probes) :])
    return drawn, results_of(asked, right, drawn)


def verdicts(version: Version, seeds: int = SEEDS) -> list[bool]:
    """Whether a version is noticed, by the visible check and then by the hidden test at each seed.

    Args:
        version: the version.
        seeds: how many seeds to try, from 0.
    """
    asked, code = exercise(version.function), compile(version.text, "<a version>", "exec")
    shown, wanted = list(asked.probes), stored.wanted(version.function)

    def noticed(function: Any, probes: list[Probe], wanted: list[Any]) -> bool:
        try:
            return bool(examine(asked, function, probes, wanted).wrong())
        except NotImplementedError:
            return True

    found: list[bool] = []
    with np.errstate(all="ignore"):
        found.append(noticed(made(code, version.function), shown, wanted))
        for seed in range(seeds):
            drawn, results = _problems(version.function, seed)
            if seed < WHOLE:
                function = made(code, version.function)
                found.append(noticed(function, drawn + shown, results + wanted))
            else:
                found.append(found[0] or noticed(function, drawn, results))
    return found


def tried(chosen: Sequence[Version], seeds: int) -> list[list[bool]]:
    """The verdicts on several versions."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return [
            verdicts(v, seeds if v.right else min(seeds, COSTLY.get(v.function, seeds)))
            for v in chosen
        ]


def disagreements(
    names: Sequence[str] = (), seeds: int = SEEDS, workers: int | None = None
) -> tuple[dict[str, int], list[str]]:
    """Try all versions of these functions.

    Args:
        names: the functions' names; all functions where none is named.
        seeds: how many seeds to try.
        workers: how many processes to use; None for one for each core.

    Returns:
        The figures: "seeds", "seed_versions", "seed_disagreements", and "seed_alarms", right
        versions that are noticed anywhere. And the versions that are disagreed on, or are right and
        noticed, in words.
    """
    told: list[str] = []
    found = dict.fromkeys(FIGURES, 0) | {"seeds": seeds}
    with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
        started = []
        for name in names or functions():
            every = versions(name)
            parts = [every[i : i + AT_ONCE] for i in range(0, len(every), AT_ONCE)]
            started += [(part, pool.submit(tried, part, seeds)) for part in parts]
        for part, future in progress.bar(started, "trying seeds", unit="part"):
            for version, by in zip(part, future.result()):
                found["seed_versions"] += 1
                if any(by) and not all(by):
                    found["seed_disagreements"] += 1
                    words = (
                        f"check {'refuses' if by[0] else 'passes'}, {sum(by[1:])} of {len(by) - 1}"
                    )
                    told.append(f"{version.function}: {version.label} ({words} tests refuse)")
                elif version.right and all(by):
                    told.append(f"{version.function}: {version.label} is right, and refused")
                found["seed_alarms"] += version.right and any(by)
    return found, told


def main(arguments: list[str] | None = None) -> dict[str, int]:
    """Try what is asked for, print it, and write build/bench/seeds.json.

    Args:
        arguments: the words of the command line; None for those that this process was started with.

    Returns:
        The figures.
    """
    parser = argparse.ArgumentParser(prog="tools.bench.seeds", description=__doc__.split("\n")[0])
    parser.add_argument("functions", nargs="*", help="all functions where none is named")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args(arguments)
    found, told = disagreements(asked.functions, asked.seeds, asked.workers)
    asked.folder.mkdir(parents=True, exist_ok=True)
    (asked.folder / "seeds.json").write_text(json.dumps(found | {"told": told}, indent=2) + "\n")
    print(*told, found, sep="\n")
    return found


if __name__ == "__main__":
    main()
