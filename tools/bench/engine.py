"""How fast the engine is, and what others take for the same: `make bench-engine`.

    python -m tools.bench.engine

measures in one run, and prints tables and writes build/bench/engine.json:

- one evaluation of cost and gradient, on one pinned processor, in processor time: the engine, the
  notebooks' own function, PyTorch, torch.compile, JAX, and a floor of what no NumPy does without
  (the five matrix products in the best block size, and one exponential for each unit). All take
  turns; each is called once to warm up and once to be timed, and the best of many counts;
- two workers, by the clock: the caller and a thread, or the caller and a process; and, as the most
  that the machine has to give, two processes of which each does a whole evaluation of its own;
- a training on 2.5 GB of patches in a file, and its peak memory;
- the time to the cost that a training by the notebooks' function reaches, and the cost that Adam
  on batches reaches in that time;
- a local cluster of Dask against one machine.

PyTorch and JAX are in the extra `bench`; without them their columns stay empty.
"""

import argparse
import functools
import importlib.metadata
import json
import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from autograder import CLONE
from autograder.demo import white_images
from autograder.exercises.reference import reference
from saelab.engine import Objective, array_blocks, file_blocks, fit, patch_blocks, write_blocks
from saelab.typed import Array
from tools.bench import peers
from tools.bench.peers import BETA, LAMBDA, RHO, Evaluate, Problem

FOLDER = CLONE / "build" / "bench"
# Patch width, hidden units, patches, and how often each is timed.
PROBLEMS = ((8, 25, 10_000, 60), (10, 100, 50_000, 12))
SIZES = (250, 400, 500, 800, 1000, 2000)  # of the blocks in which a floor is tried
IN_FILE = 5_000_000  # patches of 8 x 8
FILE_ITERATIONS = 20
ITERATIONS = 400
RATES, BATCHES = (1e-3, 3e-3, 1e-2, 3e-2), (100, 1000)  # of Adam; the best counts
ROWS: dict[str, Callable[[Problem], Evaluate]] = {
    "engine": peers.engine,
    "engine, float32": functools.partial(peers.engine, dtype=np.float32),
    "NumPy, the notebooks'": peers.notebook,
    "PyTorch": peers.torch_eager,
    "torch.compile": peers.torch_compiled,
    "JAX": peers.jax,
}
NEEDED = {"PyTorch": "torch", "torch.compile": "torch", "JAX": "jax"}


def problem(width: int, hidden_size: int, m: int, seed: int = 0) -> Problem:
    """Patches of the course's photographs, and the parameters at which a training begins."""
    blocks = patch_blocks(white_images(), width, m, seed)
    rng, visible_size = np.random.default_rng(seed), width**2
    theta = reference("02_cost").initialize_parameters(visible_size, hidden_size, rng)
    return Problem(visible_size, hidden_size, np.concatenate(list(blocks), axis=1), theta)


def best(
    calls: Mapping[str, Callable[[], Any]], count: int, now: Callable[[], float]
) -> dict[str, float]:
    """The shortest time of each of several calls that take turns, each after one to warm up."""
    seconds = dict.fromkeys(calls, np.inf)
    for _ in range(count):
        for name, call in calls.items():
            call()
            start = now()
            call()
            seconds[name] = min(seconds[name], now() - start)
    return seconds


def evaluations() -> list[dict[str, Any]]:
    """Seconds of processor time of one evaluation, by row, for each problem."""
    found = []
    for *sizes, count in PROBLEMS:
        tried = problem(*sizes)
        rows = {name: make(tried) for name, make in ROWS.items()
                if name not in NEEDED or peers.there(NEEDED[name])}  # fmt: skip
        cost, grad = rows["NumPy, the notebooks'"](tried.theta)
        for name, evaluate in rows.items():
            other, slope = evaluate(tried.theta)
            limit = 1e-5 if "float32" in name else 1e-12
            wrong = max(abs(other - cost) / cost, _off(slope, grad))
            if not wrong < limit:
                raise ValueError(f"{name} is off by {wrong:.1e} on {tried.name}")
        for size in SIZES:
            rows[f"floor {size}"] = peers.floor(tried, size)
            rows[f"products {size}"] = peers.products(tried, size)
        calls = {name: functools.partial(row, tried.theta) for name, row in rows.items()}
        seconds = best(calls, count, time.process_time)
        for kind in ("floor", "products"):
            seconds[kind] = min(seconds.pop(f"{kind} {size}") for size in SIZES)
        found.append({"name": tried.name, "seconds": seconds})
    return found


def _off(one: Array, other: Array) -> float:
    return float(np.linalg.norm(one - other) / np.linalg.norm(other))


def workers() -> list[dict[str, float]]:
    """How many times as fast two workers are as one, by the clock, for each problem."""
    found = []
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn) as processes, ThreadPoolExecutor(1) as threads:
        for *sizes, count in PROBLEMS:
            tried = problem(*sizes)
            rows = {
                "one": peers.engine(tried),
                "processes": peers.engine(tried, executor=processes, parts=2),
                "threads": peers.engine(tried, executor=threads, parts=2),
            }
            calls = {name: functools.partial(row, tried.theta) for name, row in rows.items()}
            seconds = best(calls, 3 * count, time.perf_counter)
            speedup = {name: seconds["one"] / s for name, s in seconds.items()}
            processes.submit(evaluate_for, 0, sizes).result()  # which makes the problem there
            beside = processes.submit(evaluate_for, 4 * count * seconds["one"], sizes)
            alone = best({"one": calls["one"]}, count, time.perf_counter)["one"]
            speedup["most"] = seconds["one"] / alone + seconds["one"] / beside.result()
            found.append(speedup)
    return found


@functools.cache
def _on_its_own(*sizes: int) -> tuple[Evaluate, Array]:
    tried = problem(*sizes)
    return peers.engine(tried), tried.theta


def evaluate_for(duration: float, sizes: Sequence[int]) -> float:
    """Go on evaluating a problem for a while; returns the seconds of the fastest evaluation."""
    evaluate, theta = _on_its_own(*sizes)
    least, end = np.inf, time.perf_counter() + duration
    while (start := time.perf_counter()) < end:
        evaluate(theta)
        least = min(least, time.perf_counter() - start)
    return float(least)


def in_file() -> dict[str, float]:
    """Write 2.5 GB of patches, and train on them in another process: megabytes and seconds."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        path = Path(folder) / "patches.npy"
        write_blocks(path, patch_blocks(white_images(), 8, IN_FILE))
        size = path.stat().st_size
        return {"file_mb": size / 1e6, **stage("train_on_file", str(path))}


def train_on_file(path: str) -> dict[str, float]:
    """Train on patches in a file, and say what it took."""
    objective = Objective(file_blocks(path), 64, 25, LAMBDA, RHO, BETA)
    rng = np.random.default_rng(0)
    theta0 = reference("02_cost").initialize_parameters(64, 25, rng)
    result = fit(objective, theta0, FILE_ITERATIONS, f"{path}.checkpoint.npz")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes on Linux
    return {
        "peak_mb": peak * 1024 / 1e6,
        "seconds": time.process_time(),
        "iterations": result.nit,
        "evaluations": result.nfev,
        "cost": result.fun,
    }


def trainings() -> dict[str, Any]:
    """Processor time until a training has the cost that the notebooks' function reaches."""
    tried = problem(*PROBLEMS[0][:3])
    reference_cost, now = peers.notebook(tried), time.process_time
    start = now()
    goal = _minimised(reference_cost, tried.theta).fun
    found: dict[str, Any] = {"cost": goal, "numpy_s": now() - start}
    objective = peers.engine(tried)
    objective(tried.theta)  # which compiles
    start = now()
    _minimised(objective, tried.theta, goal)
    found["engine_s"] = now() - start
    if peers.there("torch"):
        for name in ("engine_s", "numpy_s"):
            reached = {
                f"rate {rate:g}, batches of {batch}": objective(
                    peers.adam(tried, found[name], rate, batch, now)
                )[0]
                for rate in RATES
                for batch in BATCHES
            }
            found[f"adam_in_{name}"] = min(reached.values())
            found[f"adam_by_{name}"] = min(reached, key=reached.__getitem__)
    return found


def _minimised(cost: Evaluate, theta0: Array, goal: float = -np.inf) -> Any:
    def callback(intermediate_result: Any) -> None:
        if intermediate_result.fun <= goal:
            raise StopIteration

    options = {"maxiter": ITERATIONS, "maxfun": np.inf}
    return minimize(cost, theta0, jac=True, method="L-BFGS-B", callback=callback, options=options)


def on_dask() -> dict[str, float]:
    """How far a local cluster's cost and gradient are from one machine's, at most."""
    import dask.array
    from distributed import Client, LocalCluster

    from saelab.engine import dask_blocks

    errors = []
    with (
        LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        for *sizes, _ in PROBLEMS:
            tried = problem(*sizes)
            array = dask.array.from_array(tried.data, chunks=(tried.visible_size, 4000))
            parameters = tried.visible_size, tried.hidden_size, LAMBDA, RHO, BETA
            cost, grad = Objective(array_blocks(tried.data), *parameters)(tried.theta)
            far = Objective(dask_blocks(array), *parameters, executor=client)(tried.theta)
            errors += [abs(far[0] - cost) / cost, _off(far[1], grad)]
    return {"max_rel_error": max(errors)}


STAGES: dict[str, Callable[..., Any]] = {
    "evaluations": evaluations,
    "workers": workers,
    "in_file": in_file,
    "train_on_file": train_on_file,
    "trainings": trainings,
    "on_dask": on_dask,
}
PINNED = ("evaluations", "train_on_file", "trainings")


def stage(name: str, *arguments: str) -> Any:
    """What a stage finds, in a process of its own."""
    pinned = ["taskset", "--cpu-list", str(max(os.sched_getaffinity(0)))] if name in PINNED else []
    command = [*pinned, sys.executable, "-m", "tools.bench.engine", "--stage", name, *arguments]
    with tempfile.NamedTemporaryFile("r", suffix=".json") as written:
        subprocess.run([*command, "--to", written.name], check=True, cwd=CLONE)
        return json.load(written)


def summary(found: dict[str, Any]) -> dict[str, Any]:
    """The content of engine.json."""
    problems = []
    for one, two in zip(found["evaluations"], found["workers"]):
        seconds = one["seconds"]
        ours = seconds["engine"]
        over = {
            f"{key}_over_ours": seconds[row] / ours if row in seconds else None
            for key, row in (
                ("numpy", "NumPy, the notebooks'"), ("torch", "PyTorch"),
                ("torch_compile", "torch.compile"), ("jax", "JAX"),
            )
        }  # fmt: skip
        problems.append({
            "name": one["name"],
            "ours_over_floor": ours / seconds["floor"],
            "ours_over_products": ours / seconds["products"],
            **over,
            "two_workers_speedup": max(two["threads"], two["processes"]),
            "two_threads_speedup": two["threads"],
            "two_processes_speedup": two["processes"],
            "two_alone_speedup": two["most"],
            "float32_over_floor": seconds["engine, float32"] / seconds["floor"],
            "float32_over_ours": seconds["engine, float32"] / ours,
            "milliseconds": {row: 1000 * s for row, s in seconds.items()},
        })  # fmt: skip
    packages = ("numpy", "scipy", "numba", "torch", "jax")
    return {
        "problems": problems,
        "memmap_peak_mb": found["in_file"]["peak_mb"],
        "dask_max_rel_error": found["on_dask"]["max_rel_error"],
        "memmap": found["in_file"],
        "training": found["trainings"],
        "machine": _machine(),
        "versions": {name: importlib.metadata.version(name) for name in packages
                     if peers.there(name)},
    }  # fmt: skip


def _machine() -> str:
    """The processor, and whether NumPy's exponential has its own instructions there."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    name = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")
    wide = "with" if any("avx512f" in line.split() for line in lines) else "without"
    return f"{name or platform.machine()}, {wide} AVX-512, Python {platform.python_version()}"


def table(report: dict[str, Any]) -> str:
    """The figures as text for a terminal."""
    first, *_ = report["problems"]
    lines = [report["machine"], "", f"{'processor time of one evaluation':34}"]
    lines[-1] += "".join(f"{p['name']:>28}" for p in report["problems"])
    for row in first["milliseconds"]:
        cells = ""
        for p in report["problems"]:
            ms = p["milliseconds"]
            cells += f"{ms[row]:14.2f} ms {ms[row] / ms['engine']:6.2f} x  "
        lines.append(f"{row:34}{cells}")
    for key, words in (
        ("ours_over_floor", "engine / floor"), ("float32_over_floor", "float32 / floor"),
        ("two_threads_speedup", "two threads are faster by"),
        ("two_processes_speedup", "two processes are faster by"),
        ("two_alone_speedup", "two that share nothing, by"),
    ):  # fmt: skip
        lines.append(f"{words:34}" + "".join(f"{p[key]:24.2f} x  " for p in report["problems"]))
    memmap, training = report["memmap"], report["training"]
    lines += [
        "",
        f"{memmap['file_mb']:.0f} MB of patches, {memmap['iterations']} iterations: peak memory "
        f"{memmap['peak_mb']:.0f} MB, {memmap['seconds']:.0f} s",
        f"to the cost {training['cost']:.4f}: NumPy {training['numpy_s']:.1f} s, engine "
        f"{training['engine_s']:.1f} s",
    ]
    if "adam_in_engine_s" in training:
        lines.append(
            f"Adam in PyTorch: {training['adam_in_engine_s']:.4f} in the engine's time, "
            f"{training['adam_in_numpy_s']:.4f} in NumPy's ({training['adam_by_numpy_s']})"
        )
    lines.append(f"Dask against one machine: off by {report['dask_max_rel_error']:.0e} at most")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure all, print the tables, and write engine.json."""
    parser = argparse.ArgumentParser(prog="tools.bench.engine", description=__doc__.split("\n")[0])
    parser.add_argument("--stage", nargs="+", metavar=("NAME", "ARGUMENT"), help="this one alone")
    parser.add_argument("--to", type=Path, help="where the stage's figures go")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where engine.json goes")
    asked = parser.parse_args(arguments)
    if asked.stage:
        name, *rest = asked.stage
        written = json.dumps(STAGES[name](*rest), indent=2)
        asked.to.write_text(written) if asked.to else print(written)
        return 0
    missing = [name for name in NEEDED if not peers.there(NEEDED[name])]
    if missing:
        print(f"not installed: {', '.join(missing)}; pip install -e '.[bench]'", file=sys.stderr)
    asked.folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for name in ("evaluations", "workers", "in_file", "trainings", "on_dask"):
        print(f"{name} ...", file=sys.stderr, flush=True)
        found[name] = stage(name)
    report = summary(found)
    (asked.folder / "engine.json").write_text(json.dumps(report, indent=2) + "\n")
    print(table(report))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
